//! Splits names into words, and joins words in the cases of Rust identifiers.

use super::identifier::beginning;
use heck::{ToShoutySnakeCase, ToSnakeCase, ToUpperCamelCase};

/// Words that are not split at upper-case letters: `OAuth` is not split into `o` and `auth`.
const ACRONYMS: [&str; 22] = [
    "IPv4",
    "IPv6",
    "OAuth2",
    "OAuth",
    "OpenID",
    "OpenAPI",
    "GraphQL",
    "GitHub",
    "GitLab",
    "DevOps",
    "iOS",
    "macOS",
    "iPhone",
    "iPad",
    "MySQL",
    "NoSQL",
    "PostgreSQL",
    "WebAuthn",
    "JavaScript",
    "TypeScript",
    "YouTube",
    "LinkedIn",
];

/// The number of bytes after which the rest of a name is ignored: more than any identifier needs.
const MAX_NAME_LENGTH: usize = 1024;

/// Returns the words of a name in lower case, e.g. `http` and `server` for `HTTPServer`.
pub(crate) fn words(name: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = beginning(name, MAX_NAME_LENGTH);
    while let Some(first) = rest.chars().next() {
        if !first.is_alphanumeric() {
            rest = rest.get(first.len_utf8()..).unwrap_or_default();
            continue;
        }
        let length = acronym(rest).unwrap_or_else(|| word(rest));
        let (word, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
        words.push(word.to_lowercase());
        rest = after;
    }
    words
}

/// Returns the length of the word at the beginning of `text` if the word is in [`ACRONYMS`], in singular or plural.
fn acronym(text: &str) -> Option<usize> {
    let known = ACRONYMS.iter().find(|acronym| {
        text.strip_prefix(**acronym)
            .is_some_and(|after| !after.starts_with(|next: char| next.is_lowercase()) || after == "s")
    })?;
    let plural = text.get(known.len()..) == Some("s");
    Some(known.len() + usize::from(plural))
}

/// Returns the length of the word at the beginning of `text`.
///
/// A word ends at a separator. It also ends before an upper-case letter that follows a lower-case letter or digit
/// (`petStore`). An acronym ends before the upper-case letter that begins the next word (`HTTPServer`). Plurals of
/// acronyms are one word (`IDs`).
fn word(text: &str) -> usize {
    let mut characters = text.char_indices().peekable();
    let mut before: Option<char> = None;
    while let Some((at, this)) = characters.next() {
        if !this.is_alphanumeric() {
            return at;
        }
        let next = characters.peek().map(|(_, next)| *next);
        if let Some(before) = before
            && this.is_uppercase()
        {
            let follows_lowercase = !before.is_uppercase();
            let ends_acronym = next.is_some_and(char::is_lowercase) && !is_plural(text, at + this.len_utf8());
            if follows_lowercase || ends_acronym {
                return at;
            }
        }
        before = Some(this);
    }
    text.len()
}

/// Returns whether the character at the byte offset `at` is an `s` that ends its word.
fn is_plural(text: &str, at: usize) -> bool {
    let mut rest = text.get(at..).unwrap_or_default().chars();
    rest.next() == Some('s') && rest.next().is_none_or(|next| !next.is_lowercase())
}

/// Joins words into an identifier such as `SeatTypes`.
pub(super) fn pascal(words: &[String]) -> String {
    joined(words, |text| text.to_upper_camel_case())
}

/// Joins words into an identifier such as `seat_types`.
pub(super) fn snake(words: &[String]) -> String {
    joined(words, |text| text.to_snake_case())
}

/// Joins words into an identifier such as `SEAT_TYPES`.
pub(super) fn upper_snake(words: &[String]) -> String {
    joined(words, |text| text.to_shouty_snake_case())
}

fn joined(words: &[String], case: impl Fn(&str) -> String) -> String {
    let text = case(&words.join(" "));
    // Camel case would join adjacent numbers: `1.2` must not become `12`.
    if !words.windows(2).any(|pair| matches!(pair, [one, two] if ends_in_digit(one) && starts_with_digit(two)))
        || text.contains('_')
    {
        return text;
    }
    let mut separated = String::new();
    for word in words {
        if ends_in_digit(&separated) && starts_with_digit(word) {
            separated.push('_');
        }
        separated.push_str(&case(word));
    }
    separated
}

fn ends_in_digit(text: &str) -> bool {
    text.ends_with(|last: char| last.is_ascii_digit())
}

fn starts_with_digit(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_digit())
}

/// Returns the words of an enum value. Symbols are spelled out if the value has no letters or digits, or is a number
/// with a sign: `<=` becomes `less equal`, and `-1` becomes `minus 1`.
pub(super) fn value_words(value: &str) -> Vec<String> {
    if value.is_empty() {
        return vec!["empty".to_owned()];
    }
    let plain = words(value);
    let signed = value.starts_with(['+', '-']) && plain.first().is_some_and(|word| starts_with_digit(word));
    if !plain.is_empty() && !signed {
        return plain;
    }
    let mut words: Vec<String> = Vec::new();
    for symbol in value.chars().filter(|character| !character.is_alphanumeric()) {
        words.push(symbol_name(symbol).map_or_else(|| format!("u{:04x}", u32::from(symbol)), str::to_owned));
    }
    words.extend(plain);
    words
}

