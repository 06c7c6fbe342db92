//! A request as a curl command line that a shell takes as it is.
//!
//! In: the request that would be sent, placeholders where its secrets would be, and the arguments for what curl reads
//! by itself. Out: one line; secrets are the shell's own variables and files, or `***`.

use http::header::{AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderName, Method};

use super::super::body::Body;
use super::super::form;
use super::super::operation::OperationInfo;
use super::super::redact;
use super::super::secret_paths::SecretPath;
use super::arguments::CallArguments;
use super::auth;
use super::content::{Given, Meant, meant};
use super::dry_run::{Placeholder, Placeholders};

/// The command line.
pub fn command(
    request: &http::Request<Body>,
    info: &'static OperationInfo,
    arguments: &CallArguments,
    certificate: &auth::Given,
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
    if let Some((certificate, key)) = &certificate.certificate {
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
        // curl counts the body by itself, and chooses its own boundary between parts.
        let is_own = name == CONTENT_LENGTH && !request.body().is_empty() || name == CONTENT_TYPE && has_parts;
        if !is_own {
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

/// A media type without its boundary, which curl adds.
fn without_boundary(media_type: &str) -> String {
    let parameters = media_type.split(';').map(str::trim).filter(|parameter| !parameter.starts_with("boundary="));
    parameters.collect::<Vec<_>>().join("; ")
}

/// The command line as far as it is written.
struct Line<'a> {
    text: String,
    placeholders: &'a [Placeholder],
}

impl Line<'_> {
    /// Adds a word as it is.
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
            // curl takes a header without a value for one that it must not send, unless it ends so.
            None if value.is_empty() => self.option("--header", &format!("{name};")),
            None => self.option("--header", &format!("{name}: {value}")),
        }
    }

    fn body(&mut self, body: &Body, secrets: &[SecretPath], is_form: bool, given: &str) {
        let text = body.as_bytes().and_then(|bytes| std::str::from_utf8(bytes).ok());
        match (text, Given::of(given)) {
            (Some(text), _) if is_form => self.option("--data-raw", &form::masked(text, secrets)),
            (Some(text), _) => self.option("--data-raw", &redact::mask_text(text, &[], secrets)),
            (None, Given::File(path)) => self.option("--data-binary", &format!("@{path}")),
            (None, Given::Input | Given::Text(_)) => self.option("--data-binary", "@-"),
        }
    }

    /// A text as one word of a shell, with what the shell knows in the place of placeholders.
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

/// A text as one word of a shell.
pub fn quoted(text: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./:=@,+%".contains(&byte);
    if !text.is_empty() && text.bytes().all(is_plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// A part as `--form` takes it. Quotes keep curl from reading `;`, `,`, `@` and `<` in the value.
fn form_part(info: &'static OperationInfo, text: &str, headers: &[String]) -> String {
    let Some(Meant { name: part, described, rest: value }) = meant(info, text) else { return text.to_owned() };
    let in_quotes = |text: &str| format!("\"{}\"", text.replace('\\', r"\\").replace('"', "\\\""));
    let is_sensitive = described.is_some_and(|(_, part)| part.sensitive);
    let (value, default) = match Given::of(value) {
        Given::File(path) => (format!("@{}", in_quotes(path)), Some("application/octet-stream")),
        Given::Input => (format!("@-;filename={}", in_quotes(part)), Some("application/octet-stream")),
        Given::Text(_) if is_sensitive => ("***".to_owned(), None),
        Given::Text(text) => (in_quotes(&redact::mask_text(text, &[part], info.request_secrets)), None),
    };
    let mut content_type = described.and_then(|(_, part)| part.content_type).or(default);
    let mut more = String::new();
    let own = headers.iter().filter_map(|text| meant(info, text)).filter(|of| of.name == part);
    for (name, value) in own.filter_map(|of| of.rest.split_once(':')) {
        let (name, value) = (name.trim(), value.trim());
        if name.eq_ignore_ascii_case(CONTENT_TYPE.as_str()) {
            content_type = Some(value);
        } else {
            more.push_str(&format!(";headers={}", in_quotes(&format!("{name}: {value}"))));
        }
    }
    let content_type = content_type.map(|it| format!(";type={it}")).unwrap_or_default();
    format!("{part}={value}{content_type}{more}")
}
