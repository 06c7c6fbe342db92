//! Finds the objects of a document that its operations use.

use crate::source::Span;
use crate::spec::{Arena, Encoding, HeaderId, Id, MediaType, Operation, SchemaId, Spec};

/// The objects that operations and webhooks use.
pub(super) struct Reached {
    schemas: Flags,
    parameters: Flags,
    request_bodies: Flags,
    responses: Flags,
    headers: Flags,
    callbacks: Flags,
    path_items: Flags,
}

/// A flag for each object of an arena.
struct Flags(Vec<bool>);

impl Flags {
    fn of<T>(arena: &Arena<T>) -> Self {
        Self(vec![false; arena.len()])
    }

    /// Sets the flag of an object. Returns whether it was not set before.
    fn set<T>(&mut self, id: Id<T>) -> bool {
        self.0.get_mut(id.index()).is_some_and(|flag| !std::mem::replace(flag, true))
    }

    fn has<T>(&self, id: Id<T>) -> bool {
        self.0.get(id.index()).copied().unwrap_or(false)
    }

    /// Returns the place of each object, and whether its flag is not set.
    fn parts<'a, T>(&'a self, arena: &'a Arena<T>, span: fn(&T) -> Span) -> impl Iterator<Item = (Span, bool)> + 'a {
        arena.iter().zip(&self.0).map(move |(object, flag)| (span(object), !flag))
    }
}

impl Reached {
    /// Finds the objects that the operations and webhooks of a document use.
    pub(super) fn of(spec: &Spec) -> Self {
        let reached = Self {
            schemas: Flags::of(&spec.schemas),
            parameters: Flags::of(&spec.parameters),
            request_bodies: Flags::of(&spec.request_bodies),
            responses: Flags::of(&spec.responses),
            headers: Flags::of(&spec.headers),
            callbacks: Flags::of(&spec.callbacks),
            path_items: Flags::of(&spec.path_items),
        };
        let operations = spec.operations.iter().chain(&spec.webhooks).collect();
        let mut walk = Walk { spec, reached, operations, schemas: Vec::new() };
        walk.run();
        walk.reached
    }

    /// Returns whether an operation or webhook uses a schema.
    pub(super) fn has_schema(&self, schema: SchemaId) -> bool {
        self.schemas.has(schema)
    }

    /// Returns the place of each object of the document, and whether no operation and no webhook uses it.
    pub(super) fn parts<'a>(&'a self, spec: &'a Spec) -> impl Iterator<Item = (Span, bool)> + 'a {
        let names = spec.definitions.iter().map(|definition| (definition.span, !self.has_schema(definition.schema)));
        let schemas = self.schemas.parts(&spec.schemas, |schema| schema.span);
        let parameters = self.parameters.parts(&spec.parameters, |parameter| parameter.span);
        let request_bodies = self.request_bodies.parts(&spec.request_bodies, |body| body.span);
        let responses = self.responses.parts(&spec.responses, |response| response.span);
        let headers = self.headers.parts(&spec.headers, |header| header.span);
        let callbacks = self.callbacks.parts(&spec.callbacks, |callback| callback.span);
        let path_items = self.path_items.parts(&spec.path_items, |item| item.span);
        let shared = parameters.chain(request_bodies).chain(responses).chain(headers).chain(callbacks);
        names.chain(schemas).chain(shared).chain(path_items)
    }
}

/// A walk through the objects that operations use, with the objects that it has reached but not yet visited.
struct Walk<'a> {
    spec: &'a Spec,
    reached: Reached,
    operations: Vec<&'a Operation>,
    schemas: Vec<SchemaId>,
}

impl<'a> Walk<'a> {
    fn run(&mut self) {
        while let Some(operation) = self.operations.pop() {
            self.operation(operation);
        }
        let subtypes = self.spec.subtypes();
        while let Some(schema) = self.schemas.pop() {
            if self.reached.schemas.set(schema) {
                self.schemas.extend(self.spec.schemas[schema].inner_schemas());
                self.schemas.extend(subtypes.get(&schema).into_iter().flatten());
            }
        }
    }

    fn operation(&mut self, operation: &'a Operation) {
        let spec = self.spec;
        let mut parameters = operation.parameters.clone();
        let item = &spec.path_items[operation.item];
        if self.reached.path_items.set(operation.item) {
            parameters.extend(&item.parameters);
        }
        for id in parameters {
            if self.reached.parameters.set(id) {
                let parameter = &spec.parameters[id];
                self.schemas.extend(parameter.schema);
                parameter.content.iter().for_each(|content| self.media_type(content));
            }
        }
        if let Some(id) = operation.body.filter(|id| self.reached.request_bodies.set(*id)) {
            spec.request_bodies[id].content.iter().for_each(|content| self.media_type(content));
        }
        for documented in &operation.responses {
            if self.reached.responses.set(documented.response) {
                let response = &spec.responses[documented.response];
                response.content.iter().for_each(|content| self.media_type(content));
                response.headers.iter().for_each(|(_, header)| self.header(*header));
            }
        }
        for (_, id) in &operation.callbacks {
            if self.reached.callbacks.set(*id) {
                self.operations.extend(&spec.callbacks[*id].operations);
            }
        }
    }

    fn media_type(&mut self, media_type: &'a MediaType) {
        self.schemas.extend(media_type.schema.into_iter().chain(media_type.item_schema));
        let encodings = media_type.encoding.iter().chain(&media_type.prefix_encoding);
        let mut pending: Vec<&Encoding> = encodings.chain(media_type.item_encoding.as_deref()).collect();
        while let Some(encoding) = pending.pop() {
            encoding.headers.iter().for_each(|(_, header)| self.header(*header));
            pending.extend(&encoding.encoding);
        }
    }

    fn header(&mut self, id: HeaderId) {
        if self.reached.headers.set(id) {
            let header = &self.spec.headers[id];
            self.schemas.extend(header.schema);
            // The content of a header is a media type, which may have encodings with headers. The nesting of a document
            // is limited, and a header that was reached before ends a cycle.
            header.content.iter().for_each(|content| self.media_type(content));
        }
    }
}
