//! Tests of decoding response bodies.

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode};

use super::sample::models::{CertificatePage, HealthState};
use crate::runtime::{RawResponse, decode};

fn response(content_type: &str, body: &'static [u8]) -> RawResponse {
    let mut headers = HeaderMap::new();
    headers.insert("content-type", HeaderValue::from_str(content_type).unwrap());
    RawResponse::new(StatusCode::OK, headers, Bytes::from_static(body))
}

#[test]
fn json_is_decoded_with_any_content_type() {
    for content_type in ["application/json", "text/json; charset=iso-8859-1", "text/plain", "application/x-unknown"] {
        let page: CertificatePage =
            decode::json(&response(content_type, b"\xEF\xBB\xBF {\"items\":[],\"total\":0}\r\n")).unwrap();
        assert_eq!(page.total, 0);
    }
}

#[test]
fn decode_error_names_path() {
    let body = b"{\"items\":[{\"id\":1},{\"id\":\"x\"}],\"total\":2}";
    let error = decode::json::<CertificatePage>(&response("application/json", body)).unwrap_err();
    assert_eq!(error.path(), Some("items[1].id"));
    assert!(error.to_string().starts_with("at items[1].id: invalid type: string \"x\""), "{error}");
    let error = decode::json::<CertificatePage>(&response("application/json", b"{\"items\":[],")).unwrap_err();
    assert!(error.to_string().contains("EOF while parsing"), "{error}");
    let error = decode::json::<Vec<i32>>(&response("application/json", b"[] []")).unwrap_err();
    assert!(error.to_string().starts_with("trailing characters"), "{error}");
}

#[test]
fn html_and_empty_body_are_reported() {
    for (content_type, body) in [
        ("text/html; charset=utf-8", &b"<p>Sign in</p>"[..]),
        ("application/json", b"\n<!DOCTYPE html><title>Sign in</title>"),
        ("application/json", b"<HTML>"),
    ] {
        let error = decode::json::<CertificatePage>(&response(content_type, body)).unwrap_err();
        assert!(error.to_string().contains("the response is HTML, not JSON"), "{error}");
    }
    let error = decode::json::<CertificatePage>(&response("application/json", b"")).unwrap_err();
    assert!(error.to_string().contains("the body is empty"), "{error}");
}

#[test]
fn optional_text_bytes_and_empty_bodies_are_decoded() {
    assert_eq!(decode::optional_json::<i32>(&response("application/json", b" \n")).unwrap(), None);
    assert_eq!(decode::optional_json::<i32>(&response("application/json", b"7")).unwrap(), Some(7));
    assert_eq!(decode::optional_json::<i32>(&response("application/json", b"null")).unwrap(), None);
    assert_eq!(decode::optional_text::<String>(&response("text/plain", b"")).unwrap(), None);
    assert_eq!(decode::optional_text::<String>(&response("text/plain", b"up")).unwrap().as_deref(), Some("up"));
    assert_eq!(decode::text::<String>(&response("text/plain", b"a\nb")).unwrap(), "a\nb");
    assert_eq!(decode::text::<HealthState>(&response("text/plain", b"UP")).unwrap(), HealthState::Up);
    assert!(decode::text::<String>(&response("text/plain", b"\xff")).is_err());
    assert_eq!(decode::text::<i32>(&response("text/plain", b"7\n")).unwrap(), 7);
    assert!(decode::text::<i32>(&response("text/plain", b"up")).is_err());
    assert_eq!(&decode::bytes(&response("text/plain", b"\xff")).unwrap()[..], b"\xff");
    assert!(decode::empty(&response("text/plain", b"anything")).is_ok());
}
