//! The request body of a call, from `--body`, `--part` and `--part-header`.
//!
//! A value can be given as a literal, as `@FILE` or as `@-` (standard input). A JSON body must match the schema.

use std::io::Read;

use http::header::CONTENT_TYPE;
use serde_json::Value;

use super::super::body::Body;
use super::super::call::Call;
use super::super::content::essence;
use super::super::content::{BodyInfo, BodyKind};
use super::super::multipart::{Part, Upload};
use super::super::operation::{OperationInfo, PartInfo};
use super::super::secret_paths::SecretPath;
use super::arguments::CallArguments;
use super::exit::ExitError;
use super::suggest;

/// Sets the body of the call. Returns the paths of the properties in the given body that are not sent, because the spec
/// does not define them.
///
/// Error messages do not quote secrets.
pub fn fill(
    call: &mut Call,
    info: &'static OperationInfo,
    arguments: &CallArguments,
    input: &mut dyn Read,
) -> Result<Vec<String>, ExitError> {
    let (body, parts) = (arguments.body.as_deref(), arguments.parts.as_slice());
    let usage = |message: &str| ExitError::usage(format!("{} {message}", info.id));
    let Some((index, selected)) = selected_body(info, arguments) else {
        return if body.is_some() || !parts.is_empty() { Err(usage("takes no body")) } else { Ok(Vec::new()) };
    };
    call.represent(index);
    if takes_parts(selected) {
        if body.is_some() {
            return Err(usage("takes a form: set its parts with --part"));
        }
        return fill_parts(call, info, arguments, input).map(|()| Vec::new());
    }
    if !parts.is_empty() {
        return Err(usage("does not take a form: set its body with --body"));
    }
    match body {
        None if selected.required => Err(usage("requires a body: set it with --body")),
        None => Ok(Vec::new()),
        Some(body) => fill_body(call, selected, info.request_secrets, body, input),
    }
}

/// Returns the documented body to send and its index. A header `Content-Type` selects the body with this media type.
/// Without this header, the first body that matches the options is selected: a multipart body for `--part`, another
/// body for `--body`.
fn selected_body(info: &'static OperationInfo, arguments: &CallArguments) -> Option<(usize, &'static BodyInfo)> {
    let content_type = arguments.headers.iter().find_map(|header| {
        let (name, value) = header.split_once(':')?;
        name.trim().eq_ignore_ascii_case(CONTENT_TYPE.as_str()).then_some(value.trim())
    });
    let bodies = || info.bodies().enumerate();
    let has_type = |body: &BodyInfo| content_type.is_some_and(|it| body.media_type.eq_ignore_ascii_case(it));
    let of_type = bodies().find(|(_, body)| has_type(body));
    let matching = || bodies().find(|(_, body)| takes_parts(body) != arguments.parts.is_empty());
    of_type.or_else(matching).or_else(|| bodies().next())
}

/// Returns whether a body is set part by part, with `--part`.
fn takes_parts(body: &BodyInfo) -> bool {
    body.kind == BodyKind::Multipart && body.store.is_none()
}

fn fill_body(
    call: &mut Call,
    info: &BodyInfo,
    secrets: &[SecretPath],
    body: &str,
    input: &mut dyn Read,
) -> Result<Vec<String>, ExitError> {
    let Some(store) = info.store else {
        call.body(match Source::of(body) {
            Source::File(path) => Body::file(path),
            Source::Stdin => Body::bytes(read(input)?),
            Source::Literal(text) => Body::bytes(text.to_owned()),
        });
        return Ok(Vec::new());
    };
    let text = match Source::of(body) {
        Source::File(path) => {
            std::fs::read(path).map_err(|error| ExitError::usage(format!("`{path}` cannot be read: {error}")))?
        }
        Source::Stdin => read(input)?,
        Source::Literal(text) => text.as_bytes().to_vec(),
    };
    store(call, &text).map_err(|error| {
        let error = error.redacted(secrets);
        ExitError::usage(format!("the body does not match the spec: {error}"))
    })?;
    // RFC 7396: all properties of a merge patch have a meaning, even those that the Rust type does not preserve, e.g.
    // properties with the value `null`.
    if is_merge_patch(info.media_type) {
        call.json_text(text);
        return Ok(Vec::new());
    }
    let mut dropped = Vec::new();
    if matches!(info.kind, BodyKind::Json | BodyKind::Form)
        && let (Ok(given), Some(sent)) = (serde_json::from_slice(&text), call.content().json().and_then(Body::as_bytes))
        && let Ok(sent) = serde_json::from_slice(sent)
    {
        collect_dropped(&given, &sent, "", &mut dropped);
    }
    Ok(dropped)
}

fn is_merge_patch(media_type: &str) -> bool {
    essence(media_type) == "application/merge-patch+json"
}

