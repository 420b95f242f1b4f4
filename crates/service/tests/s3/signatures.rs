//! Who signed: every operation, every way to sign, every way to pretend.

use crate::client::{Keys, Sent};
use crate::house::{House, NOW_SECONDS, run};

const COMPLETION: &[u8] = b"<CompleteMultipartUpload><Part><ETag>\"e\"</ETag><PartNumber>1\
    </PartNumber></Part></CompleteMultipartUpload>";
const DELETION: &[u8] = b"<Delete><Object><Key>kept</Key></Object></Delete>";

/// One request of each operation, with the header that makes it a copy where it is one.
pub(crate) fn every_operation() -> Vec<(&'static str, Sent)> {
    let upload = "uploadId=00000000000000000000000000000000";
    let part = format!("{upload}&partNumber=1");
    let plain = |method, path, query| Sent::new(method, path, query, b"");
    vec![
        ("ListBuckets", plain("GET", "/", "")),
        ("CreateBucket", plain("PUT", "/fresh", "")),
        ("HeadBucket", plain("HEAD", "/demo", "")),
        ("DeleteBucket", plain("DELETE", "/empty", "")),
        ("GetBucketLocation", plain("GET", "/demo", "location")),
        ("GetBucketVersioning", plain("GET", "/demo", "versioning")),
        ("ListObjects", plain("GET", "/demo", "")),
        ("ListObjectsV2", plain("GET", "/demo", "list-type=2")),
        ("ListMultipartUploads", plain("GET", "/demo", "uploads")),
        (
            "DeleteObjects",
            Sent::new("POST", "/demo", "delete", DELETION),
        ),
        ("GetObject", plain("GET", "/demo/kept", "")),
        ("HeadObject", plain("HEAD", "/demo/kept", "")),
        ("PutObject", Sent::new("PUT", "/demo/new", "", b"new bytes")),
        (
            "CopyObject",
            plain("PUT", "/demo/new", "").with("x-amz-copy-source", "demo/kept"),
        ),
        ("DeleteObject", plain("DELETE", "/demo/kept", "")),
        (
            "CreateMultipartUpload",
            plain("POST", "/demo/new", "uploads"),
        ),
        (
            "UploadPart",
            Sent::new("PUT", "/demo/new", &part, b"a part"),
        ),
        (
            "UploadPartCopy",
            plain("PUT", "/demo/new", &part).with("x-amz-copy-source", "demo/kept"),
        ),
        (
            "CompleteMultipartUpload",
            Sent::new("POST", "/demo/new", upload, COMPLETION),
        ),
        ("AbortMultipartUpload", plain("DELETE", "/demo/new", upload)),
        ("ListParts", plain("GET", "/demo/new", upload)),
    ]
}

pub(crate) async fn furnished() -> House {
    let house = House::with_bucket().await;
    house.root("PUT", "/empty", "", b"").await.expect(200);
    house
        .root("PUT", "/demo/kept", "", b"kept")
        .await
        .expect(200);
    house
}

type Way = fn(Sent, &Keys) -> Sent;

/// Every way to sign that S3 knows.
const WAYS: [(&str, Way); 9] = [
    ("header", |sent, keys| sent.signed(keys)),
    ("unsigned payload", |sent, keys| sent.unsigned_payload(keys)),
    ("presigned", |sent, keys| sent.presigned(keys, 60)),
    ("chunks", |sent, keys| sent.in_chunks(keys, 4, None)),
    ("chunks and trailer", |sent, keys| {
        sent.in_chunks(keys, 4, Some(("x-amz-checksum-crc32", "AAAAAA==")))
    }),
    ("unsigned chunks and trailer", |sent, keys| {
        sent.in_unsigned_chunks(keys, 4, ("x-amz-checksum-crc32", "AAAAAA=="))
    }),
    ("version 2", |sent, keys| {
        sent.with("date", "Tue, 14 Nov 2023 22:13:20 GMT")
            .with("authorization", &format!("AWS {}:c2lnbmF0dXJl", keys.id))
    }),
    ("version 2 in the query", |mut sent, keys| {
        let query = format!(
            "AWSAccessKeyId={}&Expires=1900000000&Signature=c2ln",
            keys.id
        );
        sent.query = if sent.query.is_empty() {
            query
        } else {
            format!("{}&{query}", sent.query)
        };
        sent
    }),
    ("version 4A", |sent, keys| {
        let sent = sent.signed(keys);
        let text = sent
            .header("authorization")
            .replace("HMAC-SHA256", "ECDSA-P256-SHA256");
        sent.replace("authorization", &text)
    }),
];

