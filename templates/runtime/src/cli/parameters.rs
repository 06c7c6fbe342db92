//! Parameters of a call, from `--param [LOCATION:]NAME=VALUE`. Each value must match the type of its parameter.

use serde_json::Value;
use serde_json::value::RawValue;

use super::super::call::Call;
use super::super::operation::OperationInfo;
use super::super::parameter::{ParameterInfo, Typed};
use super::super::wire_value::WireValue;
use super::dry_run::Placeholders;
use super::exit::ExitError;
use super::suggest;

/// Sets the parameters of the call. If `placeholders` is set (`--dry-run`), placeholders replace sensitive values.
pub fn fill(
    call: &mut Call,
    info: &'static OperationInfo,
    given: &[String],
    mut placeholders: Option<&mut Placeholders>,
) -> Result<(), ExitError> {
    let mut values: Vec<Vec<&str>> = vec![Vec::new(); info.parameters.len()];
    for argument in given {
        let (index, value) = parse(info, argument)?;
        values.get_mut(index).into_iter().for_each(|values| values.push(value));
    }
    for (index, (parameter, values)) in info.parameters.iter().zip(values).enumerate() {
        if values.is_empty() {
            continue;
        }
        let value = value(parameter, &values)?;
        match placeholders.as_deref_mut().filter(|_| parameter.sensitive) {
            Some(placeholders) => call.set(index, &placeholders.masked()),
            None => call.set(index, &value),
        }
    }
    Ok(())
}

/// Parses an argument. Returns the index of the parameter and the value. The names of parameters may contain `:` and
/// `=`: the longest matching name is used.
fn parse<'a>(info: &'static OperationInfo, argument: &'a str) -> Result<(usize, &'a str), ExitError> {
    let matching = |name: &str| Some((name.len(), argument.strip_prefix(name)?.strip_prefix('=')?));
    let mut matches: Vec<(usize, usize, &str)> = Vec::new();
    for (index, parameter) in info.parameters.iter().enumerate() {
        let names = [parameter.name.to_owned(), qualified_name(parameter)];
        matches.extend(names.iter().filter_map(|name| matching(name)).map(|(length, value)| (length, index, value)));
    }
    let longest = matches.iter().map(|(length, ..)| *length).max();
    matches.retain(|(length, ..)| Some(*length) == longest);
    match matches.as_slice() {
        [(_, index, value)] => Ok((*index, value)),
        [] => Err(unknown(info, argument)),
        several => {
            let names = several.iter().filter_map(|(_, index, _)| info.parameters.get(*index)).map(qualified_name);
            let names = names.collect::<Vec<_>>().join("` or `");
            Err(ExitError::usage(format!("{} has several parameters with this name: use `{names}`", info.id)))
        }
    }
}

/// Returns the name of a parameter with its location: `query:limit`.
fn qualified_name(parameter: &ParameterInfo) -> String {
    format!("{}:{}", parameter.location, parameter.name)
}

fn unknown(info: &'static OperationInfo, argument: &str) -> ExitError {
    let Some((name, _)) = argument.split_once('=') else {
        return ExitError::usage("a value of --param has no `=`: expected [LOCATION:]NAME=VALUE");
    };
    let qualified: Vec<String> = info.parameters.iter().map(qualified_name).collect();
    let names = info.parameters.iter().map(|parameter| parameter.name).chain(qualified.iter().map(String::as_str));
    let hint = suggest::hint(name, names);
    let known = match qualified.as_slice() {
        [] => "it has no parameters".to_owned(),
        _ => format!("it has {}", qualified.join(", ")),
    };
    ExitError::usage(format!("{} has no parameter `{name}`{hint} ({known})", info.id))
}

/// Converts the values given for a parameter to a value of its type.
///
/// Each value is parsed as JSON if the type accepts the result, otherwise it is a string. Several values form an array.
/// A single value becomes an array of one item if the type only accepts arrays.
fn value(parameter: &ParameterInfo, given: &[&str]) -> Result<WireValue, ExitError> {
    // The fallback is never used, because generated parameters always have a type.
    let typed = parameter.typed.unwrap_or(|json| WireValue::from_json(json).map_err(|error| error.to_string()));
    let invalid = |reason: String| {
        let reason = if parameter.sensitive { "the value does not match its type".to_owned() } else { reason };
        ExitError::usage(format!("the {} parameter `{}`: {reason}", parameter.location, parameter.name))
    };
    let as_array = |json: String| format!("[{json}]");
    if let [text] = given {
        let (accepted, reason) = first_accepted(typed, interpretations(text));
        // An array that the type rejects is not tried as the only item of another array.
        if accepted.is_none() && is_array(text) {
            return typed(text).map_err(invalid);
        }
        let array = || first_accepted(typed, interpretations(text).map(as_array)).0;
        return accepted.or_else(array).map(|(_, value)| value).ok_or_else(|| invalid(reason));
    }
    let mut items = Vec::with_capacity(given.len());
    for text in given {
        let (accepted, reason) = first_accepted(typed, interpretations(text).map(as_array));
        match accepted {
            Some((json, WireValue::Array(_))) => items.push(json),
            _ => return Err(invalid(format!("invalid array (the parameter is set several times): {reason}"))),
        }
    }
    let items: Vec<&str> = items.iter().filter_map(|array| array.strip_prefix('[')?.strip_suffix(']')).collect();
    typed(&as_array(items.join(","))).map_err(invalid)
}

fn is_array(text: &str) -> bool {
    text.trim_start().starts_with('[') && serde_json::from_str::<&RawValue>(text).is_ok()
}

/// Returns the possible meanings of an argument as JSON texts: the argument itself if it is JSON, then the argument as
/// a string.
fn interpretations(text: &str) -> impl Iterator<Item = String> {
    let json = serde_json::from_str::<&RawValue>(text).ok().map(|json| json.get().to_owned());
    json.into_iter().chain([Value::from(text).to_string()])
}

/// Returns the first of the JSON texts that the type accepts, with its value, and the error of the last rejected text.
fn first_accepted(typed: Typed, candidates: impl Iterator<Item = String>) -> (Option<(String, WireValue)>, String) {
    let mut reason = String::new();
    for candidate in candidates {
        match typed(&candidate) {
            Ok(value) => return (Some((candidate, value)), reason),
            Err(error) => reason = error,
        }
    }
    (None, reason)
}
