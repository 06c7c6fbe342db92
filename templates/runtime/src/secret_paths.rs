//! Paths that locate secrets in request and response bodies, so that error messages can mask them.

/// The path of a secret in a JSON value or a form, made of property names and wildcards.
///
/// For example, `["user", "password"]` is the property `password` of the property `user`, and `["*", "token"]` is the
/// property `token` of each item of an array. The wildcard `*` matches an item of an array or any property; `**`, as
/// the first segment, matches any number of segments. Names match case-insensitively (ASCII).
///
/// A path that ends with a name covers all values within the property. A path that is empty or ends with a wildcard
/// covers strings, numbers and booleans, but not arrays and objects.
pub type SecretPath = &'static [&'static str];

/// The paths for a value in which every string, number and boolean is a secret.
#[cfg(feature = "multipart")]
pub const ANY_STRING: &[SecretPath] = &[&["**"]];

/// The path segment for an item of an array.
pub const ITEM: &str = "*";

/// Returns whether the value at the path `at` is a secret. `is_container` is true if the value is an array or object.
pub fn is_secret(paths: &[SecretPath], at: &[&str], is_container: bool) -> bool {
    paths.iter().any(|path| (!is_container || name(path).is_some()) && matches(path, at))
}

/// Returns whether the value at the path `at` is a secret or is contained in a secret array or object.
pub fn is_within_secret(paths: &[SecretPath], at: &[&str], is_container: bool) -> bool {
    let mut above = (0..at.len()).filter_map(|length| at.get(..length));
    is_secret(paths, at, is_container) || above.any(|at| is_secret(paths, at, true))
}

/// Returns the property name at the end of each path. The names are used to mask text that is not valid JSON. Returns
/// `None` if a path does not end with a name, because the complete text may then be secret.
pub fn names(paths: &[SecretPath]) -> Option<Vec<&'static str>> {
    paths.iter().map(|path| name(path)).collect()
}

/// Returns the name at the end of a path, or `None` if the path is empty or ends with a wildcard.
fn name(path: SecretPath) -> Option<&'static str> {
    path.last().copied().filter(|step| !matches!(*step, "*" | "**"))
}

/// Returns whether the path, which may contain wildcards, matches the location `at` of a value.
fn matches(path: SecretPath, at: &[&str]) -> bool {
    let (path, at) = match path.split_first() {
        Some((&"**", path)) => (path, at.get(at.len().saturating_sub(path.len())..).unwrap_or_default()),
        _ => (path, at),
    };
    let is_same = |(step, at): (&&str, &&str)| *step == "*" || step.eq_ignore_ascii_case(at);
    path.len() == at.len() && path.iter().zip(at).all(is_same)
}
