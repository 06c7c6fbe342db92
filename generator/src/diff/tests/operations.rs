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

/// An operation with two path parameters, a response, and headers of two responses.
const SHOP: &str = "openapi: 3.0.3
info: {title: Shop, version: '1'}
paths:
  /a/{x}/{y}:
    get:
      operationId: get
      parameters:
      - {name: x, in: path, required: true, schema: {type: string}}
      - {name: y, in: path, required: true, schema: {type: string}}
      responses:
        '200':
          description: Done.
          headers: {X-A: {schema: {type: string}}}
          content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}
        '404': {description: Missing., headers: {X-A: {schema: {type: string}}}}
  /b:
    post:
      operationId: add
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/B'}}}}
      responses: {'204': {description: Done.}}
components:
  schemas:
    A: {type: object, required: [n], properties: {n: {type: string}, b: {$ref: '#/components/schemas/B'}}}
    B: {type: object, properties: {name: {type: string}, kind: {type: boolean}, size: {type: integer, default: 3}}}
";

/// Returns the verdict on running clients, and the findings as text.
fn wire(edits: &[(&str, &str)]) -> (Wire, String) {
    let comparison = compare(SHOP, &edited(SHOP, edits));
    (comparison.wire(), crate::diff::text(&comparison))
}

#[test]
fn path_parameters_that_change_places_break_clients() {
    let (wire, text) = wire(&[("/a/{x}/{y}", "/a/{y}/{x}")]);
    assert!(wire == Wire::Breaking && text.contains("path parameter `x` has another place in the path"), "{text}");
}

#[test]
fn replaced_status_breaks_clients_unless_they_understand_its_body() {
    let moved = wire(&[("'200':", "'201':")]);
    assert_eq!(moved.0, Wire::Compatible, "{}", moved.1);
    let replaced = wire(&[("'200':", "'201':"), ("schemas/A'}", "schemas/B'}")]);
    assert_eq!(replaced.0, Wire::Breaking, "{}", replaced.1);
}

#[test]
fn headers_are_compared_for_each_response() {
    let header = "          headers: {X-A: {schema: {type: string}}}\n";
    let (wire, text) = wire(&[(header, "")]);
    assert!(
        wire == Wire::Breaking && text.starts_with("patch, breaking    operation `get`, header `X-A` is removed"),
        "{text}"
    );
}

#[test]
fn constraints_and_defaults_of_replaced_schema_matter() {
    let body = |b: &str| {
        let renamed = SHOP.replace("schemas/B'", "schemas/C'").replace("    B: {type", "    C: {type");
        let comparison = compare(
            SHOP,
            &edited(
                &renamed,
                &[("{name: {type: string}, kind: {type: boolean}, size: {type: integer, default: 3}}", b)],
            ),
        );
        comparison.wire()
    };
    let same = "{name: {type: string}, kind: {type: boolean}, size: {type: integer, default: 3}}";
    assert_eq!(body(same), Wire::None);
    for (old, new) in [
        ("name: {type: string}", "name: {type: string, maxLength: 3}"),
        ("{type: boolean}", "{type: boolean, enum: [true]}"),
        ("default: 3", "default: 7"),
    ] {
        assert_eq!(body(&edited(same, &[(old, new)])), Wire::Breaking, "{new}");
    }
    // A schema of its own for a property, with and without other constraints.
    for (limit, expected) in [("maxLength: 3", Wire::Breaking), ("maxLength: 7", Wire::None)] {
        let old = SHOP.replace("{name: {type: string}, ", "{name: {type: string, maxLength: 7}, ");
        let new = old.replace("{type: string, maxLength: 7}", "{$ref: '#/components/schemas/Name'}");
        let new = new.replace("    B: ", &format!("    Name: {{type: string, {limit}}}\n    B: "));
        let comparison = compare(&old, &new);
        assert_eq!(comparison.wire(), expected, "{}", crate::diff::text(&comparison));
    }
}

#[test]
fn types_that_contain_each_other_are_compared_completely() {
    let document = |a: &str, b: &str, x: &str| {
        format!(
            "openapi: 3.0.3\ninfo: {{title: Shop, version: '1'}}\npaths:\n  /a:\n    get:\n      operationId: a\n      responses: \
             {{'200': {{description: D, content: {{application/json: {{schema: {{$ref: '#/components/schemas/{a}'}}}}}}}}}}\n    \
             post:\n      operationId: b\n      requestBody: {{content: {{application/json: {{schema: {{$ref: \
             '#/components/schemas/{b}'}}}}}}}}\n      responses: {{'204': {{description: D}}}}\ncomponents:\n  schemas:\n    \
             {a}: {{type: object, properties: {{b: {{$ref: '#/components/schemas/{b}'}}, x: {{type: {x}}}}}}}\n    {b}: \
             {{type: object, properties: {{a: {{$ref: '#/components/schemas/{a}'}}}}}}\n"
        )
    };
    let comparison = compare(&document("A", "B", "number"), &document("A2", "B2", "integer"));
    assert_eq!(comparison.wire(), Wire::Breaking, "{}", crate::diff::text(&comparison));
}

#[test]
fn pagination_does_not_depend_on_other_schemas_and_parameters() {
    let document = |parameter: &str, schema: &str| {
        format!(
            "openapi: 3.0.3\ninfo: {{title: Shop, version: '1'}}\npaths:\n  /a:\n    get:\n      operationId: a\n      x-pagination: \
             {{style: offset-limit, offset: skip, limit: take, items: items}}\n      parameters:\n{parameter}      - {{name: skip, in: \
             query, schema: {{type: integer}}}}\n      - {{name: take, in: query, schema: {{type: integer}}}}\n      responses: \
             {{'200': {{description: D, content: {{application/json: {{schema: {{$ref: '#/components/schemas/Page'}}}}}}}}}}\n\
             components:\n  schemas:\n{schema}    Page: {{type: object, properties: {{items: {{type: array, items: {{$ref: \
             '#/components/schemas/Z'}}}}}}}}\n    Z: {{type: object, properties: {{n: {{type: string}}}}}}\n"
        )
    };
    let old = document("", "");
    let new = document(
        "      - {name: q, in: query, schema: {type: string}}\n",
        "    A: {type: object, properties: {m: {type: string}}}\n",
    );
    let comparison = compare(&old, &new);
    assert!(!crate::diff::text(&comparison).contains("paginated"), "{}", crate::diff::text(&comparison));
}
