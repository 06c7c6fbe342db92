//! Formatting, and the gate: what `syn` does not parse is a bug of ours and never leaves.

use crate::output::MARKER;

use super::RenderError;
use super::aside::Aside;
use super::gate::Gate;

/// The line between two pieces of a file, in templates. (No text of a document stands at the beginning of a line.)
const BETWEEN: &str = "\n//~\n";

/// Formats a Rust file, puts the marker in front and empty lines between items. What comes out is Rust, as what came in is.
///
/// A parsed file takes a hundred times the memory of its text, so one of many items is taken piece by piece.
pub(super) fn rust(path: &str, text: &str, gate: &Gate) -> Result<String, RenderError> {
    let mut formatted = format!("// {MARKER}; do not edit.\n");
    for (position, piece) in text.split(BETWEEN).enumerate() {
        let body = gate.pass(piece.len(), || piece_of_rust(path, piece))?;
        if position > 0 && !body.is_empty() {
            formatted.push('\n');
        }
        formatted.push_str(&body);
    }
    Ok(formatted)
}

fn piece_of_rust(path: &str, piece: &str) -> Result<String, RenderError> {
    let aside = Aside::of(piece);
    let laid_out = prettyplease::unparse(&parsed(path, &aside.text)?);
    aside.calls.iter().try_for_each(|call| tokens(path, call))?;
    let (with_docs, is_what_came_in) = match aside.put_back(&laid_out) {
        Some(with_docs) => (with_docs, is_laid_out(&aside.text, &laid_out)),
        None => (prettyplease::unparse(&parsed(path, piece)?), false),
    };
    let body = spaced(&with_docs);
    // Parsing is a third of a run's work: twice only where there is something new to parse, and in tests.
    if cfg!(debug_assertions) || !is_what_came_in {
        parsed(path, &body)?;
    }
    // Each text that is parsed stays in a table of places else.
    proc_macro2::extra::invalidate_current_thread_spans();
    Ok(body)
}

/// Whether a text is another, letter for letter, but for what laying it out changes: spaces, the comma behind the last of a
/// list, and braces around the one expression of a match arm.
fn is_laid_out(text: &str, formatted: &str) -> bool {
    let says = |byte: &u8| !matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b',' | b'{' | b'}');
    text.bytes().filter(says).eq(formatted.bytes().filter(says))
}

fn parsed(path: &str, text: &str) -> Result<syn::File, RenderError> {
    syn::parse_file(text).map_err(|error| not_rust(path, text, error.span(), &error))
}

/// Makes sure that a call is made of tokens: that is all a parser asks of what stands in a macro's brackets.
fn tokens(path: &str, text: &str) -> Result<(), RenderError> {
    let read: Result<proc_macro2::TokenStream, _> = text.parse();
    read.map(drop).map_err(|error| not_rust(path, text, error.span(), &error))
}

fn not_rust(path: &str, text: &str, at: proc_macro2::Span, message: &dyn std::fmt::Display) -> RenderError {
    let line = at.start().line;
    RenderError::NotRust { path: path.to_owned(), line, message: message.to_string(), excerpt: excerpt(text, line) }
}

/// A file that is not Rust: lines end where their text does, and no more than one in a row is empty.
pub(super) fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut blank = true;
    for line in text.lines().map(str::trim_end) {
        if line.is_empty() && blank {
            continue;
        }
        blank = line.is_empty();
        out.push_str(line);
        out.push('\n');
    }
    while out.ends_with("\n\n") {
        out.pop();
    }
    out
}

fn excerpt(text: &str, line: usize) -> String {
    let first = line.saturating_sub(3);
    let lines = text.lines().enumerate().skip(first).take(6);
    lines.map(|(number, text)| format!("{:>5} | {text}\n", number + 1)).collect()
}

/// Adds the empty lines that prettyplease leaves out: before every item that has a body or documentation.
///
/// No literal of ours spans lines, so every line is code.
fn spaced(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 16);
    let mut before: Option<&str> = None;
    // An attribute that takes more than a line belongs to what follows it, as one that takes a line does.
    let mut attribute = false;
    for line in text.lines() {
        let marks = attribute;
        let goes_on = attribute && before.is_none_or(|before| before.trim_start() != ")]");
        attribute = goes_on || (line.trim_start().starts_with("#[") && !line.ends_with(']'));
        if let Some(before) = before
            && !marks
            && separates(before.trim_start(), line.trim_start())
            && indentation(before) >= indentation(line)
        {
            out.push('\n');
        }
        out.push_str(line);
        out.push('\n');
        before = Some(line);
    }
    out
}

fn indentation(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// Whether an item ends with one line and another begins with the next.
fn separates(before: &str, line: &str) -> bool {
    let inner = |line: &str| line.starts_with("//!") || line.starts_with("#![");
    if inner(before) {
        return !inner(line) && !line.starts_with(')') || (before.starts_with("//!") && line.starts_with("#!["));
    }
    let list =
        |line: &str| ["use ", "pub use ", "mod ", "type ", "const "].iter().any(|keyword| line.starts_with(keyword));
    if list(before) && list(line) && before.split(' ').next() == line.split(' ').next() {
        return false;
    }
    let ends = before.ends_with('}') || before.ends_with(';') || before.ends_with(")]");
    let keywords =
        ["pub ", "fn ", "impl", "static ", "const ", "type ", "mod ", "use ", "enum ", "struct ", "crate::runtime::"];
    let begins =
        line.starts_with("///") || line.starts_with("#[") || keywords.iter().any(|keyword| line.starts_with(keyword));
    let attribute = before.starts_with("#[") && before.ends_with(']');
    ends && begins && !attribute && !before.starts_with("///")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_are_set_apart_and_fields_are_not() {
        let text = "//! Docs.\n#![deny(missing_docs)]\nmod a;\nmod b;\n/// S.\n#[derive(Debug)]\npub struct S {\n    /// A.\n    pub a: u8,\n    /// B.\n    pub b: u8,\n}\nimpl S {\n    /// f\n    pub fn f() {}\n    /// g\n    pub fn g() {\n        let a = 1;\n        drop(a);\n    }\n}\n";
        let formatted = rust("a.rs", text, &Gate::default()).unwrap();
        insta::assert_snapshot!(formatted);
    }

    #[test]
    fn what_is_not_rust_never_leaves() {
        let error = rust("a.rs", "pub struct {\n}\n", &Gate::default()).unwrap_err();
        assert!(error.to_string().contains("`a.rs` is not Rust, line 1"), "{error}");
    }

    #[test]
    fn formatting_lays_out_and_says_nothing_else() {
        let text = "/// A  b.\npub fn f(a: u8, b: u8,) -> u8 { match a { 0 => b, _ => { a } } }\n";
        let formatted = rust("a.rs", text, &Gate::default()).unwrap();
        assert_ne!(formatted, text);
        let body = formatted.strip_prefix("// @generated by clientwright; do not edit.\n").unwrap();
        assert!(is_laid_out(text, body));
        assert!(
            !is_laid_out(text, &body.replace("0 =>", "0 if a >")) && !is_laid_out(text, &body.replace("-> u8", ""))
        );
    }

    #[test]
    fn empty_lines_never_stand_in_a_row() {
        assert_eq!(plain("\n\na  \n\n\nb\n\n"), "a\n\nb\n");
    }
}
