//! Defines the findings of a comparison.

use serde::Serialize;

use super::{Rust, Wire};

/// A difference between two versions of an API.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The kind of item that changes.
    pub item: Item,
    /// The kind of change.
    pub change: Change,
    /// The item in the words of the document, e.g. "schema `Pet`, property `name`".
    pub subject: String,
    /// The change, e.g. "is required now". The subject and the detail form a sentence.
    pub detail: String,
    /// The place in the old document. `None` for new items.
    pub old: Option<Place>,
    /// The place in the new document. `None` for removed items.
    pub new: Option<Place>,
    /// The version bump that the change needs.
    pub rust: Rust,
    /// The effect on running clients.
    pub wire: Wire,
}

/// A place in a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Place {
    /// The path of the file.
    pub file: String,
    /// The line, counted from 1.
    pub line: usize,
    /// The column in characters, counted from 1.
    pub column: usize,
}

/// The kind of item that changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Item {
    /// The whole API.
    Api,
    /// A server or a server variable.
    Server,
    /// A security scheme.
    SecurityScheme,
    /// An operation.
    Operation,
    /// A parameter of an operation.
    Parameter,
    /// A request body.
    RequestBody,
    /// A response.
    Response,
    /// A header of a response.
    Header,
    /// A schema.
    Schema,
    /// A property of a schema, or a part of a form.
    Property,
    /// A value of an enum.
    Value,
    /// A variant of a union.
    Variant,
    /// A webhook.
    Webhook,
    /// An item of the generated crate that belongs to no single item of the document.
    RustItem,
}

/// The kind of change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// The item is new.
    Added,
    /// The item no longer exists.
    Removed,
    /// The item has another Rust name or path.
    Renamed,
    /// The method or the path of an operation changes.
    Moved,
    /// The type of a value changes.
    Type,
    /// The item becomes required or optional.
    Required,
    /// The value becomes nullable or no longer is.
    Nullable,
    /// The serialization of a value changes.
    Style,
    /// The default changes.
    Default,
    /// The security requirements change.
    Security,
    /// Another property of the item changes, which the detail describes.
    Other,
    /// The constraints of a value change.
    Constraints,
    /// The item is deprecated, or no longer is.
    Deprecated,
    /// Documentation or examples change.
    Docs,
    /// The Rust type no longer implements a trait.
    Trait,
    /// The Rust declaration changes, e.g. because a field is boxed.
    Declaration,
}

impl Finding {
    /// Returns the finding as a sentence without a period.
    pub fn sentence(&self) -> String {
        format!("{} {}", self.subject, self.detail)
    }
}
