//! How much a document may ask of us: a document is somebody else's text.

/// What a reader stops at. The defaults leave the largest public documents an order of magnitude of room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a document, all its files together.
    pub bytes: usize,
    /// How deeply arrays and objects may nest.
    ///
    /// Everything behind the readers recurses over the tree without counting again, so this bounds their stacks too.
    pub depth: usize,
    /// Nodes of a document, all its files together, those included that aliases of YAML copy.
    pub nodes: usize,
    /// Names of other files that are looked for.
    pub files: usize,
    /// Hexadecimal or octal digits of one number of YAML, which have to be converted.
    pub digits: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 64 << 20, depth: 128, nodes: 2_000_000, files: 10_000, digits: 1024 }
    }
}
