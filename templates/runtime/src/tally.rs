//! How well a decoded value matches its type: a count that unions compare their variants by.
//!
//! Enums, unions and objects decode values that the API does not define. Each such value is noted here, on the thread that
//! decodes, since serde passes nothing on. A union reads a variant within [`taken`] and prefers the variant with the
//! smaller tally.

use std::cell::Cell;

/// What was noted while a value was decoded. A smaller tally is a better match.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tally {
    /// The number of values that the type does not define: unknown values of enums and unions, and values other than
    /// those that a property allows.
    pub undefined: usize,
    /// The number of properties that were kept without a definition of their own.
    pub unnamed: usize,
}

thread_local! {
    static TALLY: Cell<Tally> = const { Cell::new(Tally { undefined: 0, unnamed: 0 }) };
    /// Whether a union compares variants by the tally.
    static IS_TAKEN: Cell<bool> = const { Cell::new(false) };
}

/// Notes a value that its type does not define.
pub fn note_undefined() {
    let tally = TALLY.get();
    TALLY.set(Tally { undefined: tally.undefined.saturating_add(1), ..tally });
}

/// Notes a value that a test shows not to be what its type defines. The test is skipped where nothing compares tallies.
pub fn note_unless(is_defined: impl FnOnce() -> bool) {
    if IS_TAKEN.get() && !is_defined() {
        note_undefined();
    }
}

/// Notes a property that is kept without a definition of its own.
pub fn note_unnamed() {
    let tally = TALLY.get();
    TALLY.set(Tally { unnamed: tally.unnamed.saturating_add(1), ..tally });
}

/// Decodes a value, and returns what was noted of it instead of adding it to the tally of the value around it.
pub fn taken<T>(decode: impl FnOnce() -> T) -> (T, Tally) {
    let outer = (TALLY.replace(Tally::default()), IS_TAKEN.replace(true));
    let value = decode();
    IS_TAKEN.set(outer.1);
    (value, TALLY.replace(outer.0))
}

/// Adds the tally of a variant that was chosen to that of the value around it.
pub fn add(chosen: Tally) {
    let tally = TALLY.get();
    TALLY.set(Tally {
        undefined: tally.undefined.saturating_add(chosen.undefined),
        unnamed: tally.unnamed.saturating_add(chosen.unnamed),
    });
}

/// Fills in a missing property that has only one value. A variant of a union that has the property matches better.
// Unused where no property has only one value.
#[allow(dead_code)]
pub fn only<T>(value: T) -> Option<T> {
    note_undefined();
    Some(value)
}

/// A value that may be one of the values that a property allows.
pub trait Allowed {
    /// Whether it is this value, written as JSON; a property that is absent or `null` is any value.
    fn is(&self, json: &str) -> bool;
}

/// Notes a property whose value is none of those that it allows.
// Unused where no property is restricted.
#[allow(dead_code)]
pub fn check<T: Allowed>(value: &T, allowed: &[&str]) {
    if !allowed.iter().any(|json| value.is(json)) {
        note_undefined();
    }
}

impl Allowed for bool {
    fn is(&self, json: &str) -> bool {
        json.parse() == Ok(*self)
    }
}

impl Allowed for f64 {
    fn is(&self, json: &str) -> bool {
        json.parse() == Ok(*self)
    }
}

macro_rules! integers {
    ($($ty:ty)*) => {
        $(impl Allowed for $ty {
            fn is(&self, json: &str) -> bool {
                json.parse() == Ok(*self)
            }
        })*
    };
}

integers! { i8 i16 i32 i64 i128 u8 u16 u32 u64 }

impl Allowed for super::Decimal {
    fn is(&self, json: &str) -> bool {
        self.as_str() == json || json.parse() == Ok(self.to_f64())
    }
}

impl<T: Allowed> Allowed for Option<T> {
    fn is(&self, json: &str) -> bool {
        self.as_ref().is_none_or(|value| value.is(json))
    }
}

impl<T: Allowed> Allowed for super::Maybe<T> {
    fn is(&self, json: &str) -> bool {
        self.as_option().is_none_or(|value| value.is(json))
    }
}
