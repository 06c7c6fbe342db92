//! Views of types, for the templates in `model/`.

use std::collections::HashSet;

use proc_macro2::TokenStream;
use quote::quote;
use serde::Serialize;

use crate::ir::{
    Additional, Api, Doc, Home, IntegerEnum, Object, Presence, Property, Segment, StringEnum, Test, Type, TypeDef,
    TypeId, TypeKind, Usage, VariantLabel,
};
use crate::name::{Names, PropertyNames, TypeNames};
use crate::source::Span;

use super::docs::Docs;
use super::markdown::{code, first_paragraph};
use super::recursion::Recursion;
use super::scalar::scalar;
use super::types::{Types, ident, integer, literal};
use super::union::{UnionView, union};

/// The view of a type. Exactly one of the fields from `object` to `alias` is `Some`.
#[derive(Debug, Serialize)]
pub(crate) struct ModelView {
    pub name: String,
    pub docs: Vec<String>,
    pub deprecated: bool,
    pub object: Option<ObjectView>,
    pub string_enum: Option<EnumView>,
    pub integer_enum: Option<EnumView>,
    pub flags: Option<EnumView>,
    pub union: Option<UnionView>,
    /// The inner type of a newtype. Newtypes are generated for arrays and maps that contain themselves.
    pub wrapper: Option<String>,
    pub alias: Option<String>,
}

#[derive(Debug, Serialize)]
pub(crate) struct ObjectView {
    pub fields: Vec<FieldView>,
    /// The arguments of `new` for the required fields, as `name: type`.
    pub arguments: Vec<String>,
    /// Whether the type derives `Default`, because no field is required.
    pub has_default: bool,
    /// Whether `new` has no arguments although the type has required fields, because each of them has only one allowed
    /// value.
    pub new_is_default: bool,
    pub initializers: Vec<String>,
    pub setters: Vec<SetterView>,
}

#[derive(Debug, Serialize)]
pub(crate) struct FieldView {
    pub docs: Vec<String>,
    pub deprecated: bool,
    pub name: String,
    pub ty: String,
    /// The field's argument of the macro `object!`, e.g. `(name, required, "name")`.
    pub property: String,
}

#[derive(Debug, Serialize)]
pub(crate) struct SetterView {
    pub docs: Vec<String>,
    pub deprecated: bool,
    pub name: String,
    /// The setter's argument as `name: type`. Empty for setters that set `null`.
    pub argument: String,
    pub field: String,
    pub value: String,
}

#[derive(Debug, Serialize)]
pub(crate) struct EnumView {
    /// The Rust type of integer enums. Empty for string enums.
    pub repr: String,
    /// Whether the enum is the key of a map.
    pub is_ordered: bool,
    pub values: Vec<ValueView>,
}

#[derive(Debug, Serialize)]
pub(crate) struct ValueView {
    pub docs: Vec<String>,
    pub name: String,
    /// The serialized value, as a Rust literal.
    pub wire: String,
}

/// The sentence added to the docs of integer enums with `x-flags`.
const FLAGS: &str = "Bit flags: any combination of bits is valid, including bits without a constant.";

/// The paragraph added to the docs of unions some of whose variants are selected by trial deserialization.
const TRIAL: &str = "Deserialization selects the variant by its properties or its JSON type. If several variants \
                     remain, it tries each of them, and uses the matching variant with the fewest unknown values. If \
                     several variants have equally few, it uses the first one that preserves most of the value.";

/// The paragraph added to the docs of `anyOf` unions whose variants preserve additional properties.
const ANY_OF: &str = "A value may match several variants at once (`anyOf`). Properties that the selected variant does \
                      not define are stored in its additional properties and serialized with it.";

/// Returns the view of each type, with the first user of the type.
pub(super) fn models(api: &Api, types: &Types<'_>) -> Vec<(Option<Home>, ModelView)> {
    let recursion = Recursion::of(&api.types);
    let keys = keys(&api.types);
    let mut models: Vec<_> = api.types.iter().zip(&types.names.types).enumerate().collect();
    // Sort by the position in the document, so that an inline type follows its parent.
    models.sort_by_key(|(_, (definition, _))| (definition.span.source, definition.span.start));
    let models = models.into_iter().filter(|(_, (definition, _))| is_generated(definition));
    models
        .map(|(index, (definition, names))| {
            let id = TypeId(index);
            (definition.home, model(id, definition, names, types, &recursion, keys.contains(&id)))
        })
        .collect()
}

