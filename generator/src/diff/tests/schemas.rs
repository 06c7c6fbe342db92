//! Changes of schemas, by the direction in which their values are sent.

use super::*;

/// `In` is only in requests, `Out` only in responses, `Both` in both.
const ZOO: &str = "openapi: 3.0.3
info: {title: Zoo, version: '1'}
servers: [{url: https://zoo.example}]
paths:
  /a:
    post:
      operationId: a
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/In'}}}}
      responses: {'200': {description: Done., content: {application/json: {schema: {$ref: '#/components/schemas/Out'}}}}}
    put:
      operationId: b
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Both'}}}}
      responses: {'200': {description: Done., content: {application/json: {schema: {$ref: '#/components/schemas/Both'}}}}}
components:
  schemas:
    In:
      type: object
      required: [in_required]
      properties:
        in_required: {type: string}
        in_optional: {type: integer, format: int32, minimum: 2, default: 5}
        in_kind: {$ref: '#/components/schemas/InKind'}
        in_food: {$ref: '#/components/schemas/InFood'}
    Out:
      type: object
      required: [out_required]
      properties:
        out_required: {type: string}
        out_optional: {type: integer, format: int32, minimum: 2, default: 5}
        out_kind: {$ref: '#/components/schemas/OutKind'}
        out_food: {$ref: '#/components/schemas/OutFood'}
    Both:
      type: object
      required: [both_required]
      properties:
        both_required: {type: string}
        both_optional: {type: integer, format: int32}
    InKind: {type: string, enum: [in_cat, in_dog]}
    OutKind: {type: string, enum: [out_cat, out_dog]}
    InFood:
      oneOf:
      - {title: InText, type: string}
      - {title: InNumber, type: integer}
    OutFood:
      oneOf:
      - {title: OutText, type: string}
      - {title: OutNumber, type: integer}
";

/// Returns the upper-case name of the schema with the properties `in_…`, `out_…` or `both_…`.
fn schema(name: &str) -> &'static str {
    match name {
        "in" => "In",
        "out" => "Out",
        _ => "Both",
    }
}

/// Checks the only finding of an edit.
#[track_caller]
fn assert_one(edits: &[(&str, &str)], item: Item, change: Change, sentence: &str, rust: Rust, wire: Wire) {
    assert_findings(ZOO, edits, &[expected(item, change, sentence, rust, wire)]);
}

#[test]
fn schemas_are_added_and_removed() {
    let kind = "{$ref: '#/components/schemas/InKind'}";
    assert_findings(
        ZOO,
        &[(kind, "{$ref: '#/components/schemas/InType'}"), ("    InKind:", "    InType:")],
        &[
            expected(Schema, Removed, "schema `InKind` is removed", Rust::Major, Wire::None),
            expected(
                Property,
                Type,
                "schema `In`, property `in_kind` changes from schema `InKind` to schema `InType`",
                Rust::Major,
                Wire::None,
            ),
            expected(Schema, Added, "schema `InType` is new", Rust::Minor, Wire::None),
        ],
    );
    assert_findings(
        ZOO,
        &[(&format!("        in_kind: {kind}\n"), "")],
        &[
            expected(Property, Removed, "schema `In`, property `in_kind` is removed", Rust::Major, Wire::Breaking),
            expected(
                Schema,
                Removed,
                "schema `InKind` is no longer used, so that no type is generated",
                Rust::Major,
                Wire::None,
            ),
        ],
    );
    assert_one(
        &[("    InKind: {", "    InKind: {x-rust-name: Species, ")],
        Schema,
        Renamed,
        "schema `InKind` has the Rust name `Species` instead of `InKind`",
        Rust::Major,
        Wire::None,
    );
}

#[test]
fn properties_are_added_removed_and_renamed() {
    for (name, required) in [("in", Wire::Breaking), ("out", Wire::Note), ("both", Wire::Breaking)] {
        let schema = schema(name);
        let old = format!("        {name}_required: {{type: string}}\n");
        let added = format!("{old}        {name}_new: {{type: string}}\n");
        let sentence = format!("schema `{schema}`, property `{name}_new` is new");
        assert_one(&[(&old, &added)], Property, Added, &sentence, Rust::Minor, Wire::Note);
        let list = format!("[{name}_required]");
        assert_one(
            &[(&old, &added), (&list, &format!("[{name}_required, {name}_new]"))],
            Property,
            Added,
            &format!("{sentence} and required"),
            Rust::Major,
            required,
        );
        let renamed = format!("        {name}_renamed: {{type: string}}\n");
        let subject = format!("schema `{schema}`, property `{name}_required`");
        assert_findings(
            ZOO,
            &[(&old, &renamed), (&list, &format!("[{name}_renamed]"))],
            &[
                expected(Property, Removed, format!("{subject} is removed"), Rust::Major, Wire::Breaking),
                expected(
                    Property,
                    Added,
                    format!("schema `{schema}`, property `{name}_renamed` is new and required"),
                    Rust::Major,
                    required,
                ),
            ],
        );
        assert_one(
            &[(&old, &old.replace("string", "string, x-rust-name: other"))],
            Property,
            Renamed,
            &format!("{subject} has the Rust name `other` instead of `{name}_required`"),
            Rust::Major,
            Wire::None,
        );
    }
}

#[test]
fn presence_follows_direction() {
    use Wire::{Breaking, Compatible};
    for (name, narrower, wider) in
        [("in", Breaking, Compatible), ("out", Compatible, Breaking), ("both", Breaking, Breaking)]
    {
        let schema = schema(name);
        let list = format!("      required: [{name}_required]\n");
        let subject = format!("schema `{schema}`, property `{name}_required`");
        let sentence = format!("{subject} is optional now");
        let comparison = compare(ZOO, &edited(ZOO, &[(&list, "")]));
        let found = comparison.findings.iter().find(|it| it.change == Required).unwrap();
        assert_eq!((found.sentence(), found.rust, found.wire), (sentence, Rust::Major, wider));
        assert_one(
            &[(&format!("[{name}_required]"), &format!("[{name}_required, {name}_optional]"))],
            Property,
            Required,
            &format!("schema `{schema}`, property `{name}_optional` is required now"),
            Rust::Major,
            narrower,
        );
        let property = format!("{name}_required: {{type: string");
        let nullable = format!("{property}, nullable: true");
        let sentence = format!("{subject} is nullable now");
        assert_one(&[(&property, &nullable)], Property, Nullable, &sentence, Rust::Major, wider);
        let sentence = format!("{subject} is no longer nullable");
        let expected = expected(Property, Nullable, sentence, Rust::Major, narrower);
        assert_findings(&edited(ZOO, &[(&property, &nullable)]), &[(&nullable, &property)], &[expected]);
    }
}

#[test]
fn types_follow_direction() {
    use Wire::{Breaking, Compatible};
    for (name, narrower, wider) in
        [("in", Breaking, Compatible), ("out", Compatible, Breaking), ("both", Breaking, Breaking)]
    {
        let schema = schema(name);
        let subject = format!("schema `{schema}`, property `{name}_required`");
        let property = format!("{name}_required: {{type: string}}");
        let date = property.replace("string", "string, format: date");
        let sentence = format!("{subject} changes from string to date");
        assert_one(&[(&property, &date)], Property, Type, &sentence, Rust::Major, narrower);
        let sentence = format!("{subject} changes from string to boolean");
        let boolean = property.replace("string", "boolean");
        assert_one(&[(&property, &boolean)], Property, Type, &sentence, Rust::Major, Breaking);
        let integer = format!("{name}_optional: {{type: integer, format: int32");
        let sentence =
            format!("schema `{schema}`, property `{name}_optional` changes from integer (int32) to integer (int64)");
        assert_one(&[(&integer, &integer.replace("32", "64"))], Property, Type, &sentence, Rust::Major, wider);
    }
}

#[test]
fn enums_follow_direction() {
    use Wire::{Breaking, Compatible, Note};
    for (name, removed, opened) in [("in", Breaking, Compatible), ("out", Compatible, Breaking)] {
        let kind = format!("{}Kind", schema(name));
        let dog = format!("{name}_dog]");
        let sentence = format!("schema `{kind}`, value `{name}_bear` is new");
        assert_one(&[(&dog, &format!("{name}_dog, {name}_bear]"))], Value, Added, &sentence, Rust::Minor, Note);
        let sentence = format!("schema `{kind}`, value `{name}_dog` is removed");
        assert_one(&[(&format!(", {dog}"), "]")], Value, Removed, &sentence, Rust::Major, removed);
        // A closed enum becomes open: other strings are allowed too.
        let values = format!("{{type: string, enum: [{name}_cat, {name}_dog]}}");
        let sentence = format!("schema `{kind}` changes from an enum of strings to an alias");
        assert_one(&[(&values, "{type: string}")], Schema, Type, &sentence, Rust::Major, opened);
    }
}

#[test]
fn unions_follow_direction() {
    for (name, removed) in [("In", Wire::Breaking), ("Out", Wire::Compatible)] {
        let number = format!("      - {{title: {name}Number, type: integer}}\n");
        let flag = format!("      - {{title: {name}Flag, type: boolean}}\n");
        let both = format!("{number}{flag}");
        let sentence = format!("schema `{name}Food`, variant `{name}Flag` is new");
        assert_one(&[(&number, &both)], Variant, Added, &sentence, Rust::Minor, Wire::Note);
        let removed = expected(
            Variant,
            Removed,
            format!("schema `{name}Food`, variant `{name}Flag` is removed"),
            Rust::Major,
            removed,
        );
        assert_findings(&edited(ZOO, &[(&number, &both)]), &[(&flag, "")], &[removed]);
    }
}

#[test]
fn constraints_and_defaults_matter_in_requests() {
    for (name, is_sent) in [("in", true), ("out", false)] {
        let subject = format!("schema `{}`, property `{name}_optional`", schema(name));
        let property = format!("{name}_optional: {{type: integer, format: int32, minimum: 2, default: 5}}");
        let of_request = |wire: Wire| if is_sent { wire } else { Wire::None };
        let rust = if is_sent { Rust::None } else { Rust::Patch };
        let narrower = if is_sent { "has narrower constraints" } else { "has other constraints" };
        for (other, change, detail, rust, wire) in [
            ("minimum: 3, default: 5", Constraints, narrower, Rust::Patch, of_request(Wire::Breaking)),
            ("minimum: 1, default: 5", Constraints, "has other constraints", Rust::Patch, Wire::None),
            ("default: 5", Constraints, "has other constraints", Rust::Patch, Wire::None),
            ("minimum: 2, default: 6", Default, "has the default 6 instead of 5", rust, of_request(Wire::Breaking)),
            ("minimum: 2", Default, "has no default any more; it was 5", rust, of_request(Wire::Breaking)),
        ] {
            let edited = property.replace("minimum: 2, default: 5", other);
            assert_one(&[(&property, &edited)], Property, change, &format!("{subject} {detail}"), rust, wire);
        }
    }
}

#[test]
fn documentation_is_compared() {
    assert_findings(
        ZOO,
        &[("    InKind: {type: string,", "    InKind: {type: string, description: A kind., deprecated: true,")],
        &[
            expected(Schema, Deprecated, "schema `InKind` is deprecated now", Rust::Minor, Wire::None),
            expected(Schema, Docs, "schema `InKind` has other documentation", Rust::Patch, Wire::None),
        ],
    );
    let subject = "schema `In`, property `in_required`";
    assert_findings(
        ZOO,
        &[("in_required: {type: string}", "in_required: {type: string, example: Bo, deprecated: true}")],
        &[
            expected(Property, Deprecated, format!("{subject} is deprecated now"), Rust::Minor, Wire::None),
            expected(Property, Docs, format!("{subject} has other documentation"), Rust::Patch, Wire::None),
        ],
    );
}
