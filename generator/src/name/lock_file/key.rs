//! Keys of lock files: the kinds and the places of names.

use std::fmt::Write;

use super::super::identifier::is_identifier;

/// The maximum length of a part of a key in bytes. Longer parts are cut, and end with a hash.
const MAX_PART: usize = 160;

/// The maximum length of a name in bytes. The names that the generator chooses are shorter.
const MAX_NAME: usize = 200;

/// Defines the kinds of names with their spelling in lock files and their case.
macro_rules! kinds {
    ($($(#[doc = $doc:literal])+ $kind:ident = $text:literal, $case:ident;)+) => {
        /// The kind of a name.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(in crate::name) enum Kind {
            $($(#[doc = $doc])+ $kind,)+
        }

        impl Kind {
            /// All kinds.
            pub const ALL: &[Self] = &[$(Self::$kind,)+];

            /// Returns the first word of keys of this kind.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$kind => $text,)+
                }
            }

            fn case(self) -> Case {
                match self {
                    $(Self::$kind => Case::$case,)+
                }
            }
        }
    };
}

kinds! {
    /// The type of a schema.
    Type = "type", Pascal;
    /// The field of a property, or of additional properties.
    Field = "field", Snake;
    /// The method that sets a field, unless the name of the field determines its name.
    Setter = "setter", Snake;
    /// The struct of the properties that a type requires.
    Required = "required", Pascal;
    /// A variant of an enum or a union.
    Variant = "variant", Pascal;
    /// A constant of bit flags.
    Flag = "flag", UpperSnake;
    /// A variant of the error enum.
    Error = "error", Pascal;
    /// The method that returns a sub-client.
    Tag = "tag", Snake;
    /// The module of a tag.
    Module = "module", Snake;
    /// The method of an operation.
    Method = "method", Snake;
    /// The request type of an operation, or another type that only belongs to the operation.
    Request = "request", Pascal;
    /// The setter or argument of a parameter, a body or a part of a form.
    Argument = "argument", Snake;
    /// The constant for a header.
    Header = "header", UpperSnake;
    /// A method of the client builder that sets a credential.
    Credential = "credential", Snake;
    /// The method of the client builder that sets a server variable.
    ServerVariable = "server-variable", Snake;
    /// The enum of the allowed values of a server variable.
    ServerType = "server-type", Pascal;
    /// A variant of the enum of a server variable.
    ServerValue = "server-value", Pascal;
    /// A variant of the enum of servers.
    Server = "server", Pascal;
    /// An environment variable.
    Environment = "environment", UpperSnake;
    /// The variant of a webhook.
    Webhook = "webhook", Pascal;
}

/// The case of names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Case {
    Pascal,
    Snake,
    UpperSnake,
}

impl Kind {
    /// Returns the kind of a key.
    pub fn of(key: &str) -> Option<Self> {
        let word = key.split(' ').next()?;
        Self::ALL.iter().copied().find(|kind| kind.as_str() == word)
    }

    /// Returns whether `name` is an identifier in the case of this kind. Only such names are written to lock files and
    /// accepted from them.
    pub fn accepts(self, name: &str) -> bool {
        let plain = name.strip_prefix("r#").unwrap_or(name);
        let first = plain.chars().next();
        // Compilers warn about other positions of underscores, and about identifiers in another case.
        let words = plain.trim_end_matches('_');
        let is_word = !words.is_empty() && !words.starts_with('_') && !words.contains("__");
        let has_case = match self.case() {
            Case::Pascal => first.is_some_and(|first| !first.is_lowercase()) && !separates_letters(words),
            Case::Snake => !plain.contains(char::is_uppercase),
            Case::UpperSnake => !plain.contains(char::is_lowercase),
        };
        // Rust requires ASCII for modules in files, and some shells for variables.
        let has_letters = name.is_ascii() || !matches!(self, Self::Module | Self::Environment);
        is_word && has_case && has_letters && name.len() <= MAX_NAME && is_identifier(name)
    }

    /// Describes the names of this kind.
    pub fn expected(self) -> &'static str {
        match (self, self.case()) {
            (Self::Module, _) => "an identifier in `snake_case` and in ASCII",
            (Self::Environment, _) => "an identifier in `UPPER_SNAKE_CASE` and in ASCII",
            (_, Case::Pascal) => "an identifier in `PascalCase`",
            (_, Case::Snake) => "an identifier in `snake_case`",
            (_, Case::UpperSnake) => "an identifier in `UPPER_SNAKE_CASE`",
        }
    }
}

/// Returns whether an underscore has a letter beside it. In `PascalCase`, underscores only separate digits.
fn separates_letters(words: &str) -> bool {
    let characters: Vec<char> = words.chars().collect();
    let is_letter = |letter: &char| letter.is_lowercase() || letter.is_uppercase();
    characters.windows(3).any(|three| matches!(three, [one, '_', other] if is_letter(one) || is_letter(other)))
}

