//! Tests of the lock file: items keep their names when a document grows.

use clientwright::config::{ApiConfig, Config, Layout};
use clientwright::diagnostics::{Code, Diagnostics};
use clientwright::output::{FileSet, lock_file_text};
use clientwright::source::Sources;
use serde_json::Value;

use crate::fixture::{self, Fixture};
use crate::stable_names::lost_items;

/// Generates a crate with a lock file.
fn generate(fixture: &Fixture, text: &str, lock_file: Option<&str>) -> Result<FileSet, Diagnostics> {
    let mut sources = fixture::sources(&fixture.name, text);
    if let Some(text) = lock_file {
        sources.add_lock_file("clientwright.lock", text);
    }
    let config = fixture::config(&[&fixture.name], fixture.layout);
    let (lenient, unused_schemas) = (fixture.lenient, fixture.unused_schemas);
    clientwright::generate(&sources, &Config { lenient, unused_schemas, ..config })
}

/// Returns a fixture as JSON.
fn document(fixture: &Fixture) -> Value {
    let sources: Sources = fixture::sources(&fixture.name, &fixture.text);
    let path = fixture::path(&fixture.name);
    let document =
        clientwright::document(&sources, &ApiConfig::new("a", path.as_str()), fixture.lenient, &mut Diagnostics::new())
            .unwrap();
    serde_json::from_str(&document.root.to_json_text()).unwrap()
}

#[test]
fn adding_to_a_document_renames_nothing() {
    let (mut rounds, mut lost) = (0, Vec::new());
    for (position, fixture) in (0..).zip(fixture::all("features").iter().chain(&fixture::specs())) {
        // By default, a type is only generated if an operation uses its schema.
        let fixture = Fixture { unused_schemas: false, ..fixture.clone() };
        let generated = |text: &str, lock_file: Option<&str>| generate(&fixture, text, lock_file).ok();
        let seed = position % 2;
        let Some(items) = lost_items(&document(&fixture), seed, generated) else { continue };
        rounds += 1;
        lost.extend(items.into_iter().map(|item| format!("{} {seed}: {item}", fixture.name)));
    }
    assert!(lost.is_empty(), "renamed or missing:\n{}", lost.join("\n"));
    assert!(rounds > 100, "{rounds}");
}

#[test]
fn second_run_changes_neither_names_nor_lock_file() {
    for fixture in fixture::all("features").iter().chain(&fixture::specs()) {
        let config = Config {
            lenient: fixture.lenient,
            unused_schemas: fixture.unused_schemas,
            ..fixture::config(&[&fixture.name], fixture.layout)
        };
        let mut sources = fixture::sources(&fixture.name, &fixture.text);
        let first = clientwright::apis(&sources, &config).unwrap();
        let text = lock_file_text(&first.lock_file);
        sources.add_lock_file("clientwright.lock", text.as_str());
        let second = clientwright::apis(&sources, &config).unwrap();
        assert_eq!(lock_file_text(&second.lock_file), text, "{}", fixture.name);
        let names = |apis: &clientwright::Apis| apis.named.iter().map(|(_, names)| names.clone()).collect::<Vec<_>>();
        assert!(names(&first) == names(&second), "{}", fixture.name);
        assert!(second.changes.is_empty(), "{}: {}", fixture.name, second.changes);
    }
}

const PETS: &str = "openapi: 3.0.3
info: {title: Pets, version: 1.0.0}
paths:
  /pets:
    get: {responses: {'200': {description: OK, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}}}
components:
  schemas:
    Pet: {type: object, properties: {petId: {type: string}}}
";

fn pets(text: &str) -> Fixture {
    Fixture {
        name: "pets".to_owned(),
        text: text.to_owned(),
        shows: Vec::new(),
        layout: Layout::Root,
        lenient: false,
        examples: false,
        unused_schemas: true,
        tag_features: false,
    }
}

#[test]
fn new_property_does_not_take_name_of_existing_one() {
    let grown = pets(&PETS.replace("{petId:", "{pet_id: {type: string}, petId:"));
    let has_line = |files: &FileSet, line: &str| lock_file_text(&files.lock_file).lines().any(|it| it == line);
    let without = generate(&grown, &grown.text, None).unwrap();
    assert!(has_line(&without, "field Pet pet_id = pet_id") && has_line(&without, "field Pet petId = pet_id_member"));
    let first = generate(&grown, PETS, None).unwrap();
    let with = generate(&grown, &grown.text, Some(&lock_file_text(&first.lock_file))).unwrap();
    assert!(has_line(&with, "field Pet petId = pet_id") && has_line(&with, "field Pet pet_id = pet_id_member"));
    assert_eq!(with.changes.to_string(), "  + pet_id_member (field Pet pet_id)\n1 name added, 0 names removed\n");
}

