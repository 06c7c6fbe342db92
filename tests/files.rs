//! Tests of documents that consist of several files on disk: the generated code, and references that are refused.

use std::fs;
use std::path::Path;

use clientwright::config::{ApiConfig, Config, Reach, document_within};
use clientwright::diagnostics::{Diagnostics, Severity, Style, render};
use clientwright::output::FileSet;
use clientwright::source::{Limits, Sources};
use tempfile::TempDir;

const HEAD: &str = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\n";

/// A temporary folder with the files of a document.
struct Folder(TempDir);

impl Folder {
    fn new(files: &[(&str, &str)]) -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        for (path, text) in files {
            folder.write(path, text);
        }
        folder
    }

    fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn path(&self, path: &str) -> std::path::PathBuf {
        self.0.path().join(path)
    }

    fn generate(&self, spec: &str, reach: Reach, lenient: bool) -> (Result<FileSet, Diagnostics>, Sources) {
        let mut sources = Sources::new();
        let spec = document_within(self.path(spec).to_str().unwrap(), reach, &mut sources).unwrap();
        let config = Config { lenient, unused_schemas: true, ..Config::of_document("t", spec) };
        (clientwright::generate(&sources, &config), sources)
    }

    /// Generates the crate of a valid document, and returns its `models.rs`.
    fn models(&self, spec: &str) -> String {
        match self.generate(spec, Reach::Directory, false) {
            (Ok(files), _) => files.get("src/models.rs").unwrap().to_owned(),
            (Err(diagnostics), sources) => panic!("{}", render(&diagnostics, &sources, &Style::default())),
        }
    }

    /// Returns the rendered diagnostics of a document, without the path of the folder.
    fn diagnostics(&self, spec: &str) -> String {
        let (generated, sources) = self.generate(spec, Reach::Directory, false);
        let diagnostics = generated.map_or_else(|diagnostics| diagnostics, |files| files.diagnostics);
        let shown = render(&diagnostics, &sources, &Style::default());
        shown.replace(&format!("{}/", self.0.path().display()), "")
    }
}

fn schemas(text: &str) -> String {
    format!("{HEAD}paths: {{}}\ncomponents:\n  schemas:\n{text}")
}

fn count(text: &str, what: &str) -> usize {
    text.matches(what).count()
}

#[test]
fn yaml_and_json_files_generate_one_crate() {
    let root = format!(
        "{HEAD}paths:\n  /pets: {{$ref: 'paths/pets.yaml'}}\n  /pets/{{id}}:\n    $ref: 'paths/all.json#/~1pets~1%7Bid%7D'\n\
         components:\n  schemas:\n    Pet: {{type: object, properties: {{mine: {{type: string}}}}}}\n\
         \x20   Zoo: {{type: object, properties: {{theirs: {{$ref: 'models/pet.json'}}, tag: {{$ref: 'models/more.yaml#/definitions/Tag'}}}}}}\n"
    );
    let folder = Folder::new(&[
        ("api/root.yaml", &root),
        (
            "api/paths/pets.yaml",
            "get:\n  operationId: listPets\n  tags: [Pets]\n  parameters: [{$ref: 'all.json#/limit'}]\n  responses:\n    '200': \
             {description: All., content: {application/json: {schema: {$ref: ../models/pet.json}}}}\n    '404': \
             {$ref: 'all.json#/gone'}\n",
        ),
        (
            "api/paths/all.json",
            r##"{"/pets/{id}": {"delete": {"operationId": "removePet", "tags": ["Pets"],
                "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}],
                "responses": {"204": {"description": "Gone."}, "404": {"$ref": "#/gone"}}}},
              "limit": {"name": "limit", "in": "query", "schema": {"type": "integer"}},
              "gone": {"description": "No such pet.", "content": {"application/json": {"schema": {"$ref": "../models/more.yaml#/Problem"}}}}}"##,
        ),
        (
            "api/models/pet.json",
            r##"{"type": "object", "properties": {"name": {"type": "string"}, "parent": {"$ref": "#"}, "tags": {"type": "array", "items": {"$ref": "more.yaml#/definitions/Tag"}}}}"##,
        ),
        (
            "api/models/more.yaml",
            "definitions: {Tag: {type: object, properties: {pet: {$ref: pet.json}}}}\nProblem: {type: object, properties: \
             {reason: {type: string}}}\n",
        ),
    ]);
    let (generated, sources) = folder.generate("api/root.yaml", Reach::Directory, false);
    let files = generated.unwrap_or_else(|diagnostics| panic!("{}", render(&diagnostics, &sources, &Style::default())));
    let models = files.get("src/models.rs").unwrap();
    for name in ["Pet", "ModelsPet", "Zoo", "Tag", "Problem"] {
        assert_eq!(count(models, &format!("pub struct {name} {{")), 1, "{name} in\n{models}");
    }
    assert_eq!(count(models, "pub struct "), 5, "{models}");
    let operations = files.get("src/operations/pets.rs").unwrap();
    assert!(operations.contains("pub struct ListPets") || operations.contains("pub struct List"), "{operations}");
    let wire = files.get("src/wire/operations/pets.rs").unwrap();
    assert!(wire.contains("\"/pets/{id}\"") && wire.contains("\"limit\""), "{wire}");
}

