//! Defines the codes of diagnostics, e.g. `ref-not-found`, with their explanations. Codes are stable between versions.

/// Defines the enum of codes. The name of a code is also the file name of its explanation.
macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $variant:ident = $name:literal,)+) => {
        /// The code of a diagnostic, shown in brackets after the severity: `error[syntax]`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Code {
            $($(#[doc = $doc])+ $variant,)+
        }

        impl Code {
            /// All codes.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// Returns the name, e.g. `ref-not-found`.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }

            /// Returns a summary in one line.
            pub fn summary(self) -> &'static str {
                match self {
                    $(Self::$variant => concat!($($doc),+).trim_start(),)+
                }
            }

            /// Returns an explanation of the problem and its solution, in Markdown.
            pub fn explanation(self) -> &'static str {
                match self {
                    $(Self::$variant => include_str!(concat!("explanations/", $name, ".md")),)+
                }
            }
        }
    };
}

codes! {
    /// The file is not valid JSON or YAML.
    Syntax = "syntax",
    /// An object has two properties with the same name.
    DuplicateKey = "duplicate-key",
    /// A limit on the size or nesting of a document is exceeded.
    Limit = "limit",
    /// The OpenAPI version is missing or not supported.
    Version = "version",
    /// A property that OpenAPI requires is missing.
    Missing = "missing",
    /// A value does not have the type that OpenAPI requires.
    WrongType = "wrong-type",
    /// A value is not allowed by OpenAPI.
    InvalidValue = "invalid-value",
    /// A property that OpenAPI does not define.
    UnknownKeyword = "unknown-keyword",
    /// The target of a `$ref` does not exist.
    RefNotFound = "ref-not-found",
    /// A `$ref` refers to a file that is not read.
    RefNotRead = "ref-not-read",
    /// The target of a `$ref` is of the wrong kind, such as a response instead of a schema.
    RefWrongKind = "ref-wrong-kind",
    /// `$ref`s form a cycle.
    RefCycle = "ref-cycle",
    /// Properties next to a `$ref`, which OpenAPI ignores.
    RefSiblings = "ref-siblings",
    /// A construct that is not supported yet.
    Unsupported = "unsupported",
    /// Schemas of an `allOf` contradict each other.
    Contradiction = "contradiction",
    /// The placeholders of a path do not match the path parameters.
    PathParameter = "path-parameter",
    /// A name that must be unique appears twice.
    Duplicate = "duplicate",
    /// A name is used but not defined, such as the name of a security scheme.
    Undefined = "undefined",
    /// Two names map to the same Rust name.
    NameCollision = "name-collision",
    /// The lock file of names is invalid.
    LockFile = "lock-file",
    /// An `x-` extension of Clientwright has an invalid value.
    Extension = "extension",
    /// Two paths match the same request.
    AmbiguousPath = "ambiguous-path",
    /// An example, default or enum value does not match its schema.
    Example = "example",
    /// A keyword does not apply to the type of its schema.
    KeywordType = "keyword-type",
    /// A keyword or definition has no effect.
    NoEffect = "no-effect",
    /// A keyword restricts values in a way that no Rust type expresses.
    NotChecked = "not-checked",
    /// An operation has no `operationId`.
    OperationId = "operation-id",
    /// A `pattern` is not a valid ECMA-262 regular expression.
    Pattern = "pattern",
    /// A request body of a method such as GET, for which HTTP does not define a body.
    RequestBody = "request-body",
    /// A `format` is unknown.
    UnknownFormat = "unknown-format",
    /// A string that seems to be a secret is not marked as one.
    UnmarkedSecret = "unmarked-secret",
    /// The variants of a union can only be distinguished by trying to decode each of them.
    UnionTrial = "union-trial",
    /// A component is not used by any operation.
    UnusedComponent = "unused-component",
    /// `nullable` in a document of OpenAPI 3.1 or later. These versions do not define `nullable`.
    NullableIn31 = "nullable-in-3.1",
    /// A construct that a later version of OpenAPI defines, but the declared version does not.
    LaterVersion = "later-version",
    /// The dialect of JSON Schema is unknown.
    SchemaDialect = "schema-dialect",
    /// `serde_yaml`, `serde_json` or `openapiv3` cannot read the document.
    Portability = "portability",
    /// An overlay is invalid, or one of its actions does not fit the document.
    Overlay = "overlay",
    /// The target of an action of an overlay matches nothing.
    OverlayTarget = "overlay-target",
    /// The configuration is invalid.
    Config = "config",
    /// A file cannot be read or written.
    Files = "files",
    /// A bug in Clientwright.
    Internal = "internal",
}

impl Code {
    /// Returns whether all diagnostics with this code are errors, so that `[lint]` in `clients.toml` cannot set another
    /// level for the code. Only lenient mode can turn such errors into warnings.
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
                | Self::Overlay
                | Self::OverlayTarget
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

/// The error of parsing an unknown code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no diagnostic code `{name}`{}", nearest.map(|name| format!("; did you mean `{name}`?")).unwrap_or_default())]
pub struct UnknownCode {
    /// The unknown code.
    pub name: String,
    /// The most similar code. `None` if no code is similar.
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
    fn code_names_round_trip() {
        for code in Code::ALL {
            assert_eq!(code.as_str().parse(), Ok(*code));
        }
        let unknown = "ref-not-fuond".parse::<Code>().unwrap_err();
        assert_eq!(unknown.to_string(), "there is no diagnostic code `ref-not-fuond`; did you mean `ref-not-found`?");
        assert_eq!("E0001".parse::<Code>().unwrap_err().to_string(), "there is no diagnostic code `E0001`");
    }

    #[test]
    fn explanations_fit_in_terminal() {
        for code in Code::ALL {
            let text = code.explanation();
            assert!(text.lines().all(|line| line.chars().count() <= 120), "{code}: a long line");
            assert!(text.len() > 200 && text.ends_with('\n') && !text.ends_with("\n\n"), "{code}: {text}");
        }
    }
}
