//! Who may: one missing permission at a time, and names that try to be two things.

use crate::client::{Answer, Keys, Sent};
use crate::house::{House, run};
use crate::signatures::every_operation;

/// What each operation needs: action and resource.
fn needs(operation: &str) -> Vec<(&'static str, &'static str)> {
    let (demo, kept, new) = (
        "arn:aws:s3:::demo",
        "arn:aws:s3:::demo/kept",
        "arn:aws:s3:::demo/new",
    );
    match operation {
        "ListBuckets" => vec![("s3:ListAllMyBuckets", "*")],
        "CreateBucket" => vec![("s3:CreateBucket", "arn:aws:s3:::fresh")],
        "HeadBucket" | "ListObjects" | "ListObjectsV2" => vec![("s3:ListBucket", demo)],
        "DeleteBucket" => vec![("s3:DeleteBucket", "arn:aws:s3:::empty")],
        "GetBucketLocation" => vec![("s3:GetBucketLocation", demo)],
        "GetBucketVersioning" => vec![("s3:GetBucketVersioning", demo)],
        "ListMultipartUploads" => vec![("s3:ListBucketMultipartUploads", demo)],
        "GetObject" | "HeadObject" => vec![("s3:GetObject", kept)],
        "PutObject" | "CreateMultipartUpload" | "UploadPart" | "CompleteMultipartUpload" => {
            vec![("s3:PutObject", new)]
        }
        "CopyObject" | "UploadPartCopy" => vec![("s3:GetObject", kept), ("s3:PutObject", new)],
        "DeleteObject" => vec![("s3:DeleteObject", kept)],
        "AbortMultipartUpload" => vec![("s3:AbortMultipartUpload", new)],
        "ListParts" => vec![("s3:ListMultipartUploadParts", new)],
        other => panic!("{other} has no needs"),
    }
}

