//! Whether Prism takes the request; a refusal where Prism is known to err is left to the second judge.

use crate::judge::{Case, Kind, Verdict, rules};
use crate::prism::refusal;
use crate::proxy::Exchange;

/// Says whether Prism took it.
pub(super) fn judge(case: Case<'_>, exchange: &Exchange, verdict: &mut Verdict) -> bool {
    let refusal = refusal(&exchange.received);
    if exchange.received.is_missing() || refusal.as_ref().is_some_and(rules::is_broken) {
        verdict.left.push(rules::BREAKS.to_owned());
        return false;
    }
    let Some(refusal) = refusal else { return true };
    // Asked for an answer that it cannot make, Prism has nothing against the request.
    if rules::is_about_the_answer(&refusal) {
        verdict.left.push(rules::ANSWER.to_owned());
        return false;
    }
    for violation in &refusal.violations {
        match rules::left(case, violation) {
            Some(rule) => verdict.left.push(rule.name.to_owned()),
            None => verdict
                .fault(Kind::Refused, format!("Prism refuses the request ({}): {}", refusal.kind, violation.message)),
        }
    }
    verdict.left.sort();
    verdict.left.dedup();
    false
}
