//! Enums, their values read from the tree: the typed view would round some and lose others.

use std::collections::{BTreeSet, HashSet};
use std::hash::Hash;

use crate::diagnostics::{Code, Diagnostic};
use crate::ir::{
    Doc, EnumValue, IntegerEnum, IntegerFormat, Origin, Segment, StringEnum, Test, Type, TypeKind, Union, Variant,
    VariantLabel,
};
use crate::source::{Node, NodeKind};

use super::Lowering;
use super::extension;
use super::parts::Part;
use super::schema::Built;
use super::value::{Kind, integer};

impl<'a> Lowering<'a> {
    pub(super) fn string_enum(&mut self, parts: &[Part<'a>]) -> Built {
        // Whoever writes `[1, 2]` below `type: string` has forgotten the quotes, and has been told so.
        let text = |value: &Node| match &value.kind {
            NodeKind::String(text) => Some(text.clone()),
            NodeKind::Number(_) | NodeKind::Bool(_) => Some(value.to_json_text()),
            NodeKind::Null | NodeKind::Sequence(_) | NodeKind::Mapping(_) => None,
        };
        let Some((schema, values)) = self.common_values(parts, text) else { return Built::Type(Type::Any) };
        match self.definition_of(schema).filter(|_| parts.len() > 1) {
            // What is narrowed to all of its values is what it was.
            Some(id) => Built::Type(Type::Named(id)),
            None => Built::Kind(TypeKind::StringEnum(StringEnum { values })),
        }
    }

    pub(super) fn integer_enum(&mut self, parts: &[Part<'a>], format: IntegerFormat) -> Built {
        let number = |value: &Node| integer(value).or_else(|| value.as_str()?.parse().ok());
        let Some((schema, values)) = self.common_values(parts, number) else { return Built::Type(Type::Any) };
        if let Some(id) = self.definition_of(schema).filter(|_| parts.len() > 1) {
            return Built::Type(Type::Named(id));
        }
        let mut format = format;
        if let Some(first) = values.iter().find(|value| !format.holds(value.value)) {
            let span = first.span;
            let least = values.iter().map(|value| value.value).min().unwrap_or(0);
            let most = values.iter().map(|value| value.value).max().unwrap_or(0);
            format = IntegerFormat::of_range(least, most);
            if parts.iter().any(|part| part.get("format").is_some()) {
                let message = "this value does not match the type of its enum";
                self.fault(Diagnostic::error(Code::WrongType, span, message), "uses a larger format");
            }
        }
        let flags = parts.iter().any(|part| extension::is_true(part.node, "x-flags"));
        Built::Kind(TypeKind::IntegerEnum(IntegerEnum { format, values, flags }))
    }

    /// An enum that leaves its type to its values: an arm for each type of them, where there are several.
    pub(super) fn untyped_enum(&mut self, part: &Part<'a>, parts: &[Part<'a>], origin: &Origin) -> Built {
        let mut kinds: Vec<Kind> = Vec::new();
        for value in part.elements("enum") {
            match Kind::of_value(value) {
                Some(kind) if !kinds.contains(&kind) => kinds.push(kind),
                _ => {}
            }
        }
        if kinds.contains(&Kind::Number) {
            kinds.retain(|kind| *kind != Kind::Integer);
        }
        let mut variants = Vec::new();
        for kind in &kinds {
            let (name, built) = match kind {
                Kind::String => ("string", self.string_enum_of(parts, &kinds)),
                Kind::Integer => ("integer", self.integer_enum_of(parts, &kinds)),
                Kind::Number => ("number", Built::Type(Type::Number)),
                Kind::Boolean => ("boolean", Built::Type(Type::Boolean)),
                Kind::Array => ("array", Built::Type(Type::Array(Box::new(Type::Any)))),
                Kind::Object => ("object", Built::Type(Type::AnyObject)),
            };
            if kinds.len() == 1 {
                return built;
            }
            let arm = VariantLabel::Kind(name.to_owned());
            let ty = self.settled(built, part.node, origin.then(Segment::Variant(arm)));
            variants.push(Variant {
                ty,
                label: None,
                doc: Doc::default(),
                test: Test::Trial(Vec::new()),
                span: part.node.span,
            });
        }
        if variants.is_empty() {
            return Built::Type(Type::Any);
        }
        Built::Kind(TypeKind::Union(Union { variants, any_of: false }))
    }

    /// The values that schemas of booleans or numbers allow, as JSON; empty where they allow all. Their enums make no type.
    pub(super) fn allowed_scalars(&self, schemas: &[Part<'a>]) -> Vec<String> {
        // Most schemas have no enum, and that is seen sooner than looked up part by part.
        let may_have_enum = |part: &Part<'a>| {
            let schema = self.resolved_schema(part.node);
            schema.get("enum").is_some() || schema.get("allOf").is_some()
        };
        if !schemas.iter().any(may_have_enum) {
            return Vec::new();
        }
        let parts = self.expanded(schemas.to_vec()).list;
        let makes_type = |part: &Part<'a>| {
            let ty = part.get("type").and_then(Node::as_str);
            let is_scalar =
                |value: &Node| matches!(value.kind, NodeKind::Bool(_) | NodeKind::Number(_) | NodeKind::Null);
            ty.is_some_and(|ty| !matches!(ty, "boolean" | "number")) || !part.elements("enum").iter().all(is_scalar)
        };
        if parts.iter().any(makes_type) {
            return Vec::new();
        }
        let mut enums = parts.iter().filter(|part| part.get("enum").is_some()).map(|part| {
            let values = part.elements("enum").iter().filter(|value| value.kind != NodeKind::Null);
            values.map(Node::to_json_text).collect::<Vec<String>>()
        });
        let mut allowed = enums.next().unwrap_or_default();
        for other in enums {
            allowed.retain(|value| other.contains(value));
        }
        allowed
    }

