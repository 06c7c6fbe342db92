//! Reads operations, their parameters, bodies and responses.

use crate::source::{Entry, Node};
use crate::spec::resolve::is_reference;
use crate::spec::{
    Callback, CallbackId, Link, Links, Location, Method, Operation, OperationResponse, Pagination, Parameter,
    ParameterId, PathItemId, RequestBody, RequestBodyId, Response, ResponseId, Spanned, Status, Style,
};

use super::fields;
use super::{Pending, Reader, swagger};

/// The extensions of operations for which the model has separate fields.
pub(super) const OF_OPERATIONS: [&str; 3] = ["x-rust-name", "x-idempotent", "x-pagination"];

/// A method and its operation.
pub(super) struct MethodEntry<'d> {
    pub method: Method,
    pub entry: &'d Entry,
    pub node: &'d Node,
    /// Whether the operation belongs to the path item itself, not to the path item that it refers to.
    pub is_own: bool,
    /// Whether the operation's ID is already used by another operation.
    pub is_repeated: bool,
}

impl<'d> Reader<'d, '_> {
    /// Reads an operation. `shared` are the parameters of its path item.
    pub(super) fn operation(
        &mut self,
        path: &str,
        item: PathItemId,
        method: MethodEntry<'d>,
        shared: &[&'d Node],
    ) -> Operation {
        let MethodEntry { method, entry, node, is_repeated, .. } = method;
        let is_swagger = self.dialect.is_swagger();
        let callbacks = fields::entries(node, "callbacks").iter().filter_map(|entry| {
            let callback = self.callback(&entry.value)?;
            Some((entry.key.clone(), callback))
        });
        let callbacks = callbacks.collect();
        let (body, body_span) = if is_swagger {
            let body = self.swagger_body(node, shared);
            (body, body.map(|body| self.spec.request_bodies[body].span))
        } else {
            let body = node.as_mapping().and_then(|mapping| mapping.entry("requestBody"));
            (body.and_then(|body| self.request_body(&body.value)), body.map(|body| body.key_span))
        };
        let pageable = || node.get("x-ms-pageable").filter(|_| is_swagger).and_then(swagger::pagination);
        Operation {
            path: path.to_owned(),
            method,
            method_span: entry.key_span,
            item,
            id: fields::spanned(node, "operationId").filter(|_| !is_repeated),
            tags: fields::strings(node, "tags"),
            tags_span: node.get("tags").map(|tags| tags.span),
            summary: fields::string(node, "summary"),
            description: fields::string(node, "description"),
            external_docs: fields::external_docs(node),
            deprecated: fields::is_true(node, "deprecated"),
            servers: if is_swagger { swagger::operation_servers(self, node) } else { self.servers(node) },
            parameters: self.parameters(fields::elements(node, "parameters")),
            body,
            body_span,
            responses: self.operation_responses(node),
            callbacks,
            callbacks_span: node.get("callbacks").map(|callbacks| callbacks.span),
            security: node.get("security").map(super::security::requirements),
            pagination_rules: Vec::new(),
            pagination: node.get("x-pagination").and_then(pagination).or_else(pageable),
            rust_name: fields::string(node, "x-rust-name"),
            idempotent: fields::boolean(node, "x-idempotent"),
            long_running: is_swagger && fields::is_true(node, "x-ms-long-running-operation"),
            extensions: fields::extensions(
                node,
                if is_swagger { swagger::OF_OPERATIONS.as_slice() } else { &OF_OPERATIONS },
            ),
            span: node.span,
        }
    }

    pub(super) fn parameters(&mut self, list: impl IntoIterator<Item = &'d Node>) -> Vec<ParameterId> {
        list.into_iter().filter_map(|node| self.parameter(node)).collect()
    }

    /// Returns the parameter of a node or of the target of its reference.
    pub(super) fn parameter(&mut self, node: &'d Node) -> Option<ParameterId> {
        let reference = node;
        let node = self.resolved(node)?;
        if let Some(known) = self.known.parameters.get(&std::ptr::from_ref(node)) {
            return Some(self.described_parameter(*known, reference));
        }
        if self.dialect.is_swagger() {
            return self.swagger_parameter(node);
        }
        let name = fields::spanned(node, "name")?;
        let location = Location::named(node.get("in")?.as_str()?)?;
        let style = node.get("style").and_then(Node::as_str).and_then(Style::named);
        let style = style.unwrap_or_else(|| location.default_style());
        let parameter = Parameter {
            name,
            location,
            description: fields::string(node, "description"),
            required: fields::is_true(node, "required"),
            deprecated: fields::is_true(node, "deprecated"),
            allow_empty_value: node
                .get("allowEmptyValue")
                .and_then(|mark| Some(Spanned::new(mark.as_bool()?, mark.span))),
            // Before OpenAPI 3.2, `allowReserved` applies only to query parameters. Documents of 3.1 are read like
            // documents of 3.2.
            allow_reserved: fields::is_true(node, "allowReserved")
                && (location == Location::Query || self.dialect.has_json_schema()),
            style,
            explode: fields::boolean(node, "explode").unwrap_or(matches!(style, Style::Form | Style::Cookie)),
            item_styles: Vec::new(),
            schema: node.get("schema").map(|schema| self.schema(schema)),
            content: self.only_content(node),
            example: node.get("example").cloned(),
            examples: self.examples(node),
            rust_name: fields::string(node, "x-rust-name"),
            client_value: fields::string(node, "x-client-value"),
            sensitive: fields::is_true(node, "x-sensitive"),
            extensions: fields::extensions(node, &["x-rust-name", "x-client-value", "x-sensitive"]),
            keywords: fields::keywords(node, |_| true),
            span: node.span,
        };
        let id = self.spec.parameters.add(|_| parameter);
        self.known.parameters.insert(node, id);
        Some(self.described_parameter(id, reference))
    }

    /// Returns the parameter. If there is a description next to the `$ref` of `reference`, returns a copy with this
    /// description.
    fn described_parameter(&mut self, id: ParameterId, reference: &'d Node) -> ParameterId {
        let Some(description) = self.description_beside(reference) else { return id };
        if !self.may_copy_target(reference) {
            return id;
        }
        let parameter = Parameter { description: Some(description), ..self.spec.parameters[id].clone() };
        self.spec.parameters.add(|_| parameter)
    }

    fn may_copy_target(&mut self, reference: &'d Node) -> bool {
        self.resolver.resolve(reference).is_some_and(|target| self.may_copy(target, reference.span))
    }

    /// Returns the description next to a `$ref`. Since OpenAPI 3.1, it replaces the description of the target.
    fn description_beside(&self, reference: &Node) -> Option<String> {
        let overrides = self.dialect.has_json_schema() && is_reference(reference);
        fields::string(reference, "description").filter(|_| overrides)
    }

    /// Returns the request body of a node or of the target of its reference.
    pub(super) fn request_body(&mut self, node: &'d Node) -> Option<RequestBodyId> {
        let reference = node;
        let node = self.resolved(node)?;
        if let Some(known) = self.known.request_bodies.get(&std::ptr::from_ref(node)) {
            return Some(self.described_body(*known, reference));
        }
        let body = RequestBody {
            name: None,
            description: fields::string(node, "description"),
            required: fields::is_true(node, "required"),
            content: self.content(node),
            content_span: node.get("content")?.span,
            extensions: fields::extensions(node, &[]),
            span: node.span,
        };
        let id = self.spec.request_bodies.add(|_| body);
        self.known.request_bodies.insert(node, id);
        Some(self.described_body(id, reference))
    }

    /// Returns the request body. If there is a description next to the `$ref` of `reference`, returns a copy with this
    /// description.
    fn described_body(&mut self, id: RequestBodyId, reference: &'d Node) -> RequestBodyId {
        let Some(description) = self.description_beside(reference) else { return id };
        if !self.may_copy_target(reference) {
            return id;
        }
        let body = RequestBody { description: Some(description), ..self.spec.request_bodies[id].clone() };
        self.spec.request_bodies.add(|_| body)
    }

    fn operation_responses(&mut self, operation: &'d Node) -> Vec<OperationResponse> {
        let entries = fields::entries(operation, "responses").iter();
        let responses = entries.filter(|entry| !fields::is_extension(&entry.key)).filter_map(|entry| {
            Some(OperationResponse {
                key: Spanned::new(entry.key.clone(), entry.key_span),
                status: Status::parse(&entry.key)?,
                response: if self.dialect.is_swagger() {
                    self.swagger_response(&entry.value, Some(operation))?
                } else {
                    self.response(&entry.value)?
                },
            })
        });
        responses.collect()
    }

    /// Returns the response of a node or of the target of its reference.
    pub(super) fn response(&mut self, node: &'d Node) -> Option<ResponseId> {
        let reference = node;
        let node = self.resolved(node)?;
        if let Some(known) = self.known.responses.get(&std::ptr::from_ref(node)) {
            return Some(self.described_response(*known, reference));
        }
        let response = Response {
            summary: fields::string(node, "summary").filter(|_| self.dialect.has_json_schema()),
            description: fields::string(node, "description").unwrap_or_default(),
            headers: self.headers(node),
            content: self.content(node),
            links: node.get("links").map(|links| self.links(links)),
            extensions: fields::extensions(node, &[]),
            span: node.span,
        };
        let id = self.spec.responses.add(|_| response);
        self.known.responses.insert(node, id);
        Some(self.described_response(id, reference))
    }

    /// Returns the response. If there is a summary or a description next to the `$ref` of `reference`, returns a copy
    /// with this text.
    fn described_response(&mut self, id: ResponseId, reference: &'d Node) -> ResponseId {
        let summary = fields::string(reference, "summary").filter(|_| self.dialect.has_json_schema());
        let description = self.description_beside(reference);
        let is_described = is_reference(reference) && (summary.is_some() || description.is_some());
        if !is_described || !self.may_copy_target(reference) {
            return id;
        }
        let mut response = self.spec.responses[id].clone();
        response.summary = summary.or(response.summary);
        response.description = description.unwrap_or(response.description);
        self.spec.responses.add(|_| response)
    }

    fn links(&self, node: &'d Node) -> Links {
        let links = node.entries().iter().map(|entry| {
            let link = self.resolver.resolve(&entry.value).unwrap_or(&entry.value);
            Link {
                name: entry.key.clone(),
                description: fields::string(link, "description"),
                operation_id: fields::string(link, "operationId"),
                server: link.get("server").map(|node| super::server::server(node, self.dialect)),
            }
        });
        Links { list: links.collect(), span: node.span }
    }

    /// Returns the callback of a node or of the target of its reference. The callback is read later, because its
    /// operations can refer to the same callback.
    pub(super) fn callback(&mut self, node: &'d Node) -> Option<CallbackId> {
        let node = self.resolver.resolve(node)?;
        if let Some(known) = self.known.callbacks.get(&std::ptr::from_ref(node)) {
            return Some(*known);
        }
        let id = self.spec.callbacks.add(|_| Callback { operations: Vec::new(), span: node.span });
        self.known.callbacks.insert(node, id);
        self.pending.push(Pending::Callback(id, node));
        Some(id)
    }
}

/// Reads `x-pagination`. `None` if `style` is missing, because the extension then belongs to another generator.
fn pagination(node: &Node) -> Option<Pagination> {
    let name = |key: &str| fields::spanned(node, key);
    Some(Pagination {
        extension: "x-pagination",
        style: fields::string(node, "style")?,
        limit: name("limit"),
        offset: name("offset"),
        page: name("page"),
        cursor: name("cursor"),
        items: name("items"),
        total: name("total"),
        total_pages: name("total-pages"),
        has_more: name("has-more"),
        next_cursor: name("next-cursor"),
        next_link: name("next-link"),
        first_page: node.get("first-page").and_then(Node::as_i64),
        short_page_ends: fields::boolean(node, "short-page-ends"),
        empty_page_ends: fields::boolean(node, "empty-page-ends"),
        span: node.span,
    })
}
