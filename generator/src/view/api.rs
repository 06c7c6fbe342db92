//! An API's client as the templates of `api/` lay it out.

use quote::quote;
use serde::Serialize;

use crate::ir::{Api, ApiKeyLocation, SchemeKind, Type};
use crate::name::Names;

use super::docs::{Docs, code, escaped};
use super::server::{server, server_docs};
use super::types::{Types, ident, literal};

/// One API.
#[derive(Debug, Serialize)]
pub(crate) struct ApiView {
    pub docs: Vec<String>,
    /// Whether the API is the crate itself.
    pub is_root: bool,
    pub root: String,
    /// Rust expressions for the static description.
    pub name: String,
    pub version: String,
    pub servers: Vec<String>,
    pub operation_servers: Vec<String>,
    pub schemes: Vec<SchemeView>,
    pub request_id_header: String,
    pub sensitive_members: String,
    pub groups: Vec<AccessorView>,
    pub credentials: Vec<CredentialView>,
    pub variables: Vec<VariableView>,
    pub errors: Vec<ErrorVariantView>,
}

#[derive(Debug, Serialize)]
pub(crate) struct SchemeView {
    pub name: String,
    pub kind: String,
    pub client_certificate: String,
    pub setter: String,
}

/// A sub-client, as its client knows it.
#[derive(Debug, Serialize)]
pub(crate) struct AccessorView {
    pub docs: Vec<String>,
    pub accessor: String,
    /// The module of the operations.
    pub module: String,
    /// The module's file without its ending.
    pub file: String,
    pub ty: String,
}

#[derive(Debug, Serialize)]
pub(crate) struct CredentialView {
    pub docs: Vec<String>,
    pub setter: String,
    pub arguments: String,
    pub scheme: String,
    pub credential: String,
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
    pub docs: Vec<String>,
    pub ty: String,
}

