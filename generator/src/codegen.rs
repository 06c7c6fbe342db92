//! Generates all crates of a [`Clients`], and writes their files or compares them with the files on disk.
//!
//! This is the code that `clientwright generate` and build scripts share:
//!
//! 1. [`Clients::generate`] generates all crates in memory, so that an error in one of them leaves all unchanged.
//! 2. [`Generated::write`] writes the changed files. [`Generated::plan`] only compares.

mod bump;

use std::fmt;
use std::time::{Duration, Instant};

use crate::config::{Clients, Target};
use crate::diagnostics::Diagnostics;
use crate::name::{LOCK_FILE, LockFile};
use crate::output::{FileSet, Options, OutOfDate, OutputError, Plan, Written, check, lock, lock_file_text};
use crate::output::{plan, plan_file};

/// The generated crates of a [`Clients`], in memory.
#[derive(Debug)]
pub struct Generated<'a> {
    clients: &'a Clients,
    /// The crates, in the order of [`Clients::targets`].
    crates: Vec<GeneratedCrate>,
    /// The names in all crates. `None` if the only crate contains its lock file.
    lock_file: Option<LockFile>,
    diagnostics: Diagnostics,
}

#[derive(Debug)]
struct GeneratedCrate {
    files: FileSet,
    /// The time that it took to generate the crate.
    elapsed: Duration,
}

impl Clients {
    /// Generates all crates. Writes nothing to disk.
    ///
    /// # Errors
    /// Returns all diagnostics of all crates if there is an error in a document. Warnings and notes are errors if their
    /// code has the level `error`.
    pub fn generate(&self) -> Result<Generated<'_>, Diagnostics> {
        let mut crates = Vec::new();
        let mut diagnostics = Diagnostics::new();
        for target in &self.targets {
            let start = Instant::now();
            match crate::generate(&self.sources, &target.config) {
                Ok(mut files) => {
                    diagnostics.extend(std::mem::take(&mut files.diagnostics));
                    if self.has_lock_file_in(target) {
                        files.insert(LOCK_FILE, lock_file_text(&files.lock_file));
                    }
                    crates.push(GeneratedCrate { files, elapsed: start.elapsed() });
                }
                Err(errors) => diagnostics.extend(errors),
            }
        }
        // Two crates may be generated from the same document.
        diagnostics.remove_duplicates();
        self.levels.apply(&mut diagnostics);
        if diagnostics.has_errors() {
            return Err(diagnostics);
        }
        let is_separate = !self.targets.iter().any(|target| self.has_lock_file_in(target));
        let lock_files = self.targets.iter().zip(&crates).map(|(target, one)| (&target.config, &one.files.lock_file));
        let lock_file = is_separate.then(|| LockFile::combined(lock_files));
        Ok(Generated { clients: self, crates, lock_file, diagnostics })
    }

    /// Returns whether the lock file is one of the files of a crate.
    fn has_lock_file_in(&self, target: &Target) -> bool {
        target.root.path() == self.directory.path()
    }
}

impl Generated<'_> {
    /// Returns the warnings and notes about the documents.
    pub fn diagnostics(&self) -> &Diagnostics {
        &self.diagnostics
    }

    /// Returns the dependencies that the crate of a generated module needs, as lines of a manifest. Empty for generated
    /// crates.
    pub fn dependencies(&self) -> &[String] {
        self.crates.first().map_or(&[], |one| &one.files.dependencies)
    }

    /// Compares the crates and the lock file with the files on disk.
    ///
    /// # Errors
    /// A directory cannot be read.
    pub fn plan(&self) -> Result<Plans, OutputError> {
        let mut crates = Vec::new();
        for (target, GeneratedCrate { files, elapsed }) in self.clients.targets.iter().zip(&self.crates) {
            let start = Instant::now();
            let plan = plan(&target.root, files)?;
            let name = target.config.package.name.clone();
            let changes = files.changes.to_string() + &bump::text(&name, &plan, files);
            crates.push(PlannedCrate { name, plan, changes, elapsed: *elapsed + start.elapsed() });
        }
        let lock_file = match &self.lock_file {
            Some(names) => Some(plan_file(&self.clients.directory, LOCK_FILE, lock_file_text(names))?),
            None => None,
        };
        Ok(Plans { crates, lock_file })
    }

    /// Writes the files that are missing or stale, and removes orphaned files.
    ///
    /// # Errors
    /// A directory cannot be read or written, or files that were not generated are in the way. In the second case,
    /// nothing is written.
    pub fn write(&self, options: Options) -> Result<Report, OutputError> {
        // Hold the lock from the comparison until the last file is written.
        let _lock = lock(self.clients.targets.iter().map(|target| &target.root));
        self.plan()?.apply(options)
    }
}

