//! The runtime of every client that Clientwright generates.
//!
//! What stands beside this file is copied, byte for byte under a marker line, into each generated crate as
//! `src/runtime/`. So its paths are `crate::runtime::…` in both places; this root, its one re-export and the tests
//! stay behind.
//!
//! Flow of one call: generated setters fill a `Call` (`call`), which is assembled into a `Request` (`request`,
//! `encode`, `multipart`), authorized (`credentials`), sent with redirects, retries and limits (`send`, `redirect`,
//! `retry`, `budget`) through a `Transport` (`transport`), and read back into a typed value (`decode`) or an `Error` (`error`).

#![deny(missing_docs)]

#[path = "mod.rs"]
pub mod runtime;

#[cfg(test)]
mod tests;
