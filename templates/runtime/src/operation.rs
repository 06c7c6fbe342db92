//! The description of an operation, and the methods that all operations share.
//!
//! In: `impl Operation` in generated code. Out: the table that the sender, retries and errors read, and `send()` and
//! its siblings through `operation!`.

use bytes::Bytes;
use http::Method;

use super::api::ServerInfo;
use super::content::BodyInfo;
use super::decode::DecodeError;
use super::form::FieldInfo;
use super::parameter::ParameterInfo;
use super::redirect::DocumentedRedirects;
use super::response::RawResponse;
use super::secret_paths::SecretPath;
use super::success::{SuccessInfo, SuccessVariant};

/// What the spec says about an operation.
#[derive(Debug)]
pub struct OperationInfo {
    /// The operation's id.
    pub id: &'static str,
    /// The method.
    pub method: Method,
    /// The path template, with the query that every call sends, where the spec has it in the path.
    pub path: &'static str,
    /// The servers that the spec gives this operation or its path; those of the API where it is empty.
    pub servers: &'static [ServerInfo],
    /// The parameters, in the order in which they are sent.
    pub parameters: &'static [ParameterInfo],
    /// The security requirements: any one of these combinations of schemes; none needed where it is empty.
    pub security: &'static [&'static [&'static str]],
    /// The `Accept` header; none where it is empty.
    pub accept: &'static str,
    /// The request body; the first where there are several media types.
    pub body: Option<BodyInfo>,
    /// The other media types that the request body may have.
    pub other_bodies: &'static [BodyInfo],
    /// The parts of a multipart body.
    pub parts: &'static [PartInfo],
    /// The members of an urlencoded body that the spec says more of.
    pub fields: &'static [FieldInfo],
    /// The answer that means success; the first where there are several.
    pub success: SuccessInfo,
    /// The kinds of successful answers, where they are not all the same.
    pub successes: &'static [SuccessVariant],
    /// The redirects that the spec lists among the responses: outcomes, which are not followed.
    pub documented_redirects: DocumentedRedirects,
    /// Whether doing it twice is the same as doing it once; `None` where the method says it.
    pub idempotent: Option<bool>,
    /// Where the request body holds secrets: of a form, the first step is the name of the part or field.
    pub request_secrets: &'static [SecretPath],
    /// Where the response body, also of an error, holds secrets; of a stream, where each item does.
    pub response_secrets: &'static [SecretPath],
}

impl OperationInfo {
    /// What a description has of which the spec says nothing: the other members of one that is written down.
    pub const EMPTY: Self = Self {
        id: "",
        method: Method::GET,
        path: "/",
        servers: &[],
        parameters: &[],
        security: &[],
        accept: "",
        body: None,
        other_bodies: &[],
        parts: &[],
        fields: &[],
        success: SuccessInfo::empty(204),
        successes: &[],
        documented_redirects: DocumentedRedirects::None,
        idempotent: None,
        request_secrets: &[],
        response_secrets: &[],
    };
}

/// What the spec says about a part of a multipart body.
#[derive(Debug)]
pub struct PartInfo {
    /// The name of the part.
    pub name: &'static str,
    /// Whether a call without it is an error.
    pub required: bool,
    /// The media type of the part.
    pub content_type: Option<&'static str>,
    /// The headers without which the part is incomplete.
    pub headers: &'static [&'static str],
    /// Whether errors must not show its content.
    pub sensitive: bool,
    /// The text that is sent where the caller gives no such part: the only value that the API allows.
    pub client_value: Option<&'static str>,
}

/// An operation of an API: its description, and how its answers are read.
pub trait Operation: Send + 'static {
    /// The description.
    const INFO: &'static OperationInfo;
    /// What a call sends as its body: [`Form`] where it sends parts, `()` where it sends nothing.
    type Body: 'static;
    /// What a successful call gives.
    type Output: Send + 'static;
    /// The documented bodies of errors; from bytes it is the raw case.
    type ErrorBody: From<Bytes> + Send + Sync + 'static;

    /// Reads a successful answer.
    ///
    /// # Errors
    ///
    /// The body is not what the spec promises.
    fn decode(response: &RawResponse) -> Result<Self::Output, DecodeError>;

    /// Reads the body of an unsuccessful answer; as it came, where the spec says nothing of it.
    fn decode_error(response: &RawResponse) -> Self::ErrorBody {
        Self::ErrorBody::from(response.body().clone())
    }
}

/// The body of an operation that sends a form; its parts or pairs are for those who look at the request.
#[derive(Debug)]
pub enum Form {}

