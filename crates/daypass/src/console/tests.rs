//! The console walked through from outside: a real house in memory, requests as a browser sends them.

use std::net::{IpAddr, Ipv4Addr};

use daypass_service::{IssuerSettings, Nobody, RootKey, Settings};
use daypass_store::MemoryStore;
use http::HeaderMap;
use zeroize::Zeroizing;

use super::*;
use crate::entropy::SystemEntropy;

mod mappings;
mod people;
mod tools;

const HOST: &str = "127.0.0.1:4600";
const ROOT_ID: &str = "AKIAROOTROOTROOTROOT";
const ROOT_SECRET: &str = "the-root-secret-of-a-test-0123456789abcd";

/// A console and the browser in front of it.
pub(super) struct Browser {
    console: Arc<Console>,
    cookie: String,
    csrf: String,
    now_millis: i64,
    _folder: tempfile::TempDir,
}

pub(super) struct Seen {
    pub(super) status: u16,
    headers: HeaderMap,
    pub(super) body: String,
}

impl Seen {
    pub(super) fn location(&self) -> &str {
        self.headers[header::LOCATION].to_str().unwrap()
    }
}

impl Browser {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let settings = Settings {
            region: "us-east-1".parse().unwrap(),
            account_id: "123456789012".parse().unwrap(),
            public_url: format!("http://{HOST}"),
            issuer: format!("http://{HOST}"),
            root: Some(RootKey {
                access_key_id: ROOT_ID.parse().unwrap(),
                secret_access_key: ROOT_SECRET.parse().unwrap(),
            }),
            objects_dir: folder.path().join("objects"),
            dev: true,
            in_flight_max: 64,
            rates: daypass_service::Rates::off(),
            rate_loopback: false,
            issuers: IssuerSettings::default(),
            saml: daypass_service::SamlSettings::at("http://localhost"),
            shown: Vec::new(),
        };
        let store = Arc::new(MemoryStore::new());
        let key = Zeroizing::new([7; 32]);
        let opened = Env::open(
            store,
            &key,
            settings,
            Arc::new(SystemEntropy),
            Arc::new(Nobody),
            0,
        )
        .await;
        let place = Place {
            public_url: format!("http://{HOST}"),
            region: "us-east-1".to_owned(),
            account: "123456789012".to_owned(),
            development: true,
        };
        Self {
            console: Arc::new(Console::new(opened.unwrap().env, place, None)),
            cookie: String::new(),
            csrf: String::new(),
            now_millis: 1_800_000_000_000,
            _folder: folder,
        }
    }

    pub(super) async fn signed_in() -> Self {
        let mut browser = Self::new().await;
        let seen = browser.sign_in("").await;
        assert_eq!(seen.status, 303, "{}", seen.body);
        browser.look("/console/settings").await;
        browser
    }

    async fn ask(&mut self, request: http::request::Builder, body: String) -> Seen {
        let request = request
            .header("host", HOST)
            .header("cookie", self.cookie.clone())
            .body(reply::full(body.into_bytes()))
            .unwrap();
        let arrival = Arrival {
            now_millis: self.now_millis,
            peer: IpAddr::V4(Ipv4Addr::LOCALHOST),
            secure: false,
        };
        assert!(Console::takes(&request));
        let response = Arc::clone(&self.console).answer(request, arrival).await;
        let (head, body) = response.into_parts();
        for cookie in head.headers.get_all(header::SET_COOKIE) {
            self.cookie = cookie
                .to_str()
                .unwrap()
                .split(';')
                .next()
                .unwrap()
                .to_owned();
        }
        let body = client::read(body, 4 << 20).await.unwrap();
        let body = String::from_utf8(body.to_vec()).unwrap();
        if let Some((_, rest)) = body.split_once("name=\"csrf\" value=\"") {
            self.csrf = rest.split('"').next().unwrap().to_owned();
        }
        Seen {
            status: head.status.as_u16(),
            headers: head.headers,
            body,
        }
    }

    pub(super) async fn look(&mut self, path: &str) -> Seen {
        self.ask(Request::get(path), String::new()).await
    }

    pub(super) async fn send(&mut self, path: &str, fields: &[(&str, &str)]) -> Seen {
        let request = Request::post(path).header("origin", format!("http://{HOST}"));
        let form = Fields::default().with("csrf", &self.csrf.clone());
        let form = fields
            .iter()
            .fold(form, |form, (name, value)| form.with(name, value));
        self.ask(request, form.encode()).await
    }

    async fn sign_in(&mut self, draft: &str) -> Seen {
        let fields = [
            ("access_key_id", ROOT_ID),
            ("secret_access_key", ROOT_SECRET),
            ("next", "/console/pools/new"),
            ("draft", draft),
        ];
        self.send("/console/sign-in", &fields).await
    }
}

#[tokio::test]
async fn s85_every_answer_carries_the_headers_that_keep_strangers_out() {
    let mut browser = Browser::signed_in().await;
    let style = assets::style_url();
    for path in [
        "/console",
        "/console/absent",
        "/console/sign-in",
        style.as_str(),
        "/console/assets/absent.js",
    ] {
        let seen = browser.look(path).await;
        let policy = seen.headers["content-security-policy"].to_str().unwrap();
        for part in [
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        ] {
            assert!(policy.contains(part), "{path}: {part}");
        }
        assert!(!policy.contains("unsafe"), "{path}");
        assert_eq!(seen.headers["x-content-type-options"], "nosniff", "{path}");
        assert_eq!(seen.headers["referrer-policy"], "no-referrer", "{path}");
        assert!(
            !seen.headers.contains_key("access-control-allow-origin"),
            "{path}"
        );
        if path != style {
            assert_eq!(seen.headers["cache-control"], "no-store", "{path}");
        }
    }
}

