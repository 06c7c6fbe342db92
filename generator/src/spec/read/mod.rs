//! Reads documents of all versions into the model. `dialect` contains the differences between the versions of OpenAPI
//! 3, `json_schema` and `dynamic` read the keywords that OpenAPI 3.1 adds to schemas, and `swagger` reads Swagger 2.0.
//!
//! Nodes of the tree are identified by their address while the document is read. The targets of references are read
//! from a queue, so that the size of the stack depends on the nesting of the document, not on the length of its chains
//! of references. `definitions` then decides which schemas become definitions.

mod content;
mod definitions;
mod dialect;
mod dynamic;
mod fields;
mod info;
mod json_schema;
mod names;
mod operation;
mod parts;
mod path_item;
mod promote;
mod schema;
mod security;
mod server;
mod swagger;

use std::collections::{HashMap, HashSet};

use indexmap::IndexMap;

use crate::diagnostics::{Code, Diagnostic, Diagnostics};
use crate::source::{Document, Entry, Identifiers, Node, Span, count, raised_by};

use super::resolve::{Resolver, is_reference};
use super::{
    Arena, CallbackId, Components, Definition, Extensions, HeaderId, ParameterId, RequestBodyId, ResponseId, SchemaId,
    SchemaPath, Spec, Version,
};
use dialect::Dialect;
use dynamic::{Dynamic, Scope};

/// Reads a valid document of this version. If the document exceeds a limit, reports the limit and returns an incomplete
/// result.
pub fn read(document: &Document, version: Version, diagnostics: &mut Diagnostics) -> Spec {
    let dialect = Dialect { version };
    let root = &document.root;
    let identifiers = if dialect.has_json_schema() { Identifiers::of(document) } else { Identifiers::none(document) };
    let resolver = Resolver::new(document, identifiers);
    let parts = parts::parts(root, &resolver, dialect);
    let spec = Spec {
        version,
        span: root.span,
        info: info::info(root),
        external_docs: fields::external_docs(root),
        servers: Vec::new(),
        security: root.get("security").map(security::requirements).unwrap_or_default(),
        tags: info::tags(root, dialect),
        operations: Vec::new(),
        has_paths: true,
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
        pagination_rules: Vec::new(),
        mapped_formats: HashMap::new(),
        mapped_schemas: HashMap::new(),
        request_id_header: fields::string(root, "x-request-id-header"),
        extensions: Extensions::default(),
    };
    let mut reader = Reader {
        document,
        dialect,
        dynamic: Dynamic::of(document, &resolver, document.limits.values),
        scope: Scope::default(),
        resolver,
        diagnostics,
        spec,
        known: Known::default(),
        pending: Vec::new(),
        mapped: HashSet::new(),
        referred: HashSet::new(),
        uses: Uses::default(),
        left: Some(document.limits.values),
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
    dynamic: Option<Dynamic<'d>>,
    /// The scope of the schema that is currently read.
    scope: Scope,
    diagnostics: &'o mut Diagnostics,
    spec: Spec,
    known: Known,
    pending: Vec<Pending<'d>>,
    /// The schemas that the `mapping` of a discriminator refers to.
    mapped: HashSet<SchemaId>,
    /// The targets of the references to parameters, request bodies, responses and headers.
    referred: HashSet<Address>,
    uses: Uses,
    /// The number of values that may still be copied. `None` after the limit was exceeded.
    left: Option<usize>,
}

/// The IDs of the objects that were already read or are in `pending`, by their nodes.
#[derive(Default)]
struct Known {
    /// The schemas, by their node and `Scope::variant`.
    schemas: HashMap<(Address, usize), SchemaId>,
    parameters: HashMap<Address, ParameterId>,
    request_bodies: HashMap<Address, RequestBodyId>,
    responses: HashMap<Address, ResponseId>,
    headers: HashMap<Address, HeaderId>,
    callbacks: HashMap<Address, CallbackId>,
    swagger: swagger::Known,
}

/// The number of times that each path item is used.
#[derive(Default)]
struct Uses(HashMap<Address, usize>);

/// The target of a reference that has not been read yet.
enum Pending<'d> {
    Schema(SchemaId, &'d Node, Scope),
    Header(HeaderId, &'d Node),
    Callback(CallbackId, &'d Node),
}

impl<'d> Reader<'d, '_> {
    fn run(&mut self) {
        let root = &self.document.root;
        self.spec.servers = if self.dialect.is_swagger() { swagger::servers(self, root) } else { self.servers(root) };
        let own = if self.dialect.is_swagger() { swagger::OF_DOCUMENTS.as_slice() } else { &["x-request-id-header"] };
        self.spec.extensions = fields::extensions(root, own);
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
        self.spec.has_paths = !self.spec.operations.is_empty() || !self.dialect.has_json_schema();
        self.webhooks();
        self.components();
        while let Some(pending) = self.pending.pop() {
            match pending {
                Pending::Schema(id, node, scope) => {
                    self.scope = scope;
                    self.read_schema(id, node);
                    self.scope = Scope::default();
                }
                Pending::Header(id, node) => self.read_header(id, node),
                Pending::Callback(id, node) => self.read_callback(id, node),
            }
        }
        self.define();
        if self.dialect.is_swagger() {
            self.discriminator_values();
        }
    }

    fn components(&mut self) {
        if self.dialect.is_swagger() {
            self.spec.components = self.swagger_components();
            return;
        }
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
        let root = &self.document.root;
        if !self.dialect.is_swagger() {
            return root.get("components").map(|components| fields::entries(components, name)).unwrap_or_default();
        }
        fields::entries(
            root,
            match name {
                "schemas" => "definitions",
                "securitySchemes" => "securityDefinitions",
                name => name,
            },
        )
    }

    /// Returns the component schema with this name.
    fn component(&self, name: &str) -> Option<&'d Node> {
        let root = &self.document.root;
        let schemas =
            if self.dialect.is_swagger() { root.get("definitions") } else { root.get("components")?.get("schemas") };
        schemas?.get(name)
    }

    /// Returns whether the limit on values allows a copy of an object. Reports the limit at `span` when it is first
    /// exceeded.
    fn may_copy(&mut self, node: &Node, span: Span) -> bool {
        let left = self.left.unwrap_or_default();
        self.may_add(count(node, left).unwrap_or(left.saturating_add(1)), span)
    }

    /// Returns whether the limit on values allows this number of further values. Reports the limit at `span` when it is
    /// first exceeded.
    fn may_add(&mut self, values: usize, span: Span) -> bool {
        let Some(left) = self.left else { return false };
        self.left = left.checked_sub(values);
        if self.left.is_none() {
            let most = self.document.limits.values;
            let message = format!(
                "the document has more than {most} values after this value is copied to every place that uses it"
            );
            self.diagnostics.push(Diagnostic::error(Code::Limit, span, message).help(raised_by("values")));
        }
        self.left.is_some()
    }

    /// Returns the node, or the final target of its reference. Records the target, because its schemas are shared by
    /// all references to the target.
    fn resolved(&mut self, node: &'d Node) -> Option<&'d Node> {
        let target = self.resolver.resolve(node)?;
        if is_reference(node) {
            self.referred.insert(target);
        }
        Some(target)
    }
}

#[cfg(test)]
mod tests;
