//! Parsing of PKCS#12 files (`.p12`, `.pfx`), for example those issued by DigiCert or exported by Windows.
//!
//! Supported encryption: PBES2 with AES, and the RC2 and triple DES of older programs.

use p12_keystore::error::Error;
use p12_keystore::{CertificateBag, Pkcs12Archive};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};

use super::identity::{IdentityError, certify};
use super::secret::Secret;

/// Decrypts a PKCS#12 file and returns the certificate chain and the private key.
pub fn read(
    file: &[u8],
    password: &Secret,
) -> Result<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>), IdentityError> {
    let archive = Pkcs12Archive::from_pkcs12(file, password.expose()).map_err(|error| match error {
        // These errors mean a wrong password: the MAC of the file does not match or, without a MAC, the decrypted
        // content is invalid.
        Error::MacError(_) | Error::UnpadError | Error::Pkcs5Error(_) => IdentityError::Password,
        error => IdentityError::Pkcs12(error.into()),
    })?;
    let [key] = archive.keys.as_slice() else {
        let none = archive.keys.is_empty();
        return Err(if none { IdentityError::NoKey } else { IdentityError::SeveralKeys });
    };
    let id = key.local_key_id.as_ref().map(AsRef::as_ref);
    let key: PrivateKeyDer<'static> = PrivatePkcs8KeyDer::from(key.key.as_der().to_vec()).into();
    let own = own_certificate(&archive.certs, id, &key).ok_or(IdentityError::NoCertificate)?;
    Ok((chain(&archive.certs, own), key))
}

/// Returns the certificate of the key: the certificate with the same local key id, or else the certificate with the
/// matching public key.
fn own_certificate<'a>(
    certificates: &'a [CertificateBag],
    key_id: Option<&[u8]>,
    key: &PrivateKeyDer<'static>,
) -> Option<&'a CertificateBag> {
    let has_key_id = |bag: &&CertificateBag| key_id.is_some() && bag.local_key_id.as_deref() == key_id;
    let matches_key = |bag: &&CertificateBag| certify(vec![der(bag)], key.clone_key()).is_ok();
    let by_id = certificates.iter().find(has_key_id);
    // If no certificate matches, the first one is used. The later check of certificate and key then fails with a
    // clearer message than "no certificate".
    by_id.or_else(|| certificates.iter().find(matches_key)).or(certificates.first())
}

/// Returns the certificate followed by the certificates of its issuers. The root certificate is omitted, because
/// servers have it.
fn chain(certificates: &[CertificateBag], own: &CertificateBag) -> Vec<CertificateDer<'static>> {
    let mut chain = vec![der(own)];
    let mut last = own;
    while let Some(issuer) = certificates.iter().find(|bag| bag.cert.subject() == last.cert.issuer()) {
        let is_root = issuer.cert.issuer() == issuer.cert.subject();
        // Without the second condition, the loop would never end if certificates in a file are issuers of each other.
        if is_root || chain.contains(&der(issuer)) {
            break;
        }
        chain.push(der(issuer));
        last = issuer;
    }
    chain
}

fn der(bag: &CertificateBag) -> CertificateDer<'static> {
    CertificateDer::from(bag.cert.as_der().to_vec())
}
