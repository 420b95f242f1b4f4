//! Laws over random values: one canonical form, no tampering, no panic.

use daypass_proof::sigv4::{Body, Dialect, RequestView, check_scope, presented, verify};
use daypass_proof::sigv4::{Presented, SignatureError};
use proptest::prelude::*;
use proptest::sample::Index;

use crate::client::{DIALECTS, NOW, Request, SECRET, rules};

fn dialect() -> impl Strategy<Value = Dialect> {
    prop::sample::select(DIALECTS.to_vec())
}

/// Any signed request: some dialect and form, some body, query and header.
fn signed() -> impl Strategy<Value = Request> {
    let query = "([a-c]{1,2}(=[a-z~]{0,2}(%[0-9A-F]{2})?)?&){0,4}";
    let parts = (
        dialect(),
        any::<bool>(),
        any::<bool>(),
        any::<Vec<u8>>(),
        query,
        "[ -~]{1,12}",
    );
    parts.prop_map(|(dialect, temporary, header_form, body, query, value)| {
        let mut request = Request::new(dialect);
        request.body = body;
        request.query = query;
        request.add("x-amz-meta-any", value);
        if header_form {
            request.authorize(temporary);
        } else {
            request.presign(temporary, 60);
        }
        request
    })
}

proptest! {
    #[test]
    fn honest_requests_verify(request in signed()) {
        prop_assert!(request.judge().is_ok(), "{:?}", request.judge());
    }

    #[test]
    fn s35_the_order_of_parameters_and_of_headers_does_not_matter(
        request in signed(),
        keys in prop::collection::vec(any::<u32>(), 40),
    ) {
        let mut shuffled = request.clone();
        let mut pieces: Vec<(u32, &str)> =
            keys.iter().copied().zip(request.query.split('&')).collect();
        pieces.sort_unstable();
        let pieces: Vec<&str> = pieces.into_iter().map(|(_, piece)| piece).collect();
        shuffled.query = pieces.join("&");
        let mut headers: Vec<_> = keys.iter().copied().zip(request.headers.clone()).collect();
        headers.sort();
        shuffled.headers = headers.into_iter().map(|(_, header)| header).collect();
        prop_assert_eq!(shuffled.headers.len(), request.headers.len());
        prop_assert!(shuffled.judge().is_ok(), "{:?}", shuffled.judge());
    }

    #[test]
    fn s35_encoding_more_of_the_query_does_not_matter(request in signed()) {
        let mut encoded = request.clone();
        encoded.query = request.query.replace('a', "%61").replace('b', "%62").replace('~', "%7e");
        prop_assert!(encoded.judge().is_ok(), "{:?}", encoded.judge());
    }

    #[test]
    fn s27_one_flipped_bit_of_the_signature_is_refused(
        request in signed(),
        digit in 0_usize..64,
        bit in 0_u32..4,
    ) {
        let mut forged = request.clone();
        let text = match request.claim().unwrap().form() {
            daypass_proof::sigv4::Form::Header => request.header("authorization"),
            daypass_proof::sigv4::Form::Query { .. } => request.query.clone(),
        };
        let honest = text.get(text.len() - 64..).unwrap();
        let value = u32::from_str_radix(&honest[digit..=digit], 16).unwrap() ^ (1 << bit);
        let other = format!("{}{value:x}{}", &honest[..digit], &honest[digit + 1..]);
        if text == request.query {
            forged.edit_query(honest, &other);
        } else {
            forged.edit(honest, &other);
        }
        prop_assert_eq!(forged.refusal(), SignatureError::Mismatch);
    }

    #[test]
    fn s27_one_flipped_bit_of_the_secret_is_refused(
        request in signed(),
        at in 0_usize..40,
        bit in 0_u32..5,
    ) {
        let mut secret = SECRET.as_bytes().to_vec();
        secret[at] ^= 1 << bit;
        let secret = String::from_utf8(secret).unwrap();
        prop_assume!(secret.bytes().all(|byte| byte.is_ascii_graphic()));
        let verdict = request.judge_with(Body::Whole(&request.body), &secret, NOW);
        prop_assert_eq!(verdict.unwrap_err(), SignatureError::Mismatch);
    }

    #[test]
    fn s31_one_flipped_bit_of_a_hashed_body_is_refused(
        dialect in dialect(),
        body in prop::collection::vec(any::<u8>(), 1..64),
        at in any::<Index>(),
        bit in 0_u32..8,
    ) {
        let mut request = Request::new(dialect);
        request.body = body;
        request.authorize(false);
        let at = at.index(request.body.len());
        request.body[at] ^= 1 << bit;
        let error = request.refusal();
        let expected = match dialect {
            Dialect::S3 => SignatureError::PayloadMismatch,
            Dialect::Json | Dialect::Query => SignatureError::Mismatch,
        };
        prop_assert_eq!(error, expected);
    }

    #[test]
    fn s29_one_flipped_bit_of_a_signed_header_is_refused(
        request in signed(),
        which in any::<Index>(),
        at in any::<Index>(),
        bit in 0_u32..7,
    ) {
        let claim = request.claim().unwrap();
        let name = &claim.signed_headers()[which.index(claim.signed_headers().len())];
        let mut value = request.header(name).into_bytes();
        let at = at.index(value.len());
        value[at] ^= 1 << bit;
        // A blank for a blank is the same value.
        let words = |value: &[u8]| {
            let text = String::from_utf8_lossy(value).into_owned();
            text.split([' ', '\t', '\r', '\n'])
                .filter(|word| !word.is_empty())
                .map(str::to_owned)
                .collect::<Vec<_>>()
        };
        prop_assume!(words(&value) != words(request.header(name).as_bytes()));
        let mut tampered = request.clone();
        tampered.set(name, &value);
        prop_assert!(tampered.judge().is_err());
    }

    #[test]
    fn arbitrary_bytes_do_not_panic(
        dialect in dialect(),
        path in any::<String>(),
        query in "(X-Amz-[A-Z][a-z]{3,9}=|AWS|%[0-9a-z]{1,2}|&|=|\\PC){0,24}",
        authorization in any::<Vec<u8>>(),
        header in any::<Vec<u8>>(),
    ) {
        let headers = vec![
            ("host".to_owned(), header.clone()),
            ("authorization".to_owned(), authorization),
            ("x-amz-date".to_owned(), header),
        ];
        let request = RequestView { method: "GET", path: &path, query: &query, headers: &headers };
        let verdict = presented(&request, dialect);
        prop_assert!(!matches!(verdict, Ok(Presented::Signed(_))), "{verdict:?}");
    }

    #[test]
    fn arbitrary_pieces_in_a_right_frame_are_refused(
        dialect in dialect(),
        header_form in any::<bool>(),
        path in any::<String>(),
        credential in "[ -~]{0,40}",
        signed_headers in "[ -~]{0,20}",
        signature in "[0-9a-f]{64}",
        date in prop_oneof![Just("20260301T120000Z".to_owned()), "[ -~]{0,20}"],
        region in prop_oneof![Just("us-east-1".to_owned()), "[ -~]{0,12}"],
        body in any::<Vec<u8>>(),
        now in prop_oneof![Just(NOW), any::<i64>()],
    ) {
        let service = crate::client::service(dialect);
        let credential = format!("{credential}/20260301/{region}/{service}/aws4_request");
        let mut request = Request::new(dialect);
        request.path = path;
        request.body = body;
        let signed_headers = format!("host{signed_headers}");
        if header_form {
            request.add("x-amz-date", &date);
            request.add("authorization", format!(
                "AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders={signed_headers}, \
                 Signature={signature}"
            ));
        } else {
            request.query = format!(
                "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential={credential}&X-Amz-Date={date}\
                 &X-Amz-Expires=60&X-Amz-SignedHeaders={signed_headers}\
                 &X-Amz-Signature={signature}"
            );
        }
        if let Ok(Presented::Signed(claim)) = presented(&request.view(), dialect) {
            let (rules, secret) = (rules(dialect), SECRET.parse().unwrap());
            let _ = check_scope(&claim, &rules);
            let body = Body::Whole(&request.body);
            let verdict = verify(&claim, &request.view(), body, &secret, &rules, now);
            prop_assert!(verdict.is_err());
        }
    }
}
