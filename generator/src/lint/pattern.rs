//! Regular expressions of ECMA-262: the text of a `pattern` comes in; what texts can be held against goes out, or why it is none.
//!
//! No engine takes that dialect in bounded time, for it looks around and back. So its grammar is read here, and what an
//! engine of linear time knows too is spelt in its words; of the rest it is only said whether it is an expression at all.

use regex_lite::{Regex, RegexBuilder};

/// Larger expressions, counted in characters that one text may match, are not held against texts.
const LARGEST: usize = 10_000;
/// Groups that nest deeper are not looked into.
const MAX_DEPTH: usize = 40;

/// An expression.
#[derive(Debug)]
pub(super) struct Expression {
    /// Nothing where it looks around or back, or is too large.
    pub regex: Option<Regex>,
    /// What each character of a text costs at most.
    pub cost: usize,
}

/// Reads an expression.
///
/// # Errors
/// Why it is none.
pub(super) fn read(text: &str) -> Result<Expression, String> {
    let mut reader = Reader {
        rest: text.chars(),
        spelt: String::with_capacity(text.len() + 8),
        groups: vec![0],
        last: None,
        beyond: false,
    };
    reader.all()?;
    let cost = reader.groups.iter().fold(1_usize, |sum, cost| sum.saturating_add(*cost));
    let known = !reader.beyond && cost <= LARGEST;
    let compiled = || RegexBuilder::new(&reader.spelt).size_limit(1 << 22).build().ok();
    Ok(Expression { regex: if known { compiled() } else { None }, cost })
}

struct Reader<'t> {
    rest: std::str::Chars<'t>,
    /// What has been read, as the engine spells it.
    spelt: String,
    /// What the groups that are open cost so far, outermost first.
    groups: Vec<usize>,
    /// What would be repeated by a quantifier, by its cost.
    last: Option<usize>,
    /// Whether the engine does not know all of it.
    beyond: bool,
}

/// What an escape stands for.
enum Atom {
    One(char),
    /// One of several, as the engine spells them in a class.
    OneOf(&'static str),
    /// What the engine does not know.
    Beyond,
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
        if self.groups.len() > 1 { Err("a group is not closed".to_owned()) } else { Ok(()) }
    }

    /// Takes over a part of this cost that may be repeated, or one that may not.
    fn unit(&mut self, spelt: &str, cost: Option<usize>) {
        self.spelt.push_str(spelt);
        self.last = cost;
        if let Some(group) = self.groups.last_mut() {
            *group = group.saturating_add(cost.unwrap_or(0));
        }
    }

    fn letter(&mut self, letter: char) {
        self.unit(&literal(letter), Some(1));
    }

    fn took(&mut self, beginning: &str) -> bool {
        let rest = self.rest.as_str().strip_prefix(beginning);
        rest.inspect(|rest| self.rest = rest.chars()).is_some()
    }

    fn open(&mut self) -> Result<(), String> {
        if self.took("?") && !self.took(":") {
            if ["=", "!", "<=", "<!"].into_iter().any(|mark| self.took(mark)) {
                self.beyond = true;
            } else if self.took("<") {
                self.name('>')?;
            } else {
                let mark: String =
                    self.rest.as_str().chars().take_while(|letter| !matches!(letter, ')' | ':')).take(8).collect();
                let hint = if mark.chars().all(|letter| letter.is_ascii_lowercase()) {
                    ": it has no flags in an expression"
                } else {
                    ""
                };
                return Err(format!("no group of ECMA-262 begins with `(?{mark}`{hint}"));
            }
        }
        self.beyond |= self.groups.len() > MAX_DEPTH;
        self.unit("(?:", None);
        self.groups.push(0);
        Ok(())
    }

    fn close(&mut self) -> Result<(), String> {
        let Some(cost) = self.groups.pop().filter(|_| !self.groups.is_empty()) else {
            return Err("`)` closes no group".to_owned());
        };
        self.unit(")", Some(cost.max(1)));
        Ok(())
    }

    /// The name of a group or a property, up to its end.
    fn name(&mut self, end: char) -> Result<(), String> {
        let Some((name, rest)) = self.rest.as_str().split_once(end) else {
            return Err(format!("a name lacks its `{end}`"));
        };
        if name.is_empty()
            || name.contains(|letter: char| !letter.is_alphanumeric() && !matches!(letter, '_' | '$' | '='))
        {
            return Err("a name is none".to_owned());
        }
        self.rest = rest.chars();
        Ok(())
    }

