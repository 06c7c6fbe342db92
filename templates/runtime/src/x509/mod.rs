//! Certificates as the APIs of certificate services answer and take them.
//!
//! In: the strings and bytes of answers, be they PEM, DER, PKCS#7 or base64 of these. Out: [`Certificates`], as DER for
//! rustls, in the order in which TLS sends them; and [`ImportArchive`], the zip file that an import takes.
//!
//! Nothing here checks a signature or trusts anybody: that is for whoever uses the certificates.
//!
//! ```
//! use std::sync::Arc;
//!
//! # use clientwright_runtime::runtime::x509::Certificates;
//! use rustls::pki_types::PrivateKeyDer;
//! use rustls::pki_types::pem::PemObject;
//!
//! # fn server(answer: &str, key_pem: &str) -> Result<rustls::ServerConfig, Box<dyn std::error::Error>> {
//! // `answer` is the certificate of an answer: PEM, or base64 of PKCS#7 with its chain.
//! let certificates = Certificates::parse(answer)?;
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
