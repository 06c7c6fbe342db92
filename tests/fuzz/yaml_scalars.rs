//! Writes strings as YAML: plain, single-quoted, double-quoted, or as literal or folded block scalars, on one or
//! several lines.

use std::fmt::Write;

use super::yaml_writer::{Place, Preceding, Writer};

impl Writer<'_> {
    pub fn key(&mut self, key: &str, place: &Place) {
        self.text(key, place, true);
    }

    /// Writes a string in a random style that can represent it. A key is written on a single line.
    pub fn text(&mut self, text: &str, place: &Place, key: bool) {
        let indent = place.indent + if place.preceding == Preceding::Nothing { 0 } else { 2 };
        let indent = indent.max(1);
        match self.choose(6) {
            0 if is_printable(text) && !text.contains('\n') => self.single(text, indent, key),
            1 if !key && !place.flow && place.preceding != Preceding::Nothing && is_block(text) => {
                self.literal(text, place)
            }
            2 if !key && !place.flow && place.preceding != Preceding::Nothing && is_block(text) => {
                self.folded(text, place)
            }
            3 | 4 if is_plain(text) => self.plain(text, indent, key),
            _ => self.double(text, indent, key),
        }
    }

    fn plain(&mut self, text: &str, indent: usize, key: bool) {
        self.words(text, indent, key);
    }

    fn single(&mut self, text: &str, indent: usize, key: bool) {
        self.out.push('\'');
        self.words(&text.replace('\'', "''"), indent, key);
        self.out.push('\'');
    }

    /// Writes text, and replaces some spaces with line breaks, which readers fold to spaces.
    fn words(&mut self, text: &str, indent: usize, key: bool) {
        let letters: Vec<char> = text.chars().collect();
        for (at, letter) in letters.iter().enumerate() {
            let around = at.checked_sub(1).and_then(|before| letters.get(before)).zip(letters.get(at + 1));
            let between =
                around.is_some_and(|(before, after)| before.is_ascii_lowercase() && after.is_ascii_lowercase());
            if !key && *letter == ' ' && between && self.choose(4) == 0 {
                self.line(indent);
            } else {
                self.out.push(*letter);
            }
        }
    }

    fn double(&mut self, text: &str, indent: usize, key: bool) {
        self.out.push('"');
        let letters: Vec<char> = text.chars().collect();
        for (at, letter) in letters.iter().enumerate() {
            let around = at.checked_sub(1).and_then(|before| letters.get(before)).zip(letters.get(at + 1));
            let between =
                around.is_some_and(|(before, after)| before.is_ascii_lowercase() && after.is_ascii_lowercase());
            match letter {
                '"' => self.out.push_str("\\\""),
                '\\' => self.out.push_str("\\\\"),
                // Write an empty line, which readers fold to a line break.
                '\n' if between && !key && self.choose(2) == 0 => {
                    self.out.push('\n');
                    self.line(indent);
                }
                '\n' => self.out.push_str("\\n"),
                ' ' if between && !key && self.choose(4) == 0 => match self.choose(2) {
                    0 => self.line(indent),
                    // Write an escaped line break, which readers remove, and an escaped space, which they keep.
                    _ => {
                        self.out.push('\\');
                        self.line(indent);
                        self.out.push_str("\\ ");
                    }
                },
                letter if !is_printable_letter(*letter) || self.choose(16) == 0 => {
                    let code = u32::from(*letter);
                    let _ = match code {
                        0..=0xFF => write!(self.out, "\\x{code:02x}"),
                        0x100..=0xFFFF => write!(self.out, "\\u{code:04X}"),
                        _ => write!(self.out, "\\U{code:08x}"),
                    };
                }
                letter => self.out.push(*letter),
            }
        }
        self.out.push('"');
    }

    /// Writes the header of a block scalar, e.g. `|2-`. Returns the indentation of its lines.
    fn block_header(&mut self, mark: char, text: &str, place: &Place) -> usize {
        let more = 1 + usize::from(self.choose(3));
        self.out.push(mark);
        // If the first line begins with a space, readers cannot detect the indentation.
        if text.trim_start_matches('\n').starts_with(' ') || self.choose(6) == 0 {
            let _ = write!(self.out, "{more}");
        }
        let ends = text.len() - text.trim_end_matches('\n').len();
        match ends {
            0 => self.out.push('-'),
            1 => {}
            _ => self.out.push('+'),
        }
        if self.choose(8) == 0 {
            self.out.push_str(" # comment");
        }
        place.indent + more
    }

    fn literal(&mut self, text: &str, place: &Place) {
        let indent = self.block_header('|', text, place);
        let body = text.strip_suffix('\n').unwrap_or(text);
        for line in body.split('\n') {
            self.block_line(line, indent);
        }
        self.in_scalar = true;
    }

    fn folded(&mut self, text: &str, place: &Place) {
        // Readers do not fold line breaks around lines that begin with white space. Write these texts as literals.
        if text.contains("\n ") || text.starts_with([' ', '\n']) || text.contains("\n\t") || text.starts_with('\t') {
            return self.literal(text, place);
        }
        let indent = self.block_header('>', text, place);
        let ends = text.len() - text.trim_end_matches('\n').len();
        let lines: Vec<&str> = text.trim_end_matches('\n').split('\n').collect();
        let mut pending = 0;
        for (position, line) in lines.into_iter().enumerate() {
            if position > 0 {
                pending += 1;
            }
            if line.is_empty() {
                continue;
            }
            // Write one additional line break, because readers fold the first.
            if pending > 0 {
                (0..pending).for_each(|_| self.out.push('\n'));
                pending = 0;
            }
            self.block_line("", 0);
            self.out.extend(std::iter::repeat_n(' ', indent));
            self.words(line, indent, false);
        }
        (1..ends).for_each(|_| self.out.push('\n'));
        self.in_scalar = true;
    }

    fn block_line(&mut self, line: &str, indent: usize) {
        self.out.push('\n');
        if !line.is_empty() {
            self.out.extend(std::iter::repeat_n(' ', indent));
            self.out.push_str(line);
        }
    }
}

/// Returns whether a character may be written unescaped. Characters that only YAML 1.1 reads as line breaks must be
/// escaped.
fn is_printable_letter(letter: char) -> bool {
    matches!(letter, ' '..='~' | '\u{a0}'..='\u{2027}' | '\u{202a}'..='\u{d7ff}' | '\u{e000}'..='\u{fefe}'
        | '\u{ff00}'..='\u{fffd}' | '\u{10000}'..)
}

fn is_printable(text: &str) -> bool {
    text.chars().all(|letter| letter == '\n' || is_printable_letter(letter))
}

/// Returns whether a block scalar can represent a string. Lines that consist of spaces are not supported.
fn is_block(text: &str) -> bool {
    let lines = text.trim_end_matches('\n');
    is_printable(text) && !lines.is_empty() && lines.split('\n').all(|line| line.is_empty() || !line.trim().is_empty())
}

/// Returns whether a string can be written without quotes: it consists of simple characters, and is not `null`, `true`
/// or `false`.
fn is_plain(text: &str) -> bool {
    let letters =
        |letter: char| letter.is_ascii_lowercase() || matches!(letter, ' ' | '/' | '.' | '-' | '_' | '$' | '(' | ')');
    text.starts_with(|first: char| first.is_ascii_lowercase())
        && text.ends_with(|last: char| last.is_ascii_lowercase())
        && text.chars().all(letters)
        && !["null", "true", "false"].contains(&text)
}
