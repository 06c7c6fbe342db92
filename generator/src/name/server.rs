//! Names the servers of an API, and the values of server variables.

use std::collections::{HashMap, HashSet};

use indexmap::{IndexMap, IndexSet};

use crate::ir::{Api, Server, ServerVariable};

use super::RENAME_HELP;
use super::identifier::{Case, extended, identifier};
use super::lock_file::{Key, Kind};
use super::namer::{Item, Namer};
use super::scope::Scope;
use super::words::{value_words, words};

/// The names of a server variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerVariableNames {
    /// The name in the document.
    pub name: String,
    /// The builder method that sets the variable.
    pub setter: String,
    /// The enum of the allowed values. `None` if any value is allowed.
    pub values: Option<ServerValueNames>,
}

/// The names of the enum of a server variable's allowed values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerValueNames {
    /// The name of the enum.
    pub ty: String,
    /// The allowed values, each with its variant.
    pub variants: Vec<(String, String)>,
}

/// The name of the enum of servers.
pub const SERVER_TYPE: &str = "Server";

/// The other public types and traits in the module of an API.
const API_TYPES: [&str; 6] = [SERVER_TYPE, "Client", "ClientBuilder", "ClientSettings", "Error", "ErrorBody"];

/// The maximum number of words that a variant has from the description of its server.
const MAX_WORDS: usize = 5;

/// Words at the end of a description that tell nothing about a server.
const GENERIC: [&str; 8] = ["server", "servers", "api", "environment", "endpoint", "url", "host", "instance"];

/// Returns the variants of the enum of servers. Empty if there are fewer than two servers.
pub(super) fn variants(api: &Api, namer: &mut Namer<'_>) -> Vec<String> {
    if api.servers.len() < 2 {
        return Vec::new();
    }
    let urls: Vec<Vec<String>> = api.servers.iter().map(|server| words(&server.url)).collect();
    let mut counts: HashMap<&String, usize> = HashMap::new();
    for word in urls.iter().flat_map(|url| url.iter().collect::<HashSet<_>>()) {
        *counts.entry(word).or_default() += 1;
    }
    let is_distinct = |word: &&String| counts.get(word).is_some_and(|count| *count < urls.len());
    let key = |server: &Server| Key::new(Kind::Server).part(&server.url);
    let mut scope = Scope::default();
    namer.claim(&mut scope, api.servers.iter().map(|server| (key(server), None)));
    let variants = api.servers.iter().zip(&urls).map(|(server, url)| {
        let of_url: Vec<String> = url.iter().filter(is_distinct).take(MAX_WORDS).cloned().collect();
        let of_name = name_words(server);
        let candidates = match (of_name.is_empty(), of_url.is_empty()) {
            (false, _) => vec![of_name.clone(), [of_name, of_url].concat()],
            (true, false) => vec![of_url],
            (true, true) => vec![vec!["default".to_owned()]],
        };
        let candidates: Vec<String> =
            candidates.iter().map(|words| identifier(words, Case::Pascal("Server"))).collect();
        namer.derive(&mut scope, key(server), &candidates)
    });
    variants.collect()
}

/// Returns the words of a server's name, or else the first words of its description without words such as `server`.
fn name_words(server: &Server) -> Vec<String> {
    let Some(name) = &server.name else { return Vec::new() };
    let description = server.description.as_deref().unwrap_or_default();
    if !description.split_whitespace().eq(name.split_whitespace()) {
        return words(name);
    }
    let sentence = name.split(['.', ',', ';', ':', '(']).find(|part| !words(part).is_empty()).unwrap_or(name);
    let mut short = words(sentence);
    if short.first().is_some_and(|first| matches!(first.as_str(), "a" | "an" | "the")) {
        short.remove(0);
    }
    while short.len() > 1 && short.last().is_some_and(|last| GENERIC.contains(&last.as_str())) {
        short.pop();
    }
    short.truncate(MAX_WORDS);
    short
}

/// Names the server variables: their builder methods, which share the scope `builder` with other settings, and their
/// enums.
pub(super) fn variables(api: &Api, builder: &mut Scope, namer: &mut Namer<'_>) -> Vec<ServerVariableNames> {
    let mut types = Scope::with_reserved(&API_TYPES);
    let mut by_name: IndexMap<&str, Vec<&ServerVariable>> = IndexMap::new();
    for variable in api.server_variables() {
        by_name.entry(&variable.name).or_default().push(variable);
    }
    namer.claim(&mut types, by_name.keys().map(|name| (type_key(name), None)));
    let named = by_name.into_iter().filter_map(|(name, of_servers)| {
        let first = of_servers.first()?;
        let rule = identifier(&words(name), Case::Snake("variable"));
        let item = Item {
            key: Some(setter_key(name)),
            rust_name: first.rust_name.as_deref(),
            candidates: vec![rule.clone(), extended(&rule, "_variable")],
            span: first.span,
            help: RENAME_HELP,
        };
        let setter = namer.take(builder, item);
        let values = values(name, &of_servers, &setter, &mut types, namer);
        Some(ServerVariableNames { name: name.to_owned(), setter, values })
    });
    named.collect()
}

/// Returns the key of the builder method that sets a server variable.
pub(super) fn setter_key(variable: &str) -> Key {
    Key::new(Kind::ServerVariable).part(variable)
}

/// Returns the key of the enum of a server variable's allowed values.
fn type_key(variable: &str) -> Key {
    Key::new(Kind::ServerType).part(variable)
}

/// Names the allowed values of a variable: those of all servers that have the variable. `None` if a server allows any
/// value.
fn values(
    name: &str,
    of_servers: &[&ServerVariable],
    setter: &str,
    types: &mut Scope,
    namer: &mut Namer<'_>,
) -> Option<ServerValueNames> {
    if of_servers.iter().any(|variable| variable.allowed.is_empty()) {
        return None;
    }
    let allowed: IndexSet<&String> = of_servers.iter().flat_map(|variable| &variable.allowed).collect();
    let key = |value: &str| Key::new(Kind::ServerValue).part(name).part(value);
    let mut scope = Scope::default();
    namer.claim(&mut scope, allowed.iter().map(|value| (key(value), None)));
    let variants = allowed.into_iter().map(|value| {
        let rule = identifier(&value_words(value), Case::Pascal("value"));
        (value.clone(), namer.derive(&mut scope, key(value), &[rule.clone(), extended(&rule, "Value")]))
    });
    let variants = variants.collect();
    let rule = identifier(&words(setter), Case::Pascal("variable"));
    let ty = namer.derive(types, type_key(name), &[rule.clone(), extended(&rule, "Variable")]);
    Some(ServerValueNames { ty, variants })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(name: Option<&str>, description: Option<&str>) -> Server {
        let [name, description] = [name, description].map(|text| text.map(str::to_owned));
        Server { name: name.or(description.clone()), url: String::new(), description, variables: Vec::new() }
    }

    #[test]
    fn description_is_shortened() {
        for (description, expected) in [
            ("Production server", "production"),
            ("The European API server.", "european"),
            ("Sandbox (with test data only)", "sandbox"),
            ("Any Datadog deployment.", "any datadog deployment"),
            ("The regional site for customers of the service", "regional site for customers of"),
            ("API server", "api"),
            ("(Test)", "test"),
            ("...", ""),
        ] {
            assert_eq!(name_words(&server(None, Some(description))).join(" "), expected);
        }
    }

    #[test]
    fn name_is_kept() {
        assert_eq!(name_words(&server(Some("EU server"), Some("For Europe."))).join(" "), "eu server");
    }
}
