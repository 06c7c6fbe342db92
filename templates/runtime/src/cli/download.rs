//! Download of a response body of any size to a file (`--output`).
//!
//! The file keeps its previous content until the body is complete. If the file is a device or a pipe, or if its
//! directory is not writable, the bytes are written to it as they arrive.

use http::StatusCode;
use serde::Serialize;

use super::super::call::Call;
use super::super::operation::{Operation, OperationInfo};
use super::super::save::Partial;
use super::super::streamed::StreamedResponse;
use super::entry::exit_error;
use super::exit::{Exit, ExitError};
use super::output::{Content, Output, OutputFile, Redirect};

/// Sends the call and writes the body of a successful response to the file. `limit` is the maximum size in bytes.
pub async fn download<O: Operation>(call: Call, mut file: OutputFile, limit: Option<u64>) -> Result<Output, ExitError>
where
    O::ErrorBody: Serialize,
{
    // The temporary file is created before the request is sent, because a failure afterwards would lose the response.
    let replacement = file.replacement().await;
    let written = match call.send_streamed::<O>().await {
        Ok(response) => {
            let redirect = Redirect::of(response.status, &response.headers);
            // An undocumented body of a redirect usually repeats the location, so it is not written.
            if redirect.is_some() && !has_documented_body(O::INFO, response.status) {
                file.discard();
                return Ok(Output { content: Content::Empty, redirect });
            }
            write(response, replacement, &mut file, limit).await.map(|()| redirect)
        }
        Err(error) => Err(exit_error(error)),
    };
    match written {
        Ok(redirect) => Ok(Output { content: Content::Empty, redirect }),
        Err(error) => {
            file.discard();
            Err(error)
        }
    }
}

/// Returns whether the spec documents a response body for the status.
fn has_documented_body(info: &OperationInfo, status: StatusCode) -> bool {
    let mut variants = info.successes.iter().filter(|variant| variant.success.status == status.as_u16());
    info.successes.is_empty() || variants.any(|variant| variant.success.kind.is_some())
}

async fn write<E: Serialize>(
    mut response: StreamedResponse<E>,
    mut replacement: Option<Partial>,
    file: &mut OutputFile,
    limit: Option<u64>,
) -> Result<(), ExitError> {
    if replacement.is_none() {
        file.clear()?;
    }
    let mut read: u64 = 0;
    while let Some(chunk) = response.next().await {
        let chunk = chunk.map_err(exit_error)?;
        read = read.saturating_add(chunk.len() as u64);
        if let Some(limit) = limit.filter(|limit| read > *limit) {
            let message = format!("the response body is larger than the limit of {limit} bytes");
            return Err(ExitError::new(Exit::Transport, format!("{message}; set a higher --max-response-bytes")));
        }
        match &mut replacement {
            Some(partial) => partial.write(&chunk).await.map_err(|error| file.not_written(&error))?,
            None => file.write(&chunk)?,
        }
    }
    match replacement {
        Some(partial) => partial.finish().await.map(|_| ()).map_err(|error| file.not_written(&error)),
        None => Ok(()),
    }
}
