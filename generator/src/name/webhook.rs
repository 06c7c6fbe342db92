//! Names the variants of the enum of webhooks, and the constants for their headers.

use crate::diagnostics::Diagnostics;
use crate::ir::Api;

use super::content;
use super::identifier::{Case, extended, identifier};
use super::scope::Scope;
use super::take;
use super::words::words;

/// The names of the webhooks.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct WebhookNames {
    /// The names of the variants, in the order of the webhooks.
    pub variants: Vec<String>,
    /// The names of the constants for the headers of all webhooks, in the order of
    /// [`Webhooks::headers`](crate::ir::Webhooks::headers).
    pub headers: Vec<String>,
}

/// The help text of collisions between names of webhooks.
const WEBHOOK: &str = "write `x-rust-name: …` in the operation of the webhook to choose another name";

/// Names all webhooks.
pub(super) fn webhooks(api: &Api, diagnostics: &mut Diagnostics) -> WebhookNames {
    let mut scope = Scope::with_reserved(&["Unknown"]);
    let mut variants = Vec::with_capacity(api.webhooks.list.len());
    for webhook in &api.webhooks.list {
        let rule = identifier(&words(&webhook.name), Case::Pascal("webhook"));
        let candidates = [rule.clone(), extended(&rule, "Webhook")];
        variants.push(take(&mut scope, webhook.rust_name.as_deref(), &candidates, webhook.span, WEBHOOK, diagnostics));
    }
    WebhookNames { variants, headers: content::headers(&api.webhooks.headers(), &["NAMES"]) }
}
