//! Whom the server calls, and how much of an answer it takes.

mod provider;

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::*;

/// A resolver that gives one answer after the other, then the last one for ever.
struct Scripted(Mutex<Vec<Vec<IpAddr>>>);

#[async_trait]
impl Resolve for Scripted {
    async fn addresses(&self, _: &str, port: u16) -> std::io::Result<Vec<SocketAddr>> {
        let mut answers = self.0.lock().unwrap();
        let answer = if answers.len() > 1 {
            answers.remove(0)
        } else {
            answers[0].clone()
        };
        Ok(answer
            .into_iter()
            .map(|address| SocketAddr::new(address, port))
            .collect())
    }
}

fn fetcher(private: &[&str], answers: &[&[&str]]) -> Fetcher<Scripted> {
    let addresses = |answer: &&[&str]| answer.iter().map(|one| one.parse().unwrap()).collect();
    let settings = IssuerSettings {
        private: private.iter().map(|host| (*host).to_owned()).collect(),
        ..IssuerSettings::default()
    };
    let resolver = Scripted(Mutex::new(answers.iter().map(addresses).collect()));
    Fetcher::over(&settings, resolver).unwrap()
}

/// A server on this machine that writes these pieces to whoever comes, and counts them.
struct Server {
    port: u16,
    visits: Arc<AtomicUsize>,
}

impl Server {
    async fn answering(pieces: Vec<Vec<u8>>, endless: bool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let visits = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&visits);
        tokio::spawn(async move {
            loop {
                let (mut stream, _) = listener.accept().await.unwrap();
                counted.fetch_add(1, Ordering::SeqCst);
                let pieces = pieces.clone();
                tokio::spawn(async move {
                    let mut request = [0; 4_096];
                    let _ = stream.read(&mut request).await;
                    for piece in &pieces {
                        if stream.write_all(piece).await.is_err() {
                            return;
                        }
                    }
                    while endless && stream.write_all(&pieces[pieces.len() - 1]).await.is_ok() {
                        tokio::time::sleep(Duration::from_millis(20)).await;
                    }
                });
            }
        });
        Self { port, visits }
    }

    async fn saying(head: &str, body: &str) -> Self {
        let length = body.len();
        let answer = format!("HTTP/1.1 {head}\r\ncontent-length: {length}\r\n\r\n{body}");
        Self::answering(vec![answer.into_bytes()], false).await
    }

    fn url(&self, host: &str) -> String {
        format!("http://{host}:{}/x?y=z", self.port)
    }

    fn visits(&self) -> usize {
        self.visits.load(Ordering::SeqCst)
    }
}

async fn get(fetcher: &impl Outbound, url: &str) -> Result<(u16, Bytes), String> {
    let document = fetcher.fetch(OutboundRequest::get(url)).await;
    let document = document.map_err(|error| error.to_string())?;
    Ok((document.status, document.body))
}

const LOCAL: &[&str] = &["127.0.0.1"];

#[tokio::test]
async fn a_named_host_on_this_machine_answers() {
    let server = Server::saying("200 OK", "{}").await;
    let fetcher = fetcher(&["127.0.0.1", "id.test"], &[LOCAL]);
    for host in ["127.0.0.1", "id.test", "ID.test"] {
        let answer = get(&fetcher, &server.url(host)).await;
        assert_eq!(answer, Ok((200, Bytes::from("{}"))), "{host}");
    }
    assert_eq!(server.visits(), 3);
}

#[tokio::test]
async fn s79_private_addresses_are_refused_however_they_are_spelled() {
    let server = Server::saying("200 OK", "{}").await;
    let port = server.port;
    let strict = fetcher(&[], &[LOCAL]);
    for scheme in ["http", "https"] {
        for host in [
            "127.0.0.1",
            "localhost",
            "id.test",
            "[::1]",
            "[::ffff:127.0.0.1]",
            "2130706433",
            "0x7f000001",
            "0.0.0.0",
            "127.1",
        ] {
            let answer = get(&strict, &format!("{scheme}://{host}:{port}/")).await;
            assert!(answer.is_err(), "{scheme} {host}");
        }
    }
    for address in [
        "169.254.169.254",
        "10.0.0.7",
        "fd00:ec2::254",
        "224.0.0.1",
        "fe80::1",
    ] {
        let strict = fetcher(&[], &[&[address]]);
        let answer = get(&strict, &format!("https://id.example:{port}/")).await;
        let sentence = "the name has no address that may be called";
        assert_eq!(answer, Err(sentence.to_owned()), "{address}");
    }
    assert_eq!(server.visits(), 0);
}

#[tokio::test]
async fn s79_plain_http_is_for_named_private_hosts_only() {
    let named = fetcher(&["id.example"], &[&["198.41.0.4"]]);
    for url in [
        "http://id.example/",
        "http://other.example/",
        "ftp://id.example/",
        "/x",
        "",
    ] {
        assert!(get(&named, url).await.is_err(), "{url}");
    }
    for url in [
        "http://u:p@id.example/",
        "https://u@id.example/",
        "https:///x",
    ] {
        assert!(get(&named, url).await.is_err(), "{url}");
    }
}

