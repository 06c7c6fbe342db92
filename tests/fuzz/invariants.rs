//! Checks the invariants of generated crates: files are valid Rust, TOML or Markdown, and text of the document occurs
//! only in literals, documentation and names.
//!
//! Hostile strings contain `zqx!()`: if this occurs as a macro call, text of the document became code.

use clientwright::output::FileSet;
use proc_macro2::{TokenStream, TokenTree};
use pulldown_cmark::{BrokenLink, CodeBlockKind, CowStr, Event, Options, Parser, Tag};

/// Returns a message about the first violated invariant, or `None` if the crate is valid.
pub fn violation(files: &FileSet) -> Option<String> {
    files.iter().find_map(|(path, content)| {
        let problem = match path {
            _ if !is_inside(path) => Some("is not a portable path".to_owned()),
            // The runtime is copied unchanged from the repository.
            _ if path.starts_with("src/runtime/") => None,
            _ if path.ends_with(".rs") => rust(content),
            "Cargo.toml" => manifest(content),
            _ if path.ends_with(".toml") => content.parse::<toml::Table>().err().map(|error| error.to_string()),
            _ if path.ends_with(".md") => markdown(content, false),
            _ => Some("has an unexpected file extension".to_owned()),
        };
        problem.map(|problem| format!("{path}: {problem}"))
    })
}

/// Returns whether a path stays within the output folder and is valid on every file system.
fn is_inside(path: &str) -> bool {
    let part = |part: &str| {
        let plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '_' | '-');
        let stem = part.split('.').next().unwrap_or_default().to_ascii_lowercase();
        !stem.is_empty()
            && part.len() <= 200
            && part.chars().all(plain)
            && !part.ends_with('.')
            && !["con", "prn", "aux", "nul"].contains(&stem.as_str())
            && !["com", "lpt"].iter().any(|port| stem.len() == 4 && stem.starts_with(port))
    };
    path.split('/').all(part)
}

fn rust(content: &str) -> Option<String> {
    // `proc_macro2` keeps the spans of all parsed strings, which would exhaust the memory in a long run.
    proc_macro2::extra::invalidate_current_thread_spans();
    let tokens: TokenStream = match content.parse() {
        Ok(tokens) => tokens,
        Err(error) => return Some(error.to_string()),
    };
    if injected(tokens) {
        return Some("text of the document is code".to_owned());
    }
    docs(content).iter().filter(|docs| docs.contains("zqx")).find_map(|docs| markdown(docs, true))
}

/// Returns whether the tokens call the macro `zqx!` of hostile strings, outside of literals.
fn injected(tokens: TokenStream) -> bool {
    let mut before = false;
    for token in tokens {
        match token {
            TokenTree::Group(group) if injected(group.stream()) => return true,
            TokenTree::Punct(mark) if before && mark.as_char() == '!' => return true,
            TokenTree::Ident(ident) => {
                before = ident == "zqx";
                continue;
            }
            _ => {}
        }
        before = false;
    }
    false
}

/// Returns the text of each doc comment in a formatted Rust file.
fn docs(content: &str) -> Vec<String> {
    let mut all = vec![String::new()];
    for line in content.lines() {
        let line = line.trim_start();
        let comment = line.strip_prefix("///").or_else(|| line.strip_prefix("//!"));
        match (comment, all.last_mut()) {
            (Some(comment), Some(last)) => {
                last.push_str(comment.strip_prefix(' ').unwrap_or(comment));
                last.push('\n');
            }
            (None, Some(last)) if !last.is_empty() => all.push(String::new()),
            _ => {}
        }
    }
    all
}

