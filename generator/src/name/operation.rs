//! The names of sub-clients, operations and what they take.

use std::collections::{HashMap, HashSet};

use crate::diagnostics::Diagnostics;
use crate::ir::{Api, BodyContent, Group, Operation, Representation, RequestBody};

use super::content::{self, FormNames, VariantNames};
use super::identifier::{Case, LONGEST, beginning, extended, identifier, in_ascii};
use super::scope::Scope;
use super::words::{stem, words};
use super::{HERE, take};

/// The names of a group of operations.
#[derive(Debug, Clone, PartialEq)]
pub struct GroupNames {
    /// The client's method that makes the sub-client.
    pub accessor: String,
    /// The private module, and its file: the accessor in ASCII. Rust finds no file for other modules (E0754), and a script
    /// without capitals would give the module the name of the type in it.
    pub module: String,
    /// The sub-client's type.
    pub ty: String,
    /// By operation.
    pub operations: Vec<OperationNames>,
}

/// The names of an operation.
#[derive(Debug, Clone, PartialEq)]
pub struct OperationNames {
    /// The sub-client's method that makes a call of it.
    pub method: String,
    /// The type of such a call.
    pub ty: String,
    /// By parameter: the setter or argument.
    pub parameters: Vec<String>,
    /// The argument or setter that takes the body.
    pub body: String,
    /// By part of a form: the argument or setter.
    pub parts: Vec<String>,
    /// The enum of the bodies, where there are several media types.
    pub bodies: Option<VariantNames>,
    /// The form, where it is one of several bodies.
    pub form: Option<FormNames>,
    /// The enum of the successes, where they are not all the same.
    pub outputs: Option<VariantNames>,
    /// The constants of the headers that answers come with.
    pub headers: Vec<String>,
}

/// What every call of an operation can do; a parameter of one of these names gets another.
pub(super) const CALL_METHODS: [&str; 21] = [
    "new",
    "send",
    "send_response",
    "send_streamed",
    "send_blocking",
    "send_response_blocking",
    "send_streamed_blocking",
    "send_items",
    "send_items_blocking",
    "timeout",
    "max_response_bytes",
    "header",
    "query",
    "redirects",
    "retry",
    "items",
    "items_from",
    "pages",
    "pages_from",
    "clone",
    "call",
];

/// The bytes of a name in another script that are spelt in ASCII for a file: each letter takes up to four times as many.
const LONGEST_FOREIGN: usize = 50;

/// What a call can do beside that where its operation has servers of its own.
pub const SERVER: &str = "server";

/// What every client can do; then what no file may be called: the folder's own, and the devices of Windows.
const CLIENT_METHODS: [&str; 30] = [
    "new", "builder", "from_env", "request", "clone", "mod", "aux", "con", "nul", "prn", "com0", "com1", "com2",
    "com3", "com4", "com5", "com6", "com7", "com8", "com9", "lpt0", "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6",
    "lpt7", "lpt8", "lpt9",
];

/// How other names are chosen: these do not stand where they are told apart.
const TAG: &str = "write `x-rust-name: …` beside the tag's name in `tags` to choose another name";
const OPERATION: &str = "write `x-rust-name: …` in the operation to choose another name";

