//! Decides which redirects are followed, and resolves their targets.
//!
//! Only redirects to the same origin (scheme, host and port) are followed, so that credentials are never sent to
//! another origin. A redirect that the spec documents as a response of an operation is by default not followed, but
//! returned as the result of the call.

use http::header::LOCATION;
use http::{HeaderMap, Method, StatusCode, Uri};
use url::Url;
#[cfg(feature = "credentials")]
use url::form_urlencoded;

use super::method::QUERY;
use super::response::RawResponse;

/// The maximum number of redirects that a call follows in all its attempts together.
const MAX_REDIRECTS: u32 = 10;

/// The redirect statuses (3xx) that the spec documents as responses of an operation. By default, a redirect with such a
/// status is not followed, but returned as the result of the call. A `default` response does not document redirects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum DocumentedRedirects {
    /// No redirect status.
    None,
    /// The listed statuses.
    Only(&'static [u16]),
    /// All redirect statuses: the spec documents `3XX`.
    All,
}

impl DocumentedRedirects {
    /// Returns whether the status is documented.
    pub fn contains(self, status: StatusCode) -> bool {
        match self {
            Self::None => false,
            Self::Only(statuses) => statuses.contains(&status.as_u16()),
            Self::All => status.is_redirection(),
        }
    }
}

/// The rules that decide whether a response is the result of a call, rather than an error or a redirect to follow.
#[derive(Debug, Clone, Copy)]
pub struct Outcomes {
    documented: DocumentedRedirects,
    /// Whether the call follows documented redirects as well.
    follows_all: bool,
}

impl Outcomes {
    /// Rules under which only successful responses are results of a call.
    #[cfg(feature = "credentials")]
    pub const SUCCESSES: Self = Self { documented: DocumentedRedirects::None, follows_all: false };

    /// Returns whether a response is a result: it is successful, or a documented redirect that is not followed.
    pub fn contains(self, status: StatusCode, headers: &HeaderMap) -> bool {
        let is_followed = || self.follows_all && is_followable(status) && headers.contains_key(LOCATION);
        status.is_success() || (self.documented.contains(status) && !is_followed())
    }
}

/// The redirect settings of a call, and the number of redirects followed so far.
pub struct Redirects {
    allowed: bool,
    outcomes: Outcomes,
    followed: u32,
}

/// A redirect to follow.
pub struct Redirect {
    /// The target, which has the same origin as the redirected request.
    pub url: Url,
    /// Whether the target is requested with GET and without a body, because a request with a method other than GET and
    /// HEAD received the status 303.
    pub see_other: bool,
}

/// The request that was redirected.
pub struct Sent<'a> {
    /// The method.
    pub method: &'a Method,
    /// The URL.
    pub uri: &'a Uri,
    /// Whether the body can be sent again.
    pub replayable: bool,
}

/// The reason why a redirect is not followed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotFollowed {
    /// The builder or the call disabled redirects.
    #[error("redirects are disabled")]
    Off,
    /// The status is 301 or 302, and the method, which is contained, is not GET, HEAD or QUERY. HTTP does not define whether
    /// the method of the next request stays the same.
    #[error("the redirect after {0} is not followed, because HTTP does not define the method of the next request")]
    Method(Method),
    /// The body was a stream, which cannot be sent again.
    #[error("the redirect is not followed, because the body can be sent only once")]
    Body,
    /// The target has another scheme, host or port.
    #[error("the redirect is not followed, because it leads to a different origin than {0}")]
    Origin(String),
    /// The maximum number of redirects was exceeded.
    #[error("the redirect is not followed, because the call already followed {MAX_REDIRECTS} redirects")]
    TooMany,
    /// The `Location` is not a valid URL, or contains a user name or password. The string completes the error message.
    #[error("the redirect is not followed, because its Location {0}")]
    Location(&'static str),
}

