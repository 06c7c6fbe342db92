//! Views of the client of an API, for the templates in `api/`.

use quote::quote;
use serde::Serialize;

use crate::ir::{Api, Group, SchemeKind, Type};
use crate::name::{CredentialPart, Names, Setting};

use super::credentials::{self, CredentialView, SchemeView};
use super::docs::Docs;
use super::environment;
use super::markdown::{code, escaped};
use super::server::{server, server_docs};
use super::types::{Types, literal};
use super::wire;

/// The view of the client of one API.
#[derive(Debug, Serialize)]
pub(crate) struct ApiView {
    pub docs: Vec<String>,
    /// Whether the API is at the root of the crate instead of in a module.
    pub is_root: bool,
    pub has_client: bool,
    pub has_webhooks: bool,
    pub has_wire: bool,
    pub root: String,
    /// The Rust expression for the field `name` of the generated `ApiInfo`. The following fields up to `environment`
    /// are expressions for other fields of `ApiInfo`.
    pub name: String,
    pub version: String,
    pub servers: Vec<String>,
    pub operation_servers: Vec<String>,
    pub schemes: Vec<SchemeView>,
    pub environment: Vec<String>,
    pub environment_docs: Vec<String>,
    pub request_id_header: String,
    pub sensitive_properties: String,
    pub groups: Vec<AccessorView>,
    pub credentials: Vec<CredentialView>,
    pub variables: Vec<VariableView>,
    pub errors: Vec<ErrorVariantView>,
}

/// The method of a client that returns the sub-client of a tag, e.g. `client.pets()`.
#[derive(Debug, Serialize)]
pub(crate) struct AccessorView {
    pub docs: Vec<String>,
    pub accessor: String,
    /// The path of the sub-client's type, relative to `operations`.
    pub ty: String,
}

#[derive(Debug, Serialize)]
pub(crate) struct VariableView {
    pub docs: Vec<String>,
    pub setter: String,
    pub name: String,
}

#[derive(Debug, Serialize)]
pub(crate) struct ErrorVariantView {
    pub name: String,
    /// The variant's name in `Debug` output, as a string literal.
    pub debug_name: String,
    pub docs: Vec<String>,
    pub ty: String,
}

