//! Dry runs (`--dry-run`): a [`Recorder`] records the request instead of sending it, and [`Placeholders`] replace the
//! secrets.

use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::super::body::Body;
use super::super::transport::{BoxFuture, Transport, TransportError};

/// The placeholders for the secrets of a request.
#[derive(Debug, Default)]
pub struct Placeholders(Vec<Placeholder>);

/// A placeholder for a secret.
#[derive(Debug)]
pub struct Placeholder {
    /// The text that replaces the secret in the request. It consists of letters and digits, which are not changed by
    /// URL encoding or JSON.
    pub token: String,
    /// The shell expression that reads the secret; `None` if the secret is shown as `***`.
    pub shell: Option<String>,
    /// Whether the secret is a user name and password for HTTP basic authentication. `token` is then the complete value
    /// of the header `Authorization`.
    pub is_user: bool,
}

impl Placeholders {
    /// Adds a placeholder for a secret and returns its token, which replaces the secret in the request. In the printed
    /// command, the shell expression `shell` replaces the token, or `***` if `shell` is `None`.
    pub fn secret(&mut self, shell: Option<String>) -> String {
        let token = self.token();
        self.0.push(Placeholder { token: token.clone(), shell, is_user: false });
        token
    }

    /// Adds a placeholder for `user:password`. Returns the user name to set in the request. The
    /// password to set is empty.
    pub fn user(&mut self, shell: Option<String>) -> String {
        let name = self.token();
        let token = format!("Basic {}", STANDARD.encode(format!("{name}:")));
        self.0.push(Placeholder { token, shell, is_user: true });
        name
    }

    /// Adds a placeholder for a secret that is shown as `***` and returns its token.
    pub fn masked(&mut self) -> String {
        self.secret(None)
    }

    /// Returns all placeholders.
    pub fn all(&self) -> &[Placeholder] {
        &self.0
    }

    /// Returns a random token, which cannot occur elsewhere in the request.
    fn token(&self) -> String {
        format!("Placeholder{:032x}End", fastrand::u128(..))
    }
}

/// A transport that stores the request and sends nothing.
#[derive(Debug, Clone, Default)]
pub struct Recorder(Arc<Mutex<Option<http::Request<Body>>>>);

impl Recorder {
    /// Removes and returns the last request; `None` if there is none.
    pub fn take(&self) -> Option<http::Request<Body>> {
        // A poisoned lock is harmless: storing and taking the value is a single assignment.
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl Transport for Recorder {
    fn send(&self, request: http::Request<Body>) -> BoxFuture<'static, Result<http::Response<Body>, TransportError>> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(request);
        Box::pin(async { Err(TransportError::NotSent("this is a dry run".into())) })
    }
}
