use super::*;

const TEXT: &str = concat!(
    "components:\n  schemas:\n    Certificate: {type: object}\n    a/b~c d%e: 1\n    '': 2\n    list: [x, y]\n",
    "paths:\n  /pets/{id}: {get: 3}\n",
);

fn document() -> Document {
    let mut sources = Sources::new();
    let source = sources.add("a.yaml", TEXT);
    Document::read(&sources, source, &mut Diagnostics::new()).unwrap()
}

#[test]
fn references_are_resolved() {
    let document = document();
    let cases = [
        ("#/components/schemas/Certificate/type", "\"object\""),
        ("#/components/schemas/a~1b~0c%20d%25e", "1"),
        ("#/components/schemas/a~1b~0c d%e", "1"),
        ("#/components/schemas/", "2"),
        ("#/components/schemas/list/1", "\"y\""),
        ("#/paths/~1pets~1{id}/get", "3"),
        ("#/paths/~1pets~1%7Bid%7D/get", "3"),
    ];
    for (reference, expected) in cases {
        assert_eq!(document.resolve(reference, document.source()).unwrap().to_json_text(), expected, "{reference}");
    }
    for root in ["#", ""] {
        assert_eq!(document.resolve(root, document.source()).unwrap(), &document.root);
    }
}

#[test]
fn malformed_pointer_is_rejected() {
    let document = document();
    for reference in ["#components", "#/a~2b", "#/a~", "#/%ff"] {
        assert!(matches!(document.resolve(reference, document.source()), Err(RefError::Malformed(_))), "{reference}");
    }
    for reference in ["other.yaml", "other.yaml#/a", "http://x.y/#/a"] {
        assert!(
            matches!(document.resolve(reference, document.source()), Err(RefError::NotRead(NotRead::NotGiven))),
            "{reference}"
        );
    }
    for reference in ["#/components/schemas/list/2", "#/components/schemas/list/01", "#/components/schemas/list/-"] {
        assert!(matches!(document.resolve(reference, document.source()), Err(RefError::NotFound(_))), "{reference}");
    }
}

#[test]
fn similar_pointer_is_suggested() {
    let document = document();
    let suggestion = |reference: &str| match document.resolve(reference, document.source()) {
        Err(RefError::NotFound(missing)) => missing.suggestion().map(|pointer| pointer.to_string()),
        other => panic!("{other:?}"),
    };
    let certificate = Some("#/components/schemas/Certificate".to_owned());
    assert_eq!(suggestion("#/components/schemas/Certifcate"), certificate);
    assert_eq!(suggestion("#/component/schemas/Certificate"), certificate);
    assert_eq!(suggestion("#/components/schemas/Zebra"), None);
    assert_eq!(suggestion("#/component/schemas/Zebra"), None);
}

#[test]
fn pointer_format_round_trips() {
    for text in ["#", "#/a/b", "#/a~1b~0c%20d%25e", "#/paths/~1pets~1{id}/get", "#/"] {
        assert_eq!(Reference::parse(text).unwrap().pointer.to_string(), text);
    }
}