/// The changes that make the files on disk equal to [`Generated`] crates. [`Display`](fmt::Display) lists the changes.
#[derive(Debug, Clone)]
pub struct Plans {
    crates: Vec<PlannedCrate>,
    lock_file: Option<Plan>,
}

#[derive(Debug, Clone)]
struct PlannedCrate {
    name: String,
    plan: Plan,
    /// The names that are added and removed, and the version that the crate needs, as text.
    changes: String,
    /// The time that it took to generate the crate and to compare it with the files on disk.
    elapsed: Duration,
}

impl Plans {
    /// Checks that all files are up to date.
    ///
    /// # Errors
    /// Returns a report of the files that are out of date, with diffs. The report tells the user to run `command`.
    pub fn check(&self, command: &str) -> Result<(), OutOfDate> {
        check(self.all(), command)
    }

    /// Checks that no file that was not generated is in the way.
    ///
    /// # Errors
    /// [`OutputError::Conflicts`]: the files that are in the way.
    pub fn check_conflicts(&self, options: Options) -> Result<(), OutputError> {
        self.all().try_for_each(|plan| plan.check_conflicts(options))
    }

    fn all(&self) -> impl Iterator<Item = &Plan> + Clone {
        self.crates.iter().map(|one| &one.plan).chain(&self.lock_file)
    }

    fn apply(&self, options: Options) -> Result<Report, OutputError> {
        self.check_conflicts(options)?;
        // Write the lock file first: without it, the next run would choose other names than the written files contain.
        if let Some(plan) = &self.lock_file {
            plan.apply(options)?;
        }
        let mut crates = Vec::new();
        for one in &self.crates {
            let start = Instant::now();
            let written = one.plan.apply(options)?;
            let directory = one.plan.root().shown().to_owned();
            let elapsed = one.elapsed + start.elapsed();
            crates.push(WrittenCrate { name: one.name.clone(), directory, written, elapsed });
        }
        Ok(Report { crates, changes: self.changes() })
    }

    fn changes(&self) -> String {
        self.crates.iter().map(|one| one.changes.as_str()).collect()
    }
}

impl fmt::Display for Plans {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(plan) = &self.lock_file {
            write!(f, "{plan}")?;
        }
        for PlannedCrate { name, plan, elapsed, .. } in &self.crates {
            writeln!(f, "{plan}{name}: dry run: {} ({:.2} s)", plan.summary(), elapsed.as_secs_f64())?;
        }
        f.write_str(&self.changes())
    }
}

/// What [`Generated::write`] has done. [`Display`](fmt::Display) formats a line for each crate, the names that were
/// added and removed, and the version that each changed crate needs.
#[derive(Debug, Clone)]
pub struct Report {
    crates: Vec<WrittenCrate>,
    changes: String,
}

#[derive(Debug, Clone)]
struct WrittenCrate {
    name: String,
    /// The directory, as shown to the user.
    directory: String,
    written: Written,
    elapsed: Duration,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for WrittenCrate { name, directory, written, elapsed } in &self.crates {
            writeln!(f, "{name}: {written} in {directory} ({:.2} s)", elapsed.as_secs_f64())?;
        }
        f.write_str(&self.changes)
    }
}
