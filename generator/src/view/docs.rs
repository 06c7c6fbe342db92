//! Documentation: Markdown from anywhere becomes rustdoc that neither breaks the build nor runs.
//!
//! Control and bidirectional characters go, HTML and brackets are escaped, bare links become links, code blocks are text:
//! a foreign example must never be compiled as a test.

use std::collections::HashMap;

use crate::ir::{Constraint, Doc, Example};

/// The lines of a doc comment.
pub(super) fn lines(text: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut fence: Option<String> = None;
    for line in clean(text).lines() {
        let trimmed = line.trim_end();
        let content = trimmed.trim_start();
        if let Some(open) = &fence {
            if content.starts_with(open.as_str()) && content.trim_start_matches(['`', '~']).trim().is_empty() {
                lines.push(std::mem::take(&mut fence).unwrap_or_default());
            } else {
                lines.push(trimmed.to_owned());
            }
        } else if let Some(open) = fence_of(content) {
            lines.push(format!("{open}text"));
            fence = Some(open);
        } else {
            lines.push(prose(trimmed));
        }
    }
    lines.extend(fence);
    let first = lines.iter().position(|line| !line.is_empty()).unwrap_or(lines.len());
    let last = lines.iter().rposition(|line| !line.is_empty()).map_or(first, |last| last + 1);
    lines.get(first..last).map(<[String]>::to_vec).unwrap_or_default()
}

/// The text without what is unwelcome, its lines ended as ours are.
fn clean(text: &str) -> String {
    // Whatever somebody's editor took for the end of a line.
    let text = text.replace("\r\n", "\n").replace(['\r', '\u{85}', '\u{2028}', '\u{2029}'], "\n");
    let welcome = |character: &char| *character == '\n' || !is_unwelcome(*character);
    text.chars().filter(welcome).collect::<String>().replace('\t', "    ")
}

/// The marks that open a block of code.
fn fence_of(content: &str) -> Option<String> {
    ['`', '~'].into_iter().find_map(|mark| {
        let marks: String = content.chars().take_while(|character| *character == mark).collect();
        (marks.len() >= 3).then_some(marks)
    })
}

