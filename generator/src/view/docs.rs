//! Documentation: the words of a document and what it asks of values, a paragraph each, and a few words of ours.

use crate::ir::{Constraint, Doc, Example};

use super::markdown::{code, escaped, fence_of, first_paragraph, lines};

/// The derives of Rust's prelude: what is called like one has to be told from it in links.
const DERIVES: [&str; 9] = ["Clone", "Copy", "Debug", "Default", "Eq", "Hash", "Ord", "PartialEq", "PartialOrd"];

/// A link to an operation's type from where it stands.
pub(super) fn linked(ty: &str) -> String {
    if DERIVES.contains(&ty) { format!("[`{ty}`](struct@{ty})") } else { format!("[`{ty}`]") }
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
        inner.fold(docs, |docs, (what, doc)| {
            docs.of_some(&format!("Each {what}{whose}"), &format!(" of each {what}{whose}"), doc)
        })
    }

    /// What something else is, which is named, and what is asked of it.
    pub fn of_some(self, what: &str, whose: &str, doc: &Doc) -> Self {
        let title = doc.title.as_deref().filter(|title| doc.description.as_deref() != Some(title));
        let words: Vec<&str> = title.into_iter().chain(doc.description.as_deref()).collect();
        let said = words.iter().any(|words| !words.trim().is_empty());
        let docs = if said { self.said(what, Some(&words.join("\n\n"))) } else { self };
        docs.asked(doc, whose)
    }

    /// The same of the body of an answer.
    pub fn of_body(self, doc: &Doc) -> Self {
        self.of_some("The body", " of the body", doc)
    }

    /// The values that the document shows, as far as they are short.
    fn examples(self, examples: &[Example], whose: &str) -> Self {
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
        Constraint::Properties { exactly_one, choices } => {
            let choices: Vec<String> = choices
                .iter()
                .map(|names| names.iter().map(|name| code(name)).collect::<Vec<_>>().join(" with "))
                .collect();
            let how_many = if *exactly_one { "exactly" } else { "at least" };
            format!("{how_many} one of {} has to be there", choices.join(", "))
        }
        Constraint::Xml { prefix, name, namespace, attribute, wrapped } => {
            let mut words = if *attribute { "in XML an attribute" } else { "in XML an element" }.to_owned();
            let named = [(" called", name), (" with the prefix", prefix), (" of the namespace", namespace)];
            for (what, text) in named {
                words.extend(text.iter().flat_map(|text| [format!("{what} "), code(text)]));
            }
            if *wrapped {
                words.push_str(" around those of its elements");
            }
            words
        }
        Constraint::Words(words) => words.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_of_code_begins_a_line_of_its_own() {
        let docs = Docs::default().foreign(Some("```\npanic!()\n```\nx"));
        let listed = Docs::default()
            .listed(vec![("a".to_owned(), docs), ("b".to_owned(), Docs::default().foreign(Some("y\nz")))]);
        let expected = ["* a:", "", "  ```text", "  panic!()", "  ```", "  x", "* b: y", "  z"];
        assert_eq!(listed.or(String::new), expected);
    }
}
