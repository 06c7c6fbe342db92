//! Generation as a whole: equal bytes for equal input, crates that compile, and never a panic.

#[path = "generate/compiles.rs"]
mod compiles;
#[path = "generate/deterministic.rs"]
mod deterministic;
mod fixture;
#[path = "generate/random_names.rs"]
mod random_names;
#[path = "generate/robust.rs"]
mod robust;
