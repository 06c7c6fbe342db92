//! Parsing of the command line: the definition of commands and options with clap, and their values.
//!
//! Values are stored as strings; other modules parse them, e.g. [`parameters`](super::parameters).

use std::ffi::OsString;
use std::path::PathBuf;

use clap::builder::ValueParser;
use clap::{Arg, ArgAction, ArgMatches, Error, value_parser};

use super::entry::Api;
use super::{Apis, Program};

/// The explanation of values and secrets at the end of `call --help`.
const CALL_HELP: &str = "\
Examples of OPERATION: 'GET /pets/{id}', getPet. Run `list` to see all operations.

A parameter's VALUE is read as JSON if it is valid JSON of the parameter's type, otherwise as a string. Repeat --param \
to pass an array. LOCATION is path, query, querystring, header or cookie; it is only required if several parameters have \
the same name.

Secrets are never passed as arguments: env:NAME reads an environment variable, file:PATH a file, and - standard input. \
For HTTP basic authentication, the secret is `user:password`. cert:PATH uses a client certificate instead of the \
scheme's secret: a PEM file with the certificate chain and, unless --client-key names another file, the private key.";

/// The last paragraph of the help of `call`.
const EXIT_CODES: &str =
    "Exit codes: 0 success, 1 API error, 2 usage error, 3 no complete response, 4 response cannot be decoded.";

/// Returns the explanations at the end of `call --help`, including the environment variables of the API.
fn call_help(api: &Api) -> String {
    let names: Vec<&str> = api.info.environment.iter().map(|variable| variable.name).collect();
    if names.is_empty() {
        return format!("{CALL_HELP}\n\n{EXIT_CODES}");
    }
    format!(
        "{CALL_HELP}\n\nEnvironment variables (options take precedence; any --auth replaces all credentials from the \
         environment):\n  {}\n\n{EXIT_CODES}",
        names.join("\n  ")
    )
}

