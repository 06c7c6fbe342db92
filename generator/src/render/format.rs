//! Formats generated files. Rejects Rust files that `syn` cannot parse, because they show a bug in the generator.

use crate::output::MARKER;

use super::RenderError;
use super::aside::Aside;
use super::gate::Gate;
use super::imports;
use super::wrap;

/// The line with which templates separate chunks of a file. Cannot occur in other text, because text from documents is
/// never at the beginning of a line.
const SEPARATOR: &str = "\n//~\n";

/// Shortens the paths of a Rust file, and formats it. Adds the comment that marks generated files at the beginning, and
/// empty lines between items. Returns an error if the result is not valid Rust.
///
/// Files are parsed in chunks, because a parsed file takes about a hundred times the memory of its text.
pub(super) fn rust(path: &str, text: &str, gate: &Gate) -> Result<String, RenderError> {
    let mut formatted = format!("// {MARKER}; do not edit.\n");
    let text = imports::shorten(path, text);
    for (position, chunk) in text.split(SEPARATOR).enumerate() {
        let body = gate.pass(chunk.len(), || format_chunk(path, chunk))?;
        if position > 0 && !body.is_empty() {
            formatted.push('\n');
        }
        formatted.push_str(&body);
    }
    Ok(formatted)
}

fn format_chunk(path: &str, chunk: &str) -> Result<String, RenderError> {
    let aside = Aside::of(chunk);
    let formatted = prettyplease::unparse(&parse(path, &aside.text)?);
    let wrapped = wrap::wrapped(&formatted);
    let formatted = if has_same_tokens(&formatted, &wrapped) { wrapped } else { formatted };
    aside.calls.iter().try_for_each(|call| check_tokens(path, call))?;
    let (with_docs, is_unchanged) = match aside.put_back(&formatted) {
        Some(with_docs) => (with_docs, has_same_tokens(&aside.text, &formatted)),
        None => (prettyplease::unparse(&parse(path, chunk)?), false),
    };
    let body = spaced(&with_docs);
    // Parse the result only if formatting changed its tokens, and in debug builds: parsing takes a third of the time.
    if cfg!(debug_assertions) || !is_unchanged {
        parse(path, &body)?;
    }
    // Free the parsed text, which `proc_macro2` stores for spans.
    proc_macro2::extra::invalidate_current_thread_spans();
    Ok(body)
}

/// Returns whether two texts without comments have the same tokens, apart from tokens that formatting adds or removes:
/// commas, and the braces of match arms. Whitespace between tokens is ignored.
fn has_same_tokens(text: &str, formatted: &str) -> bool {
    significant(text).eq(significant(formatted))
}

/// Returns the bytes of literals, and the bytes between them that formatting neither adds nor removes.
fn significant(text: &str) -> impl Iterator<Item = u8> {
    let bytes = text.as_bytes();
    // The quote that ends the current literal.
    let mut end: Option<u8> = None;
    let mut is_escaped = false;
    bytes.iter().enumerate().filter_map(move |(at, &byte)| {
        if let Some(quote) = end {
            end = end.filter(|_| byte != quote || is_escaped);
            is_escaped = byte == b'\\' && !is_escaped;
            return Some(byte);
        }
        // An apostrophe can also begin a lifetime.
        let is_character = || bytes.get(at + 1) == Some(&b'\\') || bytes.get(at + 2) == Some(&b'\'');
        if byte == b'"' || byte == b'\'' && is_character() {
            end = Some(byte);
        }
        (!matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b',' | b'{' | b'}')).then_some(byte)
    })
}

fn parse(path: &str, text: &str) -> Result<syn::File, RenderError> {
    syn::parse_file(text).map_err(|error| not_rust(path, text, error.span(), &error))
}

/// Returns an error if a macro call does not consist of valid tokens. Rust has no other syntax rules for the arguments
/// of macros.
fn check_tokens(path: &str, text: &str) -> Result<(), RenderError> {
    let tokens: Result<proc_macro2::TokenStream, _> = text.parse();
    tokens.map(drop).map_err(|error| not_rust(path, text, error.span(), &error))
}

fn not_rust(path: &str, text: &str, at: proc_macro2::Span, message: &dyn std::fmt::Display) -> RenderError {
    let line = at.start().line;
    RenderError::NotRust { path: path.to_owned(), line, message: message.to_string(), excerpt: excerpt(text, line) }
}

