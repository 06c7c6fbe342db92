//! Builds doc comments from text of the document, constraints of values, and sentences of the generator.

use crate::ir::{Condition, Constraint, Doc, Example, ExternalDocs, Limit};
use crate::source::Number;

use super::markdown::{code, escaped, fence_of, first_paragraph, lines};

/// The derive macros of Rust's prelude. A doc link to a type with the same name is ambiguous without the prefix
/// `struct@`.
const DERIVES: [&str; 9] = ["Clone", "Copy", "Debug", "Default", "Eq", "Hash", "Ord", "PartialEq", "PartialOrd"];

/// Returns a link to the type of an operation in the same module.
pub(super) fn linked(ty: &str) -> String {
    if DERIVES.contains(&ty) { format!("[`{ty}`](struct@{ty})") } else { format!("[`{ty}`]") }
}

/// The paragraphs of a doc comment, separated by empty lines.
#[derive(Debug, Default)]
pub(crate) struct Docs {
    lines: Vec<String>,
}

impl Docs {
    /// Adds text from the document, converted to safe Markdown. Skips text that was added before: the schema of a
    /// parameter or body often has the same description.
    pub fn document_text(self, text: Option<&str>) -> Self {
        let lines = text.map(lines).unwrap_or_default();
        let is_repeated = !lines.is_empty() && self.lines.windows(lines.len()).any(|known| known == lines);
        if is_repeated { self } else { self.verbatim(lines) }
    }

    /// Adds the first paragraph of a text from the document.
    pub fn document_summary(self, text: Option<&str>) -> Self {
        let line = text.map(first_paragraph).unwrap_or_default();
        self.verbatim(if line.is_empty() { Vec::new() } else { vec![line] })
    }

