//! Negative controls: good requests with one thing made wrong, which Prism must refuse; else its approval means nothing.
//!
//! They are made of recorded requests that Prism took. What the documents of a run have no place for is controlled by a
//! document of our own, so that no run goes without.

use std::net::SocketAddr;

use anyhow::Result;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use serde_json::Value;

use crate::document::{Document, Operation, Parameter, Scheme};
use crate::prism::{Refusal, refusal};
use crate::program::is_exploded_object;
use crate::proxy::{Sent, send};
use crate::schemas::Direction;

/// What is made wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Wrong {
    RenamedQueryParameter,
    MissingHeader,
    OtherType,
    MissingKey,
}

impl Wrong {
    pub(crate) const ALL: [Self; 4] =
        [Self::RenamedQueryParameter, Self::MissingHeader, Self::OtherType, Self::MissingKey];

    /// Whether Prism says that it is this which is wrong.
    fn is_named(self, refusal: &Refusal) -> bool {
        let at = |place: &str| refusal.violations.iter().any(|violation| violation.place.starts_with(place));
        match self {
            Self::RenamedQueryParameter => at("query"),
            Self::MissingHeader => at("header"),
            Self::OtherType => at("query") || at("body") || at("path"),
            Self::MissingKey => refusal.kind == "UNAUTHORIZED",
        }
    }
}

/// A control and what came of it.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Control {
    pub(crate) wrong: Wrong,
    pub(crate) operation: String,
    pub(crate) refused: bool,
    /// Prism has no validator for the body, and takes whatever comes: the second judge alone reads it, and refuses this.
    pub(crate) left: bool,
    /// What Prism says.
    pub(crate) said: String,
}

/// A request that Prism took, and what it was made for.
#[derive(Debug, Clone)]
pub(crate) struct Good<'a> {
    pub(crate) operation: &'a Operation,
    /// The schemes whose credentials it carries.
    pub(crate) schemes: Vec<String>,
    pub(crate) sent: Sent,
}

