//! Compares responses.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::ir::{
    ErrorResponse, HeaderDoc, Operation, ResponseContent, StatusPattern, StreamItems, Success, SuccessContent, Type,
};

use super::differ::{At, Differ, RESPONSE};
use super::{Change, Item, Rust, Wire};

impl<'a> Differ<'a> {
    pub fn compare_responses(&mut self, at: &At, old: &'a Operation, new: &'a Operation) {
        self.compare_successes(at, &old.success, &new.success);
        let all = (header_names(&old.headers()), header_names(&new.headers()));
        self.compare_errors(at, &old.errors, &new.errors, &all);
        self.compare_headers(at, &old.success.headers, &new.success.headers, &all);
    }

    fn compare_successes(&mut self, at: &At, old: &'a Success, new: &'a Success) {
        let is_same = self.is_same_success(old, new);
        let (old_all, new_all) = (contents(old), contents(new));
        let statuses = |success: &Success| success.responses.iter().map(|it| it.status).collect::<HashSet<_>>();
        let (old_statuses, new_statuses) = (statuses(old), statuses(new));
        let before = self.found.len();
        // Clients that expect a removed status decode the responses of new statuses in the same way.
        let is_new = |((status, _), content): (&(StatusPattern, &str), &&'a ResponseContent)| {
            (!old_statuses.contains(status)).then_some(*content)
        };
        let added: Vec<&ResponseContent> = new_all.iter().filter_map(is_new).collect();
        let is_understood =
            added.iter().all(|new| old_all.values().any(|old| self.values.understands(old, new, &self.pairs)));
        let moved = if is_understood { Wire::Compatible } else { Wire::Breaking };
        let rust = |otherwise: Rust| if is_same { otherwise } else { Rust::Major };
        for one in &old.responses {
            let at = at.part(Item::Response, &format!("response {}", status_text(one.status)), at.old, at.new);
            let Some(other) = new.responses.iter().find(|it| it.status == one.status) else {
                self.report_removed(&at, rust(Rust::Patch), moved);
                continue;
            };
            if one.description != other.description {
                self.report_docs(&at);
            }
            for (old, new) in one.bodies.iter().zip(&other.bodies) {
                self.compare_docs(&at, RESPONSE, old, new);
            }
        }
        for one in new.responses.iter().filter(|it| !old_statuses.contains(&it.status)) {
            let at = at.part(Item::Response, &format!("response {}", status_text(one.status)), at.old, at.new);
            self.report_added(&at, rust(Rust::Minor), Wire::Compatible);
        }
        for ((status, media_type), old) in &old_all {
            let text = format!("response {}", status_text(*status));
            let at = at.part(Item::Response, &text, at.old, at.new);
            match new_all.get(&(*status, *media_type)) {
                Some(new) => self.compare_response_content(&at, old, new),
                None if !new_statuses.contains(status) => {}
                None if media_type.is_empty() => {
                    self.report(&at, Change::Type, "has a body now", Rust::Major, Wire::Compatible);
                }
                None => {
                    let at = at.part(Item::Response, &format!("media type `{media_type}`"), at.old, at.new);
                    self.report_removed(&at, rust(Rust::Patch), Wire::Breaking);
                }
            }
        }
        for (status, media_type) in new_all.keys().filter(|key| !old_all.contains_key(key)) {
            if old_statuses.contains(status) && !media_type.is_empty() {
                let text = format!("response {}, media type `{media_type}`", status_text(*status));
                self.report_added(&at.part(Item::Response, &text, at.old, at.new), rust(Rust::Minor), Wire::Compatible);
            }
        }
        let has_reason = self.found.iter().skip(before).any(|it| it.rust == Rust::Major);
        if !is_same && !has_reason {
            let (detail, wire) = match (optional(old), optional(new)) {
                (Some(false), Some(true)) => ("may have no body now", Wire::Compatible),
                (Some(true), Some(false)) => ("always has a body now", Wire::Compatible),
                _ => ("has another type", Wire::Breaking),
            };
            let at = at.part(Item::Response, "response", at.old, at.new);
            self.report(&at, Change::Type, detail, Rust::Major, wire);
        }
        match (&old.stream, &new.stream) {
            (None, None) => {}
            (Some(old), Some(new)) => {
                let at = at.part(Item::Response, "stream", at.old, at.new);
                self.compare_streams(&at, &old.items, &new.items);
                if old.media_type != new.media_type {
                    self.report(&at, Change::Style, "has another media type", Rust::Patch, Wire::Breaking);
                }
            }
            (None, Some(_)) => {
                let at = at.part(Item::Response, "stream", at.old, at.new);
                self.report_added(&at, Rust::Minor, Wire::Compatible);
            }
            (Some(_), None) => {
                let at = at.part(Item::Response, "stream", at.old, at.new);
                self.report_removed(&at, Rust::Major, Wire::Breaking);
            }
        }
    }

