//! Paths of secrets within the values of a call.

/// The path of a secret in a JSON value or a form, made of property names and wildcards.
///
/// `*` matches an item of an array or any property; `**`, as the first segment, matches any number of segments. A path
/// that ends with a name covers everything within the property. A path without a name (the empty path is the value
/// itself) covers strings, numbers and booleans, but not arrays and objects. Names match case-insensitively (ASCII).
pub type SecretPath = &'static [&'static str];

/// The paths of a value in which every string, number and boolean is a secret.
pub const ANY_STRING: &[SecretPath] = &[&["**"]];

/// The segment for an item of an array.
pub const ITEM: &str = "*";

/// Returns whether the value at this path is a secret.
pub fn is_secret(paths: &[SecretPath], at: &[&str], is_container: bool) -> bool {
    paths.iter().any(|path| (!is_container || name(path).is_some()) && leads_to(path, at))
}

/// Returns whether the value at this path is a secret or is contained in one.
pub fn is_within_secret(paths: &[SecretPath], at: &[&str], is_container: bool) -> bool {
    let mut above = (0..at.len()).filter_map(|length| at.get(..length));
    is_secret(paths, at, is_container) || above.any(|at| is_secret(paths, at, true))
}

/// Returns the property names of the secrets, for text that is not valid JSON. Returns `None` if a secret has no name,
/// so that the whole text may be secret.
pub fn names(paths: &[SecretPath]) -> Option<Vec<&'static str>> {
    paths.iter().map(|path| name(path)).collect()
}

fn name(path: SecretPath) -> Option<&'static str> {
    path.last().copied().filter(|step| !matches!(*step, "*" | "**"))
}

fn leads_to(path: SecretPath, at: &[&str]) -> bool {
    let (path, at) = match path.split_first() {
        Some((&"**", path)) => (path, at.get(at.len().saturating_sub(path.len())..).unwrap_or_default()),
        _ => (path, at),
    };
    let is_same = |(step, at): (&&str, &&str)| *step == "*" || step.eq_ignore_ascii_case(at);
    path.len() == at.len() && path.iter().zip(at).all(is_same)
}
