//! Prism, the judge that is not ours: installed, started, and its answers read.

mod answer;
mod install;
mod server;

pub(crate) use answer::{Refusal, Violation, answer_faults, refusal};
pub(crate) use install::{Prism, install};
pub(crate) use server::Server;
