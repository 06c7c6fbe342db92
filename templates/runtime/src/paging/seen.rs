//! What has been seen of a listing, in bounded memory.
//!
//! In: each cursor or link that a server gives, and the items of each page. Out: whether a cursor or link was given before,
//! and whether a page is the last one again. The last cursors are all remembered, so that a short circle is found at once;
//! of the earlier ones a single one is kept, moved on at each power of two (Brent's algorithm), so that a circle of any
//! length is found within three rounds of it.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;

use serde::Serialize;

/// How many are remembered: 8 KiB, whatever the length of the listing.
const RECENT: usize = 1024;

/// The cursors or links of a listing so far.
#[derive(Debug, Default)]
pub struct Seen {
    /// Their hashes. Two different ones look alike once in some 10^16 pages.
    recent: Vec<u64>,
    /// Where in `recent` the oldest is.
    oldest: usize,
    /// The one that is kept, and how many came since.
    anchor: Option<u64>,
    since: u64,
    /// After how many the next is kept in its place.
    power: u64,
    /// The hash of the last page's items.
    page: Option<u64>,
}

impl Seen {
    /// Takes note of one; false where it has been there before.
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

    /// Takes note of a page; false where it is the last one again.
    pub fn insert_page<T: Serialize>(&mut self, items: &[T]) -> bool {
        let hash = hash_of(items);
        let repeated = hash.is_some() && self.page == hash;
        self.page = hash;
        !repeated
    }
}

/// The hash of a value as JSON, which is never kept.
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

    /// How many are taken before one is known again, of a listing that goes round after `start`.
    fn found(start: u64, round: u64) -> u64 {
        let mut seen = Seen::default();
        let place = |at: u64| if at < start { at } else { start + (at - start) % round };
        (0..4 * (start + round)).find(|at| !seen.insert(&format!("cursor {}", place(*at)))).unwrap()
    }

    #[test]
    fn a_short_circle_is_found_at_its_first_repetition() {
        for (start, round) in [(0, 1), (0, 2), (5, 1), (3, 700), (2000, 1024)] {
            assert_eq!(found(start, round), start + round);
        }
    }

    #[test]
    fn a_long_circle_is_found_within_three_rounds() {
        for (start, round) in [(0, 1025), (1, 5000), (3000, 40_000)] {
            let found = found(start, round);
            assert!(found <= 3 * (start + round), "{start} {round}: {found}");
        }
    }

    #[test]
    fn a_hundred_thousand_take_the_memory_of_a_thousand() {
        let mut seen = Seen::default();
        assert!((0..100_000).all(|cursor: u32| seen.insert(&cursor.to_string())));
        assert_eq!((seen.recent.len(), seen.recent.capacity()), (RECENT, RECENT));
    }
}
