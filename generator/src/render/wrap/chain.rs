//! Lays out chains of method calls.

use super::expression::{group, is_flat_allowed, layout};
use super::statement::{Part, flat, width};
use super::{INDENT, MAX_ITEMS, MAX_WIDTH};

/// An expression that is followed by method calls and fields.
pub(super) struct Chain {
    root: Vec<Part>,
    /// The calls and fields after the root. Each begins with a dot.
    links: Vec<Vec<Part>>,
    /// The number of calls and fields, including those that [`merged`](Self::merged) moved to the root.
    pub count: usize,
    one_line: usize,
}

impl Chain {
    /// Splits an expression. Returns `None` if the expression is not a chain.
    pub fn new(parts: &[Part]) -> Option<Self> {
        let mut pieces: Vec<Vec<Part>> = vec![Vec::new()];
        for part in parts {
            match part {
                Part::Text(text) => {
                    if text.contains(['\'', ' ']) || text.starts_with("..") {
                        return None;
                    }
                    let mut names = text.split('.');
                    let first = names.next().filter(|first| !first.is_empty());
                    pieces.last_mut()?.extend(first.map(|first| Part::Text(first.to_owned())));
                    pieces.extend(names.map(|name| vec![Part::Text(format!(".{name}"))]));
                }
                part => pieces.last_mut()?.push(part.clone()),
            }
        }
        let mut pieces = pieces.into_iter();
        let root = pieces.next().filter(|root| !root.is_empty())?;
        let links: Vec<Vec<Part>> = pieces.collect();
        let count = links.len();
        (count > 0).then(|| Self { root, links, count, one_line: width(&flat(parts)) })
    }

    /// Like [`new`](Self::new), for a chain at the beginning of a line: a short root is not alone on its line. The last
    /// link always remains, so that the root is shorter than the chain.
    pub fn merged(parts: &[Part]) -> Option<Self> {
        let mut chain = Self::new(parts)?;
        while width(&flat(&chain.root)) <= INDENT && chain.links.len() > 1 {
            chain.root.extend(chain.links.remove(0));
        }
        Some(chain)
    }

    /// Returns whether the chain may be on one line.
    pub fn is_short(&self) -> bool {
        self.count == 1 || self.one_line <= MAX_ITEMS
    }

    /// Returns the chain on several lines. See [`layout`] for the arguments.
    pub fn layout(&self, indent: usize, column: usize, suffix: usize) -> Option<String> {
        let root = layout(&self.root, indent, column, 0).filter(|root| !root.contains('\n'))?;
        let mut out = root;
        let indent = indent + INDENT;
        let space = " ".repeat(indent);
        for (index, link) in self.links.iter().enumerate() {
            let suffix = if index + 1 == self.links.len() { suffix } else { 0 };
            let one_line = flat(link);
            let fits = indent + width(&one_line) + suffix <= MAX_WIDTH && is_flat_allowed(link);
            if fits {
                out.push_str(&format!("\n{space}{one_line}"));
                continue;
            }
            let [Part::Text(name), Part::Group('(', arguments)] = link.as_slice() else { return None };
            out.push_str(&match self.count {
                // The arguments of a single call begin on its line.
                1 => group('(', arguments, name, indent - INDENT, column + width(&out), suffix)?,
                _ => format!("\n{space}{}", group('(', arguments, name, indent, indent, suffix)?),
            });
        }
        Some(out)
    }
}
