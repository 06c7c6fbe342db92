//! There is a test for each operation of each spec, whatever is added to the specs.

use std::collections::BTreeSet;
use std::process::Command;

use crate::documented::{SPECS, Spec};

/// The module that the tests of a spec stand in.
fn module(spec: &str) -> &str {
    match spec {
        "digicert-iot.yaml" => "iot",
        "digicert-mpki.yaml" => "mpki",
        "keyfactor-command.yaml" => "keyfactor",
        other => panic!("{other} has no module"),
    }
}

/// `issueCertificate` as the name of a test: `issue_certificate`.
fn snake_case(id: &str) -> String {
    let words = id.chars().map(|c| if c.is_uppercase() { format!("_{}", c.to_lowercase()) } else { c.to_string() });
    words.collect()
}

/// Module and name of all tests of this program, as the program itself lists them.
fn tests() -> BTreeSet<(String, String)> {
    let list = Command::new(std::env::current_exe().unwrap()).arg("--list").output().unwrap();
    let list = String::from_utf8(list.stdout).unwrap();
    let tests = list.lines().filter_map(|line| line.strip_suffix(": test"));
    tests.filter_map(|path| Some((path.split_once("::")?.0.to_owned(), path.rsplit_once("::")?.1.to_owned()))).collect()
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
    assert!(missing.is_empty(), "no test named after these operations: {missing:#?}");
    // A spec that is not read at all would leave nothing to miss.
    assert!(count >= 30, "{count}");
}

#[test]
fn each_spec_is_tested() {
    let listed = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../specs")).unwrap();
    let names = listed.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let specs: BTreeSet<_> = names.filter(|name| name.ends_with(".yaml")).collect();
    assert_eq!(specs, SPECS.map(str::to_owned).into());
}