pub(super) fn api(name: &str, api: &Api, names: &Names, types: &Types<'_>, is_root: bool) -> ApiView {
    let sensitive = &api.sensitive_members;
    ApiView {
        docs: client_docs(api),
        is_root,
        root: types.root.to_string(),
        name: literal(name),
        version: literal(&api.version),
        servers: api.servers.iter().map(server).collect(),
        operation_servers: api.operation_servers.iter().map(server).collect(),
        schemes: schemes(api, names),
        request_id_header: match &api.request_id_header {
            Some(header) => quote!(::std::option::Option::Some(#header)).to_string(),
            None => quote!(::std::option::Option::None).to_string(),
        },
        sensitive_members: quote!(&[#(#sensitive),*]).to_string(),
        groups: accessors(api, names),
        credentials: credentials(api, names),
        variables: variables(api, names),
        errors: names.errors.iter().map(|(ty, name)| error_variant(ty, name, types)).collect(),
    }
}

/// What the API says of itself.
pub(super) fn docs(api: &Api) -> Vec<String> {
    let title = format!("{}, version {}.", escaped(&api.title), code(&api.version));
    Docs::default().own(title).foreign(api.description.as_deref()).or(String::new)
}

/// The same, and where it is served.
fn client_docs(api: &Api) -> Vec<String> {
    let mut docs = docs(api);
    let words = match api.servers.as_slice() {
        [] => return docs,
        // What OpenAPI puts in the place of a server that nobody has named.
        [only] if only.url == "/" => Docs::default().own(
            "The API's description does not say where it is served: say it by [`base_url`](crate::runtime::ClientBuilder::base_url).",
        ),
        servers => Docs::default()
            .own(
                "Its servers, for [`server`](crate::runtime::ClientBuilder::server) and \
                 [`server_named`](crate::runtime::ClientBuilder::server_named) of the builder:",
            )
            .items(server_docs(servers)),
    };
    docs.push(String::new());
    docs.extend(words.or(String::new));
    docs
}

/// The builder's methods that must be called for a client that works, with placeholders: what a README shows.
pub(super) fn example_settings(api: &Api, names: &Names) -> Vec<String> {
    let mut settings = Vec::new();
    for (name, setter) in &names.server_variables {
        let variable = api.server_variables().find(|variable| variable.name == *name);
        if let Some(variable) = variable.filter(|variable| variable.required) {
            settings.push(format!(".{setter}({})", literal(&variable.default)));
        }
    }
    if let Some((scheme, setter)) = api.security_schemes.first().zip(names.schemes.first()) {
        settings.push(match scheme.kind {
            SchemeKind::ApiKey { .. } => format!(".{setter}(key)"),
            SchemeKind::Basic => format!(".{setter}(username, password)"),
            SchemeKind::Bearer => format!(".{setter}(token)"),
        });
    }
    settings
}

fn schemes(api: &Api, names: &Names) -> Vec<SchemeView> {
    let schemes = api.security_schemes.iter().zip(&names.schemes).map(|(scheme, setter)| {
        let kind = match &scheme.kind {
            SchemeKind::ApiKey { location, name } => {
                let location = ident(match location {
                    ApiKeyLocation::Header => "Header",
                    ApiKeyLocation::Query => "Query",
                    ApiKeyLocation::Cookie => "Cookie",
                });
                quote!(crate::runtime::SchemeKind::ApiKey { location: crate::runtime::Location::#location, name: #name })
            }
            SchemeKind::Basic => quote!(crate::runtime::SchemeKind::Basic),
            SchemeKind::Bearer => quote!(crate::runtime::SchemeKind::Bearer),
        };
        let client_certificate = match &scheme.client_certificate {
            Some(rule) => {
                let prefix = &rule.host_prefix;
                quote!(::std::option::Option::Some(crate::runtime::ClientCertificateRule { host_prefix: #prefix }))
            }
            None => quote!(::std::option::Option::None),
        };
        SchemeView {
            name: literal(&scheme.name),
            kind: kind.to_string(),
            client_certificate: client_certificate.to_string(),
            setter: literal(setter),
        }
    });
    schemes.collect()
}

pub(super) fn accessors(api: &Api, names: &Names) -> Vec<AccessorView> {
    let accessors = api.groups.iter().zip(&names.groups).map(|(group, names)| AccessorView {
        docs: Docs::default()
            .own(match &group.tag {
                Some(tag) => format!("The operations of {}.", code(tag)),
                None => "The operations without a tag.".to_owned(),
            })
            .foreign(group.description.as_deref())
            .or(String::new),
        accessor: names.accessor.clone(),
        module: names.module.clone(),
        file: super::file_stem(&names.module).to_owned(),
        ty: names.ty.clone(),
    });
    accessors.collect()
}

/// One method for each way to show who calls.
fn credentials(api: &Api, names: &Names) -> Vec<CredentialView> {
    let mut credentials = Vec::new();
    let setters = names.schemes.iter().zip(&names.client_certificates);
    for (scheme, (setter, certificate_setter)) in api.security_schemes.iter().zip(setters) {
        let docs = |what: String| Docs::default().own(what).foreign(scheme.description.as_deref()).or(String::new);
        let (what, arguments, credential) = match &scheme.kind {
            SchemeKind::ApiKey { location, name } => {
                let place = match location {
                    ApiKeyLocation::Header => "header",
                    ApiKeyLocation::Query => "query parameter",
                    ApiKeyLocation::Cookie => "cookie",
                };
                (
                    format!("Sends this key in the {place} {}.", code(name)),
                    quote!(key: impl ::std::convert::Into<crate::runtime::Secret>),
                    quote!(crate::runtime::Credential::api_key(key)),
                )
            }
            SchemeKind::Basic => (
                "Sends this name and password by HTTP basic authentication.".to_owned(),
                quote!(username: impl ::std::convert::Into<::std::string::String>, password: impl ::std::convert::Into<crate::runtime::Secret>),
                quote!(crate::runtime::Credential::basic(username, password)),
            ),
            SchemeKind::Bearer => (
                "Sends this token by HTTP bearer authentication.".to_owned(),
                quote!(token: impl ::std::convert::Into<crate::runtime::Secret>),
                quote!(crate::runtime::Credential::bearer(token)),
            ),
        };
        credentials.push(CredentialView {
            docs: docs(what),
            setter: setter.clone(),
            arguments: arguments.to_string(),
            scheme: literal(&scheme.name),
            credential: credential.to_string(),
        });
        if let (Some(rule), Some(setter)) = (&scheme.client_certificate, certificate_setter) {
            let what = format!(
                "Shows this client certificate in place of the credential: the host then begins with {}, and the credential is not sent.",
                code(&rule.host_prefix)
            );
            credentials.push(CredentialView {
                docs: Docs::default().own(what).or(String::new),
                setter: setter.clone(),
                arguments: quote!(identity: crate::runtime::ClientIdentity).to_string(),
                scheme: literal(&scheme.name),
                credential: quote!(crate::runtime::Credential::client_certificate(identity)).to_string(),
            });
        }
    }
    credentials
}

fn variables(api: &Api, names: &Names) -> Vec<VariableView> {
    let variables = names.server_variables.iter().map(|(name, setter)| {
        let variable = api.server_variables().find(|variable| variable.name == *name);
        let mut docs = Docs::default().own(format!("Sets the server variable {}.", code(name)));
        if let Some(variable) = variable {
            docs = docs.foreign(variable.description.as_deref());
            if !variable.allowed.is_empty() {
                let allowed: Vec<String> = variable.allowed.iter().map(|value| code(value)).collect();
                docs = docs.own(format!("One of {}.", allowed.join(", ")));
            }
            docs = docs.own(if variable.required {
                "Must be set: the API's description has no value that works.".to_owned()
            } else {
                format!("Default: {}.", code(&variable.default))
            });
        }
        VariableView { docs: docs.or(String::new), setter: setter.clone(), name: literal(name) }
    });
    variables.collect()
}

fn error_variant(ty: &Type, name: &str, types: &Types<'_>) -> ErrorVariantView {
    ErrorVariantView {
        name: name.to_owned(),
        docs: Docs::default().foreign_line(types.words(ty)).or(|| "A documented error.".to_owned()),
        ty: types.spell(ty).to_string(),
    }
}
