//! Tests of media types: encoding of request bodies, and decoding of responses according to their media type.

use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode};
use serde_json::json;

use super::sample::{Client, ErrorBody};
use super::transport::{Recorder, Reply};
use crate::runtime::{
    Body, BodyInfo, Call, DecodeError, FieldInfo, Form, Operation, OperationInfo, Part, PartInfo, Parts, RawResponse,
    Style, SuccessInfo, Upload, decode,
};

/// An operation with bodies of several media types.
struct Put;

impl crate::runtime::sealed::Sealed for Put {}

impl Operation for Put {
    const INFO: &'static OperationInfo = &OperationInfo::new("put", Method::PUT)
        .path("/things")
        .body(BodyInfo::json::<serde_json::Value>("application/json;v=2"))
        .other_bodies(&[
            BodyInfo::form::<serde_json::Value>("application/x-www-form-urlencoded"),
            BodyInfo::multipart("multipart/form-data"),
            BodyInfo::bytes("image/*"),
            BodyInfo::text::<i64>("text/plain"),
        ])
        .parts(&[
            PartInfo::new("file").required(true).content_type("image/png"),
            PartInfo::new("tags"),
            PartInfo::new("seal").headers(&["X-Digest"]),
        ])
        .fields(&[FieldInfo::styled("card", Style::DeepObject, true)])
        .success(SuccessInfo::empty(204));
    type Body = Form;
    type Output = ();
    type ErrorBody = ErrorBody;

    fn decode(response: &RawResponse) -> Result<(), DecodeError> {
        decode::empty(response)
    }

    fn decode_error(response: &RawResponse) -> ErrorBody {
        ErrorBody::from(response.body().clone())
    }
}

/// Sends a request. Returns its `Content-Type` and its body, with the boundary replaced by `B`.
async fn sent(fill: impl FnOnce(&mut Call)) -> (String, String) {
    let recorder = Recorder::with_replies([Reply::Http(204, &[], "")]);
    let client = Client::builder().transport(recorder.clone()).build().unwrap();
    let mut call = Call::new::<Put>(client.api());
    fill(&mut call);
    call.send::<Put>().await.unwrap();
    let request = recorder.requests().remove(0);
    let content_type = request.headers().get("content-type").map_or("", |value| value.to_str().unwrap()).to_owned();
    let body = String::from_utf8(request.body().to_vec()).unwrap();
    match content_type.split_once("boundary=") {
        Some((_, boundary)) => (content_type.replace(boundary, "B"), body.replace(boundary, "B")),
        None => (content_type, body),
    }
}

