//! What Prism says of a request, told from the answer that it was asked for.
//!
//! Prism refuses in two ways: by a problem of its own (`application/problem+json` of its own type), or, where the document
//! has an answer for it, by that answer, with what is wrong in the header `sl-violations`.

use serde_json::Value;

use crate::proxy::Received;

/// Prism does not take a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// `UNPROCESSABLE_ENTITY`, `UNAUTHORIZED`, `NO_PATH_MATCHED_ERROR`, …
    pub(crate) kind: String,
    pub(crate) violations: Vec<Violation>,
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Violation {
    /// `body`, `query`, `header`, `path`; empty where it is about the whole.
    pub(crate) place: String,
    pub(crate) code: String,
    pub(crate) message: String,
}

/// The types of Prism's own problems.
const PROBLEMS: &str = "https://stoplight.io/prism/errors#";

/// Prism's refusal, if this is one.
pub(crate) fn refusal(answer: &Received) -> Option<Refusal> {
    let violations = violations(answer, "request");
    if let Some(problem) = problem(answer) {
        let kind = problem.get("type")?.as_str()?.strip_prefix(PROBLEMS)?.to_owned();
        let listed = problem.get("validation").and_then(Value::as_array).into_iter().flatten();
        let mut found: Vec<Violation> = listed.filter(|one| is_error(one)).map(|one| violation(one, 0)).collect();
        if found.is_empty() {
            found = violations;
        }
        if found.is_empty() {
            let message = problem.get("detail").or(problem.get("title")).and_then(Value::as_str).unwrap_or_default();
            found.push(Violation { place: String::new(), code: kind.clone(), message: message.to_owned() });
        }
        return Some(Refusal { kind, violations: found });
    }
    if violations.is_empty() {
        return None;
    }
    let kind = if violations.iter().any(|violation| violation.code == "401") { "UNAUTHORIZED" } else { "INVALID" };
    Some(Refusal { kind: kind.to_owned(), violations })
}

/// What Prism itself finds wrong in the answer that it made.
pub(crate) fn answer_faults(answer: &Received) -> Vec<Violation> {
    violations(answer, "response")
}

fn problem(answer: &Received) -> Option<Value> {
    let problem: Value = serde_json::from_slice(&answer.body).ok()?;
    problem.get("type")?.as_str()?.starts_with(PROBLEMS).then_some(problem)
}

/// The violations of `sl-violations` that are about the request or the answer.
fn violations(answer: &Received, about: &str) -> Vec<Violation> {
    let Some(text) = answer.header("sl-violations") else { return Vec::new() };
    // Prism cuts what does not fit into a header; what it says then is said as it is. What is about the request comes first.
    let Ok(listed) = serde_json::from_str::<Vec<Value>>(text) else {
        let first = if text.contains(r#""location":["request""#) { "request" } else { "response" };
        let message = text.to_owned();
        let cut = Violation { place: String::new(), code: "too many".to_owned(), message };
        return if first == about { vec![cut] } else { Vec::new() };
    };
    let is_about = |one: &&Value| one.pointer("/location/0").and_then(Value::as_str) == Some(about);
    listed.iter().filter(is_about).filter(|one| is_error(one)).map(|one| violation(one, 1)).collect()
}

fn is_error(violation: &Value) -> bool {
    violation.get("severity").and_then(Value::as_str).is_none_or(|severity| severity == "Error")
}

fn violation(node: &Value, skip: usize) -> Violation {
    let word = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let place = node.get("location").and_then(Value::as_array).into_iter().flatten().skip(skip);
    Violation {
        place: place.map(word).collect::<Vec<_>>().join("."),
        code: node.get("code").map(word).unwrap_or_default(),
        message: node.get("message").map(word).unwrap_or_default(),
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let said: Vec<_> = self.violations.iter().map(|violation| violation.message.as_str()).collect();
        write!(f, "{}: {}", self.kind, said.join("; "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> Received {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Received { status, headers, body: body.as_bytes().to_vec() }
    }

    #[test]
    fn a_problem_of_prism_is_a_refusal() {
        let body = r##"{"type":"https://stoplight.io/prism/errors#UNPROCESSABLE_ENTITY","title":"Invalid request","status":422,
            "validation":[{"location":["header"],"severity":"Error","code":"required","message":"it is missing"}]}"##;
        let refused = refusal(&answer(422, &[], body)).unwrap();
        assert_eq!(refused.to_string(), "UNPROCESSABLE_ENTITY: it is missing");
        assert_eq!(refused.violations[0].place, "header");
    }

    #[test]
    fn an_answer_of_the_document_is_a_refusal_where_prism_says_so() {
        let violations =
            r#"[{"location":["request"],"severity":"Error","code":401,"message":"Invalid security scheme used"}]"#;
        let refused = refusal(&answer(401, &[("sl-violations", violations)], "")).unwrap();
        assert_eq!((refused.kind.as_str(), refused.violations[0].code.as_str()), ("UNAUTHORIZED", "401"));
        assert_eq!(refusal(&answer(401, &[], "")), None);
        let problem = r#"{"type":"https://example.com/no-such-pet","title":"No such pet"}"#;
        assert_eq!(refusal(&answer(404, &[], problem)), None);
    }

    #[test]
    fn violations_that_are_cut_are_about_what_comes_first() {
        let cut = |about: &str| {
            let text = format!(r#"Too many violations! [{{"location":["{about}","body","a"],"severity":"Error","co"#);
            answer(200, &[("sl-violations", &text)], "{}")
        };
        assert_eq!(refusal(&cut("request")).unwrap().violations[0].code, "too many");
        assert_eq!(refusal(&cut("response")), None);
        assert_eq!(answer_faults(&cut("response")).len(), 1);
    }

    #[test]
    fn a_fault_of_the_answer_is_no_refusal() {
        let violations = r#"[{"location":["response","body"],"severity":"Error","code":"type","message":"must be a number"},
            {"location":["request","query","a"],"severity":"Warning","code":"deprecated","message":"it is old"}]"#;
        let answer = answer(200, &[("sl-violations", violations)], "{}");
        assert_eq!(refusal(&answer), None);
        assert_eq!(answer_faults(&answer)[0].place, "body");
    }
}