/// Makes one control of each kind, as far as the good requests have a place for it.
pub(crate) async fn run(document: &Document, prism: SocketAddr, good: &[Good<'_>]) -> Result<Vec<Control>> {
    let mut controls = Vec::new();
    for wrong in Wrong::ALL {
        let made = good.iter().filter_map(|good| Some((good, spoil(document, good, wrong)?)));
        for (good, spoiled) in made {
            let answer = send(prism, &spoiled).await?;
            let refusal = refusal(&answer);
            let refused = refusal.as_ref().is_some_and(|refusal| wrong.is_named(refusal));
            let left = !refused && refusal.is_none() && is_body_refused(document, good.operation, &spoiled, &good.sent);
            controls.push(Control {
                wrong,
                operation: good.operation.route(),
                refused,
                left,
                said: refusal.map_or_else(|| format!("status {}", answer.status), |refusal| refusal.to_string()),
            });
            // One that says nothing of Prism is no control: the next good request makes one.
            if !left {
                break;
            }
        }
    }
    Ok(controls)
}

/// Whether the body is what was made wrong, and the second judge refuses it.
fn is_body_refused(document: &Document, operation: &Operation, spoiled: &Sent, good: &Sent) -> bool {
    let contents = operation.body.iter().flat_map(|body| &body.contents);
    let media_type = spoiled.header("content-type").unwrap_or_default();
    let content = contents.into_iter().find(|content| content.is_json() && content.covers(media_type));
    let body = serde_json::from_slice(&spoiled.body).ok();
    spoiled.body != good.body
        && content.zip(body).is_some_and(|(content, body): (_, Value)| {
            !document.schemas.is_valid(content.schema(), &body, Direction::Request)
        })
}

/// The request with one thing wrong; nothing where it has no place for it.
fn spoil(document: &Document, good: &Good<'_>, wrong: Wrong) -> Option<Sent> {
    let mut sent = good.sent.clone();
    let mut parameters = good.operation.parameters.iter();
    match wrong {
        Wrong::RenamedQueryParameter => {
            let plain = |parameter: &&Parameter| {
                parameter.location == "query" && parameter.required && !is_exploded_object(document, parameter)
            };
            let parameter = parameters.find(plain)?;
            sent.target = with_query(&sent.target, |name, value| {
                if name != parameter.name {
                    return Pair::Same;
                }
                Pair::Is(format!("{name}-renamed"), value.to_owned())
            })?;
        }
        Wrong::MissingHeader => {
            let parameter = parameters.find(|parameter| parameter.location == "header" && parameter.required)?;
            let before = sent.headers.len();
            sent.headers.retain(|(name, _)| !name.eq_ignore_ascii_case(&parameter.name));
            (sent.headers.len() < before).then_some(())?;
        }
        Wrong::OtherType => return wrong_type(document, good),
        Wrong::MissingKey => {
            // Where nobody has to show who they are, a missing key is nothing wrong.
            if good.schemes.is_empty() || good.operation.security.iter().any(Vec::is_empty) {
                return None;
            }
            for scheme in good.schemes.iter().filter_map(|name| document.schemes.get(name)) {
                remove(&mut sent, scheme)?;
            }
        }
    }
    (sent != good.sent).then_some(sent)
}

fn remove(sent: &mut Sent, scheme: &Scheme) -> Option<()> {
    let header = match scheme {
        Scheme::ApiKey(place, name) if place == "query" => {
            sent.target = with_query(&sent.target, |known, _| if known == name { Pair::Gone } else { Pair::Same })?;
            return Some(());
        }
        Scheme::ApiKey(place, name) if place == "header" => name.as_str(),
        Scheme::ApiKey(..) => "cookie",
        _ => "authorization",
    };
    sent.headers.retain(|(name, _)| !name.eq_ignore_ascii_case(header));
    Some(())
}

/// A text where a number or a truth value belongs: in the query, in the path, or in the body.
fn wrong_type(document: &Document, good: &Good<'_>) -> Option<Sent> {
    let mut sent = good.sent.clone();
    let is_number = |schema: &Value| {
        let kind = document.schemas.resolve(schema).get("type").and_then(Value::as_str);
        matches!(kind, Some("integer" | "number" | "boolean"))
    };
    let parameter = good.operation.parameters.iter().find(|it| it.location == "query" && is_number(&it.schema));
    if let Some(parameter) = parameter {
        let spoiled = with_query(&sent.target, |name, _| {
            if name == parameter.name { Pair::Is(name.to_owned(), "no-number".to_owned()) } else { Pair::Same }
        });
        if let Some(spoiled) = spoiled {
            sent.target = spoiled;
            return Some(sent);
        }
    }
    let content = good.operation.body.as_ref()?.contents.iter().find(|content| content.is_json())?;
    let mut value: Value = serde_json::from_slice(&sent.body).ok()?;
    let schema = document.schemas.resolve(content.schema());
    let properties = schema.get("properties").and_then(Value::as_object)?;
    // An object is no text, number or truth value.
    let scalar = |schema: &Value| {
        let kind = document.schemas.resolve(schema).get("type").and_then(Value::as_str);
        matches!(kind, Some("integer" | "number" | "boolean" | "string"))
    };
    let members = value.as_object_mut()?;
    let (_, spoiled) = members.iter_mut().find(|(name, _)| properties.get(*name).is_some_and(scalar))?;
    *spoiled = serde_json::json!({ "wrong": true });
    sent.body = value.to_string().into_bytes();
    Some(sent)
}

/// What becomes of a pair of the query.
enum Pair {
    Same,
    Gone,
    Is(String, String),
}

/// The target with pairs of its query changed; nothing where none is.
fn with_query(target: &str, change: impl Fn(&str, &str) -> Pair) -> Option<String> {
    let (path, query) = target.split_once('?')?;
    let decoded = |text: &str| percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned();
    let encoded = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let mut changed = false;
    let mut pairs = Vec::new();
    for pair in query.split('&') {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let becomes = change(&decoded(name), &decoded(value));
        changed |= !matches!(becomes, Pair::Same);
        match becomes {
            Pair::Same => pairs.push(pair.to_owned()),
            Pair::Gone => {}
            Pair::Is(name, value) => pairs.push(format!("{}={}", encoded(&name), encoded(&value))),
        }
    }
    changed.then(|| format!("{path}?{}", pairs.join("&")))
}

/// The document that has a place for every control.
pub(crate) const DOCUMENT: &str = include_str!("control.yaml");

/// The good request of that document.
pub(crate) fn request() -> Sent {
    Sent {
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
    fn our_own_document_has_a_place_for_every_control() {
        let mut sources = Sources::new();
        sources.add("control.yaml", DOCUMENT);
        let document = crate::document::read(&sources, "control.yaml", false).unwrap();
        let [operation] = document.operations.as_slice() else { panic!("one operation") };
        let good = Good { operation, schemes: vec!["Key".to_owned()], sent: request() };
        let targets: Vec<_> = Wrong::ALL
            .iter()
            .map(|wrong| {
                let spoiled = spoil(&document, &good, *wrong).unwrap();
                (spoiled.target, spoiled.headers.len())
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
    fn a_body_that_is_wrong_is_refused_by_the_second_judge() {
        let document = crate::document::from_json(serde_json::json!({ "paths": { "/a": { "put": {
            "requestBody": { "content": { "application/json": { "schema": {
                "type": "object", "properties": { "count": { "type": "integer" } } } } } },
        } } } }))
        .unwrap();
        let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
        let body = br#"{"count":3}"#.to_vec();
        let sent = Sent { method: "PUT".to_owned(), target: "/a".to_owned(), headers, body };
        let operation = &document.operations[0];
        let good = Good { operation, schemes: Vec::new(), sent };
        let spoiled = spoil(&document, &good, Wrong::OtherType).unwrap();
        assert!(is_body_refused(&document, operation, &spoiled, &good.sent));
        let elsewhere = Sent { target: "/b".to_owned(), ..good.sent.clone() };
        assert!(!is_body_refused(&document, operation, &elsewhere, &good.sent));
    }
}
