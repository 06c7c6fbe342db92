//! Converts HTML in documentation to Markdown.
//!
//! Layout tags become their Markdown equivalent or are removed. Other tags stay unchanged, because text in angle
//! brackets is often a placeholder such as `<your-id>`.

use std::borrow::Cow;

use super::markdown::{closing, last_runs};

/// The maximum length in bytes of a tag, and of the text between a start tag and its end tag. Longer tags and elements
/// stay unchanged.
const MAX_SPAN: usize = 1024;

/// The maximum depth of nested lists. Deeper lists are not indented further.
const MAX_DEPTH: usize = 8;

/// Converts the layout tags of a line to Markdown. If the line has several paragraphs, the result separates them with
/// empty lines.
pub(super) fn without_html(line: &str) -> Cow<'_, str> {
    if !line.contains('<') {
        return Cow::Borrowed(line);
    }
    let mut layout = Layout::default();
    let runs = last_runs(line);
    let mut rest = line;
    while !rest.is_empty() {
        let plain = rest.find(['<', '`', '\\']).unwrap_or(rest.len());
        let (text, after) = rest.split_at(plain);
        layout.text(text);
        rest = after;
        let Some(next) = rest.chars().next() else { break };
        let length = match next {
            '<' => layout.tag(rest),
            // Code and escaped characters stay unchanged.
            '`' => {
                let marks = rest.len() - rest.trim_start_matches('`').len();
                let after = rest.get(marks..).unwrap_or_default();
                let is_closed = runs.get(&marks).is_some_and(|left| *left < rest.len());
                let end = is_closed.then(|| closing(after, marks)).flatten();
                layout.verbatim(rest, end.map_or(marks, |end| marks + end + marks))
            }
            _ => layout.verbatim(rest, rest.chars().take(2).map(char::len_utf8).sum()),
        };
        rest = rest.get(length..).unwrap_or_default();
    }
    Cow::Owned(layout.finish())
}

/// The separator to write before the next text: nothing, a line break, or an empty line.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Gap {
    #[default]
    None,
    Line,
    Paragraph,
}

/// The Markdown output, and the state needed to continue it.
#[derive(Debug, Default)]
struct Layout {
    out: String,
    gap: Gap,
    /// The nesting depth of lists: the number of start tags of lists whose end tags have not been read yet.
    depth: usize,
    /// Whether the output ends with a list marker (`* `) that no text follows yet.
    is_marked: bool,
    /// The names of the removed start tags. Their end tags are removed too.
    open: Vec<String>,
}

impl Layout {
    fn text(&mut self, text: &str) {
        let text = if self.gap == Gap::None && !self.is_marked { text } else { text.trim_start() };
        if text.is_empty() {
            return;
        }
        self.begin_line("  ".repeat(self.depth).as_str());
        self.is_marked = false;
        self.out.push_str(text);
    }

    /// Copies the first `length` bytes of `rest` unchanged to the output. Returns `length`.
    fn verbatim(&mut self, rest: &str, length: usize) -> usize {
        self.text(rest.get(..length).unwrap_or(rest));
        length
    }

    /// Writes the separator that [`Gap`] requests, followed by `indentation`.
    fn begin_line(&mut self, indentation: &str) {
        let gap = std::mem::take(&mut self.gap);
        if gap == Gap::None {
            return;
        }
        let written = self.out.trim_end_matches(' ').len();
        self.out.truncate(written);
        let is_first = self.out.is_empty();
        self.out.push_str(match gap {
            Gap::Paragraph if !is_first => "\n\n",
            Gap::Line if is_first => "",
            _ => "\n",
        });
        self.out.push_str(indentation);
    }

    fn divide(&mut self, gap: Gap) {
        if !self.is_marked {
            self.gap = self.gap.max(gap);
        }
    }

    fn item(&mut self) {
        self.is_marked = false;
        self.divide(Gap::Line);
        self.begin_line("  ".repeat(self.depth.saturating_sub(1)).as_str());
        self.out.push_str("* ");
        self.is_marked = true;
    }

