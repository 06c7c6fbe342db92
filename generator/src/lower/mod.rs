//! Lowers the model of a document ([`Spec`]) to the intermediate representation: determines the types and operations of
//! an [`Api`].
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
mod external;
mod facts;
mod form;
mod header;
mod inheritance;
mod integer_format;
mod keyed_map;
mod media;
mod merge;
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
mod title;
mod tuple;
mod type_uses;
mod union;
mod usage;
mod value;
mod variant_test;
mod webhook;

use std::collections::{HashMap, HashSet};

use crate::diagnostics::{Code, Diagnostic, Diagnostics};
use crate::ir::{Api, Constraint, Doc, Type, TypeDef, TypeId, TypeKind};
use crate::source::Span;
use crate::spec::{AssertionKind, Schema, SchemaId, Spec};

pub use merge::merge;
pub use usage::leave_out_unused;
pub(crate) use usage::{reachable, received_by, used};

/// Lowers a document that passed validation. Adds errors of this stage to `diagnostics`. If there are errors, the
/// result is incomplete. If `lenient` is set, contradictions in the document are reported as warnings that describe the
/// workaround.
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
        rule_uses: HashMap::new(),
    };
    lowering.components();
    lowering.note_assertions();
    lowering.check_null_in_types();
    let mut groups = lowering.groups();
    lowering.check_pagination_rules();
    let mut webhooks = lowering.webhooks();
    let (servers, operation_servers) = lowering.servers(&groups);
    let security_schemes = lowering.security_schemes();
    lowering.check_requirements(&security_schemes);
    security::split_requirements(&mut groups, &security_schemes);
    alias_cycle::break_structural(&mut lowering.types);
    lowering.check_unions();
    lowering.check_nesting();
    lowering.check_sizes(&groups, &webhooks);
    discriminator::complete(&mut lowering.types);
    any_of::keep_rest(&mut lowering.types);
    variant_test::decide(&mut lowering.types);
    keyed_map::check_keys(&mut lowering.types);
    trim_docs(&mut lowering.types);
    title::remove_repeated(&mut lowering.types, &mut groups, &mut webhooks);
    let patches = merge_patch::separate(&mut lowering.types, &mut groups);
    usage::determine(&mut lowering.types, &groups, &webhooks);
    webhook::identify(&mut webhooks, &lowering.types);
    merge_patch::make_nullable(&mut lowering.types, &patches);
    let sensitive_properties = sensitive::properties(&lowering.types);
    secret_paths::set(&mut groups, &mut webhooks, &lowering.types);
    let info = &spec.info;
    let description = doc::description(info.description.as_deref());
    Api {
        title: info.title.clone(),
        version: info.version.clone(),
        summary: info.summary.clone().filter(|text| doc::has_words(text) && description.as_ref() != Some(text)),
        description,
        external_docs: info.external_docs.iter().chain(&spec.external_docs).cloned().collect(),
        contact: info.contact.clone(),
        license: info.license.clone(),
        terms_of_service: info.terms_of_service.clone(),
        servers,
        operation_servers,
        security_schemes,
        types: lowering.types,
        schemas: lowering.schemas,
        groups,
        has_client: spec.has_paths,
        webhooks,
        request_id_header: spec.request_id_header.clone(),
        sensitive_properties,
    }
}

/// Removes the documentation of items, values and variants that have definitions of their own.
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
    /// The locations for which diagnostics were reported, so that they are not reported again.
    reported: HashSet<Span>,
    /// The uses of the pagination rules, by position.
    rule_uses: HashMap<usize, pagination::RuleUse>,
}

impl<'a> Lowering<'a> {
    /// Returns the schema with this ID.
    fn at(&self, id: SchemaId) -> &'a Schema {
        &self.spec.schemas[id]
    }
}

impl Lowering<'_> {
    /// Reports a contradiction: an error, or with `--lenient` a warning. `assumed` is the workaround, see
    /// [`Diagnostic::assume`].
    fn contradiction(&mut self, mut diagnostic: Diagnostic, assumed: &str) {
        if self.lenient {
            diagnostic.help = None;
            diagnostic.assume(assumed);
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
