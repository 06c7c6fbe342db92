//! Views of the generated command-line program: its table of operations, and its examples in the README.

use std::borrow::Cow;

use serde::Serialize;

use crate::ir::{Api, BodyContent, Operation};
use crate::name::Names;

use super::html::without_html;
use super::markdown::is_invisible;
use super::tag_features::TagFeatures;
use super::types::{Types, literal};

/// The operations of an API that the command-line program can call.
#[derive(Debug, Serialize)]
pub(crate) struct ProgramView {
    root: String,
    entries: Vec<EntryView>,
}

#[derive(Debug, Serialize)]
struct EntryView {
    /// The attribute that makes the entry depend on features.
    gate: Option<String>,
    /// The path of the request type, relative to `operations`.
    ty: String,
    /// The summary as a Rust string literal: one line of plain text without control characters.
    summary: String,
    /// The name of the runtime function that creates the operation's entry in the table. It depends on whether
    /// responses are read completely (`entry`), as a stream of items (`entry_of_items`), or either (`entry_or_items`).
    constructor: &'static str,
}

impl ProgramView {
    pub(super) fn of(api: &Api, names: &Names, types: &Types<'_>, features: &TagFeatures) -> Self {
        let groups = api.groups.iter().zip(&names.groups).enumerate();
        let entries = groups.flat_map(|(position, (group, names))| {
            let gate = features.group(position).attribute();
            let paths = names.operations.iter().map(move |operation| (gate.clone(), names.path_of(&operation.ty)));
            group.operations.iter().zip(paths)
        });
        let entry = |(operation, (gate, ty)): (&Operation, (Option<String>, String))| EntryView {
            gate,
            ty,
            summary: literal(&summary(operation)),
            constructor: match &operation.success {
                success if success.is_whole_or_stream() => "entry_or_items",
                success if success.stream.is_some() => "entry_of_items",
                _ => "entry",
            },
        };
        Self { root: types.root.to_string(), entries: entries.map(entry).collect() }
    }
}

/// Returns the example commands for the README: a command that lists operations, and a command that calls an operation.
pub(super) fn examples(program: &str, api_name: Option<&str>, api: &Api) -> Vec<String> {
    let program = match api_name {
        Some(api) => format!("{program} {api}"),
        None => program.to_owned(),
    };
    let mut commands = vec![format!("{program} list")];
    let mut operations = api.groups.iter().flat_map(|group| &group.operations);
    let shows_a_parameter = |operation: &&Operation| operation.method == "GET" && operation.path.contains('{');
    if let Some(operation) = operations.clone().find(shows_a_parameter).or_else(|| operations.next()) {
        commands.push(call(&program, operation));
    }
    commands
}

fn call(program: &str, operation: &Operation) -> String {
    let mut command = format!("{program} call {}", quoted(&format!("{} {}", operation.method, operation.path)));
    let required = operation.parameters.iter().filter(|it| it.is_argument());
    for parameter in required {
        command.push_str(&format!(" --param {}", quoted(&format!("{}=…", parameter.name))));
    }
    let body = operation.body.as_ref().filter(|body| body.required);
    match body.and_then(|body| body.representations.first()).map(|representation| &representation.content) {
        Some(BodyContent::Multipart(form)) => {
            for part in form.parts.iter().filter(|part| part.is_argument()) {
                command.push_str(&format!(" --part {}", quoted(&format!("{}=@…", part.name))));
            }
        }
        Some(_) => command.push_str(" --body @…"),
        None => {}
    }
    for scheme in operation.security.iter().find(|combination| !combination.is_empty()).into_iter().flatten() {
        command.push_str(&format!(" --auth {}", quoted(&format!("{scheme}=env:…"))));
    }
    command
}

/// Quotes text as a single shell word. Removes invisible characters.
fn quoted(text: &str) -> String {
    let text: String = text.chars().filter(|character| !is_invisible(*character)).collect();
    let is_plain = |character: char| character.is_alphanumeric() || "-_./:=@…".contains(character);
    if text.chars().all(is_plain) { text } else { format!("'{}'", text.replace('\'', r"'\''")) }
}

/// Returns the first line of an operation's summary or description, without control characters.
fn summary(operation: &Operation) -> String {
    let texts = [&operation.summary, &operation.description].into_iter().flatten();
    let mut plain = texts.flat_map(|text| text.lines()).map(without_html);
    let first = |text: Cow<'_, str>| Some(text.lines().map(str::trim).find(|line| !line.is_empty())?.to_owned());
    let line = plain.find_map(first).unwrap_or_default();
    line.chars().filter(|character| !is_invisible(*character)).map(|it| if it == '\t' { ' ' } else { it }).collect()
}