    fn quantifier(&mut self, spelt: &str, times: usize) -> Result<(), String> {
        let Some(cost) = self.last else { return Err(format!("`{spelt}` has nothing to repeat")) };
        let lazy = if self.took("?") { "?" } else { "" };
        self.unit(&format!("{spelt}{lazy}"), Some(cost.saturating_mul(times.saturating_sub(1))));
        self.last = None;
        Ok(())
    }

    /// A quantifier in braces; others stand for themselves.
    fn braces(&mut self) -> Result<(), String> {
        let counts = self.rest.as_str().split_once('}').and_then(|(inner, rest)| {
            let (least, most) = inner
                .split_once(',')
                .map_or((inner, Some(inner)), |(least, most)| (least, Some(most).filter(|most| !most.is_empty())));
            let number = |text: &str| {
                let digits = !text.is_empty() && text.bytes().all(|digit| digit.is_ascii_digit());
                digits.then(|| text.parse().unwrap_or(usize::MAX))
            };
            let most = match most {
                Some(most) => Some(number(most)?),
                None => None,
            };
            Some((inner, number(least)?, most, rest))
        });
        let Some((inner, least, most, rest)) = counts else {
            self.letter('{');
            return Ok(());
        };
        if most.is_some_and(|most| most < least) {
            return Err(format!("`{{{inner}}}` has the larger number first"));
        }
        self.rest = rest.chars();
        self.quantifier(&format!("{{{inner}}}"), most.unwrap_or(least).max(1))
    }

    fn escape(&mut self) -> Result<(), String> {
        for boundary in ["b", "B"] {
            if self.took(boundary) {
                self.unit(&format!("\\{boundary}"), None);
                return Ok(());
            }
        }
        match self.escaped()? {
            Atom::One(letter) => self.letter(letter),
            Atom::OneOf(members) => self.unit(&format!("[{members}]"), Some(1)),
            Atom::Beyond => {
                self.beyond = true;
                self.unit("", Some(1));
            }
        }
        Ok(())
    }

