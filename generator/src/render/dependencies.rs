//! The dependencies of a crate in addition to those of the runtime.

use std::collections::BTreeSet;

use toml::de::{DeTable, DeValue};

use crate::view::RuntimeManifest;

/// The comment before the dependencies that the runtime does not have.
const COMMENT: &str = "# Dependencies of the configuration, e.g. for types that replace generated types.";

/// Adds dependencies to those of the runtime. A dependency that the runtime has too gets the features of both.
pub(super) fn add(manifest: &mut RuntimeManifest, dependencies: &[(String, String)]) {
    let mut lines: Vec<String> = manifest.dependencies.lines().map(str::to_owned).collect();
    let mut added = Vec::new();
    for (name, value) in dependencies {
        let own = lines.iter_mut().find(|line| line.split_once(" = ").is_some_and(|(known, _)| known == name));
        let Some(line) = own else {
            added.push(format!("{name} = {value}"));
            continue;
        };
        if line.contains("optional = true") {
            require(&mut manifest.features, name);
        }
        *line = merged(name, line, value);
    }
    if !added.is_empty() {
        lines.push(COMMENT.to_owned());
        lines.extend(added);
    }
    manifest.dependencies = lines.join("\n");
}

/// Removes an optional dependency from the features that enable it, because it is now always enabled.
fn require(features: &mut String, name: &str) {
    let item = format!("\"dep:{name}\"");
    for (text, without) in [(format!("{item}, "), ""), (format!(", {item}"), ""), (item, "")] {
        *features = features.replace(&text, without);
    }
}

/// Returns the declaration of a dependency with the features of two declarations. The source is that of `value` if it is
/// a Git repository or a path; otherwise, the version is that of `line`.
fn merged(name: &str, line: &str, value: &str) -> String {
    let own = format!("{name} = {value}");
    if ["git = ", "path = "].iter().any(|key| value.contains(key)) {
        return own;
    }
    let (one, other) = (Declaration::of(name, line), Declaration::of(name, &own));
    let features: BTreeSet<String> = one.features.into_iter().chain(other.features).collect();
    let features: Vec<String> = features.iter().map(|feature| format!("\"{feature}\"")).collect();
    let version = one.version.or(other.version).unwrap_or_default();
    let defaults = if one.has_defaults || other.has_defaults { "" } else { "default-features = false, " };
    format!("{name} = {{ version = \"{version}\", {defaults}features = [{}] }}", features.join(", "))
}

/// The declaration of a dependency in a manifest.
struct Declaration {
    version: Option<String>,
    has_defaults: bool,
    features: Vec<String>,
}

impl Declaration {
    /// Reads a line of a manifest.
    fn of(name: &str, line: &str) -> Self {
        let root = DeTable::parse(line).ok();
        let value = root.as_ref().and_then(|root| root.get_ref().get(name)).map(|value| value.get_ref());
        let table = value.and_then(DeValue::as_table);
        let key = |key: &str| table.and_then(|table| table.get(key)).map(|value| value.get_ref());
        let features = key("features").and_then(DeValue::as_array).into_iter().flatten();
        Self {
            version: value.and_then(DeValue::as_str).or_else(|| key("version")?.as_str()).map(str::to_owned),
            has_defaults: key("default-features").and_then(DeValue::as_bool).unwrap_or(true),
            features: features.filter_map(|feature| feature.get_ref().as_str()).map(str::to_owned).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn added(features: &str, lines: &str, dependencies: &[(&str, &str)]) -> (String, String) {
        let mut manifest = RuntimeManifest {
            features: features.to_owned(),
            default_features: Vec::new(),
            dependencies: lines.to_owned(),
        };
        let dependencies = dependencies.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        add(&mut manifest, &dependencies.collect::<Vec<_>>());
        (manifest.features, manifest.dependencies)
    }

    #[test]
    fn new_dependencies_are_listed_after_those_of_the_runtime() {
        let (_, lines) = added("", "# URLs.\nurl = \"2\"", &[("uuid", "\"1\""), ("a", "{ path = \"a\" }")]);
        assert_eq!(lines, format!("# URLs.\nurl = \"2\"\n{COMMENT}\nuuid = \"1\"\na = {{ path = \"a\" }}"));
        assert_eq!(added("", "url = \"2\"", &[]).1, "url = \"2\"");
    }

    #[test]
    fn features_of_both_declarations_are_enabled() {
        let (_, lines) = added("", "url = \"2.2\"", &[("url", "{ version = \"2\", features = [\"serde\"] }")]);
        assert_eq!(lines, "url = { version = \"2.2\", features = [\"serde\"] }");
        let line = "jiff = { version = \"0.2\", default-features = false, features = [\"std\"] }";
        let own = "{ version = \"0.2\", default-features = false, features = [\"serde\"] }";
        let both = "jiff = { version = \"0.2\", default-features = false, features = [\"serde\", \"std\"] }";
        assert_eq!(added("", line, &[("jiff", own)]).1, both);
        assert_eq!(added("", line, &[("jiff", "{ git = \"g\" }")]).1, "jiff = { git = \"g\" }");
    }

    #[test]
    fn optional_dependency_becomes_required() {
        let line = "chrono = { version = \"0.4\", features = [\"std\"], optional = true }";
        let (features, lines) = added("chrono = [\"dates\", \"dep:chrono\"]", line, &[("chrono", "\"0.4\"")]);
        assert_eq!(lines, "chrono = { version = \"0.4\", features = [\"std\"] }");
        assert_eq!(features, "chrono = [\"dates\"]");
    }
}
