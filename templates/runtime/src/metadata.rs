//! Setters of the metadata that generated code defines in constants, such as `OperationInfo`.

/// Implements a constant setter for each field, which only generated code calls. The fields after `optional` are
/// options, whose setters take the value.
macro_rules! setters {
    (
        $ty:ident { $($(#[$attribute:meta])* $field:ident: $value:ty,)* }
        $(optional { $($option:ident: $inner:ty,)* })?
    ) => {
        impl $ty {
            $(
                $(#[$attribute])*
                #[doc(hidden)]
                pub const fn $field(mut self, value: $value) -> Self {
                    self.$field = value;
                    self
                }
            )*
            $($(
                #[doc(hidden)]
                pub const fn $option(mut self, value: $inner) -> Self {
                    self.$option = Some(value);
                    self
                }
            )*)?
        }
    };
}

pub(super) use setters;
