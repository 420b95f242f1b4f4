//! Listings over the wire: pages, groups, spellings.

use crate::house::{House, run};

async fn furnished() -> House {
    let house = House::with_bucket().await;
    for key in ["a%20b", "a/1", "a/2", "b", "c/d/1", "%C3%A9"] {
        house
            .root("PUT", &format!("/demo/{key}"), "", b"x")
            .await
            .expect(200);
    }
    house
}

#[test]
fn version_two_pages_by_token() {
    run(async {
        let house = furnished().await;
        let mut keys = Vec::new();
        let mut query = "list-type=2&max-keys=2".to_owned();
        loop {
            let page = house.root("GET", "/demo", &query, b"").await.expect(200);
            keys.extend(page.elements("Key"));
            assert_eq!(page.element("MaxKeys").as_deref(), Some("2"));
            let Some(token) = page.element("NextContinuationToken") else {
                assert_eq!(page.element("IsTruncated").as_deref(), Some("false"));
                break;
            };
            query = format!("list-type=2&max-keys=2&continuation-token={token}");
        }
        assert_eq!(keys, ["a b", "a/1", "a/2", "b", "c/d/1", "é"]);
        let page = house
            .root("GET", "/demo", "list-type=2&start-after=a/2", b"")
            .await
            .expect(200);
        assert_eq!(page.elements("Key"), ["b", "c/d/1", "é"]);
        let page = house
            .root("GET", "/demo", "list-type=2&continuation-token=!", b"")
            .await;
        page.refused(400, "InvalidArgument");
        let page = house
            .root("GET", "/demo", "list-type=2&max-keys=-1", b"")
            .await;
        page.refused(400, "InvalidArgument");
        let page = house
            .root("GET", "/demo", "list-type=2&max-keys=0", b"")
            .await
            .expect(200);
        assert_eq!(page.element("KeyCount").as_deref(), Some("0"));
    });
}

#[test]
fn groups_and_escaped_names() {
    run(async {
        let house = furnished().await;
        let query = "list-type=2&delimiter=%2F&encoding-type=url&fetch-owner=true";
        let page = house.root("GET", "/demo", query, b"").await.expect(200);
        assert_eq!(page.elements("Key"), ["a%20b", "b", "%C3%A9"]);
        let groups = page.elements("CommonPrefixes");
        assert_eq!(groups, ["<Prefix>a/</Prefix>", "<Prefix>c/</Prefix>"]);
        assert_eq!(page.element("KeyCount").as_deref(), Some("5"));
        assert_eq!(
            page.elements("ID").first().map(String::as_str),
            Some("123456789012")
        );
        let page = house
            .root("GET", "/demo", "delimiter=%2F&prefix=c%2F", b"")
            .await
            .expect(200);
        assert_eq!(page.elements("CommonPrefixes"), ["<Prefix>c/d/</Prefix>"]);
    });
}

#[test]
fn version_one_pages_by_marker() {
    run(async {
        let house = furnished().await;
        let page = house
            .root("GET", "/demo", "delimiter=%2F&max-keys=2", b"")
            .await
            .expect(200);
        assert_eq!(page.element("NextMarker").as_deref(), Some("a/"));
        let page = house
            .root("GET", "/demo", "delimiter=%2F&marker=a%2F", b"")
            .await
            .expect(200);
        assert_eq!(page.elements("Key"), ["b", "é"]);
        let page = house
            .root("GET", "/demo", "marker=a%2F1", b"")
            .await
            .expect(200);
        assert_eq!(page.elements("Key"), ["a/2", "b", "c/d/1", "é"]);
    });
}

#[test]
fn uploads_are_listed_in_order_and_page_by_page() {
    run(async {
        let house = House::with_bucket().await;
        for key in ["x/1", "x/1", "x/2", "y"] {
            house
                .root("POST", &format!("/demo/{key}"), "uploads", b"")
                .await
                .expect(200);
        }
        let mut keys = Vec::new();
        let mut query = "uploads&max-uploads=1".to_owned();
        loop {
            let page = house.root("GET", "/demo", &query, b"").await.expect(200);
            keys.extend(page.elements("Key"));
            if page.element("IsTruncated").as_deref() == Some("false") {
                break;
            }
            let key = page.element("NextKeyMarker").unwrap().replace('/', "%2F");
            let id = page.element("NextUploadIdMarker").unwrap();
            query = format!("uploads&max-uploads=1&key-marker={key}&upload-id-marker={id}");
        }
        assert_eq!(keys, ["x/1", "x/1", "x/2", "y"]);
        let page = house
            .root("GET", "/demo", "uploads&delimiter=%2F", b"")
            .await
            .expect(200);
        assert_eq!(page.elements("CommonPrefixes"), ["<Prefix>x/</Prefix>"]);
        assert_eq!(page.elements("Key"), ["y"]);
    });
}
