//! The intermediate representation: what a client needs to know of an API, in OpenAPI's words.
//!
//! Lowering makes it of a 3.0 document; naming and the views read it. Nothing here knows Rust: names are as the document
//! spells them, types are JSON's, and what Rust calls them is decided later.

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
pub use operation::{Location, Operation, Pagination, PagingStyle, Parameter, Style, Told};
pub use secret::{SecretPath, SecretStep};
pub use types::{
    Additional, Constraint, DiscriminatorValues, Doc, EnumValue, Example, IntegerEnum, IntegerFormat, JsonKind, Object,
    Origin, Presence, Property, Segment, StringEnum, Test, Type, TypeDef, TypeId, TypeKind, Union, Usage, Variant,
    VariantLabel,
};
