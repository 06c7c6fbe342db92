//! Runs the commands of the GitHub Action (`action.yml`) and of the pre-commit hook (`.pre-commit-hooks.yaml`).

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_yaml::Value;
use tempfile::TempDir;

const DOCUMENT: &str = "openapi: 3.0.3\ninfo: {title: Zoo, version: '1'}\nservers: [{url: https://zoo.example}]\n\
                        paths: {/cats: {get: {operationId: listCats, responses: {'204': {description: None.}}}}}\n";

fn program() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_clientwright"))
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().unwrap()
}

/// Returns a folder with a `clients.toml` whose crate has been generated.
fn project() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("zoo.yaml"), DOCUMENT).unwrap();
    for command in [&["init", "zoo.yaml"][..], &["generate"]] {
        let output = Command::new(program()).args(command).current_dir(folder.path()).output().unwrap();
        assert!(output.status.success(), "{output:?}");
    }
    folder
}

/// Runs a command with Bash, where `programs` comes first in the path.
fn bash(command: &str, folder: &Path, programs: &Path, variables: &[(&str, &Path)]) -> Output {
    let path = format!("{}:{}", programs.display(), std::env::var("PATH").unwrap());
    let mut bash = Command::new("bash");
    bash.args(["-e", "-o", "pipefail", "-c", command]).current_dir(folder).env("PATH", path);
    bash.envs(variables.iter().copied()).output().unwrap()
}

/// Asserts that a check succeeds, and that it fails after a generated file has changed. Returns what it prints then.
fn assert_checks(folder: &Path, check: impl Fn() -> Output) -> String {
    let output = check();
    assert!(output.status.success(), "{output:?}");
    fs::write(folder.join("zoo/src/lib.rs"), "// changed\n").unwrap();
    let output = check();
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    String::from_utf8([output.stdout, output.stderr].concat()).unwrap()
}

#[test]
fn hook_checks_crates() {
    let hooks = fs::read_to_string(repository().join(".pre-commit-hooks.yaml")).unwrap();
    let hooks: Value = serde_yaml::from_str(&hooks).unwrap();
    let hook = &hooks[0];
    assert_eq!((hook["id"].as_str(), hook["language"].as_str()), (Some("clientwright"), Some("system")));
    // Otherwise, pre-commit appends the names of changed files to the command.
    assert_eq!(hook["pass_filenames"].as_bool(), Some(false));
    let entry = hook["entry"].as_str().unwrap();
    let project = project();
    let programs = program().parent().unwrap();
    let printed = assert_checks(project.path(), || bash(entry, project.path(), programs, &[]));
    assert!(printed.contains("  stale    zoo/src/lib.rs "), "{printed}");
}

#[test]
fn action_installs_program_and_checks_crates() {
    let action = fs::read_to_string(repository().join("action.yml")).unwrap();
    let action: Value = serde_yaml::from_str(&action).unwrap();
    assert_eq!(action["runs"]["using"].as_str(), Some("composite"));
    let steps = action["runs"]["steps"].as_sequence().unwrap();
    let [install, check] = steps.as_slice() else { panic!("{steps:?}") };

    // Instead of Cargo, this program copies the program of this test.
    let project = project();
    let temporary = tempfile::tempdir().unwrap();
    let cargo = temporary.path().join("cargo");
    let script = format!(
        "#!/bin/sh\n[ \"$1 $2 $3 $4 $6\" = 'install --quiet --locked --path --root' ] && [ -f \"$5/Cargo.toml\" ] &&\n\
         mkdir -p \"$7/bin\" && cp '{}' \"$7/bin/clientwright\"\n",
        program().display()
    );
    fs::write(&cargo, script).unwrap();
    fs::set_permissions(&cargo, fs::Permissions::from_mode(0o755)).unwrap();

    let config = action["inputs"]["config"]["default"].as_str().unwrap();
    assert_eq!(check["env"]["CONFIG"].as_str(), Some("${{ inputs.config }}"));
    let run = |step: &Value| {
        assert_eq!(step["shell"].as_str(), Some("bash"));
        let repository = repository();
        let variables =
            [("GITHUB_ACTION_PATH", &*repository), ("RUNNER_TEMP", temporary.path()), ("CONFIG", Path::new(config))];
        bash(step["run"].as_str().unwrap(), project.path(), temporary.path(), &variables)
    };
    let output = run(install);
    assert!(output.status.success(), "{output:?}");
    let printed = assert_checks(project.path(), || run(check));
    assert!(printed.starts_with("::error ") && printed.contains("zoo/src/lib.rs"), "{printed}");
}
