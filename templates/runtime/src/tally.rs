//! Counts the values in decoded JSON that the Rust type does not define, such as unknown enum values. A union selects
//! the variant with the fewest such values.
//!
//! Enums, unions and objects preserve values that the spec does not define, so that decoding a wrong variant may
//! succeed. Each undefined value is counted in a thread-local tally, since serde passes no state to nested values. A
//! union decodes each variant within `taken` and prefers the variant with the smallest tally.

use std::cell::Cell;

use super::sealed::Sealed;

/// The numbers of undefined values and properties in a decoded value. A smaller tally is a better match.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tally {
    /// The number of undefined values: unknown values of enums and unions, and values that a property does not allow.
    pub undefined: usize,
    /// The number of additional properties, which the type preserves but does not define.
    pub unnamed: usize,
}

thread_local! {
    /// The tally of the value that is being decoded.
    static TALLY: Cell<Tally> = const { Cell::new(Tally { undefined: 0, unnamed: 0 }) };
    /// Whether a union will use the tally to compare variants.
    static IS_TAKEN: Cell<bool> = const { Cell::new(false) };
}

/// Counts an undefined value.
pub fn note_undefined() {
    let tally = TALLY.get();
    TALLY.set(Tally { undefined: tally.undefined.saturating_add(1), ..tally });
}

/// Counts an undefined value if `is_defined` returns false. The check is skipped if no union uses the tally.
#[cfg(any(feature = "dates", feature = "encoded"))]
pub fn note_unless(is_defined: impl FnOnce() -> bool) {
    if IS_TAKEN.get() && !is_defined() {
        note_undefined();
    }
}

/// Counts an additional property.
pub fn note_unnamed() {
    let tally = TALLY.get();
    TALLY.set(Tally { unnamed: tally.unnamed.saturating_add(1), ..tally });
}

/// Decodes a value and returns it with its tally, which is not added to the tally of the surrounding value.
#[cfg(any(feature = "text", feature = "unions"))]
pub fn taken<T>(decode: impl FnOnce() -> T) -> (T, Tally) {
    let outer = (TALLY.replace(Tally::default()), IS_TAKEN.replace(true));
    let value = decode();
    IS_TAKEN.set(outer.1);
    (value, TALLY.replace(outer.0))
}

/// Adds the tally of a chosen variant to the tally of the surrounding value.
#[cfg(any(feature = "text", feature = "unions"))]
pub fn add(chosen: Tally) {
    let tally = TALLY.get();
    TALLY.set(Tally {
        undefined: tally.undefined.saturating_add(chosen.undefined),
        unnamed: tally.unnamed.saturating_add(chosen.unnamed),
    });
}

/// Returns `value`, the only value that the spec allows for a property. Called if the property is missing in a JSON
/// object. Also counts an undefined value, so that a union prefers a variant that does not define the property.
// Unused if no property has a single allowed value.
#[allow(dead_code)]
pub fn only<T>(value: T) -> Option<T> {
    note_undefined();
    Some(value)
}

/// A value that can be compared to the allowed values of a property.
pub trait Allowed: Sealed {
    /// Returns whether this value equals `json`, one of the allowed values as JSON. Always returns true if this value
    /// is absent or `null`.
    fn is(&self, json: &str) -> bool;
}

/// Counts an undefined value if the value of a property is not one of the `allowed` values, which are written as JSON.
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

#[cfg(feature = "decimals")]
impl Sealed for super::Decimal {}

#[cfg(feature = "decimals")]
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
