//! Views of the client of an API, for the templates in `api/`.

use quote::quote;
use serde::Serialize;

use crate::ir::{Api, Group, SchemeKind, Type};
use crate::name::{CredentialPart, Names, SERVER_TYPE, ServerVariableNames, Setting};

use super::credentials::{self, CredentialView};
use super::docs::Docs;
use super::environment;
use super::markdown::{code, escaped};
use super::server::{only_docs, server, variant_docs};
use super::tag_features::TagFeatures;
use super::types::{Types, literal, without_raw};

/// The view of the client of one API.
#[derive(Debug, Serialize)]
pub(crate) struct ApiView {
    pub docs: Vec<String>,
    pub root: String,
    /// The Rust expression for the field `name` of the generated `ApiInfo`. The following fields up to `environment`
    /// are expressions for other fields of `ApiInfo`.
    pub name: String,
    pub version: String,
    pub servers: Vec<String>,
    pub operation_servers: Vec<String>,
    pub schemes: Vec<String>,
    pub environment: Vec<String>,
    pub from_env_docs: String,
    pub request_id_header: Option<String>,
    pub sensitive_properties: Vec<String>,
    pub groups: Vec<AccessorView>,
    pub credentials: Vec<CredentialView>,
    pub server_variants: Vec<ServerVariantView>,
    pub variables: Vec<VariableView>,
    /// The types for the settings of the client builder, e.g. `Server, Region`. Empty if there are none.
    pub setting_types: String,
    pub errors: Vec<ErrorVariantView>,
}

/// The method of a client that returns the sub-client of a tag, e.g. `client.pets()`.
#[derive(Debug, Serialize)]
pub(crate) struct AccessorView {
    /// The attribute that makes the method depend on features.
    gate: Option<String>,
    pub docs: Vec<String>,
    pub accessor: String,
    /// The path of the sub-client's type, relative to `operations`.
    pub ty: String,
}

/// A variant of the enum of servers.
#[derive(Debug, Serialize)]
pub(crate) struct ServerVariantView {
    pub docs: Vec<String>,
    pub name: String,
    pub is_default: bool,
}

/// A server variable.
#[derive(Debug, Serialize)]
pub(crate) struct VariableView {
    pub docs: Vec<String>,
    pub setter: String,
    pub name: String,
    /// The enum of the allowed values. `None` if any value is allowed.
    pub values: Option<ServerValuesView>,
}

/// The enum of the allowed values of a server variable.
#[derive(Debug, Serialize)]
pub(crate) struct ServerValuesView {
    pub docs: Vec<String>,
    pub ty: String,
    pub variants: Vec<ServerValueView>,
}

#[derive(Debug, Serialize)]
pub(crate) struct ServerValueView {
    pub docs: Vec<String>,
    pub name: String,
    /// The value in URLs, as a string literal.
    pub value: String,
}

#[derive(Debug, Serialize)]
pub(crate) struct ErrorVariantView {
    pub name: String,
    /// The variant's name in `Debug` output, as a string literal.
    pub debug_name: String,
    pub docs: Vec<String>,
    pub ty: String,
}

