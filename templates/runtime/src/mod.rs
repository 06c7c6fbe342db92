//! The types that generated code and its users share: clients, calls, transports, errors and model types.
//!
//! Generated code describes the API in constants ([`ApiInfo`], [`OperationInfo`]). With them, this module encodes the
//! values of a call as an HTTP request, and decodes the response. Users work with [`ClientBuilder`], [`Error`],
//! [`RetryPolicy`], [`Transport`] and the model types, such as [`Secret`] and [`Maybe`].
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
#[doc(hidden)]
#[cfg(feature = "cli")]
pub mod cli;
mod client;
mod content;
#[cfg(any(feature = "brotli", feature = "gzip", feature = "zstd"))]
pub(crate) mod content_coding;
#[cfg(not(any(feature = "brotli", feature = "gzip", feature = "zstd")))]
#[path = "unencoded.rs"]
pub(crate) mod content_coding;
pub(crate) mod counted;
#[cfg(feature = "credentials")]
mod credentials;
#[cfg(feature = "dates")]
mod date;
#[cfg(feature = "decimals")]
mod decimal;
#[doc(hidden)]
pub mod decode;
pub(crate) mod decode_budget;
mod delimited;
pub(crate) mod digits;
#[cfg(feature = "files")]
mod disposition;
pub(crate) mod encode;
#[cfg(feature = "encoded")]
mod encoded;
pub(crate) mod environment;
mod error;
mod escaped;
#[cfg(feature = "unions")]
mod exact_json;
mod exchange;
mod failure;
#[cfg(feature = "flags")]
mod flags;
#[cfg(feature = "forms")]
pub(crate) mod form;
mod head;
#[cfg(feature = "headers")]
mod header;
mod http_transport;
#[cfg(feature = "client-certificates")]
mod identity;
#[cfg(feature = "numbers-in-text")]
mod integer_text;
mod json_path;
pub(crate) mod limits;
mod loopback;
pub(crate) mod masked_json;
mod maybe;
mod metadata;
mod method;
#[cfg(feature = "mock")]
pub mod mock;
#[cfg(feature = "multipart")]
pub(crate) mod multipart;
mod node;
mod null_collection;
#[doc(hidden)]
pub mod number;
#[cfg(feature = "numbers-in-text")]
mod number_or_text;
#[doc(hidden)]
pub mod object;
pub(crate) mod offload;
#[cfg(feature = "offset-date-time")]
mod offset_date_time;
#[cfg(feature = "enums")]
mod open_enum;
mod operation;
mod options;
#[cfg(feature = "paging")]
pub mod paging;
mod parameter;
#[cfg(feature = "uploads")]
mod pieces;
#[cfg(feature = "pkcs12")]
mod pkcs12;
#[cfg(feature = "polling")]
mod poll;
mod progress;
mod proxy;
#[cfg(feature = "raw")]
mod raw;
pub(crate) mod redact;
pub(crate) mod redirect;
mod representation;
pub(crate) mod request;
mod response;
pub(crate) mod retry;
#[cfg(feature = "streamed")]
mod save;
#[doc(hidden)]
pub mod sealed;
mod secret;
mod secret_paths;
mod send;
pub(crate) mod server;
#[cfg(feature = "server-variables")]
mod server_variables;
mod slot;
#[cfg(feature = "streamed")]
mod streamed;
#[cfg(feature = "streaming")]
pub mod streaming;
mod success;
#[doc(hidden)]
pub mod tally;
#[cfg(feature = "tracing")]
pub mod telemetry;
#[cfg(not(feature = "tracing"))]
#[path = "untraced.rs"]
mod telemetry;
#[cfg(feature = "text")]
mod text;
mod timeouts;
pub(crate) mod tls;
mod tls_failure;
mod transport;
#[cfg(feature = "tuples")]
mod tuple;
#[doc(hidden)]
#[cfg(feature = "unions")]
pub mod union;
#[doc(hidden)]
#[cfg(feature = "webhooks")]
pub mod webhook;
pub(crate) mod wire_serializer;
pub(crate) mod wire_value;
#[cfg(feature = "x509")]
pub mod x509;