/// Gives an operation, a struct whose one field is `call`, the methods that all share.
// Unused where a spec has no operation.
#[allow(unused_macros)]
macro_rules! operation {
    ($name:ident) => {
        impl $name {
            /// Sends the request and gives the decoded body of a successful answer.
            ///
            /// # Errors
            ///
            /// Anything else: what cannot be encoded, a missing credential, no answer, an unsuccessful status, a body
            /// that is not what the spec promises.
            pub async fn send(
                self,
            ) -> ::std::result::Result<
                <Self as $crate::runtime::Operation>::Output,
                $crate::runtime::Error<<Self as $crate::runtime::Operation>::ErrorBody>,
            > {
                self.call.send::<Self>().await.map(|response| response.value)
            }

            /// Sends the request and gives the whole successful answer: value, status, headers and raw body.
            ///
            /// # Errors
            ///
            /// As for [`send`](Self::send).
            pub async fn send_response(
                self,
            ) -> ::std::result::Result<
                $crate::runtime::Response<<Self as $crate::runtime::Operation>::Output>,
                $crate::runtime::Error<<Self as $crate::runtime::Operation>::ErrorBody>,
            > {
                self.call.send::<Self>().await
            }

            /// Sends the request and gives a successful answer as soon as it begins, its body to be read as it comes: for
            /// what is too large for memory. See [`StreamedResponse`]($crate::runtime::StreamedResponse).
            ///
            /// # Errors
            ///
            /// As for [`send`](Self::send), as long as the answer has not begun.
            pub async fn send_streamed(
                self,
            ) -> ::std::result::Result<
                $crate::runtime::StreamedResponse<<Self as $crate::runtime::Operation>::ErrorBody>,
                $crate::runtime::Error<<Self as $crate::runtime::Operation>::ErrorBody>,
            > {
                self.call.send_streamed::<Self>().await
            }

            /// As [`send`](Self::send), for code that is not async: the caller's thread waits. See
            /// [`blocking`](crate::runtime::blocking).
            ///
            /// # Errors
            ///
            /// As for [`send`](Self::send), and where the call cannot be waited for.
            #[cfg(feature = "blocking")]
            pub fn send_blocking(
                self,
            ) -> ::std::result::Result<
                <Self as $crate::runtime::Operation>::Output,
                $crate::runtime::Error<<Self as $crate::runtime::Operation>::ErrorBody>,
            > {
                self.call.send_blocking::<Self>().map(|response| response.value)
            }

            /// As [`send_response`](Self::send_response), for code that is not async: the caller's thread waits.
            ///
            /// # Errors
            ///
            /// As for [`send_blocking`](Self::send_blocking).
            #[cfg(feature = "blocking")]
            pub fn send_response_blocking(
                self,
            ) -> ::std::result::Result<
                $crate::runtime::Response<<Self as $crate::runtime::Operation>::Output>,
                $crate::runtime::Error<<Self as $crate::runtime::Operation>::ErrorBody>,
            > {
                self.call.send_blocking::<Self>()
            }

            /// As [`send_streamed`](Self::send_streamed), for code that is not async: the caller's thread waits until the
            /// answer begins.
            ///
            /// # Errors
            ///
            /// As for [`send_blocking`](Self::send_blocking), as long as the answer has not begun.
            #[cfg(feature = "blocking")]
            pub fn send_streamed_blocking(
                self,
            ) -> ::std::result::Result<
                $crate::runtime::StreamedResponse<<Self as $crate::runtime::Operation>::ErrorBody>,
                $crate::runtime::Error<<Self as $crate::runtime::Operation>::ErrorBody>,
            > {
                self.call.send_streamed_blocking::<Self>()
            }

            /// Limits the time of the whole call: all attempts, the waits between them, and reading the response, also a
            /// streamed one. It replaces the limit of the client.
            pub fn timeout(mut self, timeout: ::std::time::Duration) -> Self {
                self.call.timeout(timeout);
                self
            }

            /// Limits how many bytes of the response body are read into memory, instead of the client's
            /// [`max_response_bytes`]($crate::runtime::ClientBuilder::max_response_bytes), and the memory of the decoded
            /// value along with it. Of a response that is read item by item, it limits each item.
            pub fn max_response_bytes(mut self, limit: u64) -> Self {
                self.call.max_response_bytes(limit);
                self
            }

            /// Sends a header, in the place of one that this client would send under that name. Errors do not quote its
            /// value, except for common headers such as `Accept`, `If-Match` and `X-Request-Id`.
            pub fn header(
                mut self,
                name: impl ::std::convert::Into<::std::string::String>,
                value: impl ::std::convert::Into<::std::string::String>,
            ) -> Self {
                self.call.header(name.into(), value.into());
                self
            }

            /// Adds a query parameter after those of the spec. Errors do not quote its value.
            pub fn query(
                mut self,
                name: impl ::std::convert::Into<::std::string::String>,
                value: impl ::std::convert::Into<::std::string::String>,
            ) -> Self {
                self.call.query(name.into(), value.into());
                self
            }

            /// Sets whether this call follows redirects, instead of what the client's
            /// [`redirects`]($crate::runtime::ClientBuilder::redirects) says. With `true`, redirects that are documented
            /// responses of this operation are followed too; otherwise they are outcomes of the call. With `false`, none is
            /// followed.
            pub fn redirects(mut self, followed: bool) -> Self {
                self.call.redirects(followed);
                self
            }

            /// Sets the retry policy of this call, in the place of the client's.
            pub fn retry(mut self, policy: $crate::runtime::RetryPolicy) -> Self {
                self.call.retry(policy);
                self
            }
        }
    };
}

// Unused where a spec has no operation.
#[allow(unused_imports)]
pub(crate) use operation;
