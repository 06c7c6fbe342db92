//! Chooses all Rust identifiers of the generated code for an API. No other module creates identifiers.
//!
//! A name is the value of `x-rust-name`, or is derived from the name in the document. The names in a scope, e.g. of the
//! fields of a struct, are chosen in document order, after the names of the previous [`LockFile`]. If a name is already
//! used in the scope, context is added, e.g. `id_in_query` instead of `id`, or a number as a last resort. Such collisions
//! are reported as notes.

mod content;
mod environment;
mod identifier;
mod inline;
mod lock_file;
mod method;
mod model;
mod namer;
mod operation;
mod operation_id;
mod places;
mod route;
mod scope;
mod server;
mod webhook;
mod words;

use std::collections::HashSet;

use crate::customize::Rename;
use crate::diagnostics::Diagnostics;
use crate::ir::{Api, SchemeKind, SecurityScheme, Type};

use identifier::{Case, extended, identifier};
use lock_file::{Key, Kind};
use namer::{Item, Namer};
use scope::Scope;
use words::words;

pub use content::{FormNames, OTHER_PART, VariantNames};
pub use environment::{CredentialPart, EnvironmentVariable, Setting};
pub use lock_file::{Changes, LOCK_FILE, LockFile, Section};
pub use model::{PropertyNames, TypeNames};
pub use operation::{GroupNames, OperationNames, RequiredNames, SERVER, part_modules};
pub(crate) use places::locked_types;
pub use route::raw_segments;
pub use server::{SERVER_TYPE, ServerValueNames, ServerVariableNames};
pub use webhook::WebhookNames;

/// The Rust name of every item of an API.
#[derive(Debug, Clone, PartialEq)]
pub struct Names {
    /// The names of each type and of its fields or variants, indexed by `TypeId`.
    pub types: Vec<TypeNames>,
    /// The names of each group of operations, in the order of [`Api::groups`].
    pub groups: Vec<GroupNames>,
    /// The variants of the error enum: one for each type of body in documented error responses, in the order of first
    /// use.
    pub errors: Vec<(Type, String)>,
    /// For each security scheme, the method of the client builder that sets the credential. For mutual TLS, the method
    /// [`CLIENT_IDENTITY`] that every client builder has.
    pub schemes: Vec<String>,
    /// For each security scheme, the builder method that sets a credential provider. `None` for mutual TLS.
    pub providers: Vec<Option<String>>,
    /// For each security scheme, the builder method that sets a bearer token. `None` unless the credential is an API key
    /// in the header `Authorization`.
    pub bearers: Vec<Option<String>>,
    /// For each security scheme, the builder method that sets OAuth2 client credentials. `None` if the credential is
    /// not a bearer token.
    pub oauth_clients: Vec<Option<String>>,
    /// For each security scheme, the builder method that sets a client certificate instead of the credential. `None`
    /// for schemes without `x-client-certificate`.
    pub client_certificates: Vec<Option<String>>,
    /// The variants of the enum of servers, in the order of [`Api::servers`]. Empty if there is no choice.
    pub servers: Vec<String>,
    /// The names of the server variables, in the order of first use.
    pub server_variables: Vec<ServerVariableNames>,
    /// The environment variables that the generated function `from_env` reads.
    pub environment: Vec<EnvironmentVariable>,
    /// The names of the webhooks.
    pub webhooks: WebhookNames,
    /// The names for the next lock file.
    pub(crate) recorded: Section,
}

/// The methods that every client builder has, and `server`. Generated builder methods must have other names.
const BUILDER_METHODS: [&str; 29] = [
    "new",
    "build",
    "credential",
    "server",
    "server_index",
    "server_variable",
    "base_url",
    "timeout",
    "attempt_timeout",
    "idle_timeout",
    "connect_timeout",
    "user_agent",
    "header",
    "root_certificate_pem",
    "only_root_certificates_pem",
    "danger_accept_invalid_certificates",
    "allow_insecure_http",
    "proxy",
    "no_proxy",
    "retry",
    "retry_budget",
    "redirects",
    "transport",
    "resolve",
    "max_response_bytes",
    "from_env",
    CLIENT_CERTIFICATE,
    CLIENT_IDENTITY,
    "clone",
];

