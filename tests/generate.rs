//! Generation as a whole: deterministic output, crates that compile, and no panics.

#[path = "generate/compiles.rs"]
mod compiles;
#[path = "generate/deterministic.rs"]
mod deterministic;
mod fixture;
#[path = "generate/random_names.rs"]
mod random_names;
#[path = "generate/robust.rs"]
mod robust;
