//! The tables for the objects of Clientwright's own extensions, which are the same in all versions of OpenAPI.

use crate::validate::object::{Kind, Object, OtherFields, Shape, optional, required};

/// Returns the definition of a kind of object of an extension. For all other kinds, returns an object that allows only
/// `x-…` fields.
pub(super) fn of(kind: Kind) -> &'static Object {
    match kind {
        Kind::Pagination => &PAGINATION,
        Kind::ClientCertificate => &CLIENT_CERTIFICATE,
        _ => &OTHER,
    }
}

const STRING: Shape = Shape::String;
const BOOLEAN: Shape = Shape::Boolean;

static OTHER: Object = Object { name: "an object", fields: &[], others: OtherFields::Extensions };
// The style determines which of the fields are required or allowed.
static PAGINATION: Object = Object {
    name: "an `x-pagination` object",
    fields: &[
        required("style", Shape::Choice(&["offset-limit", "page-number", "cursor", "next-link"])),
        optional("offset", STRING),
        optional("page", STRING),
        optional("first-page", Shape::Count),
        optional("cursor", STRING),
        optional("next-cursor", STRING),
        optional("next-link", STRING),
        optional("limit", STRING),
        required("items", STRING),
        optional("total", STRING),
        optional("total-pages", STRING),
        optional("has-more", STRING),
        optional("short-page-ends", BOOLEAN),
        optional("empty-page-ends", BOOLEAN),
    ],
    others: OtherFields::Nothing,
};
static CLIENT_CERTIFICATE: Object = Object {
    name: "an `x-client-certificate` object",
    fields: &[required("host-prefix", STRING)],
    others: OtherFields::Nothing,
};