fn allow(needs: &[(&str, &str)]) -> String {
    let statements = needs.iter().map(|(action, resource)| {
        format!(r#"{{"Effect":"Allow","Action":"{action}","Resource":"{resource}"}}"#)
    });
    statements.collect::<Vec<_>>().join(",")
}

async fn furnished() -> House {
    let house = House::with_bucket().await;
    house.root("PUT", "/empty", "", b"").await.expect(200);
    house
        .root("PUT", "/demo/kept", "", b"kept")
        .await
        .expect(200);
    house
}

/// A user named by letters, with everything allowed that S3 has but these needs.
async fn lacking(house: &House, name: &str, needs: &[(&str, &str)]) -> Keys {
    let denied = needs.iter().map(|(action, resource)| {
        format!(r#"{{"Effect":"Deny","Action":"{action}","Resource":"{resource}"}}"#)
    });
    let all = r#"{"Effect":"Allow","Action":"s3:*","Resource":"*"}"#.to_owned();
    let statements: Vec<String> = std::iter::once(all).chain(denied).collect();
    house.user(name, &statements.join(",")).await
}

/// A request that goes on from a refusal by policy either succeeds or finds nothing there.
fn was_allowed(answer: &Answer) -> bool {
    answer.status < 400 || [400, 404].contains(&answer.status)
}

#[test]
fn s54_each_operation_needs_each_of_its_permissions() {
    run(async {
        for (index, (operation, sent)) in every_operation().into_iter().enumerate() {
            if operation == "DeleteObjects" {
                continue;
            }
            let house = furnished().await;
            let name = |kind: char, at: usize| {
                let letter = |number: usize| char::from(b'a' + u8::try_from(number).unwrap());
                format!("{kind}{}{}", letter(index), letter(at))
            };
            let needs = needs(operation);
            for at in 0..needs.len() {
                let mut rest = needs.clone();
                let missing = rest.remove(at);
                let others = [("s3:Nothing", "*")]
                    .into_iter()
                    .chain(rest)
                    .collect::<Vec<_>>();
                let short = house.user(&name('s', at), &allow(&others)).await;
                let denied = lacking(&house, &name('d', at), &[missing]).await;
                let before = house.everything().await;
                for keys in [short, denied] {
                    let answer = house.send(sent.clone().signed(&keys)).await.expect(403);
                    if sent.method != "HEAD" {
                        let answer = answer.refused(403, "AccessDenied");
                        let message = answer.element("Message").unwrap();
                        assert!(
                            message.contains(missing.0) && message.contains(missing.1),
                            "{message}"
                        );
                    }
                }
                assert_eq!(
                    house.everything().await,
                    before,
                    "{operation} did something"
                );
            }
            let exactly = house.user(&name('e', 0), &allow(&needs)).await;
            let answer = house.send(sent.signed(&exactly)).await;
            assert!(was_allowed(&answer), "{operation}: {}", answer.text());
        }
    });
}

#[test]
fn s54_delete_objects_decides_for_each_key() {
    run(async {
        let house = furnished().await;
        for key in ["own/1", "own/2", "other/1"] {
            house
                .root("PUT", &format!("/demo/{key}"), "", b"x")
                .await
                .expect(200);
        }
        let keys = house
            .user(
                "own",
                &allow(&[("s3:DeleteObject", "arn:aws:s3:::demo/own/*")]),
            )
            .await;
        let long = "k".repeat(1_025);
        let body = format!(
            "<Delete><Object><Key>own/1</Key></Object><Object><Key>other/1</Key></Object>\
             <Object><Key>own/none</Key></Object><Object><Key>{long}</Key></Object>\
             <Object><Key>own/2</Key><VersionId>1</VersionId></Object></Delete>"
        );
        let answer = house
            .by(&keys, "POST", "/demo", "delete", body.as_bytes())
            .await
            .expect(200);
        let (deleted, errors) = answer.text().split_once("<Error>").map_or_else(
            || panic!("{}", answer.text()),
            |(deleted, errors)| (deleted.to_owned(), errors.to_owned()),
        );
        assert!(deleted.contains("own/1") && deleted.contains("own/none"));
        assert_eq!(
            answer.elements("Code"),
            ["AccessDenied", "KeyTooLongError", "NotImplemented"]
        );
        assert!(errors.contains("other/1") && errors.contains("s3:DeleteObject"));
        house
            .root("GET", "/demo/own/1", "", b"")
            .await
            .refused(404, "NoSuchKey");
        house.root("GET", "/demo/own/2", "", b"").await.expect(200);
        house
            .root("GET", "/demo/other/1", "", b"")
            .await
            .expect(200);
    });
}

#[test]
fn s55_a_key_is_one_value_for_policy_and_storage() {
    run(async {
        let house = furnished().await;
        let all = [
            ("s3:GetObject", "arn:aws:s3:::demo/own/*"),
            ("s3:PutObject", "arn:aws:s3:::demo/own/*"),
        ];
        let keys = house.user("own", &allow(&all)).await;
        house
            .root("PUT", "/demo/secret", "", b"secret")
            .await
            .expect(200);
        house
            .root("PUT", "/demo/own/", "", b"own")
            .await
            .expect(200);
        // Under its own prefix whatever it is called, and never anything outside.
        for path in [
            "/demo/own/../secret",
            "/demo/own%2F..%2Fsecret",
            "/demo/own/%2E%2E/secret",
        ] {
            house.by(&keys, "PUT", path, "", b"mine").await.expect(200);
            let read = house
                .by(&keys, "GET", "/demo/own/../secret", "", b"")
                .await
                .expect(200);
            assert_eq!(read.body, b"mine");
        }
        assert_eq!(
            house
                .root("GET", "/demo/secret", "", b"")
                .await
                .expect(200)
                .body,
            b"secret"
        );
        for path in [
            "/demo/secret",
            "/demo/./own/x",
            "/demo//own/x",
            "/demo/%6Fwn",
            "/demo/OWN/x",
            "/demo/own%252Fx",
            "/demo/x/../own/y",
        ] {
            house
                .by(&keys, "PUT", path, "", b"x")
                .await
                .refused(403, "AccessDenied");
            house
                .by(&keys, "GET", path, "", b"")
                .await
                .refused(403, "AccessDenied");
        }
        house
            .by(&keys, "PUT", "/demo/%6Fwn/x", "", b"x")
            .await
            .expect(200);
        house.root("GET", "/demo/own/x", "", b"").await.expect(200);
        for source in [
            "demo/secret",
            "/demo/secret",
            "demo/own/../secret/..",
            "demo%2Fsecret",
        ] {
            let copy =
                Sent::new("PUT", "/demo/own/copy", "", b"").with("x-amz-copy-source", source);
            let answer = house.send(copy.signed(&keys)).await;
            assert!(
                [403, 404].contains(&answer.status),
                "{source}: {}",
                answer.text()
            );
            house
                .root("GET", "/demo/own/copy", "", b"")
                .await
                .expect(404);
        }
    });
}

#[test]
fn who_may_not_list_does_not_learn_what_is_missing() {
    run(async {
        let house = furnished().await;
        let reader = house
            .user("reader", &allow(&[("s3:GetObject", "arn:aws:s3:::*")]))
            .await;
        let both = [
            ("s3:GetObject", "arn:aws:s3:::*"),
            ("s3:ListBucket", "arn:aws:s3:::*"),
        ];
        let lister = house.user("lister", &allow(&both)).await;
        let answer = house
            .by(&reader, "GET", "/demo/none", "", b"")
            .await
            .refused(403, "AccessDenied");
        assert!(answer.text().contains("s3:ListBucket"));
        house
            .by(&reader, "HEAD", "/demo/none", "", b"")
            .await
            .expect(403);
        house
            .by(&lister, "GET", "/demo/none", "", b"")
            .await
            .refused(404, "NoSuchKey");
        house
            .by(&lister, "HEAD", "/demo/none", "", b"")
            .await
            .expect(404);
        house
            .by(&lister, "GET", "/absent/none", "", b"")
            .await
            .refused(404, "NoSuchBucket");
        for sent in [
            Sent::new("GET", "/demo/none", "", b""),
            Sent::new("GET", "/demo/kept", "", b""),
        ] {
            house.send(sent).await.refused(403, "AccessDenied");
        }
    });
}

#[test]
fn conditions_see_the_request() {
    run(async {
        let house = furnished().await;
        let on = |key: &str, value: &str, action: &str| {
            format!(
                r#"{{"Effect":"Allow","Action":"{action}","Resource":"*",
                "Condition":{{"StringEquals":{{"{key}":"{value}"}}}}}}"#
            )
        };
        let lists = |value: &str| on("s3:prefix", value, "s3:ListBucket");
        let prefix = house.user("prefix", &lists("own/")).await;
        house
            .by(&prefix, "GET", "/demo", "prefix=own%2F", b"")
            .await
            .expect(200);
        for query in [
            "",
            "prefix=",
            "prefix=own",
            "prefix=own%2Fx",
            "prefix=other%2F",
        ] {
            house
                .by(&prefix, "GET", "/demo", query, b"")
                .await
                .refused(403, "AccessDenied");
            let query = format!("list-type=2&{query}");
            house
                .by(&prefix, "GET", "/demo", &query, b"")
                .await
                .refused(403, "AccessDenied");
        }
        let empty = house.user("empty", &lists("")).await;
        house.by(&empty, "GET", "/demo", "", b"").await.expect(200);
        house
            .by(&empty, "GET", "/demo", "prefix=a", b"")
            .await
            .refused(403, "AccessDenied");
        let presigned = on("s3:authType", "REST-QUERY-STRING", "s3:GetObject");
        let keys = house.user("presigned", &presigned).await;
        house
            .by(&keys, "GET", "/demo/kept", "", b"")
            .await
            .refused(403, "AccessDenied");
        let url = Sent::new("GET", "/demo/kept", "", b"").presigned(&keys, 60);
        house.send(url).await.expect(200);
        let fresh = r#"{"Effect":"Allow","Action":"s3:GetObject","Resource":"*",
            "Condition":{"NumericLessThan":{"s3:signatureAge":"30000"}}}"#;
        let keys = house.user("fresh", fresh).await;
        let url = Sent::new("GET", "/demo/kept", "", b"").presigned(&keys, 600);
        house
            .send_at(url.clone(), crate::house::NOW_SECONDS + 29)
            .await
            .expect(200);
        let late = house.send_at(url, crate::house::NOW_SECONDS + 30).await;
        late.refused(403, "AccessDenied");
        let hashed = on(
            "s3:x-amz-content-sha256",
            "UNSIGNED-PAYLOAD",
            "s3:PutObject",
        );
        let keys = house.user("open", &hashed).await;
        let put = || Sent::new("PUT", "/demo/open", "", b"x");
        house
            .send(put().signed(&keys))
            .await
            .refused(403, "AccessDenied");
        house.send(put().unsigned_payload(&keys)).await.expect(200);
    });
}
