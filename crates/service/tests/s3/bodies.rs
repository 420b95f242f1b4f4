//! What was signed is what is stored: bodies that were changed, cut, or mislabelled on the way.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use daypass_proof::sigv4::Payload;

use crate::client::{Answer, Sent};
use crate::house::{House, run};

const BYTES: &[u8] = b"some bytes that arrive in several chunks";

/// The CRC32 of [`BYTES`], computed elsewhere.
const CRC32: &str = "PjTdDw==";

fn put() -> Sent {
    Sent::new("PUT", "/demo/key", "", BYTES)
}

/// Sends a body that must not be stored.
async fn refused(house: &House, sent: Sent, status: u16, code: &str) -> Answer {
    let before = house.everything().await;
    let answer = house.send(sent).await.refused(status, code);
    assert_eq!(house.everything().await, before, "something was stored");
    answer
}

fn flipped(mut sent: Sent, find: &[u8]) -> Sent {
    let at = sent
        .body
        .windows(find.len())
        .position(|window| window == find)
        .unwrap();
    sent.body[at] ^= 1;
    sent
}

#[test]
fn s31_a_body_other_than_the_signed_one_is_not_stored() {
    run(async {
        let house = House::with_bucket().await;
        let signed = put().signed(&house.root);
        refused(
            &house,
            flipped(signed.clone(), b"some"),
            400,
            "XAmzContentSHA256Mismatch",
        )
        .await;
        let mut cut = signed.clone();
        cut.body.truncate(10);
        refused(&house, cut, 400, "IncompleteBody").await;
        let mut longer = signed.clone();
        longer.body.push(b'!');
        refused(&house, longer, 400, "IncompleteBody").await;
        // An old body under the same key stays as it is.
        house.send(signed.clone()).await.expect(200);
        refused(
            &house,
            flipped(signed, b"some"),
            400,
            "XAmzContentSHA256Mismatch",
        )
        .await;
        assert_eq!(
            house
                .root("GET", "/demo/key", "", b"")
                .await
                .expect(200)
                .body,
            BYTES
        );
    });
}

#[test]
fn s31_bodies_read_before_the_operation_are_held_to_their_hash_too() {
    run(async {
        let house = House::with_bucket().await;
        house.send(put().signed(&house.root)).await.expect(200);
        let deletion = b"<Delete><Object><Key>other</Key></Object></Delete>";
        let mut sent = Sent::new("POST", "/demo", "delete", deletion).signed(&house.root);
        sent.body = b"<Delete><Object><Key>key00</Key></Object></Delete>".to_vec();
        refused(&house, sent, 400, "XAmzContentSHA256Mismatch").await;
    });
}

#[test]
fn s27_s31_each_chunk_and_the_trailer_are_checked_before_anything_shows() {
    run(async {
        let house = House::with_bucket().await;
        let chunks = put().in_chunks(&house.root, 16, None);
        let trailer = || Some(("x-amz-checksum-crc32", CRC32));
        let with_trailer = put().in_chunks(&house.root, 16, trailer());
        for sent in [&chunks, &with_trailer] {
            house.send(sent.clone()).await.expect(200);
            house.root("DELETE", "/demo/key", "", b"").await.expect(204);
            for place in [&b"some"[..], b"arrive", b"chunks"] {
                let changed = flipped(sent.clone(), place);
                refused(&house, changed, 403, "SignatureDoesNotMatch").await;
            }
            let mut cut = sent.clone();
            let end = cut.body.len() - 120;
            cut.body.truncate(end);
            let before = house.everything().await;
            assert!((400..500).contains(&house.send(cut).await.status));
            assert_eq!(house.everything().await, before);
        }
        let text = String::from_utf8(with_trailer.body.clone()).unwrap();
        let signature = text
            .split("x-amz-trailer-signature:")
            .nth(1)
            .unwrap()
            .trim()
            .to_owned();
        let mut forged = with_trailer.clone();
        forged.body = text.replace(&signature, &"0".repeat(64)).into_bytes();
        refused(&house, forged, 403, "SignatureDoesNotMatch").await;
        let mut unsigned = with_trailer.clone();
        let line = format!("x-amz-trailer-signature:{signature}\r\n");
        unsigned.body = text.replace(&line, "").into_bytes();
        refused(&house, unsigned, 403, "SignatureDoesNotMatch").await;
        let mut other_value = with_trailer.clone();
        other_value.body = text.replace(CRC32, "AAAAAA==").into_bytes();
        refused(&house, other_value, 403, "SignatureDoesNotMatch").await;
    });
}

#[test]
fn chunks_of_another_request_and_chunks_out_of_order_are_refused() {
    run(async {
        let house = House::with_bucket().await;
        let first = put().in_chunks(&house.root, 20, None);
        let mut other = Sent::new("PUT", "/demo/other", "", BYTES).in_chunks(&house.root, 20, None);
        other.body = first.body.clone();
        refused(&house, other, 403, "SignatureDoesNotMatch").await;
        let text = String::from_utf8(first.body.clone()).unwrap();
        let starts: Vec<usize> = text.match_indices("14;").map(|(at, _)| at).collect();
        let (one, rest) = text.split_at(starts[1]);
        let (two, end) = rest.split_at(one.len());
        let mut swapped = first;
        swapped.body = format!("{two}{one}{end}").into_bytes();
        refused(&house, swapped, 403, "SignatureDoesNotMatch").await;
    });
}

