//! Did you mean …? The nearest of the names that would have done.

/// Names longer than this are not compared: nobody mistypes them, and comparing costs the product of the lengths.
const LONGEST: usize = 80;
/// So many candidates are looked at: the largest documents have a few thousand names.
const MOST: usize = 5_000;

/// The candidate that is nearest to a name, if one is near enough to have been meant.
///
/// Near is one typing mistake (a letter too many, too few, another, or two swapped) in three letters; case does not count.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let name: Vec<char> = letters(name)?;
    let allowed = (name.len() / 3).max(1);
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates.into_iter().take(MOST) {
        // A cheap bound first: characters are at most as many as bytes.
        if candidate.len() > 4 * LONGEST {
            continue;
        }
        let Some(letters) = letters(candidate) else { continue };
        // Only what is nearer than the best so far is of interest.
        let limit = best.map_or(allowed, |(least, _)| least.saturating_sub(1));
        if letters.len().abs_diff(name.len()) > limit {
            continue;
        }
        if let Some(distance) = distance(&name, &letters, limit)
            && best.is_none_or(|(least, _)| distance < least)
        {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

fn letters(name: &str) -> Option<Vec<char>> {
    let letters: Vec<char> = name.chars().take(LONGEST + 1).flat_map(char::to_lowercase).collect();
    (letters.len() <= LONGEST).then_some(letters)
}

/// The optimal string alignment distance, three rows at a time, if it is no more than `limit`.
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
    fn mistakes_are_counted() {
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
    fn the_nearest_is_found() {
        let keywords = ["type", "title", "items", "required", "readOnly"];
        assert_eq!(nearest("requierd", keywords), Some("required"));
        assert_eq!(nearest("readonly", keywords), Some("readOnly"));
        assert_eq!(nearest("itmes", keywords), Some("items"));
        assert_eq!(nearest("discriminator", keywords), None);
        assert_eq!(nearest("x", keywords), None);
        assert_eq!(nearest(&"a".repeat(1_000_000), keywords), None);
    }
}
