//! Installs and starts Prism, and interprets its responses.

mod document;
mod install;
mod response;
mod server;

pub(crate) use document::for_prism;
pub(crate) use install::{Prism, install};
pub(crate) use response::{Refusal, Violation, refusal, response_errors};
pub(crate) use server::Server;