/// The name of the builder method that sets the client certificate for mutual TLS.
pub const CLIENT_IDENTITY: &str = "client_identity";

/// The name of the builder method that sets a client certificate, if only one security scheme of the API supports
/// client certificates.
const CLIENT_CERTIFICATE: &str = "client_certificate";

/// The help text of most name collisions.
const RENAME_HELP: &str = "write `x-rust-name: …` here to choose another name";

/// Chooses the Rust names of all items of an API. Items in the section `previous` of the lock file keep their names.
/// Reports name collisions as notes, and as errors for the names in `renames`.
pub fn name(api: &Api, previous: &Section, renames: &[Rename], diagnostics: &mut Diagnostics) -> Names {
    let namer = &mut Namer::new(previous, renames, diagnostics);
    let types = model::types(api, namer);
    let groups = operation::groups(api, namer);
    let errors = model::errors(api, &types, namer);
    let mut builder = Scope::with_reserved(&BUILDER_METHODS);
    claim_builder_methods(api, &mut builder, namer);
    let schemes: Vec<String> = api
        .security_schemes
        .iter()
        .map(|scheme| {
            if scheme.kind == SchemeKind::MutualTls {
                return CLIENT_IDENTITY.to_owned();
            }
            let rule = identifier(&words(&scheme.name), Case::Snake("credential"));
            let item = Item {
                key: Some(credential_key(scheme, "")),
                rust_name: scheme.rust_name.as_deref(),
                candidates: vec![rule.clone(), extended(&rule, "_credential")],
                span: scheme.span,
                help: RENAME_HELP,
            };
            namer.take(&mut builder, item)
        })
        .collect();
    let client_certificates = client_certificates(api, &schemes, &mut builder, namer);
    let server_variables = server::variables(api, &mut builder, namer);
    let servers = server::variants(api, namer);
    // Names from the document take precedence. Therefore, names derived from them, such as `token_provider`, are chosen
    // last.
    let with_setters = || api.security_schemes.iter().zip(&schemes);
    let providers = with_setters()
        .map(|(scheme, setter)| {
            let has_provider = scheme.kind != SchemeKind::MutualTls;
            let name = [extended(setter, "_provider")];
            has_provider.then(|| namer.derive(&mut builder, credential_key(scheme, "provider"), &name))
        })
        .collect();
    let bearers = with_setters()
        .map(|(scheme, setter)| scheme.kind.is_authorization_key().then(|| bearer(scheme, setter, &mut builder, namer)))
        .collect();
    let oauth_clients = with_setters()
        .map(|(scheme, setter)| {
            let name = [extended(setter, "_client_credentials")];
            scheme.kind.is_token().then(|| namer.derive(&mut builder, credential_key(scheme, "client"), &name))
        })
        .collect();
    let environment = environment::variables(api, &schemes, &server_variables, namer);
    let webhooks = webhook::webhooks(api, namer);
    Names {
        types,
        groups,
        errors,
        schemes,
        providers,
        bearers,
        oauth_clients,
        client_certificates,
        servers,
        server_variables,
        environment,
        webhooks,
        recorded: namer.take_recorded(),
    }
}

/// The labels of the builder methods of a security scheme in the lock file.
const CREDENTIAL_LABELS: [&str; 5] = ["", "provider", "bearer", "client", "certificate"];

/// Returns the key of a builder method of a security scheme.
fn credential_key(scheme: &SecurityScheme, label: &str) -> Key {
    Key::new(Kind::Credential).part(&scheme.name).plain(label)
}