pub(super) fn groups(api: &Api, diagnostics: &mut Diagnostics) -> Vec<GroupNames> {
    let shared = shared_segments(api);
    let wholes: Vec<Vec<Vec<String>>> = api
        .groups
        .iter()
        .map(|group| group.operations.iter().map(|operation| whole_words(operation, &shared)).collect())
        .collect();
    let mut client = Scope::with_reserved(&CLIENT_METHODS);
    let mut types = Scope::default();
    let mut names = Vec::with_capacity(api.groups.len());
    for (group, wholes) in api.groups.iter().zip(&wholes) {
        let tag = words(group.tag.as_deref().unwrap_or("operations"));
        let accessor = identifier(&tag, Case::Snake("tag"));
        let candidates = [accessor.clone(), extended(&accessor, "_operations")];
        let accessor = take(&mut client, group.rust_name.as_deref(), &candidates, group.span, TAG, diagnostics);
        let module = if accessor.is_ascii() {
            accessor.clone()
        } else {
            client.take(&[in_ascii(beginning(&accessor, LONGEST_FOREIGN))]).0
        };
        let ty = identifier(&words(&extended(&accessor, "")), Case::Pascal("tag"));
        let ty = take(&mut types, None, &[ty.clone(), extended(&ty, "Client")], group.span, TAG, diagnostics);
        let methods = methods(group, wholes, diagnostics);
        let operations = group.operations.iter().zip(methods);
        let operations = operations.map(|(operation, method)| arguments(operation, method, diagnostics)).collect();
        names.push(GroupNames { accessor, module, ty, operations });
    }
    call_types(api, &wholes, &mut names, types, diagnostics);
    names
}

/// The methods of a sub-client: each its operation's words less those of the tag, where that is enough.
fn methods(group: &Group, wholes: &[Vec<String>], diagnostics: &mut Diagnostics) -> Vec<String> {
    let tag_words = words(group.tag.as_deref().unwrap_or_default());
    let tag: HashSet<String> = tag_words.iter().map(|word| stem(word)).collect();
    let shortened: Vec<Vec<String>> =
        wholes.iter().map(|whole| whole.iter().filter(|word| !tag.contains(&stem(word))).cloned().collect()).collect();
    let mut count: HashMap<&[String], usize> = HashMap::new();
    for short in &shortened {
        *count.entry(short.as_slice()).or_default() += 1;
    }
    let mut scope = Scope::with_reserved(&["new", "clone"]);
    let mut named = Vec::with_capacity(group.operations.len());
    for ((operation, whole), short) in group.operations.iter().zip(wholes).zip(&shortened) {
        // `clone_pets`, where there is a `clone` already.
        let context = if tag_words.is_empty() { vec!["call".to_owned()] } else { tag_words.clone() };
        let with_context = identifier(&[whole.as_slice(), &context].concat(), Case::Snake("call"));
        let whole = identifier(whole, Case::Snake("call"));
        let short_name = identifier(short, Case::Snake("call"));
        let enough = !short.is_empty()
            && count.get(short.as_slice()) == Some(&1)
            && !short_name.starts_with("r#")
            && !short_name.ends_with('_')
            && !short.first().is_some_and(|word| word.starts_with(|first: char| first.is_ascii_digit()));
        let candidates = if enough { vec![short_name, whole, with_context] } else { vec![whole, with_context] };
        named.push(take(
            &mut scope,
            operation.rust_name.as_deref(),
            &candidates,
            operation.span,
            OPERATION,
            diagnostics,
        ));
    }
    named
}

/// The types of calls, in one namespace: `Search`, and `GetSeat` where another sub-client has a `get` as well.
fn call_types(
    api: &Api,
    wholes: &[Vec<Vec<String>>],
    names: &mut [GroupNames],
    mut types: Scope,
    diagnostics: &mut Diagnostics,
) {
    let mut count: HashMap<String, usize> = HashMap::new();
    for method in names.iter().flat_map(|group| &group.operations).map(|operation| &operation.method) {
        *count.entry(method.clone()).or_default() += 1;
    }
    for ((group, names), wholes) in api.groups.iter().zip(names.iter_mut()).zip(wholes) {
        for ((operation, own), whole) in group.operations.iter().zip(&mut names.operations).zip(wholes) {
            let short = identifier(&words(&extended(&own.method, "")), Case::Pascal("call"));
            let whole = identifier(whole, Case::Pascal("call"));
            let with_group = format!("{}{short}", names.ty);
            let with_group = beginning(&with_group, LONGEST).to_owned();
            let unique = count.get(&own.method) == Some(&1);
            let candidates = if unique { vec![short, whole, with_group] } else { vec![whole, with_group] };
            own.ty = take(&mut types, None, &candidates, operation.span, OPERATION, diagnostics);
        }
    }
    // Only now, so that no call loses its name to what another one sends.
    let operations = api.groups.iter().flat_map(|group| &group.operations);
    for (operation, own) in operations.zip(names.iter_mut().flat_map(|names| &mut names.operations)) {
        own.bodies = content::bodies(operation, &own.ty, &mut types);
        own.form = content::form(operation, &own.ty, &mut types, diagnostics);
        own.outputs = content::outputs(operation, &own.ty, &mut types);
    }
}

