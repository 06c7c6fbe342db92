//! Parameters: `[LOCATION:]NAME=VALUE` comes in, the call's slots are filled, each value through its type.

use serde_json::Value;
use serde_json::value::RawValue;

use super::super::call::Call;
use super::super::operation::OperationInfo;
use super::super::parameter::{ParameterInfo, Typed};
use super::super::wire_value::WireValue;
use super::dry_run::Placeholders;
use super::stop::Stop;
use super::suggest;

/// Fills the slots. `hidden` stands in for sensitive values where the request is only shown.
pub fn fill(
    call: &mut Call,
    info: &'static OperationInfo,
    given: &[String],
    mut hidden: Option<&mut Placeholders>,
) -> Result<(), Stop> {
    let mut values: Vec<Vec<&str>> = vec![Vec::new(); info.parameters.len()];
    for text in given {
        let (index, value) = meant(info, text)?;
        values.get_mut(index).into_iter().for_each(|values| values.push(value));
    }
    for (index, (parameter, values)) in info.parameters.iter().zip(values).enumerate() {
        if values.is_empty() {
            continue;
        }
        let value = value(parameter, &values)?;
        match hidden.as_deref_mut().filter(|_| parameter.sensitive) {
            Some(hidden) => call.set(index, &hidden.masked()),
            None => call.set(index, &value),
        }
    }
    Ok(())
}

/// Which parameter a text sets, and to what. Names may hold colons and equals signs: the longest that fits is meant.
fn meant<'a>(info: &'static OperationInfo, text: &'a str) -> Result<(usize, &'a str), Stop> {
    let fits = |name: &str| Some((name.len(), text.strip_prefix(name)?.strip_prefix('=')?));
    let mut found: Vec<(usize, usize, &str)> = Vec::new();
    for (index, parameter) in info.parameters.iter().enumerate() {
        let names = [parameter.name.to_owned(), located(parameter)];
        found.extend(names.iter().filter_map(|name| fits(name)).map(|(length, value)| (length, index, value)));
    }
    let longest = found.iter().map(|(length, ..)| *length).max();
    found.retain(|(length, ..)| Some(*length) == longest);
    match found.as_slice() {
        [(_, index, value)] => Ok((*index, value)),
        [] => Err(unknown(info, text)),
        several => {
            let names = several.iter().filter_map(|(_, index, _)| info.parameters.get(*index)).map(located);
            let names = names.collect::<Vec<_>>().join("` or `");
            Err(Stop::usage(format!("{} has the parameter twice: say `{names}`", info.id)))
        }
    }
}

/// `query:limit`
fn located(parameter: &ParameterInfo) -> String {
    format!("{}:{}", parameter.location, parameter.name)
}

fn unknown(info: &'static OperationInfo, text: &str) -> Stop {
    let Some((name, _)) = text.split_once('=') else {
        return Stop::usage("--param takes [LOCATION:]NAME=VALUE, and there is one without `=`");
    };
    let located: Vec<String> = info.parameters.iter().map(located).collect();
    let names = info.parameters.iter().map(|parameter| parameter.name).chain(located.iter().map(String::as_str));
    let hint = suggest::hint(name, names);
    let known = match located.as_slice() {
        [] => "it has none".to_owned(),
        _ => format!("it has {}", located.join(", ")),
    };
    Stop::usage(format!("{} has no parameter `{name}`{hint} ({known})", info.id))
}

/// The value of a parameter, taken by its type: as JSON where that is what it is, else as text; an array of them where
/// there are several, or where the type takes no other.
fn value(parameter: &ParameterInfo, given: &[&str]) -> Result<WireValue, Stop> {
    // What generated code describes has a type; without one, any value is as good.
    let typed = parameter.typed.unwrap_or(|json| WireValue::from_json(json).map_err(|error| error.to_string()));
    let refused = |reason: String| {
        let reason = if parameter.sensitive { "its type does not take the value".to_owned() } else { reason };
        Stop::usage(format!("the {} parameter `{}`: {reason}", parameter.location, parameter.name))
    };
    let as_list = |json: String| format!("[{json}]");
    if let [text] = given {
        let (taken, reason) = first_taken(typed, readings(text));
        // An array that the type does not take is no single item either.
        if taken.is_none() && is_array(text) {
            return typed(text).map_err(refused);
        }
        let list = || first_taken(typed, readings(text).map(as_list)).0;
        return taken.or_else(list).map(|(_, value)| value).ok_or_else(|| refused(reason));
    }
    let mut items = Vec::with_capacity(given.len());
    for text in given {
        let (taken, reason) = first_taken(typed, readings(text).map(as_list));
        match taken {
            Some((json, WireValue::Array(_))) => items.push(json),
            _ => return Err(refused(format!("given several times, it must be an array; {reason}"))),
        }
    }
    let items: Vec<&str> = items.iter().filter_map(|list| list.strip_prefix('[')?.strip_suffix(']')).collect();
    typed(&as_list(items.join(","))).map_err(refused)
}

fn is_array(text: &str) -> bool {
    text.trim_start().starts_with('[') && serde_json::from_str::<&RawValue>(text).is_ok()
}

/// What a text may mean, in order, as JSON.
fn readings(text: &str) -> impl Iterator<Item = String> {
    let json = serde_json::from_str::<&RawValue>(text).ok().map(|json| json.get().to_owned());
    json.into_iter().chain([Value::from(text).to_string()])
}

/// The first reading that the type takes, and its value; where it takes none, what it says of the last, which is the text as
/// it is.
fn first_taken(typed: Typed, readings: impl Iterator<Item = String>) -> (Option<(String, WireValue)>, String) {
    let mut reason = String::new();
    for reading in readings {
        match typed(&reading) {
            Ok(value) => return (Some((reading, value)), reason),
            Err(error) => reason = error,
        }
    }
    (None, reason)
}
