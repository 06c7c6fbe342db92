//! Tests of reading, writing and comparing lock files.

use super::*;
use crate::diagnostics::Diagnostics;
use crate::source::Sources;

const HEAD: &str = "# lock format 1\n";

fn read(text: &str) -> (LockFile, Vec<(String, String)>) {
    let mut sources = Sources::new();
    sources.add_lock_file("clientwright.lock", text);
    let mut diagnostics = Diagnostics::new();
    let file = LockFile::read(&sources, &mut diagnostics);
    let marked = |span: Option<Span>| span.map(|span| text[span.start..span.end].to_owned()).unwrap_or_default();
    let errors = diagnostics.sorted().into_iter().map(|one| (one.message.clone(), marked(one.span))).collect();
    (file, errors)
}

#[test]
fn text_round_trips() {
    let text = format!("{HEAD}\n[a/b]\nfield Pet id = id\ntype component:Pet = Pet\n\n[a/c]\nmethod GET /x = get_x\n");
    let (file, errors) = read(&text);
    assert_eq!(errors, []);
    assert!(file.to_string().ends_with(text.strip_prefix(HEAD).unwrap()), "{file}");
    assert_eq!(read(&file.to_string()).0.to_string(), file.to_string());
    assert_eq!(read(&file.to_string().replace('\n', "\r\n")).0.to_string(), file.to_string());
    assert_eq!(read("").1, []);
}

#[test]
fn error_points_at_line_or_name() {
    for (lines, message, marked) in [
        ("field Pet id = Id\n", "`Id` is not an identifier in `snake_case`", "Id"),
        ("field Pet id = a: u8, pub b\n", "is not an identifier", "a: u8, pub b"),
        ("type component:Pet = Pet { } fn x() {}\n", "is not an identifier", "Pet { } fn x() {}"),
        ("method GET /x = self\n", "is not an identifier", "self"),
        ("field Pet id\n", "has no name", "field Pet id"),
        ("widget Pet = pet\n", "no kind of name `widget`", "widget Pet = pet"),
        ("field Pet id = id\nfield Pet id = id2\n", "another name for the same place", "id2"),
        ("<<<<<<< HEAD\nfield Pet id = id\n=======\n>>>>>>> x\n", "not resolved", "<<<<<<< HEAD"),
    ] {
        let (_, errors) = read(&format!("{HEAD}{lines}"));
        let [(text, at)] = errors.as_slice() else { panic!("{lines}: {errors:?}") };
        assert!(text.contains(message) && at == marked, "{lines}: {errors:?}");
    }
    assert!(read("field Pet id = id\n").1[0].0.contains("not a lock file"));
    assert!(read("# lock format 2\nx\n").1[0].0.contains("the format `2`"));
}

#[test]
fn equal_lines_of_both_sides_of_a_merge_are_accepted() {
    let (file, errors) = read(&format!("{HEAD}field Pet id = id\nfield Pet id = id\n[a/b]\n[a/b]\n"));
    assert_eq!(errors, []);
    assert_eq!(file.to_string().matches("field Pet id = id").count(), 1);
}

#[test]
fn changes_list_added_and_removed_names() {
    let file = |lines: &str| read(&format!("{HEAD}{lines}")).0;
    let before = file("field Pet id = id\ntype component:Pet = Pet\n");
    let after =
        file("field Pet id = id\ntype component:Pet = Pet\ntype GET /x response = Pet\ntype component:Dog = Dog\n");
    assert_eq!(Changes::between(&LockFile::default(), &before).to_string(), "2 names recorded in clientwright.lock\n");
    assert_eq!(Changes::between(&before, &before).to_string(), "");
    assert_eq!(Changes::between(&before, &after).to_string(), "  + Dog (type)\n1 name added, 0 names removed\n");
    let renamed = file("field Pet id = id2\ntype component:Pet = Pet\n");
    assert_eq!(
        Changes::between(&before, &renamed).to_string(),
        "  - id (field Pet id)\n  + id2 (field Pet id)\n1 name added, 1 name removed\n"
    );
    let many = file(&(0..30).map(|n| format!("field Pet a{n} = a{n}\n")).collect::<String>());
    assert!(Changes::between(&before, &many).to_string().contains("  … and 12 more\n"));
}
