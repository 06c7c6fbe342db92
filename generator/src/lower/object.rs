//! Objects: their members, and what becomes of the others.

use std::collections::{HashMap, HashSet};

use crate::diagnostics::{Code, Diagnostic, quoted};
use crate::ir::{Additional, Constraint, Doc, Object, Origin, Presence, Property, Segment, Type, TypeKind};
use crate::source::{Entry, Node};

use super::Lowering;
use super::doc;
use super::extension;
use super::parts::Part;
use super::schema::Built;

/// A member, wherever it is said what it is.
struct Named<'a> {
    entry: &'a Entry,
    schemas: Vec<Part<'a>>,
}

impl<'a> Lowering<'a> {
    /// A value that has the members of every part.
    pub(super) fn object(&mut self, parts: &[Part<'a>], origin: &Origin) -> Built {
        let named = named(parts);
        if named.is_empty() && !parts.iter().any(|part| part.get("additionalProperties").is_some_and(is_false)) {
            return Built::Type(match self.additional(parts, origin) {
                Additional::Dropped | Additional::Kept(Type::Any) => Type::AnyObject,
                Additional::Kept(ty) => Type::Map(Box::new(ty)),
            });
        }
        let required: HashSet<&str> =
            parts.iter().flat_map(|part| part.elements("required")).filter_map(Node::as_str).collect();
        let mut members = Vec::with_capacity(named.len());
        let mut described = HashSet::with_capacity(named.len());
        for Named { entry, schemas } in named {
            let name = entry.key.as_str();
            described.insert(name);
            members.push(self.member(entry, schemas, required.contains(name), origin));
        }
        let additional = self.additional(parts, origin);
        let more: Vec<&'a Node> = parts.iter().filter_map(|part| part.get("additionalProperties")).collect();
        let (is_open, becomes) = match additional {
            Additional::Kept(_) => (false, "keeps it in its additional properties"),
            Additional::Dropped if more.iter().copied().any(is_false) => (false, "has no such field"),
            Additional::Dropped => (true, "accepts any value for it, or none"),
        };
        let mut asked = HashSet::new();
        for part in parts {
            for element in part.elements("required") {
                if let Some(name) = element.as_str().filter(|name| !described.contains(name)) {
                    self.required_without_property(element, name, becomes);
                    members.extend((is_open && asked.insert(name)).then(|| undescribed(element, name)));
                }
            }
        }
        let additional_doc = match &additional {
            Additional::Kept(ty) if !matches!(ty.non_null(), Type::Named(_)) => doc::of_all(&more).of_type(ty),
            _ => Doc::default(),
        };
        Built::Kind(TypeKind::Object(Object { properties: members, additional, additional_doc }))
    }

    fn member(&mut self, entry: &'a Entry, schemas: Vec<Part<'a>>, required: bool, origin: &Origin) -> Property {
        let nodes: Vec<&'a Node> = schemas.iter().map(|schema| schema.node).collect();
        // What is said in one place is called by that place, wherever it is used.
        let own = match schemas.as_slice() {
            [only] => only.origin.clone(),
            _ => origin.then(Segment::Property(entry.key.clone())),
        };
        let allowed = self.allowed_scalars(&schemas);
        let lowered = self.every(schemas, own);
        // Said of the member, or of all that are of that type.
        let said: Vec<&'a Node> = nodes.iter().flat_map(|node| [*node, self.resolved_schema(node)]).collect();
        let is_said = |key: &str| said.iter().any(|node| doc::is_said(node, key));
        Property {
            name: entry.key.clone(),
            rust_name: nodes.iter().rev().find_map(|node| extension::string(node, "x-rust-name")),
            presence: Presence::new(required, lowered.nullable),
            required,
            read_only: is_said("readOnly"),
            write_only: is_said("writeOnly"),
            tag: None,
            allowed,
            doc: doc::of_all(&nodes).of_type(&lowered.ty),
            ty: lowered.ty,
            span: entry.key_span,
        }
    }

    /// How properties without a definition are decoded.
    fn additional(&mut self, parts: &[Part<'a>], origin: &Origin) -> Additional {
        let said = || parts.iter().filter_map(|part| Some((part, part.get("additionalProperties")?)));
        let schemas: Vec<Part<'a>> = said()
            .filter(|(_, more)| more.as_mapping().is_some())
            .map(|(part, more)| Part::new(more, part.origin.then(Segment::Values)))
            .collect();
        let own = match schemas.as_slice() {
            [] if said().any(|(_, more)| more.as_bool() == Some(true)) => return Additional::Kept(Type::Any),
            [] => return Additional::Dropped,
            [only] => only.origin.clone(),
            _ => origin.then(Segment::Values),
        };
        Additional::Kept(self.every(schemas, own).present())
    }

    fn required_without_property(&mut self, place: &'a Node, name: &str, becomes: &str) {
        // Said once, however many schemas have this one for a part.
        if !self.reported.insert(place) {
            return;
        }
        let message = format!("{} is required, but is not defined as a property", quoted(name));
        self.diagnostics.push(
            Diagnostic::warning(Code::Undefined, place.span, message)
                .help(format!("add the property, or remove the name from the list; the generated type {becomes}")),
        );
    }
}

/// A member that a schema asks for and says nothing of. Answers may lack it: such a name is often a mistake.
fn undescribed(place: &Node, name: &str) -> Property {
    let words = "required, and not described".to_owned();
    Property {
        name: name.to_owned(),
        rust_name: None,
        presence: Presence::Optional,
        required: false,
        read_only: false,
        write_only: false,
        tag: None,
        allowed: Vec::new(),
        doc: Doc { constraints: vec![Constraint::Other(words)], ..Doc::default() },
        ty: Type::Any,
        span: place.span,
    }
}

/// The members that parts name, in their order, each once.
fn named<'a>(parts: &[Part<'a>]) -> Vec<Named<'a>> {
    let mut all: Vec<Named<'a>> = Vec::new();
    let mut known: HashMap<&str, usize> = HashMap::new();
    for part in parts {
        for entry in part.get("properties").map(Node::entries).unwrap_or_default() {
            let schema = Part::new(&entry.value, part.origin.then(Segment::Property(entry.key.clone())));
            match known.get(entry.key.as_str()).and_then(|position| all.get_mut(*position)) {
                Some(named) => {
                    named.entry = entry;
                    named.schemas.push(schema);
                }
                None => {
                    known.insert(&entry.key, all.len());
                    all.push(Named { entry, schemas: vec![schema] });
                }
            }
        }
    }
    all
}

fn is_false(node: &Node) -> bool {
    node.as_bool() == Some(false)
}

impl Presence {
    pub(super) fn new(required: bool, nullable: bool) -> Self {
        match (required, nullable) {
            (true, false) => Self::Required,
            (false, false) => Self::Optional,
            (true, true) => Self::Nullable,
            (false, true) => Self::OptionalNullable,
        }
    }
}
