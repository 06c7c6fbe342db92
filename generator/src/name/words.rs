//! Wire names split into words, and words joined into Rust's cases.

use super::identifier::beginning;
use heck::{ToShoutySnakeCase, ToSnakeCase, ToUpperCamelCase};

/// Words that capitals alone would split in the wrong place.
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

/// So much of a name is split into words; no identifier takes as much.
const LONGEST: usize = 1024;

/// The words of a wire name, in lower case.
pub(crate) fn words(name: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = beginning(name, LONGEST);
    while let Some(first) = rest.chars().next() {
        if !first.is_alphanumeric() {
            rest = rest.get(first.len_utf8()..).unwrap_or_default();
            continue;
        }
        let length = acronym(rest).unwrap_or_else(|| word(rest));
        let (word, behind) = rest.split_at_checked(length).unwrap_or((rest, ""));
        words.push(word.to_lowercase());
        rest = behind;
    }
    words
}

/// The length of the acronym that `text` begins with, if it does and no word goes on behind it.
fn acronym(text: &str) -> Option<usize> {
    let known = ACRONYMS.iter().find(|acronym| {
        text.strip_prefix(**acronym)
            .is_some_and(|behind| !behind.starts_with(|next: char| next.is_lowercase()) || behind == "s")
    })?;
    let plural = text.get(known.len()..) == Some("s");
    Some(known.len() + usize::from(plural))
}

/// The length of the word that `text` begins with: it ends at a separator, before a capital behind a small letter or digit,
/// and before the last capital of a run of capitals that goes on in small letters (`HTTPServer`), `s` for a plural apart (`IDs`).
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
            let behind_small = !before.is_uppercase();
            let run_goes_on_small = next.is_some_and(char::is_lowercase) && !is_plural(text, at + this.len_utf8());
            if behind_small || run_goes_on_small {
                return at;
            }
        }
        before = Some(this);
    }
    text.len()
}

/// Whether an `s` stands at `at` and closes its word.
fn is_plural(text: &str, at: usize) -> bool {
    let mut behind = text.get(at..).unwrap_or_default().chars();
    behind.next() == Some('s') && behind.next().is_none_or(|next| !next.is_lowercase())
}

/// `SeatTypes`
pub(super) fn pascal(words: &[String]) -> String {
    joined(words, |text| text.to_upper_camel_case())
}

/// `seat_types`
pub(super) fn snake(words: &[String]) -> String {
    joined(words, |text| text.to_snake_case())
}

/// `SEAT_TYPES`
pub(super) fn shouty(words: &[String]) -> String {
    joined(words, |text| text.to_shouty_snake_case())
}

fn joined(words: &[String], case: impl Fn(&str) -> String) -> String {
    let text = case(&words.join(" "));
    // Two numbers in a row would grow together in camel case: 1.2 is not 12.
    if !words.windows(2).any(|pair| matches!(pair, [one, two] if ends_in_digit(one) && starts_with_digit(two)))
        || text.contains('_')
    {
        return text;
    }
    let mut parted = String::new();
    for word in words {
        if ends_in_digit(&parted) && starts_with_digit(word) {
            parted.push('_');
        }
        parted.push_str(&case(word));
    }
    parted
}

fn ends_in_digit(text: &str) -> bool {
    text.ends_with(|last: char| last.is_ascii_digit())
}

fn starts_with_digit(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_digit())
}

/// The words of an enum's value: where letters and digits do not tell it, its symbols are spelt out.
pub(super) fn value_words(value: &str) -> Vec<String> {
    if value.is_empty() {
        return vec!["empty".to_owned()];
    }
    let plain = words(value);
    let signed = value.starts_with(['+', '-']) && plain.first().is_some_and(|word| starts_with_digit(word));
    if !plain.is_empty() && !signed {
        return plain;
    }
    let mut spelt: Vec<String> = Vec::new();
    for symbol in value.chars().filter(|character| !character.is_alphanumeric()) {
        spelt.push(symbol_name(symbol).map_or_else(|| format!("u{:04x}", u32::from(symbol)), str::to_owned));
    }
    spelt.extend(plain);
    spelt
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

/// Plurals that the rules would get wrong, and words that only look like plurals.
const SINGULARS: [(&str, &str); 30] = [
    ("aliases", "alias"),
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

/// A word such that singular and plural compare equal.
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

#[cfg(test)]
mod tests {
    use super::*;

    fn split(name: &str) -> String {
        words(name).join(" ")
    }

    #[test]
    fn splits_where_a_reader_would() {
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
    fn joins_without_losing_a_boundary_between_numbers() {
        assert_eq!(pascal(&words("IPv4Address")), "Ipv4Address");
        assert_eq!(pascal(&words("1.2")), "1_2");
        assert_eq!(snake(&words("1.2")), "1_2");
        assert_eq!(shouty(&words("flagOne")), "FLAG_ONE");
    }

    #[test]
    fn spells_out_symbols_where_nothing_else_is_left() {
        for (value, expected) in
            [("", "empty"), ("+1", "plus 1"), ("-1", "minus 1"), ("<", "less"), ("<=", "less equal"), ("a-b", "a b")]
        {
            assert_eq!(value_words(value).join(" "), expected, "{value}");
        }
    }

    #[test]
    fn stems_compare_singular_with_plural() {
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
