//! Compares schemas by their keywords, regardless of where they are defined.

use super::{Additional, AssertionKind, Schema, SchemaId, Spanned, Spec, Value};

impl Spec {
    /// Returns whether two schemas have the same keywords with the same values. References are the same if they refer
    /// to the same definition.
    pub fn is_same(&self, one: SchemaId, other: SchemaId) -> bool {
        one == other || self.is_same_schema(&self.schemas[one], &self.schemas[other])
    }

    // The recursion depth is the nesting depth of the schema, because references are compared by identity.
    fn is_same_schema(&self, one: &Schema, other: &Schema) -> bool {
        let all = |one: &[SchemaId], other: &[SchemaId]| {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| self.is_same(*one, *other))
        };
        one.reference == other.reference
            && one.never == other.never
            && one.types == other.types
            && one.nullable == other.nullable
            && one.format() == other.format()
            && strings(&one.required) == strings(&other.required)
            && self.has_same_values(one, other)
            && self.has_same_properties(one, other)
            && self.is_same_additional(one.additional, other.additional)
            && self.has_same_rules(one, other)
            && all(option(&one.items), option(&other.items))
            && all(&one.all_of, &other.all_of)
            && all(&one.one_of, &other.one_of)
            && all(&one.any_of, &other.any_of)
            && assertions(one) == assertions(other)
            && self.has_same_discriminator(one, other)
            && limits(one) == limits(other)
            && string(one.pattern.as_deref()) == string(other.pattern.as_deref())
            && Self::has_same_annotations(one, other)
            && self.has_same_content(one, other)
    }

    /// Returns whether `inner` has all keywords of `outer` with the same values, except for `type`, titles, examples and
    /// `xml`.
    pub fn covers(&self, inner: &Schema, outer: &Schema) -> bool {
        let all = |one: &[SchemaId], other: &[SchemaId]| {
            other.is_empty()
                || one.len() == other.len() && one.iter().zip(other).all(|(one, other)| self.is_same(*one, *other))
        };
        let flag = |flag: &Option<Box<Spanned<bool>>>| flag.as_ref().map(|flag| flag.value);
        let additional = outer.additional.is_none() || self.is_same_additional(inner.additional, outer.additional);
        let rules = outer.object.is_none() && outer.tuple.is_none() || self.has_same_rules(inner, outer);
        optional(&inner.reference, &outer.reference)
            && inner.never == outer.never
            && (inner.nullable || !outer.nullable)
            && optional(&inner.format(), &outer.format())
            && (outer.required.is_empty() || strings(&inner.required) == strings(&outer.required))
            && (outer.values.is_none() || self.has_same_values(inner, outer))
            && (outer.properties.is_none() || self.has_same_properties(inner, outer))
            && additional
            && rules
            && all(option(&inner.items), option(&outer.items))
            && all(&inner.all_of, &outer.all_of)
            && all(&inner.one_of, &outer.one_of)
            && all(&inner.any_of, &outer.any_of)
            && (outer.assertions.is_empty() || assertions(inner) == assertions(outer))
            && (outer.discriminator.is_none() || self.has_same_discriminator(inner, outer))
            && limits(outer).iter().all(|limit| limits(inner).contains(limit))
            && optional(&string(inner.pattern.as_deref()), &string(outer.pattern.as_deref()))
            && (outer.content.is_none() || self.has_same_content(inner, outer))
            && optional(&inner.description, &outer.description)
            && optional(&inner.external_docs, &outer.external_docs)
            && optional(&inner.deprecated, &outer.deprecated)
            && optional(&inner.read_only, &outer.read_only)
            && optional(&inner.write_only, &outer.write_only)
            && (outer.default.is_none() || same_values(boxed(&inner.default), boxed(&outer.default)))
            && optional(&inner.rust_name, &outer.rust_name)
            && optional(&flag(&inner.sensitive), &flag(&outer.sensitive))
            && optional(&inner.flags, &outer.flags)
            && optional(&inner.discriminator_value, &outer.discriminator_value)
            && outer.extensions.iter().all(|(name, value)| {
                inner.extensions.get(name).is_some_and(|known| known.to_json_text() == value.to_json_text())
            })
    }

    /// Returns whether two schemas have the same enum.
    fn has_same_values(&self, one: &Schema, other: &Schema) -> bool {
        match (one.values.as_deref(), other.values.as_deref()) {
            (Some(one), Some(other)) => {
                same_values(&one.list, &other.list)
                    && (&one.names, &one.descriptions) == (&other.names, &other.descriptions)
            }
            (one, other) => one.is_none() && other.is_none(),
        }
    }

    fn has_same_properties(&self, one: &Schema, other: &Schema) -> bool {
        one.properties.is_some() == other.properties.is_some()
            && one.properties().count() == other.properties().count()
            && one.properties().zip(other.properties()).all(|((one_name, one), (other_name, other))| {
                one_name == other_name && self.is_same(one.schema, other.schema)
            })
    }

    fn is_same_additional(&self, one: Option<Additional>, other: Option<Additional>) -> bool {
        match (one, other) {
            (Some(Additional::Schema(one)), Some(Additional::Schema(other))) => self.is_same(one, other),
            (one, other) => one == other,
        }
    }

    fn has_same_rules(&self, one: &Schema, other: &Schema) -> bool {
        let object = match (one.object.as_deref(), other.object.as_deref()) {
            (Some(one), Some(other)) => {
                one.patterns.len() == other.patterns.len()
                    && one.patterns.iter().zip(&other.patterns).all(|((one_pattern, one), (other_pattern, other))| {
                        one_pattern.value == other_pattern.value && self.is_same(*one, *other)
                    })
                    && self.is_same_additional(one.names.map(Additional::Schema), other.names.map(Additional::Schema))
                    && self.is_same_additional(one.unevaluated, other.unevaluated)
                    && one.omit_empty == other.omit_empty
            }
            (one, other) => one.is_none() && other.is_none(),
        };
        let tuple = match (one.tuple.as_deref(), other.tuple.as_deref()) {
            (Some(one), Some(other)) => {
                one.prefix.len() == other.prefix.len()
                    && one.prefix.iter().zip(&other.prefix).all(|(one, other)| self.is_same(*one, *other))
                    && self.is_same_additional(one.unevaluated, other.unevaluated)
            }
            (one, other) => one.is_none() && other.is_none(),
        };
        object && tuple
    }

    /// Returns whether two schemas have the same discriminator.
    fn has_same_discriminator(&self, one: &Schema, other: &Schema) -> bool {
        match (one.discriminator.as_deref(), other.discriminator.as_deref()) {
            (Some(one), Some(other)) => {
                one.property == other.property
                    && one.default == other.default
                    && one.mapping.len() == other.mapping.len()
                    && one
                        .mapping
                        .iter()
                        .zip(&other.mapping)
                        .all(|(one, other)| (&one.value, one.schema) == (&other.value, other.schema))
            }
            (one, other) => one.is_none() && other.is_none(),
        }
    }

    /// Returns whether two schemas have the same annotations.
    fn has_same_annotations(one: &Schema, other: &Schema) -> bool {
        let flag = |flag: &Option<Box<Spanned<bool>>>| flag.as_ref().map(|flag| flag.value);
        one.title == other.title
            && one.description == other.description
            && one.external_docs == other.external_docs
            && one.deprecated == other.deprecated
            && one.read_only == other.read_only
            && one.write_only == other.write_only
            && same_values(boxed(&one.default), boxed(&other.default))
            && same_values(&one.examples, &other.examples)
            && one.xml == other.xml
            && one.rust_name == other.rust_name
            && flag(&one.sensitive) == flag(&other.sensitive)
            && one.flags == other.flags
            && one.discriminator_value == other.discriminator_value
            && one
                .extensions
                .iter()
                .map(|(name, value)| (name, value.to_json_text()))
                .eq(other.extensions.iter().map(|(name, value)| (name, value.to_json_text())))
    }

    fn has_same_content(&self, one: &Schema, other: &Schema) -> bool {
        match (one.content.as_deref(), other.content.as_deref()) {
            (Some(one), Some(other)) => {
                string(one.encoding.as_ref()) == string(other.encoding.as_ref())
                    && string(one.media_type.as_ref()) == string(other.media_type.as_ref())
                    && self.is_same_additional(one.schema.map(Additional::Schema), other.schema.map(Additional::Schema))
            }
            (one, other) => one.is_none() && other.is_none(),
        }
    }
}

