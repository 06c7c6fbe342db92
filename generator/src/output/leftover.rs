//! The names of temporary files: how they are made, and how those of a run that was killed are known again.

const PREFIX: &str = ".clientwright-";
const SUFFIX: &str = ".tmp";

/// Whether a file of this name is a temporary file of ours.
pub(super) fn is_temporary(name: &str) -> bool {
    name.len() > PREFIX.len() + SUFFIX.len() && name.starts_with(PREFIX) && name.ends_with(SUFFIX)
}

/// Makes temporary files whose names [`is_temporary`] knows again and no other run has.
pub(super) fn builder() -> tempfile::Builder<'static, 'static> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(PREFIX).suffix(SUFFIX).rand_bytes(12);
    builder
}
