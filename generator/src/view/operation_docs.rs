//! The documentation of operations: description, route, security, servers, responses, pagination and errors.

use crate::ir::{
    BodyContent, ErrorResponse, HeaderDoc, Multipart, Operation, Pagination, PagingStyle, RequestBody, ResponseContent,
    StatusPattern, StreamItems, Success, SuccessContent, SuccessDoc, ValueSource,
};
use crate::name::{GroupNames, OperationNames};

use super::docs::Docs;
use super::markdown::{code, escaped, first_paragraph};
use super::server::indexed_docs;
use super::status::statuses;
use super::types::{Types, without_raw};

/// Returns the first paragraph of the operation's summary or, without a summary, of its description. Returns an empty
/// string without both.
pub(super) fn first_paragraph_of(operation: &Operation) -> String {
    operation.summary.as_deref().or(operation.description.as_deref()).map(first_paragraph).unwrap_or_default()
}

/// Returns the first paragraph of the operation's documentation, or its route (e.g. `GET /pets`) if it has no
/// documentation.
pub(super) fn summary(operation: &Operation) -> String {
    let text = first_paragraph_of(operation);
    if text.is_empty() { code(&format!("{} {}", operation.method, operation.path)) } else { text }
}

/// The items that the documentation of an operation refers to.
pub(super) struct Links<'a> {
    pub types: &'a Types<'a>,
    pub group: &'a GroupNames,
    pub names: &'a OperationNames,
}

impl Links<'_> {
    /// Returns a link to a type of the operation.
    fn of(&self, ty: &str) -> String {
        format!("[`{ty}`]({})", self.path(ty))
    }

    /// Returns the path of a type of the operation.
    fn path(&self, ty: &str) -> String {
        self.types.path_of(&format!("operations::{}", self.group.path_of(ty)))
    }

    /// Returns a link to a method of the request type. `text` is the text of the link.
    fn method(&self, text: &str, method: &str) -> String {
        let method = without_raw(method);
        format!("[`{text}`]({}::{method})", self.path(&self.names.ty))
    }
}

/// Returns the documentation of the request type: its first paragraph, and a link to the method, which has the whole
/// documentation.
pub(super) fn request_docs(operation: &Operation, links: &Links<'_>) -> Vec<String> {
    let (ty, method) = (&links.group.ty, &links.names.method);
    let shown = without_raw(method);
    let link = format!("The request of [`{ty}::{shown}`]({}::{shown}).", links.path(ty));
    Docs::default().text(first_paragraph_of(operation)).text(link).or(String::new)
}

/// Returns the documentation of the method that creates a request. `arguments` is the documentation of its arguments,
/// `example` the code block of its example.
pub(super) fn docs(
    operation: &Operation,
    links: &Links<'_>,
    arguments: Vec<(String, Docs)>,
    example: Vec<String>,
) -> Vec<String> {
    // Many documents repeat the summary at the beginning of the description.
    let repeated = operation.summary.as_deref().unwrap_or_default();
    let description = operation.description.as_deref().map(|text| match text.strip_prefix(repeated) {
        Some(rest) if rest.is_empty() || rest.starts_with('\n') => rest,
        _ => text,
    });
    let mut docs = Docs::default()
        .document_text(operation.summary.as_deref())
        .document_text(description)
        .external(&operation.external_docs)
        .text(code(&format!("{} {}", operation.method, operation.path)))
        .listed(arguments);
    if operation.path_description.is_some() {
        docs = docs.labeled(&format!("The path {}", code(&operation.path)), operation.path_description.as_deref());
    }
    let (described, plain): (Vec<_>, Vec<_>) =
        operation.other_tags.iter().partition(|tag| tag.description.is_some() || tag.external_docs.is_some());
    if !plain.is_empty() {
        let tags: Vec<String> = plain.iter().map(|tag| code(&tag.name)).collect();
        docs = docs.text(format!("Also tagged {}.", tags.join(", ")));
    }
    for tag in described {
        docs = docs.labeled(&format!("Also tagged {}", code(&tag.name)), tag.description.as_deref());
        docs = docs.external(&tag.external_docs);
    }
    for (scheme, scopes) in &operation.scopes {
        let scopes: Vec<String> = scopes.iter().map(|scope| code(scope)).collect();
        docs = docs.text(format!("Requires a token of {} with the scopes {}.", code(scheme), scopes.join(", ")));
    }
    for (what, names) in [("Callbacks", &operation.callbacks), ("Links", &operation.links)] {
        if !names.is_empty() {
            let names: Vec<String> = names.iter().map(|name| code(name)).collect();
            docs = docs.text(format!("{what} (not generated): {}.", names.join(", ")));
        }
    }
    match operation.servers.as_slice() {
        [] => {}
        [only] => {
            let label = format!("Sent to {} instead of the API's server", code(&only.url));
            docs = docs.labeled(&label, only.description.as_deref());
        }
        several => {
            docs = docs.text("Sent to one of these servers instead of the API's server. The first one is the default:");
            docs = docs.items(indexed_docs(several));
        }
    }
    if let Some(form) = operation.body.as_ref().and_then(|body| only_form(body)) {
        docs = form_docs(docs, operation.body.as_ref(), form);
    }
    let success = &operation.success;
    docs = successes(docs, success, links);
    // Skip 304, which does not redirect to another location.
    let redirects = success.responses.iter().map(|response| response.status);
    let redirects = redirects.filter(|status| status.is_redirect() && *status != StatusPattern::Exact(304));
    let redirects: Vec<StatusPattern> = redirects.collect();
    if !redirects.is_empty() {
        docs = docs.text(format!(
            "A redirect with the status {} is returned as a response. To follow it, set \
             [`redirects`](crate::runtime::RequestOptions::redirects).",
            statuses(&redirects),
        ));
    }
    if success.responses.len() > 1 && !success.headers.is_empty() {
        docs = docs.text("Responses may have these headers:");
    }
    docs = docs.items(success.headers.iter().map(header));
    if let Some(stream) = &success.stream {
        docs = docs.text(format!(
            "{} yields the items of {} as they arrive.",
            links.method("send_items", "send_items"),
            code(&stream.media_type)
        ));
        if matches!(stream.items, StreamItems::Results { .. }) {
            docs = docs.text(
                "If the server reports an error in the stream, the stream ends with an error of the kind `Stream`, whose \
                 body is the reported error.",
            );
        }
    }
    if !success.other_media_types.is_empty() {
        let others: Vec<String> = success.other_media_types.iter().map(|media_type| code(media_type)).collect();
        docs = docs.text(format!(
            "The response is also available as {}: set the header `accept` to the media type, and read the bytes with \
             {}.",
            others.join(", "),
            links.method("send_streamed", "send_streamed")
        ));
    }
    if operation.long_running {
        docs = docs.text(
            "The server may still be working after a successful response (`x-ms-long-running-operation`). To wait \
             until the work is done, poll with [`poll_until`](crate::runtime::poll_until).",
        );
    }
    if let Some(pagination) = &operation.pagination {
        docs = docs.text(paging(pagination, operation, links));
    }
    if !operation.errors.is_empty() {
        let errors = operation.errors.iter().map(|error| error_docs(error, links.types));
        docs = docs.text("# Errors").listed(errors.collect());
    }
    if !example.is_empty() {
        docs = docs.text("# Examples").verbatim(example);
    }
    docs.or(String::new)
}

