//! What is said of an operation: its words, where it goes, what it answers and how it fails.

use crate::ir::{
    BodyContent, HeaderDoc, Multipart, Operation, Pagination, PagingStyle, RequestBody, StatusPattern, SuccessDoc, Told,
};

use super::docs::Docs;
use super::markdown::{code, escaped, first_paragraph};
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
    if operation.path_words.is_some() {
        docs = docs.said(&format!("The path {}", code(&operation.path)), operation.path_words.as_deref());
    }
    let (told, untold): (Vec<_>, Vec<_>) = operation.other_tags.iter().partition(|(_, words)| words.is_some());
    if !untold.is_empty() {
        let tags: Vec<String> = untold.iter().map(|(tag, _)| code(tag)).collect();
        docs = docs.own(format!("Also tagged {}.", tags.join(", ")));
    }
    for (tag, words) in told {
        docs = docs.said(&format!("Also tagged {}", code(tag)), words.as_deref());
    }
    for (scheme, scopes) in &operation.scopes {
        let scopes: Vec<String> = scopes.iter().map(|scope| code(scope)).collect();
        docs = docs.own(format!("A token of {} must have the scopes {}.", code(scheme), scopes.join(", ")));
    }
    for (what, names) in [("Callbacks", &operation.callbacks), ("Links", &operation.links)] {
        if !names.is_empty() {
            let names: Vec<String> = names.iter().map(|name| code(name)).collect();
            docs = docs.own(format!("{what}, for which nothing is generated: {}.", names.join(", ")));
        }
    }
    match operation.servers.as_slice() {
        [] => {}
        [only] => {
            let sent = format!("Sent to {}, in the place of the API's server", code(&only.url));
            docs = docs.said(&sent, only.description.as_deref());
        }
        several => {
            docs = docs.own("Sent to a server of its own, in the place of the API's; by default to the first of:");
            docs = docs.items(server_docs(several));
        }
    }
    if let Some(form) = operation.body.as_ref().and_then(|body| only_form(body)) {
        docs = form_docs(docs, operation.body.as_ref(), form);
    }
    let success = &operation.success;
    docs = answers(docs, &success.answers);
    // 304 leads nowhere.
    let redirects = success.answers.iter().map(|answer| answer.status);
    let redirects = redirects.filter(|status| status.is_redirect() && *status != StatusPattern::Exact(304));
    let redirects: Vec<StatusPattern> = redirects.collect();
    if !redirects.is_empty() {
        docs = docs.own(format!(
            "A redirect of the status {} is not followed, unless [`redirects`](Self::redirects) says so.",
            statuses(&redirects)
        ));
    }
    if success.answers.len() > 1 && !success.headers.is_empty() {
        docs = docs.own("Answers may come with:");
    }
    docs = docs.items(success.headers.iter().map(header));
    if let Some(stream) = &success.stream {
        docs = docs.own(format!(
            "[`send_items`](Self::send_items) gives the items of {} as they come.",
            code(&stream.media_type)
        ));
    }
    if !success.other_media_types.is_empty() {
        let others: Vec<String> = success.other_media_types.iter().map(|media_type| code(media_type)).collect();
        docs = docs.own(format!(
            "The same is served as {}: for that, set the header `accept` and take the bytes of \
             [`send_streamed`](Self::send_streamed).",
            others.join(", ")
        ));
    }
    if let Some(pagination) = &operation.pagination {
        docs = docs.own(paging(pagination, operation));
    }
    for error in &operation.errors {
        docs = docs.said(&format!("Fails with {}", statuses(&[error.status])), error.description.as_deref());
        docs = error.representations.iter().map(|representation| &representation.doc).fold(docs, Docs::of_body);
        docs = docs.items(error.headers.iter().map(header));
    }
    docs.or(String::new)
}

/// The form that a body is, where it is nothing else: its parts are arguments, and there is none that it could be said of.
fn only_form(body: &RequestBody) -> Option<&Multipart> {
    match &body.only()?.content {
        BodyContent::Multipart(form) => Some(form),
        _ => None,
    }
}

