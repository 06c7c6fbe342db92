//! Defines paths to secrets in the request and response bodies of an operation.

/// The path to a secret in a request or response body. The body is a JSON value, a string or a form.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SecretPath {
    /// Whether the path can begin at any depth of the body, not only at the root.
    pub any_depth: bool,
    /// The steps from the start of the path to the secret. If empty, the whole body is secret.
    pub steps: Vec<SecretStep>,
}

/// A step of a [`SecretPath`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SecretStep {
    /// A step to any item of an array, or to any property of an object.
    Any,
    /// A step to the property of an object, or to the part or field of a form, with this name.
    Property(String),
}
