use super::generated;
use crate::customize::{Replaced, TypeMapping};
use crate::ir::{External, JsonKind, Type, TypeKind};

const DOCUMENT: &str = "\
openapi: 3.1.0
info: {title: Zoo, version: '1'}
servers: [{url: https://zoo.example}]
paths:
  /pets:
    get:
      operationId: listPets
      responses: {'200': {description: Pets, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}}
components:
  schemas:
    Pet:
      type: object
      properties:
        plain: {type: string, format: chip}
        nullable: {type: [string, 'null'], format: chip}
        list: {type: array, items: {type: string, format: chip}}
        narrowed: {allOf: [{type: string}, {format: chip}]}
        number: {type: number, format: chip}
        secret: {type: string, format: chip, x-sensitive: true}
        limited: {type: string, format: chip, enum: [a, b]}
        price: {$ref: '#/components/schemas/Price'}
    Price: {type: object, properties: {amount: {type: number}}}
";

fn mapping(replaced: Replaced, path: &str, kinds: &[JsonKind]) -> TypeMapping {
    let ty = External { eq: true, hash: true, kinds: kinds.to_vec(), ..External::new(path.to_owned()) };
    TypeMapping { replaced, ty, span: None }
}

#[test]
fn formats_and_schemas_have_types_of_other_crates() {
    let chip = mapping(Replaced::Format("chip".to_owned()), "::chips::Chip", &[JsonKind::String]);
    let price = mapping(Replaced::Schema("Price".to_owned()), "::money::Price", &[]);
    let (api, names, diagnostics) = generated(DOCUMENT, |api| api.types = vec![chip, price]).unwrap();
    let ty = |name: &str| {
        let properties = api.types.iter().filter_map(|definition| match &definition.kind {
            TypeKind::Object(object) => Some(&object.properties),
            _ => None,
        });
        properties.flatten().find(|property| property.name == name).unwrap().ty.clone()
    };
    let is_chip = |ty: &Type| matches!(ty, Type::External(external) if external.name() == "chips::Chip");
    assert!(is_chip(&ty("plain")) && is_chip(&ty("nullable")) && is_chip(&ty("narrowed")));
    assert!(matches!(ty("list"), Type::Array(item) if is_chip(&item)));
    // The type is a string in JSON, secrets must not be printed, and an enum has a type of its own.
    assert_eq!((ty("number"), ty("secret")), (Type::Number, Type::Secret));
    assert!(matches!(ty("limited"), Type::Named(_)));
    let Type::Named(id) = ty("price") else { panic!("{:?}", ty("price")) };
    let definition = &api.types[id.0];
    assert!(matches!(&definition.kind, TypeKind::Alias(Type::External(it)) if it.kinds == [JsonKind::Object]));
    assert_eq!(names.types[id.0].name, "Price");
    let messages: Vec<&str> = diagnostics.sorted().into_iter().map(|one| one.message.as_str()).collect();
    assert_eq!(messages, ["`chips::Chip` is not used here, because its values are strings"]);
}

#[test]
fn unknown_formats_and_schemas_are_errors() {
    for (replaced, expected) in [
        (Replaced::Format("chap".to_owned()), "no schema has the format `chap` / did you mean `chip`?"),
        (Replaced::Schema("Prize".to_owned()), "there is no component schema `Prize` / did you mean `Price`?"),
    ] {
        let mappings = vec![mapping(replaced, "::a::B", &[])];
        let diagnostics = generated(DOCUMENT, |api| api.types = mappings).unwrap_err();
        let [error] = diagnostics.sorted().try_into().unwrap();
        assert_eq!(format!("{} / {}", error.message, error.help.clone().unwrap()), expected);
    }
}

/// A request body with secrets, and a union of objects with a discriminator.
const CARDS: &str = "\
openapi: 3.0.3
info: {title: Shop, version: '1'}
servers: [{url: https://shop.example}]
paths:
  /cards:
    post:
      operationId: add
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Card'}}}}
      responses: {'200': {description: Pet, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}}
    put:
      operationId: form
      requestBody: {content: {multipart/form-data: {schema: {$ref: '#/components/schemas/Card'}}}}
      responses: {'204': {description: Done}}
    patch:
      operationId: wrap
      requestBody:
        content: {application/json: {schema: {type: object, properties: {card: {$ref: '#/components/schemas/Card'}}}}}
      responses: {'204': {description: Done}}
components:
  schemas:
    Card:
      type: object
      properties: {number: {$ref: '#/components/schemas/Number'}, owner: {type: string, format: password}}
    Number: {type: string, x-sensitive: true}
    Pet:
      oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]
      discriminator: {propertyName: kind}
    Cat: {type: object, properties: {kind: {type: string, enum: [cat]}}}
    Dog: {type: object, properties: {kind: {type: string, enum: [dog]}}}
";

fn mapped(schemas: &[&str]) -> crate::ir::Api {
    let mapping = |name: &&str| mapping(Replaced::Schema((*name).to_owned()), &format!("::m::{name}"), &[]);
    generated(CARDS, |api| api.types = schemas.iter().map(mapping).collect()).unwrap().0
}

#[test]
fn value_with_secrets_is_masked_as_a_whole() {
    let api = mapped(&["Card"]);
    let paths: Vec<_> =
        api.groups.iter().flat_map(|group| &group.operations).map(|it| format!("{:?}", it.request_secrets)).collect();
    assert_eq!(
        paths,
        [
            "[SecretPath { any_depth: true, steps: [] }]",
            "[SecretPath { any_depth: true, steps: [Property(\"number\")] }, \
             SecretPath { any_depth: true, steps: [Property(\"owner\")] }]",
            "[SecretPath { any_depth: true, steps: [Property(\"card\")] }]",
        ]
    );
    assert!(api.sensitive_properties.contains(&"card".to_owned()), "{:?}", api.sensitive_properties);
    assert!(mapped(&["Cat"]).groups[0].operations[0].response_secrets.is_empty());
}

#[test]
fn format_of_secrets_cannot_be_mapped() {
    let mappings = vec![mapping(Replaced::Format("password".to_owned()), "::a::B", &[])];
    let diagnostics = generated(CARDS, |api| api.types = mappings).unwrap_err();
    assert_eq!(diagnostics.sorted()[0].message, "`password` is the format of secrets, which keep their generated type");
}

#[test]
fn allowed_value_of_mapped_variant_selects_it() {
    use crate::ir::Test;

    let of = |api: crate::ir::Api| {
        let union = api.types.into_iter().find_map(|definition| match definition.kind {
            TypeKind::Union(union) => Some(union),
            _ => None,
        });
        union.unwrap().variants.into_iter().map(|variant| match variant.test {
            Test::Discriminator(test) => test.values,
            test => panic!("{test:?}"),
        })
    };
    let expected = vec![vec!["cat".to_owned(), "Cat".to_owned()], vec!["dog".to_owned(), "Dog".to_owned()]];
    assert_eq!(of(mapped(&["Cat"])).collect::<Vec<_>>(), expected);
    assert_eq!(of(mapped(&[])).collect::<Vec<_>>(), expected);
}

#[test]
fn multipart_body_has_the_parts_of_the_mapped_schema() {
    use crate::ir::BodyContent;

    let api = mapped(&["Card"]);
    let operation = api.groups.iter().flat_map(|group| &group.operations).find(|it| it.method.as_str() == "PUT");
    let content = &operation.unwrap().body.as_ref().unwrap().representations[0].content;
    let BodyContent::Multipart(form) = content else { panic!("{content:?}") };
    assert_eq!(form.parts.iter().map(|part| part.name.as_str()).collect::<Vec<_>>(), ["number", "owner"]);
}
