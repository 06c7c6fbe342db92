//! The second judge: the recorded request is read again, and must be valid and say what was meant.
//!
//! It judges every request, not only those where Prism errs: Prism takes what its validator cannot compile.

use serde_json::Value;

use super::{Case, Echo, Kind, Verdict, form, multipart, parameters};
use crate::document::{Content, Scheme};
use crate::program;
use crate::proxy::Sent;
use crate::schemas::Direction;

pub(super) fn judge(case: Case<'_>, sent: &Sent, verdict: &mut Verdict) {
    let mut wrong = Vec::new();
    if sent.method != case.operation.method {
        wrong.push(format!("the method is {}", sent.method));
    }
    parameters::judge(case, sent, &mut wrong);
    security(case, sent, &mut wrong);
    body(case, sent, &mut wrong);
    for reason in wrong {
        verdict.fault(Kind::Request, format!("the request is not what was meant: {reason}"));
    }
}

/// The credentials of one combination of schemes, as the document says they show.
fn security(case: Case<'_>, sent: &Sent, wrong: &mut Vec<String>) {
    for name in &case.call.schemes {
        let Some(scheme) = case.document.schemes.get(name) else { continue };
        let credential = program::credential(scheme);
        let found = match scheme {
            Scheme::Basic | Scheme::Bearer => sent.header("authorization").map(str::to_owned),
            Scheme::ApiKey(place, name) => match place.as_str() {
                "header" => sent.header(name).map(str::to_owned),
                "query" => parameters::query(sent).into_iter().find(|(key, _)| key == name).map(|(_, value)| value),
                _ => parameters::cookies(sent).into_iter().find(|(key, _)| key == name).map(|(_, value)| value),
            },
            Scheme::Other => continue,
        };
        if found.as_deref() != Some(&credential) {
            wrong.push(format!("the credential of `{name}` is missing or another"));
        }
    }
}

fn body(case: Case<'_>, sent: &Sent, wrong: &mut Vec<String>) {
    let (Some(given), Some(content)) = (&case.call.body, case.content()) else {
        if !sent.body.is_empty() {
            wrong.push("it has a body".to_owned());
        }
        return;
    };
    let media_type = sent.header("content-type").unwrap_or_default();
    if !content.covers(media_type) {
        wrong.push(format!("its media type is `{media_type}`"));
        return;
    }
    let meant = &given.value;
    if content.is_json() {
        json_body(case, content, meant, sent, wrong);
    } else if content.is_multipart() {
        multipart::judge(content, meant, sent, wrong);
    } else if content.is_urlencoded() && meant.is_object() {
        form::judge(case.document, content, meant, sent, wrong);
    } else {
        let text = String::from_utf8_lossy(&sent.body);
        if meant.as_str() != Some(&text) {
            wrong.push(format!("its body is {text:?} where {meant} was given"));
        }
    }
}

fn json_body(case: Case<'_>, content: &Content, meant: &Value, sent: &Sent, wrong: &mut Vec<String>) {
    let body: Value = match serde_json::from_slice(&sent.body) {
        Ok(body) => body,
        Err(error) => return wrong.push(format!("its body is no JSON: {error}")),
    };
    let faults = case.document.schemas.faults(content.schema(), &body, Direction::Request);
    wrong.extend(faults.into_iter().map(|fault| format!("its body is not valid: {fault}")));
    let differences = Echo::differences(case.document, content.schema(), meant, &body, Direction::Request);
    wrong.extend(differences.into_iter().map(|difference| format!("its body: {difference}")));
}
