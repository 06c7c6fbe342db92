//! Reads the types of other crates that replace generated types, and the dependencies of a crate.

use proc_macro2::TokenStream;
use quote::ToTokens;
use toml::Spanned;

use super::known_types;
use super::names::crate_name_form_error;
use super::table::{Table, TableReader, toml_string};
use crate::customize::{Replaced, TypeMapping};
use crate::diagnostics::quoted;
use crate::ir::External;

/// The traits that can be listed for a type, because containing types derive them.
const TRAITS: [&str; 2] = ["Eq", "Hash"];

/// The crates of the Rust distribution, which need no dependency.
const BUILT_IN: [&str; 3] = ["std", "core", "alloc"];

/// The crates that each generated crate depends on.
const ALWAYS: [&str; 4] = ["bytes", "http", "serde", "serde_json"];

/// The prefixes of references to component schemas.
const SCHEMAS: [&str; 2] = ["#/components/schemas/", "#/definitions/"];

impl TableReader<'_> {
    /// Reads the types that replace generated types. Adds the crates that they need, each with the location of the
    /// type.
    pub(super) fn types(&mut self, api: Table<'_>, crates: &mut Vec<Spanned<String>>) -> Vec<TypeMapping> {
        let Some(table) = self.table(api, "types", "`types`") else { return Vec::new() };
        let mut mappings = Vec::new();
        for (key, at, _) in table.entries() {
            let schema = SCHEMAS.into_iter().find_map(|prefix| key.strip_prefix(prefix));
            let replaced = match schema {
                Some(name) => Replaced::Schema(name.replace("~1", "/").replace("~0", "~")),
                None if key.starts_with('#') => {
                    let help = "use the name of a format, or `#/components/schemas/NAME`".to_owned();
                    self.push(at, format!("{} is not a component schema", quoted(key)), Some(help));
                    continue;
                }
                None => Replaced::Format(key.to_owned()),
            };
            if let Some((ty, of_type)) = self.external(table, key) {
                crates.extend(of_type);
                mappings.push(TypeMapping { replaced, ty, span: Some(self.span(at)) });
            }
        }
        mappings
    }

    /// Reads a type and the crates that it needs.
    fn external(&mut self, table: Table<'_>, key: &str) -> Option<(External, Vec<Spanned<String>>)> {
        let (text, traits) = match table.is_table(key) {
            true => {
                let inner = self.table(table, key, "the table")?;
                self.keys(inner, &["type"], &["traits"]);
                (self.string(inner, "type")?, self.strings(inner, "traits").unwrap_or_default())
            }
            false => (self.string(table, key)?, Vec::new()),
        };
        for unknown in traits.iter().filter(|name| !TRAITS.contains(&name.get_ref().as_str())) {
            let help = Some(format!("the traits are `{}`", TRAITS.join("` and `")));
            self.push(unknown.span(), format!("unknown trait {}", quoted(unknown.get_ref())), help);
        }
        let has = |name: &str| traits.iter().any(|it| it.get_ref() == name);
        let (path, crates) = match absolute(text.get_ref()) {
            Ok(parsed) => parsed,
            Err(problem) => {
                self.error(text.span(), format!("{} {problem}", quoted(text.get_ref())));
                return None;
            }
        };
        let external = match known_types::find(&path) {
            Some(Err(problem)) => {
                self.error(text.span(), problem);
                return None;
            }
            Some(Ok(known)) => known,
            None => External { eq: has("Eq"), hash: has("Hash"), ..External::new(path) },
        };
        let crates = crates.into_iter().map(|name| Spanned::new(text.span(), name)).collect();
        Some((external, crates))
    }

    /// Reads the dependencies of a crate, each as the value in `Cargo.toml`.
    pub(super) fn dependencies(&mut self, owner: Table<'_>) -> Vec<(String, String)> {
        let Some(table) = self.table(owner, "dependencies", "`dependencies`") else { return Vec::new() };
        let mut dependencies = Vec::new();
        for (name, at, _) in table.entries() {
            if let Some(error) = crate_name_form_error(name) {
                self.error(at, error);
                continue;
            }
            let value = match table.is_table(name) {
                false => self.string(table, name).map(|version| toml_string(version.get_ref())),
                true => self.dependency(table, name),
            };
            dependencies.extend(value.map(|value| (name.to_owned(), value)));
        }
        dependencies
    }

    fn dependency(&mut self, table: Table<'_>, name: &str) -> Option<String> {
        const STRINGS: [&str; 7] = ["version", "path", "git", "branch", "tag", "rev", "package"];
        let dependency = self.table(table, name, "the dependency")?;
        self.keys(dependency, &[], &[&STRINGS[..], &["features", "default-features"]].concat());
        let mut items = Vec::new();
        for key in STRINGS {
            items.extend(self.string(dependency, key).map(|value| format!("{key} = {}", toml_string(value.get_ref()))));
        }
        let default_features = self.boolean(dependency, "default-features");
        items.extend(default_features.map(|value| format!("default-features = {value}")));
        if let Some(features) = self.strings(dependency, "features") {
            let features: Vec<String> = features.iter().map(|feature| toml_string(feature.get_ref())).collect();
            items.push(format!("features = [{}]", features.join(", ")));
        }
        if !["version", "path", "git"].into_iter().any(|key| dependency.has(key)) {
            self.error(dependency.head(), "a dependency needs one of the keys `version`, `git` and `path`");
        }
        Some(format!("{{ {} }}", items.join(", ")))
    }

    /// Returns the dependencies for the crates of types: those of the configuration, or else those that are known.
    /// Reports crates for which there is no dependency.
    pub(super) fn of_types(
        &mut self,
        crates: Vec<Spanned<String>>,
        mut dependencies: Vec<(String, String)>,
    ) -> Vec<(String, String)> {
        for name in crates {
            let identifier = name.get_ref();
            let is_there = dependencies.iter().any(|(known, _)| known.replace('-', "_") == *identifier);
            if is_there || ALWAYS.contains(&identifier.as_str()) || BUILT_IN.contains(&identifier.as_str()) {
                continue;
            }
            match known_types::dependency(identifier) {
                Some(value) => dependencies.push((identifier.clone(), value.to_owned())),
                None => {
                    let message = format!("the crate {} is not a dependency", quoted(identifier));
                    let help = format!("add `{identifier} = …` to the table `[crate.dependencies]`");
                    self.push(name.span(), message, Some(help));
                }
            }
        }
        dependencies
    }
}

