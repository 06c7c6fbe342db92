//! Finds the absolute paths and the items in the text of a Rust file, without parsing the file.

use std::collections::HashSet;
use std::iter::Peekable;
use std::ops::Range;

/// The keywords before the name of an item. Functions are not included: no path names the functions of a file.
const ITEM_KEYWORDS: [&str; 8] = ["const", "enum", "mod", "static", "struct", "trait", "type", "union"];

/// The keywords that can precede a path, apart from [`ITEM_KEYWORDS`].
const KEYWORDS: [&str; 14] =
    ["as", "dyn", "else", "for", "if", "impl", "in", "let", "match", "move", "mut", "ref", "return", "where"];

/// An absolute path: it begins with `::` or `crate`.
#[derive(Debug, PartialEq)]
pub(super) struct Path<'a> {
    /// The position of its first byte.
    pub start: usize,
    /// Its segments, with the position after each. The first one is the name of a crate or `crate`.
    pub segments: Vec<(&'a str, usize)>,
    /// Whether `!` follows: the path names a macro.
    pub is_macro: bool,
}

/// The absolute paths and the items of a file.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Scan<'a> {
    /// The absolute paths in the code, in the order of the text. Those in attributes, literals and comments are not
    /// included.
    pub paths: Vec<Path<'a>>,
    /// The names of the types, modules, constants and statics at the top level of the file.
    pub items: HashSet<&'a str>,
    /// Whether an item is only compiled under a condition (`#[cfg(…)]`).
    pub has_conditions: bool,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Token<'a> {
    Word(&'a str),
    /// `::`
    Separator,
    /// `->` or `=>`
    Arrow,
    Other(char),
}

impl<'a> Scan<'a> {
    /// Scans the text of a file.
    pub fn of(text: &'a str) -> Self {
        let mut scan = Self::default();
        let mut tokens = Tokens { text, at: 0 }.peekable();
        let mut braces = 0_usize;
        let mut parameters = Parameters::default();
        let mut follows_arguments = false;
        while let Some((token, range)) = tokens.next() {
            // `::` after generic arguments continues a path: `Vec::<T>::new`.
            let continues = std::mem::replace(&mut follows_arguments, false);
            match token {
                Token::Other('#') => scan.has_conditions |= skip_attribute(&mut tokens) == Some("cfg"),
                Token::Other('{') => braces += 1,
                Token::Other('}') => braces = braces.saturating_sub(1),
                Token::Other('<') => parameters.open(),
                Token::Other('>') => follows_arguments = !parameters.close(),
                Token::Word("impl") => parameters.begin(tokens.peek().map(|(token, _)| *token)),
                Token::Word(keyword) if ITEM_KEYWORDS.contains(&keyword) => {
                    if braces == 0
                        && let Some((Token::Word(name), _)) = tokens.peek()
                    {
                        scan.items.insert(name);
                    }
                }
                Token::Word(keyword) if KEYWORDS.contains(&keyword) => {}
                Token::Word(first) => {
                    let segments = segments(&mut tokens, (first, range.end));
                    if first == "crate" {
                        scan.add(range.start, segments, &mut tokens);
                    }
                }
                Token::Separator if !continues => {
                    if let Some((first, end)) = next_word(&mut tokens) {
                        let segments = segments(&mut tokens, (first, end));
                        scan.add(range.start, segments, &mut tokens);
                    }
                }
                Token::Separator | Token::Arrow | Token::Other(_) => {}
            }
        }
        scan
    }

    fn add(&mut self, start: usize, segments: Vec<(&'a str, usize)>, tokens: &mut Peekable<Tokens<'a>>) {
        if segments.len() > 1 {
            let is_macro = matches!(tokens.peek(), Some((Token::Other('!'), _)));
            self.paths.push(Path { start, segments, is_macro });
        }
    }
}

/// The type parameters of an `impl`. A path can begin after them, unlike after type arguments.
#[derive(Default)]
struct Parameters {
    /// The number of open angle brackets. `None` outside of type parameters.
    depth: Option<usize>,
}

impl Parameters {
    /// Begins the type parameters if `next`, the token after `impl`, opens them.
    fn begin(&mut self, next: Option<Token<'_>>) {
        self.depth = (next == Some(Token::Other('<'))).then_some(0);
    }

