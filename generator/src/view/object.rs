//! Views of objects: their fields, constructors and setters.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use serde::Serialize;

use crate::ir::{Additional, Object, Presence, Property, Type, TypeId, Usage};
use crate::name::{PropertyNames, TypeNames};

use super::deprecation;
use super::docs::{Docs, linked};
use super::markdown::code;
use super::recursion::Recursion;
use super::scalar::scalar;
use super::types::{Argument, Types, ident, literal, without_raw};

#[derive(Debug, Serialize)]
pub(crate) struct ObjectView {
    pub fields: Vec<FieldView>,
    /// The arguments of `new` for the required fields, as `name: type`.
    pub arguments: Vec<String>,
    /// The struct of required fields that `new` takes instead of `arguments`.
    pub required: Option<RequiredView>,
    /// Whether the type derives `Default`, because no field is required.
    pub has_default: bool,
    /// Whether `new` has no arguments although the type has required fields, because each of them has only one allowed
    /// value.
    pub new_is_default: bool,
    pub initializers: Vec<String>,
    pub setters: Vec<SetterView>,
}

/// The struct of the values that an object or operation requires.
#[derive(Debug, Serialize)]
pub(crate) struct RequiredView {
    pub ty: String,
    /// The name of the argument of this type.
    pub argument: String,
    pub docs: String,
    pub fields: Vec<RequiredFieldView>,
}

impl RequiredView {
    /// Estimates the number of lines of the struct.
    pub fn lines(&self) -> usize {
        5 + self.fields.iter().map(|field| field.docs.len() + 1).sum::<usize>()
    }
}

#[derive(Debug, Serialize)]
pub(crate) struct RequiredFieldView {
    pub docs: Vec<String>,
    pub name: String,
    pub ty: String,
}

