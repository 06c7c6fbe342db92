//! Formatting of a request as a curl command line for `--dry-run`.
//!
//! The command does not contain secrets: it reads them from shell variables or files, or contains `***` instead.

use http::header::{AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderName, Method};

use super::super::body::Body;
use super::super::form;
use super::super::operation::OperationInfo;
use super::super::redact;
use super::super::secret_paths::SecretPath;
use super::arguments::CallArguments;
use super::auth;
use super::content::{PartArgument, Source, part_argument};
use super::dry_run::{Placeholder, Placeholders};

/// Returns the curl command line for a request.
pub fn command(
    request: &http::Request<Body>,
    info: &'static OperationInfo,
    arguments: &CallArguments,
    credentials: &auth::Credentials,
    placeholders: &Placeholders,
) -> String {
    let mut line = Line { text: "curl".to_owned(), placeholders: placeholders.all() };
    match *request.method() {
        Method::GET if request.body().is_empty() => {}
        // With `--request HEAD`, curl would wait for a body.
        Method::HEAD => line.word("--head"),
        _ => line.option("--request", request.method().as_str()),
    }
    let url = request.uri().to_string();
    if url.contains(['[', ']', '{', '}']) {
        line.word("--globoff");
    }
    if let Some((certificate, key)) = &credentials.certificate {
        line.option("--cert", &certificate.to_string_lossy());
        if let Some(key) = key {
            line.option("--key", &key.to_string_lossy());
        }
    }
    if let Some(roots) = &arguments.root_certificate {
        line.option("--cacert", &roots.to_string_lossy());
    }
    let has_parts = !arguments.parts.is_empty();
    let content_type = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    for (name, value) in request.headers() {
        // curl computes the length of the body itself and chooses its own boundary between parts.
        let set_by_curl = name == CONTENT_LENGTH && !request.body().is_empty() || name == CONTENT_TYPE && has_parts;
        if !set_by_curl {
            line.header(name, &String::from_utf8_lossy(value.as_bytes()));
        } else if name == CONTENT_TYPE && !content_type.starts_with("multipart/form-data") {
            line.header(name, &without_boundary(content_type));
        }
    }
    for part in &arguments.parts {
        line.option("--form", &form_part(info, part, &arguments.part_headers));
    }
    if !has_parts && !request.body().is_empty() {
        let is_form = content_type.starts_with("application/x-www-form-urlencoded");
        line.body(request.body(), info.request_secrets, is_form, arguments.body.as_deref().unwrap_or_default());
    }
    line.word(&line.quoted(&url));
    line.text + "\n"
}

/// Returns a media type without its `boundary` parameter, which curl adds.
fn without_boundary(media_type: &str) -> String {
    let parameters = media_type.split(';').map(str::trim).filter(|parameter| !parameter.starts_with("boundary="));
    parameters.collect::<Vec<_>>().join("; ")
}

/// A command line under construction.
struct Line<'a> {
    text: String,
    placeholders: &'a [Placeholder],
}

impl Line<'_> {
    /// Appends a word without quoting it.
    fn word(&mut self, word: &str) {
        self.text.push(' ');
        self.text.push_str(word);
    }

    fn option(&mut self, name: &str, value: &str) {
        self.word(name);
        self.word(&self.quoted(value));
    }

    fn header(&mut self, name: &HeaderName, value: &str) {
        let user = self.placeholders.iter().find(|it| it.is_user && name == AUTHORIZATION && it.token == value);
        match user {
            Some(user) => {
                self.word("--user");
                self.word(user.shell.as_deref().unwrap_or("'***'"));
            }
            // For `name:`, curl would not send the header; for `name;`, it sends an empty header.
            None if value.is_empty() => self.option("--header", &format!("{name};")),
            None => self.option("--header", &format!("{name}: {value}")),
        }
    }

    fn body(&mut self, body: &Body, secrets: &[SecretPath], is_form: bool, argument: &str) {
        let text = body.as_bytes().and_then(|bytes| std::str::from_utf8(bytes).ok());
        match (text, Source::of(argument)) {
            (Some(text), _) if is_form => self.option("--data-raw", &form::masked(text, secrets)),
            (Some(text), _) => self.option("--data-raw", &redact::mask_text(text, &[], secrets)),
            (None, Source::File(path)) => self.option("--data-binary", &format!("@{path}")),
            (None, Source::Stdin | Source::Literal(_)) => self.option("--data-binary", "@-"),
        }
    }

    /// Quotes `text` as one shell word. Placeholders are replaced by their shell expressions or `***`.
    fn quoted(&self, text: &str) -> String {
        for placeholder in self.placeholders {
            let Some((before, after)) = text.split_once(placeholder.token.as_str()) else { continue };
            return match &placeholder.shell {
                None => self.quoted(&format!("{before}***{after}")),
                Some(shell) => {
                    let quoted = |part: &str| if part.is_empty() { String::new() } else { self.quoted(part) };
                    format!("{}{shell}{}", quoted(before), quoted(after))
                }
            };
        }
        quoted(text)
    }
}

/// Quotes `text` as one shell word.
pub fn quoted(text: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./:=@,+%".contains(&byte);
    if !text.is_empty() && text.bytes().all(is_plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// Formats a part as the value of curl's option `--form`. Quotes keep curl from interpreting `;`, `,`, `@` and `<` in
/// the content.
fn form_part(info: &'static OperationInfo, text: &str, headers: &[String]) -> String {
    let Some(PartArgument { name: part, info: part_info, value }) = part_argument(info, text) else {
        return text.to_owned();
    };
    let in_quotes = |text: &str| format!("\"{}\"", text.replace('\\', r"\\").replace('"', "\\\""));
    let is_sensitive = part_info.is_some_and(|(_, part)| part.sensitive);
    let (value, default) = match Source::of(value) {
        Source::File(path) => (format!("@{}", in_quotes(path)), Some("application/octet-stream")),
        Source::Stdin => (format!("@-;filename={}", in_quotes(part)), Some("application/octet-stream")),
        Source::Literal(_) if is_sensitive => ("***".to_owned(), None),
        Source::Literal(text) => (in_quotes(&redact::mask_text(text, &[part], info.request_secrets)), None),
    };
    let mut content_type = part_info.and_then(|(_, part)| part.content_type).or(default);
    let mut other_headers = String::new();
    let arguments = headers.iter().filter_map(|text| part_argument(info, text)).filter(|header| header.name == part);
    for (name, value) in arguments.filter_map(|header| header.value.split_once(':')) {
        let (name, value) = (name.trim(), value.trim());
        if name.eq_ignore_ascii_case(CONTENT_TYPE.as_str()) {
            content_type = Some(value);
        } else {
            other_headers.push_str(&format!(";headers={}", in_quotes(&format!("{name}: {value}"))));
        }
    }
    let content_type = content_type.map(|it| format!(";type={it}")).unwrap_or_default();
    format!("{part}={value}{content_type}{other_headers}")
}