/// Returns the lines of the lock file of a document with these `servers`, paths for `GET` with `parameters`, and schemas.
fn lines(parts: [&str; 3], lock_file: Option<&[String]>) -> Vec<String> {
    let [servers, parameters, schemas] = parts;
    let text = format!(
        "openapi: 3.0.3\ninfo: {{title: Pets, version: 1.0.0}}\nservers: [{servers}]\npaths: {{/pets: {{get: {{operationId: \
         list, parameters: [{parameters}], responses: {{'204': {{description: No content}}}}}}}}}}\ncomponents: {{schemas: \
         {{{schemas}}}}}\n"
    );
    lines_of(&text, lock_file)
}

/// Returns the lines of the lock file of a document.
fn lines_of(text: &str, lock_file: Option<&[String]>) -> Vec<String> {
    let lock_file = lock_file.map(|lines| format!("# lock format 1\n{}\n", lines.join("\n")));
    let files = generate(&pets(text), text, lock_file.as_deref()).unwrap_or_else(|error| panic!("{error:?}"));
    let warnings: Vec<_> = files.diagnostics.sorted().iter().filter(|it| it.code == Code::LockFile).cloned().collect();
    assert!(warnings.is_empty(), "{warnings:?}");
    let text = lock_file_text(&files.lock_file);
    text.lines().filter(|line| line.contains(" = ")).map(str::to_owned).collect()
}

/// Checks that a document keeps its names when it grows from `first` to `grown`, and that `kept` is one of them.
#[track_caller]
fn keeps(first: [&str; 3], grown: [&str; 3], kept: &str) {
    keeps_line(|lock_file| lines(first, lock_file), |lock_file| lines(grown, lock_file), kept);
}

#[track_caller]
fn keeps_line(
    first: impl Fn(Option<&[String]>) -> Vec<String>,
    grown: impl Fn(Option<&[String]>) -> Vec<String>,
    kept: &str,
) {
    let before = first(None);
    assert!(before.iter().any(|line| line == kept), "{kept}: {before:?}");
    assert!(!grown(None).iter().any(|line| line == kept), "the rules keep {kept} without the lock file");
    let after = grown(Some(&before));
    let lost: Vec<_> = before.iter().filter(|line| !after.contains(line)).collect();
    assert!(lost.is_empty(), "{lost:?}: {after:?}");
}

#[test]
fn servers_keep_their_names() {
    let server = |url: &str| format!("{{url: 'https://{url}.example', description: Test}}, {{url: /, description: x}}");
    let (first, grown) = (server("a"), format!("{{url: 'https://b.example', description: Test}}, {}", server("a")));
    keeps([&first, "", ""], [&grown, "", ""], "server https://a.example = Test");
}

#[test]
fn server_variables_keep_the_names_of_their_enums_and_values() {
    let variables = |variables: &str| format!("{{url: 'https://{{a-b}}.x', variables: {{{variables}}}}}");
    let first = variables("a-b: {default: eu-west, enum: [eu-west, us]}");
    let value = variables("a-b: {default: eu-west, enum: [eu_west, eu-west, us]}");
    keeps([&first, "", ""], [&value, "", ""], "server-value a-b eu-west = EuWest");
    let other = "a_b: {default: eu-west, enum: [eu-west]}, a-b: {default: eu-west, enum: [eu-west, us]}";
    let variable = variables(other).replace("{a-b}", "{a_b}.{a-b}");
    keeps([&first, "", ""], [&variable, "", ""], "server-type a-b = AB");
}

/// Returns a document with an operation `POST /pets` that has these fields.
fn operation(fields: &str) -> String {
    let paths = format!("{{/pets: {{post: {{operationId: add, {fields}}}}}}}");
    format!("openapi: 3.0.3\ninfo: {{title: Pets, version: 1.0.0}}\npaths: {paths}\n")
}

/// Checks that a document with an operation keeps its names when the operation grows from `first` to `grown`.
#[track_caller]
fn operation_keeps(first: &str, grown: &str, kept: &str) {
    let (first, grown) = (operation(first), operation(grown));
    keeps_line(|lock_file| lines_of(&first, lock_file), |lock_file| lines_of(&grown, lock_file), kept);
}

/// Returns the content of a media type: an object with a property of this name.
fn content(media_type: &str, property: &str) -> String {
    format!("{media_type}: {{schema: {{type: object, properties: {{{property}: {{type: string}}}}}}}}")
}

