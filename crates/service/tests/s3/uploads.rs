//! Uploads in parts, from the first to the last call.

use crate::client::{Answer, Sent};
use crate::house::{House, run};

const MIB: usize = 1_024 * 1_024;

struct Upload<'a> {
    house: &'a House,
    id: String,
}

impl<'a> Upload<'a> {
    async fn begin(house: &'a House, headers: &[(&str, &str)]) -> Self {
        let mut sent = Sent::new("POST", "/demo/k", "uploads", b"");
        for (name, value) in headers {
            sent = sent.with(name, value);
        }
        let answer = house.send(sent.signed(&house.root)).await.expect(200);
        Self {
            house,
            id: answer.element("UploadId").unwrap(),
        }
    }

    async fn part(&self, number: u32, body: &[u8]) -> Answer {
        let query = format!("uploadId={}&partNumber={number}", self.id);
        self.house.root("PUT", "/demo/k", &query, body).await
    }

    async fn etag(&self, number: u32, body: &[u8]) -> String {
        self.part(number, body)
            .await
            .expect(200)
            .header("etag")
            .to_owned()
    }

    async fn complete(&self, parts: &[(u32, &str)]) -> Answer {
        let part = |(number, etag): &(u32, &str)| {
            format!("<Part><PartNumber>{number}</PartNumber><ETag>{etag}</ETag></Part>")
        };
        let parts: Vec<String> = parts.iter().map(part).collect();
        let parts = parts.concat();
        let body = format!("<CompleteMultipartUpload>{parts}</CompleteMultipartUpload>");
        let query = format!("uploadId={}", self.id);
        self.house
            .root("POST", "/demo/k", &query, body.as_bytes())
            .await
    }

    async fn query(&self, method: &str, more: &str) -> Answer {
        let query = format!("uploadId={}{more}", self.id);
        self.house.root(method, "/demo/k", &query, b"").await
    }
}

#[test]
fn parts_become_one_object() {
    run(async {
        let house = House::with_bucket().await;
        let headers = [("content-type", "text/plain"), ("x-amz-meta-colour", "red")];
        let upload = Upload::begin(&house, &headers).await;
        let first = vec![b'a'; 5 * MIB];
        let (one, three) = (
            upload.etag(1, &first).await,
            upload.etag(3, b"the end").await,
        );
        let listed = upload.query("GET", "&max-parts=1").await.expect(200);
        assert_eq!(listed.elements("PartNumber"), ["1"]);
        assert_eq!(listed.element("NextPartNumberMarker").as_deref(), Some("1"));
        let listed = upload
            .query("GET", "&part-number-marker=1")
            .await
            .expect(200);
        assert_eq!(listed.elements("Size"), ["7"]);
        house
            .root("GET", "/demo/k", "", b"")
            .await
            .refused(404, "NoSuchKey");
        let answer = upload.complete(&[(1, &one), (3, &three)]).await.expect(200);
        assert!(
            answer.element("ETag").unwrap().contains("-2"),
            "{}",
            answer.text()
        );
        let read = house.root("GET", "/demo/k", "", b"").await.expect(200);
        assert_eq!(read.body.len(), first.len() + 7);
        assert!(read.body.ends_with(b"the end"));
        assert_eq!(read.header("x-amz-meta-colour"), "red");
        assert_eq!(house.files().await.len(), 1, "the parts are gone");
        upload.query("GET", "").await.refused(404, "NoSuchUpload");
        upload
            .complete(&[(1, &one)])
            .await
            .refused(404, "NoSuchUpload");
    });
}

#[test]
fn a_completion_that_does_not_fit_is_refused_and_the_upload_goes_on() {
    run(async {
        let house = House::with_bucket().await;
        let upload = Upload::begin(&house, &[]).await;
        let (one, two) = (upload.etag(1, b"small").await, upload.etag(2, b"end").await);
        let before = house.everything().await;
        upload
            .complete(&[(2, &two), (1, &one)])
            .await
            .refused(400, "InvalidPartOrder");
        upload
            .complete(&[(1, &one), (1, &one)])
            .await
            .refused(400, "InvalidPartOrder");
        upload
            .complete(&[(1, &two)])
            .await
            .refused(400, "InvalidPart");
        upload
            .complete(&[(9, &two)])
            .await
            .refused(400, "InvalidPart");
        upload
            .complete(&[(1, &one), (2, &two)])
            .await
            .refused(400, "EntityTooSmall");
        upload
            .complete(&[(0, &one)])
            .await
            .refused(400, "InvalidArgument");
        upload.complete(&[]).await.refused(400, "MalformedXML");
        assert_eq!(house.everything().await, before);
        upload.complete(&[(2, &two)]).await.expect(200);
        assert_eq!(
            house.root("GET", "/demo/k", "", b"").await.expect(200).body,
            b"end"
        );
        assert_eq!(
            house.files().await.len(),
            1,
            "parts that were not listed are gone, too"
        );
    });
}

