//! Types as the templates of `model/` lay them out.

use proc_macro2::TokenStream;
use quote::quote;
use serde::Serialize;

use crate::ir::{
    Additional, Api, Doc, IntegerEnum, Object, Presence, Property, Segment, StringEnum, Test, Type, TypeDef, TypeId,
    TypeKind, Usage, VariantLabel,
};
use crate::name::{Names, PropertyNames, TypeNames};
use crate::source::Span;

use super::docs::Docs;
use super::markdown::{code, first_paragraph};
use super::recursion::Recursion;
use super::scalar::scalar;
use super::types::{Types, ident, integer, literal};
use super::union::{UnionView, union};

/// One type; exactly one of the kinds is there.
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
    /// What a type holds that is an array or map of itself.
    pub wrapper: Option<String>,
    pub alias: Option<String>,
}

#[derive(Debug, Serialize)]
pub(crate) struct ObjectView {
    pub fields: Vec<FieldView>,
    /// Arguments of `new`, for what is required.
    pub arguments: Vec<String>,
    /// Whether nothing is required, so that the type has a default.
    pub has_default: bool,
    /// Whether `new` takes nothing, though something is required: it is known what.
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
    /// What `object!` is told of it.
    pub member: String,
}

#[derive(Debug, Serialize)]
pub(crate) struct SetterView {
    pub docs: Vec<String>,
    pub deprecated: bool,
    pub name: String,
    /// `name: type`; empty for a setter to `null`.
    pub argument: String,
    pub field: String,
    pub value: String,
}

#[derive(Debug, Serialize)]
pub(crate) struct EnumView {
    /// The integer type; unused for texts.
    pub repr: String,
    pub values: Vec<ValueView>,
}

#[derive(Debug, Serialize)]
pub(crate) struct ValueView {
    pub docs: Vec<String>,
    pub name: String,
    /// The value on the wire, as a Rust literal.
    pub wire: String,
}

/// What a reader has to know of flags.
const FLAGS: &str = "The values are bits: any combination of them is a value, bits without a name included.";

/// What a reader has to know of a union that nothing decides.
const TRIAL: &str = "Not every variant has something that tells it from the others: those are tried in this order. Of those \
                     that fit, the one is taken with the fewest values that it does not define, and of these the first that \
                     keeps most of the value.";

/// What a reader has to know of a value that is of several variants at once.
const ANY_OF: &str = "A value may match several variants at once (`anyOf`): properties that its variant does not define are \
                      kept in the variant's map of other members, and sent with it.";

/// Every type of the API, with the group that uses it first.
pub(super) fn models(api: &Api, types: &Types<'_>) -> Vec<(Option<usize>, ModelView)> {
    let recursion = Recursion::of(&api.types);
    let mut models: Vec<_> = api.types.iter().zip(&types.names.types).enumerate().collect();
    // In the order of the document: an inline type follows what it is part of.
    models.sort_by_key(|(_, (definition, _))| (definition.span.source, definition.span.start));
    let models = models.into_iter().filter(|(_, (definition, _))| is_written(definition));
    models
        .map(|(index, (definition, names))| {
            (definition.home, model(TypeId(index), definition, names, types, &recursion))
        })
        .collect()
}

/// Whether a type is written at all. A call takes the parts of a form one by one: nobody has a use for the form as a value.
fn is_written(definition: &TypeDef) -> bool {
    let usage = definition.usage;
    !usage.form || usage.request || usage.response
}

/// The Rust type of each schema that has one, as it is spelt in a crate of one API, by where the schema is written.
pub(crate) fn schema_types(api: &Api, names: &Names) -> Vec<(Span, String)> {
    let types = Types { definitions: &api.types, names, root: &quote!(crate) };
    let schemas = api.schemas.iter();
    let written = schemas.filter(|(_, ty)| {
        let definition = ty.innermost();
        !matches!(definition, Type::Named(id) if !api.types.get(id.0).is_some_and(is_written))
    });
    written.map(|(span, ty)| (*span, types.render_type(ty).to_string())).collect()
}

