//! Changes of operations, parameters, bodies and responses.

use super::*;

const ZOO: &str = "openapi: 3.0.3
info: {title: Zoo, version: '1'}
servers: [{url: https://zoo.example}]
paths:
  /animals/{id}:
    get:
      operationId: getAnimal
      description: Returns an animal.
      parameters:
      - {name: id, in: path, required: true, schema: {type: string}}
      - {name: part, in: query, schema: {type: array, items: {type: string}}, style: form}
      - {name: limit, in: query, schema: {type: integer, default: 10, maximum: 50}}
      responses:
        '200':
          description: The animal.
          headers: {X-Age: {schema: {type: string}}}
          content:
            application/json: {schema: {$ref: '#/components/schemas/Animal'}}
        '404': {description: There is none.}
    put:
      operationId: putAnimal
      parameters:
      - {name: id, in: path, required: true, schema: {type: string}}
      requestBody:
        content:
          application/json: {schema: {$ref: '#/components/schemas/Animal'}}
      responses: {'204': {description: Done.}}
  /tickets:
    post:
      operationId: buyTicket
      requestBody:
        required: true
        content:
          multipart/form-data:
            schema: {type: object, required: [name], properties: {name: {type: string}, photo: {type: string, format: binary}}}
      responses: {'204': {description: Done.}}
components:
  schemas:
    Animal: {type: object, properties: {name: {type: string}}}
    Plant: {type: object, properties: {height: {type: number}}}
";

#[test]
fn operation_is_added_removed_and_renamed() {
    let remove =
        ("  /tickets:\n    post:\n      operationId: buyTicket", "  /bills:\n    post:\n      operationId: pay");
    assert_findings(
        ZOO,
        &[remove],
        &[
            expected(Operation, Removed, "operation `buyTicket` is removed", Rust::Major, Wire::Breaking),
            expected(Operation, Added, "operation `pay` is new", Rust::Minor, Wire::Note),
        ],
    );
    // The lock file keeps the Rust name of an operation whose ID changes.
    assert_findings(ZOO, &[("operationId: putAnimal", "operationId: changeAnimal")], &[]);
    assert_findings(
        ZOO,
        &[("operationId: putAnimal", "operationId: putAnimal\n      x-rust-name: change")],
        &[expected(
            Operation,
            Renamed,
            "operation `putAnimal` has the Rust name `Operations::change` instead of `Operations::update_animal`",
            Rust::Major,
            Wire::None,
        )],
    );
}

#[test]
fn findings_have_both_places() {
    let comparison = compare(
        ZOO,
        &edited(ZOO, &[("in: query, schema: {type: integer,", "in: query, required: true, schema: {type: integer,")]),
    );
    let place = |file: &str| Some(Place { file: file.to_owned(), line: 12, column: 16 });
    let expected = Finding {
        item: Parameter,
        change: Required,
        subject: "operation `getAnimal`, query parameter `limit`".to_owned(),
        detail: "is required now".to_owned(),
        old: place("old.yaml"),
        new: place("new.yaml"),
        rust: Rust::Major,
        wire: Wire::Breaking,
    };
    assert_eq!(comparison.findings, [expected]);
    assert_eq!((comparison.rust(), comparison.wire()), (Rust::Major, Wire::Breaking));
}

#[test]
fn method_and_path_only_matter_on_the_wire() {
    assert_findings(
        ZOO,
        &[("    put:", "    patch:")],
        &[
            expected(
                Operation,
                Renamed,
                "operation `putAnimal` has the Rust name `Operations::put_animal` instead of `Operations::update_animal`",
                Rust::Major,
                Wire::None,
            ),
            expected(
                Operation,
                Moved,
                "operation `putAnimal` has the method PATCH instead of PUT",
                Rust::None,
                Wire::Breaking,
            ),
        ],
    );
    assert_findings(
        ZOO,
        &[("  /tickets:", "  /all-tickets:")],
        &[expected(
            Operation,
            Moved,
            "operation `buyTicket` has the path `/all-tickets` instead of `/tickets`",
            Rust::None,
            Wire::Breaking,
        )],
    );
}

#[test]
fn parameters_are_compared() {
    let limit = "name: limit, in: query";
    assert_findings(
        ZOO,
        &[(limit, "name: max, in: query")],
        &[
            expected(
                Parameter,
                Removed,
                "operation `getAnimal`, query parameter `limit` is removed",
                Rust::Major,
                Wire::Breaking,
            ),
            expected(Parameter, Added, "operation `getAnimal`, query parameter `max` is new", Rust::Minor, Wire::Note),
        ],
    );
    assert_findings(
        ZOO,
        &[(limit, "name: limit, in: header")],
        &[expected(
            Parameter,
            Style,
            "operation `getAnimal`, query parameter `limit` is in the header instead of the query",
            Rust::None,
            Wire::Breaking,
        )],
    );
    assert_findings(
        ZOO,
        &[("style: form", "style: form, explode: false")],
        &[expected(
            Parameter,
            Style,
            "operation `getAnimal`, query parameter `part` is serialized differently",
            Rust::None,
            Wire::Breaking,
        )],
    );
    assert_findings(
        ZOO,
        &[("default: 10", "default: 20")],
        &[expected(
            Parameter,
            Default,
            "operation `getAnimal`, query parameter `limit` has the default 20 instead of 10",
            Rust::None,
            Wire::Breaking,
        )],
    );
    assert_findings(
        ZOO,
        &[("maximum: 50", "maximum: 20")],
        &[expected(
            Parameter,
            Constraints,
            "operation `getAnimal`, query parameter `limit` has narrower constraints",
            Rust::Patch,
            Wire::Breaking,
        )],
    );
    assert_findings(
        ZOO,
        &[("maximum: 50", "maximum: 60")],
        &[expected(
            Parameter,
            Constraints,
            "operation `getAnimal`, query parameter `limit` has other constraints",
            Rust::Patch,
            Wire::None,
        )],
    );
    assert_findings(
        ZOO,
        &[("schema: {type: integer, default: 10, maximum: 50}", "schema: {type: string}")],
        &[
            expected(
                Parameter,
                Constraints,
                "operation `getAnimal`, query parameter `limit` has other constraints",
                Rust::Patch,
                Wire::None,
            ),
            expected(
                Parameter,
                Type,
                "operation `getAnimal`, query parameter `limit` changes from integer (int64) to string",
                Rust::Major,
                Wire::Breaking,
            ),
            expected(
                Parameter,
                Default,
                "operation `getAnimal`, query parameter `limit` has no default any more; it was 10",
                Rust::None,
                Wire::Breaking,
            ),
        ],
    );
    assert_findings(
        ZOO,
        &[("maximum: 50}}", "maximum: 50}, deprecated: true, description: Few}")],
        &[
            expected(
                Parameter,
                Deprecated,
                "operation `getAnimal`, query parameter `limit` is deprecated now",
                Rust::Minor,
                Wire::None,
            ),
            expected(
                Parameter,
                Docs,
                "operation `getAnimal`, query parameter `limit` has other documentation",
                Rust::Patch,
                Wire::None,
            ),
        ],
    );
    assert_findings(
        ZOO,
        &[("      - {name: limit,", "      - {name: kind, in: query, schema: {type: string}}\n      - {name: limit,")],
        &[expected(Parameter, Added, "operation `getAnimal`, query parameter `kind` is new", Rust::Minor, Wire::Note)],
    );
    assert_findings(
        ZOO,
        &[(
            "      - {name: limit,",
            "      - {name: kind, in: query, required: true, schema: {type: string}}\n      - {name: limit,",
        )],
        &[expected(
            Parameter,
            Added,
            "operation `getAnimal`, query parameter `kind` is new and required",
            Rust::Major,
            Wire::Breaking,
        )],
    );
}

#[test]
fn bodies_are_compared() {
    assert_findings(
        ZOO,
        &[("      requestBody:\n        content:", "      requestBody:\n        required: true\n        content:")],
        &[expected(
            RequestBody,
            Required,
            "operation `putAnimal`, request body is required now",
            Rust::Major,
            Wire::Breaking,
        )],
    );
    let json = "      requestBody:\n        content:\n          application/json: {schema: {$ref: '#/components/schemas/Animal'}}\n";
    assert_findings(
        ZOO,
        &[(json, "")],
        &[expected(
            RequestBody,
            Removed,
            "operation `putAnimal`, request body is removed",
            Rust::Major,
            Wire::Breaking,
        )],
    );
    assert_findings(
        ZOO,
        &[(json, &format!("{json}          text/plain: {{schema: {{type: string}}}}\n"))],
        &[expected(
            RequestBody,
            Added,
            "operation `putAnimal`, request body, media type `text/plain` is new",
            Rust::Major,
            Wire::Compatible,
        )],
    );
    assert_findings(
        ZOO,
        &[(json, &json.replace("Animal", "Plant"))],
        &[
            expected(
                RequestBody,
                Type,
                "operation `putAnimal`, request body, media type `application/json` changes from schema `Animal` to schema `Plant`",
                Rust::Major,
                Wire::Breaking,
            ),
            expected(Schema, Added, "schema `Plant` is used now, so that a type is generated", Rust::Minor, Wire::None),
        ],
    );
    assert_findings(
        ZOO,
        &[("required: [name], ", "required: [name, photo], ")],
        &[expected(
            Property,
            Required,
            "operation `buyTicket`, request body, media type `multipart/form-data`, part `photo` is required now",
            Rust::Major,
            Wire::Breaking,
        )],
    );
    assert_findings(
        ZOO,
        &[("required: [name], properties: {name: {type: string}, ", "properties: {")],
        &[expected(
            Property,
            Removed,
            "operation `buyTicket`, request body, media type `multipart/form-data`, part `name` is removed",
            Rust::Major,
            Wire::Breaking,
        )],
    );
}

#[test]
fn responses_are_compared() {
    let missing = "        '404': {description: There is none.}\n";
    assert_findings(
        ZOO,
        &[(missing, &format!("        '204': {{description: Gone.}}\n{missing}"))],
        &[expected(Response, Added, "operation `getAnimal`, response 204 is new", Rust::Major, Wire::Compatible)],
    );
    let created = "        '201': {description: New., content: {application/json: {schema: {$ref: '#/components/schemas/Plant'}}}}\n";
    assert_findings(
        ZOO,
        &[(missing, &format!("{created}{missing}"))],
        &[
            expected(Response, Added, "operation `getAnimal`, response 201 is new", Rust::Major, Wire::Compatible),
            expected(Schema, Added, "schema `Plant` is used now, so that a type is generated", Rust::Minor, Wire::None),
        ],
    );
    let text = "            application/json: {schema: {$ref: '#/components/schemas/Animal'}}\n        '404'";
    assert_findings(
        ZOO,
        &[(text, &format!("            text/plain: {{schema: {{type: string}}}}\n{text}"))],
        &[expected(
            Response,
            Added,
            "operation `getAnimal`, response 200, media type `text/plain` is new",
            Rust::Major,
            Wire::Compatible,
        )],
    );
    assert_findings(
        ZOO,
        &[(text, &text.replace("Animal", "Plant"))],
        &[
            expected(
                Response,
                Type,
                "operation `getAnimal`, response 200 changes from schema `Animal` to schema `Plant`",
                Rust::Major,
                Wire::Breaking,
            ),
            expected(Schema, Added, "schema `Plant` is used now, so that a type is generated", Rust::Minor, Wire::None),
        ],
    );
    assert_findings(
        ZOO,
        &[(missing, "")],
        &[expected(Response, Removed, "operation `getAnimal`, response 404 is removed", Rust::Patch, Wire::Compatible)],
    );
    assert_findings(
        ZOO,
        &[(
            missing,
            &format!(
                "        '403': {{description: No., content: {{application/json: {{schema: {{$ref: '#/components/schemas/Plant'}}}}}}}}\n{missing}"
            ),
        )],
        &[
            expected(Response, Added, "operation `getAnimal`, response 403 is new", Rust::Minor, Wire::Note),
            expected(Schema, Added, "schema `Plant` is used now, so that a type is generated", Rust::Minor, Wire::None),
            expected(RustItem, Added, "Rust item `ErrorBody` has the new `Plant`", Rust::Minor, Wire::None),
        ],
    );
    assert_findings(
        ZOO,
        &[("headers: {X-Age: {schema: {type: string}}}", "headers: {X-Old: {schema: {type: string}}}")],
        &[
            expected(Header, Removed, "operation `getAnimal`, header `X-Age` is removed", Rust::Major, Wire::Breaking),
            expected(Header, Added, "operation `getAnimal`, header `X-Old` is new", Rust::Minor, Wire::Note),
        ],
    );
}

#[test]
fn documentation_is_compared() {
    assert_findings(
        ZOO,
        &[("Returns an animal.", "Returns one animal.")],
        &[expected(Operation, Docs, "operation `getAnimal` has other documentation", Rust::Patch, Wire::None)],
    );
    assert_findings(
        ZOO,
        &[("operationId: getAnimal", "operationId: getAnimal\n      deprecated: true")],
        &[expected(Operation, Deprecated, "operation `getAnimal` is deprecated now", Rust::Minor, Wire::None)],
    );
    assert_findings(
        ZOO,
        &[("There is none.", "None.")],
        &[expected(
            Response,
            Docs,
            "operation `getAnimal`, response 404 has other documentation",
            Rust::Patch,
            Wire::None,
        )],
    );
}
