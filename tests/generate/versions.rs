//! Tests that documents of the same API in several versions of OpenAPI become the same crate.

use clientwright::config::Layout;
use clientwright::output::FileSet;

use crate::fixture;

/// The API in Swagger 2.0.
const SWAGGER_2_0: &str = r##"
swagger: "2.0"
info: {title: Pets, version: "1.0"}
host: pets.example
basePath: /v1
schemes: [https]
security: [{token: []}]
securityDefinitions:
  token: {type: apiKey, in: header, name: X-Token}
paths:
  /pets:
    get:
      operationId: listPets
      tags: [Pets]
      summary: Lists pets.
      parameters:
        - {name: limit, in: query, description: The size of the page., type: integer, format: int32, minimum: 1}
        - {name: ids, in: query, type: array, items: {type: integer}}
        - {name: names, in: query, type: array, collectionFormat: pipes, items: {type: string}}
        - {name: X-Trace, in: header, type: string}
      produces: [application/json]
      responses:
        "200":
          description: The pets.
          headers: {X-Total: {type: integer, description: The number of pets.}}
          schema: {type: array, items: {$ref: '#/definitions/Pet'}}
        default: {description: An error., schema: {$ref: '#/definitions/Error'}}
    post:
      operationId: addPet
      tags: [Pets]
      consumes: [application/json]
      produces: [application/json]
      parameters:
        - {name: body, in: body, required: true, schema: {$ref: '#/definitions/Pet'}}
      responses:
        "201": {description: The pet., schema: {$ref: '#/definitions/Pet'}}
  /pets/{id}/photo:
    parameters:
      - {name: id, in: path, required: true, type: string, format: uuid}
    put:
      operationId: uploadPhoto
      tags: [Pets]
      consumes: [multipart/form-data]
      parameters:
        - {name: file, in: formData, required: true, type: file}
        - {name: title, in: formData, type: string}
      responses: {"204": {description: Uploaded.}}
    get:
      operationId: downloadPhoto
      tags: [Pets]
      produces: [application/octet-stream]
      responses: {"200": {description: The photo., schema: {type: file}}}
definitions:
  Pet:
    description: A pet.
    type: object
    required: [name, kind]
    properties:
      name: {description: Its name., type: string}
      kind: {type: string, enum: [cat, dog]}
      born: {type: string, format: date}
      owner: {type: string, x-nullable: true}
      weight: {type: number, minimum: 0, exclusiveMinimum: true}
      tags: {type: array, items: {type: string}}
      notes: {type: object, additionalProperties: {type: string}}
      parent: {$ref: '#/definitions/Pet'}
  Error:
    type: object
    required: [message]
    properties: {message: {type: string}}
"##;

/// The API in OpenAPI 3. `VERSION`, `NULLABLE` and `MINIMUM` are replaced with text that differs between OpenAPI 3.0
/// and OpenAPI 3.1.
const OPENAPI_3: &str = r##"
openapi: VERSION
info: {title: Pets, version: "1.0"}
servers: [{url: https://pets.example/v1}]
security: [{token: []}]
paths:
  /pets:
    get:
      operationId: listPets
      tags: [Pets]
      summary: Lists pets.
      parameters:
        - {name: limit, in: query, description: The size of the page., schema: {type: integer, format: int32, minimum: 1}}
        - {name: ids, in: query, explode: false, schema: {type: array, items: {type: integer}}}
        - {name: names, in: query, style: pipeDelimited, explode: false, schema: {type: array, items: {type: string}}}
        - {name: X-Trace, in: header, schema: {type: string}}
      responses:
        "200":
          description: The pets.
          headers: {X-Total: {description: The number of pets., schema: {type: integer}}}
          content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Pet'}}}}
        default:
          description: An error.
          content: {application/json: {schema: {$ref: '#/components/schemas/Error'}}}
    post:
      operationId: addPet
      tags: [Pets]
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}
      responses:
        "201":
          description: The pet.
          content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}
  /pets/{id}/photo:
    parameters:
      - {name: id, in: path, required: true, schema: {type: string, format: uuid}}
    put:
      operationId: uploadPhoto
      tags: [Pets]
      requestBody:
        required: true
        content:
          multipart/form-data:
            schema:
              type: object
              required: [file]
              properties: {file: FILE, title: {type: string}}
      responses: {"204": {description: Uploaded.}}
    get:
      operationId: downloadPhoto
      tags: [Pets]
      responses:
        "200": {description: The photo., content: {application/octet-stream: {schema: FILE}}}
components:
  securitySchemes:
    token: {type: apiKey, in: header, name: X-Token}
  schemas:
    Pet:
      description: A pet.
      type: object
      required: [name, kind]
      properties:
        name: {description: Its name., type: string}
        kind: {type: string, enum: [cat, dog]}
        born: {type: string, format: date}
        owner: NULLABLE
        weight: {type: number, MINIMUM}
        tags: {type: array, items: {type: string}}
        notes: {type: object, additionalProperties: {type: string}}
        parent: {$ref: '#/components/schemas/Pet'}
    Error:
      type: object
      required: [message]
      properties: {message: {type: string}}
"##;

fn openapi_3(version: &str, nullable: &str, minimum: &str) -> String {
    let file = "{type: string, format: binary}";
    let text = OPENAPI_3.replace("VERSION", version).replace("NULLABLE", nullable).replace("MINIMUM", minimum);
    text.replace("FILE", file)
}

fn generated(text: &str) -> FileSet {
    let files = fixture::generate("pets", text, Layout::Root, false);
    let files = files.unwrap_or_else(|diagnostics| panic!("{diagnostics:#?}"));
    assert!(files.diagnostics.is_empty(), "{:#?}", files.diagnostics);
    files
}

/// All documents define the same API, so all crates must be identical. The documents do not contain constructs that one
/// of the versions lacks:
///
/// - Swagger 2.0 lacks descriptions, names and variables of servers, named examples, cookies, links, callbacks,
///   webhooks, `oneOf`, `anyOf`, and headers and media types of parts.
/// - OpenAPI 3 lacks `tsv`, `collectionFormat` of arrays within arrays, and names of bodies.
/// - OpenAPI 3.0 lacks `const`, schemas with several types, tuples and `patternProperties`.
#[test]
fn same_api_in_each_version_generates_same_crate() {
    let expected =
        generated(&openapi_3("3.0.3", "{type: string, nullable: true}", "minimum: 0, exclusiveMinimum: true"));
    let in_3_1 = openapi_3("3.1.0", "{type: [string, 'null']}", "exclusiveMinimum: 0");
    for text in [SWAGGER_2_0, in_3_1.as_str(), &in_3_1.replace("3.1.0", "3.2.0")] {
        let files = generated(text);
        let version = text.lines().nth(1).unwrap();
        for (path, text) in expected.iter() {
            assert_eq!(files.get(path), Some(text), "{version}: {path}");
        }
        assert_eq!(files.iter().count(), expected.iter().count(), "{version}");
    }
}
