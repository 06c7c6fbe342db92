//! Finds the places of types in a document, which identify the types in the lock file: component schemas by their
//! names, and inline schemas by their uses.
//!
//! A use of an inline schema belongs to an operation or a webhook, e.g. `GET /pets response:200`, or to a type, e.g. the
//! property `.owner` of `Pet`. A type that is used in several places keeps its name if one of them remains.

use std::collections::{HashMap, VecDeque};

use crate::ir::{
    Additional, Api, BodyContent, HeaderDoc, Location, Operation, PartContent, ResponseContent, Segment, StatusPattern,
    StreamItems, SuccessContent, Type, TypeDef, TypeId, TypeKind, Union, Variant, VariantLabel, Webhook,
};

use super::identifier::valid;
use super::lock_file::{Key, Kind, Section, escaped};
use super::namer::Namer;

/// A place of a type.
enum Place {
    /// A component, or a use in an operation or a webhook.
    Root(Key),
    /// A use in another type.
    Within(TypeId, String),
}

/// The places of all types.
pub(super) struct Places {
    /// The places of each type, indexed by `TypeId`.
    of_types: Vec<Vec<Place>>,
}

impl Places {
    /// Finds the places of all types of an API.
    pub fn of(api: &Api) -> Self {
        let mut uses = Uses { api, places: api.types.iter().map(|it| own_place(it).into_iter().collect()).collect() };
        for operation in api.groups.iter().flat_map(|group| &group.operations) {
            uses.operation(operation);
        }
        for webhook in &api.webhooks.list {
            uses.webhook(webhook);
        }
        for (index, definition) in api.types.iter().enumerate().filter(|(_, definition)| !definition.is_left_out) {
            uses.within(TypeId(index), definition);
        }
        let Uses { mut places, .. } = uses;
        for (places, definition) in places.iter_mut().zip(&api.types) {
            if definition.is_left_out {
                // Types that are not generated need no names.
                places.clear();
            } else if places.is_empty() {
                places.push(Place::Root(Key::new(Kind::Type).plain(&origin(definition))));
            }
        }
        Self { of_types: places }
    }

    /// Returns the keys with which the lock file contains the types. `None` for types that it does not contain.
    pub fn locked(&self, api: &Api, previous: &Section) -> Vec<Option<Key>> {
        let mut locked: Vec<Option<Key>> = vec![None; self.of_types.len()];
        let mut inside: HashMap<TypeId, Vec<(&str, usize)>> = HashMap::new();
        let mut waiting: VecDeque<usize> = VecDeque::new();
        for (index, places) in self.of_types.iter().enumerate() {
            for place in places {
                match place {
                    Place::Root(key) if locked.get(index) == Some(&None) && previous.get(key).is_some() => {
                        if let Some(known) = locked.get_mut(index) {
                            *known = Some(key.clone());
                        }
                    }
                    Place::Root(_) => {}
                    Place::Within(owner, path) => inside.entry(*owner).or_default().push((path, index)),
                }
            }
            let has_name = api.types.get(index).is_some_and(|definition| definition.rust_name.is_some());
            if has_name || locked.get(index).is_some_and(Option::is_some) {
                waiting.push_back(index);
            }
        }
        // The keys of inline types begin with the name of the type around them, so search from the outside inwards.
        while let Some(owner) = waiting.pop_front() {
            let explicit = api.types.get(owner).and_then(|definition| definition.rust_name.as_deref()).map(valid);
            let known = || Some(previous.get(locked.get(owner)?.as_ref()?)?.name.clone());
            let Some(name) = explicit.or_else(known) else { continue };
            for (path, index) in inside.remove(&TypeId(owner)).unwrap_or_default() {
                let key = within(&name, path);
                if let Some(known @ None) = locked.get_mut(index)
                    && previous.get(&key).is_some()
                {
                    *known = Some(key);
                    waiting.push_back(index);
                }
            }
        }
        locked
    }

