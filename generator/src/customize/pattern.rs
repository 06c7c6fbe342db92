//! Patterns for paths, tags and names.

use crate::source::Span;

/// A pattern that selects operations or webhooks.
///
/// `*` matches any number of characters, `?` matches one character, and `[…]` one of the characters in the brackets. In
/// paths, `*` and `?` do not match `/`, and the segment `**` matches any number of segments. Braces are literal:
/// `/pets/{id}` matches this path only. Patterns are case-sensitive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    glob: glob::Pattern,
    /// The location of the pattern in `clients.toml`, for messages. `None` for a pattern that a program created.
    pub span: Option<Span>,
}

/// The error of parsing a [`Pattern`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{pattern}` is not a valid pattern: {problem}")]
pub struct InvalidPattern {
    /// The pattern.
    pub pattern: String,
    /// The problem, without a period.
    pub problem: &'static str,
}

impl Pattern {
    /// Parses a pattern.
    ///
    /// # Errors
    /// Brackets are not closed, or `**` is only a part of a segment.
    pub fn parse(pattern: &str) -> Result<Self, InvalidPattern> {
        let invalid = |problem| InvalidPattern { pattern: pattern.to_owned(), problem };
        match glob::Pattern::new(pattern) {
            Ok(glob) => Ok(Self { glob, span: None }),
            Err(_) if pattern.contains("**") => Err(invalid("`**` must be a whole segment between slashes")),
            Err(_) => Err(invalid("`[` needs a matching `]` with characters between them")),
        }
    }

    /// Returns the pattern with its location in `clients.toml`.
    #[must_use]
    pub fn at(self, span: Span) -> Self {
        Self { span: Some(span), ..self }
    }

    /// Returns the text of the pattern.
    pub fn as_str(&self) -> &str {
        self.glob.as_str()
    }

    /// Returns whether the pattern is a name without wildcards.
    pub(super) fn is_literal(&self) -> bool {
        !self.as_str().contains(['*', '?', '['])
    }

    /// Returns whether the pattern matches a name, such as a tag.
    pub(super) fn matches_name(&self, name: &str) -> bool {
        self.glob.matches(name)
    }

    /// Returns whether the pattern matches a path.
    pub(super) fn matches_path(&self, path: &str) -> bool {
        let options = glob::MatchOptions { require_literal_separator: true, ..glob::MatchOptions::new() };
        let matches = |path: &str| self.glob.matches_with(path, options);
        // `**` at the end also matches no segment.
        matches(path) || self.as_str().ends_with("/**") && matches(&format!("{path}/"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(text: &str) -> Pattern {
        Pattern::parse(text).unwrap()
    }

    #[test]
    fn star_matches_within_segment_of_path() {
        let cases = [
            ("/pets", "/pets", true),
            ("/pets", "/pets/1", false),
            ("/pets/*", "/pets/{id}", true),
            ("/pets/*", "/pets/{id}/toys", false),
            ("/pets/{id}", "/pets/{id}", true),
            ("/pets/{id}", "/pets/id", false),
            ("/pets/**", "/pets/{id}/toys", true),
            ("/pets/**", "/pets", true),
            ("/pets/**", "/petshop", false),
            ("/**/toys", "/pets/{id}/toys", true),
            ("/**/toys", "/toys", true),
            ("/**", "/", true),
            ("**", "/pets/{id}", true),
            ("/v[12]/*", "/v2/a", true),
            ("/Pets", "/pets", false),
        ];
        for (text, path, expected) in cases {
            assert_eq!(pattern(text).matches_path(path), expected, "{text} {path}");
        }
    }

    #[test]
    fn star_matches_any_characters_of_name() {
        for (text, name, expected) in [
            ("list*", "listPets", true),
            ("*", "a/b", true),
            ("pets", "pet", false),
            ("Users / *", "Users / New", true),
        ] {
            assert_eq!(pattern(text).matches_name(name), expected, "{text} {name}");
        }
    }

    #[test]
    fn invalid_pattern_is_rejected() {
        for text in ["[a", "/a**", "***"] {
            let error = Pattern::parse(text).unwrap_err().to_string();
            assert!(error.starts_with(&format!("`{text}` is not a valid pattern: ")), "{error}");
        }
    }
}
