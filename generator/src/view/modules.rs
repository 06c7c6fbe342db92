//! Views of the modules in `operations/`: one for each tag, nested as the tags of the document are.

use std::collections::HashMap;

use indexmap::{IndexMap, IndexSet};
use proc_macro2::TokenStream;
use quote::quote;
use serde::Serialize;

use crate::ir::{Api, Group};
use crate::name::{GroupNames, Names, part_modules, raw_segments};
use crate::words::words;

use super::docs::Docs;
use super::front_page::operation_rows;
use super::markdown::code;
use super::operation::OperationView;
use super::package::ReadmeOperationView;
use super::split::{Content, Part, split};
use super::tag_features::{Gate, GatedModule, TagFeatures};
use super::types::{Types, ident, without_raw};
use super::wire::WireModulesView;
use super::{FileView, View, api};

/// The maximum number of methods in one `impl` block of a sub-client. More methods are split into several blocks.
const MAX_METHODS_PER_IMPL: usize = 500;

/// The view of the module of a tag: its sub-client, its operations, and the modules of the tags that it contains.
#[derive(Debug, Serialize)]
pub(crate) struct GroupView {
    root: String,
    /// The absolute path of the module.
    module: String,
    docs: Vec<String>,
    /// The rows of the table of operations.
    rows: Vec<String>,
    modules: Vec<GatedModule>,
    /// The private modules of operations for which the file of the group has no space. Their types are re-exported.
    parts: Vec<String>,
    ty: String,
    /// The documentation of the sub-client.
    ty_docs: String,
    operations: Vec<OperationView>,
}

/// The view of a module without operations of its own: `operations/mod.rs`, or the module of a tag that only contains
/// other tags.
#[derive(Debug, Serialize)]
pub(crate) struct ModulesView {
    docs: String,
    modules: Vec<GatedModule>,
    /// The private module of the operations without tags, whose types are re-exported.
    untagged: Option<String>,
}

/// For the path of each module in `operations`, the modules that it contains.
type Tree<'a> = IndexMap<&'a [String], IndexSet<&'a str>>;

