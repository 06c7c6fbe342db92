//! The output of `list`: one line per operation with its id, method, path template and summary.

use super::entry::{Api, Entry};

/// Formats the operations of the APIs in columns. If there are several APIs, the first column is the name of the API.
pub fn list(apis: &[&Api]) -> String {
    let mut rows = Vec::new();
    for api in apis {
        for entry in api.operations {
            let mut row = if apis.len() > 1 { vec![api.info.name] } else { Vec::new() };
            row.extend([id(entry), entry.info.method_name(), entry.info.path, entry.summary]);
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

/// Returns the `operationId`, or `-` if the operation has none. Elsewhere, its method and path identify such an
/// operation, but here they have their own columns.
fn id(entry: &Entry) -> &'static str {
    if entry.info.id.contains(' ') { "-" } else { entry.info.id }
}
