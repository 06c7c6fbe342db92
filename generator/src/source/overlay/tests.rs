//! Tests overlays with short documents: compares the changed document, the reported messages and their locations.

use crate::diagnostics::{Code, Diagnostics};
use crate::source::{Document, Limits, Sources};

/// Applies overlays to a document. Returns the result as JSON, and the diagnostics with the text that each underlines.
fn applied_within(limits: Limits, document: &str, overlays: &[&str]) -> (String, Vec<(Code, String, String)>) {
    let mut sources = Sources::with_limits(limits);
    let source = sources.add("api.yaml", document);
    let ids: Vec<_> = overlays.iter().map(|text| sources.add("fix.yaml", *text)).collect();
    let mut diagnostics = Diagnostics::new();
    let read = Document::read_with_overlays(&sources, source, &ids, &mut diagnostics).unwrap();
    let shown = diagnostics.sorted().into_iter().map(|one| {
        let span = one.span.unwrap();
        let underlined = String::from_utf8_lossy(&sources.bytes(span.source)[span.start..span.end]).into_owned();
        (one.code, one.message.clone(), underlined)
    });
    (read.root.to_json_text(), shown.collect())
}

fn applied(document: &str, overlays: &[&str]) -> (String, Vec<(Code, String, String)>) {
    applied_within(Limits::default(), document, overlays)
}

/// Returns an overlay of version 1.1 with these actions, one in each line.
fn overlay(actions: &[&str]) -> String {
    let actions: String = actions.iter().map(|action| format!("\n- {action}")).collect();
    format!("overlay: 1.1.0\ninfo: {{title: T, version: '1'}}\nactions:{actions}\n")
}

/// Applies one overlay and asserts that it has no errors.
fn changed(document: &str, actions: &[&str]) -> String {
    let (changed, diagnostics) = applied(document, &[&overlay(actions)]);
    assert_eq!(diagnostics, []);
    changed
}

/// Applies one overlay and returns its only error: the message and the underlined text.
fn error(document: &str, actions: &[&str]) -> (String, String) {
    let [(code, message, underlined)] = applied(document, &[&overlay(actions)]).1.try_into().unwrap();
    assert!([Code::Overlay, Code::OverlayTarget].contains(&code), "{code}: {message}");
    (message, underlined)
}

