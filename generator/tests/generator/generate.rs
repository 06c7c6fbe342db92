//! Tests of `clientwright generate`, as users run it.

use std::fs;
use std::io::Write;
use std::path::Path;
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

/// Creates a folder with `clients.toml` and the document `zoo.yaml`, of which it generates the crate `zoo`.
fn configured() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let toml = "[[crate]]\nname = 'zoo'\ndirectory = 'zoo'\n[[crate.api]]\nname = 'animals'\nspec = 'zoo.yaml'\n";
    fs::write(folder.path().join("clients.toml"), toml).unwrap();
    fs::write(folder.path().join("zoo.yaml"), document("Removes them")).unwrap();
    folder
}

#[test]
fn configured_crates_are_written_and_checked() {
    let folder = configured();
    let run = |arguments: &[&str]| generate().args(arguments).current_dir(folder.path()).output().unwrap();
    let dry = run(&["--dry-run"]);
    assert_exit(&dry, 0);
    assert!(text(&dry.stdout).starts_with("  missing  clientwright.lock\n"), "{}", text(&dry.stdout));
    assert!(text(&dry.stdout).contains("  missing  zoo/.manifest\n"), "{}", text(&dry.stdout));
    assert!(!folder.path().join("zoo").exists() && !folder.path().join("clientwright.lock").exists());

    let missing = run(&["--config", "clients.toml", "--check"]);
    assert_exit(&missing, 1);
    let shown = text(&missing.stderr);
    let command = "help: run `clientwright generate --config clients.toml` and commit the result\n";
    assert!(shown.starts_with("error: ") && shown.ends_with(command), "{shown}");

    let written = run(&[]);
    assert_exit(&written, 0);
    assert!(text(&written.stdout).starts_with("zoo: ") && text(&written.stdout).contains(" removed in zoo ("));
    let check = run(&["--check"]);
    assert_exit(&check, 0);
    assert_eq!((text(&check.stdout), text(&check.stderr)), ("", ""));

    // From another directory, the paths in the file are still relative to it.
    let config = folder.path().join("clients.toml");
    assert_exit(&generate().arg("--config").arg(config).arg("--check").output().unwrap(), 0);

    let orphan = folder.path().join("zoo/src/orphan.rs");
    fs::copy(folder.path().join("zoo/src/lib.rs"), &orphan).unwrap();
    let report = run(&["--check", "--format", "json"]);
    assert_exit(&report, 1);
    let report: serde_json::Value = serde_json::from_slice(&report.stdout).unwrap();
    assert!(report["diagnostics"][0]["message"].as_str().unwrap().contains("  orphan   zoo/src/orphan.rs"), "{report}");
    assert_exit(&run(&[]), 0);
    assert!(!orphan.exists());
}

#[test]
fn all_crates_are_generated_or_none() {
    let folder = configured();
    let second = "[[crate]]\nname = 'park'\ndirectory = 'park'\n[[crate.api]]\nname = 'park'\nspec = 'park.yaml'\n";
    let first = fs::read_to_string(folder.path().join("clients.toml")).unwrap();
    fs::write(folder.path().join("clients.toml"), first + second).unwrap();
    fs::write(folder.path().join("park.yaml"), document("x").replace("'204':", "'2040':")).unwrap();
    let run = || generate().current_dir(folder.path()).output().unwrap();
    let invalid = run();
    assert_exit(&invalid, 1);
    assert!(text(&invalid.stderr).contains("park.yaml:"), "{}", text(&invalid.stderr));
    assert!(!folder.path().join("zoo").exists());

    fs::write(folder.path().join("park.yaml"), document("x")).unwrap();
    fs::create_dir(folder.path().join("park")).unwrap();
    fs::write(folder.path().join("park/Cargo.toml"), "# mine\n").unwrap();
    let refused = run();
    assert_exit(&refused, 1);
    assert!(text(&refused.stderr).contains("\n  park/Cargo.toml\n"), "{}", text(&refused.stderr));
    assert!(!folder.path().join("zoo/Cargo.toml").exists() && !folder.path().join("clientwright.lock").exists());
    assert_exit(&generate().arg("--force").current_dir(folder.path()).output().unwrap(), 0);
}