/// A command of the program.
pub enum Command {
    /// Call an operation.
    Call(&'static Api, Box<CallArguments>),
    /// List the operations of these APIs.
    List(Vec<&'static Api>),
}

/// The unparsed command-line arguments of the subcommand `call`.
#[derive(Debug, Default)]
pub struct CallArguments {
    /// The operation: `METHOD /path/template` or an operation id.
    pub operation: String,
    /// The parameters: `[LOCATION:]NAME=VALUE`.
    pub parameters: Vec<String>,
    /// The body: a literal, `@FILE` or `@-` for standard input.
    pub body: Option<String>,
    /// The parts of a multipart body: `NAME=@FILE` or `NAME=TEXT`.
    pub parts: Vec<String>,
    /// The headers of parts: `NAME=HEADER: VALUE`.
    pub part_headers: Vec<String>,
    /// The request headers: `Name: value`.
    pub headers: Vec<String>,
    /// The base URL, or the name or index of a server in the spec.
    pub server: Option<String>,
    /// The values of server variables: `NAME=VALUE`.
    pub server_variables: Vec<String>,
    /// The credentials: `SCHEME=SOURCE`.
    pub auth: Vec<String>,
    /// The private key of the client certificate, if it is in a separate file.
    pub client_key: Option<PathBuf>,
    /// A PEM file of additional root certificates.
    pub root_certificate: Option<PathBuf>,
    /// Whether credentials may be sent to other hosts over plain `http`.
    pub allow_insecure_http: bool,
    /// The file for the response body.
    pub output: Option<PathBuf>,
    /// Whether to print the request instead of sending it.
    pub dry_run: bool,
    /// Whether to disable retries.
    pub no_retry: bool,
    /// The timeout of the whole call, in seconds.
    pub timeout: Option<String>,
    /// The maximum size of the response body, in bytes.
    pub max_response_bytes: Option<String>,
}

/// Parses the arguments; the first one is the name of the program.
pub fn parse(program: &Program, arguments: impl IntoIterator<Item = OsString>) -> Result<Command, Error> {
    let matches = command(program).try_get_matches_from(arguments)?;
    let (api, name, matches) = match (&program.apis, matches.subcommand()) {
        (Apis::One(api), Some((name, matches))) => (*api, name, matches),
        (Apis::Named(apis), Some((name, matches))) => {
            match (apis.iter().find(|api| api.info.name == name), matches.subcommand()) {
                (Some(api), Some((name, matches))) => (*api, name, matches),
                _ => return Ok(Command::List(apis.to_vec())),
            }
        }
        // Unreachable: clap requires a command.
        (_, None) => return Ok(Command::List(Vec::new())),
    };
    Ok(if name == "call" { Command::Call(api, Box::new(call_arguments(matches))) } else { Command::List(vec![api]) })
}

fn command(program: &Program) -> clap::Command {
    let root = clap::Command::new(program.name)
        .bin_name(program.name)
        .version(program.version)
        .about(program.about)
        .subcommand_required(true)
        .arg_required_else_help(true)
        .disable_help_subcommand(true);
    match &program.apis {
        Apis::One(api) => root.subcommands([call_command(api), list_command("List the operations")]),
        Apis::Named(apis) => {
            let root = apis.iter().fold(root, |root, api| root.subcommand(api_command(api)));
            // If an API is named `list`, the command with this name is for the API.
            let is_free = apis.iter().all(|api| api.info.name != "list");
            if is_free { root.subcommand(list_command("List the operations of all APIs")) } else { root }
        }
    }
}

fn api_command(api: &'static Api) -> clap::Command {
    let command = clap::Command::new(api.info.name)
        .about(format!("Call or list the operations of {}, version {}", api.info.name, api.info.version))
        .subcommand_required(true)
        .arg_required_else_help(true)
        .disable_help_subcommand(true)
        .subcommands([call_command(api), list_command("List the operations")]);
    // The name of the Rust module is accepted too.
    let module = api.info.name.replace('-', "_");
    if module == api.info.name { command } else { command.alias(module) }
}

fn list_command(about: &'static str) -> clap::Command {
    clap::Command::new("list").about(about)
}

fn call_command(api: &Api) -> clap::Command {
    let one = |id: &'static str, value: &'static str, help: &'static str| {
        Arg::new(id).long(id).value_name(value).help(help).allow_hyphen_values(true)
    };
    let many = |id, value, help| one(id, value, help).action(ArgAction::Append);
    let path = |id, help| one(id, "FILE", help).value_parser(value_parser!(PathBuf)).allow_hyphen_values(false);
    let flag = |id: &'static str, help: &'static str| Arg::new(id).long(id).help(help).action(ArgAction::SetTrue);
    let plain = ValueParser::string();
    clap::Command::new("call")
        .about("Call an operation and print its response as JSON")
        .after_help(call_help(api))
        .args([
            Arg::new("operation")
                .value_name("OPERATION")
                .help("'METHOD /path/template' or an operation id")
                .required(true)
                .value_parser(plain),
            many("param", "[LOCATION:]NAME=VALUE", "Set a parameter"),
            one("body", "JSON|@FILE|@-", "Set the body: JSON, or plain text if the operation takes text"),
            many("part", "NAME=@FILE|TEXT", "Set a part of a multipart form"),
            many("part-header", "NAME=HEADER: VALUE", "Set a header of all parts with this name"),
            many("header", "NAME: VALUE", "Set a request header, replacing any header with this name"),
            one("server", "URL|NAME|INDEX", "Use this base URL, or this server of the spec"),
            many("server-variable", "NAME=VALUE", "Set a variable of the server URL"),
            many("auth", "SCHEME=env:NAME|file:PATH|-|cert:PATH", "Set the credential of a security scheme"),
            path("client-key", "The private key of the client certificate, if it is in a separate file"),
            path("root-certificate", "Also trust the root certificates of this PEM file"),
            flag("allow-insecure-http", "Allow credentials over plain http:// to other hosts"),
            path("output", "Write the response body to this file as it arrives; a new file is readable only by you")
                .short('o'),
            flag("dry-run", "Print the request as a curl command without secrets, and send nothing"),
            flag("no-retry", "Do not retry the request"),
            one("timeout", "SECONDS", "Limit the duration of the whole call"),
            one(
                "max-response-bytes",
                "BYTES",
                "Limit the size of the response body (default: 16 MiB; unlimited with --output)",
            ),
        ])
}

fn call_arguments(matches: &ArgMatches) -> CallArguments {
    let one = |id: &str| matches.get_one::<String>(id).cloned();
    let many = |id: &str| matches.get_many::<String>(id).into_iter().flatten().cloned().collect();
    let path = |id: &str| matches.get_one::<PathBuf>(id).cloned();
    CallArguments {
        operation: one("operation").unwrap_or_default(),
        parameters: many("param"),
        body: one("body"),
        parts: many("part"),
        part_headers: many("part-header"),
        headers: many("header"),
        server: one("server"),
        server_variables: many("server-variable"),
        auth: many("auth"),
        client_key: path("client-key"),
        root_certificate: path("root-certificate"),
        allow_insecure_http: matches.get_flag("allow-insecure-http"),
        output: path("output").filter(|path| path.as_os_str() != "-"),
        dry_run: matches.get_flag("dry-run"),
        no_retry: matches.get_flag("no-retry"),
        timeout: one("timeout"),
        max_response_bytes: one("max-response-bytes"),
    }
}
