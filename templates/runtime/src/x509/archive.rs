//! The zip file that an import of certificates takes, as DigiCert IoT Trust Manager documents it.
//!
//! In: certificates as DER. Out: an archive of PEM files or of one XML file, ready to upload. Equal certificates give
//! equal bytes: no clock is asked.

use std::io::{Cursor, Write as _};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::certificate::Certificate;
use super::certificates::pem;
use crate::runtime::multipart::Upload;
use crate::runtime::transport::BoxError;

/// A zip file with certificates, in one of the two forms that the import takes.
///
/// Which of them is wanted was decided when the enrollment profile's source fields were mapped: by a file of the same
/// extension.
///
/// ```
/// # use clientwright_runtime::runtime::Upload;
/// # use clientwright_runtime::runtime::x509::{Certificates, ImportArchive};
/// # fn example(pem: &str) -> Result<Upload, Box<dyn std::error::Error>> {
/// let certificates = Certificates::parse(pem)?;
/// let archive = ImportArchive::xml(&certificates)?;
/// // `client.certificate_import().import_certificates(profile, archive)` takes it as it is.
/// let upload = Upload::from(archive);
/// # Ok(upload)
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportArchive {
    file_name: &'static str,
    bytes: Bytes,
}

/// Why there is no archive.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ArchiveError {
    /// There is no certificate to put into it.
    #[error("there is no certificate to import")]
    Empty,
    /// What should be a certificate is none.
    #[error("number {number} is no DER of a certificate: {reason}")]
    NoCertificate {
        /// Which one, from 1.
        number: usize,
        /// What is wrong with it.
        reason: String,
    },
    /// The archive cannot be written.
    #[error("the zip archive cannot be written")]
    Zip(#[source] BoxError),
}

impl ImportArchive {
    /// One PEM file for each certificate: `certificate-0001.pem` and so on.
    ///
    /// # Errors
    ///
    /// There is no certificate, or one is not DER of a certificate.
    pub fn pem_files(certificates: impl IntoIterator<Item = impl AsRef<[u8]>>) -> Result<Self, ArchiveError> {
        let mut files = Vec::new();
        for (index, der) in certificates.into_iter().enumerate() {
            let number = index.saturating_add(1);
            files.push((format!("certificate-{number:04}.pem"), pem(checked(number, der.as_ref())?)));
        }
        Self::new("certificates.pem.zip", &files)
    }

    /// One XML file, `certificates.xml`, with the base64 of each certificate in a `<pem>` element.
    ///
    /// # Errors
    ///
    /// There is no certificate, or one is not DER of a certificate.
    pub fn xml(certificates: impl IntoIterator<Item = impl AsRef<[u8]>>) -> Result<Self, ArchiveError> {
        let mut elements = String::new();
        for (index, der) in certificates.into_iter().enumerate() {
            let der = der.as_ref();
            // Base64 has no character that XML would have escaped.
            let base64 = STANDARD.encode(checked(index.saturating_add(1), der)?);
            elements.push_str(&format!("  <certificate>\n    <pem>{base64}</pem>\n  </certificate>\n"));
        }
        let files = if elements.is_empty() {
            Vec::new()
        } else {
            let head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
            let document = format!("{head}<certificates>\n{elements}</certificates>\n");
            vec![("certificates.xml".to_owned(), document)]
        };
        Self::new("certificates.xml.zip", &files)
    }

    fn new(file_name: &'static str, files: &[(String, String)]) -> Result<Self, ArchiveError> {
        if files.is_empty() {
            return Err(ArchiveError::Empty);
        }
        let bytes = zip(files).map_err(|error| ArchiveError::Zip(error.into()))?;
        Ok(Self { file_name, bytes: bytes.into() })
    }

    /// The zip file.
    pub fn as_bytes(&self) -> &Bytes {
        &self.bytes
    }

    /// The name that it is uploaded under: `certificates.pem.zip` or `certificates.xml.zip`.
    pub fn file_name(&self) -> &str {
        self.file_name
    }
}

impl From<ImportArchive> for Upload {
    fn from(archive: ImportArchive) -> Self {
        Self::bytes(archive.file_name, archive.bytes)
    }
}

/// The same bytes, once they are known to be a certificate.
fn checked(number: usize, der: &[u8]) -> Result<&[u8], ArchiveError> {
    match Certificate::read(der) {
        Ok(_) => Ok(der),
        Err(error) => Err(ArchiveError::NoCertificate { number, reason: error.to_string() }),
    }
}

/// Files as a zip archive. They are stored, not compressed, so that the bytes depend on nothing but the content; their
/// time is the zip format's first.
fn zip(files: &[(String, String)]) -> Result<Vec<u8>, zip::result::ZipError> {
    let options = SimpleFileOptions::default()
        .compression_method(zip::CompressionMethod::Stored)
        .last_modified_time(zip::DateTime::default())
        .unix_permissions(0o644);
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in files {
        writer.start_file(name.as_str(), options)?;
        writer.write_all(content.as_bytes())?;
    }
    Ok(writer.finish()?.into_inner())
}
