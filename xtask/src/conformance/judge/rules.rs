//! Known errors of Prism. Each rule describes an error, and decides whether the error caused a violation that Prism
//! reports. Refusals caused by a known error are waived.

use serde_json::Value;

use super::Case;
use crate::document::{Content, Operation, Parameter, Scheme};
use crate::plan::Argument;
use crate::prism::{Refusal, Violation};

/// A known error of Prism.
#[derive(Debug)]
pub(crate) struct Rule {
    pub(crate) name: &'static str,
    pub(crate) reason: &'static str,
    applies: fn(Case<'_>, &Violation) -> bool,
}

/// The name of the rule for invalid responses, and for responses that Prism cannot produce.
pub(super) const RESPONSE: &str = "answer";

/// The name of the rule for requests that crash Prism.
pub(super) const CRASH: &str = "breaks";

/// Prism's problem types for errors of the response.
const RESPONSE_PROBLEMS: [&str; 6] = [
    "SCHEMA_TOO_COMPLEX",
    "NOT_ACCEPTABLE",
    "NO_COMPLEX_OBJECT_TEXT",
    "NO_RESPONSE_RESPONSE_DEFINED",
    "NOT_FOUND",
    "VIOLATIONS",
];

/// Returns whether a refusal reports an error of the response instead of the request.
pub(super) fn concerns_response(refusal: &Refusal) -> bool {
    RESPONSE_PROBLEMS.contains(&refusal.kind.as_str())
}

/// Returns whether a refusal is an internal error of Prism.
pub(super) fn is_crash(refusal: &Refusal) -> bool {
    refusal.kind == "UNKNOWN"
}

/// The rules for all known errors of Prism.
pub(crate) const RULES: [Rule; 18] = [
    Rule {
        name: RESPONSE,
        reason: "Prism cannot produce a valid response, so a generated response was used",
        applies: |_, _| false,
    },
    Rule { name: CRASH, reason: "Prism crashes or exits without a response", applies: |_, _| false },
    Rule {
        name: "body-all-of",
        reason: "Prism merges `allOf` in request bodies incorrectly (Prism issue 2575)",
        applies: |case, violation| concerns(violation, "body") && body_has(case, "allOf"),
    },
    Rule {
        name: "body-read-only",
        reason: "Prism requires `readOnly` properties in requests if a variant of a union declares them",
        applies: |case, violation| {
            concerns(violation, "body")
                && matches!(violation.code.as_str(), "required" | "oneOf" | "anyOf")
                && body_matches(case, &|schema| schema.get("readOnly") == Some(&Value::Bool(true)))
        },
    },
    Rule {
        name: "body-suffix",
        reason: "Prism does not distinguish media types with the same suffix (`application/a+json`)",
        applies: |case, violation| {
            let others = case.operation.body.iter().flat_map(|body| &body.contents);
            concerns(violation, "body")
                && case.content().is_some_and(|own| {
                    others.filter(|other| other.media_type != own.media_type).any(|other| have_same_suffix(own, other))
                })
        },
    },
    Rule {
        name: "body-text",
        reason: "Prism compares bodies other than JSON and forms, e.g. XML, with the schema as if they were strings",
        applies: |case, violation| {
            let is_text = |content: &Content| !content.is_json() && !content.is_multipart() && !content.is_urlencoded();
            concerns(violation, "body") && case.content().is_some_and(is_text)
        },
    },
    Rule {
        name: "form",
        reason: "Prism reads the fields of URL-encoded forms as strings, and does not decode arrays and objects",
        applies: |case, violation| {
            let properties = case.call.body.as_ref().and_then(|body| body.value.as_object()).into_iter().flatten();
            concerns(violation, "body")
                && case.content().is_some_and(Content::is_urlencoded)
                && properties.into_iter().any(|(_, value)| value.is_array() || value.is_object())
        },
    },
    Rule {
        name: "scheme",
        reason: "Prism supports only the HTTP authentication schemes Basic, Bearer and Digest",
        applies: |case, violation| {
            let other = |name: &String| case.document.schemes.get(name) == Some(&Scheme::Other);
            matches!(violation.code.as_str(), "401" | "UNAUTHORIZED") && case.call.schemes.iter().any(other)
        },
    },
    Rule {
        name: "multipart",
        reason: "Prism reads multipart bodies as text and misses parts (Prism issue 2008)",
        applies: |case, violation| concerns(violation, "body") && case.content().is_some_and(Content::is_multipart),
    },
    Rule {
        name: "query-object-case",
        reason: "Prism ignores case in the names of object-valued query parameters and of their properties",
        applies: |case, violation| {
            concerns(violation, "query")
                && case.operation.parameters.iter().any(|parameter| has_uppercase_names(case, parameter))
        },
    },
    Rule {
        name: "query-object-list",
        reason: "Prism reads an array with one item as a string if it is in an exploded object-valued query parameter",
        applies: |case, violation| {
            concerns(violation, "query")
                && violation.message.contains("must be array")
                && case.call.arguments.iter().any(|argument| has_single_item_array(case, argument))
        },
    },
    Rule {
        name: "query-nullable",
        reason: "Prism reads a nullable array or object in the query as a string",
        applies: |case, violation| {
            case.call.arguments.iter().any(|argument| concerns_nullable(case, argument, violation))
        },
    },
    Rule {
        name: "query-delimited",
        reason: "Prism decodes delimited query values before splitting them, so it also splits at encoded delimiters",
        applies: |case, violation| {
            (concerns(violation, "query") || violation.location.is_empty())
                && has_style(case.operation, &["spaceDelimited", "pipeDelimited"])
        },
    },
    Rule {
        name: "reserved-header",
        reason: "Prism requires header parameters named Accept, Content-Type or Authorization, which OpenAPI ignores",
        applies: |_, violation| {
            let reserved = ["'accept'", "'content-type'", "'authorization'"];
            concerns(violation, "header")
                && violation.code == "required"
                && reserved.iter().any(|name| violation.message.contains(name))
        },
    },
    Rule {
        name: "name",
        reason: "Prism does not find parameters whose names are invalid in URI templates (RFC 6570, section 2.3)",
        applies: |case, violation| {
            let is_plain = |name: &str| {
                name.chars().all(|character| character.is_ascii_alphanumeric() || matches!(character, '_' | '.'))
            };
            let mut path = case.operation.parameters.iter().filter(|parameter| parameter.location == "path");
            let mut query = case.operation.parameters.iter().filter(|parameter| parameter.location == "query");
            concerns(violation, "path") && path.any(|parameter| !is_plain(&parameter.name))
                || concerns(violation, "query")
                    && query.any(|parameter| parameter.name.contains('%') || !parameter.name.is_ascii())
        },
    },
    Rule {
        name: "route",
        reason: "Prism has no route for paths with `.` or `*` in parameter names, with expressions of URI templates \
                 (RFC 6570), or with a query or a fragment",
        applies: |case, violation| {
            let path = &case.operation.path;
            violation.code == "NO_PATH_MATCHED_ERROR"
                && (path.contains(['?', '#', '*']) || parameter_names(path).any(has_escaped_characters))
        },
    },
    Rule {
        name: "body-discriminator",
        reason: "Prism ignores the discriminator of a `oneOf`: it reports several matches, or missing properties of \
                 other variants",
        applies: |case, violation| {
            concerns(violation, "body")
                && matches!(violation.code.as_str(), "oneOf" | "required")
                && body_has(case, "discriminator")
        },
    },
    Rule {
        name: "path-style",
        reason: "Prism does not support path parameters with the styles `label` and `matrix`",
        applies: |case, violation| concerns(violation, "path") && has_style(case.operation, &["label", "matrix"]),
    },
];

/// Returns the rule that waives a violation. Returns `None` if no known error explains the violation.
pub(super) fn waiving_rule(case: Case<'_>, violation: &Violation) -> Option<&'static Rule> {
    RULES.iter().find(|rule| (rule.applies)(case, violation))
}

fn concerns(violation: &Violation, location: &str) -> bool {
    violation.location.split('.').next() == Some(location)
}

fn has_style(operation: &Operation, styles: &[&str]) -> bool {
    operation.parameters.iter().any(|parameter| styles.contains(&parameter.style.as_str()))
}

fn has_uppercase_names(case: Case<'_>, parameter: &Parameter) -> bool {
    let has_properties = |schema: &Value| schema.get("properties").is_some();
    if parameter.name.chars().any(char::is_uppercase)
        && parameter.location == "query"
        && schema_matches(case, &parameter.schema, &mut Vec::new(), &has_properties)
    {
        return true;
    }
    crate::program::is_exploded_object(case.document, parameter)
        && schema_matches(case, &parameter.schema, &mut Vec::new(), &|schema| {
            let properties = schema.get("properties").and_then(Value::as_object);
            properties.is_some_and(|properties| properties.keys().any(|name| name.chars().any(char::is_uppercase)))
        })
}

fn has_single_item_array(case: Case<'_>, argument: &Argument) -> bool {
    let parameter = case.operation.parameters.get(argument.parameter);
    let properties = argument.value.as_object().into_iter().flatten();
    parameter.is_some_and(|parameter| crate::program::is_exploded_object(case.document, parameter))
        && properties.into_iter().any(|(_, value)| value.as_array().is_some_and(|values| values.len() == 1))
}

/// Returns whether a violation is about an argument whose schema is a nullable array or object.
fn concerns_nullable(case: Case<'_>, argument: &Argument, violation: &Violation) -> bool {
    let parameter = case.operation.parameters.get(argument.parameter);
    (argument.value.is_array() || argument.value.is_object())
        && parameter.filter(|parameter| parameter.location == "query").is_some_and(|parameter| {
            let name = parameter.name.to_lowercase();
            let is_missing = violation.location == "query" && violation.message.ends_with(&format!("'{name}'"));
            let schema = case.document.schemas.resolve(&parameter.schema);
            (violation.location == format!("query.{name}") || is_missing)
                && schema.get("nullable") == Some(&Value::Bool(true))
        })
}

/// Returns the parameter names of a path template.
fn parameter_names(path: &str) -> impl Iterator<Item = &str> {
    path.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0))
}

