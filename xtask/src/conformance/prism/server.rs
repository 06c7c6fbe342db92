//! A running Prism: a document comes in, the address under which it is served goes out.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::ChildStdout;

use super::install::Prism;
use crate::child::Child;

/// How long Prism may take to read a document. The largest public ones take half a minute.
const START: Duration = Duration::from_secs(120);

/// How long it may take to end once its connections have broken off.
const GRACE: Duration = Duration::from_millis(500);

/// Serves one document until it is dropped.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    prism: Prism,
    document: PathBuf,
    child: Child,
}

impl Server {
    pub(crate) async fn start(prism: &Prism, document: &Path) -> Result<Self> {
        let mut command = prism.mock(document);
        // Standard input stays open as long as we live, and Prism as long as that.
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = Child::spawn(command).context("Prism cannot be started")?;
        let stdout = child.stdout().context("Prism has no output")?;
        let mut lines = BufReader::new(stdout).lines();
        let address = tokio::time::timeout(START, listening(&mut lines))
            .await
            .with_context(|| format!("Prism has not read {} in {} s", document.display(), START.as_secs()))??;
        // A pipe that nobody empties would stop it.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        Ok(Self { address, prism: prism.clone(), document: document.to_owned(), child })
    }

    /// Whether it runs no more.
    pub(crate) async fn has_ended(&mut self) -> bool {
        tokio::time::timeout(GRACE, self.child.wait()).await.is_ok()
    }

    /// Another one in its place.
    pub(crate) async fn again(&self) -> Result<Self> {
        Self::start(&self.prism, &self.document).await
    }
}

/// The address of the line that names it.
async fn listening(lines: &mut Lines<BufReader<ChildStdout>>) -> Result<SocketAddr> {
    let mut said = String::new();
    while let Some(line) = lines.next_line().await.context("Prism's output cannot be read")? {
        if let Some((_, address)) = line.split_once("listening on http://") {
            return address.trim().parse().context("Prism names no address");
        }
        said = line;
    }
    bail!("Prism ended without serving the document: {said}")
}
