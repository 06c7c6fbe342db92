//! Defines limits on the size and nesting of documents, because documents can be hostile.

/// The limits on a document and the files that it refers to. The defaults are several times higher than the largest
/// public documents need.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The maximum total size of all files, in bytes. 64 MiB by default.
    pub bytes: usize,
    /// The maximum nesting depth of arrays and objects; cannot exceed [`Limits::MAX_DEPTH`]. 128 by default.
    ///
    /// Also limits the stack that later stages use, because they recurse without checking the depth again.
    pub depth: usize,
    /// The maximum number of values in all files, including the copies made by YAML aliases. 2,000,000 by default.
    pub values: usize,
    /// The maximum length of a property name in bytes. 4,096 by default.
    pub name: usize,
    /// The maximum number of file names in the `$ref`s of the document and its files. A name counts once for each file
    /// that contains it. 10,000 by default.
    pub files: usize,
    /// The maximum number of digits of a hexadecimal or octal number in YAML. 1,024 by default.
    pub digits: usize,
    /// The maximum total number of component schemas, properties, enum values and variants. Rust code is generated for
    /// each of them. 400,000 by default.
    ///
    /// They are counted after `allOf`, `oneOf` and `anyOf` are expanded, because a short document can become very
    /// large: it can combine schemas that are themselves combined.
    pub items: usize,
}

impl Limits {
    /// The maximum value of `depth`, for which the stacks of threads are large enough.
    pub const MAX_DEPTH: usize = 512;
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 64 << 20, depth: 128, values: 2_000_000, name: 4096, files: 10_000, digits: 1024, items: 400_000 }
    }
}

/// Returns the help text for an exceeded limit. `name` is the name of the limit on the command line and in
/// `clients.toml`.
pub(crate) fn raised_by(name: &str) -> String {
    format!("raise the limit with `--max-{name}`, or with `{name}` in the `[limits]` table of `clients.toml`")
}
