//! Help for frequent mistakes, most of which are constructs of another version of OpenAPI.

use super::object::{Kind, Shape};
use super::objects;
use super::version::Version;
use super::walk::Place;
use crate::source::{Node, NodeKind};

/// Returns the version of OpenAPI that introduced a field of an object, if that version is later than `version`, the
/// version of the document.
pub(super) fn newer_version(version: Version, kind: Kind, field: &str) -> Option<Version> {
    let later = [Version::V3_0, Version::V3_1, Version::V3_2].into_iter().filter(|later| *later > version);
    later.into_iter().find_map(|later| Some(objects::of(later, kind).field(field)?.since.unwrap_or(later)))
}

/// Returns the help for a value of the wrong type, if the mistake is frequent.
pub(super) fn help(version: Version, shape: &Shape, node: &Node, place: Place<'_>) -> Option<&'static str> {
    match (place.key, &node.kind) {
        (_, NodeKind::Number(_) | NodeKind::Bool(_)) if *shape == Shape::String => Some("quote it"),
        ("type", NodeKind::Sequence(_)) if version == Version::V3_0 => Some(
            "arrays of types need OpenAPI 3.1; in 3.0, use `nullable: true` for null and `oneOf` for several types",
        ),
        ("exclusiveMinimum" | "exclusiveMaximum", NodeKind::Number(_)) => Some(match version {
            Version::V2_0 => "write the number as `minimum` or `maximum`, and set this to `true`",
            _ => {
                "in OpenAPI 3.0, this is a boolean beside `minimum` or `maximum`: write the number there, and `true` here"
            }
        }),
        ("exclusiveMinimum" | "exclusiveMaximum", NodeKind::Bool(_)) => Some(
            "since OpenAPI 3.1, this is the bound itself: write the number here instead of in `minimum` or `maximum`",
        ),
        ("items", NodeKind::Sequence(_)) if version >= Version::V3_1 => {
            Some("since OpenAPI 3.1, use `prefixItems` for the types of the first items")
        }
        ("required", NodeKind::Bool(_)) => {
            Some("list the names of required properties in the `required` array of the object's schema")
        }
        ("$ref", NodeKind::String(_)) => Some("a `$ref` cannot replace the whole array, but each item can be a `$ref`"),
        _ => None,
    }
}

/// Returns the help for a string that the version of the document does not allow, but another version does.
pub(super) fn other_version(version: Version, key: &str, text: &str) -> Option<&'static str> {
    if version == Version::V2_0 {
        return Some(match (key, text) {
            ("type", "http") => "use `type: basic`, or `type: apiKey` for bearer tokens",
            ("type", "openIdConnect") => "this needs OpenAPI 3.0",
            ("type", "object") => "only a parameter with `in: body` can be an object",
            ("in", "cookie") => "this needs OpenAPI 3.0",
            ("flow", "clientCredentials") => "use `application`",
            ("flow", "authorizationCode") => "use `accessCode`",
            _ => return None,
        });
    }
    Some(match (key, text) {
        ("type", "file") => "use `type: string` with `format: binary` for files",
        ("type", "null") => "add `nullable: true` to the schema to allow null",
        ("type", "basic") => "use `type: http` with `scheme: basic`",
        ("type", "mutualTLS") => "this needs OpenAPI 3.1",
        ("in", "body") => "use the `requestBody` of the operation instead of this parameter",
        ("in", "formData") => "use the `requestBody` of the operation instead, with a property for each form parameter",
        _ => return None,
    })
}
