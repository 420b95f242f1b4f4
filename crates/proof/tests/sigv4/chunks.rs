//! Streams whose every chunk is signed.

use daypass_proof::secret::SecretAccessKey;
use daypass_proof::sigv4::chunked::{Chain, ChunkSigner};
use daypass_proof::sigv4::{Body, Dialect, Payload, SignatureError};

use crate::client::{NOW, Request, SECRET};

const TRAILERS: [(&str, &str); 1] = [("x-amz-checksum-crc32c", "sOO8/Q==")];

/// Both ends of one stream, after its request was verified.
fn stream(trailer: bool) -> (ChunkSigner, Chain) {
    let mut request = Request::new(Dialect::S3);
    let signed = request.authorize_as(false, Payload::StreamingSigned { trailer });
    let verified = request.judge_with(Body::Streamed, SECRET, NOW).unwrap();
    let secret: SecretAccessKey = SECRET.parse().unwrap();
    (signed.chunks(), Chain::start(&verified, &secret).unwrap())
}

fn send(signer: &mut ChunkSigner, chain: &mut Chain, data: &[u8]) {
    let signature = signer.chunk(data);
    chain.chunk(signature.as_bytes(), data).unwrap();
}

#[test]
fn s27_a_stream_is_complete_after_its_last_chunk() {
    let (mut signer, mut chain) = stream(false);
    for data in [&b"first"[..], b"second", b""] {
        send(&mut signer, &mut chain, data);
    }
    assert_eq!(chain.finish().unwrap().decoded_bytes(), 11);
}

#[test]
fn s27_a_stream_with_a_trailer_is_complete_after_its_trailer() {
    let (mut signer, mut chain) = stream(true);
    send(&mut signer, &mut chain, b"data");
    send(&mut signer, &mut chain, b"");
    let signature = signer.trailer(&TRAILERS);
    let body = chain.trailer(signature.as_bytes(), &TRAILERS).unwrap();
    assert_eq!(body.decoded_bytes(), 4);
}

#[test]
fn s27_only_streams_have_a_chain() {
    let request = Request::signed(Dialect::S3);
    let secret: SecretAccessKey = SECRET.parse().unwrap();
    assert!(Chain::start(&request.judge().unwrap(), &secret).is_none());
}

#[test]
fn s31_a_truncated_stream_is_never_complete() {
    let (_, chain) = stream(false);
    assert_eq!(chain.finish().unwrap_err(), SignatureError::Mismatch);
    let (mut signer, mut chain) = stream(false);
    send(&mut signer, &mut chain, b"data");
    assert_eq!(chain.finish().unwrap_err(), SignatureError::Mismatch);

    let (mut signer, mut chain) = stream(true);
    send(&mut signer, &mut chain, b"");
    assert_eq!(
        chain.finish().unwrap_err(),
        SignatureError::Mismatch,
        "its trailer is missing"
    );
    let (mut signer, mut chain) = stream(true);
    send(&mut signer, &mut chain, b"data");
    let signature = signer.trailer(&TRAILERS);
    let early = chain.trailer(signature.as_bytes(), &TRAILERS);
    assert_eq!(
        early.unwrap_err(),
        SignatureError::Mismatch,
        "its last chunk is missing"
    );
}

#[test]
fn s27_a_trailer_nobody_announced_is_refused() {
    let (mut signer, mut chain) = stream(false);
    send(&mut signer, &mut chain, b"");
    let signature = signer.trailer(&TRAILERS);
    let verdict = chain.trailer(signature.as_bytes(), &TRAILERS);
    assert_eq!(verdict.unwrap_err(), SignatureError::Mismatch);
}

#[test]
fn s27_chunks_cannot_be_changed_swapped_repeated_or_added() {
    let (mut signer, mut chain) = stream(false);
    let signature = signer.chunk(b"data");
    assert!(chain.chunk(signature.as_bytes(), b"dbta").is_err());
    assert!(
        chain.chunk(signature.as_bytes(), b"data").is_err(),
        "a broken chain stays broken"
    );
    assert!(chain.finish().is_err());

    let (mut signer, mut chain) = stream(false);
    let first = signer.chunk(b"first");
    let second = signer.chunk(b"second");
    assert!(
        chain.chunk(second.as_bytes(), b"second").is_err(),
        "out of order"
    );
    let (_, mut chain) = stream(false);
    chain.chunk(first.as_bytes(), b"first").unwrap();
    assert!(chain.chunk(first.as_bytes(), b"first").is_err(), "twice");

    let (mut signer, mut chain) = stream(false);
    send(&mut signer, &mut chain, b"");
    let more = signer.chunk(b"more");
    assert!(
        chain.chunk(more.as_bytes(), b"more").is_err(),
        "after the last"
    );
    assert!(chain.finish().is_err());
}

#[test]
fn s27_chunk_signatures_must_be_64_digits() {
    for signature in [
        &b""[..],
        b"00",
        &[b'g'; 64],
        &[b'0'; 63],
        &[b'0'; 65],
        &[0xff; 64],
    ] {
        let (_, mut chain) = stream(false);
        assert_eq!(
            chain.chunk(signature, b"").unwrap_err(),
            SignatureError::Mismatch
        );
    }
}

#[test]
fn s27_trailers_cannot_be_changed() {
    for changed in [
        &[("x-amz-checksum-crc32c", "AAAAAA==")][..],
        &[("x-amz-checksum-crc32", "sOO8/Q==")],
        &[TRAILERS[0], ("x-amz-checksum-sha256", "x")],
        &[],
    ] {
        let (mut signer, mut chain) = stream(true);
        send(&mut signer, &mut chain, b"");
        let signature = signer.trailer(&TRAILERS);
        assert!(
            chain.trailer(signature.as_bytes(), changed).is_err(),
            "{changed:?}"
        );
    }
}

#[test]
fn the_count_of_bytes_does_not_wrap() {
    let (mut signer, mut chain) = stream(false);
    let hash = |data: &[u8]| match Payload::of(data) {
        Payload::Signed(hash) => hash,
        other => panic!("{other:?}"),
    };
    let first = signer.chunk(b"data");
    chain
        .hashed_chunk(first.as_bytes(), &hash(b"data"), u64::MAX)
        .unwrap();
    let second = signer.chunk(b"data");
    assert!(
        chain
            .hashed_chunk(second.as_bytes(), &hash(b"data"), 1)
            .is_err()
    );
}
