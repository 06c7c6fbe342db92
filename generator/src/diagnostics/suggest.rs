//! Suggests corrections of misspelled names: "did you mean …?".

/// The maximum length of compared names, because the cost of a comparison is the product of the lengths.
const MAX_LENGTH: usize = 80;
/// The maximum number of compared candidates. The largest documents have a few thousand names.
const MAX_CANDIDATES: usize = 5_000;

/// Returns the candidate that is most similar to a name. Returns `None` if no candidate is similar enough.
///
/// A candidate is similar if the number of typing errors is at most a third of the number of letters in the name. One
/// typing error is always allowed. A typing error is an additional, missing or replaced letter, or two swapped letters.
/// Case is ignored.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let name: Vec<char> = letters(name)?;
    let allowed = (name.len() / 3).max(1);
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates.into_iter().take(MAX_CANDIDATES) {
        // Skip long candidates without decoding them: a character has at most four bytes.
        if candidate.len() > 4 * MAX_LENGTH {
            continue;
        }
        let Some(letters) = letters(candidate) else { continue };
        // Only candidates that are more similar than the best one so far are of interest.
        let limit = best.map_or(allowed, |(best, _)| best.saturating_sub(1));
        if letters.len().abs_diff(name.len()) > limit {
            continue;
        }
        if let Some(distance) = distance(&name, &letters, limit)
            && best.is_none_or(|(best, _)| distance < best)
        {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

fn letters(name: &str) -> Option<Vec<char>> {
    let letters: Vec<char> = name.chars().take(MAX_LENGTH + 1).flat_map(char::to_lowercase).collect();
    (letters.len() <= MAX_LENGTH).then_some(letters)
}

/// Returns the optimal string alignment distance if it is at most `limit`. Stores only the last three rows of the
/// distance matrix.
fn distance(left: &[char], right: &[char], limit: usize) -> Option<usize> {
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=right.len()).collect();
    let mut previous_left = None;
    for (row, &letter) in left.iter().enumerate() {
        let mut current = Vec::with_capacity(right.len() + 1);
        let mut beside = row + 1;
        current.push(beside);
        let mut previous_right = None;
        for (column, &other) in right.iter().enumerate() {
            let at = |cells: &[usize], index: usize| cells.get(index).copied().unwrap_or(usize::MAX / 2);
            let mut cell =
                (at(&above, column) + usize::from(letter != other)).min(at(&above, column + 1) + 1).min(beside + 1);
            if previous_left == Some(other) && previous_right == Some(letter) && letter != other {
                cell = cell.min(at(&before, column.saturating_sub(1)) + 1);
            }
            current.push(cell);
            beside = cell;
            previous_right = Some(other);
        }
        if current.iter().chain(&above).all(|&cell| cell > limit) {
            return None;
        }
        previous_left = Some(letter);
        before = std::mem::replace(&mut above, current);
    }
    above.last().copied().filter(|&distance| distance <= limit)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn between(left: &str, right: &str) -> usize {
        distance(&left.chars().collect::<Vec<_>>(), &right.chars().collect::<Vec<_>>(), 9).unwrap()
    }

    #[test]
    fn distance_counts_typing_errors() {
        let cases = [
            ("", "", 0),
            ("", "abc", 3),
            ("abc", "", 3),
            ("same", "same", 0),
            ("certifcate", "certificate", 1),
            ("reqiured", "required", 1),
            ("typ", "type", 1),
            ("ca", "ac", 1),
            ("kitten", "sitting", 3),
        ];
        for (left, right, expected) in cases {
            assert_eq!(between(left, right), expected, "{left} {right}");
        }
    }

    #[test]
    fn most_similar_candidate_is_returned() {
        let keywords = ["type", "title", "items", "required", "readOnly"];
        assert_eq!(nearest("requierd", keywords), Some("required"));
        assert_eq!(nearest("readonly", keywords), Some("readOnly"));
        assert_eq!(nearest("itmes", keywords), Some("items"));
        assert_eq!(nearest("discriminator", keywords), None);
        assert_eq!(nearest("x", keywords), None);
        assert_eq!(nearest(&"a".repeat(1_000_000), keywords), None);
    }
}
