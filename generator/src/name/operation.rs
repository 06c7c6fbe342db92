//! Names sub-clients, operations and their arguments.

use std::collections::{BTreeSet, HashMap};

use crate::ir::{Api, BodyContent, Group, Location, Multipart, Operation, Parameter, Representation, RequestBody};

use super::RENAME_HELP;
use super::content::{self, FormNames, VariantNames};
use super::identifier::{Case, MAX_LENGTH, extended, identifier, in_ascii};
use super::lock_file::{Key, Kind};
use super::method;
use super::model::required_name;
use super::namer::{Item, Namer};
use super::places::location;
use super::route::Routes;
use super::scope::Scope;
use crate::words::{beginning, words};

/// The names of a group of operations.
#[derive(Debug, Clone, PartialEq)]
pub struct GroupNames {
    /// The name of the client method that returns the sub-client.
    pub accessor: String,
    /// The name of the module of the sub-client, and of its file: the accessor, converted to lower case and to ASCII.
    /// Rust requires ASCII for modules in files (E0754). Since types begin with upper case or with a letter that is not
    /// ASCII, no module has the name of a type.
    pub module: String,
    /// The path of the types in `operations`: a module for each tag that contains the tag of the group, from the
    /// outermost to the innermost, and `module`. Empty for the group of operations without tags, whose types are
    /// re-exported by `operations`.
    pub path: Vec<String>,
    /// The name of the sub-client's type. Unique in its module, like the names of the request types.
    pub ty: String,
    /// The names of each operation in the group.
    pub operations: Vec<OperationNames>,
}

impl GroupNames {
    /// Returns the path of a type of the group, relative to `operations`: e.g. `seats::Search`.
    pub fn path_of(&self, ty: &str) -> String {
        self.path.iter().map(String::as_str).chain([ty]).collect::<Vec<&str>>().join("::")
    }
}

/// The names of an operation.
#[derive(Debug, Clone, PartialEq)]
pub struct OperationNames {
    /// The name of the sub-client's method that creates a request.
    pub method: String,
    /// The name of the request type.
    pub ty: String,
    /// For each parameter, the name of its setter, or of its argument if the parameter is required.
    pub parameters: Vec<String>,
    /// The names of the struct of required parameters. `None` if they are arguments of the method.
    pub required: Option<RequiredNames>,
    /// The name of the setter or argument for the body. Empty without a body.
    pub body: String,
    /// The names of the setters or arguments for the parts of a multipart form. Empty for other bodies.
    pub parts: Vec<String>,
    /// The names of the enum of request bodies. `None` if the body has at most one media type.
    pub bodies: Option<VariantNames>,
    /// The names of the multipart form. `None` unless the form is one of several request bodies.
    pub form: Option<FormNames>,
    /// The names of the enum of successful responses. `None` if all successful responses have the same type.
    pub outputs: Option<VariantNames>,
    /// The names of the enum of the data of events. `None` unless the data depends on the type of the event.
    pub events: Option<VariantNames>,
    /// The names of the constants for response headers.
    pub headers: Vec<String>,
}

/// The names of the struct of the required parameters of an operation.
#[derive(Debug, Clone, PartialEq)]
pub struct RequiredNames {
    /// The name of the struct.
    pub ty: String,
    /// The name of the method's argument for the struct.
    pub argument: String,
}

/// The methods that every request type has. The setters of parameters must have other names. New settings of requests
/// are methods of `RequestOptions` instead, so that this list does not grow.
pub(super) const CALL_METHODS: [&str; 10] = [
    "new",
    "send",
    "send_response",
    "send_streamed",
    "send_blocking",
    "send_response_blocking",
    "send_streamed_blocking",
    "options",
    "clone",
    "call",
];

/// The methods of the request types of paginated operations.
pub(super) const PAGING_METHODS: [&str; 4] = ["items", "items_from", "pages", "pages_from"];

/// The methods of the request types of operations whose response is a stream of items.
pub(super) const STREAM_METHODS: [&str; 2] = ["send_items", "send_items_blocking"];

/// Returns the names that the setters of an operation cannot have.
fn reserved(operation: &Operation) -> Vec<&'static str> {
    let mut reserved = CALL_METHODS.to_vec();
    if operation.pagination.is_some() {
        reserved.extend(PAGING_METHODS);
    }
    if operation.success.stream.is_some() {
        reserved.extend(STREAM_METHODS);
    }
    if !operation.servers.is_empty() {
        reserved.push(SERVER);
    }
    reserved
}

