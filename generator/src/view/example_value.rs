//! Values for the arguments of examples: taken from examples, defaults and enums of the document where they are valid
//! and short, or else derived from the type and the name of the argument.

use std::borrow::Cow;
use std::collections::BTreeSet;

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use serde_json::Value;

use crate::ir::{
    Constraint, Doc, EnumValue, IntegerFormat, Object, Presence, Property, Type, TypeDef, TypeId, TypeKind, Usage,
};
use crate::name::{GroupNames, TypeNames};
use crate::words::words;

use super::object::{NewArgument, new_argument};
use super::types::{Types, ident, integer};

/// The maximum number of values in an example, including objects, arrays and their contents. It also limits the depth,
/// so that an example of recursive types ends.
const MAX_VALUES: usize = 24;

/// The maximum length of a string in an example.
const MAX_STRING: usize = 60;

/// The maximum length of an example in the document that is read.
const MAX_JSON: usize = 10_000;

/// The maximum number of optional properties that an example sets, because the document's example has them.
const MAX_SETTERS: usize = 3;

/// The name, documentation and enclosing example of a value, from which its example value is derived.
#[derive(Clone)]
pub(super) struct Hint<'a> {
    name: &'a str,
    /// The documentation of the parameter, property or part, and of its type.
    docs: Vec<&'a Doc>,
    /// The value in an example of the object or array that contains this value.
    outer: Option<Value>,
}

impl<'a> Hint<'a> {
    /// Creates the hint for a parameter, property or part with a name.
    pub fn new(name: &'a str, doc: &'a Doc) -> Self {
        Self { name, docs: vec![doc], outer: None }
    }

    /// Adds the documentation of a type: of its aliases and its definition.
    fn with_type(mut self, ty: &Type, definitions: &'a [TypeDef]) -> Self {
        for definition in ty.definitions(definitions) {
            if !self.docs.iter().any(|known| std::ptr::eq(*known, &definition.doc)) {
                self.docs.push(&definition.doc);
            }
        }
        self
    }

    fn constraints(&self) -> impl Iterator<Item = &'a Constraint> {
        self.docs.iter().flat_map(|doc| &doc.constraints)
    }

    /// Returns the examples, the default and the first allowed value, in order of preference.
    fn values(&self) -> impl Iterator<Item = Cow<'_, Value>> {
        let texts = self.docs.iter().flat_map(|doc| {
            let examples = doc.examples.iter().map(|example| &example.value);
            let allowed = doc.constraints.iter().filter_map(|constraint| match constraint {
                Constraint::OneOf(values) => values.first(),
                _ => None,
            });
            examples.chain(&doc.default).chain(allowed)
        });
        let texts = texts.filter(|text| text.len() <= MAX_JSON);
        let read = texts.filter_map(|text| serde_json::from_str(text).ok()).map(Cow::Owned);
        self.outer.iter().map(Cow::Borrowed).chain(read)
    }

    /// Returns the hint for the items of an array or the values of a map.
    fn inner(&self, doc: impl Fn(&'a Doc) -> Option<&'a Doc>, select: impl Fn(&Value) -> Option<&Value>) -> Self {
        let outer = self.values().find_map(|value| select(&value).cloned());
        Self { name: self.name, docs: self.docs.iter().filter_map(|outer| doc(outer)).collect(), outer }
    }

    fn item(&self) -> Self {
        self.inner(|doc| doc.items.as_deref(), |value| value.get(0))
    }

    fn value(&self) -> Self {
        self.inner(|doc| doc.values.as_deref(), |value| value.as_object()?.values().next())
    }

    /// Returns a name for a file, e.g. `photo.bin`.
    pub fn file_name(&self) -> String {
        format!("{}.bin", self.placeholder())
    }

    /// Returns the name of the value as a string, e.g. `user-id`.
    fn placeholder(&self) -> String {
        let mut text = words(self.name).join("-");
        text.retain(|letter| letter.is_ascii_alphanumeric() || letter == '-');
        let text = text.trim_matches('-');
        if text.is_empty() || text.len() > MAX_STRING { "value".to_owned() } else { text.to_owned() }
    }

    fn string(&self) -> String {
        let known = self.values().find_map(|value| value.as_str().filter(|text| is_plain(text)).map(str::to_owned));
        let by_format = || {
            let format = self.constraints().find_map(|constraint| match constraint {
                Constraint::Format(format) => Some(format.as_str()),
                _ => None,
            })?;
            Some(match format {
                "uuid" => "123e4567-e89b-12d3-a456-426614174000",
                "email" => "user@example.com",
                "uri" | "url" => "https://example.com",
                "hostname" => "example.com",
                "ipv4" => "192.0.2.1",
                "ipv6" => "2001:db8::1",
                _ => return None,
            })
        };
        known.or_else(|| by_format().map(str::to_owned)).unwrap_or_else(|| self.placeholder())
    }

    fn integer(&self, format: IntegerFormat) -> TokenStream {
        // Some integers are sent as strings.
        let read = |value: Cow<'_, Value>| match &*value {
            Value::String(text) => text.parse::<i128>().ok(),
            value => value.as_number()?.to_string().parse().ok(),
        };
        let known = self.values().filter_map(read).find(|value| format.holds(*value));
        let minimum = || {
            self.constraints().find_map(|constraint| match constraint {
                Constraint::Minimum(limit) if !limit.exclusive => limit.number.text.parse::<i128>().ok(),
                _ => None,
            })
        };
        let value = known.or_else(minimum).filter(|value| format.holds(*value)).unwrap_or(1);
        let value = Literal::i128_unsuffixed(value);
        quote!(#value)
    }

    fn number(&self) -> f64 {
        self.values().find_map(|value| value.as_f64().filter(|number| number.is_finite())).unwrap_or(1.5)
    }

    /// Returns an integer as an example of a decimal number.
    fn decimal(&self) -> i64 {
        self.values().find_map(|value| value.as_i64()).unwrap_or(1)
    }

    fn boolean(&self) -> bool {
        self.values().find_map(|value| value.as_bool()).unwrap_or(true)
    }

    /// Returns the index of the enum value that an example or the default specifies, or 0 if none specifies one.
    fn position<T: ToString>(&self, values: &[EnumValue<T>]) -> usize {
        let known = self.values().find_map(|value| {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            values.iter().position(|known| known.value.to_string() == text)
        });
        known.unwrap_or_default()
    }
}

