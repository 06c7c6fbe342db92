//! What is to become of what references lead to: a checked document comes in, a decision for each target goes out.

use std::collections::{HashMap, HashSet};

use super::super::structure::Kinds;
use super::super::structure::reference::component_section;
use super::super::structure::table::Kind;
use super::super::structure::walk::Id;
use super::id;
use super::names::{Names, Step};
use crate::ir::Origin;
use crate::source::{Document, Node};

/// Longer chains of references go in a circle, which has been reported.
const LONGEST_CHAIN: usize = 64;
/// A schema of more values than this is not copied.
const SMALL: usize = 32;
/// Nor is one with longer texts.
const SHORT: usize = 4096;

/// What becomes of the targets of references.
#[derive(Debug, Default)]
pub(super) struct Plan {
    /// The targets, by their addresses.
    pub targets: HashMap<Id, Fate>,
    /// Where each reference leads in the end.
    pub leads: HashMap<Id, Id>,
    /// What is moved, in the order of the document.
    pub moved: Vec<Moved>,
    /// Whether a discriminator's mapping holds references.
    pub has_mapped: bool,
    /// Whether each reference to a component is spelt as such, with nothing beside it.
    is_spelt_plainly: bool,
}

/// What becomes of one target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// It is a component, or becomes one: the index in [`Plan::moved`].
    Component(usize),
    /// Its copies take the places of the references.
    Copied,
    /// It is a path item: the same, but later.
    Inserted,
}

/// What is a component, or becomes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Moved {
    pub section: &'static str,
    /// The name among the components.
    pub key: String,
    /// Whether it is one already, and stays where it is.
    pub is_home: bool,
    /// Whether it is the value of a property, whose place has docs of its own.
    pub is_property: bool,
    /// Where it stands, for its name.
    pub origin: Option<Origin>,
    /// What the document calls it, where another component has the same name.
    pub called: Option<String>,
}

impl Plan {
    pub fn of(document: &Document, kinds: &Kinds) -> Self {
        let homes = homes(document);
        let mut plan = Self { is_spelt_plainly: true, ..Self::default() };
        let mut mapped: HashSet<Id> = HashSet::new();
        let mut wanted: HashMap<Id, Kind> = HashMap::new();
        let mut uses: HashMap<Id, usize> = HashMap::new();
        // Schemas within these are shared by whoever refers to them.
        let mut shared: HashSet<Id> = HashSet::new();
        for (node, lead) in kinds.leads() {
            let mut target = lead.target;
            for _ in 0..LONGEST_CHAIN {
                match kinds.lead(target) {
                    Some(next) if !homes.contains_key(&target) => target = next.target,
                    _ => break,
                }
            }
            plan.leads.insert(node, target);
            plan.is_spelt_plainly &= lead.is_plain;
            if lead.by_mapping {
                plan.has_mapped = true;
                mapped.insert(target);
            }
            match lead.kind {
                Kind::Response | Kind::Parameter | Kind::RequestBody | Kind::Header => {
                    shared.insert(target);
                }
                Kind::PathItem => *uses.entry(target).or_default() += 1,
                Kind::Schema | Kind::SecurityScheme => {}
                // Nothing of these is generated.
                _ => {
                    plan.leads.remove(&node);
                    continue;
                }
            }
            wanted.insert(target, lead.kind);
        }
        let items = document.root.get("paths").map(Node::entries).unwrap_or_default();
        // A path item that stands under a path of its own is used there too.
        for item in items {
            uses.entry(id(&item.value)).and_modify(|count| *count += 1);
        }
        shared.extend(uses.into_iter().filter(|(_, count)| *count > 1).map(|(item, _)| item));
        let mut names = Names::new(document);
        let mut survey = Survey {
            kinds,
            homes: &homes,
            wanted: &wanted,
            shared: &shared,
            mapped: &mapped,
            plan: &mut plan,
            names: &mut names,
        };
        for tree in document.trees() {
            survey.visit(tree, &mut Vec::new(), tree, false);
        }
        plan
    }

    /// Whether the document is in one piece already.
    pub fn is_empty(&self) -> bool {
        self.moved.iter().all(|moved| moved.is_home)
            && self.targets.values().all(|fate| matches!(fate, Fate::Component(_)))
            && self.is_spelt_plainly
    }

    pub fn into_origins(self) -> HashMap<String, Origin> {
        let schemas = self.moved.into_iter().filter(|moved| moved.section == "schemas");
        schemas.filter_map(|moved| Some((moved.key, moved.origin?))).collect()
    }
}

/// The components of a document, by their addresses.
fn homes(document: &Document) -> HashMap<Id, (&'static str, &str)> {
    let sections = [Kind::Schema, Kind::Response, Kind::Parameter, Kind::RequestBody, Kind::Header];
    let components = document.root.get("components");
    let mut homes = HashMap::new();
    for section in sections.into_iter().filter_map(component_section) {
        let entries = components.and_then(|components| components.get(section)).map(Node::entries).unwrap_or_default();
        homes.extend(entries.iter().map(|entry| (id(&entry.value), (section, entry.key.as_str()))));
    }
    homes
}