/// What rustc rejects (a lone CR, characters that turn the direction of text) or nobody can see.
pub(super) fn is_unwelcome(character: char) -> bool {
    (character.is_control() && character != '\t')
        || matches!(character, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

/// A line outside of a block of code.
fn prose(line: &str) -> String {
    // Four spaces make a block of code, which rustdoc would compile.
    let indentation = line.len() - line.trim_start().len();
    let mut out = " ".repeat(if indentation >= 4 { 2 } else { indentation });
    let mut rest = line.trim_start();
    let last = last_runs(rest);
    while let Some(next) = rest.chars().next() {
        if next == '\\'
            && let Some(escaped) = rest.chars().nth(1).filter(char::is_ascii_punctuation)
        {
            // Whatever it would begin, it begins nothing.
            out.extend([next, escaped]);
            rest = rest.get(2..).unwrap_or_default();
            continue;
        }
        if next == '`' {
            let marks = rest.len() - rest.trim_start_matches('`').len();
            let (ticks, behind) = rest.split_at_checked(marks).unwrap_or((rest, ""));
            // Not looked for where there is none: a line may hold thousands of runs, each of another length.
            let is_closed = last.get(&marks).is_some_and(|left| *left < rest.len());
            if let Some(end) = is_closed.then(|| closing(behind, marks)).flatten() {
                let (code, after) = behind.split_at_checked(end + marks).unwrap_or((behind, ""));
                out.push_str(ticks);
                out.push_str(code);
                rest = after;
            } else {
                ticks.chars().for_each(|_| out.push_str("\\`"));
                rest = behind;
            }
            continue;
        }
        if let Some(length) = link(rest) {
            let (url, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
            out.push('<');
            out.push_str(url);
            out.push('>');
            rest = after;
            continue;
        }
        // Behind the mark of a list, five blanks and more make a block of code too.
        let blanks = rest.len() - rest.trim_start_matches(' ').len();
        if blanks > 4 {
            out.push(' ');
            rest = rest.get(blanks..).unwrap_or_default();
            continue;
        }
        // On a line of ours three tildes may come to stand where they begin a block of code.
        if matches!(next, '[' | ']' | '<' | '>') || rest.starts_with("~~~") {
            out.push('\\');
        }
        out.push(next);
        rest = rest.get(next.len_utf8()..).unwrap_or_default();
    }
    out
}

/// For each length of a run of backticks, how much of the line is left where the last one begins.
fn last_runs(line: &str) -> HashMap<usize, usize> {
    let mut last = HashMap::new();
    let mut rest = line;
    while let Some(found) = rest.find('`') {
        rest = rest.get(found..).unwrap_or_default();
        let behind = rest.trim_start_matches('`');
        last.insert(rest.len() - behind.len(), rest.len());
        rest = behind;
    }
    last
}

/// Where the run of exactly `marks` backticks begins that closes a span of code.
fn closing(text: &str, marks: usize) -> Option<usize> {
    let mut at = 0;
    while let Some(found) = text.get(at..)?.find('`') {
        let start = at + found;
        let run = text.get(start..)?.chars().take_while(|character| *character == '`').count();
        if run == marks {
            return Some(start);
        }
        at = start + run;
    }
    None
}

/// The length of the web address that `text` begins with.
fn link(text: &str) -> Option<usize> {
    if !text.starts_with("https://") && !text.starts_with("http://") {
        return None;
    }
    let end = text
        .find(|character: char| character.is_whitespace() || "<>[]()`\"'{}|\\^".contains(character))
        .unwrap_or(text.len());
    let url = text.get(..end)?.trim_end_matches(['.', ',', ';', ':', '!', '?', '*', '_']);
    (url.len() > "https://".len()).then_some(url.len())
}

/// Paragraphs, one behind the other, an empty line between.
#[derive(Debug, Default)]
pub(crate) struct Docs {
    lines: Vec<String>,
}

impl Docs {
    /// Text of the document.
    pub fn foreign(self, text: Option<&str>) -> Self {
        match text {
            Some(text) => self.paragraph(lines(text)),
            None => self,
        }
    }

    /// The first paragraph of a text of the document.
    pub fn foreign_line(self, text: Option<&str>) -> Self {
        let line = text.map(first_paragraph).unwrap_or_default();
        self.paragraph(if line.is_empty() { Vec::new() } else { vec![line] })
    }

    /// Text of ours, Markdown as it is meant.
    pub fn own(self, text: impl Into<String>) -> Self {
        let text = text.into();
        self.paragraph(if text.is_empty() { Vec::new() } else { vec![text] })
    }

    /// A list of words on something, each behind a name of ours.
    pub fn listed(self, items: Vec<(String, Self)>) -> Self {
        let mut lines = Vec::new();
        for (name, words) in items {
            let mut words = words.lines.into_iter().peekable();
            if words.peek().is_none() {
                lines.push(format!("* {name}"));
                continue;
            }
            match words.next_if(|first| fence_of(first).is_none()) {
                Some(first) => lines.push(format!("* {name}: {}", first.trim_start())),
                // Behind other words no block of code would begin, and its end would begin one.
                None => lines.extend([format!("* {name}:"), String::new()]),
            }
            lines.extend(words.map(|line| if line.is_empty() { line } else { format!("  {line}") }));
        }
        self.paragraph(lines)
    }

    /// Words of the document behind some of ours: on their line where there is one line of them.
    pub fn said(self, ours: &str, words: Option<&str>) -> Self {
        let words = lines(words.unwrap_or_default());
        match words.as_slice() {
            [] => self.own(format!("{ours}.")),
            [only] => self.own(format!("{ours}: {}", only.trim_start())),
            _ => self.own(format!("{ours}:")).paragraph(words),
        }
    }

    /// Whether nothing has been said.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// A list of lines of ours.
    pub fn items(self, items: impl Iterator<Item = String>) -> Self {
        self.paragraph(items.map(|item| format!("* {item}")).collect())
    }

    fn paragraph(mut self, lines: Vec<String>) -> Self {
        if lines.is_empty() {
            return self;
        }
        if !self.lines.is_empty() {
            self.lines.push(String::new());
        }
        self.lines.extend(lines);
        self
    }

    /// The words of a schema, member or parameter, then its constraints and what the server assumes.
    pub fn of(self, doc: &Doc) -> Self {
        let title = doc.title.as_deref().filter(|title| doc.description.as_deref() != Some(title));
        self.foreign(title).foreign(doc.description.as_deref()).asked(doc, "")
    }

    /// What is asked of a value, and what of what is in it; `whose` follows the word for constraints.
    pub fn asked(self, doc: &Doc, whose: &str) -> Self {
        let mut docs = self;
        if !doc.constraints.is_empty() {
            docs = docs.own(format!("Constraints{whose}: {}.", constraints(doc)));
        }
        if !doc.alternatives.is_empty() {
            docs = docs.own(format!("Alternatives{whose}:"));
            docs = docs.alternatives(&doc.alternatives);
        }
        if let Some(default) = &doc.default {
            docs = docs.own(format!("Default{whose}: {}; assumed by the server, never sent by itself.", code(default)));
        }
        docs = docs.examples(&doc.examples, whose);
        let inner = [("element", &doc.items), ("value", &doc.values)];
        let inner = inner.into_iter().filter_map(|(what, doc)| Some((what, doc.as_deref()?)));
        inner.fold(docs, |docs, (what, doc)| docs.each(what, doc, whose))
    }

    /// The values that the document shows, as far as they are short.
    pub fn examples(self, examples: &[Example], whose: &str) -> Self {
        let shown = |example: &Example| {
            let words = example.words.as_deref().map(escaped).filter(|words| !words.is_empty());
            match words {
                Some(words) => format!("{}: {words}", code(&example.value)),
                None => code(&example.value),
            }
        };
        let shown: Vec<String> = examples.iter().filter(|example| example.value.len() <= 120).map(shown).collect();
        match shown.as_slice() {
            [] => self,
            [only] => self.own(format!("Example{whose}: {only}")),
            _ => self.own(format!("Examples{whose}:")).items(shown.into_iter()),
        }
    }

    /// What each of several things is, and what is asked of it.
    pub fn each(self, what: &str, doc: &Doc, whose: &str) -> Self {
        let title = doc.title.as_deref().filter(|title| doc.description.as_deref() != Some(title));
        let words: Vec<&str> = title.into_iter().chain(doc.description.as_deref()).collect();
        let said = words.iter().any(|words| !words.trim().is_empty());
        let docs = if said { self.said(&format!("Each {what}{whose}"), Some(&words.join("\n\n"))) } else { self };
        docs.asked(doc, &format!(" of each {what}{whose}"))
    }

    /// A list of what each of several alternatives of one type is.
    fn alternatives(self, alternatives: &[Doc]) -> Self {
        let words = |doc: &Doc| {
            let words = [&doc.title, &doc.description].into_iter().flatten().map(|text| escaped(text));
            let words: Vec<String> = words.filter(|words| !words.is_empty()).collect();
            let asked = constraints(doc);
            match (words.is_empty(), asked.is_empty()) {
                (true, true) => "any other".to_owned(),
                (true, false) => asked,
                (false, true) => words.join(": "),
                (false, false) => format!("{} ({asked})", words.join(": ")),
            }
        };
        self.items(alternatives.iter().map(words))
    }

    /// The lines, or one that says at least what this is.
    pub fn or(self, otherwise: impl FnOnce() -> String) -> Vec<String> {
        if self.lines.is_empty() { vec![otherwise()] } else { self.lines }
    }
}

fn constraints(doc: &Doc) -> String {
    doc.constraints.iter().map(constraint).collect::<Vec<_>>().join(", ")
}

fn constraint(constraint: &Constraint) -> String {
    match constraint {
        Constraint::Format(format) => format!("format {}", code(format)),
        Constraint::Pattern(pattern) => format!("pattern {}", code(pattern)),
        Constraint::OneOf(values) => {
            let values: Vec<String> = values.iter().map(|value| code(value)).collect();
            format!("one of {}", values.join(", "))
        }
        // A long schema says less to a reader than that there is one.
        Constraint::Not(schema) if schema.len() <= 120 => format!("not {}", code(schema)),
        Constraint::Not(_) => "not what another schema describes".to_owned(),
        Constraint::Members { exactly_one, choices } => {
            let choices: Vec<String> = choices
                .iter()
                .map(|names| names.iter().map(|name| code(name)).collect::<Vec<_>>().join(" with "))
                .collect();
            let how_many = if *exactly_one { "exactly" } else { "at least" };
            format!("{how_many} one of {} has to be there", choices.join(", "))
        }
        Constraint::Words(words) => words.clone(),
    }
}

/// One line of foreign text for a line of ours.
pub(super) fn escaped(text: &str) -> String {
    prose(&joined(clean(text).lines()))
}

/// A span of code that holds `text` as it is; characters that nobody can see are spelt as Rust does, and so is no text at all.
pub(super) fn code(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        if is_unwelcome(character) || matches!(character, '\t' | '\u{2028}' | '\u{2029}') {
            shown.extend(character.escape_default());
        } else {
            shown.push(character);
        }
    }
    let text = if shown.is_empty() { "\"\"".to_owned() } else { shown };
    let longest = text.split(|character| character != '`').map(str::len).max().unwrap_or(0);
    let ticks = "`".repeat(longest + 1);
    let space = if text.starts_with('`') || text.ends_with('`') || text.trim().is_empty() { " " } else { "" };
    format!("{ticks}{space}{text}{space}{ticks}")
}

/// The first paragraph of a text on one line; nothing where it begins with a block of code.
pub(super) fn first_paragraph(text: &str) -> String {
    let text = clean(text);
    let lines = text.lines().map(str::trim).skip_while(|line| line.is_empty());
    prose(&joined(lines.take_while(|line| !line.is_empty() && fence_of(line).is_none())))
}

/// Lines as one. What began at the beginning of a line, such as a block of code, begins nothing there.
fn joined<'a>(lines: impl Iterator<Item = &'a str>) -> String {
    lines.map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_brackets_and_bare_links_are_made_safe() {
        assert_eq!(
            lines("see [Foo] <b>x</b> at https://example.com/a, `[kept]`"),
            [r"see \[Foo\] \<b\>x\</b\> at <https://example.com/a>, `[kept]`"]
        );
    }

    #[test]
    fn code_is_never_a_test() {
        assert_eq!(lines("a\n```rust\npanic!()\n```\nb"), ["a", "```text", "panic!()", "```", "b"]);
        assert_eq!(lines("a\n\n    panic!()"), ["a", "", "  panic!()"]);
        assert_eq!(lines("```\nopen"), ["```text", "open", "```"]);
        assert_eq!(lines("*      panic!()\n1.\t\tpanic!()"), ["* panic!()", "1. panic!()"]);
    }

    #[test]
    fn a_block_of_code_begins_a_line_of_its_own() {
        let docs = Docs::default().foreign(Some("```\npanic!()\n```\nx"));
        let listed = Docs::default()
            .listed(vec![("a".to_owned(), docs), ("b".to_owned(), Docs::default().foreign(Some("y\nz")))]);
        let expected = ["* a:", "", "  ```text", "  panic!()", "  ```", "  x", "* b: y", "  z"];
        assert_eq!(listed.or(String::new), expected);
    }

    #[test]
    fn what_was_several_lines_is_prose_on_one() {
        assert_eq!(escaped("a\n```\n<b>\n`\n```\n"), "a ``` <b> ` ```");
        assert_eq!(escaped("~~~\n<b>\n~~~"), r"\~~~ \<b\> \~~~");
        assert_eq!(first_paragraph("\n`a\nb` <c>\n~~~\n<b>\n~~~"), r"`a b` \<c\>");
        assert_eq!(first_paragraph("~~~\n<b>"), "");
    }

    #[test]
    fn what_rustc_rejects_is_gone() {
        assert_eq!(lines("a\rb\u{202E}c\u{0}"), ["a", "bc"]);
        assert_eq!(code("a\r\u{202E}"), r"`a\r\u{202e}`");
        assert_eq!(code(""), "`\"\"`");
    }

    #[test]
    fn a_lone_backtick_is_escaped() {
        assert_eq!(lines("it`s [x]"), [r"it\`s \[x\]"]);
        assert_eq!(code("a`b"), "``a`b``");
    }

    #[test]
    fn what_is_escaped_begins_nothing() {
        assert_eq!(lines(r"\`<b>x</b>`"), [r"\`\<b\>x\</b\>\`"]);
        assert_eq!(lines(r"\\`<b>`"), [r"\\`<b>`"]);
        assert_eq!(lines(r"\<b> \[a](b) \a \"), [r"\<b\> \[a\](b) \a \"]);
    }

    #[test]
    fn runs_of_backticks_of_every_length_take_a_moment() {
        let text: String = (1..3000).map(|length| "`".repeat(length) + "a").collect();
        let start = std::time::Instant::now();
        assert_eq!(lines(&text).concat().len(), text.len() + 3000 * 2999 / 2);
        assert!(start.elapsed() < std::time::Duration::from_secs(10), "{:?}", start.elapsed());
    }

    #[test]
    fn blank_lines_around_go() {
        assert_eq!(lines("\n\n a \n\n"), [" a"]);
        assert!(lines("\n \n").is_empty());
    }
}
