use super::*;
use crate::diagnostics::Diagnostics;
use crate::source::{Document, Sources};

/// Reads a document and the other files to which it refers. `others` are the names and contents of these files.
fn spec_of(text: &str, others: &[(&str, &str)]) -> Spec {
    let mut sources = Sources::new();
    let source = sources.add("main.yaml", text);
    for (name, text) in others {
        let other = sources.add(*name, *text);
        sources.set_link(source, name, Ok(other));
        sources.set_link(other, "main.yaml", Ok(source));
    }
    let mut diagnostics = Diagnostics::new();
    let document = Document::read(&sources, source, &mut diagnostics).unwrap();
    let spec = read(&document, crate::validate::version(&document, &mut Diagnostics::new()).unwrap(), &mut diagnostics);
    assert!(diagnostics.is_empty(), "{:?}", diagnostics.sorted());
    spec
}

fn schemas(text: &str) -> Spec {
    spec_of(&format!("openapi: 3.0.3\ncomponents:\n  schemas:\n{text}"), &[])
}

fn definition<'s>(spec: &'s Spec, name: &str) -> &'s Schema {
    let definition = spec.definitions.iter().find(|definition| definition.name == name);
    &spec.schemas[definition.unwrap_or_else(|| panic!("{name} in {:?}", names(spec))).schema]
}

fn names(spec: &Spec) -> Vec<&str> {
    spec.definitions.iter().map(|definition| definition.name.as_str()).collect()
}

fn property<'s>(spec: &'s Spec, schema: &Schema, name: &str) -> &'s Schema {
    let property = schema.properties.as_ref().and_then(|properties| properties.get(name)).copied();
    &spec.schemas[property.unwrap().schema]
}

