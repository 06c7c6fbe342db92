//! From the model of a document to the intermediate representation: decides the types and operations of an [`Api`].
//!
//! Constructs that cannot be generated are reported with their location.

mod alias_cycle;
mod any_of;
mod body;
mod delimiter;
mod discriminator;
mod doc;
mod encoded;
mod enumeration;
mod example;
mod facts;
mod form;
mod header;
mod inheritance;
mod keyed_map;
mod media;
mod merge_patch;
mod nesting;
mod object;
mod operation;
mod origin;
mod pagination;
mod parameter;
mod parts;
mod query_string;
mod response;
mod schema;
mod secret_paths;
mod security;
mod sensitive;
mod server;
mod size;
mod stream;
mod tuple;
mod union;
mod usage;
mod value;
mod variant_test;

use std::collections::HashSet;

use crate::diagnostics::{Code, Diagnostic, Diagnostics, Severity};
use crate::ir::{Api, Constraint, Doc, Type, TypeDef, TypeId, TypeKind};
use crate::source::Span;
use crate::spec::{AssertionKind, Info, Schema, SchemaId, Spec};

/// Lowers a document without errors. Adds errors to `diagnostics`; the result is then incomplete. If `lenient` is set,
/// contradictions in the document are warnings that state the assumption.
pub fn lower(spec: &Spec, lenient: bool, diagnostics: &mut Diagnostics) -> Api {
    let mut lowering = Lowering {
        spec,
        lenient,
        diagnostics,
        types: Vec::new(),
        schemas: Vec::new(),
        definitions: schema::Definitions::default(),
        children: inheritance::Children::default(),
        reported: HashSet::new(),
    };
    lowering.components();
    lowering.note_assertions();
    let mut groups = lowering.groups();
    let (servers, operation_servers) = lowering.servers(&groups);
    let security_schemes = lowering.security_schemes();
    lowering.check_requirements(&security_schemes);
    security::split_requirements(&mut groups, &security_schemes);
    alias_cycle::break_structural(&mut lowering.types);
    lowering.check_unions();
    lowering.check_nesting();
    lowering.check_sizes(&groups);
    discriminator::complete(&mut lowering.types);
    any_of::keep_rest(&mut lowering.types);
    variant_test::decide(&mut lowering.types);
    keyed_map::check_keys(&mut lowering.types);
    trim_docs(&mut lowering.types);
    let patches = merge_patch::separate(&mut lowering.types, &mut groups);
    usage::determine(&mut lowering.types, &groups);
    merge_patch::make_nullable(&mut lowering.types, &patches);
    let sensitive_properties = sensitive::properties(&lowering.types);
    secret_paths::set(&mut groups, &lowering.types);
    Api {
        title: spec.info.title.clone(),
        version: spec.info.version.clone(),
        description: described(spec),
        servers,
        operation_servers,
        security_schemes,
        types: lowering.types,
        schemas: lowering.schemas,
        groups,
        request_id_header: spec.request_id_header.clone(),
        sensitive_properties,
    }
}

/// Removes the documentation of items and values that have definitions of their own.
fn trim_docs(types: &mut [TypeDef]) {
    for definition in types {
        let doc = std::mem::take(&mut definition.doc);
        definition.doc = match &definition.kind {
            TypeKind::Alias(ty) | TypeKind::Wrapper(ty) => doc.of_type(ty),
            TypeKind::Union(_) => Doc { items: None, values: None, variants: Vec::new(), ..doc },
            TypeKind::Object(_) | TypeKind::StringEnum(_) | TypeKind::IntegerEnum(_) | TypeKind::JsonText(_) => {
                Doc { items: None, values: None, ..doc }
            }
            TypeKind::Tuple(tuple) if tuple.rest.is_none() => {
                let expressed = |it: &Constraint| matches!(it, Constraint::MinItems(_) | Constraint::MaxItems(_));
                let constraints = doc.constraints.into_iter().filter(|it| !expressed(it)).collect();
                Doc { items: None, values: None, constraints, ..doc }
            }
            TypeKind::Tuple(_) | TypeKind::KeyedMap(_) => doc,
        };
    }
}

/// Returns the description of the API.
fn described(spec: &Spec) -> Option<String> {
    let about = doc::description(spec.info.description.as_deref(), spec.info.external_docs.as_ref());
    let more = spec.external_docs.as_ref().map(doc::external_docs);
    let paragraphs: Vec<String> = about.into_iter().chain(more).chain(provenance(&spec.info)).collect();
    (!paragraphs.is_empty()).then(|| paragraphs.join("\n\n"))
}

/// Returns the contact, license and terms of an API.
fn provenance(info: &Info) -> Vec<String> {
    let joined =
        |texts: &[&Option<String>]| texts.iter().filter_map(|text| text.as_deref()).collect::<Vec<&str>>().join(", ");
    let contact = info.contact.as_ref().map(|it| ("Contact", joined(&[&it.name, &it.email, &it.url])));
    let license = info.license.as_ref().map(|it| ("License of the API", joined(&[&it.name, &it.url])));
    let terms = info.terms_of_service.clone().map(|terms| ("Terms of service", terms));
    let lines = contact.into_iter().chain(license).chain(terms).filter(|(_, text)| !text.is_empty());
    lines.map(|(what, text)| format!("{what}: {text}")).collect()
}

/// The state of lowering.
struct Lowering<'a> {
    spec: &'a Spec,
    lenient: bool,
    diagnostics: &'a mut Diagnostics,
    types: Vec<TypeDef>,
    /// The type of each schema, by its location.
    schemas: Vec<(Span, Type)>,
    definitions: schema::Definitions<'a>,
    children: inheritance::Children<'a>,
    /// The locations of diagnostics that are reported once.
    reported: HashSet<Span>,
}

impl<'a> Lowering<'a> {
    /// Returns a schema.
    fn at(&self, id: SchemaId) -> &'a Schema {
        &self.spec.schemas[id]
    }
}

impl Lowering<'_> {
    /// Reports a contradiction: an error, or in lenient mode a warning that states the assumption.
    fn contradiction(&mut self, mut diagnostic: Diagnostic, assumed: &str) {
        if self.lenient {
            diagnostic.severity = Severity::Warning;
            diagnostic.help = Some(format!("`--lenient` {assumed}"));
        }
        self.diagnostics.push(diagnostic);
    }

    /// Reports the keywords that the generated types document but do not check.
    fn note_assertions(&mut self) {
        for assertion in self.spec.schemas.iter().flat_map(|schema| &schema.assertions) {
            if assertion.kind == AssertionKind::Not {
                continue;
            }
            let message =
                format!("`{}` is documented, but not checked by the generated type", assertion.kind.keyword());
            self.diagnostics.push(Diagnostic::note(Code::NotChecked, assertion.span, message));
        }
    }

    fn define(&mut self, definition: TypeDef) -> TypeId {
        self.types.push(definition);
        TypeId(self.types.len() - 1)
    }
}
