//! Renders diagnostics as text for a terminal, with excerpts of the sources.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use annotate_snippets::{Annotation, AnnotationKind, Level, Renderer, Snippet};

use super::place::{Lines, Window};
use super::visible::visible;
use super::{Diagnostic, Diagnostics, Severity};
use crate::source::{SourceId, Sources};

/// The style of rendered diagnostics.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// Whether to colour the text.
    pub color: bool,
    /// The maximum number of diagnostics to show. Errors take precedence over warnings, and warnings over notes.
    pub limit: usize,
    /// The maximum number of warnings and of notes with the same code. At least 20 errors with the same code are shown.
    pub per_code: usize,
}

impl Style {
    /// The minimum number of errors of a code that are shown: each of them has to be fixed, so repeated errors are less
    /// of a nuisance than repeated warnings.
    const MIN_ERRORS: usize = 20;

    /// Returns the style with all diagnostics.
    #[must_use]
    pub fn all(self) -> Self {
        Self { limit: usize::MAX, per_code: usize::MAX, ..self }
    }
}

impl Default for Style {
    fn default() -> Self {
        Self { color: false, limit: 100, per_code: 3 }
    }
}

impl Diagnostics {
    /// Returns a value that formats all diagnostics as text, with excerpts of the sources, without colours.
    pub fn display<'a>(&'a self, sources: &'a Sources) -> impl fmt::Display + 'a {
        Displayed { diagnostics: self, sources }
    }
}

/// Formats a line for each diagnostic, without its location: `error[ref-not-found]: …`. The sources are needed for locations
/// and excerpts, see [`Diagnostics::display`].
impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, one) in self.sorted().into_iter().enumerate() {
            let line_break = if index == 0 { "" } else { "\n" };
            write!(f, "{line_break}{}[{}]: {}", one.severity.as_str(), one.code, visible(&one.message))?;
        }
        Ok(())
    }
}

impl std::error::Error for Diagnostics {}

/// The result of [`Diagnostics::display`].
struct Displayed<'a> {
    diagnostics: &'a Diagnostics,
    sources: &'a Sources,
}

impl fmt::Display for Displayed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(render(self.diagnostics, self.sources, &Style::default().all()).trim_end())
    }
}

/// Renders diagnostics, sorted by location and separated by empty lines. Then renders a line for each group of
/// diagnostics that the style hides. Returns an empty string if there are no diagnostics; otherwise, the text ends with
/// a line break.
pub fn render(diagnostics: &Diagnostics, sources: &Sources, style: &Style) -> String {
    let renderer = if style.color { Renderer::styled().hyperlink(false) } else { Renderer::plain() };
    let mut lines = BTreeMap::new();
    let (shown, hidden) = choose(diagnostics, style);
    let mut out = String::new();
    for diagnostic in shown {
        if !out.is_empty() {
            out.push('\n');
        }
        render_one(diagnostic, sources, &mut lines, &renderer, &mut out);
    }
    if !hidden.is_empty() {
        out.push('\n');
        for line in hidden {
            out.push_str(&line);
            out.push('\n');
        }
        out.push_str("help: `--all` lists all diagnostics\n");
    }
    out
}

/// Selects the diagnostics to show, sorted by location. Also returns a line for each group of the other diagnostics.
fn choose<'d>(diagnostics: &'d Diagnostics, style: &Style) -> (Vec<&'d Diagnostic>, Vec<String>) {
    let mut seen: BTreeMap<(Severity, &str), usize> = BTreeMap::new();
    let mut ranked: Vec<_> = diagnostics.sorted().into_iter().enumerate().collect();
    ranked.retain(|(_, one)| {
        let seen = seen.entry((one.severity, one.code.as_str())).or_default();
        *seen += 1;
        *seen <= per_code(one.severity, style)
    });
    let mut hidden = Vec::new();
    let mut accounted: BTreeMap<Severity, usize> = BTreeMap::new();
    for ((severity, code), seen) in seen {
        let more = seen.saturating_sub(per_code(severity, style));
        *accounted.entry(severity).or_default() += more;
        if more > 0 {
            hidden.push(format!("… and {} with the code `{code}`", counted(more, severity, "more ")));
        }
    }
    ranked.sort_by_key(|(_, diagnostic)| diagnostic.severity);
    ranked.truncate(style.limit);
    ranked.sort_by_key(|(place, _)| *place);
    let shown: Vec<_> = ranked.into_iter().map(|(_, diagnostic)| diagnostic).collect();
    for one in &shown {
        *accounted.entry(one.severity).or_default() += 1;
    }
    let rest: Vec<_> = [Severity::Error, Severity::Warning, Severity::Note]
        .into_iter()
        .map(|severity| {
            let accounted = accounted.get(&severity).copied().unwrap_or_default();
            (diagnostics.count(severity).saturating_sub(accounted), severity)
        })
        .filter(|(count, _)| *count > 0)
        .map(|(count, severity)| counted(count, severity, ""))
        .collect();
    if !rest.is_empty() {
        hidden.push(format!("… and {} more", rest.join(", ")));
    }
    (shown, hidden)
}

