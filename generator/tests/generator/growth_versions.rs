//! Creates documents of any size for versions other than OpenAPI 3.0, with the constructs that only these versions
//! define.

/// Returns a document of Swagger 2.0.
pub fn swagger_2_0(count: usize) -> String {
    let paths = list(count, |n| {
        format!(
            r##""/p{n}/{{id}}": {{"post": {{
                "operationId": "o{n}",
                "tags": ["T"],
                "consumes": ["multipart/form-data"],
                "parameters": [
                    {{"name": "id", "in": "path", "required": true, "type": "string"}},
                    {{"name": "grid", "in": "query", "type": "array", "collectionFormat": "pipes", "items": {{"type": "array", "items": {{"type": "string"}}}}}},
                    {{"name": "file", "in": "formData", "type": "file"}},
                    {{"name": "ids", "in": "formData", "type": "array", "collectionFormat": "tsv", "items": {{"type": "string"}}}},
                    {{"$ref": "#/parameters/Mode"}}
                ],
                "responses": {{
                    "200": {{"description": "d", "schema": {{"$ref": "#/definitions/S{n}"}}, "headers": {{"X-L": {{"type": "array", "collectionFormat": "ssv", "items": {{"type": "string"}}}}}}}},
                    "404": {{"$ref": "#/responses/Error"}}
                }}
            }}}}"##
        )
    });
    let definitions = list(count, |n| {
        format!(
            r##""S{n}": {{"allOf": [{{"$ref": "#/definitions/Base"}}, {{"type": "object", "properties": {{
                "tier": {{"type": "string", "enum": ["hot", "cold"], "x-ms-enum": {{"name": "Tier"}}}},
                "own": {{"type": "string", "enum": ["a", "b"], "x-ms-enum": {{"name": "Own{n}"}}}},
                "tags": {{"type": "array", "items": {{"type": "string"}}, "x-omitempty": true}}
            }}}}], "x-ms-discriminator-value": "s{n}"}}"##
        )
    });
    format!(
        r##"{{"swagger": "2.0", "info": {{"title": "T", "version": "1"}}, "host": "a.example",
        "parameters": {{"Mode": {{"name": "mode", "in": "query", "type": "string", "x-ms-enum": {{"name": "Mode"}}, "enum": ["r", "w"]}}}},
        "responses": {{"Error": {{"description": "d", "schema": {{"type": "string"}}}}}},
        "definitions": {{"Base": {{"type": "object", "discriminator": "kind", "required": ["kind"], "properties": {{"kind": {{"type": "string"}}}}}}, {definitions}}},
        "paths": {{{paths}}}}}"##
    )
}

/// Returns a document of OpenAPI 3.1.
pub fn openapi_3_1(count: usize) -> String {
    openapi("3.1.0", count, "")
}

/// Returns a document of OpenAPI 3.2.
pub fn openapi_3_2(count: usize) -> String {
    let parameter = r#"{"name": "filter", "in": "querystring", "content": {"application/x-www-form-urlencoded": {"schema": {"type": "object", "properties": {"a": {"type": "string"}}}}}},"#;
    openapi("3.2.0", count, parameter)
}

fn openapi(version: &str, count: usize, parameter: &str) -> String {
    let paths = list(count, |n| {
        format!(
            r##""/p{n}/{{id}}": {{"get": {{
                "operationId": "o{n}",
                "tags": ["T"],
                "parameters": [
                    {parameter}
                    {{"name": "id", "in": "path", "required": true, "schema": {{"type": "string"}}}},
                    {{"name": "session", "in": "cookie", "schema": {{"type": ["string", "null"]}}}}
                ],
                "responses": {{"200": {{"description": "d", "content": {{"application/json": {{"schema": {{"$ref": "#/components/schemas/S{n}", "description": "Own."}}}}}}}}}}
            }}}}"##
        )
    });
    let schemas = list(count, |n| {
        format!(
            r##""S{n}": {{"type": "object", "required": ["kind"], "properties": {{
                "kind": {{"const": "k{n}"}},
                "next": {{"anyOf": [{{"$ref": "#/components/schemas/S{n}"}}, {{"type": "null"}}]}},
                "size": {{"type": ["integer", "null"], "exclusiveMinimum": 0}},
                "tags": {{"type": "array", "items": {{"type": "string", "examples": ["a"]}}}}
            }}}}"##
        )
    });
    format!(
        r#"{{"openapi": "{version}", "info": {{"title": "T", "version": "1"}}, "servers": [{{"url": "https://a.example"}}], "components": {{"schemas": {{{schemas}}}}}, "paths": {{{paths}}}}}"#
    )
}

fn list(count: usize, one: impl Fn(usize) -> String) -> String {
    (0..count).map(one).collect::<Vec<_>>().join(",")
}
