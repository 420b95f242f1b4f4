//! Requests with more than one reading, or none, as bytes on the wire.
//!
//! **Source**: requirements S05 and S06; RFC 9112 section 11.2 (request smuggling).

/// A well-formed request that nobody may get an answer to.
pub(super) const SECOND: &str =
    "GET /smuggled HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

/// Requests with more than one reading, or none. Those with bad chunks ask for an operation that
/// reads its body: an answer that needs no body may come before the chunks are looked at, and closes.
pub(super) const CORPUS: [(&str, &str); 42] = [
    (
        "length and chunks",
        "POST /a HTTP/1.1\r\nHost: localhost\r\n\
         Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ),
    (
        "chunks and length",
        "POST /a HTTP/1.1\r\nHost: localhost\r\n\
         Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
    ),
    (
        "two equal lengths",
        "POST /a HTTP/1.1\r\nHost: localhost\r\n\
         Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc",
    ),
    (
        "two lengths",
        "POST /a HTTP/1.1\r\nHost: localhost\r\n\
         Content-Length: 3\r\nContent-Length: 0\r\n\r\nabc",
    ),
    (
        "listed lengths",
        "POST /a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3, 3\r\n\r\nabc",
    ),
    (
        "signed length",
        "POST /a HTTP/1.1\r\nHost: localhost\r\nContent-Length: +3\r\n\r\nabc",
    ),
    (
        "negative length",
        "POST /a HTTP/1.1\r\nHost: localhost\r\nContent-Length: -3\r\n\r\nabc",
    ),
    (
        "hexadecimal length",
        "POST /a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0x3\r\n\r\nabc",
    ),
    (
        "fraction length",
        "POST /a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3.0\r\n\r\nabc",
    ),
    (
        "spaced length",
        "POST /a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3 0\r\n\r\nabc",
    ),
    (
        "empty length",
        "POST /a HTTP/1.1\r\nHost: localhost\r\nContent-Length:\r\n\r\n",
    ),
    (
        "wrapping length",
        "POST /a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 18446744073709551619\r\n\r\nabc",
    ),
    (
        "space before colon",
        "POST /a HTTP/1.1\r\nHost: localhost\r\nContent-Length : 3\r\n\r\nabc",
    ),
    (
        "tab before colon",
        "POST /a HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding\t: chunked\r\n\r\n0\r\n\r\n",
    ),
    (
        "space before name",
        "POST /a HTTP/1.1\r\nHost: localhost\r\n Content-Length: 3\r\n\r\nabc",
    ),
    (
        "folded value",
        "POST /a HTTP/1.1\r\nHost: localhost\r\nX: y\r\n\tContent-Length: 3\r\n\r\nabc",
    ),
    (
        "folded coding",
        "POST /a HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n",
    ),
    (
        "bare line feeds",
        "POST /a HTTP/1.1\nHost: localhost\nContent-Length: 3\n\nabc",
    ),
    (
        "one bare line feed",
        "POST /a HTTP/1.1\r\nHost: localhost\r\nX: y\nContent-Length: 3\r\n\r\nabc",
    ),
    (
        "bare carriage return",
        "POST /a HTTP/1.1\r\nHost: localhost\r\nX: y\rContent-Length: 3\r\n\r\nabc",
    ),
    (
        "carriage return in name",
        "POST /a HTTP/1.1\r\nHost: localhost\r\nX\r: y\r\n\r\n",
    ),
    (
        "zero byte",
        "POST /a HTTP/1.1\r\nHost: localhost\r\nX: y\0z\r\n\r\n",
    ),
    (
        "no colon",
        "POST /a HTTP/1.1\r\nHost: localhost\r\nContent-Length\r\n\r\n",
    ),
    (
        "no name",
        "POST /a HTTP/1.1\r\nHost: localhost\r\n: 3\r\n\r\n",
    ),
    (
        "two codings",
        "POST /a HTTP/1.1\r\nHost: localhost\r\n\
         Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    ),
    (
        "repeated coding",
        "POST /a HTTP/1.1\r\nHost: localhost\r\n\
         Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
    ),
    (
        "coding identity",
        "POST /a HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: identity\r\n\r\n",
    ),
    (
        "coding in disguise",
        "POST /a HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    ),
    (
        "coding in 1.0",
        "POST /a HTTP/1.0\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ),
    (
        "bad chunk size",
        "POST / HTTP/1.1\r\nHost: localhost\r\n\
         X-Amz-Target: AWSCognitoIdentityService.GetId\r\nTransfer-Encoding: chunked\r\n\
         \r\nz\r\nabc\r\n0\r\n\r\n",
    ),
    (
        "signed chunk size",
        "POST / HTTP/1.1\r\nHost: localhost\r\n\
         X-Amz-Target: AWSCognitoIdentityService.GetId\r\nTransfer-Encoding: chunked\r\n\
         \r\n+3\r\nabc\r\n0\r\n\r\n",
    ),
    (
        "prefixed chunk size",
        "POST / HTTP/1.1\r\nHost: localhost\r\n\
         X-Amz-Target: AWSCognitoIdentityService.GetId\r\nTransfer-Encoding: chunked\r\n\
         \r\n0x3\r\nabc\r\n0\r\n\r\n",
    ),
    (
        "wrapping chunk size",
        "POST / HTTP/1.1\r\nHost: localhost\r\n\
         X-Amz-Target: AWSCognitoIdentityService.GetId\r\nTransfer-Encoding: chunked\r\n\
         \r\n10000000000000003\r\nabc\r\n0\r\n\r\n",
    ),
    (
        "chunk with bare line feed",
        "POST / HTTP/1.1\r\nHost: localhost\r\n\
         X-Amz-Target: AWSCognitoIdentityService.GetId\r\nTransfer-Encoding: chunked\r\n\
         \r\n3\nabc\r\n0\r\n\r\n",
    ),
    (
        "chunk longer than its size",
        "POST / HTTP/1.1\r\nHost: localhost\r\n\
         X-Amz-Target: AWSCognitoIdentityService.GetId\r\nTransfer-Encoding: chunked\r\n\
         \r\n3\r\nabcd\r\n0\r\n\r\n",
    ),
    (
        "line feed in extension",
        "POST / HTTP/1.1\r\nHost: localhost\r\n\
         X-Amz-Target: AWSCognitoIdentityService.GetId\r\nTransfer-Encoding: chunked\r\n\
         \r\n3;x\ny\r\nabc\r\n0\r\n\r\n",
    ),
    (
        "two hosts",
        "GET /a HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n",
    ),
    ("no host", "GET /a HTTP/1.1\r\n\r\n"),
    (
        "two authorizations",
        "GET /a HTTP/1.1\r\nHost: localhost\r\nAuthorization: a\r\nAuthorization: a\r\n\r\n",
    ),
    (
        "two targets",
        "POST /a HTTP/1.1\r\nHost: localhost\r\nX-Amz-Target: a\r\nX-Amz-Target: b\r\n\r\n",
    ),
    (
        "two dates",
        "GET /a HTTP/1.1\r\nHost: localhost\r\nX-Amz-Date: a\r\nX-Amz-Date: b\r\n\r\n",
    ),
    (
        "two tokens",
        "GET /a HTTP/1.1\r\nHost: localhost\r\n\
         X-Amz-Security-Token: a\r\nX-Amz-Security-Token: b\r\n\r\n",
    ),
];
