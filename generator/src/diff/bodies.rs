//! Compares request bodies.

use std::collections::HashMap;

use crate::ir::{BodyContent, Multipart, Operation, Part, PartContent, RequestBody};
use crate::name::OperationNames;

use super::differ::{At, Differ, REQUEST};
use super::{Change, Item, Rust, Wire};

impl<'a> Differ<'a> {
    pub fn compare_bodies(
        &mut self,
        at: &At,
        (old, old_names): (&'a Operation, &'a OperationNames),
        (new, new_names): (&'a Operation, &'a OperationNames),
    ) {
        let span = |body: &Option<RequestBody>| Some(body.as_ref()?.representations.first()?.span);
        let at = at.part(Item::RequestBody, "request body", span(&old.body).or(at.old), span(&new.body).or(at.new));
        let at = at.named([old_names.body.clone(), new_names.body.clone()]);
        match (&old.body, &new.body) {
            (None, None) => {}
            (None, Some(new)) => match new.required {
                true => self.report(&at, Change::Added, "is new and required", Rust::Major, Wire::Breaking),
                false => self.report_added(&at, Rust::Minor, Wire::Note),
            },
            (Some(_), None) => self.report_removed(&at, Rust::Major, Wire::Breaking),
            (Some(old), Some(new)) => self.compare_body(&at, old, new, (old_names, new_names)),
        }
    }

    fn compare_body(
        &mut self,
        at: &At,
        old: &'a RequestBody,
        new: &'a RequestBody,
        names: (&'a OperationNames, &'a OperationNames),
    ) {
        if old.required != new.required {
            let (detail, wire) = match new.required {
                true => ("is required now", Wire::Breaking),
                false => ("is optional now", Wire::Compatible),
            };
            self.report(at, Change::Required, detail, Rust::Major, wire);
        }
        if old.description != new.description {
            self.report_docs(at);
        }
        let mut added: HashMap<&str, _> = new.representations.iter().map(|it| (it.media_type.as_str(), it)).collect();
        for one in &old.representations {
            let text = format!("media type `{}`", one.media_type);
            let other = added.remove(one.media_type.as_str());
            let at = at.part(Item::RequestBody, &text, Some(one.span), other.map(|it| it.span).or(at.new));
            match other {
                Some(other) => {
                    self.compare_docs(&at, REQUEST, &one.doc, &other.doc);
                    self.compare_content(&at, &one.content, &other.content, names);
                }
                None => self.report_removed(&at, Rust::Major, Wire::Breaking),
            }
        }
        for one in new.representations.iter().filter(|it| added.contains_key(it.media_type.as_str())) {
            let text = format!("media type `{}`", one.media_type);
            let at = at.part(Item::RequestBody, &text, at.old, Some(one.span));
            self.report_added(&at, Rust::Major, Wire::Compatible);
        }
    }

    fn compare_content(
        &mut self,
        at: &At,
        old: &'a BodyContent,
        new: &'a BodyContent,
        names: (&'a OperationNames, &'a OperationNames),
    ) {
        match (old, new) {
            (BodyContent::Json(old), BodyContent::Json(new))
            | (BodyContent::Text(old), BodyContent::Text(new))
            | (BodyContent::JsonLines(old), BodyContent::JsonLines(new))
            | (BodyContent::MultipartOf(old), BodyContent::MultipartOf(new)) => {
                self.compare_types(at, REQUEST, old, new);
            }
            (BodyContent::Form(old, old_fields), BodyContent::Form(new, new_fields)) => {
                self.compare_types(at, REQUEST, old, new);
                if old_fields != new_fields {
                    self.report(at, Change::Style, "is serialized differently", Rust::None, Wire::Breaking);
                }
            }
            (BodyContent::Bytes, BodyContent::Bytes) => {}
            (BodyContent::Multipart(old), BodyContent::Multipart(new)) => self.compare_parts(at, old, new, names),
            _ => self.report(at, Change::Type, "has content of another kind", Rust::Major, Wire::Breaking),
        }
    }

