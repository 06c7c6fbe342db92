//! The head of a request: URL, headers, and what credentials add to both.
//!
//! In: an assembled request. Out: a [`Draft`], which is made once a call, and of it one head for each attempt: a
//! credential may be another one by then, as after a 401.

use std::borrow::Cow;
use std::pin::pin;

use http::header::{
    ACCEPT, CONTENT_ENCODING, CONTENT_LANGUAGE, CONTENT_LENGTH, CONTENT_LOCATION, CONTENT_TYPE, COOKIE, HeaderMap,
    HeaderValue,
};
use http::{Method, Uri};
use url::Url;

use super::body::Body;
use super::client::Shared;
use super::credentials::{InsecureHttp, Place, Requirement, Selection};
use super::failure::{Context, Failure};
use super::limits::Limits;
use super::operation::OperationInfo;
use super::redirect::{Redirect, without_parameters};
use super::request::{Request, RequestError};
use super::secret::Secret;
use super::send::AttemptInfo;
use super::server::{BaseUrl, ServerError};

/// A head without its credentials.
pub struct Draft {
    info: Option<&'static OperationInfo>,
    server: Option<usize>,
    method: Method,
    path: String,
    from_root: bool,
    query: Vec<String>,
    cookies: Vec<String>,
    headers: HeaderMap,
    /// Headers of the caller, which come before those of credentials.
    extra_headers: HeaderMap,
    #[cfg(feature = "mock")]
    parameters: super::mock::Parameters,
    /// Where a redirect has led, in the place of path and query.
    redirected: Option<Url>,
}

/// A head that is ready to be sent.
pub struct Head {
    info: Option<&'static OperationInfo>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    #[cfg(feature = "mock")]
    parameters: super::mock::Parameters,
}

impl Draft {
    /// The draft of a request.
    pub fn new(request: Request) -> Self {
        Self {
            info: request.info,
            server: request.server,
            method: request.method,
            path: request.path,
            from_root: request.from_root,
            query: request.query,
            cookies: request.cookies,
            headers: request.headers,
            extra_headers: request.extra_headers,
            #[cfg(feature = "mock")]
            parameters: request.parameters,
            redirected: None,
        }
    }

    /// Announces the length of a body that has been measured.
    pub fn announce(&mut self, body: &Body) {
        // RFC 9110, section 8.6: a method that gives content a meaning says so too where there is none.
        let takes_content = [Method::POST, Method::PUT, Method::PATCH].contains(&self.method);
        if let Some(length) = body.length().filter(|_| takes_content || !body.is_empty()) {
            self.headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
        }
    }

    /// The method.
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// Goes where a redirect leads.
    pub fn redirect(&mut self, redirect: Redirect) {
        self.redirected = Some(redirect.url);
        if redirect.see_other {
            self.method = Method::GET;
            for name in [CONTENT_ENCODING, CONTENT_LANGUAGE, CONTENT_LENGTH, CONTENT_LOCATION, CONTENT_TYPE] {
                self.headers.remove(&name);
                self.extra_headers.remove(&name);
            }
        }
    }

    /// The head with the credentials that the client has now, which the context then knows.
    pub async fn authorize(
        &self,
        shared: &Shared,
        context: &mut Context,
        limits: &Limits,
    ) -> Result<Head, Box<Failure>> {
        let requirement = self.info.map_or(Requirement::FirstConfigured, |info| Requirement::AnyOf(info.security));
        let selection = shared.credentials.select(requirement, shared.api);
        let selection = selection.and_then(|selection| self.check_confidential(shared, selection).map(|()| selection));
        let selection = selection.map_err(|error| context.not_made(error))?;
        let credentials = pin!(shared.credentials.fetch(selection, shared));
        let credentials = limits.hold("no credential", credentials).await;
        let credentials = credentials.map_err(|reason| context.no_credential_in_time(reason))?;
        context.credentials = credentials.map_err(|error| context.not_made(error))?;
        self.head(shared, selection.host_prefix, context).map_err(|error| context.not_made(error))
    }

    /// Refuses to send a credential where it can be read on the way. Redirects and links stay within scheme, host and
    /// port, so that the base decides for them too.
    fn check_confidential(&self, shared: &Shared, selection: Selection) -> Result<(), RequestError> {
        if shared.allow_insecure_http || !selection.is_sent {
            return Ok(());
        }
        let base = self.base(shared, selection.host_prefix)?;
        if base.is_confidential() { Ok(()) } else { Err(InsecureHttp::new(&base, shared.api).into()) }
    }

