//! Reads the strings and numbers of JSON.

use super::json::{Reader, Stopped};

impl Reader<'_, '_> {
    /// Reads a string. The reader must be at the opening quote.
    pub(super) fn string(&mut self) -> Result<String, Stopped> {
        let open = self.at;
        self.at += 1;
        let mut value = String::new();
        loop {
            let run = self.at;
            while self.peek().is_some_and(|byte| byte >= 0x20 && byte != b'"' && byte != b'\\') {
                self.at += 1;
            }
            // Both ends of the range are at ASCII bytes or at the end of the text, so they are character boundaries.
            value.push_str(self.text.text.get(run..self.at).unwrap_or_default());
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(value);
                }
                Some(b'\\') => value.push(self.escape()?),
                Some(b'\n' | b'\r') | None => {
                    return self.fail(
                        open,
                        self.at,
                        "a string is not closed",
                        "the line ends before the closing quote",
                    );
                }
                Some(_) => {
                    return self.fail(
                        self.at,
                        self.at + 1,
                        "a string contains a control character",
                        "JSON requires an escape such as `\\t`",
                    );
                }
            }
        }
    }

    fn escape(&mut self) -> Result<char, Stopped> {
        let start = self.at;
        self.at += 1;
        let character = match self.peek() {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode_escape(start),
            _ => {
                let end = self.at + self.char_length();
                return self.fail(start, end, "invalid escape", "JSON does not define this escape sequence");
            }
        };
        self.at += 1;
        Ok(character)
    }

    fn unicode_escape(&mut self, start: usize) -> Result<char, Stopped> {
        let first = self.four_digits(start)?;
        let code = match first {
            // A high surrogate, which must be followed by a low surrogate.
            0xD800..=0xDBFF => {
                let end = self.at;
                let second = if self.take(b'\\') && self.peek() == Some(b'u') { self.four_digits(end)? } else { 0 };
                if !(0xDC00..=0xDFFF).contains(&second) {
                    return self.fail(start, end, "incomplete surrogate pair", "the low surrogate is missing");
                }
                0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00)
            }
            code => code,
        };
        match char::from_u32(code) {
            Some(character) => Ok(character),
            None => self.fail(start, self.at, "incomplete surrogate pair", "the high surrogate is missing"),
        }
    }

    fn four_digits(&mut self, start: usize) -> Result<u32, Stopped> {
        self.at += 1;
        let digits = self.text.text.get(self.at..self.at + 4).unwrap_or_default();
        match u32::from_str_radix(digits, 16) {
            Ok(code) if digits.bytes().all(|byte| byte.is_ascii_hexdigit()) => {
                self.at += 4;
                Ok(code)
            }
            _ => self.fail(start, self.at, "invalid escape", "`\\u` must be followed by four hexadecimal digits"),
        }
    }

    /// Reads a number and returns its text. The reader must be at the first character.
    pub(super) fn number(&mut self) -> Result<String, Stopped> {
        let start = self.at;
        self.take(b'-');
        let leading_zero = self.peek() == Some(b'0');
        let integer = self.digits();
        let mut valid = integer > 0 && !(leading_zero && integer > 1);
        if self.take(b'.') {
            valid &= self.digits() > 0;
        }
        if self.take(b'e') || self.take(b'E') {
            let _signed = self.take(b'+') || self.take(b'-');
            valid &= self.digits() > 0;
        }
        // Include characters that follow the number, so that the error points at all of an unquoted date or version,
        // e.g. `2024-01-01`.
        while self.peek().is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'+' | b'_'))
        {
            self.at += 1;
            valid = false;
        }
        if !valid {
            return self.fail(start, self.at, "invalid number", "not a valid JSON number; strings need double quotes");
        }
        Ok(self.text.text.get(start..self.at).unwrap_or_default().to_owned())
    }

    fn digits(&mut self) -> usize {
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        self.at - start
    }
}
