//! Finds the statements in formatted code, and parses a statement into text and groups in brackets.

/// A part of a statement.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Part {
    /// Text without brackets and literals.
    Text(String),
    /// A string or character literal.
    Literal(String),
    /// The items in brackets, with the opening bracket. Commas separate the items.
    Group(char, Vec<Vec<Part>>),
}

/// Returns the parts on one line.
pub(super) fn flat(parts: &[Part]) -> String {
    let mut out = String::new();
    parts.iter().for_each(|part| write_flat(part, &mut out));
    out
}

fn write_flat(part: &Part, out: &mut String) {
    let (open, items) = match part {
        Part::Text(text) | Part::Literal(text) => return out.push_str(text),
        Part::Group(open, items) => (*open, items),
    };
    let space = if open == '{' && !items.is_empty() { " " } else { "" };
    out.push(open);
    out.push_str(space);
    for (index, item) in items.iter().enumerate() {
        out.push_str(if index == 0 { "" } else { ", " });
        item.iter().for_each(|part| write_flat(part, out));
    }
    out.push_str(space);
    out.push(closing(open));
}

/// Returns the closing bracket for an opening one.
pub(super) fn closing(open: char) -> char {
    match open {
        '(' => ')',
        '[' => ']',
        _ => '}',
    }
}

/// Returns the number of columns of a string.
pub(super) fn width(text: &str) -> usize {
    text.chars().count()
}

/// Returns the number of spaces at the beginning of a line.
pub(super) fn indentation(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// Returns the number of lines of the statement that begins with the first line. A statement ends before a block: the
/// signature of a function is a statement, and so is the beginning of an `if`, with the `{` at its end. Returns `None`
/// for comments and attributes, and for statements that contain them or a block.
pub(super) fn length(lines: &[&str]) -> Option<usize> {
    let first = lines.first()?;
    let mut depth = 0_usize;
    for (index, line) in lines.iter().enumerate() {
        let code = line.trim_start();
        if code.is_empty() || code.starts_with("//") || code.starts_with('#') {
            return None;
        }
        depth = depth.checked_add_signed(change_of_depth(code)?)?;
        if code.ends_with('{') {
            if depth == 0 && begins_item(first.trim_start()) || begins_block(code) {
                return (depth == 0).then_some(index + 1);
            }
            depth += 1;
        }
        let next = lines.get(index + 1).copied().unwrap_or_default();
        let is_header_of_impl = index == 0 && code.starts_with("impl") && next.trim_start().starts_with("for ");
        if depth > 0 || is_header_of_impl {
            continue;
        }
        if next.trim() == "{" && indentation(next) == indentation(first) {
            return Some(index + 2);
        }
        if next.trim().is_empty() || indentation(next) <= indentation(first) {
            return Some(index + 1);
        }
    }
    None
}

/// Returns how the depth of brackets changes in a line, except for a `{` at its end. Returns `None` if a literal does
/// not end in the line.
fn change_of_depth(code: &str) -> Option<isize> {
    let mut depth = 0;
    let mut rest = code;
    while let Some(first) = rest.chars().next() {
        let literal = literal_length(rest)?;
        match first {
            _ if literal > 0 => {}
            '(' | '[' => depth += 1,
            '{' if rest != "{" => depth += 1,
            ')' | ']' | '}' => depth -= 1,
            _ => {}
        }
        rest = rest.get(literal.max(first.len_utf8())..)?;
    }
    // Generic arguments on lines of their own.
    Some(depth + isize::from(code.ends_with('<')) - isize::from(code.starts_with('>')))
}

/// Returns whether a statement is the beginning of an item or of a block.
fn begins_item(code: &str) -> bool {
    let code = code.strip_prefix("pub(crate) ").or_else(|| code.strip_prefix("pub ")).unwrap_or(code);
    let words =
        ["fn ", "async fn ", "const fn ", "impl", "struct ", "enum ", "mod ", "if ", "match ", "for ", "while "];
    words.iter().any(|word| code.starts_with(word))
}

/// Returns whether the `{` at the end of a line begins a block, unlike the `{` of a struct or of a list of imports.
fn begins_block(code: &str) -> bool {
    let before = code.trim_end_matches('{').trim_end();
    let words = ["match ", "if ", "loop ", "unsafe ", "else ", "move ", "|| ", "&& "];
    let has_word = words.iter().any(|word| code.starts_with(word) || code.contains(&format!(" {word}")));
    !before.ends_with("::") && (has_word || before.is_empty() || before.ends_with(['|', '>', ')', '=']))
}

/// Returns the length of the string or character literal at the beginning of a string, or 0 if there is none. Returns
/// `None` if the literal has no end.
fn literal_length(text: &str) -> Option<usize> {
    let mut characters = text.chars();
    let quote = characters.next()?;
    let is_lifetime = || {
        let (first, second) = (characters.clone().next(), characters.clone().nth(1));
        first != Some('\\') && second != Some('\'')
    };
    if quote != '"' && (quote != '\'' || is_lifetime()) {
        return Some(0);
    }
    let mut is_escaped = false;
    for (at, character) in text.char_indices().skip(1) {
        if character == quote && !is_escaped {
            return Some(at + 1);
        }
        is_escaped = character == '\\' && !is_escaped;
    }
    None
}

/// Joins the lines of a statement.
pub(super) fn joined(lines: &[&str]) -> String {
    let mut text = String::new();
    for line in lines.iter().map(|line| line.trim()) {
        if line.starts_with('>') && text.ends_with(',') {
            text.pop();
        }
        let is_tight = text.is_empty()
            || text.ends_with(['(', '[', '<'])
            || line.starts_with([')', ']', '>', '?'])
            || line.starts_with('.') && !line.starts_with("..");
        if !is_tight {
            text.push(' ');
        }
        text.push_str(line);
    }
    text
}

/// Parses a statement on one line. A `{` at its end is text. Returns `None` if the brackets are not balanced, or if the
/// statement contains a tuple of one item, whose comma is significant.
pub(super) fn parsed(text: &str) -> Option<Vec<Part>> {
    let mut parser = Parser { rest: text };
    let mut statements = parser.items(None, false)?;
    statements.pop().filter(|_| statements.is_empty())
}

struct Parser<'a> {
    rest: &'a str,
}

