//! Tests of client identities in PKCS#12 files. The files in `pkcs12/` were created by OpenSSL 3 with the password
//! `pässword` and contain a leaf, an intermediate and a root certificate.

use p12_keystore::{
    Certificate, EncryptionAlgorithm, KeyStore, KeyStoreEntry, MacAlgorithm, PrivateKey, PrivateKeyChain,
};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};

use super::tls::{Authority, NAMES, Server};
use crate::runtime::{ClientIdentity, IdentityError};

const PASSWORD: &str = "pässword";
const MODERN: &[u8] = include_bytes!("pkcs12/modern.p12");
const LEGACY: &[u8] = include_bytes!("pkcs12/legacy.p12");

fn read(file: &[u8], password: &str) -> Result<ClientIdentity, IdentityError> {
    ClientIdentity::from_pkcs12(file, password)
}

/// Returns a PKCS#12 file with these identities: pairs of a certificate and its key in PEM.
fn write(identities: &[&(String, String)], encryption: EncryptionAlgorithm, mac: MacAlgorithm) -> Vec<u8> {
    let mut store = KeyStore::new();
    for (index, (certificate, key)) in identities.iter().enumerate() {
        let certificate = CertificateDer::from_pem_slice(certificate.as_bytes()).unwrap();
        let key = PrivatePkcs8KeyDer::from_pem_slice(key.as_bytes()).unwrap();
        let key = PrivateKey::from_der(key.secret_pkcs8_der()).unwrap();
        let chain = PrivateKeyChain::new(vec![index as u8], key, [Certificate::from_der(&certificate).unwrap()]);
        store.add_entry(&index.to_string(), KeyStoreEntry::PrivateKeyChain(chain));
    }
    store.writer(PASSWORD).encryption_algorithm(encryption).mac_algorithm(mac).write().unwrap()
}

#[test]
fn legacy_and_modern_encryption_are_read() {
    let modern = read(MODERN, PASSWORD).unwrap();
    // A client does not send the root certificate.
    assert_eq!(format!("{modern:?}"), "ClientIdentity(2 certificates, key ***)");
    assert!(modern.is_same(&read(LEGACY, PASSWORD).unwrap()));
    read(include_bytes!("pkcs12/empty_password.p12"), "").unwrap();
    read(include_bytes!("pkcs12/no_mac.p12"), PASSWORD).unwrap();
    // The file contains a certificate of X.509 version 1, the default of `openssl x509 -req`.
    read(include_bytes!("pkcs12/version_1.p12"), PASSWORD).unwrap();
}

#[tokio::test]
async fn server_accepts_identity_from_file() {
    let authority = Authority::new();
    let server = Server::start(&authority, authority.issue(NAMES, |_| {}), true).await;
    let rows = [
        (EncryptionAlgorithm::PbeWithHmacSha256AndAes256, MacAlgorithm::HmacSha256),
        (EncryptionAlgorithm::PbeWithShaAnd3KeyTripleDesCbc, MacAlgorithm::HmacSha1),
        (EncryptionAlgorithm::PbeWithShaAnd40BitRc4Cbc, MacAlgorithm::HmacSha1),
    ];
    for (encryption, mac) in rows {
        let identity = read(&write(&[&authority.issue(&["client"], |_| {})], encryption, mac), PASSWORD).unwrap();
        let client = server.client("localhost", &authority, |builder| builder.client_certificate(identity));
        client.certificates().search().send().await.unwrap();
    }
    assert_eq!(server.seen().len(), 3);
}

#[test]
fn reload_reads_file_again() {
    let authority = Authority::new();
    let modern =
        |identity| write(&[identity], EncryptionAlgorithm::PbeWithHmacSha256AndAes256, MacAlgorithm::HmacSha256);
    let (first, second) = (authority.issue(&["first"], |_| {}), authority.issue(&["second"], |_| {}));
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(&file, modern(&first)).unwrap();
    let identity = ClientIdentity::from_pkcs12_file(file.path(), PASSWORD).unwrap();
    assert!(!identity.reload().unwrap());
    std::fs::write(&file, modern(&second)).unwrap();
    assert!(identity.reload().unwrap());
    assert!(identity.is_same(&read(&modern(&second), PASSWORD).unwrap()));
    std::fs::write(&file, &modern(&first)[..100]).unwrap();
    assert!(matches!(identity.reload(), Err(IdentityError::Pkcs12(_))));
    assert!(identity.is_same(&read(&modern(&second), PASSWORD).unwrap()));
}

#[test]
fn invalid_file_error_names_cause() {
    for file in [MODERN, LEGACY, include_bytes!("pkcs12/no_mac.p12")] {
        for password in ["wrong", "", "password"] {
            let error = read(file, password).unwrap_err();
            assert!(matches!(error, IdentityError::Password), "{password}: {error:?}");
            assert!(!format!("{error} {error:?}").contains("wrong\""));
        }
    }
    assert!(matches!(read(include_bytes!("pkcs12/no_key.p12"), PASSWORD), Err(IdentityError::NoKey)));
    let authority = Authority::new();
    let two = [&authority.issue(&["one"], |_| {}), &authority.issue(&["two"], |_| {})];
    let two = write(&two, EncryptionAlgorithm::PbeWithHmacSha256AndAes256, MacAlgorithm::HmacSha256);
    assert!(matches!(read(&two, PASSWORD), Err(IdentityError::SeveralKeys)));
    let (certificate, _) = authority.issue(&["client"], |_| {});
    let (_, key) = authority.issue(&["client"], |_| {});
    let mixed =
        write(&[&(certificate, key)], EncryptionAlgorithm::PbeWithHmacSha256AndAes256, MacAlgorithm::HmacSha256);
    assert!(matches!(read(&mixed, PASSWORD), Err(IdentityError::Mismatch)));
    for garbage in
        [&b""[..], b"nothing", b"-----BEGIN CERTIFICATE-----", &[0x30, 0x80], &[0x30, 0x84, 255, 255, 255, 255]]
    {
        assert!(matches!(read(garbage, PASSWORD), Err(IdentityError::Pkcs12(_))), "{garbage:?}");
    }
    // PKCS#12 cannot encode this password.
    assert!(read(MODERN, "\u{1f511}").is_err());
}

#[test]
fn damaged_file_never_panics() {
    for length in 0..MODERN.len() {
        assert!(read(&MODERN[..length], PASSWORD).is_err(), "{length}");
    }
    let mut random = fastrand::Rng::with_seed(7);
    for file in [MODERN, LEGACY, include_bytes!("pkcs12/no_mac.p12")] {
        for _ in 0..300 {
            let mut damaged = file.to_vec();
            for _ in 0..random.usize(1..4) {
                let at = random.usize(..damaged.len());
                damaged[at] = random.u8(..);
            }
            // Reading may succeed or fail, but must not panic.
            let _ = read(&damaged, PASSWORD);
        }
    }
}
