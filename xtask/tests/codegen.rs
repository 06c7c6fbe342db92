//! Tests of `cargo xtask codegen`, as developers and CI run it.

#![allow(clippy::unwrap_used, reason = "a test that panics is a test that fails")]

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use clientwright::output::MANIFEST;
use tempfile::TempDir;

fn xtask() -> Command {
    Command::new(env!("CARGO_BIN_EXE_xtask"))
}

/// Returns a document with several tags, so that several files are generated.
fn document(summary: &str) -> String {
    let mut document =
        "openapi: 3.0.3\ninfo:\n  title: Zoo\n  version: 1.0.0\nservers:\n  - url: https://zoo.example\npaths:\n"
            .to_owned();
    for animal in ["Bears", "Cats", "Dogs", "Elks", "Foxes"] {
        document += &format!(
            "  /{}:\n    delete:\n      operationId: remove{animal}\n      summary: {summary}\n      tags: [{animal}]\n      \
             responses:\n        '204':\n          description: Gone\n",
            animal.to_lowercase()
        );
    }
    document
}

/// A temporary workspace for `cargo xtask codegen`.
struct Workspace {
    folder: TempDir,
}

impl Workspace {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("specs")).unwrap();
        let toml = "[[crate]]\nname = \"zoo-client\"\ndirectory = \"../generated\"\n[[crate.api]]\nname = \"zoo\"\nspec = \"zoo.yaml\"\n";
        fs::write(folder.path().join("specs/clients.toml"), toml).unwrap();
        fs::write(folder.path().join("specs/zoo.yaml"), document("Removes them")).unwrap();
        Self { folder }
    }

    fn codegen(&self, arguments: &[&str]) -> Output {
        xtask().arg("codegen").arg("--root").arg(self.folder.path()).args(arguments).output().unwrap()
    }

    fn path(&self, file: &str) -> PathBuf {
        self.folder.path().join(file)
    }

    /// Returns the contents of the files that the manifest lists, by path.
    fn generated(&self) -> BTreeMap<String, String> {
        let manifest = fs::read_to_string(self.path("generated/.manifest")).unwrap();
        let listed = manifest.lines().filter(|line| !line.starts_with('#')).map(str::to_owned);
        let files = listed.chain([MANIFEST.to_owned()]);
        files.map(|file| (file.clone(), fs::read_to_string(self.path("generated").join(file)).unwrap())).collect()
    }
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

#[track_caller]
fn assert_exit(output: &Output, code: i32) {
    assert_eq!(output.status.code(), Some(code), "{}{}", text(&output.stdout), text(&output.stderr));
}

#[test]
fn codegen_writes_checks_and_restores() {
    let workspace = Workspace::new();
    let first = workspace.codegen(&[]);
    assert_exit(&first, 0);
    let [written, names] = text(&first.stdout).lines().collect::<Vec<_>>().try_into().unwrap();
    assert!(written.starts_with("zoo-client: ") && names.ends_with(" names recorded in clientwright.lock"), "{names}");
    let files = workspace.generated();
    let lock_file = fs::read_to_string(workspace.path("specs/clientwright.lock")).unwrap();
    assert!(lock_file.contains("\n[zoo-client/zoo]\nmethod DELETE /bears = "), "{lock_file}");

    let second = workspace.codegen(&[]);
    assert!(text(&second.stdout).starts_with("zoo-client: 0 files written, "), "{}", text(&second.stdout));
    let check = workspace.codegen(&["--check"]);
    assert_exit(&check, 0);
    assert_eq!((text(&check.stdout), text(&check.stderr)), ("", ""));

    fs::remove_dir_all(workspace.path("generated")).unwrap();
    let check = workspace.codegen(&["--check"]);
    assert_exit(&check, 1);
    assert!(text(&check.stderr).starts_with("error: "), "{}", text(&check.stderr));
    assert!(text(&check.stderr).contains("  missing  generated/.manifest\n"), "{}", text(&check.stderr));
    assert!(!workspace.path("generated").exists(), "the check wrote files");
    let dry = workspace.codegen(&["--dry-run"]);
    assert_exit(&dry, 0);
    assert!(text(&dry.stdout).contains("  missing  generated/.manifest\n"));
    assert!(!workspace.path("generated").exists(), "the dry run wrote files");

    assert_exit(&workspace.codegen(&[]), 0);
    assert_eq!(workspace.generated(), files);
}

