//! Newtypes of integers whose bits are flags.
//!
//! The macro `flags!` adds bit operations, serde implementations (as a number) and a `Debug` implementation (with
//! names) to a generated newtype.

use std::fmt;

/// Writes a flags value as `Name(A | B | 0x40)`: known bits by name, unknown bits in hexadecimal.
///
/// # Errors
///
/// The formatter returned an error.
pub fn debug_flags(f: &mut fmt::Formatter<'_>, name: &str, bits: i128, known: &[(&str, i128)]) -> fmt::Result {
    let mut left = bits;
    let mut first = true;
    let mut write = |f: &mut fmt::Formatter<'_>, text: &str| {
        let separator = if std::mem::take(&mut first) { "" } else { " | " };
        write!(f, "{separator}{text}")
    };
    write!(f, "{name}(")?;
    for (flag, value) in known {
        // A flag with the value 0 is written only if no bit is set.
        if (*value == 0 && bits == 0) || (*value != 0 && bits & value == *value) {
            write(f, flag)?;
            left &= !value;
        }
    }
    if left != 0 {
        write(f, &format!("{left:#x}"))?;
    }
    if first {
        f.write_str("0")?;
    }
    f.write_str(")")
}

/// Implements the methods and traits of a flags newtype: `flags! { Name, i32, (CONSTANT, 1), … }`.
// Unused if a spec has no flags.
#[allow(unused_macros)]
#[cfg_attr(feature = "shared", macro_export, doc(hidden))]
macro_rules! flags {
    ($name:ty, $repr:ty $(, ($constant:ident, $bits:literal))* $(,)?) => {
        impl $name {
            /// Returns the flags as a number, as they are serialized.
            pub const fn bits(self) -> $repr {
                self.0
            }

            /// Creates flags from a number; bits that the spec does not define are preserved.
            pub const fn from_bits(bits: $repr) -> Self {
                Self(bits)
            }

            /// Returns whether all bits of `other` are set.
            pub const fn contains(self, other: Self) -> bool {
                self.0 & other.0 == other.0
            }

            /// Returns whether no bit is set.
            pub const fn is_empty(self) -> bool {
                self.0 == 0
            }
        }

        impl ::std::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                let known: &[(&str, i128)] = &[$((stringify!($constant), $bits)),*];
                $crate::runtime::debug_flags(f, stringify!($name), ::std::convert::From::from(self.0), known)
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                ::std::fmt::Display::fmt(&self.0, f)
            }
        }

        impl ::std::ops::BitOr for $name {
            type Output = Self;

            fn bitor(self, other: Self) -> Self {
                Self(self.0 | other.0)
            }
        }

        impl ::std::ops::BitOrAssign for $name {
            fn bitor_assign(&mut self, other: Self) {
                self.0 |= other.0;
            }
        }

        impl ::std::ops::BitAnd for $name {
            type Output = Self;

            fn bitand(self, other: Self) -> Self {
                Self(self.0 & other.0)
            }
        }

        impl ::std::convert::From<$repr> for $name {
            fn from(bits: $repr) -> Self {
                Self(bits)
            }
        }

        impl ::std::convert::From<$name> for $repr {
            fn from(flags: $name) -> Self {
                flags.0
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> ::std::result::Result<S::Ok, S::Error> {
                ::serde::Serialize::serialize(&self.0, serializer)
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> ::std::result::Result<Self, D::Error> {
                <$repr as ::serde::Deserialize>::deserialize(deserializer).map(Self)
            }
        }
    };
}

// Unused if a spec has no flags.
#[allow(unused_imports)]
pub(crate) use flags;
