//! The command line: the process's arguments come in, a command with its options goes out, or clap's words on them.
//!
//! What an option says is read where it is used; here it is told from the others.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::builder::ValueParser;
use clap::{Arg, ArgAction, ArgMatches, Error, value_parser};

use super::entry::Api;
use super::{Apis, Program};

/// What the options share.
const CALL_HELP: &str = "\
Examples of OPERATION: 'GET /pets/{id}', getPet; `list` shows all.

A VALUE is JSON where it is JSON and the parameter's type takes it, else text. A parameter given several times is an \
array. LOCATION is path, query, header or cookie, and only needed where a name is in two of them.

Secrets are never arguments: env:NAME is an environment variable, file:PATH a file, - standard input. HTTP basic \
authentication takes `user:password` there. cert:PATH is a client certificate in the place of the scheme's secret: a \
PEM file of the chain and, unless --client-key names another file, the key.";

/// What ends the help.
const EXIT_CODES: &str =
    "Exit codes: 0 success, 1 the API's error, 2 usage, 3 no answer, 4 an answer that does not decode.";

/// The help of a call, with the environment variables of the API.
fn call_help(api: &Api) -> String {
    let names: Vec<&str> = api.info.environment.iter().map(|variable| variable.name).collect();
    if names.is_empty() {
        return format!("{CALL_HELP}\n\n{EXIT_CODES}");
    }
    format!(
        "{CALL_HELP}\n\nEnvironment variables that count where no option says otherwise (any --auth takes the place of \
         all credentials):\n  {}\n\n{EXIT_CODES}",
        names.join("\n  ")
    )
}

/// A command of the program.
pub enum Command {
    /// Call an operation.
    Call(&'static Api, Box<CallArguments>),
    /// Show the operations of these APIs.
    List(Vec<&'static Api>),
}

/// How an operation is to be called; every text is as it was given.
#[derive(Debug, Default)]
pub struct CallArguments {
    /// The operation.
    pub operation: String,
    /// `[LOCATION:]NAME=VALUE`
    pub parameters: Vec<String>,
    /// The body: text, `@FILE` or `@-`.
    pub body: Option<String>,
    /// `NAME=@FILE` or `NAME=TEXT`
    pub parts: Vec<String>,
    /// `NAME=HEADER: VALUE`
    pub part_headers: Vec<String>,
    /// `Name: value`
    pub headers: Vec<String>,
    /// The base URL.
    pub server: Option<String>,
    /// `NAME=VALUE`
    pub server_variables: Vec<String>,
    /// `SCHEME=SOURCE`
    pub auth: Vec<String>,
    /// The key of the client certificate, where it has a file of its own.
    pub client_key: Option<PathBuf>,
    /// A root certificate to trust.
    pub root_certificate: Option<PathBuf>,
    /// Allow credentials over plain `http` to other machines.
    pub allow_insecure_http: bool,
    /// The file for the answer.
    pub output: Option<PathBuf>,
    /// Print the request, send nothing.
    pub dry_run: bool,
    /// Send once.
    pub no_retry: bool,
    /// Seconds that the whole call may take.
    pub timeout: Option<String>,
    /// Bytes that the response body may have.
    pub max_response_bytes: Option<String>,
}

/// Reads the arguments, the first of which is the program.
pub fn parse(program: &Program, arguments: impl IntoIterator<Item = OsString>) -> Result<Command, Error> {
    let matches = command(program).try_get_matches_from(arguments)?;
    let (api, name, own) = match (&program.apis, matches.subcommand()) {
        (Apis::One(api), Some((name, own))) => (*api, name, own),
        (Apis::Named(apis), Some((name, own))) => {
            match (apis.iter().find(|api| api.info.name == name), own.subcommand()) {
                (Some(api), Some((name, own))) => (*api, name, own),
                _ => return Ok(Command::List(apis.to_vec())),
            }
        }
        // A command is required; clap has said so.
        (_, None) => return Ok(Command::List(Vec::new())),
    };
    Ok(if name == "call" { Command::Call(api, Box::new(call_arguments(own))) } else { Command::List(vec![api]) })
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
            // Unless it would hide an API of that name.
            let is_free = apis.iter().all(|api| api.info.name != "list");
            if is_free { root.subcommand(list_command("List the operations of all APIs")) } else { root }
        }
    }
}

fn api_command(api: &'static Api) -> clap::Command {
    let command = clap::Command::new(api.info.name)
        .about(format!("The API {}, version {}", api.info.name, api.info.version))
        .subcommand_required(true)
        .arg_required_else_help(true)
        .disable_help_subcommand(true)
        .subcommands([call_command(api), list_command("List the operations")]);
    // The module is called so.
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
        .about("Call an operation and print its answer as JSON")
        .after_help(call_help(api))
        .args([
        Arg::new("operation")
            .value_name("OPERATION")
            .help("'METHOD /path/template', or the operation's id")
            .required(true)
            .value_parser(plain),
        many("param", "[LOCATION:]NAME=VALUE", "Set a parameter"),
        one("body", "JSON|@FILE|@-", "Set the body; a text where the operation takes one"),
        many("part", "NAME=@FILE|TEXT", "Set a part of a form"),
        many("part-header", "NAME=HEADER: VALUE", "Send a header with the parts of this name"),
        many("header", "NAME: VALUE", "Send a header, in the place of one of that name"),
        one("server", "URL|NAME|INDEX", "Send to this base URL, or to this server of the spec"),
        many("server-variable", "NAME=VALUE", "Set a variable of the server's URL"),
        many("auth", "SCHEME=env:NAME|file:PATH|-|cert:PATH", "Set the credential of a security scheme"),
        path("client-key", "The key of the client certificate, where it is in a file of its own"),
        path("root-certificate", "Trust the root certificates of this PEM file too"),
        flag("allow-insecure-http", "Allow credentials over plain http:// to other machines"),
        path(
            "output",
            "Write the response body to this file as it arrives, whatever its size; only you can read it if it is new",
        )
        .short('o'),
        flag("dry-run", "Print the request as a curl command, without secrets, and send nothing"),
        flag("no-retry", "Send the request once"),
        one("timeout", "SECONDS", "Limit the time of the whole call"),
        one(
            "max-response-bytes",
            "BYTES",
            "Limit the size of the response body; 16 MiB if not set, no limit for bytes to a file",
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
