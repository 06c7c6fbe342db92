//! Resolves the conditions on features in a file of the runtime: `#[cfg(feature = "…")]` and `#[cfg_attr(…)]`.
//!
//! In the runtime, a feature is a condition. In a generated crate, most features are known: they are on or off. An item
//! whose condition is false is removed, and a condition that is true is removed from its item. What remains depends on
//! the features that the generated crate offers.
//!
//! The files of the runtime are formatted by rustfmt, so attributes have lines of their own, and items end at the end of
//! a line.

use std::borrow::Cow;
use std::iter::Peekable;
use std::ops::Range;
use std::str::Chars;

use super::predicate::{Predicate, State};

/// A file of the runtime, with the conditions in it. Finding them takes longer than resolving them, so that a program
/// that generates several crates parses each file once.
pub(super) struct File<'a> {
    lines: Vec<&'a str>,
    conditions: Vec<Condition<'a>>,
}

/// A conditional attribute, and the lines that it consists of.
struct Condition<'a> {
    attribute: Attribute,
    /// The index of its first line.
    start: usize,
    /// The index of the line after it.
    end: usize,
    /// The index of the line after its item.
    item_end: usize,
    indentation: usize,
    /// The item, if it is on the same line as the attribute: a parameter of a function.
    parameter: Option<&'a str>,
}

impl<'a> File<'a> {
    /// Finds the conditions in the text of a file.
    pub fn parse(text: &'a str) -> Self {
        let lines: Vec<&str> = text.lines().collect();
        let mut conditions = Vec::new();
        let mut at = 0;
        while let Some(line) = lines.get(at) {
            let indentation = line.len() - line.trim_start().len();
            if let Some((before, parameter)) = line.split_once(")] ")
                && let Some((attribute, end)) = attribute(&[&format!("{before})]")], 0)
            {
                let (item_end, parameter) = (at + end, Some(parameter));
                conditions.push(Condition { attribute, start: at, end: item_end, item_end, indentation, parameter });
                at += end;
                continue;
            }
            let Some((attribute, end)) = attribute(&lines, at) else {
                at += 1;
                continue;
            };
            let item_end = item_end(&lines, end);
            conditions.push(Condition { attribute, start: at, end, item_end, indentation, parameter: None });
            at = end;
        }
        Self { lines, conditions }
    }

    /// Resolves the conditions, and returns the resulting text.
    pub fn resolve(&self, state: &State<'_>) -> String {
        let lines = |range: Range<usize>| self.lines.get(range).into_iter().flatten().map(|line| Cow::Borrowed(*line));
        let mut out: Vec<Cow<'_, str>> = Vec::with_capacity(self.lines.len());
        let mut at = 0;
        for condition in &self.conditions {
            let Condition { attribute, start, end, item_end, indentation, parameter } = condition;
            if *start < at {
                // The condition belongs to a part of an item that was removed.
                continue;
            }
            out.extend(lines(at..*start));
            at = *end;
            match attribute.resolve(state) {
                Resolved::Lines(attributes) => {
                    let indented = |attribute| Cow::Owned(format!("{:indentation$}{attribute}", ""));
                    out.extend(attributes.into_iter().chain(parameter.map(str::to_owned)).map(indented));
                }
                Resolved::Unchanged => out.extend(lines(*start..*end)),
                Resolved::Removed => {
                    at = *item_end;
                    remove_head(&mut out, *indentation);
                    close_gap(&mut out, self.lines.get(at).copied());
                    let is_blank = |line: Option<&&str>| line.is_some_and(|line| line.trim().is_empty());
                    if is_blank(self.lines.get(at)) && out.last().is_none_or(|last| opens_or_blank(last)) {
                        at += 1;
                    }
                }
            }
        }
        out.extend(lines(at..self.lines.len()));
        out.push(Cow::Borrowed(""));
        out.join("\n")
    }
}

/// Resolves the conditions in the text of a file.
pub(super) fn resolve(text: &str, state: &State<'_>) -> String {
    if text.contains("feature = ") { File::parse(text).resolve(state) } else { text.to_owned() }
}

/// A conditional attribute.
enum Attribute {
    /// `#[cfg(predicate)]`
    Item(Predicate),
    /// `#[cfg_attr(predicate, attributes)]`
    Attributes(Predicate, Vec<String>),
}

/// What replaces a conditional attribute.
enum Resolved {
    /// These attributes.
    Lines(Vec<String>),
    /// The same attribute.
    Unchanged,
    /// The item is removed.
    Removed,
}

