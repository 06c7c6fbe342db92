//! Bodies: lengths held to, files that change, streams read once.

use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;

use crate::runtime::{Body, BoxError};

/// A stream of these chunks.
pub struct Chunks(std::vec::IntoIter<&'static str>);

impl Chunks {
    pub fn new(chunks: impl Into<Vec<&'static str>>) -> Self {
        Self(chunks.into().into_iter())
    }
}

impl Stream for Chunks {
    type Item = Result<Bytes, BoxError>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(self.0.next().map(|chunk| Ok(Bytes::from_static(chunk.as_bytes()))))
    }
}

pub async fn collect(body: Body) -> Result<Vec<u8>, BoxError> {
    let mut stream = body.into_stream();
    let mut content = Vec::new();
    while let Some(chunk) = stream.next().await {
        content.extend_from_slice(&chunk?);
    }
    assert!(stream.next().await.is_none(), "an ended stream stays ended");
    Ok(content)
}

#[tokio::test]
async fn kinds() {
    assert_eq!(collect(Body::empty()).await.unwrap(), b"");
    assert_eq!(collect(Body::from("ab")).await.unwrap(), b"ab");
    assert!(Body::empty().is_empty() && !Body::bytes("").is_empty());
    assert_eq!((Body::empty().length(), Body::bytes("ab").length()), (Some(0), Some(2)));
    assert_eq!(Body::bytes("ab").as_bytes().unwrap(), "ab");

    let once = Body::stream(Chunks::new(["a", "b"]), None);
    assert!(!once.is_replayable() && once.length().is_none());
    let clone = once.clone();
    assert_eq!(collect(once).await.unwrap(), b"ab");
    let error = clone.into_stream().next().await.unwrap().unwrap_err();
    assert!(error.to_string().contains("read before"), "{error}");

    let replay = Body::replayable_stream(|| Chunks::new(["a", "b"]), Some(2));
    assert!(replay.is_replayable());
    assert_eq!(collect(replay.clone()).await.unwrap(), b"ab");
    assert_eq!(collect(replay).await.unwrap(), b"ab");
    let debug = format!("{:?}", Body::from("secret"));
    assert!(!debug.contains("secret"), "{debug}");
}

#[tokio::test]
async fn lengths_are_kept() {
    for (length, message) in [(1, "longer than the 1 bytes"), (3, "ended after 2 of the 3 bytes")] {
        let error = collect(Body::stream(Chunks::new(["a", "b"]), Some(length))).await.unwrap_err();
        assert!(error.to_string().contains(message), "{error}");
    }
}

#[tokio::test]
async fn files_are_streamed_and_held_to_what_was_measured() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let content: Vec<u8> = (0..200_000u32).flat_map(u32::to_le_bytes).collect();
    std::fs::write(file.path(), &content).unwrap();
    let mut body = Body::file(file.path());
    assert_eq!(body.length(), None);
    body.measure().await.unwrap();
    assert_eq!(body.length(), Some(800_000));
    assert!(body.is_replayable());
    assert_eq!(collect(body.clone()).await.unwrap(), content);

    std::fs::write(file.path(), "another length").unwrap();
    let error = collect(body).await.unwrap_err();
    let source = std::error::Error::source(error.as_ref()).unwrap().to_string();
    assert!(source.contains("changed"), "{error}: {source}");

    let directory = tempfile::tempdir().unwrap();
    assert!(Body::file(directory.path()).measure().await.is_err());
    let missing = Body::file(directory.path().join("missing")).measure().await.unwrap_err();
    assert!(missing.to_string().contains("missing"), "{missing}");
}