pub(super) fn api(
    name: &str,
    api: &Api,
    names: &Names,
    types: &Types<'_>,
    features: &TagFeatures,
    is_root: bool,
) -> ApiView {
    ApiView {
        docs: client_docs(api),
        root: types.root.to_string(),
        name: literal(name),
        version: literal(&api.version),
        servers: api.servers.iter().map(server).collect(),
        operation_servers: api.operation_servers.iter().map(server).collect(),
        schemes: credentials::schemes(api, names),
        environment: environment::expressions(name, api, names),
        from_env_docs: from_env_docs(types, is_root),
        request_id_header: api.request_id_header.as_deref().map(literal),
        sensitive_properties: api.sensitive_properties.iter().map(|name| quote!(&["**", #name]).to_string()).collect(),
        groups: accessors(api, names, types, features),
        credentials: credentials::setters(api, names),
        server_variants: server_variants(api, names),
        variables: variables(api, names),
        setting_types: setting_types(names),
        errors: names.errors.iter().map(|(ty, name)| error_variant(ty, name, types)).collect(),
    }
}

/// Returns whether the client builder has methods that are generated for the API.
pub(super) fn has_settings(api: &Api, names: &Names) -> bool {
    let has_servers = !names.servers.is_empty() || !names.server_variables.is_empty();
    // Every client builder has the method for mutual TLS.
    has_servers || api.security_schemes.iter().any(|scheme| scheme.kind != SchemeKind::MutualTls)
}

/// Returns the title, version and summary of the API.
pub(super) fn title(api: &Api) -> Docs {
    let title = format!("{}, version {}.", escaped(&api.title), code(&api.version));
    Docs::default().text(title).document_text(api.summary.as_deref())
}

/// Returns the description of the API, its external documentation, contact, license and terms of service.
pub(super) fn description(api: &Api) -> Vec<String> {
    let mut docs = Docs::default().document_text(api.description.as_deref()).external(&api.external_docs);
    let contact = api.contact.as_ref().map(|it| joined(&[&it.name, &it.email, &it.url]));
    let license = api.license.as_ref().map(|it| joined(&[&it.name, &it.identifier, &it.url]));
    let terms = api.terms_of_service.clone();
    for (what, text) in [("Contact", contact), ("License of the API", license), ("Terms of service", terms)] {
        docs =
            docs.document_text(text.filter(|text| !text.is_empty()).map(|text| format!("{what}: {text}")).as_deref());
    }
    docs.into_lines()
}

/// Joins the strings that are present with commas.
fn joined(texts: &[&Option<String>]) -> String {
    texts.iter().filter_map(|text| text.as_deref()).collect::<Vec<&str>>().join(", ")
}

/// Returns the documentation of the function that configures a client by environment variables.
fn from_env_docs(types: &Types<'_>, is_root: bool) -> String {
    let (what, page) = if is_root { ("crate", "crate".to_owned()) } else { ("module", types.link()) };
    format!(
        "Creates a client configured by environment variables, which the [documentation of the {what}]({page}) lists."
    )
}

/// Returns the documentation of the client, which describes its servers.
fn client_docs(api: &Api) -> Vec<String> {
    let mut docs = vec![format!("A client of the API \"{}\".", escaped(&api.title))];
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
        [only] => Docs::default().text(only_docs(only)),
        _ => Docs::default().text(
            "The servers are the variants of [`Server`]. Select one with \
             [`server`](crate::runtime::ClientBuilder::server) of the builder; the default is the first.",
        ),
    });
    add(credentials::mutual_tls_docs(api));
    docs
}

/// Returns the builder calls that a client requires, for examples in the README, e.g. `.token(std::env::var(…)?)`.
/// Their values are read from the environment variables of `from_env`. `library` is the name of the generated crate.
pub(super) fn example_settings(library: &str, name: &str, api: &Api, names: &Names) -> Vec<String> {
    let mut settings = Vec::new();
    let read = |setting: &Setting| environment::read(name, names, setting);
    for ServerVariableNames { name, setter, values } in &names.server_variables {
        let variable = api.server_variables().find(|variable| variable.name == *name);
        if variable.is_some_and(|variable| variable.required) {
            let parse = if values.is_some() { ".parse()?" } else { "" };
            settings.push(format!(".{setter}({}{parse})", read(&Setting::ServerVariable(name.clone()))));
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

/// Returns the documentation of the module of a group.
pub(super) fn group_docs(group: &Group) -> Vec<String> {
    Docs::default()
        .text(format!("{}.", tagged(group)))
        .document_text(group.description.as_deref())
        .external(&group.external_docs)
        .or(String::new)
}

/// Returns the title of a group: its tag, after the tags that contain it.
pub(super) fn group_title(group: &Group) -> String {
    let own = group.tag.as_deref().unwrap_or("Operations");
    group.parents.iter().map(|parent| parent.name.as_str()).chain([own]).collect::<Vec<&str>>().join(" / ")
}

/// Returns the beginning of the sentence that names the tag of a group.
pub(super) fn tagged(group: &Group) -> String {
    match &group.tag {
        Some(tag) => format!("The operations tagged {}{}", code(tag), tag_position(group)),
        None => "The operations without a tag".to_owned(),
    }
}

fn accessors(api: &Api, names: &Names, types: &Types<'_>, features: &TagFeatures) -> Vec<AccessorView> {
    let accessors = api.groups.iter().zip(&names.groups).enumerate().map(|(position, (group, names))| {
        let ty = names.path_of(&names.ty);
        let link = format!("see [`{}`]({}).", names.ty, types.path_of(&format!("operations::{ty}")));
        AccessorView {
            gate: features.group(position).attribute(),
            docs: Docs::default().text(format!("{}: {link}", tagged(group))).or(String::new),
            accessor: names.accessor.clone(),
            ty,
        }
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

/// Returns the names of the enums of servers and of the values of server variables.
pub(super) fn setting_types(names: &Names) -> String {
    let server = (!names.servers.is_empty()).then_some(SERVER_TYPE);
    let values = names.server_variables.iter().filter_map(|variable| variable.values.as_ref());
    server.into_iter().chain(values.map(|values| values.ty.as_str())).collect::<Vec<_>>().join(", ")
}

/// Returns the variants of the enum of servers.
fn server_variants(api: &Api, names: &Names) -> Vec<ServerVariantView> {
    let servers = api.servers.iter().zip(&names.servers).enumerate();
    let variants = servers.map(|(index, (server, name))| ServerVariantView {
        docs: variant_docs(server),
        name: name.clone(),
        is_default: index == 0,
    });
    variants.collect()
}

fn variables(api: &Api, names: &Names) -> Vec<VariableView> {
    let variables = names.server_variables.iter().map(|ServerVariableNames { name, setter, values }| {
        let variable = api.server_variables().find(|variable| variable.name == *name);
        let mut docs = Docs::default().text(format!("Sets the server variable {}.", code(name)));
        if let Some(variable) = variable {
            docs = docs.document_text(variable.description.as_deref());
            if values.is_none() && !variable.allowed.is_empty() {
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
        VariableView {
            docs: docs.or(String::new),
            setter: setter.clone(),
            name: literal(name),
            values: values.as_ref().map(|values| ServerValuesView {
                docs: Docs::default()
                    .text(format!("The values of the server variable {}.", code(name)))
                    .or(String::new),
                ty: values.ty.clone(),
                variants: values.variants.iter().map(value_variant).collect(),
            }),
        }
    });
    variables.collect()
}

fn value_variant((value, name): &(String, String)) -> ServerValueView {
    ServerValueView {
        docs: Docs::default().text(code(value)).or(String::new),
        name: name.clone(),
        value: literal(value),
    }
}

fn error_variant(ty: &Type, name: &str, types: &Types<'_>) -> ErrorVariantView {
    ErrorVariantView {
        debug_name: literal(without_raw(name)),
        name: name.to_owned(),
        docs: Docs::default().document_summary(types.description(ty)).or(|| "A documented error body.".to_owned()),
        ty: types.render_type(ty).to_string(),
    }
}
