//! Typed access to the properties of an object. Validation has checked their types. A property of the wrong type is
//! treated as absent.

use crate::source::{Entry, Node, NodeKind, Number};
use crate::spec::{Extensions, ExternalDocs, Keyword, KeywordSpan, Keywords, Spanned};

pub(super) fn string(node: &Node, key: &str) -> Option<String> {
    node.get(key)?.as_str().map(str::to_owned)
}

pub(super) fn spanned(node: &Node, key: &str) -> Option<Spanned<String>> {
    spanned_string(node.get(key)?)
}

pub(super) fn spanned_string(node: &Node) -> Option<Spanned<String>> {
    Some(Spanned::new(node.as_str()?.to_owned(), node.span))
}

/// Returns the strings in the array of a property. Skips other items.
pub(super) fn strings(node: &Node, key: &str) -> Vec<String> {
    elements(node, key).iter().filter_map(Node::as_str).map(str::to_owned).collect()
}

/// Returns the strings in the array of a property, by position. Items that are not strings become `None`.
pub(super) fn string_list(node: &Node, key: &str) -> Vec<Option<String>> {
    elements(node, key).iter().map(|element| element.as_str().map(str::to_owned)).collect()
}

pub(super) fn boolean(node: &Node, key: &str) -> Option<bool> {
    node.get(key)?.as_bool()
}

pub(super) fn is_true(node: &Node, key: &str) -> bool {
    boolean(node, key) == Some(true)
}

pub(super) fn number(node: &Node) -> Option<&Number> {
    match &node.kind {
        NodeKind::Number(number) => Some(number),
        _ => None,
    }
}

pub(super) fn entries<'d>(node: &'d Node, key: &str) -> &'d [Entry] {
    node.get(key).map(Node::entries).unwrap_or_default()
}

pub(super) fn elements<'d>(node: &'d Node, key: &str) -> &'d [Node] {
    node.get(key).map(Node::elements).unwrap_or_default()
}

/// Returns the extensions of an object except `known`, for which the model has separate fields.
pub(super) fn extensions(node: &Node, known: &[&str]) -> Extensions {
    let others = node.entries().iter().filter(|entry| is_extension(&entry.key) && !known.contains(&entry.key.as_str()));
    let others: indexmap::IndexMap<_, _> = others.map(|entry| (entry.key.clone(), entry.value.clone())).collect();
    Extensions((!others.is_empty()).then(|| Box::new(others)))
}

/// Returns the locations of those keywords of an object for which `is_read` returns `true`.
pub(super) fn keywords(node: &Node, is_read: impl Fn(&str) -> bool) -> Keywords {
    node.entries().iter().filter(|entry| is_read(&entry.key)).filter_map(keyword).collect()
}

/// Returns the location of a keyword. `None` if diagnostics never point at it.
pub(super) fn keyword(entry: &Entry) -> Option<KeywordSpan> {
    Some(KeywordSpan { keyword: Keyword::named(&entry.key)?, key: entry.key_span, value: entry.value.span })
}

pub(super) fn is_extension(key: &str) -> bool {
    key.starts_with("x-")
}

pub(super) fn external_docs(node: &Node) -> Option<ExternalDocs> {
    let docs = node.get("externalDocs")?;
    Some(ExternalDocs { description: string(docs, "description"), url: string(docs, "url")? })
}
