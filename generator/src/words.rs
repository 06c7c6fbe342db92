//! Splits names into words, and determines the singular of words.

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
pub(crate) fn stem(word: &str) -> String {
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
pub(crate) fn singular(words: &[String]) -> Vec<String> {
    let mut words = words.to_vec();
    if let Some(last) = words.last_mut() {
        *last = stem(last);
    }
    words
}

/// Returns the longest prefix of `text` that has at most `bytes` bytes and does not split a character.
pub(crate) fn beginning(text: &str, bytes: usize) -> &str {
    let end = (0..=bytes.min(text.len())).rev().find(|end| text.is_char_boundary(*end));
    text.get(..end.unwrap_or_default()).unwrap_or_default()
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
