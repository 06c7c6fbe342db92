//! Masks secrets in JSON, given the paths of the secrets.
//!
//! Everything else in the JSON text is preserved, including the digits of numbers and the order of properties.

use serde::de::IgnoredAny;
use serde_json::Value;

use super::redact::{MASK, mask_named, value_end};
use super::secret_paths::{ITEM, SecretPath, is_secret, is_within_secret, names};

/// Returns the JSON text with each secret replaced by `"***"`, or `None` if the text is not complete JSON.
///
/// `paths` are the paths of secrets, relative to the body. `at` is the path of the text within the body; it is empty
/// for the body itself. In JSON that is contained in a JSON string, the paths are not used: every property with the
/// name of a secret is masked.
pub fn masked(text: &str, at: &[&str], paths: &[SecretPath]) -> Option<String> {
    copy(text, at, paths, true)
}

/// Returns the JSON text without insignificant white space, or `None` if the text is not complete JSON.
pub fn compact(text: &str) -> Option<String> {
    copy(text, &[], &[], false)
}

fn copy(text: &str, at: &[&str], paths: &[SecretPath], keep_space: bool) -> Option<String> {
    // Checks the syntax, and also the depth, which `serde_json` limits to 128 levels.
    serde_json::from_str::<IgnoredAny>(text).ok()?;
    let names = paths.iter().filter_map(|path| names(&[*path])).flatten().collect();
    let at = at.iter().map(|step| (*step).to_owned()).collect();
    let copied = String::with_capacity(text.len());
    let mut copy = Copy { text, next: 0, at, paths, names, keep_space, copied };
    copy.value()?;
    Some(copy.copied)
}

/// Returns the strings in a JSON text that are secrets or are contained in a secret object or array. `at` is the path
/// of the text within the body.
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

/// The state of copying a valid JSON text.
struct Copy<'t> {
    text: &'t str,
    /// The offset of the next character to copy.
    next: usize,
    /// The path of the value at `next`.
    at: Vec<String>,
    paths: &'t [SecretPath],
    names: Vec<&'static str>,
    keep_space: bool,
    copied: String,
}

// The methods return `None` if the text is not valid JSON.
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

    /// Skips white space, which is copied only if `keep_space` is set, and returns the next character.
    fn peek(&mut self) -> Option<char> {
        let rest = self.text.get(self.next..)?;
        let after = rest.trim_ascii_start();
        let space = rest.len() - after.len();
        if self.keep_space {
            self.copied.push_str(rest.get(..space)?);
        }
        self.next += space;
        after.chars().next()
    }

    /// Copies one ASCII character.
    fn punctuation(&mut self) -> Option<()> {
        self.copied.push_str(self.text.get(self.next..self.next + 1)?);
        self.next += 1;
        Some(())
    }

    /// Skips a string, number, `true`, `false` or `null`, and returns its JSON text.
    fn scalar(&mut self) -> Option<&'t str> {
        let start = self.next;
        let scalar = self.text.get(start..value_end(self.text, start))?.trim_ascii_end();
        self.next += scalar.len();
        Some(scalar)
    }
}
