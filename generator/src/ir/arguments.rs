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
    fn is_argument(&self, usage: Usage, types: &[TypeDef]) -> bool {
        let is_required = match self.presence {
            Presence::Required => self.tag.is_none(),
            Presence::Nullable => return true,
            Presence::EmptyIfAbsent => return self.required,
            Presence::Optional | Presence::OptionalNullable => self.write_only && self.required && usage.request,
        };
        is_required && self.only_value(types).is_none()
    }
}

impl Operation {
    /// Returns whether callers pass the required parameters by name.
    pub fn has_named_arguments(&self, types: &[TypeDef]) -> bool {
        let required = self.parameters.iter().filter(|parameter| parameter.is_argument());
        are_confusable(required.map(|parameter| &parameter.ty), types)
    }
}

/// Returns whether more than three of the values have the same type.
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