/// Formats a file that is not a Rust file: removes trailing whitespace and repeated empty lines.
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

/// Adds empty lines between items, because prettyplease does not add them.
///
/// Assumes that string literals contain no line breaks, as in all generated code.
fn spaced(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 16);
    let mut before: Option<&str> = None;
    // Whether the previous line is inside of an attribute that spans several lines. No empty line is added after it.
    let mut attribute = false;
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        let follows_attribute = attribute;
        let continues = attribute && before.is_none_or(|before| before.trim_start() != ")]");
        attribute = continues || (line.trim_start().starts_with("#[") && !line.ends_with(']'));
        if let Some(before) = before
            && !follows_attribute
            && separates(before.trim_start(), line.trim_start())
            && indentation(before) >= indentation(line)
            && !continues_list(before, line, lines.peek())
        {
            out.push('\n');
        }
        out.push_str(line);
        out.push('\n');
        before = Some(line);
    }
    out
}

/// Returns whether a line is the attribute of the next item in a list of modules or imports.
fn continues_list(before: &str, line: &str, next: Option<&&str>) -> bool {
    let is_item = |line: &str, keyword: &str| line.starts_with(keyword) && line.ends_with(';');
    let in_list = |keyword| is_item(before, keyword) && next.is_some_and(|next| is_item(next, keyword));
    line.starts_with("#[cfg(") && line.ends_with(")]") && ["mod ", "pub mod ", "pub use "].into_iter().any(in_list)
}

fn indentation(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// Returns whether an empty line belongs between two lines: `before` ends an item, and `line` begins another item.
/// Lists such as `use` declarations are not separated.
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
    // A list in braces ends.
    if before == "};" && line.starts_with("use ") {
        return false;
    }
    let ends = before.ends_with('}') || before.ends_with(';') || before.ends_with(")]");
    let keywords = [
        "pub ",
        "pub(",
        "fn ",
        "impl",
        "static ",
        "const ",
        "type ",
        "mod ",
        "use ",
        "enum ",
        "struct ",
        "crate::runtime::",
    ];
    let begins =
        line.starts_with("///") || line.starts_with("#[") || keywords.iter().any(|keyword| line.starts_with(keyword));
    let attribute = before.starts_with("#[") && before.ends_with(']');
    ends && begins && !attribute && !before.starts_with("///")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_are_separated_but_not_fields() {
        let text = "//! Docs.\n#![deny(missing_docs)]\nmod a;\nmod b;\n/// S.\n#[derive(Debug)]\npub struct S {\n    /// A.\n    pub a: u8,\n    /// B.\n    pub b: u8,\n}\nimpl S {\n    /// f\n    pub fn f() {}\n    /// g\n    pub fn g() {\n        let a = 1;\n        drop(a);\n    }\n}\n";
        let formatted = rust("a.rs", text, &Gate::default()).unwrap();
        insta::assert_snapshot!(formatted);
    }

    #[test]
    fn invalid_rust_is_error() {
        let error = rust("a.rs", "pub struct {\n}\n", &Gate::default()).unwrap_err();
        assert!(error.to_string().contains("generated file `a.rs` is not valid Rust: line 1"), "{error}");
    }

    #[test]
    fn formatting_preserves_tokens() {
        let text = "/// A  b.\npub fn f(a: u8, b: u8,) -> u8 { match a { 0 => b, _ => { a } } }\n";
        let formatted = rust("a.rs", text, &Gate::default()).unwrap();
        assert_ne!(formatted, text);
        let body = formatted.strip_prefix("// @generated by clientwright; do not edit.\n").unwrap();
        assert!(has_same_tokens(text, body));
        assert!(!has_same_tokens("f(\"a, b\")", "f(\"a,  b\")") && has_same_tokens("f('\"', 'a')", "f( '\"','a' , )"));
        assert!(
            !has_same_tokens(text, &body.replace("0 =>", "0 if a >"))
                && !has_same_tokens(text, &body.replace("-> u8", ""))
        );
    }

    #[test]
    fn repeated_empty_lines_are_removed() {
        assert_eq!(plain("\n\na  \n\n\nb\n\n"), "a\n\nb\n");
    }
}
