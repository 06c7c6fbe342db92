//! From offsets in characters, as YAML's scanner counts, to offsets in bytes.

/// The byte offset of every sixty-fourth character: a lookup walks over at most that many.
#[derive(Debug)]
pub(super) struct CharIndex<'a> {
    text: &'a str,
    /// Empty where every character is one byte.
    marks: Vec<usize>,
}

const STEP: usize = 64;

impl<'a> CharIndex<'a> {
    /// Indexes a text, in one pass.
    pub fn new(text: &'a str) -> Self {
        let marks = if text.is_ascii() {
            Vec::new()
        } else {
            text.char_indices().step_by(STEP).map(|(byte, _)| byte).collect()
        };
        Self { text, marks }
    }

    /// The byte at which a character begins; the end of the text for all that lies behind it.
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
    fn every_character_is_found() {
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
