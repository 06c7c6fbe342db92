//! Replaces blocks of a Rust file by placeholders before the file is formatted, and restores the blocks afterwards.
//!
//! Blocks of documentation need no formatting. They are a quarter of all lines, so formatting is faster without them.
//! Calls of the runtime's macros have one argument per line; prettyplease would join these lines.

/// The placeholder for a block of outer documentation (`///`). Cannot occur in generated code, because templates always
/// write a space after the slashes.
const OUTER: &str = "///~";

/// The placeholder for a block of inner documentation (`//!`).
const INNER: &str = "//!~";

/// The placeholder for a macro call.
const CALL: &str = "crate::runtime::aside!();";

/// The text of a file with placeholders for its blocks, and the removed blocks.
pub(super) struct Aside<'a> {
    /// The text with placeholders.
    pub text: String,
    blocks: Vec<&'a str>,
    /// The removed macro calls. Formatting does not see them, so the caller must check that they consist of valid
    /// tokens.
    pub calls: Vec<&'a str>,
}

impl<'a> Aside<'a> {
    /// Replaces documentation and macro calls by placeholders.
    pub fn of(text: &'a str) -> Self {
        let mut aside = Self { text: String::with_capacity(text.len()), blocks: Vec::new(), calls: Vec::new() };
        let mut block: Option<(&str, usize)> = None;
        let mut call: Option<usize> = None;
        let mut at = 0;
        for line in text.split_inclusive('\n') {
            if let Some(start) = call {
                at += line.len();
                if line.trim_end() == "}" {
                    aside.calls.extend(text.get(start..at));
                    call = None;
                }
                continue;
            }
            let mark = placeholder(line);
            if let Some((before, start)) = block
                && mark != Some(before)
            {
                aside.blocks.extend(text.get(start..at));
                block = None;
            }
            match mark {
                Some(mark) if block.is_none() => {
                    block = Some((mark, at));
                    aside.text.push_str(mark);
                    aside.text.push('\n');
                }
                Some(_) => {}
                None if begins_call(line) => {
                    aside.text.push_str(CALL);
                    aside.text.push('\n');
                    call = Some(at);
                }
                None => aside.text.push_str(line),
            }
            at += line.len();
        }
        // Keep an unclosed call in the text, so that the parser rejects the text.
        aside.text.push_str(call.and_then(|start| text.get(start..)).unwrap_or_default());
        aside.blocks.extend(block.and_then(|(_, start)| text.get(start..)));
        aside
    }

    /// Replaces the placeholders in formatted text by the removed blocks, indented like the placeholders. Returns
    /// `None` if there are more or fewer placeholders than blocks.
    pub fn put_back(&self, formatted: &str) -> Option<String> {
        let length = formatted.len() + self.blocks.iter().chain(&self.calls).map(|block| block.len()).sum::<usize>();
        let mut out = String::with_capacity(length + length / 8);
        let (mut blocks, mut calls) = (self.blocks.iter(), self.calls.iter());
        for line in formatted.lines() {
            if line == CALL {
                calls.next()?.lines().filter(|line| !line.trim().is_empty()).for_each(|line| {
                    out.push_str(line);
                    out.push('\n');
                });
                continue;
            }
            let code = line.trim_start();
            if code != OUTER && code != INNER {
                out.push_str(line);
                out.push('\n');
                continue;
            }
            let indentation = line.get(..line.len() - code.len()).unwrap_or_default();
            for line in blocks.next()?.lines() {
                out.push_str(indentation);
                out.push_str(line.trim_start().trim_end_matches(' '));
                out.push('\n');
            }
        }
        (blocks.next().is_none() && calls.next().is_none()).then_some(out)
    }
}

/// Returns whether a line begins a call of a runtime macro with one argument per line: `crate::runtime::object! {`.
fn begins_call(line: &str) -> bool {
    line.starts_with("crate::runtime::") && line.trim_end().ends_with("! {")
}

/// Returns the placeholder for a line of documentation. Returns `None` for other lines, and for lines with a carriage
/// return, so that the parser rejects them.
fn placeholder(line: &str) -> Option<&'static str> {
    let line = line.trim_start_matches(' ');
    let is = |slashes: &str| {
        line.strip_prefix(slashes).is_some_and(|text| text.starts_with([' ', '\n']) && !text.contains('\r'))
    };
    if is("///") {
        Some(OUTER)
    } else if is("//!") {
        Some(INNER)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "//! Of\n//! all.\n\n    /// Of\n/// \n/// one.\npub struct A {\n/// Of two.\npub b: u8,\n}\n";

    #[test]
    fn documentation_is_restored_with_indentation() {
        let aside = Aside::of(TEXT);
        assert_eq!(aside.text, "//!~\n\n///~\npub struct A {\n///~\npub b: u8,\n}\n");
        let formatted = "//!~\n///~\npub struct A {\n    ///~\n    pub b: u8,\n}\n";
        let back = aside.put_back(formatted).unwrap();
        assert_eq!(
            back,
            "//! Of\n//! all.\n/// Of\n///\n/// one.\npub struct A {\n    /// Of two.\n    pub b: u8,\n}\n"
        );
    }

    #[test]
    fn macro_calls_are_restored() {
        let text = "crate::runtime::object! {\n    A,\n\n    (b, required, \"}\"),\n}\npub struct B;\n";
        let aside = Aside::of(text);
        assert_eq!(aside.text, "crate::runtime::aside!();\npub struct B;\n");
        assert_eq!(aside.put_back(&aside.text).unwrap(), text.replace("\n\n", "\n"));
        assert_eq!(aside.calls.len(), 1);
        assert!(aside.put_back("pub struct B;\n").is_none());
        let endless = Aside::of("crate::runtime::object! {\n    A,\n");
        assert!(syn::parse_file(&endless.text).is_err(), "{}", endless.text);
    }

    #[test]
    fn missing_or_extra_placeholder_is_detected() {
        let aside = Aside::of(TEXT);
        assert!(aside.put_back("//!~\n///~\n").is_none());
        assert!(aside.put_back("//!~\n///~\n///~\n///~\n").is_none());
    }

    #[test]
    fn other_comments_are_unchanged() {
        for text in ["/// a\rb\n", "//// a\n", "///a\n", "// a\n", "let a = 1; /// b\n"] {
            assert_eq!(Aside::of(text).text, text);
        }
    }
}
