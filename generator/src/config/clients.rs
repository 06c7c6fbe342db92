//! `clients.toml`: its text comes in, crates to generate come out, or all that is wrong with it, each with its place.

use std::collections::BTreeMap;
use std::ops::Range;

use toml::Spanned;
use toml::de::DeTable;

use super::names::{api_name_fault, crate_name_fault};
use super::table::{Judge, Table};
use crate::diagnostics::{Code, Diagnostics, nearest, quoted};
use crate::source::{Limits, SourceId, Span};
use crate::{Level, Levels};

/// The whole file.
#[derive(Debug, Default)]
pub(super) struct ClientsToml {
    /// Whether it says anything of crates.
    pub(super) has_crates: bool,
    /// Those of them that are whole.
    pub(super) crates: Vec<CrateTable>,
    /// How bad the findings of each code are to `lint`.
    pub(super) levels: Levels,
    /// What the documents may ask for.
    pub(super) limits: Limits,
}

/// One `[[crate]]`.
#[derive(Debug)]
pub(super) struct CrateTable {
    pub(super) name: Spanned<String>,
    /// Relative to `clients.toml`.
    pub(super) directory: Spanned<String>,
    pub(super) version: Option<Spanned<String>>,
    pub(super) description: Option<String>,
    pub(super) license: Option<String>,
    pub(super) repository: Option<String>,
    pub(super) apis: Vec<ApiTable>,
}

/// One `[[crate.api]]`.
#[derive(Debug)]
pub(super) struct ApiTable {
    pub(super) name: Spanned<String>,
    /// Relative to `clients.toml`.
    pub(super) spec: Spanned<String>,
}

/// Reads the text of a `clients.toml`; where it is TOML, what is right of it is read whatever else is wrong.
pub(super) fn parse(text: &str, source: SourceId, found: &mut Diagnostics) -> ClientsToml {
    let mut judge = Judge { source, found };
    // What comes behind the first fault of syntax is mostly due to it.
    let root = match DeTable::parse(text) {
        Ok(root) => root,
        Err(error) => {
            judge.fault(error.span().unwrap_or(0..0), error.message());
            return ClientsToml::default();
        }
    };
    judge.file(Table::root(root.get_ref()))
}

/// Where a key of `clients.toml` stands.
pub(super) fn span<T>(source: SourceId, value: &Spanned<T>) -> Span {
    let Range { start, end } = value.span();
    Span { source, start, end }
}

