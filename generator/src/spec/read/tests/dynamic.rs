use super::*;

const PAGES: &str = "
openapi: 3.1.0
paths: {}
components:
  schemas:
    Page:
      $id: page
      type: object
      properties:
        items: {type: array, items: {$dynamicRef: '#item'}}
      $defs:
        item: {$dynamicAnchor: item}
    Users:
      $id: users
      $ref: page
      $defs:
        item: {$dynamicAnchor: item, $ref: '#/components/schemas/User'}
    Names:
      $id: names
      type: object
      required: [page]
      properties:
        page: {$ref: page}
        again: {$ref: page}
      $defs:
        item: {$dynamicAnchor: item, type: string}
    User:
      type: object
      properties: {name: {type: string}}
";

/// Returns the schema of the items of a page.
fn items<'s>(spec: &'s Spec, page: &Schema) -> &'s Schema {
    let list = &spec.schemas[page.properties.as_ref().unwrap()["items"].schema];
    &spec.schemas[list.items.unwrap()]
}

#[test]
fn generic_schema_is_specialised() {
    let spec = spec(PAGES);
    let users = definition(&spec, "Users");
    assert_eq!(users.reference, None);
    let users = &spec.schemas[users.all_of[0]];
    assert_eq!(target(&spec, items(&spec, users)), "User");
    // Without specialisation, the items of `Page` can be any value.
    let any = items(&spec, definition(&spec, "Page"));
    assert!(any.types.is_unspecified());
}

#[test]
fn specialised_schema_of_two_places_is_definition() {
    let spec = spec(PAGES);
    let first = &spec.schemas[property(&spec, "Names", "page").all_of[0]];
    let again = property(&spec, "Names", "again");
    assert_eq!(target(&spec, first), "Page 2");
    assert_eq!(target(&spec, again), "Page 2");
    let item = items(&spec, definition(&spec, "Page 2"));
    assert_eq!(item.ty(), Some(crate::spec::SchemaType::String));
}

#[test]
fn recursive_dynamic_reference_is_plain() {
    let spec = spec(
        "
openapi: 3.1.0
paths: {}
components:
  schemas:
    Tree:
      $id: tree
      $dynamicAnchor: node
      properties:
        children: {type: array, items: {$dynamicRef: '#node'}}
    Strict:
      $id: strict
      $dynamicAnchor: node
      $ref: tree
      unevaluatedProperties: false
    Alone:
      $dynamicAnchor: alone
      properties:
        next: {$dynamicRef: '#alone'}
",
    );
    let children = |tree: &Schema| {
        let list = &spec.schemas[tree.properties.as_ref().unwrap()["children"].schema];
        target(&spec, &spec.schemas[list.items.unwrap()]).to_owned()
    };
    assert_eq!(children(definition(&spec, "Tree")), "Tree");
    assert_eq!(children(&spec.schemas[definition(&spec, "Strict").all_of[0]]), "Strict");
    assert_eq!(target(&spec, property(&spec, "Alone", "next")), "Alone");
}
