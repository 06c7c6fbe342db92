//! Metadata about an operation, and the methods that all operations have.
//!
//! Generated code implements [`Operation`] for each operation. The macro `operation!` adds methods such as `send()` and
//! `options()`.

use bytes::Bytes;
use http::Method;

use super::api::ServerInfo;
use super::content::BodyInfo;
use super::decode::DecodeError;
#[cfg(feature = "forms")]
use super::form::FieldInfo;
use super::metadata::setters;
use super::parameter::ParameterInfo;
use super::redirect::DocumentedRedirects;
use super::response::RawResponse;
use super::sealed::Sealed;
use super::secret_paths::SecretPath;
use super::success::{SuccessInfo, SuccessVariant};

/// Metadata about an operation, from the spec.
#[derive(Debug)]
#[non_exhaustive]
pub struct OperationInfo {
    /// The `operationId`, or the method and path if the spec has none.
    pub id: &'static str,
    /// The HTTP method, unless [`other_method`](Self::other_method) is set. [`method()`](Self::method) returns the
    /// method that is used.
    pub method: Method,
    /// The HTTP method, if [`Method`] has no constant for it, e.g. `COPY`. Methods are case-sensitive.
    pub other_method: Option<&'static str>,
    /// The path template, including a fixed query if the spec has one in the path.
    pub path: &'static str,
    /// The servers of the operation or its path; if empty, the servers of the API apply.
    pub servers: &'static [ServerInfo],
    /// The parameters, in the order in which they are sent.
    pub parameters: &'static [ParameterInfo],
    /// The alternative security requirements, each a combination of scheme names. If empty, no credential is required.
    pub security: &'static [&'static [&'static str]],
    /// The value of the `Accept` header; if empty, the header is not sent.
    pub accept: &'static str,
    /// The request body in its first media type.
    pub body: Option<BodyInfo>,
    /// The request body in its other media types.
    pub other_bodies: &'static [BodyInfo],
    /// The parts of a multipart body.
    #[cfg(feature = "multipart")]
    pub parts: &'static [PartInfo],
    /// The documented fields of a URL-encoded body.
    #[cfg(feature = "forms")]
    pub fields: &'static [FieldInfo],
    /// Metadata about the first successful response.
    pub success: SuccessInfo,
    /// Metadata about all successful responses, if their bodies differ; empty otherwise.
    pub successes: &'static [SuccessVariant],
    /// The redirect statuses that the spec documents as responses. By default, such redirects are not followed, but
    /// returned as results.
    pub documented_redirects: DocumentedRedirects,
    /// Whether the operation is idempotent; if `None`, the method determines it.
    pub idempotent: Option<bool>,
    /// The paths of secrets in the request body. In forms, the first segment is the name of the part or field.
    pub request_secrets: &'static [SecretPath],
    /// The paths of secrets in response bodies, including errors; in streams, the paths within each item.
    pub response_secrets: &'static [SecretPath],
}

setters! {
    OperationInfo {
        path: &'static str,
        servers: &'static [ServerInfo],
        parameters: &'static [ParameterInfo],
        security: &'static [&'static [&'static str]],
        accept: &'static str,
        other_bodies: &'static [BodyInfo],
        #[cfg(feature = "multipart")]
        parts: &'static [PartInfo],
        #[cfg(feature = "forms")]
        fields: &'static [FieldInfo],
        success: SuccessInfo,
        successes: &'static [SuccessVariant],
        documented_redirects: DocumentedRedirects,
        request_secrets: &'static [SecretPath],
        response_secrets: &'static [SecretPath],
    }
    optional {
        other_method: &'static str,
        body: BodyInfo,
        idempotent: bool,
    }
}

impl OperationInfo {
    /// Creates the metadata of an operation without parameters, a body and security requirements.
    #[doc(hidden)]
    pub const fn new(id: &'static str, method: Method) -> Self {
        Self {
            id,
            method,
            path: "/",
            other_method: None,
            servers: &[],
            parameters: &[],
            security: &[],
            accept: "",
            body: None,
            other_bodies: &[],
            #[cfg(feature = "multipart")]
            parts: &[],
            #[cfg(feature = "forms")]
            fields: &[],
            success: SuccessInfo::empty(204),
            successes: &[],
            documented_redirects: DocumentedRedirects::None,
            idempotent: None,
            request_secrets: &[],
            response_secrets: &[],
        }
    }
}

/// Metadata about a part of a multipart body.
#[cfg(feature = "multipart")]
#[derive(Debug)]
#[non_exhaustive]
pub struct PartInfo {
    /// The name of the part.
    pub name: &'static str,
    /// Whether the part is required.
    pub required: bool,
    /// The media type of the part.
    pub content_type: Option<&'static str>,
    /// The names of required headers of the part.
    pub headers: &'static [&'static str],
    /// Whether the content is a secret, which error messages must not contain.
    pub sensitive: bool,
    /// The content to send if the caller does not set the part: the only content that the API allows.
    pub client_value: Option<&'static str>,
}

#[cfg(feature = "multipart")]
setters! {
    PartInfo {
        required: bool,
        headers: &'static [&'static str],
        sensitive: bool,
    }
    optional {
        content_type: &'static str,
        client_value: &'static str,
    }
}

