//! Tests of the diagnostics of the program `clientwright`: arguments, output and exit codes.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

const INVALID: &str = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths:\n  /a:\n    get:\n      responses:\n        \
                      '200': {$ref: '#/components/responses/Missing'}\n";

fn clientwright(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_clientwright"))
        .args(arguments)
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

/// Writes an invalid document to disk and returns its path.
fn invalid(directory: &Path) -> String {
    let path = directory.join("invalid.yaml");
    fs::write(&path, INVALID).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn own_specs_have_no_diagnostics() {
    let specs = ["specs/digicert-iot.yaml", "specs/digicert-mpki.yaml", "specs/keyfactor-command.yaml"];
    let output = clientwright(&[&["lint", "--deny-warnings", "--config", "specs/clients.toml"], &specs[..]].concat());
    assert_eq!(text(&output.stderr), "");
    assert_eq!((text(&output.stdout), output.status.code()), ("3 documents: no problems\n", Some(0)));
}

#[test]
fn lint_reports_errors_and_warnings() {
    let directory = tempfile::tempdir().unwrap();
    let output = clientwright(&["lint", &invalid(directory.path())]);
    let shown = text(&output.stderr);
    assert!(shown.contains("error[ref-not-found]") && shown.contains("warning[operation-id]"), "{shown}");
    assert_eq!((text(&output.stdout), output.status.code()), ("1 document: 1 error, 1 warning\n", Some(1)));
}

#[test]
fn levels_change_exit_code() {
    let directory = tempfile::tempdir().unwrap();
    let spec = directory.path().join("warned.yaml");
    fs::write(&spec, INVALID.replace("{$ref: '#/components/responses/Missing'}", "{description: Fine.}")).unwrap();
    let toml = directory.path().join("clients.toml");
    let run = |level: Option<&str>, more: &[&str]| {
        let level = level.map(|level| format!("operation-id = \"{level}\"")).unwrap_or_default();
        let crates = "[[crate]]\nname = 'a'\ndirectory = 'a'\n[[crate.api]]\nname = 'a'\nspec = 'warned.yaml'\n";
        fs::write(&toml, format!("[lint]\n{level}\n{crates}")).unwrap();
        let arguments = ["lint", spec.to_str().unwrap(), "--config", toml.to_str().unwrap()];
        let output = clientwright(&[&arguments[..], more].concat());
        let summary = text(&output.stdout).split(": ").nth(1).unwrap_or_default().trim_end().to_owned();
        (output.status.code(), summary, text(&output.stderr).to_owned())
    };
    let expect = |(code, summary, _): (Option<i32>, String, String), expected: (i32, &str)| {
        assert_eq!((code, summary.as_str()), (Some(expected.0), expected.1));
    };
    expect(run(None, &[]), (0, "1 warning"));
    expect(run(None, &["--deny-warnings"]), (1, "1 warning"));
    expect(run(Some("allow"), &["--deny-warnings"]), (0, "no problems"));
    expect(run(Some("note"), &["--deny-warnings"]), (0, "1 note"));
    expect(run(Some("error"), &[]), (1, "1 error"));
    let (code, _, shown) = run(Some("forbid"), &[]);
    assert!(code == Some(1) && shown.contains("error[config]") && shown.contains("clients.toml:2:"), "{shown}");
    let missing = clientwright(&["lint", spec.to_str().unwrap(), "--config", "/nowhere/clients.toml"]);
    assert_eq!(missing.status.code(), Some(1));
    assert!(text(&missing.stderr).contains("cannot read `/nowhere/clients.toml`"), "{}", text(&missing.stderr));
}

#[test]
fn levels_need_no_crate_and_keep_errors() {
    let directory = tempfile::tempdir().unwrap();
    let path = |name: &str| directory.path().join(name).to_str().unwrap().to_owned();
    let (spec, toml) = (path("seats.yaml"), path("clients.toml"));
    let run = |document: &str, levels: &str| {
        fs::write(&spec, document).unwrap();
        fs::write(&toml, format!("[lint]\n{levels}\n")).unwrap();
        let output = clientwright(&["lint", &spec, "--config", &toml]);
        (output.status.code(), text(&output.stdout).to_owned(), text(&output.stderr).to_owned())
    };
    let warned =
        "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths: {}\ncomponents: {schemas: {A: {type: string}}}\n";
    let (code, summary, shown) = run(warned, "unused-component = 'allow'");
    assert_eq!((code, summary.as_str(), shown.as_str()), (Some(0), "1 document: no problems\n", ""));
    // A missing `info` is an error, so its level cannot be lowered. Some other missing properties are warnings.
    let (code, summary, shown) = run("openapi: 3.0.3\npaths: {}\n", "missing = 'allow'");
    assert_eq!((code, summary.as_str()), (Some(1), "1 document: 1 error\n"), "{shown}");
    let (code, _, shown) = run("a: [", "syntax = 'allow'");
    assert!(code == Some(1) && shown.contains("error[config]: `syntax` is always an error"), "{shown}");
}

#[test]
#[cfg(target_os = "linux")]
fn write_error_is_reported() {
    let directory = tempfile::tempdir().unwrap();
    let spec = directory.path().join("fine.yaml");
    fs::write(&spec, "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths: {}\n").unwrap();
    let lint = ["lint", spec.to_str().unwrap(), "--format", "json"];
    for arguments in [&["explain"][..], &["explain", "syntax"], &lint] {
        let full = fs::File::options().write(true).open("/dev/full").unwrap();
        let run = Command::new(env!("CARGO_BIN_EXE_clientwright")).args(arguments).stdout(full).output().unwrap();
        assert_eq!(run.status.code(), Some(1), "{arguments:?}");
        assert!(text(&run.stderr).starts_with("error: cannot write: "), "{}", text(&run.stderr));
        assert_eq!(clientwright(arguments).status.code(), Some(0), "{arguments:?}");
    }
}

#[test]
fn machine_readable_formats_use_standard_output() {
    let directory = tempfile::tempdir().unwrap();
    let spec = invalid(directory.path());
    let out = directory.path().join("out");
    let generate = ["generate", &spec, "--out", out.to_str().unwrap()];
    for command in [&["lint", &spec][..], &generate] {
        let output = clientwright(&[command, &["--format", "json"]].concat());
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let codes: Vec<_> = report["diagnostics"].as_array().unwrap().iter().map(|one| &one["code"]).collect();
        assert!(codes.iter().any(|code| *code == "ref-not-found"), "{codes:?}");
        assert_eq!((&report["errors"], output.status.code()), (&1.into(), Some(1)));

        let output = clientwright(&[command, &["--format", "github"]].concat());
        let line = text(&output.stdout).lines().find(|line| line.starts_with("::error ")).unwrap().to_owned();
        assert!(
            line.starts_with(&format!("::error file={spec},line=7,")) && line.contains("title=ref-not-found::"),
            "{line}"
        );
    }
    assert!(!out.exists());
    assert_eq!(clientwright(&["lint", &spec, "--format", "xml"]).status.code(), Some(2));
}

#[test]
fn text_output_is_limited_and_counts_omitted_diagnostics() {
    let directory = tempfile::tempdir().unwrap();
    let spec = directory.path().join("many.yaml");
    let paths: String =
        (0..30).map(|n| format!("  /{n}:\n    get: {{responses: {{'204': {{description: x}}}}}}\n")).collect();
    fs::write(&spec, format!("openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\npaths:\n{paths}")).unwrap();
    let output = clientwright(&["lint", spec.to_str().unwrap(), "--limit", "2"]);
    let shown = text(&output.stderr);
    assert_eq!(shown.matches("warning[").count(), 2, "{shown}");
    assert!(shown.contains("\n… and 27 more warnings with the code `operation-id`\n… and 1 warning more\n"), "{shown}");
    assert_eq!(text(&output.stdout), "1 document: 30 warnings\n");
    for (option, count) in [(&[][..], 3), (&["--all"], 30), (&["--quiet"], 0)] {
        let output = clientwright(&[&["lint", spec.to_str().unwrap()], option].concat());
        let shown = text(&output.stderr);
        assert_eq!(shown.matches("warning[").count(), count, "{shown}");
        assert_eq!(shown.contains("help: `--all` lists all diagnostics\n"), option.is_empty(), "{shown}");
        assert_eq!(text(&output.stdout).is_empty(), option == ["--quiet"]);
    }
    // The machine-readable formats are complete.
    let output = clientwright(&["lint", spec.to_str().unwrap(), "--format", "json"]);
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["diagnostics"].as_array().unwrap().len(), 30);
}

#[test]
fn color_is_selected_by_option() {
    let directory = tempfile::tempdir().unwrap();
    let spec = invalid(directory.path());
    let run = |option: &[&str], variable: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_clientwright"));
        let output = command.args(["lint", &spec]).args(option).env("NO_COLOR", variable).output().unwrap();
        text(&output.stderr).contains('\u{1b}')
    };
    // Standard error is not a terminal in tests.
    assert!(!run(&[], "") && !run(&["--color", "auto"], "") && !run(&["--color", "never"], ""));
    assert!(run(&["--color", "always"], "") && run(&["--color=always"], "1"));
}

