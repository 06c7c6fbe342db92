//! Creates the head of a request: method, URL and headers, including credentials.
//!
//! A [`Draft`] is created once for each call. A [`Head`] is created from the draft for each attempt, because the
//! credentials may have changed, for example after a 401.

use std::borrow::Cow;
#[cfg(feature = "credentials")]
use std::pin::pin;

use http::header::{
    ACCEPT, CONTENT_ENCODING, CONTENT_LANGUAGE, CONTENT_LENGTH, CONTENT_LOCATION, CONTENT_TYPE, COOKIE, HeaderMap,
    HeaderValue,
};
use http::{Method, Uri};
use url::Url;

use super::body::Body;
use super::client::Shared;
#[cfg(feature = "credentials")]
use super::credentials::{InsecureHttp, Place, Requirement, Selection};
#[cfg(feature = "credentials")]
use super::failure::{Context, Failure};
#[cfg(feature = "credentials")]
use super::limits::Limits;
use super::method::QUERY;
use super::operation::OperationInfo;
use super::redirect::Redirect;
#[cfg(feature = "credentials")]
use super::redirect::without_parameters;
use super::request::{Request, RequestError};
use super::secret::Secret;
use super::send::AttemptInfo;
use super::server::{BaseUrl, ServerError};

/// The head of a request without credentials.
pub struct Draft {
    info: Option<&'static OperationInfo>,
    server: Option<usize>,
    method: Method,
    path: String,
    from_root: bool,
    query: Vec<String>,
    cookies: Vec<String>,
    headers: HeaderMap,
    /// The headers added by the caller, which take precedence over the headers of credentials.
    extra_headers: HeaderMap,
    #[cfg(feature = "mock")]
    parameters: super::mock::Parameters,
    /// The target of a followed redirect, which replaces the path and query of the request.
    redirected: Option<Url>,
    /// The prefix to add to the server's host name, because a client certificate replaces a credential.
    #[cfg(feature = "certificate-hosts")]
    host_prefix: Option<&'static str>,
}

/// The head of a request with credentials, ready to send.
pub struct Head {
    info: Option<&'static OperationInfo>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    #[cfg(feature = "mock")]
    parameters: super::mock::Parameters,
}

