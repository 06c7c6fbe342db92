//! Suggestions for misspelled names: `did you mean …?`.

/// Returns the candidate that is most similar to the word; `None` if every candidate differs in more than a third of
/// the word's characters.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    let distance_to = |candidate: &&str| distance(&word, &candidate.to_lowercase());
    let allowed = word.chars().count().div_ceil(3);
    candidates
        .into_iter()
        .map(|candidate| (distance_to(&candidate), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min()
        .map(|(_, candidate)| candidate)
}

/// Returns `; did you mean …?`, or an empty string if no candidate is similar enough.
pub fn hint<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> String {
    nearest(word, candidates).map(|candidate| format!("; did you mean `{candidate}`?")).unwrap_or_default()
}

/// Returns the Levenshtein distance: the number of insertions, deletions and substitutions of characters.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    // The distances between the processed prefix of `left` and each prefix of `right`.
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (index, left_char) in left.chars().enumerate() {
        let mut next = Vec::with_capacity(row.len());
        let mut last = index + 1;
        next.push(last);
        for (pair, right_char) in row.windows(2).zip(&right) {
            let [diagonal, above] = pair else { continue };
            last = (diagonal + usize::from(left_char != *right_char)).min(above + 1).min(last + 1);
            next.push(last);
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}
