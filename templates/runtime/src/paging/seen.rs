//! Detection of repeated cursors, links and pages, in bounded memory.
//!
//! "Token" means a cursor or link. The hashes of the 1024 most recent tokens are stored, so that cycles of up to this
//! length are detected at the first repetition. For longer cycles, the hash of one older token, the anchor, is stored.
//! The anchor is replaced when the number of tokens since the last replacement reaches the next power of two (Brent's
//! algorithm). A cycle of any length is therefore detected, at the latest after three times as many tokens as there are
//! different tokens.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;

use serde::Serialize;

/// The number of stored hashes of recent tokens. They use 8 KiB.
pub(crate) const RECENT: usize = 1024;

/// The hashes of the tokens and of the last page of a listing so far.
#[derive(Debug, Default)]
pub struct Seen {
    /// The hashes of recent tokens. Two different tokens have the same hash about once in 10^16 pages.
    pub(crate) recent: Vec<u64>,
    /// The index of the oldest entry in `recent`.
    oldest: usize,
    /// The hash of the anchor of Brent's algorithm.
    anchor: Option<u64>,
    /// The number of tokens since the anchor was set.
    since: u64,
    /// The number of tokens after which the anchor is replaced; a power of two.
    power: u64,
    /// The hash of the items of the last page.
    page: Option<u64>,
}

impl Seen {
    /// Records a token. Returns false if the hash of the token was already stored.
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

    /// Records a page. Returns false if its items equal those of the previous page.
    pub fn insert_page<T: Serialize>(&mut self, items: &[T]) -> bool {
        let hash = hash_of(items);
        let repeated = hash.is_some() && self.page == hash;
        self.page = hash;
        !repeated
    }
}

/// Returns the hash of the JSON of a list of items, without storing the JSON.
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
