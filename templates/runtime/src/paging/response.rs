//! Extraction of paging information from responses: header values, and links to the next page.

use http::header::LINK;
use http::{HeaderMap, Uri};
use serde::Serialize;
use serde_json::Value;
use url::form_urlencoded;
use url::{Position, Url};

/// The maximum length of a host name in DNS. Longer host names are truncated in error messages.
const MAX_HOST_LENGTH: usize = 253;

/// Returns the value of a header, or `None` if the header is missing, empty or contains characters other than visible
/// ASCII.
pub fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    let text = headers.get(name)?.to_str().ok()?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// Returns the value of a header as an integer, or `None` if the header is missing or not an integer.
pub fn number(headers: &HeaderMap, name: &str) -> Option<i64> {
    text(headers, name)?.parse().ok()
}

/// Returns the value of a header as a boolean, or `None` if the header is missing or not `true` or `false`.
pub fn flag(headers: &HeaderMap, name: &str) -> Option<bool> {
    text(headers, name)?.to_ascii_lowercase().parse().ok()
}

/// Returns a value that is serialized as a string or number as a string, or `None` for other values.
pub fn text_of<T: Serialize + ?Sized>(value: &T) -> Option<String> {
    match serde_json::to_value(value).ok()? {
        Value::String(text) => Some(text),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Returns the target of the link with relation `next` in the `Link` headers (RFC 8288).
pub fn next_link(headers: &HeaderMap) -> Option<String> {
    headers.get_all(LINK).iter().filter_map(|value| value.to_str().ok()).find_map(next_of)
}

/// Returns the target of the link with relation `next` in a single `Link` header.
fn next_of(mut rest: &str) -> Option<String> {
    loop {
        // Skips the separator between two links.
        let (_, link) = rest.split_once('<')?;
        let (target, parameters) = link.split_once('>')?;
        let mut relation = None;
        let mut elsewhere = false;
        rest = parameters;
        while let Some(parameter) = rest.trim_start().strip_prefix(';') {
            let (name, value, after) = link_parameter(parameter);
            match name.to_ascii_lowercase().as_str() {
                // RFC 8288, section 3.3: only the first `rel` is used.
                "rel" if relation.is_none() => relation = Some(value),
                // RFC 8288, section 3.2: the link belongs to a resource other than this page.
                "anchor" => elsewhere = true,
                _ => {}
            }
            rest = after;
        }
        let is_next =
            relation.is_some_and(|relation| relation.split_whitespace().any(|word| word.eq_ignore_ascii_case("next")));
        if is_next && !elsewhere {
            return Some(target.trim().to_owned());
        }
    }
}

/// Parses a parameter of a link. Returns its name, its value and the text after it.
fn link_parameter(text: &str) -> (&str, String, &str) {
    let text = text.trim_start();
    let end = text.find(['=', ';', ',']).unwrap_or(text.len());
    let (name, rest) = text.split_at_checked(end).unwrap_or((text, ""));
    let name = name.trim_end();
    let Some(rest) = rest.strip_prefix('=').map(str::trim_start) else { return (name, String::new(), rest) };
    let Some(quoted) = rest.strip_prefix('"') else {
        let end = rest.find([';', ',']).unwrap_or(rest.len());
        let (value, rest) = rest.split_at_checked(end).unwrap_or((rest, ""));
        return (name, value.trim_end().to_owned(), rest);
    };
    let mut value = String::new();
    let mut letters = quoted.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => return (name, value, quoted.get(at + 1..).unwrap_or_default()),
            '\\' => value.extend(letters.next().map(|(_, escaped)| escaped)),
            letter => value.push(letter),
        }
    }
    (name, value, "")
}

/// Resolves a link in the response to a request for the URL `from`, and returns the path and query of the link. The
/// query parameters with the names in `credentials` are removed, because the client adds its own credentials.
///
/// # Errors
///
/// The link is not a valid URL, or leads to another scheme, host or port.
pub(super) fn target(link: &str, from: &Uri, credentials: &[&str]) -> Result<String, String> {
    let unusable = |error: url::ParseError| format!("the next link cannot be read: {error}");
    let from = Url::parse(&from.to_string()).map_err(unusable)?;
    let url = from.join(link.trim()).map_err(unusable)?;
    let origin = |url: &Url| (url.scheme().to_owned(), url.host_str().map(str::to_owned), url.port_or_known_default());
    if origin(&url) != origin(&from) {
        // Requests, and in particular credentials, must not be sent to another origin.
        let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
        let host: String = url.host_str().unwrap_or_default().chars().take(MAX_HOST_LENGTH).collect();
        let origin = format!("{}://{host}{port}", url.scheme());
        return Err(format!("the next link is not followed, because it leads to another origin: `{origin}`"));
    }
    Ok(own_target(&url, credentials))
}

/// Returns the path and query of a request URL, without the query parameters with the names in `credentials`.
pub(super) fn target_of(uri: &Uri, credentials: &[&str]) -> Option<String> {
    Url::parse(&uri.to_string()).ok().map(|url| own_target(&url, credentials))
}

fn own_target(url: &Url, credentials: &[&str]) -> String {
    let Some(query) = url.query().filter(|_| !credentials.is_empty()) else {
        return url[Position::BeforePath..Position::AfterQuery].to_owned();
    };
    let is_own = |pair: &&str| {
        let name = form_urlencoded::parse(pair.as_bytes()).next();
        !name.is_some_and(|(name, _)| credentials.contains(&name.as_ref()))
    };
    let query: Vec<&str> = query.split('&').filter(is_own).collect();
    let separator = if query.is_empty() { "" } else { "?" };
    format!("{}{separator}{}", url.path(), query.join("&"))
}
