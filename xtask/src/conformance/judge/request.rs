//! The second validator: checks that a recorded request is valid, and has the arguments of the call.
//!
//! Checks all requests, including those that Prism accepts: Prism accepts any body if it cannot compile the schema.

use serde_json::Value;

use super::{Case, Echo, Kind, Verdict, form, multipart, parameters};
use crate::document::{Content, Scheme};
use crate::program;
use crate::proxy::RecordedRequest;
use crate::schemas::Direction;

pub(super) fn check(case: Case<'_>, request: &RecordedRequest, verdict: &mut Verdict) {
    let mut errors = Vec::new();
    if request.method != case.operation.method {
        errors.push(format!("the method is {}", request.method));
    }
    parameters::check(case, request, &mut errors);
    security(case, request, &mut errors);
    body(case, request, &mut errors);
    for reason in errors {
        verdict.fail(Kind::Request, format!("the request differs from the call: {reason}"));
    }
}

/// Checks that the request has the credentials of all security schemes of the call.
fn security(case: Case<'_>, request: &RecordedRequest, errors: &mut Vec<String>) {
    for name in &case.call.schemes {
        let Some(scheme) = case.document.schemes.get(name) else { continue };
        let credential = program::credential(scheme);
        let actual = match scheme {
            Scheme::Basic | Scheme::Bearer => request.header("authorization").map(str::to_owned),
            Scheme::ApiKey(place, name) => match place.as_str() {
                "header" => request.header(name).map(str::to_owned),
                "query" => parameters::query(request).into_iter().find(|(key, _)| key == name).map(|(_, value)| value),
                _ => parameters::cookies(request).into_iter().find(|(key, _)| key == name).map(|(_, value)| value),
            },
            Scheme::Other => continue,
        };
        if actual.as_deref() != Some(&credential) {
            errors.push(format!("the credential of `{name}` is missing or wrong"));
        }
    }
}

fn body(case: Case<'_>, request: &RecordedRequest, errors: &mut Vec<String>) {
    let (Some(argument), Some(content)) = (&case.call.body, case.content()) else {
        if !request.body.is_empty() {
            errors.push("the body is unexpected".to_owned());
        }
        return;
    };
    let media_type = request.header("content-type").unwrap_or_default();
    if !content.covers(media_type) {
        errors.push(format!("the media type is `{media_type}`"));
        return;
    }
    let value = &argument.value;
    if content.is_json() {
        json_body(case, content, value, request, errors);
    } else if content.is_multipart() {
        multipart::check(content, value, request, errors);
    } else if content.is_urlencoded() && value.is_object() {
        form::check(case.document, content, value, request, errors);
    } else {
        let text = String::from_utf8_lossy(&request.body);
        if value.as_str() != Some(&text) {
            errors.push(format!("the body is {text:?} instead of {value}"));
        }
    }
}

fn json_body(case: Case<'_>, content: &Content, value: &Value, request: &RecordedRequest, errors: &mut Vec<String>) {
    let body: Value = match serde_json::from_slice(&request.body) {
        Ok(body) => body,
        Err(error) => return errors.push(format!("the body is not valid JSON: {error}")),
    };
    let schema_errors = case.document.schemas.errors(content.schema(), &body, Direction::Request);
    errors.extend(schema_errors.into_iter().map(|error| format!("the body is not valid: {error}")));
    let differences = Echo::differences(case.document, content.schema(), value, &body, Direction::Request);
    errors.extend(differences.into_iter().map(|difference| format!("the body differs: {difference}")));
}