/// One look at every node.
struct Survey<'p, 'd> {
    kinds: &'p Kinds,
    homes: &'p HashMap<Id, (&'static str, &'d str)>,
    wanted: &'p HashMap<Id, Kind>,
    shared: &'p HashSet<Id>,
    /// What discriminators lead to, which must be a component.
    mapped: &'p HashSet<Id>,
    plan: &'p mut Plan,
    names: &'p mut Names<'d>,
}

impl<'d> Survey<'_, 'd> {
    /// Decides for a node and all in it; `way` leads to it from the root of its file. Within what is shared, schemas become
    /// components. The readers bound how deep nodes nest.
    fn visit(&mut self, node: &'d Node, way: &mut Vec<Step<'d>>, root: &'d Node, in_shared: bool) {
        // Most nodes are scalars, and no reference leads to one.
        if node.entries().is_empty() && node.elements().is_empty() && node.as_mapping().is_none() {
            return;
        }
        let at = id(node);
        let is_schema = self.kinds.of(node) == Some(Kind::Schema);
        let mut inner = in_shared && !is_schema || self.shared.contains(&at);
        if let Some((section, key)) = self.homes.get(&at) {
            let home = Moved {
                section,
                key: (*key).to_owned(),
                is_home: true,
                is_property: false,
                origin: None,
                called: None,
            };
            self.decide(at, home);
        } else if self.kinds.lead(at).is_some() {
            // What only leads on stays as it is.
            inner = false;
        } else {
            match self.wanted.get(&at) {
                Some(Kind::Schema) if !self.mapped.contains(&at) && self.is_plain(node, 0).is_some_and(is_small) => {
                    self.plan.targets.insert(at, Fate::Copied);
                }
                Some(Kind::SecurityScheme) => {
                    self.plan.targets.insert(at, Fate::Copied);
                }
                Some(Kind::PathItem) => {
                    self.plan.targets.insert(at, Fate::Inserted);
                }
                Some(kind) => {
                    if let Some(section) = component_section(*kind) {
                        self.moves(node, way, root, section);
                    }
                }
                None if in_shared && is_schema && self.is_plain(node, 0).is_none() => {
                    self.moves(node, way, root, "schemas");
                }
                None => {}
            }
        }
        for entry in node.entries() {
            way.push(Step::Key(&entry.key));
            self.visit(&entry.value, way, root, inner);
            way.pop();
        }
        for (position, element) in node.elements().iter().enumerate() {
            way.push(Step::Index(position));
            self.visit(element, way, root, inner);
            way.pop();
        }
    }

    fn moves(&mut self, node: &'d Node, way: &[Step<'d>], root: &'d Node, section: &'static str) {
        let is_schema = section == "schemas";
        let is_property = is_schema && way.len() > 1 && way.iter().rev().nth(1) == Some(&Step::Key("properties"));
        let named = self.names.of(way, root, is_schema);
        self.decide(
            id(node),
            Moved { section, key: named.key, is_home: false, is_property, origin: named.origin, called: named.called },
        );
    }

    fn decide(&mut self, at: Id, moved: Moved) {
        self.plan.targets.insert(at, Fate::Component(self.plan.moved.len()));
        self.plan.moved.push(moved);
    }

    /// How large a schema is that makes no type of its own; nothing where it makes one, or a part of it does.
    fn is_plain(&self, node: &Node, depth: usize) -> Option<(usize, usize)> {
        if let Some(target) = self.plan.leads.get(&id(node)) {
            return self.homes.contains_key(target).then_some((2, 0));
        }
        let shapes = ["enum", "properties", "allOf", "oneOf", "anyOf", "not", "discriminator"];
        if depth > SMALL || shapes.into_iter().any(|key| node.get(key).is_some()) {
            return None;
        }
        let mut size = size(node, SMALL);
        for key in ["items", "additionalProperties"] {
            let Some(part) = node.get(key) else { continue };
            match part.as_bool() {
                Some(true) => {}
                Some(false) => return None,
                None => {
                    let (values, bytes) = self.is_plain(part, depth + 1)?;
                    size = (size.0 + values, size.1 + bytes);
                }
            }
        }
        Some(size)
    }
}

fn is_small((values, bytes): (usize, usize)) -> bool {
    values <= SMALL && bytes <= SHORT
}

/// How many values a node has, and how long their texts are; beyond `limit` values they are not counted.
fn size(node: &Node, limit: usize) -> (usize, usize) {
    let (mut values, mut bytes) = (1, node.as_str().map_or(0, str::len));
    let parts = node.entries().iter().map(|entry| &entry.value).chain(node.elements());
    for part in parts {
        if values > limit {
            break;
        }
        let (more, longer) = size(part, limit - values);
        (values, bytes) = (values + more, bytes + longer);
    }
    bytes += node.entries().iter().take(limit).map(|entry| entry.key.len()).sum::<usize>();
    (values, bytes)
}
