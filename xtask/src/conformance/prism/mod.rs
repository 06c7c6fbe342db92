//! Installs and starts Prism, and interprets its responses.

mod answer;
mod install;
mod server;

pub(crate) use answer::{Refusal, Violation, refusal, response_errors};
pub(crate) use install::{Prism, install};
pub(crate) use server::Server;
