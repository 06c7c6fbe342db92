//! Names the types of inline schemas by their nouns, see [`noun`](crate::noun).

use std::cmp::Reverse;
use std::collections::HashMap;

use indexmap::IndexSet;

use crate::ir::{Api, Origin, Segment, TypeDef};
use crate::noun;
use crate::words::words;

use super::identifier::{Case, identifier};
use super::lock_file::Key;
use super::model::{enum_name, item};
use super::namer::Namer;
use super::scope::Scope;

/// The maximum length of a name in characters, so that a number can be appended without exceeding 50.
const MAX_LENGTH: usize = 48;

/// The words of components and operations, which the names of inline types can contain.
pub(super) struct Context<'a> {
    /// The names of the components' types.
    pub components: &'a HashMap<&'a str, String>,
    /// The words of operations, by their keys.
    pub operations: &'a HashMap<&'a str, Vec<String>>,
}

/// An inline type to be named.
struct Inline<'a> {
    index: usize,
    definition: &'a TypeDef,
    noun: Vec<String>,
    /// The words of the type that contains the type, of each place where the document defines the type.
    parents: IndexSet<Vec<String>>,
    /// The number of places where the document defines the type.
    places: usize,
    /// Whether the noun alone can be the name: the type is defined in several types, or in none.
    is_independent: bool,
}

impl Context<'_> {
    fn words_of(&self, steps: &[Segment]) -> Vec<String> {
        let component = |name: &str| words(self.components.get(name).map_or(name, |taken| taken));
        let operation = |key: &str| self.operations.get(key).cloned().unwrap_or_else(|| words(key));
        noun::words_of(steps, &component, &operation)
    }

    fn inline<'a>(&self, index: usize, definition: &'a TypeDef) -> Inline<'a> {
        let origins = || std::iter::once(&definition.origin).chain(&definition.also);
        let noun = self.noun(&definition.origin);
        let parents: Vec<Option<Origin>> = origins().map(noun::parent).collect();
        let in_none = parents.iter().any(Option::is_none);
        let parents: IndexSet<Vec<String>> = parents.iter().flatten().map(|parent| self.noun(parent)).collect();
        let is_independent = in_none || parents.len() > 1;
        Inline { index, definition, noun, parents, places: origins().count(), is_independent }
    }

    fn noun(&self, origin: &Origin) -> Vec<String> {
        self.words_of(origin.0.get(noun::start(origin)..).unwrap_or_default())
    }

    /// Returns the names of all inline types, by their index. `locked` contains the keys of types in the lock file.
    ///
    /// The name of a type is its noun if no other type has this noun, or if more than half of all places with this noun
    /// define this type. In other cases, and for a type that is only defined in one other type, the name of the other
    /// type comes first: `PetStatus` is the type of the property `status` of `Pet`.
    pub fn names(
        &self,
        api: &Api,
        locked: &[Option<Key>],
        scope: &mut Scope,
        namer: &mut Namer<'_>,
    ) -> HashMap<usize, String> {
        let inline = api.types.iter().enumerate();
        let inline =
            inline.filter(|(_, definition)| !definition.is_left_out && definition.origin.component().is_none());
        let mut inline: Vec<Inline<'_>> = inline.map(|(index, definition)| self.inline(index, definition)).collect();
        let mut places: HashMap<Vec<String>, usize> = HashMap::new();
        for one in &inline {
            *places.entry(one.noun.clone()).or_default() += one.places;
        }
        for one in &mut inline {
            one.is_independent &= places.get(&one.noun).is_none_or(|all| one.places * 2 > *all);
        }
        inline.sort_by_key(|one| {
            let is_named = one.definition.rust_name.is_some() || one.definition.enum_name.is_some();
            (!is_named, !one.is_independent, Reverse(one.places), one.index)
        });
        let named = inline.iter().map(|one| {
            let key = locked.get(one.index).and_then(Option::as_ref);
            (one.index, self.name(one, key, scope, namer))
        });
        named.collect()
    }

    fn name(&self, one: &Inline<'_>, key: Option<&Key>, scope: &mut Scope, namer: &mut Namer<'_>) -> String {
        let definition = one.definition;
        let mut candidates: Vec<String> = Vec::new();
        if one.is_independent {
            candidates.push(type_name(&[], &one.noun));
        }
        candidates.extend(one.parents.iter().take(1).map(|parent| type_name(parent, &one.noun)));
        let start = noun::start(&definition.origin);
        let context = self.words_of(definition.origin.0.get(..start).unwrap_or_default());
        let value = [&one.noun[..], &["value".to_owned()]].concat();
        candidates.extend([type_name(&context, &one.noun), type_name(&context, &value)]);
        // A name that another type has is no collision as long as a longer name is free.
        let free: Vec<String> = candidates.iter().filter(|name| scope.is_free(name)).cloned().collect();
        let candidates = if free.is_empty() { candidates } else { free };
        let candidates = enum_name(definition).into_iter().chain(candidates).collect();
        namer.choose(scope, item(definition, key, candidates))
    }
}

/// Returns the name of a type: the words of its context, followed by the words of its noun. A word that ends the context
/// and begins the noun is not repeated. If the name is too long, words are omitted: first the outermost words of the context, then words after the first word of the noun.
fn type_name(context: &[String], noun: &[String]) -> String {
    let overlap = context.last().is_some_and(|last| noun.first() == Some(last));
    let context = if overlap { context.get(..context.len() - 1).unwrap_or_default() } else { context };
    let length = |words: &[String]| words.iter().map(|word| word.chars().count()).sum::<usize>();
    let mut excess = (length(context) + length(noun)).saturating_sub(MAX_LENGTH);
    let mut is_omitted = |word: &&String| {
        let is_omitted = excess > 0;
        excess = excess.saturating_sub(word.chars().count());
        is_omitted
    };
    let context: Vec<String> = context.iter().skip_while(&mut is_omitted).cloned().collect();
    let (first, rest) = noun.split_at(noun.len().min(1));
    let rest: Vec<String> = rest.iter().skip_while(is_omitted).cloned().collect();
    identifier(&[&context, first, &rest].concat(), Case::Pascal("type"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_names_keep_noun_and_nearest_context() {
        let name = |context: &str, noun: &str| type_name(&words(context), &words(noun));
        assert_eq!(name("server", "server type"), "ServerType");
        assert_eq!(name("Server", "status"), "ServerStatus");
        let long = name("remove resources from firewall request", "remove from resource label selector");
        assert_eq!(long, "FirewallRequestRemoveFromResourceLabelSelector");
        let body = name("", "create organization repository environment deployment branch policy response");
        assert_eq!(body, "CreateEnvironmentDeploymentBranchPolicyResponse");
    }
}
