//! Detects whether a response of Prism refuses the request, or is the response that the call requested.
//!
//! Prism refuses a request with an `application/problem+json` response whose `type` begins with a URL of Prism. If the
//! document has a response for the error, Prism sends that response instead, with the violations in the header
//! `sl-violations`.

use serde_json::Value;

use crate::proxy::RecordedResponse;

/// A refusal of a request by Prism.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// The name of Prism's problem type, e.g. `UNPROCESSABLE_ENTITY`, `UNAUTHORIZED` or `NO_PATH_MATCHED_ERROR`.
    pub(crate) kind: String,
    pub(crate) violations: Vec<Violation>,
}

/// A violation of the document that Prism reports for a request or response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Violation {
    /// The location: `body`, `query`, `header` or `path`, followed by names, e.g. `query.ids`. Empty if the violation
    /// concerns the whole message.
    pub(crate) location: String,
    pub(crate) code: String,
    pub(crate) message: String,
}

/// The prefix of the `type` of Prism's problems.
const PROBLEMS: &str = "https://stoplight.io/prism/errors#";

/// Returns the refusal that a response reports. Returns `None` if Prism accepted the request.
pub(crate) fn refusal(response: &RecordedResponse) -> Option<Refusal> {
    let violations = violations(response, "request");
    if let Some(problem) = problem(response) {
        let kind = problem.get("type")?.as_str()?.strip_prefix(PROBLEMS)?.to_owned();
        let listed = problem.get("validation").and_then(Value::as_array).into_iter().flatten();
        let mut found: Vec<Violation> = listed.filter(|one| is_error(one)).map(|one| violation(one, 0)).collect();
        if found.is_empty() {
            found = violations;
        }
        if found.is_empty() {
            let message = problem.get("detail").or(problem.get("title")).and_then(Value::as_str).unwrap_or_default();
            found.push(Violation { location: String::new(), code: kind.clone(), message: message.to_owned() });
        }
        return Some(Refusal { kind, violations: found });
    }
    if violations.is_empty() {
        return None;
    }
    let kind = if violations.iter().any(|violation| violation.code == "401") { "UNAUTHORIZED" } else { "INVALID" };
    Some(Refusal { kind: kind.to_owned(), violations })
}

/// Returns the violations that Prism reports for its own response.
pub(crate) fn response_errors(response: &RecordedResponse) -> Vec<Violation> {
    violations(response, "response")
}

fn problem(response: &RecordedResponse) -> Option<Value> {
    let problem: Value = serde_json::from_slice(&response.body).ok()?;
    problem.get("type")?.as_str()?.starts_with(PROBLEMS).then_some(problem)
}

/// Returns the violations in the header `sl-violations` that are about the `request` or the `response`, depending on
/// `about`.
fn violations(response: &RecordedResponse, about: &str) -> Vec<Violation> {
    let Some(text) = response.header("sl-violations") else { return Vec::new() };
    // Prism truncates a long header, which then is not valid JSON. Treat its text as one violation. The header lists
    // violations of the request first.
    let Ok(listed) = serde_json::from_str::<Vec<Value>>(text) else {
        let first = if text.contains(r#""location":["request""#) { "request" } else { "response" };
        let message = text.to_owned();
        let truncated = Violation { location: String::new(), code: "too many".to_owned(), message };
        return if first == about { vec![truncated] } else { Vec::new() };
    };
    let concerns = |one: &&Value| one.pointer("/location/0").and_then(Value::as_str) == Some(about);
    listed.iter().filter(concerns).filter(|one| is_error(one)).map(|one| violation(one, 1)).collect()
}

fn is_error(violation: &Value) -> bool {
    violation.get("severity").and_then(Value::as_str).is_none_or(|severity| severity == "Error")
}

fn violation(node: &Value, skip: usize) -> Violation {
    let string = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let location = node.get("location").and_then(Value::as_array).into_iter().flatten().skip(skip);
    Violation {
        location: location.map(string).collect::<Vec<_>>().join("."),
        code: node.get("code").map(string).unwrap_or_default(),
        message: node.get("message").map(string).unwrap_or_default(),
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let messages: Vec<_> = self.violations.iter().map(|violation| violation.message.as_str()).collect();
        write!(f, "{}: {}", self.kind, messages.join("; "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn response(status: u16, headers: &[(&str, &str)], body: &str) -> RecordedResponse {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        RecordedResponse { status, headers, body: body.as_bytes().to_vec() }
    }

    #[test]
    fn problem_of_prism_is_refusal() {
        let body = r##"{"type":"https://stoplight.io/prism/errors#UNPROCESSABLE_ENTITY","title":"Invalid request","status":422,
            "validation":[{"location":["header"],"severity":"Error","code":"required","message":"it is missing"}]}"##;
        let refused = refusal(&response(422, &[], body)).unwrap();
        assert_eq!(refused.to_string(), "UNPROCESSABLE_ENTITY: it is missing");
        assert_eq!(refused.violations[0].location, "header");
    }

    #[test]
    fn documented_response_with_violations_is_refusal() {
        let violations =
            r#"[{"location":["request"],"severity":"Error","code":401,"message":"Invalid security scheme used"}]"#;
        let refused = refusal(&response(401, &[("sl-violations", violations)], "")).unwrap();
        assert_eq!((refused.kind.as_str(), refused.violations[0].code.as_str()), ("UNAUTHORIZED", "401"));
        assert_eq!(refusal(&response(401, &[], "")), None);
        let problem = r#"{"type":"https://example.com/no-such-pet","title":"No such pet"}"#;
        assert_eq!(refusal(&response(404, &[], problem)), None);
    }

    #[test]
    fn truncated_violations_concern_first_location() {
        let truncated = |about: &str| {
            let text = format!(r#"Too many violations! [{{"location":["{about}","body","a"],"severity":"Error","co"#);
            response(200, &[("sl-violations", &text)], "{}")
        };
        assert_eq!(refusal(&truncated("request")).unwrap().violations[0].code, "too many");
        assert_eq!(refusal(&truncated("response")), None);
        assert_eq!(response_errors(&truncated("response")).len(), 1);
    }

    #[test]
    fn response_violation_is_not_refusal() {
        let violations = r#"[{"location":["response","body"],"severity":"Error","code":"type","message":"must be a number"},
            {"location":["request","query","a"],"severity":"Warning","code":"deprecated","message":"it is old"}]"#;
        let response = response(200, &[("sl-violations", violations)], "{}");
        assert_eq!(refusal(&response), None);
        assert_eq!(response_errors(&response)[0].location, "body");
    }
}