impl Judge<'_> {
    fn file(&mut self, file: Table<'_>) -> ClientsToml {
        self.keys(file, &[], &["crate", "lint", "limits"]);
        let levels = self.table(file, "lint", "`[lint]`").map(|table| self.levels(table)).unwrap_or_default();
        let limits = self.table(file, "limits", "`[limits]`").map(|table| self.limits(table)).unwrap_or_default();
        let mut crates = Vec::new();
        let mut names = BTreeMap::new();
        for table in self.tables(file, "crate", "`[[crate]]`") {
            crates.extend(self.one_crate(table, &mut names));
        }
        ClientsToml { has_crates: file.has("crate"), crates, levels, limits }
    }

    fn levels(&mut self, table: Table<'_>) -> Levels {
        let mut levels = Levels::default();
        for (name, at, value) in table.members() {
            let code = name.parse::<Code>().map_err(|unknown| self.fault(at, unknown.to_string())).ok();
            let Some(text) = self.text(table, name) else { continue };
            let level = match text.get_ref().parse::<Level>() {
                Ok(level) => level,
                Err(unknown) => {
                    let help = match nearest(text.get_ref(), ["allow", "note", "warn", "error"]) {
                        Some(near) => format!("did you mean `{near}`?"),
                        None => "it is `allow`, `note`, `warn` or `error`".to_owned(),
                    };
                    self.push(value.span(), unknown.to_string(), Some(help));
                    continue;
                }
            };
            let Some(code) = code else { continue };
            if code.is_always_error() && level != Level::Error {
                let message =
                    format!("{} is an error and stays one: `generate` rejects each document that has it", quoted(name));
                let help = "levels are for what is a warning or a note by itself".to_owned();
                self.push(value.span(), message, Some(help));
            }
            levels.set(code, level);
        }
        levels
    }

    fn limits(&mut self, table: Table<'_>) -> Limits {
        self.keys(table, &[], &["bytes", "depth", "values", "name", "files", "digits", "members"]);
        let default = Limits::default();
        let depth = self.count(table, "depth");
        if let Some(depth) = depth.as_ref().filter(|depth| *depth.get_ref() > Limits::MAX_DEPTH) {
            self.fault(depth.span(), format!("no document may nest more than {} deep", Limits::MAX_DEPTH));
        }
        let mut or = |key: &str, default: usize| self.count(table, key).map_or(default, Spanned::into_inner);
        Limits {
            bytes: or("bytes", default.bytes),
            depth: depth.map_or(default.depth, Spanned::into_inner),
            values: or("values", default.values),
            name: or("name", default.name),
            files: or("files", default.files),
            digits: or("digits", default.digits),
            members: or("members", default.members),
        }
    }

    /// One `[[crate]]`, if it has all that it needs; `names` has those of the ones before it.
    fn one_crate(&mut self, table: Table<'_>, names: &mut BTreeMap<String, Range<usize>>) -> Option<CrateTable> {
        self.keys(table, &["name", "directory"], &["version", "description", "license", "repository", "api"]);
        let name = self.text(table, "name");
        if let Some(name) = &name {
            if let Some(fault) = crate_name_fault(name.get_ref()) {
                self.fault(name.span(), fault);
            }
            if let Some(first) = names.insert(name.get_ref().replace('-', "_"), name.span()) {
                self.twice(name.span(), first, format!("there are two crates with the name `{}`", name.get_ref()));
            }
        }
        let version = self.text(table, "version");
        if let Some(version) = version.as_ref().filter(|version| !is_version(version.get_ref())) {
            self.fault(version.span(), "a version is three numbers with dots between them, like `0.1.0`");
        }
        let directory = self.path(table, "directory");
        let mut text = |key| self.text(table, key).map(Spanned::into_inner);
        let (description, license, repository) = (text("description"), text("license"), text("repository"));
        let apis = self.tables(table, "api", "`[[crate.api]]`");
        if !table.has("api") {
            self.fault(table.place(), "`[[crate]]` needs a `[[crate.api]]` at least");
        }
        let mut known = BTreeMap::new();
        let apis = apis.into_iter().filter_map(|api| self.api(api, &mut known)).collect();
        Some(CrateTable { name: name?, directory: directory?, version, description, license, repository, apis })
    }

    /// One `[[crate.api]]`, if it has all that it needs; `names` has those of the ones before it.
    fn api(&mut self, table: Table<'_>, names: &mut BTreeMap<String, Range<usize>>) -> Option<ApiTable> {
        self.keys(table, &["name", "spec"], &[]);
        let name = self.text(table, "name");
        if let Some(name) = &name {
            if let Some(fault) = api_name_fault(name.get_ref()) {
                self.fault(name.span(), fault);
            }
            if let Some(first) = names.insert(name.get_ref().clone(), name.span()) {
                let message = format!("there are two APIs with the name `{}` in this crate", name.get_ref());
                self.twice(name.span(), first, message);
            }
        }
        let spec = self.path(table, "spec");
        Some(ApiTable { name: name?, spec: spec? })
    }

    /// Another machine has other folders: a path that begins at the root would not be found there.
    fn path(&mut self, table: Table<'_>, key: &str) -> Option<Spanned<String>> {
        let path = self.text(table, key)?;
        let text = path.get_ref();
        if text.is_empty() {
            self.fault(path.span(), "this is no path");
        } else if text.starts_with('/') || text.contains(['\\', ':']) {
            self.fault(path.span(), "a path is relative to this file, its parts separated by `/`");
        }
        Some(path)
    }
}

