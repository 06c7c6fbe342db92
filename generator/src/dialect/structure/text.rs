//! Texts whose form HTTP or OpenAPI prescribes: a text in, whether it is of that form out.

use crate::diagnostics::quoted;

/// Whether a text can be a URL, absolute or relative. Less is refused than by RFC 3986: what is between words or around a URL,
/// which says that a text is meant for people.
pub(super) fn is_url(text: &str) -> bool {
    let refused = |letter: char| letter.is_whitespace() || letter.is_control() || matches!(letter, '<' | '>');
    !text.is_empty() && !text.contains(refused)
}

/// Whether a text can be the address of a mailbox.
pub(super) fn is_email(text: &str) -> bool {
    let refused = |letter: char| letter.is_whitespace() || letter.is_control();
    !text.contains(refused)
        && text.rsplit_once('@').is_some_and(|(mailbox, domain)| !mailbox.is_empty() && !domain.is_empty())
}

/// Whether a text is a token of HTTP (RFC 9110, section 5.6.2), as the names of headers are.
pub(super) fn is_token(text: &str) -> bool {
    let is_token_byte = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !text.is_empty() && text.bytes().all(is_token_byte)
}

/// A name as messages show it.
pub(super) fn shown(name: &str) -> String {
    if name.is_empty() { "an empty string".to_owned() } else { quoted(name) }
}

/// Whether only the client sets a header of this name: it frames the message or names the server (RFC 9110, sections 6.6.2,
/// 7.2 and 8.6; RFC 9112, section 6.1), or is about one connection (RFC 9110, section 7.6.1).
pub(super) fn is_of_the_client(header: &str) -> bool {
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

/// Whether a text is a media type or a range of them, with parameters or without (RFC 9110, section 8.3.1).
pub(super) fn is_media_type(text: &str) -> bool {
    let essence = text.split(';').next().unwrap_or_default().trim();
    essence.split_once('/').is_some_and(|(kind, subtype)| is_token(kind) && is_token(subtype))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_texts() {
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
    }
}
