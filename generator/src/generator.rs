//! Generates crates from a program, such as an xtask or a test.

use std::path::{Path, PathBuf};

use crate::codegen::Report;
use crate::config::{Clients, Config, LoadError, Reach, document_within, load_within, lock_file};
use crate::diagnostics::Diagnostics;
use crate::output::{Options, OutOfDate, OutputError, Root};
use crate::source::Sources;

/// Generates crates: what the command `clientwright generate` does, as a library.
///
/// All paths are relative to the current directory. Nothing is printed: [`write`](Self::write) returns a report, and
/// errors contain the complete text of all diagnostics.
///
/// # Examples
///
/// An [xtask](https://github.com/matklad/cargo-xtask) that writes the crates of a `clients.toml`, or checks them with
/// the argument `--check`:
///
/// ```no_run
/// use clientwright::Generator;
///
/// fn main() -> Result<(), Box<dyn std::error::Error>> {
///     let generator = Generator::of_config("specs/clients.toml");
///     if std::env::args().any(|argument| argument == "--check") {
///         generator.check("cargo xtask codegen")?;
///     } else {
///         print!("{}", generator.write()?);
///     }
///     Ok(())
/// }
/// ```
///
/// A single crate without a `clients.toml`:
///
/// ```no_run
/// use clientwright::Generator;
/// use clientwright::config::{Config, Feature};
///
/// # fn main() -> Result<(), clientwright::GeneratorError> {
/// let mut config = Config::of_document("cellar", "specs/cellar.yaml");
/// config.features.insert(Feature::Gzip);
/// Generator::of_crate(config, "cellar").write()?;
/// # Ok(())
/// # }
/// ```
///
/// Do not generate a crate in the build script of a package that depends on it: Cargo reads the manifests of all
/// dependencies before it runs the first build script.
#[derive(Debug)]
#[must_use = "a generator does nothing until `write` or `check` is called"]
pub struct Generator {
    input: Input,
    reach: Reach,
    force: bool,
}

#[derive(Debug)]
enum Input {
    /// The path of a `clients.toml`.
    Config(PathBuf),
    /// The configuration and the directory of a crate.
    Crate(Box<Config>, PathBuf),
}

