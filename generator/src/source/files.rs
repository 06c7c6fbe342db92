//! The other files of a document: what a `$ref` calls them comes in, a source goes out, or why none is read.

use super::Sources;
use super::pointer::percent_decode;
use super::span::SourceId;

/// Where the other files of a document come from.
pub trait Files {
    /// What has been read so far.
    fn sources(&self) -> &Sources;

    /// The file that a `$ref` in `from` names, read if it was not read before; it may have `room` bytes.
    ///
    /// # Errors
    /// Why it is not read.
    fn open(&mut self, from: SourceId, name: &str, room: usize) -> Result<SourceId, NotRead>;
}

/// Why the file that a `$ref` names is not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NotRead {
    /// It is somewhere on the network.
    #[error("is on the network, from which nothing is read")]
    Network,
    /// It is named by an absolute URL of another scheme.
    #[error("is named by a URL of the scheme `{0}`, which is not followed")]
    Scheme(String),
    /// It lies outside of the folder of the document, or is a link that leads out of it.
    #[error("lies outside of the document's folder")]
    Outside,
    /// The document came from standard input, which lies in no folder.
    #[error("is another file, and a document on standard input has no folder to look for it in")]
    NoFolder,
    /// The system does not let it be read; says why.
    #[error("cannot be read: {0}")]
    Unreadable(String),
    /// There is no room left for it.
    #[error("is too large: all files of a document together may have {0} bytes")]
    TooLarge(usize),
    /// So many have been read that this one is one too many.
    #[error("is one file too many: at most {0} are read")]
    TooMany(usize),
    /// It is not among the texts that the run was given.
    #[error("is not among the sources")]
    NotGiven,
    /// It was read and is no JSON or YAML, or too large for one, which is a finding of its own.
    #[error("cannot be read as JSON or YAML")]
    Faulty,
}

impl NotRead {
    /// What to do about it.
    pub fn help(&self) -> Option<&'static str> {
        match self {
            Self::Network => Some("download it, and name the file"),
            Self::Scheme(_) => Some("write a path relative to this file"),
            Self::Outside => Some("move it into the folder, or allow it with `--allow-outside`"),
            Self::NoFolder => Some("give the path of the document in the place of `-`"),
            Self::TooLarge(_) | Self::TooMany(_) | Self::NotGiven | Self::Unreadable(_) | Self::Faulty => None,
        }
    }
}

/// The relative or absolute path that a `$ref` gives a file by.
///
/// # Errors
/// It is a URL of some scheme.
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
        return Err(NotRead::Unreadable("its name holds a NUL character".to_owned()));
    }
    Ok(path.into_owned())
}

/// The files among texts that are all in memory: found by their paths.
pub(super) struct Given<'a>(pub &'a Sources);

impl Files for Given<'_> {
    fn sources(&self) -> &Sources {
        self.0
    }

    fn open(&mut self, from: SourceId, name: &str, _room: usize) -> Result<SourceId, NotRead> {
        if let Some(known) = self.0.link(from, name) {
            return known;
        }
        let path = joined(self.0.path(from), &path_of(name)?);
        self.0.find(&path).ok_or(NotRead::NotGiven)
    }
}

/// A path as it looks from another one's folder, without `.` and `..` as far as that goes.
fn joined(from: &str, path: &str) -> String {
    let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
    let start = if path.starts_with('/') { "" } else { folder };
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
    fn names_are_paths_or_urls() {
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