    /// Returns the keys with which the types keep their names. Several inline types have one name in the lock file if
    /// their schemas were equal before. The type with the most places keeps the name; the others have no key.
    pub fn kept(&self, api: &Api, previous: &Section) -> Vec<Option<Key>> {
        let mut locked = self.locked(api, previous);
        let named = |key: &Option<Key>| Some(previous.get(key.as_ref()?)?.name.as_str());
        let names: Vec<Option<&str>> = locked.iter().map(named).collect();
        let is_kept = |definition: &TypeDef| own_place(definition).is_some() || definition.rust_name.is_some();
        let mut most: HashMap<&str, (usize, usize)> = HashMap::new();
        for (index, (places, definition)) in self.of_types.iter().zip(&api.types).enumerate() {
            let Some(name) = names.get(index).copied().flatten() else { continue };
            let has_name = |place: &&Place| {
                let key = match place {
                    Place::Root(key) => key.clone(),
                    Place::Within(owner, path) => match api.types.get(owner.0).and_then(|it| it.rust_name.as_deref()) {
                        Some(explicit) => within(&valid(explicit), path),
                        None => within(names.get(owner.0).copied().flatten().unwrap_or_default(), path),
                    },
                };
                previous.get(&key).is_some_and(|known| known.name == name)
            };
            let count = if is_kept(definition) { usize::MAX } else { places.iter().filter(has_name).count() };
            let known = most.entry(name).or_insert((count, index));
            if count > known.0 {
                *known = (count, index);
            }
        }
        for (index, (key, definition)) in locked.iter_mut().zip(&api.types).enumerate() {
            let keeper = names.get(index).copied().flatten().and_then(|name| most.get(name));
            if !is_kept(definition) && keeper.is_some_and(|(_, keeper)| *keeper != index) {
                *key = None;
            }
        }
        locked
    }

    /// Records the name of each type for each of its places.
    pub fn record(&self, api: &Api, name: impl Fn(TypeId) -> String, namer: &mut Namer<'_>) {
        for (index, places) in self.of_types.iter().enumerate() {
            // The document specifies the names in `x-rust-name`.
            if api.types.get(index).is_none_or(|definition| definition.rust_name.is_some()) {
                continue;
            }
            for place in places {
                let key = match place {
                    Place::Root(key) => key.clone(),
                    Place::Within(owner, path) => within(&name(*owner), path),
                };
                // Several uses can have the same place, e.g. the parameters for an object in the query: the first one
                // counts.
                namer.record(key, &name(TypeId(index)));
            }
        }
    }
}

/// Returns the name of each type in the lock file, by its index. `None` for types that the lock file does not contain,
/// and for types with names that the document specifies.
pub(crate) fn locked_types<'a>(api: &Api, previous: &'a Section) -> Vec<Option<&'a str>> {
    if previous.is_empty() {
        return Vec::new();
    }
    let keys = Places::of(api).locked(api, previous).into_iter().zip(&api.types);
    let name = |(key, definition): (Option<Key>, &TypeDef)| {
        let key = key.filter(|_| definition.rust_name.is_none())?;
        Some(previous.get(&key)?.name.as_str())
    };
    keys.map(name).collect()
}

fn within(owner: &str, path: &str) -> Key {
    Key::new(Kind::Type).plain(owner).plain(path)
}

/// Returns the place of a type for a component. `None` for other types.
fn own_place(definition: &TypeDef) -> Option<Place> {
    let (label, name) = match definition.origin.0.as_slice() {
        [Segment::Component(name)] => ("component", name),
        [Segment::Component(name), Segment::Base] => ("base", name),
        _ => return None,
    };
    Some(Place::Root(Key::new(Kind::Type).labelled(label, name)))
}

/// Returns text for the origin of a type that nothing uses.
fn origin(definition: &TypeDef) -> String {
    let segment = |segment: &Segment| match segment {
        Segment::Component(name) => format!("component:{}", escaped(name)),
        Segment::Operation(id) => format!("operation:{}", escaped(id)),
        Segment::Webhook(name) => format!("webhook:{}", escaped(name)),
        Segment::Property(name) => format!(".{}", escaped(name)),
        Segment::Media(name) => format!("media:{}", escaped(name)),
        Segment::Parameter(name) => format!("parameter:{}", escaped(name)),
        Segment::Items => "[]".to_owned(),
        Segment::Values => "{}".to_owned(),
        Segment::Item(position) => format!("[{position}]"),
        Segment::Names => "{names}".to_owned(),
        Segment::Content => "json".to_owned(),
        Segment::Base => "base".to_owned(),
        Segment::Patch => "patch".to_owned(),
        Segment::Variant(VariantLabel::Title(name) | VariantLabel::Kind(name)) => format!("|{}", escaped(name)),
        Segment::Variant(VariantLabel::Position(position)) => format!("|{position}"),
        Segment::RequestBody => "body".to_owned(),
        Segment::Response(status) => format!("response:{}", escaped(status)),
    };
    definition.origin.0.iter().map(segment).collect::<Vec<_>>().join(" ")
}

