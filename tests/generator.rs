//! Tests of the generator: its output, its diagnostics, the files on disk, and the command-line programs.

mod check;
mod diagnostic_lines;
mod files;
mod fixture;
mod fuzz;
mod generate;
mod hostile;
mod items;
mod readme;
mod snapshots;
mod stable_names;
mod templates;
