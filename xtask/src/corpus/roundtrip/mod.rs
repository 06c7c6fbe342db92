//! Examples through the generated types: a program is written that decodes and encodes them, built, run, and its answers
//! are compared with what went in.

mod compare;
mod declared;
mod examples;

use std::fmt::{self, Write};
use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use serde::Serialize;
use tokio::process::Command;

use crate::child;

pub(crate) use examples::{Examples, examples};

/// The folder of the program in that of its crate.
pub(crate) const FOLDER: &str = "roundtrip";
/// What the program reads: a line an example, the index of its type in front.
const INPUT: &str = "examples.txt";
/// What the examples are, for the comparison.
const EXAMPLES: &str = "examples.json";

/// What came of the examples of a document.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub(crate) struct Roundtrip {
    /// Those that came back as they were.
    pub(crate) equal: usize,
    /// Those that are valid against their schemas.
    pub(crate) valid: usize,
    /// Those that are not, and were left out.
    pub(crate) invalid: usize,
    /// Members that no schema declares, and that did not come back.
    pub(crate) dropped: usize,
    /// What became of those that differ.
    pub(crate) differences: Vec<Difference>,
}

impl fmt::Display for Roundtrip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { equal, valid, invalid, dropped, differences } = self;
        write!(f, "{equal} of {valid} examples equal")?;
        if *invalid > 0 {
            write!(f, ", {invalid} not valid")?;
        }
        if *dropped > 0 {
            write!(f, ", {dropped} undeclared members dropped")?;
        }
        match differences.first() {
            Some(first) => write!(f, ": {} {}", first.place, first.what),
            None => Ok(()),
        }
    }
}

/// An example that did not come back as it was.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Difference {
    pub(crate) place: String,
    pub(crate) ty: String,
    /// A JSON pointer to what differs, and how; or why it was not decoded.
    pub(crate) what: String,
}

/// What the program's package is called.
pub(crate) fn package(package: &str) -> String {
    format!("{package}-roundtrip")
}

/// Writes the program for a crate into its folder.
pub(crate) fn write(examples: &Examples, package: &str, folder: &Path) -> Result<()> {
    let folder = folder.join(FOLDER);
    fs::create_dir_all(folder.join("src")).context("there is no place for the program of the examples")?;
    let manifest = format!(
        "[package]\nname = \"{}\"\nedition = \"2024\"\npublish = false\n\n[dependencies]\n\
         {package} = {{ path = \"..\", default-features = false }}\nserde = \"1\"\nserde_json = \"1\"\n",
        self::package(package)
    );
    let mut input = String::new();
    for example in &examples.valid {
        let _ = writeln!(input, "{} {}", example.ty, example.value);
    }
    for (path, text) in [
        ("Cargo.toml", manifest),
        ("src/main.rs", program(examples, &package.replace('-', "_"))),
        (INPUT, input),
        (EXAMPLES, serde_json::to_string(examples).context("the examples are no JSON")?),
    ] {
        let path = folder.join(path);
        // What is as it was is not compiled again.
        if fs::read_to_string(&path).is_ok_and(|known| known == text) {
            continue;
        }
        fs::write(&path, text).with_context(|| format!("{} cannot be written", path.display()))?;
    }
    Ok(())
}

fn program(examples: &Examples, library: &str) -> String {
    let mut arms = String::new();
    for (index, ty) in examples.types.iter().enumerate() {
        let _ = writeln!(arms, "            \"{index}\" => again::<{ty}>(value),");
    }
    // Types are spelt as in the crate, so that its modules stand here as they do there.
    format!(
        "//! Each line of a file is the index of a type and a value; each line printed, what came of it.
#![allow(warnings)]
use ::{library}::*;

fn main() {{
    let path = ::std::env::args().nth(1).expect(\"a file\");
    let text = ::std::fs::read_to_string(path).expect(\"it can be read\");
    for line in text.lines() {{
        let (ty, value) = line.split_once(' ').expect(\"a type and a value\");
        let done: ::serde_json::Result<::std::string::String> = match ty {{
{arms}            _ => ::std::unreachable!(),
        }};
        match done {{
            ::std::result::Result::Ok(encoded) => ::std::println!(\"= {{encoded}}\"),
            ::std::result::Result::Err(error) => ::std::println!(\"! {{}}\", error.to_string().replace('\\n', \" \")),
        }}
    }}
}}

fn again<T: ::serde::de::DeserializeOwned + ::serde::Serialize>(value: &str) -> ::serde_json::Result<::std::string::String> {{
    ::serde_json::to_string(&::serde_json::from_str::<T>(value)?)
}}
"
    )
}

/// Runs the program of a crate and compares what it says with what it read.
pub(crate) async fn run(program: &Path, folder: &Path, limit: Duration) -> Result<Roundtrip> {
    let folder = folder.join(FOLDER);
    let examples = fs::read_to_string(folder.join(EXAMPLES)).context("the examples cannot be read")?;
    let examples: Examples = serde_json::from_str(&examples).context("the examples are none")?;
    let mut command = Command::new(program);
    command.arg(folder.join(INPUT));
    let output = tokio::time::timeout(limit, child::output(command, None)).await;
    let output = output.context("the program of the examples has not ended in time")??;
    let said = String::from_utf8_lossy(&output.stdout);
    let mut roundtrip = Roundtrip { valid: examples.valid.len(), invalid: examples.invalid, ..Roundtrip::default() };
    let mut lines = said.lines();
    for example in &examples.valid {
        let what = match lines.next().map(|line| line.split_at_checked(2)) {
            Some(Some(("= ", encoded))) => compare::compared(&example.value, encoded, &example.undeclared),
            Some(Some(("! ", error))) => Err(format!("not decoded: {error}")),
            _ => Err("the program ended before it came to this".to_owned()),
        };
        match what {
            Ok(dropped) => {
                roundtrip.equal += 1;
                roundtrip.dropped += dropped;
            }
            Err(what) => {
                let ty = examples.types.get(example.ty).cloned().unwrap_or_default();
                roundtrip.differences.push(Difference { place: example.place.clone(), ty, what });
            }
        }
    }
    Ok(roundtrip)
}