/// The place of a name in a document: the part of a line before `=`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(in crate::name) struct Key(String);

impl Key {
    /// Creates a key without parts.
    pub fn new(kind: Kind) -> Self {
        Self(kind.as_str().to_owned())
    }

    /// Adds a part: any text of a document, with escapes for all characters that have a meaning in keys.
    pub fn part(mut self, text: &str) -> Self {
        self.0.push(' ');
        push_escaped(&mut self.0, text, "");
        self
    }

    /// Adds a part that begins with a label: `query:limit`.
    pub fn labelled(mut self, label: &str, text: &str) -> Self {
        let _ = write!(self.0, " {label}:");
        push_escaped(&mut self.0, text, "");
        self
    }

    /// Adds the method and the path of an operation.
    pub fn operation(mut self, method: &str, path: &str) -> Self {
        self.0.push(' ');
        push_escaped(&mut self.0, method, "");
        self.0.push(' ');
        push_escaped(&mut self.0, path, "{}");
        self
    }

    /// Adds text that needs no escapes, because the generator has composed it.
    pub fn plain(mut self, text: &str) -> Self {
        if !text.is_empty() {
            self.0.push(' ');
            self.0.push_str(text);
        }
        self
    }

    /// Returns the key of the item with this number, of several items with this key.
    pub fn numbered(&self, number: usize) -> Self {
        Self(format!("{} #{number}", self.0))
    }

    /// Returns whether `name` is a valid name for the kind of this key.
    pub fn accepts(&self, name: &str) -> bool {
        Kind::of(&self.0).is_some_and(|kind| kind.accepts(name))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn into_string(self) -> String {
        self.0
    }
}

/// Returns text with escapes, as a part of a key.
pub(in crate::name) fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    push_escaped(&mut escaped, text, "");
    escaped
}

/// Appends text to a key. Letters, digits and some symbols remain readable, and other characters are
/// percent-encoded. `others` lists further symbols that remain readable. Empty text becomes `%`.
fn push_escaped(into: &mut String, text: &str, others: &str) {
    if text.is_empty() {
        into.push('%');
    }
    let start = into.len();
    for letter in text.chars() {
        if letter.is_alphanumeric() || "-_.~/:,;@!$&'()+".contains(letter) || others.contains(letter) {
            into.push(letter);
        } else {
            for byte in letter.encode_utf8(&mut [0; 4]).bytes() {
                let _ = write!(into, "%{byte:02X}");
            }
        }
        if into.len() - start > MAX_PART {
            into.truncate(start);
            into.extend(text.chars().take(MAX_PART / 8).filter(|letter| letter.is_alphanumeric()));
            let _ = write!(into, "~{:016x}", hash(text));
            return;
        }
    }
}

/// Returns a hash that is the same on all systems and in all versions: FNV-1a with 64 bits.
fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_the_case_of_their_kind() {
        for name in ["Pet", "Self_", "V1_2", "Ärger", "宠物"] {
            assert!(Kind::Type.accepts(name), "{name}");
        }
        for name in ["pet", "Pet_Store", "r#type", "_Pet", "Self", "", "Pet Store", "Pet;", "ärger"] {
            assert!(!Kind::Type.accepts(name), "{name}");
        }
        for name in ["id", "r#type", "self_", "id_in_query", "größe"] {
            assert!(Kind::Field.accepts(name), "{name}");
        }
        for name in ["Id", "type", "a__b", "_a", "_", "r#self", "gen", "a-b", "x()", &"a".repeat(300)] {
            assert!(!Kind::Field.accepts(name), "{name}");
        }
        assert!(Kind::Flag.accepts("READ_ONLY") && !Kind::Flag.accepts("Read"));
        assert!(Kind::Module.accepts("pets") && !Kind::Module.accepts("größe"));
    }

    #[test]
    fn parts_are_escaped_and_shortened() {
        let key = Key::new(Kind::Field).part("Pet").part("a b=#%\n{}[]");
        assert_eq!(key.as_str(), "field Pet a%20b%3D%23%25%0A%7B%7D%5B%5D");
        let operation = Key::new(Kind::Method).operation("GET", "/pets/{id} x");
        assert_eq!(operation.as_str(), "method GET /pets/{id}%20x");
        assert_eq!(Key::new(Kind::Variant).part("Color").part("").as_str(), "variant Color %");
        let long = |end: &str| Key::new(Kind::Field).part(&("x".repeat(100_000) + end)).into_string();
        assert!(long("a").len() < 100 && long("a") != long("b"), "{}", long("a"));
    }
}