/// Returns whether a string is short and needs no escapes in code and in Markdown.
fn is_plain(text: &str) -> bool {
    let is_plain = |letter: char| letter.is_alphanumeric() || letter == ' ' || letter.is_ascii_punctuation();
    let is_escaped = |letter: char| matches!(letter, '"' | '\\' | '`' | '\'');
    !text.is_empty() && text.len() <= MAX_STRING && text.chars().all(|letter| is_plain(letter) && !is_escaped(letter))
}

/// An item that an example imports: its path in the standard library, in the module of the API, or in the runtime.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Import {
    Std(&'static str),
    Api(&'static str),
    Runtime(&'static str),
}

/// Creates the values of one example. Methods return `None` if a type has no simple value, or if the example would have
/// more than [`MAX_VALUES`] values.
pub(super) struct Values<'a> {
    types: &'a Types<'a>,
    /// The number of further values that the example may have.
    left: usize,
    imports: BTreeSet<Import>,
}

impl<'a> Values<'a> {
    pub fn new(types: &'a Types<'a>) -> Self {
        Self { types, left: MAX_VALUES, imports: BTreeSet::new() }
    }

    /// Returns the items that the values use.
    pub fn imports(self) -> BTreeSet<Import> {
        self.imports
    }

    /// Returns the value that `create` returns. If it returns `None`, drops the imports that it has added.
    pub fn attempt<T>(&mut self, create: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        let imports = self.imports.clone();
        let value = create(self);
        if value.is_none() {
            self.imports = imports;
        }
        value
    }

    /// Returns a path on the file system.
    pub fn path(&mut self, name: &str) -> TokenStream {
        self.imports.insert(Import::Std("path::Path"));
        quote!(Path::new(#name))
    }

    /// Returns the path of a type in the module of a tag.
    pub fn operation_type(&mut self, group: &GroupNames, ty: &str) -> TokenStream {
        self.imports.insert(Import::Api("operations"));
        let (modules, ty) = (group.path.iter().map(|module| ident(module)), ident(ty));
        quote!(operations::#(#modules::)*#ty)
    }

    /// Returns a value for an argument of the type that [`Types::argument`] returns.
    pub fn argument(&mut self, ty: &Type, hint: Hint<'a>) -> Option<TokenStream> {
        let hint = hint.with_type(ty, self.types.definitions);
        match ty.unaliased(self.types.definitions) {
            Type::Array(inner) => self.list_argument(inner, hint),
            Type::Map(inner) => {
                self.left = self.left.checked_sub(1)?;
                let value = self.item_argument(inner, hint.value())?;
                Some(quote!([("name", #value)]))
            }
            Type::IntegerText(format) | Type::IntegerOrText(format) => Some(hint.integer(*format)),
            _ => self.item_argument(ty, hint),
        }
    }

    /// Returns an array for an argument that takes any number of values.
    pub fn list_argument(&mut self, item: &Type, hint: Hint<'a>) -> Option<TokenStream> {
        self.left = self.left.checked_sub(1)?;
        let item = self.item_argument(item, hint.item())?;
        Some(quote!([#item]))
    }

    /// Returns a value that converts to `ty` if arguments of this type are converted, or else a value of `ty`.
    fn item_argument(&mut self, ty: &Type, hint: Hint<'a>) -> Option<TokenStream> {
        let hint = hint.with_type(ty, self.types.definitions);
        match ty.unaliased(self.types.definitions) {
            Type::String => Some(text(&hint.string())),
            Type::Secret => Some(quote!("secret")),
            Type::Any | Type::ExactJson => Some(text(&hint.string())),
            Type::Base64 | Type::Base64Url => Some(quote!(b"data")),
            // The type of a literal without a suffix would be ambiguous.
            Type::IntegerText(format) | Type::IntegerOrText(format) => {
                format!("{}_{}", hint.integer(*format), integer(*format)).parse().ok()
            }
            Type::NumberOrText => {
                let value = Literal::f64_suffixed(hint.number());
                Some(quote!(#value))
            }
            Type::Decimal => {
                let value = Literal::i64_suffixed(hint.decimal());
                Some(quote!(#value))
            }
            _ => self.exact(ty, hint),
        }
    }

    /// Returns a value of `ty`, without relying on conversions of the callee.
    pub fn exact(&mut self, ty: &Type, hint: Hint<'a>) -> Option<TokenStream> {
        self.left = self.left.checked_sub(1)?;
        let hint = hint.with_type(ty, self.types.definitions);
        match ty.unaliased(self.types.definitions) {
            ty @ (Type::String
            | Type::Secret
            | Type::Any
            | Type::ExactJson
            | Type::Base64
            | Type::Base64Url
            | Type::IntegerText(_)
            | Type::IntegerOrText(_)
            | Type::NumberOrText
            | Type::Decimal) => {
                let value = self.item_argument(ty, hint)?;
                // A minus sign before a method call would apply to the result of the call.
                let is_negative = value.to_string().starts_with('-');
                Some(if is_negative { quote!((#value).into()) } else { quote!(#value.into()) })
            }
            Type::Date => {
                self.imports.insert(Import::Runtime("Date"));
                Some(quote!("2026-01-31".parse::<Date>()?))
            }
            Type::DateTime => {
                self.imports.insert(Import::Runtime("DateTime"));
                Some(quote!("2026-01-31T12:00:00Z".parse::<DateTime>()?))
            }
            Type::External(external) => {
                let sample = external.sample?;
                let path = match external.runtime_name {
                    Some(name) => {
                        self.imports.insert(Import::Runtime(name));
                        name.parse::<TokenStream>()
                    }
                    None => external.name().parse(),
                };
                let path = path.ok()?;
                Some(quote!(#sample.parse::<#path>()?))
            }
            Type::AnyObject => Some(quote!(Default::default())),
            Type::Boolean => {
                let value = hint.boolean();
                Some(quote!(#value))
            }
            Type::Integer(format) => Some(hint.integer(*format)),
            Type::Number => {
                let value = Literal::f64_unsuffixed(hint.number());
                Some(quote!(#value))
            }
            Type::Array(inner) => {
                let item = self.exact(inner, hint.item())?;
                Some(quote!(vec![#item]))
            }
            Type::Map(inner) => {
                let value = self.exact(inner, hint.value())?;
                Some(quote!([("name".to_owned(), #value)].into()))
            }
            Type::Nullable(inner) => {
                let value = self.exact(inner, hint)?;
                Some(quote!(Some(#value)))
            }
            Type::Named(id) => self.named(*id, hint),
        }
    }

    fn named(&mut self, id: TypeId, hint: Hint<'a>) -> Option<TokenStream> {
        let types = self.types;
        let (definition, names): (&TypeDef, &TypeNames) = (types.definitions.get(id.0)?, types.names.types.get(id.0)?);
        let name = ident(&names.name);
        let variant = |position: usize| names.variants.get(position).map(|variant| ident(variant));
        let value = match &definition.kind {
            TypeKind::Object(object) => self.object(object, definition.usage, names, hint)?,
            TypeKind::StringEnum(strings) => {
                let variant = variant(hint.position(&strings.values))?;
                quote!(models::#name::#variant)
            }
            TypeKind::IntegerEnum(integers) => {
                let variant = variant(hint.position(&integers.values))?;
                quote!(models::#name::#variant)
            }
            TypeKind::Union(union) => {
                let mut variants = union.variants.iter().zip(&names.variants);
                variants.find_map(|(variant, own)| {
                    let value = self.attempt(|values| values.exact(&variant.ty, hint.clone()))?;
                    let own = ident(own);
                    Some(quote!(models::#name::#own(#value)))
                })?
            }
            TypeKind::Wrapper(inner) => {
                let value = self.exact(inner, hint)?;
                quote!(models::#name(#value))
            }
            // These are aliases of types of the standard library and of the runtime.
            TypeKind::Tuple(_) | TypeKind::KeyedMap(_) | TypeKind::JsonText(_) | TypeKind::Alias(_) => return None,
        };
        self.imports.insert(Import::Api("models"));
        Some(value)
    }

    /// Returns an object with its required properties, and with some of the properties in the document's example.
    fn object(
        &mut self,
        object: &'a Object,
        usage: Usage,
        names: &'a TypeNames,
        hint: Hint<'a>,
    ) -> Option<TokenStream> {
        let example = hint.values().find(|value| value.is_object()).map(Cow::into_owned).unwrap_or_default();
        let hint_of = |property: &'a Property| Hint {
            name: &property.name,
            docs: vec![&property.doc],
            outer: example.get(&property.name).cloned(),
        };
        let by_name = names.required.as_ref();
        let (mut arguments, mut setters) = (Vec::new(), Vec::new());
        for (property, names) in object.properties.iter().zip(&names.properties) {
            let field = ident(&names.field);
            match new_argument(property, usage, self.types) {
                Some(NewArgument::Value) if by_name.is_some() => {
                    let value = self.exact(&property.ty, hint_of(property))?;
                    arguments.push(quote!(#field: #value));
                }
                Some(NewArgument::Option) if by_name.is_some() => arguments.push(quote!(#field: None)),
                Some(NewArgument::Value) => arguments.push(self.argument(&property.ty, hint_of(property))?),
                Some(NewArgument::Option) => arguments.push(quote!(None)),
                None => {
                    let is_shown = property.presence == Presence::Optional
                        && !property.read_only
                        && setters.len() < MAX_SETTERS
                        && example.get(&property.name).is_some_and(is_scalar);
                    let value = || self.attempt(|values| values.argument(&property.ty, hint_of(property)));
                    if let Some(value) = is_shown.then(value).flatten() {
                        let setter = ident(&names.setter);
                        setters.push(quote!(.#setter(#value)));
                    }
                }
            }
        }
        let name = ident(&names.name);
        Some(match by_name.map(|required| ident(required)) {
            Some(required) => quote!(models::#name::new(models::#required { #(#arguments),* })#(#setters)*),
            None => quote!(models::#name::new(#(#arguments),*)#(#setters)*),
        })
    }
}

/// Returns whether a JSON value is a string, boolean or number.
fn is_scalar(value: &Value) -> bool {
    value.is_string() || value.is_boolean() || value.is_number()
}

fn text(text: &str) -> TokenStream {
    quote!(#text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ir::Example;

    fn doc(examples: &[&str]) -> Doc {
        let example = |value: &&str| Example { value: (*value).to_owned(), description: None };
        Doc { examples: examples.iter().map(example).collect(), ..Doc::default() }
    }

    #[test]
    fn string_is_first_plain_example() {
        let doc = doc(&["1", r#""a\nb""#, r#""`a`""#, r#""a \" b""#, r#""été 1/2""#, r#""b""#]);
        assert_eq!(Hint::new("pet", &doc).string(), "été 1/2");
    }

    #[test]
    fn string_without_example_is_name() {
        let long = format!("\"{}\"", "a".repeat(MAX_STRING + 1));
        let doc = doc(&["not JSON", &long, "\"\u{202E}\""]);
        assert_eq!(Hint::new("petId", &doc).string(), "pet-id");
        assert_eq!(Hint::new("\"; panic!(\"", &doc).string(), "panic");
        assert_eq!(Hint::new("日本", &doc).string(), "value");
    }

    #[test]
    fn string_has_documented_format() {
        let doc = Doc { constraints: vec![Constraint::Format("ipv4".to_owned())], ..Doc::default() };
        assert_eq!(Hint::new("address", &doc).string(), "192.0.2.1");
    }

    #[test]
    fn integer_fits_its_format() {
        let doc = doc(&["300", "7"]);
        assert_eq!(Hint::new("count", &doc).integer(IntegerFormat::Int64).to_string(), "300");
        assert_eq!(Hint::new("count", &doc).integer(IntegerFormat::UInt8).to_string(), "7");
    }
}