pub(super) fn api(name: &str, api: &Api, names: &Names, types: &Types<'_>, is_root: bool) -> ApiView {
    let sensitive = &api.sensitive_properties;
    ApiView {
        docs: client_docs(api),
        is_root,
        has_client: api.has_client,
        has_webhooks: !api.webhooks.list.is_empty(),
        has_wire: wire::is_needed(api),
        root: types.root.to_string(),
        name: literal(name),
        version: literal(&api.version),
        servers: api.servers.iter().map(server).collect(),
        operation_servers: api.operation_servers.iter().map(server).collect(),
        schemes: credentials::schemes(api, names),
        environment: environment::expressions(name, api, names),
        environment_docs: environment::docs(name, api, names),
        request_id_header: match &api.request_id_header {
            Some(header) => quote!(::std::option::Option::Some(#header)).to_string(),
            None => quote!(::std::option::Option::None).to_string(),
        },
        sensitive_properties: quote!(&[#(&["**", #sensitive]),*]).to_string(),
        groups: accessors(api, names),
        credentials: credentials::setters(api, names),
        variables: variables(api, names),
        errors: names.errors.iter().map(|(ty, name)| error_variant(ty, name, types)).collect(),
    }
}

/// Returns the title, version and description of the API.
pub(super) fn docs(api: &Api) -> Vec<String> {
    let title = format!("{}, version {}.", escaped(&api.title), code(&api.version));
    let mut docs = Docs::default()
        .text(title)
        .document_text(api.summary.as_deref())
        .document_text(api.description.as_deref())
        .external(&api.external_docs);
    let contact = api.contact.as_ref().map(|it| joined(&[&it.name, &it.email, &it.url]));
    let license = api.license.as_ref().map(|it| joined(&[&it.name, &it.identifier, &it.url]));
    let terms = api.terms_of_service.clone();
    for (what, text) in [("Contact", contact), ("License of the API", license), ("Terms of service", terms)] {
        docs =
            docs.document_text(text.filter(|text| !text.is_empty()).map(|text| format!("{what}: {text}")).as_deref());
    }
    docs.or(String::new)
}

/// Joins the strings that are present with commas.
fn joined(texts: &[&Option<String>]) -> String {
    texts.iter().filter_map(|text| text.as_deref()).collect::<Vec<&str>>().join(", ")
}

/// Returns the documentation of the client, which describes the API and its servers.
fn client_docs(api: &Api) -> Vec<String> {
    let mut docs = docs(api);
    let mut add = |more: Docs| {
        if !more.is_empty() {
            docs.push(String::new());
            docs.extend(more.or(String::new));
        }
    };
    add(match api.servers.as_slice() {
        [] => Docs::default(),
        // OpenAPI defines a server with the URL `/` as the default of `servers`.
        [only] if only.url == "/" => Docs::default().text(
            "The API definition lists no server: set the URL with \
             [`base_url`](crate::runtime::ClientBuilder::base_url).",
        ),
        servers => Docs::default()
            .text(
                "Servers, selected with [`server`](crate::runtime::ClientBuilder::server) or \
                 [`server_named`](crate::runtime::ClientBuilder::server_named) of the builder:",
            )
            .items(server_docs(servers)),
    });
    add(credentials::mutual_tls_docs(api));
    docs
}

/// Returns the builder calls that a client requires, for examples in the README, e.g. `.token(std::env::var(…)?)`.
/// Their values are read from the environment variables of `from_env`. `library` is the name of the generated crate.
pub(super) fn example_settings(library: &str, name: &str, api: &Api, names: &Names) -> Vec<String> {
    let mut settings = Vec::new();
    let read = |setting: &Setting| environment::read(name, names, setting);
    for (variable_name, setter) in &names.server_variables {
        let variable = api.server_variables().find(|variable| variable.name == *variable_name);
        if variable.is_some_and(|variable| variable.required) {
            settings.push(format!(".{setter}({})", read(&Setting::ServerVariable(variable_name.clone()))));
        }
    }
    if let Some((scheme, setter)) = api.security_schemes.first().zip(names.schemes.first()) {
        let secret = read(&Setting::Credential(0, CredentialPart::Secret));
        settings.push(match scheme.kind {
            SchemeKind::Basic => {
                let username = read(&Setting::Credential(0, CredentialPart::Username));
                format!(".{setter}({username}, {secret})")
            }
            SchemeKind::MutualTls => {
                let file = read(&Setting::Credential(0, CredentialPart::CertificateFile));
                format!(".{setter}({library}::runtime::ClientIdentity::from_pem_files([{file}])?)")
            }
            _ => format!(".{setter}({secret})"),
        });
    }
    settings
}

pub(super) fn accessors(api: &Api, names: &Names) -> Vec<AccessorView> {
    let accessors = api.groups.iter().zip(&names.groups).map(|(group, names)| AccessorView {
        docs: Docs::default()
            .text(match &group.tag {
                Some(tag) => format!("The operations tagged {}{}.", code(tag), tag_position(group)),
                None => "The operations without a tag.".to_owned(),
            })
            .document_text(group.description.as_deref())
            .external(&group.external_docs)
            .or(String::new),
        accessor: names.accessor.clone(),
        ty: names.path_of(&names.ty),
    });
    accessors.collect()
}

/// Describes the kind of a tag, and the tags that contain it: e.g. ", of the kind `audience`, in `Books` in
/// `Products`".
fn tag_position(group: &Group) -> String {
    let kind = group.kind.as_ref().map(|kind| format!(", of the kind {}", code(kind))).unwrap_or_default();
    let parents: Vec<String> = group.parents.iter().rev().map(|parent| code(&parent.name)).collect();
    let within = if parents.is_empty() { String::new() } else { format!(", in {}", parents.join(" in ")) };
    format!("{kind}{within}")
}

fn variables(api: &Api, names: &Names) -> Vec<VariableView> {
    let variables = names.server_variables.iter().map(|(name, setter)| {
        let variable = api.server_variables().find(|variable| variable.name == *name);
        let mut docs = Docs::default().text(format!("Sets the server variable {}.", code(name)));
        if let Some(variable) = variable {
            docs = docs.document_text(variable.description.as_deref());
            if !variable.allowed.is_empty() {
                let allowed: Vec<String> = variable.allowed.iter().map(|value| code(value)).collect();
                docs = docs.text(format!("One of {}.", allowed.join(", ")));
            }
            let placeholder = format!("{{{name}}}");
            let servers = api.servers.iter().chain(&api.operation_servers);
            let rests = servers.filter_map(|server| server.url.strip_prefix(&placeholder));
            if rests.into_iter().any(|rest| rest.is_empty() || rest.starts_with('/')) {
                docs = docs.text(
                    "A server URL begins with this variable, so its value is an absolute URL such as \
                     `https://host/path`.",
                );
            }
            docs = docs.text(match (variable.required, variable.default.as_str()) {
                (true, _) => "Required: the API definition has no usable default.".to_owned(),
                (false, "") => "Default: none.".to_owned(),
                (false, default) => format!("Default: {}.", code(default)),
            });
        }
        VariableView { docs: docs.or(String::new), setter: setter.clone(), name: literal(name) }
    });
    variables.collect()
}

fn error_variant(ty: &Type, name: &str, types: &Types<'_>) -> ErrorVariantView {
    ErrorVariantView {
        debug_name: literal(name.strip_prefix("r#").unwrap_or(name)),
        name: name.to_owned(),
        docs: Docs::default().document_summary(types.description(ty)).or(|| "A documented error body.".to_owned()),
        ty: types.render_type(ty).to_string(),
    }
}
