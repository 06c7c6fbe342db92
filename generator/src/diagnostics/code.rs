//! The stable names of the kinds of findings, and what each of them means at length.

/// Makes the enum of codes; the name of each is also that of the file that explains it.
macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $variant:ident = $name:literal,)+) => {
        /// The kind of a finding; its name stands in brackets behind the severity.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Code {
            $($(#[doc = $doc])+ $variant,)+
        }

        impl Code {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The name, as shown.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }

            /// What the finding means, in a line.
            pub fn summary(self) -> &'static str {
                match self {
                    $(Self::$variant => concat!($($doc),+).trim_start(),)+
                }
            }

            /// What the finding means and what to do about it, at length: Markdown.
            pub fn explanation(self) -> &'static str {
                match self {
                    $(Self::$variant => include_str!(concat!("explanations/", $name, ".md")),)+
                }
            }
        }
    };
}

codes! {
    /// The text is not JSON or YAML.
    Syntax = "syntax",
    /// A key that stands twice in one object.
    DuplicateKey = "duplicate-key",
    /// A limit of the reader is exceeded.
    Limit = "limit",
    /// The document's version of OpenAPI is missing, or not one that is read.
    Version = "version",
    /// A member that the specification requires is missing.
    Missing = "missing",
    /// A value is not of the type that the specification asks for.
    WrongType = "wrong-type",
    /// A value is not one of those that the specification allows.
    InvalidValue = "invalid-value",
    /// A keyword that the specification does not have.
    UnknownKeyword = "unknown-keyword",
    /// A `$ref` to a place that does not exist.
    RefNotFound = "ref-not-found",
    /// A `$ref` to another file that is not read.
    RefNotRead = "ref-not-read",
    /// A `$ref` to something that is not what is needed there.
    RefWrongKind = "ref-wrong-kind",
    /// `$ref`s that lead back to themselves.
    RefCycle = "ref-cycle",
    /// Siblings of a `$ref`, which the specification ignores.
    RefSiblings = "ref-siblings",
    /// Something that is not generated yet.
    Unsupported = "unsupported",
    /// Schemas of an `allOf` that contradict each other.
    Contradiction = "contradiction",
    /// A path template and its parameters do not fit.
    PathParameter = "path-parameter",
    /// Something defined twice.
    Duplicate = "duplicate",
    /// A name that is used and nowhere defined.
    Undefined = "undefined",
    /// Two names that become one in Rust.
    NameCollision = "name-collision",
    /// An `x-` extension of ours with a value that it cannot have.
    Extension = "extension",
    /// Two paths that one request may match both of.
    AmbiguousPath = "ambiguous-path",
    /// An example or a default that does not fit its schema.
    Example = "example",
    /// A keyword that says nothing of values of the schema's type.
    KeywordType = "keyword-type",
    /// Something that has no effect where it stands.
    NoEffect = "no-effect",
    /// An operation without an identifier.
    OperationId = "operation-id",
    /// A `pattern` that is no regular expression of ECMA-262.
    Pattern = "pattern",
    /// A request body of a method that has none by HTTP.
    RequestBody = "request-body",
    /// A format that is in no registry.
    UnknownFormat = "unknown-format",
    /// What sounds like a secret and is not marked as one.
    UnmarkedSecret = "unmarked-secret",
    /// A union whose variants are told apart only by trying them.
    UnionTrial = "union-trial",
    /// A component that no operation leads to.
    UnusedComponent = "unused-component",
    /// The configuration is at fault.
    Config = "config",
    /// A file cannot be read or written.
    Files = "files",
    /// Not the input is at fault: a bug of ours.
    Internal = "internal",
}

impl Code {
    /// Whether each finding of that kind is an error where a document is checked strictly: none is a question of taste.
    pub fn is_always_error(self) -> bool {
        matches!(
            self,
            Self::Syntax
                | Self::DuplicateKey
                | Self::Limit
                | Self::Version
                | Self::WrongType
                | Self::RefNotFound
                | Self::RefNotRead
                | Self::RefWrongKind
                | Self::RefCycle
                | Self::Contradiction
                | Self::PathParameter
                | Self::Config
                | Self::Files
                | Self::Internal
        )
    }
}

impl std::str::FromStr for Code {
    type Err = UnknownCode;

    fn from_str(name: &str) -> Result<Self, UnknownCode> {
        Self::ALL.iter().copied().find(|code| code.as_str() == name).ok_or_else(|| UnknownCode::new(name))
    }
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}

/// There is no code of that name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no code `{name}`{}", nearest.map(|name| format!("; did you mean `{name}`?")).unwrap_or_default())]
pub struct UnknownCode {
    /// What was asked for.
    pub name: String,
    /// The code whose name is nearest to it.
    pub nearest: Option<&'static str>,
}

impl UnknownCode {
    fn new(name: &str) -> Self {
        let nearest = super::nearest(name, Code::ALL.iter().map(|code| code.as_str()));
        Self { name: name.to_owned(), nearest }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_back_to_their_codes() {
        for code in Code::ALL {
            assert_eq!(code.as_str().parse(), Ok(*code));
        }
        let unknown = "ref-not-fuond".parse::<Code>().unwrap_err();
        assert_eq!(unknown.to_string(), "there is no code `ref-not-fuond`; did you mean `ref-not-found`?");
        assert_eq!("E0001".parse::<Code>().unwrap_err().to_string(), "there is no code `E0001`");
    }

    #[test]
    fn explanations_are_fit_for_a_terminal() {
        for code in Code::ALL {
            let text = code.explanation();
            assert!(text.lines().all(|line| line.chars().count() <= 120), "{code}: a long line");
            assert!(text.len() > 200 && text.ends_with('\n') && !text.ends_with("\n\n"), "{code}: {text}");
        }
    }
}
