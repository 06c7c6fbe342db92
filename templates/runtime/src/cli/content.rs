//! The body: JSON, a text, a form's parts or bytes, from arguments, files or standard input.
//!
//! In: `--body`, `--part` and `--part-header` as given. Out: the call's body, made through its type; or what is wrong with it.

use std::io::Read;

use http::header::CONTENT_TYPE;
use serde_json::Value;

use super::super::body::Body;
use super::super::call::Call;
use super::super::content::{BodyInfo, BodyKind};
use super::super::multipart::{Part, Upload};
use super::super::operation::{OperationInfo, PartInfo};
use super::super::secret_paths::SecretPath;
use super::super::streaming::essence;
use super::arguments::CallArguments;
use super::stop::Stop;
use super::suggest;

/// Gives the call its body. What of it is not sent, since the spec does not know it, is given back. Messages quote no
/// secrets.
pub fn fill(
    call: &mut Call,
    info: &'static OperationInfo,
    arguments: &CallArguments,
    input: &mut dyn Read,
) -> Result<Vec<String>, Stop> {
    let (body, parts) = (arguments.body.as_deref(), arguments.parts.as_slice());
    let usage = |message: &str| Stop::usage(format!("{} {message}", info.id));
    let Some((index, described)) = described(info, arguments) else {
        return if body.is_some() || !parts.is_empty() { Err(usage("takes no body")) } else { Ok(Vec::new()) };
    };
    call.represent(index);
    if takes_parts(described) {
        if body.is_some() {
            return Err(usage("takes a form: give its parts by --part"));
        }
        return fill_parts(call, info, arguments, input).map(|()| Vec::new());
    }
    if !parts.is_empty() {
        return Err(usage("takes no form: give its body by --body"));
    }
    match body {
        None if described.required => Err(usage("needs a body: give it by --body")),
        None => Ok(Vec::new()),
        Some(body) => fill_body(call, described, info.request_secrets, body, input),
    }
}

/// Which of the media types is meant: the one of a `Content-Type` among the headers, else the one that takes what is given.
fn described(info: &'static OperationInfo, arguments: &CallArguments) -> Option<(usize, &'static BodyInfo)> {
    let told = arguments.headers.iter().find_map(|header| {
        let (name, value) = header.split_once(':')?;
        name.trim().eq_ignore_ascii_case(CONTENT_TYPE.as_str()).then_some(value.trim())
    });
    let bodies = || info.bodies().enumerate();
    let is_told = |body: &BodyInfo| told.is_some_and(|told| body.media_type.eq_ignore_ascii_case(told));
    let told = bodies().find(|(_, body)| is_told(body));
    let fits = || bodies().find(|(_, body)| takes_parts(body) != arguments.parts.is_empty());
    told.or_else(fits).or_else(|| bodies().next())
}

/// Whether a body is given part by part.
fn takes_parts(body: &BodyInfo) -> bool {
    body.kind == BodyKind::Multipart && body.store.is_none()
}

fn fill_body(
    call: &mut Call,
    described: &BodyInfo,
    secrets: &[SecretPath],
    body: &str,
    input: &mut dyn Read,
) -> Result<Vec<String>, Stop> {
    let Some(store) = described.store else {
        call.body(match Given::of(body) {
            Given::File(path) => Body::file(path),
            Given::Input => Body::bytes(read(input)?),
            Given::Text(text) => Body::bytes(text.to_owned()),
        });
        return Ok(Vec::new());
    };
    let text = match Given::of(body) {
        Given::File(path) => {
            std::fs::read(path).map_err(|error| Stop::usage(format!("`{path}` cannot be read: {error}")))?
        }
        Given::Input => read(input)?,
        Given::Text(text) => text.as_bytes().to_vec(),
    };
    store(call, &text).map_err(|error| {
        let error = error.redacted(secrets);
        Stop::usage(format!("the body is not what the spec asks for: {error}"))
    })?;
    // RFC 7396: what the type would leave out may remove something.
    if is_merge_patch(described.media_type) {
        call.json_text(text);
        return Ok(Vec::new());
    }
    let mut lost = Vec::new();
    if matches!(described.kind, BodyKind::Json | BodyKind::Form)
        && let (Ok(given), Some(sent)) = (serde_json::from_slice(&text), call.content.json().and_then(Body::as_bytes))
        && let Ok(sent) = serde_json::from_slice(sent)
    {
        differences(&given, &sent, "", &mut lost);
    }
    Ok(lost)
}

fn is_merge_patch(media_type: &str) -> bool {
    essence(media_type) == "application/merge-patch+json"
}

