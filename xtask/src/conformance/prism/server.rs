//! A running Prism: a document comes in, the address under which it is served goes out.

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

/// How long Prism may take to read a document. The largest public ones take half a minute.
const START: Duration = Duration::from_secs(120);

/// How long it may take to end once its connections have broken off.
const GRACE: Duration = Duration::from_millis(500);

/// How long it may take to say anything to anybody, with nothing else to do.
const PATIENCE: Duration = Duration::from_secs(5);

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

    /// Whether it runs no more, or answers nobody: there are requests that it never comes to the end of.
    pub(crate) async fn is_gone(&mut self) -> bool {
        tokio::time::timeout(GRACE, self.child.wait()).await.is_ok() || !answers(self.address, PATIENCE).await
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

/// Whether a server says anything within this time.
async fn answers(server: SocketAddr, patience: Duration) -> bool {
    let asked = async {
        let mut stream = TcpStream::connect(server).await?;
        stream.write_all(b"GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").await?;
        stream.read_u8().await
    };
    matches!(tokio::time::timeout(patience, asked).await, Ok(Ok(_)))
}

#[cfg(test)]
mod tests {
    use tokio::net::TcpListener;

    use super::*;

    #[tokio::test]
    async fn a_server_that_says_nothing_is_seen() {
        let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
        assert!(!answers(silent.local_addr().unwrap(), Duration::from_millis(50)).await);
        let speaks = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = speaks.local_addr().unwrap();
        tokio::spawn(async move {
            let (mut stream, _) = speaks.accept().await.unwrap();
            stream.write_all(b"HTTP/1.1 404 Not Found\r\n\r\n").await.unwrap();
        });
        assert!(answers(address, Duration::from_secs(60)).await);
        drop(silent);
        let gone = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
        assert!(!answers(gone, Duration::from_secs(60)).await);
    }
}
