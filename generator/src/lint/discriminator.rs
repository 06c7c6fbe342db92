//! Discriminators against the schemas that they tell apart: each has the property that says which of them it is.

use super::{Rules, resolved};
use crate::diagnostics::{Code, Diagnostic, nearest, quoted};
use crate::source::{Document, Node};

/// So many schemas are looked at for one property: parts of parts may lead back to themselves.
const STEPS: usize = 200;

impl<'d> Rules<'d, '_> {
    pub(super) fn discriminator(&mut self, schema: &'d Node) {
        let Some(property) = schema.get("discriminator").and_then(|discriminator| discriminator.get("propertyName"))
        else {
            return;
        };
        let Some(name) = property.as_str() else { return };
        let arms = ["oneOf", "anyOf"].into_iter().filter_map(|keyword| schema.get(keyword)).flat_map(Node::elements);
        for arm in arms {
            let mut search = Search { document: self.document, names: Vec::new(), open: false, steps: 0 };
            search.schema(arm);
            if search.open || search.names.is_empty() || search.names.contains(&name) {
                continue;
            }
            let message = format!("an arm has no property {}, which says which arm a value is", quoted(name));
            let place = arm.get("$ref").unwrap_or(arm).span;
            let mut diagnostic = Diagnostic::warning(Code::Undefined, place, message)
                .related(property.span, "the discriminator says so");
            diagnostic.help = nearest(name, search.names).map(|near| format!("did you mean {}?", quoted(near)));
            self.found.push(diagnostic);
        }
    }
}

/// The properties that the values of a schema may have.
struct Search<'d> {
    document: &'d Document,
    names: Vec<&'d str>,
    /// Whether they may have others too.
    open: bool,
    steps: usize,
}

impl<'d> Search<'d> {
    fn schema(&mut self, schema: &'d Node) {
        self.steps += 1;
        let Some(schema) = resolved(self.document, schema).filter(|_| self.steps < STEPS) else {
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
