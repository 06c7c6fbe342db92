//! Negative controls: requests that Prism must refuse, because each contains an error. If Prism accepts them, a passed
//! run proves nothing.
//!
//! A control is a recorded request that Prism accepted, with one error added. If a kind of error cannot be added to any
//! request of the run, the built-in document `control.yaml` provides the control of this kind.

use std::net::SocketAddr;

use anyhow::Result;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use serde_json::Value;

use crate::document::{Document, Operation, Parameter, Scheme};
use crate::prism::{Refusal, refusal};
use crate::program::is_exploded_object;
use crate::proxy::{RecordedRequest, send};
use crate::schemas::Direction;

/// The kind of error in a control.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Mutation {
    RenamedQueryParameter,
    MissingHeader,
    OtherType,
    MissingKey,
    /// Of the errors that are planted in calls: a value of another type.
    PlantedType,
    /// A property that is missing in the request, or in the output of the program.
    LostProperty,
    /// A value that is encoded twice.
    WrongEncoding,
    /// A parameter that is missing in the request.
    DroppedParameter,
    /// A value that a keyword of JSON Schema 2020-12 does not allow.
    Keyword,
}

impl Mutation {
    /// The errors in requests that Prism must refuse.
    pub(crate) const ALL: [Self; 4] =
        [Self::RenamedQueryParameter, Self::MissingHeader, Self::OtherType, Self::MissingKey];

    /// The errors in recorded calls that the judge must count as errors of the client.
    pub(crate) const PLANTED: [Self; 4] =
        [Self::PlantedType, Self::LostProperty, Self::WrongEncoding, Self::DroppedParameter];

    /// Returns whether a refusal by Prism reports this kind of error.
    fn is_reported_by(self, refusal: &Refusal) -> bool {
        let at = |location: &str| refusal.violations.iter().any(|violation| violation.location.starts_with(location));
        match self {
            Self::RenamedQueryParameter => at("query"),
            Self::MissingHeader => at("header"),
            Self::OtherType => at("query") || at("body") || at("path"),
            Self::MissingKey => refusal.kind == "UNAUTHORIZED",
            Self::PlantedType | Self::LostProperty | Self::WrongEncoding | Self::DroppedParameter | Self::Keyword => {
                false
            }
        }
    }
}

/// The result of a control.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Control {
    #[serde(rename = "wrong")]
    pub(crate) mutation: Mutation,
    pub(crate) operation: String,
    /// Whether Prism refused the request, or the judge counted a planted error as an error of the client.
    pub(crate) refused: bool,
    /// Whether the control does not count: Prism accepted it without validating the body, but the `jsonschema` crate
    /// found the body invalid.
    #[serde(rename = "left")]
    pub(crate) waived: bool,
    /// The response of Prism, in a few words.
    #[serde(rename = "said")]
    pub(crate) reply: String,
}

/// A request that Prism accepted.
#[derive(Debug, Clone)]
pub(crate) struct AcceptedRequest<'a> {
    pub(crate) operation: &'a Operation,
    /// The security schemes whose credentials the request has.
    pub(crate) schemes: Vec<String>,
    pub(crate) request: RecordedRequest,
}

