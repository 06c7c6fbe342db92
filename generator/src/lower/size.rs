//! Limits the size of types and operations. A type or operation is rendered as a whole, which takes about a hundred
//! times the memory of its generated text.

use crate::diagnostics::{Code, Diagnostic};
use crate::ir::{Group, TypeKind, Webhooks};
use crate::source::Span;

use super::Lowering;

// The largest numbers in public documents are 312 properties, 844 enum values, 1,544 variants and 55 parameters.
const MAX_PROPERTIES: usize = 5_000;
const MAX_ENUM_VALUES: usize = 25_000;
const MAX_VARIANTS: usize = 10_000;
const MAX_PARAMETERS: usize = 2_000;

impl Lowering<'_> {
    /// Reports types and operations that are too large, and too many webhooks.
    pub(super) fn check_sizes(&mut self, groups: &[Group], webhooks: &Webhooks) {
        let types = self.types.iter().map(|definition| {
            let (count, maximum, what) = match &definition.kind {
                TypeKind::Object(object) => {
                    (object.properties.len(), MAX_PROPERTIES, "an object has more than 5000 properties")
                }
                TypeKind::StringEnum(texts) => (texts.values.len(), MAX_ENUM_VALUES, TOO_MANY_VALUES),
                TypeKind::IntegerEnum(numbers) => (numbers.values.len(), MAX_ENUM_VALUES, TOO_MANY_VALUES),
                TypeKind::Union(union) => (union.variants.len(), MAX_VARIANTS, "a union has more than 10000 variants"),
                TypeKind::Alias(_)
                | TypeKind::Wrapper(_)
                | TypeKind::Tuple(_)
                | TypeKind::KeyedMap(_)
                | TypeKind::JsonText(_) => (0, 0, ""),
            };
            (count > maximum).then_some((definition.span, what))
        });
        let operations = groups.iter().flat_map(|group| &group.operations).map(|operation| {
            let too_large = operation.parameters.len() > MAX_PARAMETERS;
            too_large.then_some((operation.span, "an operation has more than 2000 parameters"))
        });
        let webhooks =
            webhooks.list.get(MAX_VARIANTS).map(|webhook| (webhook.span, "there are more than 10000 webhooks"));
        let mut found: Vec<(Span, &str)> = types.chain(operations).flatten().chain(webhooks).collect();
        found.sort_unstable();
        found.dedup();
        for (span, message) in found {
            self.diagnostics.push(Diagnostic::error(Code::Limit, span, message));
        }
    }
}

const TOO_MANY_VALUES: &str = "an enum has more than 25000 values";