#[test]
fn a_part_is_replaced_by_its_number_and_gone_with_its_upload() {
    run(async {
        let house = House::with_bucket().await;
        let upload = Upload::begin(&house, &[]).await;
        upload.part(1, b"one").await.expect(200);
        upload.part(1, b"again").await.expect(200);
        assert_eq!(house.files().await.len(), 1);
        for number in [0, 10_001] {
            upload
                .part(number, b"x")
                .await
                .refused(400, "InvalidArgument");
        }
        upload.part(10_000, b"x").await.expect(200);
        upload.query("DELETE", "").await.expect(204);
        assert!(house.files().await.is_empty());
        upload
            .query("DELETE", "")
            .await
            .refused(404, "NoSuchUpload");
        upload.part(1, b"late").await.refused(404, "NoSuchUpload");
        assert!(house.files().await.is_empty());
        // The id is of this key and of no other.
        let upload = Upload::begin(&house, &[]).await;
        let query = format!("uploadId={}&partNumber=1", upload.id);
        house
            .root("PUT", "/demo/other", &query, b"x")
            .await
            .refused(404, "NoSuchUpload");
    });
}

#[test]
fn parts_are_copied_from_objects() {
    run(async {
        let house = House::with_bucket().await;
        house
            .root("PUT", "/demo/source", "", b"0123456789")
            .await
            .expect(200);
        let upload = Upload::begin(&house, &[]).await;
        let copy = async |range: Option<&str>| {
            let query = format!("uploadId={}&partNumber=1", upload.id);
            let mut sent =
                Sent::new("PUT", "/demo/k", &query, b"").with("x-amz-copy-source", "demo/source");
            if let Some(range) = range {
                sent = sent.with("x-amz-copy-source-range", range);
            }
            house.send(sent.signed(&house.root)).await
        };
        copy(None).await.expect(200);
        for range in ["bytes=0-10", "bytes=10-10"] {
            copy(Some(range)).await.refused(416, "InvalidRange");
        }
        for range in ["bytes=2-", "bytes=-3", "x"] {
            copy(Some(range)).await.refused(400, "InvalidArgument");
        }
        let answer = copy(Some("bytes=2-4")).await.expect(200);
        let etag = answer.element("ETag").unwrap().replace("&quot;", "\"");
        upload.complete(&[(1, &etag)]).await.expect(200);
        assert_eq!(
            house.root("GET", "/demo/k", "", b"").await.expect(200).body,
            b"234"
        );
    });
}

#[test]
fn checksums_of_parts_and_of_the_whole() {
    run(async {
        let house = House::with_bucket().await;
        for (headers, name, kind) in [
            (
                &[("x-amz-checksum-algorithm", "CRC32")][..],
                "ChecksumCRC32",
                "COMPOSITE",
            ),
            (
                &[
                    ("x-amz-checksum-algorithm", "CRC32"),
                    ("x-amz-checksum-type", "FULL_OBJECT"),
                ],
                "ChecksumCRC32",
                "FULL_OBJECT",
            ),
            (
                &[("x-amz-checksum-algorithm", "SHA256")],
                "ChecksumSHA256",
                "COMPOSITE",
            ),
            (&[], "ChecksumCRC64NVME", "FULL_OBJECT"),
        ] {
            let upload = Upload::begin(&house, headers).await;
            let etag = upload.etag(1, b"all of it").await;
            let answer = upload.complete(&[(1, &etag)]).await.expect(200);
            let sum = answer.element(name).unwrap();
            assert_eq!(answer.element("ChecksumType").as_deref(), Some(kind));
            assert_eq!(sum.ends_with("-1"), kind == "COMPOSITE", "{sum}");
        }
        let wrong = Sent::new("POST", "/demo/k", "uploads", b"")
            .with("x-amz-checksum-algorithm", "SHA1")
            .with("x-amz-checksum-type", "FULL_OBJECT");
        house
            .send(wrong.signed(&house.root))
            .await
            .refused(400, "InvalidRequest");
    });
}

#[test]
fn a_completion_heeds_conditions() {
    run(async {
        let house = House::with_bucket().await;
        house.root("PUT", "/demo/k", "", b"first").await.expect(200);
        let upload = Upload::begin(&house, &[]).await;
        let etag = upload.etag(1, b"second").await;
        let body = format!(
            "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>{etag}</ETag></Part>\
             </CompleteMultipartUpload>"
        );
        let query = format!("uploadId={}", upload.id);
        let complete = async |name: &str, value: &str| {
            let sent = Sent::new("POST", "/demo/k", &query, body.as_bytes()).with(name, value);
            house.send(sent.signed(&house.root)).await
        };
        let before = house.everything().await;
        complete("if-none-match", "*")
            .await
            .refused(412, "PreconditionFailed");
        complete("if-match", "\"other\"")
            .await
            .refused(412, "PreconditionFailed");
        complete("x-amz-mp-object-size", "7")
            .await
            .refused(400, "InvalidRequest");
        complete("x-amz-checksum-crc64nvme", "AAAAAAAAAAA=")
            .await
            .refused(400, "BadDigest");
        assert_eq!(house.everything().await, before);
        complete("x-amz-mp-object-size", "6").await.expect(200);
        let read = house.root("GET", "/demo/k", "", b"").await.expect(200);
        assert_eq!(read.body, b"second");
    });
}