/// Returns the multipart form of a request body without other media types. The operation's docs describe this form,
/// because the form has no Rust type: its parts are arguments of the operation.
fn only_form(body: &RequestBody) -> Option<&Multipart> {
    match &body.only()?.content {
        BodyContent::Multipart(form) => Some(form),
        _ => None,
    }
}

fn form_docs(docs: Docs, body: Option<&RequestBody>, form: &Multipart) -> Docs {
    let all = [body.and_then(|body| body.description.as_ref()), form.doc.title.as_ref(), form.doc.description.as_ref()];
    let mut texts: Vec<&str> = Vec::new();
    for text in all.into_iter().flatten() {
        if !text.trim().is_empty() && !texts.contains(&text.as_str()) {
            texts.push(text);
        }
    }
    let docs = if texts.is_empty() { docs } else { docs.labeled("Sends a form", Some(&texts.join("\n\n"))) };
    let docs = docs.external(&form.doc.external_docs).constraints(&form.doc, " of the form");
    body.and_then(RequestBody::only).into_iter().fold(docs, |docs, only| docs.constraints(&only.doc, " of the form"))
}

/// Adds the documentation of the successful responses. Statuses with the same documentation share one paragraph.
fn successes(docs: Docs, success: &Success, links: &Links<'_>) -> Docs {
    let output = output(success, links);
    let mut groups: Vec<(Vec<StatusPattern>, &SuccessDoc)> = Vec::new();
    let is_documented = |response: &&SuccessDoc| {
        !response.description.trim().is_empty() || !response.bodies.is_empty() || output.is_some()
    };
    for response in success.responses.iter().filter(is_documented) {
        let same = |known: &SuccessDoc| {
            let has_output = |response: &SuccessDoc| has_output(response.status, success);
            known.description == response.description
                && known.bodies == response.bodies
                && has_output(known) == has_output(response)
        };
        match groups.iter_mut().find(|(_, known)| same(known)) {
            Some((statuses, _)) => statuses.push(response.status),
            None => groups.push((vec![response.status], response)),
        }
    }
    groups.into_iter().fold(docs, |docs, (patterns, response)| {
        let label = match patterns.as_slice() {
            [StatusPattern::Default] => "Returns any successful status".to_owned(),
            patterns => format!("Returns {}", statuses(patterns)),
        };
        let output = output.as_ref().filter(|_| has_output(response.status, success));
        let label = output.map_or_else(|| label.clone(), |output| format!("{label} ({output})"));
        let is_one_line = response.description.trim().lines().count() == 1;
        let description = if is_one_line { continued(&response.description) } else { response.description.clone() };
        response.bodies.iter().fold(docs.labeled(&label, Some(&description)), Docs::of_body)
    })
}

