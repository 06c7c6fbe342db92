//! Reads values from TOML tables. Reports unknown keys, missing keys and wrong types, with their locations.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::diagnostics::{Code, Diagnostic, Diagnostics, nearest, quoted};
use crate::source::{SourceId, Span};

/// A TOML table.
#[derive(Clone, Copy)]
pub(super) struct Table<'t> {
    entries: &'t DeTable<'t>,
    /// The header of the table, e.g. `[[crate]]`. `None` for the root table.
    name: Option<&'t str>,
    /// The byte range of the header.
    head: (usize, usize),
}

impl<'t> Table<'t> {
    /// Creates the root table of a file.
    pub fn root(entries: &'t DeTable<'t>) -> Self {
        Self { entries, name: None, head: (0, 0) }
    }

    /// Returns the byte range of the header.
    pub fn head(&self) -> Range<usize> {
        self.head.0..self.head.1
    }

    /// Returns whether the table has the key.
    pub fn has(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    /// Returns the keys with their locations and values, sorted by key.
    pub fn entries(&self) -> impl Iterator<Item = (&'t str, Range<usize>, &'t Spanned<DeValue<'t>>)> + use<'t> {
        self.entries.iter().map(|(key, value)| (key.get_ref().as_ref(), key.span(), value))
    }

    /// Returns whether the value of a key is a table.
    pub fn is_table(&self, key: &str) -> bool {
        self.get(key).is_some_and(|value| matches!(value.get_ref(), DeValue::Table(_)))
    }

    fn get(&self, key: &str) -> Option<&'t Spanned<DeValue<'t>>> {
        self.entries().find(|(name, ..)| *name == key).map(|(.., value)| value)
    }
}

/// A reader of TOML tables that reports errors in their values.
pub(super) struct TableReader<'a> {
    pub source: SourceId,
    pub diagnostics: &'a mut Diagnostics,
}

impl TableReader<'_> {
    /// Reports an error at a byte range.
    pub fn error(&mut self, at: Range<usize>, message: impl Into<String>) {
        self.push(at, message, None);
    }

    /// Reports an error at a byte range, with an optional help text.
    pub fn push(&mut self, at: Range<usize>, message: impl Into<String>, help: Option<String>) {
        let mut diagnostic = Diagnostic::error(Code::Config, self.span(at), message);
        diagnostic.help = help;
        self.diagnostics.push(diagnostic);
    }

    /// Reports a duplicate definition at `at`. The diagnostic also shows the first definition.
    pub fn duplicate(&mut self, at: Range<usize>, first: Range<usize>, message: String) {
        let diagnostic = Diagnostic::error(Code::Config, self.span(at), message).label("duplicate");
        self.diagnostics.push(diagnostic.related(self.span(first), "first definition"));
    }

    /// Returns the location of a byte range.
    pub fn span(&self, at: Range<usize>) -> Span {
        Span { source: self.source, start: at.start, end: at.end }
    }

    /// Reports unknown keys and missing required keys of a table.
    pub fn keys(&mut self, table: Table<'_>, required: &[&str], optional: &[&str]) {
        let known = || required.iter().chain(optional).copied();
        let mut suggested = Vec::new();
        for (key, at, _) in table.entries().filter(|(key, ..)| !known().any(|known| known == *key)) {
            let near = nearest(key, known().filter(|known| !table.has(known)));
            suggested.extend(near);
            let help = match near {
                Some(near) => format!("did you mean {}?", quoted(near)),
                None => format!("the known keys are `{}`", known().collect::<Vec<_>>().join("`, `")),
            };
            let owner = table.name.map(|name| format!(" in {name}")).unwrap_or_default();
            self.push(at, format!("unknown key {}{owner}", quoted(key)), Some(help));
        }
        for key in required.iter().filter(|key| !table.has(key) && !suggested.contains(*key)) {
            self.error(table.head(), format!("{} needs `{key}`", table.name.unwrap_or("the file")));
        }
    }

