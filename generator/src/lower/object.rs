//! Lowers objects.

use std::collections::{HashMap, HashSet};

use crate::diagnostics::{Code, Diagnostic, quoted};
use crate::ir::{
    Additional, Constraint, Doc, Facts, Object, Origin, Presence, Property, Segment, Test, Type, TypeKind, Union,
    Variant, VariantLabel,
};
use crate::source::Span;
use crate::spec::{Additional as Specified, Schema, SchemaId, Spanned};

use super::Lowering;
use super::doc;
use super::parts::Part;
use super::schema::Built;

/// A property, with all schemas that specify it.
struct Named<'a> {
    name: &'a str,
    span: Span,
    schemas: Vec<Part<'a>>,
}

impl<'a> Lowering<'a> {
    /// Lowers an object with the properties of all parts.
    pub(super) fn object(&mut self, parts: &[Part<'a>], origin: &Origin) -> Built {
        let named = self.named_properties(parts);
        let keywords = AdditionalKeywords::of(parts);
        if named.is_empty() && (!keywords.forbid() || !keywords.patterns.is_empty()) {
            return match self.additional(&keywords, origin) {
                Additional::Dropped => self.map(parts, Type::Any, origin),
                Additional::Kept(ty) => self.map(parts, ty, origin),
            };
        }
        let required: HashSet<&str> =
            parts.iter().flat_map(|part| &part.schema.required).map(|name| name.value.as_str()).collect();
        let mut properties = Vec::with_capacity(named.len());
        let mut defined = HashSet::with_capacity(named.len());
        for property in named {
            defined.insert(property.name);
            let is_required = required.contains(property.name);
            properties.push(self.property(property, is_required, origin));
        }
        let additional = self.additional(&keywords, origin);
        let (is_open, effect) = match additional {
            Additional::Kept(_) => (false, "stores the value in its additional properties"),
            Additional::Dropped if keywords.forbid() => (false, "has no field for it"),
            Additional::Dropped => (true, "has an optional field for it that accepts any value"),
        };
        let mut asked = HashSet::new();
        for part in parts {
            for name in part.schema.required.iter().filter(|name| !defined.contains(name.value.as_str())) {
                self.required_without_property(name, effect);
                properties.extend((is_open && asked.insert(name.value.as_str())).then(|| undefined(name)));
            }
        }
        let additional_doc = match &additional {
            Additional::Kept(ty) if !matches!(ty.non_null(), Type::Named(_)) => {
                let schemas = keywords.specified.iter().filter_map(|(_, it)| it.schema());
                let schemas: Vec<&Schema> = schemas.map(|it| self.at(it)).collect();
                doc::of_all(self.spec, &schemas).of_type(ty)
            }
            _ => Doc::default(),
        };
        Built::Kind(TypeKind::Object(Object { properties, additional, additional_doc: Box::new(additional_doc) }))
    }

    fn property(&mut self, Named { name, span, schemas }: Named<'a>, required: bool, origin: &Origin) -> Property {
        let nodes: Vec<&'a Schema> = schemas.iter().map(|part| part.schema).collect();
        // If only one schema specifies the property, inline types are named after the position of that schema.
        let own = match schemas.as_slice() {
            [only] => only.origin.clone(),
            _ => origin.then(Segment::Property(name.to_owned())),
        };
        let allowed = self.allowed_scalars(&schemas);
        let lowered = self.every(schemas, own);
        // `readOnly` and `writeOnly` can be specified by the property or by its type.
        let annotated: Vec<&'a Schema> = nodes.iter().flat_map(|node| [*node, self.resolved_schema(node)]).collect();
        let is_annotated = |get: fn(&Schema) -> Option<bool>| {
            annotated.iter().any(|schema| doc::annotation(self.spec, schema, get) == Some(true))
        };
        let facts = nodes.iter().rev().fold(Facts::default(), |known, schema| {
            let facts = self.facts(schema);
            Facts { default: known.default.or(facts.default), minimum: known.minimum.or(facts.minimum) }
        });
        Property {
            name: name.to_owned(),
            rust_name: nodes.iter().rev().find_map(|node| node.rust_name.as_deref()).map(str::to_owned),
            presence: match nodes.iter().any(|node| node.object.as_ref().is_some_and(|object| object.omit_empty)) {
                true if !lowered.nullable
                    && matches!(lowered.ty.unaliased(&self.types), Type::Array(_) | Type::Map(_)) =>
                {
                    Presence::EmptyIfAbsent
                }
                _ => Presence::new(required, lowered.nullable),
            },
            required,
            read_only: is_annotated(|schema| schema.read_only),
            write_only: is_annotated(|schema| schema.write_only),
            tag: None,
            allowed,
            facts,
            doc: doc::of_all(self.spec, &nodes).of_type(&lowered.ty),
            ty: lowered.ty,
            span,
        }
    }

    /// Returns how properties that are not defined are handled.
    fn additional(&mut self, keywords: &AdditionalKeywords<'_, 'a>, origin: &Origin) -> Additional {
        let schemas: Vec<Part<'a>> = keywords
            .specified
            .iter()
            .filter_map(|(part, more)| Some(Part::new(self.at(more.schema()?), part.origin.then(Segment::Values))))
            .collect();
        if !keywords.patterns.is_empty() {
            return Additional::Kept(self.pattern_values(keywords, schemas, origin));
        }
        let own = match schemas.as_slice() {
            [] if keywords.allow_any() => return Additional::Kept(Type::Any),
            [] => return Additional::Dropped,
            [only] => only.origin.clone(),
            _ => origin.then(Segment::Values),
        };
        Additional::Kept(self.every(schemas, own).present())
    }

    /// Returns the type of the values of properties whose names match patterns: a union, if several types are possible.
    /// `more` are the schemas of the other additional properties.
    fn pattern_values(&mut self, keywords: &AdditionalKeywords<'_, 'a>, more: Vec<Part<'a>>, origin: &Origin) -> Type {
        if keywords.allow_any() {
            return Type::Any;
        }
        let by_pattern = keywords
            .patterns
            .iter()
            .map(|(part, schema)| vec![Part::new(self.at(*schema), part.origin.then(Segment::Values))]);
        let all: Vec<Vec<Part<'a>>> = by_pattern.chain((!more.is_empty()).then_some(more)).collect();
        let nodes: Vec<&'a Schema> = all.iter().flatten().map(|part| part.schema).collect();
        let one = all.len() == 1;
        let mut variants: Vec<Variant> = Vec::new();
        for (position, schemas) in all.into_iter().enumerate() {
            let span = schemas.first().map_or(self.spec.span, |part| part.schema.span);
            let own = origin.then(Segment::Values);
            let label = VariantLabel::Position(position + 1);
            let own = if one { own } else { own.then(Segment::Variant(label)) };
            let ty = self.every(schemas, own).present();
            if !variants.iter().any(|known| known.ty == ty) {
                let (doc, test) = (Doc::default(), Test::Trial(Vec::new()));
                variants.push(Variant { ty, label: None, doc, test, span });
            }
        }
        match variants.as_slice() {
            [only] => only.ty.clone(),
            _ => {
                let union = TypeKind::Union(Union { variants, any_of: false });
                Type::Named(self.place_inline(&nodes, origin.then(Segment::Values), union))
            }
        }
    }

    fn required_without_property(&mut self, name: &Spanned<String>, effect: &str) {
        // Reported once, even if several schemas include this one.
        if !self.reported.insert(name.span) {
            return;
        }
        let message = format!("{} is required, but is not defined as a property", quoted(&name.value));
        self.diagnostics.push(Diagnostic::warning(Code::Undefined, name.span, message).help(format!(
            "add the property, or remove its name from `required`; until then, the generated type {effect}"
        )));
    }
}

/// The keywords for additional properties, which are not listed in `properties`.
struct AdditionalKeywords<'p, 'a> {
    /// The values of `additionalProperties` of all parts. If no part has it, the values of `unevaluatedProperties`.
    specified: Vec<(&'p Part<'a>, Specified)>,
    /// The schemas of `patternProperties`.
    patterns: Vec<(&'p Part<'a>, SchemaId)>,
}

impl<'p, 'a> AdditionalKeywords<'p, 'a> {
    fn of(parts: &'p [Part<'a>]) -> Self {
        let rules = || parts.iter().filter_map(|part| Some((part, part.schema.object.as_deref()?)));
        let mut specified: Vec<(&'p Part<'a>, Specified)> =
            parts.iter().filter_map(|part| Some((part, part.schema.additional?))).collect();
        if specified.is_empty() {
            specified = rules().filter_map(|(part, rules)| Some((part, rules.unevaluated?))).collect();
        }
        let patterns = rules().flat_map(|(part, rules)| rules.patterns.iter().map(move |(_, schema)| (part, *schema)));
        Self { specified, patterns: patterns.collect() }
    }

    fn forbid(&self) -> bool {
        self.specified.iter().any(|(_, more)| *more == Specified::Forbidden)
    }

    fn allow_any(&self) -> bool {
        self.specified.iter().any(|(_, more)| *more == Specified::Allowed)
    }
}

/// Creates a property that a schema lists in `required`, but does not define. The property is optional, because such a
/// name is often a mistake.
fn undefined(name: &Spanned<String>) -> Property {
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
    /// Returns the properties of all parts, in order. Merges properties with the same name.
    fn named_properties(&self, parts: &[Part<'a>]) -> Vec<Named<'a>> {
        let mut all: Vec<Named<'a>> = Vec::new();
        let mut known: HashMap<&str, usize> = HashMap::new();
        for part in parts {
            for (name, property) in part.schema.properties() {
                // The schema `false` allows no value, so the property is always absent.
                if self.at(property.schema).never {
                    continue;
                }
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