/// Returns a message about the first unintended construct in Markdown: HTML, a link that text of the document created,
/// or (if `documentation` is set) text of the document that is code in a test of rustdoc.
fn markdown(text: &str, documentation: bool) -> Option<String> {
    let mut broken = None;
    let mut callback = |link: BrokenLink<'_>| {
        // Links that the generator writes point to an identifier in a code span, e.g. [`Pet`].
        let name = link.reference.strip_prefix('`').and_then(|name| name.strip_suffix('`'));
        let ours =
            name.is_some_and(|name| name.chars().all(|letter| letter.is_alphanumeric() || "_:#".contains(letter)));
        if link.reference.contains("zqx") && !ours {
            broken = Some(format!("a link to an item of Rust: {}", link.reference));
        }
        None::<(CowStr<'_>, CowStr<'_>)>
    };
    // The same options as in rustdoc.
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_SMART_PUNCTUATION;
    // The code of the test that the parser is in.
    let mut test: Option<String> = None;
    let mut problem = None;
    for event in Parser::new_with_broken_link_callback(text, options, Some(&mut callback)) {
        problem = problem.or_else(|| match event {
            Event::Html(html) | Event::InlineHtml(html) if !html.starts_with("<!-- @generated by clientwright") => {
                Some(format!("HTML: {html}"))
            }
            Event::Start(Tag::CodeBlock(kind)) => {
                let is_test = match kind {
                    CodeBlockKind::Indented => true,
                    CodeBlockKind::Fenced(info) => !matches!(&*info, "text" | "json" | "toml" | "console"),
                };
                test = (is_test && documentation).then(String::new);
                None
            }
            Event::Text(code) => {
                test.iter_mut().for_each(|test| test.push_str(&code));
                None
            }
            Event::End(_) => {
                let is_code = |test: &String| test.parse().map_or(true, injected);
                test.take().filter(is_code).map(|test| format!("a test: {test}"))
            }
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                let web = dest_url.starts_with("https://") || dest_url.starts_with("http://");
                // Links that the generator writes point to a path of identifiers.
                let is_path =
                    |path: &str| path.chars().all(|letter| letter.is_alphanumeric() || "_:#".contains(letter));
                let path = dest_url.strip_prefix("crate::").or_else(|| dest_url.strip_prefix("Self::"));
                let ours = path.is_some_and(is_path);
                (!web && !ours && dest_url.contains("zqx")).then(|| format!("a link to {dest_url}"))
            }
            _ => None,
        });
    }
    let problem = problem.or(broken)?;
    Some(format!("{problem}\n--- in:\n{text}"))
}

/// Returns a message if the manifest is invalid TOML, or contains text of the document outside of its description.
fn manifest(content: &str) -> Option<String> {
    let table: toml::Table = match content.parse() {
        Ok(table) => table,
        Err(error) => return Some(format!("{error}\n{content}")),
    };
    let mut rest = table;
    if let Some(toml::Value::Table(package)) = rest.get_mut("package") {
        let description = package.remove("description")?;
        if description.as_str().is_none_or(|text| text.contains(char::is_control)) {
            return Some("the description is not a single-line string".to_owned());
        }
    }
    format!("{rest:?}").contains("zqx").then(|| format!("text of the document outside of the description\n{content}"))
}

#[test]
fn injected_code_and_invalid_files_are_detected() {
    assert!(injected("fn f() { zqx!(); }".parse().unwrap()));
    assert!(!injected("#[doc = \"zqx!();\"] struct Zqx { zqx: u8 }".parse().unwrap()));
    let crate_of = |path: &str, content: &str| {
        let mut files = FileSet::default();
        files.insert(path, content);
        violation(&files)
    };
    let good = [
        ("src/a.rs", "/// `<b>zqx!()</b>` \\<b\\>zqx\n///\n/// ```text\n/// zqx!();\n/// ```\nfn zqx() {}\n"),
        ("src/a.rs", "/// <https://example.com/zqx>\nfn f() {}\n"),
        ("src/a.rs", "/// [`zqx`](crate::Zqx::zqx)\nfn f() {}\n"),
        ("src/a.rs", "/// ```no_run\n/// # {\n/// zqx(\"zqx!()\");\n/// # }\n/// ```\nfn f() {}\n"),
        ("Cargo.toml", "[package]\nname = 'x'\ndescription = 'zqx!()'\n"),
        ("README.md", "# zqx\n"),
    ];
    for (path, content) in good {
        assert_eq!(crate_of(path, content), None, "{content}");
    }
    let bad = [
        ("src/a.rs", "/// <b>zqx</b>\nfn f() {}\n"),
        ("src/a.rs", "/// a\n///\n///     zqx!();\nfn f() {}\n"),
        ("src/a.rs", "/// ```\n/// zqx!();\n/// ```\nfn f() {}\n"),
        ("src/a.rs", "/// [a](javascript:zqx)\nfn f() {}\n"),
        ("src/a.rs", "/// [zqx]\nfn f() {}\n"),
        ("src/a.rs", "//! <b>zqx</b>\n"),
        ("src/a.rs", "fn f() {\n"),
        ("Cargo.toml", "[package]\nname = 'zqx'\ndescription = 'a'\n"),
        ("Cargo.toml", "[package]\nname = 'x'\ndescription = 'a'\n[dependencies]\nzqx = '*'\n"),
        ("README.md", "<b>zqx</b>\n"),
        ("src/../a.rs", ""),
        ("/a.rs", ""),
        ("src/con.rs", ""),
        ("src/é.rs", ""),
    ];
    for (path, content) in bad {
        assert!(crate_of(path, content).is_some(), "{path}: {content}");
    }
}
