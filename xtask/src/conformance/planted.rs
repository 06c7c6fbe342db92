//! Controls of the judge: errors that are planted in recorded calls. The judge must count each of them as an error of the
//! client, not as a contradiction of the document and not as an error of Prism.

use serde_json::Value;

use crate::controls::{AcceptedRequest, Control, Mutation, PairChange, with_other_type, with_query};
use crate::document::{Document, Operation};
use crate::judge::{self, Case, Checked, Decision};
use crate::plan::Call;
use crate::program::Outcome;
use crate::proxy::Exchange;

/// A call that both validators accepted.
#[derive(Clone, Copy)]
pub(crate) struct RightCall<'a> {
    pub(crate) operation: &'a Operation,
    pub(crate) call: &'a Call,
    pub(crate) exchange: &'a Exchange,
    pub(crate) outcome: &'a Outcome,
}

/// Plants each kind of error in the first call in which it is possible, and judges this call again. Skips a kind if it is
/// possible in no call.
pub(crate) fn run(document: &Document, calls: &[RightCall<'_>]) -> Vec<Control> {
    let control = |mutation: &Mutation| {
        let (right, exchange, outcome) = calls.iter().find_map(|right| {
            let (exchange, outcome) = planted(document, *right, *mutation)?;
            Some((right, exchange, outcome))
        })?;
        let exchanges = [exchange];
        let RightCall { operation, call, .. } = *right;
        let checked = judge::check(Case { document, operation, call, exchanges: &exchanges, outcome: &outcome });
        let (Checked::Complete(verdict) | Checked::NoResponse(verdict)) = checked;
        let reasons: Vec<&str> = verdict.failures.iter().map(|failure| failure.reason.as_str()).collect();
        Some(Control {
            mutation: *mutation,
            operation: operation.route(),
            refused: verdict.decision() == Decision::ClientError,
            waived: false,
            reply: if reasons.is_empty() { "the judge found no error".to_owned() } else { reasons.join("; ") },
        })
    };
    Mutation::PLANTED.iter().filter_map(control).collect()
}

/// Returns a copy of a call with a planted error. Returns `None` if this kind of error is not possible in the call.
fn planted(document: &Document, right: RightCall<'_>, mutation: Mutation) -> Option<(Exchange, Outcome)> {
    let RightCall { operation, call, exchange, outcome } = right;
    let (mut exchange, mut outcome) = (exchange.clone(), outcome.clone());
    let request = &mut exchange.request;
    match mutation {
        Mutation::PlantedType => {
            let accepted = AcceptedRequest { operation, schemes: call.schemes.clone(), request: request.clone() };
            *request = with_other_type(document, &accepted)?;
        }
        Mutation::LostProperty => match without_property(&request.body) {
            Some(body) if call.body.is_some() => request.body = body,
            _ => outcome.stdout = without_property(&outcome.stdout)?,
        },
        Mutation::WrongEncoding => {
            let name = query_argument(operation, call)?;
            request.target = with_query(&request.target, |known, value| match known == name && !value.is_empty() {
                true => PairChange::Replace(name.to_owned(), encoded(value)),
                false => PairChange::Keep,
            })?;
        }
        Mutation::DroppedParameter => {
            let name = query_argument(operation, call)?;
            let change = |known: &str, _: &str| if known == name { PairChange::Remove } else { PairChange::Keep };
            request.target = with_query(&request.target, change)?;
        }
        _ => return None,
    }
    Some((exchange, outcome))
}

/// Returns the name of a query parameter that the call sets.
fn query_argument<'a>(operation: &'a Operation, call: &Call) -> Option<&'a str> {
    let parameters = call.arguments.iter().filter_map(|argument| operation.parameters.get(argument.parameter));
    parameters.filter(|parameter| parameter.location == "query").map(|parameter| parameter.name.as_str()).next()
}

