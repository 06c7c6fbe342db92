//! From OpenAPI to the intermediate representation.
//!
//! In goes a checked 3.0 document with its typed view, out comes an [`Api`]. What the rest of the generator cannot make yet
//! is named here, at its place, as `unsupported`.

mod any_of;
mod arms;
mod body;
mod circle;
mod discriminator;
mod doc;
mod enumeration;
mod example;
mod extension;
mod form;
mod header;
mod inheritance;
mod located;
mod media;
mod merge_patch;
mod nesting;
mod object;
mod operation;
mod origin;
mod pagination;
mod parameter;
mod parts;
mod reference;
mod response;
mod schema;
mod secret_paths;
mod security;
mod sensitive;
mod server;
mod size;
mod union;
mod usage;
mod value;

use std::collections::HashSet;

use openapiv3::OpenAPI;

use crate::diagnostics::{Code, Diagnostic, Diagnostics, Severity};
use crate::dialect::Origins;
use crate::ir::{Api, Doc, Type, TypeDef, TypeId, TypeKind};
use crate::source::{Document, Node, Span};

use located::Located;

/// Lowers a checked document whose schemas stand where `origins` says, if not where they are. Errors go into `diagnostics`;
/// the result is then incomplete. Where the document contradicts itself, `lenient` takes the reading that loses least, and
/// says so.
pub fn lower(
    document: &Document,
    openapi: &OpenAPI,
    origins: &Origins,
    lenient: bool,
    diagnostics: &mut Diagnostics,
) -> Api {
    let mut lowering = Lowering {
        root: Located::new(&document.root, openapi),
        origins,
        lenient,
        diagnostics,
        types: Vec::new(),
        schemas: Vec::new(),
        definitions: schema::Definitions::default(),
        children: inheritance::Children::default(),
        reported: HashSet::new(),
    };
    lowering.components();
    let mut groups = lowering.groups();
    let (servers, operation_servers) = lowering.servers(&groups);
    let security_schemes = lowering.security_schemes();
    lowering.check_requirements(&security_schemes);
    security::settle_requirements(&mut groups, &security_schemes);
    lowering.check_unions();
    lowering.check_nesting();
    lowering.check_sizes(&groups);
    discriminator::settle(&mut lowering.types);
    any_of::keep_rest(&mut lowering.types);
    arms::decide(&mut lowering.types);
    settle_docs(&mut lowering.types);
    let patches = merge_patch::separate(&mut lowering.types, &mut groups);
    usage::settle(&mut lowering.types, &groups);
    merge_patch::settle(&mut lowering.types, &patches);
    let sensitive_properties = sensitive::members(&lowering.types);
    secret_paths::settle(&mut groups, &lowering.types);
    Api {
        title: openapi.info.title.clone(),
        version: openapi.info.version.clone(),
        description: described(&document.root),
        servers,
        operation_servers,
        security_schemes,
        types: lowering.types,
        schemas: lowering.schemas,
        groups,
        request_id_header: extension::string(&document.root, "x-request-id-header"),
        sensitive_properties,
    }
}

/// Leaves what is said of elements and values to the definitions that those have.
fn settle_docs(types: &mut [TypeDef]) {
    for definition in types {
        let doc = std::mem::take(&mut definition.doc);
        definition.doc = match &definition.kind {
            TypeKind::Alias(ty) | TypeKind::Wrapper(ty) => doc.of_type(ty),
            TypeKind::Union(_) => Doc { items: None, values: None, variants: Vec::new(), ..doc },
            TypeKind::Object(_) | TypeKind::StringEnum(_) | TypeKind::IntegerEnum(_) => {
                Doc { items: None, values: None, ..doc }
            }
        };
    }
}

/// What the document says of the API as a whole.
fn described(root: &Node) -> Option<String> {
    let info = root.get("info");
    let about = info.and_then(doc::description);
    let more = doc::external_docs(root);
    let paragraphs: Vec<String> = about.into_iter().chain(more).chain(info.into_iter().flat_map(provenance)).collect();
    (!paragraphs.is_empty()).then(|| paragraphs.join("\n\n"))
}

/// Who is behind an API, and on what terms.
fn provenance(info: &Node) -> Vec<String> {
    let texts = |node: &Node, keys: [&str; 3]| {
        let texts: Vec<&str> = keys.into_iter().filter_map(|key| node.get(key)?.as_str()).collect();
        texts.join(", ")
    };
    let contact = info.get("contact").map(|contact| ("Contact", texts(contact, ["name", "email", "url"])));
    let license = info.get("license").map(|license| ("License of the API", texts(license, ["name", "url", ""])));
    let terms = info.get("termsOfService").and_then(Node::as_str).map(|terms| ("Terms of service", terms.to_owned()));
    let said = contact.into_iter().chain(license).chain(terms).filter(|(_, said)| !said.is_empty());
    said.map(|(what, said)| format!("{what}: {said}")).collect()
}

/// What lowering carries along.
struct Lowering<'a> {
    root: Located<'a, OpenAPI>,
    origins: &'a Origins,
    lenient: bool,
    diagnostics: &'a mut Diagnostics,
    types: Vec<TypeDef>,
    /// The type of each schema, by where it is written.
    schemas: Vec<(Span, Type)>,
    definitions: schema::Definitions<'a>,
    children: inheritance::Children<'a>,
    /// The nodes that something has been said of that is said once.
    reported: HashSet<schema::Id>,
}

impl Lowering<'_> {
    /// Names something that the document may say and that is not generated yet.
    fn unsupported(&mut self, span: Span, what: impl std::fmt::Display) {
        self.diagnostics.push(Diagnostic::error(Code::Unsupported, span, format!("{what} cannot be generated yet")));
    }

    /// Reports what contradicts itself: an error, or leniently a warning that says what is assumed instead.
    fn fault(&mut self, mut diagnostic: Diagnostic, assumed: &str) {
        if self.lenient {
            diagnostic.severity = Severity::Warning;
            diagnostic.help = Some(format!("`--lenient` {assumed}"));
        }
        self.diagnostics.push(diagnostic);
    }

    fn define(&mut self, definition: TypeDef) -> TypeId {
        self.types.push(definition);
        TypeId(self.types.len() - 1)
    }
}