/// Returns whether a name has characters that Prism escapes. Prism does not find such a name in the path template.
fn has_escaped_characters(name: &str) -> bool {
    name.contains(|character: char| r".*+?^$()|[]\".contains(character))
}

/// Returns whether two media types have the same type and suffix, e.g. `application/json` and
/// `application/problem+json`.
fn have_same_suffix(one: &Content, other: &Content) -> bool {
    let reduced = |content: &Content| {
        let essence = crate::document::essence(&content.media_type);
        let (kind, name) = essence.split_once('/')?;
        Some((kind.to_owned(), name.rsplit('+').next()?.to_owned()))
    };
    reduced(one).is_some() && reduced(one) == reduced(other)
}

fn body_has(case: Case<'_>, keyword: &str) -> bool {
    body_matches(case, &|schema| schema.get(keyword).is_some())
}

fn body_matches(case: Case<'_>, predicate: &impl Fn(&Value) -> bool) -> bool {
    case.content().is_some_and(|content| schema_matches(case, content.schema(), &mut Vec::new(), predicate))
}

/// Returns whether a schema or one of its subschemas matches a predicate.
fn schema_matches(case: Case<'_>, schema: &Value, seen: &mut Vec<String>, predicate: &impl Fn(&Value) -> bool) -> bool {
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
        if seen.iter().any(|known| known == reference) {
            return false;
        }
        seen.push(reference.to_owned());
    }
    let schema = case.document.schemas.resolve(schema);
    if predicate(schema) {
        return true;
    }
    let single = ["items", "additionalProperties", "not"].iter().filter_map(|keyword| schema.get(keyword));
    let listed = ["allOf", "anyOf", "oneOf"].iter().filter_map(|keyword| schema.get(keyword)?.as_array()).flatten();
    let properties =
        schema.get("properties").and_then(Value::as_object).into_iter().flatten().map(|(_, schema)| schema);
    single.chain(listed).chain(properties).any(|inner| schema_matches(case, inner, seen, predicate))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::document::from_json;
    use crate::plan::{BodyArgument, Call, RequestedResponse};
    use crate::program::Outcome;

    /// Returns the rule that waives `violation`, which Prism reports for a call with a body and an argument.
    fn rule(path: &str, operation: Value, argument: Value, violation: (&str, &str, &str)) -> Option<&'static str> {
        let document = from_json(json!({ "paths": { path: { "post": operation } } })).unwrap();
        let argument = Argument { parameter: 0, value: argument };
        let body = BodyArgument { content: 0, value: json!({}) };
        let (label, requested, schemes) = (String::new(), RequestedResponse::default(), Vec::new());
        let call = Call { label, arguments: vec![argument], body: Some(body), requested, schemes };
        let outcome = Outcome { exit: None, stdout: Vec::new(), stderr: String::new() };
        let operation = &document.operations[0];
        let case = Case { document: &document, operation, call: &call, exchanges: &[], outcome: &outcome };
        let (location, code, message) = violation;
        let violation = Violation { location: location.into(), code: code.into(), message: message.into() };
        waiving_rule(case, &violation).map(|rule| rule.name)
    }

    #[test]
    fn unsupported_routes_are_waived() {
        let violation = ("", "NO_PATH_MATCHED_ERROR", "The route /a/1 hasn't been found");
        assert_eq!(rule("/a/{b.c}", json!({}), json!(1), violation), Some("route"));
        assert_eq!(rule("/a#Target=B", json!({}), json!(1), violation), Some("route"));
        assert_eq!(rule("/a/{b-c}.d", json!({}), json!(1), violation), None);
    }

    #[test]
    fn non_ascii_names_are_waived() {
        let violation = ("query", "required", "Request query must have required property 'stra%c3%9fe'");
        let operation = |name: &str| json!({ "parameters": [{ "name": name, "in": "query", "schema": {} }] });
        assert_eq!(rule("/", operation("straße"), json!("x"), violation), Some("name"));
        assert_eq!(rule("/", operation("street"), json!("x"), violation), None);
    }

    #[test]
    fn nullable_arrays_are_waived() {
        let violation = ("query.ids", "type", "Request query parameter ids must be array,null");
        let operation = |nullable: bool| json!({ "parameters": [{ "name": "Ids", "in": "query", "schema": { "type": "array", "nullable": nullable } }] });
        assert_eq!(rule("/", operation(true), json!(["a"]), violation), Some("query-nullable"));
        assert_eq!(rule("/", operation(false), json!(["a"]), violation), None);
        assert_eq!(rule("/", operation(true), json!("a"), violation), None);
        let missing = ("query", "required", "Request query must have required property 'ids'");
        assert_eq!(rule("/", operation(true), json!({}), missing), Some("query-nullable"));
    }

    #[test]
    fn bodies_read_with_other_schema_are_waived() {
        let violation = ("body", "required", "Request body must have required property 'a'");
        let contents = |types: &[&str], schema: Value| {
            let contents =
                types.iter().map(|media_type| ((*media_type).to_owned(), json!({ "schema": schema.clone() })));
            json!({ "requestBody": { "content": Value::Object(contents.collect()) } })
        };
        let patch = ["application/json-patch+json", "application/json"];
        assert_eq!(rule("/", contents(&patch, json!({})), json!(1), violation), Some("body-suffix"));
        assert_eq!(rule("/", contents(&["application/json", "text/json"], json!({})), json!(1), violation), None);
        let union = |read_only: bool| json!({ "oneOf": [{ "properties": { "a": { "readOnly": read_only } } }] });
        let object = json!({ "type": "object" });
        let type_violation = ("body", "type", "Request body must be object");
        assert_eq!(
            rule("/", contents(&["application/xml"], object.clone()), json!(1), type_violation),
            Some("body-text")
        );
        assert_eq!(rule("/", contents(&["application/json"], object), json!(1), type_violation), None);
        let json = ["application/json"];
        assert_eq!(rule("/", contents(&json, union(true)), json!(1), violation), Some("body-read-only"));
        assert_eq!(rule("/", contents(&json, union(false)), json!(1), violation), None);
    }
}
