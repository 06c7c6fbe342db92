//! Texts of a format, a pattern or a length.

use fastrand::Rng;
use serde_json::{Map, Value};

use super::pattern;

/// What texts are made of where nothing says more: safe in paths, queries and headers alike.
const WORDS: [&str; 8] = ["amber", "birch", "cedar", "delta", "ember", "fjord", "grove", "heron"];

pub(super) fn make(members: &Map<String, Value>, rng: &mut Rng) -> Result<String, String> {
    let length = |name: &str| members.get(name).and_then(Value::as_u64).and_then(|length| usize::try_from(length).ok());
    let least = length("minLength").unwrap_or(0);
    let most = length("maxLength").unwrap_or(usize::MAX);
    if let Some(pattern) = members.get("pattern").and_then(Value::as_str) {
        return pattern::matching(pattern, least, most, rng);
    }
    let formatted = members.get("format").and_then(Value::as_str).and_then(|format| of_format(format, rng));
    if let Some(text) = formatted
        && (least..=most).contains(&text.chars().count())
    {
        return Ok(text);
    }
    let mut text = word(rng).to_owned();
    text.push_str(&rng.u16(10..100).to_string());
    while text.chars().count() < least {
        text.push_str(word(rng));
    }
    Ok(text.chars().take(most).collect())
}

fn word(rng: &mut Rng) -> &'static str {
    WORDS.get(rng.usize(..WORDS.len())).copied().unwrap_or("word")
}

/// A text of a format that means something; nothing where any text will do.
fn of_format(format: &str, rng: &mut Rng) -> Option<String> {
    let day = format!("20{:02}-{:02}-{:02}", rng.u8(10..60), rng.u8(1..13), rng.u8(1..29));
    let time = format!("{:02}:{:02}:{:02}", rng.u8(0..24), rng.u8(0..60), rng.u8(0..60));
    let number = rng.u16(10..100);
    Some(match format {
        "date" => day,
        "date-time" => format!("{day}T{time}Z"),
        "time" => format!("{time}Z"),
        "duration" => format!("P{number}D"),
        "uuid" => {
            let (high, low) = (rng.u32(..), rng.u64(..0x1_0000_0000_0000));
            format!("{high:08x}-{:04x}-4{:03x}-8{:03x}-{low:012x}", rng.u16(..), rng.u16(..0x1000), rng.u16(..0x1000))
        }
        "email" | "idn-email" => format!("{}{number}@example.com", word(rng)),
        "hostname" | "idn-hostname" => format!("{}{number}.example.com", word(rng)),
        "ipv4" | "ip" => format!("192.0.2.{number}"),
        "ipv6" => format!("2001:db8::{number}"),
        "uri" | "url" | "iri" => format!("https://example.com/{}/{number}", word(rng)),
        "uri-reference" | "iri-reference" => format!("/{}/{number}", word(rng)),
        "uri-template" => format!("/{}/{{id}}", word(rng)),
        "json-pointer" => format!("/{}/{number}", word(rng)),
        "relative-json-pointer" => format!("1/{}", word(rng)),
        "regex" => format!("^{}$", word(rng)),
        // Base64 of whole groups of three bytes.
        "byte" | "base64" => "c2FtcGxl".to_owned(),
        _ => return None,
    })
}
