//! Tests of `from_env()`: the settings of environment variables, and errors for unusable values.

use std::ffi::OsString;

use http::header::AUTHORIZATION;

use super::sample::{Client, ClientBuilder};
use super::transport::{Recorder, recorded};
use crate::runtime::environment::apply;
use crate::runtime::{ErrorKind, Service};

fn configured(environment: &[(&str, &str)]) -> Result<ClientBuilder, String> {
    let lookup = |name: &str| environment.iter().find(|(known, _)| *known == name).map(|(_, value)| value.into());
    apply(Client::builder(), &lookup).map_err(|error| {
        let cause = std::error::Error::source(&error).map(|cause| format!(": {cause}")).unwrap_or_default();
        let shown = format!("{error}{cause}");
        assert!(!format!("{error:?} {shown}").contains("hunter2"), "{error:?} {shown}");
        shown
    })
}

/// Makes a search and a health check with a client that is only configured by these environment variables. Returns the
/// two requests.
async fn sent(environment: &[(&str, &str)]) -> [http::Request<bytes::Bytes>; 2] {
    let recorder = Recorder::default();
    let client = configured(environment).unwrap().transport(recorder.clone()).build().unwrap();
    client.certificates().search().send().await.unwrap();
    client.certificates().health().send().await.unwrap();
    recorded(&recorder)
}

#[tokio::test]
async fn variables_set_server_and_credentials() {
    let [search, health] =
        sent(&[("SAMPLE_API_KEY", "k e y"), ("SAMPLE_TOKEN", "eyJh"), ("SAMPLE_HOST", "two.example.com")]).await;
    assert_eq!(search.headers()["x-api-key"], "k e y");
    assert_eq!(health.headers()[AUTHORIZATION], "Bearer eyJh");
    assert_eq!(search.uri().host(), Some("two.example.com"));
    let [search, _] =
        sent(&[("SAMPLE_API_KEY", "k"), ("SAMPLE_TOKEN", "t"), ("SAMPLE_BASE_URL", "https://a/b/")]).await;
    assert_eq!(search.uri().to_string(), "https://a/b/mpki/api/v1/certificate-search");
}

#[test]
fn server_is_selected_by_name_or_index() {
    let shown =
        |environment: &[(&str, &str)]| configured(environment).unwrap().build().map(|client| format!("{client:?}"));
    let tenant = ("SAMPLE_SERVER", "Tenant");
    assert!(shown(&[tenant, ("SAMPLE_TENANT", "t")]).unwrap().contains("https://t.example.com"));
    assert!(shown(&[("SAMPLE_SERVER", "0")]).unwrap().contains("https://one.example.com"));
    assert!(shown(&[tenant, ("SAMPLE_BASE_URL", "http://a/b")]).unwrap().contains("http://a/b"));
    let error = shown(&[("SAMPLE_TENANT", "t")]).unwrap_err().to_string();
    assert_eq!(error, "the server `https://{host}` has no variable `tenant`: it has `host`, `region`");
}

#[tokio::test]
async fn builder_overrides_environment() {
    let recorder = Recorder::default();
    let builder = configured(&[("SAMPLE_API_KEY", "environment"), ("SAMPLE_HOST", "environment")]).unwrap();
    let client = builder.api_key("mine").host("mine").transport(recorder.clone()).build().unwrap();
    client.certificates().search().send().await.unwrap();
    let [search] = recorded(&recorder);
    assert_eq!((&search.headers()["x-api-key"], search.uri().host()), (&"mine".try_into().unwrap(), Some("mine")));
}

#[tokio::test]
async fn secret_file_is_read_again_after_refusal() {
    use super::transport::Reply::Http;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("key");
    std::fs::write(&path, "old\r\n").unwrap();
    let page = Http(200, &[], r#"{"items":[],"total":0}"#);
    let recorder = Recorder::with_replies([page.clone(), Http(401, &[], ""), page]);
    let variable = [("SAMPLE_API_KEY_FILE", path.to_str().unwrap())];
    let client = configured(&variable).unwrap().transport(recorder.clone()).build().unwrap();
    client.certificates().search().send().await.unwrap();
    std::fs::write(&path, "new").unwrap();
    client.certificates().search().send().await.unwrap();
    let keys = recorder.requests();
    let keys: Vec<_> = keys.iter().map(|request| request.headers()["x-api-key"].to_str().unwrap()).collect();
    assert_eq!(keys, ["old", "old", "new"]);
}

#[tokio::test]
async fn basic_auth_takes_two_variables_or_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("password");
    std::fs::write(&path, "pass\n").unwrap();
    let name = ("SAMPLE_USERNAME", "user");
    for password in [("SAMPLE_PASSWORD", "pass"), ("SAMPLE_PASSWORD_FILE", path.to_str().unwrap())] {
        let recorder = Recorder::default();
        let client = configured(&[name, password]).unwrap().query_key("q").transport(recorder.clone()).build().unwrap();
        client.certificates().search().send().await.unwrap();
        let [search] = recorded(&recorder);
        assert_eq!(search.headers()[AUTHORIZATION], "Basic dXNlcjpwYXNz");
    }
}

