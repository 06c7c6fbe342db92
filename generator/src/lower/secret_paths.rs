//! Determines the paths to secrets in the request and response bodies of each operation.
//!
//! The paths of each type are determined once: first for types that contain a secret directly, then for the types that
//! contain these types. Limits bound the number of paths for any document; exceeding a limit only masks more values.

use std::collections::{BTreeSet, HashSet};

use crate::ir::{
    Additional, BodyContent, Group, Operation, Part, SecretPath, SecretStep, SuccessContent, Type, TypeDef, TypeKind,
    Webhooks,
};

use super::sensitive::may_be_secret;

/// The maximum number of steps of a path. Only the last steps of a longer path are kept. Recursive types have such
/// paths.
const MAX_STEPS: usize = 6;

/// The maximum number of complete paths of a type. Each further path is replaced by the name of the secret property, at
/// any depth.
const MAX_PATHS: usize = 64;

/// The maximum number of paths and names of a type. If a type has more, every string is masked.
const MAX_NAMES: usize = 256;

/// Sets the paths of all operations and webhooks.
pub(super) fn set(groups: &mut [Group], webhooks: &mut Webhooks, types: &[TypeDef]) {
    let of_types = of_types(types);
    let plain = plain_names(types);
    for operation in groups.iter_mut().flat_map(|group| &mut group.operations) {
        let request = of_bodies(sent(operation), &of_types, &plain);
        let response = of_bodies(received(operation), &of_types, &plain);
        (operation.request_secrets, operation.response_secrets) = (request, response);
    }
    for webhook in &mut webhooks.list {
        let payload = webhook.payload.content.value().map(|ty| (Vec::new(), ty));
        webhook.secrets = of_bodies(payload.into_iter().collect(), &of_types, &plain);
    }
}

/// Returns the types of the values in request bodies, each with the steps to the value: the name of the part in a
/// multipart body.
fn sent<'a>(operation: &'a Operation) -> Vec<(Vec<Step<'a>>, &'a Type)> {
    let mut values = Vec::new();
    for representation in operation.body.iter().flat_map(|body| &body.representations) {
        match &representation.content {
            BodyContent::Multipart(form) => {
                let part = |part: &'a Part| Some((vec![Some(part.name.as_str())], part.content.value()?));
                values.extend(form.parts.iter().filter_map(part));
            }
            content => values.extend(content.value().map(|ty| (Vec::new(), ty))),
        }
    }
    values
}

/// Returns the types of the values in response bodies, each with the steps to the value. For a stream, returns the
/// types of the values in its items.
fn received(operation: &Operation) -> Vec<(Vec<Step<'_>>, &Type)> {
    let success = &operation.success;
    let mut types = match &success.content {
        SuccessContent::One { content, .. } => content.types(),
        SuccessContent::Several(variants) => variants.iter().flat_map(|variant| variant.content.types()).collect(),
    };
    types.extend(success.stream.iter().flat_map(|stream| stream.items.types()));
    let errors = operation.errors.iter().flat_map(|error| &error.representations);
    types.extend(errors.flat_map(|representation| representation.content.types()));
    types.into_iter().map(|(property, ty)| (property.map(Some).into_iter().collect(), ty)).collect()
}

fn of_bodies(values: Vec<(Vec<Step<'_>>, &Type)>, of_types: &[Paths<'_>], plain: &HashSet<String>) -> Vec<SecretPath> {
    let mut paths = Paths::default();
    for (mut steps, ty) in values {
        match leaf(ty, &mut steps) {
            Leaf::Secret => drop(paths.insert(Path::default().within(&steps))),
            Leaf::Opaque => drop(paths.insert(Path::whole(&steps))),
            Leaf::Named(id) => {
                for path in of_types.get(id).into_iter().flat_map(|paths| &paths.0) {
                    paths.insert(path.within(&steps));
                }
            }
            Leaf::Plain => {}
        }
    }
    let mut general = Paths::default();
    for path in paths.0 {
        general.insert(path.generalized(plain));
    }
    general.0.into_iter().map(Path::into_ir).collect()
}

/// Returns the names of the properties that are not secrets, in lower case.
fn plain_names(types: &[TypeDef]) -> HashSet<String> {
    let objects = types.iter().filter_map(|definition| match &definition.kind {
        TypeKind::Object(object) => Some(object),
        _ => None,
    });
    let properties = objects.flat_map(|object| &object.properties);
    let public = properties.filter(|property| !may_be_secret(&property.ty, types));
    public.map(|property| property.name.to_lowercase()).collect()
}