    fn base<'a>(&self, shared: &'a Shared, host_prefix: Option<&str>) -> Result<Cow<'a, BaseUrl>, ServerError> {
        shared.servers.base(self.info.map_or(&[][..], |info| info.servers), self.server, host_prefix)
    }

    fn head(&self, shared: &Shared, host_prefix: Option<&str>, context: &Context) -> Result<Head, RequestError> {
        let places = || context.credentials.iter().map(|used| &used.shown.place);
        let pairs = places().filter_map(|place| match place {
            Place::Query(pair) => Some(pair.expose()),
            _ => None,
        });
        let pairs: Vec<&str> = pairs.collect();
        let base = self.base(shared, host_prefix)?;
        let uri = match &self.redirected {
            Some(url) => {
                let bare = without_parameters(url, &pairs);
                Uri::try_from(with_query(bare, pairs.into_iter())).map_err(http::Error::from)
            }
            None => {
                let path = if self.from_root { self.path.clone() } else { base.join(&self.path) };
                let others = others(&self.query, &pairs);
                base.uri(with_query(path, others.into_iter().chain(pairs)))
            }
        };
        let uri = uri.map_err(|error| RequestError::Path(format!("makes no URL: {error}")))?;

        // With room for credentials and cookies.
        let mut headers = HeaderMap::with_capacity(shared.headers.len() + self.headers.len() + 3);
        headers.extend(shared.headers.iter().map(|(name, value)| (name.clone(), value.clone())));
        if let Some(info) = self.info.filter(|info| !info.accept.is_empty()) {
            headers.insert(ACCEPT, HeaderValue::from_static(info.accept));
        }
        for (name, value) in &self.headers {
            headers.insert(name.clone(), value.clone());
        }
        let mut credentials: Vec<&str> = Vec::new();
        for place in places() {
            match place {
                Place::Header(name, value) => {
                    headers.insert(name.clone(), value.clone());
                }
                Place::Cookie(pair) => credentials.push(pair.expose()),
                Place::Query(_) => {}
            }
        }
        let mut cookies = others(&self.cookies, &credentials);
        cookies.append(&mut credentials);
        if !cookies.is_empty() {
            let cookies = Secret::new(cookies.join("; "));
            let mut cookies = HeaderValue::try_from(cookies.expose()).map_err(|_| RequestError::Header {
                name: COOKIE.to_string(),
                message: "holds characters that cannot be sent".to_owned(),
            })?;
            cookies.set_sensitive(true);
            headers.insert(COOKIE, cookies);
        }
        headers.extend(self.extra_headers.clone());
        Ok(Head {
            info: self.info,
            method: self.method.clone(),
            uri,
            headers,
            #[cfg(feature = "mock")]
            parameters: self.parameters.clone(),
        })
    }
}

/// The pairs that no credential takes the place of, as it does of a header: some specs have a key as a parameter too.
fn others<'a>(pairs: &'a [String], credentials: &[&str]) -> Vec<&'a str> {
    let name = |pair: &'a str| pair.split('=').next();
    let is_other = |pair: &&'a str| credentials.iter().all(|credential| credential.split('=').next() != name(pair));
    pairs.iter().map(String::as_str).filter(is_other).collect()
}

/// A URL, or its path, with these pairs at the end of its query.
fn with_query<'a>(mut url: String, pairs: impl Iterator<Item = &'a str>) -> String {
    let mut separator = if url.as_bytes().contains(&b'?') { '&' } else { '?' };
    for pair in pairs {
        url.push(separator);
        url.push_str(pair);
        separator = '&';
    }
    url
}

impl Head {
    /// Where the request goes.
    pub fn uri(&self) -> &Uri {
        &self.uri
    }

    /// The request of one attempt, counted from 1, after so many requests of the same call.
    pub fn into_request(self, body: Body, attempt: u32, resends: u32) -> http::Request<Body> {
        let mut request = http::Request::new(body);
        *request.method_mut() = self.method;
        *request.uri_mut() = self.uri;
        *request.headers_mut() = self.headers;
        request.extensions_mut().insert(AttemptInfo {
            operation: self.info,
            attempt,
            resends,
            #[cfg(feature = "mock")]
            parameters: self.parameters,
        });
        request
    }
}
