//! Generation as a whole: deterministic output, crates that compile, and no panics.

mod compiles;
mod deterministic;
mod mutated_fixtures;
mod random_names;
mod readme_examples;
