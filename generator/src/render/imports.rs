//! Shortens paths in a generated file: `::std::option::Option` becomes `Option`, and `crate::runtime::Date` becomes
//! `Date` with a `use` declaration.
//!
//! A path stays qualified if its last name is an item of the file, a name of Rust's prelude, or the name of another
//! import.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use super::paths::{Path, Scan};

/// Items of Rust's prelude: generated code uses them without a path, so no other item is imported with their names.
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

/// An item named by the first segments of a path. Further segments name an associated item or a variant, e.g. `new`.
struct Item<'a> {
    /// The item's path without `::` at the beginning, e.g. `std::option::Option`.
    path: String,
    /// The last name of this path.
    name: &'a str,
    /// The position after this path in the text.
    end: usize,
    /// Whether the item may be written without its path. Functions, for example, are written with their module.
    may_be_short: bool,
}

impl<'a> Item<'a> {
    fn of(path: &Path<'a>) -> Self {
        let is = |known: &[&str], length: usize| known.contains(&joined(path, length).as_str());
        let (length, may_be_short) = if is(&MODULES, 2) || is_macro_of_std(path) {
            (2, true)
        } else if is(&PRELUDE_VARIANTS, 4) {
            (4, true)
        } else if let Some(index) = type_index(path) {
            // Types in lower case could be confused with primitive types.
            (index + 1, path.segments.get(index).is_some_and(|(name, _)| !name.starts_with(char::is_lowercase)))
        } else {
            (path.segments.len(), false)
        };
        let (name, end) = path.segments.get(length - 1).copied().unwrap_or(("", path.start));
        Self { path: joined(path, length), name, end, may_be_short }
    }
}

/// Shortens the paths in the text of the generated file `file`, and adds the `use` declarations after the inner
/// documentation and attributes.
pub(super) fn shorten(file: &str, text: &str) -> String {
    let scan = Scan::of(text);
    let items: Vec<Item<'_>> = scan.paths.iter().map(Item::of).collect();
    let forms = forms(file, &scan, &items);
    let mut out = String::with_capacity(text.len());
    let mut copied = head(text);
    out.push_str(text.get(..copied).unwrap_or_default());
    let imported = forms.iter().filter(|(_, form)| **form == Form::Imported).map(|(item, _)| *item);
    out.push_str(&declarations(imported));
    for (path, item) in scan.paths.iter().zip(&items) {
        out.push_str(text.get(copied..path.start).unwrap_or_default());
        copied = item.end;
        if forms.get(item.path.as_str()) != Some(&Form::Qualified) {
            out.push_str(item.name);
            continue;
        }
        // An item of the file has the name of the crate.
        if path.segments.first().is_some_and(|(first, _)| scan.items.contains(first)) {
            out.push_str("::");
        }
        out.push_str(&item.path);
    }
    out.push_str(text.get(copied..).unwrap_or_default());
    out
}

/// Returns the index of the first segment that names a type.
fn type_index(path: &Path<'_>) -> Option<usize> {
    let segments = &path.segments;
    let is_name_of_type = |index: usize| {
        let ((before, _), (name, _)) = (segments.get(index.checked_sub(1)?)?, segments.get(index)?);
        match *before {
            // Names of models can begin with lower case, or with a letter without case.
            "models" => Some(!matches!(*name, "models" | "operations")),
            // The modules of tags follow. Their names are ASCII, and begin with lower case.
            _ if segments.iter().take(index).any(|(name, _)| *name == "operations") => {
                Some(!name.starts_with(|first: char| first.is_ascii_lowercase() || first == '_'))
            }
            _ => None,
        }
    };
    let after_module = (0..segments.len()).find(|index| is_name_of_type(*index) == Some(true));
    let after_module = after_module.filter(|_| joined(path, 1) == "crate");
    after_module.or_else(|| segments.iter().position(|(name, _)| name.starts_with(char::is_uppercase)))
}

/// Returns whether a path names a macro of the standard library, which is in scope everywhere.
fn is_macro_of_std(path: &Path<'_>) -> bool {
    path.is_macro && matches!(path.segments.as_slice(), [("std", _), _])
}

/// Returns the first segments of a path, without `::` at the beginning. Returns all segments if there are fewer.
fn joined(path: &Path<'_>, length: usize) -> String {
    path.segments.iter().take(length).map(|(name, _)| *name).collect::<Vec<&str>>().join("::")
}

