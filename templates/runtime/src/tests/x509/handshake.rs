//! Tests of parsed certificates in a rustls handshake on loopback, with a client certificate.

use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{PrivateKeyDer, ServerName};
use rustls::server::WebPkiClientVerifier;
use rustls::sign::SingleCertAndKey;
use rustls::{ClientConfig, RootCertStore, ServerConfig};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::{TlsAcceptor, TlsConnector};

use super::*;
use crate::runtime::IdentityError;
use crate::runtime::tls::{Trust, client_config, provider};

/// Returns the configuration of a server with this chain that trusts client certificates of this root.
fn server(chain: Certificates, key: &KeyPair, root: &Certificates) -> ServerConfig {
    let mut roots = RootCertStore::empty();
    for certificate in root {
        roots.add(certificate.clone()).unwrap();
    }
    let verifier = WebPkiClientVerifier::builder_with_provider(roots.into(), provider().unwrap()).build().unwrap();
    ServerConfig::builder_with_provider(provider().unwrap())
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_client_cert_verifier(verifier)
        .with_single_cert(chain.into_vec(), PrivateKeyDer::from_pem_slice(key.serialize_pem().as_bytes()).unwrap())
        .unwrap()
}

/// Performs a handshake. Returns how many certificates the server and the client received.
async fn shake_hands(server: ServerConfig, client: ClientConfig) -> std::io::Result<(usize, usize)> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let accepting = tokio::spawn(async move {
        let stream = TlsAcceptor::from(Arc::new(server)).accept(listener.accept().await?.0).await?;
        std::io::Result::Ok(stream.get_ref().1.peer_certificates().map_or(0, <[_]>::len))
    });
    let name = ServerName::try_from("localhost").unwrap();
    let stream = TlsConnector::from(Arc::new(client)).connect(name, TcpStream::connect(address).await?).await?;
    let seen_by_client = stream.get_ref().1.peer_certificates().map_or(0, <[_]>::len);
    Ok((accepting.await.unwrap()?, seen_by_client))
}

#[tokio::test]
async fn handshake_succeeds_with_parsed_chains() {
    let [root, ca, server_party] = chain();
    let client_party = ca.issue("client", false);
    // The chain of the server is PKCS#7 with the CA before the leaf. The chain of the client is joined from two
    // responses.
    let server_chain = Certificates::parse(base64(&pkcs7(&[&ca.der, &server_party.der], true))).unwrap();
    let client_chain = Certificates::parse(pem("CERTIFICATE", &ca.der)).unwrap();
    let client_chain = client_chain.and(Certificates::parse(base64(&client_party.der)).unwrap());
    let root = Certificates::parse(&root.der).unwrap();

    let identity = client_chain.client_identity(client_party.key.serialize_pem()).unwrap();
    let roots = root.iter().map(|root| pem("CERTIFICATE", root).into_bytes()).collect();
    let mut client = client_config(true, &Trust { roots, only_these: true, anybody: false }).unwrap();
    client.client_auth_cert_resolver = Arc::new(SingleCertAndKey::from(identity.certified_key()));
    let server = server(server_chain, &server_party.key, &root);
    assert_eq!(shake_hands(server, client).await.unwrap(), (2, 2));
}

#[test]
fn identity_contains_only_chain() {
    let [root, ca, leaf] = chain();
    let [first, second] = ["first", "second"].map(Party::root);
    let cross = first.certify("root", true, KeyPair::try_from(root.key.serialize_der()).unwrap());
    let all = pkcs7(&[&root.der, &ca.der, &leaf.der, &cross.der, &first.der], false);
    let all = Certificates::parse(all).unwrap();
    assert_eq!(format!("{all:?}"), "Certificates(5, chain of 4)");
    let identity = all.client_identity(leaf.key.serialize_pem()).unwrap();
    assert_eq!(format!("{identity:?}"), "ClientIdentity(4 certificates, key ***)");
    // If the leaf is ambiguous, the identity contains all certificates in their order.
    let two = Certificates::parse(pkcs7(&[&first.der, &second.der], false)).unwrap();
    let identity = two.client_identity(first.key.serialize_pem()).unwrap();
    assert_eq!(format!("{identity:?}"), "ClientIdentity(2 certificates, key ***)");

    let error = all.client_identity(pem("CERTIFICATE", &leaf.der)).unwrap_err();
    assert!(matches!(error, IdentityError::NoKey), "{error}");
}

#[test]
fn key_of_other_certificate_is_rejected() {
    let [root, ca, leaf] = chain();
    let chain = Certificates::parse(pkcs7(&[&ca.der, &leaf.der], false)).unwrap();
    let error = chain.client_identity(root.key.serialize_pem()).unwrap_err();
    assert!(matches!(error, IdentityError::Mismatch), "{error}");
}
