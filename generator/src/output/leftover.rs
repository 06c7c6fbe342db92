//! Creates temporary files, and recognizes those of a run that was killed.

const PREFIX: &str = ".clientwright-";
const SUFFIX: &str = ".tmp";

/// Returns whether this is the name of a temporary file of the generator.
pub(super) fn is_temporary(name: &str) -> bool {
    name.len() > PREFIX.len() + SUFFIX.len() && name.starts_with(PREFIX) && name.ends_with(SUFFIX)
}

/// Returns a builder for temporary files with unique names that [`is_temporary`] recognizes.
pub(super) fn builder() -> tempfile::Builder<'static, 'static> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(PREFIX).suffix(SUFFIX).rand_bytes(12);
    builder
}
