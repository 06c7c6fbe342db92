//! The head of a request: URL, headers, and what credentials add to both.
//!
//! In: an assembled request. Out: a [`Draft`], which is made once a call, and of it one head for each attempt: a
//! credential may be another one by then, as after a 401.

use http::header::{CONTENT_LENGTH, COOKIE, HeaderMap, HeaderValue};
use http::{Extensions, Method, StatusCode, Uri};

use super::body::Body;
use super::client::Shared;
use super::credentials::{Place, Requirement};
use super::error::ErrorKind;
use super::exchange::Limits;
use super::failure::{Context, Failure};
use super::operation::OperationInfo;
use super::request::{Request, RequestError};
use super::response::RawResponse;
use super::secret::Secret;
use super::send::AttemptInfo;
use super::server::BaseUrl;

/// A head without its credentials.
pub struct Draft {
    info: Option<&'static OperationInfo>,
    method: Method,
    path: String,
    query: Vec<String>,
    cookies: Vec<String>,
    headers: HeaderMap,
    /// Headers of the caller, which come before those of credentials.
    extra_headers: HeaderMap,
    extensions: Extensions,
}

/// A head that is ready to be sent.
pub struct Head {
    info: Option<&'static OperationInfo>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    extensions: Extensions,
}

impl Draft {
    /// The draft of a request whose body has been measured.
    pub fn new(shared: &Shared, request: Request, body: &Body) -> Self {
        let mut headers = shared.headers.clone();
        headers.extend(request.headers);
        // RFC 9110, section 8.6: a method that gives content a meaning says so too where there is none.
        let takes_content = [Method::POST, Method::PUT, Method::PATCH].contains(&request.method);
        if let Some(length) = body.length().filter(|_| takes_content || !body.is_empty()) {
            headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
        }
        Self {
            info: request.info,
            method: request.method,
            path: request.path,
            query: request.query,
            cookies: request.cookies,
            headers,
            extra_headers: request.extra_headers,
            extensions: request.extensions,
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
        let authorization = limits.hold(shared.credentials.authorize(requirement, shared)).await;
        let authorization = authorization.ok_or_else(|| context.no_credential_in_time(limits.reason()))?;
        let authorization = authorization.map_err(|error| context.not_made(error))?;
        context.credentials = authorization.credentials;
        self.head(shared, authorization.base, context).map_err(|error| context.not_made(error))
    }

    /// What an unsuccessful answer leaves to do: `None` where it is a 401 and the client has another credential by now,
    /// so that the request can be sent again.
    pub async fn refused(
        &self,
        shared: &Shared,
        context: &Context,
        limits: &Limits,
        failure: Box<Failure>,
    ) -> Option<Box<Failure>> {
        let unauthorized = |response: &RawResponse| response.status() == StatusCode::UNAUTHORIZED;
        let refused = failure.kind == ErrorKind::Status && failure.response.as_ref().is_some_and(unauthorized);
        if !refused {
            return Some(failure);
        }
        match limits.hold(shared.credentials.renew(&context.credentials, shared)).await {
            Some(Ok(true)) => None,
            // The answer says more than that there was no time for a second one.
            Some(Ok(false)) | None => Some(failure),
            Some(Err(error)) => Some(context.not_renewed(*failure, error)),
        }
    }

    fn head(&self, shared: &Shared, base: Option<&BaseUrl>, context: &Context) -> Result<Head, RequestError> {
        let places = || context.credentials.iter().map(|used| &used.shown.place);
        let mut url = base.unwrap_or(&shared.base).join(&self.path);
        let credentials = places().filter_map(|place| match place {
            Place::Query(pair) => Some(pair.expose()),
            _ => None,
        });
        let mut separator = '?';
        for pair in self.query.iter().map(String::as_str).chain(credentials) {
            url.push(separator);
            url.push_str(pair);
            separator = '&';
        }
        let uri = Uri::try_from(url).map_err(|error| RequestError::Path(format!("makes no URL: {error}")))?;

        let mut headers = self.headers.clone();
        let mut cookies: Vec<&str> = self.cookies.iter().map(String::as_str).collect();
        for place in places() {
            match place {
                Place::Header(name, value) => {
                    headers.insert(name.clone(), value.clone());
                }
                Place::Cookie(pair) => cookies.push(pair.expose()),
                Place::Query(_) => {}
            }
        }
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
        let extensions = self.extensions.clone();
        Ok(Head { info: self.info, method: self.method.clone(), uri, headers, extensions })
    }
}

impl Head {
    /// The request of one attempt, counted from 1.
    pub fn into_request(self, body: Body, attempt: u32) -> http::Request<Body> {
        let mut request = http::Request::new(body);
        *request.method_mut() = self.method;
        *request.uri_mut() = self.uri;
        *request.headers_mut() = self.headers;
        *request.extensions_mut() = self.extensions;
        request.extensions_mut().insert(AttemptInfo { operation: self.info, attempt });
        request
    }
}