    fn string_enum_of(&mut self, parts: &[Part<'a>], kinds: &[Kind]) -> Built {
        if kinds.len() == 1 {
            return self.string_enum(parts);
        }
        let text = |value: &Node| value.as_str().map(str::to_owned);
        match parts.iter().find(|part| part.get("enum").is_some()) {
            Some(part) => Built::Kind(TypeKind::StringEnum(StringEnum { values: self.values(part.node, text, false) })),
            None => Built::Type(Type::String),
        }
    }

    fn integer_enum_of(&mut self, parts: &[Part<'a>], kinds: &[Kind]) -> Built {
        if kinds.len() == 1 {
            return self.integer_enum(parts, IntegerFormat::Int64);
        }
        let Some(part) = parts.iter().find(|part| part.get("enum").is_some()) else {
            return Built::Type(Type::Integer(IntegerFormat::Int64));
        };
        let values = self.values(part.node, integer, false);
        let range = values.iter().map(|value| value.value);
        let format = IntegerFormat::of_range(range.clone().min().unwrap_or(0), range.max().unwrap_or(0));
        Built::Kind(TypeKind::IntegerEnum(IntegerEnum { format, values, flags: false }))
    }

    /// The values that all parts with an enum have in common, and the part that says them; none but where it is an enum of
    /// `null` alone.
    fn common_values<T: Clone + Eq + Hash>(
        &mut self,
        parts: &[Part<'a>],
        read: impl Fn(&Node) -> Option<T> + Copy,
    ) -> Option<(&'a Node, Vec<EnumValue<T>>)> {
        let mut common: Option<(&'a Node, Vec<EnumValue<T>>)> = None;
        for part in parts.iter().filter(|part| part.get("enum").is_some()) {
            let values = self.values(part.node, read, true);
            common = Some(match common {
                None => (part.node, values),
                Some((first, known)) => {
                    let own: HashSet<T> = values.iter().map(|value| value.value.clone()).collect();
                    let others: HashSet<&T> = known.iter().map(|value| &value.value).collect();
                    let both: Vec<EnumValue<T>> =
                        values.iter().filter(|value| others.contains(&value.value)).cloned().collect();
                    if both.is_empty() && !values.is_empty() && !known.is_empty() {
                        let span = |node: &Node| node.get("enum").unwrap_or(node).span;
                        self.fault(
                            Diagnostic::error(
                                Code::Contradiction,
                                span(part.node),
                                "two parts of an `allOf` have enums without a common value",
                            )
                            .related(span(first), "the first part"),
                            "uses the values of the last one",
                        );
                        (part.node, values)
                    } else if known.iter().all(|value| own.contains(&value.value)) {
                        (first, known)
                    } else if both.len() == values.len() {
                        (part.node, values)
                    } else {
                        // Neither list is the other's: nobody has a name for what is left.
                        (self.root.node, both)
                    }
                }
            });
        }
        common.filter(|(_, values)| !values.is_empty())
    }

    fn values<T: Clone + Eq + Hash>(
        &mut self,
        schema: &'a Node,
        read: impl Fn(&Node) -> Option<T>,
        all_of_type: bool,
    ) -> Vec<EnumValue<T>> {
        let list = schema.get("enum").unwrap_or(schema);
        let names = extension::strings(schema, "x-enum-varnames");
        let descriptions = extension::strings(schema, "x-enum-descriptions");
        let beside =
            |texts: &[Option<&str>], position: usize| texts.get(position).copied().flatten().map(str::to_owned);
        let mut seen = HashSet::new();
        let mut values = Vec::new();
        // What is wrong with a list is said once, however many schemas have it for a part.
        let first_time = self.reported.insert(list);
        for (position, node) in list.elements().iter().enumerate() {
            if node.kind == NodeKind::Null {
                continue;
            }
            let Some(value) = read(node) else {
                if all_of_type && first_time {
                    let message = "this value does not match the type of its enum";
                    self.fault(Diagnostic::error(Code::WrongType, node.span, message), "ignores the value");
                }
                continue;
            };
            if !seen.insert(value.clone()) {
                if first_time {
                    let message = "duplicate enum value";
                    self.diagnostics.push(Diagnostic::warning(Code::Duplicate, node.span, message));
                }
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

    /// One enum of alternatives that are nothing but texts, each with words of its own.
    pub(super) fn enum_of_alternatives(&mut self, arms: &'a [Node]) -> Option<Built> {
        let mut values: Vec<EnumValue<String>> = Vec::new();
        let mut known = BTreeSet::new();
        for arm in arms {
            let plain = |key: &str| {
                matches!(
                    key,
                    "type" | "enum" | "title" | "description" | "deprecated" | "nullable" | "example" | "default"
                ) || key.starts_with("x-")
            };
            let is_text = arm.get("type").is_none_or(|named| named.as_str() == Some("string"));
            let [value] = arm.get("enum")?.elements() else { return None };
            if !is_text || !arm.entries().iter().all(|entry| plain(&entry.key)) {
                return None;
            }
            let text = value.as_str()?.to_owned();
            let words = ["description", "title"].into_iter().find_map(|key| arm.get(key)?.as_str());
            if known.insert(text.clone()) {
                values.push(EnumValue {
                    value: text,
                    name: None,
                    description: words.map(str::to_owned),
                    span: value.span,
                });
            }
        }
        Some(Built::Kind(TypeKind::StringEnum(StringEnum { values })))
    }
}
