//! Paths to secrets in the values of an operation.

/// The path to a secret in a JSON value, string or form.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SecretPath {
    /// Whether any number of other steps may precede these steps.
    pub any_depth: bool,
    /// The steps; empty if the whole value is secret.
    pub steps: Vec<SecretStep>,
}

/// A step of a [`SecretPath`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SecretStep {
    /// To any item of an array, or any property of an object.
    Any,
    /// To the property, part or field with this name.
    Property(String),
}
