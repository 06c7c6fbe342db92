//! Why the program ends without a success: an exit code, a line, and the API's own words where it has some.
//!
//! In: a mistake of usage, or the error of a call. Out: the text of standard error.

use std::error::Error as StdError;
use std::io::Write;

use super::super::error::{Error, ErrorKind};
use super::super::redact;
use super::super::request::RequestError;

/// The option that allows what the builder's method does.
pub const INSECURE_HTTP_HINT: &str = " (here: --allow-insecure-http)";

/// The exit codes but that of success.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// The API answered with an error.
    Api = 1,
    /// The program was called wrongly, or a request cannot be made of what it was given; nothing was sent.
    Usage = 2,
    /// Nothing came back, or not all of it; or it could not be written.
    Transport = 3,
    /// The answer does not decode.
    Decode = 4,
}

/// An end without success.
#[derive(Debug)]
pub struct Stop {
    /// The exit code.
    pub exit: Exit,
    /// One line that says why.
    pub message: String,
    /// The decoded body of the API's error, as JSON.
    pub body: Option<String>,
    /// Whether it is that no credential is there.
    pub lacks_credential: bool,
}

impl Stop {
    /// An end with a code and a line.
    pub fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self { exit, message: message.into(), body: None, lacks_credential: false }
    }

    /// The program was called wrongly.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(Exit::Usage, message)
    }

    /// What a call came to, but for the body.
    pub fn of<E>(error: &Error<E>) -> Self {
        let cause = error.source().and_then(|cause| cause.downcast_ref::<RequestError>());
        let lacks_credential = matches!(cause, Some(RequestError::MissingCredential { .. }));
        let exit = match error.kind() {
            ErrorKind::Status => Exit::Api,
            ErrorKind::Request => Exit::Usage,
            // A credential that is there and could not be had, or that the API has refused.
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

    /// Says why.
    pub fn report(&self, errors: &mut dyn Write) {
        let mut text = format!("error: {}\n", redact::line(&self.message));
        if let Some(body) = &self.body {
            text.push_str(body);
            text.push('\n');
        }
        // A standard error that is closed leaves nobody to tell.
        let _ = errors.write_all(text.as_bytes()).and_then(|()| errors.flush());
    }
}

/// An error and its causes in one line. Some errors say in their own text what their cause says.
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