fn model(id: TypeId, definition: &TypeDef, names: &TypeNames, types: &Types<'_>, recursion: &Recursion) -> ModelView {
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
        TypeKind::Object(object) => {
            view.object = Some(object_view(id, (object, definition.usage), names, types, recursion));
        }
        TypeKind::StringEnum(texts) => view.string_enum = Some(string_enum(texts, names)),
        TypeKind::IntegerEnum(numbers) if numbers.flags => {
            view.flags = Some(integer_enum(numbers, names));
            view.docs.extend([String::new(), FLAGS.to_owned()]);
        }
        TypeKind::IntegerEnum(numbers) => view.integer_enum = Some(integer_enum(numbers, names)),
        TypeKind::Union(arms) => {
            view.union = Some(union(arms, names, types));
            if arms.variants.iter().any(|variant| matches!(variant.test, Test::Trial(_))) {
                view.docs.extend([String::new(), TRIAL.to_owned()]);
            }
            let keeps_rest = |ty: &Type| {
                let object = ty.object(types.definitions);
                object.is_some_and(|object| object.additional == Additional::Kept(Type::ExactJson))
            };
            if arms.any_of && arms.variants.iter().any(|variant| keeps_rest(&variant.ty)) {
                view.docs.extend([String::new(), ANY_OF.to_owned()]);
            }
        }
    }
    view
}

fn type_docs(definition: &TypeDef) -> Vec<String> {
    let docs = Docs::default();
    let docs = match (definition.doc.says_what(), definition.origin.0.last()) {
        (false, _) => docs.own(described(definition)).of(&definition.doc),
        (true, Some(Segment::Base)) => docs.of(&definition.doc).own(described(definition)),
        (true, _) => docs.of(&definition.doc),
    };
    docs.or(String::new)
}

/// What is said of a type that the document says nothing of.
fn described(definition: &TypeDef) -> String {
    let steps: Vec<String> = definition.origin.0.iter().rev().map(place).collect();
    let text = steps.join(" of ");
    let mut letters = text.chars();
    letters.next().map(|first| format!("{}{}.", first.to_uppercase(), letters.as_str())).unwrap_or_default()
}

