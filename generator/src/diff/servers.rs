//! Compares servers and their variables.

use std::collections::{HashMap, HashSet};

use crate::ir::{Server, ServerVariable};
use crate::name::Names;

use super::differ::{At, Differ};
use super::{Change, Item, Rust, Wire};

impl<'a> Differ<'a> {
    pub fn compare_servers(&mut self, at: &At, old: &'a [Server], new: &'a [Server]) {
        let default = |servers: &'a [Server]| servers.first().map(|it| it.url.as_str());
        let (old_default, new_default) = (default(old), default(new));
        if old_default != new_default {
            let text = |url: Option<&str>| url.map_or("none".to_owned(), |url| format!("`{url}`"));
            let detail = format!("has the default server {} instead of {}", text(new_default), text(old_default));
            self.report(at, Change::Default, detail, Rust::None, Wire::Breaking);
        }
        let urls = |servers: &'a [Server]| servers.iter().map(|it| it.url.as_str()).collect::<HashSet<_>>();
        let (old_urls, new_urls) = (urls(old), urls(new));
        let server = |url: &str| at.part(Item::Server, &format!("server `{url}`"), at.old, at.new);
        for one in old.iter().skip(1).filter(|it| !new_urls.contains(it.url.as_str())) {
            self.report_removed(&server(&one.url), Rust::Patch, Wire::Breaking);
        }
        for one in new.iter().skip(1).filter(|it| !old_urls.contains(it.url.as_str())) {
            self.report_added(&server(&one.url), Rust::Minor, Wire::Note);
        }
        let new_servers: HashMap<&str, &Server> = new.iter().map(|it| (it.url.as_str(), it)).collect();
        let texts = |it: &'a Server| (&it.name, &it.description);
        for one in old {
            if new_servers.get(one.url.as_str()).is_some_and(|other| texts(other) != texts(one)) {
                self.report_docs(&server(&one.url));
            }
        }
        self.compare_variables(at, old, new);
    }

    /// Compares the variables of each server with those of the server that has the same URL, or else the same position.
    fn compare_variables(&mut self, at: &At, old: &'a [Server], new: &'a [Server]) {
        let by_url: HashMap<&str, &Server> = new.iter().map(|it| (it.url.as_str(), it)).collect();
        let names = |servers: &'a [Server]| -> HashSet<&str> {
            servers.iter().flat_map(|it| &it.variables).map(|it| it.name.as_str()).collect()
        };
        let (old_names, new_names) = (names(old), names(new));
        // Servers often have the same variables, whose changes are reported once.
        let mut known = HashSet::new();
        let content = |it: &'a ServerVariable| (&it.default, it.required, &it.allowed, &it.description);
        for (index, server) in old.iter().enumerate() {
            let other = by_url.get(server.url.as_str()).copied().or_else(|| new.get(index));
            let Some(other) = other else { continue };
            for one in &server.variables {
                let other = other.variables.iter().find(|it| it.name == one.name);
                if known.insert((&one.name, content(one), other.map(content))) {
                    self.compare_variable(at, one, other, new_names.contains(one.name.as_str()));
                }
            }
        }
        let mut added: HashSet<&str> = HashSet::new();
        for one in new.iter().flat_map(|it| &it.variables) {
            if !old_names.contains(one.name.as_str()) && added.insert(&one.name) {
                let at = at.part(Item::Server, &format!("server variable `{}`", one.name), at.old, Some(one.span));
                self.report_added(&at.named(setter(self.new.names, &one.name)), Rust::Minor, Wire::Note);
            }
        }
    }

    /// Compares a variable of a server. `has_setter` says whether the new version has a variable of this name.
    fn compare_variable(
        &mut self,
        at: &At,
        one: &'a ServerVariable,
        other: Option<&'a ServerVariable>,
        has_setter: bool,
    ) {
        let text = format!("server variable `{}`", one.name);
        let at = at.part(Item::Server, &text, Some(one.span), other.map(|it| it.span).or(at.new));
        let at = at.named([setter(self.old.names, &one.name), setter(self.new.names, &one.name)].into_iter().flatten());
        let Some(other) = other else {
            let rust = if has_setter { Rust::Patch } else { Rust::Major };
            return self.report_removed(&at, rust, Wire::Breaking);
        };
        if one.default != other.default {
            let detail = format!("has the default `{}` instead of `{}`", other.default, one.default);
            self.report(&at, Change::Default, detail, Rust::None, Wire::Breaking);
        }
        if one.required != other.required {
            let (detail, wire) = match other.required {
                true => ("is required now", Wire::Breaking),
                false => ("is optional now", Wire::Compatible),
            };
            self.report(&at, Change::Required, detail, Rust::Patch, wire);
        }
        if one.allowed != other.allowed {
            let is_narrower = !other.allowed.is_empty()
                && (one.allowed.is_empty() || one.allowed.iter().any(|it| !other.allowed.contains(it)));
            let wire = if is_narrower { Wire::Breaking } else { Wire::Note };
            self.report(&at, Change::Constraints, "allows other values", Rust::Patch, wire);
        }
        if one.description != other.description {
            self.report_docs(&at);
        }
    }
}

/// Returns the method of the client builder that sets a server variable.
fn setter(names: &Names, variable: &str) -> Option<String> {
    names.server_variables.iter().find(|it| it.name == variable).map(|it| it.setter.clone())
}
