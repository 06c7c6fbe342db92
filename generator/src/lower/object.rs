//! Objects: their members, and what becomes of the others.

use std::collections::{HashMap, HashSet};

use crate::diagnostics::{Code, Diagnostic, quoted};
use crate::ir::{Additional, Constraint, Doc, Facts, Object, Origin, Presence, Property, Segment, Type, TypeKind};
use crate::source::Span;
use crate::spec::{Additional as Specified, Schema, Spanned};

use super::Lowering;
use super::doc;
use super::parts::Part;
use super::schema::Built;

/// A member, wherever it is said what it is.
struct Named<'a> {
    name: &'a str,
    span: Span,
    schemas: Vec<Part<'a>>,
}

impl<'a> Lowering<'a> {
    /// A value that has the members of every part.
    pub(super) fn object(&mut self, parts: &[Part<'a>], origin: &Origin) -> Built {
        let named = self.named_properties(parts);
        if named.is_empty() && !parts.iter().any(|part| part.schema.additional == Some(Specified::Forbidden)) {
            return Built::Type(match self.additional(parts, origin) {
                Additional::Dropped | Additional::Kept(Type::Any) => Type::AnyObject,
                Additional::Kept(ty) => Type::Map(Box::new(ty)),
            });
        }
        let required: HashSet<&str> =
            parts.iter().flat_map(|part| &part.schema.required).map(|name| name.value.as_str()).collect();
        let mut members = Vec::with_capacity(named.len());
        let mut described = HashSet::with_capacity(named.len());
        for property in named {
            described.insert(property.name);
            let is_required = required.contains(property.name);
            members.push(self.member(property, is_required, origin));
        }
        let additional = self.additional(parts, origin);
        let more: Vec<Specified> = parts.iter().filter_map(|part| part.schema.additional).collect();
        let (is_open, becomes) = match additional {
            Additional::Kept(_) => (false, "keeps it in its additional properties"),
            Additional::Dropped if more.contains(&Specified::Forbidden) => (false, "has no such field"),
            Additional::Dropped => (true, "accepts any value for it, or none"),
        };
        let mut asked = HashSet::new();
        for part in parts {
            for name in part.schema.required.iter().filter(|name| !described.contains(name.value.as_str())) {
                self.required_without_property(name, becomes);
                members.extend((is_open && asked.insert(name.value.as_str())).then(|| undescribed(name)));
            }
        }
        let additional_doc = match &additional {
            Additional::Kept(ty) if !matches!(ty.non_null(), Type::Named(_)) => {
                let schemas: Vec<&Schema> = more.iter().filter_map(|it| it.schema()).map(|it| self.at(it)).collect();
                doc::of_all(self.spec, &schemas).of_type(ty)
            }
            _ => Doc::default(),
        };
        Built::Kind(TypeKind::Object(Object { properties: members, additional, additional_doc }))
    }

    fn member(&mut self, Named { name, span, schemas }: Named<'a>, required: bool, origin: &Origin) -> Property {
        let nodes: Vec<&'a Schema> = schemas.iter().map(|part| part.schema).collect();
        // What is said in one place is called by that place, wherever it is used.
        let own = match schemas.as_slice() {
            [only] => only.origin.clone(),
            _ => origin.then(Segment::Property(name.to_owned())),
        };
        let allowed = self.allowed_scalars(&schemas);
        let lowered = self.every(schemas, own);
        // Said of the member, or of all that are of that type.
        let said: Vec<&'a Schema> = nodes.iter().flat_map(|node| [*node, self.resolved_schema(node)]).collect();
        let is_said = |get: fn(&Schema) -> Option<bool>| {
            said.iter().any(|schema| doc::annotation(self.spec, schema, get) == Some(true))
        };
        let facts = nodes.iter().rev().fold(Facts::default(), |known, schema| {
            let facts = self.facts(schema);
            Facts { default: known.default.or(facts.default), minimum: known.minimum.or(facts.minimum) }
        });
        Property {
            name: name.to_owned(),
            rust_name: nodes.iter().rev().find_map(|node| node.rust_name.as_deref()).map(str::to_owned),
            presence: Presence::new(required, lowered.nullable),
            required,
            read_only: is_said(|schema| schema.read_only),
            write_only: is_said(|schema| schema.write_only),
            tag: None,
            allowed,
            facts,
            doc: doc::of_all(self.spec, &nodes).of_type(&lowered.ty),
            ty: lowered.ty,
            span,
        }
    }

    /// How properties without a definition are decoded.
    fn additional(&mut self, parts: &[Part<'a>], origin: &Origin) -> Additional {
        let said = || parts.iter().filter_map(|part| Some((part, part.schema.additional?)));
        let schemas: Vec<Part<'a>> = said()
            .filter_map(|(part, more)| Some(Part::new(self.at(more.schema()?), part.origin.then(Segment::Values))))
            .collect();
        let own = match schemas.as_slice() {
            [] if said().any(|(_, more)| more == Specified::Allowed) => return Additional::Kept(Type::Any),
            [] => return Additional::Dropped,
            [only] => only.origin.clone(),
            _ => origin.then(Segment::Values),
        };
        Additional::Kept(self.every(schemas, own).present())
    }

    fn required_without_property(&mut self, name: &Spanned<String>, becomes: &str) {
        // Said once, however many schemas have this one for a part.
        if !self.reported.insert(name.span) {
            return;
        }
        let message = format!("{} is required, but is not defined as a property", quoted(&name.value));
        self.diagnostics.push(
            Diagnostic::warning(Code::Undefined, name.span, message)
                .help(format!("add the property, or remove the name from the list; the generated type {becomes}")),
        );
    }
}

/// A property that a schema requires and does not define. Responses may lack it: such a name is often a mistake.
fn undescribed(name: &Spanned<String>) -> Property {
    Property {
        name: name.value.clone(),
        rust_name: None,
        presence: Presence::Optional,
        required: false,
        read_only: false,
        write_only: false,
        tag: None,
        allowed: Vec::new(),
        facts: Facts::default(),
        doc: Doc { constraints: vec![Constraint::Undefined], ..Doc::default() },
        ty: Type::Any,
        span: name.span,
    }
}

impl<'a> Lowering<'a> {
    /// The members that parts name, in their order, each once.
    fn named_properties(&self, parts: &[Part<'a>]) -> Vec<Named<'a>> {
        let mut all: Vec<Named<'a>> = Vec::new();
        let mut known: HashMap<&str, usize> = HashMap::new();
        for part in parts {
            for (name, property) in part.schema.properties() {
                let span = property.span;
                let schema = Part::new(self.at(property.schema), part.origin.then(Segment::Property(name.to_owned())));
                match known.get(name).and_then(|position| all.get_mut(*position)) {
                    Some(named) => {
                        named.span = span;
                        named.schemas.push(schema);
                    }
                    None => {
                        known.insert(name, all.len());
                        all.push(Named { name, span, schemas: vec![schema] });
                    }
                }
            }
        }
        all
    }
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
