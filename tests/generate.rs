//! Generation as a whole: deterministic output, crates that compile, and no panics.

mod compiles;
mod deterministic;
mod nested_collections;
mod random_names;
mod readme_examples;
mod robust;