#[test]
fn the_decoded_length_is_the_one_announced() {
    run(async {
        let house = House::with_bucket().await;
        for (length, code) in [("39", "IncompleteBody"), ("41", "IncompleteBody")] {
            let mut sent = put()
                .without("content-length")
                .with("content-encoding", "aws-chunked");
            sent = sent
                .with("x-amz-decoded-content-length", length)
                .with("x-amz-trailer", "x-amz-checksum-crc32");
            let authorization = {
                let view = daypass_proof::sigv4::RequestView {
                    method: &sent.method,
                    path: &sent.path,
                    query: "",
                    headers: &sent.headers,
                };
                let payload = Payload::StreamingUnsignedTrailer;
                house
                    .root
                    .signer()
                    .authorize(&view, payload, crate::house::NOW_SECONDS)
                    .unwrap()
            };
            for (name, value) in authorization.into_headers() {
                sent = sent.with(&name, &value);
            }
            let chunk = String::from_utf8_lossy(BYTES).into_owned();
            sent.body =
                format!("28\r\n{chunk}\r\n0\r\nx-amz-checksum-crc32:{CRC32}\r\n\r\n").into_bytes();
            refused(&house, sent, 400, code).await;
        }
        let sent = put()
            .in_chunks(&house.root, 8, None)
            .without("x-amz-decoded-content-length");
        let before = house.everything().await;
        assert!((400..500).contains(&house.send(sent).await.status));
        assert_eq!(house.everything().await, before);
        let sent = put()
            .without("content-length")
            .unsigned_payload(&house.root);
        refused(&house, sent, 411, "MissingContentLength").await;
    });
}

#[test]
fn checksums_are_verified_wherever_they_stand_and_given_back() {
    run(async {
        let house = House::with_bucket().await;
        let by_header = put()
            .with("x-amz-checksum-crc32", CRC32)
            .signed(&house.root);
        let by_trailer = put().in_unsigned_chunks(&house.root, 9, ("x-amz-checksum-crc32", CRC32));
        for sent in [by_header, by_trailer] {
            let answer = house.send(sent).await.expect(200);
            assert_eq!(answer.header("x-amz-checksum-crc32"), CRC32);
        }
        let read = Sent::new("GET", "/demo/key", "", b"").with("x-amz-checksum-mode", "ENABLED");
        let read = house.send(read.signed(&house.root)).await.expect(200);
        assert_eq!(read.header("x-amz-checksum-crc32"), CRC32);
        assert_eq!(read.header("x-amz-checksum-type"), "FULL_OBJECT");
        let plain = house.root("GET", "/demo/key", "", b"").await.expect(200);
        assert_eq!(plain.header("x-amz-checksum-crc32"), "");
        let wrong = put()
            .with("x-amz-checksum-crc32", "AAAAAA==")
            .signed(&house.root);
        refused(&house, wrong, 400, "BadDigest").await;
        let wrong = put().in_unsigned_chunks(&house.root, 9, ("x-amz-checksum-crc32", "AAAAAA=="));
        refused(&house, wrong, 400, "BadDigest").await;
        let broken = put()
            .with("x-amz-checksum-crc32", "short")
            .signed(&house.root);
        refused(&house, broken, 400, "InvalidDigest").await;
        let two = put()
            .with("x-amz-checksum-crc32", CRC32)
            .with("x-amz-checksum-sha1", "x");
        refused(&house, two.signed(&house.root), 400, "InvalidRequest").await;
        let md5 = put()
            .with("content-md5", &STANDARD.encode([0; 16]))
            .signed(&house.root);
        refused(&house, md5, 400, "BadDigest").await;
        let none = house.send(put().signed(&house.root)).await.expect(200);
        assert_ne!(
            none.header("x-amz-checksum-crc64nvme"),
            "",
            "one is computed anyway"
        );
    });
}

#[test]
fn a_trailer_that_was_announced_must_come_and_no_other() {
    run(async {
        let house = House::with_bucket().await;
        let sent = put().in_unsigned_chunks(&house.root, 9, ("x-amz-checksum-crc32", CRC32));
        let text = String::from_utf8(sent.body.clone()).unwrap();
        let line = format!("x-amz-checksum-crc32:{CRC32}\r\n");
        for other in [
            "",
            "x-amz-checksum-sha1:AAAA\r\n",
            "x-amz-meta-a:1\r\n",
            "no colon\r\n",
        ] {
            let mut changed = sent.clone();
            changed.body = text.replace(&line, other).into_bytes();
            refused(&house, changed, 400, "MalformedTrailerError").await;
        }
        let mut more = sent.clone();
        more.body = text
            .replace(&line, &format!("{line}x-amz-meta-a:1\r\n"))
            .into_bytes();
        refused(&house, more, 400, "MalformedTrailerError").await;
    });
}

#[test]
fn lists_in_bodies_are_bounded() {
    run(async {
        let house = House::with_bucket().await;
        let key = |count: usize| "<Object><Key>k</Key></Object>".repeat(count);
        let deletion = |count: usize| format!("<Delete>{}</Delete>", key(count)).into_bytes();
        house
            .root("POST", "/demo", "delete", &deletion(1_000))
            .await
            .expect(200);
        let answer = house
            .root("POST", "/demo", "delete", &deletion(1_001))
            .await;
        answer.refused(400, "MalformedXML");
        let huge = vec![b' '; 2 * 1_024 * 1_024 + 1];
        let answer = house.root("POST", "/demo", "delete", &huge).await;
        answer.refused(400, "MaxMessageLengthExceeded");
        for broken in [&b""[..], b"<Delete>", b"{}", b"<Delete></Delete>"] {
            let answer = house.root("POST", "/demo", "delete", broken).await;
            answer.refused(400, "MalformedXML");
        }
        let small = vec![b'x'; 64 * 1_024 + 1];
        let answer = house.root("GET", "/demo", "", &small).await;
        answer.refused(400, "MaxMessageLengthExceeded");
    });
}
