//! Names operations by their methods and the shapes of their paths: the `GET` of a collection is `list`, the `GET` of
//! an item is `get`.
//!
//! These names are used for operations without an ID, and for operations whose ID only repeats the method and the path.

use std::collections::HashSet;

use crate::ir::{Api, Operation};

use super::words::{singular, stem, words};

/// The words with which the last segment of a path begins if it is an action, e.g. `search` in `/pets/search`. The
/// last segment of a `POST` needs none of these words, because most paths with only a `POST` are actions.
const VERBS: [&str; 56] = [
    "accept",
    "activate",
    "add",
    "approve",
    "archive",
    "assign",
    "attach",
    "cancel",
    "change",
    "check",
    "clear",
    "close",
    "complete",
    "confirm",
    "copy",
    "count",
    "deactivate",
    "decline",
    "detach",
    "disable",
    "download",
    "enable",
    "export",
    "find",
    "get",
    "import",
    "invite",
    "list",
    "lock",
    "lookup",
    "merge",
    "move",
    "pause",
    "ping",
    "preview",
    "publish",
    "query",
    "refresh",
    "reject",
    "remove",
    "rename",
    "renew",
    "resend",
    "reset",
    "restart",
    "restore",
    "resume",
    "revoke",
    "rotate",
    "search",
    "send",
    "set",
    "start",
    "stop",
    "validate",
    "verify",
];

/// Plurals that name a single value.
const SINGLE_VALUES: [&str; 7] =
    ["analytics", "details", "preferences", "properties", "settings", "statistics", "stats"];

/// The paths of an API.
pub(super) struct Routes {
    /// The shapes of the paths that have items: `/pets`, if there is a path `/pets/{id}`.
    with_items: HashSet<String>,
    /// The shapes of the paths with each method.
    methods: HashSet<(String, String)>,
    /// The number of leading segments that all paths share, e.g. `api` and `v1`.
    shared: usize,
}

/// A segment of a path.
enum Segment {
    Static(Vec<String>),
    Parameter(Vec<String>),
}

/// The words that name an operation.
struct Parts {
    /// The words of the verb, e.g. `list`. Empty if the last noun is the verb.
    verb: Vec<String>,
    /// The words of the segments that contain the last noun.
    parents: Vec<Parent>,
    /// The words of the last segment that is no parameter.
    noun: Vec<String>,
    /// Whether the path is a collection.
    is_collection: bool,
    /// The words of the parameter at the end of the path, if it adds something to the noun.
    key: Vec<String>,
}

struct Parent {
    words: Vec<String>,
    /// Whether a parameter follows, so that the path goes through one item.
    is_item: bool,
}

impl Routes {
    pub fn new(api: &Api) -> Self {
        let operations = || api.groups.iter().flat_map(|group| &group.operations);
        let with_items =
            operations().filter_map(|operation| Some(shape(&operation.path).strip_suffix("/{}")?.to_owned()));
        let methods = operations().map(|operation| (shape(&operation.path), operation.method.clone()));
        Self { with_items: with_items.collect(), methods: methods.collect(), shared: shared_segments(api) }
    }

    /// Returns the possible names of an operation, each a list of words, from the shortest to the longest. The shorter
    /// names, at the start of the list, omit the words of `tag`.
    pub fn names(&self, operation: &Operation, tag: &HashSet<String>) -> Vec<Vec<String>> {
        let mut names = Vec::new();
        if let Some(parts) = self.parts(operation) {
            let without_tag = |words: &[String]| -> Vec<String> {
                words.iter().filter(|word| !tag.contains(&stem(word))).cloned().collect()
            };
            let key = without_tag(&parts.key);
            let by = |name: Vec<String>, key: &[String]| match key {
                [] => name,
                key => [&name[..], &["by".to_owned()], key].concat(),
            };
            let long = |is_included: fn(&Parent) -> bool| {
                let parents = parts.parents.iter().filter(|parent| is_included(parent));
                let parents = parents.flat_map(|parent| parent.words.iter().cloned());
                parts.verb.iter().cloned().chain(parents).chain(parts.noun.iter().cloned()).collect::<Vec<_>>()
            };
            let short = parts.short(operation, without_tag(&parts.noun));
            let (of_items, of_all) = (long(|parent| parent.is_item), long(|_| true));
            names.extend([short.clone(), by(short, &key)]);
            names.extend([of_items.clone(), by(of_items, &parts.key), of_all.clone(), by(of_all, &parts.key)]);
        }
        names.push(self.full(operation));
        for name in &mut names {
            name.dedup();
        }
        names
    }