/// The constants of the traits that request types implement. The constants for response headers must have other names.
const OPERATION_CONSTANTS: [&str; 5] = ["INFO", "PAGING", "MEDIA_TYPE", "ACCEPT", "FRAMING"];

/// The number of bytes after which a name is cut before it is converted to ASCII, because the conversion makes names up
/// to four times longer.
const MAX_NON_ASCII_LENGTH: usize = 50;

/// The name of the method that selects a server. Only request types of operations with `servers` have the method.
pub const SERVER: &str = "server";

/// The names that accessors and modules of sub-clients cannot have: methods of every client, `mod`, and reserved file
/// names of Windows.
const CLIENT_METHODS: [&str; 30] = [
    "new", "builder", "from_env", "request", "clone", "mod", "aux", "con", "nul", "prn", "com0", "com1", "com2",
    "com3", "com4", "com5", "com6", "com7", "com8", "com9", "lpt0", "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6",
    "lpt7", "lpt8", "lpt9",
];

/// The help text of collisions between names of tags.
const TAG: &str = "write `x-rust-name: …` beside the tag's name in `tags` to choose another name";
/// The help text of collisions between names of operations.
const OPERATION: &str = "write `x-rust-name: …` in the operation to choose another name";

/// Names all groups of operations.
pub(super) fn groups(api: &Api, namer: &mut Namer<'_>) -> Vec<GroupNames> {
    let routes = Routes::new(api);
    let full_names = method::unique(api, &routes);
    let mut client = Scope::with_reserved(&CLIENT_METHODS);
    claim_tags(api, &mut client, namer);
    let mut names = Vec::with_capacity(api.groups.len());
    for group in &api.groups {
        let accessor = identifier(&words(group.tag.as_deref().unwrap_or("operations")), Case::Snake("tag"));
        let item = Item {
            key: Some(tag_key(Kind::Tag, group.tag.as_deref())),
            rust_name: group.rust_name.as_deref(),
            candidates: vec![accessor.clone(), extended(&accessor, "_operations")],
            span: group.span,
            help: TAG,
        };
        let accessor = namer.take(&mut client, item);
        let is_module = accessor.is_ascii() && !accessor.contains(|letter: char| letter.is_ascii_uppercase());
        let module = match is_module {
            true => accessor.clone(),
            false => {
                let key = group.rust_name.is_none().then(|| tag_key(Kind::Module, group.tag.as_deref()));
                module_name(&accessor, key, &mut client, namer)
            }
        };
        let ty = identifier(&words(&extended(&accessor, "")), Case::Pascal("tag"));
        let methods = methods(group, &routes, namer);
        let operations = group.operations.iter().zip(methods);
        let operations = operations.map(|(operation, method)| arguments(operation, method, api, namer)).collect();
        let mut named = GroupNames { accessor, module, path: Vec::new(), ty, operations };
        types(group, &full_names, &mut named, namer);
        names.push(named);
    }
    paths(api, &mut names, client, namer);
    names
}

/// Reserves the names that the lock file contains for tags and their modules.
fn claim_tags(api: &Api, client: &mut Scope, namer: &mut Namer<'_>) {
    let groups = || api.groups.iter().map(|group| (group.tag.as_deref(), group.rust_name.as_deref()));
    let parents = api.groups.iter().flat_map(|group| &group.parents);
    let parents = parents.map(|parent| (Some(parent.name.as_str()), parent.rust_name.as_deref()));
    let modules: BTreeSet<(Option<&str>, Option<&str>)> = groups().chain(parents).collect();
    let accessors = groups().map(|(tag, rust_name)| (tag_key(Kind::Tag, tag), rust_name));
    let modules = modules.into_iter().map(|(tag, rust_name)| (tag_key(Kind::Module, tag), rust_name));
    namer.claim(client, accessors.chain(modules));
    for (tag, _) in groups().filter(|(_, rust_name)| rust_name.is_none()) {
        // If the tag had no operations before, only its module has a name.
        let (accessor, module) = (tag_key(Kind::Tag, tag), tag_key(Kind::Module, tag));
        if namer.previous(&accessor).is_none() {
            client.pass_claim(&module, accessor);
        }
    }
}

/// Returns the key of a name for a tag, or for the operations without tags.
fn tag_key(kind: Kind, tag: Option<&str>) -> Key {
    tag.map_or_else(|| Key::new(kind), |tag| Key::new(kind).part(tag))
}

