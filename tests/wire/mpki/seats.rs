//! Tests of the operations on seats: PUT and DELETE of the same path. The spec documents a body for the 204 response,
//! which HTTP does not allow.

use pki_clients::digicert_mpki::Client;
use pki_clients::digicert_mpki::models::{
    CreateSeatRequest, Seat, SeatDetails, SeatType, SeatTypeId, SeatTypeReference, UpdateSeatRequest,
};
use serde_json::json;

use crate::wire::exchange::{exchange, exchange_json, request};
use crate::wire::sent::Sent;
use crate::wire::server::{Response, Server};
use crate::wire::vendor::Vendor;

const BUSINESS_UNIT: &str = "8caedac5-8669-4f9a-8c42-44825d154577";

fn seat_details() -> SeatDetails {
    SeatDetails::new()
        .with_seat_name("Valerie R Green")
        .with_email("real-user-email@example.com")
        .with_phone("401-766-4576")
}

#[tokio::test]
async fn create_seat_sends_body_and_decodes_seat() {
    let seat_type = json!({"id": "USER_SEAT"});
    let body = CreateSeatRequest::new()
        .with_seat_id("some-seat-id@example.com")
        .with_seat_type(seat_type.as_object().unwrap().clone())
        .with_business_unit_id("648f66d1-61d1-4618-892c-090dc20becd2")
        .with_seat_name("Valerie R Green")
        .with_email("real-user-email@example.com")
        .with_phone("401-766-4576");
    assert_eq!(request::<Client, CreateSeatRequest>("createSeat", 0), body);

    let expected = Sent::by::<Client>("POST", "/mpki/api/v1/seat").accept("application/json");
    let call = async |client: Client, body| client.seats().create(body).send().await;
    assert_eq!(exchange_json("createSeat", expected, call).await, [seat_details()]);
}

#[tokio::test]
async fn get_seat_encodes_id_and_decodes_seat() {
    let target = "/mpki/api/v1/seat/R%26D%2FM%C3%BCller%20%2B1%40example.com\
                  ?business_unit_id=8caedac5-8669-4f9a-8c42-44825d154577&seat_type_id=DEVICE_SEAT";
    let expected = Sent::by::<Client>("GET", target).accept("application/json");
    let call = async |client: Client| {
        let seat = client.seats().get("R&D/Müller +1@example.com", SeatTypeId::DeviceSeat);
        seat.business_unit_id(BUSINESS_UNIT).send().await
    };
    let seat = Seat::new()
        .with_seat_id("some-seat-id@example.com")
        .with_seat_name("Valerie R Green")
        .with_email("real-user-email@example.com")
        .with_phone("401-766-4576");
    assert_eq!(exchange("getSeat", expected, call).await, [seat]);
}

#[tokio::test]
async fn update_seat_sends_body_and_decodes_optional_seat() {
    let body = UpdateSeatRequest::new()
        .with_seat_name("Valerie R Green")
        .with_email("real-user-email@example.com")
        .with_phone("401-766-4576")
        .with_seat_type(SeatTypeReference::new().with_id(SeatTypeId::UserSeat))
        .with_business_unit_id("0209bbc9-4abd-402c-8052-c1bae34681e2");
    assert_eq!(request::<Client, UpdateSeatRequest>("updateSeat", 0), body);

    let target = "/mpki/api/v1/seat/some-seat-id%40example.com";
    let expected = Sent::by::<Client>("PUT", target).accept("application/json");
    let call = async |client: Client, body| client.seats().update("some-seat-id@example.com", body).send().await;
    assert_eq!(exchange_json("updateSeat", expected, call).await, [None, Some(seat_details())]);
}

#[tokio::test]
async fn delete_seat_sends_unknown_seat_type_and_decodes_optional_seat() {
    let target = "/mpki/api/v1/seat/some%20seat\
                  ?business_unit_id=8caedac5-8669-4f9a-8c42-44825d154577&seat_type_id=A%26B";
    let expected = Sent::by::<Client>("DELETE", target).accept("application/json");
    let call = async |client: Client| {
        // The seat type is an open enum, so unknown values can be sent.
        client.seats().delete("some seat", "A&B").business_unit_id(BUSINESS_UNIT).send().await
    };
    assert_eq!(exchange("deleteSeat", expected, call).await, [None, Some(seat_details())]);
}

#[tokio::test]
async fn list_seat_types_decodes_types() {
    let expected = Sent::by::<Client>("GET", "/mpki/api/v1/seat-types").accept("application/json");
    let types = exchange("listSeatTypes", expected, async |client: Client| client.seats().list_types().send().await);
    let user = SeatType::new().with_id("USER_SEAT").with_display_name("User seat");
    let device = SeatType::new().with_id("DEVICE_SEAT").with_display_name("Device seat");
    assert_eq!(types.await, [vec![user, device]]);
}

#[tokio::test]
async fn empty_200_is_read_like_a_204() {
    let server = Server::responding([Response::new(200)]).await;
    let deleted = Client::at(&server.url()).seats().delete("seat", "USER_SEAT").send_response().await.unwrap();
    assert_eq!((deleted.status.as_u16(), deleted.value), (200, None));
    assert_eq!(server.sent_once().target, "/mpki/api/v1/seat/seat?seat_type_id=USER_SEAT");
}