    /// Returns the string value of a key. Reports an error for a value of another type.
    pub fn string(&mut self, table: Table<'_>, key: &str) -> Option<Spanned<String>> {
        let value = table.get(key)?;
        match value.get_ref().as_str() {
            Some(string) => Some(Spanned::new(value.span(), string.to_owned())),
            None => self.wrong_type(key, value, "a string"),
        }
    }

    /// Returns the boolean value of a key. Reports an error for a value of another type.
    pub fn boolean(&mut self, table: Table<'_>, key: &str) -> Option<bool> {
        let value = table.get(key)?;
        value.get_ref().as_bool().or_else(|| self.wrong_type(key, value, "a boolean"))
    }

    /// Returns the non-negative integer value of a key. Reports an error for other values.
    pub fn count(&mut self, table: Table<'_>, key: &str) -> Option<Spanned<usize>> {
        let value = table.get(key)?;
        let number = value.get_ref().as_integer();
        let count = number.and_then(|number| usize::from_str_radix(number.as_str(), number.radix()).ok());
        match (count, number) {
            (Some(count), _) => Some(Spanned::new(value.span(), count)),
            (None, Some(_)) => {
                self.error(value.span(), format!("`{key}` must be between 0 and {}", usize::MAX));
                None
            }
            (None, None) => self.wrong_type(key, value, "an integer"),
        }
    }

    /// Returns the table that is the value of a key. Reports an error for a value of another type.
    pub fn table<'t>(&mut self, table: Table<'t>, key: &str, name: &'t str) -> Option<Table<'t>> {
        let value = table.get(key)?;
        match value.get_ref() {
            DeValue::Table(entries) => Some(Table { entries, name: Some(name), head: bounds(value) }),
            _ => self.wrong_type(key, value, "a table"),
        }
    }

    /// Returns the strings in the array that is the value of a key. Reports an error for values of other types.
    pub fn strings(&mut self, table: Table<'_>, key: &str) -> Option<Vec<Spanned<String>>> {
        let value = table.get(key)?;
        let DeValue::Array(elements) = value.get_ref() else {
            return self.wrong_type(key, value, "an array of strings");
        };
        let mut strings = Vec::new();
        for element in elements.iter() {
            match element.get_ref().as_str() {
                Some(string) => strings.push(Spanned::new(element.span(), string.to_owned())),
                None => strings.extend(self.wrong_type::<Spanned<String>>(key, element, "an array of strings")),
            }
        }
        Some(strings)
    }

    /// Returns the tables in the array that is the value of a key. Reports an error for a value of another type.
    pub fn tables<'t>(&mut self, table: Table<'t>, key: &str, name: &'t str) -> Vec<Table<'t>> {
        let Some(value) = table.get(key) else { return Vec::new() };
        let DeValue::Array(elements) = value.get_ref() else {
            return self
                .wrong_type(key, value, &format!("an array of tables that begin with {name}"))
                .unwrap_or_default();
        };
        let mut tables = Vec::new();
        for element in elements.iter() {
            match element.get_ref() {
                DeValue::Table(entries) => tables.push(Table { entries, name: Some(name), head: bounds(element) }),
                _ => tables.extend(self.wrong_type::<Table<'t>>(key, element, "an array of tables")),
            }
        }
        tables
    }

    fn wrong_type<T>(&mut self, key: &str, value: &Spanned<DeValue<'_>>, wanted: &str) -> Option<T> {
        let actual = match value.get_ref() {
            DeValue::String(_) => "a string",
            DeValue::Integer(_) | DeValue::Float(_) => "a number",
            DeValue::Boolean(_) => "a boolean",
            DeValue::Datetime(_) => "a date",
            DeValue::Array(_) => "an array",
            DeValue::Table(_) => "a table",
        };
        self.error(value.span(), format!("`{key}` is {actual}, but must be {wanted}"));
        None
    }
}

/// Returns a TOML string. The escape sequences of JSON are also valid in TOML.
pub(super) fn toml_string(text: &str) -> String {
    serde_json::Value::from(text).to_string().replace('\u{7f}', "\\u007f")
}

fn bounds<T>(value: &Spanned<T>) -> (usize, usize) {
    let Range { start, end } = value.span();
    (start, end)
}
