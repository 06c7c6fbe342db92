//! Seals the traits that only generated code implements, so that methods can be added to them.

/// A type in generated code.
pub trait Sealed {}