fn fill_parts(
    call: &mut Call,
    info: &'static OperationInfo,
    arguments: &CallArguments,
    input: &mut dyn Read,
) -> Result<(), Stop> {
    // In the order in which they are given; parts of one name belong together.
    let mut given: Vec<(Meant<'_>, Vec<Part>)> = Vec::new();
    let position = |given: &[(Meant<'_>, Vec<Part>)], meant: &Meant<'_>| {
        given.iter().position(|(known, _)| known.name == meant.name)
    };
    for text in &arguments.parts {
        let Some(meant) = meant(info, text) else { return Err(unknown_part(info, "part", text)) };
        let part = match Given::of(meant.rest) {
            Given::File(path) => Upload::path(path).into(),
            Given::Input => Upload::bytes(meant.name, read(input)?).into(),
            Given::Text(text) => Part::text(text),
        };
        match position(&given, &meant).and_then(|at| given.get_mut(at)) {
            Some((_, parts)) => parts.push(part),
            None => given.push((meant, vec![part])),
        }
    }
    for text in &arguments.part_headers {
        let Some(meant) = meant(info, text) else {
            return Err(unknown_part(info, "part-header", text));
        };
        let Some((name, value)) = meant.rest.split_once(':') else {
            return Err(Stop::usage("--part-header takes NAME=HEADER: VALUE, and there is one without `:`"));
        };
        let (name, value) = (name.trim(), value.trim());
        let set = position(&given, &meant).and_then(|at| given.get_mut(at)).map(|(_, parts)| parts);
        let set =
            set.ok_or_else(|| Stop::usage(format!("a header for the part `{}`, which is not given", meant.name)))?;
        let with_header = |part: Part| match name.eq_ignore_ascii_case(CONTENT_TYPE.as_str()) {
            true => part.content_type(value),
            false => part.header(name, value),
        };
        *set = set.drain(..).map(with_header).collect();
    }
    for (meant, parts) in given {
        match meant.described {
            Some((index, _)) => call.parts(index, parts),
            None => parts.into_iter().for_each(|part| call.other_part(meant.name, part)),
        }
    }
    Ok(())
}

/// The part that an argument names, and its value.
pub struct Meant<'a> {
    /// The name of the part.
    pub name: &'a str,
    /// Its description and the index of it; none for another part of a form that may have others.
    pub described: Option<(usize, &'static PartInfo)>,
    /// The text after `NAME=`.
    pub rest: &'a str,
}

/// Which part `NAME=…` is about, and what stands behind it. Names may hold equals signs: the longest that fits is meant.
pub fn meant<'a>(info: &'static OperationInfo, text: &'a str) -> Option<Meant<'a>> {
    let fits = |name: &str| text.strip_prefix(name)?.strip_prefix('=');
    let found = info.parts.iter().enumerate().filter_map(|(index, part)| {
        Some(Meant { name: part.name, described: Some((index, part)), rest: fits(part.name)? })
    });
    let other = || {
        let is_open = info.bodies().any(|body| takes_parts(body) && body.open);
        let (name, rest) = text.split_once('=').filter(|(name, _)| is_open && !name.is_empty())?;
        Some(Meant { name, described: None, rest })
    };
    found.max_by_key(|meant| meant.name.len()).or_else(other)
}

fn unknown_part(info: &'static OperationInfo, option: &str, text: &str) -> Stop {
    let names = || info.parts.iter().map(|part| part.name);
    match text.split_once('=') {
        None if option == "part" => Stop::usage("--part takes NAME=@FILE or NAME=TEXT, and there is one without `=`"),
        None => Stop::usage("--part-header takes NAME=HEADER: VALUE, and there is one without `=`"),
        Some((name, _)) => {
            let (hint, known) = (suggest::hint(name, names()), names().collect::<Vec<_>>().join(", "));
            Stop::usage(format!("{} has no part `{name}`{hint} (it has {known})", info.id))
        }
    }
}

/// Where a content is.
pub enum Given<'a> {
    /// `@FILE`
    File(&'a str),
    /// `@-`
    Input,
    /// Anything else is itself.
    Text(&'a str),
}

impl<'a> Given<'a> {
    /// Reads `@`.
    pub fn of(text: &'a str) -> Self {
        match text.strip_prefix('@') {
            Some("-") => Self::Input,
            Some(path) => Self::File(path),
            None => Self::Text(text),
        }
    }
}

fn read(input: &mut dyn Read) -> Result<Vec<u8>, Stop> {
    let mut bytes = Vec::new();
    let read = input.read_to_end(&mut bytes);
    read.map_err(|error| Stop::usage(format!("standard input cannot be read: {error}")))?;
    Ok(bytes)
}

/// The members of what was given that are not in what is sent. A `null` counts as absent; texts that serde_json has read
/// are at most 128 deep.
fn differences(given: &Value, sent: &Value, path: &str, lost: &mut Vec<String>) {
    match (given, sent) {
        (Value::Object(given), Value::Object(sent)) => {
            for (name, value) in given.iter().filter(|(_, value)| !value.is_null()) {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                match sent.get(name) {
                    Some(sent) => differences(value, sent, &path, lost),
                    None => lost.push(path),
                }
            }
        }
        (Value::Array(given), Value::Array(sent)) => {
            for (index, (given, sent)) in given.iter().zip(sent).enumerate() {
                differences(given, sent, &format!("{path}[{index}]"), lost);
            }
        }
        _ => {}
    }
}
