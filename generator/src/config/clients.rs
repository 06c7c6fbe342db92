//! Parses `clients.toml` and reports all errors with their locations.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use toml::Spanned;
use toml::de::DeTable;

use super::names::{api_name_error, crate_name_error};
use super::table::{Table, TableReader};
use super::{Feature, Package, Reach, Runtime, remote};
use crate::customize::{DeriveRule, PaginationRule, Rename, Selection, TypeMapping};
use crate::diagnostics::{Code, Diagnostics, nearest, quoted};
use crate::source::{Limits, SourceId, Span};
use crate::{Level, Levels};

/// The contents of a `clients.toml`.
#[derive(Debug, Default)]
pub(super) struct ClientsToml {
    /// Whether the file has the key `crate`, even if the tables in it are invalid.
    pub(super) has_crates: bool,
    /// The `[[crate]]` tables that have all required keys.
    pub(super) crates: Vec<CrateTable>,
    /// The severities of diagnostic codes in the `[lint]` table.
    pub(super) levels: Levels,
    /// The limits on documents in the `[limits]` table.
    pub(super) limits: Limits,
}

/// A `[[crate]]` table.
#[derive(Debug)]
pub(super) struct CrateTable {
    pub(super) name: Spanned<String>,
    /// The path of the crate, relative to the directory of `clients.toml`.
    pub(super) directory: Spanned<String>,
    pub(super) package: Package,
    /// Whether types are generated for unused schemas.
    pub(super) unused_schemas: bool,
    /// The optional features.
    pub(super) features: BTreeSet<Feature>,
    /// The dependencies, each with its value in `Cargo.toml`.
    pub(super) dependencies: Vec<(String, String)>,
    pub(super) runtime: Runtime,
    /// Whether errors with a local, well-defined workaround become warnings.
    pub(super) lenient: bool,
    /// The directories from which files may be read if a document refers to them.
    pub(super) reach: Reach,
    pub(super) apis: Vec<ApiTable>,
}

/// A `[[crate.api]]` table.
#[derive(Debug)]
pub(super) struct ApiTable {
    /// `None` for the only API of a crate if its items are in the crate root.
    pub(super) name: Option<Spanned<String>>,
    /// The path of the document, relative to the directory of `clients.toml`.
    pub(super) spec: Spanned<String>,
    /// The paths of the overlays, relative to the directory of `clients.toml`.
    pub(super) overlays: Vec<Spanned<String>>,
    pub(super) selection: Selection,
    pub(super) renames: Vec<Rename>,
    pub(super) pagination: Vec<PaginationRule>,
    pub(super) tag_features: bool,
    pub(super) types: Vec<TypeMapping>,
    pub(super) derives: Vec<DeriveRule>,
}

/// Parses a `clients.toml`. Reports all errors, and returns the valid tables and values. If the TOML syntax is invalid,
/// reports only the syntax error.
pub(super) fn parse(text: &str, source: SourceId, diagnostics: &mut Diagnostics) -> ClientsToml {
    let mut reader = TableReader { source, diagnostics };
    // Report the first syntax error only: later errors are usually consequences of the first one.
    let root = match DeTable::parse(text) {
        Ok(root) => root,
        Err(error) => {
            reader.error(error.span().unwrap_or(0..0), error.message());
            return ClientsToml::default();
        }
    };
    reader.file(Table::root(root.get_ref()))
}

/// Returns the location of a value in `clients.toml`.
pub(super) fn span<T>(source: SourceId, value: &Spanned<T>) -> Span {
    let Range { start, end } = value.span();
    Span { source, start, end }
}

