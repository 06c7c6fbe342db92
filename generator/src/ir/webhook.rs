//! Defines webhooks: requests that the API sends.

use crate::source::Span;

use super::content::distinct;
use super::{Doc, ExternalDocs, HeaderDoc, Location, ResponseContent, SecretPath, StatusPattern};

/// The webhooks of an API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Webhooks {
    /// The webhooks, in document order.
    pub list: Vec<Webhook>,
    /// The name of a property that all payloads require, with different values for each webhook, so that the value
    /// identifies the webhook. `None` if there is no such property.
    pub property: Option<String>,
}

impl Webhooks {
    /// Returns the documented headers of all webhooks, without duplicates.
    pub fn headers(&self) -> Vec<&HeaderDoc> {
        distinct(self.list.iter().flat_map(|webhook| &webhook.headers))
    }
}

/// A webhook: a request that the API sends.
#[derive(Debug, Clone, PartialEq)]
pub struct Webhook {
    /// The name in `webhooks`. If the path item has several methods, the method followed by the name.
    pub name: String,
    /// The key in `webhooks`.
    pub path: String,
    /// `x-rust-name` of the operation.
    pub rust_name: Option<String>,
    /// The HTTP method.
    pub method: String,
    /// `summary`, of the operation or else of the path item.
    pub summary: Option<String>,
    /// `description`, of the operation or else of the path item.
    pub description: Option<String>,
    /// `externalDocs` of the operation.
    pub external_docs: Option<ExternalDocs>,
    /// `deprecated`
    pub deprecated: bool,
    /// `tags`
    pub tags: Vec<String>,
    /// The request body.
    pub payload: Payload,
    /// The header parameters.
    pub headers: Vec<HeaderDoc>,
    /// The other parameters, which are only documented.
    pub parameters: Vec<WebhookParameter>,
    /// The security requirements of the operation, as in [`Operation::security`](super::Operation::security): how the API
    /// authenticates itself. They are only documented.
    pub security: Vec<Vec<String>>,
    /// The responses that the API expects: their statuses and descriptions.
    pub responses: Vec<(StatusPattern, Option<String>)>,
    /// The values that [`Webhooks::property`] can have in the payload. Empty if there is no such property.
    pub values: Vec<String>,
    /// The paths to secrets in the payload.
    pub secrets: Vec<SecretPath>,
    /// The source location.
    pub span: Span,
}

/// The request body of a webhook.
#[derive(Debug, Clone, PartialEq)]
pub struct Payload {
    /// The content: JSON if the webhook has a JSON body, otherwise text or bytes. Never a stream.
    pub content: ResponseContent,
    /// The media type. `None` without a body.
    pub media_type: Option<String>,
    /// `description`
    pub description: Option<String>,
    /// The examples, and the documentation of the value if its type has no definition.
    pub doc: Doc,
}

/// A parameter of a webhook other than a header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookParameter {
    /// The name.
    pub name: String,
    /// The part of the request that contains the parameter. `None` for the whole query string.
    pub location: Option<Location>,
    /// `description`
    pub description: Option<String>,
}
