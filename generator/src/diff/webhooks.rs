//! Compares webhooks. The API sends their requests, so that their payloads are compared like responses.

use std::collections::HashMap;

use crate::ir::Webhook;
use crate::name::Names;

use super::differ::{At, Differ, RESPONSE};
use super::responses::header_names;
use super::{Change, Item, Rust, Wire};

impl Differ<'_> {
    pub fn compare_webhooks(&mut self) {
        let (old, new) = (&self.old.api.webhooks, &self.new.api.webhooks);
        let mut added: HashMap<&str, _> =
            new.list.iter().enumerate().map(|(index, it)| (it.name.as_str(), (index, it))).collect();
        let headers = (header_names(&old.headers()), header_names(&new.headers()));
        let variant = |names: &Names, index: usize| names.webhooks.variants.get(index).cloned();
        for (index, one) in old.list.iter().enumerate() {
            let other = added.remove(one.name.as_str());
            let names = variant(self.old.names, index).into_iter();
            let names = names.chain(other.and_then(|(index, _)| variant(self.new.names, index)));
            let at = webhook_at(&one.name, Some(one), other.map(|(_, it)| it)).named(names);
            let Some((_, other)) = other else {
                self.report_removed(&at, Rust::Major, Wire::Breaking);
                continue;
            };
            self.compare_deprecation(&at, one.deprecated, other.deprecated);
            self.compare_response_content(&at, &one.payload.content, &other.payload.content);
            self.compare_docs(&at, RESPONSE, &one.payload.doc, &other.payload.doc);
            self.compare_headers(&at, &one.headers, &other.headers, &headers);
            if one.payload.media_type != other.payload.media_type || one.method != other.method {
                self.report(&at, Change::Style, "is sent differently", Rust::Patch, Wire::Breaking);
            }
            if one.values != other.values || one.security != other.security {
                self.report(&at, Change::Other, "is identified differently", Rust::Patch, Wire::Breaking);
            }
            if texts(one) != texts(other) {
                self.report_docs(&at);
            }
        }
        for (index, one) in new.list.iter().enumerate().filter(|(_, it)| added.contains_key(it.name.as_str())) {
            let at = webhook_at(&one.name, None, Some(one)).named(variant(self.new.names, index));
            self.report_added(&at, Rust::Minor, Wire::Note);
        }
    }
}

fn webhook_at(name: &str, old: Option<&Webhook>, new: Option<&Webhook>) -> At {
    At::api(Item::Webhook, format!("webhook `{name}`"), old.map(|it| it.span), new.map(|it| it.span))
}

/// The parts of a webhook that only appear in documentation.
fn texts(it: &Webhook) -> impl PartialEq + use<'_> {
    (
        (&it.summary, &it.description, &it.external_docs, &it.payload.description),
        (&it.parameters, &it.responses, &it.tags),
    )
}
