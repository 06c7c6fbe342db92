//! Converts request bodies to a `hyper` body, and `hyper` bodies to response bodies.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream;
use hyper::body::{Body as HttpBody, Frame, Incoming, SizeHint};

use super::super::body::{Body, BodyStream};
use super::super::transport::BoxError;
use super::error::with_timeout;

/// The maximum size in bytes of a body that is passed to `hyper` in one piece: about the size of a connection's buffer.
/// Larger bodies are passed in blocks, so that each block restarts the idle timeout.
const ONE_PIECE: usize = 256 * 1024;

/// The body of a request, as passed to `hyper`.
pub enum RequestBody {
    /// Bytes that are passed in one piece; `None` if there is no body, or if the bytes were already passed.
    Piece(Option<Bytes>),
    /// A body that is passed in blocks.
    Stream(BodyStream),
}

impl From<Body> for RequestBody {
    fn from(body: Body) -> Self {
        if body.is_empty() {
            return Self::Piece(None);
        }
        match body.as_bytes() {
            Some(bytes) if bytes.len() <= ONE_PIECE => {
                Self::Piece(Some(bytes.clone()).filter(|bytes| !bytes.is_empty()))
            }
            _ => Self::Stream(body.into_stream()),
        }
    }
}

impl HttpBody for RequestBody {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        match self.get_mut() {
            Self::Piece(bytes) => Poll::Ready(bytes.take().map(|bytes| Ok(Frame::data(bytes)))),
            Self::Stream(stream) => {
                Pin::new(stream).poll_next(context).map(|block| block.map(|block| block.map(Frame::data)))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        matches!(self, Self::Piece(None))
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Piece(bytes) => SizeHint::with_exact(bytes.as_ref().map_or(0, |bytes| bytes.len() as u64)),
            // The length is in the header `Content-Length`; the remaining length is unknown here.
            Self::Stream(_) => SizeHint::default(),
        }
    }
}

/// Converts the body of a `hyper` response. The result has the length from `Content-Length`, if the response has this
/// header.
pub fn response_body(body: Incoming) -> Body {
    let length = body.size_hint().exact();
    Body::stream(ResponseStream(body), length)
}

struct ResponseStream(Incoming);

impl Stream for ResponseStream {
    type Item = Result<Bytes, BoxError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            match ready!(Pin::new(&mut self.0).poll_frame(context)) {
                // Trailers are skipped, because they are not part of the content.
                Some(Ok(frame)) => {
                    if let Ok(data) = frame.into_data() {
                        return Poll::Ready(Some(Ok(data)));
                    }
                }
                Some(Err(error)) => return Poll::Ready(Some(Err(with_timeout(error.into())))),
                None => return Poll::Ready(None),
            }
        }
    }
}
