//! The names under which `bundle` and `typed` use `validate`.

pub(super) use crate::validate::Kinds;

pub(super) mod object {
    use crate::validate::object::{Kind, Object};
    use crate::validate::objects;

    impl Kind {
        /// Returns the definition of this kind of object in OpenAPI 3.0.
        pub(in crate::dialect) fn object(self) -> &'static Object {
            objects::v3_0::of(self)
        }
    }
}

pub(super) mod table {
    pub(in crate::dialect) use crate::validate::object::{Kind, METHODS, OtherFields as Others, Shape};
}

pub(super) mod walk {
    pub(in crate::dialect) use crate::validate::walk::Id;
}

pub(super) mod reference {
    use crate::validate::object::Kind;
    pub(in crate::dialect) use crate::validate::reference::EFFECTIVE_WITH_REF as COUNTING;

    /// Returns the name of the section of `components` for a kind of object of OpenAPI 3.0.
    pub(in crate::dialect) fn component_section(kind: Kind) -> Option<&'static str> {
        let is_newer = matches!(kind, Kind::PathItem | Kind::MediaType);
        crate::validate::reference::component_section(kind).filter(|_| !is_newer)
    }
}
