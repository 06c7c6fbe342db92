//! The runtime of all clients that Clientwright generates.
//!
//! The other files of this folder are copied into each generated crate as `src/runtime/`; only a marker line is added
//! at the top of each file, and examples name the generated crate. The modules of the runtime are therefore
//! `crate::runtime::…` in this crate and in generated crates. This file, `sources.rs` and the
//! folder `tests` are not copied.
//!
//! Data flow of a call: generated setters fill a `Call` (`call`), which is assembled into a `Request` (`request`,
//! `encode`, `multipart`), authorized (`credentials`), sent with redirects, retries and limits (`send`, `redirect`,
//! `retry`, `budget`) through a `Transport` (`transport`), and decoded into a value (`decode`) or an `Error` (`error`).
#![cfg_attr(docsrs, feature(doc_cfg))]
#![deny(missing_docs)]

#[cfg(feature = "runtime")]
#[path = "mod.rs"]
pub mod runtime;

#[cfg(feature = "sources")]
#[doc(hidden)]
pub mod sources;

#[cfg(test)]
#[cfg(feature = "runtime")]
mod tests;
