//! Substitution of variables in server URLs.
//!
//! A value replaces one component of the URL and cannot change others. Only a variable at the beginning of the URL may
//! have an absolute URL as its value, with scheme, host and port.

use super::api::{ServerInfo, ServerVariable};
use super::server::{BaseUrl, ServerError};

/// Returns whether a URL has a scheme and a host.
pub fn is_absolute(url: &str) -> bool {
    url.contains("://")
}

/// Returns the configured value of a variable; the last one wins.
fn configured_value<'a>(variable: &ServerVariable, values: &'a [(String, String)]) -> Option<&'a str> {
    values.iter().rev().find(|(name, _)| name == variable.name).map(|(_, value)| value.as_str())
}

/// Returns the variable at the beginning of a server URL.
fn first_variable(server: &ServerInfo) -> Option<&'static ServerVariable> {
    let (name, _) = server.url.strip_prefix('{')?.split_once('}')?;
    server.variables.iter().find(|variable| variable.name == name)
}

/// Returns the error for a URL without a host. Its first variable, if any, is not set or has an unsuitable value.
pub fn relative(server: &ServerInfo, values: &[(String, String)], url: String) -> ServerError {
    match first_variable(server) {
        Some(first) if configured_value(first, values).is_some() => {
            let message = "has a value that is not an absolute URL: begin it with `https://`";
            ServerError::Url { message: format!("begins with the variable `{}`, which {message}", first.name) }
        }
        Some(first) if first.default.is_empty() => missing(server, first),
        _ => ServerError::Relative { url },
    }
}

fn missing(server: &ServerInfo, variable: &ServerVariable) -> ServerError {
    ServerError::MissingVariable { url: server.url.to_owned(), name: variable.name.to_owned() }
}

/// Returns the URL of a server with its variables substituted.
pub fn fill(server: &ServerInfo, values: &[(String, String)]) -> Result<String, ServerError> {
    let first = first_variable(server);
    let mut url = server.url.to_owned();
    // The first variable of the URL is substituted last: whether its value fits depends on the rest.
    let is_first = |variable: &ServerVariable| first.is_some_and(|first| first.name == variable.name);
    for variable in server.variables.iter().filter(|variable| !is_first(variable)).chain(first) {
        let place = format!("{{{}}}", variable.name);
        url = match configured_value(variable, values) {
            Some(value) if is_first(variable) && is_absolute(value) => {
                let value = checked(variable, value)?;
                let rest = url.strip_prefix(&place).unwrap_or_default();
                beginning(variable, value, rest)?
            }
            Some(value) if is_absolute(value) => return Err(not_held(variable)),
            Some(value) => url.replace(&place, checked(variable, value)?),
            None if variable.required => return Err(missing(server, variable)),
            None => url.replace(&place, variable.default),
        };
    }
    // Resolved against a base, such a URL would have another host.
    if url.starts_with("//") && !server.url.starts_with("//") {
        return Err(ServerError::Url {
            message: "would have another host because of the value of a variable".to_owned(),
        });
    }
    Ok(url)
}

/// Returns a URL that begins with the absolute URL of a variable. The rest must not change its host.
fn beginning(variable: &ServerVariable, value: &str, rest: &str) -> Result<String, ServerError> {
    let base = BaseUrl::parse(value)?;
    let is_bare = base.is_bare() && !value.ends_with('/');
    let is_port = rest.strip_prefix(':').is_some_and(|port| port.starts_with(|first: char| first.is_ascii_digit()));
    // A remaining placeholder is the same variable again, where a URL is not valid.
    let is_behind = rest.is_empty() || rest.starts_with('/') || (is_port && is_bare);
    if !is_behind || rest.contains(['{', '}']) {
        return Err(not_held(variable));
    }
    let value = if rest.starts_with('/') { value.trim_end_matches('/') } else { value };
    Ok(format!("{value}{rest}"))
}

fn not_held(variable: &ServerVariable) -> ServerError {
    ServerError::Url { message: format!("cannot contain the value of the variable `{}`", variable.name) }
}

/// Returns the value if the spec allows it and it only contains characters valid in its component of the URL.
fn checked<'a>(variable: &ServerVariable, value: &'a str) -> Result<&'a str, ServerError> {
    if !variable.allowed.is_empty() && !variable.allowed.contains(&value) {
        return Err(ServerError::NotAllowed {
            name: variable.name.to_owned(),
            value: value.to_owned(),
            allowed: variable.allowed.iter().map(|allowed| format!("`{allowed}`")).collect::<Vec<_>>().join(", "),
        });
    }
    // Characters that could turn the host into a user name or end the path are rejected.
    let foreign = |c: char| c.is_control() || c.is_whitespace() || matches!(c, '?' | '#' | '@' | '\\' | '{' | '}');
    if value.is_empty() || value.contains(foreign) {
        return Err(not_held(variable));
    }
    Ok(value)
}