    /// Returns the names that do not depend on a tag, see [`names`](Self::names).
    pub fn full_names(&self, operation: &Operation) -> Vec<Vec<String>> {
        let names = self.names(operation, &HashSet::new());
        let short = if names.len() > 2 { 2 } else { 0 };
        names.into_iter().skip(short).collect()
    }

    /// Returns the words that name an operation. `None` if the path has only parameters.
    fn parts(&self, operation: &Operation) -> Option<Parts> {
        let mut segments = segments(&operation.path);
        let mut key = Vec::new();
        let mut is_item = false;
        while let Some(Segment::Parameter(name)) = segments.last() {
            if !is_item {
                key.clone_from(name);
            }
            is_item = true;
            segments.pop();
        }
        let Some(Segment::Static(noun)) = segments.pop() else { return None };
        let skipped = self.shared.min(segments.len());
        let mut parents: Vec<Parent> = Vec::new();
        for segment in segments.into_iter().skip(skipped) {
            match (segment, parents.last_mut()) {
                (Segment::Static(words), _) => parents.push(Parent { words: singular(&words), is_item: false }),
                (Segment::Parameter(_), Some(parent)) => parent.is_item = true,
                (Segment::Parameter(_), None) => {}
            }
        }
        let is_collection = !is_item && self.is_collection(&operation.path, &noun);
        let is_verb = starts_with_verb(&noun);
        let other = |method: &str| self.methods.contains(&(shape(&operation.path), method.to_owned()));
        let is_action = is_verb && !other("DELETE") || operation.method == "POST" && !is_item && !is_collection;
        let verb = match operation.method.as_str() {
            _ if is_action => Vec::new(),
            "GET" if is_collection => vec!["list".to_owned()],
            "POST" if is_collection => vec!["create".to_owned()],
            "PUT" if other("PATCH") => vec!["replace".to_owned()],
            "PUT" | "PATCH" => vec!["update".to_owned()],
            method => words(method),
        };
        let is_one = is_item && !is_action || is_collection && operation.method == "POST";
        let noun = if is_one { singular(&noun) } else { noun };
        let known: HashSet<String> = noun.iter().map(|word| stem(word)).chain(["id".to_owned()]).collect();
        key.retain(|word| !known.contains(&stem(word)));
        Some(Parts { verb, parents, noun, is_collection, key })
    }

    /// Returns whether a path that ends with the segment `noun` is a collection.
    fn is_collection(&self, path: &str, noun: &[String]) -> bool {
        let shape = shape(path);
        if self.with_items.contains(&shape) {
            return true;
        }
        let is_plural = noun.last().is_some_and(|last| is_plural(last));
        // Without a `GET`, several words that end with a plural are more often an action: `/firewall/set_rules`.
        is_plural && (noun.len() == 1 || self.methods.contains(&(shape, "GET".to_owned())))
    }

    /// Returns the words of the method and of all segments, without the segments that all paths share.
    fn full(&self, operation: &Operation) -> Vec<String> {
        let mut all = words(&operation.method);
        let mut by = Vec::new();
        for segment in segments(&operation.path).into_iter().skip(self.shared) {
            match segment {
                Segment::Parameter(words) => by.extend(words),
                Segment::Static(words) => all.extend(words),
            }
        }
        if !by.is_empty() {
            all.push("by".to_owned());
            all.extend(by);
        }
        all
    }
}

impl Parts {
    /// Returns the shortest name. `own` are the words of the noun that are not in the tag.
    fn short(&self, operation: &Operation, own: Vec<String>) -> Vec<String> {
        match self.verb.as_slice() {
            [] if own.is_empty() && starts_with_verb(&self.noun) => self.noun.clone(),
            [] if own.is_empty() => words(&operation.method),
            [verb]
                if own.is_empty() && self.is_collection && ["delete", "replace", "update"].contains(&verb.as_str()) =>
            {
                vec![verb.clone(), "all".to_owned()]
            }
            verb => [verb, &own].concat(),
        }
    }
}

/// Returns whether a word is a plural that names several values. Short words are often acronyms, e.g. `vcs`.
fn is_plural(word: &str) -> bool {
    word.len() > 3 && stem(word) != word && !SINGLE_VALUES.contains(&word)
}

fn starts_with_verb(words: &[String]) -> bool {
    words.first().is_some_and(|first| VERBS.contains(&first.as_str()))
}

