//! Tests of `issue_once` from the examples: if the response to a POST is lost, it searches for the certificate before
//! it sends the request again.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use pki_clients::digicert_mpki::models::{IssueCertificateRequest, SeatReference};
use pki_clients::digicert_mpki::{Client, Error};
use pki_clients::runtime::ErrorKind;
use rcgen::{CertificateParams, KeyPair};
use serde_json::{Value, json};

use super::issue_once::{Criteria, issue_once};
use super::responses::{Within, json as response, reset, status};
use super::server::{Request, Script, Server, Step};

/// How the server handles the first POST.
#[derive(Debug, Clone, Copy)]
enum First {
    /// The certificate is issued, then the connection resets.
    Issued,
    /// The certificate is issued, then the connection resets. Only the search with this number and later searches
    /// return the certificate; the first search has the number 1.
    FoundBySearch(usize),
    /// The connection resets before the certificate is issued.
    NotIssued,
    /// The server responds with this error status.
    Refused(&'static str),
}

/// A server that issues certificates and searches them.
#[derive(Clone)]
struct Authority {
    first: First,
    /// The certificate that the server issues, as PEM.
    ours: String,
    /// An existing certificate with the same common name and another key, as PEM.
    other: String,
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    posts: usize,
    issued: usize,
    searches: usize,
}

impl Script for Authority {
    fn respond(&self, request: &Request) -> Vec<Step> {
        let mut state = self.state.lock().unwrap();
        if request.method == "POST" {
            state.posts += 1;
            match self.first {
                First::Refused(line) => return status(line),
                First::NotIssued if state.posts == 1 => return reset(Within::Nothing),
                _ => state.issued += 1,
            }
            let lost = state.posts == 1;
            return if lost { reset(Within::Nothing) } else { vec![response(&self.certificate("2").to_string())] };
        }
        if request.target.contains("/certificate-search?") {
            assert!(request.target.contains("seat_id=seat-1&") && request.target.contains("common_name=device-17"));
            state.searches += 1;
            let seen = match self.first {
                First::FoundBySearch(search) => state.searches >= search,
                _ => state.issued > 0,
            };
            let serial_numbers: &[&str] = if seen { &["1", "2"] } else { &["1"] };
            let items: Vec<Value> = serial_numbers.iter().map(|serial| json!({"serial_number": serial})).collect();
            return vec![response(
                &json!({"total": items.len(), "offset": 0, "limit": 100, "items": items}).to_string(),
            )];
        }
        let (_, serial_number) = request.target.rsplit_once('/').unwrap();
        vec![response(&self.certificate(serial_number).to_string())]
    }
}

impl Authority {
    fn certificate(&self, serial_number: &str) -> Value {
        let pem = if serial_number == "2" { &self.ours } else { &self.other };
        json!({"serial_number": serial_number, "certificate": pem})
    }
}

/// Runs `issue_once`. Returns its result, the expected certificate, and the final state of the server.
async fn run(first: First) -> (Result<Option<String>, Error>, String, State) {
    let certificate = |key: &KeyPair| {
        let params = CertificateParams::new(["device-17".to_owned()]).unwrap();
        params.self_signed(key).unwrap().pem()
    };
    let key = KeyPair::generate().unwrap();
    let (ours, other) = (certificate(&key), certificate(&KeyPair::generate().unwrap()));
    let authority = Authority { first, ours: ours.clone(), other, state: Arc::default() };
    let server = Server::start(authority.clone()).await;
    let client = Client::builder().base_url(format!("http://{}", server.address())).api_key("key").build().unwrap();
    let request = IssueCertificateRequest::new().with_seat(SeatReference::new().with_seat_id("seat-1"));
    let criteria = Criteria { seat_id: "seat-1", common_name: "device-17", public_key: key.public_key_raw() };
    let outcome = issue_once(&client, request, &criteria, Duration::from_millis(1)).await;
    let state = std::mem::take(&mut *authority.state.lock().unwrap());
    (outcome, ours, state)
}

#[tokio::test]
async fn issued_certificate_is_found_and_not_reissued() {
    for (first, searches) in [(First::Issued, 1), (First::FoundBySearch(4), 4)] {
        let (outcome, ours, state) = run(first).await;
        assert_eq!(outcome.unwrap(), Some(ours));
        assert_eq!((state.posts, state.issued, state.searches), (1, 1, searches), "{first:?}");
    }
}

#[tokio::test]
async fn missing_certificate_is_requested_again() {
    let (outcome, ours, state) = run(First::NotIssued).await;
    assert_eq!(outcome.unwrap(), Some(ours));
    assert_eq!((state.posts, state.issued, state.searches), (2, 1, 5));
}

#[tokio::test]
async fn refused_request_is_not_repeated() {
    let (outcome, _, state) = run(First::Refused("422 Unprocessable Entity")).await;
    assert_eq!(outcome.unwrap_err().kind(), ErrorKind::Status);
    assert_eq!((state.posts, state.searches), (1, 0));
}
