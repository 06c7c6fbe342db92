//! Documents that nobody would write: whatever comes in, a client or findings come out, and nothing of it becomes code.
//!
//! A stable stand-in for a fuzzer: `proptest` spoils the fixtures at random and shrinks what fails. A short run is part of
//! the tests, with the same cases each time; `PROPTEST_CASES=1000000 cargo test -p clientwright-tests --release --test fuzz`
//! is a long one, with others each time.

mod fixture;
#[path = "fuzz/graft.rs"]
mod graft;
#[path = "fuzz/judge.rs"]
mod judge;
#[path = "fuzz/render.rs"]
mod render;
#[path = "fuzz/scalars.rs"]
mod scalars;
#[path = "fuzz/source.rs"]
mod source;
#[path = "fuzz/spelling.rs"]
mod spelling;
#[path = "fuzz/spoil.rs"]
mod spoil;
#[path = "fuzz/whole.rs"]
mod whole;
#[path = "fuzz/yaml.rs"]
mod yaml;

use proptest::test_runner::{Config, RngSeed};

/// The short run tries the same each time, for it judges a change; a long one looks for what nobody has seen.
fn config() -> Config {
    let random = ["PROPTEST_CASES", "PROPTEST_RNG_SEED"].iter().any(|name| std::env::var_os(name).is_some());
    let config = Config { failure_persistence: None, ..Config::default() };
    if random { config } else { Config { rng_seed: RngSeed::Fixed(0x0c11), ..config } }
}
