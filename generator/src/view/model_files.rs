//! The files of models: `models.rs`, or one file in `models/` for each tag. The file of the same name in `wire`
//! contains the properties and values of its models.

use std::collections::HashMap;

use indexmap::{IndexMap, IndexSet};
use serde::Serialize;

use crate::customize::DeriveRule;
use crate::ir::{Api, Home};
use crate::name::{Names, part_modules};
use crate::words::words;

use super::model::{self, ModelView};
use super::modules::path_steps;
use super::split::{Content, MAX_LINES, split};
use super::tag_features::{Gate, GatedModule, TagFeatures};
use super::types::{Types, without_raw};
use super::wire::WireModulesView;
use super::{FileView, View};

/// The maximum number of types in `models.rs`. If an API has more, its types are split into one file per group of
/// operations (tag): each type is in the file of the first group that uses it.
const MAX_TYPES: usize = 40;

/// The name of the module for types that neither operations nor webhooks use.
const UNUSED: &str = "unused";

/// The name of the module for types that only webhooks use.
const WEBHOOKS: &str = "webhooks";

/// The view of a file with the Rust types of schemas.
#[derive(Debug, Serialize)]
pub(crate) struct ModelsView {
    root: String,
    docs: String,
    models: Vec<ModelView>,
}

impl ModelsView {
    fn has_wire_format(&self) -> bool {
        self.models.iter().any(|model| model.alias.is_none())
    }
}

/// The view of `models/mod.rs`: the modules of types.
#[derive(Debug, Serialize)]
pub(crate) struct ModelModulesView {
    model_modules: Vec<GatedModule>,
}

/// Returns the files of the models, and of their modules in `wire`.
pub(super) fn model_files(
    api: &Api,
    names: &Names,
    types: &Types<'_>,
    (features, rules): (&TagFeatures, &[DeriveRule]),
    directory: &str,
) -> Vec<FileView> {
    let view = |models| ModelsView { root: types.root.to_string(), docs: docs(api), models };
    let models = model::models(api, types, rules);
    let lines: usize = models.iter().map(|(_, model)| model.lines()).sum();
    if models.len() <= MAX_TYPES && lines <= MAX_LINES && features.list.is_empty() {
        let models = models.into_iter().map(|(_, model)| model).collect();
        return vec![models_file("", view(models), directory)];
    }
    // The types in a file have the same features: otherwise, imports would be unused if some types are disabled.
    let mut by_module: IndexMap<(&str, Gate), Vec<Content<ModelView>>> = IndexMap::new();
    for (id, model) in models {
        let home = api.types.get(id.0).and_then(|definition| definition.home);
        let (module, path) = place(home, api, names);
        let content = Content { lines: model.lines(), path, words: words(&model.name), value: model };
        by_module.entry((module, features.ty(id))).or_default().push(content);
    }
    let mut parts = modules(by_module);
    if let [(_, gate, _)] = parts.as_slice()
        && *gate == Gate::default()
    {
        let models = parts.into_iter().flat_map(|(.., models)| models).collect();
        return vec![models_file("", view(models), directory)];
    }
    parts.sort_by(|(one, ..), (other, ..)| without_raw(one).cmp(without_raw(other)));
    let mut files = Vec::new();
    let (mut model_modules, mut wire_modules) = (Vec::new(), Vec::new());
    for (module, gate, models) in parts {
        let view = view(models);
        let item = gate.module(module.as_str());
        wire_modules.extend(view.has_wire_format().then(|| item.clone()));
        model_modules.push(item);
        files.push(models_file(&format!("/{}", without_raw(&module)), view, directory));
    }
    let view = View::ModelModules(ModelModulesView { model_modules });
    files.push(FileView::new(format!("{directory}models/mod.rs"), "model/mod.rs.j2", view));
    if !wire_modules.is_empty() {
        let docs = "The properties and values of models in JSON.";
        let view = View::WireModules(WireModulesView { docs, modules: wire_modules });
        files.push(FileView::new(format!("{directory}wire/models/mod.rs"), "wire/modules.rs.j2", view));
    }
    files
}

/// Returns the module for a type that the part `home` of the API uses first, and the steps of the path of its
/// operation.
fn place<'a>(home: Option<Home>, api: &Api, names: &'a Names) -> (&'a str, Vec<String>) {
    match home {
        Some(Home::Operation { group, operation }) => {
            let of_group = api.groups.get(group).and_then(|group| group.operations.get(operation));
            let path = of_group.map(|operation| path_steps(&operation.path)).unwrap_or_default();
            (names.groups.get(group).map_or(UNUSED, |group| &group.module), path)
        }
        Some(Home::Webhooks) => (WEBHOOKS, Vec::new()),
        None => (UNUSED, Vec::new()),
    }
}

/// Splits modules that are too long or whose types have different features, and returns the name, the features and the
/// models of each module.
fn modules(mut by_module: IndexMap<(&str, Gate), Vec<Content<ModelView>>>) -> Vec<(String, Gate, Vec<ModelView>)> {
    let used: IndexSet<&str> = by_module.keys().map(|(module, _)| *module).collect();
    // In a document without operations, all types are in the module of unused types: its name would only be a prefix.
    let is_only = used.len() == 1;
    let (mut whole, mut steps, mut split_off) = (Vec::new(), Vec::new(), Vec::new());
    // The types that only the operations of a tag use are in the module that is named after the tag.
    by_module.sort_by(|(_, one), _, (_, other), _| other.is_of_one_tag().cmp(&one.is_of_one_tag()));
    let mut known: HashMap<&str, usize> = HashMap::new();
    for ((module, gate), content) in by_module {
        let count = known.entry(module).or_default();
        let shared = match *count {
            0 => None,
            1 => Some("shared".to_owned()),
            number => Some(format!("shared {number}")),
        };
        *count += 1;
        for part in split(content) {
            let models = part.content.into_iter().map(|content| content.value).collect();
            if part.steps.is_empty() && shared.is_none() {
                whole.push((module.to_owned(), gate.clone(), models));
                continue;
            }
            let prefix = (!is_only || shared.is_some()).then(|| without_raw(module).to_owned());
            steps.push(prefix.into_iter().chain(shared.clone()).chain(part.steps).collect());
            split_off.push((gate.clone(), models));
        }
    }
    let used: Vec<&str> = used.into_iter().collect();
    let names = part_modules(&steps, &used);
    whole.extend(names.into_iter().zip(split_off).map(|(name, (gate, models))| (name, gate, models)));
    whole
}

/// Returns the file `models{path}.rs`, and the file in `wire` for the same models.
fn models_file(path: &str, view: ModelsView, directory: &str) -> FileView {
    let has_wire_format = view.has_wire_format();
    let file = FileView::new(format!("{directory}models{path}.rs"), "model/models.rs.j2", View::Models(view));
    if has_wire_format { file.with(format!("{directory}wire/models{path}.rs"), "wire/models.rs.j2") } else { file }
}

fn docs(api: &Api) -> String {
    let docs = match (api.has_client, api.webhooks.list.is_empty()) {
        (true, _) => "The types of requests and responses.",
        (false, false) => "The types of the API definition, including the payloads of webhooks.",
        (false, true) => "The types of the API definition.",
    };
    docs.to_owned()
}
