//! Types of other crates that replace types of the document.

use super::{JsonKind, Type};

/// A Rust type of another crate.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct External {
    /// The type as Rust code, with absolute paths: `::uuid::Uuid`, or `crate::runtime::OffsetDateTime`.
    pub path: String,
    /// The name of the type in the runtime, if it is a type of the runtime that wraps one of another crate.
    pub runtime_name: Option<&'static str>,
    /// Whether the type implements `Eq`.
    pub eq: bool,
    /// Whether the type implements `Hash`.
    pub hash: bool,
    /// A text from which `FromStr` of the type creates a value, for examples. `None` if there are no examples.
    pub sample: Option<&'static str>,
    /// Whether the values may contain secrets. They are then masked as a whole, because their parts are not known.
    pub has_secrets: bool,
    /// The values that the property of a discriminator allows in the replaced schema, by the name of the property.
    pub allowed: Vec<(String, Vec<String>)>,
    /// The kinds of JSON values as which the type is serialized. Empty if they are unknown.
    pub kinds: Vec<JsonKind>,
}

impl External {
    /// Creates a type of which only the path is known: it implements neither `Eq` nor `Hash`.
    pub fn new(path: String) -> Self {
        Self {
            path,
            runtime_name: None,
            eq: false,
            hash: false,
            sample: None,
            has_secrets: false,
            allowed: Vec::new(),
            kinds: Vec::new(),
        }
    }

    /// Returns the last segment of the path, without generic arguments: `Uuid`.
    pub fn last_segment(&self) -> String {
        let name = self.name();
        let plain = name.split('<').next().unwrap_or_default();
        plain.rsplit("::").next().unwrap_or_default().to_owned()
    }

    /// Returns the name of the type, for documentation: the path without the leading colons, or the name in the runtime.
    pub fn name(&self) -> String {
        if let Some(name) = self.runtime_name {
            return name.to_owned();
        }
        self.path.replace(' ', "").replace("<::", "<").replace(",::", ", ").trim_start_matches("::").to_owned()
    }

    /// Returns the type for a schema whose values have these kinds. `None` if the values of the type have other kinds.
    pub fn of_kinds(&self, kinds: Vec<JsonKind>) -> Option<Self> {
        let is_possible = self.kinds.is_empty() || kinds.is_empty() || self.kinds == kinds;
        let kinds = if self.kinds.is_empty() { kinds } else { self.kinds.clone() };
        is_possible.then(|| Self { kinds, ..self.clone() })
    }
}

impl From<External> for Type {
    fn from(external: External) -> Self {
        Self::External(Box::new(external))
    }
}
