//! Tests of `clientwright diff` from the command line: documents, `clients.toml`, formats and exit codes.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

const OLD: &str = "openapi: 3.0.3
info: {title: Zoo, version: '1'}
servers: [{url: https://zoo.example}]
paths:
  /animals:
    get:
      operationId: listAnimals
      responses: {'204': {description: Done.}}
  /plants:
    get:
      operationId: listPlants
      responses: {'204': {description: Done.}}
";

fn new() -> String {
    let end = OLD.find("  /plants:").unwrap();
    OLD.get(..end).unwrap().to_owned()
}

/// Writes both versions, and runs the program in their directory with `input` as its standard input.
fn diff(directory: &Path, arguments: &[&str], input: &str) -> Output {
    fs::write(directory.join("old.yaml"), OLD).unwrap();
    fs::write(directory.join("new.yaml"), new()).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_clientwright"));
    let command = command.arg("diff").args(arguments).current_dir(directory);
    let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // The program does not read standard input in most tests.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

#[test]
fn exit_code_follows_level() {
    let directory = tempfile::tempdir().unwrap();
    for (arguments, code) in [
        (&["old.yaml", "new.yaml"][..], 0),
        (&["old.yaml", "new.yaml", "--fail-on", "breaking"], 1),
        (&["old.yaml", "new.yaml", "--fail-on", "major"], 1),
        (&["new.yaml", "old.yaml", "--fail-on", "major"], 0),
        (&["new.yaml", "old.yaml", "--fail-on", "minor"], 1),
        (&["new.yaml", "old.yaml", "--fail-on", "breaking"], 0),
        (&["old.yaml", "old.yaml", "--fail-on", "any"], 0),
        (&["old.yaml", "missing.yaml"], 1),
        (&["old.yaml"], 2),
    ] {
        let output = diff(directory.path(), arguments, "");
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {}", text(&output.stderr));
    }
}

#[test]
fn old_version_is_read_from_standard_input() {
    let directory = tempfile::tempdir().unwrap();
    let output = diff(directory.path(), &["-", "new.yaml"], OLD);
    let expected = "major, breaking    operation `listPlants` is removed (<stdin>:11:20)\n\
                    1 difference: the crate needs a major version; running clients may break\n";
    assert_eq!(text(&output.stdout), expected, "{}", text(&output.stderr));
}

#[test]
fn errors_in_documents_are_reported() {
    let directory = tempfile::tempdir().unwrap();
    let output = diff(directory.path(), &["-", "new.yaml", "--format", "json"], "openapi: 3.0.3\n");
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty() && text(&output.stderr).contains("<stdin>:1:1"), "{}", text(&output.stderr));
}

#[test]
fn configuration_has_overlays_and_names() {
    let directory = tempfile::tempdir().unwrap();
    let api = "[[crate]]\nname = 'zoo'\ndirectory = 'zoo'\n[[crate.api]]\nspec = 'new.yaml'\noverlays = ['fix.yaml']\n";
    let fix = "overlay: 1.0.0\ninfo: {title: Fix, version: '1'}\nactions:\n- target: $.paths['/animals'].get\n  update: \
               {deprecated: true}\n";
    fs::write(directory.path().join("fix.yaml"), fix).unwrap();
    fs::write(directory.path().join("clients.toml"), api).unwrap();
    let arguments = ["old.yaml", "new.yaml", "--config", "clients.toml", "--format", "markdown"];
    let output = diff(directory.path(), &arguments, "");
    let expected = "### Removed\n\n* **Breaking, also for running clients**: operation `listPlants` is removed.\n";
    assert_eq!(text(&output.stdout), expected, "{}", text(&output.stderr));

    let other = api.replace("'new.yaml'\n", "'a.yaml'\n").replace("'zoo'", "'b'");
    fs::write(directory.path().join("a.yaml"), OLD).unwrap();
    let several = format!("{}{other}", api.replace("'new.yaml'", "'fix.yaml'"));
    fs::write(directory.path().join("clients.toml"), several).unwrap();
    let output = diff(directory.path(), &arguments, "");
    assert_eq!(output.status.code(), Some(2));
    let message = "error: no API of `clients.toml` has the document `new.yaml`";
    assert!(text(&output.stderr).starts_with(message), "{}", text(&output.stderr));
}

#[test]
fn generate_prints_version_bump() {
    let directory = tempfile::tempdir().unwrap();
    let generate = |document: &str| {
        fs::write(directory.path().join("zoo.yaml"), document).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_clientwright"));
        let command = command.args(["generate", "zoo.yaml", "--out", "zoo"]).current_dir(directory.path());
        let output = command.output().unwrap();
        assert!(output.status.success(), "{}", text(&output.stderr));
        text(&output.stdout).to_owned()
    };
    assert!(!generate(&new()).contains("needs a"));
    let added = generate(OLD);
    assert!(added.contains("zoo: needs a minor version\n"), "{added}");
    assert!(!generate(OLD).contains("needs a"));
    let removed = generate(&new());
    let expected = "zoo: needs a major version, because callers may no longer compile:\n  operations::";
    assert!(removed.contains(expected), "{removed}");
}

#[test]
fn settings_for_new_items_do_not_concern_the_old_version() {
    let directory = tempfile::tempdir().unwrap();
    let toml = "[[crate]]\nname = 'zoo'\ndirectory = 'zoo'\n[[crate.api]]\nspec = 'old.yaml'\n\
                rename = { operations = { listPlants = 'flora' } }\n";
    fs::write(directory.path().join("clients.toml"), toml).unwrap();
    // `new.yaml` has no operation `listPlants`, so here it is the old version.
    let output = diff(directory.path(), &["new.yaml", "old.yaml", "--config", "clients.toml"], "");
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(text(&output.stdout).contains("operation `listPlants` is new"), "{}", text(&output.stdout));
    let output = diff(directory.path(), &["old.yaml", "new.yaml", "--config", "clients.toml"], "");
    assert!(text(&output.stderr).contains("there is no operation or webhook `listPlants`"), "{}", text(&output.stderr));
}

#[test]
fn crate_on_disk_is_compared_if_old_version_is_lock_file() {
    let directory = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| diff(directory.path(), arguments, "");
    let config = "[[crate]]\nname = 'zoo'\ndirectory = 'zoo'\n[[crate.api]]\nspec = 'old.yaml'\n";
    fs::write(directory.path().join("clients.toml"), config).unwrap();
    let locked = ["clientwright.lock", "new.yaml", "--config", "clients.toml"];
    let no_crate = run(&locked);
    assert_eq!(no_crate.status.code(), Some(1));
    assert!(text(&no_crate.stderr).contains("`zoo` contains no generated crate"), "{}", text(&no_crate.stderr));

    let mut generate = Command::new(env!("CARGO_BIN_EXE_clientwright"));
    let generated = generate.args(["generate", "--quiet"]).current_dir(directory.path()).status().unwrap();
    assert!(generated.success());
    let output = run(&["clientwright.lock", "old.yaml", "--config", "clients.toml", "--fail-on", "any"]);
    assert_eq!((text(&output.stdout), output.status.code()), ("no differences\n", Some(0)));
    let output = run(&[&locked[..], &["--fail-on", "major"]].concat());
    let expected = "major, unknown     Rust item `operations::ListPlants` is removed\n\
                    major, unknown     Rust item `operations::Operations` no longer has `list_plants`\n\
                    2 differences: the crate needs a major version; the effect on running clients is unknown\n";
    assert_eq!(text(&output.stdout), expected);
    assert_eq!(output.status.code(), Some(1));
    let documented = OLD.replace("title: Zoo", "title: Zoo, description: Animals.");
    let output = diff(directory.path(), &["clientwright.lock", "-", "--config", "clients.toml"], &documented);
    let expected = "patch, unknown     generated code changes, but its public API stays the same\n\
                    1 difference: the crate needs a patch version; the effect on running clients is unknown\n";
    assert_eq!(text(&output.stdout), expected, "{}", text(&output.stderr));

    fs::write(directory.path().join("clients.toml"), config.replace("directory", "features = ['gzip']\ndirectory"))
        .unwrap();
    let output = run(&["clientwright.lock", "old.yaml", "--config", "clients.toml"]);
    assert!(
        text(&output.stdout).contains("minor, unknown     Cargo feature `gzip` is new\n"),
        "{}",
        text(&output.stdout)
    );
    fs::write(directory.path().join("clients.toml"), config).unwrap();

    for (arguments, expected) in [
        (&["clientwright.lock", "new.yaml"][..], "add `--config clients.toml`"),
        (
            &["other/clientwright.lock", "new.yaml", "--config", "clients.toml"],
            "is not the lock file of `clients.toml`",
        ),
        (&[&locked[..], &["--fail-on", "breaking"]].concat(), "needs the old document"),
    ] {
        let output = run(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(text(&output.stderr).contains(expected), "{arguments:?}: {}", text(&output.stderr));
    }
}

#[test]
fn settings_of_the_crate_apply_to_both_versions() {
    let directory = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| fs::write(directory.path().join(path), text).unwrap();
    fs::create_dir(directory.path().join("api")).unwrap();
    write("common.yaml", "{type: string}\n");
    let refers = "{'200': {description: Done., content: {application/json: {schema: {$ref: '../common.yaml'}}}}}";
    let document = OLD.replacen("{'204': {description: Done.}}", refers, 1);
    write("api/a.yaml", &document);
    write("api/b.yaml", &document);
    let config =
        "[[crate]]\nname = 'zoo'\ndirectory = 'zoo'\nallow-outside = true\n[[crate.api]]\nspec = 'api/a.yaml'\n";
    write("clients.toml", config);
    let output = diff(directory.path(), &["api/a.yaml", "api/b.yaml", "--config", "clients.toml"], "");
    assert_eq!(text(&output.stdout), "no differences\n", "{}", text(&output.stderr));
}