/// Returns the maximum number of diagnostics to show for each code.
fn per_code(severity: Severity, style: &Style) -> usize {
    if severity == Severity::Error { style.per_code.max(Style::MIN_ERRORS) } else { style.per_code }
}

/// Returns a count such as `2 errors` or `1 more note`.
fn counted(count: usize, severity: Severity, more: &str) -> String {
    format!("{count} {more}{}{}", severity.as_str(), if count == 1 { "" } else { "s" })
}

/// A source line with its annotations.
struct Shown<'a> {
    source: SourceId,
    path: Cow<'a, str>,
    window: Window,
    annotations: Vec<Annotation<'a>>,
}

/// Appends the text of one diagnostic to `out`.
fn render_one<'a>(
    diagnostic: &Diagnostic,
    sources: &'a Sources,
    lines: &mut BTreeMap<SourceId, Lines<'a>>,
    renderer: &Renderer,
    out: &mut String,
) {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let primary = diagnostic.span.map(|span| (span, diagnostic.label.as_str(), AnnotationKind::Primary));
    let related = diagnostic.related.iter().map(|(span, label)| (*span, label.as_str(), AnnotationKind::Context));
    let mut places: Vec<Shown<'_>> = Vec::new();
    for (span, label, kind) in primary.into_iter().chain(related) {
        let lines = lines.entry(span.source).or_insert_with(|| Lines::new(sources.bytes(span.source)));
        let window = lines.window(span);
        let annotation = kind.span(window.range.clone());
        let annotation = if label.is_empty() { annotation } else { annotation.label(visible(label)) };
        let position = window.position;
        match places.first_mut() {
            // If the line also contains the first location of the diagnostic, show the line only once, with both
            // annotations.
            Some(first)
                if first.source == span.source
                    && first.window.position.line == position.line
                    && first.window.text == window.text =>
            {
                first.annotations.push(annotation);
            }
            _ => places.push(Shown {
                source: span.source,
                path: visible(sources.path(span.source)),
                window,
                annotations: vec![annotation],
            }),
        }
    }

    let title = level.primary_title(visible(&diagnostic.message)).id(diagnostic.code.as_str());
    let snippets = places.iter().map(|place| {
        Snippet::source(&place.window.text)
            .line_start(place.window.position.line)
            .path(place.path.as_ref())
            .annotations(place.annotations.iter().cloned())
    });
    let mut text = renderer.render(&[title.elements(snippets)]);
    for Shown { path, window, .. } in &places {
        // The renderer counts columns from the start of the excerpt. Replace them with columns in the source line.
        let shown = window.text.get(..window.range.start).map_or(0, |before| before.chars().count()) + 1;
        let line = window.position.line;
        let wrong = format!("{path}:{line}:{shown}\n");
        text = text.replacen(&wrong, &format!("{path}:{line}:{}\n", window.position.column), 1);
    }
    out.push_str(&text);
    out.push('\n');
    if let Some(help) = &diagnostic.help {
        let line = places.iter().map(|place| place.window.position.line).max().unwrap_or(0);
        let indent = " ".repeat(if line == 0 { 1 } else { line.to_string().len() + 1 });
        let continued = format!("\n{indent}        ");
        out.push_str(&format!("{indent}= help: {}\n", visible(help).trim_end().replace('\n', &continued)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::Code;
    use crate::source::Span;

    const TEXT: &str = "schemas:\n  A:\n    $ref: '#/components/schemas/Certifcate'\n";

    fn sample() -> (Diagnostics, Sources) {
        let mut sources = Sources::new();
        let source = sources.add("specs/a.yaml", TEXT);
        let start = TEXT.find("'#").unwrap();
        let mut diagnostics = Diagnostics::new();
        diagnostics.push(
            Diagnostic::error(
                Code::RefNotFound,
                Span { source, start, end: start + 33 },
                "`#/components/schemas/Certifcate` does not exist",
            )
            .label("no such schema")
            .help("did you mean `#/components/schemas/Certificate`?"),
        );
        diagnostics.push(Diagnostic::warning(Code::Missing, Span { source, start: 0, end: 7 }, "first"));
        diagnostics.push(Diagnostic::new(Severity::Note, Code::Config, None, "without a location"));
        (diagnostics, sources)
    }

    #[test]
    fn lines_without_sources_have_no_locations() {
        let (diagnostics, _) = sample();
        let expected = "note[config]: without a location\nwarning[missing]: first\n\
                        error[ref-not-found]: `#/components/schemas/Certifcate` does not exist";
        assert_eq!(diagnostics.to_string(), expected);
        assert_eq!(Diagnostics::new().to_string(), "");
    }

    #[test]
    fn diagnostics_are_sorted_by_location() {
        let (diagnostics, sources) = sample();
        let expected = "\
note[config]: without a location

warning[missing]: first
 --> specs/a.yaml:1:1
  |
1 | schemas:
  | ^^^^^^^

error[ref-not-found]: `#/components/schemas/Certifcate` does not exist
 --> specs/a.yaml:3:11
  |
3 |     $ref: '#/components/schemas/Certifcate'
  |           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ no such schema
  = help: did you mean `#/components/schemas/Certificate`?
";
        assert_eq!(render(&diagnostics, &sources, &Style::default()), expected);
    }

    #[test]
    fn errors_are_shown_first_within_limit() {
        let (diagnostics, sources) = sample();
        let text = render(&diagnostics, &sources, &Style { limit: 1, ..Style::default() });
        assert!(text.starts_with("error[ref-not-found]"), "{text}");
        assert!(text.ends_with("\n\n… and 1 warning, 1 note more\nhelp: `--all` lists all diagnostics\n"), "{text}");
    }

    #[test]
    fn repeated_codes_are_counted() {
        let (mut diagnostics, sources) = sample();
        let span = |start| Span { source: SourceId(0), start, end: start + 1 };
        for start in 0..7 {
            diagnostics.push(Diagnostic::note(Code::Unsupported, span(start), "again"));
            diagnostics.push(Diagnostic::warning(Code::Missing, span(start), "again"));
        }
        for start in 0..21 {
            diagnostics.push(Diagnostic::error(Code::Missing, span(start), "wrong"));
        }
        let text = render(&diagnostics, &sources, &Style::default());
        let count = |start: &str| text.matches(start).count();
        assert_eq!((count("note[unsupported]"), count("warning[missing]"), count("error[missing]")), (3, 3, 20));
        let end = "\n\n… and 1 more error with the code `missing`\n… and 5 more warnings with the code `missing`\n\
                   … and 4 more notes with the code `unsupported`\nhelp: `--all` lists all diagnostics\n";
        assert!(text.ends_with(end), "{text}");
        let all = render(&diagnostics, &sources, &Style::default().all());
        assert_eq!(all.matches(": again\n").count() + all.matches(": wrong\n").count(), 35, "{all}");
        assert!(!all.contains('…'), "{all}");
    }

    #[test]
    fn color_style_adds_escape_sequences() {
        let (diagnostics, sources) = sample();
        let text = render(&diagnostics, &sources, &Style { color: true, ..Style::default() });
        assert!(text.contains("\u{1b}[") && text.contains("specs/a.yaml:3:11"));
    }

    #[test]
    fn invalid_spans_are_rendered() {
        let (_, sources) = sample();
        for source in [SourceId(0), SourceId(9)] {
            for (start, end) in [(1000, 2000), (usize::MAX, usize::MAX), (3, 1), (0, usize::MAX)] {
                let mut diagnostics = Diagnostics::new();
                diagnostics.push(Diagnostic::error(Code::Syntax, Span { source, start, end }, "strange"));
                assert!(render(&diagnostics, &sources, &Style::default()).contains("strange"));
            }
        }
    }
}
