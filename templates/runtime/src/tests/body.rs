//! Tests of request bodies: announced lengths, files that change, and streams that can be read only once.

use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;

use crate::runtime::{Body, BoxError};

/// A stream of the given chunks.
pub struct Chunks(std::vec::IntoIter<Bytes>);

impl Chunks {
    pub fn new(chunks: impl IntoIterator<Item = impl Into<Bytes>>) -> Self {
        let chunks: Vec<Bytes> = chunks.into_iter().map(Into::into).collect();
        Self(chunks.into_iter())
    }
}

impl Stream for Chunks {
    type Item = Result<Bytes, BoxError>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(self.0.next().map(Ok))
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
async fn body_of_each_kind_is_collected() {
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
    assert!(error.to_string().contains("already read"), "{error}");

    let replay = Body::replayable_stream(|| Chunks::new(["a", "b"]), Some(2));
    assert!(replay.is_replayable());
    assert_eq!(collect(replay.clone()).await.unwrap(), b"ab");
    assert_eq!(collect(replay).await.unwrap(), b"ab");
    let debug = format!("{:?}", Body::from("secret"));
    assert!(!debug.contains("secret"), "{debug}");
}

#[tokio::test]
async fn stream_of_wrong_length_is_error() {
    for (length, message) in [(1, "longer than the 1 bytes"), (3, "ended after 2 of the 3 bytes")] {
        let error = collect(Body::stream(Chunks::new(["a", "b"]), Some(length))).await.unwrap_err();
        assert!(error.to_string().contains(message), "{error}");
    }
}

#[tokio::test]
async fn surplus_data_is_detected_before_last_block_is_sent() {
    // A receiver that counts bytes would consider the body complete after `ab`, so the error must be returned before
    // this block.
    let mut stream = Body::stream(Chunks::new(["ab", "", "c"]), Some(2)).into_stream();
    let error = stream.next().await.unwrap().unwrap_err();
    assert!(error.to_string().contains("longer than the 2 bytes announced"), "{error}");
    assert!(stream.next().await.is_none());
    assert_eq!(collect(Body::stream(Chunks::new(["ab", ""]), Some(2))).await.unwrap(), b"ab");
}

#[tokio::test]
async fn large_bytes_are_sent_in_blocks() {
    let mut stream = Body::bytes(vec![7; 600_000]).into_stream();
    let mut sizes = Vec::new();
    while let Some(block) = stream.next().await {
        sizes.push(block.unwrap().len());
    }
    assert_eq!(sizes, [262_144, 262_144, 75_712]);
}

#[tokio::test]
async fn file_changed_while_read_is_error() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), vec![0; 600_000]).unwrap();
    for length in [300_000, 599_999, 600_001] {
        file.as_file().set_len(600_000).unwrap();
        let mut body = Body::file(file.path());
        body.measure().await.unwrap();
        let mut stream = body.clone().into_stream();
        let mut read = stream.next().await.unwrap().unwrap().len();
        file.as_file().set_len(length).unwrap();
        let error = loop {
            match stream.next().await.unwrap() {
                Ok(block) => read += block.len(),
                Err(error) => break error,
            }
        };
        assert!(error.to_string().contains("cannot be sent"), "{error}");
        assert!(read < 600_000, "{length}");
        assert!(body.measure().await.is_err(), "{length}");
    }
}

#[tokio::test]
async fn file_is_streamed_with_measured_length() {
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