#[test]
fn s27_no_operation_by_any_way_takes_a_wrong_secret() {
    run(async {
        for (operation, sent) in every_operation() {
            // A house of its own: refused signatures count against their key.
            let house = furnished().await;
            let before = house.everything().await;
            for (way, sign) in WAYS {
                let answer = house.send(sign(sent.clone(), &house.root.forged())).await;
                assert!(
                    (400..500).contains(&answer.status),
                    "{operation} {way}: {answer:?}"
                );
                let bodyless = sent.method == "HEAD";
                let code = answer.element("Code").unwrap_or_default();
                let expected = ["SignatureDoesNotMatch", "InvalidRequest"].contains(&code.as_str());
                assert!(expected || bodyless, "{operation} {way}: {code}");
            }
            let answer = house.send(sent.clone()).await;
            assert_eq!(answer.status, 403, "{operation} without a signature");
            let form = sent
                .clone()
                .with("content-type", "multipart/form-data; boundary=x");
            if form.method == "POST" {
                house.send(form).await.refused(501, "NotImplemented");
            }
            assert_eq!(
                house.everything().await,
                before,
                "{operation} left something behind"
            );
        }
    });
}

#[test]
fn s27_the_right_secret_is_taken_by_every_way_of_version_4() {
    run(async {
        let house = furnished().await;
        for (index, (way, sign)) in WAYS.iter().take(4).enumerate() {
            let path = format!("/demo/{index}");
            let sent = Sent::new("PUT", &path, "", b"some bytes to keep");
            let answer = house.send(sign(sent, &house.root)).await;
            assert_eq!(answer.status, 200, "{way}: {}", answer.text());
            let read = house.root("GET", &path, "", b"").await.expect(200);
            assert_eq!(read.body, b"some bytes to keep", "{way}");
            assert_eq!(read.header("content-encoding"), "", "{way}");
        }
        let read = house
            .send(Sent::new("GET", "/demo/0", "", b"").presigned(&house.root, 60))
            .await;
        assert_eq!(read.expect(200).body, b"some bytes to keep");
    });
}

#[test]
fn s28_credentials_stand_in_one_place() {
    run(async {
        let house = furnished().await;
        let other = house.user("other", ALLOW_ALL).await;
        let both = Sent::new("GET", "/demo/kept", "", b"")
            .presigned(&other, 60)
            .signed(&house.root);
        house.send(both).await.refused(400, "InvalidArgument");
        let url = Sent::new("GET", "/demo/kept", "", b"").presigned(&other, 60);
        let partly = url.with("x-amz-security-token", "token");
        house.send(partly).await.refused(400, "InvalidArgument");
    });
}

pub(crate) const ALLOW_ALL: &str = r#"{"Effect":"Allow","Action":"*","Resource":"*"}"#;

#[test]
fn s29_a_header_added_to_a_signed_request_is_refused() {
    run(async {
        let house = furnished().await;
        let before = house.everything().await;
        let added = [
            ("x-amz-copy-source", "demo/kept"),
            ("x-amz-acl", "public-read"),
            ("x-amz-meta-colour", "red"),
            ("x-amz-tagging", "a=b"),
            ("x-amz-storage-class", "STANDARD"),
        ];
        for (name, value) in added {
            for sent in [
                Sent::new("PUT", "/demo/new", "", b"bytes").signed(&house.root),
                Sent::new("PUT", "/demo/new", "", b"bytes").presigned(&house.root, 60),
            ] {
                let answer = house
                    .send(sent.with(name, value))
                    .await
                    .refused(403, "AccessDenied");
                assert_eq!(answer.element("HeadersNotSigned").as_deref(), Some(name));
                assert_eq!(
                    answer.element("Message").as_deref(),
                    Some("There were headers present in the request which were not signed")
                );
            }
        }
        assert_eq!(house.everything().await, before);
        let signed = Sent::new("PUT", "/demo/new", "", b"bytes").with("x-amz-meta-colour", "red");
        house.send(signed.signed(&house.root)).await.expect(200);
        let read = house.root("HEAD", "/demo/new", "", b"").await.expect(200);
        assert_eq!(read.header("x-amz-meta-colour"), "red");
    });
}

#[test]
fn s32_s33_scope_and_time() {
    run(async {
        let house = furnished().await;
        let sent = || Sent::new("GET", "/demo/kept", "", b"").signed(&house.root);
        for (offset, skewed) in [
            (-901, true),
            (-900, false),
            (0, false),
            (900, false),
            (901, true),
        ] {
            let answer = house.send_at(sent(), NOW_SECONDS + offset).await;
            if skewed {
                let answer = answer.refused(403, "RequestTimeTooSkewed");
                let allowed = answer.element("MaxAllowedSkewMilliseconds");
                assert_eq!(allowed.as_deref(), Some("900000"));
            } else {
                answer.expect(200);
            }
        }
        for (from, to) in [
            ("us-east-1", "eu-west-1"),
            ("/s3/", "/sts/"),
            ("20231114", "20231113"),
        ] {
            let authorization = sent().header("authorization").replace(from, to);
            let answer = house
                .send(sent().replace("authorization", &authorization))
                .await;
            answer.refused(400, "AuthorizationHeaderMalformed");
        }
    });
}

