//! [`CertificateError`], the error of parsing certificates.
//!
//! Messages contain at most one character of the input, or the labels of PEM blocks, since the input may contain a key.

use std::fmt;

/// An error while parsing certificates.
///
/// PEM blocks are numbered from 1. Byte positions start at 0. They refer to the input text or, in
/// [`Der`](Self::Der), to the decoded content. If the input is base64 of PEM, they refer to the decoded PEM.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CertificateError {
    /// The input is empty or whitespace.
    #[error("the input is empty; expected certificates")]
    Empty,
    /// The input is a JSON string: it has escaped line breaks or is enclosed in quotes.
    #[error(
        "{}byte {byte} is `{}`: the input is a JSON string with quotes or escapes; decode the JSON first",
        Within(*block),
        found.escape_ascii()
    )]
    Escaped {
        /// The number of the PEM block, if the error is within one.
        block: Option<usize>,
        /// The position of the quote or backslash in the text.
        byte: usize,
        /// The quote or backslash.
        found: u8,
    },
    /// A character is invalid in PEM and base64.
    #[error("{}byte {byte} is `{}`, which is not base64{}", Within(*block), found.escape_ascii(), Form(*block))]
    Character {
        /// The number of the PEM block, if the error is within one.
        block: Option<usize>,
        /// The position of the character in the text.
        byte: usize,
        /// The byte at this position.
        found: u8,
    },
    /// The base64 cannot be decoded although all characters are valid.
    #[error("{}the base64 data that begins at byte {byte} {reason}", Within(*block))]
    Base64 {
        /// The number of the PEM block, if the error is within one.
        block: Option<usize>,
        /// The start of the base64 in the text.
        byte: usize,
        /// The end of the message, such as "is truncated".
        reason: &'static str,
    },
    /// The BEGIN or END line of a PEM block is invalid, or the END line is missing.
    #[error("PEM block {block}, which begins at byte {byte}, {reason}")]
    Pem {
        /// The number of the PEM block.
        block: usize,
        /// The position of the BEGIN line in the text.
        byte: usize,
        /// The end of the message, after the position.
        reason: &'static str,
    },
    /// The decoded content is neither a certificate nor PKCS#7.
    #[error("{}the content is neither a certificate nor PKCS#7: byte {byte} of the DER: {reason}", Within(*block))]
    Der {
        /// The number of the PEM block, if the error is within one.
        block: Option<usize>,
        /// The position of the error in the DER.
        byte: usize,
        /// The reason.
        reason: String,
    },
    /// The input has a known format other than certificates, such as PKCS#12.
    #[error("{}the content is {what}", Within(*block))]
    Other {
        /// The number of the PEM block, if the error is within one.
        block: Option<usize>,
        /// A description of the format, as the end of the message.
        what: &'static str,
    },
    /// The input is valid but contains no certificate.
    #[error("the input contains no certificate{}", Found(found))]
    NoCertificate {
        /// The labels of the first PEM blocks, without duplicates.
        found: Vec<String>,
    },
}

/// The beginning of a message: the PEM block that the error is within, if any.
struct Within(Option<usize>);

impl fmt::Display for Within {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.map_or(Ok(()), |block| write!(f, "PEM block {block}: "))
    }
}

/// The end of a message. If the error is not within a PEM block, the message says that the input contains no PEM block.
struct Form(Option<usize>);

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "" } else { ", and there is no PEM block" })
    }
}

/// The end of a message: the labels of the PEM blocks, if any.
struct Found<'a>(&'a [String]);

impl fmt::Display for Found<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() { Ok(()) } else { write!(f, ", but PEM blocks with other labels: {}", self.0.join(", ")) }
    }
}
