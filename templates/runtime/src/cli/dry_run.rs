//! A call that is shown in place of being sent.
//!
//! In: a request, through the same seam by which it would be sent. Out: the request itself. Secrets are not in it: they
//! are never read, and [`Placeholders`] stand where they would be.

use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::super::body::Body;
use super::super::transport::{BoxFuture, Transport, TransportError};

/// What stands in a request where a secret would be.
#[derive(Debug, Default)]
pub struct Placeholders(Vec<Placeholder>);

/// One of them.
#[derive(Debug)]
pub struct Placeholder {
    /// The text in the request: letters and digits, which no encoding changes.
    pub token: String,
    /// What a shell puts in its place; `***` is shown where it cannot.
    pub shell: Option<String>,
    /// Whether it is the user name and password of HTTP basic authentication: the token is the whole header then.
    pub is_user: bool,
}

impl Placeholders {
    /// A text that stands for a secret.
    pub fn secret(&mut self, shell: Option<String>) -> String {
        let token = self.token();
        self.0.push(Placeholder { token: token.clone(), shell, is_user: false });
        token
    }

    /// A user name that, with an empty password, stands for `user:password`.
    pub fn user(&mut self, shell: Option<String>) -> String {
        let name = self.token();
        let token = format!("Basic {}", STANDARD.encode(format!("{name}:")));
        self.0.push(Placeholder { token, shell, is_user: true });
        name
    }

    /// A text that stands for a secret which the shell does not know either.
    pub fn masked(&mut self) -> String {
        self.secret(None)
    }

    /// All of them.
    pub fn all(&self) -> &[Placeholder] {
        &self.0
    }

    /// Random, so that nothing of the request can be mistaken for it.
    fn token(&self) -> String {
        format!("Placeholder{:032x}End", fastrand::u128(..))
    }
}

/// Keeps the last request it is given and sends none.
#[derive(Debug, Clone, Default)]
pub struct Recorder(Arc<Mutex<Option<http::Request<Body>>>>);

impl Recorder {
    /// The request.
    pub fn take(&self) -> Option<http::Request<Body>> {
        // The lock guards one `take` or one store: the state is good whatever happens around them.
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl Transport for Recorder {
    fn send(&self, request: http::Request<Body>) -> BoxFuture<'static, Result<http::Response<Body>, TransportError>> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(request);
        // There is no connection: the request is kept to be printed.
        Box::pin(async { Err(TransportError::NotSent("this is a dry run".into())) })
    }
}