#[cfg(feature = "multipart")]
impl PartInfo {
    /// Creates the metadata of an optional part.
    #[doc(hidden)]
    pub const fn new(name: &'static str) -> Self {
        Self { name, required: false, content_type: None, headers: &[], sensitive: false, client_value: None }
    }
}

/// An operation of an API: its metadata and the decoding of its responses. Only generated code implements this trait.
pub trait Operation: Sealed + Send + 'static {
    /// The metadata.
    const INFO: &'static OperationInfo;
    /// The type of the request body: [`Form`] for forms, `()` for operations without a body.
    type Body: 'static;
    /// The result of a successful call.
    type Output: Send + 'static;
    /// The enum of the documented error bodies and of a variant for other bodies. Conversion from bytes creates that
    /// variant.
    type ErrorBody: From<Bytes> + Send + Sync + 'static;

    /// Decodes a successful response.
    ///
    /// # Errors
    ///
    /// The body does not match the spec.
    #[doc(hidden)]
    fn decode(response: &RawResponse) -> Result<Self::Output, DecodeError>;

    /// Decodes the body of an error response. An undocumented body is returned as raw bytes.
    #[doc(hidden)]
    fn decode_error(response: &RawResponse) -> Self::ErrorBody {
        Self::ErrorBody::from(response.body().clone())
    }

    /// Decodes the error that the server reports in an item of a stream. `item` is a response whose body is the item.
    /// An undocumented error is returned as raw bytes.
    #[doc(hidden)]
    fn item_error(item: &RawResponse) -> Self::ErrorBody {
        Self::ErrorBody::from(item.body().clone())
    }
}

/// The body type of operations that send a form. The type has no values, because a form is set part by part or field by
/// field on the call.
#[derive(Debug)]
pub enum Form {}

/// Implements no methods, because the feature `blocking` is off.
#[cfg(not(feature = "blocking"))]
#[allow(unused_macros)]
#[cfg_attr(feature = "shared", macro_export, doc(hidden))]
macro_rules! blocking_methods {
    ($name:ty) => {};
}

/// Implements no methods, because the feature `streamed` is off.
#[cfg(not(feature = "streamed"))]
#[allow(unused_macros)]
#[cfg_attr(feature = "shared", macro_export, doc(hidden))]
macro_rules! streamed_methods {
    ($name:ty) => {};
}

/// Implements the methods that all operations have. The operation is a struct with a field `call`.
// Unused if the spec has no operation.
#[allow(unused_macros)]
#[cfg_attr(feature = "shared", macro_export, doc(hidden))]
macro_rules! operation {
    ($name:ty $(,)?) => {
        impl $crate::runtime::sealed::Sealed for $name {}

        impl $name {
            /// Sends the request and returns the decoded body of a successful response.
            ///
            /// # Errors
            ///
            /// The request cannot be encoded, a credential is missing, there is no response, the status is not
            /// successful, or the body does not match the spec.
            pub async fn send(
                self,
            ) -> ::std::result::Result<
                <Self as $crate::runtime::Operation>::Output,
                $crate::runtime::Error<<Self as $crate::runtime::Operation>::ErrorBody>,
            > {
                self.call.send::<Self>().await.map(|response| response.value)
            }

            /// Sends the request and returns the complete successful response: decoded value, status, headers and raw
            /// body.
            ///
            /// # Errors
            ///
            /// The errors of [`send`](Self::send).
            pub async fn send_response(
                self,
            ) -> ::std::result::Result<
                $crate::runtime::Response<<Self as $crate::runtime::Operation>::Output>,
                $crate::runtime::Error<<Self as $crate::runtime::Operation>::ErrorBody>,
            > {
                self.call.send::<Self>().await
            }

            /// Sets options such as a timeout, extra headers and a retry policy. Headers and query parameters are added
            /// to those set before; all other options replace those set before.
            pub fn options(mut self, options: $crate::runtime::RequestOptions) -> Self {
                self.call.options(options);
                self
            }
        }

        $crate::runtime::blocking_methods!($name);
        $crate::runtime::streamed_methods!($name);

        /// `request.await` is the same as `request.send().await`.
        impl ::std::future::IntoFuture for $name {
            type Output = ::std::result::Result<
                <Self as $crate::runtime::Operation>::Output,
                $crate::runtime::Error<<Self as $crate::runtime::Operation>::ErrorBody>,
            >;
            type IntoFuture = $crate::runtime::BoxFuture<'static, <Self as ::std::future::IntoFuture>::Output>;

            fn into_future(self) -> <Self as ::std::future::IntoFuture>::IntoFuture {
                ::std::boxed::Box::pin(self.send())
            }
        }
    };
}

#[cfg(not(feature = "blocking"))]
#[allow(unused_imports)]
pub(crate) use blocking_methods;
#[cfg(not(feature = "streamed"))]
#[allow(unused_imports)]
pub(crate) use streamed_methods;
// Unused if the spec has no operation.
#[allow(unused_imports)]
pub(crate) use operation;
