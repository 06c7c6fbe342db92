use super::*;
use crate::document;

fn generated(components: Value, schema: Value, extent: Extent) -> Value {
    let schemas = Schemas::new(json!({ "components": { "schemas": components } })).unwrap();
    let value = value(&schemas, &schema, Direction::Request, extent, 7).unwrap();
    assert_eq!(value, super::value(&schemas, &schema, Direction::Request, extent, 7).unwrap());
    value
}

fn plain(schema: Value) -> Value {
    generated(json!({}), schema, Extent::All)
}

#[test]
fn generated_values_are_within_bounds() {
    // No assertions are needed: `value` returns an error if its result does not match the schema.
    plain(json!({ "type": "integer", "minimum": 5, "maximum": 5 }));
    plain(json!({ "type": "integer", "minimum": 5, "exclusiveMinimum": true, "multipleOf": 7 }));
    plain(json!({ "type": "number", "minimum": 0.1, "maximum": 0.2 }));
    plain(json!({ "type": "number", "maximum": -3, "exclusiveMaximum": true }));
    plain(json!({ "type": "string", "minLength": 40, "maxLength": 41 }));
    plain(json!({ "type": "string", "maxLength": 2 }));
    plain(
        json!({ "type": "array", "minItems": 3, "maxItems": 3, "uniqueItems": true, "items": { "enum": [1, 2, 3] } }),
    );
    plain(json!({ "type": "object", "minProperties": 2, "additionalProperties": { "type": "integer" } }));
}

#[test]
fn values_of_openapi_3_1_are_generated() {
    let schemas = Schemas::new(json!({ "openapi": "3.1.0" })).unwrap();
    for schema in [
        json!({ "const": { "a": 1 } }),
        json!({ "type": ["null", "integer"], "exclusiveMinimum": 3, "exclusiveMaximum": 5 }),
        json!({ "type": "array", "prefixItems": [{ "type": "string" }, { "const": 2 }], "items": false, "minItems": 2 }),
        json!({ "type": "array", "prefixItems": [{ "type": "string" }], "items": { "type": "integer" }, "minItems": 3 }),
    ] {
        let value = value(&schemas, &schema, Direction::Request, Extent::All, 7).unwrap();
        assert!(!value.is_null(), "{schema}");
    }
}

#[test]
fn generated_strings_match_format_and_pattern() {
    for format in ["date", "date-time", "time", "uuid", "email", "hostname", "ipv4", "ipv6", "uri", "byte", "duration"]
    {
        plain(json!({ "type": "string", "format": format }));
    }
    for pattern in [
        "^[a-f0-9]{40}$",
        "^(?:true|false)$",
        "^[^/]+$",
        r"^\d{3}-\w+$",
        "[A-Z]",
        r"^\/api\/[a-z]+$",
        "^a.c$",
        r"^(?![)(\]]x|z$)^[a-z]+$",
    ] {
        plain(json!({ "type": "string", "pattern": pattern }));
    }
    plain(json!({ "type": "string", "pattern": "^[a-z]*$", "minLength": 12 }));
    plain(json!({ "type": "string", "pattern": "^[0-9]+$", "minLength": 12, "maxLength": 12 }));
}

#[test]
fn required_properties_are_generated_and_recursion_ends() {
    let components = json!({ "Node": {
        "type": "object", "required": ["name"],
        "properties": {
            "name": { "type": "string" },
            "id": { "type": "string", "readOnly": true },
            "next": { "$ref": "#/components/schemas/Node" },
            "children": { "type": "array", "items": { "$ref": "#/components/schemas/Node" } },
            "size": { "type": "integer" },
        } } });
    let node = json!({ "$ref": "#/components/schemas/Node" });
    let keys = |value: Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(generated(components.clone(), node.clone(), Extent::Required)), ["name"]);
    assert_eq!(keys(generated(components, node, Extent::All)), ["name", "size"]);
}

