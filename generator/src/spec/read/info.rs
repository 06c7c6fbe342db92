//! Reads the metadata of an API.

use crate::source::Node;
use crate::spec::{Contact, Info, License, Tag};

use super::dialect::Dialect;
use super::fields;

pub(super) fn info(root: &Node) -> Info {
    let Some(node) = root.get("info") else { return Info::default() };
    Info {
        title: fields::string(node, "title").unwrap_or_default(),
        version: fields::string(node, "version").unwrap_or_default(),
        summary: fields::string(node, "summary"),
        description: fields::string(node, "description"),
        terms_of_service: fields::string(node, "termsOfService"),
        contact: node.get("contact").map(|contact| Contact {
            name: fields::string(contact, "name"),
            email: fields::string(contact, "email"),
            url: fields::string(contact, "url"),
        }),
        license: node.get("license").map(|license| License {
            name: fields::string(license, "name"),
            identifier: fields::string(license, "identifier"),
            url: fields::string(license, "url"),
        }),
        external_docs: fields::external_docs(node),
        extensions: fields::extensions(node, &[]),
    }
}

pub(super) fn tags(root: &Node, dialect: Dialect) -> Vec<Tag> {
    let tags = fields::elements(root, "tags").iter().filter_map(|node| {
        Some(Tag {
            name: fields::spanned(node, "name")?,
            summary: fields::string(node, "summary"),
            description: fields::string(node, "description"),
            external_docs: fields::external_docs(node),
            parent: fields::spanned(node, "parent").filter(|_| dialect.has_json_schema()),
            kind: fields::string(node, "kind").filter(|_| dialect.has_json_schema()),
            rust_name: fields::string(node, "x-rust-name"),
            extensions: fields::extensions(node, &["x-rust-name"]),
            span: node.span,
        })
    });
    tags.collect()
}
