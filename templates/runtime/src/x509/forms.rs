//! Detection of the format of certificates, and parsing.
//!
//! The work is linear in the size of the input: base64 is decoded at most twice, once for the complete input and once
//! for PEM blocks, and lengths are checked before use.

use der::{Decode, EncodingRules, Header, Reader, SliceReader, Tag};
use rustls::pki_types::CertificateDer;

use super::certificate::Certificate;
use super::error::CertificateError;
use super::{base64, pem, pkcs7};

type Found = Vec<CertificateDer<'static>>;

/// The first byte of every DER certificate and PKCS#7 message. As a character it is `0`; neither PEM nor the base64 of
/// a certificate or message begins with `0`.
const SEQUENCE: u8 = 0x30;

/// The maximum number of PEM labels in an error message.
const MAX_LABELS: usize = 4;

/// Detects the format of the input and returns its certificates.
pub fn certificates(input: &[u8]) -> Result<Found, CertificateError> {
    let mut found = Found::new();
    if input.first() == Some(&SEQUENCE) {
        from_der(input, None, &mut found)?;
    } else if pem::is_in(input) {
        return from_pem(input);
    } else {
        let (at, text) = trimmed(input);
        if text.is_empty() {
            return Err(CertificateError::Empty);
        }
        let decoded = base64::decode(text, at, None)?;
        if pem::is_in(&decoded) {
            return from_pem(&decoded);
        }
        from_der(&decoded, None, &mut found)?;
    }
    if found.is_empty() { Err(CertificateError::NoCertificate { found: Vec::new() }) } else { Ok(found) }
}

/// Removes a byte order mark and surrounding whitespace. Returns the position of the remaining text, and the text.
fn trimmed(input: &[u8]) -> (usize, &[u8]) {
    let text = input.strip_prefix(b"\xef\xbb\xbf").unwrap_or(input).trim_ascii_start();
    (input.len() - text.len(), text.trim_ascii_end())
}

/// Parses all PEM blocks that are certificates or PKCS#7. Other blocks, such as keys, are ignored.
fn from_pem(text: &[u8]) -> Result<Found, CertificateError> {
    let mut found = Found::new();
    let mut labels: Vec<String> = Vec::new();
    for block in pem::blocks(text) {
        let block = block?;
        match block.label {
            "CERTIFICATE" | "X509 CERTIFICATE" | "PKCS7" | "CMS" | "PKCS #7 SIGNED DATA" => {
                let number = Some(block.number);
                from_der(&base64::decode(block.base64, block.at, number)?, number, &mut found)?;
            }
            label if labels.len() < MAX_LABELS && !labels.iter().any(|known| known == label) => {
                labels.push(label.to_owned());
            }
            _ => {}
        }
    }
    if found.is_empty() { Err(CertificateError::NoCertificate { found: labels }) } else { Ok(found) }
}

/// Parses a certificate or a PKCS#7 message in DER, and adds the certificates to `found`. `block` is the number of the
/// PEM block for error messages.
fn from_der(der: &[u8], block: Option<usize>, found: &mut Found) -> Result<(), CertificateError> {
    let problem = |at: usize| {
        move |error: der::Error| CertificateError::Der {
            block,
            byte: error.position().and_then(|position| usize::try_from(position).ok()).unwrap_or(0).saturating_add(at),
            reason: error.kind().to_string(),
        }
    };
    let other = |what| CertificateError::Other { block, what };
    match first_tag(der).map_err(problem(0))? {
        Some(Tag::ObjectIdentifier) => match pkcs7::read(der).map_err(problem(0))? {
            pkcs7::Message::Certificates(certificates) => {
                for (at, der) in certificates {
                    Certificate::read(der).map_err(problem(at))?;
                    found.push(CertificateDer::from(der.to_vec()));
                }
                Ok(())
            }
            pkcs7::Message::Other => Err(other("a PKCS#7 message without certificates: it is not signed data")),
        },
        Some(Tag::Integer) => {
            Err(other("PKCS#12 or a private key, not a certificate (PKCS#12 is encrypted and requires a password)"))
        }
        _ => {
            Certificate::read(der).map_err(problem(0))?;
            found.push(CertificateDer::from(der.to_vec()));
            Ok(())
        }
    }
}

/// Returns the tag of the first element of a sequence, or `None` if the sequence is empty or the DER is not a sequence.
fn first_tag(der: &[u8]) -> Result<Option<Tag>, der::Error> {
    let mut reader = SliceReader::new_with_encoding_rules(der, EncodingRules::Ber)?;
    let header = Header::decode(&mut reader)?;
    if header.tag() != Tag::Sequence || reader.is_finished() {
        return Ok(None);
    }
    Tag::peek(&reader).map(Some)
}
