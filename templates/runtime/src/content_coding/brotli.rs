//! Decodes `br` (RFC 7932) with windows of up to 16 MiB. The larger windows of some encoders are not part of the RFC
//! and not supported.

use brotli_decompressor::{BrotliDecompressStream, BrotliResult, BrotliState, StandardAlloc};
use bytes::{Buf, Bytes};

use super::{CodingError, Decoder};

const NAME: &str = "brotli";

/// A decoder of the content coding `br`.
pub struct Brotli {
    // Boxed, because it is several kilobytes large.
    state: Box<BrotliState<StandardAlloc, StandardAlloc, StandardAlloc>>,
    is_complete: bool,
}

impl Brotli {
    /// Creates a decoder.
    pub fn new() -> Self {
        let alloc = StandardAlloc::default;
        Self { state: Box::new(BrotliState::new_strict(alloc(), alloc(), alloc())), is_complete: false }
    }
}

impl Decoder for Brotli {
    fn decode(&mut self, input: &mut Bytes, output: &mut [u8]) -> Result<usize, CodingError> {
        if self.is_complete {
            return if input.is_empty() { Ok(0) } else { Err(super::trailing_bytes(NAME)) };
        }
        let (mut available_in, mut taken) = (input.len(), 0);
        let (mut available_out, mut written) = (output.len(), 0);
        let result = BrotliDecompressStream(
            &mut available_in,
            &mut taken,
            input,
            &mut available_out,
            &mut written,
            output,
            &mut 0,
            &mut self.state,
        );
        input.advance(taken.min(input.len()));
        match result {
            BrotliResult::NeedsMoreInput | BrotliResult::NeedsMoreOutput => {}
            BrotliResult::ResultSuccess => self.is_complete = true,
            BrotliResult::ResultFailure => {
                let reason = "the data is corrupt".to_owned();
                return Err(CodingError::Invalid { coding: NAME, reason });
            }
        }
        if written == 0 && !input.is_empty() {
            return Err(super::trailing_bytes(NAME));
        }
        Ok(written)
    }

    fn is_complete(&self) -> bool {
        self.is_complete
    }

    fn name(&self) -> &'static str {
        NAME
    }
}
