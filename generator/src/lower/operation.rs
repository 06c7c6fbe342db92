//! Lowers operations, and groups them by tag.

use std::collections::HashMap;

use crate::diagnostics::{Code, Diagnostic, quoted};
use crate::ir::{self, Group, Location, Operation, Origin, Parameter, ParentTag, Segment};
use crate::spec::{self, Requirement, Spec, Tag};

use super::Lowering;
use super::doc;
use super::origin::cut;
use super::title::repeats;

/// The maximum number of ancestors of a tag. If a tag has more, the outermost ancestors are ignored, because each tag
/// is a folder of the generated crate, and operating systems limit the length of paths.
const MAX_PARENTS: usize = 8;

impl<'a> Lowering<'a> {
    /// Lowers all operations, and groups them by tag in the order of the tags.
    pub(super) fn groups(&mut self) -> Vec<Group> {
        let spec = self.spec;
        let mut groups = declared_groups(spec);
        let mut positions: HashMap<Option<String>, usize> =
            groups.iter().enumerate().map(|(position, group)| (group.tag.clone(), position)).collect();
        for operation in &spec.operations {
            let tag = grouping_tag(spec, operation).cloned();
            let position = *positions.entry(tag.clone()).or_insert_with(|| {
                let span = operation.tags_span.unwrap_or(operation.method_span);
                groups.push(Group {
                    tag,
                    parents: Vec::new(),
                    kind: None,
                    description: None,
                    external_docs: None,
                    rust_name: None,
                    operations: Vec::new(),
                    span,
                });
                groups.len() - 1
            });
            let operation = self.operation(operation);
            if let Some(group) = groups.get_mut(position) {
                group.operations.push(operation);
            }
        }
        groups.retain(|group| !group.operations.is_empty());
        groups
    }

    fn operation(&mut self, operation: &'a spec::Operation) -> Operation {
        let spec = self.spec;
        let item = &spec.path_items[operation.item];
        let (method, path) = (operation.method.as_str(), operation.path.as_str());
        let id = operation.id.as_ref().map(|id| id.value.clone());
        let key = cut(id.clone().unwrap_or_else(|| format!("{method} {path}")));
        let origin = Origin(vec![Segment::Operation(key.clone())]);
        self.check_callbacks(operation);
        let mut parameters = self.parameters(&item.parameters, &operation.parameters, &origin);
        parameters.retain(|parameter| !self.is_in_path(path, parameter));
        let body = operation.body.map(|body| self.request_body(&spec.request_bodies[body], &origin));
        let (success, errors) = self.responses(operation, &origin);
        let pagination = match &operation.pagination {
            Some(pagination) => self.pagination(pagination, &parameters, &success),
            None => self.pagination_by_rule(operation, &parameters, &success),
        };
        let summary = operation.summary.clone().filter(|text| doc::has_words(text));
        let description = doc::description(operation.description.as_deref());
        // If the operation has no summary, the summary of the path item is used instead; the same applies to the
        // description. A summary or description of the path item that is not used in this way becomes the description
        // of the path.
        let (summary, path_summary) = or_rest(summary, item.summary.clone());
        let (description, path_description) = or_rest(description, item.description.clone());
        let path_description: Vec<String> = path_summary.into_iter().chain(path_description).collect();
        let requirements = operation.security.as_ref().unwrap_or(&spec.security);
        Operation {
            id,
            key,
            rust_name: operation.rust_name.clone(),
            method: method.to_owned(),
            path: path.to_owned(),
            servers: self.operation_servers(&item.servers, &operation.servers),
            summary,
            description,
            external_docs: operation.external_docs.clone(),
            path_description: (!path_description.is_empty()).then(|| path_description.join("\n\n")),
            deprecated: operation.deprecated,
            other_tags: other_tags(spec, operation),
            parameters,
            body,
            success,
            errors,
            callbacks: operation.callbacks.iter().map(|(name, _)| name.clone()).collect(),
            links: link_names(spec, operation),
            security: requirements.iter().map(scheme_names).collect(),
            scopes: scopes(requirements),
            pagination,
            idempotent: operation.idempotent,
            long_running: operation.long_running,
            // Determined when all types are known.
            request_secrets: Vec::new(),
            response_secrets: Vec::new(),
            span: operation.id.as_ref().map_or(operation.span, |id| id.span),
        }
    }

