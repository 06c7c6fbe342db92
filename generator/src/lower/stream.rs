//! Lowers responses that are streams of items.
//!
//! `itemSchema` describes an item. In an event stream, `itemSchema` describes either a whole event or only its data. It
//! describes a whole event if it is an object with the property `data` or `event`, and if all its properties are fields
//! of an event (`data`, `event`, `id`, `retry`). The properties in `allOf` and in the variants of `oneOf` and `anyOf`
//! count too. If the variants have different values of `event`, the type of an event determines the type of its data.
//!
//! Without `itemSchema`, `schema` describes an item. In JSON Lines, it can also describe the array of all items.

use std::collections::BTreeSet;

use indexmap::IndexMap;

use crate::diagnostics::{Code, Diagnostic, quoted};
use crate::ir::{
    Constraint, Doc, EventVariant, Origin, PartItem, Segment, StreamItems, Test, Type, TypeKind, Union, Variant,
};
use crate::spec::{self, MediaType, Schema, SchemaId, SchemaType, Value};

use super::Lowering;
use super::doc::{self, only_annotates};
use super::media::{MediaKind, MediaTypes, essence, is_binary, json_content};
use super::response::is_text;

/// The maximum depth of nested unions that are searched for events.
const MAX_DEPTH: usize = 8;

/// The maximum number of events of a stream.
const MAX_EVENTS: usize = 1000;

/// The type of events without the field `event` (WHATWG HTML standard).
const MESSAGE: &str = "message";

/// An event that a schema describes.
#[derive(Clone, Default)]
struct Event<'a> {
    /// The schemas of `data`.
    data: Vec<&'a Schema>,
    /// Whether the schema defines the property `event`.
    has_type: bool,
    /// The values of `event`. Empty if they are not specified.
    types: Vec<&'a str>,
    /// The variant of the union that describes the event. `None` if no union describes the events.
    variant: Option<&'a Schema>,
}

impl<'a> Lowering<'a> {
    /// Returns the items of a response. `None` if the response is not a stream.
    pub(super) fn stream_items(
        &mut self,
        media: &'a MediaType,
        kind: MediaKind,
        types: &mut MediaTypes,
    ) -> Option<StreamItems> {
        let items = match kind {
            MediaKind::Events => self.events(media, types),
            MediaKind::Lines if media.item_schema.is_some() => StreamItems::Json(self.item_type(media, types)),
            // A response that the schema describes as one string is not split.
            MediaKind::Lines if self.is_plain_string(media) => return None,
            // The schema describes either an item or the array of all items.
            MediaKind::Lines => match self.media_type(media, types) {
                Type::Array(item) => StreamItems::Json(*item),
                ty => StreamItems::Json(ty),
            },
            _ if media.item_schema.is_some() && essence(&media.media_type).starts_with("multipart/") => {
                StreamItems::Parts(self.part_item(media, types))
            }
            _ => {
                self.check_ignored_items(media);
                return None;
            }
        };
        self.check_ignored_whole(media);
        Some(items)
    }

    fn events(&mut self, media: &'a MediaType, types: &mut MediaTypes) -> StreamItems {
        if let Some(events) = self.described_events(media) {
            return self.event_items(&events, types);
        }
        let schema = media.item_schema.or(media.schema).map(|schema| self.at(schema));
        let data = match (media.item_schema, self.media_schema(media).and_then(whole_event)) {
            (None, Some(data)) => Some(self.at(data)),
            _ => schema,
        };
        if let Some(content) = data.and_then(|data| self.conjuncts(data).into_iter().find_map(json_content)) {
            let json = content.schema.map(|schema| self.at(schema));
            let ty = json.map_or(Type::Any, |schema| self.element(schema, types.origin_of("event")));
            return StreamItems::JsonEvents(ty);
        }
        let ty = match (media.item_schema, data) {
            (Some(_), _) => self.item_type(media, types),
            (None, Some(data)) if Some(data.id) != media.schema => self.element(data, types.origin_of("event")),
            (None, _) => self.media_type(media, types),
        };
        if is_text(ty.unaliased(&self.types)) { StreamItems::TextEvents } else { StreamItems::JsonEvents(ty) }
    }

