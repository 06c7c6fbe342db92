//! Names the types of an API, with their fields and variants.

use std::collections::HashMap;

use indexmap::IndexMap;

use crate::ir::{
    Additional, Api, EnumValue, Object, Property, ResponseContent, StreamItems, Type, TypeDef, TypeId, TypeKind, Union,
    Variant,
};
use crate::source::Span;

use super::RENAME_HELP;
use super::identifier::{Case, MAX_LENGTH, extended, identifier, valid};
use super::inline;
use super::lock_file::{Key, Kind, escaped};
use super::method;
use super::namer::{Item, Namer};
use super::places::Places;
use super::route::Routes;
use super::scope::Scope;
use super::words::{value_words, words};
use crate::words::beginning;

/// The names of a type.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TypeNames {
    /// The name of the type.
    pub name: String,
    /// The names of the properties of an object. Empty for other types.
    pub properties: Vec<PropertyNames>,
    /// The names of the field for additional properties. `None` if additional properties are ignored.
    pub additional: Option<PropertyNames>,
    /// The name of the struct of required properties. `None` if they are arguments of the constructor.
    pub required: Option<String>,
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
pub(super) fn types(api: &Api, namer: &mut Namer<'_>) -> Vec<TypeNames> {
    let mut scope = Scope::default();
    let places = Places::of(api);
    let locked = places.kept(api, namer.all_previous());
    let with_keys = || api.types.iter().zip(&locked);
    let generated = || with_keys().filter(|(definition, _)| !definition.is_left_out);
    let keys = generated().filter(|(definition, _)| definition.rust_name.is_none()).filter_map(|(_, key)| key.clone());
    let keys: Vec<Key> = keys.chain(required_keys(api, &locked, namer)).collect();
    namer.claim_except(&mut scope, keys, generated().filter_map(|(definition, _)| definition.rust_name.as_deref()));
    let mut names: Vec<TypeNames> = Vec::with_capacity(api.types.len());
    let shortened = last_parts(api);
    let operations = method::unique(api, &Routes::new(api));
    // Name components first, because the names of inline types begin with the name of their component.
    let mut components: HashMap<&str, String> = HashMap::new();
    for (definition, key) in generated() {
        if let Some(name) = definition.origin.component() {
            let full = identifier(&component_words(name, &operations), Case::Pascal("type"));
            let short = name.rsplit('.').next().filter(|last| shortened.get(last) == Some(&1));
            let rule = short.filter(|last| *last != name);
            let rule = rule.map_or_else(|| full.clone(), |last| identifier(&words(last), Case::Pascal("type")));
            let of_enum = enum_name(definition);
            let candidates = of_enum.into_iter().chain([rule, full]).collect();
            components.insert(name, namer.choose(&mut scope, item(definition, key.as_ref(), candidates)));
        }
    }
    let context = inline::Context { components: &components, operations: &operations };
    let mut inline = context.names(api, &locked, &mut scope, namer);
    for (index, definition) in api.types.iter().enumerate() {
        let name = match definition.origin.component() {
            _ if definition.is_left_out => None,
            Some(component) => components.get(component).cloned(),
            None => inline.remove(&index),
        };
        names.push(TypeNames { name: name.unwrap_or_default(), ..TypeNames::default() });
    }
    places.record(api, |id| type_name(&names, id).to_owned(), namer);
    for (position, definition) in api.types.iter().enumerate() {
        let owner = type_name(&names, TypeId(position)).to_owned();
        let inner = match &definition.kind {
            _ if definition.is_left_out => continue,
            TypeKind::Alias(_)
            | TypeKind::Wrapper(_)
            | TypeKind::Tuple(_)
            | TypeKind::KeyedMap(_)
            | TypeKind::JsonText(_) => continue,
            TypeKind::Object(object) => properties(&owner, definition, object, namer),
            TypeKind::StringEnum(strings) => {
                let words = |value: &EnumValue<String>| value_words(&value.value);
                TypeNames {
                    variants: values(&owner, &strings.values, words, Case::Pascal("value"), namer),
                    ..TypeNames::default()
                }
            }
            TypeKind::IntegerEnum(integers) => {
                let words = |value: &EnumValue<i128>| value_words(&value.value.to_string());
                let case = if integers.flags { Case::UpperSnake("value") } else { Case::Pascal("value") };
                TypeNames { variants: values(&owner, &integers.values, words, case, namer), ..TypeNames::default() }
            }
            TypeKind::Union(union) => {
                TypeNames { variants: variants(&owner, union, &names, namer), ..TypeNames::default() }
            }
        };
        if let Some(names) = names.get_mut(position) {
            names.properties = inner.properties;
            names.additional = inner.additional;
            names.variants = inner.variants;
        }
    }
    // Choose the names of structs of required properties last, so that names from the document take precedence.
    for (definition, names) in api.types.iter().zip(&mut names) {
        if has_required(definition, api) {
            let candidates = [required_name(&names.name)];
            names.required = Some(namer.derive(&mut scope, required_key(&names.name), &candidates));
        }
    }
    names
}

