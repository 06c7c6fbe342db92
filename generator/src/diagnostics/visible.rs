//! Escapes text of documents before it is shown, so that it cannot send control sequences to the terminal or hide
//! characters.

use std::borrow::Cow;

/// The maximum number of characters of a quoted name or value in a message.
const MAX_LENGTH: usize = 80;

/// Returns whether a character is invisible: a control character, a bidirectional formatting character, or a character
/// without width. Such characters can disguise text ("Trojan Source" attacks).
pub(super) fn is_invisible(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Escapes invisible characters as `\u{…}`, except for line feeds.
pub(crate) fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains(is_invisible) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        match character {
            '\n' => shown.push('\n'),
            _ if is_invisible(character) => shown.extend(character.escape_unicode()),
            _ => shown.push(character),
        }
    }
    Cow::Owned(shown)
}

/// Quotes a name or value of a document for a message: in backticks, with invisible characters escaped, and cut after
/// 80 characters.
pub fn quoted(text: &str) -> String {
    let mut shown = String::from("`");
    for character in text.chars().take(MAX_LENGTH) {
        if is_invisible(character) {
            shown.extend(character.escape_default());
        } else {
            shown.push(character);
        }
    }
    shown.push('`');
    if text.chars().nth(MAX_LENGTH).is_some() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_are_escaped() {
        assert_eq!(visible("plain é 漢"), "plain é 漢");
        assert_eq!(visible("\u{1b}[31mred\u{202e}\n"), "\\u{1b}[31mred\\u{202e}\n");
        assert_eq!(quoted("two\nlines\u{feff}"), "`two\\nlines\\u{feff}`");
        assert_eq!(quoted(&"x".repeat(100)).chars().count(), 83);
    }
}
