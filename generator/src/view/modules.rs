//! Views of the modules in `operations/`: one for each tag, nested as the tags of the document are.

use indexmap::{IndexMap, IndexSet};
use proc_macro2::TokenStream;
use quote::quote;
use serde::Serialize;

use crate::ir::Api;
use crate::name::{GroupNames, Names};

use super::operation::OperationView;
use super::types::{Types, ident};
use super::wire::WireModulesView;
use super::{FileView, View, api, file_stem};

/// The maximum number of methods in one `impl` block of a sub-client. More methods are split into several blocks.
const MAX_METHODS_PER_IMPL: usize = 500;

/// The view of the module of a tag: its sub-client, its operations, and the modules of the tags that it contains.
#[derive(Debug, Serialize)]
pub(crate) struct GroupView {
    root: String,
    /// The absolute path of the module.
    module: String,
    docs: Vec<String>,
    modules: Vec<String>,
    ty: String,
    operations: Vec<OperationView>,
}

/// The view of a module without operations of its own: `operations/mod.rs`, or the module of a tag that only contains
/// other tags.
#[derive(Debug, Serialize)]
pub(crate) struct ModulesView {
    docs: String,
    modules: Vec<String>,
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
    groups: Vec<Vec<OperationView>>,
    directory: &str,
) -> Vec<FileView> {
    let in_operations = |path: &str| format!("{directory}operations/{path}");
    let in_wire = |path: &str| format!("{directory}wire/operations/{path}");
    let mut tree = tree(names);
    let mut modules_in =
        |path: &[String]| -> Vec<String> { tree.swap_remove(path).into_iter().flatten().map(str::to_owned).collect() };
    let root = ModulesView {
        docs: "The operations of the API: a sub-client for each tag, and a request type for each operation.".to_owned(),
        modules: modules_in(&[]),
        untagged: names.groups.iter().find(|group| group.path.is_empty()).map(|group| group.module.clone()),
    };
    let wire = WireModulesView {
        docs: "How requests are sent, and how responses are decoded.",
        modules: root.modules.iter().chain(&root.untagged).cloned().collect(),
    };
    let mut files = vec![
        FileView::new(in_wire("mod.rs"), "wire/modules.rs.j2", View::WireModules(wire)),
        FileView::new(in_operations("mod.rs"), "operation/mod.rs.j2", View::Modules(root)),
    ];
    for ((names, accessor), mut operations) in names.groups.iter().zip(api::accessors(api, names)).zip(groups) {
        operations
            .iter_mut()
            .skip(MAX_METHODS_PER_IMPL)
            .step_by(MAX_METHODS_PER_IMPL)
            .for_each(|it| it.begins_impl = true);
        let own = [names.module.clone()];
        let (path, modules) = match names.path.as_slice() {
            [] => (own.as_slice(), Vec::new()),
            path => (path, modules_in(path)),
        };
        let path = file_of(path, modules.is_empty());
        let group = GroupView {
            root: types.root.to_string(),
            module: module(names, types.root).to_string(),
            docs: accessor.docs,
            modules,
            ty: names.ty.clone(),
            operations,
        };
        let file = FileView::new(in_operations(&path), "operation/group.rs.j2", View::Group(group));
        files.push(file.with(in_wire(&path), "wire/operations.rs.j2"));
    }
    for (path, modules) in tree {
        let docs = "The operations of the tags in this tag.".to_owned();
        let modules = modules.into_iter().map(str::to_owned).collect();
        let view = View::Modules(ModulesView { docs, modules, untagged: None });
        let path = file_of(path, false);
        let file = FileView::new(in_operations(&path), "operation/mod.rs.j2", view);
        files.push(file.with(in_wire(&path), "wire/modules.rs.j2"));
    }
    files
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

/// Returns the path of the file of a module: `NAME.rs` if the module contains no other modules, else `NAME/mod.rs`.
fn file_of(path: &[String], is_leaf: bool) -> String {
    let path: Vec<&str> = path.iter().map(|module| file_stem(module)).collect();
    format!("{}{}", path.join("/"), if is_leaf { ".rs" } else { "/mod.rs" })
}
