//! The command `call`: sends a request and writes the response, or, with `--dry-run`, prints the request.

use std::sync::Arc;
use std::time::Duration;

use http::header::{AUTHORIZATION, CONTENT_TYPE, COOKIE, PROXY_AUTHORIZATION};
use tokio::runtime::Runtime;

use super::super::api::ApiInfo;
use super::super::builder::{BuildError, ClientBuilder};
use super::super::call::Call;
use super::super::client::Service;
use super::super::credentials::{Credential, CredentialError, SchemeKind};
use super::super::environment::{self, EnvironmentError, Lookup};
use super::super::operation::OperationInfo;
use super::super::redact;
use super::super::retry::RetryPolicy;
use super::super::secret::Secret;
use super::super::server::ServerError;
use super::super::transport::Transport;
use super::arguments::CallArguments;
use super::dry_run::{Placeholders, Recorder};
use super::entry::{Api, Entry, Outcome};
use super::exit::{Exit, ExitError, INSECURE_HTTP_HINT, with_causes};
use super::output::{Output, OutputFile};
use super::{Context, auth, content, curl, find, output, parameters};

/// The settings of the client.
pub struct Settings<'a> {
    environment: Lookup<'a>,
    server: Option<String>,
    variables: Vec<(String, String)>,
    credentials: Vec<(String, Credential)>,
    root_certificate: Option<Vec<u8>>,
    allow_insecure_http: bool,
    retry: RetryPolicy,
    max_response_bytes: Option<u64>,
    transport: Option<Arc<dyn Transport>>,
}

impl Settings<'_> {
    /// Applies the settings to a builder. A server given as an argument overrides the server from the environment.
    pub fn of<S: Service>(self, builder: ClientBuilder<S>) -> Result<ClientBuilder<S>, EnvironmentError> {
        let mut builder = environment::apply_server(builder, self.environment)?.retry(self.retry);
        if let Some(server) = self.server {
            builder = if server.contains("://") {
                builder.base_url(server)
            } else {
                builder.server_by_index_or_name(&server)
            };
        }
        for (name, value) in self.variables {
            builder = builder.server_variable(name, value);
        }
        for (scheme, credential) in self.credentials {
            builder = builder.credential(scheme, credential);
        }
        if let Some(pem) = self.root_certificate {
            builder = builder.root_certificate_pem(pem);
        }
        if self.allow_insecure_http {
            builder = builder.allow_insecure_http();
        }
        if let Some(limit) = self.max_response_bytes {
            builder = builder.max_response_bytes(limit);
        }
        if let Some(transport) = self.transport {
            builder = builder.transport(transport);
        }
        Ok(builder)
    }
}