/// For each kind of error, adds the error to an accepted request, and sends this control to Prism. Skips a kind if it
/// cannot be added to any accepted request.
pub(crate) async fn run(
    document: &Document,
    prism: SocketAddr,
    accepted: &[AcceptedRequest<'_>],
) -> Result<Vec<Control>> {
    let mut controls = Vec::new();
    for mutation in Mutation::ALL {
        let mutations = accepted.iter().filter_map(|accepted| Some((accepted, mutate(document, accepted, mutation)?)));
        for (accepted, mutated) in mutations {
            let response = send(prism, &mutated).await?;
            let refusal = refusal(&response);
            let refused = refusal.as_ref().is_some_and(|refusal| mutation.is_reported_by(refusal));
            let waived = !refused
                && refusal.is_none()
                && is_body_invalid(document, accepted.operation, &mutated, &accepted.request);
            controls.push(Control {
                mutation,
                operation: accepted.operation.route(),
                refused,
                waived,
                reply: refusal.map_or_else(|| format!("status {}", response.status), |refusal| refusal.to_string()),
            });
            // If Prism did not validate this request, try the next request.
            if !waived {
                break;
            }
        }
    }
    Ok(controls)
}

/// Returns whether the error of a control is in its body, and the `jsonschema` crate finds the body invalid.
fn is_body_invalid(
    document: &Document,
    operation: &Operation,
    mutated: &RecordedRequest,
    accepted: &RecordedRequest,
) -> bool {
    let contents = operation.body.iter().flat_map(|body| &body.contents);
    let media_type = mutated.header("content-type").unwrap_or_default();
    let content = contents.into_iter().find(|content| content.is_json() && content.covers(media_type));
    let body = serde_json::from_slice(&mutated.body).ok();
    mutated.body != accepted.body
        && content.zip(body).is_some_and(|(content, body): (_, Value)| {
            !document.schemas.is_valid(content.schema(), &body, Direction::Request)
        })
}

/// Returns a copy of an accepted request with an added error. Returns `None` if this kind of error cannot be added to
/// the request.
fn mutate(document: &Document, accepted: &AcceptedRequest<'_>, mutation: Mutation) -> Option<RecordedRequest> {
    let mut request = accepted.request.clone();
    let mut parameters = accepted.operation.parameters.iter();
    match mutation {
        Mutation::RenamedQueryParameter => {
            let is_plain = |parameter: &&Parameter| {
                parameter.location == "query" && parameter.required && !is_exploded_object(document, parameter)
            };
            let parameter = parameters.find(is_plain)?;
            request.target = with_query(&request.target, |name, value| {
                if name != parameter.name {
                    return PairChange::Keep;
                }
                PairChange::Replace(format!("{name}-renamed"), value.to_owned())
            })?;
        }
        Mutation::MissingHeader => {
            let parameter = parameters.find(|parameter| parameter.location == "header" && parameter.required)?;
            let before = request.headers.len();
            request.headers.retain(|(name, _)| !name.eq_ignore_ascii_case(&parameter.name));
            (request.headers.len() < before).then_some(())?;
        }
        Mutation::OtherType => return with_other_type(document, accepted),
        Mutation::PlantedType
        | Mutation::LostProperty
        | Mutation::WrongEncoding
        | Mutation::DroppedParameter
        | Mutation::Keyword => return None,
        Mutation::MissingKey => {
            // A missing key is not an error if anonymous requests are allowed.
            if accepted.schemes.is_empty() || accepted.operation.security.iter().any(Vec::is_empty) {
                return None;
            }
            for scheme in accepted.schemes.iter().filter_map(|name| document.schemes.get(name)) {
                remove_credential(&mut request, scheme)?;
            }
        }
    }
    (request != accepted.request).then_some(request)
}

fn remove_credential(request: &mut RecordedRequest, scheme: &Scheme) -> Option<()> {
    let header = match scheme {
        Scheme::ApiKey(location, name) if location == "query" => {
            request.target =
                with_query(
                    &request.target,
                    |known, _| if known == name { PairChange::Remove } else { PairChange::Keep },
                )?;
            return Some(());
        }
        Scheme::ApiKey(location, name) if location == "header" => name.as_str(),
        Scheme::ApiKey(..) => "cookie",
        _ => "authorization",
    };
    request.headers.retain(|(name, _)| !name.eq_ignore_ascii_case(header));
    Some(())
}

/// Replaces a value with a value of another type: a number or boolean in the query with a string, or a scalar in the
/// body with an object.
pub(crate) fn with_other_type(document: &Document, accepted: &AcceptedRequest<'_>) -> Option<RecordedRequest> {
    let mut request = accepted.request.clone();
    let is_number = |schema: &Value| {
        let kind = document.schemas.resolve(schema).get("type").and_then(Value::as_str);
        matches!(kind, Some("integer" | "number" | "boolean"))
    };
    let parameter = accepted.operation.parameters.iter().find(|it| it.location == "query" && is_number(&it.schema));
    if let Some(parameter) = parameter {
        let mutated = with_query(&request.target, |name, _| {
            if name == parameter.name {
                PairChange::Replace(name.to_owned(), "no-number".to_owned())
            } else {
                PairChange::Keep
            }
        });
        if let Some(mutated) = mutated {
            request.target = mutated;
            return Some(request);
        }
    }
    let content = accepted.operation.body.as_ref()?.contents.iter().find(|content| content.is_json())?;
    let mut value: Value = serde_json::from_slice(&request.body).ok()?;
    let schema = document.schemas.resolve(content.schema());
    let properties = schema.get("properties").and_then(Value::as_object)?;
    // A scalar is replaced by an object, which no schema of a scalar allows.
    let scalar = |schema: &Value| {
        let kind = document.schemas.resolve(schema).get("type").and_then(Value::as_str);
        matches!(kind, Some("integer" | "number" | "boolean" | "string"))
    };
    let object = value.as_object_mut()?;
    let (_, mutated) = object.iter_mut().find(|(name, _)| properties.get(*name).is_some_and(scalar))?;
    *mutated = serde_json::json!({ "wrong": true });
    request.body = value.to_string().into_bytes();
    Some(request)
}

/// A change to a name-value pair of the query.
pub(crate) enum PairChange {
    Keep,
    Remove,
    Replace(String, String),
}

/// Returns a request target with changed query parameters. Returns `None` if `change` changes no parameter.
pub(crate) fn with_query(target: &str, change: impl Fn(&str, &str) -> PairChange) -> Option<String> {
    let (path, query) = target.split_once('?')?;
    let decoded = |text: &str| percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned();
    let encoded = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let mut changed = false;
    let mut pairs = Vec::new();
    for pair in query.split('&') {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let pair_change = change(&decoded(name), &decoded(value));
        changed |= !matches!(pair_change, PairChange::Keep);
        match pair_change {
            PairChange::Keep => pairs.push(pair.to_owned()),
            PairChange::Remove => {}
            PairChange::Replace(name, value) => pairs.push(format!("{}={}", encoded(&name), encoded(&value))),
        }
    }
    changed.then(|| format!("{path}?{}", pairs.join("&")))
}

/// The built-in document. Every kind of error can be added to a request of its operation.
pub(crate) const DOCUMENT: &str = include_str!("control.yaml");

/// Returns a valid request for the built-in document.
pub(crate) fn request() -> RecordedRequest {
    RecordedRequest {
        method: "GET".to_owned(),
        target: "/control?count=3".to_owned(),
        headers: vec![
            ("x-control".to_owned(), "yes".to_owned()),
            ("x-key".to_owned(), "a-key".to_owned()),
            ("accept".to_owned(), "application/json".to_owned()),
        ],
        body: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use clientwright::source::Sources;

    use super::*;

    #[test]
    fn built_in_document_allows_every_control() {
        let mut sources = Sources::new();
        sources.add("control.yaml", DOCUMENT);
        let document = crate::document::read(&sources, "control.yaml", false).unwrap();
        let [operation] = document.operations.as_slice() else { panic!("one operation") };
        let accepted = AcceptedRequest { operation, schemes: vec!["Key".to_owned()], request: request() };
        let targets: Vec<_> = Mutation::ALL
            .iter()
            .map(|mutation| {
                let mutated = mutate(&document, &accepted, *mutation).unwrap();
                (mutated.target, mutated.headers.len())
            })
            .collect();
        assert_eq!(
            targets,
            [
                ("/control?count%2Drenamed=3".to_owned(), 3),
                ("/control?count=3".to_owned(), 2),
                ("/control?count=no%2Dnumber".to_owned(), 3),
                ("/control?count=3".to_owned(), 2),
            ]
        );
    }

    #[test]
    fn second_validator_refuses_invalid_body() {
        let document = crate::document::from_json(serde_json::json!({ "paths": { "/a": { "put": {
            "requestBody": { "content": { "application/json": { "schema": {
                "type": "object", "properties": { "count": { "type": "integer" } } } } } },
        } } } }))
        .unwrap();
        let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
        let body = br#"{"count":3}"#.to_vec();
        let request = RecordedRequest { method: "PUT".to_owned(), target: "/a".to_owned(), headers, body };
        let operation = &document.operations[0];
        let accepted = AcceptedRequest { operation, schemes: Vec::new(), request };
        let mutated = mutate(&document, &accepted, Mutation::OtherType).unwrap();
        assert!(is_body_invalid(&document, operation, &mutated, &accepted.request));
        let other_target = RecordedRequest { target: "/b".to_owned(), ..accepted.request.clone() };
        assert!(!is_body_invalid(&document, operation, &other_target, &accepted.request));
    }
}