/// Sets the paths of the modules of the groups. A tag without operations has a module if it contains other tags.
fn paths(api: &Api, names: &mut [GroupNames], mut scope: Scope, namer: &mut Namer<'_>) {
    let tags = api.groups.iter().map(|group| group.tag.as_deref());
    let named = tags.zip(names.iter()).filter_map(|(tag, names)| Some((tag?, names.module.clone())));
    let mut modules: HashMap<&str, String> = named.collect();
    for (group, names) in api.groups.iter().zip(names) {
        let parents = group.parents.iter().map(|parent| {
            let name = parent.rust_name.as_deref().unwrap_or(&parent.name);
            let key = parent.rust_name.is_none().then(|| tag_key(Kind::Module, Some(&parent.name)));
            let module = || module_name(&identifier(&words(name), Case::Snake("tag")), key, &mut scope, namer);
            modules.entry(&parent.name).or_insert_with(module).clone()
        });
        let mut path: Vec<String> = parents.collect();
        path.extend(group.tag.is_some().then(|| names.module.clone()));
        names.path = path;
    }
}

/// Returns the name of a module for an accessor: the accessor itself, or converted to lower case and to ASCII. `key` is
/// `None` if the document specifies the name of the tag.
fn module_name(accessor: &str, key: Option<Key>, scope: &mut Scope, namer: &mut Namer<'_>) -> String {
    let candidates = module_candidates(accessor);
    match key {
        Some(key) => namer.derive(scope, key, &candidates),
        None => scope.take(&candidates).0,
    }
}

fn module_candidates(accessor: &str) -> [String; 2] {
    let snake = identifier(&words(accessor), Case::Snake("tag"));
    let name = if snake.is_ascii() { snake } else { in_ascii(beginning(&snake, MAX_NON_ASCII_LENGTH)) };
    [name.clone(), extended(&name, "_operations")]
}

/// Names the private modules into which a long module is split. `steps` are the words that distinguish each module, and
/// `used` the names of other modules in the same place. The lock file does not contain them, because they are private.
pub fn part_modules(steps: &[Vec<String>], used: &[&str]) -> Vec<String> {
    let mut scope = Scope::with_reserved(&CLIENT_METHODS);
    used.iter().for_each(|name| scope.reserve(name));
    let rule = |steps: &Vec<String>| identifier(&words(&steps.join(" ")), Case::Snake("part"));
    steps.iter().map(|steps| scope.take(&module_candidates(&rule(steps))).0).collect()
}

/// Names the methods of a sub-client.
fn methods(group: &Group, routes: &Routes, namer: &mut Namer<'_>) -> Vec<String> {
    let tag = words(group.tag.as_deref().unwrap_or_default());
    // The context is added to names that are already used or reserved: e.g. `clone_pets`, because `clone` is reserved.
    let context = if tag.is_empty() { vec!["call".to_owned()] } else { tag };
    let key = |operation: &Operation| content::key(Kind::Method, operation);
    let mut scope = Scope::with_reserved(&["new", "clone"]);
    namer.claim(&mut scope, group.operations.iter().map(|it| (key(it), it.rust_name.as_deref())));
    let mut named = Vec::with_capacity(group.operations.len());
    for (operation, words) in group.operations.iter().zip(method::methods(group, routes)) {
        let with_context = identifier(&[words.as_slice(), &context].concat(), Case::Snake("call"));
        let candidates = vec![identifier(&words, Case::Snake("call")), with_context];
        let rust_name = operation.rust_name.as_deref();
        let item = Item { key: Some(key(operation)), rust_name, candidates, span: operation.span, help: OPERATION };
        named.push(namer.take(&mut scope, item));
    }
    named
}

