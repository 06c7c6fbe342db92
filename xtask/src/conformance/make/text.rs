//! Generates strings for a schema with a format, a pattern or a length.

use fastrand::Rng;
use serde_json::{Map, Value};

use super::pattern;

/// The words that strings without a format consist of. They need no escaping in paths, queries and headers.
const WORDS: [&str; 8] = ["amber", "birch", "cedar", "delta", "ember", "fjord", "grove", "heron"];

pub(super) fn generate(keywords: &Map<String, Value>, rng: &mut Rng) -> Result<String, String> {
    let length =
        |name: &str| keywords.get(name).and_then(Value::as_u64).and_then(|length| usize::try_from(length).ok());
    let min = length("minLength").unwrap_or(0);
    let max = length("maxLength").unwrap_or(usize::MAX);
    if let Some(pattern) = keywords.get("pattern").and_then(Value::as_str) {
        return pattern::generate(pattern, min, max, rng);
    }
    let formatted = keywords.get("format").and_then(Value::as_str).and_then(|format| with_format(format, rng));
    if let Some(string) = formatted
        && (min..=max).contains(&string.chars().count())
    {
        return Ok(string);
    }
    let mut string = word(rng).to_owned();
    string.push_str(&rng.u16(10..100).to_string());
    while string.chars().count() < min {
        string.push_str(word(rng));
    }
    Ok(string.chars().take(max).collect())
}

fn word(rng: &mut Rng) -> &'static str {
    WORDS.get(rng.usize(..WORDS.len())).copied().unwrap_or("word")
}

/// Generates a string with a format. Returns `None` for unknown formats.
fn with_format(format: &str, rng: &mut Rng) -> Option<String> {
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
        // Base64 that needs no padding.
        "byte" | "base64" => "c2FtcGxl".to_owned(),
        _ => return None,
    })
}
