//! Detection of the end of a JSON text in a stream of bytes.

/// A scanner that finds the end of a JSON text (RFC 8259).
///
/// It only tracks brackets and strings, so a complete text is not necessarily valid.
#[derive(Debug, Default)]
pub struct Nesting {
    position: Position,
    /// The number of open arrays and objects.
    depth: usize,
    in_string: bool,
    /// Whether the last byte was the backslash of an escape sequence.
    escaped: bool,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Position {
    /// Before the value.
    #[default]
    Before,
    /// Within an array, an object or a string.
    Inside,
    /// Within a number or a literal, which ends at the next whitespace.
    Scalar,
    /// After the value.
    After,
    /// After a second value: the text is invalid.
    Invalid,
}

impl Nesting {
    /// Processes the next byte. Returns whether the text is complete: this byte is whitespace, and the bytes before it
    /// are a single value.
    pub fn take(&mut self, byte: u8) -> bool {
        if self.in_string {
            self.take_in_string(byte);
            return false;
        }
        let is_whitespace = matches!(byte, b' ' | b'\t' | b'\n' | b'\r');
        self.position = match (self.position, byte) {
            (Position::Scalar, _) if is_whitespace => Position::After,
            (position, _) if is_whitespace => position,
            (Position::Before | Position::Inside, b'"') => {
                self.in_string = true;
                Position::Inside
            }
            (Position::Before | Position::Inside, b'[' | b'{') => {
                self.depth = self.depth.saturating_add(1);
                Position::Inside
            }
            (Position::Inside, b']' | b'}') => {
                self.depth = self.depth.saturating_sub(1);
                self.after_value()
            }
            (Position::Before, _) => Position::Scalar,
            (Position::After, _) => Position::Invalid,
            (position, _) => position,
        };
        is_whitespace && self.position == Position::After
    }

    fn take_in_string(&mut self, byte: u8) {
        match byte {
            _ if self.escaped => self.escaped = false,
            b'\\' => self.escaped = true,
            b'"' => {
                self.in_string = false;
                self.position = self.after_value();
            }
            _ => {}
        }
    }

    fn after_value(&self) -> Position {
        if self.depth == 0 { Position::After } else { Position::Inside }
    }
}