/// Returns whether the words of an ID only repeat the method and the path of an operation: `getPets` and `pets_get` for
/// `GET /pets`, and also `getPetById` for `GET /pets/{id}`. Singular and plural count as equal.
pub(super) fn is_spelled(id: &[String], method: &str, path: &str) -> bool {
    if path.contains(['#', '?', '*', ':']) {
        return false;
    }
    let method = method.to_lowercase();
    let stems = |words: &[String]| words.iter().map(|word| stem(word)).collect::<Vec<_>>();
    let Some(rest) = (match id {
        [first, rest @ ..] if *first == method => Some(rest),
        [rest @ .., last] if *last == method => Some(rest),
        _ => None,
    }) else {
        return false;
    };
    let segments = segments(path);
    let parameters = segments.iter().filter_map(|segment| match segment {
        Segment::Parameter(words) => Some(stems(words)),
        Segment::Static(_) => None,
    });
    let parameters: Vec<Vec<String>> = parameters.collect();
    let mut known: HashSet<String> = parameters.iter().flatten().cloned().collect();
    known.extend(["id".to_owned(), "and".to_owned()]);
    let by = rest
        .iter()
        .rposition(|word| word == "by")
        .filter(|by| !parameters.is_empty() && rest.iter().skip(by + 1).all(|word| known.contains(&stem(word))));
    let rest = stems(rest.get(..by.unwrap_or(rest.len())).unwrap_or_default());
    // The ID can omit leading segments, and all parameters.
    let (mut all, mut of_static) = (Vec::new(), Vec::new());
    for segment in segments.iter().rev() {
        let own = match segment {
            Segment::Parameter(words) => stems(words),
            Segment::Static(words) => {
                of_static.splice(0..0, stems(words));
                stems(words)
            }
        };
        all.splice(0..0, own);
        if !rest.is_empty() && (rest == of_static || rest == all && !of_static.is_empty()) {
            return true;
        }
    }
    false
}

/// Returns a path without the names of its parameters and without a slash at the end.
fn shape(path: &str) -> String {
    raw_segments(path).flat_map(|segment| ["/", if is_parameter(segment) { "{}" } else { segment }]).collect()
}

/// Returns the number of leading path segments that all paths share. Stops at parameters, and before the last segment
/// of any path.
fn shared_segments(api: &Api) -> usize {
    let mut paths = api.groups.iter().flat_map(|group| &group.operations).map(|operation| operation.path.as_str());
    let Some(first) = paths.next() else { return 0 };
    let mut shared: Vec<&str> = raw_segments(first).take_while(|segment| !segment.starts_with('{')).collect();
    let longest = |path: &str| raw_segments(path).count().saturating_sub(1);
    shared.truncate(longest(first));
    for path in paths {
        let same = raw_segments(path).zip(&shared).take_while(|(segment, known)| segment == *known).count();
        shared.truncate(same.min(longest(path)));
    }
    shared.len()
}

/// Returns the segments of a path.
pub fn raw_segments(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|segment| !segment.is_empty())
}

fn is_parameter(segment: &str) -> bool {
    segment.starts_with('{') && segment.find('}') == Some(segment.len().saturating_sub(1))
}

fn segments(path: &str) -> Vec<Segment> {
    let segment = |segment: &str| match words(&outside_braces(segment)) {
        // A segment with only parameters, e.g. `{id}`.
        own if own.is_empty() => Segment::Parameter(words(segment)),
        own => Segment::Static(own),
    };
    raw_segments(path).map(segment).collect()
}

/// Returns the text of a segment without its parameters: `.json` for `{name}.json`.
fn outside_braces(segment: &str) -> String {
    let mut text = String::new();
    for (position, part) in segment.split('{').enumerate() {
        let outside = if position == 0 { part } else { part.split_once('}').map_or("", |(_, rest)| rest) };
        text.push_str(outside);
        text.push(' ');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spelled(id: &str, method: &str, path: &str) -> bool {
        is_spelled(&words(id), method, path)
    }

    #[test]
    fn ids_that_repeat_method_and_path_are_recognized() {
        for (id, method, path) in [
            ("getPets", "GET", "/pets"),
            ("pets_get", "GET", "/api/v1/pets/"),
            ("getPetById", "GET", "/pets/{petId}"),
            ("GetConsentsConsentId", "GET", "/consents/{ConsentId}"),
            ("get_guilds_onboarding", "GET", "/guilds/{guild_id}/onboarding"),
            ("postMembers", "POST", "/api/v2/members"),
        ] {
            assert!(spelled(id, method, path), "{id}");
        }
        for (id, method, path) in [
            ("listPets", "GET", "/pets"),
            ("getDogs", "GET", "/pets"),
            ("getPetByName", "GET", "/pets/{petId}"),
            ("get", "GET", "/pets"),
            ("getTasksForProject", "GET", "/projects/{id}/tasks"),
            ("GetBucketCors", "GET", "/{Bucket}#cors"),
        ] {
            assert!(!spelled(id, method, path), "{id}");
        }
    }
}