#[test]
fn quiet_still_reports_errors() {
    let directory = tempfile::tempdir().unwrap();
    let output = clientwright(&["lint", "--quiet", &invalid(directory.path())]);
    let shown = text(&output.stderr);
    assert!(shown.contains("error[ref-not-found]") && !shown.contains("warning["), "{shown}");
    assert_eq!((text(&output.stdout), output.status.code()), ("", Some(1)));
}

#[test]
fn help_fits_one_screen() {
    for arguments in [
        &["--help"][..],
        &["generate", "--help"],
        &["generate", "-h"],
        &["lint", "--help"],
        &["init", "--help"],
        &["completions", "--help"],
        &["man", "--help"],
    ] {
        let output = clientwright(arguments);
        let help = text(&output.stdout);
        assert!(help.lines().count() <= 40, "{help}");
        assert!(help.lines().all(|line| line.chars().count() <= 120), "{help}");
    }
    // The complete help is available, too.
    let output = clientwright(&["help", "generate"]);
    assert!(text(&output.stdout).contains("--max-bytes <N>"), "{}", text(&output.stdout));
}

#[test]
#[cfg(unix)]
fn bash_completes_options() {
    let script = text(&clientwright(&["completions", "bash"]).stdout).to_owned();
    let words = "COMP_WORDS=(clientwright generate --dr); COMP_CWORD=2; _clientwright clientwright --dr generate";
    let mut bash = Command::new("bash");
    let output = bash.args(["-c", &format!("{script}\n{words}; echo \"${{COMPREPLY[@]}}\"")]).output().unwrap();
    assert_eq!(text(&output.stdout), "--dry-run\n", "{}", text(&output.stderr));
}

