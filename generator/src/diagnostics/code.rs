//! The stable names of the kinds of findings.

/// The kind of a finding; its name stands in brackets behind the severity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Code {
    /// The text is not JSON or YAML.
    Syntax,
    /// A key that stands twice in one object.
    DuplicateKey,
    /// A limit of the reader is exceeded.
    Limit,
    /// The document's version of OpenAPI is missing, or not one that is read.
    Version,
    /// A member that the specification requires is missing.
    Missing,
    /// A value is not of the type that the specification asks for.
    WrongType,
    /// A value is not one of those that the specification allows.
    InvalidValue,
    /// A keyword that the specification does not have.
    UnknownKeyword,
    /// A `$ref` to a place that does not exist.
    RefNotFound,
    /// A `$ref` to something that is not what is needed there.
    RefWrongKind,
    /// `$ref`s that lead back to themselves.
    RefCycle,
    /// Siblings of a `$ref`, which the specification ignores.
    RefSiblings,
    /// Something that is not generated yet.
    Unsupported,
    /// Schemas of an `allOf` that contradict each other.
    Contradiction,
    /// A path template and its parameters do not fit.
    PathParameter,
    /// Something defined twice.
    Duplicate,
    /// A name that is used and nowhere defined.
    Undefined,
    /// Two names that become one in Rust.
    NameCollision,
    /// An `x-` extension of ours with a value that it cannot have.
    Extension,
    /// The configuration is at fault.
    Config,
    /// Not the input is at fault: a bug of ours.
    Internal,
}

impl Code {
    /// The name, as shown.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Syntax => "syntax",
            Self::DuplicateKey => "duplicate-key",
            Self::Limit => "limit",
            Self::Version => "version",
            Self::Missing => "missing",
            Self::WrongType => "wrong-type",
            Self::InvalidValue => "invalid-value",
            Self::UnknownKeyword => "unknown-keyword",
            Self::RefNotFound => "ref-not-found",
            Self::RefWrongKind => "ref-wrong-kind",
            Self::RefCycle => "ref-cycle",
            Self::RefSiblings => "ref-siblings",
            Self::Unsupported => "unsupported",
            Self::Contradiction => "contradiction",
            Self::PathParameter => "path-parameter",
            Self::Duplicate => "duplicate",
            Self::Undefined => "undefined",
            Self::NameCollision => "name-collision",
            Self::Extension => "extension",
            Self::Config => "config",
            Self::Internal => "internal",
        }
    }
}
