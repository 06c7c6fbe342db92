//! The memory and the work that decoding one body may take.
//!
//! A few bytes of JSON can become a large value: `{}` is a whole struct. So decoding keeps an account for each body.
//! `Counted`, objects and unions charge it with the memory of the values that they make, and
//! unions with the work of trying their variants.
//!
//! - Memory: [`BYTES_PER_BYTE`] for each byte of the body, and [`BYTES_PER_LIMIT_BYTE`] for each byte of
//!   `max_response_bytes`, at least [`MIN_ALLOWANCE`]. A body that needs more is an error, [`Exceeded`].
//! - Work of unions: [`VALUES_PER_BYTE`] for each byte of the body, and [`MIN_VALUES`]. What is not decided by then
//!   becomes the variant `Unknown`.
//!
//! The account belongs to the thread, since serde passes nothing on. Outside of [`account`], nothing is limited: what a
//! caller decodes without this crate is the caller's own.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// The default of `max_response_bytes`: 16 MiB.
pub const DEFAULT_MAX_RESPONSE_BYTES: u64 = 16 * 1024 * 1024;

/// The memory that each byte of the body may become.
const BYTES_PER_BYTE: u64 = 16;

/// The memory that any body may become in addition, for each byte of `max_response_bytes`: short objects of many
/// optional properties take a hundred times the memory of their text, and lists of some thousands of them are common.
const BYTES_PER_LIMIT_BYTE: u64 = 8;

/// The least of that addition.
const MIN_ALLOWANCE: u64 = 64 * 1024 * 1024;

/// How many JSON values, for each byte of the body, unions may read in trials.
const VALUES_PER_BYTE: u64 = 8;

/// How many JSON values unions may read in trials in any case.
const MIN_VALUES: u64 = 1_000_000;

/// The slots of a node of a `BTreeMap`, all of which are allocated with the first entry.
const MAP_NODE: usize = 11;

/// How many elements of a list or entries of a map are read between two looks at whether anybody waits for them.
const BETWEEN_CHECKS: usize = 256;

/// How many arrays and objects may be within each other: as many as `serde_json` reads. A union reads its value from a text
/// of its own, whose levels `serde_json` counts anew.
const MAX_DEPTH: usize = 127;

thread_local! {
    /// How many arrays and objects the value that is being read is within.
    static DEPTH: Cell<usize> = const { Cell::new(0) };
    static ACCOUNT: Cell<Account> = const { Cell::new(Account::CLOSED) };
    static SETTINGS: RefCell<Settings> = const { RefCell::new(Settings::DEFAULT) };
}

/// The value nests more arrays and objects than allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooDeep;

impl fmt::Display for TooDeep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("recursion limit exceeded")
    }
}

/// An array or object whose elements or properties are being read.
pub struct Level(());

impl Drop for Level {
    fn drop(&mut self) {
        DEPTH.set(DEPTH.get().saturating_sub(1));
    }
}

/// Begins to read an array or an object.
pub fn enter() -> Result<Level, TooDeep> {
    let depth = DEPTH.get() + 1;
    if depth > MAX_DEPTH {
        return Err(TooDeep);
    }
    DEPTH.set(depth);
    Ok(Level(()))
}

/// What is left of the budget of the body that is being decoded.
#[derive(Clone, Copy)]
struct Account {
    is_open: bool,
    bytes: u64,
    values: u64,
    is_exceeded: bool,
    /// The size of the place that the next value is put in, which has been charged.
    prepaid: usize,
}

impl Account {
    const CLOSED: Self = Self { is_open: false, bytes: 0, values: 0, is_exceeded: false, prepaid: 0 };
}

/// What the bodies of a call are decoded with.
#[derive(Clone)]
struct Settings {
    max_response_bytes: u64,
    /// Set once nobody waits for the value any more.
    abandoned: Option<Arc<AtomicBool>>,
}

impl Settings {
    const DEFAULT: Self = Self { max_response_bytes: DEFAULT_MAX_RESPONSE_BYTES, abandoned: None };
}

/// The body would become a larger value than allowed, or nobody waits for it any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exceeded;

impl fmt::Display for Exceeded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the decoded value takes more memory than allowed")
    }
}

/// Decodes with the settings of a call: its `max_response_bytes`, and a flag that stops decoding early.
pub fn with_settings<T>(max_response_bytes: u64, abandoned: Option<Arc<AtomicBool>>, decode: impl FnOnce() -> T) -> T {
    let outer = SETTINGS.replace(Settings { max_response_bytes, abandoned });
    let _restore = OnDrop(|| {
        SETTINGS.replace(outer.clone());
    });
    decode()
}

/// Decodes a body of this many bytes within the budget that it has, which [`Exceeded`] says was not enough.
pub fn account<T>(body: usize, decode: impl FnOnce() -> T) -> Result<T, Exceeded> {
    let bytes = memory(body);
    let values = (body as u64).saturating_mul(VALUES_PER_BYTE).saturating_add(MIN_VALUES);
    let outer = ACCOUNT.replace(Account { is_open: true, bytes, values, ..Account::CLOSED });
    let _restore = OnDrop(|| {
        ACCOUNT.set(outer);
    });
    let value = decode();
    // A trial may have passed the error over.
    if ACCOUNT.get().is_exceeded { Err(Exceeded) } else { Ok(value) }
}

