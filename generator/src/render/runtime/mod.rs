//! Provides the files of the runtime that a generated crate needs, and its dependencies and features.
//!
//! Parts of the runtime are behind features. Generated code uses the runtime's items by name, and `mod.rs` of the
//! runtime states which feature each item needs. The features that no generated code needs, and that the configuration
//! does not ask for, are off: their files are not copied, and their items are removed from other files.

mod conditions;
mod features;
mod modules;
mod names;
mod predicate;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use clientwright_runtime::sources::{FILES as RUNTIME, MANIFEST as RUNTIME_MANIFEST};

use crate::config::{Config, Feature, Layout, Runtime as Source};
use crate::view::{RuntimeManifest, toml_string};

use self::features::{Features, Selection};

pub(super) use self::names::used;

/// The path of the runtime in its own crate.
const PATH: &str = "clientwright_runtime::runtime";

/// The name of the crate that contains the runtime.
const PACKAGE: &str = "clientwright-runtime";

/// The feature of the runtime that exports its macros, for crates that depend on it.
const SHARED: &str = "shared";

/// The feature of the runtime that all generated crates need. Without it, the crate of the runtime contains only texts.
const BASE: &str = "runtime";

/// The feature of the runtime that only the generator uses.
#[cfg(test)]
const SOURCES: &str = "sources";

/// The dependencies that generated code names itself.
const OWN_DEPENDENCIES: [&str; 4] = ["bytes", "http", "serde", "serde_json"];

/// The features that the items of the runtime need, by the names of the items. For a small document, parsing the runtime
/// takes most of the time, so it is parsed once per process.
static BY_NAME: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| names::features(RUNTIME));

/// The files of the runtime, which a program that generates several crates parses once.
static FILES: LazyLock<modules::Files<'static>> = LazyLock::new(|| modules::parse(RUNTIME));

/// The part of the runtime that a generated crate uses.
pub(super) struct Runtime {
    features: Features<'static>,
    selection: Selection<'static>,
    source: Source,
    /// The path of the copied runtime in the documentation of the generated crate, e.g. `pets::runtime`.
    path: String,
}

impl Runtime {
    /// Selects the features that the items with these names need, and those that the configuration asks for.
    pub fn of(names: &BTreeSet<String>, config: &Config) -> Self {
        let library = config.package.name.replace('-', "_");
        Self::with(names, &config.features, config.runtime.clone(), &library, config.layout != Layout::Module)
    }

    fn with(names: &BTreeSet<String>, wanted: &BTreeSet<Feature>, source: Source, library: &str, offers: bool) -> Self {
        let features = Features::of(table(RUNTIME_MANIFEST, "[features]"));
        let needed: BTreeSet<&str> = names.iter().filter_map(|name| BY_NAME.get(name)).map(String::as_str).collect();
        let needed = features.known(&needed);
        let selection = features.select(&needed, wanted, offers);
        Self { features, selection, source, path: format!("{library}::runtime") }
    }

    /// Returns the paths of the files relative to `src/runtime/`, with their text. There are no files if the crate depends
    /// on the runtime.
    pub fn files(&self) -> Vec<(&'static str, String)> {
        if self.source != Source::Copied {
            return Vec::new();
        }
        let files = modules::files(&FILES, &|feature| self.selection.state(feature));
        files.into_iter().map(|(file, text)| (file, with_examples_of(&self.path, &text))).collect()
    }

    /// Returns the features and dependencies of a crate that depends on the runtime.
    fn shared_manifest(&self, dependency: &str) -> RuntimeManifest {
        let Self { features, selection, .. } = self;
        let own = table(RUNTIME_MANIFEST, "[dependencies]").lines();
        let own = own.filter(|line| line.split_once(" = ").is_some_and(|(name, _)| OWN_DEPENDENCIES.contains(&name)));
        let own = own.filter_map(|line| features.dependency(selection, line));
        let comment = "# The runtime of the client, whose types are part of the public API.";
        let dependencies: Vec<String> = [comment, dependency].into_iter().map(str::to_owned).chain(own).collect();
        RuntimeManifest {
            features: features.definitions(selection, |name, _| vec![format!("{PACKAGE}/{name}")]),
            default_features: features.default_features(selection),
            dependencies: dependencies.join("\n"),
        }
    }

    /// Resolves the conditions in the text of a generated file on Cargo features that the crate does not offer. Other
    /// features, such as those of its APIs, are undecided.
    pub fn resolve_offered(&self, text: &str) -> String {
        let is_optional =
            |name: &str| Feature::ALL.iter().any(|feature| feature.is_cargo_feature() && feature.name() == name);
        conditions::resolve(text, &|name| if is_optional(name) { self.selection.state(name) } else { None })
    }

