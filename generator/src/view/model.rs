//! Views of types, for the templates in `model/`.

use quote::quote;
use serde::Serialize;

use crate::customize::DeriveRule;
use crate::ir::{
    Additional, Api, Doc, IntegerEnum, Segment, StringEnum, Test, Type, TypeDef, TypeId, TypeKind, VariantLabel,
};
use crate::name::{Names, TypeNames};
use crate::noun;
use crate::source::Span;

use super::deprecation;
use super::derives::Derives;
use super::docs::Docs;
use super::markdown::{code, first_paragraph};
use super::object::{ObjectView, object_view};
use super::recursion::Recursion;
use super::types::{Types, integer, literal};
use super::union::{UnionView, union};

/// The view of a type. Exactly one of the fields from `object` to `alias` is `Some`.
#[derive(Debug, Serialize)]
pub(crate) struct ModelView {
    pub name: String,
    pub docs: Vec<String>,
    /// The attribute `#[deprecated]`. `None` if the item is not deprecated.
    pub deprecated: Option<String>,
    /// The derived traits, separated by commas. Aliases have none.
    pub derives: String,
    /// Further attributes, from the configuration.
    pub attributes: Vec<String>,
    pub object: Option<ObjectView>,
    pub string_enum: Option<EnumView>,
    pub integer_enum: Option<EnumView>,
    pub flags: Option<EnumView>,
    pub union: Option<UnionView>,
    /// The inner type of a newtype. Newtypes are generated for arrays and maps that contain themselves.
    pub wrapper: Option<String>,
    pub alias: Option<String>,
}

impl ModelView {
    /// Estimates the number of lines of the type, or of its code in `wire` if that is longer.
    pub fn lines(&self) -> usize {
        let object = self.object.iter().map(ObjectView::lines);
        let enums = [&self.string_enum, &self.integer_enum, &self.flags].into_iter().flatten();
        let enums = enums.flat_map(|it| &it.values).map(|value| value.docs.len() + 1);
        let union = self.union.iter().map(UnionView::lines);
        self.docs.len() + 5 + object.chain(enums).chain(union).sum::<usize>()
    }

    /// Adds the derives and attributes of the rules that apply to the type. Aliases cannot have any.
    fn with_rules(mut self, rules: &[DeriveRule]) -> Self {
        for rule in rules.iter().filter(|rule| self.alias.is_none() && rule.applies_to(&self.name)) {
            for derive in &rule.derives {
                if !self.derives.split(", ").any(|known| known == derive) {
                    self.derives.push_str(", ");
                    self.derives.push_str(derive);
                }
            }
            self.attributes.extend(rule.attributes.iter().cloned());
        }
        self
    }
}

#[derive(Debug, Serialize)]
pub(crate) struct EnumView {
    /// The Rust type of integer enums. Empty for string enums.
    pub repr: String,
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

/// Returns the view of each type.
pub(super) fn models(api: &Api, types: &Types<'_>, rules: &[DeriveRule]) -> Vec<(TypeId, ModelView)> {
    let recursion = Recursion::of(&api.types);
    let derives = Derives::of(&api.types);
    let mut models: Vec<_> = api.types.iter().zip(&types.names.types).enumerate().collect();
    // Sort by the position in the document, so that an inline type follows its parent.
    models.sort_by_key(|(_, (definition, _))| (definition.span.source, definition.span.start));
    let models = models.into_iter().filter(|(_, (definition, _))| !definition.is_left_out);
    models
        .map(|(index, (definition, names))| {
            let id = TypeId(index);
            (id, model(id, definition, names, types, (&recursion, &derives)).with_rules(rules))
        })
        .collect()
}

/// Returns whether a type has code in the module `wire`. Aliases have none: their targets define the format.
pub(crate) fn has_wire_format(definition: &TypeDef) -> bool {
    let is_alias = matches!(
        definition.kind,
        TypeKind::Alias(_) | TypeKind::Tuple(_) | TypeKind::KeyedMap(_) | TypeKind::JsonText(_)
    );
    !definition.is_left_out && !is_alias
}

/// Returns the source location and the Rust type of each schema for which a type is generated. The paths of the Rust
/// types are valid in a crate with a single API.
pub(crate) fn schema_types(api: &Api, names: &Names) -> Vec<(Span, String)> {
    let root = quote!(crate);
    let types = Types { definitions: &api.types, names, root: &root, module: &root };
    let schemas = api.schemas.iter();
    let generated = schemas.filter(|(_, ty)| {
        let definition = ty.innermost();
        !matches!(definition, Type::Named(id) if api.types.get(id.0).is_none_or(|definition| definition.is_left_out))
    });
    generated.map(|(span, ty)| (*span, types.render_type(ty).to_string())).collect()
}

fn model(
    id: TypeId,
    definition: &TypeDef,
    names: &TypeNames,
    types: &Types<'_>,
    (recursion, derives): (&Recursion, &Derives),
) -> ModelView {
    let mut view = ModelView {
        name: names.name.clone(),
        docs: type_docs(definition),
        deprecated: deprecation::of(&definition.doc),
        derives: derives.list(id, false),
        attributes: Vec::new(),
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
            let object = object_view(id, (object, definition.usage), names, types, recursion);
            view.derives = derives.list(id, object.has_default);
            view.object = Some(object);
        }
        TypeKind::StringEnum(strings) => {
            view.string_enum = Some(string_enum(strings, names));
            view.derives = "Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash".to_owned();
        }
        TypeKind::IntegerEnum(integers) if integers.flags => {
            // `Debug` is implemented by hand.
            view.derives = "Clone, Copy, PartialEq, Eq, Hash, Default".to_owned();
            view.flags = Some(integer_enum(integers, names));
            view.docs.extend([String::new(), FLAGS.to_owned()]);
        }
        TypeKind::IntegerEnum(integers) => {
            view.integer_enum = Some(integer_enum(integers, names));
            view.derives = "Debug, Clone, Copy, PartialEq, Eq, Hash".to_owned();
        }
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

/// Describes where the document defines a type, e.g. "An item of the property `tags` of the schema `Pet`.". Omits the
/// parents if the document defines the type in several places.
fn describe_origin(definition: &TypeDef) -> String {
    let start = if definition.also.is_empty() { 0 } else { noun::start(&definition.origin) };
    let steps: Vec<String> = definition.origin.0.iter().skip(start).rev().map(describe_segment).collect();
    let text = steps.join(" of ");
    let mut letters = text.chars();
    letters.next().map(|first| format!("{}{}.", first.to_uppercase(), letters.as_str())).unwrap_or_default()
}

/// Describes a step of the path to an inline type, e.g. "the property `tags`".
pub(crate) fn describe_segment(segment: &Segment) -> String {
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
        Segment::Media(name) => format!("the media type {}", code(name)),
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
    EnumView { repr: String::new(), values: values.collect() }
}

fn integer_enum(integers: &IntegerEnum, names: &TypeNames) -> EnumView {
    let values = integers.values.iter().zip(&names.variants);
    let values = values.map(|(value, name)| ValueView {
        docs: value_docs(value.description.as_deref(), &value.value.to_string()),
        name: name.clone(),
        wire: value.value.to_string(),
    });
    EnumView { repr: integer(integers.format).to_string(), values: values.collect() }
}

impl Doc {
    /// Returns whether the schema has a non-empty title or description, or external documentation.
    pub(super) fn has_text(&self) -> bool {
        let has_text = |text: &Option<String>| text.as_deref().is_some_and(|text| !first_paragraph(text).is_empty());
        has_text(&self.title) || has_text(&self.description) || !self.external_docs.is_empty()
    }
}
