//! The paths to the places where schemas are defined.

/// The path from a component or an operation to a schema. The names of types for inline schemas are derived from the
/// path.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SchemaPath(pub Vec<PathStep>);

/// A step of the path to a schema.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum PathStep {
    /// A component.
    Component(String),
    /// An operation, by its ID, or else by its method and path.
    Operation(String),
    /// A property of an object.
    Property(String),
    /// The items of an array.
    Items,
    /// The values of a map.
    Values,
    /// A schema of `allOf`, `oneOf` or `anyOf`.
    Variant(VariantStep),
    /// A parameter or header.
    Parameter(String),
    /// The body of a request.
    RequestBody,
    /// A response, by its key.
    Response(String),
}

/// How a path identifies a schema of `allOf`, `oneOf` or `anyOf`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum VariantStep {
    /// By its title.
    Title(String),
    /// By its type, if no other schema of the array has this type.
    Kind(String),
    /// By its position, from 1.
    Position(usize),
}

impl SchemaPath {
    /// Returns the path of a component schema.
    pub fn component(name: &str) -> Self {
        Self(vec![PathStep::Component(name.to_owned())])
    }
}
