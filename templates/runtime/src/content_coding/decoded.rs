//! Decodes a body that has a content coding, such as gzip, while it is read.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream;

use super::super::body::BodyStream;
use super::super::transport::BoxError;
use super::Decoder;

/// The maximum number of bytes that are decoded at a time. A few encoded bytes may become gigabytes, so they are
/// decoded only while the content is read.
const BLOCK: usize = 32 * 1024;

/// The stream of the decoded content of a body.
pub struct Decoded {
    encoded: BodyStream,
    decoder: Box<dyn Decoder>,
    input: Bytes,
    output: Box<[u8]>,
    /// Whether the decoder may return more content without further input.
    may_hold_content: bool,
    /// Whether any input was received. If the body is empty, the missing end of the encoded data is not an error.
    has_begun: bool,
}

impl Decoded {
    /// Creates a stream of the decoded content of a body.
    pub fn new(encoded: BodyStream, decoder: Box<dyn Decoder>) -> Self {
        Self {
            encoded,
            decoder,
            input: Bytes::new(),
            output: Box::default(),
            may_hold_content: false,
            has_begun: false,
        }
    }

    /// Returns the number of encoded bytes received from the server.
    #[cfg(feature = "streamed")]
    pub fn received(&self) -> u64 {
        self.encoded.received()
    }

    /// Polls the next bytes of the decoded content.
    pub fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, BoxError>>> {
        loop {
            if self.may_hold_content || !self.input.is_empty() {
                if self.output.is_empty() {
                    self.output = vec![0; BLOCK].into();
                }
                let written = match self.decoder.decode(&mut self.input, &mut self.output) {
                    Ok(written) => written,
                    Err(error) => return Poll::Ready(Some(Err(error.into()))),
                };
                self.may_hold_content = written > 0;
                if written > 0 {
                    let content = self.output.get(..written).unwrap_or_default();
                    return Poll::Ready(Some(Ok(Bytes::copy_from_slice(content))));
                }
            }
            match ready!(Pin::new(&mut self.encoded).poll_next(context)) {
                Some(Ok(input)) => (self.input, self.has_begun) = (input, true),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None if !self.has_begun || self.decoder.is_complete() => return Poll::Ready(None),
                None => {
                    let message = format!("the body ended before the end of its {} data", self.decoder.name());
                    return Poll::Ready(Some(Err(io::Error::new(io::ErrorKind::UnexpectedEof, message).into())));
                }
            }
        }
    }
}
