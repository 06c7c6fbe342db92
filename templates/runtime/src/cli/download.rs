//! A body of any size that goes to a file as it comes.
//!
//! In: a call, and the file for the body of its response. Out: the file, which holds what it held before until the body is whole; a
//! device or a pipe gets the bytes at once.

use http::StatusCode;
use serde::Serialize;

use super::super::call::Call;
use super::super::operation::{Operation, OperationInfo};
use super::super::save::Partial;
use super::super::streamed::StreamedResponse;
use super::answer::{Answer, Content, OutputFile, Redirect};
use super::entry::stopped;
use super::stop::{Exit, Stop};

/// Sends the call and writes the body of a success to the file, at most so many bytes if there is a limit.
pub async fn download<O: Operation>(call: Call, mut file: OutputFile, limit: Option<u64>) -> Result<Answer, Stop>
where
    O::ErrorBody: Serialize,
{
    // Before the request, which may not be repeatable, is sent.
    let replacement = file.replacement().await;
    let written = match call.send_streamed::<O>().await {
        Ok(response) => {
            let redirect = Redirect::of(response.status, &response.headers);
            // The page that comes with many redirects, and is not documented, only says where they lead.
            if redirect.is_some() && !carries_body(O::INFO, response.status) {
                file.give_up();
                return Ok(Answer { content: Content::Nothing, redirect });
            }
            write(response, replacement, &mut file, limit).await.map(|()| redirect)
        }
        Err(error) => Err(stopped(error)),
    };
    match written {
        Ok(redirect) => Ok(Answer { content: Content::Nothing, redirect }),
        Err(stop) => {
            file.give_up();
            Err(stop)
        }
    }
}

/// Whether the spec documents a body for the status.
fn carries_body(info: &OperationInfo, status: StatusCode) -> bool {
    let mut variants = info.successes.iter().filter(|variant| variant.success.status == status.as_u16());
    info.successes.is_empty() || variants.any(|variant| variant.success.kind.is_some())
}

async fn write<E: Serialize>(
    mut response: StreamedResponse<E>,
    mut replacement: Option<Partial>,
    file: &mut OutputFile,
    limit: Option<u64>,
) -> Result<(), Stop> {
    if replacement.is_none() {
        file.clear()?;
    }
    let mut read: u64 = 0;
    while let Some(chunk) = response.next().await {
        let chunk = chunk.map_err(stopped)?;
        read = read.saturating_add(chunk.len() as u64);
        if let Some(limit) = limit.filter(|limit| read > *limit) {
            let message = format!("the body of the answer is larger than the limit of {limit} bytes");
            return Err(Stop::new(Exit::Transport, format!("{message}; a higher --max-response-bytes allows more")));
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
