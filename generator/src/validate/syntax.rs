//! Checks strings whose syntax HTTP, JSON Schema or OpenAPI defines.

use crate::diagnostics::quoted;

/// Returns whether a string can be a URL, absolute or relative. Accepts more than RFC 3986: refuses only the empty
/// string, white space, control characters and angle brackets, because these show that the string is prose.
pub(super) fn is_url(text: &str) -> bool {
    let refused = |letter: char| letter.is_whitespace() || letter.is_control() || matches!(letter, '<' | '>');
    !text.is_empty() && !text.contains(refused)
}

/// Returns whether a string can be an email address.
pub(super) fn is_email(text: &str) -> bool {
    let refused = |letter: char| letter.is_whitespace() || letter.is_control();
    !text.contains(refused)
        && text.rsplit_once('@').is_some_and(|(mailbox, domain)| !mailbox.is_empty() && !domain.is_empty())
}

/// Returns whether a string is a token of HTTP (RFC 9110, section 5.6.2), such as the name of a header or method.
pub(super) fn is_token(text: &str) -> bool {
    let is_token_byte = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !text.is_empty() && text.bytes().all(is_token_byte)
}

/// Returns a name in quotes, or "an empty string", for messages.
pub(super) fn shown(name: &str) -> String {
    if name.is_empty() { "an empty string".to_owned() } else { quoted(name) }
}

/// Returns whether only the HTTP client sets a header: it frames the message or names the server (RFC 9110, sections
/// 6.6.2, 7.2 and 8.6; RFC 9112, section 6.1), or is about one connection (RFC 9110, section 7.6.1).
pub(super) fn is_set_by_client(header: &str) -> bool {
    const HEADERS: [&str; 9] = [
        "connection",
        "content-length",
        "host",
        "keep-alive",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    ];
    HEADERS.iter().any(|name| header.eq_ignore_ascii_case(name))
}

/// Returns whether a string is a media type or a media range, with or without parameters (RFC 9110, section 8.3.1).
pub(super) fn is_media_type(text: &str) -> bool {
    let essence = text.split(';').next().unwrap_or_default().trim();
    essence.split_once('/').is_some_and(|(kind, subtype)| is_token(kind) && is_token(subtype))
}

/// Returns whether a string is an anchor of JSON Schema 2020-12.
pub(super) fn is_anchor(text: &str) -> bool {
    let mut letters = text.chars();
    let first = letters.next().is_some_and(|letter| letter.is_ascii_alphabetic() || letter == '_');
    first && letters.all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.'))
}

/// Returns whether a string is a valid `host` of Swagger 2.0: a name or IP address, and an optional port.
pub(super) fn is_host(text: &str) -> bool {
    let (name, port) = text.split_once(':').map_or((text, None), |(name, port)| (name, Some(port)));
    let refused = |letter: char| matches!(letter, '{' | '}' | '/' | ' ' | '\\');
    !name.is_empty()
        && !name.contains(refused)
        && port.is_none_or(|port| !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invalid_url_email_media_type_or_host_is_rejected() {
        for url in
            ["https://example.com/a?b=c#d", "../docs", "https://{tenant}.example.com", "a", "https://example.com/é"]
        {
            assert!(is_url(url), "{url}");
        }
        for other in ["", "see the docs", "<https://example.com>", "https://example.com\n"] {
            assert!(!is_url(other), "{other}");
        }
        assert!(is_email("a@b") && is_email("\"x@y\"@example.com"));
        assert!(["", "a", "@b", "a@", "a b@c"].into_iter().all(|other| !is_email(other)));
        assert!(is_token("X-Request-Id") && ["", "X A", "X:A", "é"].into_iter().all(|other| !is_token(other)));
        for media_type in ["application/json", "*/*", "text/*; charset=utf-8", "application/vnd.a.b+json;version=1"] {
            assert!(is_media_type(media_type), "{media_type}");
        }
        assert!(["json", "schema", "a/", "/b", "a/b/c", ""].into_iter().all(|other| !is_media_type(other)));
        assert!(is_anchor("_a-b.C1") && ["", "1", "a b", "/a"].into_iter().all(|other| !is_anchor(other)));
        assert!(is_host("api.example.com:8080") && is_host("localhost"));
        assert!(["", "https://a", "a/b", "a:", "a:x", "{a}"].into_iter().all(|other| !is_host(other)));
    }
}
