//! Converts Markdown from documents to rustdoc that cannot break the build or run as a test.
//!
//! Control and bidirectional characters are removed, HTML becomes Markdown or is escaped, brackets are escaped except
//! for links to web pages, bare URLs become links, and code blocks become plain text so that they are never compiled.

use std::collections::HashMap;

use super::html::{near, without_html};

/// Converts Markdown from the document to the lines of a doc comment.
pub(super) fn lines(text: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut fence: Option<String> = None;
    for line in clean(text).lines() {
        let trimmed = line.trim_end();
        let content = trimmed.trim_start();
        if let Some(open) = &fence {
            if content.starts_with(open.as_str()) && content.trim_start_matches(['`', '~']).trim().is_empty() {
                lines.push(std::mem::take(&mut fence).unwrap_or_default());
            } else {
                lines.push(trimmed.to_owned());
            }
        } else if let Some(open) = fence_of(content) {
            lines.push(format!("{open}text"));
            fence = Some(open);
        } else {
            let plain = without_html(trimmed);
            for line in plain.split('\n').map(str::trim_end) {
                // Collapse consecutive empty lines.
                if !line.is_empty() || lines.last().is_some_and(|last| !last.is_empty()) {
                    lines.push(prose(line));
                }
            }
        }
    }
    lines.extend(fence);
    let first = lines.iter().position(|line| !line.is_empty()).unwrap_or(lines.len());
    let last = lines.iter().rposition(|line| !line.is_empty()).map_or(first, |last| last + 1);
    lines.get(first..last).map(<[String]>::to_vec).unwrap_or_default()
}

/// Removes invisible characters and normalizes line ends and tabs.
fn clean(text: &str) -> String {
    // Normalize all characters that editors treat as line ends.
    let text = text.replace("\r\n", "\n").replace(['\r', '\u{85}', '\u{2028}', '\u{2029}'], "\n");
    let is_kept = |character: &char| *character == '\n' || !is_invisible(*character);
    text.chars().filter(is_kept).collect::<String>().replace('\t', "    ")
}

/// Returns the fence (backticks or tildes) of a line that opens a code block.
pub(super) fn fence_of(content: &str) -> Option<String> {
    ['`', '~'].into_iter().find_map(|mark| {
        let marks: String = content.chars().take_while(|character| *character == mark).collect();
        (marks.len() >= 3).then_some(marks)
    })
}

