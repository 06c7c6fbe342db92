//! Paths in JSON documents, as shown in errors: `items[3].status`, `keys["a.b"].value`.

use std::fmt::Write as _;

use serde_path_to_error::{Path, Segment};

use super::secret_paths::ITEM;

/// Formats a path. The path of the root is an empty string, and an unknown step is `?`. Names with characters other
/// than letters, digits, `_`, `-`, `$` and `@` are quoted, so that [`steps`] can parse the path.
pub fn text(path: &Path) -> String {
    let mut text = String::new();
    for segment in path {
        let name = match segment {
            Segment::Seq { index } => {
                // Writing to a string never fails.
                let _ = write!(text, "[{index}]");
                continue;
            }
            Segment::Map { key } => key.as_str(),
            Segment::Enum { variant } => variant.as_str(),
            Segment::Unknown => "?",
        };
        let is_unknown = matches!(segment, Segment::Unknown);
        if is_unknown || (!name.is_empty() && name.chars().all(is_plain)) {
            text.push_str(if text.is_empty() { "" } else { "." });
            text.push_str(name);
        } else {
            let _ = write!(text, "[{}]", serde_json::Value::from(name));
        }
    }
    text
}

/// Parses the path at the start of `text`. Returns its steps and the rest of `text`; `None` if a step is unknown
/// (`?`) or malformed.
pub fn steps(text: &str) -> Option<(Vec<String>, &str)> {
    let (mut steps, mut rest) = (Vec::new(), text);
    loop {
        if let Some(quoted) = rest.strip_prefix('[').filter(|quoted| quoted.starts_with('"')) {
            let mut names = serde_json::Deserializer::from_str(quoted).into_iter::<String>();
            steps.push(names.next()?.ok()?);
            rest = quoted.get(names.byte_offset()..)?.strip_prefix(']')?;
        } else if let Some(index) = rest.strip_prefix('[') {
            let (index, behind) = index.split_once(']')?;
            index.parse::<usize>().ok()?;
            steps.push(ITEM.to_owned());
            rest = behind;
        } else {
            let name = rest.strip_prefix('.').filter(|_| !steps.is_empty()).unwrap_or(rest);
            let end = name.find(|c| !is_plain(c)).unwrap_or(name.len());
            if end == 0 {
                let is_end = name.len() == rest.len() && !rest.starts_with('?');
                return is_end.then_some((steps, rest));
            }
            // A name is the first step or follows a dot.
            if name.len() == rest.len() && !steps.is_empty() {
                return None;
            }
            steps.push(name.get(..end)?.to_owned());
            rest = name.get(end..)?;
        }
    }
}

fn is_plain(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-' | '$' | '@')
}
