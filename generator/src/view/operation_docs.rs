//! What is said of an operation: its words, where it goes, what it answers and how it fails.

use crate::ir::{HeaderDoc, Operation, StatusPattern};

use super::docs::{Docs, code, escaped, first_paragraph};
use super::server::server_docs;

/// The first words on an operation; none where the document has none.
pub(super) fn first_words(operation: &Operation) -> String {
    operation.summary.as_deref().or(operation.description.as_deref()).map(first_paragraph).unwrap_or_default()
}

pub(super) fn summary(operation: &Operation) -> String {
    let words = first_words(operation);
    if words.is_empty() { code(&format!("{} {}", operation.method, operation.path)) } else { words }
}

pub(super) fn docs(operation: &Operation) -> Vec<String> {
    // Many documents begin the description with the summary.
    let repeated = operation.summary.as_deref().unwrap_or_default();
    let description = operation.description.as_deref().map(|text| match text.strip_prefix(repeated) {
        Some(rest) if rest.is_empty() || rest.starts_with('\n') => rest,
        _ => text,
    });
    let mut docs = Docs::default()
        .foreign(operation.summary.as_deref())
        .foreign(description)
        .own(code(&format!("{} {}", operation.method, operation.path)));
    if !operation.other_tags.is_empty() {
        let tags: Vec<String> = operation.other_tags.iter().map(|tag| code(tag)).collect();
        docs = docs.own(format!("Also tagged {}.", tags.join(", ")));
    }
    match operation.servers.as_slice() {
        [] => {}
        [only] => docs = docs.own(format!("Sent to {}, in the place of the API's server.", code(&only.url))),
        several => {
            docs = docs.own("Sent to a server of its own, in the place of the API's; by default to the first of:");
            docs = docs.items(server_docs(several));
        }
    }
    let success = &operation.success;
    let answers = match success.statuses.as_slice() {
        [StatusPattern::Default] => "Answers any success".to_owned(),
        patterns => format!("Answers {}", statuses(patterns)),
    };
    if success.description.as_deref().is_some_and(|words| !words.trim().is_empty()) {
        docs = docs.said(&answers, success.description.as_deref());
    }
    docs = docs.items(success.headers.iter().map(header));
    for error in &operation.errors {
        docs = docs.said(&format!("Fails with {}", statuses(&[error.status])), error.description.as_deref());
        docs = docs.items(error.headers.iter().map(header));
    }
    docs.or(String::new)
}

fn header(header: &HeaderDoc) -> String {
    let words = header.description.as_deref().map(escaped).filter(|words| !words.is_empty());
    match words {
        Some(words) => format!("header {}: {words}", code(&header.name)),
        None => format!("header {}", code(&header.name)),
    }
}

fn statuses(patterns: &[StatusPattern]) -> String {
    let words = patterns.iter().map(|pattern| match pattern {
        StatusPattern::Exact(status) => format!("`{status}`"),
        StatusPattern::Range(hundreds) => format!("`{hundreds}XX`"),
        StatusPattern::Default => "any other status".to_owned(),
    });
    words.collect::<Vec<_>>().join(", ")
}