    /// Returns whether successful responses have the same Rust type.
    fn is_same_success(&self, old: &Success, new: &Success) -> bool {
        match (&old.content, &new.content) {
            (
                SuccessContent::One { content: old, optional: was_optional, .. },
                SuccessContent::One { content: new, optional, .. },
            ) => was_optional == optional && self.is_same_content(old, new),
            (SuccessContent::Several(old), SuccessContent::Several(new)) => {
                old.len() == new.len()
                    && old.iter().zip(new).all(|(old, new)| {
                        (old.status, &old.media_types) == (new.status, &new.media_types)
                            && self.is_same_content(&old.content, &new.content)
                    })
            }
            _ => false,
        }
    }

    fn is_same_content(&self, old: &ResponseContent, new: &ResponseContent) -> bool {
        let same = |old: &Type, new: &Type| self.values.are_same(old, new, &self.pairs);
        match (old, new) {
            (ResponseContent::Empty, ResponseContent::Empty) | (ResponseContent::Bytes, ResponseContent::Bytes) => true,
            (ResponseContent::Json(old), ResponseContent::Json(new))
            | (ResponseContent::Text(old), ResponseContent::Text(new))
            | (ResponseContent::TextOrJson(old), ResponseContent::TextOrJson(new)) => same(old, new),
            (ResponseContent::Stream(old), ResponseContent::Stream(new)) => {
                let (old_types, new_types) = (old.types(), new.types());
                std::mem::discriminant(old) == std::mem::discriminant(new)
                    && old_types.len() == new_types.len()
                    && old_types.iter().zip(&new_types).all(|(old, new)| old.0 == new.0 && same(old.1, new.1))
            }
            _ => false,
        }
    }

    pub fn compare_response_content(&mut self, at: &At, old: &'a ResponseContent, new: &'a ResponseContent) {
        match (old, new) {
            (ResponseContent::Empty, ResponseContent::Empty) | (ResponseContent::Bytes, ResponseContent::Bytes) => {}
            (ResponseContent::Json(old), ResponseContent::Json(new))
            | (ResponseContent::Text(old), ResponseContent::Text(new))
            | (ResponseContent::TextOrJson(old), ResponseContent::TextOrJson(new)) => {
                self.compare_types(at, RESPONSE, old, new);
            }
            (ResponseContent::Stream(old), ResponseContent::Stream(new)) => self.compare_streams(at, old, new),
            _ => self.report(at, Change::Type, "has content of another kind", Rust::Major, Wire::Breaking),
        }
    }

