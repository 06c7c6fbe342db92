//! Open enums: generated enums with a variant `Unknown` for values that the spec does not list.
//!
//! `string_enum!` and `integer_enum!` implement conversions, serde's traits and `Display` for a generated enum. Only
//! this crate can create the content of `Unknown`, so that a value that has a variant is never represented as
//! `Unknown`.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserializer, Visitor};

/// A string that the spec does not list among the values of an enum; serialized unchanged.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnknownValue(String);

impl UnknownValue {
    #[doc(hidden)]
    pub fn new(text: String) -> Self {
        Self(text)
    }

    /// Returns the string, unchanged.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for UnknownValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An integer that the spec does not list among the values of an enum; serialized unchanged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnknownInteger(i128);

impl UnknownInteger {
    #[doc(hidden)]
    pub fn new(value: impl Into<i128>) -> Self {
        Self(value.into())
    }

    /// Returns the integer. An `i128` can represent all values of the integer types that enums use.
    pub fn value(self) -> i128 {
        self.0
    }
}

impl fmt::Display for UnknownInteger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Deserializes a string enum. Strings without a variant become `Unknown`.
///
/// # Errors
///
/// The input is not a string.
pub fn deserialize_string_enum<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: From<String> + for<'a> From<&'a str>,
{
    struct Text<T>(PhantomData<T>);

    impl<T: From<String> + for<'a> From<&'a str>> Visitor<'_> for Text<T> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a string")
        }

        fn visit_str<E>(self, text: &str) -> Result<T, E> {
            Ok(T::from(text))
        }

        fn visit_string<E>(self, text: String) -> Result<T, E> {
            Ok(T::from(text))
        }
    }

    // Requested as an identifier, because the deserializer `text::Text` removes a final line break only from
    // identifiers. In JSON, an identifier is the same as a string.
    deserializer.deserialize_identifier(Text(PhantomData))
}

/// Implements the conversions of a string enum: `string_enum! { Name, (Variant, "wire value"), … }`.
// Unused if the spec has no string enum.
#[allow(unused_macros)]
#[cfg_attr(feature = "shared", macro_export, doc(hidden))]
macro_rules! string_enum {
    ($name:ty $(, ($variant:ident, $wire:literal))* $(,)?) => {
        impl $name {
            /// The values that the API definition lists, in the same order. Comparisons use this order too; other
            /// values are greater.
            pub const VALUES: &'static [Self] = &[$(Self::$variant),*];

            /// Returns the string as it appears in JSON, headers or the URL.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $wire,)*
                    Self::Unknown(unknown) => unknown.as_str(),
                }
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl ::std::convert::AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl ::std::cmp::PartialEq<str> for $name {
            fn eq(&self, text: &str) -> bool {
                self.as_str() == text
            }
        }

        impl ::std::cmp::PartialEq<::std::string::String> for $name {
            fn eq(&self, text: &::std::string::String) -> bool {
                self.as_str() == text
            }
        }

        impl ::std::cmp::PartialEq<&str> for $name {
            fn eq(&self, text: &&str) -> bool {
                self.as_str() == *text
            }
        }

        impl ::std::cmp::PartialEq<$name> for str {
            fn eq(&self, value: &$name) -> bool {
                self == value.as_str()
            }
        }

        impl ::std::cmp::PartialEq<$name> for &str {
            fn eq(&self, value: &$name) -> bool {
                *self == value.as_str()
            }
        }

        impl ::std::convert::From<$name> for ::std::string::String {
            fn from(value: $name) -> Self {
                ::std::borrow::ToOwned::to_owned(value.as_str())
            }
        }

        impl ::std::convert::From<&str> for $name {
            fn from(text: &str) -> Self {
                match text {
                    $($wire => Self::$variant,)*
                    _ => Self::Unknown($crate::runtime::UnknownValue::new(::std::borrow::ToOwned::to_owned(text))),
                }
            }
        }

        impl ::std::convert::From<::std::string::String> for $name {
            fn from(text: ::std::string::String) -> Self {
                match text.as_str() {
                    $($wire => Self::$variant,)*
                    _ => Self::Unknown($crate::runtime::UnknownValue::new(text)),
                }
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = ::std::convert::Infallible;

            fn from_str(text: &str) -> ::std::result::Result<Self, ::std::convert::Infallible> {
                ::std::result::Result::Ok(<Self as ::std::convert::From<&str>>::from(text))
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> ::std::result::Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> ::std::result::Result<Self, D::Error> {
                let value = $crate::runtime::deserialize_string_enum(deserializer)?;
                if ::std::matches!(value, Self::Unknown(_)) {
                    $crate::runtime::tally::note_undefined();
                }
                ::std::result::Result::Ok(value)
            }
        }
    };
}

/// Implements the conversions of an integer enum: `integer_enum! { Name, i32, (Variant, 1), … }`.
// Unused if the spec has no integer enum.
#[allow(unused_macros)]
#[cfg_attr(feature = "shared", macro_export, doc(hidden))]
macro_rules! integer_enum {
    ($name:ty, $repr:ty $(, ($variant:ident, $wire:literal))* $(,)?) => {
        impl $name {
            /// The values that the API definition lists, in the same order.
            pub const VALUES: &'static [Self] = &[$(Self::$variant),*];

            /// Returns the integer as it appears in JSON, headers or the URL.
            // `Unknown` always contains a value of this type, so the cast is lossless.
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            pub fn value(&self) -> $repr {
                match *self {
                    $(Self::$variant => $wire,)*
                    Self::Unknown(unknown) => unknown.value() as $repr,
                }
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                ::std::fmt::Display::fmt(&self.value(), f)
            }
        }

        impl ::std::cmp::PartialOrd for $name {
            fn partial_cmp(&self, other: &Self) -> ::std::option::Option<::std::cmp::Ordering> {
                ::std::option::Option::Some(::std::cmp::Ord::cmp(self, other))
            }
        }

        /// Compares the integers. If they are equal, `Unknown` is greater than any other variant.
        impl ::std::cmp::Ord for $name {
            fn cmp(&self, other: &Self) -> ::std::cmp::Ordering {
                let key = |value: &Self| match value {
                    $(Self::$variant => (<i128 as ::std::convert::From<$repr>>::from($wire), false),)*
                    Self::Unknown(unknown) => (unknown.value(), true),
                };
                ::std::cmp::Ord::cmp(&key(self), &key(other))
            }
        }

        impl ::std::convert::From<$name> for $repr {
            fn from(value: $name) -> Self {
                value.value()
            }
        }

        impl ::std::convert::From<$repr> for $name {
            fn from(value: $repr) -> Self {
                match value {
                    $($wire => Self::$variant,)*
                    _ => Self::Unknown($crate::runtime::UnknownInteger::new(value)),
                }
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> ::std::result::Result<S::Ok, S::Error> {
                ::serde::Serialize::serialize(&self.value(), serializer)
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> ::std::result::Result<Self, D::Error> {
                let value = Self::from(<$repr as ::serde::Deserialize>::deserialize(deserializer)?);
                if ::std::matches!(value, Self::Unknown(_)) {
                    $crate::runtime::tally::note_undefined();
                }
                ::std::result::Result::Ok(value)
            }
        }
    };
}

// Which of the two macros is used depends on the spec.
#[allow(unused_imports)]
pub(crate) use {integer_enum, string_enum};
