//! Conversion of certificates from and to the formats that certificate services use.
//!
//! [`Certificates`] parses PEM, DER, PKCS#7 or base64 of any of these, and returns DER for rustls in the order that TLS
//! requires: each certificate is followed by its issuer. [`ImportArchive`] creates the zip file for the import into
//! DigiCert IoT Trust Manager.
//!
//! Signatures and trust are not checked.
//!
//! ```
//! use std::sync::Arc;
//!
//! # use clientwright_runtime::runtime::x509::Certificates;
//! use rustls::pki_types::PrivateKeyDer;
//! use rustls::pki_types::pem::PemObject;
//!
//! # fn server(body: &str, key_pem: &str) -> Result<rustls::ServerConfig, Box<dyn std::error::Error>> {
//! // `body` is the certificate in a response: PEM, or base64 of PKCS#7 with its chain.
//! let certificates = Certificates::parse(body)?;
//! let key = PrivateKeyDer::from_pem_slice(key_pem.as_bytes())?;
//! let config = rustls::ServerConfig::builder()
//!     .with_no_client_auth()
//!     .with_single_cert(certificates.into_vec(), key)?;
//! # Ok(config)
//! # }
//! ```

mod archive;
mod base64;
mod certificate;
mod certificates;
mod error;
mod forms;
mod order;
mod pem;
mod pkcs7;

pub use archive::{ArchiveError, ImportArchive};
pub use certificates::Certificates;
pub use error::CertificateError;
