//! [`ImportArchive`], the zip file for importing certificates into DigiCert IoT Trust Manager.
//!
//! Archives are reproducible: the same certificates produce the same bytes.

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

/// A zip file with certificates for the import into DigiCert IoT Trust Manager, in one of the two accepted formats:
/// [PEM files](Self::pem_files) or [XML](Self::xml).
///
/// Use the same format as the sample file that was used to map the source fields of the enrollment profile.
///
/// ```
/// # use clientwright_runtime::runtime::Upload;
/// # use clientwright_runtime::runtime::x509::{Certificates, ImportArchive};
/// # fn example(pem: &str) -> Result<Upload, Box<dyn std::error::Error>> {
/// let certificates = Certificates::parse(pem)?;
/// let archive = ImportArchive::xml(&certificates)?;
/// // Pass it to `client.certificate_import().import_certificates(profile, archive)`.
/// let upload = Upload::from(archive);
/// # Ok(upload)
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportArchive {
    file_name: &'static str,
    bytes: Bytes,
}

/// An error while creating an archive.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ArchiveError {
    /// There is no certificate to import.
    #[error("there is no certificate to import")]
    Empty,
    /// An item passed as a certificate is not a valid certificate.
    #[error("certificate {number} is not valid DER: {reason}")]
    NoCertificate {
        /// The number of the certificate, starting at 1.
        number: usize,
        /// The reason.
        reason: String,
    },
    /// The archive cannot be written.
    #[error("the zip archive cannot be written")]
    Zip(#[source] BoxError),
}

impl ImportArchive {
    /// Creates an archive with one PEM file per certificate (given as DER): `certificate-0001.pem` and so on.
    ///
    /// # Errors
    ///
    /// There is no certificate, or a certificate is not valid DER.
    pub fn pem_files(certificates: impl IntoIterator<Item = impl AsRef<[u8]>>) -> Result<Self, ArchiveError> {
        let mut files = Vec::new();
        for (index, der) in certificates.into_iter().enumerate() {
            let number = index.saturating_add(1);
            files.push((format!("certificate-{number:04}.pem"), pem(checked(number, der.as_ref())?)));
        }
        Self::new("certificates.pem.zip", &files)
    }

    /// Creates an archive with one XML file, `certificates.xml`, which contains each certificate (given as DER) as
    /// base64 in a `<pem>` element.
    ///
    /// # Errors
    ///
    /// There is no certificate, or a certificate is not valid DER.
    pub fn xml(certificates: impl IntoIterator<Item = impl AsRef<[u8]>>) -> Result<Self, ArchiveError> {
        let mut elements = String::new();
        for (index, der) in certificates.into_iter().enumerate() {
            let der = der.as_ref();
            // Base64 contains no characters that need escaping in XML.
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

    /// Returns the bytes of the zip file.
    pub fn as_bytes(&self) -> &Bytes {
        &self.bytes
    }

    /// Returns the file name: `certificates.pem.zip` or `certificates.xml.zip`.
    pub fn file_name(&self) -> &str {
        self.file_name
    }
}

impl From<ImportArchive> for Upload {
    fn from(archive: ImportArchive) -> Self {
        Self::bytes(archive.file_name, archive.bytes)
    }
}

/// Checks that the bytes are a certificate in DER, and returns them.
fn checked(number: usize, der: &[u8]) -> Result<&[u8], ArchiveError> {
    match Certificate::read(der) {
        Ok(_) => Ok(der),
        Err(error) => Err(ArchiveError::NoCertificate { number, reason: error.to_string() }),
    }
}

/// Creates a zip archive. Files are uncompressed and have the earliest modification time of the format, so that the
/// bytes of the archive depend only on the files.
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
