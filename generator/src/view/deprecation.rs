//! The attribute `#[deprecated]`, with a note from the description in the document.

use crate::ir::Doc;

use super::docs::Docs;
use super::markdown::escaped;
use super::types::literal;

/// The maximum length of a note in bytes. A longer sentence is not a note, but a description.
const MAX_LENGTH: usize = 300;

/// Returns the attribute of a schema, property, parameter or header. `None` if it is not deprecated.
pub(super) fn of(doc: &Doc) -> Option<String> {
    attribute(doc.deprecated, doc.description.as_deref())
}

/// Returns the attribute, with the sentence of the description that is about the deprecation, if any.
pub(super) fn attribute(deprecated: bool, description: Option<&str>) -> Option<String> {
    deprecated.then(|| match description.and_then(note) {
        Some(note) => format!("#[deprecated(note = {})]", literal(&note)),
        None => "#[deprecated]".to_owned(),
    })
}

/// Adds a note to the documentation of a required value if it is deprecated. `#[deprecated]` cannot be applied to
/// arguments, and a deprecated field of a struct of required values would be a warning for every caller.
pub(super) fn marked(docs: Docs, is_deprecated: bool) -> Docs {
    if is_deprecated { docs.text("Deprecated.") } else { docs }
}

/// Returns the first sentence with a word such as "deprecated", as safe Markdown because rustdoc shows the note. Adds
/// the next sentence of the paragraph if it names a replacement ("Use …"), or if the first one is only this word.
fn note(description: &str) -> Option<String> {
    let lines: Vec<&str> = description.lines().map(str::trim).collect();
    let paragraphs = lines.split(|line| line.is_empty()).map(|lines| lines.join("\n"));
    let mut notes = paragraphs.filter_map(|paragraph| {
        let paragraph = escaped(paragraph.trim_start_matches(['#', '>', ' '])).replace("**", "");
        let mut sentences = sentences(&paragraph);
        let sentence = sentences.find(|sentence| sentence.to_ascii_lowercase().contains("deprecat"))?;
        let is_only_word = !sentence.contains(' ');
        match sentences.next().filter(|next| is_only_word || next.starts_with("Use ")) {
            Some(next) => Some(format!("{sentence} {next}")),
            None => (!is_only_word).then(|| sentence.to_owned()),
        }
    });
    notes.next().filter(|note| note.len() <= MAX_LENGTH)
}

/// Returns the sentences of a line. Neither a code span nor an abbreviation ends a sentence.
fn sentences(line: &str) -> impl Iterator<Item = &str> {
    let ends = line.match_indices(". ").map(|(at, _)| at).filter(|&at| {
        let before = line.get(..at).unwrap_or_default();
        before.matches('`').count().is_multiple_of(2) && !before.ends_with("e.g") && !before.ends_with("i.e")
    });
    let ends: Vec<usize> = ends.map(|at| at + 1).chain([line.len()]).collect();
    ends.into_iter().scan(0, |start, end| {
        let sentence = line.get(*start..end).unwrap_or_default();
        *start = end;
        Some(sentence.trim())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn note_is_sentence_about_deprecation() {
        for (description, expected) in [
            (
                "The name. This field is deprecated, use `title` instead. It is text.",
                Some("This field is deprecated, use `title` instead."),
            ),
            ("**Deprecated.** Use\n`title`. It is text.", Some("Deprecated. Use `title`.")),
            ("# DEPRECATED: gone in 2027\r\n\r\nThe name.", Some("DEPRECATED: gone in 2027")),
            ("Deprecated in favor of e.g. `a. b`. The name.", Some("Deprecated in favor of e.g. `a. b`.")),
            ("Deprecated since v2. Use `__typename`.", Some("Deprecated since v2. Use `__typename`.")),
            ("<b>Deprecated</b>, see [newId].", Some(r"Deprecated, see \[newId\].")),
            ("Deprecated\n\nThe name.", None),
            ("The old name.", None),
            ("", None),
        ] {
            assert_eq!(note(description).as_deref(), expected, "{description}");
        }
        assert_eq!(note(&format!("Deprecated {}", "a ".repeat(200))), None);
        let text = "Deprecated: old \u{202e}\"name\"";
        assert_eq!(attribute(true, Some(text)).unwrap(), r#"#[deprecated(note = "Deprecated: old \"name\"")]"#);
        assert_eq!(attribute(true, None).unwrap(), "#[deprecated]");
        assert_eq!(attribute(false, Some("Deprecated: old.")), None);
    }
}