fn form_docs(docs: Docs, body: Option<&RequestBody>, form: &Multipart) -> Docs {
    let words =
        [body.and_then(|body| body.description.as_ref()), form.doc.title.as_ref(), form.doc.description.as_ref()];
    let mut said: Vec<&str> = Vec::new();
    for words in words.into_iter().flatten() {
        if !words.trim().is_empty() && !said.contains(&words.as_str()) {
            said.push(words);
        }
    }
    let docs = if said.is_empty() { docs } else { docs.said("Sends a form", Some(&said.join("\n\n"))) };
    let docs = docs.asked(&form.doc, " of the form");
    body.and_then(RequestBody::only).into_iter().fold(docs, |docs, only| docs.asked(&only.doc, " of the form"))
}

/// What the document says of each success; those of which it says the same stand together.
fn answers(docs: Docs, answers: &[SuccessDoc]) -> Docs {
    let mut told: Vec<(Vec<StatusPattern>, &SuccessDoc)> = Vec::new();
    let is_told = |answer: &&SuccessDoc| !answer.description.trim().is_empty() || !answer.bodies.is_empty();
    for answer in answers.iter().filter(is_told) {
        let same = |known: &SuccessDoc| known.description == answer.description && known.bodies == answer.bodies;
        match told.iter_mut().find(|(_, known)| same(known)) {
            Some((statuses, _)) => statuses.push(answer.status),
            None => told.push((vec![answer.status], answer)),
        }
    }
    told.into_iter().fold(docs, |docs, (patterns, answer)| {
        let ours = match patterns.as_slice() {
            [StatusPattern::Default] => "Answers any success".to_owned(),
            patterns => format!("Answers {}", statuses(patterns)),
        };
        answer.bodies.iter().fold(docs.said(&ours, Some(&answer.description)), Docs::of_body)
    })
}

/// How the listing pages, and what ends it.
fn paging(pagination: &Pagination, operation: &Operation) -> String {
    let parameter = |index: usize| code(operation.parameters.get(index).map_or("", |parameter| &parameter.name));
    let next = pagination.next.as_ref().map(told).unwrap_or_default();
    let by = match pagination.style {
        PagingStyle::Offset(offset) => format!("the offset {}", parameter(offset)),
        PagingStyle::PageNumber { parameter: page, first } => {
            format!("the page number {}, counted from {first}", parameter(page))
        }
        PagingStyle::Cursor(cursor) => format!("the cursor {}, which comes in {next}", parameter(cursor)),
        PagingStyle::NextLink => format!("the link in {next}"),
    };
    let by_token = matches!(pagination.style, PagingStyle::Cursor(_) | PagingStyle::NextLink);
    let mut ends = Vec::new();
    if pagination.empty_page_ends || !by_token {
        ends.push("on an empty page".to_owned());
    }
    if by_token {
        ends.push(format!("without {next}"));
    } else {
        ends.extend(
            pagination.total.as_ref().map(|total| format!("when as many items have come as {} says", told(total))),
        );
    }
    ends.extend(
        pagination.total_pages.as_ref().map(|total| format!("when as many pages have come as {} says", told(total))),
    );
    ends.extend(pagination.has_more.as_ref().map(|more| format!("when {} is `false`", told(more))));
    if let Some(limit) = pagination.limit.filter(|_| pagination.short_page_ends) {
        ends.push(format!("on a page of fewer items than the {} that was set", parameter(limit)));
    }
    let limit = pagination.limit.map(|limit| format!(", at most {} items a page", parameter(limit)));
    format!(
        "Lists page by page, by {by}{}: [`items`](Self::items) and [`pages`](Self::pages) fetch one page after the \
         other. The listing ends {}.",
        limit.unwrap_or_default(),
        ends.join(", or "),
    )
}

/// Where an answer tells something.
fn told(told: &Told) -> String {
    match told {
        Told::Property(path) => code(&path.join(".")),
        Told::Header(name) => format!("the header {}", code(name)),
        Told::Link => "the header `Link` (`rel=\"next\"`)".to_owned(),
    }
}

/// What there is to say of a header, on one line.
fn header(header: &HeaderDoc) -> String {
    let words = header.doc.description.as_deref().map(escaped).filter(|words| !words.is_empty());
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
