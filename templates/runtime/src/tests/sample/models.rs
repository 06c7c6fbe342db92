//! The models of the sample API, like generated code.

#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct CertificatePage {
    pub items: ::std::vec::Vec<CertificateDetails>,
    pub total: i64,
}
crate::runtime::object!(CertificatePage, (items, required, "items"), (total, required, "total"));

#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct CertificateDetails {
    pub id: i64,
    pub status: ::std::option::Option<SearchStatus>,
    pub enrollment_code: ::std::option::Option<i64>,
}
crate::runtime::object!(
    CertificateDetails,
    (id, required, "id"),
    (status, optional, "status"),
    (enrollment_code, optional, "enrollment_code"),
);

#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ErrorEnvelope {
    pub error: ::std::string::String,
}
crate::runtime::object!(ErrorEnvelope, (error, required, "error"));

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SearchStatus {
    Issued,
    Expired,
    Unknown(crate::runtime::UnknownValue),
}
crate::runtime::string_enum!(SearchStatus, (Issued, "ISSUED"), (Expired, "EXPIRED"));

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum HealthState {
    Up,
    Unknown(crate::runtime::UnknownValue),
}
crate::runtime::string_enum!(HealthState, (Up, "UP"));

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum JobCode {
    One,
    Two,
    Unknown(crate::runtime::UnknownInteger),
}
crate::runtime::integer_enum!(JobCode, i32, (One, 1), (Two, 2));

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum WideCode {
    Minus,
    Unknown(crate::runtime::UnknownInteger),
}
crate::runtime::integer_enum!(WideCode, i64, (Minus, -1));

#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct ImportStatusFlags(i32);

impl ImportStatusFlags {
    pub const NONE: Self = Self(0);
    pub const FLAG_1: Self = Self(1);
    pub const FLAG_2: Self = Self(2);
}
crate::runtime::flags!(ImportStatusFlags, i32, (NONE, 0), (FLAG_1, 1), (FLAG_2, 2));

#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub struct ImportRequest {
    pub password: crate::runtime::Maybe<crate::runtime::Secret>,
}
crate::runtime::object!(ImportRequest, (password, optional, "Password"));

#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum RegisteredValue {
    Text(::std::string::String),
    List(::std::vec::Vec<i32>),
    Failure(ErrorEnvelope),
    Unknown(crate::runtime::UnknownJson),
}

impl ::serde::Serialize for RegisteredValue {
    fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> ::std::result::Result<S::Ok, S::Error> {
        match self {
            Self::Text(inner) => ::serde::Serialize::serialize(inner, serializer),
            Self::List(inner) => ::serde::Serialize::serialize(inner, serializer),
            Self::Failure(inner) => ::serde::Serialize::serialize(inner, serializer),
            Self::Unknown(inner) => ::serde::Serialize::serialize(inner, serializer),
        }
    }
}

impl<'de> ::serde::Deserialize<'de> for RegisteredValue {
    fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> ::std::result::Result<Self, D::Error> {
        let value = crate::runtime::union::read::<Self, D>(deserializer)?;
        match value.kind() {
            crate::runtime::JsonType::String => crate::runtime::union::variant(value).map(Self::Text),
            crate::runtime::JsonType::Array => crate::runtime::union::variant(value).map(Self::List),
            _ if crate::runtime::union::has_property(&value, "error") => {
                crate::runtime::union::variant(value).map(Self::Failure)
            }
            _ => ::std::result::Result::Ok(Self::Unknown(crate::runtime::UnknownJson::new(value))),
        }
    }
}
