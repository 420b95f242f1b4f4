//! Objects and buckets: what is written is what is read, and under which conditions.

use crate::client::Sent;
use crate::house::{House, run};

#[test]
fn buckets_come_and_go() {
    run(async {
        let house = House::open().await;
        house.root("PUT", "/demo", "", b"").await.expect(200);
        house.root("PUT", "/demo", "", b"").await.expect(200);
        let listed = house.root("GET", "/", "", b"").await.expect(200);
        assert_eq!(listed.elements("Name"), ["demo"]);
        let head = house.root("HEAD", "/demo", "", b"").await.expect(200);
        assert_eq!(head.header("x-amz-bucket-region"), "us-east-1");
        house.root("PUT", "/demo/k", "", b"x").await.expect(200);
        house
            .root("DELETE", "/demo", "", b"")
            .await
            .refused(409, "BucketNotEmpty");
        house.root("DELETE", "/demo/k", "", b"").await.expect(204);
        let upload = house
            .root("POST", "/demo/k", "uploads", b"")
            .await
            .expect(200);
        house
            .root("DELETE", "/demo", "", b"")
            .await
            .refused(409, "BucketNotEmpty");
        let query = format!("uploadId={}", upload.element("UploadId").unwrap());
        house
            .root("DELETE", "/demo/k", &query, b"")
            .await
            .expect(204);
        house.root("DELETE", "/demo", "", b"").await.expect(204);
        house
            .root("DELETE", "/demo", "", b"")
            .await
            .refused(404, "NoSuchBucket");
        house.root("HEAD", "/demo", "", b"").await.expect(404);
        house
            .root("PUT", "/demo/k", "", b"x")
            .await
            .refused(404, "NoSuchBucket");
        let there = b"<CreateBucketConfiguration><LocationConstraint>eu-west-1\
            </LocationConstraint></CreateBucketConfiguration>";
        let answer = house.root("PUT", "/other", "", there).await;
        answer.refused(400, "IllegalLocationConstraintException");
        for name in [
            "/healthz/",
            "/readyz/",
            "/console",
            "/Upper",
            "/.well-known/other",
        ] {
            let answer = house.root("PUT", name, "", b"").await;
            answer.refused(400, "InvalidBucketName");
        }
    });
}

#[test]
fn what_is_written_is_read() {
    run(async {
        let house = House::with_bucket().await;
        let sent = Sent::new("PUT", "/demo/k", "", b"hello world")
            .with("content-type", "text/plain")
            .with("cache-control", "no-store")
            .with("content-disposition", "inline")
            .with("content-language", "en")
            .with("content-encoding", "gzip")
            .with("expires", "Tue, 14 Nov 2023 22:13:20 GMT")
            .with("x-amz-meta-colour", "red");
        let put = house.send(sent.signed(&house.root)).await.expect(200);
        assert_eq!(put.header("etag"), "\"5eb63bbbe01eeed093cb22bb8f5acdc3\"");
        for method in ["GET", "HEAD"] {
            let read = house.root(method, "/demo/k", "", b"").await.expect(200);
            let expected: &[u8] = if method == "GET" { b"hello world" } else { b"" };
            assert_eq!(read.body, expected);
            for (name, value) in [
                ("content-length", "11"),
                ("content-type", "text/plain"),
                ("cache-control", "no-store"),
                ("content-disposition", "inline"),
                ("content-language", "en"),
                ("content-encoding", "gzip"),
                ("expires", "Tue, 14 Nov 2023 22:13:20 GMT"),
                ("x-amz-meta-colour", "red"),
                ("etag", "\"5eb63bbbe01eeed093cb22bb8f5acdc3\""),
                ("last-modified", "Tue, 14 Nov 2023 22:13:20 GMT"),
                ("accept-ranges", "bytes"),
            ] {
                assert_eq!(read.header(name), value, "{name}");
            }
        }
        house.root("PUT", "/demo/k", "", b"").await.expect(200);
        let read = house.root("GET", "/demo/k", "", b"").await.expect(200);
        assert_eq!(
            (read.body.len(), read.header("content-type")),
            (0, "binary/octet-stream")
        );
        assert_eq!(read.header("x-amz-meta-colour"), "");
        let large = Sent::new("PUT", "/demo/k", "", b"").with("x-amz-meta-a", &"v".repeat(2_048));
        house
            .send(large.signed(&house.root))
            .await
            .refused(400, "MetadataTooLarge");
    });
}