fn fill_parts(
    call: &mut Call,
    info: &'static OperationInfo,
    arguments: &CallArguments,
    input: &mut dyn Read,
) -> Result<(), ExitError> {
    // Parts keep the order of the arguments; parts with the same name are grouped.
    let mut given: Vec<(PartArgument<'_>, Vec<Part>)> = Vec::new();
    let position = |given: &[(PartArgument<'_>, Vec<Part>)], argument: &PartArgument<'_>| {
        given.iter().position(|(known, _)| known.name == argument.name)
    };
    for text in &arguments.parts {
        let Some(argument) = part_argument(info, text) else { return Err(unknown_part(info, "part", text)) };
        let part = match Source::of(argument.value) {
            Source::File(path) => Upload::path(path).into(),
            Source::Stdin => Upload::bytes(argument.name, read(input)?).into(),
            Source::Literal(text) => Part::text(text),
        };
        match position(&given, &argument).and_then(|at| given.get_mut(at)) {
            Some((_, parts)) => parts.push(part),
            None => given.push((argument, vec![part])),
        }
    }
    for text in &arguments.part_headers {
        let Some(argument) = part_argument(info, text) else {
            return Err(unknown_part(info, "part-header", text));
        };
        let Some((name, value)) = argument.value.split_once(':') else {
            return Err(ExitError::usage("a value of --part-header has no colon: expected NAME=HEADER: VALUE"));
        };
        let (name, value) = (name.trim(), value.trim());
        let parts = position(&given, &argument).and_then(|at| given.get_mut(at)).map(|(_, parts)| parts);
        let parts = parts.ok_or_else(|| {
            ExitError::usage(format!("--part-header names the part `{}`, but no --part sets it", argument.name))
        })?;
        let with_header = |part: Part| match name.eq_ignore_ascii_case(CONTENT_TYPE.as_str()) {
            true => part.content_type(value),
            false => part.header(name, value),
        };
        *parts = parts.drain(..).map(with_header).collect();
    }
    for (argument, parts) in given {
        match argument.info {
            Some((index, _)) => call.parts(index, parts),
            None => parts.into_iter().for_each(|part| call.other_part(argument.name, part)),
        }
    }
    Ok(())
}

/// A parsed `NAME=VALUE` argument for a part.
pub struct PartArgument<'a> {
    /// The name of the part.
    pub name: &'a str,
    /// The documented part and its index; `None` for an undocumented part, if the form allows additional parts.
    pub info: Option<(usize, &'static PartInfo)>,
    /// The text after `NAME=`.
    pub value: &'a str,
}

/// Parses `NAME=VALUE`. Names of parts may contain `=`: the longest matching name is used. Returns `None` if the
/// operation has no part with this name.
pub fn part_argument<'a>(info: &'static OperationInfo, text: &'a str) -> Option<PartArgument<'a>> {
    let value_of = |name: &str| text.strip_prefix(name)?.strip_prefix('=');
    let documented = info.parts.iter().enumerate().filter_map(|(index, part)| {
        Some(PartArgument { name: part.name, info: Some((index, part)), value: value_of(part.name)? })
    });
    let other = || {
        let is_open = info.bodies().any(|body| takes_parts(body) && body.open);
        let (name, value) = text.split_once('=').filter(|(name, _)| is_open && !name.is_empty())?;
        Some(PartArgument { name, info: None, value })
    };
    documented.max_by_key(|argument| argument.name.len()).or_else(other)
}

fn unknown_part(info: &'static OperationInfo, option: &str, text: &str) -> ExitError {
    let names = || info.parts.iter().map(|part| part.name);
    match text.split_once('=') {
        None if option == "part" => ExitError::usage("a value of --part has no `=`: expected NAME=@FILE or NAME=TEXT"),
        None => ExitError::usage("a value of --part-header has no `=`: expected NAME=HEADER: VALUE"),
        Some((name, _)) => {
            let (hint, known) = (suggest::hint(name, names()), names().collect::<Vec<_>>().join(", "));
            ExitError::usage(format!("{} has no part `{name}`{hint} (it has {known})", info.id))
        }
    }
}

/// The source of a body or part.
pub enum Source<'a> {
    /// `@FILE`
    File(&'a str),
    /// `@-`
    Stdin,
    /// The argument itself.
    Literal(&'a str),
}

impl<'a> Source<'a> {
    /// Parses the value of `--body`, or the value of a part.
    pub fn of(argument: &'a str) -> Self {
        match argument.strip_prefix('@') {
            Some("-") => Self::Stdin,
            Some(path) => Self::File(path),
            None => Self::Literal(argument),
        }
    }
}

fn read(input: &mut dyn Read) -> Result<Vec<u8>, ExitError> {
    let mut bytes = Vec::new();
    let read = input.read_to_end(&mut bytes);
    read.map_err(|error| ExitError::usage(format!("standard input cannot be read: {error}")))?;
    Ok(bytes)
}

/// Collects the paths of properties in `given` that are missing in `sent`. Properties that are `null` in `given` are
/// ignored.
///
/// The recursion is bounded because serde_json limits the depth of parsed values to 128.
fn collect_dropped(given: &Value, sent: &Value, path: &str, dropped: &mut Vec<String>) {
    match (given, sent) {
        (Value::Object(given), Value::Object(sent)) => {
            for (name, value) in given.iter().filter(|(_, value)| !value.is_null()) {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                match sent.get(name) {
                    Some(sent) => collect_dropped(value, sent, &path, dropped),
                    None => dropped.push(path),
                }
            }
        }
        (Value::Array(given), Value::Array(sent)) => {
            for (index, (given, sent)) in given.iter().zip(sent).enumerate() {
                collect_dropped(given, sent, &format!("{path}[{index}]"), dropped);
            }
        }
        _ => {}
    }
}
