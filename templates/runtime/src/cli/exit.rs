//! Errors that end the program, with exit code, message and, for API errors, the response body.

use std::error::Error as StdError;
use std::io::Write;

use super::super::error::{Error, ErrorKind};
use super::super::redact;
use super::super::request::RequestError;

/// The hint appended to errors about credentials over plain `http`. It names the option that corresponds to the builder
/// method in the message.
pub const INSECURE_HTTP_HINT: &str = " (on the command line: --allow-insecure-http)";

/// The exit codes other than success.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// The API responded with an error.
    Api = 1,
    /// The arguments are invalid, or no request can be built from them; nothing was sent.
    Usage = 2,
    /// There is no complete response, or the response could not be written.
    Transport = 3,
    /// The response cannot be decoded.
    Decode = 4,
}

/// An error that ends the program.
#[derive(Debug)]
pub struct ExitError {
    /// The exit code.
    pub exit: Exit,
    /// The message, on one line.
    pub message: String,
    /// The decoded body of an API error, as JSON.
    pub body: Option<String>,
    /// Whether the error is a missing credential.
    pub lacks_credential: bool,
}

impl ExitError {
    /// Creates an error.
    pub fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self { exit, message: message.into(), body: None, lacks_credential: false }
    }

    /// Creates a usage error.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(Exit::Usage, message)
    }

    /// Converts the error of a call. The body of an error response is not included.
    pub fn of<E>(error: &Error<E>) -> Self {
        let cause = error.source().and_then(|cause| cause.downcast_ref::<RequestError>());
        let lacks_credential = matches!(cause, Some(RequestError::MissingCredential { .. }));
        let exit = match error.kind() {
            ErrorKind::Status | ErrorKind::Stream => Exit::Api,
            ErrorKind::Request => Exit::Usage,
            // If there is a status, the API rejected the credential; otherwise, the credential could not be obtained.
            ErrorKind::Credential if error.status().is_some() => Exit::Api,
            ErrorKind::Credential if !lacks_credential => Exit::Transport,
            ErrorKind::Credential => Exit::Usage,
            ErrorKind::Body | ErrorKind::Transport | ErrorKind::Timeout | ErrorKind::TooLarge | ErrorKind::File => {
                Exit::Transport
            }
            ErrorKind::Decode | ErrorKind::Paging => Exit::Decode,
        };
        let hint = if matches!(cause, Some(RequestError::InsecureHttp(_))) { INSECURE_HTTP_HINT } else { "" };
        Self { lacks_credential, ..Self::new(exit, error.to_string() + hint) }
    }

    /// Writes the error to standard error.
    pub fn report(&self, errors: &mut dyn Write) {
        let mut text = format!("error: {}\n", redact::line(&self.message));
        if let Some(body) = &self.body {
            text.push_str(body);
            text.push('\n');
        }
        // If standard error is closed, the error cannot be shown anywhere.
        let _ = errors.write_all(text.as_bytes()).and_then(|()| errors.flush());
    }
}

/// Formats an error and its causes on one line, separated by colons. A cause that the line already contains is omitted.
pub fn with_causes(error: &dyn StdError) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        let cause = error.to_string();
        if !text.contains(&cause) {
            text.push_str(": ");
            text.push_str(&cause);
        }
        source = error.source();
    }
    text
}