#[test]
fn document_is_compared_with_its_crate() {
    let folder = configured();
    let run = |arguments: &[&str]| {
        let document = ["zoo.yaml", "--out", "out"];
        generate().args(document).args(arguments).current_dir(folder.path()).output().unwrap()
    };
    assert_exit(&run(&["--check"]), 1);
    let dry = run(&["--dry-run"]);
    assert_exit(&dry, 0);
    assert!(text(&dry.stdout).contains("  missing  out/clientwright.lock\n"), "{}", text(&dry.stdout));
    assert!(!folder.path().join("out").exists());
    assert_exit(&run(&[]), 0);
    assert_exit(&run(&["--check"]), 0);
    fs::remove_file(folder.path().join("out/clientwright.lock")).unwrap();
    let missing = run(&["--check"]);
    assert_exit(&missing, 1);
    assert!(
        text(&missing.stderr).ends_with("help: run `clientwright generate zoo.yaml --out out` and commit the result\n")
    );
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStrExt;

        let out = std::ffi::OsStr::from_bytes(b"\xff");
        let output = generate().args(["zoo.yaml", "--check", "--out"]).arg(out).current_dir(folder.path()).output();
        assert_exit(&output.unwrap(), 1);
    }
}

#[test]
fn url_is_refused_with_the_command_that_fetches_it() {
    let folder = configured();
    let url = "https://zoo.example/v1/openapi.json";
    let command = format!("run `curl --fail --location --output openapi.json {url}`");
    let toml = fs::read_to_string(folder.path().join("clients.toml")).unwrap().replace("zoo.yaml", url);
    fs::write(folder.path().join("clients.toml"), toml).unwrap();
    for arguments in [&["generate", url, "--out", "zoo"][..], &["generate"], &["lint", url]] {
        let mut program = Command::new(env!("CARGO_BIN_EXE_clientwright"));
        let output = program.args(arguments).current_dir(folder.path()).output().unwrap();
        assert_exit(&output, 1);
        let shown = text(&output.stderr);
        assert!(
            shown.contains("is a URL, but nothing is read over the network") && shown.contains(&command),
            "{shown}"
        );
    }
    assert!(!folder.path().join("zoo").exists());
}

#[test]
fn missing_configuration_is_a_usage_error_with_help() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| generate().args(arguments).current_dir(folder.path()).output().unwrap();
    let none = run(&[]);
    assert_exit(&none, 2);
    assert!(text(&none.stderr).contains("`clientwright init SPEC`"), "{}", text(&none.stderr));
    let unreadable = run(&["--config", "other.toml"]);
    assert_exit(&unreadable, 1);
    assert!(text(&unreadable.stderr).starts_with("error: cannot read `other.toml`: "), "{}", text(&unreadable.stderr));
    // Options of a single document are refused, not ignored.
    for arguments in [&["--lenient"][..], &["--out", "zoo"], &["--name", "zoo"], &["zoo.yaml", "--config", "a.toml"]] {
        assert_exit(&run(arguments), 2);
    }
}

fn clientwright(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_clientwright")).args(arguments).current_dir(folder).output().unwrap()
}

#[test]
fn created_configuration_generates_the_crate() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("specs")).unwrap();
    fs::write(folder.path().join("specs/Zoo.yaml"), document("Removes them")).unwrap();
    let created = clientwright(folder.path(), &["init", "specs/Zoo.yaml"]);
    assert_exit(&created, 0);
    assert_eq!(text(&created.stdout), "clients.toml created; run `clientwright generate`\n");
    assert_exit(&clientwright(folder.path(), &["generate"]), 0);
    assert_exit(&clientwright(folder.path(), &["generate", "--check"]), 0);
    // The only API of the crate is in the crate root, as with `generate SPEC`.
    assert!(folder.path().join("zoo/src/client.rs").exists());
    let lock_file = fs::read_to_string(folder.path().join("clientwright.lock")).unwrap();
    assert!(lock_file.contains("\n[zoo]\nmethod DELETE /bears = "), "{lock_file}");

    let again = clientwright(folder.path(), &["init", "specs/Zoo.yaml"]);
    assert_exit(&again, 1);
    assert!(text(&again.stderr).starts_with("error: `clients.toml` already exists"), "{}", text(&again.stderr));
    let other = ["--config", "specs/clients.toml", "--out", "park", "--name", "park-client"];
    let created = clientwright(folder.path(), &[&["init", "specs/Zoo.yaml"], &other[..]].concat());
    assert!(text(&created.stdout).ends_with("run `clientwright generate --config specs/clients.toml`\n"));
    assert_exit(&clientwright(folder.path(), &["generate", "--config", "specs/clients.toml"]), 0);
    assert!(fs::read_to_string(folder.path().join("park/Cargo.toml")).unwrap().contains("name = \"park-client\""));
}

#[test]
fn init_refuses_what_cannot_be_configured() {
    let folder = configured();
    let run =
        |arguments: &[&str]| clientwright(folder.path(), &[&["init", "--config", "new.toml"], arguments].concat());
    for (arguments, code, message) in [
        (&["-"][..], 2, "`init` needs the path of a file"),
        (&["https://zoo.example/zoo.yaml"], 1, "run `curl "),
        (&["none.yaml"], 1, "cannot read `none.yaml`"),
        (&["zoo.yaml", "--out", "."], 1, "would contain `clients.toml`"),
        (&["zoo.yaml", "--name", "serde"], 2, "dependency of each generated crate"),
    ] {
        let output = run(arguments);
        assert_exit(&output, code);
        assert!(text(&output.stderr).contains(message), "{}", text(&output.stderr));
    }
    assert!(!folder.path().join("new.toml").exists());
}

