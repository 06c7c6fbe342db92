//! Determines the range of integers from their formats and bounds.

use crate::ir::IntegerFormat;
use crate::source::Number;
use crate::spec::{Bound, Bounds};

use super::parts::Part;

/// Returns the integer format with this name. Some documents of Swagger 2.0 write the type before the format:
/// `number/uint64`.
pub(super) fn named_format(name: &str) -> Option<IntegerFormat> {
    Some(match name.rsplit('/').next().unwrap_or(name) {
        "int8" => IntegerFormat::Int8,
        "int16" => IntegerFormat::Int16,
        "int32" => IntegerFormat::Int32,
        "int64" => IntegerFormat::Int64,
        "int128" => IntegerFormat::Int128,
        "uint8" => IntegerFormat::UInt8,
        "uint16" => IntegerFormat::UInt16,
        "uint32" | "u-int32" => IntegerFormat::UInt32,
        "uint64" | "u-int64" => IntegerFormat::UInt64,
        _ => return None,
    })
}

/// Returns the format of an integer: the format that its schemas specify, or a larger format if their bounds require
/// it.
pub(super) fn integer_format(parts: &[Part<'_>]) -> IntegerFormat {
    let named = parts.iter().rev().find_map(|part| named_format(part.schema.format()?));
    let format = named.unwrap_or(IntegerFormat::Int64);
    let bounds = |bound: fn(&Bounds) -> Option<&Bound>| {
        parts.iter().filter_map(move |part| integer(&bound(part.schema.bounds.as_deref()?)?.number))
    };
    let least = bounds(|bounds| bounds.minimum.as_ref()).max().unwrap_or(0);
    let most = bounds(|bounds| bounds.maximum.as_ref()).min().unwrap_or(least.max(0));
    // The formats `int64` and `uint64` are kept, even if a bound exceeds their range.
    let is_wide = matches!(named, Some(IntegerFormat::Int64 | IntegerFormat::UInt64));
    if is_wide || format.holds(least) && format.holds(most) { format } else { IntegerFormat::of_range(least, most) }
}

/// Returns whether an integer without a format has a bound that does not fit into 128 bits.
pub(super) fn exceeds_128_bits(parts: &[Part<'_>]) -> bool {
    let is_beyond = |bound: &Bound| {
        let magnitude = bound.number.text.parse().map_or(0.0, f64::abs);
        magnitude >= i128::MAX as f64 && magnitude.is_finite()
    };
    let has_format = parts.iter().any(|part| part.schema.format().and_then(named_format).is_some());
    let bounds = parts.iter().filter_map(|part| part.schema.bounds.as_deref());
    let mut bounds = bounds.flat_map(|bounds| [&bounds.minimum, &bounds.maximum]).flatten();
    !has_format && bounds.any(is_beyond)
}

/// Returns the value of an integer. Also accepts integers in floating-point notation, e.g. `1.8446744073709552e19`.
pub(super) fn integer(number: &Number) -> Option<i128> {
    number.text.parse().ok().or_else(|| {
        let float: f64 = number.text.parse().ok()?;
        // The cast is exact: floats of this size are integers.
        (float.fract() == 0.0 && float.abs() < 1e38).then_some(float as i128)
    })
}

impl IntegerFormat {
    /// Returns the least and the greatest value.
    pub(crate) fn range(self) -> (i128, i128) {
        match self {
            Self::Int8 => (i8::MIN.into(), i8::MAX.into()),
            Self::Int16 => (i16::MIN.into(), i16::MAX.into()),
            Self::Int32 => (i32::MIN.into(), i32::MAX.into()),
            Self::Int64 => (i64::MIN.into(), i64::MAX.into()),
            Self::Int128 => (i128::MIN, i128::MAX),
            Self::UInt8 => (0, u8::MAX.into()),
            Self::UInt16 => (0, u16::MAX.into()),
            Self::UInt32 => (0, u32::MAX.into()),
            Self::UInt64 => (0, u64::MAX.into()),
        }
    }

    /// Returns whether a value fits into the format.
    pub(crate) fn holds(self, value: i128) -> bool {
        let (least, most) = self.range();
        (least..=most).contains(&value)
    }

    /// Returns the smallest format of at least 64 bits that contains a range. Bounds may be rounded to floats: a
    /// maximum of 2^64 still fits into `uint64`.
    pub(super) fn of_range(least: i128, most: i128) -> Self {
        const ROUNDED: i128 = 2048;
        let fits = |format: &Self| {
            let (lowest, highest) = format.range();
            least >= lowest - ROUNDED * i128::from(lowest < 0) && most <= highest + ROUNDED
        };
        [Self::Int64, Self::UInt64].into_iter().find(fits).unwrap_or(Self::Int128)
    }
}
