//! Shortens paths in a generated file: `::std::option::Option` becomes `Option`, and `crate::runtime::Date` becomes
//! `Date` with a `use` declaration.
//!
//! A path stays qualified if its last name is an item of the file, a name of Rust's prelude, or the name of another
//! import. Therefore, schemas can have any name.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use super::paths::{Path, Scan};

/// The items of Rust's prelude that generated code uses.
const PRELUDE: [&str; 29] = [
    "std::borrow::ToOwned",
    "std::boxed::Box",
    "std::clone::Clone",
    "std::cmp::Eq",
    "std::cmp::Ord",
    "std::cmp::PartialEq",
    "std::cmp::PartialOrd",
    "std::convert::AsMut",
    "std::convert::AsRef",
    "std::convert::From",
    "std::convert::Into",
    "std::convert::TryFrom",
    "std::convert::TryInto",
    "std::default::Default",
    "std::iter::Extend",
    "std::iter::FromIterator",
    "std::iter::IntoIterator",
    "std::iter::Iterator",
    "std::marker::Copy",
    "std::marker::Send",
    "std::marker::Sync",
    "std::ops::Drop",
    "std::ops::Fn",
    "std::ops::FnMut",
    "std::ops::FnOnce",
    "std::option::Option",
    "std::result::Result",
    "std::string::String",
    "std::vec::Vec",
];

/// The enum variants of Rust's prelude.
const PRELUDE_VARIANTS: [&str; 4] =
    ["std::option::Option::Some", "std::option::Option::None", "std::result::Result::Ok", "std::result::Result::Err"];

/// Modules that are imported instead of their items, so that `fmt::Result` differs from `Result`.
const MODULES: [&str; 1] = ["std::fmt"];

/// Crates whose items stay qualified, because their names are common in documents: `serde_json::Value`.
const QUALIFIED: [&str; 2] = ["http", "serde_json"];

/// How a path is written in the file.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Form {
    /// Only its last name, which is in scope anyway.
    InScope,
    /// Only its last name, which a `use` declaration imports.
    Imported,
    /// All of its names.
    Qualified,
}

/// Shortens the paths in the text of the generated file `path`, and adds the `use` declarations after the inner
/// documentation and attributes.
pub(super) fn shorten(path: &str, text: &str) -> String {
    let scan = Scan::of(text);
    let forms = forms(path, text, &scan);
    let mut out = String::with_capacity(text.len());
    let head = head(text);
    let imported = forms.iter().filter(|(_, form)| **form == Form::Imported).map(|(item, _)| item.as_str());
    let declarations = declarations(imported);
    let mut copied = head;
    out.push_str(text.get(..head).unwrap_or_default());
    out.push_str(&declarations);
    for path in &scan.paths {
        let (first, last) = item(path);
        let form = forms.get(&joined(path, last)).copied().unwrap_or(Form::Qualified);
        let first = if form == Form::Qualified { 0 } else { first };
        let shadowed = |(name, _): &(&str, usize)| scan.items.contains(name);
        let Some((_, end)) = path.segments.get(last - 1) else { continue };
        out.push_str(text.get(copied..path.start).unwrap_or_default());
        // A module of the file could have the name of the crate.
        if first == 0 && path.segments.first().is_some_and(shadowed) {
            out.push_str("::");
        }
        let names = path.segments.get(first..last).unwrap_or_default().iter().map(|(name, _)| *name);
        out.push_str(&names.collect::<Vec<&str>>().join("::"));
        copied = *end;
    }
    out.push_str(text.get(copied..).unwrap_or_default());
    out
}

/// Returns which segments of a path name an item: the index of the segment that remains if the path is shortened, and
/// the index after the last segment of the item's own path.
fn item(path: &Path<'_>) -> (usize, usize) {
    let count = path.segments.len();
    let is = |known: &[&str], length: usize| length <= count && known.contains(&joined(path, length).as_str());
    if MODULES.iter().any(|module| is(&[module], 2)) || is_macro_of_std(path) {
        return (1, 2);
    }
    if is(&PRELUDE_VARIANTS, 4) {
        return (3, 4);
    }
    let is_type = |(name, _): &(&str, usize)| name.chars().next().is_some_and(char::is_uppercase);
    match path.segments.iter().position(is_type) {
        Some(index) => (index, index + 1),
        None => (0, count),
    }
}

