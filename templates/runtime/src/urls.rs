//! The URLs of requests, as `reqwest` wants them.
//!
//! In: the URI of a request. Out: the same as a [`Url`]. Most of what it takes to read a URL is its host, and nearly all
//! requests of a client go to one: that of the last request is kept.

use std::sync::{PoisonError, RwLock};

use http::Uri;
use http::uri::{Authority, Scheme};
use url::{ParseError, Url};

/// Makes URLs.
#[derive(Default)]
pub struct Urls {
    last: RwLock<Option<Origin>>,
}

/// An origin, read.
struct Origin {
    scheme: Scheme,
    authority: Authority,
    url: Url,
}

impl Urls {
    /// The URL of a request.
    pub fn of(&self, uri: &Uri) -> Result<Url, ParseError> {
        // What is guarded is replaced in one step, and good whatever happens around it.
        if let Some(last) = self.last.read().unwrap_or_else(PoisonError::into_inner).as_ref()
            && Some(&last.scheme) == uri.scheme()
            && Some(&last.authority) == uri.authority()
        {
            return Ok(last.with_path(uri));
        }
        let url = Url::parse(&uri.to_string())?;
        if let (Some(scheme), Some(authority)) = (uri.scheme(), uri.authority()) {
            let mut bare = url.clone();
            bare.set_path("/");
            bare.set_query(None);
            let origin = Origin { scheme: scheme.clone(), authority: authority.clone(), url: bare };
            *self.last.write().unwrap_or_else(PoisonError::into_inner) = Some(origin);
        }
        Ok(url)
    }
}

impl Origin {
    fn with_path(&self, uri: &Uri) -> Url {
        let mut url = self.url.clone();
        url.set_path(uri.path());
        url.set_query(uri.query());
        url
    }
}
