//! No document makes the generator panic, and none makes it generate what is not Rust: every fixture, spoilt in many ways.

use clientwright::config::Layout;
use clientwright::diagnostics::Code;
use serde_yaml::Value;

use crate::fixture::{self, Fixture};

/// So many variants of a fixture are tried at most, spread evenly: all would take minutes.
const VARIANTS: usize = 16;

/// Generates, strictly and leniently, and finds no fault but the document's.
fn survive(fixture: &Fixture, text: &str) {
    for lenient in [false, true] {
        let Err(found) = fixture::generate(&fixture.name, text, Layout::Root, lenient) else { return };
        let ours: Vec<_> = found.sorted().into_iter().filter(|one| one.code == Code::Internal).collect();
        assert!(ours.is_empty(), "{}, lenient: {lenient}: {ours:#?}\n{text}", fixture.name);
    }
}

/// Numbers below `count`, evenly spread.
fn spread(count: usize) -> impl Iterator<Item = usize> {
    (0..count).step_by(count.div_ceil(VARIANTS).max(1))
}

fn fixtures() -> impl Iterator<Item = Fixture> {
    fixture::all("features").into_iter().chain(fixture::all("diagnostics"))
}

#[test]
fn documents_that_end_too_early() {
    for fixture in fixtures() {
        for end in spread(fixture.text.len()) {
            if let Some(text) = fixture.text.get(..end) {
                survive(&fixture, text);
            }
        }
    }
}

#[test]
fn documents_without_a_line() {
    for fixture in fixtures() {
        let lines: Vec<&str> = fixture.text.lines().collect();
        for missing in spread(lines.len()) {
            let rest = lines.iter().enumerate().filter(|(number, _)| *number != missing).map(|(_, line)| *line);
            survive(&fixture, &rest.collect::<Vec<_>>().join("\n"));
        }
    }
}

#[test]
fn documents_with_a_value_of_another_kind() {
    let others = [Value::Null, Value::Bool(true), Value::from(-1), Value::from("x"), Value::Sequence(Vec::new())];
    let others = [others.as_slice(), &[Value::Mapping(serde_yaml::Mapping::new())]].concat();
    for fixture in fixtures() {
        let document: Value = serde_yaml::from_str(&fixture.text).unwrap();
        let count = count(&document);
        for (number, place) in spread(count).enumerate() {
            // Each place gets some of them, each of them some places.
            for other in others.iter().skip(number % 3).step_by(3) {
                let mut spoilt = document.clone();
                replace(&mut spoilt, &mut place.clone(), other);
                survive(&fixture, &serde_yaml::to_string(&spoilt).unwrap());
            }
        }
    }
}

/// How many values there are in a value, itself included.
fn count(value: &Value) -> usize {
    1 + match value {
        Value::Sequence(elements) => elements.iter().map(count).sum(),
        Value::Mapping(members) => members.values().map(count).sum(),
        _ => 0,
    }
}

/// Puts `other` in the place of the value that comes after `left` others.
fn replace(value: &mut Value, left: &mut usize, other: &Value) -> bool {
    if *left == 0 {
        *value = other.clone();
        return true;
    }
    *left -= 1;
    match value {
        Value::Sequence(elements) => elements.iter_mut().any(|element| replace(element, left, other)),
        Value::Mapping(members) => members.values_mut().any(|member| replace(member, left, other)),
        _ => false,
    }
}
