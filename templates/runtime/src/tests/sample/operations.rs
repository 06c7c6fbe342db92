//! The operations of the sample API, like generated code.

use super::models;

#[derive(Debug, Clone)]
pub struct Certificates {
    client: crate::runtime::ApiClient,
}

impl Certificates {
    pub(crate) fn new(client: crate::runtime::ApiClient) -> Self {
        Self { client }
    }

    pub fn search(&self) -> Search {
        Search { call: crate::runtime::Call::new::<Search>(&self.client) }
    }

    pub fn renew(
        &self,
        serial_number: impl ::std::convert::Into<::std::string::String>,
        body: models::ImportRequest,
    ) -> Renew {
        let mut call = crate::runtime::Call::new::<Renew>(&self.client);
        call.set(0, &serial_number.into());
        call.json(&body);
        Renew { call }
    }

    pub fn replace(&self, enrollment_code: impl ::std::convert::Into<::std::string::String>) -> Replace {
        let mut call = crate::runtime::Call::new::<Replace>(&self.client);
        call.set(0, &enrollment_code.into());
        Replace { call }
    }

    pub fn replace_all<const N: usize>(&self, enrollment_codes: [&str; N]) -> Replace {
        let mut call = crate::runtime::Call::new::<Replace>(&self.client);
        call.set(0, enrollment_codes.as_slice());
        Replace { call }
    }

    pub fn import(&self, file: impl ::std::convert::Into<crate::runtime::Upload>) -> Import {
        let mut call = crate::runtime::Call::new::<Import>(&self.client);
        call.part(0, file.into());
        Import { call }
    }

    pub fn draw(&self, body: impl ::std::convert::Into<crate::runtime::Body>) -> Draw {
        let mut call = crate::runtime::Call::new::<Draw>(&self.client);
        call.body(body);
        Draw { call }
    }

    pub fn report(&self) -> Report {
        Report { call: crate::runtime::Call::new::<Report>(&self.client) }
    }

    pub fn health(&self) -> Health {
        Health { call: crate::runtime::Call::new::<Health>(&self.client) }
    }
}

/// Searches certificates.
#[derive(Debug, Clone)]
#[must_use = "requests do nothing until sent"]
pub struct Search {
    call: crate::runtime::Call,
}

impl Search {
    pub fn offset(mut self, offset: i64) -> Self {
        self.call.set(0, &offset);
        self
    }

    pub fn limit(mut self, limit: i32) -> Self {
        self.call.set(1, &limit);
        self
    }

    pub fn statuses(
        mut self,
        statuses: impl ::std::iter::IntoIterator<Item = impl ::std::convert::Into<models::SearchStatus>>,
    ) -> Self {
        self.call.set(
            2,
            &statuses.into_iter().map(::std::convert::Into::into).collect::<::std::vec::Vec<models::SearchStatus>>(),
        );
        self
    }

    pub fn common_name(mut self, common_name: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.call.set(4, &common_name.into());
        self
    }

    pub fn ratio(mut self, ratio: f32) -> Self {
        self.call.set(5, &ratio);
        self
    }
}

impl crate::runtime::Operation for Search {
    const INFO: &'static crate::runtime::OperationInfo =
        &crate::runtime::OperationInfo::new("searchCertificates", ::http::Method::GET)
            .path("/mpki/api/v1/certificate-search")
            .parameters(&[
                crate::runtime::ParameterInfo::query("offset").of::<i64>(),
                crate::runtime::ParameterInfo::query("limit").of::<i32>(),
                crate::runtime::ParameterInfo::query("status").of::<::std::vec::Vec<models::SearchStatus>>(),
                crate::runtime::ParameterInfo::header("x-requested-with")
                    .required()
                    .client_value("APIClient")
                    .of::<::std::string::String>(),
                crate::runtime::ParameterInfo::query("common_name").of::<::std::string::String>(),
                crate::runtime::ParameterInfo::query("ratio").of::<f32>(),
            ])
            .security(&[&["ApiKey"], &["Basic", "QueryKey"]])
            .accept("application/json, text/plain")
            .success(crate::runtime::SuccessInfo::json(200))
            .response_secrets(&[&["**", "enrollment_code"]]);
    type Body = ();
    type Output = models::CertificatePage;
    type ErrorBody = super::ErrorBody;

    fn decode(
        response: &crate::runtime::RawResponse,
    ) -> ::std::result::Result<Self::Output, crate::runtime::DecodeError> {
        crate::runtime::decode::json(response)
    }

    fn decode_error(response: &crate::runtime::RawResponse) -> Self::ErrorBody {
        match response.status().as_u16() {
            500 => crate::runtime::decode::error_text(response, super::ErrorBody::Health),
            404 | 422 => super::ErrorBody::from(response.body().clone()),
            _ => crate::runtime::decode::error_json(response, super::ErrorBody::ErrorEnvelope),
        }
    }
}
crate::runtime::operation!(Search);