    /// Reports that the callbacks of an operation are not generated.
    pub(super) fn check_callbacks(&mut self, operation: &spec::Operation) {
        if let Some(span) = operation.callbacks_span {
            self.diagnostics.push(
                Diagnostic::warning(Code::Unsupported, span, "callbacks are not generated")
                    .help("callbacks are requests from the server: implement them with a server framework"),
            );
        }
    }

    /// Returns whether the query of a path template already contains a value for a query parameter.
    fn is_in_path(&mut self, path: &str, parameter: &Parameter) -> bool {
        let query = path.split('#').next().and_then(|path| path.split_once('?')).map_or("", |(_, query)| query);
        let mut pairs = query.split('&').map(|pair| pair.split_once('=').unwrap_or((pair, "")));
        let found = pairs.find(|(name, _)| parameter.location == Location::Query && *name == parameter.name);
        let is_in_path = found.is_some();
        // Documents with `x-ms-paths` repeat the value in the path as the only allowed value of the parameter.
        if found.is_some_and(|(_, value)| parameter.client_value.as_deref() != Some(value)) {
            let message = format!("the path already contains a value for {}", quoted(&parameter.name));
            let diagnostic = Diagnostic::warning(Code::Duplicate, parameter.span, message);
            self.diagnostics.push(diagnostic.label("not generated"));
        }
        is_in_path
    }
}

/// Returns an empty group for each tag of the document.
fn declared_groups(spec: &Spec) -> Vec<Group> {
    let groups = spec.tags.iter().map(|tag| Group {
        tag: Some(tag.name.value.clone()),
        parents: parents(spec, tag),
        kind: tag.kind.clone(),
        description: tag_description(tag),
        external_docs: tag.external_docs.clone(),
        rust_name: tag.rust_name.clone(),
        operations: Vec::new(),
        span: tag.name.span,
    });
    groups.collect()
}

/// Returns the tag that determines the group of an operation: the first tag with the kind `nav` or without a kind
/// (OpenAPI 3.2.0, "Tag Object"), or else the first tag.
fn grouping_tag<'a>(spec: &Spec, operation: &'a spec::Operation) -> Option<&'a String> {
    let groups =
        |tag: &&String| declared(spec, tag).and_then(|tag| tag.kind.as_deref()).is_none_or(|kind| kind == "nav");
    operation.tags.iter().find(groups).or_else(|| operation.tags.first())
}

/// Returns the tags of an operation, except the tag that determines its group.
fn other_tags(spec: &Spec, operation: &spec::Operation) -> Vec<ir::Tag> {
    let grouping = grouping_tag(spec, operation);
    let position = operation.tags.iter().position(|tag| Some(tag) == grouping);
    let others = operation.tags.iter().enumerate().filter(|(index, _)| Some(*index) != position);
    let others = others.map(|(_, name)| {
        let tag = declared(spec, name);
        ir::Tag {
            name: name.clone(),
            description: tag.and_then(tag_description),
            external_docs: tag.and_then(|tag| tag.external_docs.clone()),
        }
    });
    others.collect()
}

/// Returns the tag with this name in `tags` of the document.
fn declared<'a>(spec: &'a Spec, name: &str) -> Option<&'a Tag> {
    spec.tags.iter().find(|tag| tag.name.value == name)
}

/// Returns the tags that contain a tag (`parent`), from the outermost to the innermost.
fn parents(spec: &Spec, tag: &Tag) -> Vec<ParentTag> {
    let mut parents: Vec<ParentTag> = Vec::new();
    let mut tag = tag;
    while let Some(parent) = tag.parent.as_ref().and_then(|parent| declared(spec, &parent.value)) {
        let name = &parent.name.value;
        // In an invalid document, `parent` can form a cycle.
        if *name == tag.name.value || parents.iter().any(|known| known.name == *name) || parents.len() == MAX_PARENTS {
            break;
        }
        parents.push(ParentTag { name: name.clone(), rust_name: parent.rust_name.clone() });
        tag = parent;
    }
    parents.reverse();
    parents
}

/// Returns the summary and the description of a tag.
fn tag_description(tag: &Tag) -> Option<String> {
    let description = doc::description(tag.description.as_deref());
    let is_text =
        |text: &String| doc::has_words(text) && description.as_ref() != Some(text) && !repeats(text, &tag.name.value);
    let summary = tag.summary.clone().filter(is_text);
    let texts: Vec<String> = summary.into_iter().chain(description).collect();
    (!texts.is_empty()).then(|| texts.join("\n\n"))
}

