//! Names the types of an API, with their fields and variants.

use std::collections::HashMap;

use crate::diagnostics::Diagnostics;
use crate::ir::{
    Additional, Api, EnumValue, Origin, ResponseContent, Segment, StreamItems, Type, TypeDef, TypeKind, Union,
    VariantLabel,
};

use super::identifier::{Case, extended, identifier};
use super::method;
use super::route::Routes;
use super::scope::Scope;
use super::words::{stem, value_words, words};
use super::{RENAME_HELP, take};

/// The names of a type.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TypeNames {
    /// The name of the type.
    pub name: String,
    /// The names of the properties of an object. Empty for other types.
    pub properties: Vec<PropertyNames>,
    /// The names of the field for additional properties. `None` if additional properties are ignored.
    pub additional: Option<PropertyNames>,
    /// The names of the variants of a union or enum, or of the constants of a flags type. Empty for other types.
    pub variants: Vec<String>,
}

/// The names of a property.
#[derive(Debug, Clone, PartialEq)]
pub struct PropertyNames {
    /// The name of the field.
    pub field: String,
    /// The name of the method that sets the field.
    pub setter: String,
    /// The name of the method that sets the field to `null`. Only generated if `null` has another meaning than an
    /// absent property. Empty for additional properties.
    pub null_setter: String,
}

/// Names all types with their fields and variants.
pub(super) fn types(api: &Api, diagnostics: &mut Diagnostics) -> Vec<TypeNames> {
    let mut scope = Scope::default();
    let mut names: Vec<TypeNames> = Vec::with_capacity(api.types.len());
    let shortened = last_parts(api);
    let operations = method::unique(api, &Routes::new(api));
    // Name components first, because the names of inline types begin with the name of their component.
    let mut components: HashMap<&str, String> = HashMap::new();
    for definition in &api.types {
        if let [Segment::Component(name)] = definition.origin.0.as_slice() {
            let full = identifier(&component_words(name, &operations), Case::Pascal("type"));
            let short = name.rsplit('.').next().filter(|last| shortened.get(last) == Some(&1));
            let rule = short.filter(|last| *last != name);
            let rule = rule.map_or_else(|| full.clone(), |last| identifier(&words(last), Case::Pascal("type")));
            let of_enum = enum_name(definition);
            let taken = take(
                &mut scope,
                definition.rust_name.as_deref(),
                &of_enum.into_iter().chain([rule, full]).collect::<Vec<_>>(),
                definition.span,
                RENAME_HELP,
                diagnostics,
            );
            components.insert(name, taken);
        }
    }
    for definition in &api.types {
        let name = match definition.origin.0.as_slice() {
            [Segment::Component(name)] => components.get(name.as_str()).cloned().unwrap_or_default(),
            _ => {
                let rule =
                    identifier(&inline_words(&definition.origin, &components, &operations), Case::Pascal("type"));
                let candidates = enum_name(definition).into_iter().chain([rule.clone(), extended(&rule, "Value")]);
                let candidates: Vec<String> = candidates.collect();
                take(
                    &mut scope,
                    definition.rust_name.as_deref(),
                    &candidates,
                    definition.span,
                    RENAME_HELP,
                    diagnostics,
                )
            }
        };
        names.push(TypeNames { name, ..TypeNames::default() });
    }
    for (position, definition) in api.types.iter().enumerate() {
        let inner = match &definition.kind {
            TypeKind::Alias(_)
            | TypeKind::Wrapper(_)
            | TypeKind::Tuple(_)
            | TypeKind::KeyedMap(_)
            | TypeKind::JsonText(_) => continue,
            TypeKind::Object(object) => properties(definition, object, diagnostics),
            TypeKind::StringEnum(strings) => {
                let words = |value: &EnumValue<String>| value_words(&value.value);
                TypeNames {
                    variants: values(&strings.values, words, Case::Pascal("value"), diagnostics),
                    ..TypeNames::default()
                }
            }
            TypeKind::IntegerEnum(integers) => {
                let words = |value: &EnumValue<i128>| value_words(&value.value.to_string());
                let case = if integers.flags { Case::UpperSnake("value") } else { Case::Pascal("value") };
                TypeNames { variants: values(&integers.values, words, case, diagnostics), ..TypeNames::default() }
            }
            TypeKind::Union(union) => {
                TypeNames { variants: variants(position, union, &names, diagnostics), ..TypeNames::default() }
            }
        };
        if let Some(names) = names.get_mut(position) {
            names.properties = inner.properties;
            names.additional = inner.additional;
            names.variants = inner.variants;
        }
    }
    names
}

