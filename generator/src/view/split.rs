//! Splits the content of a file that would be too long into several files.

use indexmap::IndexMap;

/// The maximum estimated number of lines of a file. Longer files are split.
pub(super) const MAX_LINES: usize = 2_000;

/// The maximum number of steps by which the content of a file is split.
const MAX_STEPS: usize = 4;

/// A part of the content of a file.
pub(super) struct Content<T> {
    pub value: T,
    /// The estimated number of lines.
    pub lines: usize,
    /// The segments of the path of the operation that the content belongs to, without parameters.
    pub path: Vec<String>,
    /// The words of the content's name. The content is split by them if the paths do not tell it apart.
    pub words: Vec<String>,
}

/// The content of one file.
pub(super) struct Part<T> {
    /// The segments and words that distinguish the part from the others. Empty for the content that remains in the
    /// original file.
    pub steps: Vec<String>,
    pub content: Vec<Content<T>>,
}

/// Splits content that is too long for one file: by the first path segment that differs, and then by the first word of
/// the names that differs. Added content can move other content to another file. No public path changes, because the
/// modules are private.
pub(super) fn split<T>(content: Vec<Content<T>>) -> Vec<Part<T>> {
    let parts = split_by(Part { steps: Vec::new(), content }, |content| &content.path);
    parts.into_iter().flat_map(|part| split_by(part, |content| &content.words)).collect()
}

/// Returns the estimated number of lines of content.
fn lines<T>(content: &[Content<T>]) -> usize {
    content.iter().map(|content| content.lines).sum()
}

fn split_by<T>(part: Part<T>, key: impl Fn(&Content<T>) -> &[String]) -> Vec<Part<T>> {
    let (mut done, mut waiting) = (Vec::new(), vec![part]);
    while let Some(part) = waiting.pop() {
        let position = difference(&part.content, &key);
        let is_long = lines(&part.content) > MAX_LINES && part.steps.len() < MAX_STEPS;
        let Some(position) = position.filter(|_| is_long) else {
            done.push(part);
            continue;
        };
        let Part { steps, content } = part;
        let mut rest = Vec::new();
        let mut parts: IndexMap<String, Vec<Content<T>>> = IndexMap::new();
        for content in content {
            match key(&content).get(position) {
                Some(step) => parts.entry(step.clone()).or_default().push(content),
                None => rest.push(content),
            }
        }
        let parts = parts.into_iter().map(|(step, content)| {
            let steps = steps.iter().cloned().chain([step]).collect();
            Part { steps, content }
        });
        waiting.extend(parts);
        if !rest.is_empty() {
            done.push(Part { steps, content: rest });
        }
    }
    done
}

/// Returns the first position at which the keys of content differ. Returns `None` if all keys are equal.
fn difference<T>(content: &[Content<T>], key: impl Fn(&Content<T>) -> &[String]) -> Option<usize> {
    let (first, others) = content.split_first()?;
    let first = key(first);
    let same = |other: &[String]| first.iter().zip(other).take_while(|(one, other)| one == other).count();
    others.iter().map(&key).filter(|other| *other != first).map(same).min()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content(lines: usize, path: &str, name: &'static str) -> Content<&'static str> {
        let words = |text: &str| text.split(['/', '_']).filter(|word| !word.is_empty()).map(str::to_owned).collect();
        Content { value: name, lines, path: words(path), words: words(name) }
    }

    /// Splits content, and returns the steps and the names of each part, sorted.
    fn parts(content: Vec<Content<&'static str>>) -> Vec<(String, Vec<&'static str>)> {
        let parts = split(content).into_iter();
        let mut parts: Vec<_> = parts
            .map(|part| (part.steps.join("/"), part.content.into_iter().map(|content| content.value).collect()))
            .collect();
        parts.sort();
        parts
    }

    #[test]
    fn short_content_stays_together() {
        let all = vec![content(1_000, "/a", "one"), content(1_000, "/b", "two")];
        assert_eq!(parts(all), [(String::new(), vec!["one", "two"])]);
    }

    #[test]
    fn long_content_is_split_by_first_segment_that_differs() {
        let all = vec![
            content(900, "/repos", "get"),
            content(900, "/repos/branches", "list_branches"),
            content(900, "/repos/issues", "list_issues"),
            content(900, "/repos/branches/protection", "get_protection"),
        ];
        let expected = [
            (String::new(), vec!["get"]),
            ("branches".to_owned(), vec!["list_branches", "get_protection"]),
            ("issues".to_owned(), vec!["list_issues"]),
        ];
        assert_eq!(parts(all), expected);
    }

    #[test]
    fn long_content_of_one_path_is_split_by_words() {
        let all = vec![content(1_500, "/", "get_a"), content(1_500, "/", "put_a"), content(100, "/", "get_b")];
        let expected = [("get".to_owned(), vec!["get_a", "get_b"]), ("put".to_owned(), vec!["put_a"])];
        assert_eq!(parts(all), expected);
    }

    #[test]
    fn content_that_cannot_be_told_apart_stays_together() {
        let all = vec![content(1_500, "/a", "one"), content(1_500, "/a", "one")];
        assert_eq!(parts(all), [(String::new(), vec!["one", "one"])]);
    }
}
