//! The intermediate representation (IR): the parts of an API that a client needs, in the terms of OpenAPI.
//!
//! Lowering creates it from a document; the naming stage and the views read it. It is independent of Rust: names are
//! those of the document and types are those of JSON. Identifiers and Rust types are decided later.

mod api;
mod content;
mod kinds;
mod operation;
mod secret;
mod types;

pub use api::{
    Api, ApiKeyLocation, ClientCertificate, Group, OAuthFlow, SchemeKind, SecurityScheme, Server, ServerVariable,
};
pub use content::{
    BodyContent, ErrorResponse, Field, Framing, HeaderDoc, Multipart, Part, PartContent, Representation, RequestBody,
    ResponseContent, StatusPattern, StreamContent, Success, SuccessContent, SuccessDoc, SuccessVariant,
};
pub use operation::{Location, Operation, Pagination, PagingStyle, Parameter, Style, ValueSource};
pub use secret::{SecretPath, SecretStep};
pub use types::{
    Additional, Constraint, DiscriminatorValues, Doc, EnumValue, Example, Facts, IntegerEnum, IntegerFormat, JsonKind, Limit, Object,
    Origin, Presence, Property, Segment, StringEnum, Test, Type, TypeDef, TypeId, TypeKind, Union, Usage, Variant,
    VariantLabel,
};