#[test]
fn unusable_value_is_named_without_secret() {
    let folder = tempfile::tempdir().unwrap();
    let empty = folder.path().join("empty");
    std::fs::write(&empty, "\n").unwrap();
    let empty = empty.to_str().unwrap();
    for (environment, message) in [
        (&[("SAMPLE_API_KEY", "")][..], "the environment variable `SAMPLE_API_KEY` is set but empty"),
        (&[("SAMPLE_HOST", "")], "the environment variable `SAMPLE_HOST` is set but empty"),
        (
            &[("SAMPLE_API_KEY", "hunter2"), ("SAMPLE_API_KEY_FILE", empty)],
            "the environment variables `SAMPLE_API_KEY` and `SAMPLE_API_KEY_FILE` are both set; unset one of \
             them",
        ),
        (
            &[("SAMPLE_API_KEY_FILE", empty)],
            "the file named by the environment variable `SAMPLE_API_KEY_FILE` is empty or not UTF-8",
        ),
        (
            &[("SAMPLE_API_KEY_FILE", "hunter2")],
            "the file named by the environment variable `SAMPLE_API_KEY_FILE` cannot be read: No such file or \
             directory (os error 2)",
        ),
        (
            &[("SAMPLE_USERNAME", "user")],
            "the environment variable `SAMPLE_USERNAME` is set but requires `SAMPLE_PASSWORD`: set both, or unset \
             `SAMPLE_USERNAME`",
        ),
        (
            &[("SAMPLE_PASSWORD", "hunter2")],
            "the environment variable `SAMPLE_PASSWORD` is set but requires `SAMPLE_USERNAME`: set both, or unset \
             `SAMPLE_PASSWORD`",
        ),
        (
            &[("SAMPLE_CLIENT_SECRET", "hunter2")],
            "the environment variable `SAMPLE_CLIENT_SECRET` is set but requires `SAMPLE_CLIENT_ID`: set both, or \
             unset `SAMPLE_CLIENT_SECRET`",
        ),
        (
            &[("SAMPLE_TOKEN", "hunter2"), ("SAMPLE_CLIENT_ID", "id"), ("SAMPLE_CLIENT_SECRET", "hunter2")],
            "the environment variables `SAMPLE_TOKEN` and `SAMPLE_CLIENT_ID` are both set; unset one of them",
        ),
        (
            &[("SAMPLE_CLIENT_KEY_FILE", "hunter2")],
            "the environment variable `SAMPLE_CLIENT_KEY_FILE` is set but requires \
             `SAMPLE_CLIENT_CERTIFICATE_FILE`: set both, or unset `SAMPLE_CLIENT_KEY_FILE`",
        ),
        (
            &[("SAMPLE_CLIENT_CERTIFICATE_FILE", empty)],
            "the client certificate named by the environment variable `SAMPLE_CLIENT_CERTIFICATE_FILE` cannot be used: \
             the client identity contains no private key",
        ),
    ] {
        assert_eq!(configured(environment).unwrap_err(), message);
    }
}

#[cfg(unix)]
#[test]
fn non_utf8_value_is_named() {
    use std::os::unix::ffi::OsStringExt;
    let lookup = |name: &str| (name == "SAMPLE_API_KEY").then(|| OsString::from_vec(b"hunter2\xff".to_vec()));
    let error = apply(Client::builder(), &lookup).unwrap_err();
    assert_eq!(error.to_string(), "the environment variable `SAMPLE_API_KEY` is not UTF-8");
    assert!(!format!("{error:?}").contains("hunter2"));
}

#[tokio::test]
async fn missing_credential_names_variables() {
    let recorder = Recorder::default();
    let client = configured(&[]).unwrap().transport(recorder.clone()).build().unwrap();
    let error = client.certificates().health().send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Credential);
    assert!(
        error.to_string().ends_with(
            "call `bearer_token()` on the client's builder (for `from_env()`, set `SAMPLE_TOKEN` or `SAMPLE_CLIENT_ID` \
             and `SAMPLE_CLIENT_SECRET`)"
        ),
        "{error}"
    );
    assert_eq!(recorder.requests().len(), 0);
}

#[test]
fn credential_variables_have_known_schemes() {
    use crate::runtime::EnvironmentSetting::Credential;
    let api = <Client as Service>::API;
    for variable in api.environment {
        if let Credential(scheme, _) = variable.sets {
            assert!(api.security_scheme(scheme).is_some(), "{}", variable.name);
        }
    }
}