#[tokio::test]
async fn s79_a_name_is_looked_up_for_each_call_and_checked_each_time() {
    let server = Server::saying("200 OK", "{}").await;
    // A name that was private when it was registered for the network, then means something else.
    let named = fetcher(&["id.test"], &[LOCAL, &["198.41.0.4"], LOCAL]);
    let url = server.url("id.test");
    assert!(get(&named, &url).await.is_ok());
    assert!(get(&named, &url).await.is_err());
    assert!(get(&named, &url).await.is_ok());
    // Public first, private for the second look: there is no second look.
    let rebound = fetcher(&[], &[LOCAL]);
    let tls = format!("https://id.test:{}/", server.port);
    assert!(get(&rebound, &tls).await.is_err());
    assert_eq!(server.visits(), 2);
}

#[tokio::test]
async fn s79_a_redirect_is_not_followed() {
    let elsewhere = Server::saying("200 OK", "{}").await;
    let head = format!("302 Found\r\nlocation: {}", elsewhere.url("127.0.0.1"));
    let server = Server::saying(&head, "").await;
    let fetcher = fetcher(LOCAL, &[LOCAL]);
    let answer = get(&fetcher, &server.url("127.0.0.1")).await;
    assert_eq!(answer, Ok((302, Bytes::new())));
    assert_eq!(elsewhere.visits(), 0);
}

#[tokio::test]
async fn s81_an_answer_is_bounded_on_both_sides_of_the_limit() {
    let fetcher = fetcher(LOCAL, &[LOCAL]);
    let longest = "x".repeat(DOCUMENT_BYTES_MAX);
    let server = Server::saying("200 OK", &longest).await;
    let answer = get(&fetcher, &server.url("127.0.0.1")).await.unwrap();
    assert_eq!(answer.1.len(), DOCUMENT_BYTES_MAX);
    let server = Server::saying("200 OK", &format!("{longest}x")).await;
    assert!(get(&fetcher, &server.url("127.0.0.1")).await.is_err());
    let head = b"HTTP/1.1 200 OK\r\n\r\n".to_vec();
    let server = Server::answering(vec![head, vec![b'x'; 64 * 1024]], true).await;
    assert!(
        get(&fetcher, &server.url("127.0.0.1")).await.is_err(),
        "endless"
    );
}

#[tokio::test]
async fn s81_a_head_without_end_and_a_packed_answer_are_refused() {
    let fetcher = fetcher(LOCAL, &[LOCAL]);
    let line = format!("x-filler: {}\r\n", "y".repeat(1_000)).into_bytes();
    let server = Server::answering(vec![b"HTTP/1.1 200 OK\r\n".to_vec(), line], true).await;
    assert!(get(&fetcher, &server.url("127.0.0.1")).await.is_err());
    let server = Server::saying("200 OK\r\ncontent-encoding: gzip", "x").await;
    assert!(get(&fetcher, &server.url("127.0.0.1")).await.is_err());
}

#[tokio::test]
async fn s81_dripping_and_silent_servers_are_left_after_five_seconds() {
    let fetcher = fetcher(LOCAL, &[LOCAL]);
    let head = b"HTTP/1.1 200 OK\r\ncontent-length: 200000\r\n\r\n".to_vec();
    let drip = Server::answering(vec![head, b"x".to_vec()], true).await;
    let silent = Server::answering(vec![Vec::new()], true).await;
    let (drip, silent) = (drip.url("127.0.0.1"), silent.url("127.0.0.1"));
    let started = tokio::time::Instant::now();
    let both = tokio::join!(get(&fetcher, &drip), get(&fetcher, &silent));
    assert_eq!(both.0, Err("no answer in time".to_owned()));
    assert_eq!(both.1, Err("no answer in time".to_owned()));
    let waited = started.elapsed();
    assert!(
        waited < Duration::from_millis(EXCHANGE_MILLIS_MAX + 1_000),
        "{waited:?}"
    );
}

#[tokio::test]
async fn a_small_body_is_posted_with_its_headers() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let served = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut request = vec![0; 4_096];
        let mut length = 0;
        while !request[..length].ends_with(b"a=b") {
            length += stream.read(&mut request[length..]).await.unwrap();
        }
        let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";
        stream.write_all(answer).await.unwrap();
        String::from_utf8(request[..length].to_vec()).unwrap()
    });
    let fetcher = fetcher(LOCAL, &[LOCAL]);
    let url = format!("http://127.0.0.1:{port}/token");
    let request = OutboundRequest::post(url, "application/x-www-form-urlencoded", "a=b")
        .with_header("authorization", "Bearer t");
    assert_eq!(fetcher.fetch(request).await.unwrap().status, 200);
    let seen = served.await.unwrap();
    assert!(seen.starts_with("POST /token HTTP/1.1\r\n"), "{seen}");
    for line in [
        &format!("host: 127.0.0.1:{port}"),
        "authorization: Bearer t",
        "content-type: application/x-www-form-urlencoded",
        "accept-encoding: identity",
        "content-length: 3",
    ] {
        assert!(seen.contains(line), "{line} in {seen}");
    }
    assert!(!seen.contains("cookie"), "{seen}");
}
