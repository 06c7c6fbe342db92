//! Tests of the lock file: items keep their names when a document grows.

use clientwright::config::Layout;
use clientwright::diagnostics::Diagnostics;
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
    clientwright::generate(&sources, &clientwright::config::Config { lenient: fixture.lenient, ..config })
}

/// Returns a fixture as JSON.
fn document(fixture: &Fixture) -> Value {
    let sources: Sources = fixture::sources(&fixture.name, &fixture.text);
    let path = fixture::path(&fixture.name);
    let document = clientwright::document(&sources, &path, fixture.lenient, &mut Diagnostics::new()).unwrap();
    serde_json::from_str(&document.root.to_json_text()).unwrap()
}

#[test]
fn adding_to_a_document_renames_nothing() {
    let (mut rounds, mut lost) = (0, Vec::new());
    for (position, fixture) in (0..).zip(fixture::all("features").iter().chain(&fixture::specs())) {
        let generated = |text: &str, lock_file: Option<&str>| generate(fixture, text, lock_file).ok();
        let seed = position % 2;
        let Some(items) = lost_items(&document(fixture), seed, generated) else { continue };
        rounds += 1;
        lost.extend(items.into_iter().map(|item| format!("{} {seed}: {item}", fixture.name)));
    }
    assert!(lost.is_empty(), "renamed or missing:\n{}", lost.join("\n"));
    assert!(rounds > 100, "{rounds}");
}

#[test]
fn second_run_changes_neither_names_nor_lock_file() {
    for fixture in fixture::all("features").iter().chain(&fixture::specs()) {
        let config = clientwright::config::Config {
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
