//! Views of unions, for the templates in `model/`: variants, the conditions that select a variant, and conversions.

use proc_macro2::TokenStream;
use quote::quote;
use serde::Serialize;

use crate::ir::{
    DiscriminatorValues, Doc, External, JsonKind, Object, Presence, Test, Type, TypeDef, TypeKind, Union, Variant,
};
use crate::name::TypeNames;

use super::docs::Docs;
use super::markdown::code;
use super::scalar::scalar;
use super::types::{Types, ident};

#[derive(Debug, Serialize)]
pub(crate) struct UnionView {
    pub variants: Vec<VariantView>,
    /// Whether the condition of any variant depends on the JSON type of the value.
    pub reads_kind: bool,
    /// Whether any variant is selected by trial deserialization.
    pub trial: bool,
    /// The `From` implementations, which convert a variant's type to the union.
    pub conversions: Vec<ConversionView>,
    /// All discriminator values of the union. `None` if serialization does not have to check whether a discriminator
    /// value belongs to another variant.
    pub discriminator_values: Option<String>,
}

impl UnionView {
    /// Estimates the number of lines of the union, or of its code in `wire` if that is longer.
    pub fn lines(&self) -> usize {
        let variants = self.variants.iter().map(|variant| variant.docs.len() + 1);
        let own = variants.sum::<usize>() + self.conversions.len() * 6;
        own.max(20 + self.variants.len() * 6)
    }
}

#[derive(Debug, Serialize)]
pub(crate) struct VariantView {
    pub docs: Vec<String>,
    pub name: String,
    pub ty: String,
    /// The condition for deserializing a value as this variant. If `tried` is set, a value that meets the condition may
    /// still belong to another variant.
    pub condition: String,
    /// Whether the variant is selected by trial deserialization.
    pub tried: bool,
    /// Whether `condition` alone selects the variant: the opposite of `tried`.
    pub decided: bool,
    /// Whether a value that meets `condition` has a property or JSON type that indicates this variant. Only used if
    /// `tried` is set.
    pub indicated: bool,
    /// The index of the variant among the variants selected by trial.
    pub index: String,
    /// The path of the function that serializes the value of the variant.
    pub serialize: String,
    /// The value to serialize if the discriminator property of the value does not match the variant.
    pub tagged: Option<TaggedView>,
    /// The additional condition that a value deserialized by trial must satisfy. Empty if there is none.
    pub guard: String,
}

