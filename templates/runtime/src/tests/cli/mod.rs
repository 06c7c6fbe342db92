//! Tests of the command-line program, which runs in this process with scripted replies.

pub mod api;
mod auth;
mod bodies;
mod dry_run;
mod parameters;
mod responses;
mod streams;
mod usage;

use std::sync::Arc;

use super::transport::{Recorder, Reply};
use crate::runtime::cli::{Apis, Context, Program, run};

static ONE: Program = Program { name: "sample", version: "1.0.0", about: "A sample.", apis: Apis::One(&api::SAMPLE) };

static SEVERAL: Program =
    Program { name: "samples", version: "1.0.0", about: "Samples.", apis: Apis::Named(&[&api::SAMPLE]) };

/// The result of running the program: the exit code, output and requests.
struct RunResult {
    code: u8,
    output: String,
    errors: String,
    requests: Vec<http::Request<bytes::Bytes>>,
}

impl RunResult {
    /// Returns the only request. Panics if none or several were sent.
    #[track_caller]
    fn request(&self) -> &http::Request<bytes::Bytes> {
        let [request] = self.requests.as_slice() else { panic!("{} requests: {}", self.requests.len(), self.errors) };
        request
    }

    /// Asserts that the run failed with this usage error.
    #[track_caller]
    fn assert_usage_error(&self, message: &str) {
        assert_eq!((self.code, self.output.as_str(), self.requests.len()), (2, "", 0), "{}", self.errors);
        assert_eq!(self.errors, format!("error: {message}\n"));
    }
}

/// Runs a program with these arguments, standard input and replies of the server.
fn run_program(program: &Program, arguments: &[&str], input: &str, replies: Vec<Reply>) -> RunResult {
    run_with_environment(&[], program, arguments, input, replies)
}

/// Like [`run_program`], with environment variables.
fn run_with_environment(
    environment: &[(&str, &str)],
    program: &Program,
    arguments: &[&str],
    input: &str,
    replies: Vec<Reply>,
) -> RunResult {
    let lookup = |name: &str| environment.iter().find(|(known, _)| *known == name).map(|(_, value)| value.into());
    let recorder = Recorder::with_replies(replies);
    let (mut output, mut errors) = (Vec::new(), Vec::new());
    let mut context = Context {
        input: &mut input.as_bytes(),
        output: &mut output,
        errors: &mut errors,
        is_terminal: false,
        environment: &lookup,
        transport: Some(Arc::new(recorder.clone())),
    };
    let arguments = std::iter::once(program.name).chain(arguments.iter().copied()).map(Into::into);
    let code = run(program, arguments, &mut context);
    let text = |bytes| String::from_utf8(bytes).unwrap();
    RunResult { code, output: text(output), errors: text(errors), requests: recorder.requests() }
}

/// Runs the program of the sample API.
fn sample(arguments: &[&str], replies: Vec<Reply>) -> RunResult {
    run_program(&ONE, arguments, "", replies)
}

/// Calls an operation of the sample API, with an API key from standard input.
fn call(operation: &str, arguments: &[&str], replies: Vec<Reply>) -> RunResult {
    let auth = ["call", operation, "--auth", "ApiKey=-", "--no-retry"];
    run_program(&ONE, &[&auth, arguments].concat(), "top-secret\n", replies)
}