/// A step to an inline type, in words.
fn place(segment: &Segment) -> String {
    match segment {
        Segment::Component(name) => format!("the schema {}", code(name)),
        Segment::Operation(name) => format!("the operation {}", code(name)),
        Segment::Property(name) => format!("the member {}", code(name)),
        Segment::Parameter(name) => format!("the parameter {}", code(name)),
        Segment::Items => "an element".to_owned(),
        Segment::Values => "a value".to_owned(),
        Segment::Base => "the plain form".to_owned(),
        Segment::Variant(VariantLabel::Title(title)) => format!("the arm {}", code(title)),
        Segment::Variant(VariantLabel::Kind(kind)) => format!("the {} arm", code(kind)),
        Segment::Variant(VariantLabel::Position(number)) => format!("arm {number}"),
        Segment::RequestBody => "the request's body".to_owned(),
        Segment::Patch => "merge patch".to_owned(),
        Segment::Response(status) => format!("the answer {}", code(status)),
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
    for (member, names) in object.properties.iter().zip(&names.properties) {
        let boxed = recursion.needs_box(id, &member.ty);
        view.fields.push(field(member, names, boxed, usage, types));
        let name = ident(&names.field);
        let argument = types.argument(&member.ty, &name);
        let value = argument.value;
        let value = if boxed { quote!(::std::boxed::Box::new(#value)) } else { value };
        let taken = argument.ty;
        // What comes never has it, and what is sent must.
        let is_asked_for = member.write_only && member.required && usage.request;
        match member.presence {
            Presence::Required => {
                view.has_default = false;
                if let Some((_, value)) = set_by_new(member, types) {
                    view.initializers.push(quote!(#name: #value).to_string());
                } else {
                    view.arguments.push(quote!(#name: #taken).to_string());
                    view.initializers.push(if argument.converts || boxed {
                        quote!(#name: #value).to_string()
                    } else {
                        names.field.clone()
                    });
                    continue;
                }
            }
            Presence::Optional if is_asked_for && let Some((_, value)) = set_by_new(member, types) => {
                view.has_default = false;
                view.initializers.push(quote!(#name: ::std::option::Option::Some(#value)).to_string());
            }
            Presence::Optional if is_asked_for => {
                view.has_default = false;
                view.arguments.push(quote!(#name: #taken).to_string());
                view.initializers.push(quote!(#name: ::std::option::Option::Some(#value)).to_string());
            }
            Presence::Optional => view.initializers.push(quote!(#name: ::std::option::Option::None).to_string()),
            Presence::Nullable => {
                view.has_default = false;
                let inner = types.render_type(&member.ty);
                view.arguments.push(quote!(#name: ::std::option::Option<#inner>).to_string());
                view.initializers.push(if boxed {
                    quote!(#name: #name.map(::std::boxed::Box::new)).to_string()
                } else {
                    names.field.clone()
                });
                continue;
            }
            Presence::OptionalNullable if is_asked_for => {
                view.has_default = false;
                let inner = types.render_type(&member.ty);
                let given = if boxed { quote!(#name.map(::std::boxed::Box::new)) } else { quote!(#name) };
                view.arguments.push(quote!(#name: ::std::option::Option<#inner>).to_string());
                view.initializers.push(quote!(#name: ::std::convert::From::from(#given)).to_string());
            }
            Presence::OptionalNullable => {
                view.initializers.push(quote!(#name: crate::runtime::Maybe::Absent).to_string())
            }
        }
        view.setters.extend(setters(member, names, quote!(#name: #taken).to_string(), &value));
    }
    view.new_is_default = !view.has_default && view.arguments.is_empty();
    if let (Additional::Kept(ty), Some(field)) = (&object.additional, &names.additional) {
        let map = Type::Map(Box::new(ty.clone()));
        let rest = if ty.is_numeric(types.definitions) { "rest_of_numbers" } else { "rest" };
        view.fields.push(FieldView {
            docs: Docs::default()
                .own("Members that the API's description does not name.")
                .of_some("Each value", " of each value", &object.additional_doc)
                .or(String::new),
            deprecated: false,
            name: field.clone(),
            ty: types.render_type(&map).to_string(),
            member: format!("..({field}, {rest})"),
        });
        let field = ident(field);
        let argument = types.argument(&map, &field);
        let taken = argument.ty;
        view.initializers.push(quote!(#field: ::std::collections::BTreeMap::new()).to_string());
        view.setters.push(SetterView {
            docs: vec!["Sets the members that the API's description does not name.".to_owned()],
            deprecated: false,
            name: field.to_string(),
            argument: quote!(#field: #taken).to_string(),
            field: field.to_string(),
            value: argument.value.to_string(),
        });
    }
    view
}

/// The value that `new` sets a required property to, on the wire and as an expression: its only allowed value, or the value of
/// its discriminator.
fn set_by_new(member: &Property, types: &Types<'_>) -> Option<(String, TokenStream)> {
    let is_required = member.presence == Presence::Required || member.write_only && member.required;
    let tag = || member.tag.clone().filter(|_| member.presence == Presence::Required);
    let text = member.only_value(types.definitions).or_else(tag).filter(|_| is_required)?;
    let value = scalar(&member.ty, &text, types)?;
    Some((text, value))
}

fn field(member: &Property, names: &PropertyNames, boxed: bool, usage: Usage, types: &Types<'_>) -> FieldView {
    let presence = match member.presence {
        Presence::Required => "required",
        // `null` is a value of a type that takes any.
        Presence::Optional if *member.ty.unaliased(types.definitions) == Type::Any => "any",
        Presence::Optional | Presence::OptionalNullable => "optional",
        Presence::Nullable => "nullable",
    };
    let number = if member.ty.is_numeric(types.definitions) { "_number" } else { "" };
    FieldView {
        docs: member_docs(member, usage, types).or(String::new),
        deprecated: member.doc.deprecated,
        name: names.field.clone(),
        ty: types.render_field_type(&member.ty, member.presence, boxed).to_string(),
        member: format!("({}, {presence}{number}, {}{})", names.field, literal(&member.name), allowed(member, types)),
    }
}

/// The allowed values of a property, as an argument of `object!`: the only one of a required property, and those that its type
/// does not restrict.
fn allowed(member: &Property, types: &Types<'_>) -> String {
    let ty = member.ty.unaliased(types.definitions);
    let is_scalar = matches!(ty, Type::Boolean | Type::Number | Type::Decimal | Type::Integer(_));
    let only = member.only_value(types.definitions).filter(|_| member.presence == Presence::Required);
    let only = only.and_then(|text| {
        let value = scalar(ty, &text, types)?;
        // The macro converts it; what an integer without a type of its own is converted from, would be ambiguous.
        match ty {
            Type::Integer(_) => None,
            _ if is_scalar => Some(value.to_string()),
            _ if types.is_string_enum(ty) => Some(literal(&text)),
            _ => Some(text),
        }
    });
    let only = only.map(|value| format!(", = {value}"));
    let literals: Vec<String> = member.allowed.iter().filter(|_| is_scalar).map(|json| literal(json)).collect();
    let values = if literals.is_empty() { String::new() } else { format!(", in [{}]", literals.join(", ")) };
    only.unwrap_or_default() + &values
}

/// The words of a member; where it has none, the first of its type.
fn member_docs(member: &Property, usage: Usage, types: &Types<'_>) -> Docs {
    let mut docs = Docs::default();
    if !member.doc.says_what() {
        let words = types.words(&member.ty);
        docs = match words {
            Some(words) => docs.foreign_line(Some(words)),
            None => docs.own(format!("The member {}.", code(&member.name))),
        };
    }
    docs = docs.of(&member.doc);
    if let Some((text, _)) = set_by_new(member, types) {
        let why = if member.tag.is_some() { "which says that it is this type" } else { "its only value" };
        docs = docs.own(format!("[`new`](Self::new) sets it to {}, {why}.", code(&text)));
    }
    match (member.read_only, member.write_only) {
        (true, _) if usage.request => docs.own(
            "Read only: it is for the server to set, and a request should leave it out. It is sent where it is set here.",
        ),
        (true, _) => docs.own("Read only: the server sets it."),
        (_, true) if member.required => {
            docs.own("Write only: a request must have it, and it never comes from the server.")
        }
        (_, true) => docs.own("Write only: it may be sent and never comes from the server."),
        _ => docs,
    }
}

fn setters(member: &Property, names: &PropertyNames, argument: String, value: &TokenStream) -> Vec<SetterView> {
    let words =
        member.doc.description.as_deref().or(member.doc.title.as_deref()).map(first_paragraph).unwrap_or_default();
    let setter = |docs: String, name: &str, argument: String, value: TokenStream| SetterView {
        docs: vec![docs],
        deprecated: member.doc.deprecated,
        name: name.to_owned(),
        argument,
        field: names.field.clone(),
        value: value.to_string(),
    };
    let wire = code(&member.name);
    let docs = if words.is_empty() { format!("Sets {wire}.") } else { format!("Sets {wire}: {words}") };
    if member.presence == Presence::Required {
        vec![setter(docs, &names.setter, argument, value.clone())]
    } else if member.presence == Presence::OptionalNullable {
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
    Docs::default().foreign(description).or(|| format!("{} on the wire.", code(wire)))
}

fn string_enum(texts: &StringEnum, names: &TypeNames) -> EnumView {
    let values = texts.values.iter().zip(&names.variants);
    let values = values.map(|(value, name)| ValueView {
        docs: value_docs(value.description.as_deref(), &value.value),
        name: name.clone(),
        wire: literal(&value.value),
    });
    EnumView { repr: String::new(), values: values.collect() }
}

fn integer_enum(numbers: &IntegerEnum, names: &TypeNames) -> EnumView {
    let values = numbers.values.iter().zip(&names.variants);
    let values = values.map(|(value, name)| ValueView {
        docs: value_docs(value.description.as_deref(), &value.value.to_string()),
        name: name.clone(),
        wire: value.value.to_string(),
    });
    EnumView { repr: integer(numbers.format).to_string(), values: values.collect() }
}

impl Doc {
    /// Whether the document says what this is, not only how it is written.
    pub(super) fn says_what(&self) -> bool {
        let says = |text: &Option<String>| text.as_deref().is_some_and(|text| !first_paragraph(text).is_empty());
        says(&self.title) || says(&self.description)
    }
}