/// Returns the paths to secrets in each type, by the index of the type.
fn of_types(types: &[TypeDef]) -> Vec<Paths<'_>> {
    let mut paths: Vec<Paths<'_>> = vec![Paths::default(); types.len()];
    let mut containers: Vec<Vec<(usize, Vec<Step<'_>>)>> = vec![Vec::new(); types.len()];
    let mut waiting = Vec::new();
    for (index, definition) in types.iter().enumerate() {
        for (mut steps, ty) in inner(&definition.kind) {
            match leaf(ty, &mut steps) {
                Leaf::Secret => waiting.push((index, Path::default().within(&steps))),
                Leaf::Opaque => waiting.push((index, Path::whole(&steps))),
                Leaf::Named(id) => containers.get_mut(id).into_iter().for_each(|of| of.push((index, steps.clone()))),
                Leaf::Plain => {}
            }
        }
    }
    while let Some((index, path)) = waiting.pop() {
        let Some(path) = paths.get_mut(index).and_then(|paths| paths.insert(path)) else { continue };
        let containers = containers.get(index).into_iter().flatten();
        waiting.extend(containers.map(|(container, steps)| (*container, path.within(steps))));
    }
    paths
}

/// Returns the types that a type directly contains, each with the steps to the contained type.
fn inner(shape: &TypeKind) -> Vec<(Vec<Step<'_>>, &Type)> {
    match shape {
        TypeKind::Alias(ty) | TypeKind::Wrapper(ty) => vec![(Vec::new(), ty)],
        TypeKind::Union(union) => union.variants.iter().map(|variant| (Vec::new(), &variant.ty)).collect(),
        TypeKind::Object(object) => {
            let properties =
                object.properties.iter().map(|property| (vec![Some(property.name.as_str())], &property.ty));
            let additional = match &object.additional {
                Additional::Kept(ty) => Some((vec![None], ty)),
                Additional::Dropped => None,
            };
            properties.chain(additional).collect()
        }
        TypeKind::KeyedMap(map) => vec![(vec![None], &map.value)],
        TypeKind::Tuple(tuple) => tuple.types().map(|ty| (vec![None], ty)).collect(),
        // JSON in a string adds no steps: at run time, every property in it with the name of a secret is masked.
        TypeKind::JsonText(ty) => vec![(Vec::new(), ty)],
        TypeKind::StringEnum(_) | TypeKind::IntegerEnum(_) => Vec::new(),
    }
}

/// The innermost values of nested arrays and maps.
enum Leaf {
    Secret,
    /// A type of another crate whose values contain secrets.
    Opaque,
    Named(usize),
    Plain,
}

/// Returns the innermost values of nested arrays and maps. Adds a step for each array and map to `steps`.
fn leaf(mut ty: &Type, steps: &mut Vec<Step<'_>>) -> Leaf {
    loop {
        match ty {
            Type::Nullable(inner) => ty = inner,
            Type::Array(inner) | Type::Map(inner) => {
                steps.push(None);
                ty = inner;
            }
            Type::Secret => return Leaf::Secret,
            Type::External(external) if external.has_secrets => return Leaf::Opaque,
            Type::Named(id) => return Leaf::Named(id.0),
            _ => return Leaf::Plain,
        }
    }
}

/// A step of a path: the name of a property, or `None` for any item of an array and for any property.
type Step<'a> = Option<&'a str>;

/// A [`SecretPath`] whose names are borrowed.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Path<'a> {
    any_depth: bool,
    steps: Vec<Step<'a>>,
    /// Whether the value is masked as a whole, even if it is an object or an array.
    is_whole: bool,
}

