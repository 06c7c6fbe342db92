//! Numbers within limits.

use fastrand::Rng;
use serde_json::{Map, Number, Value};

/// Where no limit says more, numbers stay in a range that every format holds.
const USUAL: f64 = 100.0;

pub(super) fn make(members: &Map<String, Value>, whole: bool, rng: &mut Rng) -> Result<Value, String> {
    let limit = |name: &str| members.get(name).and_then(Value::as_f64);
    let exclusive = |name: &str| members.get(name) == Some(&Value::Bool(true));
    let step = limit("multipleOf").filter(|step| *step > 0.0).unwrap_or(if whole { 1.0 } else { 0.5 });
    let (least, most) = match (limit("minimum"), limit("maximum")) {
        (Some(least), Some(most)) => (least, most),
        (Some(least), None) => (least, least + USUAL * step.max(1.0)),
        (None, Some(most)) => (most - USUAL * step.max(1.0), most),
        (None, None) => (step.min(1.0), USUAL * step.max(1.0)),
    };
    // Counted in steps, so that a multiple of the step comes out.
    let mut first = (least / step).ceil();
    let mut last = (most / step).floor();
    if exclusive("exclusiveMinimum") && first * step <= least {
        first += 1.0;
    }
    if exclusive("exclusiveMaximum") && last * step >= most {
        last -= 1.0;
    }
    if first > last {
        // No step falls between the limits: what lies in the middle does, where steps are ours.
        let middle = least + (most - least) / 2.0;
        return if whole { Err("no whole number is within its limits".to_owned()) } else { number(middle, whole) };
    }
    let span = (last - first).min(1e6) as u64;
    number((first + rng.u64(0..=span) as f64) * step, whole)
}

fn number(value: f64, whole: bool) -> Result<Value, String> {
    let number = if whole { Some(Number::from(value as i64)) } else { Number::from_f64(value) };
    number.map(Value::Number).ok_or_else(|| format!("{value} is no number of JSON"))
}
