//! Tests with systematic mutations of each fixture: none makes the generator panic or generate invalid Rust.

use clientwright::config::{Config, Layout};
use clientwright::diagnostics::Code;
use serde_yaml::Value;

use crate::fixture::{self, Fixture};

/// The maximum number of mutated documents per fixture and test. The mutations are evenly distributed over the fixture,
/// and begin at a different location in each fixture. Testing all possible mutations would take minutes.
const MAX_VARIANTS: usize = 3;

/// Generates a document in strict and lenient mode, and asserts that no diagnostic is an internal error.
fn assert_no_internal_error(fixture: &Fixture, text: &str) {
    let sources = fixture::sources(&fixture.name, text);
    for lenient in [false, true] {
        let config = Config { lenient, ..fixture::config_with_shared_runtime(&[&fixture.name], Layout::Root) };
        let Err(diagnostics) = clientwright::generate(&sources, &config) else { return };
        let internal: Vec<_> = diagnostics.sorted().into_iter().filter(|one| one.code == Code::Internal).collect();
        assert!(internal.is_empty(), "{}, lenient: {lenient}: {internal:#?}\n{text}", fixture.name);
    }
}

/// Returns up to [`MAX_VARIANTS`] evenly distributed numbers below `count`. The fixture determines the first number.
fn evenly_distributed(fixture: &Fixture, count: usize) -> impl Iterator<Item = usize> {
    let step = count.div_ceil(MAX_VARIANTS).max(1);
    (fixture.text.len() % step..count).step_by(step)
}

fn fixtures() -> impl Iterator<Item = Fixture> {
    fixture::all("features").into_iter().chain(fixture::all("diagnostics"))
}

#[test]
fn truncated_documents_do_not_panic() {
    for fixture in fixtures() {
        for end in evenly_distributed(&fixture, fixture.text.len()) {
            if let Some(text) = fixture.text.get(..end) {
                assert_no_internal_error(&fixture, text);
            }
        }
    }
}

#[test]
fn documents_with_a_removed_line_do_not_panic() {
    for fixture in fixtures() {
        let lines: Vec<&str> = fixture.text.lines().collect();
        for missing in evenly_distributed(&fixture, lines.len()) {
            let rest = lines.iter().enumerate().filter(|(number, _)| *number != missing).map(|(_, line)| *line);
            assert_no_internal_error(&fixture, &rest.collect::<Vec<_>>().join("\n"));
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
        for (number, location) in evenly_distributed(&fixture, count).enumerate() {
            // Try only one of the values at each location.
            let other = &others[(number + fixture.text.len()) % others.len()];
            let mut mutated = document.clone();
            replace(&mut mutated, &mut location.clone(), other);
            assert_no_internal_error(&fixture, &serde_yaml::to_string(&mutated).unwrap());
        }
    }
}

/// Returns the number of nodes of a tree, including its root.
fn count(value: &Value) -> usize {
    1 + match value {
        Value::Sequence(items) => items.iter().map(count).sum(),
        Value::Mapping(properties) => properties.values().map(count).sum(),
        _ => 0,
    }
}

/// Replaces the node with index `left` in depth-first order. Returns whether the node exists; otherwise `left` is
/// reduced by the number of nodes visited.
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
