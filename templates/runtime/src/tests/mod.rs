//! Unit tests of the runtime. They are not copied into generated crates.

#![allow(missing_docs)]

mod auth_servers;
#[cfg(all(feature = "blocking", any(feature = "aws-lc-rs", feature = "ring")))]
mod blocking;
mod body;
mod budget;
#[cfg(any(feature = "aws-lc-rs", feature = "ring"))]
mod calls;
mod charset;
#[cfg(feature = "cli")]
mod cli;
mod content_coding;
mod date;
mod decode;
mod decode_budget;
mod digits;
mod disposition;
mod documented_redirects;
mod encode;
mod encoded;
mod environment;
mod errors;
mod form;
mod header;
#[cfg(any(feature = "aws-lc-rs", feature = "ring"))]
mod identity;
mod insecure_http;
mod limits;
#[cfg(feature = "mock")]
mod mock;
mod models;
mod multipart;
#[cfg(not(any(feature = "aws-lc-rs", feature = "ring")))]
mod no_provider;
mod null_collection;
mod number;
mod oauth;
mod object;
mod offload;
mod paging;
#[cfg(all(feature = "pkcs12", any(feature = "aws-lc-rs", feature = "ring")))]
mod pkcs12;
mod poll;
mod providers;
#[cfg(any(feature = "aws-lc-rs", feature = "ring"))]
mod proxy;
mod redact;
mod redirect;
mod representation;
mod retry;
mod sample;
mod schemes;
mod secret_paths;
mod security;
mod sending;
mod server;
mod stream_formats;
mod stream_timeouts;
mod streaming;
mod tally;
#[cfg(feature = "tracing")]
mod telemetry;
#[cfg(any(feature = "aws-lc-rs", feature = "ring"))]
mod tls;
mod transport;
mod union;
mod webhook;
mod wire_value;
#[cfg(feature = "x509")]
mod x509;
