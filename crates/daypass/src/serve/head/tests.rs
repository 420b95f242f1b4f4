//! Heads that are read, heads that are refused, and both sides of every limit.

use super::*;

fn scan(text: &[u8]) -> Progress {
    Scan::default().advance(text)
}

fn refused(text: &str) -> u16 {
    match scan(text.as_bytes()) {
        Progress::Refused(status) => status.as_u16(),
        other => panic!("{text:?} gave {other:?}"),
    }
}

#[test]
fn a_plain_head_is_complete_at_its_blank_line() {
    let head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n";
    let whole = format!("{head}hello");
    assert_eq!(
        scan(whole.as_bytes()),
        Progress::Complete(head.len(), Framing::Length(5))
    );
}

#[test]
fn a_head_is_read_the_same_byte_by_byte() {
    let head = b"PUT /b/k?x=1 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n";
    let mut scan = Scan::default();
    for end in 1..head.len() {
        assert_eq!(
            scan.advance(&head[..end]),
            Progress::Partial,
            "at byte {end}"
        );
    }
    assert_eq!(
        scan.advance(head),
        Progress::Complete(head.len(), Framing::Chunked)
    );
}

#[test]
fn http_1_0_may_lack_a_host_and_may_not_have_chunks() {
    let plain = b"GET /healthz HTTP/1.0\r\n\r\n";
    assert_eq!(
        scan(plain),
        Progress::Complete(plain.len(), Framing::Length(0))
    );
    let chunked = "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    assert_eq!(refused(chunked), 400);
}