fn arguments(operation: &Operation, method: String, diagnostics: &mut Diagnostics) -> OperationNames {
    let mut scope = Scope::with_reserved(&CALL_METHODS);
    if !operation.servers.is_empty() {
        scope.reserve(SERVER);
    }
    let mut argument = |name: &str, rust_name: Option<&str>, context: &str, span| {
        let rule = identifier(&words(name), Case::Snake("param"));
        let candidates = [rule.clone(), extended(&rule, context)];
        take(&mut scope, rust_name, &candidates, span, HERE, diagnostics)
    };
    let parameters = operation
        .parameters
        .iter()
        .map(|parameter| {
            let context = match parameter.location {
                _ if CALL_METHODS.contains(&parameter.name.as_str()) => "_param",
                crate::ir::Location::Path => "_in_path",
                crate::ir::Location::Query => "_in_query",
                crate::ir::Location::Header => "_in_header",
                crate::ir::Location::Cookie => "_in_cookie",
            };
            argument(&parameter.name, parameter.rust_name.as_deref(), context, parameter.span)
        })
        .collect();
    let (mut body, mut parts) = (String::new(), Vec::new());
    match operation.body.as_ref().map(RequestBody::only) {
        Some(Some(Representation { content: BodyContent::Multipart(form), .. })) => {
            parts = content::parts(form, &mut scope, diagnostics);
        }
        Some(_) => {
            let candidates = ["body".to_owned(), "body_of_request".to_owned()];
            body = take(&mut scope, None, &candidates, operation.span, HERE, diagnostics);
        }
        None => {}
    }
    let headers = content::headers(operation);
    OperationNames {
        method,
        ty: String::new(),
        parameters,
        body,
        parts,
        bodies: None,
        form: None,
        outputs: None,
        headers,
    }
}

/// The words of an operation: of its id, else of its method and the path behind what all paths share.
fn whole_words(operation: &Operation, shared: &[String]) -> Vec<String> {
    if let Some(id) = &operation.id {
        let words = words(id);
        if !words.is_empty() {
            return words;
        }
    }
    let mut all = vec![operation.method.to_lowercase()];
    let mut by = Vec::new();
    for segment in segments(&operation.path).skip(shared.len()) {
        match segment.strip_prefix('{').and_then(|inner| inner.strip_suffix('}')) {
            Some(parameter) => by.extend(words(parameter)),
            None => all.extend(words(segment)),
        }
    }
    if !by.is_empty() {
        all.push("by".to_owned());
        all.extend(by);
    }
    all
}

/// The segments that all paths begin with, as far as none of them is a parameter or any path's last.
fn shared_segments(api: &Api) -> Vec<String> {
    let mut paths = api.groups.iter().flat_map(|group| &group.operations).map(|operation| operation.path.as_str());
    let Some(first) = paths.next() else { return Vec::new() };
    let mut shared: Vec<String> =
        segments(first).take_while(|segment| !segment.starts_with('{')).map(str::to_owned).collect();
    let longest = |path: &str| segments(path).count().saturating_sub(1);
    shared.truncate(longest(first));
    for path in paths {
        let same = segments(path).zip(&shared).take_while(|(segment, known)| segment == known).count();
        shared.truncate(same.min(longest(path)));
    }
    shared
}

fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|segment| !segment.is_empty())
}
