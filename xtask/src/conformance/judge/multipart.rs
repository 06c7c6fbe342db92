//! The parts of a recorded form, compared with what was given.

use serde_json::Value;

use crate::document::Content;
use crate::program;
use crate::proxy::Sent;

/// A part, as it was sent.
struct Part {
    name: String,
    content: Vec<u8>,
}

pub(super) fn judge(described: &Content, meant: &Value, sent: &Sent, wrong: &mut Vec<String>) {
    let Some(parts) = parts(sent) else {
        return wrong.push("its body is no form of parts".to_owned());
    };
    let mut expected = program::parts(meant);
    for part in &parts {
        let is_it = |(name, content): &(String, String)| {
            *name == part.name && (content.as_bytes() == part.content || is_same_value(content, &part.content))
        };
        match expected.iter().position(is_it) {
            Some(position) => drop(expected.remove(position)),
            None => wrong.push(format!("it has the part `{}` with another content", part.name)),
        }
    }
    wrong.extend(expected.into_iter().map(|(name, _)| format!("its part `{name}` is missing")));
    let required = described.schema().get("required").and_then(Value::as_array).into_iter().flatten();
    for name in required.filter_map(Value::as_str).filter(|name| parts.iter().all(|part| part.name != *name)) {
        wrong.push(format!("the required part `{name}` is missing"));
    }
}

/// Whether both are the same JSON, however it is written: `1.0` says what `1` does.
fn is_same_value(one: &str, other: &[u8]) -> bool {
    let (one, other) = (serde_json::from_str::<Value>(one).ok(), serde_json::from_slice::<Value>(other).ok());
    one.zip(other).is_some_and(|(one, other)| one == other || one.is_number() && one.as_f64() == other.as_f64())
}

/// The parts of a body (RFC 2046, section 5.1; RFC 7578).
fn parts(sent: &Sent) -> Option<Vec<Part>> {
    let (_, boundary) = sent.header("content-type")?.split_once("boundary=")?;
    let boundary = boundary.split(';').next()?.trim().trim_matches('"');
    // Before every boundary stands a line break, which is no content.
    let delimiter = format!("\r\n--{boundary}");
    let body = [b"\r\n", sent.body.as_slice()].concat();
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

    fn wrong(body: &str, meant: Value) -> Vec<String> {
        let described = content("multipart/form-data", json!({ "required": ["file"] }));
        let sent = Sent {
            method: "POST".into(),
            target: "/".into(),
            headers: vec![("content-type".into(), "multipart/form-data; boundary=xyz".into())],
            body: body.replace('\n', "\r\n").into_bytes(),
        };
        let mut wrong = Vec::new();
        judge(&described, &meant, &sent, &mut wrong);
        wrong
    }

    #[test]
    fn parts_are_what_was_given() {
        let body = "--xyz\nContent-Disposition: form-data; name=\"file\"; filename=\"a.zip\"\nContent-Type: application/zip\n\nab\nc\n--xyz--\n";
        assert_eq!(wrong(body, json!({ "file": "ab\r\nc" })), [""; 0]);
        assert_eq!(wrong(body, json!({ "file": "other" })).len(), 2);
        assert_eq!(wrong("--xyz--\n", json!({})), ["the required part `file` is missing"]);
        let number = "--xyz\nContent-Disposition: form-data; name=\"file\"\n\n91\n--xyz--\n";
        assert_eq!(wrong(number, json!({ "file": 91.0 })), [""; 0]);
        assert_eq!(wrong(number, json!({ "file": 91.5 })).len(), 2);
    }
}
