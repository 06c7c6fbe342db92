//! JSON texts with the secrets at known paths masked.
//!
//! In: a complete JSON text. Out: the same text otherwise: numbers keep their digits, properties their order.

use serde::de::IgnoredAny;
use serde_json::Value;

use super::redact::{MASK, mask_named, value_end};
use super::secret_paths::{ITEM, SecretPath, is_secret, is_within_secret, names};

/// The text with its secrets masked, where it is at the steps `at` itself; `None` where it is not complete JSON.
///
/// JSON within a string may be of any value: there, the names of the secrets are masked.
pub fn masked(text: &str, at: &[&str], paths: &[SecretPath]) -> Option<String> {
    copy(text, at, paths, true)
}

/// The text without white space; `None` where it is not complete JSON.
pub fn compact(text: &str) -> Option<String> {
    copy(text, &[], &[], false)
}

fn copy(text: &str, at: &[&str], paths: &[SecretPath], keep_space: bool) -> Option<String> {
    // This limits the depth too.
    serde_json::from_str::<IgnoredAny>(text).ok()?;
    let names = paths.iter().filter_map(|path| names(&[*path])).flatten().collect();
    let at = at.iter().map(|step| (*step).to_owned()).collect();
    let copied = String::with_capacity(text.len());
    let mut copy = Copy { text, next: 0, at, paths, names, keep_space, copied };
    copy.value()?;
    Some(copy.copied)
}

/// The strings that are secrets or are contained in one, of a JSON text that is itself at the steps `at`.
pub fn secrets(json: &[u8], at: &[&str], paths: &[SecretPath]) -> Vec<String> {
    let mut found = Vec::new();
    if !paths.is_empty() && !json.is_empty() {
        let value: Value = serde_json::from_slice(json).unwrap_or_default();
        let is_within = is_within_secret(paths, at, value.is_array() || value.is_object());
        collect(&value, &mut at.to_vec(), paths, is_within, &mut found);
    }
    found
}

fn collect<'v>(
    value: &'v Value,
    at: &mut Vec<&'v str>,
    paths: &[SecretPath],
    is_within: bool,
    found: &mut Vec<String>,
) {
    let is_within = is_within || is_secret(paths, at, value.is_array() || value.is_object());
    match value {
        Value::String(text) if is_within => found.push(text.clone()),
        Value::Array(items) => {
            at.push(ITEM);
            items.iter().for_each(|item| collect(item, at, paths, is_within, found));
            at.pop();
        }
        Value::Object(properties) => {
            for (name, value) in properties {
                at.push(name);
                collect(value, at, paths, is_within, found);
                at.pop();
            }
        }
        _ => {}
    }
}

/// A valid JSON text that is being copied.
struct Copy<'t> {
    text: &'t str,
    /// Where what is not copied yet starts.
    next: usize,
    /// The steps to the value there.
    at: Vec<String>,
    paths: &'t [SecretPath],
    names: Vec<&'static str>,
    keep_space: bool,
    copied: String,
}

// Every `?` is a text that is not valid.
impl<'t> Copy<'t> {
    fn value(&mut self) -> Option<()> {
        let first = self.peek()?;
        let at: Vec<&str> = self.at.iter().map(String::as_str).collect();
        if is_secret(self.paths, &at, matches!(first, '{' | '[')) {
            self.next = value_end(self.text, self.next);
            self.copied.extend(["\"", MASK, "\""]);
            return Some(());
        }
        match first {
            '{' | '[' => self.container(first == '{'),
            '"' => {
                let value = self.scalar()?;
                self.copied.push_str(&mask_named(value, &self.names));
                Some(())
            }
            _ => {
                let value = self.scalar()?;
                self.copied.push_str(value);
                Some(())
            }
        }
    }

    fn container(&mut self, is_object: bool) -> Option<()> {
        self.punctuation()?;
        loop {
            match self.peek()? {
                ',' => self.punctuation()?,
                '}' | ']' => return self.punctuation(),
                _ if is_object => {
                    let name = self.scalar()?;
                    self.copied.push_str(name);
                    self.at.push(serde_json::from_str(name).ok()?);
                    self.peek()?;
                    self.punctuation()?;
                    self.value()?;
                    self.at.pop();
                }
                _ => {
                    self.at.push(ITEM.to_owned());
                    self.value()?;
                    self.at.pop();
                }
            }
        }
    }

    /// The next character behind white space.
    fn peek(&mut self) -> Option<char> {
        let rest = self.text.get(self.next..)?;
        let behind = rest.trim_ascii_start();
        let space = rest.len() - behind.len();
        if self.keep_space {
            self.copied.push_str(rest.get(..space)?);
        }
        self.next += space;
        behind.chars().next()
    }

    /// Copies one character of ASCII.
    fn punctuation(&mut self) -> Option<()> {
        self.copied.push_str(self.text.get(self.next..self.next + 1)?);
        self.next += 1;
        Some(())
    }

    /// Takes a string, number or word.
    fn scalar(&mut self) -> Option<&'t str> {
        let start = self.next;
        let scalar = self.text.get(start..value_end(self.text, start))?.trim_ascii_end();
        self.next += scalar.len();
        Some(scalar)
    }
}
