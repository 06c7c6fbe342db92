//! Compares security schemes and security requirements.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::ir::{Operation, SchemeKind, SecurityScheme};
use crate::name::Names;

use super::differ::{At, Differ};
use super::{Change, Rust, Wire};

impl Differ<'_> {
    pub fn compare_security(&mut self, at: &At, old: &Operation, new: &Operation) {
        let requirements = |it: &Operation| -> HashSet<BTreeSet<String>> {
            it.security.iter().map(|requirement| requirement.iter().cloned().collect()).collect()
        };
        let (old_all, new_all) = (requirements(old), requirements(new));
        let is_free = new_all.is_empty() || new_all.contains(&BTreeSet::new());
        let was_free = old_all.is_empty();
        if old_all != new_all {
            // A running client sends the credentials of any requirement that it knows.
            let is_accepted = is_free || !was_free && old_all.is_subset(&new_all);
            let wire = if is_accepted { Wire::Compatible } else { Wire::Breaking };
            let detail = if is_free { "needs no credentials now" } else { "has other security requirements" };
            self.report(at, Change::Security, detail, Rust::None, wire);
        }
        let scopes = |it: &Operation| -> HashSet<(String, String)> {
            let all =
                it.scopes.iter().flat_map(|(scheme, scopes)| scopes.iter().map(move |it| (scheme.clone(), it.clone())));
            all.collect()
        };
        let (old_scopes, new_scopes) = (scopes(old), scopes(new));
        if old_scopes != new_scopes {
            let is_accepted = new_scopes.is_subset(&old_scopes);
            let wire = if is_accepted { Wire::Compatible } else { Wire::Breaking };
            self.report(at, Change::Security, "needs other scopes", Rust::None, wire);
        }
    }

    pub fn compare_security_schemes(&mut self) {
        let (old, new) = (self.old, self.new);
        let mut added: HashMap<&str, (usize, &SecurityScheme)> = HashMap::new();
        for (index, scheme) in new.api.security_schemes.iter().enumerate() {
            added.insert(&scheme.name, (index, scheme));
        }
        for (index, one) in old.api.security_schemes.iter().enumerate() {
            let other = added.remove(one.name.as_str());
            let names =
                setters(old.names, index).chain(other.into_iter().flat_map(|(index, _)| setters(new.names, index)));
            let at = scheme_at(&one.name, Some(one), other.map(|(_, it)| it)).named(names);
            let Some((_, other)) = other else {
                self.report_removed(&at, Rust::Major, Wire::Breaking);
                continue;
            };
            self.compare_deprecation(&at, one.deprecated, other.deprecated);
            if one.description != other.description {
                self.report_docs(&at);
            }
            if one.client_certificate != other.client_certificate {
                let detail = "has another rule for client certificates";
                self.report(&at, Change::Security, detail, Rust::Major, Wire::Breaking);
            }
            self.compare_kinds(&at, &one.kind, &other.kind);
        }
        for (index, one) in new.api.security_schemes.iter().enumerate() {
            if added.contains_key(one.name.as_str()) {
                let at = scheme_at(&one.name, None, Some(one)).named(setters(new.names, index));
                self.report_added(&at, Rust::Minor, Wire::None);
            }
        }
    }

    fn compare_kinds(&mut self, at: &At, old: &SchemeKind, new: &SchemeKind) {
        if old == new {
            return;
        }
        if std::mem::discriminant(old) != std::mem::discriminant(new) {
            let detail = "is a scheme of another type";
            return self.report(at, Change::Security, detail, Rust::Major, Wire::Breaking);
        }
        if let (SchemeKind::Bearer { .. }, SchemeKind::Bearer { .. }) = (old, new) {
            return self.report_docs(at);
        }
        let rust = if old.is_authorization_key() == new.is_authorization_key() { Rust::None } else { Rust::Major };
        self.report(at, Change::Security, "is sent or requested differently", rust, Wire::Breaking);
    }
}

/// Returns the methods of the client builder for a security scheme.
fn setters(names: &Names, index: usize) -> impl Iterator<Item = String> + use<'_> {
    let optional = [&names.providers, &names.bearers, &names.oauth_clients, &names.client_certificates];
    let optional = optional.into_iter().filter_map(move |names| names.get(index)?.clone());
    names.schemes.get(index).cloned().into_iter().chain(optional)
}

fn scheme_at(name: &str, old: Option<&SecurityScheme>, new: Option<&SecurityScheme>) -> At {
    let subject = format!("security scheme `{name}`");
    At::api(super::Item::SecurityScheme, subject, old.map(|it| it.span), new.map(|it| it.span))
}
