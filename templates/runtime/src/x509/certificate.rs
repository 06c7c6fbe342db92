//! Parsing of the subject, issuer and key identifiers of a certificate, which determine its position in a chain.
//!
//! The crate `der` parses tags and lengths. Values are compared as DER, without decoding them.

use der::{Decode, Error, ErrorKind, Header, Reader, SliceReader, Tag, TagNumber};

/// The OIDs of the key identifier extensions, as DER.
const SUBJECT_KEY_IDENTIFIER: &[u8] = &[0x06, 0x03, 0x55, 0x1d, 0x0e];
const AUTHORITY_KEY_IDENTIFIER: &[u8] = &[0x06, 0x03, 0x55, 0x1d, 0x23];

/// An empty subject or issuer, as DER.
const NO_NAME: &[u8] = &[0x30, 0x00];

/// The subject, the issuer and the key identifiers of a certificate, as DER.
pub struct Certificate<'a> {
    subject: &'a [u8],
    issuer: &'a [u8],
    keys: Keys<'a>,
}

/// The subject key identifier and the authority key identifier of a certificate, if present.
#[derive(Default)]
struct Keys<'a> {
    subject: Option<&'a [u8]>,
    issuer: Option<&'a [u8]>,
}

impl<'a> Certificate<'a> {
    /// Parses an X.509 certificate of any version from DER.
    pub fn read(der: &'a [u8]) -> Result<Self, Error> {
        let mut reader = SliceReader::new(der)?;
        expect(&mut reader, Tag::Sequence)?;
        let certificate = reader.sequence(|signed| {
            expect(signed, Tag::Sequence)?;
            let certificate = signed.sequence(to_be_signed)?;
            element(signed, Tag::Sequence)?;
            element(signed, Tag::BitString)?;
            Ok::<_, Error>(certificate)
        })?;
        reader.finish()?;
        Ok(certificate)
    }

    /// Returns whether this certificate can be the issuer of another, because the names and key identifiers match.
    /// Signatures and constraints are not checked.
    pub fn can_have_issued(&self, other: &Self) -> bool {
        let same_key = self.keys.subject.zip(other.keys.issuer).is_none_or(|(own, wanted)| own == wanted);
        self.subject == other.issuer && self.subject != NO_NAME && same_key
    }
}

fn to_be_signed<'a>(reader: &mut SliceReader<'a>) -> Result<Certificate<'a>, Error> {
    let context = |number| Tag::ContextSpecific { constructed: true, number: TagNumber(number) };
    // Version 1 has no version field.
    if Tag::peek(reader)? == context(0) {
        element(reader, context(0))?;
    }
    element(reader, Tag::Integer)?; // The serial number.
    element(reader, Tag::Sequence)?; // The signature's algorithm.
    let issuer = element(reader, Tag::Sequence)?;
    element(reader, Tag::Sequence)?; // The validity.
    let subject = element(reader, Tag::Sequence)?;
    element(reader, Tag::Sequence)?; // The public key.
    let mut keys = Keys::default();
    while !reader.is_finished() {
        let tag = Tag::peek(reader)?;
        let element = element(reader, tag)?;
        if tag == context(3) {
            // Malformed extensions are ignored: they are only used to distinguish issuers with the same name.
            keys = extensions(element, tag).unwrap_or_default();
        }
    }
    Ok(Certificate { subject, issuer, keys })
}

fn extensions(element: &[u8], tag: Tag) -> Result<Keys<'_>, Error> {
    let mut keys = Keys::default();
    let mut list = inside(inside(element, tag)?.tlv_bytes()?, Tag::Sequence)?;
    while !list.is_finished() {
        let mut extension = inside(list.tlv_bytes()?, Tag::Sequence)?;
        let kind = extension.tlv_bytes()?;
        if Tag::peek(&extension)? == Tag::Boolean {
            extension.tlv_bytes()?;
        }
        let mut value = inside(extension.tlv_bytes()?, Tag::OctetString)?;
        match kind {
            SUBJECT_KEY_IDENTIFIER => keys.subject = Some(content(&mut value, Tag::OctetString)?),
            AUTHORITY_KEY_IDENTIFIER => {
                let mut parts = inside(value.tlv_bytes()?, Tag::Sequence)?;
                let first = Tag::ContextSpecific { constructed: false, number: TagNumber(0) };
                if !parts.is_finished() && Tag::peek(&parts)? == first {
                    keys.issuer = Some(content(&mut parts, first)?);
                }
            }
            _ => {}
        }
    }
    Ok(keys)
}

/// Checks the tag of the next element and reads the element, including tag and length.
fn element<'a>(reader: &mut SliceReader<'a>, tag: Tag) -> Result<&'a [u8], Error> {
    expect(reader, tag)?;
    reader.tlv_bytes()
}

/// Checks the tag of the next element and reads its content.
fn content<'a>(reader: &mut SliceReader<'a>, tag: Tag) -> Result<&'a [u8], Error> {
    expect(reader, tag)?;
    let header = Header::decode(reader)?;
    reader.read_slice(header.length())
}

/// Checks the tag of an element and returns a reader for its content.
fn inside(element: &[u8], tag: Tag) -> Result<SliceReader<'_>, Error> {
    SliceReader::new(content(&mut SliceReader::new(element)?, tag)?)
}

/// Checks the tag of the next element without reading the element.
pub fn expect<'a>(reader: &mut impl Reader<'a>, expected: Tag) -> Result<(), Error> {
    let actual = Tag::peek(reader)?;
    if actual == expected {
        return Ok(());
    }
    Err(reader.error(ErrorKind::TagUnexpected { expected: Some(expected), actual }))
}