#[cfg(feature = "server-variables")]
pub use api::ServerVariable;
pub use api::{ApiInfo, ServerInfo};
pub use body::{Body, BodyStream};
pub use budget::RetryBudget;
pub use builder::{BuildError, ClientBuilder};
#[doc(hidden)]
pub use call::Call;
#[doc(hidden)]
pub use client::ApiClient;
pub use client::Service;
pub use content::{BodyInfo, BodyKind};
#[cfg(feature = "certificate-hosts")]
pub use credentials::ClientCertificateRule;
#[cfg(feature = "credentials")]
pub use credentials::{
    ClientCredentials, Credential, CredentialError, CredentialFailure, CredentialProvider, InsecureHttp, Lease,
    SchemeKind, SecurityScheme, TokenError,
};
#[cfg(feature = "dates")]
pub use date::{Date, DateTime, ParseDateError};
#[cfg(feature = "decimals")]
pub use decimal::{Decimal, DecimalError};
pub use decode::DecodeError;
#[cfg(feature = "encoded")]
pub use encoded::{Alphabet, Base64, Base64Error, Base64Url, JsonText, Standard, UrlSafe};
#[cfg(feature = "credentials")]
pub use environment::CredentialPart;
pub use environment::{EnvironmentError, EnvironmentSetting, EnvironmentVariable};
#[doc(hidden)]
pub use error::serialize_raw;
pub use error::{Error, ErrorKind};
#[cfg(feature = "unions")]
pub use exact_json::ExactJson;
#[cfg(feature = "flags")]
#[doc(hidden)]
pub use flags::debug_flags;
#[cfg(feature = "forms")]
pub use form::FieldInfo;
#[cfg(feature = "headers")]
pub use header::Header;
#[cfg(feature = "client-certificates")]
pub use identity::{ClientIdentity, IdentityError};
#[cfg(feature = "numbers-in-text")]
pub use integer_text::{IntegerOrText, IntegerText};
pub use maybe::Maybe;
#[cfg(feature = "multipart")]
#[doc(hidden)]
pub use multipart::Parts;
#[cfg(feature = "multipart")]
pub use multipart::{Part, Upload};
#[cfg(feature = "numbers-in-text")]
pub use number_or_text::NumberOrText;
#[cfg(feature = "offset-date-time")]
pub use offset_date_time::OffsetDateTime;
#[cfg(feature = "enums")]
#[doc(hidden)]
pub use open_enum::deserialize_string_enum;
#[cfg(feature = "enums")]
pub use open_enum::{UnknownInteger, UnknownValue};
#[cfg(feature = "multipart")]
pub use operation::PartInfo;
pub use operation::{Form, Operation, OperationInfo};
pub use options::RequestOptions;
#[cfg(feature = "paging")]
pub use paging::{Items, Page, Pages, Paginated, Paging, PagingStyle, Position, PositionError};
pub use parameter::{Location, ParameterInfo, Style};
#[cfg(feature = "polling")]
pub use poll::{PollError, PollPolicy, poll_until};
#[cfg(feature = "raw")]
pub use raw::RawRequest;
pub use redirect::DocumentedRedirects;
pub use request::RequestError;
pub use response::{RawResponse, Response};
pub use retry::RetryPolicy;
pub use secret::Secret;
pub use secret_paths::SecretPath;
pub use send::AttemptInfo;
pub use server::ServerError;
#[cfg(feature = "streamed")]
pub use streamed::StreamedResponse;
#[cfg(feature = "streaming")]
pub use streaming::{Event, EventData, ItemStream, ReceivedPart, Streaming};
pub use success::{SuccessInfo, SuccessVariant};
pub use transport::{BoxError, BoxFuture, TimedOut, Transport, TransportError};
#[cfg(feature = "tuples")]
pub use tuple::Prefixed;
#[cfg(feature = "unions")]
pub use union::{JsonType, UnknownJson};

/// The crates whose types appear in the public API of this crate, re-exported in the versions that this crate uses.
pub use {::bytes, ::http, ::serde_json};

/// The crate `jiff`, re-exported in the version that this crate uses.
#[cfg(feature = "dates")]
pub use ::jiff;

/// The crate `chrono`, re-exported in the version that this crate uses.
#[cfg(feature = "chrono")]
pub use ::chrono;

/// The crate `time`, re-exported in the version that this crate uses.
#[cfg(feature = "time")]
pub use ::time;

/// The crate `rustls-pki-types`, re-exported in the version that this crate's rustls uses.
#[cfg(feature = "x509")]
pub use ::rustls::pki_types;

// Which of these macros a generated crate uses depends on its spec. Crates that depend on this one need all of them.
#[cfg(all(feature = "blocking", not(feature = "shared")))]
#[allow(unused_imports)]
pub(crate) use blocking::blocking_methods;
#[cfg(all(feature = "flags", not(feature = "shared")))]
#[allow(unused_imports)]
pub(crate) use flags::flags;
#[cfg(not(feature = "shared"))]
#[allow(unused_imports)]
pub(crate) use object::object;
#[cfg(all(feature = "enums", not(feature = "shared")))]
#[allow(unused_imports)]
pub(crate) use open_enum::{integer_enum, string_enum};
#[cfg(all(not(feature = "blocking"), not(feature = "shared")))]
#[allow(unused_imports)]
pub(crate) use operation::blocking_methods;
#[cfg(not(feature = "shared"))]
#[allow(unused_imports)]
pub(crate) use operation::operation;
#[cfg(all(not(feature = "streamed"), not(feature = "shared")))]
#[allow(unused_imports)]
pub(crate) use operation::streamed_methods;
#[cfg(all(feature = "paging", not(feature = "shared")))]
#[allow(unused_imports)]
pub(crate) use paging::paginated;
#[cfg(all(feature = "server-variables", not(feature = "shared")))]
#[allow(unused_imports)]
pub(crate) use server_variables::server_values;
#[cfg(all(feature = "streamed", not(feature = "shared")))]
#[allow(unused_imports)]
pub(crate) use streamed::{streamed_blocking_methods, streamed_methods};
#[cfg(all(feature = "streaming", not(feature = "shared")))]
#[allow(unused_imports)]
pub(crate) use streaming::{streaming, streaming_blocking_methods};

#[cfg(feature = "shared")]
#[doc(hidden)]
pub use crate::blocking_methods;
#[cfg(all(feature = "flags", feature = "shared"))]
#[doc(hidden)]
pub use crate::flags;
#[cfg(feature = "shared")]
#[doc(hidden)]
pub use crate::object;
#[cfg(feature = "shared")]
#[doc(hidden)]
pub use crate::operation;
#[cfg(all(feature = "paging", feature = "shared"))]
#[doc(hidden)]
pub use crate::paginated;
#[cfg(all(feature = "server-variables", feature = "shared"))]
#[doc(hidden)]
pub use crate::server_values;
#[cfg(all(feature = "streamed", feature = "shared"))]
#[doc(hidden)]
pub use crate::streamed_blocking_methods;
#[cfg(feature = "shared")]
#[doc(hidden)]
pub use crate::streamed_methods;
#[cfg(all(feature = "enums", feature = "shared"))]
#[doc(hidden)]
pub use crate::{integer_enum, string_enum};
#[cfg(all(feature = "streaming", feature = "shared"))]
#[doc(hidden)]
pub use crate::{streaming, streaming_blocking_methods};
