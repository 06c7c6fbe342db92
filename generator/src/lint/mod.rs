//! Lints a document: reports content that OpenAPI allows but that is probably unintended.
//!
//! The document must have passed `validate::check`, which reports violations of OpenAPI. Each submodule is a rule for the
//! model of the document: examples that do not match their schemas (`example`), ambiguous paths (`ambiguity`), unused
//! components (`unused`), unmarked secrets (`secret`), unknown formats (`format`), keywords without effect (`keyword`),
//! variants without the discriminator property (`discriminator`), operations without an ID or with a body that servers may
//! drop (`operation`), keywords of other versions of OpenAPI (`version`), unions whose variants can only be distinguished
//! by trying each of them (`trial`), and documents that `serde_yaml` or `openapiv3` cannot read (`portability`).
//! [`Levels`] sets the severity of each code.

mod ambiguity;
mod conforms;
mod discriminator;
mod example;
mod fit;
mod format;
mod keyword;
mod levels;
mod narrow;
mod operation;
mod pattern;
mod portability;
mod secret;
mod trial;
mod unused;
mod version;

pub use levels::{Level, Levels, UnknownLevel};
pub(crate) use portability::portability;
pub(crate) use trial::unions;
pub(crate) use version::later_version;

use crate::diagnostics::{Code, Diagnostic, Diagnostics};
use crate::spec::{MediaType, Operation, Schema, Spec};
use fit::Matcher;

/// Applies all rules to a document.
pub(crate) fn rules(spec: &Spec, diagnostics: &mut Diagnostics) {
    let mut found = Diagnostics::new();
    let mut rules = Rules { spec, matcher: Matcher::new(spec), diagnostics: &mut found };
    rules.run();
    ambiguity::paths(spec, &mut found);
    unused::components(spec, &mut found);
    // A schema that is copied to several places is checked in each place.
    found.remove_duplicates();
    diagnostics.extend(found);
}

/// The state of the rules for one document.
struct Rules<'s, 'o> {
    spec: &'s Spec,
    matcher: Matcher<'s>,
    diagnostics: &'o mut Diagnostics,
}

impl<'s> Rules<'s, '_> {
    fn run(&mut self) {
        let spec = self.spec;
        for parameter in spec.parameters.iter() {
            self.examples(parameter.schema, parameter.example.as_ref(), &parameter.examples, true);
            self.secret_parameter(parameter);
            self.beside_content(&parameter.keywords, parameter.content.is_some() && parameter.schema.is_none());
            parameter.content.iter().for_each(|media| self.media_type(media));
        }
        for header in spec.headers.iter() {
            self.examples(header.schema, header.example.as_ref(), &header.examples, true);
            self.beside_content(&header.keywords, header.content.is_some() && header.schema.is_none());
            header.content.iter().for_each(|media| self.media_type(media));
        }
        let bodies = spec.request_bodies.iter().flat_map(|body| &body.content);
        let responses = spec.responses.iter().flat_map(|response| &response.content);
        bodies.chain(responses).for_each(|media| self.media_type(media));
        self.operations(spec);
        spec.schemas.iter().for_each(|schema| self.schema(schema));
    }

    fn operations(&mut self, spec: &'s Spec) {
        let operations: Vec<&Operation> = spec.all_operations().collect();
        // Webhooks need no ID: their key in `webhooks` is their name.
        let named: Vec<&Operation> = spec.operations_with_ids().collect();
        self.operation_ids(&named);
        for operation in &operations {
            self.request_body(operation);
        }
        let of_operations = operations.iter().flat_map(|operation| &operation.servers);
        let of_paths = spec.path_items.iter().flat_map(|item| &item.servers);
        let links = spec.responses.iter().filter_map(|response| response.links.as_ref()).flat_map(|links| &links.list);
        let of_links = links.filter_map(|link| link.server.as_ref());
        let servers = spec.servers.iter().chain(of_paths).chain(of_operations).chain(of_links);
        servers.for_each(|server| self.server(server));
    }

    fn media_type(&mut self, media: &'s MediaType) {
        // OpenAPI 3.0.3, "Media Type Object": examples of media types other than JSON may be strings.
        let is_json = media.media_type.contains("json");
        self.examples(media.schema, media.example.as_ref(), &media.examples, is_json);
    }

    fn schema(&mut self, schema: &'s Schema) {
        self.schema_values(schema);
        self.keywords(schema);
        self.pattern(schema);
        self.format(schema);
        self.secret_properties(schema);
        self.secret_format(schema);
        self.discriminator(schema);
        self.nullable_in_3_1(schema);
    }

    fn pattern(&mut self, schema: &Schema) {
        let Some(pattern) = &schema.pattern else { return };
        if let Err(why) = pattern::read(&pattern.value) {
            let message = format!("the pattern is not a valid regular expression: {why}");
            self.diagnostics.push(Diagnostic::warning(Code::Pattern, pattern.span, message));
        }
    }
}

#[cfg(test)]
mod tests;
