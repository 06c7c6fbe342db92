//! `clients.toml`: its text comes in, crates to generate come out, or all that is wrong with it, each with its place.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::Deserialize;
use toml::Spanned;

use super::names::{api_name_fault, crate_name_fault};
use crate::diagnostics::{Code, Diagnostic, Diagnostics, nearest, quoted};
use crate::source::{Limits, SourceId, Span};
use crate::{Level, Levels};

/// The whole file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ClientsToml {
    #[serde(default, rename = "crate")]
    pub(super) crates: Vec<Spanned<CrateTable>>,
    /// How bad the findings of each code are to `lint`.
    #[serde(default)]
    lint: BTreeMap<Spanned<String>, Level>,
    /// What the documents may ask for.
    #[serde(default)]
    limits: LimitsTable,
}

/// `[limits]`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct LimitsTable {
    bytes: Option<usize>,
    depth: Option<Spanned<usize>>,
    values: Option<usize>,
    name: Option<usize>,
    files: Option<usize>,
    digits: Option<usize>,
    members: Option<usize>,
}

impl ClientsToml {
    /// The levels of findings; a code that does not exist has been named as a fault.
    pub(super) fn levels(&self) -> Levels {
        let mut levels = Levels::default();
        for (name, level) in &self.lint {
            if let Ok(code) = name.get_ref().parse() {
                levels.set(code, *level);
            }
        }
        levels
    }

    /// The limits: those that are not set are as they are by default.
    pub(super) fn limits(&self) -> Limits {
        let (LimitsTable { bytes, values, name, files, digits, members, .. }, default) =
            (&self.limits, Limits::default());
        Limits {
            bytes: bytes.unwrap_or(default.bytes),
            depth: self.limits.depth.as_ref().map_or(default.depth, |depth| *depth.get_ref()),
            values: values.unwrap_or(default.values),
            name: name.unwrap_or(default.name),
            files: files.unwrap_or(default.files),
            digits: digits.unwrap_or(default.digits),
            members: members.unwrap_or(default.members),
        }
    }
}

/// One `[[crate]]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CrateTable {
    pub(super) name: Spanned<String>,
    /// Relative to `clients.toml`.
    pub(super) directory: Spanned<String>,
    pub(super) version: Option<Spanned<String>>,
    pub(super) description: Option<String>,
    pub(super) license: Option<String>,
    pub(super) repository: Option<String>,
    #[serde(default, rename = "api")]
    pub(super) apis: Vec<ApiTable>,
}

/// One `[[crate.api]]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ApiTable {
    pub(super) name: Spanned<String>,
    /// Relative to `clients.toml`.
    pub(super) spec: Spanned<String>,
}

/// Reads the text of a `clients.toml`; nothing comes of one that is not TOML or has other keys.
pub(super) fn parse(text: &str, source: SourceId, found: &mut Diagnostics) -> Option<ClientsToml> {
    let mut judge = Judge { source, found };
    let parsed: ClientsToml = match toml::from_str(text) {
        Ok(parsed) => parsed,
        Err(error) => {
            judge.unreadable(error.span().unwrap_or(0..0), error.message());
            return None;
        }
    };
    judge.clients(&parsed);
    Some(parsed)
}

/// Where a key of `clients.toml` stands.
pub(super) fn span<T>(source: SourceId, value: &Spanned<T>) -> Span {
    let Range { start, end } = value.span();
    Span { source, start, end }
}

struct Judge<'a> {
    source: SourceId,
    found: &'a mut Diagnostics,
}

