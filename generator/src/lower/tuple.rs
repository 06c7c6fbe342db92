//! Lowers arrays whose first items have schemas of their own (`prefixItems`).

use crate::ir::{Segment, Tuple, Type, TypeKind};
use crate::spec::{Additional, Bound};

use super::Lowering;
use super::parts::Part;
use super::schema::Built;

impl<'a> Lowering<'a> {
    /// Returns the type of an array with `prefixItems`. `None` if no part has this keyword.
    pub(super) fn tuple(&mut self, parts: &[Part<'a>]) -> Option<Built> {
        let (part, rules) = parts.iter().find_map(|part| {
            let rules = part.schema.tuple.as_deref().filter(|rules| !rules.prefix.is_empty())?;
            Some((part, rules))
        })?;
        if rules.prefix.len() > Tuple::MAX_ITEMS {
            return Some(Built::Type(Type::Array(Box::new(Type::Any))));
        }
        let mut items: Vec<Type> = Vec::with_capacity(rules.prefix.len());
        for (position, item) in rules.prefix.iter().enumerate() {
            items.push(self.element(self.at(*item), part.origin.then(Segment::Item(position + 1))));
        }
        let length = items.len().to_string();
        let ends = |bound: &Bound| bound.number.text == length;
        let is_fixed = parts.iter().filter_map(|part| part.schema.bounds.as_deref()?.max_items.as_ref()).any(ends);
        let rest = match part.schema.items.map(|items| self.at(items)) {
            _ if is_fixed => None,
            Some(rest) if rest.never => None,
            Some(rest) => Some(self.element(rest, part.origin.then(Segment::Items))),
            None => match rules.unevaluated {
                Some(Additional::Forbidden) => None,
                Some(Additional::Schema(rest)) => Some(self.element(self.at(rest), part.origin.then(Segment::Items))),
                Some(Additional::Allowed) | None => Some(Type::Any),
            },
        };
        let mut tuple = Tuple { items, rest };
        // Only tuples of numbers reject NaN and infinity. Other tuples would send an `f64` with such a value as `null`,
        // so they use decimals.
        if !tuple.is_numeric() {
            let numbers = tuple.items.iter_mut().chain(&mut tuple.rest).filter(|item| **item == Type::Number);
            numbers.for_each(|item| *item = Type::Decimal);
        }
        Some(Built::Kind(TypeKind::Tuple(tuple)))
    }
}
