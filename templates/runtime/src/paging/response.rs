//! Paging information in responses: values of headers, and the targets of links to the next page.

use http::header::LINK;
use http::{HeaderMap, Uri};
use serde_json::Value;
use url::form_urlencoded;
use url::{Position, Url};

/// The maximum length of a host name in DNS, which limits the length of error messages.
const MAX_HOST_LENGTH: usize = 253;

/// Returns the value of a header, or `None` if it is missing, empty or not visible ASCII.
pub fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    let text = headers.get(name)?.to_str().ok()?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// Returns the integer in a header.
pub fn number(headers: &HeaderMap, name: &str) -> Option<i64> {
    text(headers, name)?.parse().ok()
}

/// Returns the `true` or `false` in a header.
pub fn flag(headers: &HeaderMap, name: &str) -> Option<bool> {
    text(headers, name)?.to_ascii_lowercase().parse().ok()
}

/// Returns the string or number in a property of any type as text.
pub fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Returns the target of the `Link` header with relation `next` (RFC 8288).
pub fn next_link(headers: &HeaderMap) -> Option<String> {
    headers.get_all(LINK).iter().filter_map(|value| value.to_str().ok()).find_map(next_of)
}

/// Returns the target of the `next` link in a single header.
fn next_of(mut rest: &str) -> Option<String> {
    loop {
        // Skips anything between two links.
        let (_, link) = rest.split_once('<')?;
        let (target, parameters) = link.split_once('>')?;
        let mut relation = None;
        let mut elsewhere = false;
        rest = parameters;
        while let Some(parameter) = rest.trim_start().strip_prefix(';') {
            let (name, value, behind) = link_parameter(parameter);
            match name.to_ascii_lowercase().as_str() {
                // RFC 8288, section 3.3: only the first `rel` is used.
                "rel" if relation.is_none() => relation = Some(value),
                // Section 3.2: the link is about another resource than this page.
                "anchor" => elsewhere = true,
                _ => {}
            }
            rest = behind;
        }
        let is_next =
            relation.is_some_and(|relation| relation.split_whitespace().any(|word| word.eq_ignore_ascii_case("next")));
        if is_next && !elsewhere {
            return Some(target.trim().to_owned());
        }
    }
}

/// Parses a parameter of a link: returns its name, its value and the rest.
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

/// Returns the path and query of a link in a response from `from`, without the query parameters of `credentials`, which
/// the client sends itself.
///
/// The fragment is removed, as are user name and password, because the client has its own credentials.
pub(super) fn target(link: &str, from: &Uri, credentials: &[&str]) -> Result<String, String> {
    let unusable = |error: url::ParseError| format!("the next link cannot be read: {error}");
    let from = Url::parse(&from.to_string()).map_err(unusable)?;
    let url = from.join(link.trim()).map_err(unusable)?;
    let origin = |url: &Url| (url.scheme().to_owned(), url.host_str().map(str::to_owned), url.port_or_known_default());
    if origin(&url) != origin(&from) {
        // Nothing is sent to another origin, in particular no credentials.
        let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
        let host: String = url.host_str().unwrap_or_default().chars().take(MAX_HOST_LENGTH).collect();
        let origin = format!("{}://{host}{port}", url.scheme());
        return Err(format!("the next link leads to another origin, `{origin}`, and is not followed"));
    }
    Ok(own_target(&url, credentials))
}

/// Returns the path and query of the request.
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
