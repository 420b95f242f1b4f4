//! Bodies on disk: names, leftovers, and what a failing disk leaves.

use daypass_wire::limits::OBJECT_KEY_BYTES_MAX;

use crate::client::Sent;
use crate::house::{House, run};

fn is_name(name: &str) -> bool {
    name.len() == 32 && name.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[test]
fn s90_a_key_never_becomes_a_path() {
    run(async {
        let house = House::with_bucket().await;
        let longest = "k".repeat(OBJECT_KEY_BYTES_MAX);
        let keys = [
            "..%2Fx",
            "../../x",
            "%2Fetc%2Fpasswd",
            ".",
            "..",
            "x%0Ay",
            "%F0%9F%94%91",
            &longest,
        ];
        for (index, key) in keys.iter().enumerate() {
            let path = format!("/demo/{key}");
            let body = index.to_string();
            house
                .root("PUT", &path, "", body.as_bytes())
                .await
                .expect(200);
            let read = house.root("GET", &path, "", b"").await.expect(200);
            assert_eq!(read.body, body.as_bytes(), "{key}");
        }
        let files = house.files().await;
        assert_eq!(files.len(), keys.len());
        assert!(files.iter().all(|name| is_name(name)), "{files:?}");
        let outside = house.objects_dir();
        let around: Vec<_> = std::fs::read_dir(outside.parent().unwrap())
            .unwrap()
            .collect();
        assert_eq!(around.len(), 1, "only the folder of bodies");
        house
            .root("PUT", "/demo/a%00b", "", b"x")
            .await
            .refused(400, "InvalidURI");
        let path = format!("/demo/{longest}k");
        house
            .root("PUT", &path, "", b"x")
            .await
            .refused(400, "KeyTooLongError");
    });
}

#[test]
fn a_body_goes_with_its_object() {
    run(async {
        let house = House::with_bucket().await;
        house.root("PUT", "/demo/k", "", b"one").await.expect(200);
        let first = house.files().await;
        house.root("PUT", "/demo/k", "", b"two").await.expect(200);
        let second = house.files().await;
        assert_eq!((first.len(), second.len()), (1, 1));
        assert_ne!(first, second);
        house.root("DELETE", "/demo/k", "", b"").await.expect(204);
        assert!(house.files().await.is_empty());
        house.root("DELETE", "/demo/k", "", b"").await.expect(204);
    });
}

#[test]
fn what_a_crash_left_is_swept_and_what_is_named_stays() {
    run(async {
        let house = House::with_bucket().await;
        house.root("PUT", "/demo/k", "", b"kept").await.expect(200);
        let upload = house
            .root("POST", "/demo/m", "uploads", b"")
            .await
            .expect(200);
        let id = upload.element("UploadId").unwrap();
        let query = format!("uploadId={id}&partNumber=1");
        house
            .root("PUT", "/demo/m", &query, b"a part")
            .await
            .expect(200);
        let named = house.files().await;
        for number in 0..300 {
            let name = format!("{number:032x}");
            std::fs::write(house.objects_dir().join(name), "left over").unwrap();
        }
        let partial = house.objects_dir().join(format!("{:032x}.partial", 9_999));
        std::fs::write(partial, "half").unwrap();
        let house = house.restarted().await;
        // The first request starts the sweep, which goes on beside the others.
        house.root("HEAD", "/demo/k", "", b"").await.expect(200);
        let mut rounds = 0;
        while house.files().await != named {
            rounds += 1;
            assert!(rounds < 20_000, "the sweep does not end");
        }
        let read = house.root("GET", "/demo/k", "", b"").await.expect(200);
        assert_eq!(read.body, b"kept");
    });
}

#[test]
fn f04_a_disk_that_takes_nothing_leaves_what_was_there() {
    run(async {
        let house = House::with_bucket().await;
        house.root("PUT", "/demo/k", "", b"old").await.expect(200);
        let folder = house.objects_dir();
        let aside = folder.with_file_name("aside");
        std::fs::rename(&folder, &aside).unwrap();
        let put = house
            .root("PUT", "/demo/k", "", b"new")
            .await
            .refused(503, "ServiceUnavailable");
        assert!(
            !put.text().contains("objects"),
            "no path is told: {}",
            put.text()
        );
        house
            .root("PUT", "/demo/fresh", "", b"new")
            .await
            .refused(503, "ServiceUnavailable");
        let copy = Sent::new("PUT", "/demo/copy", "", b"").with("x-amz-copy-source", "demo/k");
        let copied = house.send(copy.signed(&house.root)).await;
        assert!(copied.status >= 500, "{}", copied.text());
        std::fs::rename(&aside, &folder).unwrap();
        let read = house.root("GET", "/demo/k", "", b"").await.expect(200);
        assert_eq!(read.body, b"old");
        let listed = house.root("GET", "/demo", "", b"").await.expect(200);
        assert_eq!(listed.elements("Key"), ["k"]);
        house.root("PUT", "/demo/k", "", b"new").await.expect(200);
    });
}

#[test]
fn one_of_many_writers_with_a_condition_wins() {
    run(async {
        let house = House::with_bucket().await;
        let sends = (0..16).map(|number| {
            let body = format!("writer {number}");
            let sent =
                Sent::new("PUT", "/demo/once", "", body.as_bytes()).with("if-none-match", "*");
            house.send(sent.signed(&house.root))
        });
        let answers = futures_util::future::join_all(sends).await;
        let won: Vec<_> = answers
            .iter()
            .filter(|answer| answer.status == 200)
            .collect();
        assert_eq!(won.len(), 1);
        assert!(
            answers
                .iter()
                .all(|answer| [200, 412].contains(&answer.status))
        );
        assert_eq!(house.files().await.len(), 1);
    });
}
