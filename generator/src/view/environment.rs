//! Describes the environment variables that configure a client, for `ApiInfo`, the front page and the README.

use quote::quote;

use crate::ir::{Api, SchemeKind};
use crate::name::{CredentialPart, EnvironmentVariable, Names, Setting};

use super::markdown::code;
use super::package::cell;
use super::types::ident;

/// Returns a Rust expression for each environment variable, for the field `environment` of `ApiInfo`.
pub(super) fn expressions(name: &str, api: &Api, names: &Names) -> Vec<String> {
    let variables = names.environment.iter().map(|variable| {
        let full = full_name(name, variable);
        let sets = match &variable.sets {
            Setting::Server => quote!(Server),
            Setting::BaseUrl => quote!(BaseUrl),
            Setting::RootCertificateFile => quote!(RootCertificateFile),
            Setting::AllowInsecureHttp => quote!(AllowInsecureHttp),
            Setting::ServerVariable(name) => quote!(ServerVariable(#name)),
            Setting::Credential(scheme, part) => {
                let scheme = api.security_schemes.get(*scheme).map(|scheme| scheme.name.as_str()).unwrap_or_default();
                let part = ident(part_name(*part));
                quote!(Credential(#scheme, crate::runtime::CredentialPart::#part))
            }
        };
        quote!(crate::runtime::EnvironmentVariable::new(#full, crate::runtime::EnvironmentSetting::#sets)).to_string()
    });
    variables.collect()
}

/// Returns a row of a Markdown table for each environment variable.
pub(super) fn rows(name: &str, api: &Api, names: &Names) -> Vec<String> {
    let row = |variable: &EnvironmentVariable| {
        format!("| `{}` | {} |", full_name(name, variable), describe(&variable.sets, api, names))
    };
    names.environment.iter().map(row).collect()
}

/// Returns a Rust expression that reads the environment variable of a setting, for examples in the README.
pub(super) fn read(name: &str, names: &Names, setting: &Setting) -> String {
    match names.environment.iter().find(|variable| variable.sets == *setting) {
        Some(variable) => format!("std::env::var(\"{}\")?", full_name(name, variable)),
        None => "std::env::var(\"SECRET\")?".to_owned(),
    }
}

/// Describes what an environment variable sets, for a table cell.
fn describe(sets: &Setting, api: &Api, names: &Names) -> String {
    match sets {
        Setting::Server => "the server, by name or index; default: the first".to_owned(),
        Setting::BaseUrl => "the base URL, used instead of the server".to_owned(),
        Setting::RootCertificateFile => {
            "a PEM file of root certificates to trust in addition to the platform's".to_owned()
        }
        Setting::AllowInsecureHttp => {
            "`true` permits credentials over plain `http://` to other machines, like `allow_insecure_http`".to_owned()
        }
        Setting::ServerVariable(name) => format!("the server variable {}", in_cell(name)),
        Setting::Credential(scheme, part) => {
            let setter = names.schemes.get(*scheme).map(String::as_str).unwrap_or_default();
            let scheme = api.security_schemes.get(*scheme);
            let is_mutual_tls = scheme.is_some_and(|scheme| scheme.kind == SchemeKind::MutualTls);
            let scheme = scheme.map(|scheme| in_cell(&scheme.name)).unwrap_or_default();
            match part {
                CredentialPart::Secret => format!("the secret of {scheme}, as passed to `{setter}`"),
                CredentialPart::SecretFile => {
                    "a file with this secret, read again when the server rejects the secret".to_owned()
                }
                CredentialPart::Username => format!("the user name of {scheme}"),
                CredentialPart::ClientId => format!("the ID of the OAuth2 client that gets tokens for {scheme}"),
                CredentialPart::ClientSecret => "the secret of this OAuth2 client".to_owned(),
                CredentialPart::ClientSecretFile => "a file with the secret of this OAuth2 client".to_owned(),
                CredentialPart::TokenUrl => "the token URL".to_owned(),
                CredentialPart::Scope => "the requested scopes, separated by spaces".to_owned(),
                CredentialPart::Audience => "the audience of the tokens".to_owned(),
                CredentialPart::CertificateFile => {
                    let used = if is_mutual_tls { "for" } else { "used instead of" };
                    format!("a PEM file of a client certificate and its key, {used} {scheme}")
                }
                CredentialPart::KeyFile => {
                    "a PEM file of this certificate's key, if it is in a separate file".to_owned()
                }
            }
        }
    }
}

/// Renders a name from the document as code in a table cell.
fn in_cell(name: &str) -> String {
    cell(&code(name))
}

/// Returns the full name of an environment variable, e.g. `CELLAR_TOKEN` for the API `cellar`.
fn full_name(api: &str, variable: &EnvironmentVariable) -> String {
    let letter = |character: char| if character.is_ascii_alphanumeric() { character.to_ascii_uppercase() } else { '_' };
    let prefix: String = api.chars().map(letter).collect();
    // Shells reject variable names that begin with a digit.
    let start = if prefix.starts_with(|first: char| first.is_ascii_digit()) { "API_" } else { "" };
    format!("{start}{prefix}_{}", variable.name)
}

fn part_name(part: CredentialPart) -> &'static str {
    match part {
        CredentialPart::Secret => "Secret",
        CredentialPart::SecretFile => "SecretFile",
        CredentialPart::Username => "Username",
        CredentialPart::ClientId => "ClientId",
        CredentialPart::ClientSecret => "ClientSecret",
        CredentialPart::ClientSecretFile => "ClientSecretFile",
        CredentialPart::TokenUrl => "TokenUrl",
        CredentialPart::Scope => "Scope",
        CredentialPart::Audience => "Audience",
        CredentialPart::CertificateFile => "CertificateFile",
        CredentialPart::KeyFile => "KeyFile",
    }
}
