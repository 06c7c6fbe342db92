//! Cargo features for the tags of an API. Each feature enables the operations of its tag, and the types that they use.

use std::collections::{BTreeSet, HashMap};

use serde::Serialize;

use crate::config::{ApiConfig, Config, Feature, Layout};
use crate::ir::{Api, Type, TypeId};
use crate::lower::{reachable, received_by, used};
use crate::name::Names;

use super::markdown::code;
use super::types::{literal, without_raw};

/// The Cargo features for the tags of an API. Empty if the configuration does not ask for them.
#[derive(Debug, Default)]
pub(super) struct TagFeatures {
    /// The feature of each group of operations.
    groups: Vec<Gate>,
    /// The features of each type.
    types: Vec<Gate>,
    /// The features, in the order of the groups.
    pub list: Vec<TagFeature>,
}

/// A Cargo feature for a tag.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct TagFeature {
    pub name: String,
    /// The features that this feature enables, as TOML array items.
    enables: String,
    /// The row in the table of features.
    pub row: String,
}

/// The features that enable an item: one of them suffices. Without features, the item is always enabled.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub(super) struct Gate(BTreeSet<String>);

/// A module, and the attribute that makes it depend on features.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct GatedModule {
    pub name: String,
    gate: Option<String>,
}

impl Gate {
    /// Returns the attribute of the item. `None` if the item is always enabled.
    pub fn attribute(&self) -> Option<String> {
        let features: Vec<String> = self.0.iter().map(|feature| format!("feature = {}", literal(feature))).collect();
        match features.as_slice() {
            [] => None,
            [feature] => Some(format!("#[cfg({feature})]")),
            features => Some(format!("#[cfg(any({}))]", features.join(", "))),
        }
    }

    /// Returns whether one feature enables the item.
    pub fn is_of_one_tag(&self) -> bool {
        self.0.len() == 1
    }

    /// Returns a module that the same features enable.
    pub fn module(&self, name: impl Into<String>) -> GatedModule {
        GatedModule { name: name.into(), gate: self.attribute() }
    }
}

impl TagFeatures {
    /// Decides the features of an API. `taken` contains the features that the crate has already, and gets those of the API.
    pub fn of((config, own): (&Config, &ApiConfig), api: &Api, names: &Names, taken: &mut BTreeSet<String>) -> Self {
        if !own.tag_features {
            return Self::default();
        }
        let features = names_of_features((config, own), api, names, taken);
        let gate = |feature: &Option<String>| Gate(feature.iter().cloned().collect());
        let groups: Vec<Gate> = features.iter().map(gate).collect();
        let types = gates_of_types(api, names, &groups);
        let by_path: HashMap<&[String], &String> = names
            .groups
            .iter()
            .zip(&features)
            .filter_map(|(names, feature)| Some((names.path.as_slice(), feature.as_ref()?)))
            .collect();
        let mut list = Vec::new();
        for ((group, names), feature) in api.groups.iter().zip(&names.groups).zip(&features) {
            let (Some(feature), Some(tag)) = (feature, &group.tag) else { continue };
            // The module of a tag is in the module of the tag that contains it.
            let parents = (1..names.path.len()).rev().filter_map(|depth| by_path.get(names.path.get(..depth)?));
            let parent = parents.take(1).map(|parent| (*parent).clone());
            let module = (config.layout == Layout::Modules).then(|| own.name.clone());
            let enables: Vec<String> = module.into_iter().chain(parent).map(|feature| literal(&feature)).collect();
            list.push(TagFeature {
                name: feature.clone(),
                enables: enables.join(", "),
                row: format!("| `{feature}` (default) | the operations tagged {} |", code(tag)),
            });
        }
        Self { groups, types, list }
    }

    /// Returns the features of a group of operations.
    pub fn group(&self, position: usize) -> Gate {
        self.groups.get(position).cloned().unwrap_or_default()
    }

    /// Returns the features of a type.
    pub fn ty(&self, id: TypeId) -> Gate {
        self.types.get(id.0).cloned().unwrap_or_default()
    }
}

/// Returns the features that tags cannot have, because each crate may have them.
pub(super) fn reserved(config: &Config) -> BTreeSet<String> {
    let own = Feature::ALL.iter().map(|feature| feature.name()).chain(Feature::ALWAYS);
    let apis = config.apis.iter().map(|api| api.name.as_str());
    own.chain(apis).chain(["default", "runtime"]).map(str::to_owned).collect()
}

/// Returns the feature of each group of operations: the name of its module. Operations without a tag have no feature.
fn names_of_features(
    (config, own): (&Config, &ApiConfig),
    api: &Api,
    names: &Names,
    taken: &mut BTreeSet<String>,
) -> Vec<Option<String>> {
    let prefix = match config.layout {
        Layout::Modules => format!("{}-", own.name),
        Layout::Root | Layout::Module => String::new(),
    };
    let groups = api.groups.iter().zip(&names.groups);
    groups
        .map(|(group, names)| {
            group.tag.as_ref()?;
            let module = without_raw(&names.module).trim_matches('_').replace('_', "-");
            let candidates = [format!("{prefix}{module}"), format!("{prefix}tag-{module}")].into_iter();
            let numbered = (2..).map(|number| format!("{prefix}tag-{module}-{number}"));
            candidates.chain(numbered).find(|name| taken.insert(name.clone()))
        })
        .collect()
}

/// Returns the features of each type: those of the groups that use it. Types of error bodies and webhooks, and types
/// that all groups use, are always enabled, and so are types that no operation uses, with all types in them.
fn gates_of_types(api: &Api, names: &Names, groups: &[Gate]) -> Vec<Gate> {
    let mut users: Vec<Vec<usize>> = vec![Vec::new(); api.types.len()];
    for (position, group) in api.groups.iter().enumerate() {
        for id in reachable(&api.types, group.operations.iter().flat_map(used)) {
            if let Some(users) = users.get_mut(id.0) {
                users.push(position);
            }
        }
    }
    let errors = names.errors.iter().map(|(ty, _)| ty);
    let payloads = api.webhooks.list.iter().flat_map(received_by);
    let unused = users.iter().enumerate().filter(|(_, users)| users.is_empty());
    let unused: Vec<Type> = unused.map(|(index, _)| Type::Named(TypeId(index))).collect();
    let always = reachable(&api.types, errors.chain(payloads).chain(&unused));
    let gate = |(id, users): (usize, Vec<usize>)| {
        let gates: Vec<&Gate> = users.iter().filter_map(|user| groups.get(*user)).collect();
        let is_always = gates.len() == groups.len() || gates.iter().any(|gate| gate.0.is_empty());
        match is_always || always.contains(&TypeId(id)) {
            true => Gate::default(),
            false => Gate(gates.into_iter().flat_map(|gate| gate.0.iter().cloned()).collect()),
        }
    };
    users.into_iter().enumerate().map(gate).collect()
}
