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
pub(crate) const RULES: [Rule; 13] = [
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
                || is_in(violation, "query") && query.any(|parameter| parameter.name.contains('%'))
        },
    },
    Rule {
        name: "body-discriminator",
        why: "Prism does not ask the discriminator which arm of a `oneOf` is meant, and finds several",
        applies: |case, violation| {
            is_in(violation, "body") && violation.code == "oneOf" && body_has(case, "discriminator")
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

fn body_has(case: Case<'_>, keyword: &str) -> bool {
    let Some(content) = case.content() else { return false };
    schema_has(case, content.schema(), &mut Vec::new(), &|schema| schema.get(keyword).is_some())
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