    /// Returns the features and dependencies of the generated crate.
    pub fn manifest(&self) -> RuntimeManifest {
        let Self { features, selection, source, .. } = self;
        if let Some(dependency) = dependency(source, selection) {
            return self.shared_manifest(&dependency);
        }
        let mut dependencies: Vec<String> = Vec::new();
        let mut comments: Vec<&str> = Vec::new();
        for line in table(RUNTIME_MANIFEST, "[dependencies]").lines() {
            if line.starts_with('#') {
                comments.push(line);
                continue;
            }
            let comments = std::mem::take(&mut comments);
            if let Some(declaration) = features.dependency(selection, line) {
                dependencies.extend(comments.into_iter().map(str::to_owned).chain([declaration]));
            }
        }
        RuntimeManifest {
            features: features.definitions(selection, |_, enabled| features.own(selection, enabled)),
            default_features: features.default_features(selection),
            dependencies: dependencies.join("\n"),
        }
    }
}

/// Replaces the path of the runtime in the examples of its documentation, so that they compile in a generated crate.
fn with_examples_of(path: &str, text: &str) -> String {
    if !text.contains(PATH) {
        return text.to_owned();
    }
    let line = |line: &str| {
        let is_doc = ["///", "//!"].iter().any(|mark| line.trim_start().starts_with(mark));
        if is_doc { line.replace(PATH, path) } else { line.to_owned() }
    };
    text.split_inclusive('\n').map(line).collect()
}

/// Returns the declaration of the dependency on the runtime, or `None` if the runtime is copied.
fn dependency(source: &Source, selection: &Selection<'_>) -> Option<String> {
    let source = match source {
        Source::Copied => return None,
        Source::Version(version) => format!("version = {}", toml_string(version)),
        Source::Git(url) => format!("git = {}", toml_string(url)),
        Source::Path(path) => format!("path = {}", toml_string(path)),
    };
    // A set, because generated code may use an item that needs this feature.
    let on: BTreeSet<&str> = selection.on.iter().copied().chain([SHARED]).collect();
    let on = on.into_iter().map(toml_string).collect::<Vec<_>>().join(", ");
    Some(format!("{PACKAGE} = {{ {source}, default-features = false, features = [{on}] }}"))
}

