//! The optional features of generated crates.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use crate::diagnostics::nearest;

/// An optional feature of generated crates. A crate contains the code of the features that its configuration lists, and
/// of those that its API needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Feature {
    /// Calls and listings for synchronous code.
    Blocking,
    /// Response bodies in the content coding `br`.
    Brotli,
    /// Conversions of dates and times from and to types of the crate `chrono`.
    Chrono,
    /// The program that calls operations from the command line.
    Cli,
    /// Client certificates (mutual TLS), even if the document does not mention them.
    ClientCertificates,
    /// Response bodies in the content codings `gzip` and `deflate`.
    Gzip,
    /// A scripted transport for tests.
    Mock,
    /// Client certificates from PKCS#12 files.
    Pkcs12,
    /// A function that repeats a call until its response meets a condition.
    Polling,
    /// Requests by method and path, for operations that are missing in the document.
    Raw,
    /// Responses whose bodies are read while they arrive.
    Streamed,
    /// Conversions of dates and times from and to types of the crate `time`.
    Time,
    /// Spans of calls and attempts.
    Tracing,
    /// Certificates in PEM, DER and PKCS#7.
    X509,
    /// Response bodies in the content coding `zstd`.
    Zstd,
}

impl Feature {
    /// All features.
    pub const ALL: [Self; 15] = [
        Self::Blocking,
        Self::Brotli,
        Self::Chrono,
        Self::Cli,
        Self::ClientCertificates,
        Self::Gzip,
        Self::Mock,
        Self::Pkcs12,
        Self::Polling,
        Self::Raw,
        Self::Streamed,
        Self::Time,
        Self::Tracing,
        Self::X509,
        Self::Zstd,
    ];

    /// The features of every generated crate.
    pub(crate) const ALWAYS: [&str; 2] = ["aws-lc-rs", "ring"];

    /// Returns all features as a set.
    pub fn all() -> BTreeSet<Self> {
        Self::ALL.into_iter().collect()
    }

    /// Returns whether the crate offers the feature as a Cargo feature. Otherwise, its code
    /// does not depend on a Cargo feature.
    pub(crate) const fn is_cargo_feature(self) -> bool {
        !matches!(self, Self::ClientCertificates | Self::Polling | Self::Raw | Self::Streamed)
    }

    /// Returns the name of the feature.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Blocking => "blocking",
            Self::Brotli => "brotli",
            Self::Chrono => "chrono",
            Self::Cli => "cli",
            Self::ClientCertificates => "client-certificates",
            Self::Gzip => "gzip",
            Self::Mock => "mock",
            Self::Pkcs12 => "pkcs12",
            Self::Polling => "polling",
            Self::Raw => "raw",
            Self::Streamed => "streamed",
            Self::Time => "time",
            Self::Tracing => "tracing",
            Self::X509 => "x509",
            Self::Zstd => "zstd",
        }
    }
}

impl fmt::Display for Feature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The error of parsing the name of a feature.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no feature `{name}`; {help}")]
pub struct UnknownFeature {
    name: String,
    help: String,
}

impl FromStr for Feature {
    type Err = UnknownFeature;

    fn from_str(name: &str) -> Result<Self, UnknownFeature> {
        let names = || Self::ALL.map(Self::name);
        Self::ALL.into_iter().find(|feature| feature.name() == name).ok_or_else(|| UnknownFeature {
            name: name.to_owned(),
            help: match nearest(name, names()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("the features are `{}`", names().join("`, `")),
            },
        })
    }
}