/// Returns the names of the links of an operation's responses, without duplicates.
fn link_names(spec: &Spec, operation: &spec::Operation) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let responses = operation.responses.iter().map(|response| &spec.responses[response.response]);
    for link in responses.filter_map(|response| response.links.as_ref()).flat_map(|links| &links.list) {
        if !names.contains(&link.name) {
            names.push(link.name.clone());
        }
    }
    names
}

/// Returns the names of the schemes of a requirement.
pub(super) fn scheme_names(requirement: &Requirement) -> Vec<String> {
    requirement.schemes.iter().map(|scheme| scheme.name.value.clone()).collect()
}

/// Returns the scopes of each scheme, without duplicates.
fn scopes(requirements: &[Requirement]) -> Vec<(String, Vec<String>)> {
    let mut all: Vec<(String, Vec<String>)> = Vec::new();
    for scheme in requirements.iter().flat_map(|requirement| &requirement.schemes) {
        let scopes = (scheme.name.value.clone(), scheme.scopes.clone());
        if !scopes.1.is_empty() && !all.contains(&scopes) {
            all.push(scopes);
        }
    }
    all
}

/// Returns the text to use, which is `first` or else `second`. Also returns `second` if it is not used and differs from
/// `first`.
pub(super) fn or_rest(first: Option<String>, second: Option<String>) -> (Option<String>, Option<String>) {
    match first {
        Some(first) => {
            let rest = second.filter(|second| *second != first);
            (Some(first), rest)
        }
        None => (second, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::Diagnostics;
    use crate::ir::{PagingStyle, Type};
    use crate::source::{Document, Sources};

    /// Lowers a document with one path.
    fn operations(item: &str, more: &str) -> Vec<Operation> {
        let text = format!("openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\npaths:\n  /pets: {item}\n{more}");
        let mut sources = Sources::new();
        let source = sources.add("main.yaml", text.as_str());
        let mut diagnostics = Diagnostics::new();
        let document = Document::read(&sources, source, &mut diagnostics).unwrap();
        let spec = spec::read(&document, spec::Version::V3_0, &mut diagnostics);
        let api = crate::lower::lower(&spec, false, &mut diagnostics);
        assert!(diagnostics.is_empty(), "{:?}", diagnostics.sorted());
        api.groups.into_iter().flat_map(|group| group.operations).collect()
    }

    #[test]
    fn own_parameter_overrides_parameter_of_path() {
        let item = "{parameters: [{name: X-Kind, in: header, schema: {type: string}}, \
                    {name: id, in: query, schema: {type: string}}], \
                    get: {parameters: [{name: x-kind, in: header, schema: {type: boolean}}], responses: {}}}";
        let parameters = operations(item, "").remove(0).parameters;
        let parameters: Vec<_> = parameters.iter().map(|parameter| (parameter.name.as_str(), &parameter.ty)).collect();
        assert_eq!(parameters, [("id", &Type::String), ("x-kind", &Type::Boolean)]);
    }

    #[test]
    fn referred_default_of_page_parameter_is_first_page() {
        let item = "{get: {x-pagination: {style: page-number, page: page, items: ''}, \
                    parameters: [{name: page, in: query, schema: {$ref: '#/components/schemas/Page'}}], \
                    responses: {'200': {description: OK., content: \
                    {application/json: {schema: {type: array, items: {type: string}}}}}}}}";
        let schema = "components: {schemas: {Page: {type: integer, minimum: 0, default: 0}}}";
        let pagination = operations(item, schema).remove(0).pagination.unwrap();
        assert_eq!(pagination.style, PagingStyle::PageNumber { parameter: 0, first: 0 });
    }

    #[test]
    fn documentation_of_path_replaces_missing_documentation() {
        let item = "{summary: Pets, description: Their owners are people., get: {summary: List, responses: {}}}";
        let operation = operations(item, "").remove(0);
        assert_eq!(operation.summary.as_deref(), Some("List"));
        assert_eq!(operation.description.as_deref(), Some("Their owners are people."));
        assert_eq!(operation.path_description.as_deref(), Some("Pets"));
    }

    #[test]
    fn requirements_of_document_apply_to_operations_without_their_own() {
        let item = "{get: {responses: {}}, post: {security: [{}], responses: {}}}";
        let security = "security: [{token: [read]}]\ncomponents: {securitySchemes: {token: {type: oauth2, flows: {}}}}";
        let all: Vec<_> = operations(item, security).into_iter().map(|it| (it.security, it.scopes)).collect();
        let scopes = vec![("token".to_owned(), vec!["read".to_owned()])];
        assert_eq!(all, [(vec![vec!["token".to_owned()]], scopes), (vec![Vec::new()], Vec::new())]);
    }
}