/// Returns the lines of the table with this header in a manifest, including comments.
fn table(manifest: &'static str, header: &str) -> &'static str {
    let Some((_, rest)) = manifest.split_once(header) else { return "" };
    let end = rest.find("\n[").unwrap_or(rest.len());
    rest.get(..end).unwrap_or_default().trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn runtime(names: &[&str], offered: &BTreeSet<Feature>) -> Runtime {
        Runtime::with(&names.iter().map(|name| (*name).to_owned()).collect(), offered, Source::Copied, "pets", true)
    }

    fn paths(runtime: &Runtime) -> BTreeSet<&'static str> {
        runtime.files().into_iter().map(|(path, _)| path).collect()
    }

    #[test]
    fn examples_name_the_generated_crate() {
        let text = "/// # use clientwright_runtime::runtime::Secret;\nclientwright_runtime::runtime::new()\n";
        let expected = "/// # use pets::runtime::Secret;\nclientwright_runtime::runtime::new()\n";
        assert_eq!(with_examples_of("pets::runtime", text), expected);
        assert!(runtime(&[], &Feature::all()).files().iter().all(|(_, text)| !text.contains(PATH)));
    }

    #[test]
    fn all_files_are_copied_if_all_features_are_needed() {
        let by_name = names::features(RUNTIME);
        let all: Vec<&str> = by_name.keys().map(String::as_str).collect();
        let copied = paths(&runtime(&all, &Feature::all()));
        let missing: Vec<_> = RUNTIME.iter().filter(|(path, _)| !copied.contains(path)).collect();
        assert!(missing.is_empty(), "{:?}", missing.iter().map(|(path, _)| path).collect::<Vec<_>>());
    }

    #[test]
    fn each_feature_is_needed_by_a_name_or_offered() {
        let features = Features::of(table(RUNTIME_MANIFEST, "[features]"));
        let by_name: BTreeSet<String> = names::features(RUNTIME).into_values().collect();
        for name in features.names() {
            let is_offered =
                Feature::ALL.iter().any(|feature| feature.name() == name) || Feature::ALWAYS.contains(&name);
            assert!(
                is_offered || by_name.contains(name) || ["default", BASE, SHARED, SOURCES].contains(&name),
                "{name}"
            );
        }
        for name in Feature::ALL.map(Feature::name).into_iter().chain(Feature::ALWAYS) {
            assert!(features.names().any(|known| known == name), "{name}");
        }
    }

    #[test]
    fn files_of_unneeded_features_are_not_copied() {
        let lean = runtime(&["Call", "Operation"], &BTreeSet::new());
        let copied = paths(&lean);
        for path in ["blocking.rs", "cli/mod.rs", "mock/mod.rs", "paging/mod.rs", "streaming/mod.rs", "telemetry.rs"] {
            assert!(RUNTIME.iter().any(|(known, _)| *known == path) && !copied.contains(path), "{path}");
        }
        assert!(copied.contains("call.rs") && copied.contains("untraced.rs"));
        for (path, text) in lean.files() {
            syn::parse_file(&text).unwrap_or_else(|error| panic!("{path}: {error}\n{text}"));
            let conditions = text.matches("feature = \"").count();
            let tls = text.matches("feature = \"aws-lc-rs\"").count() + text.matches("feature = \"ring\"").count();
            assert_eq!(conditions, tls, "{path}");
        }
        let manifest = lean.manifest();
        for absent in ["clap", "der =", "tracing", "flate2", "optional"] {
            assert!(!manifest.dependencies.contains(absent), "{absent}: {}", manifest.dependencies);
        }
        assert_eq!(manifest.default_features, ["aws-lc-rs"]);
    }

    #[test]
    fn offered_feature_does_not_enable_dependency_that_is_always_needed() {
        let features = |names: &[&str]| runtime(names, &BTreeSet::from([Feature::X509])).manifest().features;
        assert!(!features(&[]).contains("dep:base64"), "{}", features(&[]));
        assert!(features(&[]).contains("dep:der"));
    }

    #[test]
    fn smallest_runtime_has_limited_size() {
        let files = runtime(&["Call", "Operation"], &BTreeSet::new()).files();
        let lines: usize = files.iter().map(|(_, text)| text.lines().count()).sum();
        assert!(lines <= 10_800, "{lines}");
    }

    #[test]
    fn condition_on_uses_selects_feature() {
        for (name, path) in [
            ("SecurityScheme", "credentials/mod.rs"),
            ("SchemeKind::MutualTls", "identity.rs"),
            ("ClientCertificateRule", "http_transport/refusal.rs"),
            ("ServerVariable", "server_variables.rs"),
            ("BodyInfo::bytes", "pieces.rs"),
        ] {
            assert!(paths(&runtime(&[name], &BTreeSet::new())).contains(path), "{name}");
            assert!(!paths(&runtime(&[], &BTreeSet::new())).contains(path), "{name}");
        }
    }

    #[test]
    fn names_in_generated_code_select_features() {
        let text =
            "impl crate::runtime::Paginated for A {} const B: C = crate :: runtime :: BodyInfo :: form :: <D> (E);";
        let names = used(text);
        assert!(names.contains("Paginated") && names.contains("BodyInfo::form"), "{names:?}");
        let copied = paths(&Runtime::with(&names, &BTreeSet::new(), Source::Copied, "pets", true));
        assert!(
            copied.contains("paging/pages.rs") && copied.contains("form.rs") && !copied.contains("multipart/mod.rs")
        );
    }

    #[test]
    fn offered_feature_stays_a_cargo_feature() {
        let runtime = runtime(&[], &BTreeSet::from([Feature::Cli, Feature::Polling]));
        let manifest = runtime.manifest();
        assert!(manifest.features.contains("cli = [\"dep:clap\", \"bytes/serde\"]"), "{}", manifest.features);
        assert!(manifest.dependencies.contains("clap = {") && manifest.dependencies.contains("optional = true"));
        assert!(!manifest.features.contains("polling") && paths(&runtime).contains("poll.rs"));
    }

    #[test]
    fn crate_can_depend_on_runtime() {
        let names = BTreeSet::from(["Paginated".to_owned()]);
        let wanted = BTreeSet::from([Feature::Gzip]);
        let runtime = Runtime::with(&names, &wanted, Source::Path("../run\"time".to_owned()), "pets", true);
        assert!(runtime.files().is_empty());
        let manifest = runtime.manifest();
        let dependency = "clientwright-runtime = { path = \"../run\\\"time\", default-features = false, \
                          features = [\"paging\", \"runtime\", \"shared\"] }";
        assert!(manifest.dependencies.contains(dependency), "{}", manifest.dependencies);
        assert!(manifest.features.contains("gzip = [\"clientwright-runtime/gzip\"]"), "{}", manifest.features);
        let declared: toml::Table = manifest.dependencies.parse().unwrap();
        assert_eq!(declared.len(), 5);
        assert!(!manifest.dependencies.contains("optional"), "{}", manifest.dependencies);
    }
}
