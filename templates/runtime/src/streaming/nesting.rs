//! Where a JSON text is complete, decided byte by byte.

/// Where in a JSON text (RFC 8259) its last byte is.
///
/// It looks at brackets and strings only: a text that it takes for complete may still be invalid, which is for the parser to
/// say.
#[derive(Debug, Default)]
pub struct Nesting {
    place: Place,
    /// How many arrays and objects are open.
    depth: usize,
    in_string: bool,
    /// Whether the last byte was the backslash of an escape sequence.
    escaped: bool,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Before the value.
    #[default]
    Before,
    /// Within an array, an object or a string.
    Inside,
    /// Within a number or a literal, which only what follows can end.
    Scalar,
    /// After the value.
    After,
    /// After a second value: the text is invalid.
    Invalid,
}

impl Nesting {
    /// Takes the next byte. Returns whether the text is complete with it: one value, and whitespace after it.
    pub fn take(&mut self, byte: u8) -> bool {
        if self.in_string {
            self.take_in_string(byte);
            return false;
        }
        let is_whitespace = matches!(byte, b' ' | b'\t' | b'\n' | b'\r');
        self.place = match (self.place, byte) {
            (Place::Scalar, _) if is_whitespace => Place::After,
            (place, _) if is_whitespace => place,
            (Place::Before | Place::Inside, b'"') => {
                self.in_string = true;
                Place::Inside
            }
            (Place::Before | Place::Inside, b'[' | b'{') => {
                self.depth = self.depth.saturating_add(1);
                Place::Inside
            }
            (Place::Inside, b']' | b'}') => {
                self.depth = self.depth.saturating_sub(1);
                self.after_value()
            }
            (Place::Before, _) => Place::Scalar,
            (Place::After, _) => Place::Invalid,
            (place, _) => place,
        };
        is_whitespace && self.place == Place::After
    }

    fn take_in_string(&mut self, byte: u8) {
        match byte {
            _ if self.escaped => self.escaped = false,
            b'\\' => self.escaped = true,
            b'"' => {
                self.in_string = false;
                self.place = self.after_value();
            }
            _ => {}
        }
    }

    fn after_value(&self) -> Place {
        if self.depth == 0 { Place::After } else { Place::Inside }
    }
}
