//! Tests the generated types with examples: decoding and encoding must preserve them.
//!
//! For each crate, writes and builds a program that decodes and encodes the examples of its document, and compares the
//! output of the program with the examples.

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

/// The folder of the program, in the folder of its crate.
pub(crate) const FOLDER: &str = "roundtrip";
/// The file with the input of the program. Each line is an example: the index of its type and its value, e.g. `3
/// "rex"`.
const INPUT: &str = "examples.txt";
/// The file with the examples, with which the output of the program is compared.
const EXAMPLES: &str = "examples.json";

/// The result of round-tripping the examples of a document.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub(crate) struct Roundtrip {
    /// The number of examples that decoding and encoding preserved.
    pub(crate) equal: usize,
    /// The number of examples that match their schemas.
    pub(crate) valid: usize,
    /// The number of examples that do not match their schemas. They were skipped.
    pub(crate) invalid: usize,
    /// The number of properties that were missing after the round trip. Only properties that no schema declares may be
    /// missing.
    pub(crate) dropped: usize,
    /// The examples that were changed by decoding and encoding, or could not be decoded.
    pub(crate) differences: Vec<Difference>,
}

impl fmt::Display for Roundtrip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { equal, valid, invalid, dropped, differences } = self;
        write!(f, "{equal} of {valid} examples equal")?;
        if *invalid > 0 {
            write!(f, ", {invalid} invalid")?;
        }
        if *dropped > 0 {
            write!(f, ", {dropped} undeclared properties dropped")?;
        }
        match differences.first() {
            Some(first) => write!(f, ": {} {}", first.place, first.what),
            None => Ok(()),
        }
    }
}

/// An example that was changed by decoding and encoding, or could not be decoded.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Difference {
    pub(crate) place: String,
    pub(crate) ty: String,
    /// The difference, e.g. `/id: 1 became 2`, or the decode error.
    pub(crate) what: String,
}

/// Returns the package name of the program that tests a crate.
pub(crate) fn package(package: &str) -> String {
    format!("{package}-roundtrip")
}

/// Writes the program that decodes and encodes the examples, together with its manifest and its input.
pub(crate) fn write(examples: &Examples, package: &str, folder: &Path) -> Result<()> {
    let folder = folder.join(FOLDER);
    fs::create_dir_all(folder.join("src"))
        .context("cannot create the folder of the program that tests the examples")?;
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
        (EXAMPLES, serde_json::to_string(examples).context("cannot serialize the examples")?),
    ] {
        let path = folder.join(path);
        // Do not write unchanged files, so that Cargo does not compile them again.
        if fs::read_to_string(&path).is_ok_and(|current| current == text) {
            continue;
        }
        fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

fn program(examples: &Examples, library: &str) -> String {
    let mut arms = String::new();
    for (index, ty) in examples.types.iter().enumerate() {
        let _ = writeln!(arms, "            \"{index}\" => round_trip::<{ty}>(value),");
    }
    // The names of types are paths within the crate, so the program imports everything from the root of the crate.
    format!(
        "//! Decodes and encodes the values of a file: each line has the index of a type and a value.
#![allow(warnings)]
use ::{library}::*;

fn main() {{
    let path = ::std::env::args().nth(1).expect(\"a file name\");
    let text = ::std::fs::read_to_string(path).expect(\"a readable file\");
    for line in text.lines() {{
        let (ty, value) = line.split_once(' ').expect(\"a type and a value\");
        let result: ::serde_json::Result<::std::string::String> = match ty {{
{arms}            _ => ::std::unreachable!(),
        }};
        match result {{
            ::std::result::Result::Ok(encoded) => ::std::println!(\"= {{encoded}}\"),
            ::std::result::Result::Err(error) => ::std::println!(\"! {{}}\", error.to_string().replace('\\n', \" \")),
        }}
    }}
}}

fn round_trip<T: ::serde::de::DeserializeOwned + ::serde::Serialize>(value: &str) -> ::serde_json::Result<::std::string::String> {{
    ::serde_json::to_string(&::serde_json::from_str::<T>(value)?)
}}
"
    )
}

/// Runs the program that tests a crate, and compares its output with the examples.
pub(crate) async fn run(program: &Path, folder: &Path, limit: Duration) -> Result<Roundtrip> {
    let folder = folder.join(FOLDER);
    let examples = fs::read_to_string(folder.join(EXAMPLES)).context("cannot read the examples")?;
    let examples: Examples = serde_json::from_str(&examples).context("invalid file of examples")?;
    let mut command = Command::new(program);
    command.arg(folder.join(INPUT));
    let output = tokio::time::timeout(limit, child::output(command, None)).await;
    let output = output.context("the program that tests the examples exceeded the time limit")??;
    let stdout = String::from_utf8_lossy(&output.stdout);
    let mut roundtrip = Roundtrip { valid: examples.valid.len(), invalid: examples.invalid, ..Roundtrip::default() };
    let mut lines = stdout.lines();
    for example in &examples.valid {
        let what = match lines.next().map(|line| line.split_at_checked(2)) {
            Some(Some(("= ", encoded))) => compare::compare_json(&example.value, encoded, &example.undeclared),
            Some(Some(("! ", error))) => Err(format!("cannot decode the example: {error}")),
            _ => Err("the program ended before this example".to_owned()),
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