#[test]
fn file_with_several_paths_is_one_file() {
    let text = schemas(
        "    A: {$ref: 'parts.yaml#/B'}\n    C: {$ref: './x/../parts.yaml#/B'}\n    D: {$ref: 'link.yaml#/B'}\n    E: \
         {$ref: 'root.yaml#/components/schemas/A'}\n    F: {type: object, properties: {f: {$ref: 'parts.yaml#/B/properties/b'}}}\n",
    );
    let folder = Folder::new(&[
        ("root.yaml", &text),
        (
            "parts.yaml",
            "B: {type: object, properties: {b: {type: object, properties: {c: {$ref: 'root.yaml#/components/schemas/E'}}}}}\n",
        ),
    ]);
    #[cfg(unix)]
    std::os::unix::fs::symlink(folder.path("parts.yaml"), folder.path("link.yaml")).unwrap();
    #[cfg(not(unix))]
    fs::copy(folder.path("parts.yaml"), folder.path("link.yaml")).unwrap();
    let models = folder.models("root.yaml");
    assert_eq!(count(&models, "pub struct "), 3, "{models}");
}

#[test]
fn discriminator_mapping_resolves_to_other_files() {
    let arms = "    Cat: {type: object, properties: {mine: {type: string}}}\n    Pet:\n      oneOf: [{$ref: 'pets.yaml#/Cat'}, \
                {$ref: 'pets.yaml#/Dog'}]\n      discriminator: {propertyName: kind, mapping: {hound: 'pets.yaml#/Dog'}}\n";
    let pets = "Cat: {type: object, required: [kind], properties: {kind: {type: string}}}\nDog: {type: object, required: [kind], \
                properties: {kind: {type: string}}}\n";
    let models = Folder::new(&[("root.yaml", &schemas(arms)), ("pets.yaml", pets)]).models("root.yaml");
    assert!(models.contains("\"Cat\"") && models.contains("\"hound\""), "{models}");
    assert!(models.contains("pub struct PetsCat {"), "{models}");
}

#[test]
fn diagnostics_point_into_the_file_with_the_error() {
    let folder = Folder::new(&[
        (
            "root.yaml",
            &schemas("    A: {$ref: 'a.yaml#/A'}\n    B: {$ref: broken.json}\n    C: {$ref: 'a.yaml#/Nobody'}\n"),
        ),
        ("a.yaml", "A:\n  type: objekt\n  properties: {x: {$ref: 'root.yaml#/components/schemas/Nobody'}}\n"),
        ("broken.json", "{\n  \"type\": }"),
    ]);
    let diagnostics = folder.diagnostics("root.yaml");
    assert!(diagnostics.contains("a.yaml:2:9"), "{diagnostics}");
    assert!(diagnostics.contains("a.yaml:3:26"), "{diagnostics}");
    assert!(diagnostics.contains("broken.json:2:11"), "{diagnostics}");
    assert!(diagnostics.contains("`a.yaml#/Nobody` does not exist"), "{diagnostics}");
}

#[test]
fn unreferenced_file_is_ignored() {
    let text = schemas("    A: {type: object, example: {$ref: broken.json}, properties: {$ref: {type: string}}}\n");
    assert_eq!(Folder::new(&[("root.yaml", &text), ("broken.json", "{")]).diagnostics("root.yaml"), "");
}

#[test]
fn invalid_header_name_is_refused_in_lenient_mode_too() {
    let text = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths: {}\ncomponents:\n  securitySchemes:\n    \
                Key: {type: apiKey, in: header, name: Content-Length}\n";
    let folder = Folder::new(&[("root.yaml", text)]);
    for lenient in [false, true] {
        let (generated, _) = folder.generate("root.yaml", Reach::Directory, lenient);
        assert_eq!(generated.unwrap_err().count(Severity::Error), 1);
    }
}

/// Returns the error message for a reference that must be refused. The document is in the folder `inside/`, next to the
/// file `outside.yaml`. `prepare` may add files.
fn refusal_message(reference: &str, prepare: impl FnOnce(&Folder)) -> String {
    let folder = Folder::new(&[
        ("inside/root.yaml", &schemas(&format!("    A: {{$ref: '{reference}'}}\n"))),
        ("outside.yaml", "{type: object, properties: {secret: {type: string}}}"),
    ]);
    prepare(&folder);
    let (strict, sources) = folder.generate("inside/root.yaml", Reach::Directory, false);
    let diagnostics = strict.expect_err(reference);
    assert_eq!(diagnostics.count(Severity::Error), 1, "{}", render(&diagnostics, &sources, &Style::default()));
    assert!(!render(&diagnostics, &sources, &Style::default()).contains("secret"));
    // In lenient mode, the refused reference is only a warning, and its type accepts any JSON value.
    let (lenient, _) = folder.generate("inside/root.yaml", Reach::Directory, true);
    let remarks = lenient.expect(reference).diagnostics;
    assert_eq!(remarks.count(Severity::Warning), 1, "{remarks:?}");
    diagnostics.sorted()[0].message.clone()
}

