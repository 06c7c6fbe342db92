//! An xtask: generates the crates of `clients.toml` in the current directory, or checks them with `--check`.

use std::error::Error;
use std::path::Path;

use clientwright::Generator;

fn main() -> Result<(), Box<dyn Error>> {
    run(Path::new(""), std::env::args().any(|argument| argument == "--check"))
}

/// Generates or checks the crates of the `clients.toml` in a directory.
pub fn run(directory: &Path, is_check: bool) -> Result<(), Box<dyn Error>> {
    let generator = Generator::of_config(directory.join("clients.toml"));
    if is_check {
        generator.check("cargo xtask codegen")?;
    } else {
        print!("{}", generator.write()?);
    }
    Ok(())
}
