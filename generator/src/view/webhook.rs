//! The view of the module of webhooks, for the template `api/webhooks.rs.j2`.

use quote::quote;
use serde::Serialize;

use crate::ir::{Api, HeaderDoc, Location, ResponseContent, SecretPath, Webhook, WebhookParameter};
use crate::name::Names;

use super::deprecation;
use super::docs::Docs;
use super::markdown::{code, escaped, first_paragraph};
use super::operation::describe_location;
use super::operation_info::secret_path;
use super::response::{HeaderView, enum_variant};
use super::status::statuses;
use super::types::{Types, ident, literal};

/// The view of `webhooks.rs`.
#[derive(Debug, Serialize)]
pub(crate) struct WebhooksView {
    docs: Vec<String>,
    webhooks: Vec<WebhookView>,
    headers: Vec<HeaderView>,
    /// The property that identifies the webhook of a payload. `None` if there is no such property.
    identity: Option<IdentityView>,
}

#[derive(Debug, Serialize)]
struct WebhookView {
    docs: Vec<String>,
    /// The attribute `#[deprecated]`. `None` if the item is not deprecated.
    deprecated: Option<String>,
    /// The variant: `Name(Type)`, or `Name` for a request without a body.
    declaration: String,
    /// The branch for the variant in the `Debug` implementation.
    debug: String,
    /// The pattern that matches the variant.
    pattern: String,
    /// The name of the webhook, as a string literal.
    wire: String,
    /// The expression that decodes the payload.
    parsed: String,
}

#[derive(Debug, Serialize)]
struct IdentityView {
    docs: Vec<String>,
    /// The property, as a string literal.
    property: String,
    /// Pairs of a property value and the name of the webhook that the value identifies, as Rust expressions.
    values: Vec<String>,
}

/// A row in the table of webhooks in the README.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct ReadmeWebhookView {
    /// The name of the webhook.
    pub name: String,
    /// The variant, e.g. `Webhook::NewPet(pet)`.
    pub variant: String,
    /// The first paragraph of the documentation.
    pub summary: String,
}

