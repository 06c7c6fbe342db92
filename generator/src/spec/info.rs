//! The metadata of an API, and its tags.

use crate::source::Span;

use super::{Extensions, ExternalDocs, Spanned};

/// `info`
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Info {
    /// `title`
    pub title: String,
    /// `version`
    pub version: String,
    /// `summary`
    pub summary: Option<String>,
    /// `description`
    pub description: Option<String>,
    /// `termsOfService`
    pub terms_of_service: Option<String>,
    /// `contact`
    pub contact: Option<Contact>,
    /// `license`
    pub license: Option<License>,
    /// `externalDocs`, which some documents also have in `info`.
    pub external_docs: Option<ExternalDocs>,
    /// `x-` extensions.
    pub extensions: Extensions,
}

/// `contact`
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Contact {
    /// `name`
    pub name: Option<String>,
    /// `email`
    pub email: Option<String>,
    /// `url`
    pub url: Option<String>,
}

/// `license`
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct License {
    /// `name`
    pub name: Option<String>,
    /// `identifier`: an SPDX expression.
    pub identifier: Option<String>,
    /// `url`
    pub url: Option<String>,
}

/// A tag.
#[derive(Debug, Clone, PartialEq)]
pub struct Tag {
    /// `name`
    pub name: Spanned<String>,
    /// `summary`
    pub summary: Option<String>,
    /// `description`
    pub description: Option<String>,
    /// `externalDocs`
    pub external_docs: Option<ExternalDocs>,
    /// `parent`: the name of the tag to which this tag belongs.
    pub parent: Option<Spanned<String>>,
    /// `kind`
    pub kind: Option<String>,
    /// `x-rust-name`
    pub rust_name: Option<String>,
    /// Other extensions.
    pub extensions: Extensions,
    /// The location of the tag.
    pub span: Span,
}
