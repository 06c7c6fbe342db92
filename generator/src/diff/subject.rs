//! Names items of a document in findings.

use crate::ir::{IntegerFormat, Operation, Origin, Type, TypeDef};
use crate::view::describe_segment;

/// Returns the text for an operation: its ID, or its method and path.
pub(super) fn operation_text(operation: &Operation) -> String {
    match &operation.id {
        Some(id) => format!("operation `{id}`"),
        None => format!("operation `{} {}`", operation.method, operation.path),
    }
}

/// Returns the text for a schema, e.g. "schema `Pet`, property `tags`, an item".
pub(super) fn origin_text(origin: &Origin) -> String {
    let steps = origin.0.iter().map(describe_segment);
    steps.map(|step| step.strip_prefix("the ").unwrap_or(&step).to_owned()).collect::<Vec<_>>().join(", ")
}

/// Returns the text for a type, e.g. "array of schema `Pet`".
pub(super) fn type_text(ty: &Type, types: &[TypeDef]) -> String {
    let simple = match ty {
        Type::Any | Type::ExactJson => "any value",
        Type::AnyObject => "object",
        Type::String => "string",
        Type::Secret => "secret string",
        Type::Date => "date",
        Type::DateTime => "date and time",
        Type::Base64 => "Base64 string",
        Type::Base64Url => "Base64 string for URLs",
        Type::Boolean => "boolean",
        Type::Integer(format) => return format!("integer ({})", format_text(*format)),
        Type::IntegerText(format) => return format!("integer in a string ({})", format_text(*format)),
        Type::IntegerOrText(format) => return format!("integer or string ({})", format_text(*format)),
        Type::NumberOrText => "number or string",
        Type::Number => "number",
        Type::Decimal => "decimal number",
        Type::Array(inner) => return format!("array of {}", type_text(inner, types)),
        Type::Map(inner) => return format!("map of {}", type_text(inner, types)),
        Type::Nullable(inner) => return format!("nullable {}", type_text(inner, types)),
        Type::External(external) => return format!("`{}`", external.name()),
        Type::Named(id) => return types.get(id.0).map(|it| origin_text(&it.origin)).unwrap_or_default(),
    };
    simple.to_owned()
}

fn format_text(format: IntegerFormat) -> &'static str {
    match format {
        IntegerFormat::Int8 => "int8",
        IntegerFormat::Int16 => "int16",
        IntegerFormat::Int32 => "int32",
        IntegerFormat::Int64 => "int64",
        IntegerFormat::Int128 => "more than 64 bits",
        IntegerFormat::UInt8 => "uint8",
        IntegerFormat::UInt16 => "uint16",
        IntegerFormat::UInt32 => "uint32",
        IntegerFormat::UInt64 => "uint64",
    }
}