/// Returns the name that `x-ms-enum` specifies for an enum.
fn enum_name(definition: &TypeDef) -> Option<String> {
    let name = definition.enum_name.as_deref()?;
    Some(identifier(&words(name), Case::Pascal("type")))
}

/// Returns the words of the name of a component. FastAPI names the schema of a request body `Body_`, followed by the ID
/// of the operation.
fn component_words(name: &str, operations: &HashMap<&str, Vec<String>>) -> Vec<String> {
    let operation = name.strip_prefix("Body_").and_then(|id| Some((id, operations.get(id)?)));
    match operation {
        Some((id, short)) if *short != words(id) => short.iter().cloned().chain(["body".to_owned()]).collect(),
        _ => words(name),
    }
}

/// Counts how often each last segment of dotted component names occurs, e.g. `Pet` of `v1.Pet`. A segment that occurs
/// once is sufficient as the name of the type.
fn last_parts(api: &Api) -> HashMap<&str, usize> {
    let mut counts = HashMap::new();
    for definition in &api.types {
        if let [Segment::Component(name)] = definition.origin.0.as_slice()
            && let Some(last) = name.rsplit('.').next()
        {
            *counts.entry(last).or_default() += 1;
        }
    }
    counts
}

/// Returns the words of the name of an inline type, derived from the steps of its origin: e.g. `pet`, `owner`,
/// `address` for the schema of `Pet.owner.address`.
fn inline_words(
    origin: &Origin,
    components: &HashMap<&str, String>,
    operations: &HashMap<&str, Vec<String>>,
) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for segment in &origin.0 {
        match segment {
            Segment::Component(name) => all.extend(words(components.get(name.as_str()).map_or(name, |taken| taken))),
            Segment::Operation(key) => match operations.get(key.as_str()) {
                Some(operation) => all.extend(operation.iter().cloned()),
                None => all.extend(words(key)),
            },
            Segment::Webhook(name) | Segment::Property(name) | Segment::Parameter(name) => all.extend(words(name)),
            // Use the singular if the name is a plural: an item of `errors` is an `error`.
            Segment::Items => match all.pop() {
                Some(last) if stem(&last) != last => all.push(stem(&last)),
                last => all.extend(last.into_iter().chain(["item".to_owned()])),
            },
            Segment::Values => all.push("value".to_owned()),
            Segment::Item(position) => all.extend(["item".to_owned(), position.to_string()]),
            Segment::Names => all.push("name".to_owned()),
            Segment::Content => all.push("content".to_owned()),
            Segment::Base => all.push("base".to_owned()),
            Segment::Patch => all.push("patch".to_owned()),
            Segment::Variant(VariantLabel::Title(title)) => all.extend(words(title)),
            Segment::Variant(VariantLabel::Kind(kind)) => all.push(match kind.as_str() {
                "string" => "text".to_owned(),
                "array" => "list".to_owned(),
                kind => kind.to_owned(),
            }),
            Segment::Variant(VariantLabel::Position(number)) => all.extend(["variant".to_owned(), number.to_string()]),
            Segment::RequestBody => all.push("request".to_owned()),
            Segment::Response(status) if status.starts_with('2') => all.push("response".to_owned()),
            Segment::Response(status) => all.extend(["response".to_owned(), status.to_lowercase()]),
        }
    }
    all
}

/// Names the fields and setters of an object.
fn properties(definition: &TypeDef, object: &crate::ir::Object, diagnostics: &mut Diagnostics) -> TypeNames {
    let mut fields = Scope::default();
    let mut setters = Scope::default();
    let mut names = Vec::with_capacity(object.properties.len());
    for property in &object.properties {
        let rule = identifier(&words(&property.name), Case::Snake("field"));
        let candidates = [rule.clone(), extended(&rule, "_member")];
        let field =
            take(&mut fields, property.rust_name.as_deref(), &candidates, property.span, RENAME_HELP, diagnostics);
        let (setter, _) = setters.take(&[setter(&field)]);
        names.push(PropertyNames { field, setter, null_setter: String::new() });
    }
    // Choose the names of `_null` setters last, so that names of other setters take precedence.
    for names in &mut names {
        names.null_setter = setters.take(&[extended(&names.setter, "_null")]).0;
    }
    let additional = matches!(object.additional, Additional::Kept(_)).then(|| {
        let candidates = ["additional_properties".to_owned(), "other_properties".to_owned()];
        let field = take(
            &mut fields,
            None,
            &candidates,
            definition.span,
            "write `x-rust-name: …` in the property to choose another name",
            diagnostics,
        );
        let (setter, _) = setters.take(&[setter(&field)]);
        PropertyNames { field, setter, null_setter: String::new() }
    });
    TypeNames { properties: names, additional, ..TypeNames::default() }
}

