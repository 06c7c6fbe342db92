//! Tests of APIs whose only security scheme is mutual TLS or a key in the header `Authorization`.

use bytes::Bytes;
use http::Method;
use http::header::AUTHORIZATION;

use super::transport::{Recorder, recorded};
use crate::runtime::{
    ApiClient, ApiInfo, Call, ClientBuilder, Credential, CredentialPart, EnvironmentSetting, EnvironmentVariable,
    Error, Location, OperationInfo, RawRequest, RawResponse, SchemeKind, SecurityScheme, ServerInfo, Service,
};

/// Defines an API with one security scheme, and an operation that requires it.
macro_rules! api {
    ($api:ident, $operation:ident, $kind:expr) => {
        struct $api(ApiClient);

        impl crate::runtime::sealed::Sealed for $api {}

        impl Service for $api {
            const API: &'static ApiInfo = &ApiInfo {
                name: "vaults",
                version: "1",
                user_agent: "test",
                servers: &[ServerInfo { name: None, url: "https://vaults.test", variables: &[] }],
                operation_servers: &[],
                security_schemes: &[SecurityScheme {
                    name: "Scheme",
                    kind: $kind,
                    client_certificate: None,
                    setter: "client_identity",
                }],
                environment: &[EnvironmentVariable {
                    name: "VAULTS_CLIENT_CERTIFICATE_FILE",
                    sets: EnvironmentSetting::Credential("Scheme", CredentialPart::CertificateFile),
                }],
                request_id_header: None,
                sensitive_properties: &[],
            };

            fn from_api_client(client: ApiClient) -> Self {
                Self(client)
            }
        }

        struct $operation;

        impl crate::runtime::sealed::Sealed for $operation {}

        impl crate::runtime::Operation for $operation {
            const INFO: &'static OperationInfo =
                &OperationInfo::new("open", http::Method::GET).path("/vault").security(&[&["Scheme"]]);

            type Body = ();
            type Output = ();
            type ErrorBody = Bytes;

            fn decode(_: &RawResponse) -> Result<(), crate::runtime::DecodeError> {
                Ok(())
            }
        }

        impl $operation {
            async fn sent(client: &$api) -> Result<(), Error<Bytes>> {
                Call::new::<Self>(&client.0).send::<Self>().await.map(drop)
            }
        }
    };
}

api!(Keyed, OpenKeyed, SchemeKind::ApiKey { location: Location::Header, name: "authorization" });
api!(Mutual, OpenMutual, SchemeKind::MutualTls);

#[tokio::test]
async fn key_in_authorization_may_be_bearer_token() {
    for (credential, sent) in
        [(Credential::api_key("Token hunter2"), "Token hunter2"), (Credential::bearer("hunter2"), "Bearer hunter2")]
    {
        let recorder = Recorder::default();
        let builder = ClientBuilder::<Keyed>::new().credential("Scheme", credential);
        OpenKeyed::sent(&builder.transport(recorder.clone()).build().unwrap()).await.unwrap();
        let [request] = recorded(&recorder);
        assert_eq!(request.headers()[AUTHORIZATION], sent);
        assert!(request.headers()[AUTHORIZATION].is_sensitive());
    }
}

#[tokio::test]
async fn missing_client_certificate_fails_before_sending() {
    let recorder = Recorder::default();
    let client = ClientBuilder::<Mutual>::new().transport(recorder.clone()).build().unwrap();
    assert_eq!(
        OpenMutual::sent(&client).await.unwrap_err().to_string(),
        "open (GET /vault): nothing was sent: no credential is set: call `client_identity()` on the \
         client's builder (for `from_env()`, set `VAULTS_CLIENT_CERTIFICATE_FILE`)"
    );
    assert!(recorder.requests().is_empty());
    let error = ClientBuilder::<Mutual>::new().credential("Scheme", Credential::bearer("t")).build().map(drop);
    assert!(error.unwrap_err().to_string().contains("does not accept this kind of credential"));
}

#[cfg(any(feature = "aws-lc-rs", feature = "ring"))]
#[tokio::test]
async fn client_identity_is_credential_of_mutual_tls() {
    let (certificate, key) = super::tls::Authority::new().issue(&["client"], |_| {});
    let identity = crate::runtime::ClientIdentity::from_pem(certificate + &key).unwrap();
    let of_scheme = Credential::client_certificate(identity.clone());
    for builder in [
        ClientBuilder::<Mutual>::new().client_identity(identity),
        ClientBuilder::<Mutual>::new().credential("Scheme", of_scheme),
    ] {
        let recorder = Recorder::default();
        let client = builder.transport(recorder.clone()).build().unwrap();
        OpenMutual::sent(&client).await.unwrap();
        RawRequest::<Bytes>::new(&client.0, Method::GET, "/".to_owned()).send().await.unwrap();
        let [operation, _] = recorded(&recorder);
        assert_eq!(operation.uri().to_string(), "https://vaults.test/vault");
        assert!(!operation.headers().contains_key(AUTHORIZATION));
    }
}
