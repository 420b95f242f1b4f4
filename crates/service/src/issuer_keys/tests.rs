//! When issuers are asked, and what holds while they fail.

use std::collections::VecDeque;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use daypass_core::issuer::IssuerUrl;
use daypass_core::time::Lifetime;
use daypass_proof::jwt::{Jwk, SigningKey};
use tokio::sync::Semaphore;

use super::standing::{FAILURES_MAX, KEPT_MILLIS_MAX, PAUSE_MILLIS, REFRESH_MILLIS};
use super::*;

/// An issuer that answers as it was told, then always in the same way.
struct Scripted {
    answers: Mutex<VecDeque<Result<&'static [&'static str], IssuerKeysError>>>,
    fetches: AtomicUsize,
    gate: Semaphore,
}

#[async_trait]
impl KeyFetcher for Arc<Scripted> {
    async fn fetch(&self, _: &KeySource) -> Result<KeySet, IssuerKeysError> {
        self.fetches.fetch_add(1, Ordering::SeqCst);
        let _open = self.gate.acquire().await.unwrap();
        let mut answers = self.answers.lock().unwrap();
        let answer = if answers.len() > 1 {
            answers.pop_front().unwrap()
        } else {
            answers.front().unwrap().clone()
        };
        answer.map(key_set)
    }
}

fn key_set(names: &[&str]) -> KeySet {
    static KEY: OnceLock<(Vec<u8>, Vec<u8>)> = OnceLock::new();
    let (n, e) = KEY.get_or_init(|| {
        use base64::Engine as _;
        use base64::engine::general_purpose::URL_SAFE_NO_PAD;
        let key = SigningKey::generate().unwrap();
        let key = key.public_key();
        let bytes = |text: String| URL_SAFE_NO_PAD.decode(text).unwrap();
        (bytes(key.n()), bytes(key.e()))
    });
    let key = |name: &&str| Jwk::new(Some(name.parse().unwrap()), None, n, e).unwrap();
    KeySet::new(names.iter().map(key).collect())
}

fn source(url: &str) -> KeySource {
    KeySource::Issuer(IssuerUrl::parse(url, &[]).unwrap())
}

fn down() -> IssuerKeysError {
    IssuerKeysError::Unreachable("down".to_owned())
}

/// An issuer with a script, and the keys kept of it.
struct Scene {
    issuer: Arc<Scripted>,
    cache: Arc<CachedIssuerKeys<Arc<Scripted>>>,
    source: KeySource,
}

impl Scene {
    fn of(answers: &[Result<&'static [&'static str], IssuerKeysError>]) -> Self {
        let issuer = Arc::new(Scripted {
            answers: Mutex::new(answers.iter().cloned().collect()),
            fetches: AtomicUsize::new(0),
            gate: Semaphore::new(1_000),
        });
        Self {
            cache: Arc::new(CachedIssuerKeys::new(Arc::clone(&issuer))),
            issuer,
            source: source("https://id.example.com"),
        }
    }

    /// Whether a request of that moment finds the key.
    async fn finds(&self, key_id: &str, at_millis: i64) -> Result<bool, IssuerKeysError> {
        let now = Timestamp::from_millis(at_millis);
        let keys = self.cache.keys(&self.source, Some(key_id), now).await?;
        let mut names = keys.keys().iter().filter_map(Jwk::key_id);
        Ok(names.any(|name| name.as_str() == key_id))
    }

    fn fetches(&self) -> usize {
        self.issuer.fetches.load(Ordering::SeqCst)
    }
}

#[tokio::test]
async fn s80_a_thousand_keys_that_nobody_knows_cause_one_fetch_more() {
    let scene = Scene::of(&[Ok(&["a"])]);
    assert_eq!(scene.finds("a", 0).await, Ok(true));
    for number in 0..1_000_i64 {
        let unknown = format!("random-{number}");
        let at = PAUSE_MILLIS - 500 + number;
        assert_eq!(scene.finds(&unknown, at).await, Ok(false));
        assert_eq!(scene.finds("a", at).await, Ok(true));
    }
    assert_eq!(scene.fetches(), 2);
}

#[tokio::test]
async fn f15_a_new_key_is_found_after_the_pause_and_an_old_one_gone_after_the_refresh() {
    let scene = Scene::of(&[Ok(&["a"]), Ok(&["a", "b"]), Ok(&["b"])]);
    assert_eq!(scene.finds("a", 0).await, Ok(true));
    assert_eq!(scene.finds("b", PAUSE_MILLIS - 1).await, Ok(false));
    assert_eq!(scene.finds("b", PAUSE_MILLIS).await, Ok(true));
    let last = PAUSE_MILLIS + REFRESH_MILLIS - 1;
    assert_eq!(scene.finds("a", last).await, Ok(true));
    assert_eq!(scene.finds("a", last + 1).await, Ok(false));
    assert_eq!(scene.fetches(), 3);
}

