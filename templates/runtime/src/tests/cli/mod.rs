//! The program, in this process: arguments and a script of answers in, exit code and texts out.

mod answers;
pub mod api;
mod auth;
mod bodies;
mod dry_run;
mod parameters;
mod streams;
mod usage;

use std::sync::Arc;

use super::transport::{Answer, Recorder};
use crate::runtime::cli::{Apis, Program, Surroundings, run};

static ONE: Program = Program { name: "sample", version: "1.0.0", about: "A sample.", apis: Apis::One(&api::SAMPLE) };

static SEVERAL: Program =
    Program { name: "samples", version: "1.0.0", about: "Samples.", apis: Apis::Named(&[&api::SAMPLE]) };

/// What a run came to.
struct Ran {
    code: u8,
    output: String,
    errors: String,
    requests: Vec<http::Request<bytes::Bytes>>,
}

impl Ran {
    /// The one request that was sent.
    #[track_caller]
    fn request(&self) -> &http::Request<bytes::Bytes> {
        let [request] = self.requests.as_slice() else { panic!("{} requests: {}", self.requests.len(), self.errors) };
        request
    }

    /// That it is a mistake of usage, and what it says.
    #[track_caller]
    fn is_usage(&self, message: &str) {
        assert_eq!((self.code, self.output.as_str(), self.requests.len()), (2, "", 0), "{}", self.errors);
        assert_eq!(self.errors, format!("error: {message}\n"));
    }
}

/// Runs a program, given this much input, against a script.
fn run_program(program: &Program, arguments: &[&str], input: &str, answers: Vec<Answer>) -> Ran {
    run_within(&[], program, arguments, input, answers)
}

/// The same within an environment.
fn run_within(
    environment: &[(&str, &str)],
    program: &Program,
    arguments: &[&str],
    input: &str,
    answers: Vec<Answer>,
) -> Ran {
    let lookup = |name: &str| environment.iter().find(|(known, _)| *known == name).map(|(_, value)| value.into());
    let recorder = Recorder::answering(answers);
    let (mut output, mut errors) = (Vec::new(), Vec::new());
    let mut surroundings = Surroundings {
        input: &mut input.as_bytes(),
        output: &mut output,
        errors: &mut errors,
        is_terminal: false,
        environment: &lookup,
        transport: Some(Arc::new(recorder.clone())),
    };
    let arguments = std::iter::once(program.name).chain(arguments.iter().copied()).map(Into::into);
    let code = run(program, arguments, &mut surroundings);
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Ran { code, output: text(output), errors: text(errors), requests: recorder.requests() }
}

/// Runs the sample's program.
fn sample(arguments: &[&str], answers: Vec<Answer>) -> Ran {
    run_program(&ONE, arguments, "", answers)
}

/// Calls an operation of the sample, with a key from standard input.
fn call(operation: &str, arguments: &[&str], answers: Vec<Answer>) -> Ran {
    let auth = ["call", operation, "--auth", "ApiKey=-", "--no-retry"];
    run_program(&ONE, &[&auth, arguments].concat(), "top-secret\n", answers)
}
