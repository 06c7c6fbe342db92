//! The second half of a call: whether the answer is one that counts, whether it was decoded, and whether it came through.

use serde_json::Value;

use super::{Case, Echo, Kind, Verdict, rules, said};
use crate::document::{Answer, Content};
use crate::prism::answer_faults;
use crate::proxy::{Exchange, PROBE, Received};
use crate::schemas::Direction;

/// Whether Prism gave what it was asked for, and what the document allows.
pub(super) fn is_as_asked(case: Case<'_>, exchange: &Exchange, verdict: &mut Verdict) -> bool {
    let received = &exchange.received;
    let other_status = case.call.asked.status.is_some_and(|status| status != received.status);
    // What the document gives as an example is the document's; only what Prism has made up is Prism's.
    let content = content(case, received);
    let is_example = content.is_some_and(|content| !content.examples.is_empty()) && !case.call.asked.made;
    let invalid = !is_example && (!answer_faults(received).is_empty() || !faults(case, received).is_empty());
    if other_status || invalid {
        verdict.left.push(rules::ANSWER.to_owned());
        return false;
    }
    true
}

pub(super) fn judge(case: Case<'_>, exchange: &Exchange, verdict: &mut Verdict) {
    let (received, outcome) = (&exchange.received, case.outcome);
    let success = is_outcome(case, received.status);
    let expected = if success { 0 } else { 1 };
    let faults = faults(case, received);
    if outcome.exit != Some(expected) {
        let status = received.status;
        match faults.first() {
            Some(fault) => {
                let reason = format!("the document's example for {status} is not valid for its schema: {fault}");
                verdict.fault(Kind::Answer, reason);
            }
            None => verdict.fault(Kind::Decode, format!("{status} was answered; {}", said(outcome))),
        }
        return;
    }
    // What answers HEAD is what would answer GET, without its body (RFC 9110, section 9.3.2).
    let has_body = !received.body.is_empty() && case.operation.method != "HEAD";
    let Some(content) = content(case, received).filter(|_| has_body) else { return };
    // Bytes are printed as they are, and so may be JSON without having been meant as such.
    if success && !content.is_json() && outcome.stdout == received.body {
        return;
    }
    let printed = if success { printed(&outcome.stdout) } else { printed_error(&outcome.stderr) };
    // Of a media type that does not say so, the schema may say that it is JSON.
    let is_value = content.is_json() || printed.as_ref().is_some_and(|printed| !printed.is_string());
    let text = || Value::from(String::from_utf8_lossy(&received.body));
    let sent = match serde_json::from_slice(&received.body) {
        Ok(sent) if is_value => Some(sent),
        Err(_) if content.is_json() => None,
        _ => Some(text()),
    };
    let Some(sent) = sent else { return verdict.fault(Kind::Answer, "the answer is no JSON") };
    let Some(printed) = printed else {
        return verdict.fault(Kind::Echo, format!("the body of {} is not printed", received.status));
    };
    if printed.get(PROBE).is_some() {
        let reason = format!("the body of {} was not decoded, but passed on as it came", received.status);
        return verdict.fault(Kind::Decode, reason);
    }
    let differences = Echo::differences(case.document, content.schema(), &sent, &printed, Direction::Response);
    for difference in differences {
        let kind = if faults.is_empty() { Kind::Echo } else { Kind::Answer };
        verdict.fault(kind, format!("the body of {} did not come through: {difference}", received.status));
    }
}

/// Whether a status is an outcome: a success, or a redirect that the document lists, which `default` does not.
pub(super) fn is_outcome(case: Case<'_>, status: u16) -> bool {
    let is_listed = || documented(case, status).is_some_and(|answer| answer.key != "default");
    (200..300).contains(&status) || ((300..400).contains(&status) && is_listed())
}

