//! The metadata of a crate.

use toml::Spanned;

use super::table::{Table, TableReader};
use crate::diagnostics::quoted;

/// The metadata of the crate in the generated `Cargo.toml`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    /// The name of the crate, e.g. `pki-clients`.
    pub name: String,
    /// The version. The default is `0.1.0`.
    pub version: String,
    /// A description in one sentence. If `None`, it is derived from the titles of the APIs.
    pub description: Option<String>,
    /// The authors, e.g. `Ann <ann@authors.example>`.
    pub authors: Vec<String>,
    /// The license as an SPDX expression.
    pub license: Option<String>,
    /// The URL of the source repository.
    pub repository: Option<String>,
    /// The URL of the home page.
    pub homepage: Option<String>,
    /// The URL of the documentation.
    pub documentation: Option<String>,
    /// At most five keywords. The default is `api`, `client` and `openapi`.
    pub keywords: Vec<String>,
    /// At most five categories. The default is `api-bindings`.
    pub categories: Vec<String>,
}

impl Package {
    /// The keys of a `[[crate]]` table that contain the metadata, apart from its name.
    pub(super) const KEYS: [&str; 9] = [
        "version",
        "description",
        "authors",
        "license",
        "repository",
        "homepage",
        "documentation",
        "keywords",
        "categories",
    ];

    /// Creates the metadata of a crate with the default version, keywords and categories.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            version: "0.1.0".to_owned(),
            description: None,
            authors: Vec::new(),
            license: None,
            repository: None,
            homepage: None,
            documentation: None,
            keywords: ["api", "client", "openapi"].map(str::to_owned).to_vec(),
            categories: vec!["api-bindings".to_owned()],
        }
    }
}

impl TableReader<'_> {
    /// Reads the metadata of a crate from its `[[crate]]` table.
    pub(super) fn package(&mut self, table: Table<'_>, name: &str) -> Package {
        let default = Package::new(name);
        let version = self.string(table, "version");
        if let Some(version) = version.as_ref().filter(|version| !is_version(version.get_ref())) {
            let message = format!(
                "{} is not a valid version: a version has the form `0.1.0`, with an optional suffix such as `-rc.1`",
                quoted(version.get_ref())
            );
            self.error(version.span(), message);
        }
        let mut string = |key| self.string(table, key).map(Spanned::into_inner);
        let (description, license, repository) = (string("description"), string("license"), string("repository"));
        let (homepage, documentation) = (string("homepage"), string("documentation"));
        let authors = self.strings(table, "authors").unwrap_or_default();
        Package {
            version: version.map_or(default.version, Spanned::into_inner),
            description,
            authors: authors.into_iter().map(Spanned::into_inner).collect(),
            license,
            repository,
            homepage,
            documentation,
            keywords: self.labels(table, "keywords").unwrap_or(default.keywords),
            categories: self.labels(table, "categories").unwrap_or(default.categories),
            name: default.name,
        }
    }

    /// Reads keywords or categories. Registries limit their number, and the form of keywords.
    fn labels(&mut self, table: Table<'_>, key: &str) -> Option<Vec<String>> {
        let labels = self.strings(table, key)?;
        if let Some(sixth) = labels.get(5) {
            self.error(sixth.span(), format!("a crate has at most five {key}"));
        }
        for label in labels.iter().filter(|label| key == "keywords" && !is_keyword(label.get_ref())) {
            let message = format!(
                "{} is not a keyword: a keyword begins with an ASCII letter or digit, consists of ASCII letters, digits, \
                 `-`, `_` and `+`, and has at most 20 characters",
                quoted(label.get_ref())
            );
            self.error(label.span(), message);
        }
        Some(labels.into_iter().map(Spanned::into_inner).collect())
    }
}

/// Returns whether registries accept a keyword.
fn is_keyword(keyword: &str) -> bool {
    keyword.starts_with(|first: char| first.is_ascii_alphanumeric())
        && keyword.chars().all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '+'))
        && keyword.len() <= 20
}

/// Returns whether Cargo accepts a version: three numbers, e.g. `1.2.3`, with optional suffixes such as `-rc.1` and
/// `+build`.
fn is_version(version: &str) -> bool {
    let (version, build) = version.split_once('+').unwrap_or((version, "0"));
    let (numbers, pre) = version.split_once('-').unwrap_or((version, "0"));
    let is_number = |part: &str| {
        part.parse::<u64>().is_ok()
            && part.chars().all(|c| c.is_ascii_digit())
            && (part == "0" || !part.starts_with('0'))
    };
    let is_identifier = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    numbers.split('.').count() == 3
        && numbers.split('.').all(is_number)
        && [pre, build].into_iter().all(|it| it.split('.').all(is_identifier))
}

#[cfg(test)]
mod tests {
    use super::super::clients;
    use super::*;
    use crate::diagnostics::Diagnostics;
    use crate::source::Sources;

    /// Returns the metadata of a crate with these lines, and the error messages.
    fn package(lines: &str) -> (Package, Vec<String>) {
        let text = format!("[[crate]]\nname = 'zoo'\ndirectory = 'zoo'\n{lines}\n[[crate.api]]\nspec = 'zoo.yaml'\n");
        let mut diagnostics = Diagnostics::new();
        let source = Sources::new().add("clients.toml", text.as_str());
        let mut crates = clients::parse(&text, source, &mut diagnostics).crates;
        (crates.remove(0).package, diagnostics.sorted().iter().map(|one| one.message.clone()).collect())
    }

    #[test]
    fn metadata_is_read() {
        assert_eq!(package(""), (Package::new("zoo"), vec![]));
        let lines = "version = '2.0.0'\nauthors = ['Ann']\nhomepage = 'https://zoo.example'\nkeywords = []\n\
                     documentation = 'https://docs.example'\ncategories = ['science::geo']\nlicense = 'MIT'";
        let text = |text: &str| Some(text.to_owned());
        let expected = Package {
            version: "2.0.0".to_owned(),
            authors: vec!["Ann".to_owned()],
            license: text("MIT"),
            homepage: text("https://zoo.example"),
            documentation: text("https://docs.example"),
            keywords: vec![],
            categories: vec!["science::geo".to_owned()],
            ..Package::new("zoo")
        };
        assert_eq!(package(lines), (expected, vec![]));
    }

    #[test]
    fn keywords_that_registries_refuse_are_errors() {
        for keyword in ["", "-a", "two words", "a-keyword-that-is-too-long", "ö"] {
            let (_, errors) = package(&format!("keywords = ['rest', '{keyword}']"));
            assert!(matches!(errors.as_slice(), [error] if error.contains("is not a keyword")), "{errors:?}");
        }
        for key in ["keywords", "categories"] {
            let (_, errors) = package(&format!("{key} = ['a', 'b', 'c', 'd', 'e', 'f']"));
            assert_eq!(errors, [format!("a crate has at most five {key}")]);
        }
    }
}