impl Attribute {
    fn resolve(&self, state: &State<'_>) -> Resolved {
        let (Self::Item(predicate) | Self::Attributes(predicate, _)) = self;
        let resolved = predicate.clone().resolve(state);
        if resolved == *predicate {
            return Resolved::Unchanged;
        }
        match (self, resolved) {
            (Self::Item(_), Predicate::Known(true)) => Resolved::Lines(Vec::new()),
            (Self::Item(_), Predicate::Known(false)) => Resolved::Removed,
            (Self::Item(_), predicate) => Resolved::Lines(vec![format!("#[cfg({predicate})]")]),
            (Self::Attributes(_, attributes), Predicate::Known(true)) => {
                Resolved::Lines(attributes.iter().map(|attribute| format!("#[{attribute}]")).collect())
            }
            (Self::Attributes(..), Predicate::Known(false)) => Resolved::Lines(Vec::new()),
            (Self::Attributes(_, attributes), predicate) => {
                Resolved::Lines(vec![format!("#[cfg_attr({predicate}, {})]", attributes.join(", "))])
            }
        }
    }
}

/// Parses the conditional attribute that begins at a line. Also returns the line after it.
fn attribute(lines: &[&str], at: usize) -> Option<(Attribute, usize)> {
    let line = lines.get(at)?.trim_start();
    if !line.starts_with("#[cfg(") && !line.starts_with("#[cfg_attr(") {
        return None;
    }
    let length = lines.get(at..)?.iter().position(|line| line.ends_with(")]"))? + 1;
    let text: Vec<&str> = lines.get(at..at + length)?.iter().map(|line| line.trim()).collect();
    let text = text.join(" ");
    let arguments = text.split_once('(')?.1.strip_suffix(")]")?;
    let attribute = if text.starts_with("#[cfg(") {
        Attribute::Item(Predicate::parse(arguments)?)
    } else {
        let mut arguments = super::predicate::arguments(arguments).into_iter();
        Attribute::Attributes(Predicate::parse(arguments.next()?)?, arguments.map(str::to_owned).collect())
    };
    Some((attribute, at + length))
}

/// Returns the line after the item (or field, variant, statement, …) that begins at a line.
fn item_end(lines: &[&str], start: usize) -> usize {
    let mut brackets = Brackets::default();
    let mut has_bounds = false;
    let mut is_attribute = false;
    for (at, line) in lines.iter().enumerate().skip(start) {
        let code = line.trim();
        if brackets.depth == 0 && code.starts_with("//") {
            continue;
        }
        is_attribute |= brackets.depth == 0 && code.starts_with("#[");
        let ending = brackets.pass(line);
        if is_attribute {
            is_attribute = brackets.depth != 0;
            continue;
        }
        if brackets.depth < 0 {
            return at;
        }
        has_bounds |= code == "where";
        let ends = match ending {
            Some(';' | '}') => true,
            Some(',') => !has_bounds,
            _ => false,
        };
        if brackets.depth == 0 && ends {
            return at + 1;
        }
    }
    lines.len()
}

/// Removes the documentation, comments and attributes at the end of the output: they belong to an item that is removed.
fn remove_head(out: &mut Vec<Cow<'_, str>>, indentation: usize) {
    while let Some(last) = out.last() {
        let code = last.trim_start();
        let is_head = code.starts_with("// ") || code.starts_with("///") || code.starts_with("#[");
        if !is_head || last.len() - code.len() != indentation {
            return;
        }
        out.pop();
    }
}

/// Removes the blank line before a removed item if the block ends after the item.
fn close_gap(out: &mut Vec<Cow<'_, str>>, next: Option<&str>) {
    let ends = next.is_none_or(|next| next.trim_start().starts_with(['}', ')', ']']));
    if ends && out.last().is_some_and(|last| last.trim().is_empty()) {
        out.pop();
    }
}

/// Returns whether a blank line after this line is superfluous.
fn opens_or_blank(line: &str) -> bool {
    line.trim().is_empty() || line.ends_with('{')
}

/// Counts open brackets. Brackets in strings, character literals and comments do not count.
#[derive(Default)]
struct Brackets {
    depth: i32,
    in_string: bool,
}

