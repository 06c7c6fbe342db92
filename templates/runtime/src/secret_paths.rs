//! Where the values of a call hold secrets.
//!
//! In: the paths that generated code states for each operation. Out: whether a place in a value is one of them.

/// The path of a secret in a JSON value or a form: the names of properties, and wildcards.
///
/// `*` is an item of an array or a property of any name, and `**`, as the first step, any number of steps. A path that ends
/// with a name covers all that the property contains. A path without a name (the empty one is the value itself) covers
/// strings, numbers and booleans, but not arrays and objects. Names match in any ASCII case.
pub type SecretPath = &'static [&'static str];

/// The paths of a value all of whose strings, numbers and booleans are secrets.
pub const ANY_STRING: &[SecretPath] = &[&["**"]];

/// The step to an item of an array.
pub const ITEM: &str = "*";

/// Whether the value at these steps is a secret.
pub fn is_secret(paths: &[SecretPath], at: &[&str], is_container: bool) -> bool {
    paths.iter().any(|path| (!is_container || name(path).is_some()) && leads_to(path, at))
}

/// Whether the value at these steps is a secret or is contained in one.
pub fn is_within_secret(paths: &[SecretPath], at: &[&str], is_container: bool) -> bool {
    let mut above = (0..at.len()).filter_map(|length| at.get(..length));
    is_secret(paths, at, is_container) || above.any(|at| is_secret(paths, at, true))
}

/// The names of the secrets, for text in which no path can be followed; `None` where a secret has no name, so that all
/// of the text may be one.
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
