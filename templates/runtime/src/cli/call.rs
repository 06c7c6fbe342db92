//! The command `call`: its arguments come in, one call is made or shown, its answer is written.

use std::sync::Arc;
use std::time::Duration;

use http::header::{AUTHORIZATION, CONTENT_TYPE, COOKIE, PROXY_AUTHORIZATION};
use tokio::runtime::Runtime;

use super::super::api::{ApiInfo, SchemeKind};
use super::super::builder::{BuildError, ClientBuilder};
use super::super::call::Call;
use super::super::client::Service;
use super::super::credentials::{Credential, CredentialError};
use super::super::environment::{self, EnvironmentError, Lookup};
use super::super::operation::OperationInfo;
use super::super::redact;
use super::super::retry::RetryPolicy;
use super::super::secret::Secret;
use super::super::server::ServerError;
use super::super::transport::Transport;
use super::answer::{Answer, OutputFile};
use super::arguments::CallArguments;
use super::dry_run::{Placeholders, Recorder};
use super::entry::{Api, Entry, Outcome};
use super::stop::{Exit, INSECURE_HTTP_HINT, Stop, with_causes};
use super::{Surroundings, answer, auth, content, curl, find, parameters};

/// What the builder of a client is told.
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
    /// Tells it: first what the environment says, then the arguments.
    pub fn of<S: Service>(self, builder: ClientBuilder<S>) -> Result<ClientBuilder<S>, EnvironmentError> {
        let mut builder = environment::apply_server(builder, self.environment)?.retry(self.retry);
        if let Some(server) = self.server {
            builder = if server.contains("://") { builder.base_url(server) } else { builder.server_called(&server) };
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

/// Makes the call, or shows it.
pub fn call(api: &'static Api, arguments: &CallArguments, surroundings: &mut Surroundings<'_>) -> Result<(), Stop> {
    let entry = find::operation(api, &arguments.operation)?;
    let mut placeholders = arguments.dry_run.then(Placeholders::default);
    let input_uses = arguments.auth.iter().filter(|auth| auth.ends_with("=-")).count()
        + arguments.body.iter().filter(|body| *body == "@-").count()
        + arguments.parts.iter().filter(|part| part.ends_with("=@-")).count();
    if input_uses > 1 {
        return Err(Stop::usage("standard input can be only one of the things that are to be read from it"));
    }
    // Arguments say which credential is meant, so that the environment has no say beside them.
    let mut auth = if arguments.auth.is_empty() && arguments.client_key.is_none() {
        auth::from_environment(api.info, surroundings.environment, placeholders.as_mut())?
    } else {
        let client_key = arguments.client_key.as_deref();
        auth::read(api.info, &arguments.auth, client_key, surroundings.input, placeholders.as_mut())?
    };
    let recorder = arguments.dry_run.then(Recorder::default);
    let transport = match &recorder {
        Some(recorder) => Some(Arc::new(recorder.clone()) as Arc<dyn Transport>),
        None => surroundings.transport.clone(),
    };
    let settings = settings(arguments, surroundings.environment, std::mem::take(&mut auth.credentials), transport)?;
    let client = (api.build)(settings).map_err(|error| not_built(&error))?;

    let mut call = Call::of(&client, entry.info);
    if let Some(timeout) = timeout(arguments)? {
        call.timeout(timeout);
    }
    parameters::fill(&mut call, entry.info, &arguments.parameters, placeholders.as_mut())?;
    for member in content::fill(&mut call, entry.info, arguments, surroundings.input)? {
        // A standard error that is closed leaves nobody to warn.
        let member = redact::line(&member);
        let _ = writeln!(surroundings.errors, "warning: the body's `{member}` is not in the spec and is not sent");
    }
    headers(&mut call, api.info, entry.info, &arguments.headers, placeholders.as_mut())?;

    if let (Some(recorder), Some(placeholders)) = (&recorder, &placeholders) {
        let sent = wait(&runtime()?, (entry.send)(call), entry, api.info);
        let Some(request) = recorder.take() else { return sent.map(|_| ()) };
        let line = curl::command(&request, entry.info, arguments, &auth, placeholders);
        return answer::print(surroundings.output, line.as_bytes());
    }
    if (entry.gives_bytes)() && arguments.output.is_none() && surroundings.is_terminal {
        return Err(Stop::usage(format!("{} answers with bytes: give a file for them by -o", entry.info.id)));
    }
    let mut own_secrets = call.secrets();
    own_secrets.extend(call.body_secrets());
    let file = arguments.output.as_deref().map(OutputFile::open).transpose()?;
    let outcome = match file {
        Some(file) => (entry.save)(call, file, max_response_bytes(arguments)?),
        None => (entry.send)(call),
    };
    let runtime = runtime()?;
    let written = wait(&runtime, outcome, entry, api.info)
        .and_then(|answer| answer::write(answer, &runtime, surroundings.output, surroundings.errors));
    // A name that is still being resolved must not hold the program up.
    runtime.shutdown_background();
    written.map_err(|mut stop| {
        // A server may quote what it was sent.
        let known = client.secrets();
        let secrets: Vec<&str> =
            known.iter().map(Secret::expose).chain(own_secrets.iter().map(String::as_str)).collect();
        stop.body = stop.body.map(|body| redact::mask_secrets(body, &secrets));
        stop
    })
}

fn settings<'a>(
    arguments: &CallArguments,
    environment: Lookup<'a>,
    credentials: Vec<(String, Credential)>,
    transport: Option<Arc<dyn Transport>>,
) -> Result<Settings<'a>, Stop> {
    let pair = |text: &String| match text.split_once('=') {
        Some((name, value)) => Ok((name.to_owned(), value.to_owned())),
        None => Err(Stop::usage("--server-variable takes NAME=VALUE, and there is one without `=`")),
    };
    let root_certificate = arguments.root_certificate.as_deref().map(|path| {
        std::fs::read(path).map_err(|error| Stop::usage(format!("`{}` cannot be read: {error}", path.display())))
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

/// How long the whole call may take, reading a body of any size included.
fn timeout(arguments: &CallArguments) -> Result<Option<Duration>, Stop> {
    let Some(text) = &arguments.timeout else { return Ok(None) };
    let seconds = text.parse().ok().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    match seconds {
        Some(seconds) => Ok(Some(seconds)),
        None => Err(Stop::usage(format!("--timeout takes seconds, and `{text}` is no number of them"))),
    }
}

/// How many bytes the body of the response may have.
fn max_response_bytes(arguments: &CallArguments) -> Result<Option<u64>, Stop> {
    let Some(text) = &arguments.max_response_bytes else { return Ok(None) };
    let not_a_number = |_| format!("--max-response-bytes takes a number of bytes, and `{text}` is not one");
    text.parse().map(Some).map_err(not_a_number).map_err(Stop::usage)
}

/// Why there is no client, with the option that helps.
fn not_built(error: &BuildError) -> Stop {
    let hint = match error {
        BuildError::Server(ServerError::NoServer | ServerError::Relative { .. }) => " (here: --server URL)",
        BuildError::Server(ServerError::MissingVariable { .. }) => {
            " (here: --server-variable NAME=VALUE, or --server URL)"
        }
        BuildError::Credential(CredentialError::InsecureHttp(_)) => INSECURE_HTTP_HINT,
        _ => "",
    };
    Stop::usage(with_causes(error) + hint)
}

/// Adds the headers. Those that carry credentials are not shown.
fn headers(
    call: &mut Call,
    api: &'static ApiInfo,
    info: &'static OperationInfo,
    given: &[String],
    mut hidden: Option<&mut Placeholders>,
) -> Result<(), Stop> {
    for text in given {
        let Some((name, value)) = text.split_once(':') else {
            return Err(Stop::usage("--header takes 'Name: value', and there is one without a colon"));
        };
        let (name, value) = (name.trim(), value.trim());
        // One that only says which of the spec's media types is meant is sent by the body, with all that belongs to it.
        let is_of_body = name.eq_ignore_ascii_case(CONTENT_TYPE.as_str());
        if is_of_body && info.bodies().any(|body| body.media_type.eq_ignore_ascii_case(value)) {
            continue;
        }
        match hidden.as_deref_mut().filter(|_| carries_credentials(api, name)) {
            Some(hidden) => call.header(name.to_owned(), hidden.masked()),
            None => call.header(name.to_owned(), value.to_owned()),
        }
    }
    Ok(())
}

fn carries_credentials(api: &'static ApiInfo, header: &str) -> bool {
    let is_key = |kind| matches!(kind, SchemeKind::ApiKey { name, .. } if header.eq_ignore_ascii_case(name));
    let standard = [AUTHORIZATION, PROXY_AUTHORIZATION, COOKIE];
    standard.iter().any(|name| header.eq_ignore_ascii_case(name.as_str()))
        || api.security_schemes.iter().any(|scheme| is_key(scheme.kind))
}

/// The runtime that a call is waited for in.
fn runtime() -> Result<Runtime, Stop> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(|error| Stop::new(Exit::Transport, format!("the program cannot wait for a response: {error}")))
}

/// Waits for what comes of a call.
fn wait(runtime: &Runtime, call: Outcome, entry: &'static Entry, api: &'static ApiInfo) -> Result<Answer, Stop> {
    runtime.block_on(call).map_err(|mut stop| {
        if stop.lacks_credential {
            stop.message = no_credential(entry.info, api);
        }
        stop
    })
}

/// Which options give the credential that an operation takes.
fn no_credential(info: &'static OperationInfo, api: &'static ApiInfo) -> String {
    let option = |name: &&str| {
        let takes_certificate = api.security_scheme(name).is_some_and(|scheme| scheme.client_certificate.is_some());
        let certificate = if takes_certificate { format!(" (or {name}=cert:PATH)") } else { String::new() };
        format!("--auth {name}=env:NAME{certificate}")
    };
    let combination = |names: &&[&str]| names.iter().map(option).collect::<Vec<_>>().join(" with ");
    let options = info.security.iter().map(combination).collect::<Vec<_>>().join(", or ");
    let schemes: Vec<Vec<&str>> = info.security.iter().map(|names| names.to_vec()).collect();
    let variables = match environment::variables_of(&schemes, api) {
        variables if variables.is_empty() => variables,
        variables => format!("; or the environment variables {variables}"),
    };
    let (id, method, path) = (info.id, &info.method, info.path);
    format!("{id} ({method} {path}): nothing was sent: no credential is given: {options}{variables}")
}