/// A limit of a schema: the keyword, the number, and whether the limit is exclusive.
type NamedLimit<'a> = (&'static str, &'a str, bool);

fn limits(schema: &Schema) -> Vec<NamedLimit<'_>> {
    let Some(bounds) = schema.bounds.as_deref() else { return Vec::new() };
    let limits = [
        ("minimum", &bounds.minimum),
        ("maximum", &bounds.maximum),
        ("multipleOf", &bounds.multiple_of),
        ("minLength", &bounds.min_length),
        ("maxLength", &bounds.max_length),
        ("minItems", &bounds.min_items),
        ("maxItems", &bounds.max_items),
        ("minProperties", &bounds.min_properties),
        ("maxProperties", &bounds.max_properties),
    ];
    let limits = limits.into_iter().filter_map(|(keyword, bound)| {
        let bound = bound.as_ref()?;
        Some((keyword, bound.number.text.as_str(), bound.exclusive))
    });
    limits.chain(bounds.unique_items.then_some(("uniqueItems", "", false))).collect()
}

fn assertions(schema: &Schema) -> Vec<(AssertionKind, &str)> {
    schema.assertions.iter().map(|assertion| (assertion.kind, assertion.json.as_str())).collect()
}

/// Returns whether an optional keyword is absent in the outer schema, or has the same value in both schemas.
fn optional<T: PartialEq>(inner: &Option<T>, outer: &Option<T>) -> bool {
    outer.is_none() || inner == outer
}

/// Returns whether two lists of values have the same JSON text.
fn same_values(one: &[Value], other: &[Value]) -> bool {
    one.len() == other.len() && one.iter().zip(other).all(|(one, other)| one.to_json_text() == other.to_json_text())
}

fn strings(list: &[Spanned<String>]) -> Vec<&str> {
    list.iter().map(|string| string.value.as_str()).collect()
}

fn string(string: Option<&Spanned<String>>) -> Option<&str> {
    string.map(|string| string.value.as_str())
}

fn option<T>(option: &Option<T>) -> &[T] {
    option.as_slice()
}

fn boxed(value: &Option<Box<Value>>) -> &[Value] {
    value.as_deref().map(std::slice::from_ref).unwrap_or_default()
}