fn symbol_name(symbol: char) -> Option<&'static str> {
    Some(match symbol {
        '+' => "plus",
        '-' => "minus",
        '<' => "less",
        '>' => "greater",
        '=' => "equal",
        '!' => "not",
        '~' => "tilde",
        '*' => "star",
        '/' => "slash",
        '\\' => "backslash",
        '%' => "percent",
        '&' => "and",
        '|' => "or",
        '.' => "dot",
        ',' => "comma",
        ':' => "colon",
        ';' => "semicolon",
        '#' => "hash",
        '@' => "at",
        '$' => "dollar",
        '?' => "question",
        '^' => "caret",
        '_' => "underscore",
        ' ' => "space",
        '\n' => "newline",
        '\r' => "return",
        '\t' => "tab",
        '`' => "backtick",
        '"' | '\'' => "quote",
        '(' | ')' => "parenthesis",
        '[' | ']' => "bracket",
        '{' | '}' => "brace",
        _ => return None,
    })
}

/// Irregular plurals with their singulars, and words that look like plurals but are not.
const SINGULARS: [(&str, &str); 31] = [
    ("aliases", "alias"),
    ("analysis", "analysis"),
    ("aws", "aws"),
    ("biases", "bias"),
    ("bonuses", "bonus"),
    ("buses", "bus"),
    ("caches", "cache"),
    ("children", "child"),
    ("cookies", "cookie"),
    ("cors", "cors"),
    ("css", "css"),
    ("dns", "dns"),
    ("gps", "gps"),
    ("https", "https"),
    ("indices", "index"),
    ("ios", "ios"),
    ("macos", "macos"),
    ("matrices", "matrix"),
    ("mdns", "mdns"),
    ("movies", "movie"),
    ("news", "news"),
    ("os", "os"),
    ("pkcs", "pkcs"),
    ("prizes", "prize"),
    ("series", "series"),
    ("sizes", "size"),
    ("sms", "sms"),
    ("species", "species"),
    ("statuses", "status"),
    ("tls", "tls"),
    ("vertices", "vertex"),
];

/// Returns the singular of a plural in lower case. Returns other words unchanged.
pub(super) fn stem(word: &str) -> String {
    if let Some((_, singular)) = SINGULARS.iter().find(|(plural, _)| *plural == word) {
        return (*singular).to_owned();
    }
    if let Some(stem) = word.strip_suffix("ies") {
        return format!("{stem}y");
    }
    for ending in ["sses", "shes", "ches", "xes", "zes"] {
        if word.ends_with(ending) {
            return word.strip_suffix("es").unwrap_or(word).to_owned();
        }
    }
    word.strip_suffix('s').filter(|stem| stem.len() > 1 && !stem.ends_with(['s', 'u'])).unwrap_or(word).to_owned()
}

/// Returns words with the last word in the singular.
pub(super) fn singular(words: &[String]) -> Vec<String> {
    let mut words = words.to_vec();
    if let Some(last) = words.last_mut() {
        *last = stem(last);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(name: &str) -> String {
        words(name).join(" ")
    }

    #[test]
    fn names_split_into_words() {
        for (name, expected) in [
            ("searchCertificates", "search certificates"),
            ("IPv4Address", "ipv4 address"),
            ("publicIPv6", "public ipv6"),
            ("HTTPServer", "http server"),
            ("pkcs12Password", "pkcs12 password"),
            ("thumbprint_sha256", "thumbprint sha256"),
            ("SHA256_WITH_RSA", "sha256 with rsa"),
            ("profileIDs", "profile ids"),
            ("URLsOfHosts", "urls of hosts"),
            ("x-keyfactor-requested-with", "x keyfactor requested with"),
            ("subject.common_name", "subject common name"),
            ("OAuth2Token", "oauth2 token"),
            ("iOSDevice", "ios device"),
            ("ÄndereGröße", "ändere größe"),
            ("", ""),
            ("--", ""),
        ] {
            assert_eq!(split(name), expected, "{name}");
        }
    }

    #[test]
    fn adjacent_numbers_stay_separate() {
        assert_eq!(pascal(&words("IPv4Address")), "Ipv4Address");
        assert_eq!(pascal(&words("1.2")), "1_2");
        assert_eq!(snake(&words("1.2")), "1_2");
        assert_eq!(upper_snake(&words("flagOne")), "FLAG_ONE");
    }

    #[test]
    fn symbols_without_letters_are_spelled_out() {
        for (value, expected) in
            [("", "empty"), ("+1", "plus 1"), ("-1", "minus 1"), ("<", "less"), ("<=", "less equal"), ("a-b", "a b")]
        {
            assert_eq!(value_words(value).join(" "), expected, "{value}");
        }
    }

    #[test]
    fn singular_and_plural_have_same_stem() {
        for (one, many) in [
            ("certificate", "certificates"),
            ("policy", "policies"),
            ("status", "status"),
            ("class", "classes"),
            ("box", "boxes"),
            ("series", "series"),
            ("dns", "dns"),
            ("statuses", "status"),
            ("cache", "caches"),
            ("size", "sizes"),
        ] {
            assert_eq!(stem(one), stem(many));
        }
    }
}