/// Reserves the names of builder methods in the lock file.
fn claim_builder_methods(api: &Api, builder: &mut Scope, namer: &mut Namer<'_>) {
    let mut methods: Vec<(Key, Option<&str>)> = Vec::new();
    for label in CREDENTIAL_LABELS {
        methods.extend(api.security_schemes.iter().map(|scheme| {
            let rust_name = scheme.rust_name.as_deref().filter(|_| label.is_empty());
            (credential_key(scheme, label), rust_name)
        }));
    }
    let mut known = HashSet::new();
    let variables = api.server_variables().filter(|variable| known.insert(variable.name.as_str()));
    methods.extend(variables.map(|variable| (server::setter_key(&variable.name), variable.rust_name.as_deref())));
    namer.claim(builder, methods);
}

/// Returns the builder method that sets a bearer token for the scheme with the builder method `setter`.
fn bearer(scheme: &SecurityScheme, setter: &str, builder: &mut Scope, namer: &mut Namer<'_>) -> String {
    const BEARER: &str = "bearer";
    let other = if setter == BEARER { "_token" } else { "_bearer" };
    namer.derive(builder, credential_key(scheme, "bearer"), &[BEARER.to_owned(), extended(setter, other)])
}

/// Returns the builder method for the client certificate of each security scheme. If only one scheme supports client
/// certificates, the method is called `client_certificate`. It keeps this name if another such scheme is added.
fn client_certificates(
    api: &Api,
    schemes: &[String],
    builder: &mut Scope,
    namer: &mut Namer<'_>,
) -> Vec<Option<String>> {
    let key = |scheme: &SecurityScheme| credential_key(scheme, "certificate");
    let with_certificate = || api.security_schemes.iter().filter(|scheme| scheme.client_certificate.is_some());
    let only = with_certificate().next().filter(|_| with_certificate().count() == 1);
    let keeps = |scheme: &&SecurityScheme| namer.previous(&key(scheme)) == Some(CLIENT_CERTIFICATE);
    // The scope of the builder contains this name as a reserved name.
    let short = only.or_else(|| with_certificate().find(keeps)).map(|scheme| scheme.name.clone());
    let schemes = api.security_schemes.iter().zip(schemes);
    schemes
        .map(|(scheme, setter)| {
            scheme.client_certificate.as_ref()?;
            if short.as_ref() == Some(&scheme.name) {
                namer.record(key(scheme), CLIENT_CERTIFICATE);
                return Some(CLIENT_CERTIFICATE.to_owned());
            }
            Some(namer.derive(builder, key(scheme), &[extended(setter, "_client_certificate")]))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the names of the public methods in a file of the runtime, including methods that macros define.
    fn methods(text: &str) -> Vec<&str> {
        let functions = text.lines().map(str::trim_start).filter_map(|line| {
            let rest = line.strip_prefix("pub ")?;
            rest.strip_prefix("async ").unwrap_or(rest).strip_prefix("fn ")
        });
        functions.filter_map(|rest| rest.split(['(', '<']).next()).collect()
    }

    #[test]
    fn builder_methods_are_reserved() {
        let defined = methods(include_str!("../../../templates/runtime/src/builder.rs"));
        assert!(defined.contains(&"build"), "{defined:?}");
        for method in defined {
            assert!(BUILDER_METHODS.contains(&method), "{method}");
        }
    }

    #[test]
    fn call_methods_are_reserved() {
        let send = methods(include_str!("../../../templates/runtime/src/operation.rs"));
        let paging = include_str!("../../../templates/runtime/src/paging/mod.rs");
        let (_, paging) = paging.split_once("macro_rules! paginated").unwrap();
        let streaming = include_str!("../../../templates/runtime/src/streaming/items.rs");
        let (_, streaming) = streaming.split_once("macro_rules! streaming").unwrap();
        assert!(send.contains(&"send"), "{send:?}");
        for (defined, reserved) in [
            (send, &operation::CALL_METHODS[..]),
            (methods(paging), &operation::PAGING_METHODS),
            (methods(streaming), &operation::STREAM_METHODS),
        ] {
            assert!(defined.iter().all(|method| reserved.contains(method)), "{defined:?}");
        }
    }
}