#[test]
fn update_merges_objects_and_keeps_the_order() {
    let document = "{a: {x: 1, y: {z: 2}}, b: 3}";
    let update = "{target: $.a, update: {y: {z: 4, w: 5}, new: [6]}}";
    assert_eq!(changed(document, &[update]), r#"{"a":{"x":1,"y":{"z":4,"w":5},"new":[6]},"b":3}"#);
}

#[test]
fn update_concatenates_arrays_and_appends_other_values() {
    let document = "{list: [1], of: {list: [1]}}";
    assert_eq!(changed(document, &["{target: $.list, update: 2}"]), r#"{"list":[1,2],"of":{"list":[1]}}"#);
    assert_eq!(changed(document, &["{target: $.list, update: {a: 2}}"]), r#"{"list":[1,{"a":2}],"of":{"list":[1]}}"#);
    assert_eq!(changed(document, &["{target: $.list, update: [2, 3]}"]), r#"{"list":[1,2,3],"of":{"list":[1]}}"#);
    assert_eq!(changed(document, &["{target: $.of, update: {list: [2]}}"]), r#"{"list":[1],"of":{"list":[1,2]}}"#);
}

#[test]
fn update_replaces_primitive_values() {
    let document = "{a: x, b: null, c: 1}";
    assert_eq!(changed(document, &["{target: $.a, update: y}"]), r#"{"a":"y","b":null,"c":1}"#);
    assert_eq!(changed(document, &["{target: $, update: {a: 2, b: true}}"]), r#"{"a":2,"b":true,"c":1}"#);
}

#[test]
fn remove_takes_precedence_and_keeps_other_elements() {
    let document = "{list: [{n: a}, {n: b}, {n: a}, {n: c}], more: {a: 1, b: 2}}";
    let remove = "{target: \"$.list[?@.n == 'a']\", remove: true, update: {n: z}}";
    assert_eq!(changed(document, &[remove]), r#"{"list":[{"n":"b"},{"n":"c"}],"more":{"a":1,"b":2}}"#);
    assert_eq!(
        changed(document, &["{target: $.more.*, remove: true}", "{target: $.list, remove: true}"]),
        r#"{"more":{}}"#
    );
    // A removed value and its parts are removed together.
    assert_eq!(changed("{a: {b: {b: 1}}, c: 2}", &["{target: $..b, remove: true}"]), r#"{"a":{},"c":2}"#);
    // Large objects have an index, which must stay correct.
    let large: String = (0..40).map(|at| format!("k{at}: {at}, ")).collect();
    let actions = ["{target: $.k3, remove: true}", "{target: $.k39, update: 0}", "{target: $, update: {k3: 7}}"];
    let changed = changed(&format!("{{{large}}}"), &actions);
    assert!(changed.ends_with(r#""k38":38,"k39":0,"k3":7}"#), "{changed}");
}

#[test]
fn copy_merges_a_value_of_the_document() {
    let document = "{paths: {/a: {get: {id: g}}, /b: {put: {id: p}}}}";
    let actions = [
        "{target: $.paths, update: {/c: {}}}",
        "{target: \"$.paths['/c']\", copy: \"$.paths['/a']\"}",
        "{target: \"$.paths['/a']\", remove: true}",
    ];
    assert_eq!(changed(document, &actions), r#"{"paths":{"/b":{"put":{"id":"p"}},"/c":{"get":{"id":"g"}}}}"#);
    let two = error(document, &["{target: $.paths, copy: $.paths.*}"]);
    assert_eq!(two, ("`$.paths.*` matches 2 values, but must match one".to_owned(), "$.paths.*".to_owned()));
}

#[test]
fn actions_and_overlays_are_applied_in_order() {
    let first = overlay(&["{target: $, update: {a: {x: 1}}}", "{target: $.a, update: {y: 2}}"]);
    let second = overlay(&["{target: $.a.y, update: 3}"]);
    let (changed, diagnostics) = applied("{}", &[&first, &second]);
    assert_eq!((changed.as_str(), diagnostics), (r#"{"a":{"x":1,"y":3}}"#, vec![]));
}

#[test]
fn target_without_match_is_reported() {
    let message = "`$.b` matches nothing in the document";
    assert_eq!(error("{a: 1}", &["{target: $.b, remove: true}"]), (message.to_owned(), "$.b".to_owned()));
    assert_eq!(error("{a: 1}", &["{target: $.b}"]), (message.to_owned(), "$.b".to_owned()));
}

#[test]
fn values_of_different_kinds_are_not_merged() {
    let cases = [
        ("{target: $.a, update: [1]}", "an array cannot be merged into an object", "[1]"),
        ("{target: $.a, update: {x: {}}}", "an object cannot be merged into a number", "{}"),
        ("{target: $.a.x, update: {}}", "an object cannot be merged into a number", "{}"),
        ("{target: $, update: {a: null}}", "null cannot be merged into an object", "null"),
        (
            "{target: $.*, update: {}}",
            "`$.*` matches an object and an array, but all values must be objects, arrays, or neither",
            "$.*",
        ),
        ("{target: $, remove: true}", "an action cannot remove the whole document", "$"),
    ];
    for (action, message, underlined) in cases {
        assert_eq!(error("{a: {x: 1}, b: []}", &[action]), (message.to_owned(), underlined.to_owned()), "{action}");
    }
}

#[test]
fn invalid_overlays_are_reported() {
    let action = "actions: [{target: $}]";
    let info = "info: {title: T, version: '1'}";
    let cases = [
        ("- 1".to_owned(), "an overlay must be an object, but this is an array"),
        (format!("{info}\n{action}"), "`overlay` is missing"),
        (
            format!("overlay: '1.0'\n{info}\n{action}"),
            "the overlay version `1.0` is not supported: use `1.0.0` or `1.1.0`",
        ),
        (format!("overlay: 1.0.0\n{action}"), "`info` is missing"),
        (format!("overlay: 1.0.0\ninfo: []\n{action}"), "`info` must be an object, but is an array"),
        (format!("overlay: 1.0.0\ninfo: {{title: T}}\n{action}"), "`version` is missing"),
        (
            format!("overlay: 1.0.0\ninfo: {{title: 1, version: '1'}}\n{action}"),
            "`title` must be a string, but is a number",
        ),
        (
            format!("overlay: 1.0.0\ninfo: {{title: T, version: '1', description: D}}\n{action}"),
            "`description` is not a field of this object",
        ),
        (format!("overlay: 1.0.0\n{info}"), "`actions` is missing"),
        (format!("overlay: 1.0.0\n{info}\nactions: {{}}"), "`actions` must be an array, but is an object"),
        (
            format!("overlay: 1.0.0\n{info}\nactions: []"),
            "`actions` is empty, but an overlay needs at least one action",
        ),
        (format!("overlay: 1.0.0\n{info}\nextends: 1\n{action}"), "`extends` must be a string, but is a number"),
        (format!("overlay: 1.0.0\n{info}\nextra: 1\n{action}"), "`extra` is not a field of this object"),
        (format!("overlay: 1.0.0\n{info}\nactions: [1]"), "an action must be an object, but this is a number"),
        (format!("overlay: 1.0.0\n{info}\nactions: [{{remove: true}}]"), "`target` is missing"),
        (
            format!("overlay: 1.0.0\n{info}\nactions: [{{target: $, remove: 1}}]"),
            "`remove` must be a boolean, but is a number",
        ),
        (format!("overlay: 1.0.0\n{info}\nactions: [{{target: $, copy: $}}]"), "`copy` is not a field of this object"),
        (
            format!("overlay: 1.1.0\n{info}\nactions: [{{target: $, copy: 1}}]"),
            "`copy` must be a string, but is a number",
        ),
        (
            format!("overlay: 1.1.0\n{info}\nactions: [{{target: $, copy: $, update: {{}}}}]"),
            "an action cannot have both `update` and `copy`: write two actions",
        ),
        (
            format!("overlay: 1.1.0\n{info}\nactions: [{{target: $}}, {{target: $}}]"),
            "this action appears twice in the overlay",
        ),
    ];
    for (text, message) in cases {
        let (_, diagnostics) = applied("{}", &[&text]);
        let messages: Vec<_> = diagnostics.iter().map(|(code, message, _)| (*code, message.as_str())).collect();
        assert_eq!(messages, [(Code::Overlay, message)], "{text}");
    }
    let (message, underlined) = error("{}", &["{target: $.a[, remove: true}".replace("$.a[", "'$.a['").as_str()]);
    assert!(message.starts_with("`target` is not a JSONPath: ") && underlined == "'$.a['", "{message} {underlined}");
}

#[test]
fn extensions_are_allowed_in_overlays() {
    let text = "overlay: 1.0.3\ninfo: {title: T, version: '1', x-a: 1}\nx-b: 1\nextends: ./a.yaml\n\
                actions: [{target: $, description: D, x-c: 1}]";
    assert_eq!(applied("{a: 1}", &[text]), (r#"{"a":1}"#.to_owned(), vec![]));
}

#[test]
fn repeated_copies_do_not_exceed_the_limits() {
    let actions: Vec<String> = (0..40).map(|at| format!("{{target: $, update: {{k{at}: {{}}}}}}")).collect();
    let copies = (0..40).map(|at| format!("{{target: $.k{at}, copy: $}}"));
    let actions: Vec<String> = actions.into_iter().chain(copies).collect();
    let actions: Vec<&str> = actions.iter().map(String::as_str).collect();
    let limits = Limits { values: 10_000, ..Limits::default() };
    let (_, diagnostics) = applied_within(limits, "{}", &[&overlay(&actions)]);
    assert!(!diagnostics.is_empty() && diagnostics.iter().all(|(code, ..)| *code == Code::Limit), "{diagnostics:?}");
    // The overlay itself is nested seven levels deep, and the changed document would be nested eight levels deep.
    let document = "{a: {a: {a: {a: {}}}}}";
    let nested = overlay(&["{target: $.a.a.a.a, update: {a: {a: {a: {}}}}}"]);
    for (depth, expected) in [(7, vec![(Code::Limit, "$.a.a.a.a".to_owned())]), (8, vec![])] {
        let (_, diagnostics) = applied_within(Limits { depth, ..limits }, document, &[&nested]);
        let found: Vec<_> = diagnostics.into_iter().map(|(code, _, underlined)| (code, underlined)).collect();
        assert_eq!(found, expected, "{depth}");
    }
}
