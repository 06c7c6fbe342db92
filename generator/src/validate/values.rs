//! Checks the values in schemas, parameters, headers and items objects: `enum` and `default` must match `type`, and an
//! upper bound must not be less than its lower bound.

use super::repair::Repair;
use super::version::Version;
use super::walk::Walk;
use crate::diagnostics::{Code, Diagnostic};
use crate::source::{Node, NodeKind, Number};

/// Returns whether a value has the JSON Schema type with this name. Returns `true` for an unknown type, which is
/// reported elsewhere.
pub(crate) fn fits(value: &Node, type_name: &str) -> bool {
    match type_name {
        "string" => matches!(value.kind, NodeKind::String(_)),
        "boolean" => matches!(value.kind, NodeKind::Bool(_)),
        "number" => matches!(value.kind, NodeKind::Number(_)),
        "integer" => matches!(&value.kind, NodeKind::Number(number) if number.is_integer()),
        "object" => matches!(value.kind, NodeKind::Mapping(_)),
        "array" => matches!(value.kind, NodeKind::Sequence(_)),
        "null" => matches!(value.kind, NodeKind::Null),
        _ => true,
    }
}

/// Returns whether a value would have the type if it were written with quotes or without them: `1` for the type
/// `string`, or `'1'` for the type `integer`.
fn is_quoted_differently(value: &Node, type_name: &str) -> bool {
    match (&value.kind, type_name) {
        (NodeKind::Number(_) | NodeKind::Bool(_), "string") => true,
        (NodeKind::String(text), "integer") => text.parse::<i64>().is_ok(),
        (NodeKind::String(text), "number") => text.parse::<f64>().is_ok(),
        (NodeKind::String(text), "boolean") => text.parse::<bool>().is_ok(),
        _ => false,
    }
}

