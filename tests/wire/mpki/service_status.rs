//! Tests of the greeting and health operations, which return plain text.

use pki_clients::digicert_mpki::models::{ServiceDown, ServiceGreeting, ServiceUp};
use pki_clients::digicert_mpki::{Client, ErrorBody};

use crate::wire::exchange::exchange;
use crate::wire::sent::Sent;
use crate::wire::server::{Response, Server};
use crate::wire::vendor::Vendor;

#[tokio::test]
async fn hello_decodes_text_greeting() {
    let expected = Sent::by::<Client>("GET", "/mpki/api/v1/hello").accept("text/plain;charset=utf-8, application/json");
    let greetings =
        exchange("hello", expected, async |client: Client| client.service_status().hello().send().await).await;
    assert_eq!(greetings, [ServiceGreeting::Hello]);
}

#[tokio::test]
async fn get_health_decodes_text_status() {
    let expected =
        Sent::by::<Client>("GET", "/mpki/api/v1/health/extensive").accept("text/plain;charset=utf-8, application/json");
    let call = async |client: Client| client.service_status().get_health().send().await;
    assert_eq!(exchange("getHealth", expected, call).await, [ServiceUp::Up]);
}

#[tokio::test]
async fn unavailable_service_returns_a_plain_text_error() {
    let server = Server::responding([Response::new(500).body("text/plain;charset=utf-8", "DOWN")]).await;
    let error = Client::at(&server.url()).service_status().get_health().send().await.unwrap_err();
    assert_eq!(error.body(), Some(&ErrorBody::ServiceDown(ServiceDown::Down)));
    assert_eq!(error.to_string(), "getHealth (GET /mpki/api/v1/health/extensive): 500 Internal Server Error: DOWN");
}
