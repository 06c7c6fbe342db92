//! Limits on the memory and work of decoding a body.
//!
//! A few bytes of JSON can become a large value: `{}` can be a large struct. Each body therefore has an account. The
//! deserializer `Counted` and the deserializers of objects and unions charge the account for the memory of the values
//! that they create. Unions also charge the work of trying their variants.
//!
//! - Memory: the decoded value may take [`BYTES_PER_BYTE`] bytes for each byte of the body, plus an allowance of
//!   [`BYTES_PER_LIMIT_BYTE`] bytes for each byte of `max_response_bytes`. The allowance is at least [`MIN_ALLOWANCE`].
//!   A body that needs more memory is an error, [`Exceeded`].
//! - Work of unions: to choose their variants, unions may read [`VALUES_PER_BYTE`] JSON values for each byte of the
//!   body, plus [`MIN_VALUES`]. A union that has not chosen a variant before this number is exceeded becomes the
//!   variant `Unknown`.
//!
//! The account is thread-local, because serde has no way to pass context. Outside of [`account`], nothing is limited:
//! values that users deserialize themselves are their responsibility.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// The default of `max_response_bytes`: 16 MiB.
pub const DEFAULT_MAX_RESPONSE_BYTES: u64 = 16 * 1024 * 1024;

/// The bytes of memory that the decoded value may take for each byte of the body.
const BYTES_PER_BYTE: u64 = 16;

/// The bytes of memory that the decoded value may take for each byte of `max_response_bytes`, in addition to
/// [`BYTES_PER_BYTE`]. Short objects with many optional properties take a hundred times the memory of their JSON, and
/// arrays of several thousand such objects are common.
const BYTES_PER_LIMIT_BYTE: u64 = 8;

/// The minimum number of bytes that `max_response_bytes` adds to the allowed memory.
const MIN_ALLOWANCE: u64 = 64 * 1024 * 1024;

/// The number of JSON values that unions may read while trying their variants, for each byte of the body.
const VALUES_PER_BYTE: u64 = 8;

/// The number of JSON values that unions may read for a body of any length, in addition to [`VALUES_PER_BYTE`].
const MIN_VALUES: u64 = 1_000_000;

/// The number of slots in a node of a `BTreeMap`, all of which are allocated with the first entry.
const MAP_NODE: usize = 11;

/// The number of array elements or map entries after which decoding checks whether its call was dropped.
const CHECK_INTERVAL: usize = 256;

/// The maximum nesting depth of arrays and objects, the same as in `serde_json`. The limit of `serde_json` is not
/// enough, because a union reads its value as a separate JSON document, for which `serde_json` starts counting again.
const MAX_DEPTH: usize = 127;

thread_local! {
    /// The current nesting depth of arrays and objects.
    static DEPTH: Cell<usize> = const { Cell::new(0) };
    static ACCOUNT: Cell<Account> = const { Cell::new(Account::CLOSED) };
    static SETTINGS: RefCell<Settings> = const { RefCell::new(Settings::DEFAULT) };
}

/// The error for a value with more than [`MAX_DEPTH`] nested arrays and objects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooDeep;

impl fmt::Display for TooDeep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("recursion limit exceeded")
    }
}

/// A guard for one level of nesting. Dropping it leaves the array or object.
pub struct Level(());

impl Drop for Level {
    fn drop(&mut self) {
        DEPTH.set(DEPTH.get().saturating_sub(1));
    }
}

/// Enters an array or object. Fails if the nesting would be deeper than [`MAX_DEPTH`].
pub fn enter() -> Result<Level, TooDeep> {
    let depth = DEPTH.get() + 1;
    if depth > MAX_DEPTH {
        return Err(TooDeep);
    }
    DEPTH.set(depth);
    Ok(Level(()))
}

/// The remaining budget of the body that is being decoded.
#[derive(Clone, Copy)]
struct Account {
    is_open: bool,
    bytes: u64,
    /// The number of JSON values that unions may still read.
    #[cfg_attr(not(feature = "unions"), allow(dead_code))]
    values: u64,
    is_exceeded: bool,
    /// The size in bytes of the next value if its memory was already charged, e.g. with an array element; otherwise 0.
    prepaid: usize,
}

impl Account {
    const CLOSED: Self = Self { is_open: false, bytes: 0, values: 0, is_exceeded: false, prepaid: 0 };
}

/// The settings for decoding the bodies of a call.
#[derive(Clone)]
struct Settings {
    max_response_bytes: u64,
    /// A flag that is set when the call is dropped, so that decoding can stop.
    abandoned: Option<Arc<AtomicBool>>,
}

impl Settings {
    const DEFAULT: Self = Self { max_response_bytes: DEFAULT_MAX_RESPONSE_BYTES, abandoned: None };
}

/// The error for a value that would take more memory than allowed, or whose call was dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exceeded;

impl fmt::Display for Exceeded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the decoded value takes more memory than allowed")
    }
}