/// Returns whether a path names a macro of the standard library, which is in scope everywhere.
fn is_macro_of_std(path: &Path<'_>) -> bool {
    path.is_macro && matches!(path.segments.as_slice(), [("std", _), _])
}

/// Returns the first segments of a path, without `::` at the beginning.
fn joined(path: &Path<'_>, length: usize) -> String {
    path.segments.iter().take(length).map(|(name, _)| *name).collect::<Vec<&str>>().join("::")
}

/// Decides how each path is written, by its item.
fn forms(file: &str, text: &str, scan: &Scan<'_>) -> HashMap<String, Form> {
    // An import that is only used by an item with a condition would be unused without this item.
    let has_conditions = text.contains("#[cfg(");
    let own_modules = own_modules(file);
    let mut forms = HashMap::new();
    // How often each item is used, by the name that would be imported.
    let mut candidates: BTreeMap<&str, HashMap<String, usize>> = BTreeMap::new();
    for path in &scan.paths {
        let (first, last) = item(path);
        let Some((name, _)) = path.segments.get(last - 1) else { continue };
        let item = joined(path, last);
        if let Some((module, _)) = item.rsplit_once("::")
            && own_modules.iter().any(|own| own == module)
            && scan.items.contains(name)
        {
            forms.insert(item, Form::InScope);
            continue;
        }
        let in_prelude = PRELUDE.contains(&item.as_str()) || PRELUDE_VARIANTS.contains(&item.as_str());
        let form = match () {
            () if scan.items.contains(name) => Form::Qualified,
            () if in_prelude || is_macro_of_std(path) => Form::InScope,
            () if first == 0 || has_conditions || is_reserved(name) => Form::Qualified,
            () if path.segments.first().is_some_and(|(first, _)| QUALIFIED.contains(first)) => Form::Qualified,
            () => {
                *candidates.entry(name).or_default().entry(item).or_default() += 1;
                continue;
            }
        };
        forms.insert(item, form);
    }
    for items in candidates.into_values() {
        // Of several items with one name, the most frequent one is imported.
        let mut items: Vec<(String, usize)> = items.into_iter().collect();
        items.sort_by(|(one, uses), (other, other_uses)| (Reverse(uses), one).cmp(&(Reverse(other_uses), other)));
        let mut form = Form::Imported;
        for (item, _) in items {
            forms.insert(item, std::mem::replace(&mut form, Form::Qualified));
        }
    }
    forms
}

/// Returns whether a name has a meaning without an import: in Rust's prelude, or as a type parameter.
fn is_reserved(name: &str) -> bool {
    let is_last = |path: &&str| path.rsplit("::").next() == Some(name);
    name.chars().count() == 1 || PRELUDE.iter().chain(&PRELUDE_VARIANTS).any(|path| is_last(&path))
}

/// Returns the modules whose items the file defines: its own module, and the parent, which re-exports the items.
fn own_modules(file: &str) -> [String; 2] {
    let path = file.strip_prefix("src/").unwrap_or(file);
    let path = path.strip_suffix(".rs").unwrap_or(path);
    let module = format!("crate::{}", path.replace('/', "::"));
    let parent = module.rsplit_once("::").map(|(parent, _)| parent.to_owned()).unwrap_or_default();
    [module, parent]
}

/// Returns the position after the inner documentation and the inner attributes.
fn head(text: &str) -> usize {
    let mut end = 0;
    let mut at = 0;
    let mut in_attribute = false;
    for line in text.split_inclusive('\n') {
        at += line.len();
        let trimmed = line.trim();
        if in_attribute || trimmed.starts_with("//!") || trimmed.starts_with("#![") {
            in_attribute = (in_attribute || trimmed.starts_with("#![")) && !trimmed.ends_with(']');
            end = at;
        } else if !trimmed.is_empty() && !trimmed.starts_with("//") {
            break;
        }
    }
    end
}

