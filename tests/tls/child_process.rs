//! Runs a test in a child process with other environment variables, because a test cannot safely change the environment
//! of its own process.

use std::process::{Command, Output};

/// The environment variable that tells a child process its role, e.g. a port to connect to.
const ROLE: &str = "CLIENTWRIGHT_TESTS_ROLE";

/// Returns the role of this process, or `None` if this is not a child process.
pub fn role() -> Option<String> {
    std::env::var(ROLE).ok()
}

/// Runs a single test in a child process, with this role and these environment variables, and without the proxy
/// variables of this process.
pub async fn run(test: &str, role: &str, variables: &[(&str, &str)]) -> Output {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", test]).env(ROLE, role);
    for name in ["http_proxy", "https_proxy", "all_proxy", "no_proxy"] {
        command.env_remove(name).env_remove(name.to_ascii_uppercase());
    }
    command.envs(variables.iter().copied());
    tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap()
}
