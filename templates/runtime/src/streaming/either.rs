//! A response that comes as a whole or item by item: its media type decides.

use super::{ItemStream, Streaming};
use crate::runtime::call::{self, Call};
use crate::runtime::error::Error;
use crate::runtime::exchange::Extent;
use crate::runtime::response::Response;
use crate::runtime::streamed::StreamedResponse;
use crate::runtime::telemetry::CallSpan;

/// A successful response of an operation that documents both kinds.
pub enum WholeOrItems<O: Streaming> {
    /// The response as a whole.
    Whole(Response<O::Output>),
    /// The items, to be read as they arrive.
    Items(Box<ItemStream<O>>),
}

impl Call {
    /// Sends the call. A successful response of the stream's media type is read item by item, any other one as a whole.
    ///
    /// # Errors
    ///
    /// Those of [`send`](Self::send), or of [`send_items`](Self::send_items) if the response is a stream.
    pub(in crate::runtime) async fn send_whole_or_items<O: Streaming>(
        self,
    ) -> Result<WholeOrItems<O>, Error<O::ErrorBody>> {
        let span = CallSpan::new(Some(self.info()), &self.info().method);
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
        let answer = match sending.perform().await {
            Ok(answer) => answer,
            Err(failure) => return Err(call::unsuccessful::<O>(&sending, failure).await),
        };
        if answer.rest.is_some() {
            let response = StreamedResponse::new(answer, sending.into_context());
            return ItemStream::new(response, limit).map(|items| WholeOrItems::Items(Box::new(items)));
        }
        call::decoded::<O>(sending, answer.response).await.map(|(response, _)| WholeOrItems::Whole(response))
    }
}
