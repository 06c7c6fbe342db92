//! Unions as the templates of `model/` lay them out: arms, the conditions that tell them apart, conversions.

use proc_macro2::TokenStream;
use quote::quote;
use serde::Serialize;

use crate::ir::{DiscriminatorValues, Doc, JsonKind, Object, Presence, Test, Type, TypeDef, TypeKind, Union, Variant};
use crate::name::TypeNames;

use super::docs::Docs;
use super::markdown::code;
use super::scalar::scalar;
use super::types::{Types, ident};

#[derive(Debug, Serialize)]
pub(crate) struct UnionView {
    pub variants: Vec<VariantView>,
    /// Whether any arm reads the value's JSON type.
    pub reads_kind: bool,
    /// Whether any arm is tried.
    pub trial: bool,
    /// Conversions from what the arms hold.
    pub conversions: Vec<ConversionView>,
    /// All values that denote an arm, where it matters which belongs to another.
    pub denoted: Option<String>,
}

#[derive(Debug, Serialize)]
pub(crate) struct VariantView {
    pub docs: Vec<String>,
    pub name: String,
    pub ty: String,
    /// The condition under which a value is of this arm, or is tried.
    pub condition: String,
    /// Whether it is tried.
    pub tried: bool,
    /// Whether the condition decides, so that it is not tried.
    pub decided: bool,
    /// Whether a property or the JSON type indicates it, if it is tried.
    pub indicated: bool,
    /// Its place among the variants that are tried.
    pub place: String,
    /// The function that writes what it holds.
    pub serialize: String,
    /// What is written in the place of a value whose discriminator does not say what it is.
    pub tagged: Option<TaggedView>,
    /// What else must hold of a value that has been tried.
    pub guard: String,
}

#[derive(Debug, Serialize)]
pub(crate) struct TaggedView {
    /// The condition under which a value does not say it.
    pub condition: String,
    /// The same value, which does.
    pub value: String,
}

#[derive(Debug, Serialize)]
pub(crate) struct ConversionView {
    pub from: String,
    pub variant: String,
    pub value: String,
}

pub(super) fn union(union: &Union, names: &TypeNames, types: &Types<'_>) -> UnionView {
    let mut variants = Vec::new();
    let mut needs_all = false;
    let mut conversions: Vec<(Type, ConversionView)> = Vec::new();
    let mut ambiguous: Vec<Type> = Vec::new();
    // What a discriminator says comes first. Arms that take what no other arm's test takes come behind the others, and those
    // that take most the last.
    let mut arms: Vec<_> = union.variants.iter().zip(&names.variants).collect();
    arms.sort_by_key(|(variant, _)| match variant.test {
        Test::Discriminator(DiscriminatorValues { is_base: false, .. }) => 0,
        Test::Kind(_) | Test::Property(_) | Test::PropertyValue(..) => 1,
        Test::Trial(_) => 2 + breadth(&variant.ty, types),
        Test::Otherwise(_) | Test::Discriminator(_) => 5,
    });
    let mut yielded = false;
    let mut tried_before = 0usize;
    for (position, (variant, name)) in arms.iter().enumerate() {
        let held = types.render_type(&variant.ty);
        let behind = arms.get(position + 1..).unwrap_or_default();
        let yields = behind.iter().any(|(other, _)| yields(&variant.test, &other.test));
        let trial =
            matches!(variant.test, Test::Trial(_) | Test::Discriminator(DiscriminatorValues { is_base: true, .. }));
        // What a variant before it yields may be of this one.
        let tried = trial || yields || yielded && takes_objects(&variant.test);
        let place = tried_before;
        tried_before += usize::from(tried);
        yielded |= yields;
        let tagged = tagged(variant, types);
        needs_all |= tagged.is_some() && matches!(&variant.test, Test::Discriminator(it) if it.chosen > 1);
        variants.push(VariantView {
            docs: variant_docs(variant, tagged.is_some(), types),
            name: (*name).clone(),
            ty: held.to_string(),
            condition: condition(variant, types),
            serialize: if variant.ty.is_numeric(types.definitions) {
                quote!(crate::runtime::number::serialize).to_string()
            } else {
                quote!(::serde::Serialize::serialize).to_string()
            },
            tagged,
            tried,
            decided: !tried,
            indicated: !trial,
            place: place.to_string(),
            guard: guard(&variant.ty, types),
        });
        let plain = variant.ty.unaliased(types.definitions).clone();
        if conversions.iter().any(|(known, _)| *known == plain) {
            ambiguous.push(plain);
            continue;
        }
        let from = types.render_type(&variant.ty);
        let value = quote!(value).to_string();
        conversions.push((plain, ConversionView { from: from.to_string(), variant: (*name).clone(), value }));
    }
    conversions.retain(|(ty, _)| !ambiguous.contains(ty));
    let texts: Vec<ConversionView> = conversions
        .iter()
        .filter(|(ty, _)| matches!(ty, Type::String | Type::Secret | Type::Date | Type::DateTime))
        .map(|(_, conversion)| ConversionView {
            from: quote!(&str).to_string(),
            variant: conversion.variant.clone(),
            value: quote!(::std::convert::Into::into(value)).to_string(),
        })
        .collect();
    let mut conversions: Vec<ConversionView> = conversions.into_iter().map(|(_, conversion)| conversion).collect();
    // Two arms that a text converts into leave open which is meant.
    if texts.len() == 1 {
        conversions.extend(texts);
    }
    let reads_kind = union.variants.iter().any(|variant| {
        !matches!(
            variant.test,
            Test::Property(_)
                | Test::PropertyValue(..)
                | Test::Discriminator(DiscriminatorValues { is_base: false, .. })
        )
    });
    let trial = variants.iter().any(|variant| variant.tried);
    UnionView { variants, reads_kind, trial, conversions, denoted: needs_all.then(|| denoted(union)) }
}

