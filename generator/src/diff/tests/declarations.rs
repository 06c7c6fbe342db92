//! Changes of generated declarations that no change of the same item explains.

use super::*;

const ZOO: &str = "openapi: 3.0.3
info: {title: Zoo, version: '1'}
servers: [{url: https://zoo.example}]
paths:
  /a:
    get:
      operationId: a
      responses: {'200': {description: Done., content: {application/json: {schema: {$ref: '#/components/schemas/Animal'}}}}}
components:
  schemas:
    Animal:
      type: object
      properties:
        place: {$ref: '#/components/schemas/Place'}
        password: {type: string}
    Place:
      type: object
      properties:
        height: {type: integer}
        keeper: {$ref: '#/components/schemas/Keeper'}
    Keeper:
      type: object
      properties:
        name: {type: string}
";

#[test]
fn lost_traits_are_found_in_all_types() {
    assert_findings(
        ZOO,
        &[("height: {type: integer}", "height: {type: number}")],
        &[
            expected(
                Schema,
                Trait,
                "schema `Animal`, Rust type `models::Animal` no longer implements `Eq`, `Hash`",
                Rust::Major,
                Wire::None,
            ),
            expected(
                Schema,
                Trait,
                "schema `Place`, Rust type `models::Place` no longer implements `Eq`, `Hash`",
                Rust::Major,
                Wire::None,
            ),
            expected(
                Property,
                Type,
                "schema `Place`, property `height` changes from integer (int64) to number",
                Rust::Major,
                Wire::Breaking,
            ),
        ],
    );
    assert_findings(
        ZOO,
        &[("      properties:\n        name:", "      required: [name]\n      properties:\n        name:")],
        &[
            expected(
                Schema,
                Trait,
                "schema `Keeper`, Rust type `models::Keeper` no longer implements `Default`",
                Rust::Major,
                Wire::None,
            ),
            expected(
                Property,
                Required,
                "schema `Keeper`, property `name` is required now",
                Rust::Major,
                Wire::Compatible,
            ),
        ],
    );
}

#[test]
fn boxed_field_is_found() {
    assert_findings(
        ZOO,
        &[("        height:", "        animal: {$ref: '#/components/schemas/Animal'}\n        height:")],
        &[
            expected(
                Schema,
                Declaration,
                "schema `Animal`, Rust item `models::Animal::place` is declared as `Option<Box<models::Place>>` instead of `Option<models::Place>`",
                Rust::Major,
                Wire::None,
            ),
            expected(Property, Added, "schema `Place`, property `animal` is new", Rust::Minor, Wire::Note),
        ],
    );
}

#[test]
fn secret_does_not_change_the_wire() {
    assert_findings(
        ZOO,
        &[("password: {type: string}", "password: {type: string, format: password}")],
        &[
            expected(
                Schema,
                Trait,
                "schema `Animal`, Rust type `models::Animal` no longer implements `Hash`",
                Rust::Major,
                Wire::None,
            ),
            expected(
                Property,
                Type,
                "schema `Animal`, property `password` changes from string to secret string",
                Rust::Major,
                Wire::None,
            ),
        ],
    );
}

#[test]
fn runtime_is_compared() {
    let stream = "content: {text/event-stream: {schema: {$ref: '#/components/schemas/Animal'}}}";
    let json = "content: {application/json: {schema: {$ref: '#/components/schemas/Animal'}}}";
    let streaming = edited(ZOO, &[(json, stream)]);
    assert_findings(
        &streaming,
        &[(stream, json)],
        &[
            expected(
                Response,
                Removed,
                "operation `a`, response 200, media type `text/event-stream` is removed",
                Rust::Major,
                Wire::Breaking,
            ),
            expected(
                Response,
                Added,
                "operation `a`, response 200, media type `application/json` is new",
                Rust::Major,
                Wire::Compatible,
            ),
            expected(Response, Removed, "operation `a`, stream is removed", Rust::Major, Wire::Breaking),
            expected(
                Operation,
                Trait,
                "operation `a`, Rust type `operations::A` no longer implements `Streaming`",
                Rust::Major,
                Wire::None,
            ),
            expected(
                RustItem,
                Removed,
                "Rust item `runtime` no longer has `runtime::RawResponse::file_name`, `runtime::Response<T>::file_name`, `runtime::StreamedResponse`, `runtime::call::Call::json_lines`, `runtime::call::Call::send_items` and 7 more",
                Rust::Major,
                Wire::None,
            ),
        ],
    );
}
