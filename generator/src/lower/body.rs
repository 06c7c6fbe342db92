//! Request bodies: one representation for each media type.

use openapiv3::{MediaType, ReferenceOr, RequestBody as RequestBodySchema};

use crate::diagnostics::{Code, Diagnostic, quoted};
use crate::ir::{BodyContent, Constraint, Doc, Field, Origin, Representation, RequestBody, Segment, Style, Type};
use crate::source::{Entry, Node};

use super::Lowering;
use super::located::Located;
use super::media::{MediaKind, MediaTypes, is_same, without_charset};
use super::reference::Section;

const REQUEST_BODIES: Section<RequestBodySchema> =
    Section { name: "requestBodies", members: |components| &components.request_bodies };

impl<'a> Lowering<'a> {
    pub(super) fn request_body(
        &mut self,
        node: &'a Node,
        value: &'a ReferenceOr<RequestBodySchema>,
        origin: &Origin,
    ) -> Option<RequestBody> {
        let at = self.resolve(node, value, &REQUEST_BODIES)?;
        let content = at.node.get("content")?;
        let mut entries: Vec<(&'a Entry, MediaKind)> = Vec::new();
        for entry in content.entries() {
            if !self.is_media_type(entry) {
                continue;
            }
            let kind = self.media_kind(&entry.key, &entry.value);
            let again = |known: &&'a Entry| without_charset(&known.key) == without_charset(&entry.key);
            if kind != MediaKind::Json || !entries.iter().map(|(known, _)| known).any(again) {
                entries.push((entry, kind));
            }
        }
        entries.sort_by_key(|(entry, kind)| (*kind != MediaKind::Json, !MediaKind::is_plain_json(&entry.key)));
        let mut types = MediaTypes::new(origin.then(Segment::RequestBody));
        let mut representations = Vec::new();
        for (entry, kind) in &entries {
            let Some(value) = at.value.content.get(&entry.key) else { continue };
            let media = Located::new(&entry.value, value);
            let others = entries.iter().map(|(other, _)| *other).filter(|other| other.key != entry.key);
            let others: Vec<&'a Node> = others.filter_map(|other| other.value.get("schema")).collect();
            match kind {
                MediaKind::Bytes | MediaKind::Events | MediaKind::Lines => {
                    self.left_to_callers(entry, &others, "bytes");
                }
                MediaKind::Document => self.left_to_callers(entry, &others, "a string"),
                MediaKind::Json | MediaKind::Text | MediaKind::Multipart | MediaKind::Form => {}
            }
            let content = self.body_content(*kind, media, &entry.key, &others, &mut types);
            let mut doc = self.media_doc(&entry.value, content.value());
            if *kind == MediaKind::Lines {
                // There may be more of them than memory holds: callers give them as bytes, as a file or as a stream.
                doc.constraints.push(Constraint::Other("JSON texts, each on a line of its own".to_owned()));
            }
            representations.push(Representation { media_type: entry.key.clone(), doc, content, span: entry.key_span });
        }
        if representations.is_empty() {
            self.diagnostics.push(
                Diagnostic::warning(Code::Missing, content.span, "the request body has no media type")
                    .help("add one; otherwise, callers pass bytes and the `Content-Type`"),
            );
            representations.push(Representation {
                media_type: "*/*".to_owned(),
                content: BodyContent::Bytes,
                doc: Doc::default(),
                span: content.span,
            });
        }
        Some(RequestBody { required: at.value.required, description: at.value.description.clone(), representations })
    }

    /// Whether a key of `content` is a media type, or a range of them.
    pub(super) fn is_media_type(&mut self, entry: &Entry) -> bool {
        let is_one = entry.key.contains('/') || entry.key.trim() == "*";
        if !is_one {
            self.diagnostics.push(
                Diagnostic::warning(
                    Code::InvalidValue,
                    entry.key_span,
                    format!("{} is not a media type", quoted(&entry.key)),
                )
                .help("a key of `content` is a media type such as `application/json`; this one is ignored"),
            );
        }
        is_one
    }

    fn body_content(
        &mut self,
        kind: MediaKind,
        media: Located<'a, MediaType>,
        key: &str,
        others: &[&'a Node],
        types: &mut MediaTypes<'a>,
    ) -> BodyContent {
        match kind {
            MediaKind::Json => BodyContent::Json(self.media_type(media, key, types)),
            MediaKind::Text => match self.media_type(media, key, types) {
                Type::Any => BodyContent::Text(Type::String),
                ty => BodyContent::Text(ty),
            },
            MediaKind::Document => BodyContent::Text(Type::String),
            MediaKind::Form => match self.media_type(media, key, types) {
                Type::Any => BodyContent::Form(Type::AnyObject, self.fields(media.node)),
                // A form that is a text: whoever writes it encodes it.
                ty if *ty.unaliased(&self.types) == Type::String => BodyContent::Text(ty),
                ty => BodyContent::Form(ty, self.fields(media.node)),
            },
            MediaKind::Multipart => {
                let schema = media.node.get("schema");
                let is_shared = schema.is_some_and(|schema| others.iter().any(|other| is_same(other, schema)));
                // What has other representations is a value: its parts are its members.
                if is_shared && media.node.get("encoding").is_none() && !self.holds_files(media.node) {
                    BodyContent::MultipartOf(self.media_type(media, key, types))
                } else {
                    self.multipart(media, key, types)
                }
            }
            MediaKind::Events | MediaKind::Lines | MediaKind::Bytes => BodyContent::Bytes,
        }
    }

    /// What the document says of the members of an urlencoded form.
    fn fields(&mut self, media: &'a Node) -> Vec<Field> {
        let mut fields = Vec::new();
        for entry in media.get("encoding").map(Node::entries).unwrap_or_default() {
            let flag = |key: &str| entry.value.get(key).and_then(Node::as_bool);
            let style = entry.value.get("style").and_then(Node::as_str);
            let content_type = entry.value.get("contentType").and_then(Node::as_str);
            // OpenAPI 3.0.4, "Encoding Object": where one of the three is there, the media type has no say.
            let is_styled = style.is_some() || flag("explode").is_some() || flag("allowReserved").is_some();
            if !is_styled && content_type.is_none() {
                continue;
            }
            let style = match style {
                Some("spaceDelimited") => Style::SpaceDelimited,
                Some("pipeDelimited") => Style::PipeDelimited,
                Some("deepObject") => Style::DeepObject,
                _ => Style::Form,
            };
            let as_json = !is_styled && content_type.is_some_and(MediaKind::is_plain_json);
            fields.push(Field {
                name: entry.key.clone(),
                explode: flag("explode").unwrap_or(style == Style::Form),
                style: (!as_json).then_some(style),
                allow_reserved: flag("allowReserved").unwrap_or(false),
            });
        }
        fields
    }
}