#[test]
fn keywords_are_read_with_their_digits() {
    let spec = schemas(
        "    A: {type: integer, nullable: true, minimum: 1.50, exclusiveMinimum: true, enum: [1, 10000000000000000000000, null], \
         x-enum-varnames: [One], default: 1, x-other: {a: 1}}\n",
    );
    let schema = definition(&spec, "A");
    assert_eq!(schema.ty(), Some(SchemaType::Integer));
    assert!(schema.nullable && schema.types.contains(SchemaType::Null));
    let minimum = schema.bounds.as_ref().and_then(|bounds| bounds.minimum.as_ref()).unwrap();
    assert_eq!((minimum.number.text.as_str(), minimum.exclusive), ("1.50", true));
    let values: Vec<String> = schema.values().iter().map(Value::to_json_text).collect();
    assert_eq!(values, ["1", "10000000000000000000000", "null"]);
    assert_eq!(schema.values.as_ref().unwrap().names, [Some("One".to_owned())]);
    assert_eq!(schema.extensions.get("x-other").map(Value::to_json_text).as_deref(), Some(r#"{"a":1}"#));
}

#[test]
fn siblings_of_references_are_ignored() {
    let spec =
        schemas("    A: {type: string}\n    B: {$ref: '#/components/schemas/A', description: x, x-rust-name: c}\n");
    let (a, b) = (definition(&spec, "A"), definition(&spec, "B"));
    assert_eq!((b.reference, &b.description, b.rust_name.as_deref()), (Some(a.id), &None, Some("c")));
}

#[test]
fn recursive_references_have_one_identity() {
    let spec = schemas(
        "    A: {type: object, properties: {next: {$ref: '#/components/schemas/A'}, b: {$ref: '#/components/schemas/B'}}}\n\
         \x20   B: {type: object, properties: {a: {$ref: '#/components/schemas/A'}}}\n",
    );
    let (a, b) = (definition(&spec, "A"), definition(&spec, "B"));
    assert_eq!(property(&spec, a, "next").reference, Some(a.id));
    assert_eq!(property(&spec, a, "b").reference, Some(b.id));
    assert_eq!(property(&spec, b, "a").reference, Some(a.id));
}

#[test]
fn target_of_deep_pointer_is_definition() {
    let spec = schemas(
        "    A: {type: object, properties: {b: {type: object, description: x, properties: {c: {type: string}}}}}\n\
         \x20   B: {$ref: '#/components/schemas/A/properties/b'}\n",
    );
    let name = "#/components/schemas/A/properties/b";
    assert_eq!(names(&spec), ["A", "B", name]);
    let promoted = spec.definitions.last().unwrap();
    let component = PathStep::Component("A".to_owned());
    assert_eq!(promoted.path, SchemaPath(vec![component, PathStep::Property("b".to_owned())]));
    let b = definition(&spec, name);
    assert!(b.properties.is_some());
    assert_eq!(definition(&spec, "B").reference, Some(b.id));
    // The property keeps its annotations.
    let place = property(&spec, definition(&spec, "A"), "b");
    assert_eq!(place.description.as_deref(), Some("x"));
    let parts: Vec<_> = place.all_of.iter().map(|part| spec.schemas[*part].reference).collect();
    assert_eq!(parts, [Some(b.id)]);
}

#[test]
fn small_target_without_type_of_its_own_is_copied() {
    let spec = schemas(
        "    A: {type: object, properties: {b: {type: string, maxLength: 3}}}\n\
         \x20   B: {type: array, items: {$ref: '#/components/schemas/A/properties/b'}}\n",
    );
    assert_eq!(names(&spec), ["A", "B"]);
    let copy = &spec.schemas[definition(&spec, "B").items.unwrap()];
    let original = property(&spec, definition(&spec, "A"), "b");
    assert!(copy.id != original.id && copy.reference.is_none());
    assert!(spec.is_same(copy.id, original.id));
}

#[test]
fn schemas_of_other_files_keep_free_names() {
    let spec = spec_of(
        "openapi: 3.0.3\ncomponents:\n  schemas:\n    Pet: {type: object, properties: {a: {$ref: 'pets.yaml#/Pet'}, b: {$ref: 'pets.yaml#/Cat'}}}\n",
        &[(
            "pets.yaml",
            "Pet: {type: object, properties: {x: {type: string}}}\nCat: {type: object, properties: {o: {$ref: 'main.yaml#/components/schemas/Pet'}}}\n",
        )],
    );
    assert_eq!(names(&spec), ["Pet", "pets.Pet", "Cat"]);
    let (pet, cat) = (definition(&spec, "Pet"), definition(&spec, "Cat"));
    assert_eq!(property(&spec, pet, "b").reference, Some(cat.id));
    assert_eq!(property(&spec, cat, "o").reference, Some(pet.id));
    assert_eq!(spec.definitions[1].path, SchemaPath::component("pets.Pet"));
}

#[test]
fn discriminator_values_are_names_or_references() {
    let spec = spec_of(
        "openapi: 3.0.3\ncomponents:\n  schemas:\n    A:\n      oneOf: [{$ref: '#/components/schemas/B'}, {$ref: 'pets.yaml#/B'}]\n      discriminator: {propertyName: t, mapping: {b: B}}\n    B: {type: object, properties: {t: {type: string}}}\n",
        &[("pets.yaml", "B: {type: object, properties: {t: {type: string}}}\n")],
    );
    let mapping = &definition(&spec, "A").discriminator.as_ref().unwrap().mapping;
    let mapping: Vec<_> = mapping.iter().map(|mapping| (mapping.value.as_str(), mapping.schema.unwrap())).collect();
    // The definition for the schema `B` of the other file is named `pets.B`, but its discriminator value remains `B`.
    let (own, other) = (definition(&spec, "B").id, definition(&spec, "pets.B").id);
    assert_eq!(mapping, [("b", own), ("B", other)]);
}

#[test]
fn schema_of_shared_response_is_one_definition() {
    let operation = "responses: {'404': {$ref: '#/components/responses/Gone'}}";
    let spec = spec_of(
        &format!(
            "openapi: 3.0.3\npaths:\n  /a:\n    get: {{{operation}}}\n    put: {{{operation}}}\ncomponents:\n  responses:\n    Gone: {{description: x, content: {{application/json: {{schema: {{type: object, properties: {{a: {{type: string}}}}}}}}}}}}\n"
        ),
        &[],
    );
    let responses: Vec<ResponseId> = spec.operations.iter().map(|operation| operation.responses[0].response).collect();
    assert_eq!(responses[0], responses[1]);
    assert_eq!(spec.components.responses.get("Gone"), Some(&responses[0]));
    let schema = spec.responses[responses[0]].content[0].schema.unwrap();
    let component = PathStep::Component("Gone".to_owned());
    assert_eq!(spec.definitions[0].path, SchemaPath(vec![component, PathStep::Response("2".to_owned())]));
    assert_eq!(spec.schemas[schema].reference, Some(spec.definitions[0].schema));
}

#[test]
fn path_item_reference_has_operations_of_both() {
    let mut sources = Sources::new();
    let source = sources.add(
        "main.yaml",
        "openapi: 3.0.3\npaths:\n  /a:\n    get: {operationId: a, responses: {}}\n  /b:\n    $ref: '#/paths/~1a'\n    put: {operationId: b, responses: {}}\n",
    );
    let mut diagnostics = Diagnostics::new();
    let document = Document::read(&sources, source, &mut diagnostics).unwrap();
    let spec = read(&document, crate::validate::version(&document, &mut Diagnostics::new()).unwrap(), &mut diagnostics);
    let operations: Vec<_> = spec
        .operations
        .iter()
        .map(|operation| {
            let id = operation.id.as_ref().map(|id| id.value.as_str());
            (operation.path.as_str(), operation.method.as_str(), id)
        })
        .collect();
    assert_eq!(operations, [("/a", "GET", Some("a")), ("/b", "GET", None), ("/b", "PUT", Some("b"))]);
    // Two operations cannot have the same ID.
    assert_eq!(diagnostics.len(), 1);
}

#[test]
fn header_that_contains_itself_is_read_once() {
    let spec = spec_of(
        "openapi: 3.0.3\ncomponents:\n  headers:\n    H:\n      content:\n        multipart/mixed:\n          encoding: {a: {headers: {X: {$ref: '#/components/headers/H'}}}}\n",
        &[],
    );
    let header = &spec.headers[spec.components.headers["H"]];
    let inner = &header.content.as_ref().unwrap().encoding[0].headers[0];
    assert_eq!((inner.0.value.as_str(), inner.1), ("X", spec.components.headers["H"]));
    assert_eq!(spec.headers.len(), 1);
}
