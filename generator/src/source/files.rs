//! Resolves the file names in `$ref`s, such as `pet.yaml` in `pet.yaml#/Pet`, to sources.

use super::Sources;
use super::pointer::percent_decode;
use super::span::SourceId;

/// A provider of the files that a document refers to, from memory or from disk.
pub trait Files {
    /// Returns all sources, including the files that were opened so far.
    fn sources(&self) -> &Sources;

    /// Reads the file that `name`, the file name in a `$ref`, refers to. The file may have at most `max_bytes` bytes.
    /// `from` is the file that contains the `$ref`.
    ///
    /// # Errors
    /// Returns the reason why the file is not read.
    fn open(&mut self, from: SourceId, name: &str, max_bytes: usize) -> Result<SourceId, NotRead>;
}

/// The reason why the file of a `$ref` is not read. The messages are predicates of a sentence whose subject is the file
/// name: "`pet.yaml` is outside of the document's directory".
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NotRead {
    /// The file is on the network.
    #[error("is on the network, but files are only read from disk")]
    Network,
    /// The reference is a URL with a scheme that is not supported, such as `file:`.
    #[error("is a URL with the unsupported scheme `{0}`")]
    Scheme(String),
    /// The file, or the target of a symbolic link, is outside of the directory of the document.
    #[error("is outside of the document's directory")]
    Outside,
    /// The document was read from standard input, which has no directory.
    #[error("cannot be found, because a document from standard input has no directory")]
    NoDirectory,
    /// The file cannot be read. Contains the error of the operating system.
    #[error("cannot be read: {0}")]
    Unreadable(String),
    /// The total size of the files of the document exceeds the limit. Contains the limit in bytes.
    #[error("is too large: the files of a document may have at most {0} bytes in total")]
    TooLarge(usize),
    /// The document refers to too many files. Contains the limit.
    #[error("exceeds the limit of {0} files")]
    TooMany(usize),
    /// The file is not in the [`Sources`].
    #[error("is a file that was not passed to the generator")]
    NotGiven,
    /// The file is not valid JSON or YAML, or exceeds a limit. Its errors are reported separately.
    #[error("is not valid JSON or YAML")]
    Invalid,
}

impl NotRead {
    /// Returns a help text that describes how to solve the problem.
    pub fn help(&self) -> Option<&'static str> {
        match self {
            Self::Network => Some("download the file and refer to the copy"),
            Self::Scheme(_) => Some("write a path relative to this file"),
            Self::Outside => Some("move the file into the directory, or pass `--allow-outside`"),
            Self::NoDirectory => Some("pass the path of the document instead of `-`"),
            Self::TooLarge(_) | Self::TooMany(_) | Self::NotGiven | Self::Unreadable(_) | Self::Invalid => None,
        }
    }
}

/// Converts the file name in a `$ref` to a path: decodes percent-encoding and rejects URLs.
///
/// # Errors
/// The name is a URL, or the path is invalid.
pub fn path_of(name: &str) -> Result<String, NotRead> {
    if name.starts_with("//") {
        return Err(NotRead::Network);
    }
    if let Some((scheme, _)) = name.split_once(':')
        && scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.chars().all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '+' | '-' | '.'))
    {
        let scheme = scheme.to_ascii_lowercase();
        return Err(match scheme.as_str() {
            "http" | "https" | "ftp" | "ftps" => NotRead::Network,
            _ => NotRead::Scheme(scheme),
        });
    }
    let path = percent_decode(name).ok_or_else(|| NotRead::Unreadable("its name is not UTF-8".to_owned()))?;
    if path.contains('\0') {
        return Err(NotRead::Unreadable("its name contains a NUL character".to_owned()));
    }
    Ok(path.into_owned())
}

/// An implementation of [`Files`] that finds files in [`Sources`] by their paths.
pub(super) struct InMemory<'a>(pub &'a Sources);

impl Files for InMemory<'_> {
    fn sources(&self) -> &Sources {
        self.0
    }

    fn open(&mut self, from: SourceId, name: &str, _max_bytes: usize) -> Result<SourceId, NotRead> {
        if let Some(known) = self.0.link(from, name) {
            return known;
        }
        let path = joined(self.0.path(from), &path_of(name)?);
        self.0.find(&path).ok_or(NotRead::NotGiven)
    }
}

/// Resolves `path` relative to the directory of the file `from`, e.g. `../b.yaml` in `api/a.yaml` to `b.yaml`.
fn joined(from: &str, path: &str) -> String {
    let directory = from.rsplit_once('/').map_or("", |(directory, _)| directory);
    let start = if path.starts_with('/') { "" } else { directory };
    let mut parts: Vec<&str> = Vec::new();
    for part in start.split('/').chain(path.split('/')).filter(|part| !part.is_empty() && *part != ".") {
        match (part, parts.last()) {
            ("..", Some(last)) if *last != ".." => {
                parts.pop();
            }
            _ => parts.push(part),
        }
    }
    let absolute = path.starts_with('/') || start.starts_with('/');
    format!("{}{}", if absolute { "/" } else { "" }, parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_name_is_path_or_url() {
        assert_eq!(path_of("../a%20b/c.yaml").unwrap(), "../a b/c.yaml");
        assert_eq!(path_of("a/b:c.yaml").unwrap(), "a/b:c.yaml");
        for network in ["http://x/y", "HTTPS://x", "//x/y", "ftp://x"] {
            assert_eq!(path_of(network), Err(NotRead::Network), "{network}");
        }
        assert_eq!(path_of("file:///etc/passwd"), Err(NotRead::Scheme("file".to_owned())));
        assert_eq!(path_of("C:\\x.yaml"), Err(NotRead::Scheme("c".to_owned())));
        assert!(path_of("%FF").is_err() && path_of("a%00b").is_err());
    }

    #[test]
    fn paths_are_joined() {
        assert_eq!(joined("api/a.yaml", "b.yaml"), "api/b.yaml");
        assert_eq!(joined("api/a.yaml", "./x/../../b.yaml"), "b.yaml");
        assert_eq!(joined("a.yaml", "../b.yaml"), "../b.yaml");
        assert_eq!(joined("/w/a.yaml", "b.yaml"), "/w/b.yaml");
        assert_eq!(joined("/w/a.yaml", "/b.yaml"), "/b.yaml");
    }
}