/// Returns the view of the webhooks. Returns `None` if the API has none.
pub(super) fn webhooks(api: &Api, names: &Names, types: &Types<'_>) -> Option<WebhooksView> {
    let list = &api.webhooks.list;
    if list.is_empty() {
        return None;
    }
    let webhooks = list.iter().zip(&names.webhooks.variants).map(|(one, name)| webhook(one, name, types));
    let headers = api.webhooks.headers().into_iter().zip(&names.webhooks.headers);
    let values = list.iter().flat_map(|one| one.values.iter().map(|value| (value, &one.name)));
    let identity = api.webhooks.property.as_ref().map(|property| IdentityView {
        docs: Docs::default()
            .text(format!(
                "Decodes the body of a request if the name of the webhook is not known. The property {} of the payload \
                 identifies the webhook. A payload with an unknown value is [`Unknown`](Self::Unknown).",
                code(property)
            ))
            .or(String::new),
        property: literal(property),
        values: values.map(|(value, name)| quote!((#value, #name)).to_string()).collect(),
    });
    Some(WebhooksView {
        docs: Docs::default()
            .text(format!("The webhooks of {}: requests that the API sends to a server of yours.", escaped(&api.title)))
            .or(String::new),
        webhooks: webhooks.collect(),
        headers: headers.map(|(header, name)| HeaderView::of(header, name, header_docs(api, header), types)).collect(),
        identity,
    })
}

fn webhook(webhook: &Webhook, name: &str, types: &Types<'_>) -> WebhookView {
    let content = &webhook.payload.content;
    let ty = content.value().map_or_else(|| quote!(::bytes::Bytes), |ty| types.render_type(ty));
    let (declaration, debug) = enum_variant(name, content, &ty);
    let ident = ident(name);
    let secrets: Vec<String> = webhook.secrets.iter().map(|path: &SecretPath| secret_path(path)).collect();
    let secrets = secrets.join(", ");
    let parsed = match content {
        ResponseContent::Empty => quote!(::std::result::Result::Ok(Self::#ident)).to_string(),
        ResponseContent::Bytes | ResponseContent::Stream(_) => {
            quote!(::std::result::Result::Ok(Self::#ident(::bytes::Bytes::copy_from_slice(body)))).to_string()
        }
        ResponseContent::Text(_) | ResponseContent::TextOrJson(_) => {
            quote!(crate::runtime::webhook::text(body).map(Self::#ident)).to_string()
        }
        ResponseContent::Json(_) => {
            format!("crate::runtime::webhook::json(body, &[{secrets}]).map({})", quote!(Self::#ident))
        }
    };
    let pattern = match content {
        ResponseContent::Empty => quote!(Self::#ident),
        _ => quote!(Self::#ident(_)),
    };
    WebhookView {
        docs: docs(webhook),
        deprecated: deprecation::attribute(webhook.deprecated, webhook.description.as_deref()),
        declaration,
        debug,
        pattern: pattern.to_string(),
        wire: literal(&webhook.name),
        parsed,
    }
}

fn docs(webhook: &Webhook) -> Vec<String> {
    // Many documents repeat the summary at the beginning of the description.
    let description = webhook.description.as_deref().filter(|text| webhook.summary.as_deref() != Some(text));
    let docs = Docs::default().document_text(webhook.summary.as_deref()).document_text(description);
    let docs = docs.external(&webhook.external_docs);
    let name = webhook.name.strip_prefix(&format!("{} ", webhook.method)).unwrap_or(&webhook.name);
    let mut docs = docs.text(format!("The webhook {}, sent with {}.", code(name), code(&webhook.method)));
    if !webhook.tags.is_empty() {
        let tags: Vec<String> = webhook.tags.iter().map(|tag| code(tag)).collect();
        docs = docs.text(format!("Tagged {}.", tags.join(", ")));
    }
    let payload = &webhook.payload;
    if let Some(media_type) =
        payload.media_type.as_ref().filter(|_| !matches!(payload.content, ResponseContent::Json(_)))
    {
        docs = docs.text(format!("The payload is {}.", code(media_type)));
    }
    if let Some(description) = &payload.description {
        docs = docs.labeled("The payload", Some(description));
    }
    docs = docs.of_body(&payload.doc);
    docs = docs.items(webhook.headers.iter().map(|header| {
        let required = if header.required { "" } else { " (optional)" };
        documented(&format!("header {}{required}", code(&header.name)), header.doc.description.as_deref())
    }));
    docs = docs.items(webhook.parameters.iter().map(parameter));
    let security = webhook.security.iter().filter(|schemes| !schemes.is_empty());
    let security: Vec<String> =
        security.map(|schemes| schemes.iter().map(|name| code(name)).collect::<Vec<_>>().join(" and ")).collect();
    if !security.is_empty() {
        docs = docs.text(format!("The API authenticates itself with {}.", security.join(", or with ")));
    }
    let docs = match webhook.responses.as_slice() {
        [] => docs,
        [(status, description)] => {
            docs.labeled(&format!("Respond with {}", statuses(&[*status])), description.as_deref())
        }
        several => {
            let several = several.iter();
            let responses =
                several.map(|(status, description)| documented(&statuses(&[*status]), description.as_deref()));
            docs.text("Respond with one of:").items(responses)
        }
    };
    docs.or(String::new)
}

fn parameter(parameter: &WebhookParameter) -> String {
    let location = match parameter.location {
        None => "query string".to_owned(),
        Some(Location::Header) => "header".to_owned(),
        Some(location) => describe_location(location).to_lowercase(),
    };
    documented(&format!("{location} {}", code(&parameter.name)), parameter.description.as_deref())
}

/// Returns a label and the first paragraph of a description on one line.
fn documented(label: &str, description: Option<&str>) -> String {
    match description.map(first_paragraph).filter(|text| !text.is_empty()) {
        Some(description) => format!("{label}: {description}"),
        None => label.to_owned(),
    }
}

/// Returns the documentation of the constant for a header.
fn header_docs(api: &Api, header: &HeaderDoc) -> Docs {
    let has = |webhook: &&Webhook| webhook.headers.iter().any(|other| other.name.eq_ignore_ascii_case(&header.name));
    let with: Vec<String> = api.webhooks.list.iter().filter(has).map(|webhook| code(&webhook.name)).collect();
    let which = match with.len() {
        count if count == api.webhooks.list.len() => "all webhooks".to_owned(),
        1 => format!("the webhook {}", with.join(", ")),
        2..=10 => format!("the webhooks {}", with.join(", ")),
        count => format!("{count} webhooks"),
    };
    Docs::default().of(&header.doc).text(format!("The header {} of {which}.", code(&header.name)))
}

/// Returns the rows of the table of webhooks in the README.
pub(super) fn readme(api: &Api, names: &Names) -> Vec<ReadmeWebhookView> {
    let rows = api.webhooks.list.iter().zip(&names.webhooks.variants).map(|(webhook, name)| {
        let text = webhook.summary.as_deref().or(webhook.description.as_deref());
        ReadmeWebhookView {
            name: super::package::cell(&code(&webhook.name)),
            variant: name.clone(),
            summary: super::package::cell(&text.map(first_paragraph).unwrap_or_default()),
        }
    });
    rows.collect()
}
