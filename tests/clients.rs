//! Tests of the generated clients against servers on loopback.

mod auth;
mod cli;
mod faults;
mod mock;
mod paging;
mod races;
mod runtimes;
mod send;
mod streaming;
mod tls;
mod traits;
mod wire;