#[test]
fn completions_and_man_pages_describe_all_commands() {
    let help = text(&clientwright(&["--help"]).stdout).to_owned();
    let commands = help.split("Commands:\n").nth(1).unwrap().lines().take_while(|line| !line.is_empty());
    let commands: Vec<&str> = commands.filter_map(|line| line.split_whitespace().next()).collect();
    assert!(commands.contains(&"generate") && commands.contains(&"help"), "{help}");
    for shell in ["bash", "fish", "zsh"] {
        let script = clientwright(&["completions", shell]).stdout;
        assert!(commands.iter().all(|command| text(&script).contains(command)), "{shell}");
    }

    let directory = tempfile::tempdir().unwrap();
    let pages = directory.path().join("man1");
    assert!(clientwright(&["man", pages.to_str().unwrap()]).status.success());
    for command in commands.iter().filter(|command| **command != "help") {
        let page = fs::read_to_string(pages.join(format!("clientwright-{command}.1"))).unwrap();
        assert!(page.contains(&format!("clientwright\\-{command}")), "{page}");
    }
    assert!(pages.join("clientwright.1").exists());
    fs::write(directory.path().join("file"), "").unwrap();
    let failed = clientwright(&["man", directory.path().join("file/man1").to_str().unwrap()]);
    assert!(text(&failed.stderr).starts_with("error: cannot write to `"), "{failed:?}");
}