/// Runs the command: sends the request and writes the response or, with `--dry-run`, prints the request as a curl
/// command.
pub fn call(api: &'static Api, arguments: &CallArguments, context: &mut Context<'_>) -> Result<(), ExitError> {
    let entry = find::operation(api, &arguments.operation)?;
    let mut placeholders = arguments.dry_run.then(Placeholders::default);
    let input_uses = arguments.auth.iter().filter(|auth| auth.ends_with("=-")).count()
        + arguments.body.iter().filter(|body| *body == "@-").count()
        + arguments.parts.iter().filter(|part| part.ends_with("=@-")).count();
    if input_uses > 1 {
        return Err(ExitError::usage("standard input can be used by only one of --auth, --body and --part"));
    }
    // Credentials given as arguments replace all credentials from the environment.
    let mut auth = if arguments.auth.is_empty() && arguments.client_key.is_none() {
        auth::from_environment(api.info, context.environment, placeholders.as_mut())?
    } else {
        let client_key = arguments.client_key.as_deref();
        auth::read(api.info, &arguments.auth, client_key, context.input, placeholders.as_mut())?
    };
    let recorder = arguments.dry_run.then(Recorder::default);
    let transport = match &recorder {
        Some(recorder) => Some(Arc::new(recorder.clone()) as Arc<dyn Transport>),
        None => context.transport.clone(),
    };
    let settings = settings(arguments, context.environment, std::mem::take(&mut auth.credentials), transport)?;
    let client = (api.build)(settings).map_err(|error| not_built(&error))?;

    let mut call = Call::of(&client, entry.info);
    if let Some(timeout) = timeout(arguments)? {
        call.options_mut().timeout = Some(timeout);
    }
    parameters::fill(&mut call, entry.info, &arguments.parameters, placeholders.as_mut())?;
    for property in content::fill(&mut call, entry.info, arguments, context.input)? {
        // If standard error is closed, the warning cannot be shown anywhere.
        let property = redact::line(&property);
        let _ = writeln!(context.errors, "warning: the body property `{property}` is not in the spec and is not sent");
    }
    headers(&mut call, api.info, entry.info, &arguments.headers, placeholders.as_mut())?;

    if let (Some(recorder), Some(placeholders)) = (&recorder, &placeholders) {
        let result = wait(&runtime()?, (entry.send)(call), entry, api.info);
        let Some(request) = recorder.take() else { return result.map(|_| ()) };
        let line = curl::command(&request, entry.info, arguments, &auth, placeholders);
        return output::print(context.output, line.as_bytes());
    }
    if (entry.returns_bytes)() && arguments.output.is_none() && context.is_terminal {
        return Err(ExitError::usage(format!(
            "{} returns binary data: write it to a file with -o FILE",
            entry.info.id
        )));
    }
    let mut own_secrets = call.secrets();
    own_secrets.extend(call.body_secrets());
    let file = arguments.output.as_deref().map(OutputFile::open).transpose()?;
    let outcome = match file {
        Some(file) => (entry.save)(call, file, max_response_bytes(arguments)?),
        None => (entry.send)(call),
    };
    let runtime = runtime()?;
    let result = wait(&runtime, outcome, entry, api.info)
        .and_then(|response| output::write(response, &runtime, context.output, context.errors));
    // Do not wait for a DNS lookup that is still running.
    runtime.shutdown_background();
    result.map_err(|mut error| {
        // Error responses may quote secrets of the request.
        let known = client.secrets();
        let secrets: Vec<&str> =
            known.iter().map(Secret::expose).chain(own_secrets.iter().map(String::as_str)).collect();
        error.body = error.body.map(|body| redact::mask_secrets(body, &secrets));
        error
    })
}

fn settings<'a>(
    arguments: &CallArguments,
    environment: Lookup<'a>,
    credentials: Vec<(String, Credential)>,
    transport: Option<Arc<dyn Transport>>,
) -> Result<Settings<'a>, ExitError> {
    let pair = |argument: &String| match argument.split_once('=') {
        Some((name, value)) => Ok((name.to_owned(), value.to_owned())),
        None => Err(ExitError::usage("a value of --server-variable has no `=`: expected NAME=VALUE")),
    };
    let root_certificate = arguments.root_certificate.as_deref().map(|path| {
        std::fs::read(path).map_err(|error| ExitError::usage(format!("`{}` cannot be read: {error}", path.display())))
    });
    let once = arguments.no_retry || arguments.dry_run;
    Ok(Settings {
        environment,
        server: arguments.server.clone(),
        variables: arguments.server_variables.iter().map(pair).collect::<Result<_, _>>()?,
        credentials,
        root_certificate: root_certificate.transpose()?,
        allow_insecure_http: arguments.allow_insecure_http,
        retry: if once { RetryPolicy::none() } else { RetryPolicy::default() },
        max_response_bytes: max_response_bytes(arguments)?,
        transport,
    })
}

/// Returns the timeout of the whole call, including reading the body, from `--timeout`.
fn timeout(arguments: &CallArguments) -> Result<Option<Duration>, ExitError> {
    let Some(text) = &arguments.timeout else { return Ok(None) };
    let seconds = text.parse().ok().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    match seconds {
        Some(seconds) => Ok(Some(seconds)),
        None => Err(ExitError::usage(format!("--timeout: `{text}` is not a valid number of seconds"))),
    }
}

/// Returns the maximum size of the response body in bytes, from `--max-response-bytes`.
fn max_response_bytes(arguments: &CallArguments) -> Result<Option<u64>, ExitError> {
    let Some(text) = &arguments.max_response_bytes else { return Ok(None) };
    let not_a_number = |_| format!("--max-response-bytes: `{text}` is not a valid number of bytes");
    text.parse().map(Some).map_err(not_a_number).map_err(ExitError::usage)
}

