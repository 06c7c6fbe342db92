//! Decides which constructors and methods take their required values by name, because callers could confuse positional
//! arguments.

use std::collections::HashMap;

use super::{Object, Operation, Presence, Property, Type, TypeDef, Usage};

/// The maximum number of positional arguments of the same type.
const MAX_POSITIONAL: usize = 3;

impl Object {
    /// Returns whether callers pass the required properties by name.
    pub fn has_named_arguments(&self, usage: Usage, types: &[TypeDef]) -> bool {
        let required = self.properties.iter().filter(|property| property.is_argument(usage, types));
        are_confusable(required.map(|property| &property.ty), types)
    }
}

impl Property {
    /// Returns whether callers must pass a value for the property to create its object.
    pub fn is_argument(&self, usage: Usage, types: &[TypeDef]) -> bool {
        match self.presence {
            Presence::Required => self.preset(usage, types).is_none(),
            Presence::Optional => self.is_required_in_requests(usage) && self.preset(usage, types).is_none(),
            Presence::OptionalNullable => self.is_required_in_requests(usage),
            Presence::Nullable => true,
            Presence::EmptyIfAbsent => self.required,
        }
    }

    /// Returns the value that a new object has for the property, because it is the only allowed value or the
    /// discriminator value. It is a constant value of the type, see [`Type::scalar`]. Returns `None` for an optional
    /// property, and if callers must pass the value.
    pub fn preset(&self, usage: Usage, types: &[TypeDef]) -> Option<String> {
        let tag = match self.presence {
            Presence::Required => self.tag.clone(),
            Presence::Optional if self.is_required_in_requests(usage) => None,
            _ => return None,
        };
        let text = self.only_value(types).or(tag)?;
        self.ty.scalar(&text, types).is_some().then_some(text)
    }

    /// Returns whether requests require the property although its presence is optional: responses omit a write-only
    /// property.
    fn is_required_in_requests(&self, usage: Usage) -> bool {
        self.write_only && self.required && usage.request
    }
}

impl Operation {
    /// Returns whether callers pass the required parameters by name.
    pub fn has_named_arguments(&self, types: &[TypeDef]) -> bool {
        let required = self.parameters.iter().filter(|parameter| parameter.is_argument());
        are_confusable(required.map(|parameter| &parameter.ty), types)
    }
}

/// Returns whether more than [`MAX_POSITIONAL`] of the values have the same type.
fn are_confusable<'a>(values: impl Iterator<Item = &'a Type>, types: &'a [TypeDef]) -> bool {
    let mut counts: HashMap<&Type, usize> = HashMap::new();
    for ty in values {
        let count = counts.entry(ty.unaliased(types)).or_default();
        *count += 1;
        if *count > MAX_POSITIONAL {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ir::{Additional, Doc, Facts, IntegerFormat};
    use crate::source::{SourceId, Span};

    const REQUEST: Usage = Usage { request: true, response: false, form: false };
    const RESPONSE: Usage = Usage { request: false, response: true, form: false };

    /// Returns a required write-only property with one allowed value.
    fn property(ty: Type, presence: Presence) -> Property {
        Property {
            name: "a".to_owned(),
            rust_name: None,
            ty,
            presence,
            required: true,
            read_only: false,
            write_only: true,
            tag: None,
            allowed: vec!["1".to_owned()],
            facts: Facts::default(),
            doc: Doc::default(),
            span: Span { source: SourceId(0), start: 0, end: 0 },
        }
    }

    #[test]
    fn argument_is_required_value_that_is_not_preset() {
        let integer = |presence| property(Type::Integer(IntegerFormat::Int64), presence);
        for (property, usage, is_argument, is_preset) in [
            (integer(Presence::Required), REQUEST, false, true),
            (integer(Presence::Optional), REQUEST, false, true),
            (integer(Presence::Optional), RESPONSE, false, false),
            (integer(Presence::Nullable), REQUEST, true, false),
            (integer(Presence::OptionalNullable), REQUEST, true, false),
            (integer(Presence::OptionalNullable), RESPONSE, false, false),
            // The only allowed value is not a constant value of the type.
            (property(Type::NumberOrText, Presence::Required), REQUEST, true, false),
            (property(Type::NumberOrText, Presence::Optional), REQUEST, true, false),
        ] {
            assert_eq!(property.is_argument(usage, &[]), is_argument, "{property:?}");
            assert_eq!(property.preset(usage, &[]).is_some(), is_preset, "{property:?}");
        }
    }

    #[test]
    fn nullable_arguments_with_one_allowed_value_are_counted() {
        let properties = |count| vec![property(Type::Boolean, Presence::OptionalNullable); count];
        let object = |count| Object {
            properties: properties(count),
            additional: Additional::Dropped,
            additional_doc: Box::default(),
        };
        assert!(!object(MAX_POSITIONAL).has_named_arguments(REQUEST, &[]));
        assert!(object(MAX_POSITIONAL + 1).has_named_arguments(REQUEST, &[]));
        assert!(!object(MAX_POSITIONAL + 1).has_named_arguments(RESPONSE, &[]));
    }
}
