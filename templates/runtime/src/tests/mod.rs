//! Tests of the runtime; they stay behind when it is copied.

#![allow(missing_docs)]

mod body;
#[cfg(any(feature = "aws-lc-rs", feature = "ring"))]
mod calls;
#[cfg(feature = "cli")]
mod cli;
mod decode;
mod encode;
mod environment;
mod errors;
#[cfg(feature = "mock")]
mod mock;
mod models;
mod multipart;
#[cfg(not(any(feature = "aws-lc-rs", feature = "ring")))]
mod no_provider;
mod number;
mod oauth;
mod paging;
mod poll;
mod providers;
mod redact;
mod renewal;
mod retry;
mod sample;
mod security;
mod server;

mod sending;
#[cfg(any(feature = "aws-lc-rs", feature = "ring"))]
mod tls;
mod transport;
#[cfg(feature = "x509")]
mod x509;
