//! Tests with malicious documents: the generator returns a crate or diagnostics for each, in bounded time, and never
//! turns text of the document into code or file paths.
//!
//! These tests contain known attacks; `fuzz` uses random inputs.

mod code_injection;
mod document;
mod growth;
mod names;
mod nesting;
mod reference_cycles;