#[test]
fn bodies_keep_their_names_if_json_is_added() {
    let responses = "responses: {'204': {description: Done}}";
    let body = |content: &str| format!("requestBody: {{content: {{{content}}}}}, {responses}");
    for media_type in ["application/x-www-form-urlencoded", "application/vnd.pets+json"] {
        let first = content(media_type, "a");
        let grown = format!("{first}, {}", content("application/json", "b"));
        let kept = format!("type POST /pets body {media_type} = AddRequest");
        operation_keeps(&body(&first), &body(&grown), &kept);
        let success = |content: &str| format!("responses: {{'200': {{description: OK, content: {{{content}}}}}}}");
        let error = |content: &str| format!("responses: {{'400': {{description: Bad, content: {{{content}}}}}}}");
        if media_type.ends_with("json") {
            let kept = format!("type POST /pets response:200 {media_type} = AddResponse");
            operation_keeps(&success(&first), &success(&grown), &kept);
            let kept = format!("type POST /pets response:400 {media_type} = AddResponse400");
            operation_keeps(&error(&first), &error(&grown), &kept);
        }
    }
}

#[test]
fn responses_keep_their_names_if_others_are_added() {
    let created = format!("'201': {{description: Created, content: {{{}}}}}", content("application/json", "a"));
    let first = operation(&format!("responses: {{{created}}}"));
    let grown = operation(&format!("responses: {{'200': {{description: OK}}, {created}}}"));
    let lock_file = ["type POST /pets response:201 = Added".to_owned()];
    for text in [first, grown] {
        let lines = lines_of(&text, Some(&lock_file));
        assert!(lines.contains(&lock_file[0]) && !lines.iter().any(|it| it.contains("response:200")), "{lines:?}");
    }
}

#[test]
fn types_of_forms_have_no_names() {
    let file = "{type: object, properties: {file: {type: string, format: binary}}}";
    let schema = format!("requestBody: {{content: {{multipart/form-data: {{schema: {file}}}}}}}");
    let lines = lines_of(&operation(&format!("{schema}, responses: {{'204': {{description: Done}}}}")), None);
    assert!(lines.contains(&"argument POST /pets part:file = file".to_owned()), "{lines:?}");
    assert!(!lines.iter().any(|line| line.starts_with("type ") || line.starts_with("field ")), "{lines:?}");
}

#[test]
fn rust_name_of_a_tag_takes_precedence_over_its_module_in_the_lock_file() {
    let text = |rust_name: &str| {
        format!(
            "openapi: 3.2.0\ninfo: {{title: Pets, version: 1.0.0}}\ntags: [{{name: Pets{rust_name}}}, {{name: Dogs, \
             parent: Pets}}]\npaths: {{/dogs: {{get: {{tags: [Dogs], responses: {{'204': {{description: OK}}}}}}}}}}\n"
        )
    };
    let module = |lines: &[String]| lines.iter().find(|line| line.starts_with("module Pets")).cloned();
    let before = lines_of(&text(""), None);
    assert_eq!(module(&before).as_deref(), Some("module Pets = pets"));
    let named = text(", x-rust-name: animals");
    assert_eq!(module(&lines_of(&named, Some(&before))), None);
    let lock_file = format!("# lock format 1\n{}\n", before.join("\n"));
    let files = generate(&pets(&named), &named, Some(&lock_file)).unwrap();
    let code: String = files.iter().map(|(_, text)| text).collect();
    assert!(code.contains("mod animals") && !code.contains("mod pets"), "{code}");
}

#[test]
fn rust_names_take_precedence_over_the_lock_file_of_all_items_of_the_scope() {
    let fields = "a: {type: integer}, b: {type: integer}, c: {type: integer}, d: {type: integer}";
    let pet = format!("Pet: {{type: object, required: [a, b, c, d], properties: {{{fields}}}}}");
    let before = lines(["", "", &pet], None);
    assert!(before.contains(&"required Pet = PetRequired".to_owned()), "{before:?}");
    for name in ["PetRequired", "Petrequired"] {
        let dog = format!("Dog: {{type: object, x-rust-name: {name}, properties: {{x: {{type: string}}}}}}, {pet}");
        let after = lines(["", "", &dog], Some(&before));
        assert!(after.contains(&format!("field {name} x = x")), "{after:?}");
        assert!(after.contains(&"required Pet = PetRequired2".to_owned()), "{after:?}");
    }
}

