//! Checks the response of a call: it must be valid, and the generated program must decode it and print it unchanged.

use serde_json::Value;

use super::{Case, Echo, Kind, Verdict, exit_summary, rules};
use crate::document::{Content, Response};
use crate::plan;
use crate::prism::response_errors;
use crate::proxy::{Exchange, PROBE, RecordedResponse};
use crate::schemas::Direction;

/// Returns whether the response of Prism can be used: Prism sent the requested response, and the response is valid, or it
/// contains an invalid example, which is added to the verdict.
pub(super) fn is_as_requested(case: Case<'_>, exchange: &Exchange, verdict: &mut Verdict) -> bool {
    let response = &exchange.response;
    let is_other_status = case.call.requested.status.is_some_and(|status| status != response.status);
    let is_invalid = !response_errors(response).is_empty() || !errors(case, response).is_empty();
    let contradiction = if is_other_status { None } else { invalid_example(case, response) };
    if let Some(reason) = contradiction {
        verdict.fail(Kind::Example, reason);
        return true;
    }
    if is_other_status || is_invalid {
        verdict.waived.push(rules::RESPONSE.to_owned());
        return false;
    }
    true
}

/// Returns why the example that Prism sends as the response does not match its schema. Returns `None` if it does, or if
/// Prism sends no example. Only the example and its schema decide, not what the client makes of them.
fn invalid_example(case: Case<'_>, response: &RecordedResponse) -> Option<String> {
    let requested = &case.call.requested;
    let content = content(case, response).filter(|content| content.is_json() && !requested.generated)?;
    let example = match &requested.example {
        Some(name) => content.examples.iter().find(|example| example.name.as_ref() == Some(name)),
        None => content.examples.first(),
    }?;
    let errors = case.document.schemas.errors(content.schema(), &example.value, Direction::Response);
    let owner = format!("status {}", response.status);
    (!errors.is_empty()).then(|| plan::contradiction(example, &owner, content.schema(), &errors))
}

/// Checks a valid response.
pub(super) fn check(case: Case<'_>, exchange: &Exchange, verdict: &mut Verdict) {
    let (response, outcome) = (&exchange.response, case.outcome);
    let success = is_outcome(case, response.status);
    let expected_exit = if success { 0 } else { 1 };
    if outcome.exit != Some(expected_exit) {
        let reason = format!(
            "the program failed to handle the response with status {}: {}",
            response.status,
            exit_summary(outcome)
        );
        return verdict.fail(Kind::Decode, reason);
    }
    // A response to HEAD has no body (RFC 9110, section 9.3.2).
    let has_body = !response.body.is_empty() && case.operation.method != "HEAD";
    let Some(content) = content(case, response).filter(|_| has_body) else { return };
    // The program prints bodies of media types other than JSON as bytes, so compare the bytes.
    if success && !content.is_json() && outcome.stdout == response.body {
        return;
    }
    let printed = if success { printed(&outcome.stdout) } else { printed_error(&outcome.stderr) };
    // The program may decode a body as JSON because of its schema, even if the media type is not JSON.
    let is_value = content.is_json() || printed.as_ref().is_some_and(|printed| !printed.is_string());
    let text = || Value::from(String::from_utf8_lossy(&response.body));
    let expected = match serde_json::from_slice(&response.body) {
        Ok(expected) if is_value => Some(expected),
        Err(_) if content.is_json() => None,
        _ => Some(text()),
    };
    let Some(expected) = expected else { return verdict.fail(Kind::Value, "the response is not valid JSON") };
    let Some(printed) = printed else {
        return verdict.fail(Kind::Echo, format!("the body of the {} response was not printed", response.status));
    };
    if printed.get(PROBE).is_some() {
        let reason = format!("the body of the {} response was printed without being decoded", response.status);
        return verdict.fail(Kind::Decode, reason);
    }
    let differences = Echo::differences(case.document, content.schema(), &expected, &printed, Direction::Response);
    for difference in differences {
        verdict.fail(Kind::Echo, format!("the body of the {} response was changed: {difference}", response.status));
    }
}

