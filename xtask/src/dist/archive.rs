//! Creates archives that depend only on the names and contents of their files.

use std::io;

use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};

/// The modification time of all files, as in packages of Cargo: 2006-07-24. Some programs warn about the time 0.
const TIME: u64 = 1_153_704_088;

/// A file of an archive.
#[derive(Debug, Clone)]
pub(crate) struct File {
    /// The path in the folder of the archive, with `/` as the separator.
    pub(crate) path: String,
    pub(crate) contents: Vec<u8>,
    pub(crate) is_program: bool,
}

/// Returns an archive in the format `.tar.gz` with the files in one folder, sorted by path.
pub(crate) fn tar_gz(folder: &str, mut files: Vec<File>) -> io::Result<Vec<u8>> {
    files.sort_by(|one, other| one.path.cmp(&other.path));
    let mut archive = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::best()));
    for file in files {
        let mut header = tar::Header::new_gnu();
        header.set_mode(if file.is_program { 0o755 } else { 0o644 });
        header.set_mtime(TIME);
        header.set_size(file.contents.len().try_into().map_err(io::Error::other)?);
        archive.append_data(&mut header, format!("{folder}/{}", file.path), &*file.contents)?;
    }
    archive.into_inner()?.finish()
}

/// Returns the SHA-256 sum in hexadecimal digits.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_of_files_does_not_change_archive() {
        let file = |path: &str| File { path: path.to_owned(), contents: path.into(), is_program: false };
        let archive = tar_gz("a", vec![file("y"), file("x")]).unwrap();
        assert_eq!(archive, tar_gz("a", vec![file("x"), file("y")]).unwrap());
        assert_ne!(archive, tar_gz("b", vec![file("x"), file("y")]).unwrap());
    }

    #[test]
    fn sum_is_sha256() {
        assert_eq!(sha256(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
