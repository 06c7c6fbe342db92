//! Checks that each operation of each spec has a test.

use std::collections::BTreeSet;
use std::process::Command;

use super::spec::{SPECS, Spec};

/// Returns the module that contains the tests of a spec.
fn module(spec: &str) -> &str {
    match spec {
        "digicert-iot.yaml" => "iot",
        "digicert-mpki.yaml" => "mpki",
        "keyfactor-command.yaml" => "keyfactor",
        other => panic!("{other} has no module"),
    }
}

/// Returns the test name of an operation: `issue_certificate` for `issueCertificate`.
fn snake_case(id: &str) -> String {
    let words = id.chars().map(|c| if c.is_uppercase() { format!("_{}", c.to_lowercase()) } else { c.to_string() });
    words.collect()
}

/// Returns pairs of module and name of all tests, as this program lists them.
fn tests() -> BTreeSet<(String, String)> {
    let list = Command::new(std::env::current_exe().unwrap()).arg("--list").output().unwrap();
    let list = String::from_utf8(list.stdout).unwrap();
    let tests = list.lines().filter_map(|line| line.strip_suffix(": test"));
    tests
        .filter_map(|path| {
            Some((path.strip_prefix("wire::")?.split_once("::")?.0.to_owned(), path.rsplit_once("::")?.1.to_owned()))
        })
        .collect()
}

#[test]
fn each_operation_has_a_test() {
    let tests = tests();
    let operations =
        SPECS.into_iter().flat_map(|spec| Spec::of(spec).operations().map(move |it| (module(spec), it.id())));
    let (mut count, mut missing) = (0, Vec::new());
    for (module, id) in operations {
        count += 1;
        if !tests.contains(&(module.to_owned(), snake_case(id))) {
            missing.push(format!("{module}: {id}"));
        }
    }
    assert!(missing.is_empty(), "these operations have no test of the same name: {missing:#?}");
    // The specs have at least 30 operations. A smaller number shows that a spec was not read correctly.
    assert!(count >= 30, "{count}");
}

#[test]
fn each_spec_is_tested() {
    let listed = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../specs")).unwrap();
    let names = listed.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let specs: BTreeSet<_> = names.filter(|name| name.ends_with(".yaml")).collect();
    assert_eq!(specs, SPECS.map(str::to_owned).into());
}
