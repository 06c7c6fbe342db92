//! Errors in documents of OpenAPI 3.1 and 3.2.

use super::{SAMPLES, assert_errors, diagnostics};
use crate::diagnostics::{Code, Severity};
use crate::validate::Version;

fn assert_v3_1(replaced: &str, replacement: &str, errors: &[&str]) {
    assert_errors(Version::V3_1, replaced, replacement, errors);
}

fn assert_v3_2(replaced: &str, replacement: &str, errors: &[&str]) {
    assert_errors(Version::V3_2, replaced, replacement, errors);
}

#[test]
fn additions_of_v3_2_are_read_in_v3_1() {
    let (_, sample) = SAMPLES.into_iter().find(|(version, _)| *version == Version::V3_2).unwrap();
    let sample = sample.replace("openapi: 3.2.0", "openapi: 3.1.0").replace("allowReserved: true, ", "");
    let missing = (Severity::Error, Code::Missing, "a response needs `description`".to_owned());
    assert_eq!(diagnostics(&sample), [missing]);
}

#[test]
fn invalid_v3_1_root_server_or_operation_is_reported() {
    let errors = |text: &str| diagnostics(text).into_iter().map(|(.., message)| message).collect::<Vec<_>>();
    let start = "openapi: 3.1.0\ninfo: {title: a, version: '1'}\n";
    assert_eq!(errors(start), ["an OpenAPI document needs `paths`, `components` or `webhooks`"]);
    for container in ["paths", "components", "webhooks"] {
        assert!(errors(&format!("{start}{container}: {{}}\n")).is_empty());
    }
    assert_v3_1(
        "identifier: MIT}",
        "identifier: MIT, url: https://example.com}",
        &["invalid-value: a license has both `identifier` and `url`"],
    );
    assert_v3_1("enum: [eu, us]", "enum: []", &["invalid-value: the `enum` of a server variable is empty"]);
    assert_v3_1(
        "enum: [eu, us]",
        "enum: [us]",
        &["invalid-value: the `default` of a server variable is not a value of its `enum`"],
    );
    assert_v3_1(
        "      summary: List seats",
        "      sumary: List seats",
        &["unknown-keyword: `sumary` is not a property of an operation"],
    );
}

#[test]
fn invalid_v3_1_parameter_is_reported() {
    assert_v3_1(
        "{name: session, in: cookie, style: form,",
        "{name: session, in: cookie, allowReserved: false,",
        &["invalid-value: `allowReserved` does not apply to parameters in `cookie`"],
    );
    assert_v3_1(
        "filter, in: query, content:",
        "filter, in: query, explode: true, content:",
        &["invalid-value: `explode` does not apply to `content`"],
    );
    assert_v3_1(
        "schema: {}, example: a}",
        "schema: {}, example: a, examples: {}}",
        &["invalid-value: a parameter has both `example` and `examples`"],
    );
    assert_v3_1(
        "style: label, explode: true, schema: {type: integer}",
        "style: form, schema: {type: integer}",
        &["invalid-value: a parameter in `path` cannot have the style `form`"],
    );
}

#[test]
fn invalid_v3_1_schema_is_reported() {
    let schema = "Anything: true";
    assert_v3_1(
        schema,
        "Anything: {type: [string, string, text]}",
        &["duplicate: `string` is listed twice in `type`", "invalid-value: an item of `type` cannot be `text`"],
    );
    assert_v3_1(schema, "Anything: {type: []}", &["invalid-value: `type` is empty: no value is valid"]);
    assert_v3_1(
        schema,
        "Anything: {exclusiveMinimum: true, minimum: 1}",
        &["wrong-type: `exclusiveMinimum` is a boolean, but must be a number"],
    );
    assert_v3_1(
        schema,
        "Anything: {items: [{}]}",
        &["wrong-type: `items` is an array, but must be a boolean or a schema object"],
    );
    assert_v3_1(
        schema,
        "Anything: {prefixItems: [], oneOf: []}",
        &["invalid-value: `prefixItems` is empty", "invalid-value: `oneOf` is empty: no value is valid"],
    );
    assert_v3_1(
        schema,
        "Anything: {required: [a, a], dependentRequired: {b: [c, c]}}",
        &["duplicate: `a` is listed twice in `required`", "duplicate: `c` is listed twice in `b`"],
    );
    assert_v3_1(
        schema,
        "Anything: {$anchor: '#a', $id: 'a#b'}",
        &[
            "invalid-value: `$anchor` is `#a`, which is not an anchor: a letter or `_`, then letters, digits, `-`, `_` and `.`",
            "invalid-value: `$id` is `a#b`, which is not a URI without a fragment",
        ],
    );
    assert_v3_1(schema, "Anything: {type: [integer, 'null'], default: a}", &["invalid-value: `default` is a string"]);
}

