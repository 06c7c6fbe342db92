//! Detection of repeated cursors, links and pages, in bounded memory.
//!
//! The most recent cursors or links are all remembered, so that short cycles are detected at once. Of the earlier ones,
//! a single one is kept and replaced at each power of two (Brent's algorithm), so that a cycle of any length is
//! detected within three rounds.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;

use serde::Serialize;

/// The number of remembered hashes: 8 KiB.
const RECENT: usize = 1024;

/// The cursors or links of a listing so far.
#[derive(Debug, Default)]
pub struct Seen {
    /// Their hashes. A false positive occurs about once in 10^16 pages.
    recent: Vec<u64>,
    /// The index of the oldest entry in `recent`.
    oldest: usize,
    /// The one kept for Brent's algorithm, and the number of tokens since.
    anchor: Option<u64>,
    since: u64,
    /// The number of tokens after which the remembered token is replaced; a power of two.
    power: u64,
    /// The hash of the items of the last page.
    page: Option<u64>,
}

impl Seen {
    /// Records a cursor or link. Returns false if it was seen before.
    pub fn insert(&mut self, text: &str) -> bool {
        let mut hasher = DefaultHasher::new();
        text.hash(&mut hasher);
        let hash = hasher.finish();
        if self.anchor == Some(hash) || self.recent.contains(&hash) {
            return false;
        }
        match self.recent.get_mut(self.oldest) {
            Some(oldest) => *oldest = hash,
            None => self.recent.push(hash),
        }
        self.oldest = (self.oldest + 1) % RECENT;
        self.since += 1;
        if self.since >= self.power {
            self.anchor = Some(hash);
            self.since = 0;
            self.power = self.power.saturating_mul(2).max(1);
        }
        true
    }

    /// Records a page. Returns false if it equals the last one.
    pub fn insert_page<T: Serialize>(&mut self, items: &[T]) -> bool {
        let hash = hash_of(items);
        let repeated = hash.is_some() && self.page == hash;
        self.page = hash;
        !repeated
    }
}

/// Returns the hash of a value's JSON, without storing the JSON.
fn hash_of<T: Serialize>(value: &[T]) -> Option<u64> {
    struct Hashing(DefaultHasher);

    impl io::Write for Hashing {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.write(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    let mut hashing = Hashing(DefaultHasher::new());
    serde_json::to_writer(&mut hashing, value).ok()?;
    Some(hashing.0.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the number of tokens until the first repetition, for a listing that cycles after `start`.
    fn first_repetition(start: u64, round: u64) -> u64 {
        let mut seen = Seen::default();
        let place = |at: u64| if at < start { at } else { start + (at - start) % round };
        (0..4 * (start + round)).find(|at| !seen.insert(&format!("cursor {}", place(*at)))).unwrap()
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
    fn memory_is_bounded() {
        let mut seen = Seen::default();
        assert!((0..100_000).all(|cursor: u32| seen.insert(&cursor.to_string())));
        assert_eq!((seen.recent.len(), seen.recent.capacity()), (RECENT, RECENT));
    }
}