    fn open(&mut self) {
        self.depth = self.depth.map(|depth| depth + 1);
    }

    /// Returns whether the angle bracket closes the type parameters.
    fn close(&mut self) -> bool {
        self.depth = self.depth.map(|depth| depth.saturating_sub(1));
        self.depth.take_if(|depth| *depth == 0).is_some()
    }
}

/// Returns the segments of a path that begins with `first`.
fn segments<'a>(tokens: &mut Peekable<Tokens<'a>>, first: (&'a str, usize)) -> Vec<(&'a str, usize)> {
    let mut all = vec![first];
    while tokens.next_if(|(token, _)| *token == Token::Separator).is_some() {
        let Some(segment) = next_word(tokens) else { break };
        all.push(segment);
    }
    all
}

/// Returns the next token and its end if it is a word.
fn next_word<'a>(tokens: &mut Peekable<Tokens<'a>>) -> Option<(&'a str, usize)> {
    match tokens.next_if(|(token, _)| matches!(token, Token::Word(_)))? {
        (Token::Word(word), range) => Some((word, range.end)),
        _ => None,
    }
}

/// Skips the rest of an attribute after `#`. Returns its first word.
fn skip_attribute<'a>(tokens: &mut Peekable<Tokens<'a>>) -> Option<&'a str> {
    tokens.next_if(|(token, _)| *token == Token::Other('!'));
    tokens.next_if(|(token, _)| *token == Token::Other('['))?;
    let first = next_word(tokens).map(|(word, _)| word);
    let mut depth = 1_usize;
    while depth > 0 {
        match tokens.next()? {
            (Token::Other('['), _) => depth += 1,
            (Token::Other(']'), _) => depth -= 1,
            _ => {}
        }
    }
    first
}

/// The tokens of a Rust file, except whitespace, comments, string literals and character literals.
struct Tokens<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Tokens<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Skips everything before the next `end`, and `end` itself.
    fn skip_past(&mut self, end: &str) {
        self.at = self.rest().find(end).map_or(self.text.len(), |position| self.at + position + end.len());
    }

    /// Skips the rest of a string or character literal after its first quote.
    fn skip_literal(&mut self, quote: char) {
        let mut is_escaped = false;
        let end = self.rest().char_indices().find(|(_, character)| {
            let ends = *character == quote && !is_escaped;
            is_escaped = *character == '\\' && !is_escaped;
            ends
        });
        self.at = end.map_or(self.text.len(), |(position, _)| self.at + position + 1);
    }

    /// Returns the number of `#` of a raw string literal (`r#"…"#`) that begins here.
    fn raw_string(&self) -> Option<usize> {
        let rest = self.rest();
        let rest = rest.strip_prefix("br").or_else(|| rest.strip_prefix('r'))?;
        let hashes = rest.bytes().take_while(|byte| *byte == b'#').count();
        rest.get(hashes..)?.starts_with('"').then_some(hashes)
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = (Token<'a>, Range<usize>);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let rest = self.rest();
            let first = rest.chars().next()?;
            let start = self.at;
            if first.is_whitespace() {
                self.at += first.len_utf8();
            } else if rest.starts_with("//") {
                self.skip_past("\n");
            } else if let Some(hashes) = self.raw_string() {
                self.skip_past("\"");
                self.skip_past(&format!("\"{}", "#".repeat(hashes)));
            } else if first == '"' || rest.starts_with("b\"") {
                self.skip_past("\"");
                self.skip_literal('"');
            } else if first == '\'' {
                self.at += 1;
                let mut characters = self.rest().chars();
                let is_literal = characters.next() == Some('\\') || characters.next() == Some('\'');
                if is_literal {
                    self.skip_literal('\'');
                } else {
                    // A lifetime, whose name begins no path.
                    let name = self.rest().find(|character| !is_part_of_word(character));
                    self.at = name.map_or(self.text.len(), |length| self.at + length);
                }
            } else if is_part_of_word(first) {
                // A raw identifier is a word too: `r#type`.
                let prefix = if rest.starts_with("r#") { 2 } else { 0 };
                let word = rest.get(prefix..).unwrap_or_default();
                let length = word.find(|character| !is_part_of_word(character)).unwrap_or(word.len());
                self.at += prefix + length;
                return Some((Token::Word(rest.get(..prefix + length)?), start..self.at));
            } else {
                let (token, length) = match rest.get(..2) {
                    Some("::") => (Token::Separator, 2),
                    Some("->" | "=>") => (Token::Arrow, 2),
                    _ => (Token::Other(first), first.len_utf8()),
                };
                self.at += length;
                return Some((token, start..self.at));
            }
        }
    }
}

