//! Why no certificates are read.
//!
//! In: what is wrong and where. Out: one line for people, which never holds more of the input than one character or the
//! labels of PEM blocks.

use std::fmt;

/// Why there are no certificates in an input.
///
/// PEM blocks are counted from 1, bytes from 0: those of the text in text, those of what is decoded in DER. Of base64
/// that holds PEM, they are those of the PEM.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CertificateError {
    /// There is nothing, or white space.
    #[error("there is nothing where certificates should be")]
    Empty,
    /// The text is a piece of JSON: line breaks are written as a backslash and a letter, or quotes stand around it.
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
    /// A character that belongs neither to PEM nor to base64.
    #[error("{}byte {byte} is `{}`, which is no base64{}", Within(*block), found.escape_ascii(), Form(*block))]
    Character {
        /// The PEM block.
        block: Option<usize>,
        /// The byte of the text.
        byte: usize,
        /// The byte's value.
        found: u8,
    },
    /// The characters are those of base64, and yet it does not decode.
    #[error("{}the base64 that begins at byte {byte} {reason}", Within(*block))]
    Base64 {
        /// The PEM block.
        block: Option<usize>,
        /// Where the base64 begins in the text.
        byte: usize,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The lines around a PEM block do not fit.
    #[error("PEM block {block}, which begins at byte {byte}, {reason}")]
    Pem {
        /// The PEM block.
        block: usize,
        /// Where its BEGIN stands in the text.
        byte: usize,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// What is decoded is neither a certificate nor PKCS#7.
    #[error("{}this is no certificate and no PKCS#7: byte {byte} of its DER: {reason}", Within(*block))]
    Der {
        /// The PEM block.
        block: Option<usize>,
        /// The byte of the DER.
        byte: usize,
        /// What is wrong there.
        reason: String,
    },
    /// It is something else that a certificate service knows.
    #[error("{}this is {what}", Within(*block))]
    Other {
        /// The PEM block.
        block: Option<usize>,
        /// What it is.
        what: &'static str,
    },
    /// Everything can be read, and no certificate is in it.
    #[error("there is no certificate in it{}", Found(found))]
    NoCertificate {
        /// The labels of the PEM blocks that are there: the first few, each once.
        found: Vec<String>,
    },
}

/// The PEM block as the beginning of a message.
struct Within(Option<usize>);

impl fmt::Display for Within {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.map_or(Ok(()), |block| write!(f, "PEM block {block}: "))
    }
}

/// What else a text without PEM blocks could have been.
struct Form(Option<usize>);

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "" } else { ", and no PEM block is there" })
    }
}

/// The labels of what is there.
struct Found<'a>(&'a [String]);

impl fmt::Display for Found<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() { Ok(()) } else { write!(f, ", but PEM of: {}", self.0.join(", ")) }
    }
}