    /// Adds a line for each external documentation: its description and its URL.
    pub fn external<'a>(self, all: impl IntoIterator<Item = &'a ExternalDocs>) -> Self {
        all.into_iter().fold(self, |docs, external| {
            let description = external.description.as_deref().unwrap_or("See also");
            let description = description.trim().trim_end_matches(['.', ':']);
            docs.document_text(Some(&format!("{description}: {}", external.url)))
        })
    }

    /// Adds text that the generator wrote, without escaping its Markdown.
    pub fn text(self, text: impl Into<String>) -> Self {
        let text = text.into();
        self.verbatim(if text.is_empty() { Vec::new() } else { vec![text] })
    }

    /// Adds a list: each item is a name, followed by its documentation.
    pub fn listed(self, items: Vec<(String, Self)>) -> Self {
        let mut lines = Vec::new();
        for (name, docs) in items {
            let mut rest = docs.lines.into_iter().peekable();
            if rest.peek().is_none() {
                lines.push(format!("* {name}"));
                continue;
            }
            match rest.next_if(|first| fence_of(first).is_none() && !first.starts_with("* ")) {
                Some(first) => lines.push(format!("* {name}: {}", first.trim_start())),
                // A code block or list in an item must begin on its own line.
                None => lines.extend([format!("* {name}:"), String::new()]),
            }
            lines.extend(rest.map(|line| if line.is_empty() { line } else { format!("  {line}") }));
        }
        self.verbatim(lines)
    }

    /// Adds a label and text from the document: "Label: text" if the text is a single line; otherwise the label and the
    /// text are separate paragraphs.
    pub fn labeled(self, label: &str, text: Option<&str>) -> Self {
        let lines = lines(text.unwrap_or_default());
        match lines.as_slice() {
            [] => self.text(format!("{label}.")),
            [only] => self.text(format!("{label}: {}", only.trim_start())),
            _ => self.text(format!("{label}:")).verbatim(lines),
        }
    }

    /// Returns whether the doc comment is empty.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// Adds a list of one-line items.
    pub fn items(self, items: impl Iterator<Item = String>) -> Self {
        self.verbatim(items.map(|item| format!("* {item}")).collect())
    }

    /// Adds lines that need no conversion, such as a code block or a table of the generator.
    pub fn verbatim(mut self, lines: Vec<String>) -> Self {
        if lines.is_empty() {
            return self;
        }
        if !self.lines.is_empty() {
            self.lines.push(String::new());
        }
        self.lines.extend(lines);
        self
    }

    /// Adds the documentation of a schema, property or parameter: title, description, constraints, default and
    /// examples.
    pub fn of(self, doc: &Doc) -> Self {
        let title = doc.title.as_deref().filter(|title| doc.description.as_deref() != Some(title));
        self.document_text(title)
            .document_text(doc.description.as_deref())
            .external(&doc.external_docs)
            .constraints(doc, "")
    }

    /// Adds the constraints, default and examples of a value, and those of its items. `whose` names the value in these
    /// sentences, e.g. " of the body".
    pub fn constraints(self, doc: &Doc, whose: &str) -> Self {
        let mut docs = self;
        if !doc.constraints.is_empty() {
            docs = docs.text(format!("Constraints{whose}: {}.", constraints(doc)));
        }
        if !doc.variants.is_empty() {
            docs = docs.text(format!("Variants{whose}:"));
            docs = docs.variants(&doc.variants);
        }
        if let Some(default) = &doc.default {
            docs =
                docs.text(format!("Default{whose}: {} (applied by the server; not sent by default).", code(default)));
        }
        docs = docs.examples(&doc.examples, whose);
        let inner = [("item", &doc.items), ("value", &doc.values)];
        let inner = inner.into_iter().filter_map(|(what, doc)| Some((what, doc.as_deref()?)));
        inner.fold(docs, |docs, (what, doc)| {
            docs.of_part(&format!("Each {what}{whose}"), &format!(" of each {what}{whose}"), doc)
        })
    }

    /// Adds the documentation of a part of a value, e.g. with the `label` "Each item" and `whose` " of each item".
    pub fn of_part(self, label: &str, whose: &str, doc: &Doc) -> Self {
        let title = doc.title.as_deref().filter(|title| doc.description.as_deref() != Some(title));
        let texts: Vec<&str> = title.into_iter().chain(doc.description.as_deref()).collect();
        let is_documented = texts.iter().any(|text| !text.trim().is_empty());
        let docs = if is_documented { self.labeled(label, Some(&texts.join("\n\n"))) } else { self };
        docs.external(&doc.external_docs).constraints(doc, whose)
    }

    /// Adds the documentation of a response body.
    pub fn of_body(self, doc: &Doc) -> Self {
        self.of_part("The body", " of the body", doc)
    }

    /// Adds the examples from the document that are at most 120 bytes long.
    fn examples(self, examples: &[Example], whose: &str) -> Self {
        let shown = |example: &Example| {
            let description = example.description.as_deref().map(escaped).filter(|text| !text.is_empty());
            match description {
                Some(description) => format!("{}: {description}", code(&example.value)),
                None => code(&example.value),
            }
        };
        let shown: Vec<String> = examples.iter().filter(|example| example.value.len() <= 120).map(shown).collect();
        match shown.as_slice() {
            [] => self,
            [only] => self.text(format!("Example{whose}: {only}")),
            _ => self.text(format!("Examples{whose}:")).items(shown.into_iter()),
        }
    }

    /// Adds a list of the variants of a union. Used for unions for which no enum is generated, because all their
    /// variants have the same Rust type.
    fn variants(self, variants: &[Doc]) -> Self {
        let describe = |doc: &Doc| {
            let texts = [&doc.title, &doc.description].into_iter().flatten().map(|text| escaped(text));
            let texts: Vec<String> = texts.filter(|text| !text.is_empty()).collect();
            let constraints = constraints(doc);
            match (texts.is_empty(), constraints.is_empty()) {
                (true, true) => "any other value".to_owned(),
                (true, false) => constraints,
                (false, true) => texts.join(": "),
                (false, false) => format!("{} ({constraints})", texts.join(": ")),
            }
        };
        self.items(variants.iter().map(describe))
    }

    /// Returns the lines of the doc comment.
    pub fn into_lines(self) -> Vec<String> {
        self.lines
    }

    /// Returns the lines of the doc comment. If it is empty, returns the line from `default`.
    pub fn or(self, default: impl FnOnce() -> String) -> Vec<String> {
        if self.lines.is_empty() { vec![default()] } else { self.lines }
    }
}

/// The maximum length of a schema that the documentation shows. Longer schemas are hard to read.
const MAX_SCHEMA: usize = 120;

fn constraints(doc: &Doc) -> String {
    doc.constraints.iter().map(constraint).collect::<Vec<_>>().join(", ")
}

