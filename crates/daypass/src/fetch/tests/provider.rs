//! A real OpenID provider on this machine: over sockets, through the cache, to a verified login.

use daypass_core::issuer::IssuerUrl;
use daypass_core::time::Timestamp;
use daypass_proof::jwt::{Algorithm, TokenError, claimed_key_id};
use daypass_proof::login::oidc::{self, Provider};
use daypass_service::{CachedIssuerKeys, IssuerKeys, IssuerKeysError, KeySource, PublishedKeys};
use daypass_testkit::idp::Idp;

use super::*;

const NOW: i64 = 1_800_000_000;

/// How a provider behaves besides being honest.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Mood {
    Honest,
    Garbage,
    Huge,
    Redirecting,
    OtherIssuer,
    KeysElsewhere,
    Twice,
    Empty,
    Dripping,
}

/// A provider that listens, and counts who comes.
struct Listening {
    idp: Arc<Idp>,
    mood: Arc<Mutex<Mood>>,
    visits: Arc<AtomicUsize>,
}

impl Listening {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let idp = Arc::new(Idp::at(&format!("http://127.0.0.1:{port}")));
        let mood = Arc::new(Mutex::new(Mood::Honest));
        let visits = Arc::new(AtomicUsize::new(0));
        let (served, feeling, counted) = (Arc::clone(&idp), Arc::clone(&mood), Arc::clone(&visits));
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                counted.fetch_add(1, Ordering::SeqCst);
                let mood = *feeling.lock().unwrap();
                tokio::spawn(answer(stream, Arc::clone(&served), mood));
            }
        });
        Self { idp, mood, visits }
    }

    fn is(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
    }
}