/// Collects the uses of types.
struct Uses<'a> {
    api: &'a Api,
    places: Vec<Vec<Place>>,
}

impl Uses<'_> {
    /// Adds the uses of a type and of its items.
    fn add(&mut self, ty: &Type, path: &str, place: &impl Fn(String) -> Place) {
        match ty {
            Type::Array(inner) => self.add(inner, &format!("{path}[]"), place),
            Type::Map(inner) => self.add(inner, &format!("{path}{{}}"), place),
            Type::Nullable(inner) => self.add(inner, path, place),
            Type::Named(id) => {
                // Components are identified by their names.
                let is_component = |types: &Self| types.api.types.get(id.0).is_some_and(|ty| own_place(ty).is_some());
                if !is_component(self)
                    && let Some(places) = self.places.get_mut(id.0)
                {
                    places.push(place(path.to_owned()));
                }
            }
            _ => {}
        }
    }

    fn within(&mut self, owner: TypeId, definition: &TypeDef) {
        let place = |path: String| Place::Within(owner, path);
        match &definition.kind {
            TypeKind::Alias(ty) | TypeKind::Wrapper(ty) => self.add(ty, "", &place),
            TypeKind::JsonText(ty) => self.add(ty, "json", &place),
            TypeKind::Object(object) => {
                for property in &object.properties {
                    self.add(&property.ty, &format!(".{}", escaped(&property.name)), &place);
                }
                if let Additional::Kept(ty) = &object.additional {
                    self.add(ty, "{}", &place);
                }
            }
            TypeKind::Tuple(tuple) => {
                for (position, item) in tuple.items.iter().enumerate() {
                    self.add(item, &format!("[{position}]"), &place);
                }
                tuple.rest.iter().for_each(|rest| self.add(rest, "[]", &place));
            }
            TypeKind::KeyedMap(map) => {
                self.add(&map.key, "{names}", &place);
                self.add(&map.value, "{}", &place);
            }
            TypeKind::Union(union) => {
                for (variant, step) in union.variants.iter().zip(variant_steps(union, &self.api.types)) {
                    self.add(&variant.ty, &step, &place);
                }
            }
            TypeKind::StringEnum(_) | TypeKind::IntegerEnum(_) => {}
        }
    }

    fn operation(&mut self, operation: &Operation) {
        let key = Key::new(Kind::Type).operation(&operation.method, &operation.path);
        for parameter in &operation.parameters {
            let name = escaped(&parameter.name);
            self.root(&parameter.ty, &key, &format!("{}:{name}", location(parameter.location)));
        }
        for body in operation.body.iter().flat_map(|body| &body.representations) {
            let label = labelled("body", &body.media_type);
            match &body.content {
                BodyContent::Multipart(form) => {
                    for part in &form.parts {
                        let part_label = format!("part:{}", escaped(&part.name));
                        if let PartContent::Value(ty) | PartContent::Values(ty) | PartContent::Json(ty) = &part.content
                        {
                            self.root(ty, &key, &part_label);
                        }
                        self.headers(&part.headers, &key.clone().plain(&part_label));
                    }
                }
                content => content.value().iter().for_each(|ty| self.root(ty, &key, &label)),
            }
        }
        match &operation.success.content {
            SuccessContent::One { content, .. } => {
                for response in &operation.success.responses {
                    self.response(content, response.status, &response.media_types, &key);
                }
            }
            SuccessContent::Several(variants) => {
                for variant in variants {
                    self.response(&variant.content, variant.status, &variant.media_types, &key);
                }
            }
        }
        if let Some(stream) = &operation.success.stream {
            self.items(&stream.items, &key, "stream");
        }
        for error in &operation.errors {
            for representation in &error.representations {
                let media_types = std::slice::from_ref(&representation.media_type);
                self.response(&representation.content, error.status, media_types, &key);
            }
            self.headers(&error.headers, &key);
        }
        self.headers(&operation.success.headers, &key);
    }

    fn webhook(&mut self, webhook: &Webhook) {
        let key = Key::new(Kind::Type).plain("webhook").operation(&webhook.method, &webhook.path);
        self.content(&webhook.payload.content, &key, "body");
        self.headers(&webhook.headers, &key);
    }

    /// Adds the uses of a type in a response with these media types.
    fn response(&mut self, content: &ResponseContent, status: StatusPattern, media_types: &[String], key: &Key) {
        let status = match status {
            StatusPattern::Exact(status) => format!("response:{status}"),
            StatusPattern::Range(first) => format!("response:{first}XX"),
            StatusPattern::Default => "response:default".to_owned(),
        };
        for media_type in media_types {
            self.content(content, key, &labelled(&status, media_type));
        }
        // The document repeats the schema in JSON and in plain text, but the content has only one of the media types.
        if let ResponseContent::TextOrJson(ty) = content {
            self.root(ty, key, &status);
        }
    }

    fn content(&mut self, content: &ResponseContent, key: &Key, label: &str) {
        match content {
            ResponseContent::Stream(items) => self.items(items, key, label),
            content => content.value().iter().for_each(|ty| self.root(ty, key, label)),
        }
    }

    fn items(&mut self, items: &StreamItems, key: &Key, label: &str) {
        if let StreamItems::Events(events) = items {
            for event in events {
                event
                    .data
                    .iter()
                    .for_each(|ty| self.root(ty, key, &format!("{label} event:{}", escaped(&event.event))));
            }
            return;
        }
        for (property, ty) in items.types() {
            let label = property.map_or_else(|| format!("{label}[]"), |name| format!("{label}[].{name}"));
            self.root(ty, key, &label);
        }
    }

    fn headers(&mut self, headers: &[HeaderDoc], key: &Key) {
        for header in headers {
            self.root(&header.ty, key, &format!("header:{}", escaped(&header.name.to_ascii_lowercase())));
        }
    }

    fn root(&mut self, ty: &Type, key: &Key, label: &str) {
        self.add(ty, "", &|path| Place::Root(key.clone().plain(&format!("{label}{path}"))));
    }
}

