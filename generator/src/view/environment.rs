//! The environment variables of an API: for its static description, the docs of `from_env` and the README.

use quote::quote;

use crate::ir::Api;
use crate::name::{CredentialPart, EnvironmentVariable, Names, Setting};

use super::markdown::code;
use super::types::ident;

/// Rust expressions for the static description.
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
        quote!(crate::runtime::EnvironmentVariable { name: #full, sets: crate::runtime::EnvironmentSetting::#sets })
            .to_string()
    });
    variables.collect()
}

/// The docs of `from_env`: a table.
pub(super) fn docs(name: &str, api: &Api, names: &Names) -> Vec<String> {
    let head = ["| variable | what it is |", "|---|---|"];
    head.into_iter().map(str::to_owned).chain(rows(name, api, names)).collect()
}

/// The rows of a table in Markdown.
pub(super) fn rows(name: &str, api: &Api, names: &Names) -> Vec<String> {
    let row = |variable: &EnvironmentVariable| {
        format!("| `{}` | {} |", full_name(name, variable), what(&variable.sets, api, names))
    };
    names.environment.iter().map(row).collect()
}

/// What a variable is, in a cell of a table.
fn what(sets: &Setting, api: &Api, names: &Names) -> String {
    match sets {
        Setting::Server => "the server, by its name or its index; by default the first".to_owned(),
        Setting::BaseUrl => "the base URL, in the place of the server".to_owned(),
        Setting::RootCertificateFile => "a PEM file of root certificates to trust beside the platform's".to_owned(),
        Setting::AllowInsecureHttp => {
            "`true` allows credentials over plain `http://` to other machines, as `allow_insecure_http` does".to_owned()
        }
        Setting::ServerVariable(name) => format!("the server variable {}", in_cell(name)),
        Setting::Credential(scheme, part) => {
            let setter = names.schemes.get(*scheme).map(String::as_str).unwrap_or_default();
            let of = api.security_schemes.get(*scheme).map(|scheme| in_cell(&scheme.name)).unwrap_or_default();
            match part {
                CredentialPart::Secret => format!("the secret of {of}, as for `{setter}`"),
                CredentialPart::SecretFile => "a file that holds it, read again when the server refuses it".to_owned(),
                CredentialPart::Username => format!("the user name of {of}"),
                CredentialPart::ClientId => format!("the id of the OAuth2 client that gets tokens for {of}"),
                CredentialPart::ClientSecret => "its secret".to_owned(),
                CredentialPart::ClientSecretFile => "a file that holds its secret".to_owned(),
                CredentialPart::TokenUrl => "where it gets tokens".to_owned(),
                CredentialPart::Scope => "the scopes that it asks for, with spaces between them".to_owned(),
                CredentialPart::Audience => "the audience of its tokens".to_owned(),
                CredentialPart::CertificateFile => {
                    format!(
                        "a PEM file of a client certificate in the place of {of}, with its key unless that has a file"
                    )
                }
                CredentialPart::KeyFile => "a PEM file of its key".to_owned(),
            }
        }
    }
}

/// A name of the document in a cell, which ends at a bar.
fn in_cell(name: &str) -> String {
    code(&name.replace('|', "¦"))
}

/// The whole name: the API's, then the variable's.
fn full_name(api: &str, variable: &EnvironmentVariable) -> String {
    let letter = |character: char| if character.is_ascii_alphanumeric() { character.to_ascii_uppercase() } else { '_' };
    let prefix: String = api.chars().map(letter).collect();
    // A shell takes no name that begins with a digit.
    let front = if prefix.starts_with(|first: char| first.is_ascii_digit()) { "API_" } else { "" };
    format!("{front}{prefix}_{}", variable.name)
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