#[test]
fn codegen_lists_changed_names_and_checks_lock_file() {
    let workspace = Workspace::new();
    assert_exit(&workspace.codegen(&[]), 0);
    let grown = document("Removes them").replace("operationId: removeElks", "operationId: removeAll");
    let grown = grown.replace(
        "  /dogs:",
        "  /dogs/{id}:\n    delete:\n      operationId: removeDog\n      tags: [Dogs]\n      \
        parameters: [{name: id, in: path, required: true, schema: {type: string}}]\n      \
        responses:\n        '204':\n          description: Gone\n  /dogs:",
    );
    fs::write(workspace.path("specs/zoo.yaml"), grown).unwrap();
    let output = workspace.codegen(&[]);
    assert_exit(&output, 0);
    assert!(text(&output.stdout).contains("  + id (argument DELETE /dogs/{id} path:id) in zoo-client/zoo\n"));
    assert!(
        text(&output.stdout).ends_with(" names added, 0 names removed\nzoo-client: needs a minor version\n"),
        "{}",
        text(&output.stdout)
    );

    let lock_file = workspace.path("specs/clientwright.lock");
    fs::remove_file(&lock_file).unwrap();
    let check = workspace.codegen(&["--check"]);
    assert_exit(&check, 1);
    assert!(text(&check.stderr).contains("  missing  specs/clientwright.lock\n"), "{}", text(&check.stderr));

    fs::write(&lock_file, "# lock format 1\n[zoo-client/zoo]\nmethod DELETE /bears = a-b\n").unwrap();
    let output = workspace.codegen(&[]);
    assert_exit(&output, 1);
    assert!(text(&output.stderr).contains("specs/clientwright.lock:3:24"), "{}", text(&output.stderr));
}

#[test]
fn codegen_repairs_files_after_merge() {
    let workspace = Workspace::new();
    assert_exit(&workspace.codegen(&[]), 0);
    let files = workspace.generated();
    for (file, text) in &files {
        let conflict = format!("<<<<<<< HEAD\n{text}=======\n{text}// theirs\n>>>>>>> theirs\n");
        fs::write(workspace.path("generated").join(file), conflict).unwrap();
    }
    let check = workspace.codegen(&["--check"]);
    assert_exit(&check, 1);
    for file in files.keys() {
        assert!(
            text(&check.stderr).contains(&format!("  stale    generated/{file} ")),
            "{file}: {}",
            text(&check.stderr)
        );
    }
    assert_exit(&workspace.codegen(&[]), 0);
    assert_eq!(workspace.generated(), files);
}

#[test]
fn codegen_refuses_to_replace_foreign_files() {
    let workspace = Workspace::new();
    fs::create_dir(workspace.path("generated")).unwrap();
    fs::write(workspace.path("generated/.manifest"), "mine\n").unwrap();
    for arguments in [&[][..], &["--dry-run"]] {
        let refused = workspace.codegen(arguments);
        assert_exit(&refused, 1);
        assert!(text(&refused.stderr).contains("\n  generated/.manifest\n"), "{}", text(&refused.stderr));
    }
    assert_eq!(fs::read_dir(workspace.path("generated")).unwrap().count(), 1);
    assert_exit(&workspace.codegen(&["--force"]), 0);
    assert_exit(&workspace.codegen(&["--check"]), 0);
}

#[test]
fn killed_codegen_is_completed_by_next_run() {
    let workspace = Workspace::new();
    assert_exit(&workspace.codegen(&[]), 0);
    let old = workspace.generated();
    fs::write(workspace.path("specs/zoo.yaml"), document("Sets them free")).unwrap();
    let mut never_killed = 0;
    for round in 0..20 {
        let mut run = xtask()
            .arg("codegen")
            .arg("--root")
            .arg(workspace.folder.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // Kill the run after a delay that grows with each round.
        for _ in 0..round * round {
            let _ = run.try_wait();
        }
        run.kill().unwrap();
        never_killed += usize::from(run.wait().unwrap().success());
    }
    // The killed runs have truncated no file, and one more run writes the remaining files.
    for (file, before) in &old {
        let now = fs::read_to_string(workspace.path("generated").join(file)).unwrap();
        assert!(now == *before || now.ends_with('\n'), "{file} ({never_killed} runs were not killed)");
    }
    assert_exit(&workspace.codegen(&[]), 0);
    assert_exit(&workspace.codegen(&["--check"]), 0);
    let fresh = Workspace::new();
    fs::write(fresh.path("specs/zoo.yaml"), document("Sets them free")).unwrap();
    assert_exit(&fresh.codegen(&[]), 0);
    assert_eq!(workspace.generated(), fresh.generated());
}

#[test]
fn codegen_reports_invalid_spec_and_configuration() {
    let workspace = Workspace::new();
    fs::remove_file(workspace.path("specs/zoo.yaml")).unwrap();
    let output = workspace.codegen(&[]);
    assert_exit(&output, 1);
    assert!(text(&output.stderr).contains("cannot read `specs/zoo.yaml`"), "{}", text(&output.stderr));
    fs::remove_file(workspace.path("specs/clients.toml")).unwrap();
    let output = workspace.codegen(&[]);
    assert_exit(&output, 1);
    assert!(text(&output.stderr).starts_with("error: cannot read `specs/clients.toml`: "), "{}", text(&output.stderr));
    assert_exit(&workspace.codegen(&["--chekc"]), 2);
    assert_exit(&workspace.codegen(&["--check", "--dry-run"]), 2);
}