/// Runs `decode` with the settings of a call: its `max_response_bytes`, and a flag that stops decoding when it is set.
pub fn with_settings<T>(max_response_bytes: u64, abandoned: Option<Arc<AtomicBool>>, decode: impl FnOnce() -> T) -> T {
    let outer = SETTINGS.replace(Settings { max_response_bytes, abandoned });
    let _restore = OnDrop(|| {
        SETTINGS.replace(outer.clone());
    });
    decode()
}

/// Runs `decode` with the budget for a body of this length. Returns [`Exceeded`] if the budget is not enough.
pub fn account<T>(body: usize, decode: impl FnOnce() -> T) -> Result<T, Exceeded> {
    let bytes = memory(body);
    let values = (body as u64).saturating_mul(VALUES_PER_BYTE).saturating_add(MIN_VALUES);
    let outer = ACCOUNT.replace(Account { is_open: true, bytes, values, ..Account::CLOSED });
    let _restore = OnDrop(|| {
        ACCOUNT.set(outer);
    });
    let value = decode();
    // A union may have discarded the error when it tried its variants.
    if ACCOUNT.get().is_exceeded { Err(Exceeded) } else { Ok(value) }
}

/// Returns the maximum memory, in bytes, of the value that is decoded from a body of this length.
pub fn memory(body: usize) -> u64 {
    let limit = SETTINGS.with_borrow(|settings| settings.max_response_bytes);
    let allowance = limit.saturating_mul(BYTES_PER_LIMIT_BYTE).max(MIN_ALLOWANCE);
    (body as u64).saturating_mul(BYTES_PER_BYTE).saturating_add(allowance)
}

/// Charges this many bytes of memory. Fails if the budget is exceeded.
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

/// Returns an error, which stops decoding, if the call was dropped.
fn check_abandoned() -> Result<(), Exceeded> {
    let is_set = |flag: &Arc<AtomicBool>| flag.load(Ordering::Relaxed);
    if !SETTINGS.with_borrow(|settings| settings.abandoned.as_ref().is_some_and(is_set)) {
        return Ok(());
    }
    ACCOUNT.set(Account { bytes: 0, values: 0, is_exceeded: true, ..ACCOUNT.get() });
    Err(Exceeded)
}

/// Returns how many more bytes of memory the decoded value may take. [`restore`] takes this number.
#[cfg(feature = "unions")]
pub fn left() -> u64 {
    ACCOUNT.get().bytes
}

/// Undoes all charges of memory since an earlier call of [`left`] returned this number. The caller has dropped the
/// values that were decoded since then.
#[cfg(feature = "unions")]
pub fn restore(left: u64) {
    let account = ACCOUNT.get();
    if !account.is_exceeded {
        ACCOUNT.set(Account { bytes: left, ..account });
    }
}

/// Gives back this many bytes of memory, which were charged for a value that was dropped.
#[cfg(feature = "unions")]
pub fn give_back(bytes: u64) {
    restore(left().saturating_add(bytes));
}

/// Charges the work of reading this many JSON values when a union tries a variant. Returns whether the budget allows
/// it.
#[cfg(feature = "unions")]
pub fn work(values: usize) -> bool {
    let account = ACCOUNT.get();
    if !account.is_open {
        return true;
    }
    if check_abandoned().is_err() {
        return false;
    }
    let left = account.values.checked_sub(values as u64);
    // After one variant was too much work, all further variants are refused, even if they would be less work.
    ACCOUNT.set(Account { values: left.unwrap_or(0), ..account });
    left.is_some()
}

/// Records that this many bytes were already charged for the next value, so that [`hold`] does not charge it again.
pub fn prepay(bytes: usize) {
    ACCOUNT.set(Account { prepaid: bytes, ..ACCOUNT.get() });
}

/// Charges the memory of a value of type `T`, unless [`prepay`] has recorded that it was already charged. In effect,
/// only boxed values are charged, because all other values are stored in memory that was charged before.
pub fn hold<T>() -> Result<(), Exceeded> {
    let account = ACCOUNT.get();
    ACCOUNT.set(Account { prepaid: 0, ..account });
    if account.prepaid >= size_of::<T>() { Ok(()) } else { charge(size_of::<T>()) }
}

/// The memory charged so far for a growing `Vec`.
pub struct ListMemory {
    len: usize,
    capacity: usize,
}

impl ListMemory {
    /// An empty `Vec`, for which no memory is charged.
    pub const EMPTY: Self = Self { len: 0, capacity: 0 };

    /// Charges the memory of another element of this size, assuming that the capacity doubles when it is exhausted.
    pub fn push(&mut self, size: usize) -> Result<(), Exceeded> {
        self.len += 1;
        if self.len.is_multiple_of(CHECK_INTERVAL) {
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

/// The memory charged so far for a growing `BTreeMap`.
pub struct MapMemory {
    len: usize,
}

impl MapMemory {
    /// An empty map, for which no memory is charged.
    pub const EMPTY: Self = Self { len: 0 };

    /// Charges the memory of another entry with a value of this size. The first entry is charged as a whole node, and
    /// each further entry as two slots, because nodes are at least half full.
    pub fn insert(&mut self, size: usize) -> Result<(), Exceeded> {
        let slots = if self.len == 0 { MAP_NODE } else { 2 };
        self.len += 1;
        if self.len.is_multiple_of(CHECK_INTERVAL) {
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
