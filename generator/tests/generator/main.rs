//! Tests of the library and the program `clientwright`: diagnostics, limits, growth and generation.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics is a test that fails")]

#[cfg(unix)]
mod ci_files;
#[path = "../../../tests/diagnostic_lines.rs"]
mod diagnostic_lines;
mod diagnostics;
mod diff;
mod examples;
mod generate;
mod growth;
mod hostile;
mod oracles;
mod overlay;
mod program;
mod readme_commands;
mod tutorial;
