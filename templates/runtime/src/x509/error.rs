//! [`CertificateError`]: messages contain at most one character of the input, or the labels of PEM blocks.

use std::fmt;

/// An error while parsing certificates.
///
/// PEM blocks are numbered from 1. Byte positions start at 0 and refer to the input text or, in DER errors, to the
/// decoded content. In base64 that contains PEM, they refer to the PEM.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CertificateError {
    /// The input is empty or whitespace.
    #[error("the input is empty; expected certificates")]
    Empty,
    /// The input is a JSON string: it has escaped line breaks or is enclosed in quotes.
    #[error(
        "{}byte {byte} is `{}`: the text is still JSON, with its quotes or escapes; decode it first",
        Within(*block),
        found.escape_ascii()
    )]
    Escaped {
        /// The PEM block.
        block: Option<usize>,
        /// The byte of the text.
        byte: usize,
        /// The quote or backslash.
        found: u8,
    },
    /// A character is invalid in PEM and base64.
    #[error("{}byte {byte} is `{}`, which is not base64{}", Within(*block), found.escape_ascii(), Form(*block))]
    Character {
        /// The PEM block.
        block: Option<usize>,
        /// The byte of the text.
        byte: usize,
        /// The byte's value.
        found: u8,
    },
    /// The base64 cannot be decoded although all characters are valid.
    #[error("{}the base64 data that begins at byte {byte} {reason}", Within(*block))]
    Base64 {
        /// The PEM block.
        block: Option<usize>,
        /// The start of the base64 in the text.
        byte: usize,
        /// The reason.
        reason: &'static str,
    },
    /// The BEGIN and END lines of a PEM block are invalid.
    #[error("PEM block {block}, which begins at byte {byte}, {reason}")]
    Pem {
        /// The PEM block.
        block: usize,
        /// The position of its BEGIN line in the text.
        byte: usize,
        /// The reason.
        reason: &'static str,
    },
    /// The decoded content is neither a certificate nor PKCS#7.
    #[error("{}this is neither a certificate nor PKCS#7: byte {byte} of its DER: {reason}", Within(*block))]
    Der {
        /// The PEM block.
        block: Option<usize>,
        /// The byte of the DER.
        byte: usize,
        /// The reason.
        reason: String,
    },
    /// The input is another known format.
    #[error("{}this is {what}", Within(*block))]
    Other {
        /// The PEM block.
        block: Option<usize>,
        /// A description of the format.
        what: &'static str,
    },
    /// The input is valid but contains no certificate.
    #[error("the input contains no certificate{}", Found(found))]
    NoCertificate {
        /// The distinct labels of the first PEM blocks.
        found: Vec<String>,
    },
}

/// Formats the number of the PEM block as a prefix.
struct Within(Option<usize>);

impl fmt::Display for Within {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.map_or(Ok(()), |block| write!(f, "PEM block {block}: "))
    }
}

/// Mentions that PEM would be accepted too.
struct Form(Option<usize>);

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "" } else { ", and there is no PEM block" })
    }
}

/// Formats the labels of the PEM blocks.
struct Found<'a>(&'a [String]);

impl fmt::Display for Found<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() { Ok(()) } else { write!(f, ", but PEM of: {}", self.0.join(", ")) }
    }
}
