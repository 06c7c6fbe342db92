//! The intermediate representation: what a client needs to know of an API, in OpenAPI's words.
//!
//! Lowering makes it of a 3.0 document; naming and the views read it. Nothing here knows Rust: names are as the document
//! spells them, types are JSON's, and what Rust calls them is decided later.

mod api;
mod operation;
mod types;

pub use api::{
    Api, ApiKeyLocation, ClientCertificate, Group, OAuthFlow, SchemeKind, SecurityScheme, Server, ServerVariable,
};
pub use operation::{
    BodyContent, ErrorAnswer, HeaderDoc, Location, Operation, Pagination, PagingStyle, Parameter, Part, RequestBody,
    ResponseContent, StatusPattern, Style, Success, Told,
};
pub use types::{
    Additional, Arm, Constraint, Doc, EnumValue, IntegerEnum, IntegerFormat, JsonKind, Member, Object, Origin,
    Presence, Segment, Shape, StringEnum, Test, Type, TypeDef, TypeId, Union, Usage, Variant,
};
