//! `cargo xtask`: development commands, thin fronts over the `clientwright` library.

fn main() {}