#[test]
fn references_outside_of_folder_are_refused() {
    let outside = |reference: &str, prepare: fn(&Folder)| {
        let message = refusal_message(reference, prepare);
        assert!(message.ends_with("is outside of the document's directory"), "{reference}: {message}");
    };
    outside("../outside.yaml", |_| {});
    outside("../nowhere.yaml", |_| {});
    outside("a/../../outside.yaml", |_| {});
    outside("%2e%2e/outside.yaml", |_| {});
    outside("/etc/passwd", |_| {});
    outside("/nowhere/at/all", |_| {});
    #[cfg(unix)]
    {
        use std::os::unix::fs::symlink;
        outside("link.yaml", |folder| symlink(folder.path("outside.yaml"), folder.path("inside/link.yaml")).unwrap());
        outside("up/outside.yaml", |folder| symlink(folder.0.path(), folder.path("inside/up")).unwrap());
    }
}

#[test]
fn allowed_folder_outside_is_read() {
    let folder = Folder::new(&[
        ("inside/root.yaml", &schemas("    A: {$ref: '../outside.yaml'}\n")),
        ("outside.yaml", "{type: object, properties: {shared: {type: string}}}"),
    ]);
    let (generated, _) = folder.generate("inside/root.yaml", Reach::Anywhere, false);
    assert!(generated.unwrap().get("src/models.rs").unwrap().contains("shared"));
}

#[test]
fn network_and_other_schemes_are_refused() {
    for reference in ["http://127.0.0.1:1/a.yaml", "https://example.com/a.json#/A", "//example.com/a.yaml"] {
        let message = refusal_message(reference, |_| {});
        assert!(message.ends_with("is on the network, but files are only read from disk"), "{reference}: {message}");
    }
    let message = refusal_message("file:///etc/passwd", |_| {});
    assert!(message.contains("scheme `file`"), "{message}");
}

#[test]
fn unreadable_path_is_refused() {
    assert!(refusal_message("missing.yaml", |_| {}).contains("cannot be read"));
    assert!(refusal_message(".", |_| {}).contains("it is a directory"));
    assert!(refusal_message("a%00b.yaml", |_| {}).contains("NUL"));
    #[cfg(unix)]
    {
        let pipe = |folder: &Folder| {
            let made = std::process::Command::new("mkfifo").arg(folder.path("inside/pipe.yaml")).status().unwrap();
            assert!(made.success());
        };
        assert!(refusal_message("pipe.yaml", pipe).contains("it is not a regular file"));
    }
}

#[test]
fn limits_hold_for_all_files_together() {
    let values = |count: usize| format!("{{x-values: [{}]}}", vec!["1"; count].join(","));
    let folder = Folder::new(&[("root.yaml", &schemas("    A: {$ref: a.yaml}\n    B: {$ref: b.yaml}\n"))]);
    folder.write("a.yaml", values(1100));
    folder.write("b.yaml", values(1100));
    let mut sources = Sources::with_limits(Limits { values: 2000, ..Limits::default() });
    let spec = document_within(folder.path("root.yaml").to_str().unwrap(), Reach::Directory, &mut sources).unwrap();
    let diagnostics =
        render(&clientwright::lint(&sources, &ApiConfig::new("root", spec.as_str())), &sources, &Style::default());
    assert!(diagnostics.contains("error[limit]") && diagnostics.contains("b.yaml"), "{diagnostics}");
    // A sparse file needs neither disk space nor memory.
    let huge = fs::File::create(folder.path("a.yaml")).unwrap();
    huge.set_len(1 << 40).unwrap();
    let diagnostics = folder.diagnostics("root.yaml");
    assert!(diagnostics.contains("`a.yaml` is too large"), "{diagnostics}");
}

#[test]
fn relative_root_path_limits_references_to_its_folder() {
    // Cargo runs tests in the folder of their package. The path of `root.yaml` is relative to that folder.
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("relative-files");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("root.yaml"), schemas("    A: {$ref: a.yaml}\n    B: {$ref: /etc/passwd}\n")).unwrap();
    fs::write(folder.join("a.yaml"), "{type: object, properties: {b: {type: string}}}").unwrap();
    let base = std::env::current_dir().unwrap();
    let up = "../".repeat(base.components().count() - 1);
    let relative = format!("{up}{}", folder.strip_prefix("/").unwrap().join("root.yaml").display());
    let mut sources = Sources::new();
    let spec = document_within(&relative, Reach::Directory, &mut sources).unwrap();
    let diagnostics = clientwright::lint(&sources, &ApiConfig::new("root", spec.as_str()));
    let errors: Vec<_> = diagnostics.sorted().into_iter().filter(|one| one.severity == Severity::Error).collect();
    assert_eq!(errors.len(), 1, "{errors:?}");
    assert!(errors[0].message.contains("`/etc/passwd` is outside"), "{errors:?}");
}
