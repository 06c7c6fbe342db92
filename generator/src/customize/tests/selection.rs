use super::{generated, patterns};
use crate::customize::{Patterns, Selection};
use crate::diagnostics::{Diagnostics, Severity};
use crate::ir::Api;

/// `Cat` is a subtype of `Animal`. The schema of the response of `/toys` is in the response of `/pets`. The operation
/// `/broken` has an error, and `Odd` has a property that is required but not defined.
const DOCUMENT: &str = "\
openapi: 3.1.0
info: {title: Zoo, version: '1'}
servers: [{url: https://zoo.example}]
paths:
  /pets:
    get:
      operationId: listPets
      tags: [pets]
      responses:
        '200':
          description: Pets
          content: {application/json: {schema: {type: object, required: [a, b], properties: {a: {$ref: '#/components/schemas/Animal'}}}}}
    post:
      operationId: addPet
      tags: [pets, write]
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Odd'}}}}
      responses: {'204': {description: Added}}
  /toys:
    get:
      operationId: listToys
      tags: [toys]
      responses:
        '200':
          description: Toys
          content: {application/json: {schema: {$ref: '#/paths/~1pets/get/responses/200/content/application~1json/schema'}}}
  /broken:
    get:
      operationId: broken
      tags: [broken]
      responses: {'200': {description: Broken, content: {application/json: {schema: {$ref: '#/nowhere'}}}}}
webhooks:
  fed:
    post:
      tags: [pets]
      requestBody: {content: {application/json: {schema: {type: object, title: Fed, properties: {what: {type: string}}}}}}
      responses: {'204': {description: Noted}}
  born:
    post:
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Cat'}}}}
      responses: {'204': {description: Noted}}
components:
  schemas:
    Animal:
      type: object
      required: [kind]
      discriminator: {propertyName: kind}
      properties: {kind: {type: string}}
    Cat:
      allOf:
      - $ref: '#/components/schemas/Animal'
      - {type: object, properties: {lives: {type: integer}}}
    Odd: {type: object, required: [missing], properties: {x: {type: string, pattern: '(?<!a)b'}}}
";

fn tags(list: &[&str]) -> Patterns {
    Patterns { tags: patterns(list), ..Patterns::default() }
}

fn including(include: Patterns) -> Selection {
    Selection { include: Some(include), ..Selection::default() }
}

fn selected(selection: Selection) -> Result<(Api, Diagnostics), Diagnostics> {
    generated(DOCUMENT, |api| api.selection = selection).map(|(api, _, diagnostics)| (api, diagnostics))
}

/// Returns the methods and paths of the operations, the names of the webhooks, and the generated components.
fn contents(selection: Selection) -> [Vec<String>; 3] {
    let (api, _) = selected(selection).unwrap();
    let operations = api.groups.iter().flat_map(|group| &group.operations);
    let types = api.types.iter().filter(|definition| !definition.is_left_out);
    [
        operations.map(|operation| format!("{} {}", operation.method.as_str(), operation.path)).collect(),
        api.webhooks.list.iter().map(|webhook| webhook.name.clone()).collect(),
        types.filter_map(|definition| definition.origin.component().map(str::to_owned)).collect(),
    ]
}

fn errors(selection: Selection) -> Vec<(String, Option<String>)> {
    let diagnostics = selected(selection).unwrap_err();
    let errors = diagnostics.sorted().into_iter().filter(|one| one.severity == Severity::Error);
    errors.map(|one| (one.message.clone(), one.help.clone())).collect()
}

#[test]
fn tag_selects_operations_and_webhooks_and_their_types() {
    let expected = [vec!["GET /pets", "POST /pets"], vec!["fed"], vec!["Animal", "Cat", "Odd"]];
    assert_eq!(contents(including(tags(&["pets"]))), expected);
}

#[test]
fn errors_in_unused_schemas_count_if_these_are_generated() {
    let document = DOCUMENT.replace("    Odd: {type: object", "    Spare: {type: strin}\n    Odd: {type: object");
    let errors = |unused_schemas: bool| {
        let mut sources = crate::source::Sources::new();
        sources.add("zoo.yaml", document.as_str());
        let mut config = crate::config::Config::of_document("zoo", "zoo.yaml");
        config.apis[0].selection = including(tags(&["toys"]));
        config.unused_schemas = unused_schemas;
        crate::apis(&sources, &config).err().is_some_and(|diagnostics| diagnostics.has_errors())
    };
    assert!(errors(true) && !errors(false));
}

#[test]
fn exclude_wins_over_include() {
    let selection = Selection { include: Some(tags(&["pet?"])), exclude: tags(&["write"]) };
    assert_eq!(contents(selection), [vec!["GET /pets"], vec!["fed"], vec!["Animal", "Cat"]]);
}

#[test]
fn exclude_alone_keeps_the_rest() {
    let exclude = Patterns {
        tags: patterns(&["broken"]),
        paths: patterns(&["POST /**"]),
        operations: patterns(&["listT*"]),
        webhooks: patterns(&["fed"]),
    };
    let expected = [vec!["GET /pets"], vec!["born"], vec!["Animal", "Cat"]];
    assert_eq!(contents(Selection { include: None, exclude }), expected);
}

#[test]
fn path_pattern_does_not_match_webhooks() {
    let include = Patterns { paths: patterns(&["/toys", "GET /p*"]), ..Patterns::default() };
    let expected: [Vec<&str>; 3] = [vec!["GET /pets", "GET /toys"], vec![], vec!["Animal", "Cat"]];
    assert_eq!(contents(including(include)), expected);
}

#[test]
fn errors_in_operations_that_are_left_out_do_not_count() {
    assert!(errors(Selection::default()).iter().any(|(message, _)| message.contains("nowhere")));
    assert!(errors(including(tags(&["broken"]))).iter().any(|(message, _)| message.contains("nowhere")));
    let (_, diagnostics) = selected(including(tags(&["toys"]))).unwrap();
    let found: Vec<&str> = diagnostics.sorted().into_iter().map(|one| one.message.as_str()).collect();
    // The schema in the response of `/pets` is used by `/toys`, unlike the rest of `/pets` and `Odd`.
    assert_eq!(found, ["`b` is required, but is not defined as a property"]);
}

#[test]
fn pattern_that_matches_nothing_is_an_error() {
    let include = Patterns {
        tags: patterns(&["pest", "pets"]),
        paths: patterns(&["/pets/*", "/toy", "HEAD /pets"]),
        operations: patterns(&["listPet"]),
        webhooks: patterns(&["deb"]),
    };
    let error = |message: &str, help: Option<&str>| (message.to_owned(), help.map(str::to_owned));
    let expected = [
        error("no operation and no webhook has the tag `pest`", Some("did you mean `pets`?")),
        error("the pattern `/pets/*` matches nothing: no operation has such a path", None),
        error("no operation has the path `/toy`", Some("did you mean `/toys`?")),
        error("no operation has the path `HEAD /pets`", None),
        error("no operation and no webhook has the `operationId` `listPet`", Some("did you mean `listPets`?")),
        error("no webhook has the name `deb`", None),
    ];
    assert_eq!(errors(including(include)), expected);
}

#[test]
fn selection_without_operations_is_an_error() {
    let selection = Selection { include: Some(tags(&["write"])), exclude: tags(&["pets"]) };
    let message = "`include` and `exclude` select no operation and no webhook of the document";
    assert_eq!(errors(selection), [(message.to_owned(), None)]);
    assert_eq!(errors(including(Patterns::default())), [(message.to_owned(), None)]);
}
