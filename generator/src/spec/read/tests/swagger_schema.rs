use super::*;
use crate::spec::{SchemaType, TypeSet};

#[test]
fn nullable_has_several_spellings() {
    for spelling in [
        "type: string, x-nullable: true",
        "type: string, x-isnullable: true",
        "type: string, nullable: true",
        "type: [string, 'null']",
    ] {
        let spec = with_definitions(&format!("A: {{{spelling}}}"));
        let schema = definition(&spec, "A");
        let types = TypeSet::UNSPECIFIED.with(SchemaType::String).with(SchemaType::Null);
        assert_eq!((schema.nullable, schema.types), (true, types), "{spelling}");
        assert!(schema.extensions.iter().next().is_none());
    }
}

#[test]
fn extensions_of_schemas_are_fields() {
    let spec = with_definitions(
        "A: {properties: {b: {type: array, items: {type: string}, x-omitempty: true, x-ms-client-name: c, \
         x-ms-secret: true, x-go-name: B}}}",
    );
    let b = property(&spec, "A", "b");
    assert!(b.object.as_ref().unwrap().omit_empty && b.sensitive.as_ref().unwrap().value);
    assert_eq!(b.rust_name.as_deref(), Some("c"));
    assert_eq!(b.extensions.iter().map(|(name, _)| name).collect::<Vec<_>>(), ["x-go-name"]);
}

#[test]
fn enum_has_name_and_names_of_values() {
    let spec = with_definitions(
        "A: {type: integer, enum: [1, 2, 3], x-ms-enum: {name: Level, values: [\
         {value: 2, name: Mid, description: D}, {value: 1, name: Low}]}}",
    );
    let values = definition(&spec, "A").values.as_ref().unwrap();
    assert_eq!(values.name.as_deref(), Some("Level"));
    assert_eq!(values.names, [Some("Low".to_owned()), Some("Mid".to_owned()), None]);
    assert_eq!(values.descriptions, [None, Some("D".to_owned()), None]);
}

#[test]
fn discriminator_is_property() {
    let spec = with_definitions(
        "Pet: {type: object, discriminator: kind, required: [kind], properties: {kind: {type: string}}}, \
         Cat: {allOf: [{$ref: '#/definitions/Pet'}, {type: object}], x-ms-discriminator-value: cat}, \
         Lion: {allOf: [{$ref: '#/definitions/Cat'}], x-class: com.example.Lion}, \
         Dog: {allOf: [{$ref: '#/definitions/Pet'}]}",
    );
    let discriminator = definition(&spec, "Pet").discriminator.as_ref().unwrap();
    assert_eq!(discriminator.property, "kind");
    let mapping: Vec<(&str, _)> =
        discriminator.mapping.iter().map(|mapping| (mapping.value.as_str(), mapping.schema.unwrap())).collect();
    // A schema without an extension has its name as the value.
    assert_eq!(mapping, [("cat", definition(&spec, "Cat").id), ("com.example.Lion", definition(&spec, "Lion").id),]);
    assert_eq!(definition(&spec, "Cat").discriminator_value.as_deref(), Some("cat"));
}

#[test]
fn siblings_of_references_are_ignored() {
    let spec = with_definitions("A: {$ref: '#/definitions/B', description: D}, B: {type: object}");
    assert_eq!(target(&spec, definition(&spec, "A")), "B");
    assert_eq!(definition(&spec, "A").description, None);
}
