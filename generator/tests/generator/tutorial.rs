//! Runs the tutorial: writes its files and runs its commands in order, and compares what they print with what it shows.

use std::fs;
use std::path::Path;
use std::process::Command;

const TUTORIAL: &str = include_str!("../../../docs/tutorial.md");

/// A code block: its language, its text, and the last line before it, which may name a file.
struct Block<'t> {
    language: &'t str,
    text: &'t str,
    before: &'t str,
}

fn blocks() -> Vec<Block<'static>> {
    let mut parts = TUTORIAL.split("```");
    let mut blocks = Vec::new();
    let mut before = parts.next().unwrap();
    while let (Some(block), Some(after)) = (parts.next(), parts.next()) {
        let (language, text) = block.split_once('\n').unwrap();
        blocks.push(Block { language, text, before: before.trim().lines().last().unwrap() });
        before = after;
    }
    blocks
}

/// Runs a command with `clientwright` in the path. Returns what it prints.
fn run(directory: &Path, command: &str) -> String {
    let program = Path::new(env!("CARGO_BIN_EXE_clientwright")).parent().unwrap();
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap());
    let mut shell = Command::new("sh");
    let output = shell.args(["-c", command]).env("PATH", path).current_dir(directory).output().unwrap();
    String::from_utf8([output.stderr, output.stdout].concat()).unwrap()
}

/// Returns whether a line is as shown, where `…` stands for any text.
fn is_shown_as(line: &str, shown: &str) -> bool {
    let mut rest = Some(line);
    for part in shown.split('…') {
        rest = rest.and_then(|rest| rest.split_once(part)).map(|(_, rest)| rest);
    }
    rest.is_some()
}

#[cfg(unix)]
#[test]
fn commands_print_what_the_tutorial_shows() {
    let directory = tempfile::tempdir().unwrap();
    let (mut commands, mut files) = (0, 0);
    for block in blocks() {
        let named = block.before.strip_prefix('`').and_then(|line| line.split_once('`'));
        match (block.language, named) {
            ("console", _) => {
                let mut printed = String::new();
                for line in block.text.lines() {
                    match line.strip_prefix("$ ") {
                        // CI installs from its clone of the repository.
                        Some(command) if command.starts_with("cargo install") => {}
                        Some(command) => {
                            commands += 1;
                            printed = run(directory.path(), command);
                        }
                        None => {
                            let is_printed = printed.lines().any(|printed| is_shown_as(printed, line));
                            assert!(is_printed, "{line}\nis not printed:\n{printed}");
                        }
                    }
                }
            }
            (_, Some((file, ":"))) => {
                files += 1;
                fs::write(directory.path().join(file), block.text).unwrap();
            }
            (_, Some((file, " contains:"))) => {
                let text = fs::read_to_string(directory.path().join(file)).unwrap();
                assert!(text.contains(block.text), "{file}:\n{text}");
            }
            // The test `generated_crates_compile_without_warnings_and_work` compiles the program.
            _ => assert!(block.text.starts_with("use library::Client;"), "{}", block.text),
        }
    }
    assert_eq!((commands, files), (6, 4));
}