impl crate::runtime::Paginated for Search {
    type Item = models::CertificateDetails;
    const PAGING: crate::runtime::Paging = crate::runtime::Paging {
        style: crate::runtime::PagingStyle::Offset { slot: 0 },
        short_page_ends: ::std::option::Option::None,
        empty_page_ends: true,
    };

    fn page(output: Self::Output, _headers: &::http::HeaderMap) -> crate::runtime::Page<Self::Item> {
        crate::runtime::Page {
            total: ::std::option::Option::Some(output.total),
            total_pages: ::std::option::Option::None,
            has_more: ::std::option::Option::None,
            next: ::std::option::Option::None,
            items: output.items,
        }
    }
}
crate::runtime::paginated!(Search);

/// Renews a certificate: a POST.
#[derive(Debug, Clone)]
#[must_use = "requests do nothing until sent"]
pub struct Renew {
    call: crate::runtime::Call,
}

impl crate::runtime::Operation for Renew {
    const INFO: &'static crate::runtime::OperationInfo =
        &crate::runtime::OperationInfo::new("renewCertificate", ::http::Method::POST)
            .path("/mpki/api/v1/certificate/{serial_number}/renew")
            .parameters(&[crate::runtime::ParameterInfo::path("serial_number").of::<::std::string::String>()])
            .security(&[&["ApiKey"]])
            .accept("application/json")
            .body(crate::runtime::BodyInfo::json::<models::ImportRequest>("application/json;charset=utf-8").required())
            .success(crate::runtime::SuccessInfo::json(200).optional())
            .response_secrets(&[&["**", "enrollment_code"]]);
    type Body = models::ImportRequest;
    type Output = ::std::option::Option<models::CertificateDetails>;
    type ErrorBody = super::ErrorBody;

    fn decode(
        response: &crate::runtime::RawResponse,
    ) -> ::std::result::Result<Self::Output, crate::runtime::DecodeError> {
        crate::runtime::decode::optional_json(response)
    }

    fn decode_error(response: &crate::runtime::RawResponse) -> Self::ErrorBody {
        crate::runtime::decode::error_json(response, super::ErrorBody::ErrorEnvelope)
    }
}
crate::runtime::operation!(Renew);

/// Replaces a certificate: a PUT that is documented as not idempotent. It has a secret in its path, and requires no
/// credential.
#[derive(Debug, Clone)]
#[must_use = "requests do nothing until sent"]
pub struct Replace {
    call: crate::runtime::Call,
}

impl Replace {
    pub fn session(mut self, session: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.call.set(1, &session.into());
        self
    }
}

impl crate::runtime::Operation for Replace {
    const INFO: &'static crate::runtime::OperationInfo =
        &crate::runtime::OperationInfo::new("replaceCertificate", ::http::Method::PUT)
            .path("/enroll/{enrollmentCode}")
            .parameters(&[
                crate::runtime::ParameterInfo::path("enrollmentCode").sensitive().of::<::std::string::String>(),
                crate::runtime::ParameterInfo::cookie("sid").of::<::std::string::String>(),
            ])
            .security(&[&[], &["CookieKey"]])
            .success(crate::runtime::SuccessInfo::empty(204))
            .idempotent(false);
    type Body = ();
    type Output = ();
    type ErrorBody = super::ErrorBody;

    fn decode(
        response: &crate::runtime::RawResponse,
    ) -> ::std::result::Result<Self::Output, crate::runtime::DecodeError> {
        crate::runtime::decode::empty(response)
    }

    fn decode_error(response: &crate::runtime::RawResponse) -> Self::ErrorBody {
        super::ErrorBody::from(response.body().clone())
    }
}
crate::runtime::operation!(Replace);

/// Imports certificates: a multipart POST that is documented as idempotent.
#[derive(Debug, Clone)]
#[must_use = "requests do nothing until sent"]
pub struct Import {
    call: crate::runtime::Call,
}

impl Import {
    pub fn comment(mut self, comment: impl ::std::convert::Into<::std::string::String>) -> Self {
        self.call.part(1, crate::runtime::Part::text(comment));
        self
    }

    pub fn passphrase(mut self, passphrase: impl ::std::convert::Into<crate::runtime::Secret>) -> Self {
        self.call.part(2, crate::runtime::Part::text(passphrase.into().expose()));
        self
    }

    pub fn recipient(mut self, recipient: ::serde_json::Value) -> Self {
        self.call.part(3, crate::runtime::Part::json(&recipient));
        self
    }
}

