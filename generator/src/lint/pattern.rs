//! Parses the ECMA-262 regular expression of a `pattern` and, if possible, translates it for `regex_lite`, which
//! matches in linear time.
//!
//! ECMA-262 has lookaround and backreferences, which cannot be matched in linear time. Expressions that use them are
//! only checked for valid syntax.

use regex_lite::{Regex, RegexBuilder};

/// The maximum cost of an expression. The cost is the number of characters after expanding repetitions: `[ab]{50}`
/// costs 50. More expensive expressions are not matched.
const MAX_COST: usize = 10_000;
/// The maximum nesting depth of groups. More deeply nested expressions are not matched.
const MAX_DEPTH: usize = 40;

/// A valid regular expression.
#[derive(Debug)]
pub(super) struct Expression {
    /// The compiled expression. `None` if the expression is too large, or uses features that `regex_lite` does not
    /// support.
    pub regex: Option<Regex>,
    /// The maximum cost of matching one character of a string.
    pub cost: usize,
}

/// Parses an ECMA-262 regular expression, and translates it into the syntax of `regex_lite`.
///
/// # Errors
/// Returns the reason why the expression is invalid.
pub(super) fn read(text: &str) -> Result<Expression, String> {
    let mut reader = Reader {
        rest: text.chars(),
        output: String::with_capacity(text.len() + 8),
        groups: vec![0],
        last: None,
        unsupported: false,
    };
    reader.all()?;
    let cost = reader.groups.iter().fold(1_usize, |sum, cost| sum.saturating_add(*cost));
    let known = !reader.unsupported && cost <= MAX_COST;
    let compiled = || RegexBuilder::new(&reader.output).size_limit(1 << 22).build().ok();
    Ok(Expression { regex: if known { compiled() } else { None }, cost })
}

struct Reader<'t> {
    rest: std::str::Chars<'t>,
    /// The translation of the characters that have been parsed.
    output: String,
    /// The cost of each open group up to the current position, outermost group first.
    groups: Vec<usize>,
    /// The cost of the last parsed part. `None` if a quantifier must not follow the item.
    last: Option<usize>,
    /// Whether the expression uses a feature that `regex_lite` does not support.
    unsupported: bool,
}

/// The meaning of an escape sequence.
enum Atom {
    /// A single character.
    One(char),
    /// A set of characters, e.g. `\d`, as the content of a character class in the syntax of `regex_lite`.
    OneOf(&'static str),
    /// A feature that `regex_lite` does not support.
    Unsupported,
}

impl Reader<'_> {
    fn all(&mut self) -> Result<(), String> {
        while let Some(letter) = self.rest.next() {
            match letter {
                '(' => self.open()?,
                ')' => self.close()?,
                '[' => self.class()?,
                '|' => self.unit("|", None),
                '^' | '$' => self.unit(if letter == '^' { "^" } else { "$" }, None),
                '.' => self.unit(r"[^\n\r\x{2028}\x{2029}]", Some(1)),
                '*' | '+' | '?' => self.quantifier(&letter.to_string(), 1)?,
                '{' => self.braces()?,
                '\\' => self.escape()?,
                letter => self.letter(letter),
            }
        }
        if self.groups.len() > 1 { Err("a group is not closed by `)`".to_owned()) } else { Ok(()) }
    }

    /// Appends a part to the translation. `cost` is the cost of the part, or `None` if a quantifier cannot repeat it.
    fn unit(&mut self, output: &str, cost: Option<usize>) {
        self.output.push_str(output);
        self.last = cost;
        if let Some(group) = self.groups.last_mut() {
            *group = group.saturating_add(cost.unwrap_or(0));
        }
    }

    fn letter(&mut self, letter: char) {
        self.unit(&literal(letter), Some(1));
    }

    fn consume(&mut self, beginning: &str) -> bool {
        let rest = self.rest.as_str().strip_prefix(beginning);
        rest.inspect(|rest| self.rest = rest.chars()).is_some()
    }

