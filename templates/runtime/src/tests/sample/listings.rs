//! Operations with each style of pagination, like generated code.

// All operations have the same methods, but the tests do not call all of them.
#![allow(dead_code)]

use ::serde::Deserialize;

use crate::runtime::{Paging, PagingStyle};

/// The response of every paginated operation.
#[derive(Debug, Clone, Deserialize)]
pub struct Listing {
    pub items: Option<Vec<i64>>,
    pub total: Option<i64>,
    pub pages: Option<i64>,
    pub more: Option<bool>,
    pub next: Option<String>,
}

macro_rules! listing {
    ($name:ident, $security:expr, $paging:expr, $next:expr) => {
        #[derive(Debug, Clone)]
        #[must_use = "requests do nothing until sent"]
        pub struct $name {
            call: crate::runtime::Call,
        }

        impl $name {
            pub fn of(client: &super::Client) -> Self {
                Self { call: crate::runtime::Call::new::<Self>(&client.inner) }
            }

            pub fn at(mut self, at: impl ::std::convert::Into<::std::string::String>) -> Self {
                self.call.set(0, &at.into());
                self
            }

            pub fn limit(mut self, limit: i32) -> Self {
                self.call.set(1, &limit);
                self
            }
        }

        impl crate::runtime::Operation for $name {
            const INFO: &'static crate::runtime::OperationInfo =
                &crate::runtime::OperationInfo::new("list", ::http::Method::GET)
                    .path("/things")
                    .parameters(&[
                        crate::runtime::ParameterInfo::query("at").of::<::std::string::String>(),
                        crate::runtime::ParameterInfo::query("limit").of::<i32>(),
                    ])
                    .security($security)
                    .accept("application/json")
                    .success(crate::runtime::SuccessInfo::json(200));
            type Body = ();
            type Output = Listing;
            type ErrorBody = super::ErrorBody;

            fn decode(
                response: &crate::runtime::RawResponse,
            ) -> ::std::result::Result<Self::Output, crate::runtime::DecodeError> {
                crate::runtime::decode::json(response)
            }

            fn decode_error(response: &crate::runtime::RawResponse) -> Self::ErrorBody {
                super::ErrorBody::from(response.body().clone())
            }
        }
        crate::runtime::operation!($name);

        impl crate::runtime::Paginated for $name {
            type Item = i64;
            const PAGING: Paging = $paging;

            fn page(output: Self::Output, headers: &::http::HeaderMap) -> crate::runtime::Page<Self::Item> {
                let next: fn(Listing, &::http::HeaderMap) -> ::std::option::Option<::std::string::String> = $next;
                crate::runtime::Page {
                    total: output.total,
                    total_pages: output.pages,
                    has_more: output.more,
                    next: next(output.clone(), headers),
                    items: output.items.unwrap_or_default(),
                }
            }
        }
        crate::runtime::paginated!($name);
    };
}

const fn paging(style: PagingStyle) -> Paging {
    Paging { style, short_page_ends: None, empty_page_ends: true }
}

const KEY: &[&[&str]] = &[&["ApiKey"]];

listing!(ByOffset, KEY, paging(PagingStyle::Offset { slot: 0 }), |_, _| None);
listing!(
    ByOffsetUntilShortPage,
    KEY,
    Paging { short_page_ends: Some(1), ..paging(PagingStyle::Offset { slot: 0 }) },
    |_, _| None
);
listing!(ByPage, KEY, paging(PagingStyle::PageNumber { slot: 0, first: 1 }), |_, _| None);
listing!(ByPageFromZero, KEY, paging(PagingStyle::PageNumber { slot: 0, first: 0 }), |_, _| None);
listing!(ByCursor, KEY, paging(PagingStyle::Cursor { slot: 0 }), |output, _| output.next);
listing!(
    ByCursorThroughEmptyPages,
    KEY,
    Paging { empty_page_ends: false, ..paging(PagingStyle::Cursor { slot: 0 }) },
    |output, _| output.next
);
listing!(ByLink, KEY, paging(PagingStyle::NextLink), |output, _| output.next);
listing!(ByLinkHeader, KEY, paging(PagingStyle::NextLink), |_, headers| crate::runtime::paging::next_link(headers));
listing!(ByLinkWithKeyInQuery, &[&["QueryKey"]], paging(PagingStyle::NextLink), |output, _| output.next);
