//! Where Prism errs: each rule says what Prism gets wrong and when, and the second judge decides there.

use serde_json::Value;

use super::Case;
use crate::document::{Content, Operation, Parameter, Scheme};
use crate::plan::Argument;
use crate::prism::{Refusal, Violation};

/// Something that Prism gets wrong.
#[derive(Debug)]
pub(crate) struct Rule {
    pub(crate) name: &'static str,
    pub(crate) why: &'static str,
    applies: fn(Case<'_>, &Violation) -> bool,
}

/// Prism has no answer, or one that its own document forbids.
pub(super) const ANSWER: &str = "answer";

/// Prism breaks at the request.
pub(super) const BREAKS: &str = "breaks";

/// Problems of Prism's that are about the answer which it was asked for.
const ABOUT_THE_ANSWER: [&str; 6] = [
    "SCHEMA_TOO_COMPLEX",
    "NOT_ACCEPTABLE",
    "NO_COMPLEX_OBJECT_TEXT",
    "NO_RESPONSE_RESPONSE_DEFINED",
    "NOT_FOUND",
    "VIOLATIONS",
];

/// Whether a refusal is about the answer and not about the request.
pub(super) fn is_about_the_answer(refusal: &Refusal) -> bool {
    ABOUT_THE_ANSWER.contains(&refusal.kind.as_str())
}

/// Whether a refusal is a fault within Prism.
pub(super) fn is_broken(refusal: &Refusal) -> bool {
    refusal.kind == "UNKNOWN"
}

/// All of them.
pub(crate) const RULES: [Rule; 17] = [
    Rule {
        name: ANSWER,
        why: "Prism cannot make the answer, or makes one that the document forbids: the answer was ours",
        applies: |_, _| false,
    },
    Rule { name: BREAKS, why: "Prism breaks at the request, or ends, and says nothing of it", applies: |_, _| false },
    Rule {
        name: "body-all-of",
        why: "Prism merges `allOf` in request bodies wrongly (its issue 2575)",
        applies: |case, violation| is_in(violation, "body") && body_has(case, "allOf"),
    },
    Rule {
        name: "body-read-only",
        why: "Prism asks for `readOnly` members in requests, where they stand in an arm of a union",
        applies: |case, violation| {
            is_in(violation, "body")
                && matches!(violation.code.as_str(), "required" | "oneOf" | "anyOf")
                && body_is_such(case, &|schema| schema.get("readOnly") == Some(&Value::Bool(true)))
        },
    },
    Rule {
        name: "body-suffix",
        why: "Prism takes media types for the same that differ in what stands before their suffix (`application/a+json`)",
        applies: |case, violation| {
            let others = case.operation.body.iter().flat_map(|body| &body.contents);
            is_in(violation, "body")
                && case.content().is_some_and(|own| {
                    others.filter(|other| other.media_type != own.media_type).any(|other| is_alike(own, other))
                })
        },
    },
    Rule {
        name: "form",
        why: "Prism reads the members of urlencoded forms as texts, and finds no lists and objects among them",
        applies: |case, violation| {
            let members = case.call.body.as_ref().and_then(|body| body.value.as_object()).into_iter().flatten();
            is_in(violation, "body")
                && case.content().is_some_and(Content::is_urlencoded)
                && members.into_iter().any(|(_, value)| value.is_array() || value.is_object())
        },
    },
    Rule {
        name: "scheme",
        why: "Prism knows the HTTP authentication schemes Basic, Bearer and Digest alone",
        applies: |case, violation| {
            let other = |name: &String| case.document.schemes.get(name) == Some(&Scheme::Other);
            matches!(violation.code.as_str(), "401" | "UNAUTHORIZED") && case.call.schemes.iter().any(other)
        },
    },
    Rule {
        name: "multipart",
        why: "Prism reads multipart bodies as text and misses parts (its issue 2008)",
        applies: |case, violation| is_in(violation, "body") && case.content().is_some_and(Content::is_multipart),
    },
    Rule {
        name: "query-object-case",
        why: "Prism compares the names of objects in the query, and of their members, in lower case",
        applies: |case, violation| {
            is_in(violation, "query") && case.operation.parameters.iter().any(|parameter| has_capitals(case, parameter))
        },
    },
    Rule {
        name: "query-object-list",
        why: "Prism takes a list of one element, within an exploded object in the query, for a text",
        applies: |case, violation| {
            is_in(violation, "query")
                && violation.message.contains("must be array")
                && case.call.arguments.iter().any(|argument| has_short_list(case, argument))
        },
    },
    Rule {
        name: "query-nullable",
        why: "Prism takes a list or an object in the query for a text where it may be null",
        applies: |case, violation| case.call.arguments.iter().any(|argument| is_nullable(case, argument, violation)),
    },
    Rule {
        name: "query-delimited",
        why: "Prism splits values at an encoded delimiter that it has decoded before",
        applies: |case, violation| {
            (is_in(violation, "query") || violation.place.is_empty())
                && has_style(case.operation, &["spaceDelimited", "pipeDelimited"])
        },
    },
    Rule {
        name: "reserved-header",
        why: "Prism asks for header parameters called Accept, Content-Type or Authorization, which OpenAPI has ignored",
        applies: |_, violation| {
            let reserved = ["'accept'", "'content-type'", "'authorization'"];
            is_in(violation, "header")
                && violation.code == "required"
                && reserved.iter().any(|name| violation.message.contains(name))
        },
    },
    Rule {
        name: "name",
        why: "Prism does not find parameters whose names are none of URI templates (RFC 6570, section 2.3)",
        applies: |case, violation| {
            let is_plain = |name: &str| name.chars().all(|it| it.is_ascii_alphanumeric() || matches!(it, '_' | '.'));
            let mut path = case.operation.parameters.iter().filter(|parameter| parameter.location == "path");
            let mut query = case.operation.parameters.iter().filter(|parameter| parameter.location == "query");
            is_in(violation, "path") && path.any(|parameter| !is_plain(&parameter.name))
                || is_in(violation, "query")
                    && query.any(|parameter| parameter.name.contains('%') || !parameter.name.is_ascii())
        },
    },
    Rule {
        name: "route",
        why: "Prism has no route for paths whose names hold `.` or `*`, for expressions of URI templates (RFC 6570), and for \
              paths with a query or a fragment",
        applies: |case, violation| {
            let path = &case.operation.path;
            violation.code == "NO_PATH_MATCHED_ERROR"
                && (!case.document.written_paths.contains(path)
                    || path.contains(['?', '#'])
                    || names(path).any(is_a_pattern))
        },
    },
    Rule {
        name: "body-discriminator",
        why: "Prism does not ask the discriminator which arm of a `oneOf` is meant, and finds several, or what others lack",
        applies: |case, violation| {
            is_in(violation, "body")
                && matches!(violation.code.as_str(), "oneOf" | "required")
                && body_has(case, "discriminator")
        },
    },
    Rule {
        name: "path-style",
        why: "Prism does not read paths of the styles `label` and `matrix`",
        applies: |case, violation| is_in(violation, "path") && has_style(case.operation, &["label", "matrix"]),
    },
];

/// The rule by which a violation is left to the second judge.
pub(super) fn left(case: Case<'_>, violation: &Violation) -> Option<&'static Rule> {
    RULES.iter().find(|rule| (rule.applies)(case, violation))
}

fn is_in(violation: &Violation, place: &str) -> bool {
    violation.place.split('.').next() == Some(place)
}

fn has_style(operation: &Operation, styles: &[&str]) -> bool {
    operation.parameters.iter().any(|parameter| styles.contains(&parameter.style.as_str()))
}

fn has_capitals(case: Case<'_>, parameter: &Parameter) -> bool {
    let has_members = |schema: &Value| schema.get("properties").is_some();
    if parameter.name.chars().any(char::is_uppercase)
        && parameter.location == "query"
        && schema_has(case, &parameter.schema, &mut Vec::new(), &has_members)
    {
        return true;
    }
    crate::program::is_exploded_object(case.document, parameter)
        && schema_has(case, &parameter.schema, &mut Vec::new(), &|schema| {
            let properties = schema.get("properties").and_then(Value::as_object);
            properties.is_some_and(|properties| properties.keys().any(|name| name.chars().any(char::is_uppercase)))
        })
}

fn has_short_list(case: Case<'_>, argument: &Argument) -> bool {
    let parameter = case.operation.parameters.get(argument.parameter);
    let members = argument.value.as_object().into_iter().flatten();
    parameter.is_some_and(|parameter| crate::program::is_exploded_object(case.document, parameter))
        && members.into_iter().any(|(_, value)| value.as_array().is_some_and(|values| values.len() == 1))
}

/// Whether the violation is about a list or an object that may be null.
fn is_nullable(case: Case<'_>, argument: &Argument, violation: &Violation) -> bool {
    let parameter = case.operation.parameters.get(argument.parameter);
    (argument.value.is_array() || argument.value.is_object())
        && parameter.filter(|parameter| parameter.location == "query").is_some_and(|parameter| {
            let name = parameter.name.to_lowercase();
            let is_missing = violation.place == "query" && violation.message.ends_with(&format!("'{name}'"));
            let schema = case.document.schemas.resolve(&parameter.schema);
            (violation.place == format!("query.{name}") || is_missing)
                && schema.get("nullable") == Some(&Value::Bool(true))
        })
}

/// The names in the expressions of a path.
fn names(path: &str) -> impl Iterator<Item = &str> {
    path.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0))
}