    fn finish(mut self) -> String {
        if self.gap == Gap::Paragraph {
            self.out.push('\n');
        }
        self.out
    }

    /// Converts the tag at the beginning of `rest`. Returns the number of bytes of `rest` that it converted.
    fn tag(&mut self, rest: &str) -> usize {
        if let Some(comment) = rest.strip_prefix("<!--").and_then(|after| near(after).find("-->")) {
            return "<!---->".len() + comment;
        }
        let Some(tag) = Tag::read(rest) else { return self.verbatim(rest, 1) };
        match (tag.name.as_str(), tag.is_end) {
            ("p" | "div" | "br" | "hr" | "dl" | "dt" | "dd" | "blockquote", _) => self.divide(Gap::Paragraph),
            ("h1" | "h2" | "h3" | "h4" | "h5" | "h6", _) => self.divide(Gap::Paragraph),
            ("ul" | "ol", false) => {
                self.divide(Gap::Line);
                self.depth = MAX_DEPTH.min(self.depth + 1);
            }
            ("ul" | "ol", true) => {
                self.depth = self.depth.saturating_sub(1);
                self.is_marked = false;
                self.divide(if self.depth == 0 { Gap::Paragraph } else { Gap::Line });
            }
            ("li", false) => self.item(),
            ("li", true) => (self.is_marked, self.gap) = (false, Gap::Line),
            ("b" | "strong" | "i" | "em" | "code" | "tt" | "kbd" | "samp" | "a", false)
            | ("u" | "span" | "small" | "font" | "center", false) => return self.span(rest, tag),
            (name, true) => match self.open.iter().rposition(|open| open == name) {
                Some(position) => self.open.truncate(position),
                None => return self.verbatim(rest, tag.length),
            },
            _ => return self.verbatim(rest, tag.length),
        }
        tag.length
    }

    /// Converts an inline tag. If the element contains only text, converts it to Markdown, e.g. `<b>a</b>` to `**a**`.
    /// Otherwise, removes the start tag and its end tag. A start tag without an end tag stays unchanged.
    fn span(&mut self, rest: &str, tag: Tag) -> usize {
        if let Some((inner, length)) = tag.inner(rest)
            && let Some(markdown) = marked(inner.trim(), &tag)
        {
            self.text(&markdown);
            return length;
        }
        let after = near(rest.get(tag.length..).unwrap_or_default());
        let ends = [format!("</{}", tag.name), format!("</{}", tag.name.to_ascii_uppercase())];
        if !ends.iter().any(|end| after.contains(end)) {
            return self.verbatim(rest, tag.length);
        }
        self.open.push(tag.name);
        tag.length
    }
}

/// Converts an inline element that contains only text to Markdown. Returns `None` if Markdown has no equivalent for the
/// element or its text.
fn marked(inner: &str, tag: &Tag) -> Option<String> {
    let without = |marks: &[char]| !inner.is_empty() && !inner.contains(marks);
    match tag.name.as_str() {
        "b" | "strong" if without(&['*', '<', '\\', '`']) => Some(format!("**{inner}**")),
        "i" | "em" if without(&['*', '<', '\\', '`']) => Some(format!("*{inner}*")),
        "code" | "tt" | "kbd" | "samp" if without(&['<', '`']) => {
            // Decode HTML entities, because Markdown does not decode them in code.
            let inner = inner.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"");
            Some(format!("`{}`", inner.replace("&amp;", "&")))
        }
        "a" if without(&['<', '[', ']']) => {
            let url = tag.attribute("href")?;
            let is_page = url.starts_with("http") && !url.contains(['(', ')', ' ']);
            is_page.then(|| format!("[{inner}]({})", url.replace("&amp;", "&")))
        }
        _ => None,
    }
}