#[derive(Debug, Serialize)]
pub(crate) struct TaggedView {
    /// The condition that holds if the discriminator property does not match the variant.
    pub condition: String,
    /// The expression for the same value with a matching discriminator property.
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
    let mut needs_values = false;
    let mut conversions: Vec<(Type, ConversionView)> = Vec::new();
    let mut ambiguous: Vec<Type> = Vec::new();
    // Sort the variants in the order in which deserialization checks them: discriminators, other properties and JSON
    // types, trials (the most specific types first), fallbacks.
    let mut sorted: Vec<_> = union.variants.iter().zip(&names.variants).collect();
    sorted.sort_by_key(|(variant, _)| match variant.test {
        Test::Discriminator(DiscriminatorValues { is_base: false, .. }) => 0,
        Test::Kind(_) | Test::Property(_) | Test::PropertyValue(..) => 1,
        Test::Trial(_) => 2 + breadth(&variant.ty, types),
        Test::Otherwise(_) | Test::Discriminator(_) => 5,
    });
    let mut was_ambiguous = false;
    let mut tried_before = 0usize;
    for (position, (variant, name)) in sorted.iter().enumerate() {
        let rust_type = types.render_type(&variant.ty);
        let later = sorted.get(position + 1..).unwrap_or_default();
        let is_ambiguous = later.iter().any(|(other, _)| may_match_other(&variant.test, &other.test));
        let trial =
            matches!(variant.test, Test::Trial(_) | Test::Discriminator(DiscriminatorValues { is_base: true, .. }));
        // A value that meets the condition of an earlier, ambiguous variant may belong to this variant instead.
        let tried = trial || is_ambiguous || was_ambiguous && accepts_objects(&variant.test);
        let index = tried_before;
        tried_before += usize::from(tried);
        was_ambiguous |= is_ambiguous;
        let tagged = tagged(variant, types);
        needs_values |=
            tagged.is_some() && matches!(&variant.test, Test::Discriminator(it) if it.chosen > 1 && !it.is_base);
        variants.push(VariantView {
            docs: variant_docs(variant, tagged.is_some(), types),
            name: (*name).clone(),
            ty: rust_type.to_string(),
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
            index: index.to_string(),
            guard: guard(&variant.ty, types),
        });
        let plain = match variant.ty.unaliased(types.definitions) {
            // The same Rust type, even if the variants have values of different kinds.
            Type::External(external) => Type::from(External::new(external.path.clone())),
            plain => plain.clone(),
        };
        if conversions.iter().any(|(known, _)| *known == plain) {
            ambiguous.push(plain);
            continue;
        }
        let from = types.render_type(&variant.ty);
        let value = quote!(value).to_string();
        conversions.push((plain, ConversionView { from: from.to_string(), variant: (*name).clone(), value }));
    }
    conversions.retain(|(ty, _)| !ambiguous.contains(ty));
    let from_str: Vec<ConversionView> = conversions
        .iter()
        .filter(|(ty, _)| matches!(ty, Type::String | Type::Secret))
        .map(|(_, conversion)| ConversionView {
            from: quote!(&str).to_string(),
            variant: conversion.variant.clone(),
            value: quote!(::std::convert::Into::into(value)).to_string(),
        })
        .collect();
    let mut conversions: Vec<ConversionView> = conversions.into_iter().map(|(_, conversion)| conversion).collect();
    // With several string variants, the conversion from `&str` would be ambiguous.
    if from_str.len() == 1 {
        conversions.extend(from_str);
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
    UnionView {
        variants,
        reads_kind,
        trial,
        conversions,
        discriminator_values: needs_values.then(|| discriminator_values(union)),
    }
}

/// Returns whether a value that passes the test for one variant may belong to the variant with the test `other`. For
/// example, a value with the distinguishing property of the first variant may be an object of the other variant with an
/// undocumented property of the same name, unless the other variant allows different values for that property.
fn may_match_other(test: &Test, other: &Test) -> bool {
    match (test, other) {
        (Test::PropertyValue(property, _), Test::PropertyValue(other, _)) => property != other,
        (Test::Property(_) | Test::PropertyValue(..), other) => accepts_objects(other),
        _ => false,
    }
}

/// Returns whether values of a variant may be objects. Always returns false for variants with a discriminator.
fn accepts_objects(test: &Test) -> bool {
    match test {
        Test::Kind(kinds) | Test::Otherwise(kinds) | Test::Trial(kinds) => kinds.contains(&JsonKind::Object),
        Test::Property(_) | Test::PropertyValue(..) => true,
        Test::Discriminator(..) => false,
    }
}

/// Returns all values of the discriminator of a union, as a Rust expression.
fn discriminator_values(union: &Union) -> String {
    let values = union.variants.iter().flat_map(|variant| match &variant.test {
        Test::Discriminator(discriminator) => discriminator.values.as_slice(),
        _ => &[],
    });
    quote!(&[#(#values),*]).to_string()
}

/// Returns a rank for how many values a type accepts: the higher, the less specific the type. For example, `Date` has
/// rank 0 and `String` rank 1.
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
    let summary = Docs::default().document_summary(types.description(ty));
    // Named types are documented at their definition.
    let own = if matches!(ty.non_null(), Type::Named(_)) { &Doc::default() } else { &variant.doc };
    let docs = if summary.is_empty() && !own.has_text() {
        summary.text(format!("{}.", describe_type(ty.unaliased(types.definitions), types)))
    } else {
        summary
    };
    let docs = docs.of(own);
    let docs = match &variant.test {
        Test::PropertyValue(name, values) => docs.text(format!("{}.", describe_test(name, values))),
        Test::Discriminator(it) => {
            let test = describe_test(&it.property, &it.values);
            let first = code(it.values.first().map_or("", String::as_str));
            docs.text(match it.chosen {
                _ if it.is_base => format!("An object whose {} is not a value of another variant.", code(&it.property)),
                _ if !is_tagged => format!("{test}."),
                1 => format!("{test}. If the field has another value or none, {first} is sent instead."),
                _ => format!("{test}. If the field has a value of another variant, {first} is sent instead."),
            })
        }
        _ => docs,
    };
    docs.or(String::new)
}

/// Describes the property values that identify a variant, e.g. "The property `kind` is one of `cat`, `tiger`".
fn describe_test(name: &str, values: &[String]) -> String {
    let listed: Vec<String> = values.iter().map(|value| code(value)).collect();
    let one_of = if listed.len() > 1 { "one of " } else { "" };
    format!("The property {} is {one_of}{}", code(name), listed.join(", "))
}

/// Returns the value to serialize if a caller set a discriminator property that does not match the variant: a copy with
/// the variant's first discriminator value. If the variant has several discriminator values, callers may set any of
/// them. The base of a hierarchy is serialized with the value that the caller set.
fn tagged(variant: &Variant, types: &Types<'_>) -> Option<TaggedView> {
    let Test::Discriminator(DiscriminatorValues { property, values, chosen, is_base }) = &variant.test else {
        return None;
    };
    let named = variant.ty.unaliased(types.definitions);
    let Type::Named(id) = named else { return None };
    let object = named.object(types.definitions)?;
    let position = object.properties.iter().position(|known| known.name == *property)?;
    let (property, names) = (object.properties.get(position)?, types.names.types.get(id.0)?.properties.get(position)?);
    let first = values.first().filter(|_| *chosen > 0)?;
    let (value, field, rust_type) =
        (scalar(&property.ty, first, types)?, ident(&names.field), types.render_type(named));
    let value = match property.presence {
        Presence::Required | Presence::EmptyIfAbsent => value,
        Presence::OptionalNullable => quote!(crate::runtime::Maybe::Value(#value)),
        Presence::Optional | Presence::Nullable => quote!(::std::option::Option::Some(#value)),
    };
    let condition = match (is_base, property.presence) {
        (true, Presence::Required | Presence::Nullable | Presence::EmptyIfAbsent) => return None,
        (true, Presence::Optional) => quote!(value.#field.is_none()),
        (true, Presence::OptionalNullable) => quote!(value.#field.is_absent()),
        (false, presence) => {
            let actual = discriminator_value(presence, &property.ty, &quote!(value.#field), types);
            match chosen {
                1 => quote!(!::std::matches!(#actual, ::std::option::Option::Some(#(#values)|*))),
                _ => quote!(crate::runtime::union::is_another(#actual, &[#(#values),*], Self::DISCRIMINATOR_VALUES)),
            }
        }
    };
    Some(TaggedView {
        condition: condition.to_string(),
        value: quote!(#rust_type { #field: #value, ..::std::clone::Clone::clone(value) }).to_string(),
    })
}

/// Returns an expression of type `Option<&str>` that reads a discriminator field.
fn discriminator_value(presence: Presence, ty: &Type, field: &TokenStream, types: &Types<'_>) -> TokenStream {
    let is_string = *ty.unaliased(types.definitions) == Type::String;
    let (borrowed, value) = match presence {
        Presence::OptionalNullable => (quote!(#field.as_option()), quote!(value)),
        Presence::Optional | Presence::Nullable if is_string => return quote!(#field.as_deref()),
        Presence::Optional | Presence::Nullable => (quote!(#field.as_ref()), quote!(value)),
        Presence::Required | Presence::EmptyIfAbsent => (quote!(::std::option::Option::Some), quote!(#field)),
    };
    let is_str = is_string || types.is_string_enum(ty);
    let value = if is_str { quote!(#value.as_str()) } else { quote!(#value.to_string()) };
    let option = match presence {
        Presence::Required | Presence::EmptyIfAbsent => quote!(#borrowed(#value)),
        _ => quote!(#borrowed.map(|value| #value)),
    };
    if is_str { option } else { quote!(#option.as_deref()) }
}

/// Describes a type in a few words, e.g. "A date and time".
fn describe_type(ty: &Type, types: &Types<'_>) -> &'static str {
    match ty {
        Type::Any | Type::ExactJson => "Any JSON value",
        Type::AnyObject | Type::Map(_) => "An object",
        Type::Named(_) => match ty.definition(types.definitions).map(|definition| &definition.kind) {
            Some(TypeKind::StringEnum(_)) => "One of several strings",
            Some(TypeKind::IntegerEnum(_)) => "One of several integers",
            Some(TypeKind::Union(_)) => "One of several types",
            Some(TypeKind::Wrapper(inner)) => describe_type(inner, types),
            Some(TypeKind::Tuple(_)) => "An array",
            Some(TypeKind::JsonText(_)) => "JSON in a string",
            Some(TypeKind::Object(_) | TypeKind::KeyedMap(_) | TypeKind::Alias(_)) | None => "An object",
        },
        Type::String => "A string",
        Type::Secret => "A secret string",
        Type::Date => "A date",
        Type::DateTime => "A date and time",
        Type::Base64 | Type::Base64Url => "Bytes, as Base64",
        Type::Boolean => "A boolean",
        Type::Integer(_) => "An integer",
        Type::IntegerText(_) | Type::IntegerOrText(_) => "An integer, as a number or a string",
        Type::NumberOrText => "A number, as a number or a string",
        Type::Number => "A number",
        Type::Decimal => "A decimal number",
        Type::Array(_) => "An array",
        Type::External(_) => "A value of another crate's type",
        Type::Nullable(inner) => describe_type(inner, types),
    }
}

/// Returns the condition that rejects undocumented values of a type. Needed for types that deserialize any value:
/// unions and enums, which have a variant `Unknown`, and dates, which preserve invalid strings.
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
        Type::Base64 | Type::Base64Url => quote!(&&value.bytes().is_ok()),
        Type::Named(_) => match plain.definition(types.definitions).map(|definition| &definition.kind) {
            Some(TypeKind::Union(_) | TypeKind::StringEnum(_)) => unknown(),
            Some(TypeKind::IntegerEnum(integers)) if !integers.flags => unknown(),
            _ => quote!(),
        },
        _ => quote!(),
    }
    .to_string()
}

/// Returns the condition for deserializing a value as a variant. The condition uses the variables `value` and `kind`.
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

/// Returns checks that rule out an object variant before it is tried, because a required property is missing or a
/// property does not have the JSON type of its schema.
fn properties(object: &Object, definitions: &[TypeDef]) -> Vec<TokenStream> {
    let properties = object.properties.iter().filter_map(|property| {
        let (required, kinds) = (property.is_required(definitions), property.ty.json_kinds(definitions));
        if !required && kinds.is_none() {
            return None;
        }
        let (name, kinds) = (&property.name, kinds.unwrap_or_default().into_iter().map(json_type));
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
