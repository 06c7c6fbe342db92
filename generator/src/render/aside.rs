//! What stands aside while a text is parsed and laid out: documentation, a quarter of all lines, which comes out as it went
//! in; and the calls of the runtime's macros that are lists, which prettyplease would fill lines with.
//!
//! In: a text of Rust. Out: the same with one line in the place of each such block, and, of that laid out, the text with
//! its blocks again.

/// What stands in the place of documentation of what follows. (Behind the slashes of a template comes a space.)
const OUTER: &str = "///~";

/// What stands in the place of documentation of what it is in.
const INNER: &str = "//!~";

/// What stands in the place of a call.
const CALL: &str = "crate::runtime::aside!();";

/// A text, and what was taken out of it.
pub(super) struct Aside<'a> {
    /// The text with marks in the places of the blocks.
    pub text: String,
    blocks: Vec<&'a str>,
    /// The calls, whose tokens nobody has looked at.
    pub calls: Vec<&'a str>,
}

impl<'a> Aside<'a> {
    /// Takes the documentation out.
    pub fn of(text: &'a str) -> Self {
        let mut aside = Self { text: String::with_capacity(text.len()), blocks: Vec::new(), calls: Vec::new() };
        let mut block: Option<(&str, usize)> = None;
        let mut call: Option<usize> = None;
        let mut at = 0;
        for line in text.split_inclusive('\n') {
            if let Some(start) = call {
                at += line.len();
                if line.trim_end() == ");" {
                    aside.calls.extend(text.get(start..at));
                    call = None;
                }
                continue;
            }
            let mark = mark(line);
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
                None if opens_a_call(line) => {
                    aside.text.push_str(CALL);
                    aside.text.push('\n');
                    call = Some(at);
                }
                None => aside.text.push_str(line),
            }
            at += line.len();
        }
        // One without an end stands where it stood, for the parser to refuse.
        aside.text.push_str(call.and_then(|start| text.get(start..)).unwrap_or_default());
        aside.blocks.extend(block.and_then(|(_, start)| text.get(start..)));
        aside
    }

    /// Puts the documentation back; nothing where a mark is not where a line of its own was.
    pub fn put_back(&self, laid_out: &str) -> Option<String> {
        let length = laid_out.len() + self.blocks.iter().chain(&self.calls).map(|block| block.len()).sum::<usize>();
        let mut out = String::with_capacity(length + length / 8);
        let (mut blocks, mut calls) = (self.blocks.iter(), self.calls.iter());
        for line in laid_out.lines() {
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

/// Whether a call begins whose arguments have a line each.
fn opens_a_call(line: &str) -> bool {
    line.starts_with("crate::runtime::") && line.trim_end().ends_with("!(")
}

/// The mark for a line of documentation. (A carriage return is none of its text: whether it may stand there is the parser's to
/// say.)
fn mark(line: &str) -> Option<&'static str> {
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
    fn documentation_comes_back_as_it_was_with_the_indentation_of_its_place() {
        let aside = Aside::of(TEXT);
        assert_eq!(aside.text, "//!~\n\n///~\npub struct A {\n///~\npub b: u8,\n}\n");
        let laid_out = "//!~\n///~\npub struct A {\n    ///~\n    pub b: u8,\n}\n";
        let back = aside.put_back(laid_out).unwrap();
        assert_eq!(
            back,
            "//! Of\n//! all.\n/// Of\n///\n/// one.\npub struct A {\n    /// Of two.\n    pub b: u8,\n}\n"
        );
    }

    #[test]
    fn calls_come_back_line_by_line() {
        let text = "crate::runtime::object!(\n    A,\n\n    (b, required, \");\"),\n);\npub struct B;\n";
        let aside = Aside::of(text);
        assert_eq!(aside.text, "crate::runtime::aside!();\npub struct B;\n");
        assert_eq!(aside.put_back(&aside.text).unwrap(), text.replace("\n\n", "\n"));
        assert_eq!(aside.calls.len(), 1);
        assert!(aside.put_back("pub struct B;\n").is_none());
        let endless = Aside::of("crate::runtime::object!(\n    A,\n");
        assert!(syn::parse_file(&endless.text).is_err(), "{}", endless.text);
    }

    #[test]
    fn a_mark_too_few_or_too_many_is_seen() {
        let aside = Aside::of(TEXT);
        assert!(aside.put_back("//!~\n///~\n").is_none());
        assert!(aside.put_back("//!~\n///~\n///~\n///~\n").is_none());
    }

    #[test]
    fn what_is_no_plain_line_of_documentation_stays() {
        for text in ["/// a\rb\n", "//// a\n", "///a\n", "// a\n", "let a = 1; /// b\n"] {
            assert_eq!(Aside::of(text).text, text);
        }
    }
}