/// Returns the absolute path of the module with the operations of a group. The types of operations without tags are
/// re-exported by `operations`.
pub(super) fn module(names: &GroupNames, root: &TokenStream) -> TokenStream {
    let path = names.path.iter().map(|module| ident(module));
    quote!(#root::operations #(::#path)*)
}

/// Returns the files in `operations/`, and the files in `wire/operations/` for the same operations.
pub(super) fn operation_files(
    api: &Api,
    names: &Names,
    types: &Types<'_>,
    features: &TagFeatures,
    groups: Vec<Vec<OperationView>>,
    directory: &str,
) -> Vec<FileView> {
    let in_operations = |path: &str| format!("{directory}operations/{path}");
    let in_wire = |path: &str| format!("{directory}wire/operations/{path}");
    let mut tree = tree(names);
    let gates =
        names.groups.iter().enumerate().map(|(position, names)| (names.path.as_slice(), features.group(position)));
    let gates: HashMap<&[String], Gate> = gates.collect();
    let gated = |path: &[String], modules: Option<IndexSet<&str>>| -> Vec<GatedModule> {
        let modules = sorted(modules.into_iter().flatten().map(str::to_owned).collect());
        let gate = |module: &String| gates.get([path, std::slice::from_ref(module)].concat().as_slice());
        modules.into_iter().map(|module| gate(&module).cloned().unwrap_or_default().module(module)).collect()
    };
    let mut modules_in = |path: &[String]| gated(path, tree.swap_remove(path));
    let root = ModulesView {
        docs: "The operations of the API: a sub-client for each tag, and a request type for each operation.".to_owned(),
        modules: modules_in(&[]),
        untagged: names.groups.iter().find(|group| group.path.is_empty()).map(|group| group.module.clone()),
    };
    let wire = WireModulesView {
        docs: "How requests are sent, and how responses are decoded.",
        modules: with_untagged(&root),
    };
    let mut files = vec![
        FileView::new(in_wire("mod.rs"), "wire/modules.rs.j2", View::WireModules(wire)),
        FileView::new(in_operations("mod.rs"), "operation/mod.rs.j2", View::Modules(root)),
    ];
    for ((group, names), operations) in api.groups.iter().zip(&names.groups).zip(groups) {
        let own = [names.module.clone()];
        let (path, modules) = match names.path.as_slice() {
            [] => (own.as_slice(), Vec::new()),
            path => (path, modules_in(path)),
        };
        let rows: Vec<_> = operations.iter().map(|operation| ReadmeOperationView::of(operation, names)).collect();
        let rows = operation_rows(&rows, names, types);
        let (accessor, client) = (without_raw(&names.accessor), types.path_of("Client"));
        let ty_docs = format!("{}, returned by [`Client::{accessor}`]({client}::{accessor}).", api::tagged(group));
        let view = |docs, rows, modules, parts, mut operations: Vec<OperationView>| {
            operations
                .iter_mut()
                .skip(MAX_METHODS_PER_IMPL)
                .step_by(MAX_METHODS_PER_IMPL)
                .for_each(|it| it.begins_impl = true);
            let (root, module) = (types.root.to_string(), module(names, types.root).to_string());
            let (ty, ty_docs) = (names.ty.clone(), ty_docs.clone());
            View::Group(GroupView { root, module, docs, rows, modules, parts, ty, ty_docs, operations })
        };
        let (operations, parts) = parts(group, names, operations);
        let part_names = names_of_parts(&parts, &modules);
        for (part, name) in parts.into_iter().zip(&part_names) {
            let path = file_of(&[path, std::slice::from_ref(name)].concat(), true);
            let docs = part_docs(group, &part.steps);
            let operations = part.content.into_iter().map(|content| content.value).collect();
            let view = view(docs, Vec::new(), Vec::new(), Vec::new(), operations);
            let file = FileView::new(in_operations(&path), "operation/part.rs.j2", view);
            files.push(file.with(in_wire(&path), "wire/operations.rs.j2"));
        }
        let path = file_of(path, modules.is_empty() && part_names.is_empty());
        let view = view(api::group_docs(group), rows, modules, sorted(part_names), operations);
        let file = FileView::new(in_operations(&path), "operation/group.rs.j2", view);
        files.push(file.with(in_wire(&path), "wire/operations.rs.j2"));
    }
    for (path, modules) in tree {
        let docs = "The operations of the tags in this tag.".to_owned();
        let modules = gated(path, Some(modules));
        let view = View::Modules(ModulesView { docs, modules, untagged: None });
        let path = file_of(path, false);
        let file = FileView::new(in_operations(&path), "operation/mod.rs.j2", view);
        files.push(file.with(in_wire(&path), "wire/modules.rs.j2"));
    }
    files
}

/// Sorts the names of modules as rustfmt does.
fn sorted(mut modules: Vec<String>) -> Vec<String> {
    modules.sort_by(|one, other| without_raw(one).cmp(without_raw(other)));
    modules
}

/// Returns the modules in `operations`, and the module of the operations without tags.
fn with_untagged(root: &ModulesView) -> Vec<GatedModule> {
    let untagged = root.untagged.iter().map(|module| Gate::default().module(module.as_str()));
    let mut modules: Vec<GatedModule> = root.modules.iter().cloned().chain(untagged).collect();
    modules.sort_by(|one, other| without_raw(&one.name).cmp(without_raw(&other.name)));
    modules
}

fn tree(names: &Names) -> Tree<'_> {
    let mut tree = Tree::new();
    for path in names.groups.iter().map(|group| group.path.as_slice()) {
        for (depth, module) in path.iter().enumerate() {
            tree.entry(path.get(..depth).unwrap_or_default()).or_default().insert(module);
        }
    }
    tree
}

/// Splits the operations of a group into those in the file of the group, and those in other files because there are too
/// many.
fn parts(
    group: &Group,
    names: &GroupNames,
    operations: Vec<OperationView>,
) -> (Vec<OperationView>, Vec<Part<OperationView>>) {
    let content = group.operations.iter().zip(&names.operations).zip(operations);
    let content = content.map(|((operation, names), view)| Content {
        lines: view.lines(),
        value: view,
        path: path_steps(&operation.path),
        words: words(&names.ty),
    });
    let (mut own, mut parts) = (Vec::new(), Vec::new());
    for part in split(content.collect()) {
        if part.steps.is_empty() {
            own.extend(part.content.into_iter().map(|content| content.value));
        } else {
            parts.push(part);
        }
    }
    (own, parts)
}

/// Returns the segments of a path without its parameters.
pub(super) fn path_steps(path: &str) -> Vec<String> {
    raw_segments(path).filter(|segment| !segment.contains('{')).map(str::to_owned).collect()
}

fn names_of_parts(parts: &[Part<OperationView>], modules: &[GatedModule]) -> Vec<String> {
    let steps: Vec<Vec<String>> = parts.iter().map(|part| part.steps.clone()).collect();
    part_modules(&steps, &modules.iter().map(|module| module.name.as_str()).collect::<Vec<&str>>())
}

/// Returns the documentation of the module of a part.
fn part_docs(group: &Group, steps: &[String]) -> Vec<String> {
    let steps: Vec<String> = steps.iter().map(|step| code(step)).collect();
    Docs::default().text(format!("{}: the part {}.", api::tagged(group), steps.join(", "))).or(String::new)
}

/// Returns the path of the file of a module, relative to `operations`: `NAME.rs` if the module contains no other
/// modules, else `NAME/mod.rs`.
fn file_of(path: &[String], is_leaf: bool) -> String {
    let path: Vec<&str> = path.iter().map(|module| without_raw(module)).collect();
    format!("{}{}", path.join("/"), if is_leaf { ".rs" } else { "/mod.rs" })
}
