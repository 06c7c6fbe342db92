//! Installs and starts Prism, and interprets its responses.

mod response;
mod install;
mod server;

pub(crate) use response::{Refusal, Violation, refusal, response_errors};
pub(crate) use install::{Prism, install};
pub(crate) use server::Server;