#[test]
fn union_has_discriminator_value() {
    let components = json!({
        "Pet": { "oneOf": [{ "$ref": "#/components/schemas/Cat" }, { "$ref": "#/components/schemas/Dog" }],
            "discriminator": { "propertyName": "kind", "mapping": { "meow": "#/components/schemas/Cat" } } },
        "Cat": { "type": "object", "properties": { "kind": { "type": "string" } } },
        "Dog": { "type": "object", "required": ["bark"],
            "properties": { "kind": { "type": "string", "enum": ["Dog"] }, "bark": { "type": "boolean" } } },
    });
    let schemas = Schemas::new(json!({ "components": { "schemas": components } })).unwrap();
    let pet = json!({ "$ref": "#/components/schemas/Pet" });
    let kinds: std::collections::BTreeSet<String> = (0..20)
        .map(|seed| value(&schemas, &pet, Direction::Request, Extent::All, seed).unwrap())
        .map(|pet| pet["kind"].as_str().unwrap().to_owned())
        .collect();
    // Without the discriminator, a value for `Dog` would also be valid for `Cat`.
    assert_eq!(kinds.into_iter().collect::<Vec<_>>(), ["Dog", "meow"]);
}

#[test]
fn all_of_is_merged() {
    let value = plain(json!({ "allOf": [
        { "type": "object", "required": ["a"], "properties": { "a": { "type": "integer", "minimum": 3 } } },
        { "required": ["b"], "properties": { "a": { "maximum": 3 }, "b": { "enum": ["x"] } } },
    ] }));
    assert_eq!(value, json!({ "a": 3, "b": "x" }));
}

#[test]
fn contradictory_schema_is_error() {
    let schemas = Schemas::new(json!({})).unwrap();
    let impossible = json!({ "type": "integer", "minimum": 3, "maximum": 2 });
    assert!(value(&schemas, &impossible, Direction::Request, Extent::All, 1).is_err());
}

#[test]
fn valid_example_is_used() {
    assert_eq!(plain(json!({ "type": "string", "maxLength": 3, "example": "abc" })), json!("abc"));
    assert_ne!(plain(json!({ "type": "string", "maxLength": 3, "example": "abcd" })), json!("abcd"));
}

#[test]
fn body_of_real_document_is_generated() {
    let text = include_str!("../../../../specs/keyfactor-command.yaml");
    let mut sources = clientwright::source::Sources::new();
    sources.add("spec.yaml", text);
    let document = document::read(&sources, "spec.yaml", false).unwrap();
    let content = document.operations[0].content(0).unwrap();
    let generated = value(&document.schemas, content.schema(), Direction::Request, Extent::All, 1).unwrap();
    assert!(generated.as_object().unwrap().len() > 5, "{generated}");
}

#[test]
fn base_outside_its_mapping_becomes_subtype() {
    let subtype = |property: &str| {
        let items = json!({ "type": "integer" });
        let own = json!({ "required": [property], "properties": { property: { "type": "array", "items": items } } });
        json!({ "allOf": [{ "$ref": "#/components/schemas/Grant" }, own] })
    };
    let components = json!({
        "Grant": {
            "type": "object", "required": ["kind"],
            "properties": { "kind": { "type": "string", "enum": ["code", "device"] } },
            "discriminator": { "propertyName": "kind", "mapping": {
                "code": "#/components/schemas/CodeGrant", "device": "#/components/schemas/DeviceGrant" } },
        },
        "CodeGrant": subtype("codes"),
        "DeviceGrant": subtype("devices"),
    });
    let grant = json!({ "$ref": "#/components/schemas/Grant" });
    let value = generated(components.clone(), grant.clone(), Extent::Required);
    let property = if value["kind"] == "code" { "codes" } else { "devices" };
    assert!(value[property].is_array(), "{value}");
    // Validation uses the schema that the discriminator value selects.
    let schemas = Schemas::new(json!({ "components": { "schemas": components } })).unwrap();
    let errors = |value: Value| schemas.errors(&grant, &value, Direction::Request);
    assert_eq!(errors(json!({ "kind": "code", "codes": [1] })), [""; 0]);
    assert_eq!(errors(json!({ "kind": "code", "codes": "1" })).len(), 1);
    assert_eq!(errors(json!({ "kind": "code", "codes": [1], "devices": "1" })), [""; 0]);
}
