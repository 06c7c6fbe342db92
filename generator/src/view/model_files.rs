//! The files of models: `models.rs`, or one file in `models/` for each tag. The file of the same name in `wire` contains
//! the properties and values of its models.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::ir::{Api, Home};
use crate::name::Names;

use super::model::{self, ModelView};
use super::types::Types;
use super::wire::WireModulesView;
use super::{FileView, View, file_stem};

/// The maximum number of types in one file. If an API has more, its types are split into one file per group of
/// operations (tag): each type is in the file of the first group that uses it.
const MAX_TYPES_PER_FILE: usize = 40;

/// The name of the module for types that neither operations nor webhooks use.
const UNREFERENCED: &str = "unreferenced";

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
    model_modules: Vec<String>,
}

/// Returns the files of the models, and of their modules in `wire`.
pub(super) fn model_files(api: &Api, names: &Names, types: &Types<'_>, directory: &str) -> Vec<FileView> {
    let view = |models| ModelsView { root: types.root.to_string(), docs: docs(api), models };
    let models = model::models(api, types);
    if models.len() <= MAX_TYPES_PER_FILE {
        let models = models.into_iter().map(|(_, model)| model).collect();
        return vec![models_file("", view(models), directory)];
    }
    let module_of = |home: Option<Home>| match home {
        Some(Home::Group(group)) => names.groups.get(group).map_or(UNREFERENCED, |group| &group.module),
        Some(Home::Webhooks) => WEBHOOKS,
        None => UNREFERENCED,
    };
    let mut order: Vec<&str> = names.groups.iter().map(|group| group.module.as_str()).collect();
    for module in [WEBHOOKS, UNREFERENCED] {
        if !order.contains(&module) {
            order.push(module);
        }
    }
    let mut by_module: BTreeMap<&str, Vec<ModelView>> = BTreeMap::new();
    for (home, model) in models {
        by_module.entry(module_of(home)).or_default().push(model);
    }
    let mut files = Vec::new();
    let (mut model_modules, mut wire_modules) = (Vec::new(), Vec::new());
    for module in order {
        let Some(models) = by_module.remove(module) else { continue };
        let view = view(models);
        model_modules.push(module.to_owned());
        wire_modules.extend(view.has_wire_format().then(|| module.to_owned()));
        files.push(models_file(&format!("/{}", file_stem(module)), view, directory));
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