/// Returns whether a type is generated. A type used only as a form is not generated, because the parts of the form are
/// arguments and setters of the call.
fn is_generated(definition: &TypeDef) -> bool {
    let usage = definition.usage;
    !usage.form || usage.request || usage.response
}

/// Returns the source location and the Rust type of each schema for which a type is generated. The paths of the Rust
/// types are valid in a crate with a single API.
pub(crate) fn schema_types(api: &Api, names: &Names) -> Vec<(Span, String)> {
    let types = Types { definitions: &api.types, names, root: &quote!(crate) };
    let schemas = api.schemas.iter();
    let generated = schemas.filter(|(_, ty)| {
        let definition = ty.innermost();
        !matches!(definition, Type::Named(id) if !api.types.get(id.0).is_some_and(is_generated))
    });
    generated.map(|(span, ty)| (*span, types.render_type(ty).to_string())).collect()
}

/// Returns the enums that are the keys of maps.
fn keys(types: &[TypeDef]) -> HashSet<TypeId> {
    let key = |definition: &TypeDef| match &definition.kind {
        TypeKind::KeyedMap(map) => match map.key.unaliased(types) {
            Type::Named(id) => Some(*id),
            _ => None,
        },
        _ => None,
    };
    types.iter().filter_map(key).collect()
}

