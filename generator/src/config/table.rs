//! Tables of TOML taken apart: a table and the keys that it may have come in, their values come out; what is unknown, missing
//! or of another type is named, each with its place and none of them alone.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::diagnostics::{Code, Diagnostic, Diagnostics, nearest, quoted};
use crate::source::{SourceId, Span};

/// A table of the file.
#[derive(Clone, Copy)]
pub(super) struct Table<'t> {
    members: &'t DeTable<'t>,
    /// As the file calls it: `[[crate]]`.
    name: &'t str,
    /// Its head.
    place: (usize, usize),
}

impl<'t> Table<'t> {
    /// The whole of a file.
    pub fn root(members: &'t DeTable<'t>) -> Self {
        Self { members, name: "the file", place: (0, 0) }
    }

    /// Its head.
    pub fn place(&self) -> Range<usize> {
        self.place.0..self.place.1
    }

    /// Whether it has a member of that name, whatever that is.
    pub fn has(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    /// Its members, in the order of their names.
    pub fn members(&self) -> impl Iterator<Item = (&'t str, Range<usize>, &'t Spanned<DeValue<'t>>)> + use<'t> {
        self.members.iter().map(|(key, value)| (key.get_ref().as_ref(), key.span(), value))
    }

    fn get(&self, key: &str) -> Option<&'t Spanned<DeValue<'t>>> {
        self.members().find(|(name, ..)| *name == key).map(|(.., value)| value)
    }
}

/// What names the faults of one file.
pub(super) struct Judge<'a> {
    pub source: SourceId,
    pub found: &'a mut Diagnostics,
}

impl Judge<'_> {
    /// A fault at a place.
    pub fn fault(&mut self, at: Range<usize>, message: impl Into<String>) {
        self.push(at, message, None);
    }

    /// The same with what to do about it.
    pub fn push(&mut self, at: Range<usize>, message: impl Into<String>, help: Option<String>) {
        let mut diagnostic = Diagnostic::error(Code::Config, self.place(at), message);
        diagnostic.help = help;
        self.found.push(diagnostic);
    }

    /// What stands a second time.
    pub fn twice(&mut self, at: Range<usize>, first: Range<usize>, message: String) {
        let diagnostic = Diagnostic::error(Code::Config, self.place(at), message).label("again here");
        self.found.push(diagnostic.related(self.place(first), "first here"));
    }

    fn place(&self, at: Range<usize>) -> Span {
        Span { source: self.source, start: at.start, end: at.end }
    }

    /// Names the keys that a table does not know, and those that it needs and has not.
    pub fn keys(&mut self, table: Table<'_>, needed: &[&str], optional: &[&str]) {
        let known = || needed.iter().chain(optional).copied();
        let mut meant = Vec::new();
        for (key, at, _) in table.members().filter(|(key, ..)| !known().any(|known| known == *key)) {
            let near = nearest(key, known().filter(|known| !table.has(known)));
            meant.extend(near);
            let help = match near {
                Some(near) => format!("did you mean {}?", quoted(near)),
                None => format!("it knows `{}`", known().collect::<Vec<_>>().join("`, `")),
            };
            self.push(at, format!("{} knows no key {}", table.name, quoted(key)), Some(help));
        }
        for key in needed.iter().filter(|key| !table.has(key) && !meant.contains(*key)) {
            self.fault(table.place(), format!("{} needs `{key}`", table.name));
        }
    }

    /// The text of that name.
    pub fn text(&mut self, table: Table<'_>, key: &str) -> Option<Spanned<String>> {
        let value = table.get(key)?;
        match value.get_ref().as_str() {
            Some(text) => Some(Spanned::new(value.span(), text.to_owned())),
            None => self.of_another_type(key, value, "a string"),
        }
    }

    /// The number of that name, which counts something.
    pub fn count(&mut self, table: Table<'_>, key: &str) -> Option<Spanned<usize>> {
        let value = table.get(key)?;
        let number = value.get_ref().as_integer();
        let count = number.and_then(|number| usize::from_str_radix(number.as_str(), number.radix()).ok());
        match (count, number) {
            (Some(count), _) => Some(Spanned::new(value.span(), count)),
            (None, Some(_)) => {
                self.fault(
                    value.span(),
                    format!("`{key}` is a whole number of at least 0, and of at most {}", usize::MAX),
                );
                None
            }
            (None, None) => self.of_another_type(key, value, "a whole number"),
        }
    }

    /// The table of that name.
    pub fn table<'t>(&mut self, table: Table<'t>, key: &str, name: &'t str) -> Option<Table<'t>> {
        let value = table.get(key)?;
        match value.get_ref() {
            DeValue::Table(members) => Some(Table { members, name, place: bounds(value) }),
            _ => self.of_another_type(key, value, "a table"),
        }
    }

    /// The tables of that name.
    pub fn tables<'t>(&mut self, table: Table<'t>, key: &str, name: &'t str) -> Vec<Table<'t>> {
        let Some(value) = table.get(key) else { return Vec::new() };
        let DeValue::Array(elements) = value.get_ref() else {
            return self
                .of_another_type(key, value, &format!("an array of tables, each of which begins with `{name}`"))
                .unwrap_or_default();
        };
        let mut tables = Vec::new();
        for element in elements.iter() {
            match element.get_ref() {
                DeValue::Table(members) => tables.push(Table { members, name, place: bounds(element) }),
                _ => tables.extend(self.of_another_type::<Table<'t>>(key, element, "an array of tables")),
            }
        }
        tables
    }

    fn of_another_type<T>(&mut self, key: &str, value: &Spanned<DeValue<'_>>, wanted: &str) -> Option<T> {
        let is = match value.get_ref() {
            DeValue::String(_) => "a string",
            DeValue::Integer(_) | DeValue::Float(_) => "a number",
            DeValue::Boolean(_) => "a boolean",
            DeValue::Datetime(_) => "a date",
            DeValue::Array(_) => "an array",
            DeValue::Table(_) => "a table",
        };
        self.fault(value.span(), format!("`{key}` is {is}, but must be {wanted}"));
        None
    }
}

fn bounds<T>(value: &Spanned<T>) -> (usize, usize) {
    let Range { start, end } = value.span();
    (start, end)
}
