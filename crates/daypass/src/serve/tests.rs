//! The listener as strangers meet it: raw bytes on a real socket, and what comes back.

mod corpus;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Empty, Full};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use super::*;
use corpus::{CORPUS, SECOND};

/// A listener before a house that remembers which paths it was asked for.
struct Place {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
    stop: oneshot::Sender<()>,
    server: JoinHandle<bool>,
}

fn rules(times: Times) -> Rules {
    Rules {
        hosts: Hosts::new("127.0.0.1".parse().unwrap(), []),
        proxies: Proxies::default(),
        proxies_only: false,
        times,
        connections_max: 1_000,
    }
}

/// A house that echoes the path and the body, panics at `/defect` and says so when a body breaks.
async fn place(times: Times) -> Place {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let asked = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&asked);
    let handler = move |request: Request<Body>, _: Arrival| {
        let seen = Arc::clone(&seen);
        async move {
            let path = request.uri().path().to_owned();
            seen.lock().unwrap().push(path.clone());
            assert_ne!(path, "/defect");
            let body = match request.into_body().collect().await {
                Ok(body) => body.to_bytes(),
                Err(_) => Bytes::from_static(b"broken"),
            };
            let echo = format!("{path} {}", String::from_utf8_lossy(&body));
            Response::new(
                Full::new(Bytes::from(echo))
                    .map_err(|never| match never {})
                    .boxed_unsync(),
            )
        }
    };
    let (stop, stopped) = oneshot::channel::<()>();
    let server = tokio::spawn(serve(listener, rules(times), handler, async {
        let _dropped = stopped.await;
    }));
    Place {
        address,
        asked,
        stop,
        server,
    }
}

