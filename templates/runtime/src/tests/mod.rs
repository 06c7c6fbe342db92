//! Tests of the runtime; they stay behind when it is copied.

#![allow(missing_docs)]

#[cfg(all(feature = "blocking", any(feature = "aws-lc-rs", feature = "ring")))]
mod blocking;
mod body;
#[cfg(any(feature = "aws-lc-rs", feature = "ring"))]
mod calls;
#[cfg(feature = "cli")]
mod cli;
mod decode;
mod encode;
mod errors;
mod models;
mod multipart;
#[cfg(not(any(feature = "aws-lc-rs", feature = "ring")))]
mod no_provider;
mod number;
mod paging;
mod redact;
mod retry;
mod sample;
mod security;
mod sending;
mod server;
#[cfg(feature = "tracing")]
mod telemetry;
#[cfg(any(feature = "aws-lc-rs", feature = "ring"))]
mod tls;
mod transport;
