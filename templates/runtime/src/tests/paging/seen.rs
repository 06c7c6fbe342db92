//! Tests of the detection of repeated tokens.

use crate::runtime::paging::seen::{RECENT, Seen};

/// Returns the number of tokens before a repetition is detected, for a listing that repeats a cycle of `round`
/// tokens after its first `start` tokens.
fn first_repetition(start: u64, round: u64) -> u64 {
    let mut seen = Seen::default();
    let token = |index: u64| if index < start { index } else { start + (index - start) % round };
    (0..4 * (start + round)).find(|index| !seen.insert(&format!("cursor {}", token(*index)))).unwrap()
}

#[test]
fn short_cycle_is_detected_at_first_repetition() {
    for (start, round) in [(0, 1), (0, 2), (5, 1), (3, 700), (2000, 1024)] {
        assert_eq!(first_repetition(start, round), start + round);
    }
}

#[test]
fn long_cycle_is_detected_within_three_rounds() {
    for (start, round) in [(0, 1025), (1, 5000), (3000, 40_000)] {
        let found = first_repetition(start, round);
        assert!(found <= 3 * (start + round), "{start} {round}: {found}");
    }
}

#[test]
fn memory_of_seen_pages_is_bounded() {
    let mut seen = Seen::default();
    assert!((0..100_000).all(|cursor: u32| seen.insert(&cursor.to_string())));
    assert_eq!((seen.recent.len(), seen.recent.capacity()), (RECENT, RECENT));
}