impl TableReader<'_> {
    fn file(&mut self, file: Table<'_>) -> ClientsToml {
        self.keys(file, &[], &["crate", "lint", "limits"]);
        let levels = self.table(file, "lint", "`[lint]`").map(|table| self.levels(table)).unwrap_or_default();
        let limits = self.table(file, "limits", "`[limits]`").map(|table| self.limits(table)).unwrap_or_default();
        let mut crates = Vec::new();
        let mut names = BTreeMap::new();
        for table in self.tables(file, "crate", "`[[crate]]`") {
            crates.extend(self.crate_table(table, &mut names));
        }
        ClientsToml { has_crates: file.has("crate"), crates, levels, limits }
    }

    fn levels(&mut self, table: Table<'_>) -> Levels {
        let mut levels = Levels::default();
        for (name, at, value) in table.entries() {
            let code = name.parse::<Code>().map_err(|unknown| self.error(at, unknown.to_string())).ok();
            let Some(string) = self.string(table, name) else { continue };
            let level = match string.get_ref().parse::<Level>() {
                Ok(level) => level,
                Err(unknown) => {
                    let help = match nearest(string.get_ref(), ["allow", "note", "warn", "error"]) {
                        Some(near) => format!("did you mean `{near}`?"),
                        None => "the levels are `allow`, `note`, `warn` and `error`".to_owned(),
                    };
                    self.push(value.span(), unknown.to_string(), Some(help));
                    continue;
                }
            };
            let Some(code) = code else { continue };
            if code.is_always_error() && level != Level::Error {
                let message =
                    format!("{} is always an error: `generate` rejects documents with this error", quoted(name));
                let help = "levels apply to warnings and notes only".to_owned();
                self.push(value.span(), message, Some(help));
            }
            levels.set(code, level);
        }
        levels
    }

    fn limits(&mut self, table: Table<'_>) -> Limits {
        self.keys(table, &[], &["bytes", "depth", "values", "name", "files", "digits", "items"]);
        let default = Limits::default();
        let depth = self.count(table, "depth");
        if let Some(depth) = depth.as_ref().filter(|depth| *depth.get_ref() > Limits::MAX_DEPTH) {
            self.error(depth.span(), format!("the maximum depth is {}", Limits::MAX_DEPTH));
        }
        let mut count = |key: &str, default: usize| self.count(table, key).map_or(default, Spanned::into_inner);
        Limits {
            bytes: count("bytes", default.bytes),
            depth: depth.map_or(default.depth, Spanned::into_inner),
            values: count("values", default.values),
            name: count("name", default.name),
            files: count("files", default.files),
            digits: count("digits", default.digits),
            items: count("items", default.items),
        }
    }

    /// Reads a `[[crate]]` table. Returns `None` if the value of a required key is missing or not a string. `names`
    /// maps the names of the previous crates to their locations.
    fn crate_table(&mut self, table: Table<'_>, names: &mut BTreeMap<String, Range<usize>>) -> Option<CrateTable> {
        self.keys(
            table,
            &["name", "directory"],
            &[
                &Package::KEYS,
                ["features", "runtime", "unused-schemas", "lenient", "allow-outside", "api", "dependencies"].as_slice(),
            ]
            .concat(),
        );
        let name = self.string(table, "name");
        if let Some(name) = &name {
            if let Some(error) = crate_name_error(name.get_ref()) {
                self.error(name.span(), error);
            }
            if let Some(first) = names.insert(name.get_ref().replace('-', "_"), name.span()) {
                self.duplicate(name.span(), first, format!("two crates have the name `{}`", name.get_ref()));
            }
        }
        let directory = self.path(table, "directory");
        let package = self.package(table, name.as_ref().map_or("", |name| name.get_ref()));
        let unused_schemas = self.boolean(table, "unused-schemas").unwrap_or_default();
        let lenient = self.boolean(table, "lenient").unwrap_or_default();
        let allow_outside = self.boolean(table, "allow-outside").unwrap_or_default();
        let reach = if allow_outside { Reach::Anywhere } else { Reach::Directory };
        let features = self.features(table);
        let runtime = self.runtime(table);
        let apis = self.tables(table, "api", "`[[crate.api]]`");
        if !table.has("api") {
            self.error(table.head(), "`[[crate]]` needs at least one `[[crate.api]]`");
        }
        for unnamed in apis.iter().filter(|api| apis.len() > 1 && !api.has("name")) {
            self.error(unnamed.head(), "`[[crate.api]]` needs `name`, because the crate has several APIs");
        }
        let mut known = BTreeMap::new();
        let mut crates = Vec::new();
        let apis = apis.into_iter().filter_map(|api| self.api(api, &mut known, &mut crates)).collect();
        let dependencies = self.dependencies(table);
        let dependencies = self.of_types(crates, dependencies);
        Some(CrateTable {
            name: name?,
            directory: directory?,
            package,
            features,
            dependencies,
            runtime,
            unused_schemas,
            lenient,
            reach,
            apis,
        })
    }

    /// Reads the source of a crate's runtime. By default, the crate contains a copy of the runtime.
    fn runtime(&mut self, table: Table<'_>) -> Runtime {
        let Some(table) = self.table(table, "runtime", "`runtime`") else { return Runtime::Copied };
        self.keys(table, &[], &Runtime::KEYS);
        let given: Vec<&str> = Runtime::KEYS.into_iter().filter(|key| table.has(key)).collect();
        let &[key] = given.as_slice() else {
            self.error(table.head(), "`runtime` needs one of the keys `version`, `git` and `path`");
            return Runtime::Copied;
        };
        let Some(source) = self.string(table, key) else { return Runtime::Copied };
        if source.get_ref().is_empty() {
            self.error(source.span(), format!("`{key}` is empty"));
        }
        Runtime::of(key, source.into_inner()).unwrap_or_default()
    }

    /// Reads the optional features of a crate.
    fn features(&mut self, table: Table<'_>) -> BTreeSet<Feature> {
        let mut features = BTreeSet::new();
        for name in self.strings(table, "features").unwrap_or_default() {
            match name.get_ref().parse::<Feature>() {
                Ok(feature) => drop(features.insert(feature)),
                Err(error) => self.error(name.span(), error.to_string()),
            }
        }
        features
    }

    /// Reads a `[[crate.api]]` table. Returns `None` if the value of a required key is missing or not a string. `names`
    /// maps the names of the previous APIs of the crate to their locations. Adds the crates of mapped types and derives
    /// to `crates`.
    fn api(
        &mut self,
        table: Table<'_>,
        names: &mut BTreeMap<String, Range<usize>>,
        crates: &mut Vec<Spanned<String>>,
    ) -> Option<ApiTable> {
        self.keys(
            table,
            &["spec"],
            &["name", "overlays", "include", "exclude", "rename", "pagination", "tag-features", "types", "derives"],
        );
        let name = self.string(table, "name");
        if let Some(name) = &name {
            if let Some(error) = api_name_error(name.get_ref()) {
                self.error(name.span(), error);
            }
            if let Some(first) = names.insert(name.get_ref().clone(), name.span()) {
                let message = format!("two APIs of this crate have the name `{}`", name.get_ref());
                self.duplicate(name.span(), first, message);
            }
        }
        let spec = self.path(table, "spec");
        let overlays = self.strings(table, "overlays").unwrap_or_default();
        overlays.iter().for_each(|path| self.relative("overlays", path));
        let (selection, renames) = (self.selection(table), self.renames(table));
        let pagination = self.pagination_rules(table);
        let (types, derives) = (self.types(table, crates), self.derive_rules(table, crates));
        let tag_features = self.boolean(table, "tag-features").unwrap_or_default();
        Some(ApiTable { name, spec: spec?, overlays, selection, renames, pagination, tag_features, types, derives })
    }

    /// Reads a relative path. Reports an error for an absolute path, because it would differ on other machines.
    fn path(&mut self, table: Table<'_>, key: &str) -> Option<Spanned<String>> {
        let path = self.string(table, key)?;
        self.relative(key, &path);
        Some(path)
    }

    fn relative(&mut self, key: &str, path: &Spanned<String>) {
        let string = path.get_ref();
        if string.is_empty() {
            self.error(path.span(), format!("`{key}` is empty, but must be a path"));
        } else if remote::is_url(string) {
            let message = format!("`{key}` is a URL, but nothing is read over the network");
            self.push(path.span(), message, Some(remote::fetch_help(string)));
        } else if !is_portable(string) {
            let message = format!("`{key}` must be a path relative to this file, with `/` as the separator");
            self.error(path.span(), message);
        }
    }
}

