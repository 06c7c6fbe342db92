//! `cargo xtask dist`: builds the archive of a release, with the program, its completions and its man pages.

mod archive;
mod build;
#[path = "../cargo.rs"]
mod cargo;
mod files;
#[path = "../report.rs"]
mod report;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::Parser;

/// Build the archive of a release: the program, completions, man pages and licences
///
/// The archive and its SHA-256 sum are written to `target/dist`. The same sources give the same archive on every
/// machine with the same toolchain.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask dist", bin_name = "cargo xtask dist")]
struct Arguments {
    /// The target, whose programs must run on this machine [default: static with musl if installed, else the host]
    #[arg(long, value_name = "TRIPLE")]
    target: Option<String>,
    /// Package this program instead of building one; set by tests
    #[arg(long, hide = true, requires = "target", value_name = "FILE")]
    program: Option<PathBuf>,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            report::line_to_stderr(&format!("error: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<()> {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("xtask is not in the repository")?;
    let target = arguments.target.clone().map_or_else(build::default_target, Ok)?;
    let program = match &arguments.program {
        Some(program) => program.clone(),
        None => build::program(repository, &target)?,
    };
    let folder = cargo::target_dir(repository).join("dist");
    fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
    let files = files::of_release(repository, &program)?;
    // The version of this package is that of the program: a test compares them.
    let name = format!("clientwright-{}-{target}", env!("CARGO_PKG_VERSION"));
    let archive = archive::tar_gz(&name, files).context("cannot create the archive")?;
    let sum = archive::sha256(&archive);
    let name = format!("{name}.tar.gz");
    write(&folder.join(&name), &archive)?;
    // The format of `sha256sum --check`.
    write(&folder.join(format!("{name}.sha256")), format!("{sum}  {name}\n").as_bytes())?;
    report::line(&format!("{sum}  {}", folder.join(&name).display()));
    Ok(())
}

fn write(path: &Path, contents: &[u8]) -> Result<()> {
    fs::write(path, contents).with_context(|| format!("cannot write {}", path.display()))
}
