//! Reports variants of a union that do not define the property named by the union's discriminator.

use super::{Rules, resolved};
use crate::diagnostics::{Code, Diagnostic, nearest, quoted};
use crate::source::{Document, Node};

/// The maximum number of schemas searched for the properties of a variant. Ends the search in cyclic references.
const MAX_STEPS: usize = 200;

impl<'d> Rules<'d, '_> {
    pub(super) fn discriminator(&mut self, schema: &'d Node) {
        let Some(property) = schema.get("discriminator").and_then(|discriminator| discriminator.get("propertyName"))
        else {
            return;
        };
        let Some(name) = property.as_str() else { return };
        let variants =
            ["oneOf", "anyOf"].into_iter().filter_map(|keyword| schema.get(keyword)).flat_map(Node::elements);
        for variant in variants {
            let mut search = Search { document: self.document, names: Vec::new(), open: false, steps: 0 };
            search.schema(variant);
            if search.open || search.names.is_empty() || search.names.contains(&name) {
                continue;
            }
            let message = format!("this variant does not define {}, the property of the discriminator", quoted(name));
            let place = variant.get("$ref").unwrap_or(variant).span;
            let mut diagnostic = Diagnostic::warning(Code::Undefined, place, message)
                .related(property.span, "the discriminator is defined here");
            diagnostic.help = nearest(name, search.names).map(|near| format!("did you mean {}?", quoted(near)));
            self.diagnostics.push(diagnostic);
        }
    }
}

/// Collects the names of the properties of a schema and its subschemas.
struct Search<'d> {
    document: &'d Document,
    names: Vec<&'d str>,
    /// Whether `names` may be incomplete, because values may have additional properties, or the search was stopped.
    open: bool,
    steps: usize,
}

impl<'d> Search<'d> {
    fn schema(&mut self, schema: &'d Node) {
        self.steps += 1;
        let Some(schema) = resolved(self.document, schema).filter(|_| self.steps < MAX_STEPS) else {
            self.open = true;
            return;
        };
        self.open |= schema.get("additionalProperties").is_some_and(|more| more.as_bool() != Some(false));
        let properties = schema.get("properties").map(Node::entries).unwrap_or_default();
        self.names.extend(properties.iter().map(|entry| entry.key.as_str()));
        for keyword in ["allOf", "oneOf", "anyOf"] {
            for part in schema.get(keyword).map(Node::elements).unwrap_or_default() {
                self.schema(part);
            }
        }
    }
}
