//! Extensions: properties whose names begin with `x-`.

use indexmap::IndexMap;

use super::Value;

/// The `x-` extensions of an object for which the model has no separate field, in document order.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Extensions(pub Option<Box<IndexMap<String, Value>>>);

impl Extensions {
    /// Returns the value of an extension.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.as_ref()?.get(name)
    }

    /// Returns all extensions in document order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().flat_map(|extensions| extensions.iter()).map(|(name, value)| (name.as_str(), value))
    }
}
