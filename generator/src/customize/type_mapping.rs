//! Rust types of other crates for formats and schemas.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::diagnostics::{Code, Diagnostic, Diagnostics, Severity, nearest, quoted};
use crate::ir::External;
use crate::source::Span;
use crate::spec::{Schema, SchemaId, Spec, Value, ValueKind};

/// A Rust type of another crate, which replaces the generated type of a format or of a component schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypeMapping {
    /// What the type replaces.
    pub replaced: Replaced,
    /// The type. Implements at least `Clone`, `Debug`, `PartialEq`, `serde::Serialize` and `serde::Deserialize`.
    pub ty: External,
    /// The location of the mapping in `clients.toml`, for messages. `None` if a program created it.
    pub span: Option<Span>,
}

/// What the type of a [`TypeMapping`] replaces.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Replaced {
    /// The type of strings, numbers and booleans with this `format`.
    Format(String),
    /// The type of the component schema with this name.
    Schema(String),
}

/// Adds the mappings to the model. Reports formats and schemas that the document does not have.
pub(crate) fn add_type_mappings(spec: &mut Spec, mappings: &[TypeMapping], diagnostics: &mut Diagnostics) {
    if mappings.is_empty() {
        return;
    }
    let formats: HashSet<&str> = spec.schemas.iter().filter_map(|schema| schema.format()).collect();
    let schemas: HashMap<&str, SchemaId> =
        spec.definitions.iter().map(|definition| (definition.name.as_str(), definition.schema)).collect();
    let subtypes = spec.subtypes();
    for mapping in mappings {
        match &mapping.replaced {
            Replaced::Format(name) if name == "password" => {
                let message = "`password` is the format of secrets, which keep their generated type";
                diagnostics.push(Diagnostic::new(Severity::Error, Code::Config, mapping.span, message));
            }
            Replaced::Format(name) if formats.contains(name.as_str()) => {
                spec.mapped_formats.insert(name.clone(), mapping.ty.clone());
            }
            Replaced::Format(name) => {
                let known = formats.iter().copied();
                diagnostics.push(missing(mapping, "no schema has the format", name, known));
            }
            Replaced::Schema(name) => match schemas.get(name.as_str()) {
                Some(schema) => {
                    let ty = External {
                        has_secrets: has_secrets(spec, &subtypes, *schema),
                        allowed: allowed(spec, *schema),
                        ..mapping.ty.clone()
                    };
                    spec.mapped_schemas.insert(*schema, ty);
                }
                None => {
                    let known = schemas.keys().copied();
                    diagnostics.push(missing(mapping, "there is no component schema", name, known));
                }
            },
        }
    }
}

/// Returns whether values of a schema may contain secrets.
fn has_secrets(spec: &Spec, subtypes: &HashMap<SchemaId, Vec<SchemaId>>, schema: SchemaId) -> bool {
    let all = reached(schema, |id| {
        spec.schemas[id].inner_schemas().chain(subtypes.get(&id).into_iter().flatten().copied()).collect()
    });
    let mut schemas = all.into_iter().map(|id| &spec.schemas[id]);
    schemas
        .any(|schema| schema.sensitive.as_deref().is_some_and(|mark| mark.value) || schema.format() == Some("password"))
}

/// Returns the strings that the properties of a schema allow, by the name of the property. Only properties with a list of
/// allowed values are included.
fn allowed(spec: &Spec, schema: SchemaId) -> Vec<(String, Vec<String>)> {
    let parts = reached(schema, |id| {
        let schema = &spec.schemas[id];
        schema.all_of.iter().copied().chain(schema.reference).collect()
    });
    let text = |value: &Value| match &value.kind {
        ValueKind::String(text) => Some(text.clone()),
        _ => None,
    };
    let properties = parts.into_iter().flat_map(|id| spec.schemas[id].properties());
    let allowed = properties.map(|(name, property)| {
        let values = spec.chain(property.schema).last().map_or(&[][..], Schema::values);
        (name.to_owned(), values.iter().filter_map(text).collect::<Vec<String>>())
    });
    allowed.filter(|(_, values)| !values.is_empty()).collect()
}

/// Returns a schema and all schemas that `next` reaches from it, each once.
fn reached(schema: SchemaId, next: impl Fn(SchemaId) -> Vec<SchemaId>) -> Vec<SchemaId> {
    let mut all = Vec::new();
    let mut known: HashSet<SchemaId> = HashSet::new();
    let mut pending = vec![schema];
    while let Some(id) = pending.pop() {
        if known.insert(id) {
            all.push(id);
            pending.extend(next(id));
        }
    }
    all
}

/// Returns the error for a format or schema that the document does not have.
fn missing<'a>(mapping: &TypeMapping, what: &str, name: &str, known: impl Iterator<Item = &'a str>) -> Diagnostic {
    let message = format!("{what} {}", quoted(name));
    let mut diagnostic = Diagnostic::new(Severity::Error, Code::Config, mapping.span, message);
    // Sorted, so that the same name is suggested in every run.
    let known: BTreeSet<&str> = known.collect();
    diagnostic.help = nearest(name, known).map(|near| format!("did you mean {}?", quoted(near)));
    diagnostic
}