/// Whether Prism escapes something in the name before it looks for the braces around it.
fn is_a_pattern(name: &str) -> bool {
    name.contains(|character: char| r".*+?^$()|[]\".contains(character))
}

/// Whether two media types are one but for what stands before their suffix.
fn is_alike(one: &Content, other: &Content) -> bool {
    let reduced = |content: &Content| {
        let essence = crate::document::essence(&content.media_type);
        let (kind, name) = essence.split_once('/')?;
        Some((kind.to_owned(), name.rsplit('+').next()?.to_owned()))
    };
    reduced(one).is_some() && reduced(one) == reduced(other)
}

fn body_has(case: Case<'_>, keyword: &str) -> bool {
    body_is_such(case, &|schema| schema.get(keyword).is_some())
}

fn body_is_such(case: Case<'_>, is_such: &impl Fn(&Value) -> bool) -> bool {
    case.content().is_some_and(|content| schema_has(case, content.schema(), &mut Vec::new(), is_such))
}

/// Whether a schema, or one that it is made of, is such.
fn schema_has(case: Case<'_>, schema: &Value, seen: &mut Vec<String>, is_such: &impl Fn(&Value) -> bool) -> bool {
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
        if seen.iter().any(|known| known == reference) {
            return false;
        }
        seen.push(reference.to_owned());
    }
    let schema = case.document.schemas.resolve(schema);
    if is_such(schema) {
        return true;
    }
    let single = ["items", "additionalProperties", "not"].iter().filter_map(|keyword| schema.get(keyword));
    let listed = ["allOf", "anyOf", "oneOf"].iter().filter_map(|keyword| schema.get(keyword)?.as_array()).flatten();
    let properties =
        schema.get("properties").and_then(Value::as_object).into_iter().flatten().map(|(_, schema)| schema);
    single.chain(listed).chain(properties).any(|inner| schema_has(case, inner, seen, is_such))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::document::from_json;
    use crate::plan::{Asked, Call, Given};
    use crate::program::Outcome;

    /// The rule by which a violation is left, of a call with one body and one argument.
    fn rule(path: &str, operation: Value, argument: Value, violation: (&str, &str, &str)) -> Option<&'static str> {
        let document = from_json(json!({ "paths": { path: { "post": operation } } })).unwrap();
        let argument = Argument { parameter: 0, value: argument };
        let body = Given { content: 0, value: json!({}) };
        let (label, asked, schemes) = (String::new(), Asked::default(), Vec::new());
        let call = Call { label, arguments: vec![argument], body: Some(body), asked, schemes };
        let outcome = Outcome { exit: None, stdout: Vec::new(), stderr: String::new() };
        let operation = &document.operations[0];
        let case = Case { document: &document, operation, call: &call, exchanges: &[], outcome: &outcome };
        let (place, code, message) = violation;
        let violation = Violation { place: place.into(), code: code.into(), message: message.into() };
        left(case, &violation).map(|rule| rule.name)
    }

    #[test]
    fn paths_that_prism_has_no_route_for_are_left() {
        let violation = ("", "NO_PATH_MATCHED_ERROR", "The route /a/1 hasn't been found");
        assert_eq!(rule("/a/{b.c}", json!({}), json!(1), violation), Some("route"));
        assert_eq!(rule("/a#Target=B", json!({}), json!(1), violation), Some("route"));
        assert_eq!(rule("/a/{b-c}.d", json!({}), json!(1), violation), None);
    }

    #[test]
    fn names_beyond_ascii_are_left() {
        let violation = ("query", "required", "Request query must have required property 'stra%c3%9fe'");
        let operation = |name: &str| json!({ "parameters": [{ "name": name, "in": "query", "schema": {} }] });
        assert_eq!(rule("/", operation("straße"), json!("x"), violation), Some("name"));
        assert_eq!(rule("/", operation("street"), json!("x"), violation), None);
    }

    #[test]
    fn lists_that_may_be_null_are_left() {
        let violation = ("query.ids", "type", "Request query parameter ids must be array,null");
        let operation = |nullable: bool| json!({ "parameters": [{ "name": "Ids", "in": "query", "schema": { "type": "array", "nullable": nullable } }] });
        assert_eq!(rule("/", operation(true), json!(["a"]), violation), Some("query-nullable"));
        assert_eq!(rule("/", operation(false), json!(["a"]), violation), None);
        assert_eq!(rule("/", operation(true), json!("a"), violation), None);
        let missing = ("query", "required", "Request query must have required property 'ids'");
        assert_eq!(rule("/", operation(true), json!({}), missing), Some("query-nullable"));
    }

    #[test]
    fn bodies_that_prism_reads_by_another_schema_are_left() {
        let violation = ("body", "required", "Request body must have required property 'a'");
        let contents = |types: &[&str], schema: Value| {
            let contents =
                types.iter().map(|media_type| ((*media_type).to_owned(), json!({ "schema": schema.clone() })));
            json!({ "requestBody": { "content": Value::Object(contents.collect()) } })
        };
        let patch = ["application/json-patch+json", "application/json"];
        assert_eq!(rule("/", contents(&patch, json!({})), json!(1), violation), Some("body-suffix"));
        assert_eq!(rule("/", contents(&["application/json", "text/json"], json!({})), json!(1), violation), None);
        let arms = |read_only: bool| json!({ "oneOf": [{ "properties": { "a": { "readOnly": read_only } } }] });
        let json = ["application/json"];
        assert_eq!(rule("/", contents(&json, arms(true)), json!(1), violation), Some("body-read-only"));
        assert_eq!(rule("/", contents(&json, arms(false)), json!(1), violation), None);
    }
}