/// Returns `use` declarations in the order of rustfmt, one for each module.
fn declarations<'a>(items: impl Iterator<Item = &'a str>) -> String {
    let mut modules: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for item in items {
        let Some((module, name)) = item.rsplit_once("::") else { continue };
        modules.entry(module).or_default().push(name);
    }
    let declarations = modules.into_iter().map(|(module, mut names)| {
        names.sort_unstable();
        match names.as_slice() {
            [only] => format!("{module}::{only}"),
            several => format!("{module}::{{{}}}", several.join(", ")),
        }
    });
    let mut declarations: Vec<String> = declarations.collect();
    // `crate` precedes the names of other crates. Upper case precedes lower case, and `{` follows both.
    declarations
        .sort_by_cached_key(|path| path.split("::").map(|name| (name != "crate", name.to_owned())).collect::<Vec<_>>());
    declarations.iter().map(|path| format!("use {path};\n")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_prelude_and_imports_are_short() {
        let text =
            "//! Docs.\n\npub struct A { a: ::std::option::Option<crate::runtime::Date>, b: crate::models::Bird }\n";
        let expected = "//! Docs.\nuse crate::models::Bird;\nuse crate::runtime::Date;\n\npub struct A { a: Option<Date>, b: Bird }\n";
        assert_eq!(shorten("src/x.rs", text), expected);
        let text =
            "fn f() -> ::std::result::Result<(), ::std::fmt::Error> { ::std::result::Result::Ok(::std::mem::take(x)) }";
        let expected = "use std::fmt;\nfn f() -> Result<(), fmt::Error> { Ok(std::mem::take(x)) }";
        assert_eq!(shorten("src/x.rs", text), expected);
        let text = "::std::matches!(::serde_json::Value::Null, ::std::collections::BTreeMap::new())";
        let expected = "use std::collections::BTreeMap;\nmatches!(serde_json::Value::Null, BTreeMap::new())";
        assert_eq!(shorten("src/x.rs", text), expected);
    }

    #[test]
    fn names_that_collide_stay_qualified() {
        for (text, expected) in [
            // Items of the file.
            ("struct Option; ::std::option::Option<u8>", "struct Option; std::option::Option<u8>"),
            ("struct Some {} ::std::option::Option::Some(1)", "struct Some {} std::option::Option::Some(1)"),
            ("mod std; ::std::mem::take(x)", "mod std; ::std::mem::take(x)"),
            ("type Error = crate::runtime::Error;", "type Error = crate::runtime::Error;"),
            // Names of the prelude, and of type parameters.
            ("crate::models::Vec", "crate::models::Vec"),
            ("crate::models::T", "crate::models::T"),
            // Two items of one name.
            ("crate::a::Pet crate::b::Pet crate::b::Pet", "use crate::b::Pet;\ncrate::a::Pet Pet Pet"),
        ] {
            assert_eq!(shorten("src/x.rs", text), expected);
        }
    }

    #[test]
    fn own_items_need_no_path() {
        let text = "struct A; struct B(crate::models::A, crate::operations::A);";
        let expected = "struct A; struct B(A, crate::operations::A);";
        assert_eq!(shorten("src/models/pets.rs", text), expected);
        assert_eq!(shorten("src/models.rs", text), expected);
    }

    #[test]
    fn files_with_conditions_import_nothing() {
        let text = "#[cfg(feature = \"cli\")]\nfn f(a: crate::A, b: ::std::string::String) {}";
        let expected = "#[cfg(feature = \"cli\")]\nfn f(a: crate::A, b: String) {}";
        assert_eq!(shorten("src/x.rs", text), expected);
    }

    #[test]
    fn declarations_are_sorted_like_rustfmt() {
        let items =
            ["std::fmt", "crate::b::Z", "crate::a::models::X", "crate::a::Y", "bytes::Bytes", "crate::a::models::A"];
        let expected =
            "use crate::a::Y;\nuse crate::a::models::{A, X};\nuse crate::b::Z;\nuse bytes::Bytes;\nuse std::fmt;\n";
        assert_eq!(declarations(items.into_iter()), expected);
    }
}
