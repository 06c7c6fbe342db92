//! Random and malformed documents: each input results in a client or in diagnostics, and no text of a document becomes
//! code.
//!
//! A deterministic alternative to a fuzzer: `proptest` mutates the fixtures at random and shrinks what fails. A short
//! run with fixed cases is part of the tests; `PROPTEST_CASES=1000000 cargo test -p clientwright-tests --release --test generator
//! fuzz` is a long run with new cases each time.

mod graft;
pub(crate) mod judge;
mod render;
mod scalars;
mod source;
mod spelling;
mod spoil;
mod whole;
mod yaml;

use proptest::test_runner::{Config, RngSeed};

/// Short runs try fixed cases, so that they judge a change; long runs look for new failures.
fn config() -> Config {
    let random = ["PROPTEST_CASES", "PROPTEST_RNG_SEED"].iter().any(|name| std::env::var_os(name).is_some());
    let config = Config { failure_persistence: None, ..Config::default() };
    if random { config } else { Config { rng_seed: RngSeed::Fixed(0x0c11), ..config } }
}
