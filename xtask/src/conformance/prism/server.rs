//! Runs Prism as a mock server for a document.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::net::TcpStream;
use tokio::process::ChildStdout;

use super::install::Prism;
use crate::child::Child;

/// The time limit for starting Prism. It takes half a minute to read the largest public documents.
const START_TIMEOUT: Duration = Duration::from_secs(120);

/// The time to wait for the process to exit after its connections were closed.
const EXIT_TIMEOUT: Duration = Duration::from_millis(500);

/// The time limit for a response of an idle server.
const RESPONSE_TIMEOUT: Duration = Duration::from_secs(5);

/// A Prism process that serves one document. Dropping it terminates the process.
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
        // Prism exits when this pipe is closed, at the latest when this process ends.
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = Child::spawn(command).context("cannot start Prism")?;
        let stdout = child.stdout().context("Prism has no standard output")?;
        let mut lines = BufReader::new(stdout).lines();
        let address = tokio::time::timeout(START_TIMEOUT, listening(&mut lines)).await.with_context(|| {
            format!("Prism did not read {} within {} s", document.display(), START_TIMEOUT.as_secs())
        })??;
        // Read the output until its end, because Prism would block if the pipe were full.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        Ok(Self { address, prism: prism.clone(), document: document.to_owned(), child })
    }

    /// Returns whether the process has exited or does not respond. Some requests cause an endless loop in Prism.
    pub(crate) async fn is_unresponsive(&mut self) -> bool {
        tokio::time::timeout(EXIT_TIMEOUT, self.child.wait()).await.is_ok()
            || !responds(self.address, RESPONSE_TIMEOUT).await
    }

    /// Starts a new server for the same document.
    pub(crate) async fn restarted(&self) -> Result<Self> {
        Self::start(&self.prism, &self.document).await
    }
}

/// Reads the output of Prism until the line with its address. Returns the address.
async fn listening(lines: &mut Lines<BufReader<ChildStdout>>) -> Result<SocketAddr> {
    let mut last_line = String::new();
    while let Some(line) = lines.next_line().await.context("cannot read the output of Prism")? {
        if let Some((_, address)) = line.split_once("listening on http://") {
            return address.trim().parse().context("Prism printed an invalid address");
        }
        last_line = line;
    }
    bail!("Prism exited without serving the document: {last_line}")
}

/// Returns whether a server responds within the time limit.
async fn responds(server: SocketAddr, timeout: Duration) -> bool {
    let exchange = async {
        let mut stream = TcpStream::connect(server).await?;
        stream.write_all(b"GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").await?;
        stream.read_u8().await
    };
    matches!(tokio::time::timeout(timeout, exchange).await, Ok(Ok(_)))
}

#[cfg(test)]
mod tests {
    use tokio::net::TcpListener;

    use super::*;

    #[tokio::test]
    async fn silent_server_is_unresponsive() {
        let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
        assert!(!responds(silent.local_addr().unwrap(), Duration::from_millis(50)).await);
        let responding = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = responding.local_addr().unwrap();
        tokio::spawn(async move {
            let (mut stream, _) = responding.accept().await.unwrap();
            stream.write_all(b"HTTP/1.1 404 Not Found\r\n\r\n").await.unwrap();
        });
        assert!(responds(address, Duration::from_secs(60)).await);
        drop(silent);
        let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
        assert!(!responds(closed, Duration::from_secs(60)).await);
    }
}