impl Place {
    /// Sends bytes and reads until the server closes.
    async fn exchange(&self, bytes: &[u8]) -> String {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(bytes).await.unwrap();
        let mut answer = Vec::new();
        let read = tokio::time::timeout(Duration::from_secs(20), stream.read_to_end(&mut answer));
        read.await.expect("the server closes").unwrap();
        String::from_utf8_lossy(&answer).into_owned()
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

fn statuses(answer: &str) -> Vec<&str> {
    answer
        .matches("HTTP/1.1 ")
        .zip(answer.split("HTTP/1.1 ").skip(1))
        .map(|(_, rest)| &rest[..3])
        .collect()
}

#[tokio::test]
async fn s06_s05_nothing_hidden_behind_a_crooked_request_is_answered() {
    let place = place(Times::SERVED).await;
    for (why, crooked) in CORPUS {
        let answer = place
            .exchange(format!("{crooked}{SECOND}").as_bytes())
            .await;
        assert_eq!(statuses(&answer), ["400"], "{why}: {answer}");
        assert!(answer.contains("connection: close"), "{why}: {answer}");
    }
    assert!(!place.asked().contains(&"/smuggled".to_owned()));
}

#[tokio::test]
async fn s06_the_same_corpus_byte_by_byte_on_one_connection_each() {
    let place = place(Times::SERVED).await;
    for (why, crooked) in CORPUS.iter().step_by(7) {
        let mut stream = TcpStream::connect(place.address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        for byte in crooked.as_bytes().iter().chain(SECOND.as_bytes()) {
            // The server may have answered and closed already.
            if stream.write_all(&[*byte]).await.is_err() {
                break;
            }
            tokio::task::yield_now().await;
        }
        let mut answer = Vec::new();
        // A reset after the answer is as good as an end.
        let _reset = stream.read_to_end(&mut answer).await;
        let answer = String::from_utf8_lossy(&answer);
        assert!(
            statuses(&answer).iter().all(|status| *status == "400"),
            "{why}: {answer}"
        );
    }
    assert!(!place.asked().contains(&"/smuggled".to_owned()));
}

#[tokio::test]
async fn s06_a_request_behind_chunks_is_not_answered() {
    let place = place(Times::SERVED).await;
    let chunks = "POST /a HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n\
                  3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n";
    let answer = place.exchange(format!("{chunks}{SECOND}").as_bytes()).await;
    assert_eq!(statuses(&answer), ["200"]);
    assert!(answer.ends_with("/a abcde"), "{answer}");
    assert_eq!(place.asked(), ["/a"]);
}

#[tokio::test]
async fn plain_requests_share_a_connection_pipelined_or_not() {
    let place = place(Times::SERVED).await;
    let first = "POST /a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nabc";
    let last = "GET /z HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n";
    let answer = place
        .exchange(format!("{first}{first}{last}").as_bytes())
        .await;
    assert_eq!(statuses(&answer), ["200", "200", "200"]);
    assert_eq!(place.asked(), ["/a", "/a", "/z"]);
}

#[tokio::test]
async fn s06_a_crooked_request_after_a_plain_one_ends_the_connection_after_its_answer() {
    let place = place(Times::SERVED).await;
    let plain = "POST /a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nabc";
    let crooked = "GET /b HTTP/1.1\r\nHost: localhost\r\nX : y\r\n\r\n";
    let answer = place
        .exchange(format!("{plain}{crooked}{SECOND}").as_bytes())
        .await;
    assert_eq!(statuses(&answer), ["200", "400"]);
    assert_eq!(place.asked(), ["/a"]);
}

#[tokio::test]
async fn s83_a_foreign_host_is_refused_before_the_house_sees_it() {
    let place = place(Times::SERVED).await;
    for request in [
        "GET /a HTTP/1.1\r\nHost: attacker.example\r\n\r\n",
        "GET /a HTTP/1.1\r\nHost: attacker.example\r\nOrigin: http://attacker.example\r\n\r\n",
        "GET http://attacker.example/a HTTP/1.1\r\nHost: attacker.example\r\n\r\n",
    ] {
        let answer = place
            .exchange(format!("{request}{SECOND}").as_bytes())
            .await;
        assert_eq!(statuses(&answer), ["421"], "{request}");
    }
    assert!(place.asked().is_empty());
}

#[tokio::test]
async fn s01_heads_over_their_limits_are_refused_and_the_refusal_arrives() {
    let place = place(Times::SERVED).await;
    let line = |bytes: usize| {
        let target = "a".repeat(bytes - "GET / HTTP/1.1".len());
        format!("GET /{target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    };
    let headers = |count: usize| {
        let more = "X: y\r\n".repeat(count - 2);
        format!("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{more}\r\n")
    };
    let header = |bytes: usize| {
        let value = "y".repeat(bytes - "X:".len());
        format!("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX:{value}\r\n\r\n")
    };
    for (request, expected) in [
        (line(limits::REQUEST_LINE_BYTES_MAX), "200"),
        (line(limits::REQUEST_LINE_BYTES_MAX + 1), "414"),
        (line(limits::REQUEST_LINE_BYTES_MAX * 20), "414"),
        (headers(HEADER_COUNT_MAX), "200"),
        (headers(HEADER_COUNT_MAX + 1), "431"),
        (header(limits::HEADER_BYTES_MAX), "200"),
        (header(limits::HEADER_BYTES_MAX + 1), "431"),
        (header(limits::HEADER_BYTES_MAX * 20), "431"),
    ] {
        let answer = place.exchange(request.as_bytes()).await;
        assert_eq!(statuses(&answer), [expected], "{} bytes", request.len());
    }
}

/// Times so short that a test can wait for them.
fn short() -> Times {
    let short = Duration::from_millis(60);
    Times {
        header: short,
        body_idle: short,
        keep_alive: short,
        linger: short,
        drain: short,
        ..Times::SERVED
    }
}

#[tokio::test]
async fn f19_silence_ends_a_connection_and_half_a_head_is_told_why() {
    let place = place(short()).await;
    assert_eq!(
        place.exchange(b"").await,
        "",
        "the header time starts at accept"
    );
    let answer = place.exchange(b"GET / HTTP/1.1\r\nHost: loc").await;
    assert_eq!(statuses(&answer), ["408"]);
    let answer = place.exchange(b"PRI * HTTP/2.0\r\n").await;
    assert_eq!(statuses(&answer), ["408"]);
    let answer = place
        .exchange(b"GET /a HTTP/1.1\r\nHost: localhost\r\n\r\n")
        .await;
    assert_eq!(statuses(&answer), ["200"], "then quiet for too long");
    let answer = place
        .exchange(b"GET /a HTTP/1.1\r\nHost: localhost\r\n\r\nGET /b HTTP/1.1\r\n")
        .await;
    assert_eq!(statuses(&answer), ["200", "408"], "half a second head");
}

#[tokio::test]
async fn f19_a_body_that_stops_arriving_is_told_why() {
    let place = place(short()).await;
    for request in [
        "POST /a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nabc",
        "POST /a HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc",
    ] {
        let answer = place.exchange(request.as_bytes()).await;
        assert_eq!(statuses(&answer), ["408"], "{answer}");
    }
}

#[tokio::test]
async fn a_defect_ends_its_request_and_the_server_goes_on() {
    let place = place(Times::SERVED).await;
    let defect = "GET /defect HTTP/1.1\r\nHost: localhost\r\n\r\n";
    assert_eq!(statuses(&place.exchange(defect.as_bytes()).await), ["500"]);
    let answer = place.exchange(SECOND.as_bytes()).await;
    assert_eq!(statuses(&answer), ["200"]);
}

#[tokio::test]
async fn a_call_that_takes_too_long_is_given_up() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let times = Times {
        whole: Duration::from_millis(50),
        ..Times::SERVED
    };
    let handler = |_: Request<Body>, _: Arrival| std::future::pending::<Response<Body>>();
    tokio::spawn(serve(
        listener,
        rules(times),
        handler,
        std::future::pending(),
    ));
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = b"POST / HTTP/1.1\r\nHost: localhost\r\nX-Amz-Target: A.B\r\n\r\n";
    stream.write_all(request).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert_eq!(statuses(&answer), ["503"], "everything had arrived");
}

/// A house that says when it was entered and waits to be let go.
async fn slow_place(
    times: Times,
) -> (
    Place,
    mpsc::UnboundedReceiver<()>,
    Arc<tokio::sync::Semaphore>,
) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (entered, entries) = mpsc::unbounded_channel();
    let gate = Arc::new(tokio::sync::Semaphore::new(0));
    let held = Arc::clone(&gate);
    let handler = move |_: Request<Body>, _: Arrival| {
        let (entered, held) = (entered.clone(), Arc::clone(&held));
        async move {
            entered.send(()).unwrap();
            held.acquire().await.unwrap().forget();
            Response::new(Empty::new().map_err(|never| match never {}).boxed_unsync())
        }
    };
    let (stop, stopped) = oneshot::channel::<()>();
    let server = tokio::spawn(serve(listener, rules(times), handler, async {
        let _dropped = stopped.await;
    }));
    (
        Place {
            address,
            asked: Arc::default(),
            stop,
            server,
        },
        entries,
        gate,
    )
}

#[tokio::test]
async fn f22_what_is_in_flight_is_finished_and_nothing_new_begins() {
    let (place, mut entries, gate) = slow_place(Times::SERVED).await;
    let idle = TcpStream::connect(place.address).await.unwrap();
    let mut busy = TcpStream::connect(place.address).await.unwrap();
    busy.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        .await
        .unwrap();
    entries.recv().await.unwrap();

    place.stop.send(()).unwrap();
    let mut end = Vec::new();
    let mut idle = idle;
    idle.read_to_end(&mut end).await.unwrap();
    assert!(end.is_empty(), "an idle connection is closed at once");
    while TcpStream::connect(place.address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    assert!(!place.server.is_finished());
    gate.add_permits(1);
    let mut answer = String::new();
    busy.read_to_string(&mut answer).await.unwrap();
    assert_eq!(statuses(&answer), ["200"]);
    assert!(place.server.await.unwrap(), "everything finished in time");
}

#[tokio::test]
async fn f22_what_does_not_finish_is_not_waited_for_longer() {
    let (place, mut entries, _gate) = slow_place(short()).await;
    let mut busy = TcpStream::connect(place.address).await.unwrap();
    busy.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        .await
        .unwrap();
    entries.recv().await.unwrap();
    place.stop.send(()).unwrap();
    assert!(!place.server.await.unwrap());
}

#[tokio::test]
async fn s91_behind_a_proxy_others_cannot_connect() {
    let proxies = Proxies(vec!["10.0.0.0/8".parse().unwrap()]);
    let from = |address: &str| may_connect(&proxies, address.parse().unwrap());
    assert!(from("10.1.2.3:5") && from("127.0.0.1:5") && from("[::ffff:10.1.2.3]:5"));
    assert!(!from("192.0.2.1:5") && !from("[2001:db8::1]:5"));
}

#[tokio::test]
async fn http_2_is_served_and_held_to_the_same_rules() {
    let place = place(Times::SERVED).await;
    let stream = TcpStream::connect(place.address).await.unwrap();
    let (mut client, connection) =
        hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(stream))
            .await
            .unwrap();
    tokio::spawn(connection);
    let request = |uri: &str| Request::builder().uri(uri.to_owned());
    let cases = [
        (request("http://localhost/a"), 200),
        (request("http://attacker.example/a"), 421),
        (
            request("http://localhost/a")
                .header("x-amz-date", "a")
                .header("x-amz-date", "b"),
            400,
        ),
        (
            request("http://localhost/a").header("host", "127.0.0.1"),
            400,
        ),
        (request("http://localhost/defect"), 500),
        (request("http://localhost/b"), 200),
    ];
    for (request, expected) in cases {
        let request = request.body(Empty::<Bytes>::new()).unwrap();
        let shown = format!("{request:?}");
        let answer = client.send_request(request).await.unwrap();
        assert_eq!(answer.status().as_u16(), expected, "{shown}");
    }
    assert_eq!(place.asked(), ["/a", "/defect", "/b"]);
}

#[tokio::test]
async fn f19_more_connections_than_fit_close_the_quietest() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let rules = Rules {
        connections_max: 4,
        ..rules(Times::SERVED)
    };
    let handler = |_: Request<Body>, _: Arrival| async {
        Response::new(Empty::new().map_err(|never| match never {}).boxed_unsync())
    };
    tokio::spawn(serve(listener, rules, handler, std::future::pending()));
    let mut held = Vec::new();
    for _ in 0..8 {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream
            .write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            .await
            .unwrap();
        let mut first = [0; 12];
        stream.read_exact(&mut first).await.unwrap();
        assert_eq!(&first, b"HTTP/1.1 200");
        held.push(stream);
    }
    let mut rest = Vec::new();
    held[0].read_to_end(&mut rest).await.unwrap();
    assert!(
        !rest.is_empty(),
        "the first answer was complete before its connection made room"
    );
}

#[tokio::test]
async fn f19_a_quiet_http_2_connection_ends_too() {
    let place = place(short()).await;
    let stream = TcpStream::connect(place.address).await.unwrap();
    let (mut client, connection) =
        hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(stream))
            .await
            .unwrap();
    let ended = tokio::spawn(connection);
    let request = Request::builder()
        .uri("http://localhost/a")
        .body(Empty::<Bytes>::new())
        .unwrap();
    assert_eq!(client.send_request(request).await.unwrap().status(), 200);
    // The client still holds its side open; only the server can have ended this.
    let _how = ended.await.unwrap();
}

#[tokio::test]
async fn f19_a_client_that_takes_nothing_of_its_answer_is_let_go() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let times = Times {
        write_idle: Duration::from_millis(60),
        ..Times::SERVED
    };
    let handler = |_: Request<Body>, _: Arrival| async {
        let large = Full::new(Bytes::from(vec![b'a'; 64 * 1024 * 1024]));
        Response::new(large.map_err(|never| match never {}).boxed_unsync())
    };
    let (stop, stopped) = oneshot::channel::<()>();
    let server = tokio::spawn(serve(listener, rules(times), handler, async {
        let _dropped = stopped.await;
    }));
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream
        .write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        .await
        .unwrap();
    stream.readable().await.unwrap();
    stop.send(()).unwrap();
    assert!(
        server.await.unwrap(),
        "the stuck answer did not hold the end back"
    );
}
