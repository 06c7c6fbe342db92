//! What somebody may have meant: a word and the words there are come in, the nearest of them comes out.

/// The candidate that is so near that it may be meant.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    let near = |candidate: &&str| distance(&word, &candidate.to_lowercase());
    let allowed = word.chars().count().div_ceil(3);
    candidates
        .into_iter()
        .map(|candidate| (near(&candidate), candidate))
        .filter(|(far, _)| *far <= allowed)
        .min()
        .map(|(_, candidate)| candidate)
}

/// `; did you mean …?`, or nothing.
pub fn hint<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> String {
    nearest(word, candidates).map(|candidate| format!("; did you mean `{candidate}`?")).unwrap_or_default()
}

/// How many characters must be put in, taken out or replaced to make one word of the other.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    // The distances of the left word so far to each beginning of the right one.
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (index, own) in left.chars().enumerate() {
        let mut next = Vec::with_capacity(row.len());
        let mut before = index + 1;
        next.push(before);
        for (pair, other) in row.windows(2).zip(&right) {
            let [diagonal, above] = pair else { continue };
            before = (diagonal + usize::from(own != *other)).min(above + 1).min(before + 1);
            next.push(before);
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}
