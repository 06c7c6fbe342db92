//! Reports variants of a union that do not define the property named by the union's discriminator.

use super::Rules;
use crate::diagnostics::{Code, Diagnostic, nearest, quoted};
use crate::spec::{Additional, Keyword, Schema, SchemaId, Spec};

/// The maximum number of schemas searched for the properties of a variant. Also ends the search if references form a
/// cycle.
const MAX_STEPS: usize = 200;

impl Rules<'_, '_> {
    pub(super) fn discriminator(&mut self, schema: &Schema) {
        let Some(discriminator) = schema.discriminator.as_deref() else { return };
        let name = discriminator.property.as_str();
        for variant in schema.variants() {
            let mut search = Search { spec: self.spec, names: Vec::new(), open: false, steps: 0 };
            search.schema(variant);
            if search.open || search.names.is_empty() || search.names.contains(&name) {
                continue;
            }
            let message = format!("this variant does not define {}, the property of the discriminator", quoted(name));
            let variant = &self.spec.schemas[variant];
            let place = variant.keywords.value(Keyword::Reference).unwrap_or(variant.span);
            let mut diagnostic = Diagnostic::warning(Code::Undefined, place, message)
                .related(discriminator.property_span, "the discriminator is defined here");
            diagnostic.help = nearest(name, search.names).map(|near| format!("did you mean {}?", quoted(near)));
            self.diagnostics.push(diagnostic);
        }
    }
}

/// A search for the names of the properties of a schema and its subschemas.
struct Search<'s> {
    spec: &'s Spec,
    names: Vec<&'s str>,
    /// Whether `names` may be incomplete, because values may have additional properties, or the search was stopped.
    open: bool,
    steps: usize,
}

impl<'s> Search<'s> {
    fn schema(&mut self, schema: SchemaId) {
        self.steps += 1;
        if self.steps >= MAX_STEPS {
            self.open = true;
            return;
        }
        let spec = self.spec;
        for schema in spec.chain(schema) {
            self.open |= matches!(schema.additional, Some(Additional::Allowed | Additional::Schema(_)));
            self.names.extend(schema.properties().map(|(name, _)| name));
            for part in schema.all_of.iter().copied().chain(schema.variants()) {
                self.schema(part);
            }
        }
    }
}
