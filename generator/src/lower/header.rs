//! The headers that answers come with, and the types of their values.

use indexmap::IndexMap;
use openapiv3::{Header, ParameterSchemaOrContent, ReferenceOr};

use crate::diagnostics::{Code, Diagnostic, quoted};
use crate::ir::{Constraint, HeaderDoc, Origin, Segment, Type, TypeKind};
use crate::source::{Entry, Node};

use super::Lowering;
use super::doc;
use super::located::Located;
use super::reference::Section;

pub(super) const HEADERS: Section<Header> = Section { name: "headers", members: |components| &components.headers };

impl<'a> Lowering<'a> {
    /// The headers of an answer, typed; `Content-Type` is none of them (OpenAPI 3.0.3, "Response Object").
    pub(super) fn headers(
        &mut self,
        node: &'a Node,
        values: &'a IndexMap<String, ReferenceOr<Header>>,
        origin: &Origin,
    ) -> Vec<HeaderDoc> {
        let mut headers = Vec::new();
        for entry in node.get("headers").map(Node::entries).unwrap_or_default() {
            if let Some(header) = values.get(&entry.key)
                && !entry.key.eq_ignore_ascii_case("content-type")
                && let Some(header) = self.resolve(&entry.value, header, &HEADERS)
            {
                let ty = self.header_type(header, origin.then(Segment::Property(entry.key.clone())));
                self.left_a_text(entry, header.node, &ty);
                headers.push(self.header_doc(&entry.key, header.node, ty));
            }
        }
        headers
    }

    /// Names a header that is made of more than its type says.
    fn left_a_text(&mut self, entry: &Entry, header: &'a Node, ty: &Type) {
        let content = header.get("content").map(Node::entries).unwrap_or_default();
        let schema = header.get("schema").or_else(|| content.first()?.value.get("schema"));
        if *ty == Type::String && schema.is_some_and(|schema| self.is_structured(schema)) {
            let message = format!("the schema of the header {} is not generated", quoted(&entry.key));
            self.diagnostics.push(
                Diagnostic::note(Code::Unsupported, entry.key_span, message)
                    .help("the value is a string that callers parse"),
            );
        }
    }

    /// The type of a header: that of its schema where a text of one line can be it, else a text.
    fn header_type(&mut self, header: Located<'a, Header>, origin: Origin) -> Type {
        let ParameterSchemaOrContent::Schema(_) = &header.value.format else { return Type::String };
        let Some(node) = header.node.get("schema") else { return Type::String };
        // What is made of several values, for this header alone, stays a text.
        let is_plain = |node: &Node| {
            let shapes = ["properties", "additionalProperties", "allOf", "oneOf", "anyOf", "not"];
            shapes.iter().all(|key| node.get(key).is_none())
        };
        if !is_plain(node) || node.get("items").is_some_and(|items| !is_plain(items)) {
            return Type::String;
        }
        let ty = self.schema(node, origin).ty;
        let is_scalar = |ty: &Type| match ty.unaliased(&self.types) {
            Type::Named(_) => matches!(
                ty.definition(&self.types).map(|definition| &definition.kind),
                Some(TypeKind::StringEnum(_) | TypeKind::IntegerEnum(_))
            ),
            Type::Any | Type::AnyObject | Type::Array(_) | Type::Map(_) | Type::Nullable(_) => false,
            _ => true,
        };
        match ty.unaliased(&self.types) {
            Type::Array(item) if is_scalar(item) => ty,
            _ if is_scalar(&ty) => ty,
            _ => Type::String,
        }
    }

    /// What there is to say of a header of this name and type.
    pub(super) fn header_doc(&self, name: &str, header: &'a Node, ty: Type) -> HeaderDoc {
        let content = header.get("content").map(Node::entries).unwrap_or_default();
        let schema = header.get("schema").or_else(|| content.first()?.value.get("schema"));
        let mut doc = schema.map(doc::doc).unwrap_or_default().of_type(&ty);
        doc.description = doc::description(header).or(doc.description);
        doc.deprecated |= doc::is_said(header, "deprecated");
        let examples = self.examples(header);
        if !examples.is_empty() {
            doc.examples = examples;
        }
        // An enum that makes no type here is asked for nevertheless.
        if ty == Type::String
            && let Some(values) = schema.and_then(|schema| schema.get("enum"))
        {
            doc.constraints.push(Constraint::OneOf(values.elements().iter().map(Node::to_json_text).collect()));
        }
        let required = header.get("required").and_then(Node::as_bool).unwrap_or(false);
        HeaderDoc { name: name.to_owned(), ty, required, doc }
    }
}
