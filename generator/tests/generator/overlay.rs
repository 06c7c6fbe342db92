//! Tests of overlays from the command line and from `clients.toml`: files, locations of errors, and generated code.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

const DOCUMENT: &str = "openapi: 3.0.3
info: {title: Zoo, version: '1'}
paths:
  /animals:
    get:
      responses: {'200': {description: Done.}}
  /internal:
    get:
      operationId: secret
      responses: {'200': {description: Done.}}
";

const OVERLAY: &str = "overlay: 1.1.0
info: {title: Corrections, version: '1'}
actions:
- target: $.paths['/animals'].get
  update:
    operationId: listAnimals
    responses:
      '200':
        content:
          application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Animal'}}}
- target: $
  update:
    components: {schemas: {Animal: {type: object, properties: {food: {$ref: 'parts/food.yaml'}}}}}
- target: $.paths['/internal']
  remove: true
";

/// Writes the files and runs the program in their directory.
fn clientwright(directory: &Path, files: &[(&str, &str)], arguments: &[&str]) -> Output {
    for (path, text) in files {
        let path = directory.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    Command::new(env!("CARGO_BIN_EXE_clientwright")).args(arguments).current_dir(directory).output().unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

/// The files of the document, its overlay, and the file that a reference in the overlay names. The reference is relative
/// to the document, not to the overlay.
fn files(overlay: &str) -> [(&'static str, &str); 3] {
    let food = "type: object\nproperties: {grams: {type: integer}}\n";
    [("api/zoo.yaml", DOCUMENT), ("overlays/fix.yaml", overlay), ("api/parts/food.yaml", food)]
}

#[test]
fn generated_code_follows_the_overlay() {
    let directory = tempfile::tempdir().unwrap();
    let arguments = ["generate", "api/zoo.yaml", "--overlay", "overlays/fix.yaml", "--out", "zoo"];
    let output = clientwright(directory.path(), &files(OVERLAY), &arguments);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let models = fs::read_to_string(directory.path().join("zoo/src/models.rs")).unwrap();
    assert!(models.contains("pub struct Animal {") && models.contains("pub food: Option<Food>,"), "{models}");
    let readme = fs::read_to_string(directory.path().join("zoo/README.md")).unwrap();
    assert!(readme.contains("/animals") && !readme.contains("/internal"), "{readme}");
}

#[test]
fn clients_toml_lists_overlays() {
    let directory = tempfile::tempdir().unwrap();
    let api = "[[crate]]\nname = 'zoo'\ndirectory = 'zoo'\n[[crate.api]]\nname = 'zoo'\nspec = 'api/zoo.yaml'\n";
    let plain = "[[crate.api]]\nname = 'plain'\nspec = 'api/zoo.yaml'\n";
    let clients = format!("{api}overlays = ['overlays/fix.yaml']\n{plain}");
    let with = |clients: &str| {
        let files = [&files(OVERLAY)[..], &[("clients.toml", clients)]].concat();
        clientwright(directory.path(), &files, &["generate"])
    };
    let output = with(&clients);
    assert!(output.status.success(), "{}", text(&output.stderr));
    // Two APIs can use the same document with different overlays.
    let readme = fs::read_to_string(directory.path().join("zoo/README.md")).unwrap();
    assert!(readme.contains("/internal") && readme.contains("/animals"), "{readme}");
    let models = |api: &str| fs::read_to_string(directory.path().join(format!("zoo/src/{api}/models.rs"))).unwrap();
    assert!(models("zoo").contains("struct Animal ") && !models("plain").contains("struct Animal "));
    let missing = with(&clients.replace("fix.yaml", "fox.yaml"));
    let shown = text(&missing.stderr);
    assert!(shown.contains("cannot read `overlays/fox.yaml`") && shown.contains("clients.toml:7:13"), "{shown}");
    let absolute = with(&clients.replace("overlays/fix.yaml", "/fix.yaml"));
    assert!(text(&absolute.stderr).contains("`overlays` must be a path relative to this file"));
}

#[test]
fn errors_in_values_of_an_overlay_lead_into_the_overlay() {
    let directory = tempfile::tempdir().unwrap();
    let broken = OVERLAY.replace("schemas/Animal'", "schemas/Animl'");
    for (broken, place, message) in [
        (broken.as_str(), "overlays/fix.yaml:10:66", "`#/components/schemas/Animl` does not exist"),
        (&OVERLAY.replace("'/internal'", "'/intern'"), "overlays/fix.yaml:14:11", "matches nothing in the document"),
        (&OVERLAY.replace("food.yaml", "fodder.yaml"), "overlays/fix.yaml:13:77", "`parts/fodder.yaml` cannot be read"),
    ] {
        for command in [&["lint"][..], &["generate", "--out", "zoo"]] {
            let arguments = [command, &["api/zoo.yaml", "--overlay", "overlays/fix.yaml"]].concat();
            let output = clientwright(directory.path(), &files(broken), &arguments);
            let shown = text(&output.stderr);
            assert!(output.status.code() == Some(1) && shown.contains(place) && shown.contains(message), "{shown}");
        }
    }
}

#[test]
fn overlay_command_prints_the_changed_document() {
    let directory = tempfile::tempdir().unwrap();
    let arguments = ["overlay", "api/zoo.yaml", "overlays/fix.yaml"];
    let output = clientwright(directory.path(), &files(OVERLAY), &arguments);
    assert_eq!((text(&output.stderr), output.status.code()), ("", Some(0)));
    let printed: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(printed["paths"]["/animals"]["get"]["operationId"], "listAnimals");
    assert_eq!(printed["paths"]["/animals"]["get"]["responses"]["200"]["description"], "Done.");
    assert!(printed["paths"].get("/internal").is_none());
    let invalid = clientwright(directory.path(), &[("overlays/fix.yaml", "overlay: 2.0.0")], &arguments);
    assert_eq!((text(&invalid.stdout), invalid.status.code()), ("", Some(1)));
    let several = ["lint", "api/zoo.yaml", "api/zoo.yaml", "--overlay", "overlays/fix.yaml"];
    assert_eq!(clientwright(directory.path(), &[], &several).status.code(), Some(2));
}
