//! Redirects: which are followed, and where they lead.
//!
//! In: what was sent, and the answer. Out: the redirect to follow, or why it is not. Only those within the origin are, so
//! that credentials never leave it. A redirect that the document lists among the responses of an operation is an outcome of
//! its calls instead, unless the call follows it.

use http::header::LOCATION;
use http::{HeaderMap, Method, StatusCode, Uri};
use url::{Url, form_urlencoded};

use super::response::RawResponse;

/// How many redirects a call follows at most, those of all its attempts together.
const MOST: u32 = 10;

/// The statuses of redirection (3xx) that the spec lists among the responses of an operation. They are outcomes of its
/// calls, as successes are, and not followed. A `default` response lists none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DocumentedRedirects {
    /// None.
    None,
    /// These.
    Only(&'static [u16]),
    /// Any: `3XX`.
    All,
}

impl DocumentedRedirects {
    /// Whether the status is one of them.
    pub fn contains(self, status: StatusCode) -> bool {
        match self {
            Self::None => false,
            Self::Only(statuses) => statuses.contains(&status.as_u16()),
            Self::All => status.is_redirection(),
        }
    }
}

/// Which responses are outcomes of a call, and which redirects it follows.
#[derive(Debug, Clone, Copy)]
pub struct Outcomes {
    documented: DocumentedRedirects,
    /// Whether the call follows documented redirects too.
    follows_all: bool,
}

impl Outcomes {
    /// Successes alone.
    pub const SUCCESSES: Self = Self { documented: DocumentedRedirects::None, follows_all: false };

    /// Whether a response of this status with these headers is an outcome: a success, or a documented redirect.
    pub fn contains(self, status: StatusCode, headers: &HeaderMap) -> bool {
        let is_followed = || self.follows_all && is_followable(status) && headers.contains_key(LOCATION);
        status.is_success() || (self.documented.contains(status) && !is_followed())
    }
}

/// The redirects that a call may still follow.
pub struct Redirects {
    allowed: bool,
    outcomes: Outcomes,
    followed: u32,
}

/// A redirect to follow.
pub struct Redirect {
    /// Where it leads, within the origin.
    pub url: Url,
    /// Whether the request is over and its result stands there, to be read with GET: 303 after anything else.
    pub see_other: bool,
}

/// What a redirect is an answer to.
pub struct Sent<'a> {
    /// The method.
    pub method: &'a Method,
    /// The URL.
    pub uri: &'a Uri,
    /// Whether the body can be sent a second time.
    pub replayable: bool,
}

/// Why a redirect is not followed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotFollowed {
    /// The builder or the call was told so.
    #[error("redirects are switched off")]
    Off,
    /// HTTP leaves open whether the method stays the same, and clients differ.
    #[error("a {} after {method} is not followed, for it does not say with which method", .status.as_u16())]
    Method {
        /// The status of the redirect.
        status: StatusCode,
        /// The method of the request.
        method: Method,
    },
    /// The body was a stream that has been read.
    #[error("the redirect is not followed, for the body can be sent only once")]
    Body,
    /// Another scheme, host or port.
    #[error("the redirect is not followed, for it leads to another origin than {0}")]
    Origin(String),
    /// A redirect to itself, as it seems.
    #[error("redirected {MOST} times, and no further redirect is followed")]
    TooMany,
    /// `Location` is no URL, or holds a user name.
    #[error("the redirect is not followed, for its Location {0}")]
    Location(&'static str),
}

impl Redirects {
    /// None followed so far. `allowed` is what the client says, `of_call` what the call says instead.
    pub fn new(allowed: bool, of_call: Option<bool>, documented: DocumentedRedirects) -> Self {
        let outcomes = Outcomes { documented, follows_all: of_call == Some(true) };
        Self { allowed: of_call.unwrap_or(allowed), outcomes, followed: 0 }
    }

    /// Which responses are outcomes of the call.
    pub fn outcomes(&self) -> Outcomes {
        self.outcomes
    }

    /// The redirect to follow; `None` where the answer is none.
    pub fn next(&mut self, sent: &Sent<'_>, answer: &RawResponse) -> Result<Option<Redirect>, NotFollowed> {
        let status = answer.status();
        if !is_followable(status) || self.outcomes.contains(status, answer.headers()) {
            return Ok(None);
        }
        let safe = matches!(*sent.method, Method::GET | Method::HEAD);
        let see_other = status == StatusCode::SEE_OTHER && !safe;
        let Some(location) = answer.headers().get(LOCATION) else { return Ok(None) };
        if !self.allowed {
            return Err(NotFollowed::Off);
        }
        if !safe && matches!(status, StatusCode::MOVED_PERMANENTLY | StatusCode::FOUND) {
            return Err(NotFollowed::Method { status, method: sent.method.clone() });
        }
        if !see_other && !sent.replayable {
            return Err(NotFollowed::Body);
        }
        if self.followed == MOST {
            return Err(NotFollowed::TooMany);
        }
        let url = within_origin(sent.uri, location.as_bytes())?;
        self.followed += 1;
        Ok(Some(Redirect { url, see_other }))
    }
}

/// Whether a status leads to another URL by itself.
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

/// The URL that a `Location` means. It is read as browsers read it, where a backslash is a slash and tabs are nothing: only
/// what comes of that is compared, and only that is used.
fn within_origin(from: &Uri, location: &[u8]) -> Result<Url, NotFollowed> {
    let from = Url::parse(&from.to_string()).map_err(|_| NotFollowed::Location("cannot be resolved"))?;
    let location = std::str::from_utf8(location).map_err(|_| NotFollowed::Location("is no text"))?;
    let mut url = from.join(location).map_err(|_| NotFollowed::Location("is no URL"))?;
    if url.origin() != from.origin() {
        return Err(NotFollowed::Origin(from.origin().ascii_serialization()));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(NotFollowed::Location("holds a user name or a password"));
    }
    url.set_fragment(None);
    Ok(url)
}

/// The URL without the query parameters that these encoded pairs will set: a server that repeats the query in its
/// `Location` does not get a credential twice.
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