impl<'d> Walk<'d, '_> {
    /// Checks that `default` and the values of `enum` have the `type` that the object specifies. `owner` is the name of
    /// the object for messages.
    pub(super) fn values_fit(&mut self, node: &'d Node, owner: &str) {
        let Some(type_node) = node.get("type") else { return };
        let types: Vec<&str> = match &type_node.kind {
            NodeKind::String(name) => vec![name],
            // In 3.0, an array of types is an error, which is reported elsewhere.
            NodeKind::Sequence(names) if self.version != Version::V3_0 => {
                names.iter().filter_map(Node::as_str).collect()
            }
            _ => return,
        };
        // `null` is not a type of 3.0. The check of `type` reports it.
        let version = self.version;
        let is_unknown = |name: &str| version == Version::V3_0 && name == "null";
        let fits_any =
            |value: &Node| types.is_empty() || types.iter().any(|name| is_unknown(name) || fits(value, name));
        let expected = match types.as_slice() {
            [only] => format!("the {owner} has `type: {only}`"),
            _ => format!("the {owner} has `type: [{}]`", types.join(", ")),
        };
        // Ignore `null`: it is valid if the schema is nullable, and many schemas that are not nullable list it too.
        let misfit = |value: &&Node| value.kind != NodeKind::Null && !fits_any(value);
        let values = node.get("enum").map(Node::elements).unwrap_or_default();
        let is_quoted = |value: &&Node| types.iter().any(|name| is_quoted_differently(value, name));
        let (quoted, others): (Vec<&Node>, Vec<&Node>) = values.iter().filter(misfit).partition(is_quoted);
        if let Some(first) = quoted.first() {
            let more = match quoted.len() - 1 {
                0 => String::new(),
                1 => ", and neither does another value".to_owned(),
                count => format!(", and neither do {count} other values"),
            };
            let message = format!("a value of `enum` is {}, which does not match `type`{more}", first.kind_name());
            let diagnostic = Diagnostic::warning(Code::InvalidValue, first.span, message);
            let help = if types.contains(&"string") { "quote it" } else { "remove the quotes" };
            self.push(diagnostic.related(type_node.span, expected.as_str()).help(help));
        }
        for value in others {
            let message = format!("a value of `enum` is {}, which `type` does not allow", value.kind_name());
            if self.version == Version::V3_0 {
                let diagnostic = Diagnostic::error(Code::WrongType, value.span, message);
                let diagnostic = diagnostic.related(type_node.span, expected.as_str());
                self.repairable(diagnostic, value, Repair::Remove, "ignores the value");
            } else {
                // JSON Schema allows such a value.
                let diagnostic = Diagnostic::warning(Code::InvalidValue, value.span, message);
                self.push(diagnostic.related(type_node.span, expected.as_str()));
            }
        }
        let Some(value) = node.get("default") else { return };
        let diagnostic = if value.kind == NodeKind::Null {
            if self.allows_null_default(node, values) {
                return;
            }
            let help = if self.version == Version::V2_0 { "x-nullable: true" } else { "nullable: true" };
            let message = match self.version {
                Version::V2_0 => format!("`default` is null, but the {owner} is not nullable"),
                _ => "`default` is null, but the schema is not `nullable`".to_owned(),
            };
            Diagnostic::error(Code::InvalidValue, value.span, message)
                .help(format!("remove `default`, or add `{help}`"))
        } else if fits_any(value) {
            return;
        } else {
            Diagnostic::error(Code::InvalidValue, value.span, format!("`default` is {}", value.kind_name()))
        };
        let diagnostic = diagnostic.related(type_node.span, expected);
        self.repairable(diagnostic, value, Repair::Remove, "ignores the default");
    }

    /// Returns whether `default: null` is accepted. Since 3.1, it always is: a default is only an annotation, and
    /// `null` means that there is no default.
    fn allows_null_default(&self, node: &'d Node, values: &[Node]) -> bool {
        let is_true = |name: &str| node.get(name).and_then(Node::as_bool) == Some(true);
        let is_nullable = match self.version {
            Version::V2_0 => {
                is_true("x-nullable")
                    || node
                        .get("type")
                        .is_some_and(|types| types.elements().iter().any(|name| name.as_str() == Some("null")))
            }
            _ => is_true("nullable"),
        };
        is_nullable || self.version >= Version::V3_1 || values.iter().any(|value| value.kind == NodeKind::Null)
    }

    /// Repairs exclusive bounds that are written as in another version: as a number in 2.0 and 3.0, or as a boolean
    /// since 3.1.
    pub(super) fn exclusive_bounds(&mut self, node: &'d Node) {
        for (exclusive, bound) in [("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")] {
            let Some(value) = node.get(exclusive) else { continue };
            let inclusive = match node.get(bound).map(|value| &value.kind) {
                Some(NodeKind::Number(number)) => Some(number),
                _ => None,
            };
            match &value.kind {
                // If there are two bounds, the stricter one is kept.
                NodeKind::Number(number) if self.version < Version::V3_1 => {
                    let float = |number: &Number| number.text.parse::<f64>().unwrap_or(f64::NAN);
                    let is_stricter = inclusive.is_some_and(|other| match bound {
                        "minimum" => float(other) > float(number),
                        _ => float(other) < float(number),
                    });
                    self.repair(
                        node,
                        match is_stricter {
                            true => Repair::Property(exclusive, NodeKind::Bool(false)),
                            false => Repair::Property(bound, NodeKind::Number(number.clone())),
                        },
                    );
                }
                NodeKind::Bool(is_exclusive) if self.version >= Version::V3_1 => {
                    let repair = match inclusive.filter(|_| *is_exclusive) {
                        Some(number) => Repair::Value(NodeKind::Number(number.clone())),
                        None => Repair::Remove,
                    };
                    self.repair(value, repair);
                }
                _ => {}
            }
        }
    }

    /// Reports a lower and an upper bound between which there is no value.
    pub(super) fn ranges(&mut self, node: &'d Node) {
        let number = |name: &str| match &node.get(name)?.kind {
            NodeKind::Number(number) => number.text.parse::<f64>().ok(),
            _ => None,
        };
        let exclusive = |name: &str| node.get(name).and_then(Node::as_bool) == Some(true);
        for (least, most) in [
            ("minimum", "maximum"),
            ("minLength", "maxLength"),
            ("minItems", "maxItems"),
            ("minProperties", "maxProperties"),
        ] {
            let (Some(low), Some(high)) = (number(least), number(most)) else { continue };
            let touches = most == "maximum" && (exclusive("exclusiveMinimum") || exclusive("exclusiveMaximum"));
            let entry = |name: &str| node.as_mapping().and_then(|mapping| mapping.entry(name));
            if (low > high || low == high && touches)
                && let (Some(low), Some(high)) = (entry(least), entry(most))
            {
                let message = format!("no value satisfies both `{least}` and `{most}`");
                let diagnostic = Diagnostic::error(Code::Contradiction, high.value.span, message)
                    .related(low.value.span, "the lower bound");
                self.ignorable(diagnostic.label("the upper bound"), "documents both bounds");
            }
        }
    }
}