/// The most bytes of memory that the value of a body of this many bytes may take.
pub fn memory(body: usize) -> u64 {
    let limit = SETTINGS.with_borrow(|settings| settings.max_response_bytes);
    let allowance = limit.saturating_mul(BYTES_PER_LIMIT_BYTE).max(MIN_ALLOWANCE);
    (body as u64).saturating_mul(BYTES_PER_BYTE).saturating_add(allowance)
}

/// Takes this many bytes of memory.
pub fn charge(bytes: usize) -> Result<(), Exceeded> {
    let mut account = ACCOUNT.get();
    if !account.is_open || bytes == 0 {
        return Ok(());
    }
    match account.bytes.checked_sub(bytes as u64) {
        Some(left) => account.bytes = left,
        None => (account.bytes, account.is_exceeded) = (0, true),
    }
    ACCOUNT.set(account);
    if account.is_exceeded { Err(Exceeded) } else { Ok(()) }
}

/// Ends decoding where nobody waits for the value any more.
fn check_abandoned() -> Result<(), Exceeded> {
    let is_set = |flag: &Arc<AtomicBool>| flag.load(Ordering::Relaxed);
    if !SETTINGS.with_borrow(|settings| settings.abandoned.as_ref().is_some_and(is_set)) {
        return Ok(());
    }
    ACCOUNT.set(Account { bytes: 0, values: 0, is_exceeded: true, ..ACCOUNT.get() });
    Err(Exceeded)
}

/// How much memory is left; for [`restore`].
pub fn left() -> u64 {
    ACCOUNT.get().bytes
}

/// Gives back the memory of values that were dropped: as much is left as was then.
pub fn restore(left: u64) {
    let account = ACCOUNT.get();
    if !account.is_exceeded {
        ACCOUNT.set(Account { bytes: left, ..account });
    }
}

/// Gives back the memory of a value that was dropped.
pub fn give_back(bytes: u64) {
    restore(left().saturating_add(bytes));
}

/// Takes the work of reading this many JSON values in a trial; `false` where it is too much.
pub fn work(values: usize) -> bool {
    let account = ACCOUNT.get();
    if !account.is_open {
        return true;
    }
    if check_abandoned().is_err() {
        return false;
    }
    let left = account.values.checked_sub(values as u64);
    // What has failed once is not tried with less.
    ACCOUNT.set(Account { values: left.unwrap_or(0), ..account });
    left.is_some()
}

/// Says that the value which is read next is put in a place of this size, which has been charged.
pub fn prepay(bytes: usize) {
    ACCOUNT.set(Account { prepaid: bytes, ..ACCOUNT.get() });
}

/// Charges the memory of a value, unless the place that it is put in has been charged: only a box has not.
pub fn hold<T>() -> Result<(), Exceeded> {
    let account = ACCOUNT.get();
    ACCOUNT.set(Account { prepaid: 0, ..account });
    if account.prepaid >= size_of::<T>() { Ok(()) } else { charge(size_of::<T>()) }
}

/// The memory of a growing list of values of this size.
pub struct ListMemory {
    len: usize,
    capacity: usize,
}

impl ListMemory {
    /// That of an empty list.
    pub const EMPTY: Self = Self { len: 0, capacity: 0 };

    /// Charges the memory of another element: as `Vec` grows, to twice its capacity.
    pub fn push(&mut self, size: usize) -> Result<(), Exceeded> {
        self.len += 1;
        if self.len.is_multiple_of(BETWEEN_CHECKS) {
            check_abandoned()?;
        }
        if self.len <= self.capacity {
            return Ok(());
        }
        let least = if size <= 1024 { 4 } else { 1 };
        let capacity = self.capacity.saturating_mul(2).max(least);
        let growth = capacity - self.capacity;
        self.capacity = capacity;
        charge(growth.saturating_mul(size))
    }
}

/// The memory of a growing map.
pub struct MapMemory {
    len: usize,
}

impl MapMemory {
    /// That of an empty map.
    pub const EMPTY: Self = Self { len: 0 };

    /// Charges the memory of another entry, whose value has this size: the first fills a node, and nodes are at least
    /// half full.
    pub fn insert(&mut self, size: usize) -> Result<(), Exceeded> {
        let slots = if self.len == 0 { MAP_NODE } else { 2 };
        self.len += 1;
        if self.len.is_multiple_of(BETWEEN_CHECKS) {
            check_abandoned()?;
        }
        charge(size.saturating_add(size_of::<String>()).saturating_mul(slots))
    }
}

struct OnDrop<F: FnMut()>(F);

impl<F: FnMut()> Drop for OnDrop<F> {
    fn drop(&mut self) {
        (self.0)();
    }
}