#[tokio::test]
async fn f13_kept_keys_are_used_for_a_day_while_the_issuer_is_down() {
    let scene = Scene::of(&[Ok(&["a"]), Err(down())]);
    assert_eq!(scene.finds("a", 0).await, Ok(true));
    assert_eq!(scene.finds("a", REFRESH_MILLIS).await, Ok(true));
    assert_eq!(
        scene.finds("a", REFRESH_MILLIS + PAUSE_MILLIS - 1).await,
        Ok(true)
    );
    assert_eq!(scene.fetches(), 2, "the issuer is not asked again at once");
    assert_eq!(scene.finds("a", KEPT_MILLIS_MAX - 1).await, Ok(true));
    assert_eq!(scene.finds("a", KEPT_MILLIS_MAX).await, Err(down()));
}

#[tokio::test]
async fn f16_an_odd_answer_leaves_the_keys_that_were_there() {
    let odd = IssuerKeysError::Unusable("no JSON".to_owned());
    let scene = Scene::of(&[Ok(&["a"]), Err(odd)]);
    assert_eq!(scene.finds("a", 0).await, Ok(true));
    assert_eq!(scene.finds("b", PAUSE_MILLIS).await, Ok(false));
    assert_eq!(scene.finds("a", PAUSE_MILLIS).await, Ok(true));
    assert_eq!(scene.fetches(), 2);
}

#[tokio::test]
async fn f14_an_issuer_that_never_answered_is_left_alone_after_five_failures() {
    let scene = Scene::of(&[Err(down())]);
    for _ in 0..FAILURES_MAX + 10 {
        assert_eq!(scene.finds("a", 0).await, Err(down()));
    }
    assert_eq!(scene.fetches(), usize::try_from(FAILURES_MAX).unwrap());
    assert_eq!(scene.finds("a", PAUSE_MILLIS).await, Err(down()));
    assert_eq!(scene.finds("a", PAUSE_MILLIS + 1).await, Err(down()));
    assert_eq!(scene.fetches(), usize::try_from(FAILURES_MAX).unwrap() + 1);
}

#[tokio::test]
async fn s80_all_who_wait_share_one_fetch_and_its_end() {
    for answer in [Ok(["a"].as_slice()), Err(down())] {
        let scene = Scene::of(std::slice::from_ref(&answer));
        let closed = scene.issuer.gate.acquire_many(1_000).await.unwrap();
        let ask = || {
            let (cache, source) = (Arc::clone(&scene.cache), scene.source.clone());
            let now = Timestamp::from_millis(0);
            tokio::spawn(async move { cache.keys(&source, Some("a"), now).await.map(|_| ()) })
        };
        let waiting: Vec<_> = (0..50).map(|_| ask()).collect();
        while scene.fetches() == 0 {
            tokio::task::yield_now().await;
        }
        for _ in 0..200 {
            tokio::task::yield_now().await;
        }
        drop(closed);
        for one in waiting {
            assert_eq!(one.await.unwrap(), answer.clone().map(|_| ()));
        }
        assert_eq!(scene.fetches(), 1);
    }
}

#[tokio::test]
async fn f14_a_slow_refresh_keeps_only_the_one_who_fetches() {
    let scene = Scene::of(&[Ok(&["a"])]);
    assert_eq!(scene.finds("a", 0).await, Ok(true));
    let closed = scene.issuer.gate.acquire_many(1_000).await.unwrap();
    let now = Timestamp::from_millis(0).plus(Lifetime::from_seconds(REFRESH_MILLIS / 1_000));
    let (cache, source) = (Arc::clone(&scene.cache), scene.source.clone());
    let refresh = tokio::spawn(async move { cache.keys(&source, Some("a"), now).await.is_ok() });
    while scene.fetches() == 1 {
        tokio::task::yield_now().await;
    }
    assert_eq!(scene.finds("a", now.millis()).await, Ok(true));
    drop(closed);
    assert!(refresh.await.unwrap());
    assert_eq!(scene.fetches(), 2);
}

#[tokio::test]
async fn the_number_of_issuers_is_bounded() {
    let scene = Scene::of(&[Ok(&["a"])]);
    for number in 0..=ISSUERS_MAX {
        let source = source(&format!("https://i{number}.example"));
        let now = Timestamp::from_millis(i64::try_from(number).unwrap());
        scene.cache.keys(&source, None, now).await.unwrap();
    }
    let kept = scene.cache.issuers.lock().unwrap();
    assert_eq!(kept.len(), ISSUERS_MAX);
    assert!(!kept.contains_key("https://i0.example"));
}