impl Redirects {
    /// Creates the state for a new call. `allowed` is the setting of the client; `of_call`, if set, overrides it.
    pub fn new(allowed: bool, of_call: Option<bool>, documented: DocumentedRedirects) -> Self {
        let outcomes = Outcomes { documented, follows_all: of_call == Some(true) };
        Self { allowed: of_call.unwrap_or(allowed), outcomes, followed: 0 }
    }

    /// Returns the rules that determine the results of the call.
    pub fn outcomes(&self) -> Outcomes {
        self.outcomes
    }

    /// Returns the redirect to follow, or `None` if the response is not a redirect or is a result of the call.
    ///
    /// # Errors
    ///
    /// The redirect must not be followed.
    pub fn next(&mut self, sent: &Sent<'_>, response: &RawResponse) -> Result<Option<Redirect>, NotFollowed> {
        let status = response.status();
        if !is_followable(status) || self.outcomes.contains(status, response.headers()) {
            return Ok(None);
        }
        let is_read = matches!(*sent.method, Method::GET | Method::HEAD);
        let see_other = status == StatusCode::SEE_OTHER && !is_read;
        // QUERY is a safe method, so the request can be repeated with its body.
        let safe = is_read || sent.method.as_str() == QUERY;
        let Some(location) = response.headers().get(LOCATION) else { return Ok(None) };
        if !self.allowed {
            return Err(NotFollowed::Off);
        }
        if !safe && matches!(status, StatusCode::MOVED_PERMANENTLY | StatusCode::FOUND) {
            return Err(NotFollowed::Method(sent.method.clone()));
        }
        if !see_other && !sent.replayable {
            return Err(NotFollowed::Body);
        }
        if self.followed == MAX_REDIRECTS {
            return Err(NotFollowed::TooMany);
        }
        let url = within_origin(sent.uri, location.as_bytes())?;
        self.followed += 1;
        Ok(Some(Redirect { url, see_other }))
    }
}

/// Returns whether HTTP clients follow redirects with this status automatically: 301, 302, 303, 307 or 308.
fn is_followable(status: StatusCode) -> bool {
    matches!(
        status,
        StatusCode::MOVED_PERMANENTLY
            | StatusCode::FOUND
            | StatusCode::SEE_OTHER
            | StatusCode::TEMPORARY_REDIRECT
            | StatusCode::PERMANENT_REDIRECT
    )
}

/// Resolves a `Location` against the URL of the redirected request and checks that both have the same origin.
///
/// The URL is parsed as in browsers, which treat a backslash as a slash and remove tabs. Only the parsed URL is
/// compared and used.
fn within_origin(from: &Uri, location: &[u8]) -> Result<Url, NotFollowed> {
    let from = Url::parse(&from.to_string()).map_err(|_| NotFollowed::Location("cannot be resolved"))?;
    let location = std::str::from_utf8(location).map_err(|_| NotFollowed::Location("is not UTF-8"))?;
    let mut url = from.join(location).map_err(|_| NotFollowed::Location("is not a valid URL"))?;
    if url.origin() != from.origin() {
        return Err(NotFollowed::Origin(from.origin().ascii_serialization()));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(NotFollowed::Location("contains a user name or a password"));
    }
    url.set_fragment(None);
    Ok(url)
}

/// Returns a redirect target without the query parameters that the encoded `pairs`, e.g. an API key, will set. If a
/// server repeats the query in its `Location`, the credential is therefore not sent twice.
#[cfg(feature = "credentials")]
pub fn without_parameters(url: &Url, pairs: &[&str]) -> String {
    let name = |pair: &str| form_urlencoded::parse(pair.as_bytes()).next().map(|(name, _)| name.into_owned());
    let set: Vec<_> = pairs.iter().map(|pair| name(pair)).collect();
    let mut bare = url.clone();
    if let Some(query) = url.query().filter(|_| !pairs.is_empty()) {
        let kept: Vec<_> = query.split('&').filter(|pair| !set.contains(&name(pair))).collect();
        bare.set_query((!kept.is_empty()).then(|| kept.join("&")).as_deref());
    }
    bare.into()
}
