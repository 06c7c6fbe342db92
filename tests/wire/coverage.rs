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

/// Returns the start of the test names of an operation: `issue_certificate_` for `issueCertificate`.
fn prefix(id: &str) -> String {
    let words = id.chars().map(|c| if c.is_uppercase() { format!("_{}", c.to_lowercase()) } else { c.to_string() });
    words.chain(["_".to_owned()]).collect()
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
    let operations: BTreeSet<_> = SPECS
        .into_iter()
        .flat_map(|spec| Spec::of(spec).operations().map(move |it| (module(spec).to_owned(), prefix(it.id()))))
        .collect();
    // A test belongs to the longest name it starts with: `get_enrollment_by_code_…` does not test `getEnrollment`.
    let tested: BTreeSet<_> = tests()
        .into_iter()
        .filter_map(|(module, test)| {
            let of_test = operations.iter().filter(|(other, prefix)| *other == module && test.starts_with(prefix));
            of_test.max_by_key(|(_, prefix)| prefix.len()).cloned()
        })
        .collect();
    let missing: Vec<_> = operations.difference(&tested).collect();
    assert!(missing.is_empty(), "these operations have no test whose name starts with theirs: {missing:#?}");
    // The specs have at least 30 operations. A smaller number shows that a spec was not read correctly.
    assert!(operations.len() >= 30, "{}", operations.len());
}

#[test]
fn each_spec_is_tested() {
    let listed = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../specs")).unwrap();
    let names = listed.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let specs: BTreeSet<_> = names.filter(|name| name.ends_with(".yaml")).collect();
    assert_eq!(specs, SPECS.map(str::to_owned).into());
}
