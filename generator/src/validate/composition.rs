//! Limits the size of schemas after expansion: the length of chains of schemas, and the number of properties, values
//! and variants.
//!
//! Nested `allOf`, `oneOf` and `anyOf` grow exponentially: the last of forty schemas, each an `allOf` that contains the
//! previous schema twice, has 2^39 times as many properties as the first. Therefore, properties are counted before
//! anything is expanded.

use std::collections::HashMap;

use super::object::Kind;
use super::version::Version;
use super::walk::{Id, Walk};
use crate::diagnostics::{Code, Diagnostic};
use crate::source::{Node, raised_by};

/// The maximum length of a chain of schemas. Each schema in a chain refers to the next by a `$ref`, or contains it in
/// `allOf`, as its items or as the values of a map.
pub(crate) const MAX_SCHEMA_CHAIN: usize = 256;

/// The size of a schema with all its parts.
#[derive(Debug, Clone, Copy, Default)]
struct Size {
    /// The length of the longest chain that begins at the schema.
    chain: usize,
    /// The number of properties of the schema and of its parts, plus the number of parts.
    properties: usize,
    /// The number of variants of its unions, including nested unions.
    variants: usize,
}

impl<'d> Walk<'d, '_> {
    /// Reports the first schema that exceeds a limit. Does not check the length of chains if the document has cycles
    /// (`circular`). Each component schema counts too, because a type is generated for it.
    pub fn check_expanded_size(&mut self, circular: bool) {
        let mut sizes: HashMap<Id, Size> = HashMap::new();
        let mut total = self.components(Kind::Schema).len();
        for schema in std::mem::take(&mut self.schemas) {
            self.measure(schema, &mut sizes);
            let size = sizes.get(&std::ptr::from_ref(schema)).copied().unwrap_or_default();
            if size.chain > MAX_SCHEMA_CHAIN && !circular {
                let place = schema.get("$ref").unwrap_or(schema).span;
                let message =
                    format!("a chain of more than {MAX_SCHEMA_CHAIN} nested or referenced schemas starts here");
                return self.push(Diagnostic::error(Code::Limit, place, message));
            }
            total = total.saturating_add(self.expanded(schema, size));
            if total > self.document.limits.items {
                let place = COMBINING.into_iter().find_map(|key| schema.as_mapping()?.entry(key));
                let span = place.map_or(schema.span, |entry| entry.key_span);
                let maximum = self.document.limits.items;
                let message =
                    format!("the schemas have more than {maximum} properties, enum values and variants in total");
                let label = "the limit is exceeded here";
                return self.push(Diagnostic::error(Code::Limit, span, message).label(label).help(raised_by("items")));
            }
        }
    }

    /// Computes the size of a schema, after the sizes of its parts. Does not recurse, because a long chain would
    /// overflow the stack.
    fn measure(&self, schema: &'d Node, sizes: &mut HashMap<Id, Size>) {
        let mut path: Vec<(&'d Node, Vec<&'d Node>)> = Vec::new();
        let open = |node: &'d Node, sizes: &mut HashMap<Id, Size>| {
            // A schema that contains itself is counted once: within itself, its size is 0.
            sizes.insert(node, Size::default());
            (node, self.parts(node).map(|(_, part)| part).collect())
        };
        if !sizes.contains_key(&std::ptr::from_ref(schema)) {
            path.push(open(schema, sizes));
        }
        while let Some((node, waiting)) = path.last_mut() {
            match waiting.pop() {
                Some(part) if sizes.contains_key(&std::ptr::from_ref(part)) => {}
                Some(part) => path.push(open(part, sizes)),
                None => {
                    let size = self.size(node, sizes);
                    sizes.insert(*node, size);
                    path.pop();
                }
            }
        }
    }

    fn size(&self, node: &'d Node, sizes: &HashMap<Id, Size>) -> Size {
        let properties = node.get("properties").map_or(0, |node| node.entries().len());
        let mut total = Size { properties, ..Size::default() };
        for (role, part) in self.parts(node) {
            let size = sizes.get(&std::ptr::from_ref(part)).copied().unwrap_or_default();
            if role != Role::Variant {
                total.chain = total.chain.max(size.chain + 1);
            }
            match role {
                Role::Same => {
                    // Each part adds 1, because even a part without properties has to be visited.
                    total.properties = total.properties.saturating_add(size.properties).saturating_add(1);
                    total.variants = total.variants.saturating_add(size.variants);
                }
                Role::Variant => total.variants = total.variants.saturating_add(size.variants.max(1)),
                Role::Inside => {}
            }
        }
        total
    }

    /// Returns the parts of a schema, each with its relation to the schema.
    fn parts(&self, node: &'d Node) -> impl Iterator<Item = (Role, &'d Node)> {
        let target = self.targets.get(&std::ptr::from_ref(node)).copied();
        // Before 3.1, the siblings of a `$ref` have no effect.
        let has_siblings = self.version >= Version::V3_1;
        let own = (target.is_none() || has_siblings).then_some(node);
        let elements = move |key: &str| own.and_then(|node| node.get(key)).map(Node::elements).unwrap_or_default();
        let variants = ["oneOf", "anyOf"].into_iter().flat_map(move |key| match elements(key) {
            // A union of one schema is that schema.
            [only] => vec![(Role::Same, only)],
            variants => variants.iter().map(|part| (Role::Variant, part)).collect(),
        });
        let inside = INSIDE.into_iter().filter_map(move |key| own?.get(key)).filter(|part| part.as_mapping().is_some());
        let patterns = own.and_then(|node| node.get("patternProperties")).filter(|_| has_siblings);
        let patterns = patterns.map(Node::entries).unwrap_or_default().iter().map(|entry| &entry.value);
        let items = if has_siblings { elements("prefixItems") } else { elements("items") };
        target
            .into_iter()
            .chain(elements("allOf"))
            .map(|part| (Role::Same, part))
            .chain(variants)
            .chain(inside.chain(patterns).chain(items).map(|part| (Role::Inside, part)))
    }

    /// Returns the number of properties, enum values and variants of the type that is generated for a schema.
    fn expanded(&self, schema: &Node, size: Size) -> usize {
        if !COMBINING.into_iter().any(|key| schema.get(key).is_some()) {
            let count = |key: &str| schema.get(key).map_or(0, |node| node.entries().len() + node.elements().len());
            let is_reference = schema.get("$ref").is_some() && self.version < Version::V3_1;
            return if is_reference { 0 } else { count("properties") + count("enum") };
        }
        let properties = if schema.get("allOf").is_some() { size.properties } else { 0 };
        // Each variant of a union also has the properties next to the union.
        properties.saturating_add(size.variants).saturating_add(size.variants.saturating_mul(size.properties))
    }
}

/// The keywords that combine schemas.
const COMBINING: [&str; 3] = ["allOf", "oneOf", "anyOf"];

/// The keywords for the items of an array and the values of a map. Keywords that a version does not have are reported
/// elsewhere.
const INSIDE: [&str; 4] = ["items", "additionalProperties", "unevaluatedItems", "unevaluatedProperties"];

/// The relation of a part to its schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    /// Every value that matches the schema also matches the part.
    Same,
    /// A value that matches the schema may also match the part.
    Variant,
    /// A value that matches the schema contains values that match the part.
    Inside,
}