    fn open(&mut self) -> Result<(), String> {
        if self.consume("?") && !self.consume(":") {
            if ["=", "!", "<=", "<!"].into_iter().any(|mark| self.consume(mark)) {
                self.unsupported = true;
            } else if self.consume("<") {
                self.name('>')?;
            } else {
                let mark: String =
                    self.rest.as_str().chars().take_while(|letter| !matches!(letter, ')' | ':')).take(8).collect();
                let hint = if mark.chars().all(|letter| letter.is_ascii_lowercase()) {
                    ": inline flags are not supported"
                } else {
                    ""
                };
                return Err(format!("ECMA-262 has no group `(?{mark}`{hint}"));
            }
        }
        self.unsupported |= self.groups.len() > MAX_DEPTH;
        self.unit("(?:", None);
        self.groups.push(0);
        Ok(())
    }

    fn close(&mut self) -> Result<(), String> {
        let Some(cost) = self.groups.pop().filter(|_| !self.groups.is_empty()) else {
            return Err("`)` has no matching `(`".to_owned());
        };
        self.unit(")", Some(cost.max(1)));
        Ok(())
    }

    /// Parses the name of a group or Unicode property, terminated by `end`.
    fn name(&mut self, end: char) -> Result<(), String> {
        let Some((name, rest)) = self.rest.as_str().split_once(end) else {
            return Err(format!("a name is not closed by `{end}`"));
        };
        if name.is_empty()
            || name.contains(|letter: char| !letter.is_alphanumeric() && !matches!(letter, '_' | '$' | '='))
        {
            return Err("the name of a group or property is invalid".to_owned());
        }
        self.rest = rest.chars();
        Ok(())
    }

    fn quantifier(&mut self, output: &str, times: usize) -> Result<(), String> {
        let Some(cost) = self.last else { return Err(format!("`{output}` has nothing to repeat")) };
        let lazy = if self.consume("?") { "?" } else { "" };
        self.unit(&format!("{output}{lazy}"), Some(cost.saturating_mul(times.saturating_sub(1))));
        self.last = None;
        Ok(())
    }

    /// Parses a quantifier in braces, e.g. `{2,3}`. Treats any other opening brace as a literal character.
    fn braces(&mut self) -> Result<(), String> {
        let counts = self.rest.as_str().split_once('}').and_then(|(inner, rest)| {
            let (min, max) = inner
                .split_once(',')
                .map_or((inner, Some(inner)), |(min, max)| (min, Some(max).filter(|max| !max.is_empty())));
            let number = |text: &str| {
                let digits = !text.is_empty() && text.bytes().all(|digit| digit.is_ascii_digit());
                digits.then(|| text.parse().unwrap_or(usize::MAX))
            };
            let max = match max {
                Some(max) => Some(number(max)?),
                None => None,
            };
            Some((inner, number(min)?, max, rest))
        });
        let Some((inner, min, max, rest)) = counts else {
            self.letter('{');
            return Ok(());
        };
        if max.is_some_and(|max| max < min) {
            return Err(format!("the minimum of `{{{inner}}}` is greater than the maximum"));
        }
        self.rest = rest.chars();
        self.quantifier(&format!("{{{inner}}}"), max.unwrap_or(min).max(1))
    }

    fn escape(&mut self) -> Result<(), String> {
        for boundary in ["b", "B"] {
            if self.consume(boundary) {
                self.unit(&format!("\\{boundary}"), None);
                return Ok(());
            }
        }
        match self.escaped()? {
            Atom::One(letter) => self.letter(letter),
            Atom::OneOf(class) => self.unit(&format!("[{class}]"), Some(1)),
            Atom::Unsupported => {
                self.unsupported = true;
                self.unit("", Some(1));
            }
        }
        Ok(())
    }