/// Names the types in the module of a group: the request types have the names of the methods, e.g. `Search`.
fn types(group: &Group, full_names: &HashMap<&str, Vec<String>>, names: &mut GroupNames, namer: &mut Namer<'_>) {
    let key = |operation: &Operation| content::key(Kind::Request, operation);
    let mut types = Scope::with_reserved(&[&names.ty]);
    namer.claim(&mut types, group.operations.iter().map(|operation| (key(operation), None)));
    namer.claim(&mut types, group.operations.iter().flat_map(content::type_keys).map(|key| (key, None)));
    for (operation, own) in group.operations.iter().zip(&mut names.operations) {
        let short = identifier(&words(&extended(&own.method, "")), Case::Pascal("call"));
        let full = full_names.get(operation.key.as_str()).map(Vec::as_slice).unwrap_or_default();
        let full = identifier(full, Case::Pascal("call"));
        let with_group = format!("{}{short}", names.ty);
        let candidates = vec![short, full, beginning(&with_group, MAX_LENGTH).to_owned()];
        let item =
            Item { key: Some(key(operation)), rust_name: None, candidates, span: operation.span, help: OPERATION };
        own.ty = namer.take(&mut types, item);
    }
    // Choose the names of body and output types last, so that names of request types take precedence.
    for (operation, own) in group.operations.iter().zip(&mut names.operations) {
        own.bodies = content::bodies(operation, &own.ty, &mut types, namer);
        own.form = content::form(operation, &own.ty, &mut types, namer);
        own.outputs = content::outputs(operation, &own.ty, &mut types, namer);
        own.events = content::events(operation, &own.ty, &mut types, namer);
        if let Some(required) = &mut own.required {
            let key = content::key(Kind::Request, operation).plain("required");
            required.ty = namer.derive(&mut types, key, &[required_name(&own.ty)]);
        }
    }
}

/// Names the setters, arguments and headers of an operation. The types are named later.
fn arguments(operation: &Operation, method: String, api: &Api, namer: &mut Namer<'_>) -> OperationNames {
    let reserved = reserved(operation);
    let mut scope = Scope::with_reserved(&reserved);
    let key = |parameter: &Parameter| {
        content::key(Kind::Argument, operation).labelled(location(parameter.location), &parameter.name)
    };
    let body_key = content::key(Kind::Argument, operation).plain("body");
    let keys = operation.parameters.iter().map(|parameter| (key(parameter), parameter.rust_name.as_deref()));
    let part_keys = only_form(operation).into_iter().flat_map(|form| content::part_keys(operation, form));
    namer.claim(&mut scope, keys.chain(part_keys).chain([(body_key.clone(), None)]));
    let parameters = operation
        .parameters
        .iter()
        .map(|parameter| {
            let context = match parameter.location {
                _ if reserved.contains(&parameter.name.as_str()) => "_param",
                Location::Path => "_in_path",
                Location::Query => "_in_query",
                Location::QueryString => "_in_query_string",
                Location::Header => "_in_header",
                Location::Cookie => "_in_cookie",
            };
            let rule = identifier(&words(&parameter.name), Case::Snake("param"));
            let item = Item {
                key: Some(key(parameter)),
                rust_name: parameter.rust_name.as_deref(),
                candidates: vec![rule.clone(), extended(&rule, context)],
                span: parameter.span,
                help: RENAME_HELP,
            };
            namer.take(&mut scope, item)
        })
        .collect();
    let (mut body, mut parts) = (String::new(), Vec::new());
    match (operation.body.as_ref(), only_form(operation)) {
        (Some(_), Some(form)) => parts = content::parts(operation, form, &mut scope, namer),
        (Some(request), None) => {
            let fixed = ["body".to_owned(), "body_of_request".to_owned()];
            body = match request.name.as_deref() {
                Some(name) => {
                    let own = identifier(&words(name), Case::Snake("body"));
                    let in_body = extended(&own, "_in_body");
                    namer.derive(&mut scope, body_key, &[&[own, in_body][..], &fixed].concat())
                }
                None => {
                    let (candidates, span) = (fixed.to_vec(), operation.span);
                    let item = Item { key: Some(body_key), rust_name: None, candidates, span, help: RENAME_HELP };
                    namer.take(&mut scope, item)
                }
            };
        }
        (None, _) => {}
    }
    // Callers do not write the name of this argument, so it can change.
    let required = operation.has_named_arguments(&api.types).then(|| RequiredNames {
        ty: String::new(),
        argument: scope.take(&["required".to_owned(), "required_parameters".to_owned()]).0,
    });
    let header_key = content::key(Kind::Header, operation);
    let headers = content::headers(&operation.headers(), &OPERATION_CONSTANTS, &header_key, namer);
    OperationNames {
        method,
        ty: String::new(),
        parameters,
        required,
        body,
        parts,
        bodies: None,
        form: None,
        outputs: None,
        events: None,
        headers,
    }
}

/// Returns the multipart form of an operation, if the body has no other media type.
fn only_form(operation: &Operation) -> Option<&Multipart> {
    match operation.body.as_ref().map(RequestBody::only) {
        Some(Some(Representation { content: BodyContent::Multipart(form), .. })) => Some(form),
        _ => None,
    }
}
