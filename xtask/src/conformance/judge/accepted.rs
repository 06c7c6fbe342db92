//! Checks whether Prism accepted a request. Waives refusals that are caused by known errors of Prism.

use crate::judge::{Case, Kind, Verdict, rules};
use crate::prism::refusal;
use crate::proxy::Exchange;

/// Returns whether Prism accepted the request and produced the requested response. If not, adds to the verdict a
/// failure or the name of the rule that waives the refusal.
pub(super) fn check(case: Case<'_>, exchange: &Exchange, verdict: &mut Verdict) -> bool {
    let refusal = refusal(&exchange.response);
    if exchange.response.is_missing() || refusal.as_ref().is_some_and(rules::is_crash) {
        verdict.waived.push(rules::CRASH.to_owned());
        return false;
    }
    let Some(refusal) = refusal else { return true };
    // Prism accepted the request, but cannot produce the requested response.
    if rules::concerns_response(&refusal) {
        verdict.waived.push(rules::RESPONSE.to_owned());
        return false;
    }
    for violation in &refusal.violations {
        match rules::waiving_rule(case, violation) {
            Some(rule) => verdict.waived.push(rule.name.to_owned()),
            None => verdict
                .fail(Kind::Refused, format!("Prism refused the request ({}): {}", refusal.kind, violation.message)),
        }
    }
    verdict.waived.sort();
    verdict.waived.dedup();
    false
}
