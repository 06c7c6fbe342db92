//! Generates numbers for a schema, within its bounds.

use fastrand::Rng;
use serde_json::{Map, Number, Value};

/// The size of the range for numbers without bounds. It is so small that the numbers fit all formats.
const DEFAULT_RANGE: f64 = 100.0;

pub(super) fn generate(keywords: &Map<String, Value>, is_integer: bool, rng: &mut Rng) -> Result<Value, String> {
    let bound = |name: &str| keywords.get(name).and_then(Value::as_f64);
    // The exclusive bound is a number since OpenAPI 3.1, and a boolean before.
    let limit = |name: &str, exclusive: &str| match bound(exclusive) {
        Some(number) => (Some(number), true),
        None => (bound(name), keywords.get(exclusive) == Some(&Value::Bool(true))),
    };
    let (min, excludes_min) = limit("minimum", "exclusiveMinimum");
    let (max, excludes_max) = limit("maximum", "exclusiveMaximum");
    let step = bound("multipleOf").filter(|step| *step > 0.0).unwrap_or(if is_integer { 1.0 } else { 0.5 });
    let (min, max) = match (min, max) {
        (Some(min), Some(max)) => (min, max),
        (Some(min), None) => (min, min + DEFAULT_RANGE * step.max(1.0)),
        (None, Some(max)) => (max - DEFAULT_RANGE * step.max(1.0), max),
        (None, None) => (step.min(1.0), DEFAULT_RANGE * step.max(1.0)),
    };
    // The number must be a multiple of the step: `step` times a factor from `first` to `last`.
    let mut first = (min / step).ceil();
    let mut last = (max / step).floor();
    if excludes_min && first * step <= min {
        first += 1.0;
    }
    if excludes_max && last * step >= max {
        last -= 1.0;
    }
    if first > last {
        // No multiple of the step is within the bounds, so use the middle of the bounds.
        let middle = min + (max - min) / 2.0;
        return if is_integer { Err("no integer is within the bounds".to_owned()) } else { number(middle, is_integer) };
    }
    let span = (last - first).min(1e6) as u64;
    number((first + rng.u64(0..=span) as f64) * step, is_integer)
}

fn number(value: f64, is_integer: bool) -> Result<Value, String> {
    let number = if is_integer { Some(Number::from(value as i64)) } else { Number::from_f64(value) };
    number.map(Value::Number).ok_or_else(|| format!("{value} is not a JSON number"))
}
