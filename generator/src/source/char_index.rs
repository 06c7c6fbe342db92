//! Converts the character offsets of the YAML scanner to byte offsets.

/// An index that stores the byte offset of every 64th character. A lookup iterates over at most 64 characters.
#[derive(Debug)]
pub(super) struct CharIndex<'a> {
    text: &'a str,
    /// The byte offset of every 64th character. Empty if the text is ASCII: byte and character offsets are then equal.
    marks: Vec<usize>,
}

/// The distance between two marks, in characters.
const STEP: usize = 64;

impl<'a> CharIndex<'a> {
    /// Creates the index for `text`.
    pub fn new(text: &'a str) -> Self {
        let marks = if text.is_ascii() {
            Vec::new()
        } else {
            text.char_indices().step_by(STEP).map(|(byte, _)| byte).collect()
        };
        Self { text, marks }
    }

    /// Returns the byte offset of a character, or the length of the text if the character is beyond its end.
    pub fn byte(&self, character: usize) -> usize {
        if self.marks.is_empty() {
            return character.min(self.text.len());
        }
        let Some(&mark) = self.marks.get(character / STEP) else { return self.text.len() };
        let rest = self.text.get(mark..).unwrap_or_default();
        rest.char_indices().nth(character % STEP).map_or(self.text.len(), |(byte, _)| mark + byte)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn char_index_returns_byte_of_every_character() {
        for text in ["", "plain", "é", &"aé漢🦀".repeat(100)] {
            let index = CharIndex::new(text);
            for (count, (byte, _)) in text.char_indices().enumerate() {
                assert_eq!(index.byte(count), byte);
            }
            assert_eq!(index.byte(text.chars().count()), text.len());
            assert_eq!(index.byte(usize::MAX), text.len());
        }
    }
}
