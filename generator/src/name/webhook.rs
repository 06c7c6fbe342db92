//! Names the variants of the enum of webhooks, and the constants for their headers.

use crate::ir::{Api, Webhook};

use super::content;
use super::identifier::{Case, extended, identifier};
use super::lock_file::{Key, Kind};
use super::namer::{Item, Namer};
use super::scope::Scope;
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
pub(super) fn webhooks(api: &Api, namer: &mut Namer<'_>) -> WebhookNames {
    let key = |webhook: &Webhook| Key::new(Kind::Webhook).operation(&webhook.method, &webhook.path);
    let mut scope = Scope::with_reserved(&["Unknown"]);
    namer.claim(&mut scope, api.webhooks.list.iter().map(|webhook| (key(webhook), webhook.rust_name.as_deref())));
    let mut variants = Vec::with_capacity(api.webhooks.list.len());
    for webhook in &api.webhooks.list {
        let rule = identifier(&words(&webhook.name), Case::Pascal("webhook"));
        let item = Item {
            key: Some(key(webhook)),
            rust_name: webhook.rust_name.as_deref(),
            candidates: vec![rule.clone(), extended(&rule, "Webhook")],
            span: webhook.span,
            help: WEBHOOK,
        };
        variants.push(namer.take(&mut scope, item));
    }
    let key = Key::new(Kind::Header).plain("webhooks");
    WebhookNames { variants, headers: content::headers(&api.webhooks.headers(), &["NAMES"], &key, namer) }
}
