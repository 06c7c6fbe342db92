//! Processes that end with the run: each has a group of its own, and the group ends when its owner lets go of it.

use std::process::{ExitStatus, Output, Stdio};

use anyhow::{Context, Result};
use tokio::io::AsyncWriteExt;
use tokio::process::{ChildStdout, Command};

/// A process that ends when this is dropped, and so do those that it has started.
#[derive(Debug)]
pub(crate) struct Child {
    process: tokio::process::Child,
}

impl Child {
    pub(crate) fn spawn(mut command: Command) -> Result<Self> {
        command.kill_on_drop(true);
        #[cfg(unix)]
        command.process_group(0);
        let name = command.as_std().get_program().to_string_lossy().into_owned();
        let process = command.spawn().with_context(|| format!("`{name}` cannot be run"))?;
        Ok(Self { process })
    }

    /// Its end.
    pub(crate) async fn wait(&mut self) -> std::io::Result<ExitStatus> {
        self.process.wait().await
    }

    pub(crate) fn stdout(&mut self) -> Option<ChildStdout> {
        self.process.stdout.take()
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        // Gone from here once it has been waited for, so that no other process is ever meant.
        #[cfg(unix)]
        if let Some(id) = self.process.id() {
            let group = format!("-{id}");
            let mut kill = std::process::Command::new("kill");
            let _ = kill.args(["-TERM", "--", &group]).stdout(Stdio::null()).stderr(Stdio::null()).status();
        }
        let _ = self.process.start_kill();
    }
}

/// Runs a command to its end, with `input` as its standard input, and gives what it printed.
pub(crate) async fn output(mut command: Command, input: Option<Vec<u8>>) -> Result<Output> {
    let stdin = if input.is_some() { Stdio::piped() } else { Stdio::null() };
    command.stdin(stdin).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = Child::spawn(command)?;
    let stdin = child.process.stdin.take();
    let (mut stdout, mut stderr) = (child.process.stdout.take(), child.process.stderr.take());
    let write = async {
        if let (Some(mut stdin), Some(input)) = (stdin, input) {
            // Who does not read its input has decided without it.
            let _ = stdin.write_all(&input).await;
        }
    };
    let (stdout, stderr, ()) = tokio::join!(drain(&mut stdout), drain(&mut stderr), write);
    let status = child.wait().await?;
    Ok(Output { status, stdout: stdout?, stderr: stderr? })
}

async fn drain(pipe: &mut Option<impl tokio::io::AsyncRead + Unpin>) -> Result<Vec<u8>> {
    let mut read = Vec::new();
    if let Some(pipe) = pipe {
        tokio::io::AsyncReadExt::read_to_end(pipe, &mut read).await?;
    }
    Ok(read)
}