impl Draft {
    /// Creates the draft of a request.
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
            #[cfg(feature = "certificate-hosts")]
            host_prefix: None,
        }
    }

    /// Sets `Content-Length` to the length of the body, if this length is known.
    pub fn announce(&mut self, body: &Body) {
        // RFC 9110, section 8.6: requests whose method expects content, e.g. POST, have a `Content-Length` even if it
        // is 0.
        let takes_content =
            [Method::POST, Method::PUT, Method::PATCH].contains(&self.method) || self.method.as_str() == QUERY;
        if let Some(length) = body.length().filter(|_| takes_content || !body.is_empty()) {
            self.headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
        }
    }

    /// Returns the method.
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// Applies a redirect: replaces the target. If the redirect requires GET, also changes the method and removes the
    /// headers that describe the body.
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

    /// Creates a head with the current credentials, and stores these credentials in the context.
    #[cfg(feature = "credentials")]
    pub async fn authorize(
        &mut self,
        shared: &Shared,
        context: &mut Context,
        limits: &Limits,
    ) -> Result<Head, Box<Failure>> {
        let requirement = self.info.map_or(Requirement::FirstConfigured, |info| Requirement::AnyOf(info.security));
        let selection = shared.credentials.select(requirement, shared.api);
        let selection = selection.map_err(|error| context.not_made(error))?;
        #[cfg(feature = "certificate-hosts")]
        {
            self.host_prefix = selection.host_prefix;
        }
        self.check_confidential(shared, selection).map_err(|error| context.not_made(error))?;
        let credentials = pin!(shared.credentials.fetch(selection, shared));
        let credentials = limits.hold("no credential", credentials).await;
        let credentials = credentials.map_err(|reason| context.no_credential_in_time(reason))?;
        context.credentials = credentials.map_err(|error| context.not_made(error))?;
        self.head(shared, context).map_err(|error| context.not_made(error))
    }

    /// Checks that no credential is sent unencrypted. Checking the base URL is enough, because redirects and links to
    /// another scheme, host or port are not followed.
    #[cfg(feature = "credentials")]
    fn check_confidential(&self, shared: &Shared, selection: Selection) -> Result<(), RequestError> {
        if shared.allow_insecure_http || !selection.is_sent {
            return Ok(());
        }
        let base = self.base(shared)?;
        if base.is_confidential() { Ok(()) } else { Err(InsecureHttp::new(&base, shared.api).into()) }
    }

    fn base<'a>(&self, shared: &'a Shared) -> Result<Cow<'a, BaseUrl>, ServerError> {
        let base = shared.servers.base(self.info.map_or(&[][..], |info| info.servers), self.server)?;
        #[cfg(feature = "certificate-hosts")]
        if let Some(prefix) = self.host_prefix {
            return base.with_host_prefix(prefix).map(Cow::Owned);
        }
        Ok(base)
    }

    /// Creates a head.
    pub fn head(
        &self,
        shared: &Shared,
        #[cfg(feature = "credentials")] context: &Context,
    ) -> Result<Head, RequestError> {
        #[cfg(feature = "credentials")]
        let places = || context.credentials.iter().map(|used| &used.credential.place);
        #[cfg(feature = "credentials")]
        let keys: Vec<&str> = places().filter_map(Place::query).collect();
        let base = self.base(shared)?;
        let uri = match &self.redirected {
            Some(url) => {
                #[cfg(not(feature = "credentials"))]
                let url = url.as_str();
                #[cfg(feature = "credentials")]
                let url = with_query(without_parameters(url, &keys), keys.into_iter());
                Uri::try_from(url).map_err(http::Error::from)
            }
            None => {
                let path = if self.from_root { self.path.clone() } else { base.join(&self.path) };
                let pairs = self.query.iter().map(String::as_str);
                #[cfg(feature = "credentials")]
                let pairs = pairs.filter(|pair| !is_replaced(pair, &keys)).chain(keys.iter().copied());
                base.uri(with_query(path, pairs))
            }
        };
        let uri = uri.map_err(|error| RequestError::Path(format!("does not form a valid URL: {error}")))?;

        // The additional capacity is for credentials and cookies.
        let mut headers = HeaderMap::with_capacity(shared.headers.len() + self.headers.len() + 3);
        headers.extend(shared.headers.iter().map(|(name, value)| (name.clone(), value.clone())));
        if let Some(info) = self.info.filter(|info| !info.accept.is_empty()) {
            headers.insert(ACCEPT, HeaderValue::from_static(info.accept));
        }
        for (name, value) in &self.headers {
            headers.insert(name.clone(), value.clone());
        }
        #[cfg_attr(not(feature = "credentials"), allow(unused_mut))]
        let mut cookies: Vec<&str> = self.cookies.iter().map(String::as_str).collect();
        #[cfg(feature = "credentials")]
        {
            for (name, value) in places().filter_map(Place::header) {
                headers.insert(name.clone(), value.clone());
            }
            let keys: Vec<&str> = places().filter_map(Place::cookie).collect();
            cookies.retain(|pair| !is_replaced(pair, &keys));
            cookies.extend(keys);
        }
        if !cookies.is_empty() {
            let cookies = Secret::new(cookies.join("; "));
            let mut cookies = HeaderValue::try_from(cookies.expose()).map_err(|_| RequestError::Header {
                name: COOKIE.to_string(),
                message: "contains characters that cannot be sent".to_owned(),
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

/// Returns whether a `name=value` pair has the name of a credential. Some specs also define an API key as a parameter;
/// the credential then replaces the parameter.
#[cfg(feature = "credentials")]
fn is_replaced(pair: &str, credentials: &[&str]) -> bool {
    credentials.iter().any(|credential| credential.split('=').next() == pair.split('=').next())
}

/// Appends these `name=value` pairs to the query of a URL or path.
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
    /// Returns the URL of the request.
    pub fn uri(&self) -> &Uri {
        &self.uri
    }

    /// Creates the request for the attempt with this number, starting at 1. `resends` is the number of earlier requests
    /// of the same call.
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
