//! Reads lock files, and reports invalid lines with their locations.

use std::collections::btree_map::Entry;

use super::{FORMAT, Kind, LockFile, Locked, VERSION};
use crate::diagnostics::{Code, Diagnostic, Diagnostics, quoted};
use crate::source::{SourceId, Sources, Span};

/// The beginnings of the lines that an unresolved merge leaves in a file.
const CONFLICT_MARKERS: [&str; 4] = ["<<<<<<<", "|||||||", "=======", ">>>>>>>"];

/// The help text for files that are not lock files of this format.
const DELETE: &str = "restore the file, or delete it to choose all names anew";

impl LockFile {
    /// Reads the lock file of `sources`. Returns an empty lock file if there is none. Adds errors to `diagnostics`.
    pub(crate) fn read(sources: &Sources, diagnostics: &mut Diagnostics) -> Self {
        let Some(source) = sources.lock_file() else { return Self::default() };
        let mut reader = Reader { source, diagnostics, file: Self::default(), title: String::new() };
        let bytes = sources.bytes(source);
        match std::str::from_utf8(bytes) {
            Ok(text) => reader.file(text),
            Err(error) => {
                reader.error(error.valid_up_to(), error.valid_up_to(), "the lock file is not valid UTF-8", DELETE)
            }
        }
        reader.file
    }
}

struct Reader<'a> {
    source: SourceId,
    diagnostics: &'a mut Diagnostics,
    file: LockFile,
    /// The title of the current section.
    title: String,
}

impl Reader<'_> {
    fn file(&mut self, text: &str) {
        let mut version = None;
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            let end = start + line.len();
            let line = line.trim_end();
            if let Some(found) = line.strip_prefix(FORMAT) {
                version = Some(found);
                if found != VERSION {
                    let message =
                        format!("this lock file has the format {}, which this version cannot read", quoted(found));
                    let help = "use the version of clientwright that has written the file, or a later one";
                    return self.error(start, start + line.len(), message, help);
                }
            } else if CONFLICT_MARKERS.iter().any(|marker| line.starts_with(marker)) {
                let help = "keep the lines of both sides, but only one of several lines with the same text before `=`";
                return self.error(start, start + line.len(), "this merge conflict is not resolved", help);
            } else if !line.is_empty() && !line.starts_with('#') {
                if version.is_none() {
                    let message = format!("this is not a lock file: the line `{FORMAT}{VERSION}` is missing");
                    return self.error(start, start + line.len(), message, DELETE);
                }
                self.line(line, start);
            }
            start = end;
        }
    }

    /// Reads a line with a title or a name that begins at the offset `start`.
    fn line(&mut self, line: &str, start: usize) {
        if let Some(title) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            title.clone_into(&mut self.title);
            return;
        }
        let end = start + line.len();
        let Some((key, name)) = line.split_once(" = ") else {
            let message = "this line has no name: a line has the form `field Pet id = id`";
            return self.error(start, end, message, "delete the line; its name is then chosen anew");
        };
        let Some(kind) = Kind::of(key) else {
            let message = format!("there is no kind of name {}", quoted(key.split(' ').next().unwrap_or_default()));
            return self.error(start, end, message, "delete the line; its name is then chosen anew");
        };
        let span = Span { source: self.source, start: end - name.len(), end };
        if !kind.accepts(name) {
            let message = format!("{} is not {}", quoted(name), kind.expected());
            let help = "correct the name, or delete the line to choose the name anew";
            return self.error(span.start, span.end, message, help);
        }
        let section = self.file.sections.entry(self.title.clone()).or_default();
        match section.names.entry(key.to_owned()) {
            Entry::Vacant(free) => {
                free.insert(Locked { name: name.to_owned(), span: Some(span) });
            }
            Entry::Occupied(known) if known.get().name == name => {}
            Entry::Occupied(known) => {
                let message = "the lock file contains another name for the same place";
                let diagnostic = Diagnostic::error(Code::LockFile, span, message).help("delete one of the two lines");
                self.diagnostics.push(match known.get().span {
                    Some(first) => diagnostic.related(first, "first name"),
                    None => diagnostic,
                });
            }
        }
    }

    fn error(&mut self, start: usize, end: usize, message: impl Into<String>, help: &str) {
        let span = Span { source: self.source, start, end };
        self.diagnostics.push(Diagnostic::error(Code::LockFile, span, message).help(help));
    }
}
