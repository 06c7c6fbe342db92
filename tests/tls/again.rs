//! Runs a test again in a child process with another environment, since the environment of a running process cannot be
//! changed safely.

use std::process::{Command, Output};

const ROLE: &str = "CLIENTWRIGHT_TESTS_ROLE";

/// Returns the role of this process; `None` for the test's own process.
pub fn role() -> Option<String> {
    std::env::var(ROLE).ok()
}

/// Runs this test alone in this role, with these variables and without proxy variables of the environment.
pub async fn run(test: &str, role: &str, variables: &[(&str, &str)]) -> Output {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", test]).env(ROLE, role);
    for name in ["http_proxy", "https_proxy", "all_proxy", "no_proxy"] {
        command.env_remove(name).env_remove(name.to_ascii_uppercase());
    }
    command.envs(variables.iter().copied());
    tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap()
}