/// Returns a type with absolute paths as Rust code, and the crates that it needs. The error completes a sentence that
/// begins with the type: "`&str` is not a path to a Rust type".
pub(super) fn absolute(text: &str) -> Result<(String, Vec<String>), &'static str> {
    let syn::Type::Path(mut ty) = syn::parse_str(text).map_err(|_| "is not a Rust type")? else {
        return Err("is not a path to a Rust type");
    };
    let mut crates = Vec::new();
    make_absolute(&mut ty, &mut crates)?;
    let tokens: TokenStream = ty.into_token_stream();
    Ok((tokens.to_string(), crates))
}

fn make_absolute(ty: &mut syn::TypePath, crates: &mut Vec<String>) -> Result<(), &'static str> {
    const PRIMITIVES: [&str; 15] =
        ["bool", "char", "f32", "f64", "i8", "i16", "i32", "i64", "i128", "u8", "u16", "u32", "u64", "u128", "usize"];
    if ty.qself.is_some() {
        return Err("is not a path to a Rust type");
    }
    let Some(first) = ty.path.segments.first().map(|segment| segment.ident.to_string()) else { return Ok(()) };
    if ["crate", "self", "super", "Self"].contains(&first.as_str()) {
        return Err("must begin with the name of a crate");
    }
    if ty.path.segments.len() == 1 {
        if PRIMITIVES.contains(&first.as_str()) {
            return Ok(());
        }
        return Err("must be a complete path, such as `std::string::String`");
    }
    ty.path.leading_colon.get_or_insert_default();
    crates.push(first);
    for segment in &mut ty.path.segments {
        match &mut segment.arguments {
            syn::PathArguments::None => {}
            syn::PathArguments::AngleBracketed(arguments) => {
                for argument in &mut arguments.args {
                    match argument {
                        syn::GenericArgument::Type(syn::Type::Path(inner)) => make_absolute(inner, crates)?,
                        _ => return Err("must have only paths as generic arguments"),
                    }
                }
            }
            syn::PathArguments::Parenthesized(_) => return Err("is not a path to a Rust type"),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::clients;
    use super::*;
    use crate::diagnostics::Diagnostics;
    use crate::source::Sources;

    /// Returns the mappings and dependencies of a crate, and the error messages. `dependencies` and `types` are lines of
    /// the tables.
    fn parsed(dependencies: &str, types: &str) -> (Vec<TypeMapping>, Vec<(String, String)>, Vec<String>) {
        let text = format!(
            "[[crate]]\nname = 'zoo'\ndirectory = 'zoo'\n[crate.dependencies]\n{dependencies}\n[[crate.api]]\n\
             spec = 'zoo.yaml'\n[crate.api.types]\n{types}\n"
        );
        let mut diagnostics = Diagnostics::new();
        let source = Sources::new().add("clients.toml", text.as_str());
        let mut table = clients::parse(&text, source, &mut diagnostics).crates.remove(0);
        let messages = diagnostics.sorted().iter().map(|one| one.message.clone()).collect();
        (table.apis.remove(0).types, table.dependencies, messages)
    }

    fn path(types: &str) -> String {
        let (mappings, _, errors) = parsed("a = '1'\nb-c = '1'", types);
        assert_eq!(errors, [""; 0], "{types}");
        mappings[0].ty.path.replace(' ', "")
    }

    #[test]
    fn paths_become_absolute() {
        assert_eq!(path("x = 'uuid::Uuid'"), "::uuid::Uuid");
        assert_eq!(path("x = '::a::B'"), "::a::B");
        assert_eq!(path("x = 'time::OffsetDateTime'"), "crate::runtime::OffsetDateTime");
        assert_eq!(path("x = 'b_c::D<a::B, u8>'"), "::b_c::D<::a::B,u8>");
        assert_eq!(path("x = { type = 'std::net::IpAddr', traits = ['Eq'] }"), "::std::net::IpAddr");
    }

    #[test]
    fn schemas_and_formats_are_told_apart() {
        let (mappings, ..) = parsed("a = '1'", "'#/definitions/A~1B' = 'a::B'\n'x/y' = 'a::B'");
        let replaced: Vec<&Replaced> = mappings.iter().map(|mapping| &mapping.replaced).collect();
        assert_eq!(replaced, [&Replaced::Schema("A/B".to_owned()), &Replaced::Format("x/y".to_owned())]);
    }

    #[test]
    fn known_crates_need_no_dependency() {
        let (_, dependencies, errors) = parsed("", "uuid = 'uuid::Uuid'\nx = 'std::net::IpAddr'\ny = 'bytes::Bytes'");
        assert!(errors.is_empty() && matches!(dependencies.as_slice(), [(name, _)] if name == "uuid"), "{errors:?}");
        let (_, dependencies, _) = parsed("uuid = '2'", "uuid = 'uuid::Uuid'");
        assert_eq!(dependencies, [("uuid".to_owned(), "\"2\"".to_owned())]);
        let (_, dependencies, _) =
            parsed("a = { path = '../a', features = ['x'], default-features = false }", "x = 'a::B'");
        let value = "{ path = \"../a\", default-features = false, features = [\"x\"] }";
        assert_eq!(dependencies, [("a".to_owned(), value.to_owned())]);
    }

    #[test]
    fn invalid_types_are_errors() {
        for (types, expected) in [
            ("x = 'a::'", "`a::` is not a Rust type"),
            ("x = '&str'", "`&str` is not a path to a Rust type"),
            ("x = 'String'", "`String` must be a complete path, such as `std::string::String`"),
            ("x = 'crate::A'", "`crate::A` must begin with the name of a crate"),
            ("x = 'a::B<'", "`a::B<` is not a Rust type"),
            ("x = 'a::B<3>'", "`a::B<3>` must have only paths as generic arguments"),
            ("x = 'unknown::A'", "the crate `unknown` is not a dependency"),
            ("x = { type = 'a::B', traits = ['Copy'] }", "unknown trait `Copy`"),
            ("x = 3", "`x` is a number, but must be a string"),
            ("'#/components/responses/A' = 'a::B'", "`#/components/responses/A` is not a component schema"),
        ] {
            assert_eq!(parsed("a = '1'", types).2, [expected], "{types}");
        }
        let [error] = parsed("", "x = 'time::PrimitiveDateTime'").2.try_into().unwrap();
        assert!(error.contains("RFC 3339") && error.contains("feature `time`"), "{error}");
        assert_eq!(
            parsed("'a b' = '1'", "").2,
            ["a crate name consists of ASCII letters, digits, `-` and `_`, not ' '"]
        );
        assert_eq!(parsed("a = {}", "").2, ["a dependency needs one of the keys `version`, `git` and `path`"]);
    }
}
