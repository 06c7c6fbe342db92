//! Decoding of base64 with or without line breaks and padding.
//!
//! Decoded bytes are overwritten on drop, because they may contain a key.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD_INDIFFERENT as STANDARD;
use zeroize::Zeroizing;

use super::error::CertificateError;

/// Decodes base64. For error messages, `at` is the position of the text in the input, and `block` the number of the PEM
/// block that contains it.
pub fn decode(text: &[u8], at: usize, block: Option<usize>) -> Result<Zeroizing<Vec<u8>>, CertificateError> {
    let mut symbols = Zeroizing::new(Vec::with_capacity(text.len()));
    for (offset, &found) in text.iter().enumerate() {
        let byte = at.saturating_add(offset);
        match found {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'+' | b'/' | b'=' => symbols.push(found),
            _ if found.is_ascii_whitespace() => {}
            b'\\' | b'"' => return Err(CertificateError::Escaped { block, byte, found }),
            _ => return Err(CertificateError::Character { block, byte, found }),
        }
    }
    let problem = |reason| CertificateError::Base64 { block, byte: at, reason };
    STANDARD.decode(&*symbols).map(Zeroizing::new).map_err(|error| match error {
        base64::DecodeError::InvalidByte(..) => problem("continues after the padding"),
        base64::DecodeError::InvalidPadding => problem("has the wrong padding"),
        // A symbol is missing at the end, or the last symbol has extra bits.
        _ => problem("is truncated"),
    })
}
