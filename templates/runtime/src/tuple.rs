//! [`Prefixed`], an array whose first items have different types. In Rust, these items are a tuple.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, Error, SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeSeq, SerializeTuple, Serializer};

use super::number::{Numeric, Written};
use super::sealed::Sealed;

/// An array that begins with items of different types, followed by any number of items of one type.
///
/// The type `P` is a tuple. For example, a `Prefixed<(i64, String), bool>` is sent as `[1, "a", true, false]`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Prefixed<P, R> {
    /// The items at the beginning of the array.
    pub first: P,
    /// The items after `first`.
    pub rest: Vec<R>,
}

impl<P, R> Prefixed<P, R> {
    /// Creates an array that has no items after `first`.
    pub fn new(first: P) -> Self {
        Self { first, rest: Vec::new() }
    }

    /// Sets the items after `first`.
    #[must_use]
    pub fn rest(mut self, rest: impl IntoIterator<Item = R>) -> Self {
        self.rest = rest.into_iter().collect();
        self
    }
}

/// A visitor that deserializes an array that begins with the items of the tuple `P`.
struct Items<P, R>(PhantomData<(P, R)>);

/// Implements serialization and deserialization for tuples of one length.
macro_rules! prefixed {
    ($length:literal: $($item:ident $index:tt),+) => {
        impl<$($item: Serialize,)+ R: Serialize> Serialize for Prefixed<($($item,)+), R> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let mut array = serializer.serialize_seq(Some(self.rest.len().saturating_add($length)))?;
                $(array.serialize_element(&self.first.$index)?;)+
                self.rest.iter().try_for_each(|item| array.serialize_element(item))?;
                array.end()
            }
        }

        impl<'de, $($item: Deserialize<'de>,)+ R: Deserialize<'de>> Deserialize<'de> for Prefixed<($($item,)+), R> {
            fn deserialize<DE: Deserializer<'de>>(deserializer: DE) -> Result<Self, DE::Error> {
                deserializer.deserialize_seq(Items::<($($item,)+), R>(PhantomData))
            }
        }

        impl<'de, $($item: Deserialize<'de>,)+ R: Deserialize<'de>> Visitor<'de> for Items<($($item,)+), R> {
            type Value = Prefixed<($($item,)+), R>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "an array of at least {} items", $length)
            }

            fn visit_seq<AR: SeqAccess<'de>>(self, mut array: AR) -> Result<Self::Value, AR::Error> {
                let first = ($(
                    array.next_element::<$item>()?.ok_or_else(|| AR::Error::invalid_length($index, &self))?,
                )+);
                let mut rest = Vec::new();
                while let Some(item) = array.next_element()? {
                    rest.push(item);
                }
                Ok(Prefixed { first, rest })
            }
        }

        impl<$($item),+> Sealed for ($($item,)+) {}

        impl<$($item: Numeric),+> Numeric for ($($item,)+) {
            fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let mut array = serializer.serialize_tuple($length)?;
                $(array.serialize_element(&Written(&self.$index))?;)+
                array.end()
            }
        }
    };
}

prefixed!(1: A 0);
prefixed!(2: A 0, B 1);
prefixed!(3: A 0, B 1, C 2);
prefixed!(4: A 0, B 1, C 2, D 3);
prefixed!(5: A 0, B 1, C 2, D 3, E 4);
prefixed!(6: A 0, B 1, C 2, D 3, E 4, F 5);
prefixed!(7: A 0, B 1, C 2, D 3, E 4, F 5, G 6);
prefixed!(8: A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7);
prefixed!(9: A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8);
prefixed!(10: A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9);
prefixed!(11: A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10);
prefixed!(12: A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11);
