//! Runs child processes that cannot outlive the xtask command. Each child process has its own process group, which is
//! terminated when its [`Child`] is dropped.

use std::process::{ExitStatus, Output, Stdio};

use anyhow::{Context, Result};
use tokio::io::AsyncWriteExt;
use tokio::process::{ChildStdout, Command};

/// A child process. Dropping it terminates the process and all processes that it started.
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
        let process = command.spawn().with_context(|| format!("cannot run `{name}`"))?;
        Ok(Self { process })
    }

    /// Waits for the process to exit.
    pub(crate) async fn wait(&mut self) -> std::io::Result<ExitStatus> {
        self.process.wait().await
    }

    pub(crate) fn stdout(&mut self) -> Option<ChildStdout> {
        self.process.stdout.take()
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        // `id` is `None` after `wait` returned, so the signal is never sent to another process with the same ID.
        #[cfg(unix)]
        if let Some(id) = self.process.id() {
            let group = format!("-{id}");
            let mut kill = std::process::Command::new("kill");
            let _ = kill.args(["-TERM", "--", &group]).stdout(Stdio::null()).stderr(Stdio::null()).status();
        }
        let _ = self.process.start_kill();
    }
}

/// Runs a command to completion, with `input` as its standard input, and returns its output.
pub(crate) async fn output(mut command: Command, input: Option<Vec<u8>>) -> Result<Output> {
    let stdin = if input.is_some() { Stdio::piped() } else { Stdio::null() };
    command.stdin(stdin).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = Child::spawn(command)?;
    let stdin = child.process.stdin.take();
    let (mut stdout, mut stderr) = (child.process.stdout.take(), child.process.stderr.take());
    let write = async {
        if let (Some(mut stdin), Some(input)) = (stdin, input) {
            // Ignore errors: a process may exit without reading its input.
            let _ = stdin.write_all(&input).await;
        }
    };
    let (stdout, stderr, ()) = tokio::join!(read_all(&mut stdout), read_all(&mut stderr), write);
    let status = child.wait().await?;
    Ok(Output { status, stdout: stdout?, stderr: stderr? })
}

async fn read_all(pipe: &mut Option<impl tokio::io::AsyncRead + Unpin>) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if let Some(pipe) = pipe {
        tokio::io::AsyncReadExt::read_to_end(pipe, &mut bytes).await?;
    }
    Ok(bytes)
}