    /// Returns the events that `itemSchema` describes. `None` without `itemSchema`, or if it only describes the data of
    /// the events.
    fn described_events(&self, media: &MediaType) -> Option<Vec<Event<'a>>> {
        let mut events = Vec::new();
        let is_event = self.collect_events(self.at(media.item_schema?), Event::default(), 0, &mut events);
        is_event.then_some(events)
    }

    /// Collects the events that a schema describes. `event` contains the properties of the outer schemas. Returns
    /// `false` if the schema does not describe events.
    fn collect_events(
        &self,
        schema: &'a Schema,
        mut event: Event<'a>,
        depth: usize,
        events: &mut Vec<Event<'a>>,
    ) -> bool {
        let mut variants: Vec<SchemaId> = Vec::new();
        for part in self.conjuncts(schema) {
            for (name, property) in part.properties() {
                let property = self.at(property.schema);
                match name {
                    "data" => event.data.push(property),
                    "event" => {
                        event.has_type = true;
                        let values = self.conjuncts(property).into_iter().flat_map(Schema::values);
                        let types: Vec<&'a str> = values.filter_map(Value::as_str).collect();
                        if !types.is_empty() {
                            event.types = types;
                        }
                    }
                    "id" | "retry" => {}
                    _ => return false,
                }
            }
            let own: Vec<SchemaId> = part.variants().collect();
            if !variants.is_empty() && !own.is_empty() {
                return false;
            }
            variants.extend(own);
        }
        if variants.is_empty() {
            let is_event = event.has_type || !event.data.is_empty();
            events.push(event);
            return is_event && events.len() <= MAX_EVENTS;
        }
        let mut variants = variants.into_iter().map(|variant| self.at(variant));
        depth < MAX_DEPTH
            && variants.all(|variant| {
                let event = Event { variant: Some(variant), ..event.clone() };
                self.collect_events(variant, event, depth + 1, events)
            })
    }

    /// Returns the items of a stream of described events.
    fn event_items(&mut self, events: &[Event<'a>], types: &MediaTypes) -> StreamItems {
        let is_typed = events.iter().any(|event| !event.types.is_empty());
        if events.len() == 1 || !is_typed {
            let events: Vec<&Event<'a>> = events.iter().collect();
            return match self.event_data(&events, types.origin_of("event")) {
                Some(ty) => StreamItems::JsonEvents(ty),
                None => StreamItems::TextEvents,
            };
        }
        let mut by_type: IndexMap<&str, Vec<&Event<'a>>> = IndexMap::new();
        for event in events {
            let types = if event.types.is_empty() { &[MESSAGE] } else { event.types.as_slice() };
            for ty in types {
                by_type.entry(ty).or_default().push(event);
            }
        }
        let mut variants = Vec::with_capacity(by_type.len());
        for (ty, events) in by_type {
            let data = self.event_data(&events, types.origin_of(ty));
            let described: Vec<&'a Schema> = events.iter().filter_map(|event| event.variant).collect();
            let doc = self.event_doc(&described, &events, data.is_none());
            variants.push(EventVariant { event: ty.to_owned(), data, doc });
        }
        StreamItems::Events(variants)
    }

    /// Returns the type of the data of events, if it is JSON. `None` if it is a string.
    fn event_data(&mut self, events: &[&Event<'a>], origin: Origin) -> Option<Type> {
        let mut types: Vec<Type> = Vec::new();
        let mut known = BTreeSet::new();
        for (position, event) in events.iter().enumerate() {
            if !known.insert(event.data.iter().map(|data| data.id).collect::<Vec<_>>()) {
                continue;
            }
            let origin = match events {
                [_] => origin.clone(),
                _ => origin.then(Segment::Property((position + 1).to_string())),
            };
            let ty = self.data_type(&event.data, origin);
            types.extend(ty.filter(|ty| !types.contains(ty)));
        }
        if types.len() < 2 {
            return types.pop();
        }
        let span = events.first().and_then(|event| event.variant).map_or(self.spec.span, |variant| variant.span);
        let variant = |ty| Variant { ty, label: None, doc: Doc::default(), test: Test::Trial(Vec::new()), span };
        let union = Union { variants: types.into_iter().map(variant).collect(), any_of: false };
        Some(Type::Named(self.place_inline(&[], origin, TypeKind::Union(union))))
    }

    /// Returns the type of JSON data with these schemas. `None` if the data is a string.
    fn data_type(&mut self, data: &[&'a Schema], origin: Origin) -> Option<Type> {
        let parts: Vec<&'a Schema> = data.iter().flat_map(|schema| self.conjuncts(schema)).collect();
        if let Some(content) = parts.iter().rev().find_map(|part| json_content(part)) {
            let schema = content.schema.map(|schema| self.at(schema));
            return Some(schema.map_or(Type::Any, |schema| self.element(schema, origin)));
        }
        if parts.iter().any(|part| part.ty() == Some(SchemaType::String)) {
            return None;
        }
        let mut specific = data.iter().rev().filter(|schema| !only_annotates(schema));
        let schema = specific.next().or_else(|| data.last())?;
        let ty = self.element(schema, origin);
        (!is_text(ty.non_null().unaliased(&self.types))).then_some(ty)
    }

    /// Returns the content of the parts of a multipart response.
    fn part_item(&mut self, media: &MediaType, types: &mut MediaTypes) -> PartItem {
        let schema = media.item_schema.map(|schema| self.resolved_schema(self.at(schema)));
        let content_type = media.item_encoding.as_ref().and_then(|encoding| encoding.content_type.as_deref());
        let content_type = content_type.filter(|content_type| !content_type.contains([',', '*']));
        let is_string = schema.is_some_and(|schema| schema.ty() == Some(SchemaType::String));
        match content_type.map(MediaKind::of) {
            Some(MediaKind::Json) => PartItem::Json(self.item_type(media, types)),
            Some(MediaKind::Text | MediaKind::Document) => PartItem::Text,
            Some(_) => PartItem::Bytes,
            None if schema.is_none_or(|schema| is_binary(schema) || only_annotates(schema)) => PartItem::Bytes,
            None if is_string => PartItem::Text,
            None => PartItem::Json(self.item_type(media, types)),
        }
    }

    /// Returns the items of the response of a gRPC gateway, whose schema is an object with the properties `result` and
    /// `error`. The title of the schema or the description of the response identifies such a response.
    pub(super) fn results(
        &mut self,
        media: &'a MediaType,
        kind: MediaKind,
        response: &spec::Response,
        types: &MediaTypes,
    ) -> Option<StreamItems> {
        let schema = self.media_schema(media).filter(|_| kind == MediaKind::Json)?;
        let properties = schema.properties.as_deref().filter(|properties| properties.len() == 2)?;
        let (result, error) = properties.get("result").zip(properties.get("error"))?;
        let is_titled = schema.title.as_ref().is_some_and(|title| title.starts_with("Stream result of "));
        if !is_titled && !response.description.contains("(streaming responses)") {
            return None;
        }
        let result = self.element(self.at(result.schema), types.origin_of("result"));
        let error = self.element(self.at(error.schema), types.origin_of("error"));
        Some(StreamItems::Results { result, error: Some(error).filter(|error| *error != Type::Any) })
    }

    /// Returns the documentation of the items of a stream, unless their type has a definition.
    pub(super) fn item_doc(&self, media: &MediaType, schema: &'a Schema, ty: Option<&Type>) -> Doc {
        let events =
            if MediaKind::of(&media.media_type) == MediaKind::Events { self.described_events(media) } else { None };
        match events.as_deref() {
            Some(events) => {
                let types: BTreeSet<&str> = events.iter().flat_map(|event| event.types.iter().copied()).collect();
                let types: Vec<String> = types.into_iter().map(str::to_owned).collect();
                let [event] = events else { return self.event_doc(&[schema], &[], false) };
                let is_json = event.data.iter().any(|data| self.conjuncts(data).into_iter().any(has_json));
                let mut doc = self.event_doc(&[schema], &[event], ty == Some(&Type::String) && !is_json);
                doc.constraints.extend((!types.is_empty()).then_some(Constraint::EventTypes(types)));
                doc
            }
            None if schema.reference.is_some() => Doc::default(),
            None => match ty.map(Type::non_null) {
                None | Some(Type::Named(_)) => Doc::default(),
                Some(ty) => doc::doc(self.spec, schema).of_type(ty),
            },
        }
    }

    /// Returns the documentation of events: the text of `schemas`, or else of the data of `events`, and the constraints
    /// of the data if it is text.
    fn event_doc(&self, schemas: &[&'a Schema], events: &[&Event<'a>], is_text: bool) -> Doc {
        let data: Vec<&'a Schema> = events.iter().flat_map(|event| event.data.iter().copied()).collect();
        let (own, of_data) = (doc::of_all(self.spec, schemas), doc::of_all(self.spec, &data));
        let is_described = own.title.is_some() || own.description.is_some();
        let (title, description) =
            if is_described { (own.title, own.description) } else { (of_data.title, of_data.description) };
        let mut constraints = of_data.constraints;
        constraints.retain(|_| is_text);
        let values = data.iter().flat_map(|data| self.conjuncts(data)).flat_map(Schema::values);
        let values: Vec<String> = values.filter(|_| is_text).map(Value::to_json_text).collect();
        constraints.extend((!values.is_empty()).then_some(Constraint::OneOf(values)));
        Doc { title, description, deprecated: own.deprecated || of_data.deprecated, constraints, ..Doc::default() }
    }

    /// Reports that `itemSchema` is ignored, because the response is not a stream.
    pub(super) fn check_ignored_items(&mut self, media: &MediaType) {
        let Some(schema) = media.item_schema else { return };
        let message = format!("`itemSchema` is not supported for {}", quoted(&media.media_type));
        self.diagnostics.push(
            Diagnostic::warning(Code::Unsupported, self.at(schema).span, message).help(
                "items can be streamed from event streams, JSON Lines, JSON text sequences and multipart responses",
            ),
        );
    }

    /// Reports that `schema` is ignored, because `itemSchema` replaces it. Reports nothing if `schema` is an array of
    /// these items.
    fn check_ignored_whole(&mut self, media: &MediaType) {
        let (Some(item), Some(whole)) = (media.item_schema, self.media_schema(media)) else { return };
        if !self.is_structured(whole) || whole.items.is_some_and(|items| self.spec.is_same(items, item)) {
            return;
        }
        let message = format!("the schema of {} is not generated", quoted(&media.media_type));
        self.diagnostics.push(
            Diagnostic::note(Code::Unsupported, whole.span, message)
                .help("the response is a list of items, which `itemSchema` describes"),
        );
    }
}

/// Returns whether a schema is a string that contains JSON.
fn has_json(schema: &Schema) -> bool {
    json_content(schema).is_some()
}

/// Returns the schema of the `data` of events if `schema` describes whole events: it has no properties except the
/// fields of an event. An object with only `data` and `id` is not an event: the data itself can have these properties.
fn whole_event(schema: &Schema) -> Option<SchemaId> {
    let properties = schema.properties.as_deref()?;
    let is_event = properties.keys().all(|name| matches!(name.as_str(), "data" | "event" | "id" | "retry"))
        && (properties.len() == 1 || properties.contains_key("event") || properties.contains_key("retry"));
    properties.get("data").filter(|_| is_event).map(|data| data.schema)
}
