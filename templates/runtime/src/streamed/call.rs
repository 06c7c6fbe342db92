//! Calls that return a streamed response.

use super::StreamedResponse;
use crate::runtime::call::{Call, unsuccessful};
use crate::runtime::error::Error;
use crate::runtime::exchange::Extent;
use crate::runtime::operation::Operation;
use crate::runtime::telemetry::CallSpan;

impl Call {
    /// Sends the call and returns the head of the response; the caller reads the body.
    ///
    /// # Errors
    ///
    /// There is no response, or its status is neither successful nor a redirect that the spec documents as a response
    /// of the operation.
    pub async fn send_streamed<O: Operation>(self) -> Result<StreamedResponse<O::ErrorBody>, Error<O::ErrorBody>> {
        let span = CallSpan::new(Some(self.info()), &self.info().method());
        let result = span.around(Box::pin(self.begin::<O>())).await;
        span.end(&result, |response| response.status);
        result
    }

    async fn begin<O: Operation>(self) -> Result<StreamedResponse<O::ErrorBody>, Error<O::ErrorBody>> {
        let mut sending = self.sending(Extent::Head).map_err(|failure| Error::new(failure, None))?;
        match sending.perform().await {
            Ok(success) => Ok(StreamedResponse::new(success, sending.into_context())),
            Err(failure) => Err(unsuccessful::<O>(&sending, failure).await),
        }
    }
}

/// Implements the methods of an operation that return a streamed response.
// Unused if the spec has no operation.
#[allow(unused_macros)]
#[cfg_attr(feature = "shared", macro_export, doc(hidden))]
macro_rules! streamed_methods {
    ($name:ty) => {
        impl $name {
            /// Sends the request and returns a successful response as soon as its headers arrive. The body is read as
            /// it arrives and may be larger than memory. See [`StreamedResponse`]($crate::runtime::StreamedResponse).
            ///
            /// # Errors
            ///
            /// The errors of [`send`](Self::send) until the response headers arrive.
            pub async fn send_streamed(
                self,
            ) -> ::std::result::Result<
                $crate::runtime::StreamedResponse<<Self as $crate::runtime::Operation>::ErrorBody>,
                $crate::runtime::Error<<Self as $crate::runtime::Operation>::ErrorBody>,
            > {
                self.call.send_streamed::<Self>().await
            }
        }

        $crate::runtime::streamed_blocking_methods!($name);
    };
}

/// Implements no methods, because the feature `blocking` is off.
#[cfg(not(feature = "blocking"))]
#[allow(unused_macros)]
#[cfg_attr(feature = "shared", macro_export, doc(hidden))]
macro_rules! streamed_blocking_methods {
    ($name:ty) => {};
}

#[cfg(not(feature = "blocking"))]
#[allow(unused_imports)]
pub(crate) use streamed_blocking_methods;
// Unused if the spec has no operation.
#[allow(unused_imports)]
pub(crate) use streamed_methods;
