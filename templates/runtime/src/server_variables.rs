//! Substitution of variables in server URLs.
//!
//! A value must not change other components of the URL: for example, a value in the path must not change the host. Only
//! a variable at the beginning of the URL, such as `{base}/v1`, may have an absolute URL as its value.

use super::api::{ServerInfo, ServerVariable};
use super::server::{BaseUrl, ServerError, is_absolute};

/// Returns the value that the caller set for a variable. If it was set several times, the last value wins.
fn configured_value<'a>(variable: &ServerVariable, values: &'a [(String, String)]) -> Option<&'a str> {
    values.iter().rev().find(|(name, _)| name == variable.name).map(|(_, value)| value.as_str())
}

/// Returns the variable at the beginning of a server URL, if the URL begins with one.
fn first_variable(server: &ServerInfo) -> Option<&'static ServerVariable> {
    let (name, _) = server.url.strip_prefix('{')?.split_once('}')?;
    server.variables.iter().find(|variable| variable.name == name)
}

/// Returns the error for a server URL that is relative. If the URL begins with a variable, the error is about the
/// variable: its value is missing or not an absolute URL.
pub fn relative(server: &ServerInfo, values: &[(String, String)], url: String) -> ServerError {
    match first_variable(server) {
        Some(first) if configured_value(first, values).is_some() => {
            let message = "whose value is not an absolute URL: begin it with `https://`";
            ServerError::Url { message: format!("begins with the variable `{}`, {message}", first.name) }
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
    // The variable at the beginning of the URL is substituted last, because its value is checked together with the text
    // that follows in the URL.
    let is_first = |variable: &ServerVariable| first.is_some_and(|first| first.name == variable.name);
    for variable in server.variables.iter().filter(|variable| !is_first(variable)).chain(first) {
        let placeholder = format!("{{{}}}", variable.name);
        url = match configured_value(variable, values) {
            Some(value) if is_first(variable) && is_absolute(value) => {
                let value = checked(variable, value)?;
                let rest = url.strip_prefix(&placeholder).unwrap_or_default();
                beginning(variable, value, rest)?
            }
            Some(value) if is_absolute(value) => return Err(not_allowed_here(variable)),
            Some(value) => url.replace(&placeholder, checked(variable, value)?),
            None if variable.required => return Err(missing(server, variable)),
            None => url.replace(&placeholder, variable.default),
        };
    }
    // A URL that begins with `//` has its own host, which would replace the host of the base URL.
    if url.starts_with("//") && !server.url.starts_with("//") {
        return Err(ServerError::Url {
            message: "begins with `//` because of the value of a variable; this would change the host".to_owned(),
        });
    }
    Ok(url)
}

/// Returns a server URL that begins with `value`, the absolute URL set for a variable. `rest`, the text after the
/// variable, must not change the host.
fn beginning(variable: &ServerVariable, value: &str, rest: &str) -> Result<String, ServerError> {
    let base = BaseUrl::parse(value)?;
    let is_bare = base.is_bare() && !value.ends_with('/');
    let is_port = rest.strip_prefix(':').is_some_and(|port| port.starts_with(|first: char| first.is_ascii_digit()));
    // All other variables have been substituted, so a placeholder in `rest` refers to `variable` again. The value of
    // `variable`, an absolute URL, is only valid at the beginning of the URL.
    let is_separate = rest.is_empty() || rest.starts_with('/') || (is_port && is_bare);
    if !is_separate || rest.contains(['{', '}']) {
        return Err(not_allowed_here(variable));
    }
    let value = if rest.starts_with('/') { value.trim_end_matches('/') } else { value };
    Ok(format!("{value}{rest}"))
}

fn not_allowed_here(variable: &ServerVariable) -> ServerError {
    ServerError::Url {
        message: format!(
            "cannot contain the value of the variable `{}`: the value is empty or would change another part of the URL",
            variable.name
        ),
    }
}

/// Returns the value of a variable if the spec allows the value and it contains no characters that could change another
/// component of the URL.
fn checked<'a>(variable: &ServerVariable, value: &'a str) -> Result<&'a str, ServerError> {
    if !variable.allowed.is_empty() && !variable.allowed.contains(&value) {
        return Err(ServerError::not_allowed(variable.name, value, variable.allowed));
    }
    // Rejects, for example, `@`, which would turn the host into a user name, and `?`, which would end the path.
    let foreign = |c: char| c.is_control() || c.is_whitespace() || matches!(c, '?' | '#' | '@' | '\\' | '{' | '}');
    if value.is_empty() || value.contains(foreign) {
        return Err(not_allowed_here(variable));
    }
    Ok(value)
}

/// Implements the conversions of an enum of the values of a server variable:
/// `server_values!(Name, "variable", (Variant, "value"), …)`.
// Unused if no server variable has a list of values.
#[allow(unused_macros)]
#[cfg_attr(feature = "shared", macro_export, doc(hidden))]
macro_rules! server_values {
    ($name:ident, $variable:literal $(, ($variant:ident, $value:literal))* $(,)?) => {
        impl $name {
            /// The values that the API definition lists, in the same order.
            pub const VALUES: &'static [Self] = &[$(Self::$variant),*];

            /// Returns the value as it appears in the URL.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $value,)*
                }
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl ::std::convert::AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl ::std::convert::From<$name> for ::std::string::String {
            fn from(value: $name) -> Self {
                ::std::borrow::ToOwned::to_owned(value.as_str())
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = $crate::runtime::ServerError;

            fn from_str(text: &str) -> ::std::result::Result<Self, $crate::runtime::ServerError> {
                match text {
                    $($value => ::std::result::Result::Ok(Self::$variant),)*
                    _ => ::std::result::Result::Err($crate::runtime::ServerError::not_allowed($variable, text, &[$($value),*])),
                }
            }
        }
    };
}

// Unused if no server variable has a list of values.
#[allow(unused_imports)]
pub(crate) use server_values;
