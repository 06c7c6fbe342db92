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
    let ty = External {
        path: path.to_owned(),
        runtime_name: None,
        eq: true,
        hash: true,
        sample: None,
        kinds: kinds.to_vec(),
    };
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
