//! Following `$ref`s to components.

use indexmap::IndexMap;
use openapiv3::{Components, ReferenceOr};

use crate::diagnostics::{Code, Diagnostic, quoted};
use crate::dialect::LONGEST_CHAIN;
use crate::source::Node;

use super::{Lowering, located::Located};

/// A section of `components`.
pub(super) struct Section<T> {
    pub name: &'static str,
    pub members: fn(&Components) -> &IndexMap<String, ReferenceOr<T>>,
}

impl<'a> Lowering<'a> {
    /// What stands at `node`, or where its `$ref` leads.
    pub(super) fn resolve<T>(
        &mut self,
        node: &'a Node,
        value: &'a ReferenceOr<T>,
        section: &Section<T>,
    ) -> Option<Located<'a, T>> {
        let (mut node, mut value) = (node, value);
        for _ in 0..LONGEST_CHAIN {
            let reference = match value {
                ReferenceOr::Item(value) => return Some(Located::new(node, value)),
                ReferenceOr::Reference { reference } => reference,
            };
            let at = node.get("$ref").unwrap_or(node).span;
            let Some(name) = component_name(reference, section.name) else {
                self.unsupported(
                    at,
                    format!(
                        "a `$ref` to anything but `#/components/{}/…`, such as {},",
                        section.name,
                        quoted(reference)
                    ),
                );
                return None;
            };
            let components = self.root.value.components.as_ref().map(section.members);
            let target = self
                .root
                .node
                .get("components")
                .and_then(|node| node.get(section.name))
                .and_then(|node| node.get(&name));
            match (target, components.and_then(|members| members.get(&name))) {
                (Some(next), Some(found)) => (node, value) = (next, found),
                _ => {
                    self.diagnostics.push(Diagnostic::error(
                        Code::RefNotFound,
                        at,
                        format!("{} does not exist", quoted(reference)),
                    ));
                    return None;
                }
            }
        }
        let at = node.get("$ref").unwrap_or(node).span;
        let message = format!("more than {LONGEST_CHAIN} chained `$ref`s");
        self.diagnostics.push(Diagnostic::error(Code::Limit, at, message));
        None
    }
}

/// The name in `#/components/SECTION/NAME`, unescaped (RFC 6901).
pub(super) fn component_name(reference: &str, section: &str) -> Option<String> {
    let name = reference.strip_prefix("#/components/")?.strip_prefix(section)?.strip_prefix('/')?;
    if name.contains('/') {
        return None;
    }
    let decoded = percent_decoded(name)?;
    Some(decoded.replace("~1", "/").replace("~0", "~"))
}

fn percent_decoded(text: &str) -> Option<String> {
    if !text.contains('%') {
        return Some(text.to_owned());
    }
    let mut bytes = text.bytes();
    let mut decoded = Vec::with_capacity(text.len());
    while let Some(byte) = bytes.next() {
        if byte == b'%' {
            let digit = |byte: Option<u8>| byte.and_then(|byte| (byte as char).to_digit(16));
            let value = digit(bytes.next())? * 16 + digit(bytes.next())?;
            decoded.push(u8::try_from(value).ok()?);
        } else {
            decoded.push(byte);
        }
    }
    String::from_utf8(decoded).ok()
}
