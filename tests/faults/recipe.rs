//! The recipe for a POST of unknown fate, as the example has it: search, then reissue.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use pki_clients::digicert_mpki::models::{IssueCertificateRequest, SeatReference};
use pki_clients::digicert_mpki::{Client, Error};
use pki_clients::runtime::ErrorKind;
use rcgen::{CertificateParams, KeyPair};
use serde_json::{Value, json};

use crate::answers::{Within, json as answer, reset, status};
use crate::issue_once::{Marks, issue_once};
use crate::server::{Request, Script, Server, Step};

/// What becomes of the first POST.
#[derive(Debug, Clone, Copy)]
enum First {
    /// The certificate is issued, and the connection resets.
    Done,
    /// The same, and only the search of this number sees it.
    SeenBy(usize),
    /// The connection resets before anything is done.
    NotDone,
    /// The server answers this.
    Refused(&'static str),
}

/// A server of certificates.
#[derive(Clone)]
struct Authority {
    first: First,
    /// The certificate that it issues, and one of another key and the same name.
    ours: String,
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
    fn answer(&self, request: &Request) -> Vec<Step> {
        let mut state = self.state.lock().unwrap();
        if request.method == "POST" {
            state.posts += 1;
            match self.first {
                First::Refused(line) => return status(line),
                First::NotDone if state.posts == 1 => return reset(Within::Nothing),
                _ => state.issued += 1,
            }
            let lost = state.posts == 1;
            return if lost { reset(Within::Nothing) } else { vec![answer(&self.certificate("2").to_string())] };
        }
        if request.target.contains("/certificate-search?") {
            assert!(request.target.contains("seat_id=seat-1&") && request.target.contains("common_name=device-17"));
            state.searches += 1;
            let seen = match self.first {
                First::SeenBy(search) => state.searches >= search,
                _ => state.issued > 0,
            };
            let found: &[&str] = if seen { &["1", "2"] } else { &["1"] };
            let items: Vec<Value> = found.iter().map(|serial| json!({"serial_number": serial})).collect();
            return vec![answer(&json!({"total": items.len(), "offset": 0, "limit": 100, "items": items}).to_string())];
        }
        let (_, serial_number) = request.target.rsplit_once('/').unwrap();
        vec![answer(&self.certificate(serial_number).to_string())]
    }
}

impl Authority {
    fn certificate(&self, serial_number: &str) -> Value {
        let pem = if serial_number == "2" { &self.ours } else { &self.other };
        json!({"serial_number": serial_number, "certificate": pem})
    }
}

/// Runs the recipe. Gives what came of it, our certificate, and what the server did.
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
    let request = IssueCertificateRequest::new().seat(SeatReference::new().seat_id("seat-1"));
    let marks = Marks { seat_id: "seat-1", common_name: "device-17", public_key: key.public_key_raw() };
    let outcome = issue_once(&client, request, &marks, Duration::from_millis(1)).await;
    let state = std::mem::take(&mut *authority.state.lock().unwrap());
    (outcome, ours, state)
}

#[tokio::test]
async fn what_was_done_is_found_and_not_done_again() {
    for (first, searches) in [(First::Done, 1), (First::SeenBy(4), 4)] {
        let (outcome, ours, state) = run(first).await;
        assert_eq!(outcome.unwrap(), Some(ours));
        assert_eq!((state.posts, state.issued, state.searches), (1, 1, searches), "{first:?}");
    }
}

#[tokio::test]
async fn what_stays_absent_is_asked_for_again() {
    let (outcome, ours, state) = run(First::NotDone).await;
    assert_eq!(outcome.unwrap(), Some(ours));
    assert_eq!((state.posts, state.issued, state.searches), (2, 1, 5));
}

#[tokio::test]
async fn what_was_refused_is_not() {
    let (outcome, _, state) = run(First::Refused("422 Unprocessable Entity")).await;
    assert_eq!(outcome.unwrap_err().kind(), ErrorKind::Status);
    assert_eq!((state.posts, state.searches), (1, 0));
}
