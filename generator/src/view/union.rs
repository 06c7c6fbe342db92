//! Unions as the templates of `model/` lay them out: arms, the conditions that tell them apart, conversions.

use quote::quote;
use serde::Serialize;

use crate::ir::{JsonKind, Shape, Test, Type, Union};
use crate::name::TypeNames;

use super::docs::Docs;
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
}

#[derive(Debug, Serialize)]
pub(crate) struct VariantView {
    pub docs: Vec<String>,
    pub name: String,
    pub ty: String,
    /// The condition under which a value is of this arm, or is tried.
    pub condition: String,
    pub trial: bool,
    /// The opposite: the condition decides.
    pub decided: bool,
    /// The function that writes what it holds.
    pub serialize: String,
    /// What else must hold of a value that has been tried.
    pub guard: String,
}

#[derive(Debug, Serialize)]
pub(crate) struct ConversionView {
    pub from: String,
    pub variant: String,
    pub value: String,
}

pub(super) fn union(union: &Union, names: &TypeNames, types: &Types<'_>) -> UnionView {
    let mut variants = Vec::new();
    let mut conversions: Vec<(Type, ConversionView)> = Vec::new();
    let mut ambiguous: Vec<Type> = Vec::new();
    // Arms that take what no other arm's test takes come behind the others, and those that take most the last.
    let mut arms: Vec<_> = union.variants.iter().zip(&names.variants).collect();
    arms.sort_by_key(|(variant, _)| match variant.test {
        Test::Trial(_) => 1 + breadth(&variant.ty, types),
        Test::Otherwise(_) => 4,
        _ => 0,
    });
    for (variant, name) in arms {
        let held = types.spell(&variant.ty);
        variants.push(VariantView {
            docs: variant_docs(&variant.ty, types),
            name: name.clone(),
            ty: held.to_string(),
            condition: condition(&variant.test),
            serialize: if variant.ty.is_numeric(types.definitions) {
                quote!(crate::runtime::number::serialize).to_string()
            } else {
                quote!(::serde::Serialize::serialize).to_string()
            },
            trial: matches!(variant.test, Test::Trial(_)),
            decided: !matches!(variant.test, Test::Trial(_)),
            guard: guard(&variant.ty, types),
        });
        let plain = variant.ty.unaliased(types.definitions).clone();
        if conversions.iter().any(|(known, _)| *known == plain) {
            ambiguous.push(plain);
            continue;
        }
        let from = types.spell(&variant.ty);
        let value = quote!(value).to_string();
        conversions.push((plain, ConversionView { from: from.to_string(), variant: name.clone(), value }));
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
    let reads_kind = union
        .variants
        .iter()
        .any(|variant| matches!(variant.test, Test::Kind(_) | Test::Otherwise(_) | Test::Trial(_)));
    let trial = variants.iter().any(|variant| variant.trial);
    UnionView { variants, reads_kind, trial, conversions }
}

/// How much of what other arms know an arm takes that is tried.
fn breadth(ty: &Type, types: &Types<'_>) -> u8 {
    match ty.unaliased(types.definitions) {
        Type::Any => 2,
        Type::String | Type::Secret | Type::Number | Type::Decimal | Type::AnyObject | Type::Map(_) => 1,
        Type::Array(inner) | Type::Nullable(inner) => breadth(inner, types),
        _ => 0,
    }
}

fn variant_docs(ty: &Type, types: &Types<'_>) -> Vec<String> {
    let ty = ty.unaliased(types.definitions);
    Docs::default().foreign_line(types.words(ty)).or(|| format!("{}.", in_words(ty, types)))
}

fn in_words(ty: &Type, types: &Types<'_>) -> &'static str {
    match ty {
        Type::Any => "Any JSON value",
        Type::AnyObject | Type::Map(_) => "An object",
        Type::Named(_) => match ty.definition(types.definitions).map(|definition| &definition.shape) {
            Some(Shape::StringEnum(_)) => "One of some texts",
            Some(Shape::IntegerEnum(_)) => "One of some whole numbers",
            Some(Shape::Union(_)) => "One of several types",
            Some(Shape::Wrapper(inner)) => in_words(inner, types),
            Some(Shape::Object(_) | Shape::Alias(_)) | None => "An object",
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
        let known = types.spell(plain);
        quote!(&&!::std::matches!(value, #known::Unknown(_)))
    };
    match plain {
        // RFC 3339, section 5.6: a `full-date` has ten characters.
        Type::Date => quote!(&&value.as_str().len() == 10 && value.date().is_ok()),
        Type::DateTime => quote!(&&value.as_str().len() > 10 && value.civil().is_ok()),
        Type::Named(_) => match plain.definition(types.definitions).map(|definition| &definition.shape) {
            Some(Shape::Union(_) | Shape::StringEnum(_)) => unknown(),
            Some(Shape::IntegerEnum(numbers)) if !numbers.flags => unknown(),
            _ => quote!(),
        },
        _ => quote!(),
    }
    .to_string()
}

/// The condition that a test becomes, on `value` and, where kinds are read, `kind`.
fn condition(test: &Test) -> String {
    match test {
        Test::Kind(kinds) | Test::Otherwise(kinds) | Test::Trial(kinds) => {
            let tests = kinds.iter().map(|kind| {
                let name = ident(match kind {
                    JsonKind::Boolean => "Boolean",
                    JsonKind::Integer => "Integer",
                    JsonKind::Number => "Number",
                    JsonKind::String => "String",
                    JsonKind::Array => "Array",
                    JsonKind::Object => "Object",
                });
                quote!(kind == crate::runtime::JsonType::#name)
            });
            let tests: Vec<_> = tests.collect();
            // What is tried has more conditions behind these.
            match (test, tests.as_slice()) {
                (Test::Trial(_), [_, _, ..]) => quote!((#(#tests)||*)).to_string(),
                _ => quote!(#(#tests)||*).to_string(),
            }
        }
        Test::Member(name) => quote!(crate::runtime::union::has_member(&value, #name)).to_string(),
        Test::MemberValue(name, values) => {
            let tests = values.iter().map(|value| quote!(crate::runtime::union::member_is(&value, #name, #value)));
            quote!(#(#tests)||*).to_string()
        }
    }
}
