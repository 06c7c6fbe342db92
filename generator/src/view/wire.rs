//! The private module `wire`: how the models and the operations of an API appear in JSON and HTTP.

use serde::Serialize;

use crate::ir::Api;

use super::tag_features::{Gate, GatedModule};
use super::{FileView, View, model};

/// The view of a module in `wire` that only contains other modules.
#[derive(Debug, Serialize)]
pub(crate) struct WireModulesView {
    pub docs: &'static str,
    pub modules: Vec<GatedModule>,
}

/// Returns whether an API has the module `wire`.
pub(super) fn is_needed(api: &Api) -> bool {
    api.has_client || has_models(api)
}

fn has_models(api: &Api) -> bool {
    api.types.iter().any(model::has_wire_format)
}

/// Returns the file `wire/mod.rs`, if the API needs it. `file` creates a file in the directory of the API.
pub(super) fn modules(api: &Api, file: &impl Fn(&str, &'static str, View) -> FileView) -> Option<FileView> {
    let modules = [("models", has_models(api)), ("operations", api.has_client)];
    let modules = modules.into_iter().filter(|(_, exists)| *exists).map(|(name, _)| Gate::default().module(name));
    let modules: Vec<GatedModule> = modules.collect();
    let docs = "The models and the operations in JSON and HTTP.";
    let view = || View::WireModules(WireModulesView { docs, modules: modules.clone() });
    (!modules.is_empty()).then(|| file("wire/mod.rs", "wire/modules.rs.j2", view()))
}