#[test]
fn structs_of_required_properties_and_parameters_keep_their_names() {
    let fields = "a: {type: integer}, b: {type: integer}, c: {type: integer}, d: {type: integer}";
    let pet = format!("Pet: {{type: object, required: [a, b, c, d], properties: {{{fields}}}}}");
    let grown = format!("PetRequired: {{type: object, properties: {{x: {{type: string}}}}}}, {pet}");
    keeps(["", "", &pet], ["", "", &grown], "required Pet = PetRequired");
}

/// Schemas with a property `tag`: objects with these properties.
fn tags(properties: &[&str]) -> String {
    let schema = |(position, properties): (usize, &&str)| {
        let tag = format!("{{type: object, properties: {{{properties}}}}}");
        format!("Pet{position}: {{type: object, properties: {{tag: {tag}}}}}")
    };
    properties.iter().enumerate().map(schema).collect::<Vec<_>>().join(", ")
}

const ID: &str = "id: {type: string}";
const ID_AND_NAME: &str = "id: {type: string}, name: {type: string}";

#[test]
fn inline_schemas_that_become_equal_keep_both_names() {
    let (first, grown) = (tags(&[ID, ID_AND_NAME]), tags(&[ID_AND_NAME, ID_AND_NAME]));
    keeps(["", "", &first], ["", "", &grown], "type Pet1 .tag = Pet1Tag");
    // A component of the same noun and shape does not replace a type either.
    let grown = format!("{}, Tag: {{type: object, properties: {{{ID}}}}}", tags(&[ID, ID_AND_NAME]));
    keeps(["", "", &first], ["", "", &grown], "type Pet0 .tag = Pet0Tag");
}

#[test]
fn variants_without_titles_keep_their_names_if_others_are_added() {
    let variant =
        |name: &str| format!("{{type: object, required: [{name}], properties: {{{name}: {{type: string}}}}}}");
    let union = |variants: &[&str]| {
        let variants: Vec<String> = variants.iter().map(|name| variant(name)).collect();
        format!("Pet: {{oneOf: [{}]}}", variants.join(", "))
    };
    let (first, grown) = (union(&["a", "b"]), union(&["c", "a", "b"]));
    keeps(["", "", &first], ["", "", &grown], "type Pet |.b = PetVariant2");
}

#[test]
fn most_used_of_inline_schemas_that_become_different_keeps_the_name() {
    let (first, grown) = (tags(&[ID, ID, ID]), tags(&[ID_AND_NAME, ID, ID]));
    let before = lines(["", "", &first], None);
    let after = lines(["", "", &grown], Some(&before));
    for (pet, name) in [("Pet0", "Pet0Tag"), ("Pet1", "Tag"), ("Pet2", "Tag")] {
        assert!(before.contains(&format!("type {pet} .tag = Tag")), "{before:?}");
        assert!(after.contains(&format!("type {pet} .tag = {name}")), "{after:?}");
    }
    assert!(after.contains(&"field Tag id = id".to_owned()), "{after:?}");
}

#[test]
fn lock_file_determines_names_until_document_does() {
    let lock_file = "# lock format 1\nfield Animal petId = tag_number\ntype component:Pet = Animal\n";
    let files = |text: &str| generate(&pets(text), text, Some(lock_file)).unwrap();
    let models = |files: &FileSet| files.iter().map(|(_, text)| text).collect::<String>();
    let locked = models(&files(PETS));
    assert!(locked.contains("pub struct Animal") && locked.contains("pub tag_number: "), "{locked}");
    let text = PETS.replace("petId: {", "petId: {x-rust-name: id, ").replace("Pet: {", "Pet: {x-rust-name: Beast, ");
    let explicit = models(&files(&text));
    assert!(explicit.contains("pub struct Beast") && explicit.contains("pub id: "), "{explicit}");
}

#[test]
fn invalid_lock_file_is_reported() {
    for line in ["field Pet petId = a: u8, pub b", "field Pet petId = fn", "type component:Pet = pet", "<<<<<<< HEAD"] {
        let error = generate(&pets(PETS), PETS, Some(&format!("# lock format 1\n{line}\n"))).unwrap_err();
        assert!(error.has_errors(), "{line}");
    }
    let two = "# lock format 1\nmethod GET /pets = list\nmethod POST /pets = list\n";
    let text = PETS.replace("    get:", "    post: {responses: {'204': {description: OK}}}\n    get:");
    let files = generate(&pets(&text), &text, Some(two)).unwrap();
    let warnings: Vec<_> = files.diagnostics.sorted().iter().map(|one| one.message.clone()).collect();
    assert!(warnings.contains(&"the lock file gives the name `list` to two places".to_owned()), "{warnings:?}");
}
