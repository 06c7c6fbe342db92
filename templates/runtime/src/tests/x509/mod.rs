//! Tests of reading certificates in the formats that APIs return. OpenSSL created the fixtures, and rcgen the other
//! certificates.

mod archive;
mod forms;
#[cfg(any(feature = "aws-lc-rs", feature = "ring"))]
mod handshake;
mod invalid_input;
mod order;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose};
use rustls::pki_types::CertificateDer;

use crate::runtime::x509::Certificates;

// Output of OpenSSL for a root, an issuing CA and a certificate `device-17`. The first three files contain all of them:
// in PEM (root first), in PKCS#7, and in a signed message in BER. `OPENSSL_TEXT` is `device-17` in PEM with its text form.
// The other files are input in which no certificates can be read.
const CERTIFICATES: &str = include_str!("fixtures/certificates.pem");
const PKCS7: &str = include_str!("fixtures/chain.p7b");
const SIGNED_BER: &str = include_str!("fixtures/signed-ber.pem");
const ENVELOPED: &str = include_str!("fixtures/enveloped.pem");
const OPENSSL_TEXT: &str = include_str!("fixtures/openssl-text.pem");
const PKCS12: &str = include_str!("fixtures/leaf.p12.base64");
const REQUEST: &str = include_str!("fixtures/request.pem");

type Der = CertificateDer<'static>;

/// A certificate authority or a leaf, with its certificate and key.
struct Party {
    der: Der,
    key: KeyPair,
    params: CertificateParams,
}

impl Party {
    fn root(name: &str) -> Self {
        let params = params(name, true);
        let key = KeyPair::generate().unwrap();
        let der = params.self_signed(&key).unwrap().der().clone();
        Self { der, key, params }
    }

    fn issue(&self, name: &str, is_ca: bool) -> Self {
        self.certify(name, is_ca, KeyPair::generate().unwrap())
    }

    /// Issues a certificate for this key.
    fn certify(&self, name: &str, is_ca: bool, key: KeyPair) -> Self {
        let mut params = params(name, is_ca);
        params.use_authority_key_identifier_extension = true;
        let der = params.signed_by(&key, &Issuer::from_params(&self.params, &self.key)).unwrap().der().clone();
        Self { der, key, params }
    }
}

fn params(name: &str, is_ca: bool) -> CertificateParams {
    let mut params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    params.distinguished_name.push(DnType::CommonName, name);
    if is_ca {
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::DigitalSignature];
    }
    params
}

/// Returns a root, an issuing CA and a leaf.
fn chain() -> [Party; 3] {
    let root = Party::root("root");
    let ca = root.issue("issuing ca", true);
    let leaf = ca.issue("leaf", false);
    [root, ca, leaf]
}

fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

fn pem(label: &str, der: &[u8]) -> String {
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", base64(der))
}

/// Encodes an element in DER or, if `indefinite` is set, in BER with an indefinite length.
fn element(tag: u8, content: &[u8], indefinite: bool) -> Vec<u8> {
    let mut element = vec![tag];
    match content.len() {
        _ if indefinite => element.push(0x80),
        length @ ..0x80 => element.push(length as u8),
        length => element.extend([0x82, (length >> 8) as u8, length as u8]),
    }
    // Lengths from 0x80 to 0xff would need another form.
    assert!(indefinite || !(0x80..0x100).contains(&content.len()));
    element.extend(content);
    if indefinite {
        element.extend([0, 0]);
    }
    element
}

/// Returns a PKCS#7 message with these elements in its certificate set.
fn pkcs7(elements: &[&[u8]], indefinite: bool) -> Vec<u8> {
    let oid = |last: u8| vec![0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, last];
    let mut signed = vec![0x02, 1, 1, 0x31, 0];
    signed.extend(element(0x30, &oid(1), indefinite));
    signed.extend(element(0xa0, &elements.concat(), indefinite));
    signed.extend([0x31, 0]);
    let content = element(0xa0, &element(0x30, &signed, indefinite), indefinite);
    element(0x30, &[oid(2), content].concat(), indefinite)
}

/// Returns a minimal DER element that the parser accepts as a certificate, with these names and this serial number.
fn minimal_certificate(issuer: &[u8], subject: &[u8], serial: u32) -> Der {
    let [issuer, subject] = [issuer, subject].map(|name| element(0x30, name, false));
    let number = element(0x02, &serial.to_be_bytes(), false);
    let fields = [&number[..], &[0x30, 0], &issuer, &[0x30, 0], &subject, &[0x30, 0]].concat();
    element(0x30, &[&element(0x30, &fields, false)[..], &[0x30, 0, 3, 0]].concat(), false).into()
}

fn parsed(input: impl AsRef<[u8]>) -> Vec<Der> {
    Certificates::parse(input).unwrap().into_vec()
}

fn error(input: impl AsRef<[u8]>) -> String {
    Certificates::parse(input).unwrap_err().to_string()
}