/// Returns the label of the parameters in a part of the request.
pub(super) fn location(location: Location) -> &'static str {
    match location {
        Location::Path => "path",
        Location::Query | Location::QueryString => "query",
        Location::Header => "header",
        Location::Cookie => "cookie",
    }
}

/// Returns the label of the content with a media type. The place of other content does not change it. To keep most
/// lines short, it does not contain the most common media type, `application/json`.
fn labelled(label: &str, media_type: &str) -> String {
    match media_type {
        "application/json" => label.to_owned(),
        media_type => format!("{label} {}", escaped(media_type)),
    }
}

/// Returns the path to each variant of a union: its label, a property with a fixed value, the first required property,
/// or its kind. Several inline variants with the same path are numbered. All others need no number, so that a new one does
/// not change the numbers.
fn variant_steps(union: &Union, types: &[TypeDef]) -> Vec<String> {
    let mut counts: HashMap<String, usize> = HashMap::new();
    let step = |variant: &Variant| {
        if let Some(label) = &variant.label {
            return format!("|{}", escaped(label));
        }
        let properties = || variant.ty.object(types).into_iter().flat_map(|object| &object.properties);
        let fixed = properties().find_map(|property| Some((&property.name, property.only_value(types)?)));
        if let Some((name, value)) = fixed {
            return format!("|{}={}", escaped(name), escaped(&value));
        }
        if let Some(property) = properties().find(|property| property.required) {
            return format!("|.{}", escaped(&property.name));
        }
        let kind = match variant.ty.definition(types).map(|definition| &definition.kind) {
            Some(TypeKind::Object(_) | TypeKind::KeyedMap(_)) => "object",
            Some(TypeKind::StringEnum(_) | TypeKind::IntegerEnum(_)) => "enum",
            Some(TypeKind::Union(_)) => "union",
            Some(TypeKind::Tuple(_)) => "tuple",
            _ => "value",
        };
        format!("|{kind}")
    };
    let numbered = |(variant, step): (&Variant, String)| {
        if !contains_inline_type(&variant.ty, types) {
            return step;
        }
        let count = counts.entry(step.clone()).or_default();
        *count += 1;
        if *count == 1 { step } else { format!("{step}#{count}") }
    };
    union.variants.iter().map(|variant| (variant, step(variant))).map(numbered).collect()
}

/// Returns whether a type is an inline type, or an array or map of an inline type.
fn contains_inline_type(ty: &Type, types: &[TypeDef]) -> bool {
    match ty {
        Type::Array(inner) | Type::Map(inner) | Type::Nullable(inner) => contains_inline_type(inner, types),
        Type::Named(id) => types.get(id.0).is_some_and(|definition| own_place(definition).is_none()),
        _ => false,
    }
}