#[test]
fn explain_prints_explanations() {
    let output = clientwright(&["explain", "ref-not-found"]);
    assert!(text(&output.stdout).starts_with("ref-not-found\n\nThe target of a `$ref` does not exist.\n"));
    assert_eq!(output.status.code(), Some(0));
    let all = clientwright(&["explain"]);
    assert!(text(&all.stdout).lines().count() > 20);
    let unknown = clientwright(&["explain", "ref-not-fuond"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(text(&unknown.stderr).contains("did you mean `ref-not-found`?"), "{}", text(&unknown.stderr));
}

#[test]
fn unreadable_file_is_a_json_diagnostic() {
    let directory = tempfile::tempdir().unwrap();
    let spec = directory.path().join("none.yaml");
    let out = directory.path().join("out");
    let generate = ["generate", spec.to_str().unwrap(), "--out", out.to_str().unwrap()];
    for command in [&["lint", spec.to_str().unwrap()][..], &generate] {
        let output = clientwright(&[command, &["--format", "json"]].concat());
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let [diagnostic] = report["diagnostics"].as_array().unwrap().as_slice() else { panic!("{report}") };
        assert_eq!(
            (&diagnostic["code"], &report["errors"], output.status.code()),
            (&"files".into(), &1.into(), Some(1))
        );
        let message = diagnostic["message"].as_str().unwrap();
        assert!(message.starts_with(&format!("cannot read `{}`: ", spec.display())), "{message}");
    }
}

#[test]
fn lenient_generates_with_warnings() {
    let directory = tempfile::tempdir().unwrap();
    let spec = invalid(directory.path());
    let out = directory.path().join("out");
    let generate = ["generate", &spec, "--out", out.to_str().unwrap()];
    let strict = clientwright(&generate);
    assert_eq!((strict.status.code(), out.exists()), (Some(1), false), "{}", text(&strict.stderr));
    let lenient = clientwright(&[&generate[..], &["--lenient"]].concat());
    let shown = text(&lenient.stderr);
    assert_eq!((lenient.status.code(), out.join("Cargo.toml").exists()), (Some(0), true), "{shown}");
    assert!(
        shown.starts_with("warning[ref-not-found]")
            && shown.contains("= help: with `--lenient`, the generator uses a response"),
        "{shown}"
    );
}

#[test]
fn usage_error_has_own_exit_code() {
    for wrong in
        [&["generate"][..], &["lint"], &["lint", "a.yaml", "--limit", "few"], &["explain", "e404"], &["polish"]]
    {
        assert_eq!(clientwright(wrong).status.code(), Some(2), "{wrong:?}");
    }
}

/// Runs the program in a folder.
fn clientwright_in(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_clientwright")).args(arguments).current_dir(folder).output().unwrap()
}

#[test]
fn module_of_existing_crate_is_generated() {
    let directory = tempfile::tempdir().unwrap();
    let folder = directory.path();
    let valid = INVALID.replace("{$ref: '#/components/responses/Missing'}", "{description: Fine.}");
    fs::write(folder.join("zoo.yaml"), valid).unwrap();
    fs::write(folder.join("Cargo.toml"), "[package]\nname = \"app\"\n\n[dependencies]\nhttp = \"1\"\n").unwrap();
    let generate = ["generate", "zoo.yaml", "--module", "src/zoo"];
    let output = clientwright_in(folder, &generate);
    assert_eq!(output.status.code(), Some(0));
    let printed = text(&output.stdout);
    assert!(printed.contains("\nclientwright-runtime = { version = \"0.1.0\", "), "{printed}");
    assert!(!printed.contains("\nhttp = ") && printed.contains("`pub mod zoo;` to the root of the crate"), "{printed}");
    let root = fs::read_to_string(folder.join("src/zoo/mod.rs")).unwrap();
    assert!(
        root.contains("use app::zoo::Client;") && root.contains("pub use ::clientwright_runtime::runtime;"),
        "{root}"
    );
    let client = fs::read_to_string(folder.join("src/zoo/client.rs")).unwrap();
    assert!(client.contains("crate::zoo::runtime::") && !client.contains("crate::runtime"), "{client}");
    assert!(!folder.join("src/zoo/Cargo.toml").exists());
    assert_eq!(clientwright_in(folder, &[&generate[..], &["--check"]].concat()).status.code(), Some(0));

    let (_, dependencies) = printed.split_once("[dependencies]\n").unwrap();
    let dependencies = dependencies.split("\n\n").next().unwrap();
    fs::write(
        folder.join("Cargo.toml"),
        format!("[package]\nname = \"app\"\n[dependencies]\nhttp = \"1\"\n{dependencies}\n"),
    )
    .unwrap();
    let again = clientwright_in(folder, &generate);
    assert!(!text(&again.stdout).contains("[dependencies]"), "{}", text(&again.stdout));

    for (arguments, message) in [
        (&["--module", "zoo"][..], "cannot be a module"),
        (&["--module", "src/zoo", "--out", "zoo"], "cannot be used with"),
        (&["--module", "src/zoo", "--features", "cli"], "a module cannot have"),
    ] {
        let output = clientwright_in(folder, &[&["generate", "zoo.yaml"], arguments].concat());
        assert_eq!(output.status.code(), Some(2));
        assert!(text(&output.stderr).contains(message), "{}", text(&output.stderr));
    }
}
