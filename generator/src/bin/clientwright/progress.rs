//! Shows that the program is working, if it takes long.

use std::io::{self, Write};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::diagnostic_output::OutputArguments;

/// How often the line is updated. The first line is shown after this time.
const INTERVAL: Duration = Duration::from_secs(1);

/// A line on standard error with the elapsed time: `generating… 3 s`. Dropping this value removes the line.
pub struct Progress {
    /// The thread that updates the line, which ends when the sender is dropped. `None` if no progress is shown.
    running: Option<(Sender<()>, JoinHandle<()>)>,
}

impl Progress {
    /// Starts to show progress if standard error is a terminal.
    pub fn start(output: &OutputArguments, text: &'static str) -> Self {
        let running = output.shows_progress().then(|| {
            let (sender, stop) = channel();
            (sender, thread::spawn(move || run(&stop, text, INTERVAL, io::stderr())))
        });
        Self { running }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some((sender, thread)) = self.running.take() {
            drop(sender);
            let _ = thread.join();
        }
    }
}

/// Updates the line until the sender of `stop` is dropped, then removes the line.
fn run(stop: &Receiver<()>, text: &str, interval: Duration, mut to: impl Write) {
    let mut elapsed = Duration::ZERO;
    while stop.recv_timeout(interval) == Err(RecvTimeoutError::Timeout) {
        elapsed += interval;
        let _ = write!(to, "\r{text}… {} s", elapsed.as_secs()).and_then(|()| to.flush());
    }
    if elapsed > Duration::ZERO {
        // Erases the line.
        let _ = write!(to, "\r\u{1b}[K").and_then(|()| to.flush());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A writer that sends each written text.
    struct Pieces(Sender<String>);

    impl Write for Pieces {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.send(String::from_utf8_lossy(bytes).into_owned()).map_err(io::Error::other)?;
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn line_is_shown_and_removed() {
        let (sender, stop) = channel();
        let (pieces, written) = channel();
        let thread = thread::spawn(move || run(&stop, "generating", Duration::from_millis(1), Pieces(pieces)));
        let mut line = String::new();
        while !line.ends_with(" s") {
            line.push_str(&written.recv().unwrap());
        }
        assert_eq!(line, "\rgenerating… 0 s");
        drop(sender);
        thread.join().unwrap();
        assert!(written.iter().collect::<String>().ends_with("\r\u{1b}[K"));
    }

    #[test]
    fn short_run_shows_nothing() {
        let (sender, stop) = channel();
        drop(sender);
        let mut written = Vec::new();
        run(&stop, "generating", INTERVAL, &mut written);
        assert!(written.is_empty());
    }
}
