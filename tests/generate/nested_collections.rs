//! The deepest nesting of arrays and maps that the generator accepts.

use clientwright::config::Layout;
use clientwright::diagnostics::{Code, Diagnostics};
use clientwright::output::FileSet;
use serde_json::{Value, json};

use crate::fixture;

/// The generator's limit, as quoted in its message.
const MAX_LEVELS: usize = 48;

/// Returns a document with arrays and maps that are nested `levels` deep: as inline schemas, as a component per level,
/// and with nullable items.
fn nested_collections(levels: usize) -> Value {
    let within = |levels: usize, level: fn(Value) -> Value, innermost: Value| {
        (0..levels).fold(innermost, |inner, _| level(inner))
    };
    let arrays = |inner| json!({"type": "array", "items": inner});
    let maps = |inner| json!({"type": "object", "additionalProperties": inner});
    let nullable = |inner| json!({"type": "array", "nullable": true, "items": inner});
    let reference = |name: String| json!({"$ref": format!("#/components/schemas/{name}")});
    let mut schemas = json!({
        "Arrays": within(levels, arrays, json!({"type": "string"})),
        "Maps": within(levels, maps, json!({"type": "number"})),
        "Nullable": within(levels, nullable, json!({"type": "string", "nullable": true})),
        "Object": {"type": "object", "properties": {
            "arrays": reference("Arrays".into()), "maps": reference("Maps".into()), "nullable": reference("Nullable".into()),
            "named": reference("Named0".into()), "inline": within(levels, arrays, json!({"type": "integer"})),
            "itself": within(levels, nullable, reference("Object".into())),
        }},
        "Union": {"oneOf": [reference("Arrays".into()), reference("Maps".into())]},
    });
    for level in 0..levels {
        let next =
            if level + 1 == levels { reference("Object".into()) } else { reference(format!("Named{}", level + 1)) };
        schemas[format!("Named{level}")] = arrays(next);
    }
    let json_of = |schema: Value| json!({"application/json": {"schema": schema}});
    let operation = |id: &str, schema: Value| {
        json!({"post": {
            "operationId": id,
            "requestBody": {"required": true, "content": json_of(schema.clone())},
            "responses": {"200": {"description": "d", "content": json_of(schema)}},
        }})
    };
    json!({
        "openapi": "3.0.3",
        "info": {"title": "Nested", "version": "1"},
        "paths": {
            "/inline": operation("inline", within(levels, arrays, reference("Object".into()))),
            "/named": operation("named", reference("Named0".into())),
            "/union": operation("union", reference("Union".into())),
        },
        "components": {"schemas": schemas},
    })
}

fn generate(levels: usize) -> Result<FileSet, Diagnostics> {
    let document = nested_collections(levels).to_string();
    fixture::generate_package("nested-collections", "nested", &document, Layout::Root, false)
}

/// Returns a crate with collections of the maximum depth.
pub fn deepest_accepted() -> FileSet {
    generate(MAX_LEVELS).unwrap_or_else(|diagnostics| panic!("{diagnostics:#?}"))
}

#[test]
fn collections_beyond_the_limit_are_refused() {
    let diagnostics = generate(MAX_LEVELS + 1).unwrap_err();
    let [only] = diagnostics.sorted().try_into().unwrap();
    assert!(only.code == Code::Limit && only.span.is_some(), "{only:?}");
}