/// Names in the crate root keep their lines when `clients.toml` lists another crate.
#[test]
fn crates_with_root_apis_share_a_lock_file() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("zoo.yaml"), document("x")).unwrap();
    let toml =
        |name: &str| format!("[[crate]]\nname = '{name}'\ndirectory = '{name}'\n[[crate.api]]\nspec = 'zoo.yaml'\n");
    fs::write(folder.path().join("clients.toml"), toml("zoo")).unwrap();
    assert_exit(&clientwright(folder.path(), &["generate"]), 0);
    let lock_file = folder.path().join("clientwright.lock");
    // A name that only the lock file contains shows that it is read.
    let renamed = fs::read_to_string(&lock_file)
        .unwrap()
        .replace("method DELETE /bears = remove", "method DELETE /bears = dismiss");
    fs::write(&lock_file, renamed).unwrap();
    fs::write(folder.path().join("clients.toml"), toml("zoo") + &toml("park")).unwrap();
    let output = clientwright(folder.path(), &["generate"]);
    assert_exit(&output, 0);
    let lines = fs::read_to_string(&lock_file).unwrap();
    let (park, zoo) = lines.split_once("\n[zoo]\n").unwrap();
    assert!(park.contains("\n[park]\n") && !park.contains("dismiss"), "{lines}");
    assert!(zoo.contains("method DELETE /bears = dismiss"), "{lines}");
    assert!(!text(&output.stdout).contains("  - "), "{}", text(&output.stdout));
    assert_exit(&clientwright(folder.path(), &["generate", "--check"]), 0);
}

#[test]
fn lenient_is_configured_for_each_crate() {
    let folder = configured();
    let dangling = document("x")
        .replace("description: Gone", "{$ref: '#/components/responses/None'}")
        .replace("'204':\n          {", "'204': {");
    fs::write(folder.path().join("zoo.yaml"), dangling).unwrap();
    assert_exit(&clientwright(folder.path(), &["generate"]), 1);
    let toml = fs::read_to_string(folder.path().join("clients.toml")).unwrap();
    fs::write(folder.path().join("clients.toml"), toml.replace("[[crate.api]]", "lenient = true\n[[crate.api]]"))
        .unwrap();
    let output = clientwright(folder.path(), &["generate"]);
    assert_exit(&output, 0);
    assert!(text(&output.stderr).starts_with("warning[ref-not-found]"), "{}", text(&output.stderr));
}

#[test]
fn levels_apply_to_generate() {
    let folder = configured();
    let toml = fs::read_to_string(folder.path().join("clients.toml")).unwrap();
    let unused = document("x") + "components: {schemas: {Cage: {type: object}}}\n";
    fs::write(folder.path().join("zoo.yaml"), unused).unwrap();
    let run = |level: &str| {
        let configured = format!("[lint]\nunused-component = '{level}'\n{toml}");
        fs::write(folder.path().join("clients.toml"), configured).unwrap();
        let output = clientwright(folder.path(), &["generate"]);
        (output.status.code(), text(&output.stderr).to_owned())
    };
    let (code, shown) = run("error");
    assert!(code == Some(1) && shown.starts_with("error[unused-component]"), "{shown}");
    assert!(!folder.path().join("zoo").exists());
    let (code, shown) = run("warn");
    assert!(code == Some(0) && shown.starts_with("warning[unused-component]"), "{shown}");
    assert_eq!(run("allow"), (Some(0), String::new()));
}

#[test]
fn documents_outside_of_the_folder_need_permission() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("specs")).unwrap();
    let spec = document("x")
        .replace("description: Gone", "{$ref: '../shared.yaml#/Gone'}")
        .replace("'204':\n          {", "'204': {");
    fs::write(folder.path().join("specs/zoo.yaml"), spec).unwrap();
    fs::write(folder.path().join("shared.yaml"), "Gone: {description: Gone}\n").unwrap();
    let configure = |line: &str| {
        let toml =
            format!("[[crate]]\nname = 'zoo'\ndirectory = 'zoo'\n{line}[[crate.api]]\nspec = 'specs/zoo.yaml'\n");
        fs::write(folder.path().join("clients.toml"), toml).unwrap();
    };
    configure("");
    assert_exit(&clientwright(folder.path(), &["generate"]), 1);
    assert_exit(&clientwright(folder.path(), &["generate", "--allow-outside"]), 0);
    configure("allow-outside = true\n");
    assert_exit(&clientwright(folder.path(), &["generate", "--check"]), 0);
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
