//! Views of objects: their fields, constructors and setters.

use proc_macro2::TokenStream;
use quote::quote;
use serde::Serialize;

use crate::ir::{Additional, Object, Presence, Property, Type, TypeId, Usage};
use crate::name::{PropertyNames, TypeNames};

use super::deprecation;
use super::docs::Docs;
use super::markdown::code;
use super::recursion::Recursion;
use super::scalar::scalar;
use super::types::{Types, ident, literal};

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
    /// The attribute `#[deprecated]`. `None` if the item is not deprecated.
    pub deprecated: Option<String>,
    pub name: String,
    pub ty: String,
    /// The field's argument of the macro `object!`, e.g. `(name, required, "name")`.
    pub property: String,
}

#[derive(Debug, Serialize)]
pub(crate) struct SetterView {
    pub docs: Vec<String>,
    /// The attribute `#[deprecated]`. `None` if the item is not deprecated.
    pub deprecated: Option<String>,
    pub name: String,
    /// The setter's argument as `name: type`. Empty for setters that set `null`.
    pub argument: String,
    pub field: String,
    pub value: String,
}

pub(super) fn object_view(
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
    if let (Additional::Kept(ty), Some(names)) = (&object.additional, &names.additional) {
        let map = Type::Map(Box::new(ty.clone()));
        let rest = if ty.is_numeric(types.definitions) { "rest_of_numbers" } else { "rest" };
        view.fields.push(FieldView {
            docs: Docs::default()
                .text("Properties that are not listed in the API definition.")
                .of_part("Each value", " of each value", &object.additional_doc)
                .or(String::new),
            deprecated: None,
            name: names.field.clone(),
            ty: types.render_type(&map).to_string(),
            property: format!("..({}, {rest})", names.field),
        });
        let field = ident(&names.field);
        let argument = types.argument(&map, &field);
        let argument_ty = argument.ty;
        view.initializers.push(quote!(#field: ::std::collections::BTreeMap::new()).to_string());
        view.setters.push(SetterView {
            docs: vec![setter_docs(names, "")],
            deprecated: None,
            name: names.setter.clone(),
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
        deprecated: deprecation::of(&property.doc),
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
    let setter = |docs: String, name: &str, argument: String, value: TokenStream| SetterView {
        docs: vec![docs],
        deprecated: deprecation::of(&property.doc),
        name: name.to_owned(),
        argument,
        field: names.field.clone(),
        value: value.to_string(),
    };
    let docs = setter_docs(names, "");
    if matches!(property.presence, Presence::Required | Presence::EmptyIfAbsent) {
        vec![setter(docs, &names.setter, argument, value.clone())]
    } else if property.presence == Presence::OptionalNullable {
        vec![
            setter(docs, &names.setter, argument, quote!(crate::runtime::Maybe::Value(#value))),
            setter(
                setter_docs(names, " to `null`"),
                &names.null_setter,
                String::new(),
                quote!(crate::runtime::Maybe::Null),
            ),
        ]
    } else {
        vec![setter(docs, &names.setter, argument, quote!(::std::option::Option::Some(#value)))]
    }
}

/// Returns the documentation of a setter: a link to its field, which is documented. `value` follows the link.
fn setter_docs(names: &PropertyNames, value: &str) -> String {
    let field = names.field.strip_prefix("r#").unwrap_or(&names.field);
    format!("Sets [`{field}`](Self::{field}){value}.")
}
