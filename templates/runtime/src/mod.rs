//! The types that generated code and its users share: clients, calls, transports, errors and model types.
//!
//! Generated code describes the API in constants ([`ApiInfo`], [`OperationInfo`]). With them, this module encodes the
//! values of a call as an HTTP request, and decodes the response. Users work with [`ClientBuilder`], [`Error`],
//! [`RetryPolicy`], [`Transport`] and the model types ([`Secret`], [`Date`], [`DateTime`], [`Maybe`]).
//!
//! Calls require a Tokio runtime with IO and time enabled; models and builders do not.

mod api;
#[cfg(feature = "blocking")]
pub mod blocking;
pub(crate) mod body;
mod budget;
mod builder;
mod call;
pub(crate) mod charset;
#[cfg(feature = "cli")]
pub mod cli;
mod client;
mod content;
pub(crate) mod content_coding;
pub(crate) mod counted;
mod credentials;
mod date;
mod decimal;
pub mod decode;
pub(crate) mod decode_budget;
mod delimited;
pub(crate) mod digits;
mod disposition;
pub(crate) mod encode;
mod encoded;
pub(crate) mod environment;
mod error;
mod escaped;
mod exact_json;
mod exchange;
mod failure;
mod flags;
pub(crate) mod form;
mod head;
mod header;
mod http_transport;
mod identity;
mod integer_text;
mod json_path;
pub(crate) mod limits;
mod loopback;
pub(crate) mod masked_json;
mod maybe;
mod method;
#[cfg(feature = "mock")]
pub mod mock;
pub(crate) mod multipart;
mod node;
mod null_collection;
pub mod number;
mod number_or_text;
pub mod object;
pub(crate) mod offload;
mod open_enum;
mod operation;
pub mod paging;
mod parameter;
mod pieces;
#[cfg(feature = "pkcs12")]
mod pkcs12;
mod poll;
mod progress;
mod proxy;
mod raw;
pub(crate) mod redact;
pub(crate) mod redirect;
mod representation;
pub(crate) mod request;
mod response;
pub(crate) mod retry;
mod save;
mod secret;
mod secret_paths;
mod send;
pub(crate) mod server;
mod server_variables;
mod streamed;
pub mod streaming;
mod success;
pub(crate) mod tally;
#[cfg(feature = "tracing")]
pub mod telemetry;
#[cfg(not(feature = "tracing"))]
#[path = "untraced.rs"]
mod telemetry;
mod text;
mod timeouts;
pub(crate) mod tls;
mod tls_failure;
mod transport;
mod tuple;
pub mod union;
pub mod webhook;
pub(crate) mod wire_serializer;
pub(crate) mod wire_value;
#[cfg(feature = "x509")]
pub mod x509;

pub use api::{ApiInfo, ClientCertificateRule, SchemeKind, SecurityScheme, ServerInfo, ServerVariable};
pub use body::{Body, BodyStream};
pub use budget::RetryBudget;
pub use builder::{BuildError, ClientBuilder};
pub use call::Call;
pub use client::{ApiClient, Service};
pub use content::{BodyInfo, BodyKind};
pub use credentials::{
    ClientCredentials, Credential, CredentialError, CredentialFailure, CredentialProvider, InsecureHttp, Lease,
    TokenError,
};
pub use date::{Date, DateTime};
pub use decimal::{Decimal, DecimalError};
pub use decode::DecodeError;
pub use encoded::{Alphabet, Base64, Base64Error, Base64Url, JsonText, Standard, UrlSafe};
pub use environment::{CredentialPart, EnvironmentError, EnvironmentSetting, EnvironmentVariable};
pub use error::{Error, ErrorKind};
pub use exact_json::ExactJson;
pub use flags::debug_flags;
pub use form::FieldInfo;
pub use header::Header;
pub use identity::{ClientIdentity, IdentityError};
pub use integer_text::{IntegerOrText, IntegerText};
pub use maybe::Maybe;
pub use multipart::{Part, Parts, Upload};
pub use number_or_text::NumberOrText;
pub use open_enum::{UnknownInteger, UnknownValue, deserialize_string_enum};
pub use operation::{Form, Operation, OperationInfo, PartInfo};
pub use paging::{Items, Page, Pages, Paginated, Paging, PagingStyle, Position, PositionError};
pub use parameter::{Location, ParameterInfo, Style};
pub use poll::{PollError, PollPolicy, poll_until};
pub use raw::RawRequest;
pub use redirect::DocumentedRedirects;
pub use request::RequestError;
pub use response::{RawResponse, Response};
pub use retry::RetryPolicy;
pub use secret::Secret;
pub use secret_paths::SecretPath;
pub use send::AttemptInfo;
pub use server::ServerError;
pub use streamed::StreamedResponse;
pub use streaming::{Event, EventData, ItemStream, ReceivedPart, Streaming};
pub use success::{SuccessInfo, SuccessVariant};
pub use transport::{BoxError, BoxFuture, TimedOut, Transport, TransportError};
pub use tuple::Prefixed;
pub use union::{JsonType, UnknownJson};

/// The crates whose types appear in the public API of this crate, re-exported in the versions that this crate uses.
pub use {::bytes, ::http, ::jiff, ::serde_json};

/// The crate `rustls-pki-types`, re-exported in the version that this crate's rustls uses.
#[cfg(feature = "x509")]
pub use ::rustls::pki_types;

// Which of these macros a generated crate uses depends on its spec.
#[allow(unused_imports)]
pub(crate) use {
    flags::flags,
    object::object,
    open_enum::{integer_enum, string_enum},
    operation::operation,
    paging::paginated,
    streaming::streaming,
};