/// Returns a value whose characters are percent-encoded, as if it had been encoded once too often.
fn encoded(value: &str) -> String {
    value.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// Returns a JSON object without one of its properties.
fn without_property(json: &[u8]) -> Option<Vec<u8>> {
    let mut value: Value = serde_json::from_slice(json).ok()?;
    let object = value.as_object_mut()?;
    let name = object.iter().find(|(_, value)| !value.is_null()).map(|(name, _)| name.clone())?;
    object.remove(&name);
    Some(value.to_string().into_bytes())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::plan::{Argument, BodyArgument, RequestedResponse};
    use crate::proxy::{RecordedRequest, RecordedResponse};

    /// A document with a query parameter, a JSON body and a JSON response.
    fn document() -> Document {
        let thing =
            json!({ "type": "object", "properties": { "a": { "type": "string" }, "n": { "type": "integer" } } });
        crate::document::from_json(json!({ "paths": { "/a": { "post": {
            "parameters": [{ "name": "q", "in": "query", "schema": { "type": "string" } }],
            "requestBody": { "content": { "application/json": { "schema": thing } } },
            "responses": { "200": { "content": { "application/json": { "schema": thing } } } },
        } } } }))
        .unwrap()
    }

    fn call() -> Call {
        Call {
            label: String::new(),
            arguments: vec![Argument { parameter: 0, value: json!("x") }],
            body: Some(BodyArgument { content: 0, value: json!({ "a": "b", "n": 1 }) }),
            requested: RequestedResponse::default(),
            schemes: Vec::new(),
        }
    }

    fn exchange() -> Exchange {
        let json = vec![("content-type".to_owned(), "application/json".to_owned())];
        let body = br#"{"a":"b","n":1}"#.to_vec();
        Exchange {
            request: RecordedRequest {
                method: "POST".to_owned(),
                target: "/a?q=x".to_owned(),
                headers: json.clone(),
                body: body.clone(),
            },
            response: RecordedResponse { status: 200, headers: json, body },
        }
    }

    #[test]
    fn planted_errors_are_errors_of_the_client() {
        let document = document();
        let outcome = Outcome { exit: Some(0), stdout: br#"{"a":"b","n":1}"#.to_vec(), stderr: String::new() };
        let (call, exchange) = (call(), exchange());
        let exchanges = [exchange.clone()];
        let operation = &document.operations[0];
        let case = Case { document: &document, operation, call: &call, exchanges: &exchanges, outcome: &outcome };
        let Checked::Complete(verdict) = judge::check(case) else { panic!("no response") };
        assert_eq!(verdict.decision(), Decision::Right, "{verdict:?}");

        let right = RightCall { operation, call: &call, exchange: &exchange, outcome: &outcome };
        let controls = run(&document, &[right]);
        let kinds: Vec<_> = controls.iter().map(|control| control.mutation).collect();
        assert_eq!(kinds, Mutation::PLANTED);
        for control in &controls {
            assert!(control.refused, "{control:?}");
        }
        // Without a body in the request, a property is lost in the output.
        let call = Call { body: None, ..call };
        let mut exchange = exchange;
        exchange.request.body.clear();
        let right = RightCall { operation, call: &call, exchange: &exchange, outcome: &outcome };
        let lost = run(&document, &[right]).into_iter().find(|control| control.mutation == Mutation::LostProperty);
        assert!(lost.is_some_and(|control| control.refused && control.reply.contains("is missing")));
    }

    #[test]
    fn invalid_example_is_a_contradiction_of_the_document() {
        let document = crate::document::from_json(json!({ "paths": { "/a": { "get": { "responses": { "200": {
            "content": { "application/json": { "schema": { "type": "integer" }, "example": "one" } } } } } } } }))
        .unwrap();
        let call = Call { arguments: Vec::new(), body: None, ..call() };
        let exchanges = [Exchange {
            request: RecordedRequest {
                method: "GET".to_owned(),
                target: "/a".to_owned(),
                headers: Vec::new(),
                body: Vec::new(),
            },
            response: RecordedResponse { body: b"\"one\"".to_vec(), ..exchange().response },
        }];
        let operation = &document.operations[0];
        // The decision does not depend on what the client makes of the example.
        for exit in [0, 1] {
            let outcome = Outcome { exit: Some(exit), stdout: b"\"one\"".to_vec(), stderr: String::new() };
            let case = Case { document: &document, operation, call: &call, exchanges: &exchanges, outcome: &outcome };
            let Checked::Complete(verdict) = judge::check(case) else { panic!("no response") };
            assert_eq!(verdict.decision(), Decision::Contradiction, "{verdict:?}");
            assert!(verdict.failures[0].reason.starts_with("the example of status 200 does not match its schema"));
        }
    }
}
