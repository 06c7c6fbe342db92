//! Which components refer to which.

use super::{PartId, Spanned};

/// A part of a document that references lead to: a component, or a value in another file.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// Its identity.
    pub id: PartId,
    /// The component. `None` for values in other files.
    pub component: Option<ComponentName>,
    /// The other parts that it refers to, in document order.
    pub references: Vec<PartId>,
}

/// The name of a component.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComponentName {
    /// The section that defines it, such as `schemas`; in Swagger 2.0 `definitions`.
    pub section: String,
    /// Its name, with the location.
    pub name: Spanned<String>,
}