/// Returns the name of the method that sets a field.
fn setter(field: &str) -> String {
    format!("with_{}", extended(field, ""))
}

/// Names the variants or constants of an enum. For a value without a name in `x-enum-varnames`, `rule` returns the
/// words of the name.
fn values<T>(
    values: &[EnumValue<T>],
    rule: impl Fn(&EnumValue<T>) -> Vec<String>,
    case: Case,
    diagnostics: &mut Diagnostics,
) -> Vec<String> {
    let mut scope = Scope::with_reserved(&["Unknown"]);
    values
        .iter()
        .map(|value| {
            let words = value.name.as_deref().map_or_else(|| rule(value), words);
            let identifier = identifier(&words, case);
            let candidates = [
                identifier.clone(),
                extended(&identifier, if matches!(case, Case::UpperSnake(_)) { "_VALUE" } else { "Value" }),
            ];
            take(
                &mut scope,
                None,
                &candidates,
                value.span,
                "write `x-enum-varnames` beside `enum` to choose other names",
                diagnostics,
            )
        })
        .collect()
}

/// Names the variants of the union whose index in `names` is `position`.
fn variants(position: usize, union: &Union, names: &[TypeNames], diagnostics: &mut Diagnostics) -> Vec<String> {
    let union_words = names.get(position).map(|names| words(&names.name)).unwrap_or_default();
    let mut scope = Scope::with_reserved(&["Unknown"]);
    union
        .variants
        .iter()
        .map(|variant| {
            let full = match (&variant.label, &variant.ty) {
                (Some(label), _) => words(label),
                (None, ty) => type_words(ty, names),
            };
            // Omit the name of the union: `ImportStatus::Flags`, not `ImportStatus::ImportStatusFlags`.
            let short = full.strip_prefix(union_words.as_slice()).filter(|rest| !rest.is_empty()).unwrap_or(&full);
            let candidates = [identifier(short, Case::Pascal("variant")), identifier(&full, Case::Pascal("variant"))];
            let candidates =
                [candidates.as_slice(), &[extended(&identifier(&full, Case::Pascal("variant")), "Variant")]].concat();
            take(
                &mut scope,
                None,
                &candidates,
                variant.span,
                "write a `title` in the schema to choose another name",
                diagnostics,
            )
        })
        .collect()
}

/// Returns words that describe a type, for the names of variants.
fn type_words(ty: &Type, names: &[TypeNames]) -> Vec<String> {
    let plain = match ty {
        Type::Named(id) => return names.get(id.0).map(|names| words(&names.name)).unwrap_or_default(),
        Type::Nullable(inner) => return type_words(inner, names),
        Type::Any | Type::ExactJson => "json",
        Type::AnyObject => "object",
        Type::String => "text",
        Type::Secret => "secret",
        Type::Date => "date",
        Type::DateTime => "date time",
        Type::Base64 | Type::Base64Url => "bytes",
        Type::Boolean => "boolean",
        Type::Integer(_) | Type::IntegerText(_) | Type::IntegerOrText(_) => "integer",
        Type::Number | Type::NumberOrText => "number",
        Type::Decimal => "decimal",
        Type::Array(_) => "list",
        Type::Map(_) => "map",
    };
    words(plain)
}

/// Names the variants of the error enum: one for each type of body in documented error responses.
pub(super) fn errors(api: &Api, names: &[TypeNames], diagnostics: &mut Diagnostics) -> Vec<(Type, String)> {
    let mut scope = Scope::with_reserved(&["Raw"]);
    let mut named: Vec<(Type, String)> = Vec::new();
    for operation in api.groups.iter().flat_map(|group| &group.operations) {
        let contents = operation.errors.iter().flat_map(|error| &error.representations);
        let bodies = contents.filter_map(|representation| match &representation.content {
            ResponseContent::Json(ty) | ResponseContent::Text(ty) | ResponseContent::TextOrJson(ty) => Some(ty),
            ResponseContent::Empty | ResponseContent::Bytes | ResponseContent::Stream(_) => None,
        });
        let in_stream = operation.success.stream.iter().filter_map(|stream| match &stream.items {
            StreamItems::Results { error, .. } => error.as_ref(),
            _ => None,
        });
        for ty in bodies.chain(in_stream) {
            if named.iter().any(|(known, _)| known == ty) {
                continue;
            }
            let rule = identifier(&type_words(ty, names), Case::Pascal("error"));
            let candidates = [rule.clone(), extended(&rule, "Body")];
            named.push((
                ty.clone(),
                take(
                    &mut scope,
                    None,
                    &candidates,
                    operation.span,
                    "write `x-rust-name: …` in the schema to choose another name",
                    diagnostics,
                ),
            ));
        }
    }
    named
}
