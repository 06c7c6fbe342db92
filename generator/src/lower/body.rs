//! Lowers request bodies: one representation for each media type.

use crate::diagnostics::{Code, Diagnostic, quoted};
use crate::ir::{BodyContent, Constraint, Doc, Field, Origin, Representation, RequestBody, Segment, Style, Type};
use crate::spec::{self, MediaType, SchemaId};

use super::Lowering;
use super::media::{MediaKind, MediaTypes, without_charset};
use super::parameter::lowered_style;

impl<'a> Lowering<'a> {
    pub(super) fn request_body(&mut self, body: &'a spec::RequestBody, origin: &Origin) -> RequestBody {
        let mut all: Vec<(&'a MediaType, MediaKind)> = Vec::new();
        for media in &body.content {
            if !self.is_media_type(media) {
                continue;
            }
            let kind = self.media_kind(media);
            let name = without_charset(&media.media_type);
            let is_known = || all.iter().any(|(known, _)| without_charset(&known.media_type) == name);
            if kind != MediaKind::Json || !is_known() {
                all.push((media, kind));
            }
        }
        all.sort_by_key(|(media, kind)| (*kind != MediaKind::Json, !MediaKind::is_plain_json(&media.media_type)));
        let mut types = MediaTypes::new(origin.then(Segment::RequestBody));
        let mut representations = Vec::new();
        for (media, kind) in &all {
            let others = all.iter().map(|(other, _)| *other).filter(|other| other.media_type != media.media_type);
            let others: Vec<SchemaId> = others.filter_map(|other| other.schema).collect();
            match kind {
                MediaKind::Lines if media.item_schema.is_some() => {}
                MediaKind::Bytes | MediaKind::Events | MediaKind::Lines => {
                    self.check_ignored_schema(media, &others, "bytes");
                }
                MediaKind::Document => self.check_ignored_schema(media, &others, "a string"),
                MediaKind::Json | MediaKind::Text | MediaKind::Multipart | MediaKind::Form => {}
            }
            let content = self.body_content(*kind, media, &others, &mut types);
            if !matches!(content, BodyContent::JsonLines(_)) {
                self.check_ignored_items(media);
            }
            self.check_encodings(media, false);
            let mut doc = self.media_doc(media, content.value());
            if *kind == MediaKind::Lines && content == BodyContent::Bytes {
                // The values may not fit into memory: callers pass the encoded values as bytes, a file or a stream.
                doc.constraints.push(Constraint::JsonLines);
            }
            let media_type = media.media_type.clone();
            representations.push(Representation { media_type, doc, content, span: media.key_span });
        }
        if representations.is_empty() {
            self.diagnostics.push(
                Diagnostic::warning(Code::Missing, body.content_span, "the request body has no media type")
                    .help("add one; otherwise, callers pass bytes and the `Content-Type`"),
            );
            representations.push(Representation {
                media_type: "*/*".to_owned(),
                content: BodyContent::Bytes,
                doc: Doc::default(),
                span: body.content_span,
            });
        }
        RequestBody {
            name: body.name.clone().filter(|name| name != "body"),
            required: body.required,
            description: body.description.clone(),
            representations,
        }
    }

    /// Returns whether a key of `content` is a media type or a media range. Reports other keys.
    pub(super) fn is_media_type(&mut self, media: &MediaType) -> bool {
        let name = &media.media_type;
        let is_media_type = name.contains('/') || name.trim() == "*";
        if !is_media_type {
            let message = format!("{} is not a media type", quoted(name));
            self.diagnostics.push(
                Diagnostic::warning(Code::InvalidValue, media.key_span, message)
                    .help("a key of `content` is a media type such as `application/json`; this one is ignored"),
            );
        }
        is_media_type
    }

    fn body_content(
        &mut self,
        kind: MediaKind,
        media: &'a MediaType,
        others: &[SchemaId],
        types: &mut MediaTypes,
    ) -> BodyContent {
        match kind {
            MediaKind::Json => BodyContent::Json(self.media_type(media, types)),
            MediaKind::Text => match self.media_type(media, types) {
                Type::Any => BodyContent::Text(Type::String),
                ty => BodyContent::Text(ty),
            },
            MediaKind::Document => BodyContent::Text(Type::String),
            MediaKind::Form => match self.media_type(media, types) {
                Type::Any => BodyContent::Form(Type::AnyObject, self.form_fields(media)),
                // Callers pass the encoded form as a string.
                ty if *ty.unaliased(&self.types) == Type::String => BodyContent::Text(ty),
                ty => BodyContent::Form(ty, self.form_fields(media)),
            },
            MediaKind::Multipart => {
                let is_shared =
                    media.schema.is_some_and(|schema| others.iter().any(|other| self.spec.is_same(*other, schema)));
                // If another media type has the same schema, callers pass one value, whose properties become the parts.
                if is_shared && media.encoding.is_empty() && !self.has_files(media) {
                    BodyContent::MultipartOf(self.media_type(media, types))
                } else {
                    self.multipart(media, types)
                }
            }
            MediaKind::Lines if media.item_schema.is_some() => {
                BodyContent::JsonLines(Type::Array(Box::new(self.item_type(media, types))))
            }
            MediaKind::Events | MediaKind::Lines | MediaKind::Bytes => BodyContent::Bytes,
        }
    }

    /// Returns the encodings that the document specifies for properties of a URL-encoded form.
    pub(super) fn form_fields(&mut self, media: &MediaType) -> Vec<Field> {
        let mut fields = Vec::new();
        for encoding in &media.encoding {
            let content_type = encoding.content_type.as_deref();
            // OpenAPI 3.0.4, "Encoding Object": `contentType` is ignored if any of these three is specified.
            let is_styled = encoding.style.is_some() || encoding.explode.is_some() || encoding.allow_reserved.is_some();
            if !is_styled && content_type.is_none() {
                continue;
            }
            let style = match encoding.style.map(|style| lowered_style(style.value)) {
                Some(
                    style @ (Style::SpaceDelimited | Style::PipeDelimited | Style::TabDelimited | Style::DeepObject),
                ) => style,
                _ => Style::Form,
            };
            let explode = encoding.explode.unwrap_or(style == Style::Form);
            let as_json = !is_styled && content_type.is_some_and(MediaKind::is_plain_json);
            fields.push(Field {
                name: encoding.name.clone(),
                explode,
                item_styles: self.item_styles((!explode).then_some(style), &encoding.item_styles, encoding.span),
                style: (!as_json).then_some(style),
                allow_reserved: encoding.allow_reserved.unwrap_or(false),
            });
        }
        fields
    }
}
