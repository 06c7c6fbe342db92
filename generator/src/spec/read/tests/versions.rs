//! Reads the same API in three versions of OpenAPI.

use super::*;
use crate::spec::{Arena, Keywords, SchemaPath, Version};

const SWAGGER: &str = "
swagger: '2.0'
info: {title: Pets, version: '1', license: {name: MIT}}
host: example.com
basePath: /v1
schemes: [https]
consumes: [application/json]
produces: [application/json]
tags: [{name: pets, description: All pets}]
securityDefinitions:
  key: {type: apiKey, in: header, name: X-Key}
security: [{key: []}]
definitions:
  Pet:
    type: object
    required: [name]
    properties:
      name: {type: string, minLength: 1}
      age: {type: integer, format: int32, x-nullable: true, minimum: 0, exclusiveMinimum: true}
      kind: {type: string, enum: [cat, dog]}
      owner: {$ref: '#/definitions/Owner'}
      friend:
        description: Its best friend.
        x-nullable: true
        allOf: [{$ref: '#/definitions/Pet'}]
  Owner:
    type: object
    additionalProperties: {type: string}
parameters:
  Limit: {name: limit, in: query, description: At most, type: integer, default: 10}
responses:
  Error:
    description: An error
    schema: {type: object, properties: {message: {type: string}}}
paths:
  /pets:
    parameters: [{$ref: '#/parameters/Limit'}]
    get:
      operationId: list
      tags: [pets]
      parameters:
        - {name: ids, in: query, type: array, items: {type: string}}
        - {name: X-Trace, in: header, type: string}
      responses:
        '200':
          description: The pets
          headers: {X-Total: {type: integer, description: Total}}
          schema: {type: array, items: {$ref: '#/definitions/Pet'}}
          examples: {application/json: []}
        default: {$ref: '#/responses/Error'}
    post:
      operationId: add
      security: []
      parameters: [{name: pet, in: body, required: true, schema: {$ref: '#/definitions/Pet'}}]
      responses: {'201': {description: Added}}
";

const OPENAPI: &str = "
info: {title: Pets, version: '1', license: {name: MIT}}
servers: [{url: https://example.com/v1}]
tags: [{name: pets, description: All pets}]
security: [{key: []}]
paths:
  /pets:
    parameters: [{$ref: '#/components/parameters/Limit'}]
    get:
      operationId: list
      tags: [pets]
      parameters:
        - {name: ids, in: query, explode: false, schema: {type: array, items: {type: string}}}
        - {name: X-Trace, in: header, schema: {type: string}}
      responses:
        '200':
          description: The pets
          headers: {X-Total: {description: Total, schema: {type: integer}}}
          content:
            application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Pet'}}, example: []}
        default: {$ref: '#/components/responses/Error'}
    post:
      operationId: add
      security: []
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}
      responses: {'201': {description: Added}}
components:
  securitySchemes:
    key: {type: apiKey, in: header, name: X-Key}
  parameters:
    Limit: {name: limit, in: query, description: At most, schema: {type: integer, default: 10}}
  responses:
    Error:
      description: An error
      content: {application/json: {schema: {type: object, properties: {message: {type: string}}}}}
  schemas:
    Pet:
      type: object
      required: [name]
      properties:
        name: {type: string, minLength: 1}
        age: {AGE}
        kind: {type: string, enum: [cat, dog]}
        owner: {$ref: '#/components/schemas/Owner'}
        friend: {FRIEND}
    Owner:
      type: object
      additionalProperties: {type: string}
";

fn openapi(version: &str, age: &str, friend: &str) -> Spec {
    let text = OPENAPI.replace("AGE", age).replace("FRIEND", friend);
    spec(&format!("openapi: {version}{text}"))
}

/// Removes the values that not all versions have, and the names that differ between versions.
fn neutral(mut spec: Spec) -> Spec {
    spec.version = Version::V3_1;
    for definition in &mut spec.definitions {
        if definition.name.starts_with('#') {
            definition.name = String::new();
            definition.path = SchemaPath(Vec::new());
        }
    }
    // Only Swagger 2.0 has names of request bodies.
    for body in spec.request_bodies.iter_mut() {
        body.name = None;
    }
    spec.schemas.iter_mut().for_each(|schema| schema.keywords = Keywords::default());
    spec.parameters.iter_mut().for_each(|parameter| parameter.keywords = Keywords::default());
    spec.headers.iter_mut().for_each(|header| header.keywords = Keywords::default());
    spec.parts = Arena::default();
    spec.used_parts = Vec::new();
    spec
}

#[test]
fn same_api_in_each_version_reads_as_same_spec() {
    let swagger = neutral(spec(SWAGGER));
    let old = neutral(openapi(
        "3.0.3",
        "type: integer, format: int32, nullable: true, minimum: 0, exclusiveMinimum: true",
        "description: Its best friend., nullable: true, allOf: [{$ref: '#/components/schemas/Pet'}]",
    ));
    let new = neutral(openapi(
        "3.1.0",
        "type: [integer, 'null'], format: int32, exclusiveMinimum: 0",
        "description: Its best friend., anyOf: [{$ref: '#/components/schemas/Pet'}, {type: 'null'}]",
    ));
    assert_same(&swagger, &old);
    assert_same(&old, &new);
}
