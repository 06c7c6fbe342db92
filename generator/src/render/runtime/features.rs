//! The features of the runtime: those that a generated crate needs, and those that it offers to its users.

use std::collections::{BTreeMap, BTreeSet};

use crate::config::Feature;

use super::{BASE, SHARED};

/// The features of the runtime in its manifest.
pub(super) struct Features<'a> {
    /// The features that each feature enables, of the runtime or of a dependency, as in the manifest.
    enables: BTreeMap<&'a str, Vec<&'a str>>,
    /// The lines of the manifest's table, comments included.
    table: &'a str,
}

/// The features of the runtime that one generated crate uses.
pub(super) struct Selection<'a> {
    /// The features that are always on.
    pub on: BTreeSet<&'a str>,
    /// The features that the generated crate offers as features of its own.
    pub offered: BTreeSet<&'a str>,
}

impl<'a> Features<'a> {
    /// Reads the table `[features]` of a manifest. Each feature is on a line of its own.
    pub fn of(table: &'a str) -> Self {
        let definitions = table.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(" = "));
        Self { enables: definitions.map(|(name, list)| (name, strings(list))).collect(), table }
    }

    /// Returns the features that are on by default.
    fn defaults(&self) -> &[&'a str] {
        self.enables.get("default").map_or(&[], Vec::as_slice)
    }

    /// Returns the names of all features.
    #[cfg(test)]
    pub fn names(&self) -> impl Iterator<Item = &'a str> {
        self.enables.keys().copied()
    }

    /// Returns those of the names that are features of the runtime.
    pub fn known(&self, names: &BTreeSet<&str>) -> BTreeSet<&'a str> {
        self.enables.keys().copied().filter(|name| names.contains(name)).collect()
    }

    /// Selects the features of a crate: those that the generated code needs, and those that the configuration asks for.
    /// With `offers`, the crate offers the Cargo features among the latter as features of its own. Otherwise, they are
    /// always on.
    pub fn select(&self, needed: &BTreeSet<&'a str>, wanted: &BTreeSet<Feature>, offers: bool) -> Selection<'a> {
        let names = |is_cargo_feature: bool| {
            let features = wanted.iter().filter(move |feature| feature.is_cargo_feature() == is_cargo_feature);
            features.map(|feature| feature.name())
        };
        let mut offered = self.known(&names(true).chain(Feature::ALWAYS).collect());
        let mut waiting: Vec<&str> = self.known(&names(false).collect()).into_iter().collect();
        if !offers {
            let defaults = self.defaults();
            let is_on = |name: &&str| !Feature::ALWAYS.contains(name) || defaults.contains(name);
            waiting.extend(std::mem::take(&mut offered).into_iter().filter(is_on));
        }
        waiting.extend(needed.iter().copied().filter(|name| !offered.contains(name)));
        waiting.extend(offered.iter().flat_map(|name| self.enabled_by(name)));
        waiting.push(BASE);
        let mut on = BTreeSet::new();
        while let Some(name) = waiting.pop() {
            if !offered.contains(name) && on.insert(name) {
                waiting.extend(self.enabled_by(name));
            }
        }
        Selection { on, offered }
    }

    /// Returns the features of the runtime that a feature enables.
    fn enabled_by(&self, name: &str) -> impl Iterator<Item = &'a str> {
        let list = self.enables.get(name).into_iter().flatten().copied();
        list.filter(|feature| self.enables.contains_key(feature))
    }

    /// Returns the default features of a generated crate.
    pub fn default_features(&self, selection: &Selection<'_>) -> Vec<String> {
        let offered = self.defaults().iter().filter(|name| selection.offered.contains(*name));
        offered.map(|name| (*name).to_owned()).collect()
    }

    /// Returns the lines that define the offered features, with their comments. `definition` returns the items of a
    /// feature.
    pub fn definitions(
        &self,
        selection: &Selection<'_>,
        definition: impl Fn(&str, &[&'a str]) -> Vec<String>,
    ) -> String {
        let mut lines: Vec<String> = Vec::new();
        let mut comments: Vec<&str> = Vec::new();
        for line in self.table.lines() {
            let Some((name, _)) = line.split_once(" = ").filter(|_| !line.starts_with('#')) else {
                comments.push(line);
                continue;
            };
            let comments = std::mem::take(&mut comments);
            if let Some(enabled) = self.enables.get(name).filter(|_| selection.offered.contains(name)) {
                lines.extend(comments.into_iter().filter(|line| !line.is_empty()).map(str::to_owned));
                let items: Vec<String> = definition(name, enabled).iter().map(|item| format!("\"{item}\"")).collect();
                lines.push(format!("{name} = [{}]", items.join(", ")));
            }
        }
        lines.join("\n")
    }

    /// Returns the items of a feature's definition in a crate that contains the runtime: without the features that are
    /// always on, and without the dependencies that these features need.
    pub fn own(&self, selection: &Selection<'_>, enabled: &[&str]) -> Vec<String> {
        let is_own = |item: &&&str| match item.strip_prefix("dep:") {
            Some(dependency) => !selection.on.iter().any(|feature| self.needs(feature, dependency)),
            None => !self.enables.contains_key(**item) || selection.offered.contains(**item),
        };
        enabled.iter().filter(is_own).map(|item| (*item).to_owned()).collect()
    }

    /// Returns whether a feature enables an optional dependency.
    fn needs(&self, feature: &str, dependency: &str) -> bool {
        let enabled = self.enables.get(feature).into_iter().flatten();
        enabled.filter_map(|item| item.strip_prefix("dep:")).any(|name| name == dependency)
    }

    /// Returns how a dependency is declared in a crate that contains the runtime: `None` if no feature needs it.
    /// `line` is its declaration in the manifest of the runtime.
    pub fn dependency(&self, selection: &Selection<'_>, line: &str) -> Option<String> {
        let optional = ", optional = true";
        let Some((name, _)) = line.split_once(" = ").filter(|_| line.contains(optional)) else {
            return Some(line.to_owned());
        };
        let needs = |feature: &&str| self.needs(feature, name);
        if selection.on.iter().any(needs) {
            let plain = line.replace(optional, "");
            // A table with only a version is written as the version.
            let version = plain.strip_suffix(" }").and_then(|line| line.split_once("{ version = "));
            return Some(
                version
                    .filter(|(_, version)| !version.contains(','))
                    .map_or(plain.clone(), |(name, version)| format!("{name}{version}")),
            );
        }
        selection.offered.iter().any(needs).then(|| line.to_owned())
    }
}

impl Selection<'_> {
    /// Returns whether a feature is on; `None` if the generated crate offers it. `shared` is off, because the runtime is a
    /// module of the generated crate.
    pub fn state(&self, feature: &str) -> Option<bool> {
        if self.offered.contains(feature) { None } else { Some(feature != SHARED && self.on.contains(feature)) }
    }
}

/// Returns the strings of a TOML array that is written on one line.
fn strings(list: &str) -> Vec<&str> {
    list.split('"').skip(1).step_by(2).collect()
}