#[test]
fn invalid_v3_1_reference_is_reported() {
    let schema = "Anything: true";
    assert_v3_1(
        schema,
        "Anything: {$ref: '#nobody'}",
        &["ref-not-found: there is no schema with the anchor `#nobody`"],
    );
    assert_v3_1(
        schema,
        "Anything: {$dynamicRef: '#nobody'}",
        &["ref-not-found: there is no schema with the anchor `#nobody`"],
    );
    assert_v3_1(
        schema,
        "Anything: {$ref: '#/components/schemas/Nothing', type: 1}",
        &["wrong-type: `type` is a number, but must be a string or an array of strings"],
    );
    assert_v3_1(
        schema,
        "Anything: {$ref: '#/components/responses/Missing'}",
        &["ref-wrong-kind: `#/components/responses/Missing` is a response, but a schema is needed here"],
    );
    assert_v3_1(
        schema,
        "Anything: {$ref: '#/components/schemas/Anything', title: a}",
        &["ref-cycle: a `$ref` refers to itself"],
    );
    assert_v3_1(
        "next: {$ref: '#/$defs/Next'}",
        "next: {$ref: '#/$defs/Nxt'}",
        &["ref-not-found: `#/$defs/Nxt` does not exist"],
    );
    assert_v3_1(
        "description: Another description.",
        "description: 1",
        &["wrong-type: `description` is a number, but must be a string"],
    );
}

#[test]
fn reference_by_uri_is_resolved_or_reported() {
    let reference = "$ref: 'https://example.com/openapi.yaml#/components/schemas/Seat'";
    let missing = "$ref: 'https://example.com/openapi.yaml#/components/schemas/Seet'";
    let error = "ref-not-found: `https://example.com/openapi.yaml#/components/schemas/Seet` does not exist";
    assert_v3_2(reference, missing, &[error]);
    assert_v3_1("Anything: true", "Anything: {$id: https://example.com/a, $ref: schemas/booking}", &[]);
    assert_v3_1(
        "Anything: true",
        "Anything: {$id: https://example.org/a, $ref: schemas/booking}",
        &["ref-not-read: `schemas/booking` is a file that was not passed to the generator"],
    );
}

#[test]
fn unknown_keywords_and_duplicate_identifiers_are_warnings() {
    let (_, sample) = SAMPLES.into_iter().find(|(version, _)| *version == Version::V3_1).unwrap();
    let found = diagnostics(&sample.replace("Anything: true", "Anything: {$anchor: person}"));
    let duplicate = "two schemas have the identifier `person`".to_owned();
    assert_eq!(found, [(Severity::Warning, Code::Duplicate, duplicate)]);
    let found = diagnostics(&sample.replace("Anything: true", "Anything: {minItmes: 1}"));
    assert_eq!(
        found,
        [(Severity::Warning, Code::UnknownKeyword, "`minItmes` is not a property of a schema".to_owned())]
    );
}

#[test]
fn invalid_v3_1_security_scheme_is_reported() {
    assert_v3_1(
        "{type: http, scheme: bearer, bearerFormat: JWT}",
        "{type: http, scheme: basic, bearerFormat: JWT}",
        &["unknown-keyword: `bearerFormat` does not apply to a security scheme with the scheme `basic`"],
    );
    assert_v3_1(
        "{type: mutualTLS}",
        "{type: mutualTLS, name: a}",
        &["unknown-keyword: `name` does not apply to a security scheme of type `mutualTLS`"],
    );
    assert_v3_1(
        "password: {tokenUrl",
        "password: {authorizationUrl",
        &[
            "missing: a password OAuth flow needs `tokenUrl`",
            "unknown-keyword: `authorizationUrl` is not a property of a password OAuth flow",
        ],
    );
}

#[test]
fn invalid_v3_2_tag_parent_is_reported() {
    assert_v3_2("parent: theatre}", "parent: theater}", &["undefined: there is no tag `theater`"]);
    assert_v3_2(
        "{name: theatre,",
        "{name: theatre, parent: seats,",
        &["undefined: the tag `theatre` is its own ancestor"],
    );
}

#[test]
fn invalid_v3_2_operation_is_reported() {
    assert_v3_2("COPY: {", "GET: {", &["invalid-value: the method `GET` is not allowed in `additionalOperations`"]);
    assert_v3_2("COPY: {", "CO PY: {", &["invalid-value: `CO PY` is not a valid HTTP method"]);
    assert_v3_2(
        "{name: session, in: cookie, style: cookie,",
        "{name: session, in: query,",
        &["invalid-value: an operation cannot have parameters in both `querystring` and `query`"],
    );
    assert_v3_2(
        "content: {application/x-www-form-urlencoded: {schema: {type: object}}}",
        "schema: {type: object}",
        &["invalid-value: a parameter in `querystring` must have `content`, not `schema`"],
    );
    assert_v3_2(
        "dataValue: {}, serializedValue",
        "value: {}, serializedValue",
        &["invalid-value: an example object has both `value` and `serializedValue`"],
    );
    assert_v3_2(
        "itemEncoding: {contentType: image/png, encoding: {a: {}}}",
        "encoding: {}",
        &["invalid-value: a media type object has both `encoding` and `prefixEncoding`"],
    );
    assert_v3_2(
        "{'#/components/securitySchemes/login': []}",
        "{'#/components/securitySchemes/lgoin': []}",
        &["ref-not-found: `#/components/securitySchemes/lgoin` does not exist"],
    );
}