/// Describes the output of an operation, with a link to its type. Returns `None` if responses have no value.
fn output(success: &Success, links: &Links<'_>) -> Option<String> {
    match &success.content {
        SuccessContent::One { content: ResponseContent::Bytes, .. } => Some("bytes".to_owned()),
        SuccessContent::One { content, .. } => content.value().map(|ty| links.types.described(ty)),
        SuccessContent::Several(_) => links.names.outputs.as_ref().map(|outputs| links.of(&outputs.ty)),
    }
}

/// Returns whether responses with a status have the value that [`output`] describes.
fn has_output(status: StatusPattern, success: &Success) -> bool {
    match (&success.content, status) {
        (SuccessContent::Several(_), _) => true,
        (SuccessContent::One { .. }, StatusPattern::Exact(204 | 205)) => false,
        (SuccessContent::One { bodiless, .. }, StatusPattern::Exact(status)) => !bodiless.contains(&status),
        (SuccessContent::One { .. }, _) => true,
    }
}

/// Returns the documentation of an error response as a list item: the status, the type of the body, and its
/// documentation.
fn error_docs(error: &ErrorResponse, types: &Types<'_>) -> (String, Docs) {
    let label = match error.status {
        StatusPattern::Default => "Any other status".to_owned(),
        status => statuses(&[status]),
    };
    let mut bodies: Vec<String> = Vec::new();
    for ty in error.representations.iter().filter_map(|representation| representation.content.value()) {
        let body = types.described(ty);
        if !bodies.contains(&body) {
            bodies.push(body);
        }
    }
    let label = if bodies.is_empty() { label } else { format!("{label} ({})", bodies.join(" or ")) };
    let description = error.description.as_deref().map(continued);
    let docs = Docs::default().document_text(description.as_deref());
    let docs = error.representations.iter().map(|representation| &representation.doc).fold(docs, Docs::of_body);
    (label, docs.items(error.headers.iter().map(header)))
}

/// Returns a description that can follow a colon: writes a leading article in lower case, e.g. "The job" as "the job".
fn continued(description: &str) -> String {
    let articles = [("The ", "the "), ("A ", "a "), ("An ", "an ")];
    let replaced = articles.into_iter().find_map(|(article, lower)| {
        description.trim_start().strip_prefix(article).map(|rest| format!("{lower}{rest}"))
    });
    replaced.unwrap_or_else(|| description.to_owned())
}

/// Describes how the next page is requested, and which page is the last one.
fn paging(pagination: &Pagination, operation: &Operation, links: &Links<'_>) -> String {
    let parameter = |index: usize| code(operation.parameters.get(index).map_or("", |parameter| &parameter.name));
    let next = pagination.next.as_ref().map(describe_source).unwrap_or_default();
    let by = match pagination.style {
        PagingStyle::Offset(offset) => format!("the offset {}", parameter(offset)),
        PagingStyle::PageNumber { parameter: page, first } => {
            format!("the page number {}, starting at {first}", parameter(page))
        }
        PagingStyle::Cursor(cursor) => format!("the cursor {}, returned in {next}", parameter(cursor)),
        PagingStyle::NextLink => format!("the link in {next}"),
    };
    let by_token = matches!(pagination.style, PagingStyle::Cursor(_) | PagingStyle::NextLink);
    let mut ends = Vec::new();
    if pagination.empty_page_ends || !by_token {
        ends.push("on an empty page".to_owned());
    }
    if by_token {
        ends.push(format!("on a page without {next}"));
    } else {
        let total = pagination.total.as_ref().map(describe_source);
        ends.extend(total.map(|total| format!("when the number of items reaches {total}")));
    }
    let total_pages = pagination.total_pages.as_ref().map(describe_source);
    ends.extend(total_pages.map(|total| format!("when the number of pages reaches {total}")));
    ends.extend(pagination.has_more.as_ref().map(|more| format!("when {} is `false`", describe_source(more))));
    if let Some(limit) = pagination.limit.filter(|_| pagination.short_page_ends) {
        ends.push(format!(
            "on a page with fewer items than the value of the parameter {}, if that parameter is set",
            parameter(limit)
        ));
    }
    let limit = pagination.limit.map(|limit| format!(", with at most {} items per page", parameter(limit)));
    format!(
        "Paginated by {by}{}: {} and {} fetch one page after another. The listing ends {}.",
        limit.unwrap_or_default(),
        links.method("items", "items"),
        links.method("pages", "pages"),
        ends.join(", or "),
    )
}

/// Describes the source of a value in a response, e.g. "the header `Link` (`rel="next"`)".
fn describe_source(source: &ValueSource) -> String {
    match source {
        ValueSource::Property(path) => code(&path.join(".")),
        ValueSource::Header(name) => format!("the header {}", code(name)),
        ValueSource::Link => "the header `Link` (`rel=\"next\"`)".to_owned(),
    }
}

/// Describes a response header on one line.
fn header(header: &HeaderDoc) -> String {
    let description = header.doc.description.as_deref().map(escaped).filter(|text| !text.is_empty());
    match description {
        Some(description) => format!("header {}: {description}", code(&header.name)),
        None => format!("header {}", code(&header.name)),
    }
}
