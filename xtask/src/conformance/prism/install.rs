//! Prism from npm: a folder comes in, the program's path goes out, or the news that there is no node.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use tokio::process::Command;

use crate::child;
use crate::progress::Progress;

const PACKAGE: &str = "@stoplight/prism-cli";
/// Pinned: another version judges differently. The last that runs with Node.js 18 and 20.
const VERSION: &str = "5.14.2";

/// Loaded before Prism: it ends when its standard input does, so that it never outlives a run, however that ends.
const ENDS_WITH_THE_RUN: &str =
    "process.stdin.on('end', () => process.exit(0)).on('error', () => process.exit(0)).resume();\n";

/// An installed Prism.
#[derive(Debug, Clone)]
pub(crate) struct Prism {
    program: PathBuf,
    guard: PathBuf,
}

impl Prism {
    /// The command that serves a document on a free port of loopback.
    pub(super) fn mock(&self, document: &Path) -> Command {
        let mut command = Command::new("node");
        command.arg("--require").arg(&self.guard).arg(&self.program).arg("mock").arg(document);
        command.args(["--host", "127.0.0.1", "--port", "0", "--multiprocess", "false", "--errors", "false"]);
        command
    }
}

/// Installs Prism, unless it is there already. Nothing where there is no node, or no npm to install it with.
pub(crate) async fn install(folder: &Path, progress: &Progress) -> Result<Option<Prism>> {
    if !runs("node").await {
        return Ok(None);
    }
    let program = folder.join("node_modules/@stoplight/prism-cli/dist/index.js");
    if installed(folder).as_deref() != Some(VERSION) {
        if !runs("npm").await {
            return Ok(None);
        }
        progress.say(&format!("installing {PACKAGE} {VERSION} into {}", folder.display()));
        fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
        let manifest = format!("{{ \"private\": true, \"dependencies\": {{ \"{PACKAGE}\": \"{VERSION}\" }} }}\n");
        fs::write(folder.join("package.json"), manifest).context("npm's manifest cannot be written")?;
        let mut npm = Command::new(program_name("npm"));
        npm.args(["install", "--no-audit", "--no-fund", "--loglevel", "error"]).current_dir(folder);
        let output = child::output(npm, None).await.context("npm cannot be run")?;
        if !output.status.success() || installed(folder).as_deref() != Some(VERSION) {
            bail!("npm cannot install {PACKAGE} {VERSION}: {}", String::from_utf8_lossy(&output.stderr).trim());
        }
    }
    let guard = folder.join("ends-with-the-run.cjs");
    fs::write(&guard, ENDS_WITH_THE_RUN).with_context(|| format!("{} cannot be written", guard.display()))?;
    Ok(Some(Prism { program, guard }))
}

/// The version that is installed.
fn installed(folder: &Path) -> Option<String> {
    let text = fs::read_to_string(folder.join("node_modules/@stoplight/prism-cli/package.json")).ok()?;
    let manifest: serde_json::Value = serde_json::from_str(&text).ok()?;
    manifest.get("version")?.as_str().map(str::to_owned)
}

async fn runs(program: &str) -> bool {
    let mut command = Command::new(program_name(program));
    command.arg("--version");
    child::output(command, None).await.is_ok_and(|output| output.status.success())
}

/// npm is a script, which Windows does not find by its bare name.
fn program_name(program: &str) -> String {
    if cfg!(windows) && program == "npm" { "npm.cmd".to_owned() } else { program.to_owned() }
}
