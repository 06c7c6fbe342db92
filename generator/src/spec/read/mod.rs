//! Reads documents into the model: what OpenAPI 3 has in common, and in `dialect` what differs between its versions.
//!
//! Nodes of the tree are identified by their address while the document is read. The targets of references are read from
//! a queue, so that the stack is limited by the nesting of the document, not by its references. `definitions` then
//! decides which schemas references lead to.

mod content;
mod definitions;
mod dialect;
mod fields;
mod info;
mod names;
mod operation;
mod parts;
mod path_item;
mod promote;
mod schema;
mod security;
mod server;

use std::collections::{HashMap, HashSet};

use indexmap::IndexMap;

use crate::diagnostics::Diagnostics;
use crate::source::{Document, Entry, Node};

use super::resolve::{Resolver, is_reference};
use super::{
    Arena, CallbackId, Components, Definition, Extensions, HeaderId, ParameterId, RequestBodyId, ResponseId, SchemaId,
    SchemaPath, Spec,
};
use dialect::Dialect;

/// Reads a document without errors. The result is incomplete if the limits of the document are exceeded, which is
/// reported.
pub fn read(document: &Document, diagnostics: &mut Diagnostics) -> Spec {
    let dialect = Dialect::of(&document.root);
    let root = &document.root;
    let resolver = Resolver::new(document);
    let parts = parts::parts(root, &resolver);
    let spec = Spec {
        version: dialect.version,
        span: root.span,
        info: info::info(root),
        external_docs: fields::external_docs(root),
        servers: Vec::new(),
        security: root.get("security").map(security::requirements).unwrap_or_default(),
        tags: info::tags(root),
        operations: Vec::new(),
        webhooks: Vec::new(),
        definitions: Vec::new(),
        security_schemes: Vec::new(),
        components: Components::default(),
        schemas: Arena::default(),
        parameters: Arena::default(),
        request_bodies: Arena::default(),
        responses: Arena::default(),
        headers: Arena::default(),
        callbacks: Arena::default(),
        path_items: Arena::default(),
        parts: parts.parts,
        used_parts: parts.used,
        json_schema_dialect: fields::spanned(root, "jsonSchemaDialect"),
        request_id_header: fields::string(root, "x-request-id-header"),
        extensions: Extensions::default(),
    };
    let mut reader = Reader {
        document,
        dialect,
        resolver,
        diagnostics,
        spec,
        known: Known::default(),
        pending: Vec::new(),
        mapped: HashSet::new(),
        referred: HashSet::new(),
        uses: Uses::default(),
        copies_left: document.limits.values,
    };
    reader.run();
    reader.spec
}

/// The address of a node, which identifies it while the document is read.
type Address = *const Node;

struct Reader<'d, 'o> {
    document: &'d Document,
    dialect: Dialect,
    resolver: Resolver<'d>,
    diagnostics: &'o mut Diagnostics,
    spec: Spec,
    known: Known,
    pending: Vec<Pending<'d>>,
    /// The schemas that the `mapping` of a discriminator refers to.
    mapped: HashSet<SchemaId>,
    /// The targets of the references to parameters, request bodies, responses and headers.
    referred: HashSet<Address>,
    uses: Uses,
    /// The number of values that may still be copied.
    copies_left: usize,
}

/// The objects of the nodes that were met.
#[derive(Default)]
struct Known {
    schemas: HashMap<Address, SchemaId>,
    parameters: HashMap<Address, ParameterId>,
    request_bodies: HashMap<Address, RequestBodyId>,
    responses: HashMap<Address, ResponseId>,
    headers: HashMap<Address, HeaderId>,
    callbacks: HashMap<Address, CallbackId>,
}

/// The number of uses of each path item.
#[derive(Default)]
struct Uses(HashMap<Address, usize>);

/// The target of a reference that is still to be read.
enum Pending<'d> {
    Schema(SchemaId, &'d Node),
    Header(HeaderId, &'d Node),
    Callback(CallbackId, &'d Node),
}

impl<'d> Reader<'d, '_> {
    fn run(&mut self) {
        let root = &self.document.root;
        self.spec.servers = self.servers(root);
        self.spec.extensions = fields::extensions(root, &["x-request-id-header"]);
        self.spec.security_schemes = self.security_schemes();
        for entry in self.section("schemas") {
            let schema = self.schema(&entry.value);
            self.spec.definitions.push(Definition {
                name: entry.key.clone(),
                schema,
                path: SchemaPath::component(&entry.key),
                span: entry.key_span,
            });
        }
        self.paths();
        self.components();
        while let Some(pending) = self.pending.pop() {
            match pending {
                Pending::Schema(id, node) => self.read_schema(id, node),
                Pending::Header(id, node) => self.read_header(id, node),
                Pending::Callback(id, node) => self.read_callback(id, node),
            }
        }
        self.define();
    }

    fn components(&mut self) {
        self.spec.components = Components {
            parameters: self.named("parameters", Self::parameter),
            request_bodies: self.named("requestBodies", Self::request_body),
            responses: self.named("responses", Self::response),
            headers: self.named("headers", Self::header),
            callbacks: self.named("callbacks", Self::callback),
        };
    }

    fn named<T>(&mut self, section: &str, read: impl Fn(&mut Self, &'d Node) -> Option<T>) -> IndexMap<String, T> {
        let entries = self.section(section).iter();
        entries.filter_map(|entry| Some((entry.key.clone(), read(self, &entry.value)?))).collect()
    }

    /// Returns the entries of a section of the components.
    fn section(&self, name: &str) -> &'d [Entry] {
        let components = self.document.root.get("components");
        components.map(|components| fields::entries(components, name)).unwrap_or_default()
    }

    fn component(&self, section: &str, name: &str) -> Option<&'d Node> {
        self.document.root.get("components")?.get(section)?.get(name)
    }

    /// Returns the node, or the final target of its reference, whose schemas are then shared by all that refer to it.
    fn resolved(&mut self, node: &'d Node) -> Option<&'d Node> {
        let target = self.resolver.resolve(node)?;
        if is_reference(node) {
            self.referred.insert(target);
        }
        Some(target)
    }
}