#[test]
fn s86_an_object_runs_nothing_in_a_browser() {
    run(async {
        let house = House::with_bucket().await;
        let sent = Sent::new("PUT", "/demo/k.html", "", b"<script>1</script>");
        let sent = sent.with("content-type", "text/html");
        house.send(sent.signed(&house.root)).await.expect(200);
        let query = "response-content-type=text%2Fhtml&response-content-disposition=inline";
        for query in ["", query] {
            let read = house
                .root("GET", "/demo/k.html", query, b"")
                .await
                .expect(200);
            assert_eq!(read.header("content-type"), "text/html");
            assert_eq!(read.header("content-security-policy"), "sandbox");
            assert_eq!(read.header("x-content-type-options"), "nosniff");
        }
        let anonymous = Sent::new("GET", "/demo/k.html", query, b"");
        house.send(anonymous).await.refused(403, "AccessDenied");
    });
}

#[test]
fn ranges() {
    run(async {
        let house = House::with_bucket().await;
        house
            .root("PUT", "/demo/k", "", b"0123456789")
            .await
            .expect(200);
        let read = async |range: &str| {
            let sent = Sent::new("GET", "/demo/k", "", b"").with("range", range);
            house.send(sent.signed(&house.root)).await
        };
        for (range, bytes, shown) in [
            ("bytes=0-0", &b"0"[..], "bytes 0-0/10"),
            ("bytes=2-4", b"234", "bytes 2-4/10"),
            ("bytes=7-", b"789", "bytes 7-9/10"),
            ("bytes=-3", b"789", "bytes 7-9/10"),
            ("bytes=-30", b"0123456789", "bytes 0-9/10"),
            ("bytes=8-100", b"89", "bytes 8-9/10"),
        ] {
            let answer = read(range).await.expect(206);
            assert_eq!(answer.body, bytes, "{range}");
            assert_eq!(answer.header("content-range"), shown);
            assert_eq!(answer.header("content-length"), bytes.len().to_string());
        }
        for range in ["bytes=10-", "bytes=-0", "bytes=10-20"] {
            let answer = read(range).await.refused(416, "InvalidRange");
            assert_eq!(answer.element("ActualObjectSize").as_deref(), Some("10"));
        }
        for range in ["bytes=5-2", "lines=1-2", "bytes=0-1,3-4", "bytes=x"] {
            assert_eq!(read(range).await.expect(200).body, b"0123456789", "{range}");
        }
    });
}

#[test]
fn conditions_of_readers_and_writers() {
    run(async {
        let house = House::with_bucket().await;
        let etag = house
            .root("PUT", "/demo/k", "", b"x")
            .await
            .expect(200)
            .header("etag")
            .to_owned();
        let with = async |method: &str, path: &str, name: &str, value: &str| {
            let sent = Sent::new(method, path, "", b"").with(name, value);
            house.send(sent.signed(&house.root)).await
        };
        let unchanged = with("GET", "/demo/k", "if-none-match", &etag)
            .await
            .expect(304);
        assert_eq!(
            (unchanged.body.len(), unchanged.header("etag")),
            (0, etag.as_str())
        );
        with("GET", "/demo/k", "if-match", "\"other\"")
            .await
            .refused(412, "PreconditionFailed");
        with("HEAD", "/demo/k", "if-match", &etag).await.expect(200);
        with("PUT", "/demo/k", "if-none-match", "*")
            .await
            .refused(412, "PreconditionFailed");
        with("PUT", "/demo/fresh", "if-none-match", "*")
            .await
            .expect(200);
        with("PUT", "/demo/none", "if-match", &etag)
            .await
            .refused(404, "NoSuchKey");
        with("DELETE", "/demo/k", "if-match", "\"other\"")
            .await
            .refused(412, "PreconditionFailed");
        with("DELETE", "/demo/k", "if-match", &etag)
            .await
            .expect(204);
    });
}

