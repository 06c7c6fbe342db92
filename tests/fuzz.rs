//! Documents that nobody would write: whatever comes in, a client or findings come out, and nothing of it becomes code.
//!
//! A stable stand-in for a fuzzer: `proptest` spoils the fixtures at random and shrinks what fails. A short run is part of
//! the tests; `PROPTEST_CASES=1000000 cargo test -p clientwright-tests --release --test fuzz` is a long one.

mod fixture;
#[path = "fuzz/graft.rs"]
mod graft;
#[path = "fuzz/judge.rs"]
mod judge;
#[path = "fuzz/render.rs"]
mod render;
#[path = "fuzz/source.rs"]
mod source;
#[path = "fuzz/spoil.rs"]
mod spoil;
#[path = "fuzz/whole.rs"]
mod whole;
#[path = "fuzz/yaml.rs"]
mod yaml;