    /// What stands behind a backslash, but for the boundaries of words.
    fn escaped(&mut self) -> Result<Atom, String> {
        let Some(letter) = self.rest.next() else { return Err("it ends within an escape".to_owned()) };
        Ok(match letter {
            'd' => Atom::OneOf(r"\d"),
            'D' => Atom::OneOf(r"\D"),
            'w' => Atom::OneOf(r"\w"),
            'W' => Atom::OneOf(r"\W"),
            's' => Atom::OneOf(BLANKS),
            'S' => Atom::OneOf(r"\S"),
            'f' => Atom::One('\u{c}'),
            'n' => Atom::One('\n'),
            'r' => Atom::One('\r'),
            't' => Atom::One('\t'),
            'v' => Atom::One('\u{b}'),
            '0' => Atom::One('\0'),
            '1'..='9' => Atom::Beyond,
            'c' => match self.rest.next() {
                Some(control) if control.is_ascii_alphabetic() => {
                    char::from_u32(u32::from(control) % 32).map_or(Atom::Beyond, Atom::One)
                }
                _ => return Err(r"`\c` lacks its letter".to_owned()),
            },
            'x' => self.hexadecimal(2)?,
            'u' if self.took("{") => {
                let digits = self.rest.as_str().split_once('}');
                let Some((digits, rest)) = digits else { return Err(r"`\u{` is not closed".to_owned()) };
                self.rest = rest.chars();
                let code = u32::from_str_radix(digits, 16).ok().and_then(char::from_u32);
                Atom::One(code.ok_or_else(|| format!(r"`\u{{{digits}}}` is no character"))?)
            }
            'u' => self.hexadecimal(4)?,
            'k' if self.took("<") => {
                self.name('>')?;
                Atom::Beyond
            }
            'p' | 'P' if self.took("{") => {
                self.name('}')?;
                Atom::Beyond
            }
            letter if letter.is_ascii_alphanumeric() => {
                let instead = match letter {
                    'A' => ": `^` is the beginning",
                    'z' | 'Z' => ": `$` is the end",
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
            return Err(format!(r"`\{}` lacks its {digits} hexadecimal digits", if digits == 2 { 'x' } else { 'u' }));
        };
        self.rest = self.rest.as_str().get(digits..).unwrap_or_default().chars();
        // Half of a character is one to ECMA-262.
        Ok(char::from_u32(code).map_or(Atom::Beyond, Atom::One))
    }

    fn class(&mut self) -> Result<(), String> {
        let mut spelt = if self.took("^") { "[^" } else { "[" }.to_owned();
        if self.took("]") {
            // Nothing, or all there is.
            self.beyond |= spelt == "[";
            self.unit(r"[\x{0}-\x{10ffff}]", Some(1));
            return Ok(());
        }
        while let Some(first) = self.member()? {
            let Atom::One(least) = first else {
                spelt.push_str(&self.spelt_in_class(first));
                continue;
            };
            spelt.push_str(&literal(least));
            // A dash at the end is one, and so is one before what is no character.
            let mut ahead = self.rest.clone();
            if ahead.next() != Some('-') || ahead.next().is_none_or(|next| next == ']') {
                continue;
            }
            self.rest.next();
            match self.member()? {
                Some(Atom::One(most)) if most < least => {
                    return Err(format!("the range from `{least}` to `{most}` goes down"));
                }
                Some(Atom::One(most)) => {
                    spelt.push('-');
                    spelt.push_str(&literal(most));
                }
                Some(other) => {
                    spelt.push_str(r"\-");
                    spelt.push_str(&self.spelt_in_class(other));
                }
                None => break,
            }
        }
        spelt.push(']');
        self.unit(&spelt, Some(1));
        Ok(())
    }

    /// A member of a class; nothing at its end.
    fn member(&mut self) -> Result<Option<Atom>, String> {
        match self.rest.next() {
            None => Err("a class is not closed".to_owned()),
            Some(']') => Ok(None),
            // Here it is a backspace.
            Some('\\') if self.took("b") => Ok(Some(Atom::One('\u{8}'))),
            Some('\\') => self.escaped().map(Some),
            Some(letter) => Ok(Some(Atom::One(letter))),
        }
    }

    fn spelt_in_class(&mut self, atom: Atom) -> String {
        match atom {
            Atom::One(letter) => literal(letter),
            Atom::OneOf(members) => members.to_owned(),
            Atom::Beyond => {
                self.beyond = true;
                String::new()
            }
        }
    }
}

/// The blanks and line ends of ECMA-262, as members of a class.
const BLANKS: &str = r"\s\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}\x{feff}";

/// A character that stands for itself.
fn literal(letter: char) -> String {
    if letter.is_ascii_alphanumeric() { letter.to_string() } else { format!(r"\x{{{:x}}}", u32::from(letter)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_held_against_what_can_be_known() {
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
    fn what_is_no_expression_is_told_why() {
        for (pattern, why) in [
            ("(", "a group is not closed"),
            ("a)", "`)` closes no group"),
            ("[a", "a class is not closed"),
            ("[z-a]", "the range from `z` to `a` goes down"),
            ("*", "`*` has nothing to repeat"),
            ("a++", "`+` has nothing to repeat"),
            ("^?", "`?` has nothing to repeat"),
            ("(|+)", "`+` has nothing to repeat"),
            ("a{3,2}", "`{3,2}` has the larger number first"),
            ("a{2}{3}", "`{3}` has nothing to repeat"),
            ("a\\", "it ends within an escape"),
            (r"\Aa\z", r"ECMA-262 has no escape `\A`: `^` is the beginning"),
            (r"\Qa", r"ECMA-262 has no escape `\Q`"),
            ("(?i)a", "no group of ECMA-262 begins with `(?i`: it has no flags in an expression"),
            ("(?P<n>a)", "no group of ECMA-262 begins with `(?P<n>a`"),
            (r"\x4", r"`\x` lacks its 2 hexadecimal digits"),
            (r"\u12", r"`\u` lacks its 4 hexadecimal digits"),
            (r"\u{110000}", r"`\u{110000}` is no character"),
            (r"\p{L", "a name lacks its `}`"),
        ] {
            assert_eq!(read(pattern).err().as_deref(), Some(why), "{pattern}");
        }
    }

    #[test]
    fn the_rest_is_an_expression_and_not_held_against_anything() {
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
