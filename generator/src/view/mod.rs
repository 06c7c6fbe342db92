//! Converts an [`Api`] and its [`Names`] to views, the input of the templates.
//!
//! A view describes one file. All its strings are final: templates only lay them out, without escaping or decisions.

mod api;
mod body;
mod credentials;
mod deprecation;
mod derives;
mod docs;
mod environment;
mod example;
mod example_value;
mod front_page;
mod html;
mod markdown;
mod model;
mod model_files;
mod modules;
mod nesting;
mod object;
mod operation;
mod operation_docs;
mod operation_info;
mod package;
mod pagination;
mod program;
mod recursion;
mod response;
mod scalar;
mod server;
mod split;
mod status;
mod stream;
mod tag_features;
#[cfg(test)]
mod tests;
mod types;
mod union;
mod webhook;
mod wire;

use quote::quote;
use serde::Serialize;

use crate::config::{ApiConfig, Config, Feature, Layout, Runtime};
use crate::ir::Api;
use crate::name::Names;
use crate::stack;

use api::ApiView;
use front_page::FrontPageView;
pub(crate) use model::{describe_segment, has_wire_format, schema_types};
use model_files::{ModelModulesView, ModelsView, model_files};
use modules::{GroupView, ModulesView};
use operation::OperationView;
pub(crate) use package::toml_string;
use package::{
    BuilderMethodView, ExampleView, ManifestView, ModuleView, OffersView, PackageView, ReadmeApiView, ReadmeGroupView,
    ReadmeOperationView,
};
use program::ProgramView;
use tag_features::{TagFeature, TagFeatures};
pub(crate) use types::without_raw;
use types::{Types, ident, literal};
use webhook::WebhooksView;
use wire::WireModulesView;

/// A view, and the files that are rendered from it.
#[derive(Debug)]
pub struct FileView {
    /// The path and the template of each file.
    pub(crate) files: Vec<(String, &'static str)>,
    pub(crate) view: View,
}

impl FileView {
    fn new(path: impl Into<String>, template: &'static str, view: View) -> Self {
        Self { files: vec![(path.into(), template)], view }
    }

    /// Adds another file.
    fn with(mut self, path: impl Into<String>, template: &'static str) -> Self {
        self.files.push((path.into(), template));
        self
    }
}

/// The data that a template is rendered with.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(crate) enum View {
    Package(Box<PackageView>),
    Manifest(Box<ManifestView>),
    Api(Box<ClientView>),
    ApiModule(Box<ApiModuleView>),
    Models(ModelsView),
    ModelModules(ModelModulesView),
    Group(GroupView),
    Modules(ModulesView),
    Program(ProgramView),
    Webhooks(WebhooksView),
    WireModules(WireModulesView),
}

/// The view of `client.rs`: the client of an API.
#[derive(Debug, Serialize)]
pub(crate) struct ClientView {
    #[serde(flatten)]
    api: ApiView,
    /// Whether the client builder has generated methods, e.g. for credentials.
    has_settings: bool,
    /// Whether the client makes requests by method and path.
    has_requests: bool,
    /// Whether the runtime is a module of the crate.
    has_own_runtime: bool,
    /// Whether the generated methods of the client builder belong to a trait.
    has_settings_trait: bool,
    /// Whether each tag has a Cargo feature.
    has_tag_features: bool,
}

/// The view of `mod.rs`: the module of an API.
#[derive(Debug, Serialize)]
pub(crate) struct ApiModuleView {
    /// Whether the module is in a crate that is not generated.
    is_in_crate: bool,
    page: FrontPageView,
    /// The types for the settings of the client.
    setting_types: String,
    has_client: bool,
    has_webhooks: bool,
    has_wire: bool,
    has_settings_trait: bool,
}

/// The features and dependencies of a generated crate that belong to the runtime.
pub(crate) struct RuntimeManifest {
    pub features: String,
    pub default_features: Vec<String>,
    pub dependencies: String,
}

