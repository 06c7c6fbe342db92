//! Documentation: Markdown from anywhere becomes rustdoc that neither breaks the build nor runs.
//!
//! Control and bidirectional characters go, HTML becomes Markdown or is escaped, brackets are escaped but for links to
//! pages, bare links become links, code blocks are text: a foreign example must never be compiled as a test.

use std::collections::HashMap;

use super::html::{near, without_html};

/// The lines of a doc comment.
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
                // One empty line divides paragraphs as well as several.
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

/// The text without what is unwelcome, its lines ended as ours are.
fn clean(text: &str) -> String {
    // Whatever somebody's editor took for the end of a line.
    let text = text.replace("\r\n", "\n").replace(['\r', '\u{85}', '\u{2028}', '\u{2029}'], "\n");
    let welcome = |character: &char| *character == '\n' || !is_unwelcome(*character);
    text.chars().filter(welcome).collect::<String>().replace('\t', "    ")
}

/// The marks that open a block of code.
pub(super) fn fence_of(content: &str) -> Option<String> {
    ['`', '~'].into_iter().find_map(|mark| {
        let marks: String = content.chars().take_while(|character| *character == mark).collect();
        (marks.len() >= 3).then_some(marks)
    })
}

/// What rustc rejects (a lone CR, characters that turn the direction of text) or nobody can see.
pub(super) fn is_unwelcome(character: char) -> bool {
    (character.is_control() && character != '\t')
        || matches!(character, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

/// A line outside of a block of code.
fn prose(line: &str) -> String {
    // Four spaces make a block of code, which rustdoc would compile.
    let indentation = line.len() - line.trim_start().len();
    let mut out = " ".repeat(if indentation >= 4 { 2 } else { indentation });
    let mut rest = line.trim_start();
    let last = last_runs(rest);
    while let Some(next) = rest.chars().next() {
        if next == '\\'
            && let Some(escaped) = rest.chars().nth(1).filter(char::is_ascii_punctuation)
        {
            // Whatever it would begin, it begins nothing.
            out.extend([next, escaped]);
            rest = rest.get(2..).unwrap_or_default();
            continue;
        }
        if next == '`' {
            let marks = rest.len() - rest.trim_start_matches('`').len();
            let (ticks, behind) = rest.split_at_checked(marks).unwrap_or((rest, ""));
            // Not looked for where there is none: a line may hold thousands of runs, each of another length.
            let is_closed = last.get(&marks).is_some_and(|left| *left < rest.len());
            if let Some(end) = is_closed.then(|| closing(behind, marks)).flatten() {
                let (code, after) = behind.split_at_checked(end + marks).unwrap_or((behind, ""));
                out.push_str(ticks);
                out.push_str(code);
                rest = after;
            } else {
                ticks.chars().for_each(|_| out.push_str("\\`"));
                rest = behind;
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
        // Behind the mark of a list, five blanks and more make a block of code too.
        let blanks = rest.len() - rest.trim_start_matches(' ').len();
        if blanks > 4 {
            out.push(' ');
            rest = rest.get(blanks..).unwrap_or_default();
            continue;
        }
        // On a line of ours three tildes may come to stand where they begin a block of code.
        if matches!(next, '[' | ']' | '<' | '>') || rest.starts_with("~~~") {
            out.push('\\');
        }
        out.push(next);
        rest = rest.get(next.len_utf8()..).unwrap_or_default();
    }
    out
}

/// For each length of a run of backticks, how much of the line is left where the last one begins.
pub(super) fn last_runs(line: &str) -> HashMap<usize, usize> {
    let mut last = HashMap::new();
    let mut rest = line;
    while let Some(found) = rest.find('`') {
        rest = rest.get(found..).unwrap_or_default();
        let behind = rest.trim_start_matches('`');
        last.insert(rest.len() - behind.len(), rest.len());
        rest = behind;
    }
    last
}

/// Where the run of exactly `marks` backticks begins that closes a span of code.
pub(super) fn closing(text: &str, marks: usize) -> Option<usize> {
    let mut at = 0;
    while let Some(found) = text.get(at..)?.find('`') {
        let start = at + found;
        let run = text.get(start..)?.chars().take_while(|character| *character == '`').count();
        if run == marks {
            return Some(start);
        }
        at = start + run;
    }
    None
}

/// The length of the web address that `text` begins with.
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

/// The text, the address and the length of the link to a page that `text` begins with. A picture is one too: nothing is
/// loaded from elsewhere.
fn page_link(text: &str) -> Option<(&str, &str, usize)> {
    let behind = text.strip_prefix('!').unwrap_or(text).strip_prefix('[')?;
    let (words, behind) = behind.split_at_checked(near(behind).find(['[', ']', '<', '>'])?)?;
    let (url, _) = near(behind.strip_prefix("](")?).split_once(')')?;
    let is_whole = link(url) == Some(url.len());
    is_whole.then(|| (words, url, text.len() - behind.len() + "](".len() + url.len() + ")".len()))
}

/// One line of foreign text for a line of ours.
pub(super) fn escaped(text: &str) -> String {
    let line = joined(clean(text).lines());
    prose(&joined(without_html(&line).lines()))
}

/// A span of code that holds `text` as it is; characters that nobody can see are spelt as Rust does, and so is no text at all.
pub(super) fn code(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        if is_unwelcome(character) || matches!(character, '\t' | '\u{2028}' | '\u{2029}') {
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

/// The first paragraph of a text on one line; nothing where it begins with a block of code.
pub(super) fn first_paragraph(text: &str) -> String {
    let text = clean(text);
    let mut lines = text.lines().map(str::trim).take_while(|line| fence_of(line).is_none()).peekable();
    while lines.peek().is_some() {
        let line = joined(lines.by_ref().skip_while(|line| line.is_empty()).take_while(|line| !line.is_empty()));
        let plain = without_html(&line);
        let words = plain.lines().map(str::trim).skip_while(|line| line.is_empty());
        let words = joined(words.take_while(|line| !line.is_empty()));
        // Of tags alone there is nothing left.
        if !words.is_empty() {
            return prose(&words);
        }
    }
    String::new()
}

/// Lines as one. What began at the beginning of a line, such as a block of code, begins nothing there.
fn joined<'a>(lines: impl Iterator<Item = &'a str>) -> String {
    lines.map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_brackets_and_bare_links_are_made_safe() {
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
    fn code_is_never_a_test() {
        assert_eq!(lines("a\n```rust\npanic!()\n```\nb"), ["a", "```text", "panic!()", "```", "b"]);
        assert_eq!(lines("a\n\n    panic!()"), ["a", "", "  panic!()"]);
        assert_eq!(lines("```\nopen"), ["```text", "open", "```"]);
        assert_eq!(lines("*      panic!()\n1.\t\tpanic!()"), ["* panic!()", "1. panic!()"]);
    }

    #[test]
    fn what_was_several_lines_is_prose_on_one() {
        assert_eq!(escaped("a\n```\n<b>\n`\n```\n"), "a ``` <b> ` ```");
        assert_eq!(escaped("~~~\n<x>\n~~~"), r"\~~~ \<x\> \~~~");
        assert_eq!(first_paragraph("\n`a\nb` <c>\n~~~\n<b>\n~~~"), r"`a b` \<c\>");
        assert_eq!(first_paragraph("~~~\n<b>"), "");
    }

    #[test]
    fn what_rustc_rejects_is_gone() {
        assert_eq!(lines("a\rb\u{202E}c\u{0}"), ["a", "bc"]);
        assert_eq!(code("a\r\u{202E}"), r"`a\r\u{202e}`");
        assert_eq!(code(""), "`\"\"`");
    }

    #[test]
    fn a_lone_backtick_is_escaped() {
        assert_eq!(lines("it`s [x]"), [r"it\`s \[x\]"]);
        assert_eq!(code("a`b"), "``a`b``");
    }

    #[test]
    fn what_is_escaped_begins_nothing() {
        assert_eq!(lines(r"\`<x>y</x>`"), [r"\`\<x\>y\</x\>\`"]);
        assert_eq!(lines(r"\\`<b>`"), [r"\\`<b>`"]);
        assert_eq!(lines(r"\<b> \[a](b) \a \"), [r"\<b\> \[a\](b) \a \"]);
    }

    #[test]
    fn runs_of_backticks_of_every_length_take_a_moment() {
        let text: String = (1..3000).map(|length| "`".repeat(length) + "a").collect();
        let start = std::time::Instant::now();
        assert_eq!(lines(&text).concat().len(), text.len() + 3000 * 2999 / 2);
        assert!(start.elapsed() < std::time::Duration::from_secs(10), "{:?}", start.elapsed());
    }

    #[test]
    fn blank_lines_around_go() {
        assert_eq!(lines("\n\n a \n\n"), [" a"]);
        assert!(lines("\n \n").is_empty());
    }
}
