use super::generated;
use crate::customize::{Rename, RenamedKind};
use crate::diagnostics::Diagnostics;

const DOCUMENT: &str = "\
openapi: 3.1.0
info: {title: Zoo, version: '1'}
servers: [{url: https://zoo.example}]
tags: [{name: Toys and Games}]
paths:
  /pets/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    get:
      operationId: get_the_pet
      tags: [Animals]
      responses:
        '200': {description: A pet, content: {application/json: {schema: {$ref: '#/components/schemas/zoo.PetV2'}}}}
    delete:
      tags: [Animals]
      parameters: [{name: 'X-Why', in: header, schema: {type: string}}]
      responses: {'204': {description: Gone}}
  /toys:
    get:
      tags: [Toys and Games]
      responses: {'204': {description: None}}
webhooks:
  born:
    post:
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/zoo.PetV2'}}}}
      responses: {'204': {description: Noted}}
components:
  schemas:
    zoo.PetV2:
      allOf:
      - {type: object, properties: {petName: {type: string, x-rust-name: ignored}, kind.of: {$ref: '#/components/schemas/Kind'}}}
    Kind: {type: string, enum: [cat, dog]}
";

fn rename(kind: RenamedKind, item: &str, rust_name: &str) -> Rename {
    Rename { kind, item: item.to_owned(), rust_name: rust_name.to_owned(), span: None }
}

fn error(diagnostics: &Diagnostics) -> String {
    let [error] = diagnostics.sorted().try_into().unwrap();
    format!("{} / {}", error.message, error.help.clone().unwrap_or_default())
}

#[test]
fn every_kind_of_item_can_be_renamed() {
    let renames = vec![
        rename(RenamedKind::Schema, "zoo.PetV2", "Pet"),
        rename(RenamedKind::Schema, "Kind", "Species"),
        rename(RenamedKind::Property, "zoo.PetV2.petName", "name"),
        rename(RenamedKind::Property, "zoo.PetV2.kind.of", "species"),
        rename(RenamedKind::Operation, "get_the_pet", "find"),
        rename(RenamedKind::Operation, "DELETE /pets/{id}", "release"),
        rename(RenamedKind::Operation, "born", "birth"),
        rename(RenamedKind::Parameter, "X-Why", "reason"),
        rename(RenamedKind::Tag, "Animals", "pets"),
        rename(RenamedKind::Tag, "Toys and Games", "toys"),
    ];
    let (api, names, _) = generated(DOCUMENT, |api| api.renames = renames).unwrap();
    let mut types: Vec<&str> = names.types.iter().map(|ty| ty.name.as_str()).collect();
    types.sort_unstable();
    assert_eq!(types, ["Pet", "Species"]);
    let fields = names.types.iter().flat_map(|ty| &ty.properties).map(|property| property.field.as_str());
    assert_eq!(fields.collect::<Vec<_>>(), ["name", "species"]);
    let groups: Vec<_> = names.groups.iter().map(|group| (group.accessor.as_str(), group.module.as_str())).collect();
    assert_eq!(groups, [("toys", "toys"), ("pets", "pets")]);
    let pets = names.groups[1].operations.iter();
    let pets: Vec<_> = pets.map(|it| (it.method.as_str(), it.parameters.last().unwrap().as_str())).collect();
    assert_eq!(pets, [("find", "id"), ("release", "reason")]);
    assert_eq!(api.webhooks.list[0].rust_name.as_deref(), Some("birth"));
}

#[test]
fn item_that_does_not_exist_is_an_error() {
    for (kind, item, expected) in [
        (RenamedKind::Schema, "zoo.PetV1", "there is no component schema `zoo.PetV1` / did you mean `zoo.PetV2`?"),
        (RenamedKind::Property, "Kind", "there is no property of a component schema `Kind` / "),
        (
            RenamedKind::Operation,
            "GET /toyz",
            "there is no operation or webhook `GET /toyz` / did you mean `GET /toys`?",
        ),
        (RenamedKind::Parameter, "x-why", "there is no parameter `x-why` / did you mean `X-Why`?"),
        (RenamedKind::Tag, "Animal", "there is no tag `Animal` / did you mean `Animals`?"),
    ] {
        let result = generated(DOCUMENT, |api| api.renames = vec![rename(kind, item, "x")]);
        assert_eq!(error(&result.unwrap_err()), expected);
    }
}

#[test]
fn name_that_is_already_used_is_an_error() {
    for (kind, items, name) in [
        (RenamedKind::Operation, ["get_the_pet", "DELETE /pets/{id}"], "pet"),
        (RenamedKind::Tag, ["Animals", "Toys and Games"], "things"),
    ] {
        let renames = items.map(|item| rename(kind, item, name)).to_vec();
        let diagnostics = generated(DOCUMENT, |api| api.renames = renames).unwrap_err();
        assert_eq!(error(&diagnostics), format!("the name `{name}` is already used / choose another name"));
    }
}

#[test]
fn rust_names_have_the_case_of_their_kind() {
    for name in ["Pet", "OAuth2Token", "IOError"] {
        assert_eq!(RenamedKind::Schema.corrected(name), None, "{name}");
    }
    for (kind, name, corrected) in [
        (RenamedKind::Schema, "pet_name", "PetName"),
        (RenamedKind::Schema, "pet", "Pet"),
        (RenamedKind::Property, "petName", "pet_name"),
        (RenamedKind::Tag, "type", "type"),
        (RenamedKind::Operation, "a-b", "a_b"),
        (RenamedKind::Operation, "ñ", "ñ"),
        (RenamedKind::Parameter, "", ""),
    ] {
        assert_eq!(kind.corrected(name).as_deref(), Some(corrected), "{name}");
    }
    for kind in [RenamedKind::Property, RenamedKind::Operation, RenamedKind::Parameter, RenamedKind::Tag] {
        assert_eq!(kind.corrected("pet_name2"), None);
    }
}