/// Returns all files of the crate except the runtime.
pub(crate) fn files(config: &Config, apis: &[(&ApiConfig, &(Api, Names))]) -> Vec<FileView> {
    let mut files = Vec::new();
    let mut modules = Vec::new();
    let mut readme = Vec::new();
    let mut pages = Vec::new();
    let mut tag_features = Vec::new();
    let mut taken_features = tag_features::reserved(config);
    let library = config.package.name.replace('-', "_");
    for (api_config, (api, names)) in apis {
        let module = api_config.name.replace('-', "_");
        let directory = match config.layout {
            Layout::Modules => format!("src/{module}/"),
            Layout::Root => "src/".to_owned(),
            // The root of the files is the directory of the module.
            Layout::Module => String::new(),
        };
        // A closure, so that each thread creates its own tokens: `TokenStream` is not `Send`.
        let root = || match config.layout {
            Layout::Modules => {
                let module = ident(&module);
                quote!(crate::#module)
            }
            Layout::Root => quote!(crate),
            Layout::Module => {
                let path = config.module.iter().map(|module| ident(module));
                quote!(crate #(::#path)*)
            }
        };
        let features = TagFeatures::of((config, api_config), api, names, &mut taken_features);
        let models = || {
            let root = root();
            let types = Types { definitions: &api.types, names, root: &root, module: &root };
            model_files(api, names, &types, (&features, &api_config.derives), &directory)
        };
        let root = root();
        let types = Types { definitions: &api.types, names, root: &root, module: &root };
        let path = match config.layout {
            Layout::Modules => format!("{library}::{module}"),
            Layout::Root => library.clone(),
            Layout::Module => [std::slice::from_ref(&library), config.module.as_slice()].concat().join("::"),
        };
        let (groups, models) = stack::both(|| groups(api, names, &types, &path), models);
        let has_settings_trait = has_settings_trait(config, api, names);
        let section = readme_api(&library, &api_config.name, api, names, path, &groups);
        let page = front_page::front_page(&section, api, names, &types, &groups, has_settings_trait);
        readme.push(section);
        files.extend(api_files(&api_config.name, api, names, &types, config, (&directory, &features), groups));
        if config.layout != Layout::Root {
            let view = ApiModuleView {
                is_in_crate: config.layout == Layout::Module,
                page: page.clone(),
                setting_types: api::setting_types(names),
                has_client: api.has_client,
                has_webhooks: !api.webhooks.list.is_empty(),
                has_wire: wire::is_needed(api),
                has_settings_trait,
            };
            let path = format!("{directory}mod.rs");
            files.push(FileView::new(path, "api/mod.rs.j2", View::ApiModule(Box::new(view))));
        }
        pages.push(page);
        files.extend(models);
        tag_features.extend(features.list);
        if config.layout == Layout::Modules {
            modules.push(ModuleView {
                feature: api_config.name.clone(),
                feature_toml: literal(&api_config.name),
                title: package::cell(&package::heading(&api.title)),
                module,
                has_client: api.has_client,
            });
        }
    }
    if config.layout == Layout::Module {
        return files;
    }
    files.extend(package_files(config, apis, (modules, tag_features), readme, pages));
    files
}

/// Returns whether the generated methods of the client builder belong to a trait: in a crate that depends on the runtime,
/// the builder is a type of another crate.
fn has_settings_trait(config: &Config, api: &Api, names: &Names) -> bool {
    config.runtime != Runtime::Copied && api.has_client && api::has_settings(api, names)
}

fn groups(api: &Api, names: &Names, types: &Types<'_>, path: &str) -> Vec<Vec<OperationView>> {
    let groups = api.groups.iter().zip(&names.groups);
    groups
        .map(|(group, names)| {
            let module = modules::module(names, types.root);
            let types = Types { module: &module, ..*types };
            let operations = group.operations.iter().zip(&names.operations);
            operations.map(|(operation, own)| operation::operation(operation, own, names, &types, path)).collect()
        })
        .collect()
}

fn api_files(
    name: &str,
    api: &Api,
    names: &Names,
    types: &Types<'_>,
    config: &Config,
    (directory, features): (&str, &TagFeatures),
    groups: Vec<Vec<OperationView>>,
) -> Vec<FileView> {
    let has_program = config.features.contains(&Feature::Cli);
    let has_own_runtime = config.runtime == Runtime::Copied;
    // Without operations, these requests are all that a client can make.
    let has_requests = config.features.contains(&Feature::Raw) || api.groups.is_empty();
    let has_settings = api::has_settings(api, names);
    let has_settings_trait = has_settings_trait(config, api, names);
    let file =
        |path: &str, template: &'static str, view: View| FileView::new(format!("{directory}{path}"), template, view);
    let mut files = Vec::new();
    files.extend(wire::modules(api, &file));
    if let Some(webhooks) = webhook::webhooks(api, names, types) {
        files.push(file("webhooks.rs", "api/webhooks.rs.j2", View::Webhooks(webhooks)));
    }
    if !api.has_client {
        return files;
    }
    let view = api::api(name, api, names, types, features, config.layout == Layout::Root);
    let has_tag_features = !features.list.is_empty();
    let view =
        ClientView { api: view, has_settings, has_requests, has_own_runtime, has_settings_trait, has_tag_features };
    let client = file("client.rs", "api/client.rs.j2", View::Api(Box::new(view)));
    files.push(client.with(format!("{directory}error.rs"), "api/error.rs.j2"));
    if has_program {
        let program = ProgramView::of(api, names, types, features);
        files.push(file("cli.rs", "api/cli.rs.j2", View::Program(program)));
    }
    files.extend(modules::operation_files(api, names, types, features, groups, directory));
    files
}

fn package_files(
    config: &Config,
    apis: &[(&ApiConfig, &(Api, Names))],
    (modules, tag_features): (Vec<ModuleView>, Vec<TagFeature>),
    readme: Vec<ReadmeApiView>,
    pages: Vec<FrontPageView>,
) -> Vec<FileView> {
    let plain: Vec<&Api> = apis.iter().map(|(_, (api, _))| api).collect();
    let description = package::description(&config.package, &plain);
    let example_block = pages.iter().find_map(|page| Some(page.client.as_ref()?.example.clone())).unwrap_or_default();
    let page = pages.into_iter().next().filter(|_| config.layout == Layout::Root);
    let callable = || apis.iter().find(|(_, (api, _))| api.has_client);
    let examples = callable().map(|(api_config, (api, _))| {
        let api_name = (config.layout == Layout::Modules).then_some(api_config.name.as_str());
        program::examples(&config.package.name, api_name, api)
    });
    let examples = examples.unwrap_or_default();
    let has_program = callable().is_some() && config.features.contains(&Feature::Cli);
    let package = PackageView {
        name: config.package.name.clone(),
        library: config.package.name.replace('-', "_"),
        name_toml: package::toml_string(&config.package.name),
        version_toml: package::toml_string(&config.package.version),
        description_toml: package::toml_string(&description),
        metadata: package::metadata(&config.package),
        docs: package::docs(&description),
        page,
        example_block,
        feature_rows: package::feature_rows(&modules, &tag_features, &config.features),
        recursion_limit: nesting::recursion_limit(&plain).map(|limit| format!("\"{limit}\"")),
        description: package::docs(&description).join("\n"),
        tag_features,
        has_modules: !modules.is_empty(),
        modules,
        has_client: callable().is_some(),
        has_own_runtime: config.runtime == Runtime::Copied,
        has_settings_trait: apis.iter().any(|(_, (api, names))| has_settings_trait(config, api, names)),
        has_program,
        has_credentials: plain.iter().any(|api| api.has_client && !api.security_schemes.is_empty()),
        offers: OffersView::of(&config.features, plain.iter().any(|api| credentials::has_certificates(api))),
        has_webhooks: plain.iter().any(|api| !api.webhooks.list.is_empty()),
        has_wire: plain.iter().any(|api| wire::is_needed(api)),
        setting_types: callable().map(|(_, (_, names))| api::setting_types(names)).unwrap_or_default(),
        examples,
        example: ExampleView::find(&readme, |_| true),
        paginated: ExampleView::find(&readme, |operation| operation.is_paginated),
        client_credentials: readme.iter().find_map(|api| {
            let method = api.client_credentials.clone()?;
            Some(BuilderMethodView { path: api.path.clone(), method })
        }),
        readme,
    };
    let manifest = View::Manifest(Box::new(ManifestView::of(package.clone())));
    let mut file = FileView::new("README.md", "package/README.md.j2", View::Package(Box::new(package)))
        .with("rustfmt.toml", "package/rustfmt.toml.j2")
        .with("src/lib.rs", "package/lib.rs.j2");
    if has_program {
        file = file.with("src/main.rs", "package/main.rs.j2");
    }
    vec![FileView::new("Cargo.toml", "package/Cargo.toml.j2", manifest), file]
}

fn readme_api(
    library: &str,
    name: &str,
    api: &Api,
    names: &Names,
    path: String,
    groups: &[Vec<OperationView>],
) -> ReadmeApiView {
    let titles = api.groups.iter().map(api::group_title);
    let groups = titles.zip(groups).zip(&names.groups).map(|((title, operations), names)| ReadmeGroupView {
        title: package::heading(&title),
        operations: operations.iter().map(|operation| ReadmeOperationView::of(operation, names)).collect(),
    });
    ReadmeApiView {
        title: package::heading(&api.title),
        path,
        has_client: api.has_client,
        settings: api::example_settings(library, name, api, names),
        environment: environment::rows(name, api, names),
        groups: groups.collect(),
        webhooks: webhook::readme(api, names),
        identifies_webhooks: api.webhooks.property.is_some(),
        client_credentials: names.oauth_clients.iter().flatten().next().cloned(),
    }
}
