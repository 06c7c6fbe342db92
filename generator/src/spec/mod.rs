//! The typed model of a document, which is the same for all versions. `lower` reads the model instead of the document.
//!
//! [`read`] turns a checked [`Document`](crate::source::Document) of any version into a [`Spec`]. JSON Schema 2020-12,
//! which OpenAPI 3.1 uses, is a superset of the schemas of earlier versions. Therefore, the readers translate the
//! schemas of all versions into the keywords of JSON Schema 2020-12, and only a few later steps depend on the version.
//!
//! The possible targets of references are in arenas. Two places of the document refer to the same object if they have
//! the same [`Id`]. Only the readers resolve references.

mod annotations;
mod arena;
mod body;
mod bounds;
mod definition;
mod discriminator;
mod extension;
mod header;
mod info;
mod keyword;
mod media;
mod operation;
mod pagination;
mod parameter;
mod part;
mod path;
mod read;
mod resolve;
mod response;
mod same;
mod schema;
mod security;
mod server;
mod spanned;
mod subtypes;
mod types;

pub use crate::validate::Version;
pub use annotations::{Example, ExternalDocs, Xml};
pub use arena::{Arena, Id};
pub use body::RequestBody;
pub use bounds::{Bound, Bounds};
pub use definition::Definition;
pub use discriminator::{Discriminator, Mapping};
pub use extension::Extensions;
pub use header::Header;
pub use info::{Contact, Info, License, Tag};
pub use keyword::{Keyword, KeywordSpan, Keywords};
pub use media::{Encoding, MediaType};
pub use operation::{Callback, Method, Operation, OperationResponse, PathItem};
pub use pagination::Pagination;
pub use parameter::{Location, Parameter, Style};
pub use part::{ComponentName, Part};
pub use path::{PathStep, SchemaPath, VariantStep};
pub use read::read;
pub use response::{Link, Links, Response, Status};
pub use schema::{
    Additional, Assertion, AssertionKind, EncodedContent, ObjectRules, Property, Schema, TupleRules, Values,
};
pub use security::{
    ApiKeyLocation, ClientCertificate, Flow, FlowKind, RequiredScheme, Requirement, SchemeKind, SecurityScheme,
};
pub use server::{Server, ServerVariable};
pub use spanned::Spanned;
pub use types::{SchemaType, TypeSet};

use std::collections::HashMap;

use indexmap::IndexMap;

use crate::ir::External;
use crate::source::Span;

/// A JSON value with its location: a default, an example or a value of an enum. Numbers keep their digits.
pub type Value = crate::source::Node;
/// The content of a [`Value`].
pub type ValueKind = crate::source::NodeKind;

/// The ID of a schema.
pub type SchemaId = Id<Schema>;
/// The ID of a parameter.
pub type ParameterId = Id<Parameter>;
/// The ID of a request body.
pub type RequestBodyId = Id<RequestBody>;
/// The ID of a response.
pub type ResponseId = Id<Response>;
/// The ID of a header.
pub type HeaderId = Id<Header>;
/// The ID of a callback.
pub type CallbackId = Id<Callback>;
/// The ID of a path item.
pub type PathItemId = Id<PathItem>;
/// The ID of a part of a document.
pub type PartId = Id<Part>;

/// A document, including the files that it refers to.
#[derive(Debug, Clone, PartialEq)]
pub struct Spec {
    /// The version of OpenAPI that the document is written in, for messages.
    pub version: Version,
    /// The location of the document.
    pub span: Span,
    /// `info`
    pub info: Info,
    /// `externalDocs`
    pub external_docs: Option<ExternalDocs>,
    /// `servers`
    pub servers: Vec<Server>,
    /// `security`: the requirements of operations without `security` of their own.
    pub security: Vec<Requirement>,
    /// `tags`
    pub tags: Vec<Tag>,
    /// The operations of `paths`, in document order. If several paths refer to a path item, its operations are listed
    /// once for each path.
    pub operations: Vec<Operation>,
    /// Whether the document describes requests to servers: it has operations, or its version requires `paths`.
    pub has_paths: bool,
    /// The operations of `webhooks`, in document order. The `path` of each is the name of its webhook.
    pub webhooks: Vec<Operation>,
    /// The named schemas: those of the components, followed by the other targets of references. The target of every
    /// `$ref` to a schema is among them.
    pub definitions: Vec<Definition>,
    /// The security schemes, in document order.
    pub security_schemes: Vec<SecurityScheme>,
    /// The components other than schemas and security schemes, in document order.
    pub components: Components,
    /// All schemas.
    pub schemas: Arena<Schema>,
    /// All parameters.
    pub parameters: Arena<Parameter>,
    /// All request bodies.
    pub request_bodies: Arena<RequestBody>,
    /// All responses.
    pub responses: Arena<Response>,
    /// All headers.
    pub headers: Arena<Header>,
    /// All callbacks.
    pub callbacks: Arena<Callback>,
    /// All path items.
    pub path_items: Arena<PathItem>,
    /// The components, and the targets of references into other files, each with the parts that it refers to.
    pub parts: Arena<Part>,
    /// The parts that are referred to from outside of the components, e.g. from `paths`.
    pub used_parts: Vec<PartId>,
    /// The rules of the configuration for the pagination of operations.
    pub pagination_rules: Vec<Pagination>,
    /// The types of other crates for formats, from the configuration.
    pub mapped_formats: HashMap<String, External>,
    /// The types of other crates for component schemas, from the configuration.
    pub mapped_schemas: HashMap<SchemaId, External>,
    /// `x-request-id-header`
    pub request_id_header: Option<String>,
    /// Other extensions.
    pub extensions: Extensions,
}

/// The components other than schemas and security schemes, by name. If a component is a reference, its ID is the ID of
/// the final target.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Components {
    /// `parameters`
    pub parameters: IndexMap<String, ParameterId>,
    /// `requestBodies`
    pub request_bodies: IndexMap<String, RequestBodyId>,
    /// `responses`
    pub responses: IndexMap<String, ResponseId>,
    /// `headers`
    pub headers: IndexMap<String, HeaderId>,
    /// `callbacks`
    pub callbacks: IndexMap<String, CallbackId>,
}

impl Spec {
    /// Returns the operations of paths, callbacks and webhooks.
    pub fn all_operations(&self) -> impl Iterator<Item = &Operation> {
        self.operations_with_ids().chain(&self.webhooks)
    }

    /// Returns the operations that are identified by `operationId`: those of paths and callbacks.
    pub fn operations_with_ids(&self) -> impl Iterator<Item = &Operation> {
        self.operations.iter().chain(self.callbacks.iter().flat_map(|callback| &callback.operations))
    }
}

#[cfg(test)]
mod tests;