impl Parser<'_> {
    /// Parses the items up to the closing bracket of `open`. At the top level, where `open` is `None`, the whole text
    /// is one item. `is_call` is true for the arguments of a call.
    fn items(&mut self, open: Option<char>, is_call: bool) -> Option<Vec<Vec<Part>>> {
        let mut items = Vec::new();
        let mut item: Vec<Part> = Vec::new();
        let mut text = String::new();
        // The depth of generic arguments, whose commas separate no items.
        let mut generics = 0_usize;
        loop {
            let Some(first) = self.rest.chars().next() else {
                push_text(&mut item, &mut text);
                items.push(item);
                return open.is_none().then_some(items);
            };
            let literal = literal_length(self.rest)?;
            let (taken, rest) = self.rest.split_at_checked(literal.max(first.len_utf8()))?;
            self.rest = rest;
            match first {
                _ if literal > 0 => {
                    push_text(&mut item, &mut text);
                    item.push(Part::Literal(taken.to_owned()));
                }
                '{' if open.is_none() && self.rest.is_empty() => text.push('{'),
                '(' | '[' | '{' => {
                    let is_call = text.ends_with(|last: char| last.is_alphanumeric() || "_>!)".contains(last));
                    push_text(&mut item, &mut text);
                    let group = self.items(Some(first), is_call)?;
                    item.push(Part::Group(first, group));
                }
                ')' | ']' | '}' => {
                    text.truncate(text.trim_end().len());
                    push_text(&mut item, &mut text);
                    items.extend((!item.is_empty()).then_some(item));
                    return (first == closing(open?)).then_some(items);
                }
                ',' if open.is_some() && generics == 0 => {
                    push_text(&mut item, &mut text);
                    items.push(std::mem::take(&mut item));
                    self.rest = self.rest.trim_start();
                    let is_last = self.rest.starts_with(closing(open?));
                    if is_last && open == Some('(') && !is_call && items.len() == 1 {
                        return None;
                    }
                }
                ' ' if item.is_empty() && text.is_empty() && open.is_some() => {}
                _ => {
                    if first == '<' && !text.ends_with(' ') {
                        generics += 1;
                    } else if first == '>' && !text.ends_with(['-', '=', ' ']) {
                        generics = generics.saturating_sub(1);
                    }
                    text.push(first);
                }
            }
        }
    }
}

fn push_text(item: &mut Vec<Part>, text: &mut String) {
    if !text.is_empty() {
        item.push(Part::Text(std::mem::take(text)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statement_ends_before_block() {
        for (text, expected) in [
            ("let a = b;\nc();", Some(1)),
            ("let a = b(\n    c,\n);\nd();", Some(3)),
            ("pub fn f(\n    a: u8,\n) -> u8 {\n    a\n}", Some(3)),
            ("if a\n    && b\n{\n    c();\n}", Some(3)),
            ("a.b()\n    .c()\n}", Some(2)),
            ("A {\n    b: 1,\n}", Some(3)),
            ("a(|b| {\n    c();\n})", None),
            ("/// Docs.\na", None),
            ("a(\n    // b\n    c,\n)", None),
        ] {
            let lines: Vec<&str> = text.lines().collect();
            assert_eq!(length(&lines), expected, "{text}");
        }
    }

    #[test]
    fn parsed_statement_is_unchanged_on_one_line() {
        for text in [
            "let a: BTreeMap<A, B> = c(d, [1, 2], E { f: 'g', h: \"(,\\\"\" });",
            "pub fn f<'a>(a: &'a str) -> Option<&'a str> {",
            "a.b(|(c, d)| c < d)?;",
            "A {}",
        ] {
            assert_eq!(flat(&parsed(text).unwrap()), text);
        }
        assert_eq!(flat(&parsed("a(b, c,)").unwrap()), "a(b, c)");
        for text in ["let a = (b,);", "a(b", "a)", "\"a"] {
            assert_eq!(parsed(text), None, "{text}");
        }
    }
}
