//! Tests of complete generated crates: the output is deterministic and compiles, and no document causes a panic.

mod api_names;
mod compiles;
mod deterministic;
mod embedded;
mod long_files;
mod mapped_types;
mod mutated_fixtures;
mod nested_collections;
mod random_names;
mod readme_examples;
mod stable_names;
mod tutorial;
mod versions;