/// Returns whether a status is a successful outcome of a call: 2XX, or a redirect that the operation documents as `3XX`
/// or with its exact status.
pub(super) fn is_outcome(case: Case<'_>, status: u16) -> bool {
    let is_listed = || documented_response(case, status).is_some_and(|response| response.key != "default");
    (200..300).contains(&status) || ((300..400).contains(&status) && is_listed())
}

/// Returns the documented media type of a response.
fn content<'a>(case: Case<'a>, response: &RecordedResponse) -> Option<&'a Content> {
    let documented = documented_response(case, response.status)?;
    let media_type = response.header("content-type").unwrap_or_default();
    let exact = documented.contents.iter().find(|content| !content.is_range() && content.covers(media_type));
    exact.or_else(|| documented.contents.iter().find(|content| content.covers(media_type)))
}

/// Returns the documented response for a status. The key of the response is the status, its class (e.g. `4XX`) or
/// `default`.
pub(crate) fn documented_response<'a>(case: Case<'a>, status: u16) -> Option<&'a Response> {
    let keys = [status.to_string(), format!("{}XX", status / 100), format!("{}xx", status / 100), "default".into()];
    keys.iter().find_map(|key| case.operation.responses.iter().find(|response| response.key == *key))
}

/// Validates the JSON body of a response against its schema. Returns the errors.
fn errors(case: Case<'_>, response: &RecordedResponse) -> Vec<String> {
    let Some(content) = content(case, response).filter(|content| content.is_json()) else {
        return Vec::new();
    };
    match serde_json::from_slice(&response.body) {
        Ok(body) => case.document.schemas.errors(content.schema(), &body, Direction::Response),
        Err(_) if response.body.is_empty() => Vec::new(),
        Err(error) => vec![error.to_string()],
    }
}

fn printed(stdout: &[u8]) -> Option<Value> {
    serde_json::from_slice(stdout).ok()
}

/// Parses the body of an error response, which the program prints to standard error after the error message.
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
    use crate::plan::{Call, RequestedResponse};
    use crate::program::Outcome;
    use crate::proxy::RecordedRequest;

    /// Checks a call with the response `{"a": 1}` whose program prints `printed`. Returns the failures.
    fn failures(method: &str, media_type: &str, printed: &str) -> Vec<String> {
        let content = json!({ media_type: { "schema": { "properties": { "a": { "type": "integer" } } } } });
        let operation = json!({ "responses": { "200": { "content": content } } });
        let document = from_json(json!({ "paths": { "/a": { method: operation } } })).unwrap();
        let (label, arguments, body, requested) = (String::new(), Vec::new(), None, RequestedResponse::default());
        let call = Call { label, arguments, body, requested, schemes: Vec::new() };
        let outcome = Outcome { exit: Some(0), stdout: printed.into(), stderr: String::new() };
        let headers = vec![("content-type".to_owned(), media_type.replace("*/*", "application/x-made"))];
        let request =
            RecordedRequest { method: method.into(), target: "/a".into(), headers: Vec::new(), body: Vec::new() };
        let response = RecordedResponse { status: 200, headers, body: br#"{"a": 1}"#.to_vec() };
        let operation = &document.operations[0];
        let case = Case { document: &document, operation, call: &call, exchanges: &[], outcome: &outcome };
        let mut verdict = Verdict::default();
        check(case, &Exchange { request, response }, &mut verdict);
        verdict.failures.into_iter().map(|failure| failure.reason).collect()
    }

    #[test]
    fn printed_body_that_differs_is_error() {
        assert_eq!(failures("get", "application/json", r#"{"a":1}"#), [""; 0]);
        assert_eq!(
            failures("get", "application/json", r#"{"a":2}"#),
            ["the body of the 200 response was changed: /a: 1 became 2"]
        );
        assert_eq!(failures("get", "application/json", ""), ["the body of the 200 response was not printed"]);
        assert_eq!(failures("head", "application/json", ""), [""; 0]);
        // For `*/*`, the program may print the decoded value or the unchanged body.
        assert_eq!(failures("get", "*/*", r#"{"a":1}"#), [""; 0]);
        assert_eq!(failures("get", "*/*", r#"{"a": 1}"#), [""; 0]);
        assert_eq!(failures("get", "*/*", r#"{"a":2}"#).len(), 1);
        assert_eq!(failures("get", "*/*", r#""{\"a\": 1}""#), [""; 0]);
    }
}
