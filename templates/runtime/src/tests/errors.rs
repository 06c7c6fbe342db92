//! Tests of errors: accessors, messages, and masking of secrets.

use std::error::Error as _;

use bytes::Bytes;

use super::sample::models::{ErrorEnvelope, HealthState, ImportRequest};
use super::sample::{Client, Error, ErrorBody};
use super::transport::Recorder;
use super::transport::Reply::{self, Http, MaybeSent};
use crate::runtime::{ErrorKind, RequestError, RetryPolicy};

fn client(replies: impl IntoIterator<Item = Reply>) -> Client {
    let builder = Client::builder().api_key("sk-hunter2").retry(RetryPolicy::none());
    builder.transport(Recorder::with_replies(replies)).build().unwrap()
}

async fn search_error(reply: Reply) -> Error {
    client([reply]).certificates().search().common_name("cn-hunter2").send().await.unwrap_err()
}

#[test]
fn error_is_pointer_sized_and_send() {
    fn check<T: Send + Sync + 'static + std::error::Error>() {}
    check::<Error>();
    assert_eq!(size_of::<Error>(), size_of::<usize>());
    assert_eq!(size_of::<crate::runtime::Error<[u8; 4096]>>(), size_of::<usize>());
}

#[tokio::test]
async fn status_error_message_is_one_line() {
    let error = search_error(Http(
        400,
        &[("x-request-id", "7f3"), ("content-type", "application/json")],
        "{\"error\":\"no such\\nfield for sk-hunter2\",\"enrollment_code\":\"hunter2\"}",
    ))
    .await;
    assert_eq!(
        error.to_string(),
        "searchCertificates (GET /mpki/api/v1/certificate-search): 400 Bad Request, request id 7f3: \
         {\"error\":\"no such\\nfield for ***\",\"enrollment_code\":\"***\"}"
    );
    let envelope = ErrorEnvelope { error: "no such\nfield for sk-hunter2".to_owned() };
    assert_eq!(error.body(), Some(&ErrorBody::ErrorEnvelope(envelope)));
    assert_eq!(error.kind(), ErrorKind::Status);
    assert_eq!((error.operation(), error.method().as_str()), ("searchCertificates", "GET"));
    assert_eq!((error.path(), error.attempts()), ("/mpki/api/v1/certificate-search", 1));
    assert_eq!((error.status().unwrap().as_u16(), error.request_id()), (400, Some("7f3")));
    assert_eq!(error.headers().unwrap()["x-request-id"], "7f3");
    assert!(error.raw_body().unwrap().starts_with(b"{\"error\""));
    assert!(error.may_have_been_sent() && !error.is_retryable() && !error.is_timeout());
    let debug = format!("{error:?}");
    assert!(!debug.contains("hunter2") && debug.contains("400 Bad Request"), "{debug}");
}

#[tokio::test]
async fn request_body_secret_is_masked_in_response() {
    let body = serde_json::json!({"user": "ann", "all": [{"PKCS12Password": ["hunter2", {"x": "hunter3"}]}]});
    let client = client([Http(400, &[], "ann: `hunter2` is no better than hunter3")]);
    let error = client.request(http::Method::POST, "/x").json(&body).send().await.unwrap_err();
    assert!(error.to_string().ends_with("400 Bad Request: ann: `***` is no better than ***"), "{error}");
}

#[tokio::test]
async fn error_body_type_depends_on_operation_and_status() {
    let body = |reply| async move { search_error(reply).await.into_body().unwrap() };
    assert_eq!(body(Http(500, &[], "UP")).await, ErrorBody::Health(HealthState::Up));
    assert_eq!(body(Http(404, &[], "{}")).await, ErrorBody::Raw("{}".into()));
    assert_eq!(body(Http(400, &[], "<html>")).await, ErrorBody::Raw("<html>".into()));
    assert_eq!(body(Http(400, &[], "")).await, ErrorBody::Raw(Bytes::new()));
}

#[tokio::test]
async fn error_is_serialized_with_its_body() {
    let error = search_error(Http(404, &[("x-request-id", "7f3")], "{\"detail\":\"sk-hunter2\"}")).await;
    let value = serde_json::to_value(&error).unwrap();
    assert_eq!(value["kind"], "status");
    assert_eq!((&value["status"], &value["attempts"]), (&404.into(), &1.into()));
    assert_eq!(value["message"], error.to_string());
    assert_eq!(value["body"]["detail"], "sk-hunter2");

    let value = serde_json::to_value(search_error(MaybeSent).await).unwrap();
    assert!(value["status"].is_null() && value["body"].is_null() && value["may_have_been_sent"] == true, "{value}");
}

