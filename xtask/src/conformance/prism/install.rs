//! Installs Prism with npm.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use tokio::process::Command;

use crate::child;
use crate::progress::Progress;

const PACKAGE: &str = "@stoplight/prism-cli";
/// The version of Prism. Pinned, because its known errors differ between versions. This is the last version that
/// supports Node.js 18 and 20.
const VERSION: &str = "5.14.2";
/// The minimum major version of Node.js.
const MIN_NODE_VERSION: u32 = 18;

/// A script that Node.js loads before Prism. It ends the process when standard input is closed, so that Prism never
/// outlives the run.
const GUARD_SCRIPT: &str =
    "process.stdin.on('end', () => process.exit(0)).on('error', () => process.exit(0)).resume();\n";

/// An installed Prism.
#[derive(Debug, Clone)]
pub(crate) struct Prism {
    program: PathBuf,
    guard: PathBuf,
}

impl Prism {
    /// Returns the command that runs Prism for a document, on a free loopback port.
    pub(super) fn mock(&self, document: &Path) -> Command {
        let mut command = Command::new("node");
        command.arg("--require").arg(&self.guard).arg(&self.program).arg("mock").arg(document);
        command.args(["--host", "127.0.0.1", "--port", "0", "--multiprocess", "false", "--errors", "false"]);
        command
    }
}

/// Installs Prism if it is not installed yet. Returns `None` if Node.js or npm is missing.
pub(crate) async fn install(folder: &Path, progress: &Progress) -> Result<Option<Prism>> {
    let node = major_version("node").await;
    if node.is_none_or(|major| major < MIN_NODE_VERSION) {
        return Ok(None);
    }
    let program = folder.join("node_modules/@stoplight/prism-cli/dist/index.js");
    if installed_version(folder).as_deref() != Some(VERSION) {
        if major_version("npm").await.is_none() {
            return Ok(None);
        }
        progress.announce(&format!("installing {PACKAGE} {VERSION} into {}", folder.display()));
        fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
        let manifest = format!("{{ \"private\": true, \"dependencies\": {{ \"{PACKAGE}\": \"{VERSION}\" }} }}\n");
        fs::write(folder.join("package.json"), manifest).context("cannot write package.json")?;
        let mut npm = Command::new(program_name("npm"));
        npm.args(["install", "--no-audit", "--no-fund", "--loglevel", "error"]).current_dir(folder);
        let output = child::output(npm, None).await.context("cannot run npm")?;
        if !output.status.success() || installed_version(folder).as_deref() != Some(VERSION) {
            bail!("cannot install {PACKAGE} {VERSION} with npm: {}", String::from_utf8_lossy(&output.stderr).trim());
        }
    }
    let guard = folder.join("ends-with-the-run.cjs");
    fs::write(&guard, GUARD_SCRIPT).with_context(|| format!("cannot write {}", guard.display()))?;
    Ok(Some(Prism { program, guard }))
}

/// Returns the installed version of Prism.
fn installed_version(folder: &Path) -> Option<String> {
    let text = fs::read_to_string(folder.join("node_modules/@stoplight/prism-cli/package.json")).ok()?;
    let manifest: serde_json::Value = serde_json::from_str(&text).ok()?;
    manifest.get("version")?.as_str().map(str::to_owned)
}

/// Returns the major version of a program. Returns `None` if the program is not installed.
async fn major_version(program: &str) -> Option<u32> {
    let mut command = Command::new(program_name(program));
    command.arg("--version");
    let output = child::output(command, None).await.ok().filter(|output| output.status.success())?;
    let text = String::from_utf8_lossy(&output.stdout);
    text.trim().trim_start_matches('v').split('.').next()?.parse().ok()
}

/// Returns the file name of a program. On Windows, npm is a script with a file extension.
fn program_name(program: &str) -> String {
    if cfg!(windows) && program == "npm" { "npm.cmd".to_owned() } else { program.to_owned() }
}