impl ObjectView {
    /// Estimates the number of lines of the fields, the constructor, the setters and the struct of required fields.
    pub fn lines(&self) -> usize {
        let fields = self.fields.iter().map(|field| field.docs.len() + 1);
        let constructor = if self.has_default { 5 } else { 8 + self.arguments.len() + self.initializers.len() };
        let required: usize = self.required.iter().map(RequiredView::lines).sum();
        2 + required + constructor + fields.sum::<usize>() + self.setters.iter().map(SetterView::lines).sum::<usize>()
    }
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

impl SetterView {
    /// Estimates the number of lines of the setter. A signature or value that is too long for one line is wrapped.
    fn lines(&self) -> usize {
        let signature = if self.name.len() + short_length(&self.argument) > 58 { 6 } else { 2 };
        let value = if self.field.len() + short_length(&self.value) > 75 { 2 } else { 1 };
        self.docs.len() + 1 + signature + value + 2
    }
}

/// Returns the length of code without spaces, in which only the last segment of each path remains, as in the generated
/// file.
fn short_length(code: &str) -> usize {
    let code: String = code.split_whitespace().collect();
    let Some((prefixes, last)) = code.rsplit_once("::") else { return code.len() };
    let is_name = |letter: char| letter.is_alphanumeric() || letter == '_';
    last.len() + prefixes.split("::").map(|piece| piece.trim_end_matches(is_name).len()).sum::<usize>()
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
        required: names.required.as_ref().map(|ty| RequiredView {
            ty: ty.clone(),
            argument: "required".to_owned(),
            docs: format!("The required fields of {}, for [`{name}::new`].", linked(&names.name), name = names.name),
            fields: Vec::new(),
        }),
        has_default: true,
        new_is_default: false,
        initializers: Vec::new(),
        setters: Vec::new(),
    };
    let type_name = names.name.clone();
    for (property, names) in object.properties.iter().zip(&names.properties) {
        let boxed = recursion.needs_box(id, &property.ty);
        view.fields.push(field(property, names, boxed, usage, types));
        let name = ident(&names.field);
        let argument = types.argument(&property.ty, &name);
        let boxed_value = |value: TokenStream| if boxed { quote!(::std::boxed::Box::new(#value)) } else { value };
        let value = boxed_value(argument.value.clone());
        let argument_ty = argument.ty.clone();
        let is_optional = matches!(property.presence, Presence::Optional | Presence::OptionalNullable);
        let new_argument = new_argument(property, usage, types);
        let is_argument = new_argument.is_some();
        let initial = match new_argument {
            Some(NewArgument::Value) => {
                let value = boxed_value(view.require(&type_name, names, argument, types.render_type(&property.ty)));
                Some(if is_optional { quote!(::std::option::Option::Some(#value)) } else { value })
            }
            Some(NewArgument::Option) => {
                let value = view.require_nullable(&type_name, names, property, types);
                let value = if boxed { quote!(#value.map(::std::boxed::Box::new)) } else { value };
                Some(if is_optional { quote!(::std::convert::From::from(#value)) } else { value })
            }
            None => set_by_new(property, usage, types)
                .map(|(_, value)| if is_optional { quote!(::std::option::Option::Some(#value)) } else { value }),
        };
        view.has_default &= initial.is_none();
        view.initialize(&name, &initial.unwrap_or_else(|| empty(property.presence)));
        if is_argument && !is_optional {
            continue;
        }
        view.setters.extend(setters(property, names, quote!(#name: #argument_ty).to_string(), &value));
    }
    view.new_is_default = !view.has_default && view.arguments.is_empty() && view.required.is_none();
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

impl ObjectView {
    /// Adds an argument of `new`, or a field of the struct of required fields, which has the type `ty`. Returns its
    /// value.
    fn require(&mut self, type_name: &str, names: &PropertyNames, argument: Argument, ty: TokenStream) -> TokenStream {
        let name = ident(&names.field);
        let Some(required) = &mut self.required else {
            let ty = argument.ty;
            self.arguments.push(quote!(#name: #ty).to_string());
            return argument.value;
        };
        let shown = without_raw(&names.field);
        required.fields.push(RequiredFieldView {
            docs: vec![format!("See [`{shown}`]({type_name}::{shown}).")],
            name: names.field.clone(),
            ty: ty.to_string(),
        });
        let argument = ident(&required.argument);
        quote!(#argument.#name)
    }

    /// Adds an argument of `new`, or a field of the struct of required fields, for a property that may be null.
    fn require_nullable(
        &mut self,
        type_name: &str,
        names: &PropertyNames,
        property: &Property,
        types: &Types<'_>,
    ) -> TokenStream {
        let (name, ty) = (ident(&names.field), types.render_type(&property.ty));
        let ty = quote!(::std::option::Option<#ty>);
        let argument = Argument { ty: ty.clone(), value: quote!(#name), converts: false };
        self.require(type_name, names, argument, ty)
    }

    /// Adds the initializer of a field.
    fn initialize(&mut self, name: &Ident, value: &TokenStream) {
        let (field, value) = (name.to_string(), value.to_string());
        self.initializers.push(if field == value { field } else { format!("{field}: {value}") });
    }
}

/// An argument of `new` for a property.
pub(super) enum NewArgument {
    /// The value of the property.
    Value,
    /// An `Option` with the value of the property.
    Option,
}

/// Returns the argument of `new` for a property. Returns `None` if `new` has none: the property is optional, or `new`
/// sets it to its only value.
pub(super) fn new_argument(property: &Property, usage: Usage, types: &Types<'_>) -> Option<NewArgument> {
    let argument = match property.presence {
        Presence::Nullable | Presence::OptionalNullable => NewArgument::Option,
        Presence::Required | Presence::Optional | Presence::EmptyIfAbsent => NewArgument::Value,
    };
    property.is_argument(usage, types.definitions).then_some(argument)
}

/// Returns the value that `new` assigns to a property without being passed it, as text and as a Rust expression. See
/// [`Property::preset`].
fn set_by_new(property: &Property, usage: Usage, types: &Types<'_>) -> Option<(String, TokenStream)> {
    let text = property.preset(usage, types.definitions)?;
    let value = scalar(&property.ty, &text, types)?;
    Some((text, value))
}

/// Returns the value of a property that is absent.
fn empty(presence: Presence) -> TokenStream {
    match presence {
        Presence::Optional | Presence::Nullable => quote!(::std::option::Option::None),
        Presence::OptionalNullable => quote!(crate::runtime::Maybe::Absent),
        Presence::Required | Presence::EmptyIfAbsent => quote!(::std::default::Default::default()),
    }
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
    if let Some(text) = property.preset(usage, types.definitions) {
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
    let field = without_raw(&names.field);
    format!("Sets [`{field}`](Self::{field}){value}.")
}
