//! Recognises URLs that are passed as paths of documents. They are refused with the command that fetches the document:
//! the generator reads nothing over the network, so that its result depends only on committed files.

use crate::diagnostics::quoted;

/// Returns whether a path is an HTTP URL.
pub(super) fn is_url(path: &str) -> bool {
    let scheme = path.split_once("://").map(|(scheme, _)| scheme.to_ascii_lowercase());
    matches!(scheme.as_deref(), Some("http" | "https"))
}

/// Returns the error message for a URL that was passed as the path of a document.
pub(super) fn refusal(url: &str) -> String {
    format!("{} is a URL, but nothing is read over the network\nhelp: {}", quoted(url), fetch_help(url))
}

/// Returns the help text with the command that fetches a document.
pub(super) fn fetch_help(url: &str) -> String {
    let file = file_name(url);
    format!("run `curl --fail --location --output {file} {}`, and use the path `{file}`", shell_word(url))
}

/// Returns the last segment of the URL's path if it is a plain file name, otherwise `openapi.yaml`.
fn file_name(url: &str) -> &str {
    let path = url.split_once("://").map_or(url, |(_, rest)| rest).split(['?', '#']).next().unwrap_or_default();
    let name = path.split_once('/').and_then(|(_, path)| path.rsplit('/').next()).unwrap_or_default();
    let is_plain = name.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c))
        && name.starts_with(|first: char| first.is_ascii_alphanumeric());
    if is_plain { name } else { "openapi.yaml" }
}

/// Quotes a word for a POSIX shell if it contains characters with a special meaning.
pub fn shell_word(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/._-=:,+%@".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn http_urls_are_recognised() {
        for url in ["https://api.example/openapi.yaml", "http://a", "HTTPS://a/b"] {
            assert!(is_url(url), "{url}");
        }
        for path in ["openapi.yaml", "C:/a.yaml", "https:/a", "-", "ftp://a/b"] {
            assert!(!is_url(path), "{path}");
        }
    }

    #[test]
    fn command_saves_under_name_in_url() {
        for (url, file) in [
            ("https://api.example/v2/openapi.json?raw=1#x", "openapi.json"),
            ("https://api.example", "openapi.yaml"),
            ("https://api.example/docs/", "openapi.yaml"),
            ("https://api.example/a;rm%20-r", "openapi.yaml"),
            ("https://api.example/--data", "openapi.yaml"),
        ] {
            assert_eq!(file_name(url), file, "{url}");
        }
        let help = fetch_help("https://api.example/a'$(x)");
        assert!(help.contains(r"--output openapi.yaml 'https://api.example/a'\''$(x)'`"), "{help}");
    }
}
