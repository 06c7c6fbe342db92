//! Sets the Rust names of items, like the extension `x-rust-name` in a document.

use std::collections::HashMap;

use heck::{ToSnakeCase, ToUpperCamelCase};

use crate::diagnostics::{Code, Diagnostic, Diagnostics, Severity, nearest, quoted};
use crate::source::Span;
use crate::spec::{Extensions, Operation, SchemaId, Spanned, Spec, Tag};

/// A Rust name for an item of the document. It takes precedence over `x-rust-name`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rename {
    /// The kind of item.
    pub kind: RenamedKind,
    /// The item: the name of a component schema, of a parameter, of a tag or of a webhook; the `operationId` of an
    /// operation, or its method and path (`GET /pets`); the name of a component schema, a dot, and the name of a property
    /// (`Pet.name`).
    pub item: String,
    /// The Rust name.
    pub rust_name: String,
    /// The location of the item in `clients.toml`, for messages. `None` if a program created the rename.
    pub span: Option<Span>,
}

/// The kinds of items that can be renamed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RenamedKind {
    /// The type of a component schema.
    Schema,
    /// The field of a property.
    Property,
    /// The method of an operation, or the type of a webhook.
    Operation,
    /// The setters of all parameters of this name.
    Parameter,
    /// The sub-client and the module of a tag.
    Tag,
}

impl RenamedKind {
    /// All kinds, with their keys in the table `rename` of `clients.toml`.
    pub(crate) const KEYS: [(&'static str, Self); 5] = [
        ("schemas", Self::Schema),
        ("properties", Self::Property),
        ("operations", Self::Operation),
        ("parameters", Self::Parameter),
        ("tags", Self::Tag),
    ];

    /// Returns the words for an item of this kind in messages.
    fn words(self) -> &'static str {
        match self {
            Self::Schema => "component schema",
            Self::Property => "property of a component schema",
            Self::Operation => "operation or webhook",
            Self::Parameter => "parameter",
            Self::Tag => "tag",
        }
    }

    /// Returns a correction of a Rust name that is not in the case of this kind: `CamelCase` for types, otherwise
    /// `snake_case`. Returns `None` if the name needs no correction.
    pub(crate) fn corrected(self, rust_name: &str) -> Option<String> {
        let is_type = self == Self::Schema;
        let is_valid = syn::parse_str::<syn::Ident>(rust_name).is_ok()
            && rust_name.is_ascii()
            && match is_type {
                true => rust_name.starts_with(|first: char| first.is_ascii_uppercase()) && !rust_name.contains('_'),
                false => !rust_name.contains(|letter: char| letter.is_ascii_uppercase()),
            };
        (!is_valid).then(|| if is_type { rust_name.to_upper_camel_case() } else { rust_name.to_snake_case() })
    }
}

/// Sets the Rust names of items in the model. Reports items that do not exist.
pub(crate) fn rename(spec: &mut Spec, renames: &[Rename], diagnostics: &mut Diagnostics) {
    if renames.is_empty() {
        return;
    }
    let mut names = Names::new(renames);
    names.schemas(spec);
    names.properties(spec);
    for operation in spec.operations.iter_mut() {
        names.operation(operation, false);
    }
    for webhook in spec.webhooks.iter_mut() {
        names.operation(webhook, true);
    }
    for parameter in spec.parameters.iter_mut() {
        if let Some(name) = names.take(RenamedKind::Parameter, &parameter.name.value) {
            parameter.rust_name = Some(name);
        }
    }
    names.tags(spec);
    for (rename, _) in names.list.iter().filter(|(_, is_used)| !is_used) {
        diagnostics.push(missing(spec, rename));
    }
}

