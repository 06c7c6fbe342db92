//! The templates and the runtime, part of the program: a crate can be generated on a machine without this repository.

/// Names each file's text by the file's path below a folder.
macro_rules! embed {
    ($folder:literal, $($path:literal),* $(,)?) => {
        &[$(($path, include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../templates/", $folder, $path)))),*]
    };
}

/// Every template, by its path in `templates/`.
pub(super) const TEMPLATES: &[(&str, &str)] = embed!(
    "",
    "api/cli.rs.j2",
    "api/client.rs.j2",
    "api/error.rs.j2",
    "api/mod.rs.j2",
    "api/modules.rs.j2",
    "model/alias.rs.j2",
    "model/docs.rs.j2",
    "model/flags.rs.j2",
    "model/integer_enum.rs.j2",
    "model/mod.rs.j2",
    "model/models.rs.j2",
    "model/object.rs.j2",
    "model/string_enum.rs.j2",
    "model/union.rs.j2",
    "operation/call.rs.j2",
    "operation/group.rs.j2",
    "operation/mod.rs.j2",
    "package/Cargo.toml.j2",
    "package/README.md.j2",
    "package/lib.rs.j2",
    "package/lints.rs.j2",
    "package/main.rs.j2",
    "package/rustfmt.toml.j2",
);

/// The runtime's files that are copied: all of its `src/` but the crate root, which stands for the crate that takes them, and tests.
pub(super) const RUNTIME: &[(&str, &str)] = embed!(
    "runtime/src/",
    "api.rs",
    "body.rs",
    "budget.rs",
    "builder.rs",
    "call.rs",
    "cli/answer.rs",
    "cli/arguments.rs",
    "cli/auth.rs",
    "cli/call.rs",
    "cli/content.rs",
    "cli/curl.rs",
    "cli/dry_run.rs",
    "cli/entry.rs",
    "cli/find.rs",
    "cli/list.rs",
    "cli/mod.rs",
    "cli/parameters.rs",
    "cli/stop.rs",
    "cli/suggest.rs",
    "client.rs",
    "content.rs",
    "date.rs",
    "decode.rs",
    "encode.rs",
    "error.rs",
    "exchange.rs",
    "failure.rs",
    "flags.rs",
    "head.rs",
    "identity.rs",
    "maybe.rs",
    "mod.rs",
    "multipart.rs",
    "number.rs",
    "open_enum.rs",
    "operation.rs",
    "paging.rs",
    "parameter.rs",
    "pieces.rs",
    "raw.rs",
    "redact.rs",
    "redirect.rs",
    "request.rs",
    "reqwest_transport.rs",
    "response.rs",
    "retry.rs",
    "secret.rs",
    "security.rs",
    "send.rs",
    "server.rs",
    "timeouts.rs",
    "tls.rs",
    "transport.rs",
    "union.rs",
);

/// The runtime's manifest.
pub(super) const RUNTIME_MANIFEST: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../templates/runtime/Cargo.toml"));
