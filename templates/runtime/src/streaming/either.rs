//! Responses that are either a single value or a stream of items, depending on their media type.

use super::{ItemStream, Streaming};
use crate::runtime::call::{self, Call};
use crate::runtime::error::Error;
use crate::runtime::exchange::Extent;
use crate::runtime::response::Response;
use crate::runtime::streamed::StreamedResponse;
use crate::runtime::telemetry::CallSpan;

/// A successful response of an operation that documents both a single value and a stream of items.
pub enum WholeOrItems<O: Streaming> {
    /// The complete response, with a single value.
    Whole(Response<O::Output>),
    /// The stream of items.
    Items(Box<ItemStream<O>>),
}

impl Call {
    /// Sends the call. A successful response with the media type of the stream is read item by item; any other response
    /// is read completely.
    ///
    /// # Errors
    ///
    /// The errors of [`send`](Self::send) or, if the response is a stream, of [`send_items`](Self::send_items).
    pub(in crate::runtime) async fn send_whole_or_items<O: Streaming>(
        self,
    ) -> Result<WholeOrItems<O>, Error<O::ErrorBody>> {
        let span = CallSpan::new(Some(self.info()), &self.info().method());
        let result = span.around(Box::pin(self.read_whole_or_items::<O>())).await;
        span.end(&result, |either| match either {
            WholeOrItems::Whole(response) => response.status,
            WholeOrItems::Items(items) => items.status(),
        });
        result
    }

    async fn read_whole_or_items<O: Streaming>(self) -> Result<WholeOrItems<O>, Error<O::ErrorBody>> {
        let limit = self.response_limit();
        let extent = Extent::HeadOf(O::MEDIA_TYPE);
        let mut sending = self.sending(extent).map_err(|failure| Error::new(failure, None))?;
        let received = match sending.perform().await {
            Ok(received) => received,
            Err(failure) => return Err(call::unsuccessful::<O>(&sending, failure).await),
        };
        if received.rest.is_some() {
            let response = StreamedResponse::new(received, sending.into_context());
            return ItemStream::new(response, limit).map(|items| WholeOrItems::Items(Box::new(items)));
        }
        call::decoded::<O>(sending, received.response).await.map(|(response, _)| WholeOrItems::Whole(response))
    }
}