/// Whether Cargo takes it: `1.2.3`, with `-rc.1` and `+build` behind it or not.
fn is_version(version: &str) -> bool {
    let (version, build) = version.split_once('+').unwrap_or((version, "0"));
    let (numbers, pre) = version.split_once('-').unwrap_or((version, "0"));
    let is_number = |part: &str| {
        part.parse::<u64>().is_ok()
            && part.chars().all(|c| c.is_ascii_digit())
            && (part == "0" || !part.starts_with('0'))
    };
    let is_word = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    numbers.split('.').count() == 3
        && numbers.split('.').all(is_number)
        && [pre, build].into_iter().all(|it| it.split('.').all(is_word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Sources;

    const GOOD: &str = "
[[crate]]
name = \"pki-clients\"
directory = \"../generated\"
version = \"0.1.0\"

[[crate.api]]
name = \"digicert-iot\"
spec = \"digicert-iot.yaml\"
";

    /// The message and the text that it points at, for each fault.
    fn faults(text: &str) -> Vec<(String, String)> {
        let mut found = Diagnostics::new();
        let source = Sources::new().add("specs/clients.toml", text);
        parse(text, source, &mut found);
        let place = |span: Option<Span>| span.map(|span| text[span.start..span.end].to_owned()).unwrap_or_default();
        found.sorted().into_iter().map(|one| (one.message.clone(), place(one.span))).collect()
    }

    #[test]
    fn a_good_file_has_no_faults() {
        assert_eq!(faults(GOOD), []);
        assert_eq!(faults(&GOOD.replace('\n', "\r\n")), []);
        assert_eq!(faults(&GOOD.replace("0.1.0", "10.0.3-rc.1+b-7")), []);
    }

    #[test]
    fn each_fault_points_at_its_value() {
        let cases = [
            ("\"pki-clients\"", "\"pki clients\"", "and not ' '"),
            ("\"0.1.0\"", "\"0.1\"", "three numbers"),
            ("\"0.1.0\"", "\"01.0.0\"", "three numbers"),
            ("\"../generated\"", "\"/generated\"", "relative to this file"),
            ("\"../generated\"", "\"\"", "no path"),
            ("\"digicert-iot\"", "\"type\"", "keyword"),
            ("\"digicert-iot.yaml\"", "'..\\x.yaml'", "separated by `/`"),
        ];
        for (old, new, message) in cases {
            let found = faults(&GOOD.replace(old, new));
            assert_eq!(found.len(), 1, "{found:?}");
            assert!(found[0].0.contains(message) && found[0].1 == new, "{found:?}");
        }
    }

    #[test]
    fn levels_of_findings() {
        let level = |line: &str| faults(&format!("[lint]\n{line}\n{GOOD}"));
        assert_eq!(level("example = \"allow\"\nunknown-format = \"error\""), []);
        let [unknown] = level("exmaple = \"allow\"").try_into().unwrap();
        assert_eq!(unknown, ("there is no code `exmaple`; did you mean `example`?".to_owned(), "exmaple".to_owned()));
        let [unknown] = level("example = \"deny\"").try_into().unwrap();
        assert_eq!(unknown, ("there is no level `deny`".to_owned(), "\"deny\"".to_owned()));
        assert_eq!(level("syntax = \"error\"\nmissing = \"allow\""), []);
        for lowered in ["allow", "note", "warn"] {
            let [fault] = level(&format!("syntax = '{lowered}'")).try_into().unwrap();
            assert!(
                fault.0.starts_with("`syntax` is an error and stays one") && fault.1 == format!("'{lowered}'"),
                "{fault:?}"
            );
        }
    }

    #[test]
    fn limits_are_set_one_by_one() {
        let limits = |lines: &str| {
            let mut found = Diagnostics::new();
            let text = format!("[limits]\n{lines}\n{GOOD}");
            let source = Sources::new().add("specs/clients.toml", text.as_str());
            let limits = parse(&text, source, &mut found).limits;
            (!found.has_errors()).then_some(limits)
        };
        assert_eq!(limits(""), Some(Limits::default()));
        assert_eq!(limits("bytes = 5"), Some(Limits { bytes: 5, ..Limits::default() }));
        assert_eq!(limits("depth = 512\ndigits = 7"), Some(Limits { depth: 512, digits: 7, ..Limits::default() }));
        let all = "bytes = 1\ndepth = 2\nvalues = 3\nname = 4\ndigits = 5\nmembers = 6\nfiles = 7";
        assert_eq!(
            limits(all),
            Some(Limits { bytes: 1, depth: 2, values: 3, name: 4, digits: 5, members: 6, files: 7 })
        );
        for wrong in ["depth = 513", "depth = -1", "width = 3", "bytes = '1'", "values = 99999999999999999999"] {
            assert_eq!(limits(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn all_faults_are_found_together() {
        let twice = format!("{GOOD}[[crate.api]]\nname = \"digicert-iot\"\nspec = \"\"\n{GOOD}");
        let messages: Vec<_> = faults(&twice).into_iter().map(|(message, _)| message).collect();
        assert_eq!(messages.len(), 3, "{messages:?}");
    }

    #[test]
    fn keys_and_types_are_all_named_together() {
        let text = "lnit = {}\n[limits]\nwidth = 3\nbytes = '1'\n[[crate]]\ndirectroy = 'x'\nversion = 1\n\
                    [[crate.api]]\nname = 'Pets'\n[[crate]]\nname = []\ndirectory = '.'\n[[crate.api]]\nspec = '/a'\n";
        let expected = [
            ("the file knows no key `lnit`", "lnit"),
            ("`[limits]` knows no key `width`", "width"),
            ("`bytes` is a string, but must be a whole number", "'1'"),
            ("`[[crate]]` needs `name`", "[[crate]]"),
            ("`[[crate]]` knows no key `directroy`", "directroy"),
            ("`version` is a number, but must be a string", "1"),
            ("`[[crate.api]]` needs `spec`", "[[crate.api]]"),
            ("an API's name is of words of small letters and digits with `-` between them, like `pet-store`", "'Pets'"),
            ("`name` is an array, but must be a string", "[]"),
            ("`[[crate.api]]` needs `name`", "[[crate.api]]"),
            ("a path is relative to this file, its parts separated by `/`", "'/a'"),
        ];
        assert_eq!(faults(text), expected.map(|(message, place)| (message.to_owned(), place.to_owned())));
    }

    #[test]
    fn what_is_not_toml_is_nothing_else() {
        let found = faults(&GOOD.replace("version = \"0.1.0\"", "version = [1"));
        assert_eq!(found.len(), 1, "{found:?}");
    }

    #[test]
    fn a_file_may_be_for_lint_alone() {
        for text in ["", "[lint]\nexample = 'allow'\n"] {
            assert_eq!(faults(text), []);
        }
        assert_eq!(faults("[[crate]]\nname = \"a\"\ndirectory = \"a\"\n").len(), 1);
    }
}
