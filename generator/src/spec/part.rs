//! The references between the components of a document.

use super::{PartId, Spanned};

/// A part of a document that can be the target of references: a component, or a value in another file.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// The ID of the part.
    pub id: PartId,
    /// The name of the component. `None` for values in other files.
    pub component: Option<ComponentName>,
    /// The other parts that the part refers to, in document order.
    pub references: Vec<PartId>,
}

/// The name of a component.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComponentName {
    /// The section that contains the component, such as `schemas`, or `definitions` in Swagger 2.0.
    pub section: String,
    /// The name within the section, with its location.
    pub name: Spanned<String>,
}