/// A start or end tag.
struct Tag<'a> {
    /// The name in lower case.
    name: String,
    is_end: bool,
    attributes: &'a str,
    length: usize,
}

impl<'a> Tag<'a> {
    /// Parses the tag at the beginning of `text`.
    fn read(text: &'a str) -> Option<Self> {
        let inner = text.strip_prefix('<')?;
        let inner = inner.get(..near(inner).find('>')?)?;
        let length = inner.len() + 2;
        let (is_end, inner) = inner.strip_prefix('/').map_or((false, inner), |inner| (true, inner));
        let end = inner.find(|character: char| !character.is_ascii_alphanumeric()).unwrap_or(inner.len());
        let (name, attributes) = inner.split_at(end);
        let is_name = !name.is_empty() && (attributes.is_empty() || attributes.starts_with([' ', '/']));
        is_name.then(|| Self { name: name.to_ascii_lowercase(), is_end, attributes, length })
    }

    /// Returns the value of an attribute.
    fn attribute(&self, name: &str) -> Option<&'a str> {
        let at = self.attributes.find(&format!("{name}="))? + name.len() + 1;
        let value = self.attributes.get(at..)?;
        let quote = value.chars().next().filter(|first| matches!(first, '"' | '\''))?;
        value.get(1..)?.split(quote).next()
    }

    /// Returns the content between this start tag and its end tag, and the length of the whole element. `rest` begins
    /// with the start tag.
    fn inner<'r>(&self, rest: &'r str) -> Option<(&'r str, usize)> {
        let after = rest.get(self.length..)?;
        let inner = after.get(..near(after).find("</")?)?;
        let end = Tag::read(after.get(inner.len()..)?).filter(|end| end.is_end && end.name == self.name)?;
        Some((inner, self.length + inner.len() + end.length))
    }
}

/// Returns about the first [`MAX_SPAN`] bytes of `text`, in which to search for the end of a tag or element. Without
/// this limit, text with many start tags would take quadratic time.
pub(super) fn near(text: &str) -> &str {
    (MAX_SPAN..MAX_SPAN + 4).find_map(|length| text.get(..length)).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_tags_become_markdown() {
        for (html, markdown) in [
            ("a <b>b</b> <em> c </em> <code>&lt;d&gt;</code> <span class=\"x\">e</span>", "a **b** *c* `<d>` e"),
            (
                "see <a href=\"https://example.com/?a=1&amp;b\" target=x>this</a>.",
                "see [this](https://example.com/?a=1&b).",
            ),
            ("see <a href=\"#below\">this</a>, <A HREF='/x'>that</A>", "see this, that"),
            ("<p>a</p> <p>b</p>", "\na\n\nb\n"),
            ("a<br>b<br/><br />c", "a\n\nb\n\nc"),
            ("<p>of</p> <ul> <li> <p>a</p> <p>b</p> </li> <li>c</li> </ul> d", "\nof\n\n* a\n\n  b\n* c\n\nd"),
            ("<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>", "* a\n  * b\n* c\n"),
            ("a <!-- b --> c", "a  c"),
        ] {
            assert_eq!(without_html(html), markdown, "{html}");
        }
    }

    #[test]
    fn unsupported_html_tags_are_unchanged() {
        for text in [
            "<your-id>, <T>, a < b > c, <script>x</script>, <>, </>, <!-- open",
            "`<b>x</b>` and ``<p>`` and \\<b>",
            "<https://example.com>, A<B>, <i>",
            "a</b>",
            "é<é>é",
        ] {
            assert_eq!(without_html(text), text, "{text}");
        }
        assert_eq!(without_html("<b>open, <code>`</code> <i><b>x</b></i>"), "open, ` **x**");
    }

    #[test]
    fn many_tags_are_converted() {
        // Quadratic time would let this test run for minutes.
        for tag in ["<b>", "<", "<a href='", "<!--", "</b", "<ul><li>"] {
            without_html(&tag.repeat(50_000));
        }
    }
}