#[tokio::test]
async fn undecodable_body_is_kept_raw() {
    let body = "{\"items\":[{\"id\":\"x\"}],\"total\":1}";
    let error = search_error(Http(200, &[], body)).await;
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert_eq!(error.body(), Some(&ErrorBody::Raw(body.into())));
    let text = error.to_string();
    assert!(text.contains("200 OK: the response does not match the spec: at items[0].id: invalid type"), "{text}");
    assert!(error.source().unwrap().to_string().starts_with("at items[0].id"));

    let error = search_error(Http(200, &[("content-type", "text/html")], "<html>Sign in</html>")).await;
    assert!(error.to_string().contains("the response is HTML, not JSON"), "{error}");

    // serde quotes values in its errors, but secrets must not appear.
    let error =
        search_error(Http(200, &[], "{\"items\":[{\"id\":1,\"enrollment_code\":\"hunter2\"}],\"total\":1}")).await;
    let all = format!("{error} {error:?} {} {:?}", error.source().unwrap(), error.source().unwrap());
    assert!(!all.contains("hunter2") && all.contains("items[0].enrollment_code"), "{all}");
}

#[test]
fn secret_path_in_union_is_masked() {
    for reason in ["at enrollment_code: invalid type: string \"hunter2\"", "at a[0].Pkcs12Password: hunter2"] {
        let error = crate::runtime::DecodeError::new(reason);
        let api = <Client as crate::runtime::Service>::API;
        assert!(!error.redacted(api.sensitive_properties).to_string().contains("hunter2"));
    }
    let plain = crate::runtime::DecodeError::new("missing field `enrollment_code`").redacted(&[&["enrollment_code"]]);
    assert_eq!(plain.to_string(), "missing field `enrollment_code`");
}

#[tokio::test]
async fn message_contains_sources_without_secrets() {
    let error = search_error(MaybeSent).await;
    assert_eq!(
        error.to_string(),
        "searchCertificates (GET /mpki/api/v1/certificate-search): the connection failed; the request may have been \
         sent: connection reset"
    );
    let source = error.source().unwrap();
    assert!(source.downcast_ref::<crate::runtime::TransportError>().is_some());
    assert_eq!(source.source().unwrap().to_string(), "connection reset");

    // The server quotes a sensitive parameter in its response.
    let refused = [Http(400, &[], "the code hunter2x is used")];
    let error = client(refused).certificates().replace("hunter2x").send().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "replaceCertificate (PUT /enroll/{enrollmentCode}): 400 Bad Request: the code *** is used"
    );
}

#[tokio::test]
async fn sensitive_array_is_masked_item_by_item() {
    let refused = [Http(400, &[], "hunter2x and hunter2y are used")];
    let error = client(refused).certificates().replace_all(["hunter2x", "hunter2y"]).send().await.unwrap_err();
    assert!(error.to_string().ends_with("400 Bad Request: *** and *** are used"), "{error}");
}

#[tokio::test]
async fn credential_in_caller_header_is_masked() {
    let refused = || client([Http(401, &[], "token hunter2x has expired")]);
    let own = |name: &str| (name.to_owned(), "Token hunter2x".to_owned());
    let (name, value) = own("authorization");
    let error = refused()
        .certificates()
        .replace("code")
        .options(crate::runtime::RequestOptions::new().header(name, value))
        .send()
        .await
        .unwrap_err();
    assert!(error.to_string().ends_with("401 Unauthorized: token *** has expired"), "{error}");
    let (name, value) = own("Proxy-Authorization");
    let error = refused().request(http::Method::GET, "/x").header(name, value).send().await.unwrap_err();
    assert!(error.to_string().ends_with("401 Unauthorized: token *** has expired"), "{error}");
}

#[tokio::test]
async fn secret_part_is_masked() {
    let refused = client([Http(400, &[], "no hunter2x, hunter2y, hunter2z for ann")]);
    let upload = crate::runtime::Upload::bytes("a.zip", "zip");
    let recipient = serde_json::json!({"name": "ann", "keys": [{"pkcs12Password": "hunter2y"}]});
    let import = refused.certificates().import(upload).passphrase("hunter2x").recipient(recipient);
    let import = import.send().await.unwrap_err().to_string();
    assert!(import.ends_with("400 Bad Request: no ***, ***, hunter2z for ann"), "{import}");

    // A form part that is not in the spec is masked if it has the name of a secret property.
    let mut parts = crate::runtime::Parts::default();
    parts.other_part("PKCS12Password", "hunter2x");
    parts.other_part("other", crate::runtime::Part::json(&serde_json::json!([{"enrollment_code": "hunter2y"}])));
    static OPERATION: crate::runtime::OperationInfo = crate::runtime::OperationInfo::new("", http::Method::GET);
    let secrets = parts.secrets(&OPERATION, &[&["**", "pkcs12Password"], &["**", "enrollment_code"]]);
    assert_eq!(secrets, ["hunter2x", "hunter2y"]);
}

