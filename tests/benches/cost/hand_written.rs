//! A hand-written client for two operations of the API, with `reqwest` and serde.

use std::time::Duration;

use reqwest::header::{ACCEPT, HeaderMap, HeaderValue};
use serde::Deserialize;

/// A client with two operations.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    url: String,
}

impl Client {
    /// Creates a client with the same timeouts as a generated one.
    pub fn new(url: &str, api_key: &str) -> Self {
        let mut key = HeaderValue::from_str(api_key).unwrap();
        key.set_sensitive(true);
        let mut headers = HeaderMap::new();
        headers.insert("x-api-key", key);
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        let http = reqwest::Client::builder()
            .user_agent("by-hand/1.0.0")
            .default_headers(headers)
            .connect_timeout(Duration::from_secs(10))
            .timeout(Duration::from_secs(60))
            .build()
            .unwrap();
        Self { http, url: url.to_owned() }
    }

    /// Gets a certificate by its serial number.
    pub async fn certificate(&self, serial_number: &str) -> reqwest::Result<Certificate> {
        let url = format!("{}/mpki/api/v1/certificate/{serial_number}", self.url);
        self.http.get(url).send().await?.error_for_status()?.json().await
    }

    /// Searches certificates by common name and returns a page.
    pub async fn search(&self, common_name: &str, limit: u32) -> reqwest::Result<Page> {
        let url = format!("{}/mpki/api/v1/certificate-search", self.url);
        let request = self.http.get(url).query(&[("common_name", common_name)]).query(&[("limit", limit)]);
        request.send().await?.error_for_status()?.json().await
    }
}

/// A page of certificates.
#[derive(Deserialize)]
#[allow(dead_code, reason = "only deserialized, which is what is measured")]
pub struct Page {
    pub total: i64,
    pub offset: i64,
    pub limit: i64,
    pub items: Vec<Certificate>,
}

/// A certificate.
#[derive(Deserialize)]
#[allow(dead_code, reason = "only deserialized, which is what is measured")]
pub struct Certificate {
    pub profile: Option<Named>,
    pub seat: Option<Seat>,
    pub account: Option<Account>,
    pub business_unit: Option<Named>,
    pub certificate: Option<String>,
    pub common_name: Option<String>,
    pub status: Option<Status>,
    pub serial_number: Option<String>,
    pub valid_from: Option<String>,
    pub valid_to: Option<String>,
    pub notes: Option<String>,
    pub revocation: Option<Revocation>,
    pub thumbprint: Option<String>,
}

/// An object with an ID and a name.
#[derive(Deserialize)]
#[allow(dead_code, reason = "only deserialized, which is what is measured")]
pub struct Named {
    pub id: String,
    pub name: Option<String>,
}

/// An object with an ID.
#[derive(Deserialize)]
#[allow(dead_code, reason = "only deserialized, which is what is measured")]
pub struct Account {
    pub id: String,
}

/// A seat.
#[derive(Deserialize)]
#[allow(dead_code, reason = "only deserialized, which is what is measured")]
pub struct Seat {
    pub seat_id: Option<String>,
}

/// When and why a certificate was revoked.
#[derive(Deserialize)]
#[allow(dead_code, reason = "only deserialized, which is what is measured")]
pub struct Revocation {
    pub reason: Option<String>,
    pub revocation_date: Option<String>,
    pub comments: Option<String>,
}

/// The status of a certificate.
#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    Issued,
    Expired,
    Revoked,
    #[serde(other)]
    Unknown,
}
