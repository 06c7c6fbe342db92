//! Chooses all Rust identifiers of the generated code for an API. No other module creates identifiers.
//!
//! A name is the value of `x-rust-name`, or is derived from the name in the document. The names in a scope, e.g. of the
//! fields of a struct, are chosen in document order. If a name is already used in the scope, context is added, e.g.
//! `id_in_query` instead of `id`, or a number as a last resort. Such collisions are reported as notes.

mod content;
mod environment;
mod identifier;
mod method;
mod model;
mod operation;
mod operation_id;
mod route;
mod scope;
mod webhook;
mod words;

use crate::diagnostics::{Code, Diagnostic, Diagnostics};
use crate::ir::{Api, SchemeKind, Type};
use crate::source::Span;

use identifier::{Case, extended, identifier};
use scope::Scope;
pub(crate) use words::words;

pub use content::{FormNames, OTHER_PART, VariantNames};
pub use environment::{CredentialPart, EnvironmentVariable, Setting};
pub use model::{PropertyNames, TypeNames};
pub use operation::{GroupNames, OperationNames, SERVER};
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
    /// The names of server variables with the builder methods that set them, in the order of first use.
    pub server_variables: Vec<(String, String)>,
    /// The environment variables that the generated function `from_env` reads.
    pub environment: Vec<EnvironmentVariable>,
    /// The names of the webhooks.
    pub webhooks: WebhookNames,
}

/// The methods that every client builder has. Generated builder methods must have other names.
const BUILDER_METHODS: [&str; 29] = [
    "new",
    "build",
    "credential",
    "server",
    "server_named",
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

/// Chooses the Rust names of all items of an API. Reports name collisions as notes.
pub fn name(api: &Api, diagnostics: &mut Diagnostics) -> Names {
    let types = model::types(api, diagnostics);
    let groups = operation::groups(api, diagnostics);
    let errors = model::errors(api, &types, diagnostics);
    let mut builder = Scope::with_reserved(&BUILDER_METHODS);
    let schemes: Vec<String> = api
        .security_schemes
        .iter()
        .map(|scheme| {
            if scheme.kind == SchemeKind::MutualTls {
                return CLIENT_IDENTITY.to_owned();
            }
            let rule = identifier(&words(&scheme.name), Case::Snake("credential"));
            let candidates = [rule.clone(), extended(&rule, "_credential")];
            take(&mut builder, scheme.rust_name.as_deref(), &candidates, scheme.span, RENAME_HELP, diagnostics)
        })
        .collect();
    let client_certificates = client_certificates(api, &schemes, &mut builder);
    let server_variables = server_variables(api, &mut builder, diagnostics);
    // Names from the document take precedence. Therefore, names derived from them, such as `token_provider`, are chosen
    // last.
    let with_setters = || api.security_schemes.iter().zip(&schemes);
    let providers = with_setters()
        .map(|(scheme, setter)| {
            let has_provider = scheme.kind != SchemeKind::MutualTls;
            has_provider.then(|| builder.take(&[extended(setter, "_provider")]).0)
        })
        .collect();
    let bearers = with_setters()
        .map(|(scheme, setter)| scheme.kind.is_authorization_key().then(|| bearer(setter, &mut builder)))
        .collect();
    let oauth_clients = with_setters();
    let oauth_clients = oauth_clients
        .map(|(scheme, setter)| {
            scheme.kind.is_token().then(|| builder.take(&[extended(setter, "_client_credentials")]).0)
        })
        .collect();
    let environment = environment::variables(api, &schemes, &server_variables);
    let webhooks = webhook::webhooks(api, diagnostics);
    Names {
        types,
        groups,
        errors,
        schemes,
        providers,
        bearers,
        oauth_clients,
        client_certificates,
        server_variables,
        environment,
        webhooks,
    }
}

/// Returns the builder method that sets a bearer token for the scheme with the builder method `setter`.
fn bearer(setter: &str, builder: &mut Scope) -> String {
    const BEARER: &str = "bearer";
    let other = if setter == BEARER { "_token" } else { "_bearer" };
    builder.take(&[BEARER.to_owned(), extended(setter, other)]).0
}

/// Returns the builder method for the client certificate of each security scheme. If only one scheme supports client
/// certificates, the method is called `client_certificate`.
fn client_certificates(api: &Api, schemes: &[String], builder: &mut Scope) -> Vec<Option<String>> {
    let certificates = api.security_schemes.iter().filter(|scheme| scheme.client_certificate.is_some()).count();
    let schemes = api.security_schemes.iter().zip(schemes);
    schemes
        .map(|(scheme, setter)| match scheme.client_certificate {
            None => None,
            // The scope of the builder already contains this name as a reserved name.
            Some(_) if certificates == 1 => Some(CLIENT_CERTIFICATE.to_owned()),
            Some(_) => Some(builder.take(&[extended(setter, "_client_certificate")]).0),
        })
        .collect()
}

/// Returns the server variables with the builder methods that set them.
fn server_variables(api: &Api, builder: &mut Scope, diagnostics: &mut Diagnostics) -> Vec<(String, String)> {
    let mut named: Vec<(String, String)> = Vec::new();
    for variable in api.server_variables() {
        if named.iter().any(|(known, _)| *known == variable.name) {
            continue;
        }
        let rule = identifier(&words(&variable.name), Case::Snake("variable"));
        let candidates = [rule.clone(), extended(&rule, "_variable")];
        let setter = take(builder, variable.rust_name.as_deref(), &candidates, variable.span, RENAME_HELP, diagnostics);
        named.push((variable.name.clone(), setter));
    }
    named
}

/// Takes a name in `scope`: `rust_name`, or the first free candidate. Reports a note if the first choice is not free.
fn take(
    scope: &mut Scope,
    rust_name: Option<&str>,
    candidates: &[String],
    span: Span,
    help: &str,
    diagnostics: &mut Diagnostics,
) -> String {
    let overridden: Vec<String> = rust_name.map(identifier::valid).into_iter().collect();
    let all = [overridden.as_slice(), candidates].concat();
    let (taken, is_first) = scope.take(&all);
    if !is_first {
        let wanted = all.first().map_or("", String::as_str);
        let message = format!("the name `{wanted}` is already used; the generated name is `{taken}`");
        let note = Diagnostic::note(Code::NameCollision, span, message).help(help);
        // Reserved names have no location.
        diagnostics.push(match scope.location(wanted) {
            Some(first) if first != span => note.related(first, format!("`{wanted}` is used here")),
            _ => note,
        });
    }
    scope.set_location(&taken, span);
    taken
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