#[test]
fn copies() {
    run(async {
        let house = House::with_bucket().await;
        let sent = Sent::new("PUT", "/demo/a%20b", "", b"original");
        let sent = sent
            .with("x-amz-meta-colour", "red")
            .with("content-type", "text/plain");
        house.send(sent.signed(&house.root)).await.expect(200);
        let copy = async |to: &str, headers: &[(&str, &str)]| {
            let mut sent = Sent::new("PUT", to, "", b"");
            for (name, value) in headers {
                sent = sent.with(name, value);
            }
            house.send(sent.signed(&house.root)).await
        };
        let source = ("x-amz-copy-source", "demo/a%20b");
        let answer = copy("/demo/copy", &[source]).await.expect(200);
        assert!(answer.element("ETag").is_some(), "{}", answer.text());
        let read = house.root("GET", "/demo/copy", "", b"").await.expect(200);
        assert_eq!(
            (read.body.as_slice(), read.header("x-amz-meta-colour")),
            (&b"original"[..], "red")
        );
        let replace = ("x-amz-metadata-directive", "REPLACE");
        copy(
            "/demo/copy",
            &[source, replace, ("x-amz-meta-shape", "round")],
        )
        .await
        .expect(200);
        let read = house.root("GET", "/demo/copy", "", b"").await.expect(200);
        assert_eq!(
            (
                read.header("x-amz-meta-colour"),
                read.header("x-amz-meta-shape")
            ),
            ("", "round")
        );
        copy("/demo/a%20b", &[source])
            .await
            .refused(400, "InvalidRequest");
        copy("/demo/a%20b", &[source, replace]).await.expect(200);
        copy("/demo/c", &[("x-amz-copy-source", "demo/none")])
            .await
            .refused(404, "NoSuchKey");
        let versioned = ("x-amz-copy-source", "demo/a%20b?versionId=1");
        copy("/demo/c", &[versioned])
            .await
            .refused(501, "NotImplemented");
        let matches = ("x-amz-copy-source-if-match", "\"other\"");
        copy("/demo/c", &[source, matches])
            .await
            .refused(412, "PreconditionFailed");
    });
}

#[test]
fn what_is_not_done_is_said_clearly() {
    run(async {
        let house = House::with_bucket().await;
        house.root("PUT", "/demo/k", "", b"x").await.expect(200);
        let before = house.everything().await;
        for (method, path, query) in [
            ("GET", "/demo", "acl"),
            ("PUT", "/demo", "policy"),
            ("DELETE", "/demo", "policy"),
            ("GET", "/demo", "versions"),
            ("GET", "/demo/k", "tagging"),
            ("DELETE", "/demo/k", "tagging"),
            ("DELETE", "/demo/k", "versionId=1"),
            ("PUT", "/demo/k", "anything"),
        ] {
            let answer = house.root(method, path, query, b"").await;
            answer.refused(501, "NotImplemented");
        }
        for (name, value) in [("x-amz-acl", "private"), ("x-amz-tagging", "a=b")] {
            let sent = Sent::new("PUT", "/demo/k", "", b"y").with(name, value);
            house
                .send(sent.signed(&house.root))
                .await
                .refused(501, "NotImplemented");
        }
        house
            .root("POST", "/demo/k", "", b"")
            .await
            .refused(405, "MethodNotAllowed");
        assert_eq!(house.everything().await, before);
    });
}
