//! Measures how well a decoded value matches its type, to compare the variants of a union.
//!
//! Enums, unions and objects preserve values that the spec does not define. Each such value is counted in a
//! thread-local tally, since serde passes no state to nested values. A union decodes each variant within [`taken`] and
//! prefers the variant with the smallest tally.

use std::cell::Cell;

/// The counts for a decoded value. A smaller tally is a better match.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tally {
    /// The number of undefined values: unknown values of enums and unions, and values that a property does not allow.
    pub undefined: usize,
    /// The number of preserved properties without a definition.
    pub unnamed: usize,
}

thread_local! {
    static TALLY: Cell<Tally> = const { Cell::new(Tally { undefined: 0, unnamed: 0 }) };
    /// Whether a union uses the tally to compare variants.
    static IS_TAKEN: Cell<bool> = const { Cell::new(false) };
}

/// Counts a value that its type does not define.
pub fn note_undefined() {
    let tally = TALLY.get();
    TALLY.set(Tally { undefined: tally.undefined.saturating_add(1), ..tally });
}

/// Counts a value if a test shows that its type does not define it. The test is skipped if no union uses the tally.
pub fn note_unless(is_defined: impl FnOnce() -> bool) {
    if IS_TAKEN.get() && !is_defined() {
        note_undefined();
    }
}

/// Counts a preserved property without a definition.
pub fn note_unnamed() {
    let tally = TALLY.get();
    TALLY.set(Tally { unnamed: tally.unnamed.saturating_add(1), ..tally });
}

/// Decodes a value and returns its tally, without adding it to the tally of the surrounding value.
pub fn taken<T>(decode: impl FnOnce() -> T) -> (T, Tally) {
    let outer = (TALLY.replace(Tally::default()), IS_TAKEN.replace(true));
    let value = decode();
    IS_TAKEN.set(outer.1);
    (value, TALLY.replace(outer.0))
}

/// Adds the tally of the chosen variant to that of the surrounding value.
pub fn add(chosen: Tally) {
    let tally = TALLY.get();
    TALLY.set(Tally {
        undefined: tally.undefined.saturating_add(chosen.undefined),
        unnamed: tally.unnamed.saturating_add(chosen.unnamed),
    });
}

/// Returns the only allowed value for a missing property. A variant of a union that has the property matches better.
// Unused if no property has a single allowed value.
#[allow(dead_code)]
pub fn only<T>(value: T) -> Option<T> {
    note_undefined();
    Some(value)
}

/// A value that can be compared to the allowed values of a property.
pub trait Allowed {
    /// Returns whether this is the given value, written as JSON. An absent or `null` property matches every value.
    fn is(&self, json: &str) -> bool;
}

/// Counts a property whose value is not among the allowed ones.
// Unused if no property is restricted.
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
