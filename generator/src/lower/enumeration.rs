//! Enums, their values read from the tree: the typed view would round some and lose others.

use std::collections::HashSet;
use std::hash::Hash;

use openapiv3::Schema;

use crate::diagnostics::{Code, Diagnostic};
use crate::ir::{EnumValue, IntegerEnum, IntegerFormat, Shape, StringEnum, Type};
use crate::source::{Node, NodeKind};

use super::Lowering;
use super::extension;
use super::located::Located;
use super::schema::Built;

impl<'a> Lowering<'a> {
    pub(super) fn string_enum(&mut self, schema: &Node, values: &Node) -> Built {
        // Whoever writes `[1, 2]` below `type: string` has forgotten the quotes, and has been told so.
        let text = |value: &Node| match &value.kind {
            NodeKind::String(text) => Some(text.clone()),
            NodeKind::Number(_) | NodeKind::Bool(_) => Some(value.to_json_text()),
            NodeKind::Null | NodeKind::Sequence(_) | NodeKind::Mapping(_) => None,
        };
        let values = self.values(schema, values, text);
        // An enum of `null` alone.
        if values.is_empty() {
            return Built::Type(Type::Any);
        }
        Built::Shape(Shape::StringEnum(StringEnum { values }))
    }

    pub(super) fn integer_enum(&mut self, schema: &Node, values: &Node, format: IntegerFormat) -> Built {
        let values = self.values(schema, values, |value| {
            let number = value.as_i64().or_else(|| value.as_str()?.parse().ok())?;
            (format == IntegerFormat::Int64 || i32::try_from(number).is_ok()).then_some(number)
        });
        if values.is_empty() {
            return Built::Type(Type::Any);
        }
        Built::Shape(Shape::IntegerEnum(IntegerEnum { format, values, flags: extension::is_true(schema, "x-flags") }))
    }

    /// An enum that leaves its type to its values.
    pub(super) fn untyped_enum(&mut self, schema: Located<'a, Schema>, values: &Node) -> Built {
        let all =
            |test: fn(&Node) -> bool| values.elements().iter().all(|value| value.kind == NodeKind::Null || test(value));
        if all(|value| value.as_str().is_some()) {
            self.string_enum(schema.node, values)
        } else if all(|value| value.as_i64().is_some()) {
            self.integer_enum(schema.node, values, IntegerFormat::Int64)
        } else if all(|value| value.as_bool().is_some()) {
            Built::Type(Type::Boolean)
        } else {
            self.unsupported(values.span, "an enum of values of different types");
            Built::Type(Type::Any)
        }
    }

    fn values<T: Clone + Eq + Hash>(
        &mut self,
        schema: &Node,
        list: &Node,
        read: impl Fn(&Node) -> Option<T>,
    ) -> Vec<EnumValue<T>> {
        let names = extension::strings(schema, "x-enum-varnames");
        let descriptions = extension::strings(schema, "x-enum-descriptions");
        let beside =
            |texts: &[Option<&str>], position: usize| texts.get(position).copied().flatten().map(str::to_owned);
        let mut seen = HashSet::new();
        let mut values = Vec::new();
        for (position, node) in list.elements().iter().enumerate() {
            if node.kind == NodeKind::Null {
                continue;
            }
            let Some(value) = read(node) else {
                self.diagnostics.push(Diagnostic::error(
                    Code::WrongType,
                    node.span,
                    "this value is not one that its enum can have",
                ));
                continue;
            };
            if !seen.insert(value.clone()) {
                self.diagnostics.push(Diagnostic::warning(
                    Code::Duplicate,
                    node.span,
                    "this value stands twice in its enum",
                ));
                continue;
            }
            values.push(EnumValue {
                value,
                name: beside(&names, position),
                description: beside(&descriptions, position),
                span: node.span,
            });
        }
        values
    }
}
