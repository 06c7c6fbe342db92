//! Calls whose request or response is a stream of items.

use http::header::{ACCEPT, ACCEPT_ENCODING};
use serde::Serialize;

use super::{ItemStream, Streaming, json_lines};
use crate::runtime::body::Body;
use crate::runtime::call::Call;
use crate::runtime::content::BodyKind;
use crate::runtime::content_coding;
use crate::runtime::error::Error;
use crate::runtime::request::RequestError;

impl Call {
    /// Sends the call and returns the items of the response as a stream.
    ///
    /// # Errors
    ///
    /// There is no response, or its status is not successful.
    pub async fn send_items<O: Streaming>(mut self) -> Result<ItemStream<O>, Error<O::ErrorBody>> {
        if !self.sends_header(&ACCEPT) {
            self.options_mut().headers.push((ACCEPT.to_string(), O::ACCEPT.to_owned()));
        }
        if !self.sends_header(&ACCEPT_ENCODING) {
            let accepted = content_coding::accepted_for_items();
            self.options_mut().headers.push((ACCEPT_ENCODING.to_string(), accepted));
        }
        let limit = self.response_limit();
        ItemStream::new(self.send_streamed::<O>().await?, limit)
    }

    /// Does the same as [`send_items`](Self::send_items), blocking the caller's thread.
    ///
    /// # Errors
    ///
    /// The same as for [`send_items`](Self::send_items), and an error if the current thread cannot make blocking calls.
    #[cfg(feature = "blocking")]
    pub fn send_items_blocking<O: Streaming>(self) -> Result<ItemStream<O>, Error<O::ErrorBody>> {
        match crate::runtime::blocking::thread() {
            Ok(thread) => thread.wait(self.send_items::<O>()),
            Err(error) => Err(Error::new(self.context().not_made(error), None)),
        }
    }

    /// Sets the body to JSON values. They are encoded as a JSON text sequence (RFC 7464) if the media type of the body
    /// requires it, or else as one value per line.
    pub fn json_lines<T: Serialize>(&mut self, items: &[T]) {
        let media_type = self.content().media_type(self.info());
        match json_lines(items, media_type) {
            Ok((lines, array)) => {
                let (body, json) = (Body::bytes(lines), Some(Body::bytes(array)));
                self.content_mut().set(body, "application/jsonl", BodyKind::JsonLines, json);
            }
            Err(error) => self.fail(RequestError::Body(error.to_string())),
        }
    }
}