#[tokio::test]
async fn value_added_by_caller_is_masked() {
    let refused = || client([Http(400, &[], "no hunter2x, hunter2y, hunter2z: true, fr-CH, 17-abc")]);
    let search = refused()
        .certificates()
        .search()
        .options(crate::runtime::RequestOptions::new().query("pin", "hunter2x").query("deep", "true"));
    let search = search.options(
        crate::runtime::RequestOptions::new().header("X-Vault-Token", "hunter2y").header("X-Auth", "Key hunter2z"),
    );
    let search = search.options(
        crate::runtime::RequestOptions::new().header("Accept-Language", "fr-CH").header("X-Request-Id", "17-abc"),
    );
    let request = refused().request(http::Method::GET, "/x").query("pin", "hunter2x").query("deep", "true");
    let request = request.header("X-Vault-Token", "hunter2y").header("X-Auth", "Key hunter2z");
    let request = request.header("Accept-Language", "fr-CH").header("X-Request-Id", "17-abc");
    for error in [search.send().await.unwrap_err().to_string(), request.send().await.unwrap_err().to_string()] {
        assert!(error.ends_with("400 Bad Request: no ***, ***, ***: true, fr-CH, 17-abc"), "{error}");
    }
    let builder = Client::builder().api_key("k").header("X-Vault-Token", "hunter2y").retry(RetryPolicy::none());
    let recorder = Recorder::with_replies([Http(400, &[], "no hunter2y")]);
    let client = builder.transport(recorder).build().unwrap();
    let error = client.certificates().search().send().await.unwrap_err().to_string();
    assert!(error.ends_with("400 Bad Request: no ***"), "{error}");
}

#[test]
fn secret_of_wrong_type_is_not_quoted() {
    #[derive(Debug, serde::Deserialize)]
    #[serde(untagged)]
    enum Inner {
        Text(#[allow(dead_code)] crate::runtime::Secret),
        List(#[allow(dead_code)] Vec<crate::runtime::Secret>),
    }
    for json in ["90210731", "-90210731", "90210731.5", "true", "{\"a\":90210731}", "[90210731]", "null"] {
        let error = serde_json::from_str::<crate::runtime::Secret>(json).unwrap_err().to_string();
        assert!(error.starts_with("invalid type: expected a string (the value is a secret)"), "{error}");
        let value = serde_json::from_str::<serde_json::Value>(json).unwrap();
        let error = serde_json::from_value::<crate::runtime::Secret>(value.clone()).unwrap_err().to_string();
        assert!(error.starts_with("invalid type: expected a string (the value is a secret)"), "{error}");
        // Errors of unions and nested unions do not contain the value either.
        let buffered = crate::runtime::union::read::<crate::runtime::Secret, _>(value.clone()).unwrap();
        let error = crate::runtime::union::variant::<crate::runtime::Secret, serde_json::Error>(buffered).unwrap_err();
        assert!(!error.to_string().contains("90210731"), "{error}");
        let error = serde_json::from_value::<Inner>(value).unwrap_err();
        assert!(!error.to_string().contains("90210731"), "{error}");
    }
}

#[tokio::test]
async fn debug_of_raw_body_shows_length() {
    let error = search_error(Http(404, &[], "hunter2")).await;
    assert_eq!(format!("{:?}", error.body().unwrap()), "Raw(7 bytes)");
    let client = client([Http(200, &[], "hunter2")]);
    let response = client.request(http::Method::GET, "/x").send().await.unwrap();
    let shown = format!("{response:?}");
    assert!(!shown.contains("hunter2") && shown.contains("body_bytes: 7"), "{shown}");
}

#[tokio::test]
async fn message_quotes_at_most_512_bytes_of_body() {
    let long: &'static str = Box::leak("x".repeat(10_000).into_boxed_str());
    let error = search_error(Http(400, &[], long)).await;
    assert_eq!(error.to_string().matches('x').count(), 512);
    assert_eq!(error.raw_body().unwrap().len(), 10_000);
}

#[tokio::test]
async fn invalid_request_fails_before_sending() {
    let client = client([]);
    let certificates = client.certificates();
    for serial in ["", ".", ".."] {
        let error = certificates.renew(serial, ImportRequest::default()).send().await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Request, 0));
        assert!(!error.may_have_been_sent() && error.to_string().contains("the path parameter `serial_number`"));
        let source = error.source().unwrap();
        assert!(matches!(source.downcast_ref(), Some(RequestError::Parameter { name, .. }) if name == "serial_number"));
    }
    for (name, value) in [("x-a", "hunter2\r\nx: y"), ("x a", "v"), ("content-length", "3")] {
        let error = certificates
            .search()
            .options(crate::runtime::RequestOptions::new().header(name, value))
            .send()
            .await
            .unwrap_err()
            .to_string();
        assert!(error.contains(&format!("the header `{name}`")) && !error.contains("hunter2"), "{error}");
    }
    for path in ["/a/../b", "/a/%2E%2e/b", "/a?b=c", "/a#b"] {
        let error = client.request(http::Method::GET, path).send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Request, "{path}");
    }
    let missing = crate::runtime::Upload::path("/nowhere/a.zip");
    let error = certificates.import(missing).send().await.unwrap_err().to_string();
    assert!(error.contains("the file /nowhere/a.zip cannot be sent: No such file"), "{error}");
    let unwritable = std::collections::BTreeMap::from([((1, 2), "keys of JSON are strings")]);
    let error = client.request(http::Method::POST, "/x").json(&unwritable).send().await.unwrap_err();
    assert!(error.to_string().contains("the body cannot be encoded: key must be a string"), "{error}");
}
