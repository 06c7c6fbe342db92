use super::{generated, patterns};
use crate::customize::DeriveRule;

const DOCUMENT: &str = "\
openapi: 3.1.0
info: {title: Zoo, version: '1'}
paths: {}
components:
  schemas:
    Pet: {type: object, properties: {name: {type: string}}}
    Name: {type: string}
";

#[test]
fn pattern_that_matches_no_struct_is_an_error() {
    let rule = |names: &[&str]| DeriveRule { types: patterns(names), derives: Vec::new(), attributes: Vec::new() };
    assert!(generated(DOCUMENT, |api| api.derives = vec![rule(&["P*"])]).is_ok());
    // `Name` is an alias.
    let diagnostics = generated(DOCUMENT, |api| api.derives = vec![rule(&["Pat", "Name"])]).unwrap_err();
    let shown: Vec<String> = diagnostics.sorted().iter().map(|it| format!("{} / {:?}", it.message, it.help)).collect();
    let expected = [
        "no generated struct or enum has the name `Pat` / Some(\"did you mean `Pet`?\")",
        "no generated struct or enum has the name `Name` / None",
    ];
    assert_eq!(shown, expected);
}
