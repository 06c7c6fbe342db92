//! An API's operations as its crate's program lists them.

use serde::Serialize;

use crate::ir::{Api, Operation};
use crate::name::Names;

use super::docs::is_unwelcome;
use super::types::{Types, literal};

/// The operations of one API.
#[derive(Debug, Serialize)]
pub(crate) struct ProgramView {
    root: String,
    entries: Vec<EntryView>,
}

#[derive(Debug, Serialize)]
struct EntryView {
    ty: String,
    /// A Rust literal: one line of plain text, for a terminal.
    summary: String,
}

impl ProgramView {
    pub fn of(api: &Api, names: &Names, types: &Types<'_>) -> Self {
        let operations = api.groups.iter().flat_map(|group| &group.operations);
        let names = names.groups.iter().flat_map(|group| &group.operations);
        let entries = operations.zip(names);
        let entry =
            |operation: &Operation, ty: &str| EntryView { ty: ty.to_owned(), summary: literal(&summary(operation)) };
        Self {
            root: types.root.to_string(),
            entries: entries.map(|(operation, names)| entry(operation, &names.ty)).collect(),
        }
    }
}

/// The first line that the document has to say, without what a terminal would obey.
fn summary(operation: &Operation) -> String {
    let words = [&operation.summary, &operation.description].into_iter().flatten();
    let line = words.flat_map(|words| words.lines()).map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    line.chars().filter(|character| !is_unwelcome(*character)).map(|it| if it == '\t' { ' ' } else { it }).collect()
}
