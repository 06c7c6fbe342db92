//! Errors in documents of Swagger 2.0.

use super::assert_errors;
use crate::validate::Version;

fn assert_v2(replaced: &str, replacement: &str, errors: &[&str]) {
    assert_errors(Version::V2_0, replaced, replacement, errors);
}

#[test]
fn invalid_v2_root_property_is_reported() {
    assert_v2(
        "host: api.example.com:8443",
        "host: https://api.example.com",
        &["invalid-value: `https://api.example.com` is not a host"],
    );
    assert_v2("basePath: /v1", "basePath: v1", &["invalid-value: the base path `v1` must begin with `/`"]);
    assert_v2(
        "schemes: [https, wss]",
        "schemes: [https, ftp, https]",
        &["invalid-value: an item of `schemes` cannot be `ftp`", "duplicate: `https` is listed twice in `schemes`"],
    );
    assert_v2(
        "consumes: [application/json]",
        "consumes: [json]",
        &["invalid-value: an item of `consumes` is `json`, which is not a media type"],
    );
    assert_v2(
        "host: api.example.com:8443",
        "servers: []",
        &["unknown-keyword: `servers` is not a property of a Swagger document"],
    );
    assert_v2("- {name: plans}", "- {name: seats}", &["duplicate: the tag `seats` is defined twice"]);
}

#[test]
fn invalid_v2_parameter_is_reported() {
    assert_v2(
        ", in: body, description: A booking, required: true, schema: {$ref: '#/definitions/Booking'}}",
        ", in: body, type: string}",
        &[
            "missing: a parameter in `body` needs `schema`",
            "unknown-keyword: `type` is not a property of a parameter in `body`",
        ],
    );
    assert_v2(
        "{name: page, in: query, type: integer, default: 1}",
        "{name: page, in: query, schema: {type: integer}}",
        &["invalid-value: a parameter in `query` must have `type`, not `schema`"],
    );
    assert_v2(
        "{name: page, in: query, type: integer, default: 1}",
        "{name: page, in: query}",
        &["missing: a parameter in `query` needs `type`"],
    );
    assert_v2("type: integer, default: 1}", "type: integer, default: a}", &["invalid-value: `default` is a string"]);
    assert_v2("{name: page, in: query,", "{name: page, in: cookie,", &["invalid-value: `in` cannot be `cookie`"]);
    assert_v2(
        "{name: plan, in: formData, type: file, required: true}",
        "{name: plan, in: query, type: file}",
        &["invalid-value: a parameter in `query` cannot be a file"],
    );
    assert_v2(
        "{name: note, in: formData, type: string, allowEmptyValue: true}",
        "{name: note, in: body, schema: {}}",
        &["invalid-value: an operation has parameters in `body` and in `formData`"],
    );
    assert_v2(
        "consumes: [multipart/form-data]",
        "consumes: [application/json]",
        &["invalid-value: `consumes` lacks the media type of a form, but the operation has a file in `formData`"],
    );
    assert_v2(
        "row, in: path, required: true,",
        "row, in: path,",
        &["path-parameter: a path parameter is not `required`"],
    );
    assert_v2(
        "row, in: path, required: true,",
        "rwo, in: path, required: true,",
        &[
            "path-parameter: the path parameter `{row}` is not defined",
            "path-parameter: the parameter `rwo` does not appear in the path",
        ],
    );
}

#[test]
fn invalid_v2_items_object_is_reported() {
    assert_v2(
        "items: {type: array, items: {type: string, enum: [red, green]}, collectionFormat: pipes}",
        "items: {type: array, collectionFormat: multi}",
        &[
            "missing: an items object with `type: array` needs `items`",
            "invalid-value: `collectionFormat: multi` only applies to parameters in `query` and `formData`",
        ],
    );
    assert_v2(
        "items: {type: integer}, collectionFormat: csv",
        "items: {type: object}, collectionFormat: tabs",
        &["invalid-value: `type` cannot be `object`", "invalid-value: `collectionFormat` cannot be `tabs`"],
    );
}

#[test]
fn invalid_v2_response_is_reported() {
    assert_v2("        404: {", "        4XX: {", &["invalid-value: `4XX` is not a status code"]);
    assert_v2(
        "404: {$ref: '#/responses/Missing'}",
        "404: {$ref: '#/responses/Mising'}",
        &["ref-not-found: `#/responses/Mising` does not exist"],
    );
    assert_v2(
        "404: {$ref: '#/responses/Missing'}",
        "404: {$ref: '#/definitions/Error'}",
        &["ref-wrong-kind: `#/definitions/Error` is a schema, but a response is needed here"],
    );
    assert_v2(
        "404: {$ref: '#/responses/Missing'}",
        "404: {description: a, content: {}}",
        &["unknown-keyword: `content` is not a property of a response"],
    );
}

#[test]
fn invalid_v2_schema_is_reported() {
    assert_v2(
        "Booking: {type: object,",
        "Booking: {type: file,",
        &["invalid-value: `type: file` is only allowed for the schema of a response and for parameters in `formData`"],
    );
    assert_v2(
        "Booking: {type: object,",
        "Booking: {nullable: true,",
        &["unknown-keyword: `nullable` is not a property of a schema"],
    );
    assert_v2(
        "Booking: {type: object,",
        "Booking: {oneOf: [],",
        &["unknown-keyword: `oneOf` is not a property of a schema"],
    );
    assert_v2("enum: [1, 2, null]", "enum: [1, 1, null]", &["duplicate: `1` is listed twice in `enum`"]);
    assert_v2(
        "discriminator: kind",
        "discriminator: {propertyName: kind}",
        &["wrong-type: `discriminator` is an object, but must be a string"],
    );
}

#[test]
fn invalid_v2_security_is_reported() {
    assert_v2(
        "{type: basic}",
        "{type: http, scheme: basic}",
        &["invalid-value: `type` cannot be `http`", "unknown-keyword: `scheme` is not a property of a security scheme"],
    );
    assert_v2(
        "password: {type: oauth2, flow: password, tokenUrl",
        "password: {type: oauth2, flow: password, authorizationUrl",
        &[
            "missing: a security scheme with the flow `password` needs `tokenUrl`",
            "unknown-keyword: `authorizationUrl` does not apply to a security scheme with the flow `password`",
        ],
    );
    assert_v2(
        "security: [{basic: []}]",
        "security: [{basic: [a]}, {other: []}]",
        &[
            "invalid-value: this type of security scheme has no scopes",
            "undefined: there is no security scheme `other`",
        ],
    );
    assert_v2("in: header, name: X-Key", "in: cookie, name: X-Key", &["invalid-value: `in` cannot be `cookie`"]);
}
