//! No document makes the generator panic or generate invalid Rust: every fixture, mutated in many ways.

use clientwright::config::Layout;
use clientwright::diagnostics::Code;
use serde_yaml::Value;

use crate::fixture::{self, Fixture};

/// The maximum number of variants of a fixture, evenly spread: all of them would take minutes.
const VARIANTS: usize = 16;

/// Generates in strict and lenient mode, and checks that no diagnostic reports an internal error.
fn survive(fixture: &Fixture, text: &str) {
    for lenient in [false, true] {
        let Err(diagnostics) = fixture::generate(&fixture.name, text, Layout::Root, lenient) else { return };
        let internal: Vec<_> = diagnostics.sorted().into_iter().filter(|one| one.code == Code::Internal).collect();
        assert!(internal.is_empty(), "{}, lenient: {lenient}: {internal:#?}\n{text}", fixture.name);
    }
}

/// Returns numbers below `count`, evenly spread.
fn spread(count: usize) -> impl Iterator<Item = usize> {
    (0..count).step_by(count.div_ceil(VARIANTS).max(1))
}

fn fixtures() -> impl Iterator<Item = Fixture> {
    fixture::all("features").into_iter().chain(fixture::all("diagnostics"))
}

#[test]
fn truncated_documents_do_not_panic() {
    for fixture in fixtures() {
        for end in spread(fixture.text.len()) {
            if let Some(text) = fixture.text.get(..end) {
                survive(&fixture, text);
            }
        }
    }
}

#[test]
fn documents_with_a_removed_line_do_not_panic() {
    for fixture in fixtures() {
        let lines: Vec<&str> = fixture.text.lines().collect();
        for missing in spread(lines.len()) {
            let rest = lines.iter().enumerate().filter(|(number, _)| *number != missing).map(|(_, line)| *line);
            survive(&fixture, &rest.collect::<Vec<_>>().join("\n"));
        }
    }
}

#[test]
fn documents_with_a_value_of_another_type_do_not_panic() {
    let others = [Value::Null, Value::Bool(true), Value::from(-1), Value::from("x"), Value::Sequence(Vec::new())];
    let others = [others.as_slice(), &[Value::Mapping(serde_yaml::Mapping::new())]].concat();
    for fixture in fixtures() {
        let document: Value = serde_yaml::from_str(&fixture.text).unwrap();
        let count = count(&document);
        for (number, place) in spread(count).enumerate() {
            // Each location gets some of the values, and each value some of the locations.
            for other in others.iter().skip(number % 3).step_by(3) {
                let mut mutated = document.clone();
                replace(&mut mutated, &mut place.clone(), other);
                survive(&fixture, &serde_yaml::to_string(&mutated).unwrap());
            }
        }
    }
}

/// Counts the values in a value, including itself.
fn count(value: &Value) -> usize {
    1 + match value {
        Value::Sequence(items) => items.iter().map(count).sum(),
        Value::Mapping(properties) => properties.values().map(count).sum(),
        _ => 0,
    }
}

/// Replaces the value that comes after `left` others with `other`.
fn replace(value: &mut Value, left: &mut usize, other: &Value) -> bool {
    if *left == 0 {
        *value = other.clone();
        return true;
    }
    *left -= 1;
    match value {
        Value::Sequence(items) => items.iter_mut().any(|item| replace(item, left, other)),
        Value::Mapping(properties) => properties.values_mut().any(|property| replace(property, left, other)),
        _ => false,
    }
}
