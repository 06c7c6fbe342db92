//! A test that runs itself again in another process, whose environment is another: that of a process cannot be changed
//! while it runs.

use std::process::{Command, Output};

const ROLE: &str = "CLIENTWRIGHT_TESTS_ROLE";

/// Which role this process has; the test's own process has none.
pub fn role() -> Option<String> {
    std::env::var(ROLE).ok()
}

/// Runs this test alone in that role, with these variables and without a proxy that the environment may name.
pub async fn run(test: &str, role: &str, variables: &[(&str, &str)]) -> Output {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", test]).env(ROLE, role);
    for name in ["http_proxy", "https_proxy", "all_proxy", "no_proxy"] {
        command.env_remove(name).env_remove(name.to_ascii_uppercase());
    }
    command.envs(variables.iter().copied());
    tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap()
}