    fn compare_parts(
        &mut self,
        at: &At,
        old: &'a Multipart,
        new: &'a Multipart,
        names: (&'a OperationNames, &'a OperationNames),
    ) {
        self.compare_docs(at, REQUEST, &old.doc, &new.doc);
        if old.open != new.open {
            let (detail, rust, wire) = match new.open {
                true => ("allows other parts now", Rust::Minor, Wire::Compatible),
                false => ("no longer allows other parts", Rust::Major, Wire::Breaking),
            };
            self.report(at, Change::Other, detail, rust, wire);
        }
        let rust_names = |names: &OperationNames, index: usize| {
            let form = names.form.as_ref().map_or(&names.parts, |form| &form.parts);
            form.get(index).cloned()
        };
        let mut added: HashMap<&str, (usize, &'a Part)> =
            new.parts.iter().enumerate().map(|(index, it)| (it.name.as_str(), (index, it))).collect();
        for (index, one) in old.parts.iter().enumerate() {
            let other = added.remove(one.name.as_str());
            let old_name = rust_names(names.0, index);
            let new_name = other.and_then(|(index, _)| rust_names(names.1, index));
            let span = other.map(|(_, it)| it.span).or(at.new);
            let at = at.part(Item::Property, &format!("part `{}`", one.name), Some(one.span), span);
            let at = at.named(old_name.iter().chain(&new_name).cloned());
            match other {
                Some((_, other)) => {
                    if let (Some(old), Some(new)) = (&old_name, &new_name)
                        && old != new
                        && !(one.is_argument() && other.is_argument())
                    {
                        self.report_renamed(&at, old, new);
                    }
                    self.compare_part(&at, one, other);
                }
                None => self.report_removed(&at, Rust::Major, Wire::Breaking),
            }
        }
        for (index, one) in new.parts.iter().enumerate().filter(|(_, it)| added.contains_key(it.name.as_str())) {
            let at = at.part(Item::Property, &format!("part `{}`", one.name), at.old, Some(one.span));
            let at = at.named(rust_names(names.1, index));
            let rust = if one.is_argument() { Rust::Major } else { Rust::Minor };
            match one.required {
                true => self.report(&at, Change::Added, "is new and required", rust, Wire::Breaking),
                false => self.report_added(&at, rust, Wire::Note),
            }
        }
    }

    fn compare_part(&mut self, at: &At, old: &'a Part, new: &'a Part) {
        self.compare_docs(at, REQUEST, &old.doc, &new.doc);
        match (&old.content, &new.content) {
            (PartContent::Value(old), PartContent::Value(new))
            | (PartContent::Values(old), PartContent::Values(new))
            | (PartContent::Json(old), PartContent::Json(new)) => self.compare_types(at, REQUEST, old, new),
            (old, new) if old == new => {}
            _ => self.report(at, Change::Type, "has content of another kind", Rust::Major, Wire::Breaking),
        }
        if old.required != new.required || old.is_argument() != new.is_argument() {
            let detail = if new.required { "is required now" } else { "is optional now" };
            let rust = if old.is_argument() == new.is_argument() { Rust::None } else { Rust::Major };
            let wire = if new.required && !old.required { Wire::Breaking } else { Wire::Compatible };
            self.report(at, Change::Required, detail, rust, wire);
        }
        if old.client_value != new.client_value {
            let detail = "has another value that clients send";
            self.report(at, Change::Default, detail, Rust::None, Wire::Breaking);
        }
        if old.delimiters != new.delimiters || old.content_type != new.content_type {
            self.report(at, Change::Style, "is serialized differently", Rust::None, Wire::Breaking);
        }
        if old.content_types != new.content_types {
            self.report(at, Change::Style, "allows other media types", Rust::Patch, Wire::Breaking);
        }
        if old.headers != new.headers {
            self.report(at, Change::Other, "has other headers", Rust::Patch, Wire::Breaking);
        }
    }
}
