//! The templates of generated crates, as texts. Only the generator `clientwright` uses this crate.
//!
//! The crate exists because Cargo packages only files in the folder of a package: with it, the generator contains its
//! templates wherever it is built. The runtime in `templates/runtime/` is a package of its own, which contains its own
//! texts.

/// Creates a slice with the paths and the texts of files.
macro_rules! embed {
    ($($path:literal),* $(,)?) => {
        &[$(($path, include_str!($path))),*]
    };
}

/// All templates: their paths relative to `templates/`, with their text.
pub const TEMPLATES: &[(&str, &str)] = embed!(
    "api/cli.rs.j2",
    "api/client.rs.j2",
    "api/error.rs.j2",
    "api/front_page.rs.j2",
    "api/mod.rs.j2",
    "api/modules.rs.j2",
    "api/webhooks.rs.j2",
    "model/alias.rs.j2",
    "model/derives.rs.j2",
    "model/docs.rs.j2",
    "model/flags.rs.j2",
    "model/integer_enum.rs.j2",
    "model/mod.rs.j2",
    "model/models.rs.j2",
    "model/object.rs.j2",
    "model/string_enum.rs.j2",
    "model/union.rs.j2",
    "model/wrapper.rs.j2",
    "operation/body.rs.j2",
    "operation/call.rs.j2",
    "operation/events.rs.j2",
    "operation/form.rs.j2",
    "operation/group.rs.j2",
    "operation/methods.rs.j2",
    "operation/mod.rs.j2",
    "operation/output.rs.j2",
    "operation/part.rs.j2",
    "package/Cargo.toml.j2",
    "package/README.md.j2",
    "package/lib.rs.j2",
    "package/lints.rs.j2",
    "package/main.rs.j2",
    "package/rustfmt.toml.j2",
    "wire/models.rs.j2",
    "wire/modules.rs.j2",
    "wire/operation.rs.j2",
    "wire/operations.rs.j2",
    "wire/union.rs.j2",
    "wire/wrapper.rs.j2",
);
