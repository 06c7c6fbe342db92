//! The predicates of conditional compilation, e.g. `any(feature = "cli", feature = "mock")`.

use std::fmt;

/// Returns whether a feature is on; `None` if the generated crate offers it as a feature of its own.
pub(super) type State<'a> = dyn Fn(&str) -> Option<bool> + 'a;

/// A predicate.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Predicate {
    /// A predicate whose value is known.
    Known(bool),
    /// `feature = "…"`
    Feature(String),
    /// A predicate that does not depend on features, e.g. `unix`.
    Other(String),
    Not(Box<Self>),
    Any(Vec<Self>),
    All(Vec<Self>),
}

impl Predicate {
    /// Parses a predicate. Returns `None` if its syntax is invalid.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let list = |name: &str| text.strip_prefix(name)?.strip_prefix('(')?.strip_suffix(')');
        let parsed = |list: &str| arguments(list).into_iter().map(Self::parse).collect::<Option<Vec<_>>>();
        if let Some(inner) = list("not") {
            return Some(Self::Not(Box::new(Self::parse(inner)?)));
        }
        if let Some(inner) = list("any") {
            return parsed(inner).map(Self::Any);
        }
        if let Some(inner) = list("all") {
            return parsed(inner).map(Self::All);
        }
        match text.split_once(" = ") {
            Some(("feature", name)) => Some(Self::Feature(name.trim_matches('"').to_owned())),
            _ => (!text.is_empty()).then(|| Self::Other(text.to_owned())),
        }
    }

    /// Replaces the features that are on or off, and simplifies the predicate.
    pub fn resolve(self, state: &State<'_>) -> Self {
        match self {
            Self::Feature(name) => match state(&name) {
                Some(known) => Self::Known(known),
                None => Self::Feature(name),
            },
            Self::Not(inner) => match inner.resolve(state) {
                Self::Known(known) => Self::Known(!known),
                inner => Self::Not(Box::new(inner)),
            },
            Self::Any(list) => Self::combined(list, true, state, Self::Any),
            Self::All(list) => Self::combined(list, false, state, Self::All),
            Self::Known(_) | Self::Other(_) => self,
        }
    }

    /// Resolves the predicates of a list. `decisive` is the value that decides the whole list.
    fn combined(list: Vec<Self>, decisive: bool, state: &State<'_>, list_of: fn(Vec<Self>) -> Self) -> Self {
        let mut open = Vec::new();
        for predicate in list {
            match predicate.resolve(state) {
                Self::Known(known) if known == decisive => return Self::Known(decisive),
                Self::Known(_) => {}
                predicate => open.push(predicate),
            }
        }
        match open.len() {
            0 => Self::Known(!decisive),
            1 => open.swap_remove(0),
            _ => list_of(open),
        }
    }
}

impl fmt::Display for Predicate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |f: &mut fmt::Formatter<'_>, name: &str, list: &[Self]| {
            let list: Vec<String> = list.iter().map(Self::to_string).collect();
            write!(f, "{name}({})", list.join(", "))
        };
        match self {
            Self::Known(known) => write!(f, "{known}"),
            Self::Feature(name) => write!(f, "feature = \"{name}\""),
            Self::Other(text) => f.write_str(text),
            Self::Not(inner) => write!(f, "not({inner})"),
            Self::Any(inner) => list(f, "any", inner),
            Self::All(inner) => list(f, "all", inner),
        }
    }
}

/// Splits a list at its commas, except for those in parentheses.
pub(super) fn arguments(list: &str) -> Vec<&str> {
    let mut depth = 0_usize;
    let at_comma = |character: char| {
        match character {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        character == ',' && depth == 0
    };
    list.split(at_comma).map(str::trim).filter(|argument| !argument.is_empty()).collect()
}