async fn answer(mut stream: TcpStream, idp: Arc<Idp>, mood: Mood) {
    let mut request = vec![0; 4_096];
    let length = stream.read(&mut request).await.unwrap_or_default();
    let request = String::from_utf8_lossy(&request[..length]).into_owned();
    let path = request.split(' ').nth(1).unwrap_or_default();
    let url = format!("{}{path}", idp.issuer());
    let document = idp.documents().into_iter().find(|(one, _)| *one == url);
    let honest = document.map(|(_, document)| document).unwrap_or_default();
    let is_keys = path == "/keys";
    let (head, body) = match mood {
        Mood::Garbage => ("200 OK".to_owned(), "<html>sorry</html>".to_owned()),
        Mood::Huge => ("200 OK".to_owned(), "[".repeat(DOCUMENT_BYTES_MAX + 1)),
        Mood::Redirecting => (format!("302 Found\r\nlocation: {url}?again"), String::new()),
        Mood::OtherIssuer if !is_keys => (
            "200 OK".to_owned(),
            honest.replace("127.0.0.1", "127.0.0.2"),
        ),
        Mood::KeysElsewhere if !is_keys => {
            let keys = "\"jwks_uri\":\"http://169.254.169.254/keys\"";
            let mine = format!("\"jwks_uri\":\"{}/keys\"", idp.issuer());
            ("200 OK".to_owned(), honest.replace(&mine, keys))
        }
        Mood::Twice => (
            "200 OK".to_owned(),
            honest.replacen('{', "{\"keys\":[],\"keys\":[],", 1),
        ),
        Mood::Empty if is_keys => ("200 OK".to_owned(), "{\"keys\":[]}".to_owned()),
        _ => ("200 OK".to_owned(), honest),
    };
    let length = body.len();
    let text = format!("HTTP/1.1 {head}\r\ncontent-length: {length}\r\n\r\n{body}");
    if mood == Mood::Dripping {
        for byte in text.bytes() {
            if stream.write_all(&[byte]).await.is_err() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
    let _ = stream.write_all(text.as_bytes()).await;
}

/// What the server has of a provider.
struct Scene {
    provider: Listening,
    keys: Arc<CachedIssuerKeys<PublishedKeys>>,
}

impl Scene {
    async fn new() -> Self {
        let fetcher = fetcher(LOCAL, &[LOCAL]);
        Self {
            provider: Listening::start().await,
            keys: Arc::new(CachedIssuerKeys::new(PublishedKeys::new(Arc::new(fetcher)))),
        }
    }

    fn source(&self) -> KeySource {
        let private = LOCAL.iter().map(|host| (*host).to_owned());
        let private: Vec<String> = private.collect();
        KeySource::Issuer(IssuerUrl::parse(self.provider.idp.issuer(), &private).unwrap())
    }

    fn token(&self, seconds: i64) -> String {
        self.provider.idp.id_token("app", "user-1", NOW + seconds)
    }

    /// What a token is worth at a moment.
    async fn shows(&self, token: &str, seconds: i64) -> Result<String, String> {
        let now = Timestamp::from_seconds(NOW + seconds);
        let key_id = claimed_key_id(token).unwrap();
        let keys = self.keys.keys(&self.source(), key_id.as_deref(), now).await;
        let keys = keys.map_err(|error| match error {
            IssuerKeysError::Unreachable(_) => "unreachable".to_owned(),
            IssuerKeysError::Unusable(_) => "unusable".to_owned(),
        })?;
        let name = "id.test".parse().unwrap();
        let provider = Provider {
            name: &name,
            issuer: self.provider.idp.issuer(),
            client_ids: &["app".to_owned()],
            algorithms: &Algorithm::RSA,
            is_user_pool: false,
        };
        let verified = oidc::verify(token, &keys, &provider, NOW + seconds);
        let verified = verified.map(|(login, _)| login.subject().to_string());
        verified.map_err(|error| error.to_string())
    }

    fn visits(&self) -> usize {
        self.provider.visits.load(Ordering::SeqCst)
    }
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "it is compared with what a token shows"
)]
fn user() -> Result<String, String> {
    Ok("user-1".to_owned())
}

#[tokio::test]
async fn f15_no_valid_token_is_refused_while_keys_rotate_under_load() {
    let scene = Arc::new(Scene::new().await);
    let mut tokens = vec![scene.token(0)];
    for round in 0..4 {
        let seconds = round * 40;
        let mut load = JoinSet::new();
        for number in 0..60 {
            let scene = Arc::clone(&scene);
            let token = tokens[number % tokens.len()].clone();
            load.spawn(async move { scene.shows(&token, seconds).await });
        }
        while let Some(shown) = load.join_next().await {
            assert_eq!(shown.unwrap(), user(), "round {round}");
        }
        scene.provider.idp.add_key();
        tokens.push(scene.token(seconds));
    }
    // One fetch is two visits: the configuration, then the keys.
    assert!(scene.visits() <= 8, "{}", scene.visits());
    scene.provider.idp.drop_old_keys();
    let after_refresh = 120 + 3_600;
    let gone = scene.shows(&scene.token(120), after_refresh).await;
    assert_eq!(gone, user());
    let old = scene.shows(&tokens[0], after_refresh).await;
    assert_eq!(old, Err(TokenError::UnknownKey.to_string()));
}

#[tokio::test]
async fn s80_a_flood_of_random_keys_makes_two_fetches_at_most() {
    let scene = Scene::new().await;
    let good = scene.token(0);
    let (_, rest) = good.split_once('.').unwrap();
    assert_eq!(scene.shows(&good, 0).await, user());
    for number in 0..1_000 {
        use base64::Engine as _;
        let header = format!(r#"{{"alg":"RS256","kid":"random-{number}"}}"#);
        let header = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(header);
        let seconds = 29 + number / 500;
        let shown = scene.shows(&format!("{header}.{rest}"), seconds).await;
        assert_eq!(shown, Err(TokenError::UnknownKey.to_string()));
        assert_eq!(scene.shows(&good, seconds).await, user());
    }
    assert_eq!(scene.visits(), 4);
}

#[tokio::test]
async fn f16_odd_documents_leave_the_keys_that_were_there() {
    let moods = [
        Mood::Garbage,
        Mood::Huge,
        Mood::Redirecting,
        Mood::OtherIssuer,
        Mood::KeysElsewhere,
        Mood::Twice,
        Mood::Empty,
    ];
    let scene = Scene::new().await;
    let good = scene.token(0);
    assert_eq!(scene.shows(&good, 0).await, user());
    for (number, mood) in (1..).zip(moods) {
        scene.provider.is(mood);
        let visits = scene.visits();
        let seconds = number * 31;
        let unknown = "eyJhbGciOiJSUzI1NiIsImtpZCI6IngifQ.e30.AA";
        let now = Timestamp::from_seconds(NOW + seconds);
        let (source, key_id) = (scene.source(), claimed_key_id(unknown).unwrap());
        let keys = scene.keys.keys(&source, key_id.as_deref(), now).await;
        assert!(keys.is_ok(), "{mood:?}");
        assert!(scene.visits() > visits, "{mood:?}: it was asked again");
        assert_eq!(scene.shows(&good, seconds).await, user(), "{mood:?}");
    }
    for mood in moods {
        let scene = Scene::new().await;
        scene.provider.is(mood);
        let shown = scene.shows(&scene.token(0), 0).await;
        let expected = if mood == Mood::Huge {
            "unreachable"
        } else {
            "unusable"
        };
        assert_eq!(shown, Err(expected.to_owned()), "{mood:?}");
    }
}

#[tokio::test]
async fn f14_a_dripping_issuer_delays_nobody_else() {
    let slow = Arc::new(Scene::new().await);
    slow.provider.is(Mood::Dripping);
    let waiting = {
        let (slow, token) = (Arc::clone(&slow), slow.token(0));
        tokio::spawn(async move { slow.shows(&token, 0).await })
    };
    let other = Scene::new().await;
    let started = tokio::time::Instant::now();
    for _ in 0..200 {
        assert_eq!(other.shows(&other.token(0), 0).await, user());
    }
    assert!(started.elapsed() < Duration::from_secs(4));
    assert_eq!(waiting.await.unwrap(), Err("unreachable".to_owned()));
}

#[tokio::test]
async fn f13_an_issuer_that_is_gone_is_unreachable() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let fetcher = fetcher(LOCAL, &[LOCAL]);
    let published = CachedIssuerKeys::new(PublishedKeys::new(Arc::new(fetcher)));
    let url = IssuerUrl::stored(format!("http://127.0.0.1:{port}"));
    let now = Timestamp::from_seconds(NOW);
    let keys = published.keys(&KeySource::Issuer(url), None, now).await;
    assert!(matches!(keys, Err(IssuerKeysError::Unreachable(_))));
}