/// Returns whether a path is the same on all machines: it is relative, and its separator is `/`.
pub(super) fn is_portable(path: &str) -> bool {
    !path.starts_with('/') && !path.contains(['\\', ':'])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Sources;

    const VALID: &str = "
[[crate]]
name = \"pki-clients\"
directory = \"../generated\"
version = \"0.1.0\"

[[crate.api]]
name = \"digicert-iot\"
spec = \"digicert-iot.yaml\"
";

    /// Returns the message of each error and the text that the error underlines.
    fn errors(text: &str) -> Vec<(String, String)> {
        let mut diagnostics = Diagnostics::new();
        let source = Sources::new().add("specs/clients.toml", text);
        parse(text, source, &mut diagnostics);
        let place = |span: Option<Span>| span.map(|span| text[span.start..span.end].to_owned()).unwrap_or_default();
        diagnostics.sorted().into_iter().map(|one| (one.message.clone(), place(one.span))).collect()
    }

    #[test]
    fn valid_file_has_no_errors() {
        assert_eq!(errors(VALID), []);
        assert_eq!(errors(&VALID.replace('\n', "\r\n")), []);
        assert_eq!(errors(&VALID.replace("0.1.0", "10.0.3-rc.1+b-7")), []);
    }

    #[test]
    fn error_points_at_value() {
        let cases = [
            ("\"pki-clients\"", "\"pki clients\"", "not ' '"),
            ("\"0.1.0\"", "\"0.1\"", "has the form `0.1.0`"),
            ("\"0.1.0\"", "\"01.0.0\"", "has the form `0.1.0`"),
            ("\"../generated\"", "\"/generated\"", "relative to this file"),
            ("\"../generated\"", "\"\"", "`directory` is empty"),
            ("\"digicert-iot\"", "\"type\"", "keyword"),
            ("\"digicert-iot.yaml\"", "'..\\x.yaml'", "`/` as the separator"),
            ("\"digicert-iot.yaml\"", "\"https://a.example/b.yaml\"", "nothing is read over the network"),
        ];
        for (old, new, message) in cases {
            let errors = errors(&VALID.replace(old, new));
            assert_eq!(errors.len(), 1, "{errors:?}");
            assert!(errors[0].0.contains(message) && errors[0].1 == new, "{errors:?}");
        }
    }

    #[test]
    fn features_and_runtime_are_checked() {
        let with = |line: &str| errors(&VALID.replace("version = \"0.1.0\"", line));
        assert_eq!(with("features = [\"cli\", \"gzip\"]\nruntime = { path = \"../runtime\" }"), []);
        for (source, message) in
            [("version = \"\"", "`version` is empty"), ("path = 3", "`path` is a number, but must be a string")]
        {
            let errors = with(&format!("runtime = {{ {source} }}"));
            assert!(matches!(errors.as_slice(), [(error, _)] if error.contains(message)), "{errors:?}");
        }
        let [unknown] = with("features = [\"clii\"]").try_into().unwrap();
        assert_eq!(unknown, ("there is no feature `clii`; did you mean `cli`?".to_owned(), "\"clii\"".to_owned()));
        let [two] = with("runtime = { path = \"a\", version = \"1\" }").try_into().unwrap();
        assert!(two.0.contains("needs one of the keys"), "{two:?}");
    }

    #[test]
    fn invalid_lint_level_is_reported() {
        let level = |line: &str| errors(&format!("[lint]\n{line}\n{VALID}"));
        assert_eq!(level("example = \"allow\"\nunknown-format = \"error\""), []);
        let [unknown] = level("exmaple = \"allow\"").try_into().unwrap();
        assert_eq!(
            unknown,
            ("there is no diagnostic code `exmaple`; did you mean `example`?".to_owned(), "exmaple".to_owned())
        );
        let [unknown] = level("example = \"deny\"").try_into().unwrap();
        assert_eq!(unknown, ("unknown level `deny`".to_owned(), "\"deny\"".to_owned()));
        assert_eq!(level("syntax = \"error\"\nmissing = \"allow\""), []);
        for lowered in ["allow", "note", "warn"] {
            let [error] = level(&format!("syntax = '{lowered}'")).try_into().unwrap();
            assert!(
                error.0.starts_with("`syntax` is always an error") && error.1 == format!("'{lowered}'"),
                "{error:?}"
            );
        }
    }

    #[test]
    fn limits_are_optional() {
        let limits = |lines: &str| {
            let mut diagnostics = Diagnostics::new();
            let text = format!("[limits]\n{lines}\n{VALID}");
            let source = Sources::new().add("specs/clients.toml", text.as_str());
            let limits = parse(&text, source, &mut diagnostics).limits;
            (!diagnostics.has_errors()).then_some(limits)
        };
        assert_eq!(limits(""), Some(Limits::default()));
        assert_eq!(limits("bytes = 5"), Some(Limits { bytes: 5, ..Limits::default() }));
        assert_eq!(limits("depth = 512\ndigits = 7"), Some(Limits { depth: 512, digits: 7, ..Limits::default() }));
        let all = "bytes = 1\ndepth = 2\nvalues = 3\nname = 4\ndigits = 5\nitems = 6\nfiles = 7";
        assert_eq!(limits(all), Some(Limits { bytes: 1, depth: 2, values: 3, name: 4, digits: 5, items: 6, files: 7 }));
        for wrong in ["depth = 513", "depth = -1", "width = 3", "bytes = '1'", "values = 99999999999999999999"] {
            assert_eq!(limits(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn all_errors_are_reported() {
        let twice = format!("{VALID}[[crate.api]]\nname = \"digicert-iot\"\nspec = \"\"\n{VALID}");
        let messages: Vec<_> = errors(&twice).into_iter().map(|(message, _)| message).collect();
        assert_eq!(messages.len(), 3, "{messages:?}");
    }

    #[test]
    fn all_invalid_keys_and_types_are_reported() {
        let text = "lnit = {}\n[limits]\nwidth = 3\nbytes = '1'\n[[crate]]\ndirectroy = 'x'\nversion = 1\n\
                    [[crate.api]]\nname = 'Pets'\n[[crate]]\nname = []\ndirectory = '.'\n[[crate.api]]\nspec = '/a'\n\
                    [[crate.api]]\nname = 'b'\nspec = 'b'\n";
        let expected = [
            ("unknown key `lnit`", "lnit"),
            ("unknown key `width` in `[limits]`", "width"),
            ("`bytes` is a string, but must be an integer", "'1'"),
            ("`[[crate]]` needs `name`", "[[crate]]"),
            ("unknown key `directroy` in `[[crate]]`", "directroy"),
            ("`version` is a number, but must be a string", "1"),
            ("`[[crate.api]]` needs `spec`", "[[crate.api]]"),
            ("an API name consists of lower-case letters and digits, with `-` between words: `pet-store`", "'Pets'"),
            ("`name` is an array, but must be a string", "[]"),
            ("`[[crate.api]]` needs `name`, because the crate has several APIs", "[[crate.api]]"),
            ("`spec` must be a path relative to this file, with `/` as the separator", "'/a'"),
        ];
        assert_eq!(errors(text), expected.map(|(message, place)| (message.to_owned(), place.to_owned())));
    }

    #[test]
    fn syntax_error_is_the_only_error() {
        let errors = errors(&VALID.replace("version = \"0.1.0\"", "version = [1"));
        assert_eq!(errors.len(), 1, "{errors:?}");
    }

    #[test]
    fn file_without_crates_is_valid() {
        for text in ["", "[lint]\nexample = 'allow'\n"] {
            assert_eq!(errors(text), []);
        }
        assert_eq!(errors("[[crate]]\nname = \"a\"\ndirectory = \"a\"\n").len(), 1);
    }
}
