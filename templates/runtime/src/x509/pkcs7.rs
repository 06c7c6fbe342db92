//! Extraction of certificates from PKCS#7 or CMS (RFC 5652) messages.
//!
//! Messages may be BER, because Java libraries write indefinite lengths. The signatures of a message are not checked,
//! because they do not cover the certificates.

use der::asn1::ContextSpecific;
use der::{
    Decode, DecodeValue, EncodingRules, Error, ErrorKind, FixedTag, Header, Reader, SliceReader, Tag, TagNumber,
};

use super::certificate::expect;

/// The OID of the content type "signed data", as DER.
const SIGNED_DATA: &[u8] = &[0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02];

/// The content of a message.
pub enum Message<'a> {
    /// Signed data. For each certificate, the list contains its position in the message and its DER.
    Certificates(Vec<(usize, &'a [u8])>),
    /// Content other than signed data.
    Other,
}

/// Parses a PKCS#7 message.
pub fn read(ber: &[u8]) -> Result<Message<'_>, Error> {
    let mut reader = SliceReader::new_with_encoding_rules(ber, EncodingRules::Ber)?;
    expect(&mut reader, Tag::Sequence)?;
    let message = reader.sequence(|content| {
        expect(content, Tag::ObjectIdentifier)?;
        if content.tlv_bytes()? != SIGNED_DATA {
            skip_all(content)?;
            return Ok::<_, Error>(Message::Other);
        }
        expect(content, Tag::ContextSpecific { constructed: true, number: TagNumber(0) })?;
        let signed = ContextSpecific::<SignedData<'_>>::decode_explicit(content, TagNumber(0))?;
        Ok(Message::Certificates(signed.map(|signed| signed.value.0).unwrap_or_default()))
    })?;
    reader.finish()?;
    Ok(message)
}

/// Signed data, of which only the certificates are parsed.
struct SignedData<'a>(Vec<(usize, &'a [u8])>);

impl FixedTag for SignedData<'_> {
    const TAG: Tag = Tag::Sequence;
}

impl<'a> DecodeValue<'a> for SignedData<'a> {
    type Error = Error;

    fn decode_value<R: Reader<'a>>(reader: &mut R, _: Header) -> Result<Self, Error> {
        // Skip version, digest algorithms and content.
        for tag in [Tag::Integer, Tag::Set, Tag::Sequence] {
            expect(reader, tag)?;
            skip(reader)?;
        }
        let set = ContextSpecific::<CertificateSet<'_>>::decode_implicit(reader, TagNumber(0))?;
        // Skip revocation lists and signers.
        skip_all(reader)?;
        Ok(Self(set.map(|set| set.value.0).unwrap_or_default()))
    }
}

/// The set of certificates in signed data.
struct CertificateSet<'a>(Vec<(usize, &'a [u8])>);

impl FixedTag for CertificateSet<'_> {
    const TAG: Tag = Tag::Set;
}

impl<'a> DecodeValue<'a> for CertificateSet<'a> {
    type Error = Error;

    fn decode_value<R: Reader<'a>>(reader: &mut R, _: Header) -> Result<Self, Error> {
        let mut certificates = Vec::new();
        while !reader.is_finished() {
            // Skip other types of certificates, such as attribute certificates, which have different tags.
            if Tag::peek(reader)? != Tag::Sequence {
                skip(reader)?;
                continue;
            }
            let mut start = [0; 2];
            reader.peek_into(&mut start)?;
            // A certificate must be DER, without indefinite lengths, even if the message is BER.
            if start[1] == 0x80 {
                return Err(reader.error(ErrorKind::IndefiniteLength));
            }
            let at = usize::try_from(reader.position())?;
            certificates.push((at, reader.tlv_bytes()?));
        }
        Ok(Self(certificates))
    }
}

/// Skips an element of definite or indefinite length.
fn skip<'a>(reader: &mut impl Reader<'a>) -> Result<(), Error> {
    let header = Header::decode(reader)?;
    reader.read_slice(header.length()).map(|_| ())
}

fn skip_all<'a>(reader: &mut impl Reader<'a>) -> Result<(), Error> {
    while !reader.is_finished() {
        skip(reader)?;
    }
    Ok(())
}