#[test]
fn s35_the_path_is_verified_as_it_came_and_decoded_once() {
    run(async {
        let house = furnished().await;
        let paths = [
            ("/demo/a%2Fb", "a/b"),
            ("/demo/a//b", "a//b"),
            ("/demo/./a", "./a"),
            ("/demo/../a", "../a"),
            ("/demo/a+b", "a+b"),
            ("/demo/a%20b", "a b"),
            ("/demo/%C3%A9", "é"),
            ("/demo/%25", "%"),
            ("/demo/trailing/", "trailing/"),
        ];
        for (path, key) in paths {
            house
                .root("PUT", path, "", key.as_bytes())
                .await
                .expect(200);
            let read = house.root("GET", path, "", b"").await.expect(200);
            assert_eq!(read.body, key.as_bytes());
        }
        let listed = house
            .root("GET", "/demo", "list-type=2", b"")
            .await
            .expect(200);
        let keys = listed.elements("Key");
        for (_, key) in paths {
            assert!(keys.contains(&key.to_owned()), "{key} in {keys:?}");
        }
        // The same key by its other spelling, and never another path under the same signature.
        let read = house.root("GET", "/demo/a/b", "", b"").await.expect(200);
        assert_eq!(read.body, b"a/b");
        let mut moved = Sent::new("GET", "/demo/a%2Fb", "", b"").signed(&house.root);
        moved.path = "/demo/a%252Fb".to_owned();
        house
            .send(moved)
            .await
            .refused(403, "SignatureDoesNotMatch");
        for path in ["/demo/a%00b", "/demo/%ff"] {
            house
                .root("PUT", path, "", b"")
                .await
                .refused(400, "InvalidURI");
        }
        for path in ["/demo/%zz", "/demo/%2"] {
            let mut broken = Sent::new("PUT", "/demo/a", "", b"").signed(&house.root);
            broken.path = path.to_owned();
            house.send(broken).await.refused(400, "InvalidURI");
        }
    });
}

#[test]
fn s36_browser_forms_are_refused_before_anything_is_read() {
    run(async {
        let house = furnished().await;
        let before = house.everything().await;
        let form = b"--x\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\nnew\r\n--x\r\n\
            Content-Disposition: form-data; name=\"file\"\r\n\r\nbytes\r\n--x--\r\n";
        for content_type in [
            "multipart/form-data; boundary=x",
            "MULTIPART/Form-Data; boundary=x",
        ] {
            let sent = Sent::new("POST", "/demo", "", form).with("content-type", content_type);
            house
                .send(sent.clone())
                .await
                .refused(501, "NotImplemented");
            house
                .send(sent.signed(&house.root))
                .await
                .refused(501, "NotImplemented");
        }
        assert_eq!(house.everything().await, before);
    });
}

#[test]
fn s37_nothing_that_was_expected_is_shown() {
    run(async {
        let house = furnished().await;
        let right = Sent::new("GET", "/demo/kept", "", b"").signed(&house.root);
        let signature = right
            .header("authorization")
            .split("Signature=")
            .nth(1)
            .unwrap();
        let wrong = Sent::new("GET", "/demo/kept", "", b"").signed(&house.root.forged());
        let answer = house
            .send(wrong)
            .await
            .refused(403, "SignatureDoesNotMatch");
        assert!(!answer.text().contains(signature));
        for name in ["StringToSign", "CanonicalRequest", "SignatureProvided"] {
            assert_eq!(answer.element(name), None);
        }
    });
}

#[test]
fn s38_older_and_other_algorithms_are_refused() {
    run(async {
        let house = furnished().await;
        for (way, sign) in WAYS.iter().skip(6) {
            let sent = Sent::new("GET", "/demo/kept", "", b"");
            let answer = house.send(sign(sent, &house.root)).await;
            assert_eq!(
                (answer.status, answer.element("Code").as_deref()),
                (400, Some("InvalidRequest")),
                "{way}"
            );
        }
    });
}

#[test]
fn unknown_keys_are_named_and_refused() {
    run(async {
        let house = furnished().await;
        let stranger = Keys::new("AKIASTRANGERSTRANGER", &"s".repeat(40));
        let answer = house.by(&stranger, "GET", "/", "", b"").await;
        let answer = answer.refused(403, "InvalidAccessKeyId");
        let named = answer.element("AWSAccessKeyId");
        assert_eq!(named.as_deref(), Some("AKIASTRANGERSTRANGER"));
        assert_eq!(answer.header("x-daypass-reason"), "sig.unknown_key");
        let head = house
            .by(&stranger, "HEAD", "/demo/kept", "", b"")
            .await
            .expect(403);
        assert!(head.body.is_empty());
    });
}
