//! The operations of an API as lines: id, method, path template, summary.
//!
//! In: the tables. Out: one line for each operation, in columns; `-` stands for an id that the spec does not give.

use super::entry::{Api, Entry};

/// The operations, with the name of their API in front where there are several.
pub fn list(apis: &[&Api]) -> String {
    let mut rows = Vec::new();
    for api in apis {
        for entry in api.operations {
            let mut row = if apis.len() > 1 { vec![api.info.name] } else { Vec::new() };
            row.extend([id(entry), entry.info.method.as_str(), entry.info.path, entry.summary]);
            rows.push(row);
        }
    }
    let mut widths: Vec<usize> = Vec::new();
    for row in &rows {
        widths.resize(row.len(), 0);
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let mut text = String::new();
    for row in &rows {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(&widths) {
            line.push_str(&format!("{cell:width$}  "));
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// The operation's id. An operation without one is described by its method and path, which have columns of their own.
fn id(entry: &Entry) -> &'static str {
    if entry.info.id.contains(' ') { "-" } else { entry.info.id }
}
