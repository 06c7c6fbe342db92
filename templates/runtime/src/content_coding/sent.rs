//! Compresses request bodies.

use http::header::{CONTENT_ENCODING, HeaderMap};

use super::super::body::Body;
use super::super::request::RequestError;
use super::names;

/// The supported codings, for error messages.
#[cfg(feature = "gzip")]
const SUPPORTED: &str = "it supports `gzip` and `deflate`";

/// The reason why no coding is supported, for error messages.
#[cfg(not(feature = "gzip"))]
const SUPPORTED: &str = "its feature `gzip` is disabled";

/// Compresses the body with the coding in the header `Content-Encoding`, if the operation has this header as a
/// parameter and the caller has set it: `gzip`, `deflate`, or `identity` for no compression.
///
/// # Errors
///
/// The coding is unknown, or the feature `gzip` is disabled.
pub fn compress(body: Body, headers: &HeaderMap) -> Result<Body, RequestError> {
    let names: Vec<String> = names(headers).collect();
    match names.as_slice() {
        _ if body.is_empty() => Ok(body),
        [] => Ok(body),
        #[cfg(feature = "gzip")]
        [name] if name == "gzip" || name == "x-gzip" => Ok(body.compressed(Compression::Gzip)),
        #[cfg(feature = "gzip")]
        [name] if name == "deflate" => Ok(body.compressed(Compression::Deflate)),
        names => Err(RequestError::Header {
            name: CONTENT_ENCODING.to_string(),
            message: format!(
                "specifies the coding `{}`, which this client does not support: {}; to send a body that is already \
                 encoded, use `.options(RequestOptions::new().header(\"Content-Encoding\", …))`",
                names.join(", ").escape_debug(),
                SUPPORTED,
            ),
        }),
    }
}

#[cfg(feature = "gzip")]
pub use compressed::{Compressed, Compression};

#[cfg(feature = "gzip")]
mod compressed {
    use std::io;
    use std::pin::Pin;
    use std::task::{Context, Poll, ready};

    use bytes::{Buf, Bytes};
    use flate2::{Compress, FlushCompress, Status};
    use futures_core::Stream;

    use super::super::super::body::BodyStream;
    use super::super::super::transport::BoxError;

    /// The size of the output buffer.
    const BLOCK: usize = 32 * 1024;

    /// A coding that can be applied to request bodies.
    #[derive(Debug, Clone, Copy)]
    pub enum Compression {
        /// The gzip format (RFC 1952).
        Gzip,
        /// The zlib format (RFC 1950).
        Deflate,
    }

    impl Compression {
        fn compressor(self) -> Compress {
            let level = flate2::Compression::default();
            match self {
                Self::Gzip => Compress::new_gzip(level, 15),
                Self::Deflate => Compress::new(level, true),
            }
        }

        /// Compresses bytes in memory.
        ///
        /// # Errors
        ///
        /// The compressor fails, which does not happen with the settings used here.
        pub fn all(self, bytes: &[u8]) -> io::Result<Bytes> {
            let mut compressor = self.compressor();
            let (mut input, mut all) = (bytes, Vec::with_capacity(bytes.len() / 4 + 64));
            loop {
                let mut output = Vec::with_capacity(BLOCK);
                let before = compressor.total_in();
                let status = compressor.compress_vec(input, &mut output, FlushCompress::Finish)?;
                let taken = usize::try_from(compressor.total_in() - before).unwrap_or(usize::MAX).min(input.len());
                input = input.get(taken..).unwrap_or_default();
                all.extend_from_slice(&output);
                if status == Status::StreamEnd {
                    return Ok(all.into());
                }
            }
        }
    }

    /// A stream that compresses a body while it is being sent.
    pub struct Compressed {
        content: BodyStream,
        compressor: Compress,
        input: Bytes,
        is_last: bool,
        is_over: bool,
    }

    impl Compressed {
        /// Creates a stream that compresses a body.
        pub fn new(content: BodyStream, compression: Compression) -> Self {
            let compressor = compression.compressor();
            Self { content, compressor, input: Bytes::new(), is_last: false, is_over: false }
        }
    }

    impl Stream for Compressed {
        type Item = Result<Bytes, BoxError>;

        fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
            let this = &mut *self;
            while !this.is_over {
                if this.input.is_empty() && !this.is_last {
                    match ready!(Pin::new(&mut this.content).poll_next(context)) {
                        Some(Ok(input)) => this.input = input,
                        Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                        None => this.is_last = true,
                    }
                }
                let flush = if this.is_last { FlushCompress::Finish } else { FlushCompress::None };
                let mut output = Vec::with_capacity(BLOCK);
                let before = this.compressor.total_in();
                let status = match this.compressor.compress_vec(&this.input, &mut output, flush) {
                    Ok(status) => status,
                    Err(error) => return Poll::Ready(Some(Err(error.into()))),
                };
                let taken = usize::try_from(this.compressor.total_in() - before).unwrap_or(usize::MAX);
                this.input.advance(taken.min(this.input.len()));
                this.is_over = status == Status::StreamEnd;
                if !output.is_empty() {
                    return Poll::Ready(Some(Ok(output.into())));
                }
            }
            Poll::Ready(None)
        }
    }
}
