//! Compares the parts of a recorded multipart form with the body argument of the call.

use serde_json::Value;

use crate::document::Content;
use crate::program;
use crate::proxy::RecordedRequest;

/// A recorded part.
struct Part {
    name: String,
    content: Vec<u8>,
}

pub(super) fn check(media_type: &Content, body_value: &Value, request: &RecordedRequest, errors: &mut Vec<String>) {
    let Some(parts) = parts(request) else {
        return errors.push("the body is not a multipart form".to_owned());
    };
    let mut expected = program::parts(body_value);
    for part in &parts {
        let is_equal = |(name, content): &(String, String)| {
            *name == part.name && (content.as_bytes() == part.content || are_equal_values(content, &part.content))
        };
        match expected.iter().position(is_equal) {
            Some(position) => drop(expected.remove(position)),
            None => errors.push(format!("the part `{}` has an unexpected value", part.name)),
        }
    }
    errors.extend(expected.into_iter().map(|(name, _)| format!("the part `{name}` is missing")));
    let required = media_type.schema().get("required").and_then(Value::as_array).into_iter().flatten();
    for name in required.filter_map(Value::as_str).filter(|name| parts.iter().all(|part| part.name != *name)) {
        errors.push(format!("the required part `{name}` is missing"));
    }
}

/// Returns whether two texts are equal JSON values. Compares numbers by value: `1.0` equals `1`.
fn are_equal_values(one: &str, other: &[u8]) -> bool {
    let (one, other) = (serde_json::from_str::<Value>(one).ok(), serde_json::from_slice::<Value>(other).ok());
    one.zip(other).is_some_and(|(one, other)| one == other || one.is_number() && one.as_f64() == other.as_f64())
}

/// Parses the parts of a multipart body (RFC 2046, section 5.1; RFC 7578).
fn parts(request: &RecordedRequest) -> Option<Vec<Part>> {
    let (_, boundary) = request.header("content-type")?.split_once("boundary=")?;
    let boundary = boundary.split(';').next()?.trim().trim_matches('"');
    // The delimiter between two parts includes the line break before the boundary.
    let delimiter = format!("\r\n--{boundary}");
    let body = [b"\r\n", request.body.as_slice()].concat();
    let mut rest = after(&body, delimiter.as_bytes())?;
    let mut parts = Vec::new();
    while !rest.starts_with(b"--") {
        let end = find(rest, delimiter.as_bytes())?;
        let (part, _) = rest.split_at_checked(end)?;
        rest = after(rest, delimiter.as_bytes())?;
        let head_end = find(part, b"\r\n\r\n")?;
        let (head, content) = part.split_at_checked(head_end)?;
        let head = String::from_utf8_lossy(head);
        let name = head.split("name=\"").nth(1)?.split('"').next()?.to_owned();
        parts.push(Part { name, content: content.get(4..)?.to_vec() });
    }
    Some(parts)
}

fn after<'a>(bytes: &'a [u8], needle: &[u8]) -> Option<&'a [u8]> {
    bytes.get(find(bytes, needle)? + needle.len()..)
}

fn find(bytes: &[u8], needle: &[u8]) -> Option<usize> {
    bytes.windows(needle.len()).position(|window| window == needle)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::document::content;

    fn errors(body: &str, body_value: Value) -> Vec<String> {
        let media_type = content("multipart/form-data", json!({ "required": ["file"] }));
        let request = RecordedRequest {
            method: "POST".into(),
            target: "/".into(),
            headers: vec![("content-type".into(), "multipart/form-data; boundary=xyz".into())],
            body: body.replace('\n', "\r\n").into_bytes(),
        };
        let mut errors = Vec::new();
        check(&media_type, &body_value, &request, &mut errors);
        errors
    }

    #[test]
    fn part_that_differs_from_body_is_error() {
        let body = "--xyz\nContent-Disposition: form-data; name=\"file\"; filename=\"a.zip\"\nContent-Type: application/zip\n\nab\nc\n--xyz--\n";
        assert_eq!(errors(body, json!({ "file": "ab\r\nc" })), [""; 0]);
        assert_eq!(errors(body, json!({ "file": "other" })).len(), 2);
        assert_eq!(errors("--xyz--\n", json!({})), ["the required part `file` is missing"]);
        let number = "--xyz\nContent-Disposition: form-data; name=\"file\"\n\n91\n--xyz--\n";
        assert_eq!(errors(number, json!({ "file": 91.0 })), [""; 0]);
        assert_eq!(errors(number, json!({ "file": 91.5 })).len(), 2);
    }
}
