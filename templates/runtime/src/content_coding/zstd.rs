//! Decodes `zstd` (RFC 8878) with windows of at most 8 MiB (RFC 9659).

use std::io::Read;

use bytes::Bytes;
use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

use super::{CodingError, Decoder};

const NAME: &str = "zstd";

/// The largest window that a sender may use (RFC 9659, section 3).
const MAX_WINDOW: u64 = 8 * 1024 * 1024;

/// The maximum length of a frame header (RFC 8878, section 3.1.1.1) including the magic number.
const MAX_HEADER: usize = 18;

/// The index of the byte in the frame header that contains the checksum flag, and the bit mask of the flag.
const CHECKSUM_FLAG: (usize, u8) = (4, 0b100);

/// A decoder of the content coding `zstd` with any number of frames. The frame decoder of `ruzstd` requires whole
/// blocks, so each block, of at most 128 KiB, is buffered before it is decoded.
pub struct Zstd {
    decoder: FrameDecoder,
    /// The input that has not been decoded yet.
    buffered: Vec<u8>,
    state: State,
}

enum State {
    /// Between two frames, or before the first one.
    Between,
    /// Within a frame.
    Blocks { has_checksum: bool },
    /// Within a skippable frame. Contains the number of remaining bytes of the frame.
    Skipped(u64),
}

impl Zstd {
    /// Creates a decoder.
    pub fn new() -> Self {
        let mut decoder = FrameDecoder::new();
        decoder.set_max_window_size(MAX_WINDOW);
        Self { decoder, buffered: Vec::new(), state: State::Between }
    }

    /// Decodes as much as possible of the buffered input in one step. Returns whether there was progress.
    fn step(&mut self) -> Result<bool, CodingError> {
        match self.state {
            State::Between => self.begin(),
            State::Blocks { has_checksum } => self.block(has_checksum),
            State::Skipped(left) => {
                let taken = usize::try_from(left).unwrap_or(usize::MAX).min(self.buffered.len());
                self.buffered.drain(..taken);
                let left = left.saturating_sub(taken as u64);
                self.state = if left == 0 { State::Between } else { State::Skipped(left) };
                Ok(taken > 0)
            }
        }
    }

    /// Decodes the header of a frame. Returns `false` if more input is needed.
    fn begin(&mut self) -> Result<bool, CodingError> {
        if self.buffered.is_empty() {
            return Ok(false);
        }
        let mut rest = self.buffered.as_slice();
        match self.decoder.reset(&mut rest) {
            Ok(()) => {
                let (at, flag) = CHECKSUM_FLAG;
                let has_checksum = self.buffered.get(at).is_some_and(|byte| byte & flag != 0);
                self.state = State::Blocks { has_checksum };
            }
            Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame { length, .. })) => {
                self.state = State::Skipped(u64::from(length));
            }
            Err(FrameDecoderError::ReadFrameHeaderError(error))
                if self.buffered.len() < MAX_HEADER && !matches!(error, ReadFrameHeaderError::BadMagicNumber(_)) =>
            {
                return Ok(false);
            }
            Err(error) => return Err(invalid(&error)),
        }
        let taken = self.buffered.len() - rest.len();
        self.buffered.drain(..taken);
        Ok(true)
    }

    /// Decodes a block, and the checksum after the last block. Returns `false` if more input is needed.
    fn block(&mut self, has_checksum: bool) -> Result<bool, CodingError> {
        let [one, two, three, ..] = *self.buffered.as_slice() else { return Ok(false) };
        // The block header (RFC 8878, section 3.1.1.2) contains a flag that marks the last block, the type of the block,
        // and its size. A block of type 1 is a single repeated byte, and the size is the number of repetitions.
        let header = u32::from_le_bytes([one, two, three, 0]);
        let is_last = header & 1 == 1;
        let size = if (header >> 1) & 3 == 1 { 1 } else { (header >> 3) as usize };
        let checksum = if is_last && has_checksum { 4 } else { 0 };
        // A block that is too large is reported before it has arrived completely.
        if self.buffered.len() < 3 + size.min(MAX_BLOCK) + checksum {
            return Ok(false);
        }
        let mut rest = self.buffered.as_slice();
        self.decoder.decode_blocks(&mut rest, BlockDecodingStrategy::UptoBlocks(1)).map_err(|error| invalid(&error))?;
        let taken = self.buffered.len() - rest.len();
        self.buffered.drain(..taken);
        Ok(true)
    }

    /// Ends a frame whose content was read, and verifies its checksum.
    fn end(&mut self) -> Result<(), CodingError> {
        let sent = self.decoder.get_checksum_from_data();
        if sent.is_some() && sent != self.decoder.get_calculated_checksum() {
            return Err(CodingError::Invalid { coding: NAME, reason: "the checksum does not match".to_owned() });
        }
        self.state = State::Between;
        Ok(())
    }
}

/// The maximum size of a block (RFC 8878, section 3.1.1.2.4).
const MAX_BLOCK: usize = 128 * 1024;

impl Decoder for Zstd {
    fn decode(&mut self, input: &mut Bytes, output: &mut [u8]) -> Result<usize, CodingError> {
        loop {
            if matches!(self.state, State::Blocks { .. }) {
                let read = self
                    .decoder
                    .read(output)
                    .map_err(|error| CodingError::Invalid { coding: NAME, reason: error.to_string() })?;
                if read > 0 {
                    return Ok(read);
                }
                if self.decoder.is_finished() {
                    self.end()?;
                }
            }
            if self.step()? {
                continue;
            }
            if input.is_empty() {
                return Ok(0);
            }
            // At most one block at a time, because removing bytes from the buffer moves the remaining bytes.
            let more = input.split_to(input.len().min(MAX_BLOCK));
            self.buffered.extend_from_slice(&more);
        }
    }

    fn is_complete(&self) -> bool {
        matches!(self.state, State::Between) && self.buffered.is_empty()
    }

    fn name(&self) -> &'static str {
        NAME
    }
}

fn invalid(error: &FrameDecoderError) -> CodingError {
    CodingError::Invalid { coding: NAME, reason: error.to_string() }
}
