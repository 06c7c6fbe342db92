//! Where the values of an operation hold secrets.

/// Where a JSON value, text or form holds a secret: the steps from the whole to the secret.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SecretPath {
    /// Whether any number of steps may come before these: they are the last ones of the path.
    pub any_depth: bool,
    /// The steps; none where the whole value is the secret.
    pub steps: Vec<SecretStep>,
}

/// A step of a [`SecretPath`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SecretStep {
    /// To an item of an array or to a property of any name.
    Any,
    /// To the property, part or field of this name.
    Property(String),
}