/// Returns whether a character is part of a word. Outside of comments and quotes, all characters beyond ASCII are parts
/// of identifiers, including combining marks.
fn is_part_of_word(character: char) -> bool {
    character == '_' || character.is_ascii_alphanumeric() || (!character.is_ascii() && !character.is_whitespace())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(text: &str) -> Vec<String> {
        let joined = |path: Path<'_>| {
            let names: Vec<&str> = path.segments.iter().map(|(name, _)| *name).collect();
            names.join("::") + if path.is_macro { "!" } else { "" }
        };
        Scan::of(text).paths.into_iter().map(joined).collect()
    }

    #[test]
    fn absolute_paths_are_found() {
        for (text, expected) in [
            ("a: ::std::string::String,", &["std::string::String"][..]),
            ("impl :: std :: convert :: Into < crate :: A >", &["std::convert::Into", "crate::A"]),
            ("fn f() -> ::std::fmt::Result", &["std::fmt::Result"]),
            ("_ => ::serde::Serialize::serialize(x)", &["serde::Serialize::serialize"]),
            ("Self::new(); a::b(); Vec::<u8>::new(); T::A", &[]),
            ("crate::runtime::read::<Self, D>(x)", &["crate::runtime::read"]),
            ("::std::matches!(a, ::x::B)", &["std::matches!", "x::B"]),
            ("x as ::std::B; return ::c::D", &["std::B", "c::D"]),
            ("// ::a::B\n/// ::a::B\n\"::a::B\" r#\"\" ::a::B\"# b\"::a::B\" '\"' '\\'' ::c::D", &["c::D"]),
            ("&'a ::c::D", &["c::D"]),
            ("impl<'de, T: ::a::B<u8>> ::c::D<T> for E", &["a::B", "c::D"]),
            ("#[derive(::serde::Serialize)] #![x(::a::B)] ::c::D", &["c::D"]),
            ("crate::r#type::Größe", &["crate::r#type::Größe"]),
            ("crate::FooH\u{331}bar", &["crate::FooH\u{331}bar"]),
        ] {
            assert_eq!(paths(text), expected, "{text}");
        }
    }

    #[test]
    fn only_cfg_attributes_are_conditions() {
        for (text, expected) in [
            ("#[cfg(feature = \"cli\")]\nmod a;", true),
            ("#[cfg_attr(feature = \"cli\", derive(A))]\nstruct A;", false),
            ("/// `#[cfg(x)]`\nstruct A;", false),
        ] {
            assert_eq!(Scan::of(text).has_conditions, expected, "{text}");
        }
    }

    #[test]
    fn items_of_top_level_are_found() {
        let text = "pub struct A { b: B }\nenum C {}\nimpl X { type D = E; const F: u8 = 1; }\npub type G = H;\nmod i;";
        let mut items: Vec<&str> = Scan::of(text).items.into_iter().collect();
        items.sort_unstable();
        assert_eq!(items, ["A", "C", "G", "i"]);
    }
}