impl Brackets {
    /// Counts the brackets of a line. Returns the last character of its code.
    fn pass(&mut self, line: &str) -> Option<char> {
        let mut last = None;
        let mut characters = line.chars().peekable();
        while let Some(character) = characters.next() {
            if self.in_string {
                match character {
                    '\\' => drop(characters.next()),
                    '"' => self.in_string = false,
                    _ => {}
                }
                continue;
            }
            match character {
                '/' if characters.peek() == Some(&'/') => break,
                '"' => self.in_string = true,
                '\'' => skip_character(&mut characters),
                '(' | '[' | '{' => self.depth += 1,
                ')' | ']' | '}' => self.depth -= 1,
                _ => {}
            }
            if !character.is_whitespace() {
                last = Some(character);
            }
        }
        last
    }
}

/// Skips the rest of a character literal after its opening quote. Skips nothing after the quote of a lifetime.
fn skip_character(characters: &mut Peekable<Chars<'_>>) {
    let mut ahead = characters.clone();
    if ahead.next() == Some('\\') {
        ahead.next();
        while ahead.next_if(|character| *character != '\'').is_some() {}
    }
    if ahead.next() == Some('\'') {
        *characters = ahead;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Resolves conditions with the feature `on`, without the feature `off`, and with all others undecided.
    fn resolved(text: &str) -> String {
        resolve(text, &|feature| match feature {
            "on" => Some(true),
            "off" => Some(false),
            _ => None,
        })
    }

    #[test]
    fn condition_that_is_true_is_removed() {
        let text = "/// A.\n#[cfg(feature = \"on\")]\npub mod a;\n";
        assert_eq!(resolved(text), "/// A.\npub mod a;\n");
        let text = "#[cfg_attr(feature = \"on\", derive(A, B), serde(c = \"d\"))]\nstruct A;\n";
        assert_eq!(resolved(text), "#[derive(A, B)]\n#[serde(c = \"d\")]\nstruct A;\n");
    }

    #[test]
    fn item_with_false_condition_is_removed_with_its_documentation() {
        let items = [
            "pub mod a;\n",
            "pub use a::{\n    B, C,\n};\n",
            "#[a(\n    \"b\",\n    c\n)]\npub mod d;\n",
            "pub fn a(\n    b: u8,\n) -> C\nwhere\n    B: D,\n{\n    e('{', \"}\")\n}\n",
            "impl<'a> A<'a> {\n    // }\n    const B: char = '\\'';\n\n    const C: &str = \"\\\"}\\\n        }\";\n}\n",
        ];
        for item in items {
            let text = format!("mod x;\n\n/// A.\n// B.\n#[cfg(feature = \"off\")]\n#[must_use]\n{item}\nmod y;\n");
            assert_eq!(resolved(&text), "mod x;\n\nmod y;\n");
        }
    }

    #[test]
    fn parts_of_items_are_removed_without_blank_lines_left_over() {
        let text = "impl A {\n    #[cfg(feature = \"off\")]\n    fn b() {}\n\n    fn c() {\n        match d {\n            \
                    #[cfg(feature = \"off\")]\n            E => {\n                f();\n            }\n            \
                    _ => g,\n        }\n    }\n\n    #[cfg(feature = \"off\")]\n    fn h() {}\n}\n";
        let expected = "impl A {\n    fn c() {\n        match d {\n            _ => g,\n        }\n    }\n}\n";
        assert_eq!(resolved(text), expected);
        let text = "fn a() {\n    b();\n    #[cfg(not(feature = \"on\"))]\n    c(d)\n}\n";
        assert_eq!(resolved(text), "fn a() {\n    b();\n}\n");
    }

    #[test]
    fn condition_on_the_line_of_its_parameter_is_resolved() {
        let text = "fn a(\n    #[cfg(feature = \"on\")] b: u8,\n    #[cfg(feature = \"off\")] c: u8,\n    \
                    #[cfg(feature = \"a\")] d: u8,\n) {\n}\n";
        assert_eq!(resolved(text), "fn a(\n    b: u8,\n    #[cfg(feature = \"a\")] d: u8,\n) {\n}\n");
    }

    #[test]
    fn undecided_condition_is_simplified() {
        let text = "#[cfg(any(feature = \"off\", feature = \"a\"))]\nmod a;\n";
        assert_eq!(resolved(text), "#[cfg(feature = \"a\")]\nmod a;\n");
        let text = "#[cfg_attr(all(not(feature = \"b\"), feature = \"on\"), allow(unused))]\nmod a;\n";
        assert_eq!(resolved(text), "#[cfg_attr(not(feature = \"b\"), allow(unused))]\nmod a;\n");
        let text = "#[cfg(target_os = \"linux\")]\nmod a; // feature = \"on\"\n";
        assert_eq!(resolved(text), text);
    }
}
