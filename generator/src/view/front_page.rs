//! The front page of an API: the documentation of its module, or of the crate if the API is at its root.

use serde::Serialize;

use crate::ir::{Api, Group};
use crate::name::{GroupNames, Names};

use super::api;
use super::credentials;
use super::example::Example;
use super::markdown::first_paragraph;
use super::operation::OperationView;
use super::package::{ReadmeApiView, ReadmeOperationView};
use super::types::{Types, without_raw};

/// The maximum number of operations that the front page lists. If an API has more, the front page lists its tags, whose
/// modules list the operations.
const MAX_OPERATIONS: usize = 250;

/// The maximum number of lines of a description at the beginning of the page. A longer description is at the end, so
/// that readers find the example and the operations.
const MAX_INTRODUCTION: usize = 12;

/// The front page of an API.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct FrontPageView {
    /// The title and version, and the description if it is short.
    about: Vec<String>,
    /// The sections about the client. `None` if no client is generated.
    pub client: Option<ClientPageView>,
    has_webhooks: bool,
    /// The description of the API if it is long, or else empty.
    description: Vec<String>,
}

/// The sections of a front page about the client.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct ClientPageView {
    /// The lines of a code block that creates a client and calls an operation.
    pub example: Vec<String>,
    /// The rows of the table of security schemes.
    authentication: Vec<String>,
    /// The rows of the table of environment variables.
    environment: Vec<String>,
    /// The operations of each tag. Empty if there are more than [`MAX_OPERATIONS`].
    groups: Vec<GroupPageView>,
    /// A line for each tag. Empty if `groups` lists the operations.
    tags: Vec<String>,
}

#[derive(Debug, Clone, Serialize)]
struct GroupPageView {
    title: String,
    /// The sentence that introduces the table.
    introduction: String,
    rows: Vec<String>,
}

/// Returns the front page. `readme` is the section of the API in the README. With a settings trait, examples that use
/// its methods import it.
pub(super) fn front_page(
    readme: &ReadmeApiView,
    api: &Api,
    names: &Names,
    types: &Types<'_>,
    groups: &[Vec<OperationView>],
    has_settings_trait: bool,
) -> FrontPageView {
    let description = api::description(api);
    let is_short = description.len() <= MAX_INTRODUCTION;
    let about = api::title(api);
    let (about, description) = if is_short { (about.verbatim(description), Vec::new()) } else { (about, description) };
    let client = || ClientPageView {
        example: example(readme, groups, has_settings_trait),
        authentication: credentials::rows(api, names),
        environment: readme.environment.clone(),
        groups: group_pages(readme, api, names, types),
        tags: tags(api, names, types),
    };
    FrontPageView {
        about: about.or(String::new),
        client: api.has_client.then(client),
        has_webhooks: !api.webhooks.list.is_empty(),
        description,
    }
}

/// Returns the rows of a table of operations: a link to the method, the HTTP method and path, and the summary.
pub(super) fn operation_rows(operations: &[ReadmeOperationView], names: &GroupNames, types: &Types<'_>) -> Vec<String> {
    let ty = types.path_of(&format!("operations::{}", names.path_of(&names.ty)));
    let rows = operations.iter().map(|ReadmeOperationView { method, summary, route, .. }| {
        let shown = without_raw(method);
        // The summary of an operation without documentation is its route.
        let summary = if summary == route { "" } else { summary };
        format!("| [`{shown}`]({ty}::{shown}) | {route} | {summary} |")
    });
    rows.collect()
}

fn is_long(api: &Api) -> bool {
    api.groups.iter().map(|group| group.operations.len()).sum::<usize>() > MAX_OPERATIONS
}

fn group_pages(readme: &ReadmeApiView, api: &Api, names: &Names, types: &Types<'_>) -> Vec<GroupPageView> {
    if is_long(api) {
        return Vec::new();
    }
    let groups = readme.groups.iter().zip(&names.groups).map(|(group, names)| GroupPageView {
        title: group.title.clone(),
        introduction: introduction(names, types),
        rows: operation_rows(&group.operations, names, types),
    });
    groups.collect()
}

/// Returns the sentence that names the sub-client of a group.
fn introduction(names: &GroupNames, types: &Types<'_>) -> String {
    let (ty, accessor) = (&names.ty, &names.accessor);
    let path = types.path_of(&format!("operations::{}", names.path_of(ty)));
    let shown = without_raw(accessor);
    let client = types.path_of("Client");
    format!("Methods of [`{ty}`]({path}), which [`Client::{shown}`]({client}::{shown}) returns:")
}

fn tags(api: &Api, names: &Names, types: &Types<'_>) -> Vec<String> {
    if !is_long(api) {
        return Vec::new();
    }
    let line = |(group, names): (&Group, &GroupNames)| {
        let path = types.path_of(&format!("operations::{}", names.path_of(&names.ty)));
        let description = group.description.as_deref().map(first_paragraph).filter(|text| !text.is_empty());
        let description = description.map(|text| format!(": {text}")).unwrap_or_default();
        let count = match group.operations.len() {
            1 => "1 operation".to_owned(),
            count => format!("{count} operations"),
        };
        format!("* [`{}`]({path}), {count}{description}", names.ty)
    };
    api.groups.iter().zip(&names.groups).map(line).collect()
}

/// Returns an example that creates a client and calls an operation, if possible an operation that reads data and needs
/// few arguments.
fn example(readme: &ReadmeApiView, groups: &[Vec<OperationView>], has_settings_trait: bool) -> Vec<String> {
    let operations = groups.iter().flatten().filter_map(|view| Some((view, view.example.as_ref()?)));
    let best = operations
        .min_by_key(|(view, example)| (view.deprecated.is_some(), !view.route.starts_with("GET "), example.arguments));
    let settings = &readme.settings;
    let mut client = vec!["let client = Client::builder()".to_owned()];
    client.extend(settings.iter().map(|setting| format!("    {setting}")));
    client.push("    .build()?;".to_owned());
    if settings.is_empty() {
        client = vec!["let client = Client::builder().build()?;".to_owned()];
    }
    Example::block(best.map(|(_, example)| example), &readme.path, &client, has_settings_trait && !settings.is_empty())
}