impl crate::runtime::Operation for Import {
    const INFO: &'static crate::runtime::OperationInfo =
        &crate::runtime::OperationInfo::new("importCertificates", ::http::Method::POST)
            .path("/import")
            .accept("text/plain")
            .body(crate::runtime::BodyInfo::multipart("multipart/form-data").required())
            .parts(&[
                crate::runtime::PartInfo::new("file").required(true).content_type("application/zip"),
                crate::runtime::PartInfo::new("comment"),
                crate::runtime::PartInfo::new("passphrase").sensitive(true),
                crate::runtime::PartInfo::new("recipient").content_type("application/json"),
            ])
            .success(crate::runtime::SuccessInfo::text(200))
            .idempotent(true)
            .request_secrets(&[&["recipient", "keys", "*", "pkcs12Password"]]);
    type Body = crate::runtime::Form;
    type Output = ::std::string::String;
    type ErrorBody = super::ErrorBody;

    fn decode(
        response: &crate::runtime::RawResponse,
    ) -> ::std::result::Result<Self::Output, crate::runtime::DecodeError> {
        crate::runtime::decode::text(response)
    }

    fn decode_error(response: &crate::runtime::RawResponse) -> Self::ErrorBody {
        super::ErrorBody::from(response.body().clone())
    }
}
crate::runtime::operation!(Import);

/// Sends an image of any media type and returns an optional image.
#[derive(Debug, Clone)]
#[must_use = "requests do nothing until sent"]
pub struct Draw {
    call: crate::runtime::Call,
}

impl crate::runtime::Operation for Draw {
    const INFO: &'static crate::runtime::OperationInfo =
        &crate::runtime::OperationInfo::new("draw", ::http::Method::PUT)
            .path("/picture")
            .accept("image/png")
            .body(crate::runtime::BodyInfo::bytes("image/*").required())
            .success(crate::runtime::SuccessInfo::bytes(200).optional());
    type Body = ::bytes::Bytes;
    type Output = ::std::option::Option<::bytes::Bytes>;
    type ErrorBody = super::ErrorBody;

    fn decode(
        response: &crate::runtime::RawResponse,
    ) -> ::std::result::Result<Self::Output, crate::runtime::DecodeError> {
        crate::runtime::decode::optional_bytes(response)
    }

    fn decode_error(response: &crate::runtime::RawResponse) -> Self::ErrorBody {
        super::ErrorBody::from(response.body().clone())
    }
}
crate::runtime::operation!(Draw);

/// Returns the health of the server.
#[derive(Debug, Clone)]
#[must_use = "requests do nothing until sent"]
pub struct Health {
    call: crate::runtime::Call,
}

impl crate::runtime::Operation for Health {
    const INFO: &'static crate::runtime::OperationInfo =
        &crate::runtime::OperationInfo::new("health", ::http::Method::HEAD)
            .path("/health")
            .security(&[&["Bearer"]])
            .accept("*/*")
            .success(crate::runtime::SuccessInfo::empty(200));
    type Body = ();
    type Output = ();
    type ErrorBody = super::ErrorBody;

    fn decode(
        response: &crate::runtime::RawResponse,
    ) -> ::std::result::Result<Self::Output, crate::runtime::DecodeError> {
        crate::runtime::decode::empty(response)
    }

    fn decode_error(response: &crate::runtime::RawResponse) -> Self::ErrorBody {
        super::ErrorBody::from(response.body().clone())
    }
}
crate::runtime::operation!(Health);

/// Returns a report: an operation with its own servers.
#[derive(Debug, Clone)]
#[must_use = "requests do nothing until sent"]
pub struct Report {
    call: crate::runtime::Call,
}

impl Report {
    pub fn server(mut self, index: usize) -> Self {
        self.call.server(index);
        self
    }
}

impl crate::runtime::Operation for Report {
    const INFO: &'static crate::runtime::OperationInfo =
        &crate::runtime::OperationInfo::new("report", ::http::Method::GET)
            .path("/weekly")
            .servers(&[
                crate::runtime::ServerInfo {
                    name: ::std::option::Option::None,
                    url: "http://{region}.reports.example.com",
                    variables: &[crate::runtime::ServerVariable {
                        name: "region",
                        default: "eu",
                        allowed: &["eu", "us"],
                        required: false,
                    }],
                },
                crate::runtime::ServerInfo { name: ::std::option::Option::None, url: "/reports", variables: &[] },
            ])
            .security(&[&["ApiKey"]])
            .accept("*/*")
            .success(crate::runtime::SuccessInfo::empty(200));
    type Body = ();
    type Output = ();
    type ErrorBody = super::ErrorBody;

    fn decode(
        response: &crate::runtime::RawResponse,
    ) -> ::std::result::Result<Self::Output, crate::runtime::DecodeError> {
        crate::runtime::decode::empty(response)
    }

    fn decode_error(response: &crate::runtime::RawResponse) -> Self::ErrorBody {
        super::ErrorBody::from(response.body().clone())
    }
}
crate::runtime::operation!(Report);
