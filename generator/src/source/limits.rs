//! Limits on the resources that reading a document may use, because documents can be hostile.

/// The limits of a document. The defaults leave large public documents several times the room that they need.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The total size of a document and the files it refers to, in bytes.
    pub bytes: usize,
    /// The nesting depth of arrays and objects; at most [`Limits::MAX_DEPTH`].
    ///
    /// Later stages recurse over the tree without checking the depth again, so this also limits their stacks.
    pub depth: usize,
    /// The number of values in a document and the files it refers to, including the copies made by YAML aliases.
    pub values: usize,
    /// The length of a property name in bytes.
    pub name: usize,
    /// The number of file names that a document refers to.
    pub files: usize,
    /// The number of digits of a hexadecimal or octal number in YAML.
    pub digits: usize,
    /// The total number of component schemas, properties, enum values and variants of a document, for which Rust code
    /// is generated.
    ///
    /// They are counted after `allOf`, `oneOf` and `anyOf` are expanded, because a short document can combine schemas
    /// that are themselves combined.
    pub members: usize,
}

impl Limits {
    /// The maximum value of `depth`. The stack size is chosen for this depth.
    pub const MAX_DEPTH: usize = 512;
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 64 << 20,
            depth: 128,
            values: 2_000_000,
            name: 4096,
            files: 10_000,
            digits: 1024,
            members: 400_000,
        }
    }
}

/// Returns the help text for an exceeded limit. `name` is its name on the command line and in `clients.toml`.
pub(crate) fn raised_by(name: &str) -> String {
    format!("raise the limit with `--max-{name}`, or with `{name}` in the `[limits]` table of `clients.toml`")
}
