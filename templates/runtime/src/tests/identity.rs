//! Tests of client identities in PEM: parsing, errors, reloading and replacement.

use super::tls::Authority;
use crate::runtime::{ClientIdentity, IdentityError};

#[test]
fn pem_identity_is_parsed_and_hidden_in_debug() {
    let authority = Authority::new();
    let (certificate, key) = authority.issue(&["client"], |_| {});
    let directory = tempfile::tempdir().unwrap();
    let paths = [directory.path().join("key.pem"), directory.path().join("certificate.pem")];
    std::fs::write(&paths[0], &key).unwrap();
    std::fs::write(&paths[1], format!("{certificate}{}", authority.pem())).unwrap();
    let identity = ClientIdentity::from_pem_files(&paths).unwrap();
    assert_eq!(format!("{identity:?}"), "ClientIdentity(2 certificates, key ***)");
    assert!(ClientIdentity::from_pem_parts([&certificate, &key]).is_ok());

    let (_, other_key) = authority.issue(&["client"], |_| {});
    let error = |pem: &str| ClientIdentity::from_pem(pem).unwrap_err();
    assert!(matches!(error(&certificate), IdentityError::NoKey));
    assert!(matches!(error(&key), IdentityError::NoCertificate));
    assert!(matches!(error(&format!("{certificate}{key}{key}")), IdentityError::SeveralKeys));
    assert!(matches!(error(&format!("{certificate}{other_key}")), IdentityError::Mismatch));
    // The first certificate must be that of the client, not that of the authority.
    assert!(matches!(error(&format!("{}{certificate}{key}", authority.pem())), IdentityError::Mismatch));
    assert!(matches!(error("nothing"), IdentityError::NoKey));
    assert!(matches!(error("-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----"), IdentityError::Pem(_)));
    let empty = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    assert!(matches!(error(&format!("{empty}{key}")), IdentityError::Unusable(_)));
    assert!(matches!(
        error(&format!("{certificate}{}", empty.replace("CERTIFICATE", "PRIVATE KEY"))),
        IdentityError::Unusable(_)
    ));
    let encrypted = key.replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY");
    assert!(matches!(error(&format!("{certificate}{encrypted}")), IdentityError::EncryptedKey));
    let missing = ClientIdentity::from_pem_files([directory.path().join("missing.pem")]).unwrap_err();
    assert!(missing.to_string().contains("missing.pem"));
}

#[test]
fn reload_replaces_identity_only_if_valid() {
    let authority = Authority::new();
    let directory = tempfile::tempdir().unwrap();
    let paths = [directory.path().join("key.pem"), directory.path().join("certificate.pem")];
    let write = |(certificate, key): &(String, String)| {
        std::fs::write(&paths[0], key).unwrap();
        std::fs::write(&paths[1], certificate).unwrap();
    };
    let (first, second) = (authority.issue(&["first"], |_| {}), authority.issue(&["second"], |_| {}));
    let is = |identity: &ClientIdentity, (certificate, key): &(String, String)| {
        identity.is_same(&ClientIdentity::from_pem(format!("{certificate}{key}")).unwrap())
    };
    write(&first);
    let identity = ClientIdentity::from_pem_files(&paths).unwrap();
    let handle = identity.clone();
    assert!(!identity.reload().unwrap());
    // Only one of the two files has been replaced, so certificate and key do not match.
    std::fs::write(&paths[0], &second.1).unwrap();
    assert!(matches!(identity.reload(), Err(IdentityError::Mismatch)));
    std::fs::remove_file(&paths[0]).unwrap();
    assert!(matches!(identity.reload(), Err(IdentityError::File { .. })));
    assert!(is(&handle, &first));
    write(&second);
    assert!(identity.reload().unwrap());
    assert!(is(&handle, &second) && is(&identity, &second));
    // `replace` does not change the files that `reload` reads.
    handle.replace(ClientIdentity::from_pem(first.0.clone() + &first.1).unwrap());
    assert!(is(&identity, &first));
    assert!(handle.reload().unwrap() && is(&identity, &second));

    let error = ClientIdentity::from_pem(second.0 + &second.1).unwrap().reload().unwrap_err();
    assert!(matches!(error, IdentityError::NotFromFiles) && error.to_string().contains("`replace()`"), "{error}");
}
