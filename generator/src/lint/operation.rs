//! Reports operations without an ID, and request bodies of methods for which HTTP defines no semantics for a body.

use std::collections::HashSet;

use super::Rules;
use crate::diagnostics::{Code, Diagnostic};
use crate::source::Span;
use crate::spec::{Method, Operation};

impl Rules<'_, '_> {
    /// Reports operations without `operationId`.
    pub(super) fn operation_ids(&mut self, operations: &[&Operation]) {
        // If several paths refer to the same path item, its operations keep their IDs for only one of these paths.
        let with_id =
            operations.iter().filter(|operation| operation.id.as_ref().is_some_and(|id| !id.value.is_empty()));
        let with_id: HashSet<Span> = with_id.map(|operation| operation.method_span).collect();
        for operation in operations.iter().filter(|operation| !with_id.contains(&operation.method_span)) {
            let (place, message) = match &operation.id {
                Some(id) => (id.span, "the `operationId` is empty"),
                None => (operation.method_span, "the operation has no `operationId`"),
            };
            let help =
                "set an `operationId`; otherwise, the generated name is derived from the path and changes with it";
            self.diagnostics.push(Diagnostic::warning(Code::OperationId, place, message).help(help));
        }
    }

    /// Reports the request body of an operation whose method is GET, HEAD, DELETE or TRACE. HTTP defines no semantics
    /// for such a body (RFC 9110, section 9.3).
    pub(super) fn request_body(&mut self, operation: &Operation) {
        let Some(body) = operation.body_span else { return };
        if !matches!(operation.method, Method::Get | Method::Head | Method::Delete | Method::Trace) {
            return;
        }
        let message = format!("HTTP defines no semantics for the content of a {} request", operation.method.as_str());
        let diagnostic = Diagnostic::warning(Code::RequestBody, body, message).label("servers may reject or drop it");
        self.diagnostics.push(diagnostic.help("use POST or query parameters; generated clients send the body"));
    }
}
