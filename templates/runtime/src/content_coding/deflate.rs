//! Decodes `gzip` (RFC 1952) and `deflate` (RFC 1950, or RFC 1951 alone, which some servers send).

use bytes::{Buf, Bytes};
use flate2::{Decompress, FlushDecompress, Status};

use super::{CodingError, Decoder};

/// The base-2 logarithm of the largest window size that the formats allow (32 KiB).
const WINDOW_BITS: u8 = 15;

/// A decoder of the content coding `gzip` with any number of members (concatenated gzip files).
pub struct Gzip {
    member: Decompress,
    /// Whether the last member has ended and no further member has begun.
    is_complete: bool,
}

impl Gzip {
    /// Creates a decoder.
    pub fn new() -> Self {
        Self { member: Decompress::new_gzip(WINDOW_BITS), is_complete: false }
    }
}

impl Decoder for Gzip {
    fn decode(&mut self, input: &mut Bytes, output: &mut [u8]) -> Result<usize, CodingError> {
        loop {
            if self.is_complete {
                if input.is_empty() {
                    return Ok(0);
                }
                *self = Self::new();
            }
            let (written, is_end) = inflate(&mut self.member, input, output, "gzip")?;
            self.is_complete = is_end;
            if written > 0 || input.is_empty() {
                return Ok(written);
            }
        }
    }

    fn is_complete(&self) -> bool {
        self.is_complete
    }

    fn name(&self) -> &'static str {
        "gzip"
    }
}

/// A decoder of the content coding `deflate`, which is the zlib format. Some servers omit zlib's header.
pub struct Deflate {
    /// `None` until the first two bytes have been received, which show whether there is a header.
    format: Option<Decompress>,
    first: Option<u8>,
    is_complete: bool,
}

impl Deflate {
    /// Creates a decoder.
    pub fn new() -> Self {
        Self { format: None, first: None, is_complete: false }
    }
}

impl Decoder for Deflate {
    fn decode(&mut self, input: &mut Bytes, output: &mut [u8]) -> Result<usize, CodingError> {
        if self.format.is_none() {
            if self.first.is_none() && input.len() == 1 {
                self.first = Some(input.get_u8());
            }
            let mut bytes = self.first.into_iter().chain(input.iter().copied());
            let (Some(first), Some(second)) = (bytes.next(), bytes.next()) else { return Ok(0) };
            // RFC 1950, section 2.2: the compression method, and a checksum of both bytes (a multiple of 31).
            let has_header = first & 0x0F == 8 && (u16::from(first) << 8 | u16::from(second)) % 31 == 0;
            let mut format = Decompress::new(has_header);
            if let Some(first) = self.first {
                // The first byte alone produces no content.
                inflate(&mut format, &mut Bytes::copy_from_slice(&[first]), output, "deflate")?;
            }
            self.format = Some(format);
        }
        let Some(format) = &mut self.format else { return Ok(0) };
        if self.is_complete {
            return if input.is_empty() { Ok(0) } else { Err(super::trailing_bytes("deflate")) };
        }
        let (written, is_end) = inflate(format, input, output, "deflate")?;
        self.is_complete = is_end;
        if written == 0 && is_end && !input.is_empty() {
            return Err(super::trailing_bytes("deflate"));
        }
        Ok(written)
    }

    fn is_complete(&self) -> bool {
        self.is_complete
    }

    fn name(&self) -> &'static str {
        "deflate"
    }
}

/// Decodes until some content was written, the input is consumed, or the encoded data ends. Returns the number of bytes
/// written, and whether the encoded data has ended.
fn inflate(
    decoder: &mut Decompress,
    input: &mut Bytes,
    output: &mut [u8],
    coding: &'static str,
) -> Result<(usize, bool), CodingError> {
    let invalid = |reason: String| CodingError::Invalid { coding, reason };
    let (taken_before, written_before) = (decoder.total_in(), decoder.total_out());
    let status =
        decoder.decompress(input, output, FlushDecompress::None).map_err(|error| invalid(error.to_string()))?;
    let taken = usize::try_from(decoder.total_in() - taken_before).unwrap_or(usize::MAX).min(input.len());
    let written = usize::try_from(decoder.total_out() - written_before).unwrap_or(usize::MAX);
    let is_end = status == Status::StreamEnd;
    if taken == 0 && written == 0 && !is_end && !input.is_empty() {
        return Err(invalid("the data cannot be decoded".to_owned()));
    }
    input.advance(taken);
    Ok((written, is_end))
}