#[tokio::test]
async fn body_is_encoded_by_media_type() {
    let value = json!({"card": {"number": 7}, "tags": ["a", "b c"]});
    let (content_type, body) = sent(|call| call.json(&value)).await;
    assert_eq!((&content_type[..], &body[..]), ("application/json;v=2", r#"{"card":{"number":7},"tags":["a","b c"]}"#));
    let (content_type, body) = sent(|call| {
        call.represent(1);
        call.form(&value);
    })
    .await;
    assert_eq!(
        (&content_type[..], &body[..]),
        ("application/x-www-form-urlencoded", "card%5Bnumber%5D=7&tags=a&tags=b+c")
    );
    let (content_type, body) = sent(|call| {
        call.represent(2);
        let mut parts = Parts::default();
        parts.part(0, Upload::bytes("a.png", "png").header("X-Camera", "x"));
        parts.parts(1, ["a", "b"]);
        parts.other_part("more", Part::json(&json!({"a": 1})).content_type("application/a+json").header("X-B", "c"));
        call.multipart(parts);
    })
    .await;
    assert_eq!(content_type, "multipart/form-data; boundary=B");
    assert_eq!(
        body,
        "--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\
         x-camera: x\r\n\r\npng\r\n\
         --B\r\nContent-Disposition: form-data; name=\"tags\"\r\n\r\na\r\n\
         --B\r\nContent-Disposition: form-data; name=\"tags\"\r\n\r\nb\r\n\
         --B\r\nContent-Disposition: form-data; name=\"more\"\r\nContent-Type: application/a+json\r\nx-b: c\r\n\r\n\
         {\"a\":1}\r\n--B--\r\n"
    );
    // The spec documents a media type range such as `image/*`, so the caller sets the content type.
    let (content_type, body) = sent(|call| {
        call.represent(3);
        call.body(Body::from("gif"));
        call.options(crate::runtime::RequestOptions::new().header("content-type", "image/gif"));
    })
    .await;
    assert_eq!((&content_type[..], &body[..]), ("image/gif", "gif"));
    let (content_type, body) = sent(|call| {
        call.represent(4);
        call.text_of(&7);
    })
    .await;
    assert_eq!((&content_type[..], &body[..]), ("text/plain", "7"));
    assert_eq!(sent(|_| {}).await, (String::new(), String::new()));
}

#[tokio::test]
async fn missing_required_part_header_is_error() {
    let form = |seal: Upload| {
        let mut parts = Parts::default();
        parts.part(0, Upload::bytes("a.png", "png"));
        parts.part(2, seal.content_type("image/svg+xml"));
        parts
    };
    let (_, body) = sent(|call| {
        call.represent(2);
        call.multipart(form(Upload::bytes("s", "svg").header("x-digest", "77")));
    })
    .await;
    assert!(body.ends_with("Content-Type: image/svg+xml\r\nx-digest: 77\r\n\r\nsvg\r\n--B--\r\n"), "{body}");
    let recorder = Recorder::with_replies([]);
    let client = Client::builder().transport(recorder.clone()).build().unwrap();
    let mut call = Call::new::<Put>(client.api());
    call.represent(2);
    call.multipart(form(Upload::bytes("s", "svg").header("X-Other", "77")));
    let error = call.send::<Put>().await.unwrap_err();
    assert!(
        error.to_string().contains("`seal`") && error.to_string().contains("the required header `X-Digest`"),
        "{error}"
    );
    assert!(recorder.requests().is_empty());
}

#[tokio::test]
async fn properties_become_parts() {
    let (_, body) = sent(|call| {
        call.represent(2);
        call.multipart_of(&json!({"file": "x", "ids": [1, {"a": 2}], "none": null, "o": {"b": true}}));
    })
    .await;
    let part = |name: &str, rest: &str| format!("--B\r\nContent-Disposition: form-data; name=\"{name}\"\r\n{rest}\r\n");
    let json = "Content-Type: application/json\r\n\r\n";
    let expected = [
        part("file", "\r\nx"),
        part("ids", "\r\n1"),
        part("ids", &format!("{json}{{\"a\":2}}")),
        part("none", "\r\n"),
        part("o", &format!("{json}{{\"b\":true}}")),
    ];
    assert_eq!(body, expected.concat() + "--B--\r\n");
}

/// An operation whose body is a form with parts of any name.
struct Post<const REQUIRED: bool>;

impl<const REQUIRED: bool> crate::runtime::sealed::Sealed for Post<REQUIRED> {}

impl<const REQUIRED: bool> Operation for Post<REQUIRED> {
    const INFO: &'static OperationInfo = &OperationInfo::new("post", Method::POST)
        .path("/files")
        .body(match BodyInfo::multipart("multipart/form-data") {
            body if REQUIRED => body.required(),
            body => body,
        })
        .success(SuccessInfo::empty(204));
    type Body = Form;
    type Output = ();
    type ErrorBody = ErrorBody;

    fn decode(response: &RawResponse) -> Result<(), DecodeError> {
        decode::empty(response)
    }

    fn decode_error(response: &RawResponse) -> ErrorBody {
        ErrorBody::from(response.body().clone())
    }
}

#[tokio::test]
async fn required_form_is_sent_without_parts() {
    async fn sent<T: Operation<Output = (), ErrorBody = ErrorBody>>() -> (Option<String>, String) {
        let recorder = Recorder::with_replies([Reply::Http(204, &[], "")]);
        let client = Client::builder().transport(recorder.clone()).build().unwrap();
        Call::new::<T>(client.api()).send::<T>().await.unwrap();
        let request = recorder.requests().remove(0);
        let content_type = request.headers().get("content-type").map(|value| value.to_str().unwrap().to_owned());
        (content_type, String::from_utf8(request.body().to_vec()).unwrap())
    }
    let (content_type, body) = sent::<Post<true>>().await;
    let boundary = content_type.unwrap().replace("multipart/form-data; boundary=", "");
    assert_eq!(body, format!("--{boundary}--\r\n"));
    assert_eq!(sent::<Post<false>>().await, (None, String::new()));
}

#[tokio::test]
async fn invalid_form_or_part_fails_before_sending() {
    let recorder = Recorder::with_replies([]);
    let client = Client::builder().transport(recorder.clone()).build().unwrap();
    let error = |fill: fn(&mut Call)| {
        let mut call = Call::new::<Put>(client.api());
        fill(&mut call);
        async move { call.send::<Put>().await.unwrap_err().to_string() }
    };
    assert!(error(|call| call.form(&[1])).await.contains("not an object"));
    let missing = error(|call| {
        call.represent(2);
        call.part(1, "a");
    });
    assert!(missing.await.contains("`file`"));
    let header = error(|call| call.part(0, Upload::bytes("a", "b").header("a", "b\r\nc: d")));
    assert!(header.await.contains("control character"));
    assert!(recorder.requests().is_empty());
}

#[test]
fn most_specific_media_type_is_selected() {
    let selected = |content_type: Option<&str>, known: &[&str]| {
        let mut headers = HeaderMap::new();
        if let Some(value) = content_type {
            headers.insert("content-type", value.parse().unwrap());
        }
        decode::media_type(&RawResponse::new(StatusCode::OK, headers, Bytes::new()), known)
    };
    let known = ["application/json", "application/json;v=2", "text/xml", "image/*"];
    assert_eq!(selected(Some("application/json; charset=utf-8"), &known), Some(0));
    assert_eq!(selected(Some("Application/JSON; V=2"), &known), Some(1));
    assert_eq!(selected(Some("application/json; profile=x; v=\"2\"; charset=utf-8"), &known), Some(1));
    assert_eq!(selected(Some("application/json;v=2"), &["application/json;v=1", "application/json;v=2"]), Some(1));
    assert_eq!(selected(Some("application/json;v=3"), &known), Some(0));
    assert_eq!(selected(Some("application/problem+json"), &known), Some(0));
    assert_eq!(selected(Some("text/xml"), &known), Some(2));
    assert_eq!(selected(Some("image/png"), &known), Some(3));
    assert_eq!(selected(Some("text/html"), &known), None);
    assert_eq!(selected(Some("text/html"), &["*/*"]), Some(0));
    assert_eq!(selected(None, &known), Some(0));
}

#[cfg(all(feature = "cli", feature = "mock"))]
#[tokio::test]
async fn mock_replies_with_variant_and_records_form() {
    use super::cli::api::{Choose, Chosen};

    let mock = crate::runtime::mock::Mock::new();
    let client = Client::builder().transport(mock.clone()).build().unwrap();
    mock.on::<Choose>().reply(Chosen::Accepted("later".to_owned())).reply(Chosen::NoContent);
    let mut call = Call::new::<Choose>(client.api());
    call.represent(1);
    call.form(&json!({"id": 1, "a b": "c&d"}));
    let response = call.send::<Choose>().await.unwrap();
    assert_eq!((response.status.as_u16(), response.headers["content-type"].as_bytes()), (202, &b"text/plain"[..]));
    assert!(matches!(response.value, Chosen::Accepted(text) if text == "later"));
    let [recorded] = &mock.calls::<Choose>()[..] else { panic!("one call") };
    let pairs = recorded.form();
    assert_eq!(pairs, [("a b".to_owned(), "c&d".to_owned()), ("id".to_owned(), "1".to_owned())]);
    let response = Call::new::<Choose>(client.api()).send::<Choose>().await.unwrap();
    assert_eq!((response.status.as_u16(), matches!(response.value, Chosen::NoContent)), (204, true));
}

#[tokio::test]
async fn text_and_json_are_encoded_by_charset() {
    async fn sent(media_type: &'static str, fill: impl FnOnce(&mut Call)) -> Result<Vec<u8>, String> {
        let recorder = Recorder::with_replies([Reply::Http(204, &[], "")]);
        let client = Client::builder().transport(recorder.clone()).build().unwrap();
        let mut call = Call::new::<Put>(client.api());
        call.options(crate::runtime::RequestOptions::new().header("content-type", media_type));
        fill(&mut call);
        call.send::<Put>().await.map_err(|error| error.to_string())?;
        Ok(recorder.requests().remove(0).body().to_vec())
    }
    let latin = "text/plain; charset=iso-8859-1";
    assert_eq!(sent(latin, |call| call.text("Größe")).await.unwrap(), b"Gr\xF6\xDFe");
    let error = sent(latin, |call| call.text("5 €")).await.unwrap_err();
    assert!(error.contains("nothing was sent") && error.contains("iso-8859-1") && !error.contains('€'), "{error}");
    let json = sent("application/json; charset=us-ascii", |call| call.json(&json!({"a": "ö"}))).await.unwrap();
    assert_eq!(json, br#"{"a":"\u00f6"}"#);
    // Raw bytes are sent unchanged, without encoding them in the charset.
    assert_eq!(sent(latin, |call| call.body("ö")).await.unwrap(), "ö".as_bytes());
    let form = "application/x-www-form-urlencoded; charset=iso-8859-1";
    assert_eq!(sent(form, |call| call.form(&json!({"a": "b c"}))).await.unwrap(), b"a=b+c");
    assert!(sent(form, |call| call.form(&json!({"a": "ö"}))).await.unwrap_err().contains("use UTF-8"));
}

#[test]
fn json_or_text_is_decoded_by_content_type() {
    let read = |media_type: Option<&str>, body: &'static str| {
        let headers = media_type.map(|it| (http::header::CONTENT_TYPE, it.parse().unwrap()));
        let response = RawResponse::new(StatusCode::OK, HeaderMap::from_iter(headers), Bytes::from(body));
        decode::json_or_text::<String>(&response).map_err(|error| error.to_string())
    };
    for json in ["application/json", "text/json; charset=utf-8", "application/problem+json"] {
        assert_eq!(read(Some(json), "\"abc\"").as_deref(), Ok("abc"));
        assert!(read(Some(json), "abc").is_err());
    }
    assert_eq!(read(Some("text/plain"), "\"abc\"").as_deref(), Ok("\"abc\""));
    assert_eq!(read(Some("text/csv"), "a,b").as_deref(), Ok("a,b"));
    assert_eq!((read(None, "\"abc\""), read(None, "abc")), (Ok("abc".to_owned()), Ok("abc".to_owned())));
}
