//! Tests of `clientwright generate`, as users run it.

use std::fs;
use std::io::Write;
use std::process::{Command, Output, Stdio};

use clientwright::output::{MANIFEST, Root};

fn generate() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_clientwright"));
    command.arg("generate");
    command
}

/// Returns a document with several tags, which generates several files.
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

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

#[track_caller]
fn assert_exit(output: &Output, code: i32) {
    assert_eq!(output.status.code(), Some(code), "{}{}", text(&output.stdout), text(&output.stderr));
}

#[test]
fn generate_reads_file_and_standard_input() {
    let folder = tempfile::tempdir().unwrap();
    let spec = folder.path().join("zoo.yaml");
    fs::write(&spec, document("Removes them")).unwrap();
    let out = folder.path().join("made/out");
    let output = generate().arg(&spec).args(["--name", "zoo", "--out"]).arg(&out).output().unwrap();
    assert_exit(&output, 0);
    assert!(text(&output.stdout).starts_with("zoo: "), "{}", text(&output.stdout));
    assert!(Root::new(&out).path().join(MANIFEST).exists());

    let mut run = generate()
        .args(["-", "--name", "zoo", "--out"])
        .arg(folder.path().join("piped"))
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    run.stdin.take().unwrap().write_all(document("Removes them").as_bytes()).unwrap();
    assert_eq!(run.wait().unwrap().code(), Some(0));
    assert_eq!(fs::read(out.join(MANIFEST)).unwrap(), fs::read(folder.path().join("piped").join(MANIFEST)).unwrap());
}

#[test]
fn concurrent_generate_leaves_one_crate() {
    let folder = tempfile::tempdir().unwrap();
    let run = |name: &str, out: &str| {
        let spec = folder.path().join(format!("{name}.yaml"));
        fs::write(&spec, document(name).replace("Bears", name)).unwrap();
        let mut command = generate();
        command.arg(&spec).args(["--name", name, "--out"]).arg(folder.path().join(out));
        command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    };
    let contents = |out: &str| {
        let manifest = fs::read_to_string(folder.path().join(out).join(MANIFEST)).unwrap();
        let files = manifest.lines().filter(|line| !line.starts_with('#'));
        files.map(|file| fs::read_to_string(folder.path().join(out).join(file)).unwrap()).collect::<Vec<_>>()
    };
    let alone = ["zoo", "park"].map(|name| {
        assert!(run(name, name).wait().unwrap().success());
        contents(name)
    });
    for round in 0..10 {
        let out = format!("both-{round}");
        for mut child in ["zoo", "park"].map(|name| run(name, &out)) {
            assert!(child.wait().unwrap().success());
        }
        assert!(alone.contains(&contents(&out)), "round {round}: files of both crates");
    }
}

#[test]
fn generate_reports_errors_and_writes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let run = |arguments: &[&str]| generate().args(arguments).arg("--out").arg(&out).output().unwrap();
    let unreadable = run(&["/nowhere/zoo.yaml"]);
    assert_exit(&unreadable, 1);
    assert!(
        text(&unreadable.stderr).starts_with("error: cannot read `/nowhere/zoo.yaml`: "),
        "{}",
        text(&unreadable.stderr)
    );
    assert_exit(&run(&["-", "--name", "no name"]), 2);
    assert_exit(&run(&[]), 2);
    assert!(!out.exists());
}