/// The reason why a [`Generator`] did not generate.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum GeneratorError {
    /// A file cannot be read, or the configuration is invalid.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// The documents have errors.
    #[error("{}", diagnostics.display(sources))]
    Documents {
        /// The sources that the diagnostics refer to.
        sources: Box<Sources>,
        /// The errors, and the warnings and notes.
        diagnostics: Diagnostics,
    },
    /// Files cannot be compared or written.
    #[error(transparent)]
    Output(#[from] OutputError),
    /// Files are out of date.
    #[error(transparent)]
    OutOfDate(#[from] OutOfDate),
}

impl Generator {
    /// Creates a generator of the crates of a `clients.toml`.
    pub fn of_config(clients_toml: impl Into<PathBuf>) -> Self {
        Self::of(Input::Config(clients_toml.into()))
    }

    /// Creates a generator of one crate. The paths of the documents are those of [`Config::apis`].
    pub fn of_crate(config: Config, directory: impl Into<PathBuf>) -> Self {
        Self::of(Input::Crate(Box::new(config), directory.into()))
    }

    fn of(input: Input) -> Self {
        Self { input, reach: Reach::Directory, force: false }
    }

    /// Sets the directories from which files may be read if a document refers to them.
    pub fn reach(mut self, reach: Reach) -> Self {
        self.reach = reach;
        self
    }

    /// Sets whether to replace files that were not generated but have the path of a generated file.
    pub fn force(mut self, force: bool) -> Self {
        self.force = force;
        self
    }

    /// Writes the files that are missing or stale, and removes orphaned files.
    ///
    /// # Errors
    /// A file cannot be read or written, the configuration is invalid, or a document has errors. Nothing is written if
    /// there are errors in the documents or in the configuration.
    pub fn write(&self) -> Result<Report, GeneratorError> {
        let clients = self.load()?;
        match clients.generate() {
            Ok(generated) => Ok(generated.write(Options { force: self.force })?),
            Err(diagnostics) => Err(GeneratorError::of_documents(clients.sources, diagnostics)),
        }
    }

    /// Checks that all files are up to date. Writes nothing.
    ///
    /// # Errors
    /// Files are out of date: the error message lists them and tells the user to run `command`. The other errors are
    /// those of [`write`](Self::write).
    pub fn check(&self, command: &str) -> Result<(), GeneratorError> {
        let clients = self.load()?;
        match clients.generate() {
            Ok(generated) => Ok(generated.plan()?.check(command)?),
            Err(diagnostics) => Err(GeneratorError::of_documents(clients.sources, diagnostics)),
        }
    }

    fn load(&self) -> Result<Clients, LoadError> {
        match &self.input {
            Input::Config(path) => load_within(path, Path::new(""), self.reach, |limits| limits),
            Input::Crate(config, directory) => {
                let mut config = Config::clone(config);
                let mut sources = Sources::new();
                for api in &mut config.apis {
                    api.spec = document_within(&api.spec, self.reach, &mut sources)?;
                }
                lock_file(directory, &mut sources)?;
                Ok(Clients::of_crate(sources, config, Root::new(directory)))
            }
        }
    }
}

impl GeneratorError {
    fn of_documents(sources: Sources, diagnostics: Diagnostics) -> Self {
        Self::Documents { sources: Box::new(sources), diagnostics }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    const DOCUMENT: &str = "openapi: 3.0.3\ninfo: {title: Zoo, version: '1'}\nservers: [{url: https://zoo.example}]\n\
                            paths:\n  /bears:\n    delete:\n      responses: {'204': {description: Gone}}\n";

    #[test]
    fn crate_is_written_and_checked() {
        let folder = tempfile::tempdir().unwrap();
        let spec = folder.path().join("zoo.yaml");
        fs::write(&spec, DOCUMENT).unwrap();
        let generator = || {
            let mut config = Config::of_document("zoo", spec.to_str().unwrap());
            config.package.version = "7.0.0".to_owned();
            Generator::of_crate(config, folder.path().join("out"))
        };
        let missing = generator().check("cargo xtask codegen").unwrap_err().to_string();
        assert!(missing.ends_with("help: run `cargo xtask codegen` and commit the result"), "{missing}");
        let report = generator().write().unwrap().to_string();
        assert!(report.starts_with("zoo: ") && report.contains("names recorded"), "{report}");
        generator().check("x").unwrap();
        let manifest = fs::read_to_string(folder.path().join("out/Cargo.toml")).unwrap();
        assert!(manifest.contains("version = \"7.0.0\""), "{manifest}");

        fs::write(&spec, DOCUMENT.replace("responses: {'204': ", "responses: {'2040': ")).unwrap();
        let error = generator().write().unwrap_err().to_string();
        assert!(error.starts_with("error[") && error.contains("zoo.yaml:7:"), "{error}");
    }

    #[test]
    fn configuration_is_written_and_checked() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("zoo.yaml"), DOCUMENT).unwrap();
        let toml = "[[crate]]\nname = 'zoo'\ndirectory = 'zoo'\n[[crate.api]]\nspec = 'zoo.yaml'\n";
        fs::write(folder.path().join("clients.toml"), toml).unwrap();
        let generator = || Generator::of_config(folder.path().join("clients.toml"));
        assert!(matches!(generator().check("x"), Err(GeneratorError::OutOfDate(_))));
        generator().write().unwrap();
        generator().check("x").unwrap();

        fs::write(folder.path().join("zoo/Cargo.toml"), "# mine\n").unwrap();
        fs::remove_file(folder.path().join("zoo/.manifest")).unwrap();
        assert!(matches!(generator().write(), Err(GeneratorError::Output(OutputError::Conflicts(_)))));
        generator().force(true).write().unwrap();

        fs::write(folder.path().join("clients.toml"), toml.replace("name = 'zoo'", "nam = 'zoo'")).unwrap();
        let error = generator().write().unwrap_err().to_string();
        assert!(error.starts_with("error[config]: unknown key `nam`") && error.contains("clients.toml:2:1"), "{error}");
    }
}