/// Decides how each item is written, by its path.
fn forms<'a>(file: &str, scan: &Scan<'_>, items: &'a [Item<'_>]) -> HashMap<&'a str, Form> {
    let own_modules = own_modules(file);
    let is_own = |item: &Item<'_>| {
        let module = item.path.rsplit_once("::").map(|(module, _)| module);
        let is_own_module = || module.is_some_and(|module| own_modules.contains(&module.replace("r#", "")));
        scan.items.contains(item.name) && is_own_module()
    };
    let mut forms = HashMap::new();
    // How often each item is used, by the name that would be imported.
    let mut candidates: BTreeMap<&str, HashMap<&str, usize>> = BTreeMap::new();
    for (path, item) in scan.paths.iter().zip(items) {
        let krate = path.segments.first().map_or("", |(first, _)| *first);
        let form = if !item.may_be_short || is_type_parameter(item.name) {
            Form::Qualified
        } else if is_own(item) {
            Form::InScope
        } else if scan.items.contains(item.name) {
            Form::Qualified
        } else if is_in_prelude(&item.path) || is_macro_of_std(path) {
            Form::InScope
        } else if scan.has_conditions
            // An import that only an item with a condition uses would be unused without this item.
            || is_name_of_prelude(item.name)
            || QUALIFIED.contains(&krate)
            || scan.items.contains(krate)
        {
            Form::Qualified
        } else {
            *candidates.entry(item.name).or_default().entry(item.path.as_str()).or_default() += 1;
            continue;
        };
        forms.insert(item.path.as_str(), form);
    }
    for items in candidates.into_values() {
        // Of several items with one name, the most frequent one is imported.
        let mut items: Vec<(&str, usize)> = items.into_iter().collect();
        items.sort_by(|(one, uses), (other, other_uses)| (Reverse(uses), one).cmp(&(Reverse(other_uses), other)));
        for (position, (item, _)) in items.into_iter().enumerate() {
            forms.insert(item, if position == 0 { Form::Imported } else { Form::Qualified });
        }
    }
    forms
}

/// Returns whether a name could be the name of a type parameter, which would have precedence.
fn is_type_parameter(name: &str) -> bool {
    name.chars().count() == 1
}

fn is_in_prelude(path: &str) -> bool {
    PRELUDE.contains(&path) || PRELUDE_VARIANTS.contains(&path)
}

fn is_name_of_prelude(name: &str) -> bool {
    PRELUDE.iter().chain(&PRELUDE_VARIANTS).any(|path| path.rsplit("::").next() == Some(name))
}

/// Returns the modules through which paths can name the items of the file: its own module, and the parent, which
/// re-exports the items of `models/*.rs`, `client.rs`, `error.rs` and the operations without a tag.
fn own_modules(file: &str) -> [String; 2] {
    let path = file.strip_prefix("src/").unwrap_or(file);
    let path = path.strip_suffix(".rs").unwrap_or(path);
    let path = path.strip_suffix("/mod").unwrap_or(path);
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

/// Returns sorted `use` declarations, one for each module.
fn declarations<'a>(items: impl Iterator<Item = &'a str>) -> String {
    let mut modules: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for item in items {
        let Some((module, name)) = item.rsplit_once("::") else { continue };
        modules.entry(module).or_default().push(name);
    }
    let paths = modules.into_iter().map(|(module, mut names)| {
        names.sort_unstable();
        match names.as_slice() {
            [only] => format!("{module}::{only}"),
            several => format!("{module}::{{{}}}", several.join(", ")),
        }
    });
    let mut paths: Vec<String> = paths.collect();
    // `crate` precedes the names of other crates. Upper case precedes lower case, and `{` follows both.
    paths
        .sort_by_cached_key(|path| path.split("::").map(|name| (name != "crate", name.to_owned())).collect::<Vec<_>>());
    paths.iter().map(|path| format!("use {path};\n")).collect()
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
    fn types_of_operations_are_imported_from_nested_modules() {
        let text = "crate::operations::r#type::Type::new(crate::shop::operations::a::b::Größe, crate::operations::Get)";
        let expected = "use crate::operations::Get;\nuse crate::operations::r#type::Type;\n\
                        use crate::shop::operations::a::b::Größe;\nType::new(Größe, Get)";
        assert_eq!(shorten("src/x.rs", text), expected);
        let text = "struct Get; fn f(x: crate::operations::a::Get, y: crate::operations::b::Get) {}";
        let expected = "struct Get; fn f(x: Get, y: crate::operations::b::Get) {}";
        assert_eq!(shorten("src/operations/a/mod.rs", text), expected);
    }

    #[test]
    fn names_that_collide_stay_qualified() {
        for (text, expected) in [
            // Items of the file.
            ("struct Option; ::std::option::Option<u8>", "struct Option; std::option::Option<u8>"),
            ("struct Some {} ::std::option::Option::Some(1)", "struct Some {} std::option::Option::Some(1)"),
            ("mod std; ::std::mem::take(x)", "mod std; ::std::mem::take(x)"),
            ("type Error = crate::runtime::Error;", "type Error = crate::runtime::Error;"),
            ("struct std; ::std::collections::BTreeMap", "struct std; ::std::collections::BTreeMap"),
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
        let text = "struct Pet; struct B(crate::models::Pet, crate::operations::Pet);";
        let expected = "struct Pet; struct B(Pet, crate::operations::Pet);";
        assert_eq!(shorten("src/models/pets.rs", text), expected);
        assert_eq!(shorten("src/models.rs", text), expected);
        // The type parameter `D` would shadow an imported `D`.
        let text = "struct D; fn f<D>(a: crate::models::D)";
        assert_eq!(shorten("src/models.rs", text), text);
    }

    #[test]
    fn names_without_upper_case_are_types() {
        let text = "crate::models::宠物::Unknown(a) crate::models::pet::Unknown(b)";
        let expected = "use crate::models::宠物;\n宠物::Unknown(a) crate::models::pet::Unknown(b)";
        assert_eq!(shorten("src/x.rs", text), expected);
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