/// Returns the keys of the structs of required properties. `locked` contains the keys of the types in the lock file.
fn required_keys(api: &Api, locked: &[Option<Key>], namer: &Namer<'_>) -> Vec<Key> {
    let with_required = api.types.iter().zip(locked).filter(|(definition, _)| has_required(definition, api));
    let key = |(definition, key): (&TypeDef, &Option<Key>)| {
        let explicit = definition.rust_name.as_deref().map(valid);
        let owner = explicit.or_else(|| namer.previous(key.as_ref()?).map(str::to_owned))?;
        Some(required_key(&owner))
    };
    with_required.filter_map(key).collect()
}

/// Returns whether a type has a struct of required properties.
fn has_required(definition: &TypeDef, api: &Api) -> bool {
    match &definition.kind {
        _ if definition.is_left_out => false,
        TypeKind::Object(object) => object.has_named_arguments(definition.usage, &api.types),
        _ => false,
    }
}

/// Returns the key of the struct of the properties that the type `owner` requires.
fn required_key(owner: &str) -> Key {
    Key::new(Kind::Required).part(owner)
}

/// Returns the name of the struct of the values that a type requires.
pub(super) fn required_name(ty: &str) -> String {
    extended(beginning(ty, MAX_LENGTH), "Required")
}

/// Returns a type as an item that needs a name. `key` is its key in the lock file.
pub(super) fn item<'a>(definition: &'a TypeDef, key: Option<&Key>, candidates: Vec<String>) -> Item<'a> {
    let rust_name = definition.rust_name.as_deref();
    Item { key: key.cloned(), rust_name, candidates, span: definition.span, help: RENAME_HELP }
}

/// Returns the name of a type.
fn type_name(names: &[TypeNames], id: TypeId) -> &str {
    names.get(id.0).map_or("", |names| names.name.as_str())
}

/// Returns the name that `x-ms-enum` specifies for an enum.
pub(super) fn enum_name(definition: &TypeDef) -> Option<String> {
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
        if let Some(last) = definition.origin.component().and_then(|name| name.rsplit('.').next()) {
            *counts.entry(last).or_default() += 1;
        }
    }
    counts
}

/// Names the fields and setters of the object type `owner`.
fn properties(owner: &str, definition: &TypeDef, object: &Object, namer: &mut Namer<'_>) -> TypeNames {
    let key = |place: &str| Key::new(Kind::Field).part(owner).plain(place);
    let place = |property: &Property| escaped(&property.name);
    let mut fields = Scope::default();
    let keys = object.properties.iter().map(|property| (key(&place(property)), property.rust_name.as_deref()));
    namer.claim(&mut fields, keys.chain([(key(ADDITIONAL), None)]));
    let mut named = Vec::with_capacity(object.properties.len() + 1);
    for property in &object.properties {
        let rule = identifier(&words(&property.name), Case::Snake("field"));
        let item = Item {
            key: Some(key(&place(property))),
            rust_name: property.rust_name.as_deref(),
            candidates: vec![rule.clone(), extended(&rule, "_member")],
            span: property.span,
            help: RENAME_HELP,
        };
        named.push((place(property), namer.take(&mut fields, item)));
    }
    let has_additional = matches!(object.additional, Additional::Kept(_));
    if has_additional {
        let item = Item {
            key: Some(key(ADDITIONAL)),
            rust_name: None,
            candidates: vec!["additional_properties".to_owned(), "other_properties".to_owned()],
            span: definition.span,
            help: "write `x-rust-name: …` in the property to choose another name",
        };
        named.push((ADDITIONAL.to_owned(), namer.take(&mut fields, item)));
    }
    let mut properties = setters(owner, named, namer);
    let additional = if has_additional { properties.pop() } else { None };
    TypeNames { properties, additional, ..TypeNames::default() }
}

/// The place of additional properties in keys of the lock file.
const ADDITIONAL: &str = "{}";

/// Returns the name of the method that sets a field.
fn setter(field: &str) -> String {
    format!("with_{}", extended(field, ""))
}

/// Names the setters of the fields of the object type `owner`. `fields` contains the place and the name of each field.
///
/// The lock file only contains the setters whose names do not follow from the names of their fields.
fn setters(owner: &str, fields: Vec<(String, String)>, namer: &mut Namer<'_>) -> Vec<PropertyNames> {
    let key = |place: &str| Key::new(Kind::Setter).part(owner).plain(place);
    let null_key = |place: &str| key(place).plain("null");
    let null_setter = |setter: &str| extended(setter, "_null");
    let mut scope = Scope::default();
    namer.claim(&mut scope, fields.iter().flat_map(|(place, _)| [(key(place), None), (null_key(place), None)]));
    // The setters of fields in the lock file keep their names too.
    let is_known = |place: &str, field: &str, namer: &Namer<'_>| {
        namer.previous(&Key::new(Kind::Field).part(owner).plain(place)) == Some(field)
    };
    let known: Vec<_> = fields.iter().filter(|(place, field)| is_known(place, field, namer)).collect();
    for (place, field) in &known {
        namer.claim_derived(&mut scope, &key(place), &setter(field));
    }
    for (place, field) in &known {
        let setter = namer.previous(&key(place)).map_or_else(|| setter(field), str::to_owned);
        namer.claim_derived(&mut scope, &null_key(place), &null_setter(&setter));
    }
    let mut names: Vec<(String, PropertyNames)> = Vec::with_capacity(fields.len());
    for (place, field) in fields {
        let setter = namer.derive_from(&mut scope, key(&place), &[setter(&field)]);
        names.push((place, PropertyNames { field, setter, null_setter: String::new() }));
    }
    // Choose the names of `_null` setters last, so that names of other setters take precedence.
    for (place, names) in &mut names {
        names.null_setter = namer.derive_from(&mut scope, null_key(place), &[null_setter(&names.setter)]);
    }
    names.into_iter().map(|(_, names)| names).collect()
}

