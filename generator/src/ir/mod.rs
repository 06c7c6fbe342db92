//! Defines the intermediate representation (IR): the definitions of an API from which a client is generated.
//!
//! The `lower` stage creates the IR from an OpenAPI document. The `name` and `view` stages read the IR. The IR is
//! independent of Rust: names are the names in the document, and types are JSON types. Later stages choose Rust names
//! and types.

mod api;
mod arguments;
mod content;
mod doc;
mod external;
mod kinds;
mod operation;
mod scalar;
mod secret;
mod types;
mod union;
mod webhook;

pub use crate::spec::{Contact, ExternalDocs, License};
pub use api::{
    Api, ApiKeyLocation, ClientCertificate, Group, OAuthFlow, ParentTag, SchemeKind, SecurityScheme, Server,
    ServerVariable, Tag,
};
pub use content::{
    BodyContent, ErrorResponse, EventVariant, Field, HeaderDoc, Multipart, Part, PartContent, PartItem, Representation,
    RequestBody, ResponseContent, StatusPattern, StreamContent, StreamItems, Success, SuccessContent, SuccessDoc,
    SuccessVariant,
};

pub use doc::{Condition, Constraint, Doc, Example, Facts, Limit};
pub use external::External;
pub use operation::{Location, Operation, Pagination, PagingStyle, Parameter, Style, ValueSource};
pub use scalar::Scalar;
pub use secret::{SecretPath, SecretStep};
pub use types::{
    Additional, EnumValue, Home, IntegerEnum, IntegerFormat, KeyedMap, Object, Origin, Presence, Property, Segment,
    StringEnum, Tuple, Type, TypeDef, TypeId, TypeKind, Usage, VariantLabel,
};
pub use union::{DiscriminatorValues, JsonKind, Test, Union, Variant};
pub use webhook::{Payload, Webhook, WebhookParameter, Webhooks};