    /// Parses an escape sequence after its backslash. Word boundaries (`\b`) are parsed by the caller.
    fn escaped(&mut self) -> Result<Atom, String> {
        let Some(letter) = self.rest.next() else { return Err("it ends with an incomplete escape".to_owned()) };
        Ok(match letter {
            'd' => Atom::OneOf(r"\d"),
            'D' => Atom::OneOf(r"\D"),
            'w' => Atom::OneOf(r"\w"),
            'W' => Atom::OneOf(r"\W"),
            's' => Atom::OneOf(WHITE_SPACE),
            'S' => Atom::OneOf(r"\S"),
            'f' => Atom::One('\u{c}'),
            'n' => Atom::One('\n'),
            'r' => Atom::One('\r'),
            't' => Atom::One('\t'),
            'v' => Atom::One('\u{b}'),
            '0' => Atom::One('\0'),
            '1'..='9' => Atom::Unsupported,
            'c' => match self.rest.next() {
                Some(control) if control.is_ascii_alphabetic() => {
                    char::from_u32(u32::from(control) % 32).map_or(Atom::Unsupported, Atom::One)
                }
                _ => return Err(r"`\c` must be followed by a letter".to_owned()),
            },
            'x' => self.hexadecimal(2)?,
            'u' if self.consume("{") => {
                let digits = self.rest.as_str().split_once('}');
                let Some((digits, rest)) = digits else { return Err(r"`\u{` is not closed".to_owned()) };
                self.rest = rest.chars();
                let code = u32::from_str_radix(digits, 16).ok().and_then(char::from_u32);
                Atom::One(code.ok_or_else(|| format!(r"`\u{{{digits}}}` is not a character"))?)
            }
            'u' => self.hexadecimal(4)?,
            'k' if self.consume("<") => {
                self.name('>')?;
                Atom::Unsupported
            }
            'p' | 'P' if self.consume("{") => {
                self.name('}')?;
                Atom::Unsupported
            }
            letter if letter.is_ascii_alphanumeric() => {
                let instead = match letter {
                    'A' => ": use `^`",
                    'z' | 'Z' => ": use `$`",
                    _ => "",
                };
                return Err(format!(r"ECMA-262 has no escape `\{letter}`{instead}"));
            }
            letter => Atom::One(letter),
        })
    }

    fn hexadecimal(&mut self, digits: usize) -> Result<Atom, String> {
        let text = self.rest.as_str().get(..digits).filter(|text| text.bytes().all(|digit| digit.is_ascii_hexdigit()));
        let Some(code) = text.and_then(|text| u32::from_str_radix(text, 16).ok()) else {
            return Err(format!(
                r"`\{}` must be followed by {digits} hexadecimal digits",
                if digits == 2 { 'x' } else { 'u' }
            ));
        };
        self.rest = self.rest.as_str().get(digits..).unwrap_or_default().chars();
        // ECMA-262 allows lone surrogates, which are not characters in Rust.
        Ok(char::from_u32(code).map_or(Atom::Unsupported, Atom::One))
    }

    fn class(&mut self) -> Result<(), String> {
        let mut output = if self.consume("^") { "[^" } else { "[" }.to_owned();
        if self.consume("]") {
            // `[]` matches nothing, which `regex_lite` does not support; `[^]` matches every character.
            self.unsupported |= output == "[";
            self.unit(r"[\x{0}-\x{10ffff}]", Some(1));
            return Ok(());
        }
        while let Some(first) = self.class_item()? {
            let Atom::One(min) = first else {
                output.push_str(&self.translate_in_class(first));
                continue;
            };
            output.push_str(&literal(min));
            // A dash is a literal at the end of a class, and before an escape for a set of characters such as `\d`.
            let mut ahead = self.rest.clone();
            if ahead.next() != Some('-') || ahead.next().is_none_or(|next| next == ']') {
                continue;
            }
            self.rest.next();
            match self.class_item()? {
                Some(Atom::One(max)) if max < min => {
                    return Err(format!("the range from `{min}` to `{max}` is out of order"));
                }
                Some(Atom::One(max)) => {
                    output.push('-');
                    output.push_str(&literal(max));
                }
                Some(other) => {
                    output.push_str(r"\-");
                    output.push_str(&self.translate_in_class(other));
                }
                None => break,
            }
        }
        output.push(']');
        self.unit(&output, Some(1));
        Ok(())
    }

    /// Parses an item of a character class. Returns `None` at the end of the class.
    fn class_item(&mut self) -> Result<Option<Atom>, String> {
        match self.rest.next() {
            None => Err("a class is not closed by `]`".to_owned()),
            Some(']') => Ok(None),
            // In a class, `\b` is a backspace.
            Some('\\') if self.consume("b") => Ok(Some(Atom::One('\u{8}'))),
            Some('\\') => self.escaped().map(Some),
            Some(letter) => Ok(Some(Atom::One(letter))),
        }
    }