/// The renames, each with whether an item was found for it.
struct Names<'a> {
    list: Vec<(&'a Rename, bool)>,
    positions: HashMap<(RenamedKind, &'a str), usize>,
}

impl<'a> Names<'a> {
    fn new(renames: &'a [Rename]) -> Self {
        let keys = renames.iter().enumerate().map(|(at, rename)| ((rename.kind, rename.item.as_str()), at));
        Self { list: renames.iter().map(|rename| (rename, false)).collect(), positions: keys.collect() }
    }

    /// Returns the Rust name for an item.
    fn take(&mut self, kind: RenamedKind, item: &str) -> Option<String> {
        let (rename, is_used) = self.list.get_mut(*self.positions.get(&(kind, item))?)?;
        *is_used = true;
        Some(rename.rust_name.clone())
    }

    /// Returns the Rust name for an item like [`take`](Self::take), but only once.
    fn take_first(&mut self, kind: RenamedKind, item: &str) -> Option<String> {
        let at = self.positions.get(&(kind, item))?;
        if self.list.get(*at)?.1 { None } else { self.take(kind, item) }
    }

    fn schemas(&mut self, spec: &mut Spec) {
        for definition in &spec.definitions {
            if let Some(name) = self.take(RenamedKind::Schema, &definition.name)
                && let Some(schema) = spec.schemas.get_mut(definition.schema)
            {
                schema.rust_name = Some(name.into());
            }
        }
    }

    fn properties(&mut self, spec: &mut Spec) {
        let mut wanted: HashMap<&str, Vec<(&str, usize)>> = HashMap::new();
        for (at, (rename, _)) in self.list.iter().enumerate() {
            let is_property = rename.kind == RenamedKind::Property;
            // Names of schemas and properties can contain dots too.
            for (dot, _) in rename.item.match_indices('.').filter(|_| is_property) {
                let (schema, property) = rename.item.split_at(dot);
                wanted.entry(schema).or_default().push((property.trim_start_matches('.'), at));
            }
        }
        let mut found: Vec<(SchemaId, usize)> = Vec::new();
        for definition in &spec.definitions {
            for (property, at) in wanted.get(definition.name.as_str()).into_iter().flatten() {
                found.extend(own_property(spec, definition.schema, property).map(|schema| (schema, *at)));
            }
        }
        for (schema, at) in found {
            if let (Some((rename, is_used)), Some(schema)) = (self.list.get_mut(at), spec.schemas.get_mut(schema)) {
                *is_used = true;
                schema.rust_name = Some(rename.rust_name.as_str().into());
            }
        }
    }

    fn operation(&mut self, operation: &mut Operation, is_webhook: bool) {
        let by_id = operation.id.as_ref().and_then(|id| self.take(RenamedKind::Operation, &id.value));
        let key = if is_webhook { operation.path.clone() } else { route(operation) };
        if let Some(name) = by_id.or_else(|| self.take(RenamedKind::Operation, &key)) {
            operation.rust_name = Some(name);
        }
    }

    fn tags(&mut self, spec: &mut Spec) {
        for tag in &mut spec.tags {
            if let Some(name) = self.take(RenamedKind::Tag, &tag.name.value) {
                tag.rust_name = Some(name);
            }
        }
        // The tags that remain are those that only operations name.
        for operation in spec.operations.iter().chain(&spec.webhooks) {
            for name in &operation.tags {
                if let Some(rust_name) = self.take_first(RenamedKind::Tag, name) {
                    spec.tags.push(tag(name, rust_name, operation.tags_span.unwrap_or(operation.span)));
                }
            }
        }
    }
}

/// Returns the method and path of an operation.
fn route(operation: &Operation) -> String {
    format!("{} {}", operation.method.as_str(), operation.path)
}

/// Returns the schema of a property that a schema defines itself, i.e. not by a reference.
fn own_property(spec: &Spec, schema: SchemaId, name: &str) -> Option<SchemaId> {
    let mut pending = vec![schema];
    while let Some(id) = pending.pop() {
        let schema = &spec.schemas[id];
        if let Some(property) = schema.properties.as_ref().and_then(|properties| properties.get(name)) {
            return Some(property.schema);
        }
        pending.extend(&schema.all_of);
    }
    None
}

/// Declares a tag.
fn tag(name: &str, rust_name: String, span: Span) -> Tag {
    Tag {
        name: Spanned { value: name.to_owned(), span },
        summary: None,
        description: None,
        external_docs: None,
        parent: None,
        kind: None,
        rust_name: Some(rust_name),
        extensions: Extensions::default(),
        span,
    }
}

/// Returns the error for an item that does not exist.
fn missing(spec: &Spec, rename: &Rename) -> Diagnostic {
    let message = format!("there is no {} {}", rename.kind.words(), quoted(&rename.item));
    let mut diagnostic = Diagnostic::new(Severity::Error, Code::Config, rename.span, message);
    let near = |names: &mut dyn Iterator<Item = String>| {
        let names: Vec<String> = names.collect();
        nearest(&rename.item, names.iter().map(String::as_str)).map(str::to_owned)
    };
    let operations = || spec.operations.iter().chain(&spec.webhooks);
    let near = match rename.kind {
        RenamedKind::Schema => near(&mut spec.definitions.iter().map(|definition| definition.name.clone())),
        RenamedKind::Property => near(&mut spec.definitions.iter().flat_map(|definition| {
            let properties = spec.schemas[definition.schema].properties();
            properties.map(|(property, _)| format!("{}.{property}", definition.name)).collect::<Vec<_>>()
        })),
        RenamedKind::Operation => near(&mut operations().map(|operation| match &operation.id {
            Some(id) => id.value.clone(),
            None => route(operation),
        })),
        RenamedKind::Parameter => near(&mut spec.parameters.iter().map(|parameter| parameter.name.value.clone())),
        RenamedKind::Tag => near(&mut operations().flat_map(|operation| operation.tags.clone())),
    };
    diagnostic.help = near.map(|near| format!("did you mean {}?", quoted(&near)));
    diagnostic
}
