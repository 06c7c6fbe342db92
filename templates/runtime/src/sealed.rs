//! Seals the traits that only generated code and the runtime implement, so that methods can be added to them.

use std::collections::BTreeMap;

use super::maybe::Maybe;

/// A type in generated code or in the runtime.
pub trait Sealed {}

macro_rules! sealed {
    ($($ty:ty)*) => {
        $(impl Sealed for $ty {})*
    };
}

sealed! { bool f64 i8 i16 i32 i64 i128 u8 u16 u32 u64 }

impl<T> Sealed for Option<T> {}

impl<T> Sealed for Maybe<T> {}

impl<T> Sealed for Vec<T> {}

impl<K, T> Sealed for BTreeMap<K, T> {}