/// Whether a value that a member marks as one arm's may be of another arm. That one may have a member of the same name
/// without saying so, unless it says that the member is something else.
fn yields(test: &Test, other: &Test) -> bool {
    match (test, other) {
        (Test::PropertyValue(member, _), Test::PropertyValue(of_other, _)) => member != of_other,
        (Test::Property(_) | Test::PropertyValue(..), other) => takes_objects(other),
        _ => false,
    }
}

/// Whether an arm that no discriminator names may be an object.
fn takes_objects(test: &Test) -> bool {
    match test {
        Test::Kind(kinds) | Test::Otherwise(kinds) | Test::Trial(kinds) => kinds.contains(&JsonKind::Object),
        Test::Property(_) | Test::PropertyValue(..) => true,
        Test::Discriminator(..) => false,
    }
}

/// All values of a discriminator.
fn denoted(union: &Union) -> String {
    let values = union.variants.iter().flat_map(|variant| match &variant.test {
        Test::Discriminator(denotation) => denotation.values.as_slice(),
        _ => &[],
    });
    quote!(&[#(#values),*]).to_string()
}

/// How much of what other arms know an arm takes that is tried.
fn breadth(ty: &Type, types: &Types<'_>) -> u8 {
    match ty.unaliased(types.definitions) {
        Type::Any | Type::ExactJson => 2,
        Type::String | Type::Secret | Type::Number | Type::Decimal | Type::AnyObject | Type::Map(_) => 1,
        Type::Array(inner) | Type::Nullable(inner) => breadth(inner, types),
        _ => 0,
    }
}

fn variant_docs(variant: &Variant, is_tagged: bool, types: &Types<'_>) -> Vec<String> {
    let ty = &variant.ty;
    let words = Docs::default().foreign_line(types.words(ty));
    // What has a definition of its own is documented there.
    let own = if matches!(ty.present(), Type::Named(_)) { &Doc::default() } else { &variant.doc };
    let docs = if words.is_empty() && !own.says_what() {
        words.own(format!("{}.", in_words(ty.unaliased(types.definitions), types)))
    } else {
        words
    };
    let docs = docs.of(own);
    let docs = match &variant.test {
        Test::PropertyValue(name, values) => docs.own(format!("{}.", told(name, values))),
        Test::Discriminator(it) => {
            let told = told(&it.property, &it.values);
            let first = code(it.values.first().map_or("", String::as_str));
            docs.own(match it.chosen {
                _ if it.is_base => format!("Every object whose {} denotes no other variant.", code(&it.property)),
                _ if !is_tagged => format!("{told}."),
                1 => format!("{told}; set to anything else, or not at all, it is sent as {first}."),
                _ => format!("{told}; set to what another variant is, it is sent as {first}."),
            })
        }
        _ => docs,
    };
    docs.or(String::new)
}

/// What tells values of an arm from others.
fn told(name: &str, values: &[String]) -> String {
    let listed: Vec<String> = values.iter().map(|value| code(value)).collect();
    let one_of = if listed.len() > 1 { "one of " } else { "" };
    format!("Its {} is {one_of}{}", code(name), listed.join(", "))
}

/// How a value is sent that its discriminator takes for another: with the first value that denotes it. Where there are
/// several to choose among, the caller chooses. The base of a hierarchy is sent as its caller made it.
fn tagged(variant: &Variant, types: &Types<'_>) -> Option<TaggedView> {
    let Test::Discriminator(DiscriminatorValues { property, values, chosen, is_base }) = &variant.test else {
        return None;
    };
    let named = variant.ty.unaliased(types.definitions);
    let Type::Named(id) = named else { return None };
    let object = named.object(types.definitions)?;
    let position = object.properties.iter().position(|member| member.name == *property)?;
    let (member, names) = (object.properties.get(position)?, types.names.types.get(id.0)?.properties.get(position)?);
    let first = values.first().filter(|_| *chosen > 0)?;
    let (value, field, held) = (scalar(&member.ty, first, types)?, ident(&names.field), types.render_type(named));
    let value = match member.presence {
        Presence::Required => value,
        Presence::OptionalNullable => quote!(crate::runtime::Maybe::Value(#value)),
        Presence::Optional | Presence::Nullable => quote!(::std::option::Option::Some(#value)),
    };
    let condition = match (is_base, member.presence) {
        (true, Presence::Required | Presence::Nullable) => return None,
        (true, Presence::Optional) => quote!(value.#field.is_none()),
        (true, Presence::OptionalNullable) => quote!(value.#field.is_absent()),
        (false, presence) => {
            let said = said(presence, &member.ty, &quote!(value.#field), types);
            match chosen {
                1 => quote!(!::std::matches!(#said, ::std::option::Option::Some(#(#values)|*))),
                _ => quote!(crate::runtime::union::is_another(#said, &[#(#values),*], Self::DENOTED)),
            }
        }
    };
    Some(TaggedView {
        condition: condition.to_string(),
        value: quote!(#held { #field: #value, ..::std::clone::Clone::clone(value) }).to_string(),
    })
}

/// What the field of a discriminator says, as an optional string.
fn said(presence: Presence, ty: &Type, field: &TokenStream, types: &Types<'_>) -> TokenStream {
    let is_string = *ty.unaliased(types.definitions) == Type::String;
    let (borrowed, text) = match presence {
        Presence::OptionalNullable => (quote!(#field.as_option()), quote!(text)),
        Presence::Optional | Presence::Nullable if is_string => return quote!(#field.as_deref()),
        Presence::Optional | Presence::Nullable => (quote!(#field.as_ref()), quote!(text)),
        Presence::Required => (quote!(::std::option::Option::Some), quote!(#field)),
    };
    let is_text = is_string || types.is_string_enum(ty);
    let text = if is_text { quote!(#text.as_str()) } else { quote!(#text.to_string()) };
    let said = match presence {
        Presence::Required => quote!(#borrowed(#text)),
        _ => quote!(#borrowed.map(|text| #text)),
    };
    if is_text { said } else { quote!(#said.as_deref()) }
}

fn in_words(ty: &Type, types: &Types<'_>) -> &'static str {
    match ty {
        Type::Any | Type::ExactJson => "Any JSON value",
        Type::AnyObject | Type::Map(_) => "An object",
        Type::Named(_) => match ty.definition(types.definitions).map(|definition| &definition.kind) {
            Some(TypeKind::StringEnum(_)) => "One of some texts",
            Some(TypeKind::IntegerEnum(_)) => "One of some whole numbers",
            Some(TypeKind::Union(_)) => "One of several types",
            Some(TypeKind::Wrapper(inner)) => in_words(inner, types),
            Some(TypeKind::Object(_) | TypeKind::Alias(_)) | None => "An object",
        },
        Type::String => "A text",
        Type::Secret => "A secret text",
        Type::Date => "A date",
        Type::DateTime => "A date and time",
        Type::Boolean => "A truth value",
        Type::Integer(_) => "A whole number",
        Type::Number => "A number",
        Type::Decimal => "A decimal number",
        Type::Array(_) => "A list",
        Type::Nullable(inner) => in_words(inner, types),
    }
}

/// What decodes without being one: unions and enums take any value for one that they do not know, and dates keep any text.
fn guard(ty: &Type, types: &Types<'_>) -> String {
    let plain = ty.unaliased(types.definitions);
    let unknown = || {
        let known = types.render_type(plain);
        quote!(&&!::std::matches!(value, #known::Unknown(_)))
    };
    match plain {
        // RFC 3339, section 5.6: a `full-date` has ten characters.
        Type::Date => quote!(&&value.as_str().len() == 10 && value.date().is_ok()),
        Type::DateTime => quote!(&&value.as_str().len() > 10 && value.civil().is_ok()),
        Type::Named(_) => match plain.definition(types.definitions).map(|definition| &definition.kind) {
            Some(TypeKind::Union(_) | TypeKind::StringEnum(_)) => unknown(),
            Some(TypeKind::IntegerEnum(numbers)) if !numbers.flags => unknown(),
            _ => quote!(),
        },
        _ => quote!(),
    }
    .to_string()
}

/// The condition under which a value is of a variant or is tried, on `value` and, where kinds are read, `kind`.
fn condition(variant: &Variant, types: &Types<'_>) -> String {
    let tests: Vec<_> = match &variant.test {
        Test::Kind(kinds) | Test::Otherwise(kinds) | Test::Trial(kinds) => {
            kinds.iter().map(|kind| json_type(*kind)).map(|kind| quote!(kind == #kind)).collect()
        }
        Test::Discriminator(DiscriminatorValues { is_base: true, .. }) => {
            let kind = json_type(JsonKind::Object);
            vec![quote!(kind == #kind)]
        }
        Test::Property(name) => vec![quote!(crate::runtime::union::has_property(&value, #name))],
        Test::PropertyValue(name, values) | Test::Discriminator(DiscriminatorValues { property: name, values, .. }) => {
            let tests = values.iter().map(|value| quote!(crate::runtime::union::property_is(&value, #name, #value)));
            tests.collect()
        }
    };
    let condition = match (tests.as_slice(), &variant.test) {
        ([_, _, ..], Test::Trial(_)) => quote!((#(#tests)||*)),
        _ => quote!(#(#tests)||*),
    };
    let properties = match (&variant.test, variant.ty.object(types.definitions)) {
        (Test::Trial(_), Some(object)) => properties(object, types.definitions),
        _ => Vec::new(),
    };
    if properties.is_empty() {
        condition.to_string()
    } else {
        quote!(#condition && crate::runtime::union::may_be(&value, &[#(#properties),*])).to_string()
    }
}

/// What the properties of an object tell of a value before it is tried: whether they have to be there, and their types.
fn properties(object: &Object, definitions: &[TypeDef]) -> Vec<TokenStream> {
    let properties = object.properties.iter().filter_map(|member| {
        let (required, kinds) = (member.is_required(definitions), member.ty.json_kinds(definitions));
        if !required && kinds.is_none() {
            return None;
        }
        let (name, kinds) = (&member.name, kinds.unwrap_or_default().into_iter().map(json_type));
        Some(quote!(crate::runtime::union::Property { name: #name, required: #required, kinds: &[#(#kinds),*] }))
    });
    properties.collect()
}

fn json_type(kind: JsonKind) -> TokenStream {
    let name = ident(match kind {
        JsonKind::Boolean => "Boolean",
        JsonKind::Integer => "Integer",
        JsonKind::Number => "Number",
        JsonKind::String => "String",
        JsonKind::Array => "Array",
        JsonKind::Object => "Object",
    });
    quote!(crate::runtime::JsonType::#name)
}
