//! Presigned URLs, and paths and queries that look alike.

use daypass_proof::sigv4::{Dialect, SignatureError};

use crate::client::{DIALECTS, NOW, Request, SKEW_SECONDS};

#[test]
fn s34_a_presigned_url_lives_as_long_as_it_says() {
    for dialect in DIALECTS {
        let request = Request::presigned(dialect);
        for seconds in [-SKEW_SECONDS, 0, 3599, 3600] {
            assert!(request.judge_at(NOW + seconds).is_ok(), "{seconds}");
        }
        let expired = request.judge_at(NOW + 3601).unwrap_err();
        let SignatureError::PresignedExpired {
            expired_at,
            expires_seconds,
            ..
        } = expired
        else {
            panic!("{expired:?}");
        };
        assert_eq!(expired_at.epoch_seconds(), NOW + 3600);
        assert_eq!(expires_seconds, 3600);
        let early = request.judge_at(NOW - SKEW_SECONDS - 1).unwrap_err();
        assert!(
            matches!(early, SignatureError::TooEarly { .. }),
            "{early:?}"
        );
    }
}

#[test]
fn s34_without_a_validity_the_usual_skew_holds() {
    let mut request = Request::presigned(Dialect::Query);
    request.edit_query("&X-Amz-Expires=3600", "");
    let inside = request.judge_at(NOW + SKEW_SECONDS).unwrap_err();
    assert_eq!(inside, SignatureError::Mismatch);
    let outside = request.judge_at(NOW + SKEW_SECONDS + 1).unwrap_err();
    assert!(
        matches!(outside, SignatureError::TooOld { .. }),
        "{outside:?}"
    );
}

#[test]
fn s34_nothing_about_a_presigned_url_can_be_changed() {
    let mut honest = Request::new(Dialect::S3);
    honest.presign(true, 3600);
    assert!(honest.judge().is_ok());
    let changed = |change: &dyn Fn(&mut Request)| {
        let mut request = honest.clone();
        change(&mut request);
        request.refusal()
    };
    let mismatches: [&dyn Fn(&mut Request); 7] = [
        &|request| request.edit_query("X-Amz-Expires=3600", "X-Amz-Expires=3601"),
        &|request| "DELETE".clone_into(&mut request.method),
        &|request| "GET".clone_into(&mut request.method),
        &|request| request.query.push_str("&response-content-type=text%2Fhtml"),
        &|request| request.edit_query("tagging", "acl"),
        &|request| request.path.push('x'),
        &|request| request.set("host", "elsewhere.example"),
    ];
    for change in mismatches {
        assert_eq!(changed(change), SignatureError::Mismatch);
    }
    let token = "&X-Amz-Security-Token=IQoJb3JpZ2luX2VjEXAMPLE%2B%2Ftoken%3D%3D";
    let dropped = changed(&|request| request.edit_query(token, ""));
    assert_eq!(dropped, SignatureError::TokenMissing);
    let long_term = changed(&|request| {
        request.edit_query(token, "");
        request.edit_query("ASIA", "AKIA");
    });
    assert_eq!(long_term, SignatureError::Mismatch);
}

#[test]
fn s35_paths_of_s3_are_bound_as_they_were_sent() {
    let spellings = [
        "/bucket/a/b",
        "/bucket/a%5Cb",
        "/bucket//a/b",
        "/bucket/./a/b",
        "/bucket/x/../a/b",
        "/bucket/a/b/",
        "/bucket/a+b",
        "/bucket/a%20b",
        "/bucket/a%2520b",
        "/bucket/a%00b",
        "/bucket/ሴ",
        "/bucket/%E1%88%B5",
        "/bucket/A/b",
        "",
    ];
    for signed in spellings {
        let mut request = Request::new(Dialect::S3);
        signed.clone_into(&mut request.path);
        request.authorize(false);
        for sent in spellings {
            sent.clone_into(&mut request.path);
            let verdict = request.judge();
            assert_eq!(
                verdict.is_ok(),
                sent == signed,
                "signed {signed}, sent {sent}"
            );
        }
    }
}

