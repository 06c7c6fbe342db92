//! Tests of import archives, which are read again by a zip reader and an XML parser.

use std::io::{Cursor, Read as _};

use super::*;
use crate::runtime::multipart::{NamedPart, encode};
use crate::runtime::x509::{ArchiveError, ImportArchive};
use crate::runtime::{Part, Upload};

/// Returns the files of an archive as pairs of name and content.
fn files(archive: &ImportArchive) -> Vec<(String, String)> {
    let mut zip = zip::ZipArchive::new(Cursor::new(archive.as_bytes().clone())).unwrap();
    let read = |index| {
        let mut file = zip.by_index(index).unwrap();
        // The modification time is the earliest that zip supports, so that archives are reproducible.
        assert_eq!(file.last_modified().unwrap().to_string(), "1980-01-01 00:00:00");
        let mut content = String::new();
        file.read_to_string(&mut content).unwrap();
        (file.name().unwrap().into_owned(), content)
    };
    (0..archive_length(archive)).map(read).collect()
}

fn archive_length(archive: &ImportArchive) -> usize {
    zip::ZipArchive::new(Cursor::new(archive.as_bytes().clone())).unwrap().len()
}

#[test]
fn pem_archive_has_one_file_per_certificate() {
    let certificates = Certificates::parse(CERTIFICATES).unwrap();
    let archive = ImportArchive::pem_files(&certificates).unwrap();
    let names: Vec<String> = files(&archive).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["certificate-0001.pem", "certificate-0002.pem", "certificate-0003.pem"]);
    let contents: String = files(&archive).into_iter().map(|(_, content)| content).collect();
    assert_eq!(contents, certificates.to_pem());
    assert_eq!(archive.file_name(), "certificates.pem.zip");
    assert_eq!(ImportArchive::pem_files(certificates).unwrap(), archive);
}

#[test]
fn xml_archive_has_one_file() {
    let certificates = Certificates::parse(CERTIFICATES).unwrap();
    let archive = ImportArchive::xml(&certificates).unwrap();
    assert_eq!(archive.file_name(), "certificates.xml.zip");
    let [(name, content)] = files(&archive).try_into().unwrap();
    assert_eq!(name, "certificates.xml");
    assert!(
        content
            .starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<certificates>\n  <certificate>\n    <pem>MII")
    );
    let document = roxmltree::Document::parse(&content).unwrap();
    let root = document.root_element();
    assert_eq!(root.tag_name().name(), "certificates");
    let read: Vec<Der> = root
        .children()
        .filter(|node| node.is_element())
        .flat_map(|certificate| {
            assert_eq!(certificate.tag_name().name(), "certificate");
            let [pem] = certificate.children().filter(|node| node.is_element()).collect::<Vec<_>>().try_into().unwrap();
            assert_eq!(pem.tag_name().name(), "pem");
            // The text of the element has no line breaks, no header lines, and no special characters of XML.
            let text = pem.text().unwrap();
            assert!(text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+/=".contains(&byte)), "{text}");
            parsed(text)
        })
        .collect();
    assert_eq!(read, certificates.into_vec());
}

#[test]
fn archive_is_readable_by_unzip() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("certificates.zip");
    let archive = ImportArchive::pem_files(Certificates::parse(CERTIFICATES).unwrap()).unwrap();
    std::fs::write(&path, archive.as_bytes()).unwrap();
    // Skip the test if the program `unzip` of Info-ZIP is not installed.
    if let Ok(output) = std::process::Command::new("unzip").arg("-t").arg(&path).output() {
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    }
}

#[test]
fn non_certificate_is_rejected() {
    let [_, _, leaf] = chain();
    assert!(matches!(ImportArchive::pem_files([] as [Der; 0]), Err(ArchiveError::Empty)));
    assert!(matches!(ImportArchive::xml([] as [Der; 0]), Err(ArchiveError::Empty)));
    let text = pem("CERTIFICATE", &leaf.der);
    for wrong in [b"<pem>&".as_slice(), text.as_bytes(), &leaf.der[..9], b""] {
        let errors = [
            ImportArchive::pem_files([&leaf.der[..], wrong]).unwrap_err(),
            ImportArchive::xml([&leaf.der[..], wrong]).unwrap_err(),
        ];
        for error in errors {
            assert!(error.to_string().starts_with("certificate 2 is not valid DER: "), "{error}");
        }
    }
}

#[tokio::test]
async fn archive_is_uploaded_with_its_file_name() {
    let archive = ImportArchive::xml(Certificates::parse(CERTIFICATES).unwrap()).unwrap();
    let part = Part::from(Upload::from(archive.clone()));
    let named = NamedPart { name: "file".into(), content_type: Some("application/zip"), part };
    let (body, _) = encode([named], "multipart/form-data").unwrap();
    let body = crate::tests::body::collect(body).await.unwrap();
    let head = "Content-Disposition: form-data; name=\"file\"; filename=\"certificates.xml.zip\"\r\n\
                Content-Type: application/zip\r\n\r\n";
    let at = body.windows(head.len()).position(|window| window == head.as_bytes()).unwrap() + head.len();
    assert!(body[at..].starts_with(archive.as_bytes()));
}