#[tokio::test]
async fn s84_a_change_needs_our_origin_and_the_persons_token() {
    let mut browser = Browser::signed_in().await;
    let form = Fields::default()
        .with("csrf", &browser.csrf.clone())
        .encode();
    for origin in ["http://attacker.example", "null"] {
        let request = Request::post("/console/sign-out").header("origin", origin);
        assert_eq!(
            browser.ask(request, form.clone()).await.status,
            403,
            "{origin}"
        );
    }
    let bare = Request::post("/console/sign-out");
    assert_eq!(browser.ask(bare, form.clone()).await.status, 403);
    let request = Request::post("/console/sign-out").header("origin", format!("http://{HOST}"));
    assert_eq!(
        browser.ask(request, "csrf=other".to_owned()).await.status,
        403
    );
    assert_ne!(browser.look("/console/settings").await.status, 401);

    let old = browser.cookie.clone();
    assert_eq!(browser.send("/console/sign-out", &[]).await.status, 303);
    browser.cookie = old;
    assert_eq!(browser.look("/console/settings").await.status, 401);
}

#[tokio::test]
async fn s84_every_sign_in_has_a_cookie_of_its_own() {
    let mut browser = Browser::signed_in().await;
    let first = browser.cookie.clone();
    assert_eq!(browser.sign_in("").await.status, 303);
    assert_ne!(browser.cookie, first);
    browser.cookie = first;
    assert_eq!(browser.look("/console/settings").await.status, 401);
}

#[tokio::test]
async fn s87_wrong_and_unknown_keys_get_one_answer_and_then_a_wait() {
    let mut browser = Browser::new().await;
    let mut bodies = Vec::new();
    for (id, secret) in [
        (ROOT_ID, "not-the-root-secret-0123456789abcdefghij"),
        ("AKIANOBODYNOBODYNOBO", ROOT_SECRET),
        ("not a key", "x"),
        (ROOT_ID, ""),
        (ROOT_ID, "x"),
    ] {
        let fields = [("access_key_id", id), ("secret_access_key", secret)];
        let seen = browser.send("/console/sign-in", &fields).await;
        assert_eq!(seen.status, 403, "{id}");
        assert!(!seen.body.contains(secret) || secret.len() < 8, "{id}");
        bodies.push(seen.body.replace(id, ""));
    }
    assert!(bodies.windows(2).all(|pair| pair[0] == pair[1]));
    assert_eq!(browser.sign_in("").await.status, 429);
    browser.now_millis += 15 * 60 * 1_000;
    assert_eq!(browser.sign_in("").await.status, 303);
}

#[tokio::test]
async fn a_form_sent_after_the_session_ended_is_shown_again() {
    let mut browser = Browser::signed_in().await;
    browser.now_millis += session::IDLE_MILLIS;
    let fields = [("name", "My <App>"), ("secret_access_key", "s3cret")];
    let seen = browser.send("/console/pools/new", &fields).await;
    assert_eq!(seen.status, 401);
    assert!(seen.body.contains("name=My+%3CApp%3E") && !seen.body.contains("s3cret"));
    assert!(seen.body.contains("value=\"/console/pools/new\""));

    let seen = browser.sign_in("name=My+%3CApp%3E").await;
    assert_eq!((seen.status, seen.location()), (303, "/console/pools/new"));
}

#[tokio::test]
async fn a_link_of_another_site_finds_the_session_nevertheless() {
    let mut browser = Browser::new().await;
    let request = Request::get("/console/pools?q=a").header("sec-fetch-site", "cross-site");
    let seen = browser.ask(request, String::new()).await;
    assert_eq!(
        (seen.status, &seen.headers["refresh"]),
        (200, &"0;url=/console/pools?q=a".parse().unwrap())
    );
}

#[tokio::test]
async fn a_browser_at_the_front_door_is_shown_in_and_a_client_is_not() {
    let mut browser = Browser::new().await;
    let request = Request::get("/").header("accept", "text/html,*/*");
    let seen = browser.ask(request, String::new()).await;
    assert_eq!((seen.status, seen.location()), (303, "/console"));
    for request in [
        Request::get("/").header("accept", "*/*"),
        Request::get("/")
            .header("accept", "text/html")
            .header("authorization", "AWS4-HMAC-SHA256 x"),
        Request::get("/consoles").header("accept", "text/html"),
        Request::post("/").header("accept", "text/html"),
    ] {
        assert!(!Console::takes(&request.body(reply::empty()).unwrap()));
    }
}

#[tokio::test]
async fn the_first_load_is_small() {
    let mut browser = Browser::signed_in().await;
    let page = browser.look("/console").await.body.len();
    let style = browser.look(&assets::style_url()).await.body.len();
    let script = browser.look(&assets::script_url()).await.body.len();
    assert!(
        page + style + script < 200 * 1024,
        "{page} {style} {script}"
    );
}
