//! Tests of the templates: they contain no logic, and the generator embeds each of them.
//!
//! A template may use `for x in a.b`, `if a.b`, `else`, `endfor`, `endif`, `include "literal"` and `{{ a.b }}`.
//! Filters, comparisons, operators and calls belong in the Rust code of a view, where they are type-checked.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name)
}

/// Returns the paths of all files below the folder `root` whose names end with `ending`, relative to this folder. Skips
/// the tests of the runtime.
fn files_below(root: &Path, ending: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut folders = vec![root.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let shown = path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
            if path.is_dir() {
                folders.push(path);
            } else if shown.ends_with(ending) {
                names.insert(shown);
            }
        }
    }
    names
}

#[test]
fn templates_contain_no_logic() {
    let root = folder("templates");
    let templates = files_below(&root, ".j2");
    assert!(templates.len() > 10, "{templates:?}");
    let mut violations = Vec::new();
    for name in &templates {
        let text = fs::read_to_string(root.join(name)).unwrap();
        for (line, violation) in violations_of(&text, &templates) {
            violations.push(format!("templates/{name}:{line}: {violation}"));
        }
    }
    assert!(violations.is_empty(), "templates with logic:\n{}", violations.join("\n"));
}

#[test]
fn template_logic_is_detected() {
    let templates = BTreeSet::from(["a.j2".to_owned()]);
    let fine = "{% for x in a.b %}{% if x.y %}{{ x.z }}{% else %}{% include \"a.j2\" %}{% endif %}{% endfor %}";
    assert_eq!(violations_of(fine, &templates), []);
    for broken in [
        "{% if a == b %}{% endif %}",
        "{% if not a %}{% endif %}",
        "{% if a and b %}{% endif %}",
        "{% if a is defined %}{% endif %}",
        "{% if a > 1 %}{% endif %}",
        "{% elif a %}",
        "{% for x in a|sort %}{% endfor %}",
        "{% for x in a if x.y %}{% endfor %}",
        "{% for x, y in a %}{% endfor %}",
        "{% for x in range(3) %}{% endfor %}",
        "{% set x = 1 %}",
        "{% macro m() %}{% endmacro %}",
        "{% include a.b %}",
        "{% include \"missing.j2\" %}",
        "{{ a|upper }}",
        "{{ a ~ b }}",
        "{{ a + 1 }}",
        "{{ f() }}",
        "{{ a[0] }}",
        "{{ \"a\" }}",
        "{{ loop.index }}",
        "{# a remark #}",
        "{{ a",
        "{%- if a %}{% endif %}",
    ] {
        assert!(!violations_of(broken, &templates).is_empty(), "{broken}");
    }
}

#[test]
fn every_template_and_runtime_file_is_embedded() {
    let paths =
        |files: &[(&str, &str)]| -> BTreeSet<String> { files.iter().map(|(path, _)| (*path).to_owned()).collect() };
    assert_eq!(paths(clientwright_templates::TEMPLATES), files_below(&folder("templates"), ".j2"));
    let mut runtime = files_below(&folder("templates/runtime/src"), ".rs");
    runtime.retain(|path| !["lib.rs", "sources.rs"].contains(&path.as_str()) && !path.starts_with("tests/"));
    assert_eq!(paths(clientwright_runtime::sources::FILES), runtime);
}

/// Returns the violations in a template, as pairs of line number and message.
fn violations_of(text: &str, templates: &BTreeSet<String>) -> Vec<(usize, String)> {
    let mut violations = Vec::new();
    let mut line = 1;
    let mut rest = text;
    while let Some(start) = rest.find("{%").into_iter().chain(rest.find("{{")).chain(rest.find("{#")).min() {
        line += rest[..start].matches('\n').count();
        let (open, behind) = rest[start..].split_at(2);
        let close = match open {
            "{%" => "%}",
            "{{" => "}}",
            _ => "#}",
        };
        let Some((tag, after)) = behind.split_once(close) else {
            violations.push((line, format!("`{open}` is not closed")));
            break;
        };
        let is_fine = match open {
            "{%" => is_statement(tag, templates),
            "{{" => is_path(tag.trim()),
            _ => false,
        };
        if !is_fine {
            violations.push((line, format!("{open}{tag}{close}")));
        }
        line += tag.matches('\n').count();
        rest = after;
    }
    violations
}

fn is_statement(tag: &str, templates: &BTreeSet<String>) -> bool {
    match tag.split_whitespace().collect::<Vec<_>>().as_slice() {
        ["for", name, "in", path] => is_name(name) && is_path(path),
        ["if", path] => is_path(path),
        ["else" | "endif" | "endfor"] => true,
        ["include", name] => {
            let name = name.strip_prefix('"').and_then(|name| name.strip_suffix('"'));
            name.is_some_and(|name| templates.contains(name))
        }
        _ => false,
    }
}

/// Returns whether an expression is a path such as `a.b.c`. Fields of the template engine's variable `loop`, e.g.
/// `loop.index`, are not allowed.
fn is_path(text: &str) -> bool {
    text.split('.').all(is_name) && !text.starts_with("loop.")
}

fn is_name(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_lowercase())
        && text.chars().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_')
        && !["not", "and", "or", "is", "in", "true", "false", "none", "if", "else"].contains(&text)
}
