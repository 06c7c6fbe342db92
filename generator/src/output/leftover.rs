//! Creates temporary files, and recognizes temporary files that an interrupted run did not remove.

const PREFIX: &str = ".clientwright-";
const SUFFIX: &str = ".tmp";

/// Returns whether `name` is the name of a temporary file of the generator.
pub(super) fn is_temporary(name: &str) -> bool {
    name.len() > PREFIX.len() + SUFFIX.len() && name.starts_with(PREFIX) && name.ends_with(SUFFIX)
}

/// Returns a builder for temporary files with unique names that [`is_temporary`] recognizes.
pub(super) fn builder() -> tempfile::Builder<'static, 'static> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(PREFIX).suffix(SUFFIX).rand_bytes(12);
    builder
}
