//! How much a document may ask of us: a document is somebody else's text.

/// What a reader stops at. The defaults leave large public documents several times the room that they need.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a document, all its files together.
    pub bytes: usize,
    /// How deeply arrays and objects may nest; [`Limits::MAX_DEPTH`] at most.
    ///
    /// Everything behind the readers recurses over the tree without counting again, so this bounds their stacks too.
    pub depth: usize,
    /// Values of a document, all its files together, those included that aliases of YAML copy.
    pub values: usize,
    /// Bytes of the name of one member.
    pub name: usize,
    /// Names of other files that are looked for.
    pub files: usize,
    /// Hexadecimal or octal digits of one number of YAML, which have to be converted.
    pub digits: usize,
    /// Component schemas, properties, enum values and alternatives of one document together: everything that Rust code is
    /// generated for.
    ///
    /// Those count again that `allOf`, `oneOf` and `anyOf` bring together: a short document can combine schemas of combined
    /// schemas, each of which is generated whole.
    pub members: usize,
}

impl Limits {
    /// No document may nest more deeply, whatever is asked for: the stacks are made for this depth.
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

/// What to do about a limit, by the name that it has on the command line and in `clients.toml`.
pub(crate) fn raised_by(name: &str) -> String {
    format!("`--max-{name}`, or `{name}` in the table `[limits]` of `clients.toml`, allows more")
}