    fn translate_in_class(&mut self, atom: Atom) -> String {
        match atom {
            Atom::One(letter) => literal(letter),
            Atom::OneOf(class) => class.to_owned(),
            Atom::Unsupported => {
                self.unsupported = true;
                String::new()
            }
        }
    }
}

/// The white space and line terminators of ECMA-262, as the content of a character class.
const WHITE_SPACE: &str = r"\s\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}\x{feff}";

/// Escapes a character, so that `regex_lite` treats it as a literal.
fn literal(letter: char) -> String {
    if letter.is_ascii_alphanumeric() { letter.to_string() } else { format!(r"\x{{{:x}}}", u32::from(letter)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn supported_patterns_match() {
        for (pattern, fits, others) in [
            ("^[a-z]{2,3}$", &["ab", "abc"][..], &["a", "abcd", "ab\n", "AB"][..]),
            ("a", &["a", "bab"], &["b", ""]),
            (r"^\d+\.\d$", &["12.3"], &["٣.٣", "1a3"]),
            (r"^(a|b)*?-[^\]\\]$", &["-x", "abba--"], &["-]", "-\\", "c-x"]),
            (r"^\x41\u00e9\u{1F980}\cJ\0$", &["Aé🦀\n\0"], &["A"]),
            (r"^[\w.-]+@[\w-]+$", &["a.b-c@d"], &["a b@c", "é@b"]),
            (r"^\s\S$", &["\u{a0}x", " x"], &["  "]),
            ("^.$", &["é", "\u{85}"], &["\n", "\r", "\u{2028}"]),
            ("^{a}{,2}]}$", &["{a}{,2}]}"], &["a"]),
            ("^[[&&~~-]$", &["[", "&", "~", "-"], &["]", "a"]),
            ("^[^]$", &["x", "\n"], &["", "xx"]),
            ("^(?:a(?<name>b))$", &["ab"], &["a"]),
            (r"\bcat\b", &["a cat"], &["cats"]),
        ] {
            let regex = read(pattern).unwrap().regex.unwrap();
            for text in fits {
                assert!(regex.is_match(text), "{pattern} {text:?}");
            }
            for text in others {
                assert!(!regex.is_match(text), "{pattern} {text:?}");
            }
        }
    }

    #[test]
    fn invalid_pattern_has_reason() {
        for (pattern, why) in [
            ("(", "a group is not closed by `)`"),
            ("a)", "`)` has no matching `(`"),
            ("[a", "a class is not closed by `]`"),
            ("[z-a]", "the range from `z` to `a` is out of order"),
            ("*", "`*` has nothing to repeat"),
            ("a++", "`+` has nothing to repeat"),
            ("^?", "`?` has nothing to repeat"),
            ("(|+)", "`+` has nothing to repeat"),
            ("a{3,2}", "the minimum of `{3,2}` is greater than the maximum"),
            ("a{2}{3}", "`{3}` has nothing to repeat"),
            ("a\\", "it ends with an incomplete escape"),
            (r"\Aa\z", r"ECMA-262 has no escape `\A`: use `^`"),
            (r"\Qa", r"ECMA-262 has no escape `\Q`"),
            ("(?i)a", "ECMA-262 has no group `(?i`: inline flags are not supported"),
            ("(?P<n>a)", "ECMA-262 has no group `(?P<n>a`"),
            (r"\x4", r"`\x` must be followed by 2 hexadecimal digits"),
            (r"\u12", r"`\u` must be followed by 4 hexadecimal digits"),
            (r"\u{110000}", r"`\u{110000}` is not a character"),
            (r"\p{L", "a name is not closed by `}`"),
        ] {
            assert_eq!(read(pattern).err().as_deref(), Some(why), "{pattern}");
        }
    }

    #[test]
    fn unsupported_pattern_is_valid_without_regex() {
        let deep = format!("{}a{}", "(".repeat(1000), ")".repeat(1000));
        for pattern in [
            "(?=a)",
            "(?<!a)b",
            r"(a)\1",
            r"(?<n>a)\k<n>",
            r"\p{L}+",
            r"[\uD800-\uDFFF]",
            "[]",
            "(a{1000}){1000}",
            "a{99999999999999999999}",
            deep.as_str(),
        ] {
            assert!(read(pattern).is_ok_and(|expression| expression.regex.is_none()), "{pattern}");
        }
    }
}