    fn compare_streams(&mut self, at: &At, old: &'a StreamItems, new: &'a StreamItems) {
        let (old_types, new_types) = (old.types(), new.types());
        let events = |items: &'a StreamItems| match items {
            StreamItems::Events(variants) => variants.iter().map(|it| (it.event.as_str(), it.data.is_some())).collect(),
            _ => Vec::new(),
        };
        let is_same_kind = std::mem::discriminant(old) == std::mem::discriminant(new)
            && old_types.len() == new_types.len()
            && events(old) == events(new);
        if !is_same_kind {
            return self.report(at, Change::Type, "has other items", Rust::Major, Wire::Breaking);
        }
        for (old, new) in old_types.into_iter().zip(new_types) {
            self.compare_types(at, RESPONSE, old.1, new.1);
        }
    }

    fn compare_errors(
        &mut self,
        at: &At,
        old: &'a [ErrorResponse],
        new: &'a [ErrorResponse],
        headers: &(HashSet<String>, HashSet<String>),
    ) {
        let mut added: BTreeMap<StatusPattern, &ErrorResponse> = new.iter().map(|it| (it.status, it)).collect();
        for one in old {
            let span = |it: &ErrorResponse| it.representations.first().map(|it| it.span);
            let other = added.remove(&one.status);
            let text = format!("response {}", status_text(one.status));
            let at = at.part(Item::Response, &text, span(one).or(at.old), other.and_then(span).or(at.new));
            let Some(other) = other else {
                self.report_removed(&at, Rust::Patch, Wire::Compatible);
                continue;
            };
            if one.description != other.description {
                self.report_docs(&at);
            }
            self.compare_headers(&at, &one.headers, &other.headers, headers);
            let mut media_types: HashMap<&str, _> =
                other.representations.iter().map(|it| (it.media_type.as_str(), it)).collect();
            for one in &one.representations {
                match media_types.remove(one.media_type.as_str()) {
                    Some(other) => {
                        self.compare_docs(&at, RESPONSE, &one.doc, &other.doc);
                        self.compare_response_content(&at, &one.content, &other.content);
                    }
                    None => {
                        let text = format!("media type `{}`", one.media_type);
                        let at = at.part(Item::Response, &text, Some(one.span), at.new);
                        self.report_removed(&at, Rust::Major, Wire::Breaking);
                    }
                }
            }
            for one in other.representations.iter().filter(|it| media_types.contains_key(it.media_type.as_str())) {
                let text = format!("media type `{}`", one.media_type);
                let at = at.part(Item::Response, &text, at.old, Some(one.span));
                self.report_added(&at, Rust::Minor, Wire::Compatible);
            }
        }
        for one in new.iter().filter(|it| added.contains_key(&it.status)) {
            let text = format!("response {}", status_text(one.status));
            let span = one.representations.first().map(|it| it.span);
            let at = at.part(Item::Response, &text, at.old, span.or(at.new));
            self.report_added(&at, Rust::Minor, Wire::Note);
        }
    }

    /// Compares the headers of two responses. `all` contains the names of the headers of all responses, for which methods
    /// are generated.
    pub fn compare_headers(
        &mut self,
        at: &At,
        old: &'a [HeaderDoc],
        new: &'a [HeaderDoc],
        all: &(HashSet<String>, HashSet<String>),
    ) {
        let mut added: HashMap<String, &HeaderDoc> = new.iter().map(|it| (header_name(it), it)).collect();
        // Several responses without errors share a list of headers.
        let mut known = HashSet::new();
        for one in old.iter().filter(|it| known.insert(header_name(it))) {
            let at = at.part(Item::Header, &format!("header `{}`", one.name), at.old, at.new);
            match added.remove(&header_name(one)) {
                Some(other) => {
                    self.compare_docs(&at, RESPONSE, &one.doc, &other.doc);
                    self.compare_types(&at, RESPONSE, &one.ty, &other.ty);
                    if one.required != other.required {
                        let (detail, wire) = match other.required {
                            true => ("is required now", Wire::Compatible),
                            false => ("is optional now", Wire::Breaking),
                        };
                        self.report(&at, Change::Required, detail, Rust::Patch, wire);
                    }
                    if one.delimiters != other.delimiters {
                        self.report(&at, Change::Style, "is serialized differently", Rust::None, Wire::Breaking);
                    }
                }
                None => {
                    let rust = if all.1.contains(&header_name(one)) { Rust::Patch } else { Rust::Major };
                    self.report_removed(&at, rust, Wire::Breaking);
                }
            }
        }
        for one in new.iter().filter(|it| added.remove(&header_name(it)).is_some()) {
            let at = at.part(Item::Header, &format!("header `{}`", one.name), at.old, at.new);
            let rust = if all.0.contains(&header_name(one)) { Rust::Patch } else { Rust::Minor };
            self.report_added(&at, rust, Wire::Note);
        }
    }
}

/// Returns the names of headers, which are case-insensitive, in lower case.
pub(super) fn header_names(headers: &[&HeaderDoc]) -> HashSet<String> {
    headers.iter().map(|header| header_name(header)).collect()
}

fn header_name(header: &HeaderDoc) -> String {
    header.name.to_ascii_lowercase()
}

/// Returns whether the body of successful responses may be missing. `None` if they have different content.
fn optional(success: &Success) -> Option<bool> {
    match &success.content {
        SuccessContent::One { optional, .. } => Some(*optional),
        SuccessContent::Several(_) => None,
    }
}

/// Returns the content of each successful response by its status and media type. The media type is empty for responses
/// without a body.
fn contents(success: &Success) -> BTreeMap<(StatusPattern, &str), &ResponseContent> {
    let mut all = BTreeMap::new();
    match &success.content {
        SuccessContent::One { content, .. } => {
            for one in &success.responses {
                if one.media_types.is_empty() {
                    all.insert((one.status, ""), &ResponseContent::Empty);
                }
                all.extend(one.media_types.iter().map(|it| ((one.status, it.as_str()), content)));
            }
        }
        SuccessContent::Several(variants) => {
            for one in variants {
                if one.media_types.is_empty() {
                    all.insert((one.status, ""), &one.content);
                }
                all.extend(one.media_types.iter().map(|it| ((one.status, it.as_str()), &one.content)));
            }
        }
    }
    all
}

fn status_text(status: StatusPattern) -> String {
    match status {
        StatusPattern::Exact(status) => status.to_string(),
        StatusPattern::Range(digit) => format!("{digit}XX"),
        StatusPattern::Default => "`default`".to_owned(),
    }
}
