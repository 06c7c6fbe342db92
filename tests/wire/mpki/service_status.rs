//! Greeting and health, which answer in plain text.

use pki_clients::digicert_mpki::models::{ServiceDown, ServiceGreeting, ServiceUp};
use pki_clients::digicert_mpki::{Client, ErrorBody};

use crate::exchange::exchange;
use crate::sent::Sent;
use crate::server::{Answer, Server};
use crate::vendor::Vendor;

#[tokio::test]
async fn hello() {
    let expected = Sent::by::<Client>("GET", "/mpki/api/v1/hello").accept("text/plain;charset=utf-8, application/json");
    let greetings =
        exchange("hello", expected, async |client: Client| client.service_status().hello().send().await).await;
    assert_eq!(greetings, [ServiceGreeting::Hello]);
}

#[tokio::test]
async fn get_health() {
    let expected =
        Sent::by::<Client>("GET", "/mpki/api/v1/health/extensive").accept("text/plain;charset=utf-8, application/json");
    let call = async |client: Client| client.service_status().get_health().send().await;
    assert_eq!(exchange("getHealth", expected, call).await, [ServiceUp::Up]);
}

#[tokio::test]
async fn a_service_that_is_down_says_so_in_one_word() {
    let server = Server::answering([Answer::new(500).body("text/plain;charset=utf-8", "DOWN")]).await;
    let error = Client::at(&server.url()).service_status().get_health().send().await.unwrap_err();
    assert_eq!(error.body(), Some(&ErrorBody::ServiceDown(ServiceDown::Down)));
    assert_eq!(error.to_string(), "getHealth (GET /mpki/api/v1/health/extensive): 500 Internal Server Error: DOWN");
}
