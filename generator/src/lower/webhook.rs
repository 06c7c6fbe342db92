//! Lowers webhooks: the payloads of the requests that the API sends, and the property that identifies the webhook.

use std::collections::{BTreeSet, HashMap};

use crate::diagnostics::{Code, Diagnostic, quoted};
use crate::ir::{
    Doc, HeaderDoc, Location, Object, Origin, Payload, Presence, Property, ResponseContent, Segment, StatusPattern,
    Type, TypeDef, Webhook, WebhookParameter, Webhooks,
};
use crate::spec::{self, Header, MediaType, SchemaId};
use crate::validate::parameter::is_ignored_header;

use super::Lowering;
use super::doc;
use super::media::{MediaKind, MediaTypes};
use super::operation::{or_rest, scheme_names};
use super::variant_test::objects_of;

impl<'a> Lowering<'a> {
    /// Lowers all webhooks.
    pub(super) fn webhooks(&mut self) -> Webhooks {
        let spec = self.spec;
        let mut methods: HashMap<&str, usize> = HashMap::new();
        for operation in &spec.webhooks {
            *methods.entry(&operation.path).or_default() += 1;
        }
        let mut webhooks = Webhooks::default();
        for operation in &spec.webhooks {
            let is_only = methods.get(operation.path.as_str()) == Some(&1);
            let method = operation.method.as_str();
            let name = if is_only { operation.path.clone() } else { format!("{method} {}", operation.path) };
            webhooks.list.push(self.webhook(name, operation));
        }
        webhooks
    }

    fn webhook(&mut self, name: String, operation: &'a spec::Operation) -> Webhook {
        let spec = self.spec;
        let item = &spec.path_items[operation.item];
        let origin = Origin(vec![Segment::Webhook(name.clone()).cut()]);
        let payload = match operation.body {
            Some(body) => self.payload(&spec.request_bodies[body], &origin),
            None => {
                Payload { content: ResponseContent::Empty, media_type: None, description: None, doc: Doc::default() }
            }
        };
        let (mut headers, mut parameters) = (Vec::new(), Vec::new());
        for parameter in self.effective_parameters(&item.parameters, &operation.parameters) {
            let location = match parameter.location {
                spec::Location::Header if is_ignored_header(&parameter.name.value) => continue,
                spec::Location::Header => {
                    headers.push(self.webhook_header(parameter, &origin));
                    continue;
                }
                spec::Location::Path => Some(Location::Path),
                spec::Location::Query => Some(Location::Query),
                spec::Location::Cookie => Some(Location::Cookie),
                spec::Location::QueryString => None,
            };
            let (name, description) = (parameter.name.value.clone(), parameter.description.clone());
            parameters.push(WebhookParameter { name, location, description });
        }
        self.check_callbacks(operation);
        let mut responses = Vec::new();
        for documented in &operation.responses {
            let response = &spec.responses[documented.response];
            self.check_response_content(response);
            responses.push((StatusPattern::of(documented.status), doc::response_description(response)));
        }
        let summary = operation.summary.clone().filter(|text| doc::has_words(text));
        let description = doc::description(operation.description.as_deref());
        Webhook {
            name,
            path: operation.path.clone(),
            rust_name: operation.rust_name.clone(),
            method: operation.method.as_str().to_owned(),
            summary: or_rest(summary, item.summary.clone()).0,
            description: or_rest(description, item.description.clone()).0,
            external_docs: operation.external_docs.clone(),
            deprecated: operation.deprecated,
            tags: operation.tags.clone(),
            payload,
            headers,
            parameters,
            security: operation.security.iter().flatten().map(scheme_names).collect(),
            responses,
            // Determined when all types are known.
            values: Vec::new(),
            secrets: Vec::new(),
            span: operation.id.as_ref().map_or(item.path.span, |id| id.span),
        }
    }

    /// Reports that the content of a response to a webhook is not generated.
    fn check_response_content(&mut self, response: &spec::Response) {
        let structured = response
            .content
            .iter()
            .find(|media| media.schema.is_some_and(|schema| self.is_structured(self.at(schema))));
        if let Some(media) = structured {
            let message = format!("the content {} of this response is not generated", quoted(&media.media_type));
            let note = Diagnostic::note(Code::Unsupported, media.key_span, message);
            self.diagnostics.push(note.help("the response to a webhook is sent by your server"));
        }
    }

