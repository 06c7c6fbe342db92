//! Collects the files of a release. The program itself prints its completions and man pages.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use super::archive::File;

/// The shells for which completions are packaged, each with the file name that it expects.
const COMPLETIONS: [(&str, &str); 3] =
    [("bash", "clientwright.bash"), ("fish", "clientwright.fish"), ("zsh", "_clientwright")];

/// The files of the repository that are packaged.
const DOCUMENTS: [&str; 4] = ["CHANGELOG.md", "LICENSE-APACHE", "LICENSE-MIT", "README.md"];

/// Returns the files of a release with this program.
pub(crate) fn of_release(repository: &Path, program: &Path) -> Result<Vec<File>> {
    let name = format!("clientwright{}", std::env::consts::EXE_SUFFIX);
    let mut files = vec![File { path: name, contents: read(program)?, is_program: true }];
    for document in DOCUMENTS {
        files.push(text(document.to_owned(), read(&repository.join(document))?));
    }
    for (shell, name) in COMPLETIONS {
        files.push(text(format!("completions/{name}"), run(program, "completions", shell.as_ref())?));
    }
    files.extend(man_pages(program)?);
    Ok(files)
}

fn man_pages(program: &Path) -> Result<Vec<File>> {
    let folder = tempfile::tempdir().context("cannot create a temporary folder")?;
    run(program, "man", folder.path())?;
    let entries = fs::read_dir(folder.path()).context("cannot list the man pages")?;
    let mut pages = Vec::new();
    for entry in entries {
        let path = entry.context("cannot list the man pages")?.path();
        let name = path.file_name().context("a man page has no name")?.to_string_lossy();
        pages.push(text(format!("man/{name}"), read(&path)?));
    }
    Ok(pages)
}

/// Runs a command of the program and returns its output.
fn run(program: &Path, command: &str, argument: &Path) -> Result<Vec<u8>> {
    let run = Command::new(program).arg(command).arg(argument).output();
    let output = run.with_context(|| format!("cannot run {}", program.display()))?;
    let errors = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "`{} {command}` failed:\n{}", program.display(), errors.trim_end());
    Ok(output.stdout)
}

fn text(path: String, contents: Vec<u8>) -> File {
    File { path, contents, is_program: false }
}

fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("cannot read {}", path.display()))
}