/// Returns the error for a client that could not be built, with a hint that names the option to set.
fn not_built(error: &BuildError) -> ExitError {
    let hint = match error {
        BuildError::Server(ServerError::NoServer | ServerError::Relative { .. }) => {
            " (on the command line: --server URL)"
        }
        BuildError::Server(ServerError::MissingVariable { .. }) => {
            " (on the command line: --server-variable NAME=VALUE, or --server URL)"
        }
        BuildError::Credential(CredentialError::InsecureHttp(_)) => INSECURE_HTTP_HINT,
        _ => "",
    };
    ExitError::usage(with_causes(error) + hint)
}

/// Sets the headers given with `--header`. If `placeholders` is set (`--dry-run`), placeholders replace the values of
/// headers that contain credentials.
fn headers(
    call: &mut Call,
    api: &'static ApiInfo,
    info: &'static OperationInfo,
    given: &[String],
    mut placeholders: Option<&mut Placeholders>,
) -> Result<(), ExitError> {
    for header in given {
        let Some((name, value)) = header.split_once(':') else {
            return Err(ExitError::usage("a value of --header has no colon: expected 'Name: value'"));
        };
        let (name, value) = (name.trim(), value.trim());
        // A `Content-Type` that selects one of the documented bodies is skipped here, because it is sent with the body.
        let is_of_body = name.eq_ignore_ascii_case(CONTENT_TYPE.as_str());
        if is_of_body && info.bodies().any(|body| body.media_type.eq_ignore_ascii_case(value)) {
            continue;
        }
        let value = match placeholders.as_deref_mut().filter(|_| carries_credentials(api, name)) {
            Some(placeholders) => placeholders.masked(),
            None => value.to_owned(),
        };
        call.options_mut().headers.push((name.to_owned(), value));
    }
    Ok(())
}

fn carries_credentials(api: &'static ApiInfo, header: &str) -> bool {
    let is_key = |kind| matches!(kind, SchemeKind::ApiKey { name, .. } if header.eq_ignore_ascii_case(name));
    let standard = [AUTHORIZATION, PROXY_AUTHORIZATION, COOKIE];
    standard.iter().any(|name| header.eq_ignore_ascii_case(name.as_str()))
        || api.security_schemes.iter().any(|scheme| is_key(scheme.kind))
}

/// Creates the Tokio runtime for the call.
fn runtime() -> Result<Runtime, ExitError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(|error| ExitError::new(Exit::Transport, format!("the async runtime cannot be started: {error}")))
}

/// Waits for the result of a call. If a credential is missing, the error message names the options that set it.
fn wait(runtime: &Runtime, call: Outcome, entry: &'static Entry, api: &'static ApiInfo) -> Result<Output, ExitError> {
    runtime.block_on(call).map_err(|mut error| {
        if error.lacks_credential {
            error.message = no_credential(entry.info, api);
        }
        error
    })
}

/// Returns the message for a missing credential, with the options and environment variables that set it.
fn no_credential(info: &'static OperationInfo, api: &'static ApiInfo) -> String {
    let option = |name: &&str| {
        let scheme = api.security_scheme(name);
        if scheme.is_some_and(|scheme| scheme.kind == SchemeKind::MutualTls) {
            return format!("--auth {name}=cert:PATH");
        }
        #[cfg(feature = "certificate-hosts")]
        let takes_certificate = scheme.is_some_and(|scheme| scheme.client_certificate.is_some());
        #[cfg(not(feature = "certificate-hosts"))]
        let takes_certificate = false;
        let certificate = if takes_certificate { format!(" (or {name}=cert:PATH)") } else { String::new() };
        format!("--auth {name}=env:NAME{certificate}")
    };
    let combination = |names: &&[&str]| names.iter().map(option).collect::<Vec<_>>().join(" with ");
    let options = info.security.iter().map(combination).collect::<Vec<_>>().join(", or ");
    let schemes: Vec<Vec<&str>> = info.security.iter().map(|names| names.to_vec()).collect();
    let variables = match environment::variables_of(&schemes, api) {
        variables if variables.is_empty() => variables,
        variables => format!("; or set the environment variables {variables}"),
    };
    let (id, method, path) = (info.id, info.method_name(), info.path);
    format!("{id} ({method} {path}): nothing was sent: no credential is set: use {options}{variables}")
}
