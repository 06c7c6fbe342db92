//! Runs the commands in the README and in `docs/`, and checks the configuration files that they show.
//!
//! In a document, the files and commands belong together: a YAML or TOML block whose introduction ends with a colon and
//! names a file, e.g. "The document `cellar.yaml`:", is written to this file. Then the commands run in the same folder.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use clientwright::config::lint_settings;

/// A code block.
struct Block {
    language: String,
    text: String,
    /// The last line of text before the block.
    introduction: String,
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn blocks(markdown: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut introduction = "";
    let mut lines = markdown.lines();
    while let Some(line) = lines.next() {
        if let Some(language) = line.strip_prefix("```") {
            let text = lines.by_ref().take_while(|line| *line != "```").map(|line| format!("{line}\n")).collect();
            blocks.push(Block { language: language.to_owned(), text, introduction: introduction.to_owned() });
            introduction = "";
        } else if !line.is_empty() {
            introduction = line;
        }
    }
    blocks
}

/// Returns the README and the documents in `docs/`, with their file names.
fn documents() -> Vec<(String, String)> {
    let docs = fs::read_dir(repository().join("docs")).unwrap().map(|entry| entry.unwrap().path());
    let mut paths: Vec<PathBuf> = docs.filter(|path| path.extension().is_some_and(|end| end == "md")).collect();
    paths.sort();
    paths.insert(0, repository().join("README.md"));
    paths.iter().map(|path| (path.display().to_string(), fs::read_to_string(path).unwrap())).collect()
}

/// Returns the name of the file that an introduction names, if it ends with a colon.
fn file_name(introduction: &str) -> Option<&str> {
    let text = introduction.strip_suffix(':')?;
    text.split('`').skip(1).step_by(2).find(|code| code.ends_with(".yaml") || code.ends_with(".toml"))
}

#[test]
fn commands_succeed() {
    let mut count = 0;
    let readme = blocks(&documents()[0].1);
    let cellar = readme.iter().find(|block| file_name(&block.introduction) == Some("cellar.yaml")).unwrap();
    for (document, markdown) in documents() {
        let folder = tempfile::tempdir().unwrap();
        // The documents in `docs/` continue the example of the README.
        fs::write(folder.path().join("cellar.yaml"), &cellar.text).unwrap();
        for block in blocks(&markdown) {
            if let Some(file) = file_name(&block.introduction).filter(|_| block.language != "console") {
                fs::write(folder.path().join(file), &block.text).unwrap();
            }
            if block.language != "console" {
                continue;
            }
            for line in block.text.lines() {
                let mut words = line.split_whitespace();
                // The other commands install the program, and build this repository.
                if words.next() != Some("clientwright") {
                    continue;
                }
                let mut command = Command::new(env!("CARGO_BIN_EXE_clientwright"));
                let output = command.args(words).current_dir(folder.path()).output().unwrap();
                let errors = String::from_utf8_lossy(&output.stderr);
                assert!(output.status.success(), "{document}: {line}\n{errors}");
                count += 1;
            }
        }
    }
    assert!(count >= 4, "only {count} commands were found");
}

#[test]
fn configuration_examples_are_valid() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("clients.toml");
    let documents = documents();
    let blocks = documents.iter().flat_map(|(_, markdown)| blocks(markdown));
    let examples: Vec<Block> = blocks.filter(|block| block.language == "toml").collect();
    assert!(examples.len() >= 4);
    for example in examples {
        fs::write(&file, &example.text).unwrap();
        if let Err(error) = lint_settings(&file) {
            let (_, diagnostics) = *error;
            panic!("{}\n{:?}", example.text, diagnostics.sorted());
        }
    }
}

/// Takes the known keys of each table from the help text for an unknown key.
#[test]
fn every_key_is_documented() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("clients.toml");
    let api = "[[crate]]\n[[crate.api]]";
    let mut tables = ["", "[[crate]]", api, "[limits]", "[[crate]]\n[crate.runtime]"].map(str::to_owned).to_vec();
    let of_api = ["[crate.api.include]", "[crate.api.exclude]", "[crate.api.rename]"];
    tables.push(format!("{api}\n[[crate.api.derives]]"));
    tables.extend(of_api.map(|table| format!("{api}\n{table}")));
    let reference = fs::read_to_string(repository().join("docs/configuration.md")).unwrap();
    for table in &tables {
        fs::write(&file, format!("{table}\nzzzzzzzz = 1\n")).unwrap();
        let (_, diagnostics) = *lint_settings(&file).unwrap_err();
        let diagnostics = diagnostics.sorted();
        let unknown = diagnostics.iter().find(|one| one.message.contains("`zzzzzzzz`")).unwrap();
        let keys: Vec<&str> = unknown.help.as_deref().unwrap().split('`').skip(1).step_by(2).collect();
        assert!(keys.len() >= 2, "{keys:?}");
        for key in keys {
            let is_documented = match table.as_str() {
                "" => {
                    reference.contains(&format!("\n## `[{key}]`")) || reference.contains(&format!("\n## `[[{key}]]`"))
                }
                _ => reference.contains(&format!("\n| `{key}` |")),
            };
            assert!(is_documented, "docs/configuration.md does not describe `{key}` of `{table}`");
        }
    }
}