fn model(
    id: TypeId,
    definition: &TypeDef,
    names: &TypeNames,
    types: &Types<'_>,
    recursion: &Recursion,
    is_key: bool,
) -> ModelView {
    let mut view = ModelView {
        name: names.name.clone(),
        docs: type_docs(definition),
        deprecated: definition.doc.deprecated,
        object: None,
        string_enum: None,
        integer_enum: None,
        flags: None,
        union: None,
        wrapper: None,
        alias: None,
    };
    match &definition.kind {
        TypeKind::Wrapper(ty) => view.wrapper = Some(types.render_type(ty).to_string()),
        TypeKind::Alias(ty) => view.alias = Some(types.render_type(ty).to_string()),
        TypeKind::Tuple(tuple) => view.alias = Some(types.render_tuple(tuple).to_string()),
        TypeKind::KeyedMap(map) => {
            let (key, value) = (types.render_type(&map.key), types.render_type(&map.value));
            view.alias = Some(quote!(::std::collections::BTreeMap<#key, #value>).to_string());
        }
        TypeKind::JsonText(ty) => {
            let ty = types.render_type(ty);
            view.alias = Some(quote!(crate::runtime::JsonText<#ty>).to_string());
        }
        TypeKind::Object(object) => {
            view.object = Some(object_view(id, (object, definition.usage), names, types, recursion));
        }
        TypeKind::StringEnum(strings) => {
            view.string_enum = Some(EnumView { is_ordered: is_key, ..string_enum(strings, names) });
        }
        TypeKind::IntegerEnum(integers) if integers.flags => {
            view.flags = Some(integer_enum(integers, names));
            view.docs.extend([String::new(), FLAGS.to_owned()]);
        }
        TypeKind::IntegerEnum(integers) => view.integer_enum = Some(integer_enum(integers, names)),
        TypeKind::Union(definition) => {
            view.union = Some(union(definition, names, types));
            if definition.variants.iter().any(|variant| matches!(variant.test, Test::Trial(_))) {
                view.docs.extend([String::new(), TRIAL.to_owned()]);
            }
            let keeps_additional = |ty: &Type| {
                let object = ty.object(types.definitions);
                object.is_some_and(|object| object.additional == Additional::Kept(Type::ExactJson))
            };
            if definition.any_of && definition.variants.iter().any(|variant| keeps_additional(&variant.ty)) {
                view.docs.extend([String::new(), ANY_OF.to_owned()]);
            }
        }
    }
    view
}

fn type_docs(definition: &TypeDef) -> Vec<String> {
    let docs = Docs::default();
    let docs = match (definition.doc.has_text(), definition.origin.0.last()) {
        (false, _) => docs.text(describe_origin(definition)).of(&definition.doc),
        (true, Some(Segment::Base)) => docs.of(&definition.doc).text(describe_origin(definition)),
        (true, _) => docs.of(&definition.doc),
    };
    docs.or(String::new)
}

/// Describes where the document defines a type, e.g. "An item of the property `tags` of the schema `Pet`.".
fn describe_origin(definition: &TypeDef) -> String {
    let steps: Vec<String> = definition.origin.0.iter().rev().map(describe_segment).collect();
    let text = steps.join(" of ");
    let mut letters = text.chars();
    letters.next().map(|first| format!("{}{}.", first.to_uppercase(), letters.as_str())).unwrap_or_default()
}

/// Describes a step of the path to an inline type, e.g. "the property `tags`".
fn describe_segment(segment: &Segment) -> String {
    match segment {
        Segment::Component(name) => format!("the schema {}", code(name)),
        Segment::Operation(name) => format!("the operation {}", code(name)),
        Segment::Webhook(name) => format!("the webhook {}", code(name)),
        Segment::Property(name) => format!("the property {}", code(name)),
        Segment::Parameter(name) => format!("the parameter {}", code(name)),
        Segment::Items => "an item".to_owned(),
        Segment::Values => "a value".to_owned(),
        Segment::Item(position) => format!("item {position}"),
        Segment::Names => "a name".to_owned(),
        Segment::Content => "the content".to_owned(),
        Segment::Base => "the base variant".to_owned(),
        Segment::Variant(VariantLabel::Title(title)) => format!("the variant {}", code(title)),
        Segment::Variant(VariantLabel::Kind(kind)) => format!("the {} variant", code(kind)),
        Segment::Variant(VariantLabel::Position(number)) => format!("variant {number}"),
        Segment::RequestBody => "the request body".to_owned(),
        Segment::Patch => "a JSON merge patch".to_owned(),
        Segment::Response(status) => format!("the response {}", code(status)),
    }
}

fn object_view(
    id: TypeId,
    (object, usage): (&Object, Usage),
    names: &TypeNames,
    types: &Types<'_>,
    recursion: &Recursion,
) -> ObjectView {
    let mut view = ObjectView {
        fields: Vec::new(),
        arguments: Vec::new(),
        has_default: true,
        new_is_default: false,
        initializers: Vec::new(),
        setters: Vec::new(),
    };
    for (property, names) in object.properties.iter().zip(&names.properties) {
        let boxed = recursion.needs_box(id, &property.ty);
        view.fields.push(field(property, names, boxed, usage, types));
        let name = ident(&names.field);
        let argument = types.argument(&property.ty, &name);
        let value = argument.value;
        let value = if boxed { quote!(::std::boxed::Box::new(#value)) } else { value };
        let argument_ty = argument.ty;
        // A required write-only property is optional in the Rust type, because responses omit it.
        let is_required_in_request = property.write_only && property.required && usage.request;
        match property.presence {
            Presence::Required => {
                view.has_default = false;
                if let Some((_, value)) = set_by_new(property, types) {
                    view.initializers.push(quote!(#name: #value).to_string());
                } else {
                    view.arguments.push(quote!(#name: #argument_ty).to_string());
                    view.initializers.push(if argument.converts || boxed {
                        quote!(#name: #value).to_string()
                    } else {
                        names.field.clone()
                    });
                    continue;
                }
            }
            Presence::Optional if is_required_in_request && let Some((_, value)) = set_by_new(property, types) => {
                view.has_default = false;
                view.initializers.push(quote!(#name: ::std::option::Option::Some(#value)).to_string());
            }
            Presence::Optional if is_required_in_request => {
                view.has_default = false;
                view.arguments.push(quote!(#name: #argument_ty).to_string());
                view.initializers.push(quote!(#name: ::std::option::Option::Some(#value)).to_string());
            }
            Presence::Optional => view.initializers.push(quote!(#name: ::std::option::Option::None).to_string()),
            Presence::EmptyIfAbsent if property.required => {
                view.has_default = false;
                view.arguments.push(quote!(#name: #argument_ty).to_string());
                view.initializers.push(quote!(#name: #value).to_string());
                continue;
            }
            Presence::EmptyIfAbsent => {
                view.initializers.push(quote!(#name: ::std::default::Default::default()).to_string());
            }
            Presence::Nullable => {
                view.has_default = false;
                let inner = types.render_type(&property.ty);
                view.arguments.push(quote!(#name: ::std::option::Option<#inner>).to_string());
                view.initializers.push(if boxed {
                    quote!(#name: #name.map(::std::boxed::Box::new)).to_string()
                } else {
                    names.field.clone()
                });
                continue;
            }
            Presence::OptionalNullable if is_required_in_request => {
                view.has_default = false;
                let inner = types.render_type(&property.ty);
                let value = if boxed { quote!(#name.map(::std::boxed::Box::new)) } else { quote!(#name) };
                view.arguments.push(quote!(#name: ::std::option::Option<#inner>).to_string());
                view.initializers.push(quote!(#name: ::std::convert::From::from(#value)).to_string());
            }
            Presence::OptionalNullable => {
                view.initializers.push(quote!(#name: crate::runtime::Maybe::Absent).to_string())
            }
        }
        view.setters.extend(setters(property, names, quote!(#name: #argument_ty).to_string(), &value));
    }
    view.new_is_default = !view.has_default && view.arguments.is_empty();
    if let (Additional::Kept(ty), Some(field)) = (&object.additional, &names.additional) {
        let map = Type::Map(Box::new(ty.clone()));
        let rest = if ty.is_numeric(types.definitions) { "rest_of_numbers" } else { "rest" };
        view.fields.push(FieldView {
            docs: Docs::default()
                .text("Properties that are not listed in the API definition.")
                .of_part("Each value", " of each value", &object.additional_doc)
                .or(String::new),
            deprecated: false,
            name: field.clone(),
            ty: types.render_type(&map).to_string(),
            property: format!("..({field}, {rest})"),
        });
        let field = ident(field);
        let argument = types.argument(&map, &field);
        let argument_ty = argument.ty;
        view.initializers.push(quote!(#field: ::std::collections::BTreeMap::new()).to_string());
        view.setters.push(SetterView {
            docs: vec!["Sets the properties that are not listed in the API definition.".to_owned()],
            deprecated: false,
            name: field.to_string(),
            argument: quote!(#field: #argument_ty).to_string(),
            field: field.to_string(),
            value: argument.value.to_string(),
        });
    }
    view
}

/// Returns the value that `new` assigns to a required property, as text and as a Rust expression. The value is the only
/// allowed value of the property, or its discriminator value. Returns `None` if callers must pass the value.
fn set_by_new(property: &Property, types: &Types<'_>) -> Option<(String, TokenStream)> {
    let is_required = property.presence == Presence::Required || property.write_only && property.required;
    let tag = || property.tag.clone().filter(|_| property.presence == Presence::Required);
    let text = property.only_value(types.definitions).or_else(tag).filter(|_| is_required)?;
    let value = scalar(&property.ty, &text, types)?;
    Some((text, value))
}

fn field(property: &Property, names: &PropertyNames, boxed: bool, usage: Usage, types: &Types<'_>) -> FieldView {
    let presence = match property.presence {
        Presence::Required => "required",
        // `serde_json::Value` has a value for `null`.
        Presence::Optional if *property.ty.unaliased(types.definitions) == Type::Any => "any",
        Presence::Optional | Presence::OptionalNullable => "optional",
        Presence::Nullable => "nullable",
        // Requests always contain the property, but responses omit it if it is empty.
        Presence::EmptyIfAbsent if property.required => "nullable",
        Presence::EmptyIfAbsent => "optional",
    };
    let number = if property.ty.is_numeric(types.definitions) { "_number" } else { "" };
    FieldView {
        docs: property_docs(property, usage, types).or(String::new),
        deprecated: property.doc.deprecated,
        name: names.field.clone(),
        ty: types.render_field_type(&property.ty, property.presence, boxed).to_string(),
        property: format!(
            "({}, {presence}{number}, {}{})",
            names.field,
            literal(&property.name),
            allowed(property, types)
        ),
    }
}

/// Returns the allowed values of a property as arguments of `object!`: `, = VALUE` for a required property with one
/// allowed value, and `, in [VALUES]` for booleans and numbers, whose Rust types do not restrict the values.
fn allowed(property: &Property, types: &Types<'_>) -> String {
    let ty = property.ty.unaliased(types.definitions);
    let is_scalar = matches!(ty, Type::Boolean | Type::Number | Type::Decimal | Type::Integer(_));
    let only = property.only_value(types.definitions).filter(|_| property.presence == Presence::Required);
    let only = only.and_then(|text| {
        let value = scalar(ty, &text, types)?;
        // The macro converts the value to the type of the field. For integer literals, this conversion would be
        // ambiguous.
        match ty {
            Type::Integer(_) => None,
            _ if is_scalar => Some(value.to_string()),
            _ if types.is_string_enum(ty) => Some(literal(&text)),
            _ => Some(text),
        }
    });
    let only = only.map(|value| format!(", = {value}"));
    let literals: Vec<String> = property.allowed.iter().filter(|_| is_scalar).map(|json| literal(json)).collect();
    let values = if literals.is_empty() { String::new() } else { format!(", in [{}]", literals.join(", ")) };
    only.unwrap_or_default() + &values
}

/// Returns the documentation of a property, or of its type if the property has no description.
fn property_docs(property: &Property, usage: Usage, types: &Types<'_>) -> Docs {
    let mut docs = Docs::default();
    if !property.doc.has_text() {
        docs = match types.description(&property.ty) {
            Some(description) => docs.document_summary(Some(description)),
            None => docs.text(format!("The property {}.", code(&property.name))),
        };
    }
    docs = docs.of(&property.doc);
    if let Some((text, _)) = set_by_new(property, types) {
        let why = if property.tag.is_some() { "the discriminator value of this type" } else { "its only value" };
        docs = docs.text(format!("[`new`](Self::new) sets it to {}, {why}.", code(&text)));
    }
    match (property.read_only, property.write_only) {
        (true, _) if usage.request => {
            docs.text("Read-only: set by the server. Requests should omit this property, but a value set here is sent.")
        }
        (true, _) => docs.text("Read-only: set by the server."),
        _ if property.presence == Presence::EmptyIfAbsent => docs.text("Empty if the property is absent."),
        (_, true) if property.required => docs.text("Write-only: required in requests, never returned by the server."),
        (_, true) => docs.text("Write-only: sent in requests, never returned by the server."),
        _ => docs,
    }
}

fn setters(property: &Property, names: &PropertyNames, argument: String, value: &TokenStream) -> Vec<SetterView> {
    let text = property.doc.description.as_deref().or(property.doc.title.as_deref());
    let summary = text.map(first_paragraph).unwrap_or_default();
    let setter = |docs: String, name: &str, argument: String, value: TokenStream| SetterView {
        docs: vec![docs],
        deprecated: property.doc.deprecated,
        name: name.to_owned(),
        argument,
        field: names.field.clone(),
        value: value.to_string(),
    };
    let wire = code(&property.name);
    let docs = if summary.is_empty() { format!("Sets {wire}.") } else { format!("Sets {wire}: {summary}") };
    if matches!(property.presence, Presence::Required | Presence::EmptyIfAbsent) {
        vec![setter(docs, &names.setter, argument, value.clone())]
    } else if property.presence == Presence::OptionalNullable {
        vec![
            setter(docs, &names.setter, argument, quote!(crate::runtime::Maybe::Value(#value))),
            setter(
                format!("Sets {wire} to `null`."),
                &names.null_setter,
                String::new(),
                quote!(crate::runtime::Maybe::Null),
            ),
        ]
    } else {
        vec![setter(docs, &names.setter, argument, quote!(::std::option::Option::Some(#value)))]
    }
}

fn value_docs(description: Option<&str>, wire: &str) -> Vec<String> {
    Docs::default().document_text(description).or(|| format!("The value {}.", code(wire)))
}

fn string_enum(strings: &StringEnum, names: &TypeNames) -> EnumView {
    let values = strings.values.iter().zip(&names.variants);
    let values = values.map(|(value, name)| ValueView {
        docs: value_docs(value.description.as_deref(), &value.value),
        name: name.clone(),
        wire: literal(&value.value),
    });
    EnumView { repr: String::new(), is_ordered: false, values: values.collect() }
}

fn integer_enum(integers: &IntegerEnum, names: &TypeNames) -> EnumView {
    let values = integers.values.iter().zip(&names.variants);
    let values = values.map(|(value, name)| ValueView {
        docs: value_docs(value.description.as_deref(), &value.value.to_string()),
        name: name.clone(),
        wire: value.value.to_string(),
    });
    EnumView { repr: integer(integers.format).to_string(), is_ordered: false, values: values.collect() }
}

impl Doc {
    /// Returns whether the schema has a non-empty title or description.
    pub(super) fn has_text(&self) -> bool {
        let has_text = |text: &Option<String>| text.as_deref().is_some_and(|text| !first_paragraph(text).is_empty());
        has_text(&self.title) || has_text(&self.description)
    }
}