impl<'a> Path<'a> {
    /// Returns the path that begins at a container instead. `steps` lead from the container to the start of this path.
    /// Omits the steps after the last name, because a named array or map of secrets is masked as a whole.
    fn within(&self, steps: &[Step<'a>]) -> Self {
        if self.any_depth {
            return self.clone();
        }
        let mut steps = [steps, &self.steps].concat();
        if let Some(last_name) = steps.iter().rposition(Option::is_some) {
            steps.truncate(last_name + 1);
        }
        let excess = steps.len().saturating_sub(MAX_STEPS);
        steps.drain(..excess);
        Self { any_depth: excess > 0, steps, is_whole: self.is_whole }
    }

    /// Returns the path of a value that is masked as a whole.
    fn whole(steps: &[Step<'a>]) -> Self {
        Self { is_whole: true, ..Self::default() }.within(steps)
    }

    /// Reduces a path that ends with a name to this name at any depth. Returns other paths unchanged.
    fn name_only(self) -> Self {
        match self.steps.last() {
            Some(name @ Some(_)) => Self { any_depth: true, steps: vec![*name], is_whole: false },
            _ => self,
        }
    }

    /// Makes the path apply at any depth, because errors repeat parts of bodies at other places. Returns a path
    /// unchanged if it contains no name, or only a single name that is also the name of a property without secrets.
    fn generalized(mut self, plain: &HashSet<String>) -> Self {
        let mut names = self.steps.iter().flatten();
        let is_specific = match (names.next(), names.next()) {
            (Some(name), None) => !plain.contains(&name.to_lowercase()),
            (first, _) => first.is_some(),
        };
        if is_specific && !self.any_depth {
            self.any_depth = true;
            let first_name = self.steps.iter().position(Option::is_some).unwrap_or_default();
            self.steps.drain(..first_name);
        }
        self
    }

    fn covers(&self, other: &Self) -> bool {
        self == other || self.any_depth && other.steps.ends_with(&self.steps)
    }

    fn into_ir(self) -> SecretPath {
        // A path without a name covers no objects and arrays.
        if self.is_whole && self.steps.iter().all(Option::is_none) {
            return SecretPath { any_depth: true, steps: Vec::new() };
        }
        let step = |step: Step<'_>| step.map_or(SecretStep::Any, |name| SecretStep::Property(name.to_owned()));
        SecretPath { any_depth: self.any_depth, steps: self.steps.into_iter().map(step).collect() }
    }
}

/// Paths, none of which covers another one.
#[derive(Debug, Clone, Default)]
struct Paths<'a>(BTreeSet<Path<'a>>);

impl<'a> Paths<'a> {
    /// Adds a path after shortening it according to the limits. Returns the added path, or `None` if a known path
    /// covers it.
    fn insert(&mut self, path: Path<'a>) -> Option<Path<'a>> {
        let path = match self.0.len() {
            ..MAX_PATHS => path,
            MAX_PATHS..MAX_NAMES => path.name_only(),
            _ => Path { any_depth: true, ..Path::default() },
        };
        if self.0.iter().any(|known| known.covers(&path)) {
            return None;
        }
        self.0.retain(|known| !path.covers(known));
        self.0.insert(path.clone());
        Some(path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> Path<'_> {
        let steps = |text| str::split(text, '.').map(|step| Some(step).filter(|step| *step != "*")).collect();
        match text.strip_prefix("**.") {
            Some(rest) => Path { any_depth: true, steps: steps(rest), is_whole: false },
            None => Path { steps: steps(text), ..Path::default() },
        }
    }

    #[test]
    fn long_path_keeps_its_last_steps() {
        assert_eq!(path("d.e.f.g").within(&[Some("a"), Some("b"), None]), path("**.b.*.d.e.f.g"));
        assert_eq!(path("**.b.c").within(&[Some("a")]), path("**.b.c"));
    }

    #[test]
    fn list_of_secrets_is_masked_as_a_whole() {
        assert_eq!(path("*.*").within(&[None, Some("codes")]), path("*.codes"));
        assert_eq!(path("*").within(&[None]), path("*.*"));
    }

    #[test]
    fn single_name_shared_with_plain_property_keeps_exact_path() {
        let plain = HashSet::from(["value".to_owned()]);
        for (from, to) in [
            ("Value", "Value"),
            ("*.value", "*.value"),
            ("*.password", "**.password"),
            ("a.*.value", "**.a.*.value"),
            ("*.*", "*.*"),
        ] {
            assert_eq!(path(from).generalized(&plain), path(to), "{from}");
        }
    }

    #[test]
    fn secret_paths_beyond_limits_become_names_then_mask_everything() {
        let name = |index: usize| format!("p{index}");
        let names: Vec<String> = (0..2 * MAX_NAMES).map(name).collect();
        let mut paths = Paths::default();
        for name in names.iter().take(MAX_NAMES) {
            assert!(paths.insert(Path { steps: vec![Some("a"), Some(name)], ..Path::default() }).is_some());
        }
        assert_eq!(paths.0.iter().filter(|path| !path.any_depth).count(), MAX_PATHS);
        assert_eq!(paths.0.len(), MAX_NAMES);
        for name in names.iter().skip(MAX_NAMES) {
            paths.insert(Path { steps: vec![Some("a"), Some(name)], ..Path::default() });
        }
        assert_eq!(paths.0, BTreeSet::from([Path { any_depth: true, ..Path::default() }]));
    }
}