fn constraint(one: &Constraint) -> String {
    match one {
        Constraint::Format(format) => format!("format {}", code(format)),
        Constraint::Pattern(pattern) => format!("pattern {}", code(pattern)),
        Constraint::OneOf(values) => {
            let values: Vec<String> = values.iter().map(|value| code(value)).collect();
            format!("one of {}", values.join(", "))
        }
        Constraint::Not(schema) if schema.len() <= MAX_SCHEMA => format!("not {}", code(schema)),
        Constraint::Not(_) => "does not match an excluded schema (`not`)".to_owned(),
        Constraint::Assertion(keyword, schema) if schema.len() <= MAX_SCHEMA => {
            format!("{} {}", code(keyword), code(schema))
        }
        Constraint::Assertion(keyword, _) => format!("{} of the schema (not checked)", code(keyword)),
        Constraint::PropertyPatterns(patterns) => {
            let patterns: Vec<String> = patterns.iter().map(|pattern| code(pattern)).collect();
            format!("property names match {}", patterns.join(" or "))
        }
        Constraint::PropertyNames(constraints) => {
            let constraints: Vec<String> = constraints.iter().map(constraint).collect();
            format!("property names: {}", constraints.join(" and "))
        }
        Constraint::MediaType(media_type) => format!("media type {}", code(media_type)),
        Constraint::ContentEncoding(encoding) => format!("encoding {}", code(encoding)),
        Constraint::Properties { exactly_one, choices } => {
            let how_many = if *exactly_one { "exactly" } else { "at least" };
            if choices.iter().all(|choice| choice.not.is_none()) {
                let choices: Vec<String> = choices.iter().map(|choice| names(&choice.required)).collect();
                return format!("{how_many} one of {} is required", choices.join(", "));
            }
            let choices: Vec<String> = choices.iter().map(condition).collect();
            format!("{how_many} one of these conditions: {}", choices.join("; "))
        }
        Constraint::Xml { prefix, name, namespace, attribute, wrapped } => {
            let mut description = if *attribute { "an XML attribute" } else { "an XML element" }.to_owned();
            let named = [(" named", name), (" with the prefix", prefix), (" in the namespace", namespace)];
            for (what, text) in named {
                description.extend(text.iter().flat_map(|text| [format!("{what} "), code(text)]));
            }
            if *wrapped {
                description.push_str(" that wraps its items");
            }
            description
        }
        Constraint::MinLength(number) => format!("at least {}", counted(number, "character", "characters")),
        Constraint::MaxLength(number) => format!("at most {}", counted(number, "character", "characters")),
        Constraint::Minimum(Limit { number, exclusive: false }) => format!("at least {}", number.text),
        Constraint::Minimum(Limit { number, exclusive: true }) => format!("more than {}", number.text),
        Constraint::Maximum(Limit { number, exclusive: false }) => format!("at most {}", number.text),
        Constraint::Maximum(Limit { number, exclusive: true }) => format!("less than {}", number.text),
        Constraint::MultipleOf(number) => format!("a multiple of {}", number.text),
        Constraint::MinItems(number) => format!("at least {}", counted(number, "element", "elements")),
        Constraint::MaxItems(number) => format!("at most {}", counted(number, "element", "elements")),
        Constraint::MinProperties(number) => format!("at least {}", counted(number, "property", "properties")),
        Constraint::MaxProperties(number) => format!("at most {}", counted(number, "property", "properties")),
        Constraint::UniqueItems => "unique elements".to_owned(),
        Constraint::ReadOnly => "read-only, set by the server".to_owned(),
        Constraint::Undefined => "required, but not defined".to_owned(),
        Constraint::MergePatch => {
            "a JSON merge patch (RFC 7396): a property that is absent stays as it is, `null` removes it".to_owned()
        }
        Constraint::JsonLines => "JSON values, one per line".to_owned(),
        Constraint::EventTypes(types) => {
            let types: Vec<String> = types.iter().map(|ty| code(ty)).collect();
            format!("an event of type {}", types.join(" or "))
        }
    }
}

/// Returns the names of properties that are required together.
fn names(names: &[String]) -> String {
    names.iter().map(|name| code(name)).collect::<Vec<_>>().join(" with ")
}

/// Describes a condition of an object.
fn condition(condition: &Condition) -> String {
    let excluded = condition.not.as_deref().map(|schema| {
        if schema.len() <= MAX_SCHEMA {
            format!("not {}", code(schema))
        } else {
            "an excluded schema (`not`)".to_owned()
        }
    });
    let required = Some(names(&condition.required)).filter(|names| !names.is_empty());
    let required = required.map(|names| format!("{names} is present"));
    required.into_iter().chain(excluded).collect::<Vec<_>>().join(" and ")
}

fn counted(number: &Number, one: &str, several: &str) -> String {
    format!("{} {}", number.text, if number.text == "1" { one } else { several })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_block_in_list_begins_on_own_line() {
        let docs = Docs::default().document_text(Some("```\npanic!()\n```\nx"));
        let listed = Docs::default()
            .listed(vec![("a".to_owned(), docs), ("b".to_owned(), Docs::default().document_text(Some("y\nz")))]);
        let expected = ["* a:", "", "  ```text", "  panic!()", "  ```", "  x", "* b: y", "  z"];
        assert_eq!(listed.or(String::new), expected);
    }
}
