//! Decoding of a body with a content coding, as a stream.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream;

use super::super::body::BodyStream;
use super::super::transport::BoxError;
use super::Decoder;

/// The number of bytes that are decoded at a time. A few encoded bytes may become gigabytes, so they are decoded only
/// as they are read.
const BLOCK: usize = 32 * 1024;

/// A body and the decoder of its coding.
pub struct Decoded {
    encoded: BodyStream,
    decoder: Box<dyn Decoder>,
    input: Bytes,
    output: Box<[u8]>,
    /// Whether the decoder may return more content without more input.
    may_hold_content: bool,
    /// Whether there was any input; an empty body has no content that could be incomplete.
    has_begun: bool,
}

impl Decoded {
    /// Creates the decoded stream of a body.
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

    /// Returns the number of bytes received from the server.
    pub fn received(&self) -> u64 {
        self.encoded.received()
    }

    /// Polls the next bytes of the content.
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
                    let message = format!("the body ended within the {} data", self.decoder.name());
                    return Poll::Ready(Some(Err(io::Error::new(io::ErrorKind::UnexpectedEof, message).into())));
                }
            }
        }
    }
}