#[test]
fn s35_an_encoded_slash_and_a_slash_are_one_path_to_s3() {
    // `UriEncode` leaves `/` alone after decoding, as the published rule says; route on the decoded
    // path, where both are the same key.
    let mut request = Request::new(Dialect::S3);
    "/bucket/a%2Fb".clone_into(&mut request.path);
    request.authorize(false);
    "/bucket/a/b".clone_into(&mut request.path);
    assert!(request.judge().is_ok());
}

#[test]
fn s35_spellings_of_one_query_are_one_query() {
    let mut request = Request::new(Dialect::S3);
    "b=%7e&a=2&a=1&c&%61=0&d=%2f".clone_into(&mut request.query);
    request.authorize(false);
    for same in [
        "a=1&a=2&a=0&b=~&c=&d=/",
        "&&c&d=%2F&a=0&b=%7E&a=1&a=2&",
        "d=%2f&c=&b=~&a=2&a=1&a=0",
    ] {
        same.clone_into(&mut request.query);
        assert!(request.judge().is_ok(), "{same}");
    }
    for other in [
        "a=1&a=2&a=0&b=~&d=/",
        "a=1&a=2&b=~&c=&d=/",
        "a=1&a=2&a=0&b=~&c=&d=%252F",
    ] {
        other.clone_into(&mut request.query);
        assert_eq!(request.refusal(), SignatureError::Mismatch, "{other}");
    }
}

#[test]
fn s35_a_plus_in_the_query_is_a_space_to_s3_and_either_elsewhere() {
    for (dialect, signed, accepted) in [
        (Dialect::S3, "q=a%20b", true),
        (Dialect::S3, "q=a%2Bb", false),
        (Dialect::Query, "q=a%20b", true),
        (Dialect::Query, "q=a%2Bb", true),
    ] {
        let mut request = Request::new(dialect);
        signed.clone_into(&mut request.query);
        request.authorize(false);
        "q=a+b".clone_into(&mut request.query);
        assert_eq!(request.judge().is_ok(), accepted, "{dialect:?} {signed}");
    }
}

#[test]
fn s35_broken_percent_escapes_are_refused_not_guessed() {
    for broken in ["%", "%2", "%zz", "%2G", "%u0041", "%%41"] {
        let mut request = Request::signed(Dialect::S3);
        request.path = format!("/bucket/{broken}");
        assert_eq!(
            request.refusal(),
            SignatureError::MalformedEscape,
            "{broken}"
        );
        for dialect in DIALECTS {
            for query in [format!("q={broken}"), format!("{broken}=q")] {
                let mut request = Request::signed(dialect);
                request.query = query;
                assert_eq!(
                    request.refusal(),
                    SignatureError::MalformedEscape,
                    "{broken}"
                );
            }
            let mut request = Request::new(dialect);
            request.query = format!("X-Amz-Credential={broken}");
            assert_eq!(
                request.refusal(),
                SignatureError::MalformedEscape,
                "{broken}"
            );
        }
    }
}

#[test]
fn s35_other_services_see_the_normal_path() {
    let mut request = Request::new(Dialect::Query);
    "/a/b/".clone_into(&mut request.path);
    request.authorize(false);
    for (sent, accepted) in [
        ("/a/b/", true),
        ("//a/./b//", true),
        ("/a/x/../b/", true),
        ("/../a/b/", true),
        ("/a/b", false),
        ("/a%2Fb/", false),
    ] {
        sent.clone_into(&mut request.path);
        assert_eq!(request.judge().is_ok(), accepted, "{sent}");
    }
}

#[test]
fn header_values_are_trimmed_and_blanks_collapse() {
    let mut request = Request::new(Dialect::Query);
    request.add("my-header", "a \"b  c\" d");
    request.authorize(false);
    for same in ["  a \"b c\" d ", "a\t\"b \t c\"\r\n d"] {
        request.set("my-header", same);
        assert!(request.judge().is_ok(), "{same}");
    }
    for other in ["a \"bc\" d", "A \"b c\" d", ""] {
        request.set("my-header", other);
        assert_eq!(request.refusal(), SignatureError::Mismatch, "{other}");
    }
}
