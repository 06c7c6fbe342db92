//! Property tests with random and malformed documents: the generator returns a crate or diagnostics for each, and never
//! turns text of the document into code.
//!
//! `proptest` mutates the fixtures at random and shrinks failing inputs. `cargo test` makes a short run with fixed
//! inputs; `PROPTEST_CASES=1000000 cargo test -p clientwright-tests --release --test generator fuzz` makes a long run
//! with new inputs each time.

mod generation;
pub(crate) mod invariants;
mod readers;
mod render;
mod text_mutations;
mod tree_mutations;
mod yaml_scalars;
mod yaml_values;
mod yaml_writer;

use proptest::test_runner::{Config, RngSeed};

/// Returns the configuration of `proptest`. Short runs use a fixed seed, so that only a change of the code can make
/// them fail. Long runs (with the environment variable `PROPTEST_CASES` or `PROPTEST_RNG_SEED`) use a random seed.
fn config() -> Config {
    let random = ["PROPTEST_CASES", "PROPTEST_RNG_SEED"].iter().any(|name| std::env::var_os(name).is_some());
    let config = Config { failure_persistence: None, ..Config::default() };
    if random { config } else { Config { rng_seed: RngSeed::Fixed(0x0c11), ..config } }
}
