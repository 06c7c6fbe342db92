//! Tests of the runtime; they stay behind when it is copied.

#![allow(missing_docs)]

mod body;
mod calls;
mod decode;
mod encode;
mod errors;
mod models;
mod multipart;
mod paging;
mod redact;
mod retry;
mod sample;
mod security;
mod server;

mod tls;