    /// Lowers the body of a webhook: its JSON content, or else its first content.
    fn payload(&mut self, body: &'a spec::RequestBody, origin: &Origin) -> Payload {
        let mut all: Vec<(&'a MediaType, MediaKind)> = Vec::new();
        for media in &body.content {
            if self.is_media_type(media) {
                all.push((media, self.media_kind(media)));
            }
        }
        all.sort_by_key(|(media, kind)| (*kind != MediaKind::Json, !MediaKind::is_plain_json(&media.media_type)));
        let description = body.description.clone().filter(|text| doc::has_words(text));
        let Some(((media, kind), others)) = all.split_first() else {
            return Payload { content: ResponseContent::Bytes, media_type: None, description, doc: Doc::default() };
        };
        for (other, _) in others {
            let message = format!("payloads of {} are not decoded", quoted(&other.media_type));
            let help = format!("webhooks are decoded as {}", quoted(&media.media_type));
            self.diagnostics.push(Diagnostic::note(Code::Unsupported, other.key_span, message).help(help));
        }
        let mut types = MediaTypes::new(origin.then(Segment::RequestBody));
        let known: Vec<SchemaId> = others.iter().filter_map(|(other, _)| other.schema).collect();
        let content = match kind {
            MediaKind::Json => ResponseContent::Json(self.media_type(media, &mut types)),
            MediaKind::Text => match self.media_type(media, &mut types) {
                Type::Any => ResponseContent::Text(Type::String),
                ty => ResponseContent::Text(ty),
            },
            MediaKind::Document => {
                self.check_ignored_schema(media, &known, "a string");
                ResponseContent::Text(Type::String)
            }
            MediaKind::Multipart | MediaKind::Form | MediaKind::Events | MediaKind::Lines | MediaKind::Bytes => {
                self.check_ignored_schema(media, &known, "bytes");
                ResponseContent::Bytes
            }
        };
        let doc = self.media_doc(media, content.value());
        Payload { content, media_type: Some(media.media_type.clone()), description, doc }
    }

    /// Lowers a header parameter like a header of a response: clients receive both.
    fn webhook_header(&mut self, parameter: &'a spec::Parameter, origin: &Origin) -> HeaderDoc {
        let header = Header {
            description: parameter.description.clone(),
            required: parameter.required,
            deprecated: parameter.deprecated,
            schema: parameter.schema,
            content: parameter.content.clone(),
            style: parameter.style,
            explode: parameter.explode,
            item_styles: parameter.item_styles.clone(),
            example: parameter.example.clone(),
            examples: parameter.examples.clone(),
            extensions: parameter.extensions.clone(),
            keywords: parameter.keywords.clone(),
            span: parameter.span,
        };
        self.header(&parameter.name, &header, origin)
    }
}

/// Sets the property that identifies the webhook of a payload, and the values of the property for each webhook.
pub(super) fn identify(webhooks: &mut Webhooks, types: &[TypeDef]) {
    let all: Vec<Vec<(&str, BTreeSet<String>)>> =
        webhooks.list.iter().map(|webhook| restricted(&webhook.payload, types)).collect();
    let values = |name: &str| -> Option<Vec<&BTreeSet<String>>> {
        let values: Option<Vec<&BTreeSet<String>>> =
            all.iter().map(|of| of.iter().find(|(known, _)| *known == name).map(|(_, values)| values)).collect();
        // With a single webhook, the property must have exactly one value: there are no other webhooks to compare with.
        let values = values.filter(|values| values.len() > 1 || values.iter().all(|values| values.len() == 1))?;
        let distinct: BTreeSet<&String> = values.iter().copied().flatten().collect();
        (distinct.len() == values.iter().map(|values| values.len()).sum::<usize>()).then_some(values)
    };
    let mut names = all.first().into_iter().flatten().map(|(name, _)| *name);
    let Some((name, values)) = names.find_map(|name| Some((name, values(name)?))) else { return };
    let values: Vec<Vec<String>> = values.into_iter().map(|values| values.iter().cloned().collect()).collect();
    webhooks.property = Some(name.to_owned());
    for (webhook, values) in webhooks.list.iter_mut().zip(values) {
        webhook.values = values;
    }
}

/// Returns the required properties of a payload that have a fixed set of values, with these values.
fn restricted<'a>(payload: &'a Payload, types: &'a [TypeDef]) -> Vec<(&'a str, BTreeSet<String>)> {
    let ResponseContent::Json(ty) = &payload.content else { return Vec::new() };
    let Some(objects) = objects_of(types, ty) else { return Vec::new() };
    let Some(first) = objects.first() else { return Vec::new() };
    let values = |property: &Property| -> Option<BTreeSet<String>> {
        let known = property.enum_values(types).map(|values| values.iter().map(|value| value.to_string()).collect());
        let values = known.or_else(|| Some(BTreeSet::from([property.tag.clone()?])));
        values.filter(|_| matches!(property.presence, Presence::Required | Presence::Nullable))
    };
    let properties = |object: &&'a Object| -> HashMap<&'a str, &'a Property> {
        object.properties.iter().map(|property| (property.name.as_str(), property)).collect()
    };
    let by_name: Vec<HashMap<&str, &Property>> = objects.iter().map(properties).collect();
    let of_all = |name: &str| -> Option<BTreeSet<String>> {
        let mut all = BTreeSet::new();
        for properties in &by_name {
            all.extend(values(properties.get(name)?)?);
        }
        Some(all)
    };
    let properties = first.properties.iter();
    properties.filter_map(|property| Some((property.name.as_str(), of_all(&property.name)?))).collect()
}