/// Returns whether a character is invisible, or rejected by rustc (a lone CR, bidirectional controls).
pub(super) fn is_invisible(character: char) -> bool {
    (character.is_control() && character != '\t')
        || matches!(character, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

/// Converts a line outside of code blocks: escapes brackets and HTML, and converts links.
fn prose(line: &str) -> String {
    // A line indented by four spaces would begin a code block, which rustdoc would compile.
    let indentation = line.len() - line.trim_start().len();
    let mut out = " ".repeat(if indentation >= 4 { 2 } else { indentation });
    let mut rest = line.trim_start();
    let last = last_runs(rest);
    while let Some(next) = rest.chars().next() {
        if next == '\\'
            && let Some(escaped) = rest.chars().nth(1).filter(char::is_ascii_punctuation)
        {
            // Copy a backslash and the character that it escapes: such a character is not Markdown syntax.
            out.extend([next, escaped]);
            rest = rest.get(2..).unwrap_or_default();
            continue;
        }
        if next == '`' {
            let marks = rest.len() - rest.trim_start_matches('`').len();
            let (ticks, after_ticks) = rest.split_at_checked(marks).unwrap_or((rest, ""));
            // Search for closing backticks only if a later run of backticks has the same length. A line may contain
            // thousands of runs of different lengths, and searching to the end for each of them would take quadratic
            // time.
            let is_closed = last.get(&marks).is_some_and(|left| *left < rest.len());
            if let Some(end) = is_closed.then(|| closing(after_ticks, marks)).flatten() {
                let (code, after) = after_ticks.split_at_checked(end + marks).unwrap_or((after_ticks, ""));
                out.push_str(ticks);
                out.push_str(code);
                rest = after;
            } else {
                ticks.chars().for_each(|_| out.push_str("\\`"));
                rest = after_ticks;
            }
            continue;
        }
        if let Some(length) = link(rest) {
            let (url, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
            out.push('<');
            out.push_str(url);
            out.push('>');
            rest = after;
            continue;
        }
        if let Some((text, url, length)) = page_link(rest) {
            let is_named = !text.trim().is_empty() && !text.contains("://");
            out.push_str(&if is_named { format!("[{}]({url})", prose(text).trim()) } else { format!("<{url}>") });
            rest = rest.get(length..).unwrap_or_default();
            continue;
        }
        // After a list marker, five or more spaces also begin a code block. Replace them by one space.
        let blanks = rest.len() - rest.trim_start_matches(' ').len();
        if blanks > 4 {
            out.push(' ');
            rest = rest.get(blanks..).unwrap_or_default();
            continue;
        }
        // Three tildes could begin a code block if this text is placed at the beginning of a line.
        if matches!(next, '[' | ']' | '<' | '>') || rest.starts_with("~~~") {
            out.push('\\');
        }
        out.push(next);
        rest = rest.get(next.len_utf8()..).unwrap_or_default();
    }
    out
}

/// Finds the last run of backticks of each length. Maps the length of the run to its position, as the number of bytes
/// from its start to the end of the line.
pub(super) fn last_runs(line: &str) -> HashMap<usize, usize> {
    let mut last = HashMap::new();
    let mut rest = line;
    while let Some(position) = rest.find('`') {
        rest = rest.get(position..).unwrap_or_default();
        let after = rest.trim_start_matches('`');
        last.insert(rest.len() - after.len(), rest.len());
        rest = after;
    }
    last
}

/// Returns the position of the run of exactly `marks` backticks that closes a code span.
pub(super) fn closing(text: &str, marks: usize) -> Option<usize> {
    let mut at = 0;
    while let Some(offset) = text.get(at..)?.find('`') {
        let start = at + offset;
        let run = text.get(start..)?.chars().take_while(|character| *character == '`').count();
        if run == marks {
            return Some(start);
        }
        at = start + run;
    }
    None
}

/// Returns the length of the `http` or `https` URL at the beginning of `text`, or `None` without a URL.
fn link(text: &str) -> Option<usize> {
    if !text.starts_with("https://") && !text.starts_with("http://") {
        return None;
    }
    let end = text
        .find(|character: char| character.is_whitespace() || "<>[]()`\"'{}|\\^".contains(character))
        .unwrap_or(text.len());
    let url = text.get(..end)?.trim_end_matches(['.', ',', ';', ':', '!', '?', '*', '_']);
    (url.len() > "https://".len()).then_some(url.len())
}

/// Returns the text, the URL and the total length of the Markdown link or image at the beginning of `text`. Images are
/// treated as links, so that documentation loads nothing from other servers.
fn page_link(text: &str) -> Option<(&str, &str, usize)> {
    let inner = text.strip_prefix('!').unwrap_or(text).strip_prefix('[')?;
    let (label, after) = inner.split_at_checked(near(inner).find(['[', ']', '<', '>'])?)?;
    let (url, _) = near(after.strip_prefix("](")?).split_once(')')?;
    let is_url = link(url) == Some(url.len());
    is_url.then(|| (label, url, text.len() - after.len() + "](".len() + url.len() + ")".len()))
}

/// Returns text from the document as a single line, converted to safe Markdown.
pub(super) fn escaped(text: &str) -> String {
    let line = joined(clean(text).lines());
    prose(&joined(without_html(&line).lines()))
}

/// Returns `text` as a Markdown code span. Shows invisible characters as Rust escapes, and the empty string as `""`.
pub(super) fn code(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        if is_invisible(character) || matches!(character, '\t' | '\u{2028}' | '\u{2029}') {
            shown.extend(character.escape_default());
        } else {
            shown.push(character);
        }
    }
    let text = if shown.is_empty() { "\"\"".to_owned() } else { shown };
    let longest = text.split(|character| character != '`').map(str::len).max().unwrap_or(0);
    let ticks = "`".repeat(longest + 1);
    let space = if text.starts_with('`') || text.ends_with('`') || text.trim().is_empty() { " " } else { "" };
    format!("{ticks}{space}{text}{space}{ticks}")
}

/// Returns the first paragraph of a text as a single line. Returns an empty string if the text begins with a code
/// block.
pub(super) fn first_paragraph(text: &str) -> String {
    let text = clean(text);
    let mut lines = text.lines().map(str::trim).take_while(|line| fence_of(line).is_none()).peekable();
    while lines.peek().is_some() {
        let line = joined(lines.by_ref().skip_while(|line| line.is_empty()).take_while(|line| !line.is_empty()));
        let plain = without_html(&line);
        let text = plain.lines().map(str::trim).skip_while(|line| line.is_empty());
        let text = joined(text.take_while(|line| !line.is_empty()));
        // A paragraph that consists only of HTML tags is empty after the conversion.
        if !text.is_empty() {
            return prose(&text);
        }
    }
    String::new()
}

/// Joins lines into a single line. Markdown blocks such as lists become plain text, because their markers are no longer
/// at the beginning of a line.
fn joined<'a>(lines: impl Iterator<Item = &'a str>) -> String {
    lines.map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_brackets_and_bare_links_are_escaped() {
        assert_eq!(
            lines("see [Foo] <b>x</b> at https://example.com/a, `[kept]`"),
            [r"see \[Foo\] **x** at <https://example.com/a>, `[kept]`"]
        );
        assert_eq!(lines("a <id> <p>of `<p>`</p>\n<p>b</p>"), [r"a \<id\>", "", "of `<p>`", "", "b"]);
    }

    #[test]
    fn links_to_pages_stay_links() {
        assert_eq!(
            lines(
                "[a `b`](https://example.com/a_b), ![c](http://example.com/c.png) [https://x.example](https://x.example)"
            ),
            ["[a `b`](https://example.com/a_b), [c](http://example.com/c.png) <https://x.example>"]
        );
        assert_eq!(
            lines(
                "[a](b) [c](javascript:d) [e](https://x.example \"f\") [[g]](https://x.example) [h](https://x.example"
            ),
            [
                r#"\[a\](b) \[c\](javascript:d) \[e\](<https://x.example> "f") \[\[g\]\](<https://x.example>) \[h\](<https://x.example>"#
            ]
        );
    }

    #[test]
    fn code_blocks_are_not_compiled() {
        assert_eq!(lines("a\n```rust\npanic!()\n```\nb"), ["a", "```text", "panic!()", "```", "b"]);
        assert_eq!(lines("a\n\n    panic!()"), ["a", "", "  panic!()"]);
        assert_eq!(lines("```\nopen"), ["```text", "open", "```"]);
        assert_eq!(lines("*      panic!()\n1.\t\tpanic!()"), ["* panic!()", "1. panic!()"]);
    }

    #[test]
    fn joined_lines_lose_block_syntax() {
        assert_eq!(escaped("a\n```\n<b>\n`\n```\n"), "a ``` <b> ` ```");
        assert_eq!(escaped("~~~\n<x>\n~~~"), r"\~~~ \<x\> \~~~");
        assert_eq!(first_paragraph("\n`a\nb` <c>\n~~~\n<b>\n~~~"), r"`a b` \<c\>");
        assert_eq!(first_paragraph("~~~\n<b>"), "");
    }

    #[test]
    fn invisible_characters_are_removed() {
        assert_eq!(lines("a\rb\u{202E}c\u{0}"), ["a", "bc"]);
        assert_eq!(code("a\r\u{202E}"), r"`a\r\u{202e}`");
        assert_eq!(code(""), "`\"\"`");
    }

    #[test]
    fn lone_backtick_is_escaped() {
        assert_eq!(lines("it`s [x]"), [r"it\`s \[x\]"]);
        assert_eq!(code("a`b"), "``a`b``");
    }

    #[test]
    fn escaped_characters_stay_escaped() {
        assert_eq!(lines(r"\`<x>y</x>`"), [r"\`\<x\>y\</x\>\`"]);
        assert_eq!(lines(r"\\`<b>`"), [r"\\`<b>`"]);
        assert_eq!(lines(r"\<b> \[a](b) \a \"), [r"\<b\> \[a\](b) \a \"]);
    }

    #[test]
    fn many_runs_of_backticks_are_escaped() {
        // Quadratic time would let this test run for minutes.
        let text: String = (1..3000).map(|length| "`".repeat(length) + "a").collect();
        assert_eq!(lines(&text).concat().len(), text.len() + 3000 * 2999 / 2);
    }

    #[test]
    fn surrounding_blank_lines_are_removed() {
        assert_eq!(lines("\n\n a \n\n"), [" a"]);
        assert!(lines("\n \n").is_empty());
    }
}