/// Names the variants or constants of the enum `owner`. For a value without a name in `x-enum-varnames`, `rule` returns
/// the words of the name.
fn values<T: ToString>(
    owner: &str,
    values: &[EnumValue<T>],
    rule: impl Fn(&EnumValue<T>) -> Vec<String>,
    case: Case,
    namer: &mut Namer<'_>,
) -> Vec<String> {
    let (kind, suffix) =
        if matches!(case, Case::UpperSnake(_)) { (Kind::Flag, "_VALUE") } else { (Kind::Variant, "Value") };
    let key = |value: &EnumValue<T>| Key::new(kind).part(owner).part(&value.value.to_string());
    let mut scope = Scope::with_reserved(&["Unknown"]);
    namer.claim(&mut scope, values.iter().map(|value| (key(value), None)));
    let mut name = |value: &EnumValue<T>| {
        let words = value.name.as_deref().map_or_else(|| rule(value), words);
        let identifier = identifier(&words, case);
        let item = Item {
            key: Some(key(value)),
            rust_name: None,
            candidates: vec![identifier.clone(), extended(&identifier, suffix)],
            span: value.span,
            help: "write `x-enum-varnames` beside `enum` to choose other names, and delete the line of this name in \
                   `clientwright.lock`",
        };
        namer.take(&mut scope, item)
    };
    values.iter().map(&mut name).collect()
}

/// Names the variants of the union `owner`.
fn variants(owner: &str, union: &Union, names: &[TypeNames], namer: &mut Namer<'_>) -> Vec<String> {
    let union_words = words(owner);
    let key = |variant: &Variant| Key::new(Kind::Variant).part(owner).plain(&type_text(&variant.ty, names));
    let mut scope = Scope::with_reserved(&["Unknown"]);
    namer.claim(&mut scope, union.variants.iter().map(|variant| (key(variant), None)));
    let mut name = |variant: &Variant| {
        let full = match (&variant.label, &variant.ty) {
            (Some(label), _) => words(label),
            (None, ty) => type_words(ty, names),
        };
        // Omit the name of the union: `ImportStatus::Flags`, not `ImportStatus::ImportStatusFlags`.
        let short = full.strip_prefix(union_words.as_slice()).filter(|rest| !rest.is_empty()).unwrap_or(&full);
        let full = identifier(&full, Case::Pascal("variant"));
        let with_suffix = extended(&full, "Variant");
        let item = Item {
            key: Some(key(variant)),
            rust_name: None,
            candidates: vec![identifier(short, Case::Pascal("variant")), full, with_suffix],
            span: variant.span,
            help: "write a `title` in the schema to choose another name, and delete the line of this name in \
                   `clientwright.lock`",
        };
        namer.take(&mut scope, item)
    };
    union.variants.iter().map(&mut name).collect()
}

/// Returns text that identifies a type in keys of the lock file.
fn type_text(ty: &Type, names: &[TypeNames]) -> String {
    match ty {
        Type::Named(id) => type_name(names, *id).to_owned(),
        Type::Nullable(inner) => type_text(inner, names),
        Type::Array(inner) => format!("[{}]", type_text(inner, names)),
        Type::Map(inner) => format!("{{{}}}", type_text(inner, names)),
        ty => type_words(ty, names).join("-"),
    }
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
        Type::External(external) => return words(&external.last_segment()),
    };
    words(plain)
}

/// Names the variants of the error enum: one for each type of body in documented error responses.
pub(super) fn errors(api: &Api, names: &[TypeNames], namer: &mut Namer<'_>) -> Vec<(Type, String)> {
    let mut scope = Scope::with_reserved(&["Raw"]);
    let mut types: IndexMap<&Type, Span> = IndexMap::new();
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
            types.entry(ty).or_insert(operation.span);
        }
    }
    let key = |ty: &Type| Key::new(Kind::Error).plain(&type_text(ty, names));
    namer.claim(&mut scope, types.keys().map(|ty| (key(ty), None)));
    let name = |(ty, span): (&Type, Span)| {
        let rule = identifier(&type_words(ty, names), Case::Pascal("error"));
        let item = Item {
            key: Some(key(ty)),
            rust_name: None,
            candidates: vec![rule.clone(), extended(&rule, "Body")],
            span,
            help: "write `x-rust-name: …` in the schema to choose another name",
        };
        (ty.clone(), namer.take(&mut scope, item))
    };
    types.into_iter().map(name).collect()
}