/// What is documented for an answer.
fn content<'a>(case: Case<'a>, received: &Received) -> Option<&'a Content> {
    let answer = documented(case, received.status)?;
    let media_type = received.header("content-type").unwrap_or_default();
    let exact = answer.contents.iter().find(|content| !content.is_range() && content.covers(media_type));
    exact.or_else(|| answer.contents.iter().find(|content| content.covers(media_type)))
}

/// The documented answer for a status: by the status, its hundreds, or `default`.
pub(crate) fn documented<'a>(case: Case<'a>, status: u16) -> Option<&'a Answer> {
    let keys = [status.to_string(), format!("{}XX", status / 100), format!("{}xx", status / 100), "default".into()];
    keys.iter().find_map(|key| case.operation.answers.iter().find(|answer| answer.key == *key))
}

/// What is wrong with a body of JSON, by its schema.
fn faults(case: Case<'_>, received: &Received) -> Vec<String> {
    let Some(content) = content(case, received).filter(|content| content.is_json()) else {
        return Vec::new();
    };
    match serde_json::from_slice(&received.body) {
        Ok(body) => case.document.schemas.faults(content.schema(), &body, Direction::Response),
        Err(_) if received.body.is_empty() => Vec::new(),
        Err(error) => vec![error.to_string()],
    }
}

fn printed(stdout: &[u8]) -> Option<Value> {
    serde_json::from_slice(stdout).ok()
}

/// The body of an error, which follows the line that says what went wrong.
fn printed_error(stderr: &str) -> Option<Value> {
    let mut lines = stderr.lines().skip_while(|line| !line.starts_with("error"));
    lines.next()?;
    serde_json::from_str(&lines.collect::<Vec<_>>().join("\n")).ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::document::from_json;
    use crate::plan::{Asked, Call};
    use crate::program::Outcome;
    use crate::proxy::Sent;

    /// What is wrong where an object was answered, and the program printed that.
    fn wrong(method: &str, media_type: &str, printed: &str) -> Vec<String> {
        let content = json!({ media_type: { "schema": { "properties": { "a": { "type": "integer" } } } } });
        let operation = json!({ "responses": { "200": { "content": content } } });
        let document = from_json(json!({ "paths": { "/a": { method: operation } } })).unwrap();
        let (label, arguments, body, asked) = (String::new(), Vec::new(), None, Asked::default());
        let call = Call { label, arguments, body, asked, schemes: Vec::new() };
        let outcome = Outcome { exit: Some(0), stdout: printed.into(), stderr: String::new() };
        let headers = vec![("content-type".to_owned(), media_type.replace("*/*", "application/x-made"))];
        let sent = Sent { method: method.into(), target: "/a".into(), headers: Vec::new(), body: Vec::new() };
        let received = Received { status: 200, headers, body: br#"{"a": 1}"#.to_vec() };
        let operation = &document.operations[0];
        let case = Case { document: &document, operation, call: &call, exchanges: &[], outcome: &outcome };
        let mut verdict = Verdict::default();
        judge(case, &Exchange { sent, received }, &mut verdict);
        verdict.faults.into_iter().map(|fault| fault.reason).collect()
    }

    #[test]
    fn what_comes_through_is_compared() {
        assert_eq!(wrong("get", "application/json", r#"{"a":1}"#), [""; 0]);
        assert_eq!(
            wrong("get", "application/json", r#"{"a":2}"#),
            ["the body of 200 did not come through: /a: 1 became 2"]
        );
        assert_eq!(wrong("get", "application/json", ""), ["the body of 200 is not printed"]);
        assert_eq!(wrong("head", "application/json", ""), [""; 0]);
        // As the schema says, or as it came.
        assert_eq!(wrong("get", "*/*", r#"{"a":1}"#), [""; 0]);
        assert_eq!(wrong("get", "*/*", r#"{"a": 1}"#), [""; 0]);
        assert_eq!(wrong("get", "*/*", r#"{"a":2}"#).len(), 1);
        assert_eq!(wrong("get", "*/*", r#""{\"a\": 1}""#), [""; 0]);
    }
}