impl Judge<'_> {
    fn fault(&mut self, at: Range<usize>, message: impl Into<String>) {
        self.found.push(Diagnostic::error(Code::Config, self.place(at), message));
    }

    fn twice(&mut self, at: Range<usize>, first: Range<usize>, message: String) {
        let diagnostic = Diagnostic::error(Code::Config, self.place(at), message).label("again here");
        self.found.push(diagnostic.related(self.place(first), "first here"));
    }

    fn place(&self, at: Range<usize>) -> Span {
        Span { source: self.source, start: at.start, end: at.end }
    }

    /// What the reader of TOML says; of a name that it does not know it lists those that it does.
    fn unreadable(&mut self, at: Range<usize>, message: &str) {
        let mut diagnostic = Diagnostic::error(Code::Config, self.place(at), message);
        let mut names = message.split('`').skip(1).step_by(2);
        if let Some(unknown) = names.next().filter(|_| message.starts_with("unknown ")) {
            diagnostic.help = nearest(unknown, names).map(|name| format!("did you mean {}?", quoted(name)));
        }
        self.found.push(diagnostic);
    }

    fn clients(&mut self, clients: &ClientsToml) {
        if clients.crates.is_empty() {
            self.fault(0..0, "there is no `[[crate]]` here, so there is nothing to generate");
        }
        for name in clients.lint.keys() {
            if let Err(unknown) = name.get_ref().parse::<Code>() {
                self.fault(name.span(), unknown.to_string());
            }
        }
        if let Some(depth) = clients.limits.depth.as_ref().filter(|depth| *depth.get_ref() > Limits::DEEPEST) {
            self.fault(depth.span(), format!("no document may nest more than {} deep", Limits::DEEPEST));
        }
        let mut names = BTreeMap::new();
        for entry in &clients.crates {
            let table = entry.get_ref();
            let name = table.name.get_ref().as_str();
            if let Some(fault) = crate_name_fault(name) {
                self.fault(table.name.span(), fault);
            }
            if let Some(first) = names.insert(name.replace('-', "_"), table.name.span()) {
                self.twice(table.name.span(), first, format!("there are two crates with the name `{name}`"));
            }
            if let Some(version) = table.version.as_ref().filter(|version| !is_version(version.get_ref())) {
                self.fault(version.span(), "a version is three numbers with dots between them, like `0.1.0`");
            }
            self.relative_path(&table.directory);
            if table.apis.is_empty() {
                self.fault(entry.span(), format!("the crate `{name}` has no `[[crate.api]]`"));
            }
            self.apis(&table.apis);
        }
    }

    fn apis(&mut self, apis: &[ApiTable]) {
        let mut names = BTreeMap::new();
        for api in apis {
            let name = api.name.get_ref().as_str();
            if let Some(fault) = api_name_fault(name) {
                self.fault(api.name.span(), fault);
            }
            if let Some(first) = names.insert(name, api.name.span()) {
                let message = format!("there are two APIs with the name `{name}` in this crate");
                self.twice(api.name.span(), first, message);
            }
            self.relative_path(&api.spec);
        }
    }

    /// Another machine has other folders: a path that begins at the root would not be found there.
    fn relative_path(&mut self, path: &Spanned<String>) {
        let text = path.get_ref();
        if text.is_empty() {
            self.fault(path.span(), "this is no path");
        } else if text.starts_with('/') || text.contains(['\\', ':']) {
            self.fault(path.span(), "a path is relative to this file, its parts separated by `/`");
        }
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
        assert!(unknown.0.contains("unknown variant `deny`") && unknown.1 == "\"deny\"", "{unknown:?}");
    }

    #[test]
    fn limits_are_set_one_by_one() {
        let limits = |lines: &str| {
            let mut found = Diagnostics::new();
            let text = format!("[limits]\n{lines}\n{GOOD}");
            let source = Sources::new().add("specs/clients.toml", text.as_str());
            parse(&text, source, &mut found).filter(|_| !found.has_errors()).map(|parsed| parsed.limits())
        };
        assert_eq!(limits(""), Some(Limits::default()));
        assert_eq!(limits("bytes = 5"), Some(Limits { bytes: 5, ..Limits::default() }));
        assert_eq!(limits("depth = 512\ndigits = 7"), Some(Limits { depth: 512, digits: 7, ..Limits::default() }));
        let all = "bytes = 1\ndepth = 2\nvalues = 3\nname = 4\ndigits = 5\nmembers = 6\nfiles = 7";
        assert_eq!(
            limits(all),
            Some(Limits { bytes: 1, depth: 2, values: 3, name: 4, digits: 5, members: 6, files: 7 })
        );
        for wrong in ["depth = 513", "depth = -1", "width = 3", "bytes = '1'"] {
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
    fn a_misspelt_key_is_named() {
        let found = faults(&GOOD.replace("directory", "dir"));
        assert!(found[0].0.contains("unknown field `dir`") && found[0].1 == "dir", "{found:?}");
        let found = faults(&GOOD.replace("version = \"0.1.0\"", "version = [1"));
        assert_eq!(found.len(), 1, "{found:?}");
    }

    #[test]
    fn nothing_to_generate() {
        assert_eq!(faults("").len(), 1);
        assert_eq!(faults("[[crate]]\nname = \"a\"\ndirectory = \"a\"\n").len(), 1);
    }
}