#[test]
fn s06_a_head_with_two_readings_is_refused() {
    for (why, head) in [
        (
            "both lengths",
            "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        ),
        (
            "both, other order",
            "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
        ),
        (
            "repeated length",
            "Content-Length: 5\r\nContent-Length: 5\r\n",
        ),
        ("listed length", "Content-Length: 5, 5\r\n"),
        ("signed length", "Content-Length: +5\r\n"),
        ("negative length", "Content-Length: -5\r\n"),
        ("hexadecimal length", "Content-Length: 0x5\r\n"),
        ("spaced length", "Content-Length: 5 5\r\n"),
        ("empty length", "Content-Length:\r\n"),
        (
            "wrapping length",
            "Content-Length: 18446744073709551621\r\n",
        ),
        ("huge length", "Content-Length: 4611686018427387904\r\n"),
        ("two codings", "Transfer-Encoding: gzip, chunked\r\n"),
        ("coding last", "Transfer-Encoding: chunked, identity\r\n"),
        (
            "repeated coding",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
        ),
        ("identity", "Transfer-Encoding: identity\r\n"),
        ("coding with a tail", "Transfer-Encoding: chunked;q=1\r\n"),
        ("vertical tab", "Transfer-Encoding: \u{b}chunked\r\n"),
        ("space before colon", "Content-Length : 5\r\n"),
        ("space before name", " Content-Length: 5\r\n"),
        ("folded value", "X-A: b\r\n c\r\n"),
        ("no colon", "Content-Length 5\r\n"),
        ("no name", ": 5\r\n"),
        ("bare line feed", "X-A: b\nContent-Length: 5\r\n"),
        ("bare carriage return", "X-A: b\rContent-Length: 5\r\n"),
        ("zero byte", "X-A: b\0c\r\n"),
        ("second host", "Host: b\r\n"),
    ] {
        let head = format!("POST / HTTP/1.1\r\nHost: a\r\n{head}\r\n");
        assert_eq!(refused(&head), 400, "{why}");
    }
}

#[test]
fn s06_a_loose_request_line_is_refused() {
    for line in [
        "GET  / HTTP/1.1",
        "GET / HTTP/1.1 ",
        " GET / HTTP/1.1",
        "GET /a b HTTP/1.1",
        "GET / HTTP/1.2",
        "GET / HTTP/2.0",
        "GET / http/1.1",
        "GET /",
        "GET",
        "G@T / HTTP/1.1",
        "GET /a#b HTTP/1.1",
        "GET /\u{e9} HTTP/1.1",
        "GET /\t HTTP/1.1",
        "",
    ] {
        assert_eq!(
            refused(&format!("{line}\r\nHost: a\r\n\r\n")),
            400,
            "{line:?}"
        );
    }
    assert_eq!(refused("GET / HTTP/1.1\nHost: a\r\n\r\n"), 400);
    assert_eq!(
        refused("\u{16}\u{3}\u{1}\u{2}"),
        400,
        "TLS is refused before its end"
    );
}

#[test]
fn http_1_1_without_a_host_is_refused() {
    assert_eq!(refused("GET / HTTP/1.1\r\nX-A: b\r\n\r\n"), 400);
}

#[test]
fn s01_the_request_line_is_bounded_on_both_sides() {
    let line = |bytes: usize| {
        let target = "a".repeat(bytes - "GET / HTTP/1.1".len());
        format!("GET /{target} HTTP/1.1\r\nHost: a\r\n\r\n")
    };
    for bytes in [REQUEST_LINE_BYTES_MAX - 1, REQUEST_LINE_BYTES_MAX] {
        let text = line(bytes);
        assert_eq!(
            scan(text.as_bytes()),
            Progress::Complete(text.len(), Framing::Length(0)),
            "{bytes}"
        );
    }
    assert_eq!(refused(&line(REQUEST_LINE_BYTES_MAX + 1)), 414);
    assert_eq!(
        refused(&"A".repeat(REQUEST_LINE_BYTES_MAX + 1)),
        414,
        "without an end"
    );
}

#[test]
fn s01_one_header_is_bounded_on_both_sides() {
    let head = |bytes: usize| {
        let value = "a".repeat(bytes - "X-A:".len());
        format!("GET / HTTP/1.1\r\nHost: a\r\nX-A:{value}\r\n\r\n")
    };
    for bytes in [HEADER_BYTES_MAX - 1, HEADER_BYTES_MAX] {
        assert!(
            matches!(scan(head(bytes).as_bytes()), Progress::Complete(..)),
            "{bytes}"
        );
    }
    assert_eq!(refused(&head(HEADER_BYTES_MAX + 1)), 431);
}

#[test]
fn s01_all_headers_are_bounded_on_both_sides() {
    let head = |bytes: usize| {
        let host = "Host: a\r\n";
        let half = format!("X-A: {}\r\n", "a".repeat(16_000));
        let rest = bytes - host.len() - half.len() - "X-B:\r\n".len();
        format!(
            "GET / HTTP/1.1\r\n{host}{half}X-B:{}\r\n\r\n",
            "b".repeat(rest)
        )
    };
    // Neither header is over its own limit; only their sum is.
    for bytes in [HEADERS_BYTES_MAX - 500, HEADERS_BYTES_MAX - 400] {
        assert!(
            matches!(scan(head(bytes).as_bytes()), Progress::Complete(..)),
            "{bytes}"
        );
    }
    let third = |bytes: usize| {
        let text = head(HEADERS_BYTES_MAX - 500);
        let text = text.strip_suffix("\r\n").unwrap_or_default().to_owned();
        format!("{text}X-C:{}\r\n\r\n", "c".repeat(bytes - "X-C:\r\n".len()))
    };
    assert!(matches!(
        scan(third(499).as_bytes()),
        Progress::Complete(..)
    ));
    assert!(matches!(
        scan(third(500).as_bytes()),
        Progress::Complete(..)
    ));
    assert_eq!(refused(&third(501)), 431);
}

#[test]
fn s01_the_number_of_headers_is_bounded_on_both_sides() {
    let head = |count: usize| {
        format!(
            "GET / HTTP/1.1\r\nHost: a\r\n{}\r\n",
            "X-A: b\r\n".repeat(count - 1)
        )
    };
    assert!(matches!(
        scan(head(HEADER_COUNT_MAX - 1).as_bytes()),
        Progress::Complete(..)
    ));
    assert!(matches!(
        scan(head(HEADER_COUNT_MAX).as_bytes()),
        Progress::Complete(..)
    ));
    assert_eq!(refused(&head(HEADER_COUNT_MAX + 1)), 431);
}
