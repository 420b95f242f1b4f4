//! A house for these tests: the real spine over a store in memory and a folder of its own.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use daypass_core::ids::UniqueId;
use daypass_core::time::Timestamp;
use daypass_core::user::{AccessKey, Grants, KeyStatus, User};
use daypass_proof::jwt::SigningKey;
use daypass_proof::seal::{SealingKey, SealingRing};
use daypass_service::{
    Arrival, Entropy, EntropyError, Env, IssuerSettings, Nobody, RootKey, Settings, handle,
};
use daypass_store::records::{Records, StoredSigningKey, Vault};
use daypass_store::{Key, MemoryStore, Range, Store};
use http_body_util::{BodyExt, Full};
use tempfile::TempDir;
use zeroize::Zeroizing;

use crate::client::{Answer, Keys, Sent};

pub(crate) const NOW_SECONDS: i64 = 1_700_000_000;

const MASTER_KEY: [u8; 32] = [7; 32];

/// Runs a test where file work asked for later is done later.
pub(crate) fn run(test: impl Future<Output = ()>) {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = runtime
        .enable_all()
        .max_blocking_threads(1)
        .build()
        .unwrap();
    runtime.block_on(test);
}

/// Counts up: every draw is another one.
struct Counter(AtomicU64);

impl Entropy for Counter {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), EntropyError> {
        for chunk in bytes.chunks_mut(8) {
            let count = self.0.fetch_add(1, Ordering::SeqCst);
            let mixed = count.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(23);
            let mixed = mixed.wrapping_mul(0xd6e8_feb8_6659_fd93).to_le_bytes();
            for (byte, fresh) in chunk.iter_mut().zip(mixed) {
                *byte = fresh;
            }
        }
        Ok(())
    }
}

fn vault() -> Vault {
    let key = SealingKey::from_bytes("master".parse().unwrap(), &MASTER_KEY).unwrap();
    Vault::new(SealingRing::new(key, Vec::new()).unwrap())
}

/// Making one takes longer than most tests, so one serves all.
fn signing_key() -> Zeroizing<Vec<u8>> {
    static KEY: OnceLock<Zeroizing<Vec<u8>>> = OnceLock::new();
    KEY.get_or_init(|| SigningKey::generate().unwrap().to_pkcs8().unwrap())
        .clone()
}

pub(crate) struct House {
    env: Arc<Env>,
    store: MemoryStore,
    folder: TempDir,
    pub(crate) root: Keys,
    seed: u64,
}

impl House {
    pub(crate) async fn open() -> Self {
        let store = MemoryStore::new();
        let mut records = Records::new(store.write().await.unwrap(), vault());
        let key = StoredSigningKey {
            number: 1,
            retired_seconds: None,
            pkcs8: signing_key(),
        };
        records.put_signing_key(&key, [1; 12]).await.unwrap();
        records.commit().await.unwrap();
        Self::on(store, tempfile::tempdir().unwrap(), 1).await
    }

    /// A house with one bucket.
    pub(crate) async fn with_bucket() -> Self {
        let house = Self::open().await;
        house.root("PUT", "/demo", "", b"").await.expect(200);
        house
    }

    async fn on(store: MemoryStore, folder: TempDir, seed: u64) -> Self {
        let root = Keys::new("AKIAROOTROOTROOTROOT", &"r".repeat(40));
        let settings = Settings {
            region: "us-east-1".parse().unwrap(),
            account_id: "123456789012".parse().unwrap(),
            public_url: "http://daypass.test".to_owned(),
            issuer: "http://daypass.test".to_owned(),
            root: Some(RootKey {
                access_key_id: root.id.clone(),
                secret_access_key: root.secret.clone(),
            }),
            objects_dir: folder.path().join("objects"),
            dev: true,
            in_flight_max: 64,
            rates: daypass_service::Rates::off(),
            rate_loopback: false,
            issuers: IssuerSettings::default(),
            saml: daypass_service::SamlSettings::at("http://daypass.test"),
            shown: Vec::new(),
        };
        let master_key = Zeroizing::new(MASTER_KEY);
        let opened = Env::open(
            Arc::new(store.clone()),
            &master_key,
            settings,
            Arc::new(Counter(AtomicU64::new(seed << 32))),
            Arc::new(Nobody),
            NOW_SECONDS * 1_000,
        );
        Self {
            env: opened.await.unwrap().env,
            store,
            folder,
            root,
            seed,
        }
    }

    /// The same house after a restart.
    pub(crate) async fn restarted(self) -> Self {
        Self::on(self.store, self.folder, self.seed + 1).await
    }

    /// Where bodies are.
    pub(crate) fn objects_dir(&self) -> PathBuf {
        self.folder.path().join("objects")
    }

    /// The names of all files, once everything asked of the disk is done.
    pub(crate) async fn files(&self) -> Vec<String> {
        let folder = self.objects_dir();
        let listed = tokio::task::spawn_blocking(move || {
            let entries = std::fs::read_dir(folder).unwrap();
            entries
                .map(|entry| entry.unwrap().file_name().into_string().unwrap())
                .collect()
        });
        let mut names: Vec<String> = listed.await.unwrap();
        names.sort();
        names
    }

    /// Everything there is: records and files.
    pub(crate) async fn everything(&self) -> (Vec<(String, String)>, Vec<String>) {
        let mut tx = self.store.read().await.unwrap();
        let pairs = tx
            .scan(&Range::prefix(&Key::of(&[]), usize::MAX - 1))
            .await
            .unwrap();
        let pairs = pairs
            .into_iter()
            .map(|(key, value)| (key.to_string(), value));
        (pairs.collect(), self.files().await)
    }

    /// A user that may do what these statements say.
    pub(crate) async fn user(&self, name: &str, statements: &str) -> Keys {
        let letters: String = name
            .to_uppercase()
            .chars()
            .filter(char::is_ascii_uppercase)
            .collect();
        let keys = Keys::new(&format!("AKIA{letters:A<16}"), &format!("{name:x<40}"));
        let policy = format!("{{\"Version\":\"2012-10-17\",\"Statement\":[{statements}]}}");
        let user = User {
            name: name.to_owned(),
            path: "/".to_owned(),
            id: UniqueId::stored(format!("AIDA{letters:A<17}")),
            grants: Grants {
                inline: BTreeMap::from([("p".to_owned(), policy)]),
                ..Grants::default()
            },
            tags: BTreeMap::new(),
            created: Timestamp::from_seconds(NOW_SECONDS),
        };
        let key = AccessKey {
            id: keys.id.clone(),
            user_name: Some(name.to_owned()),
            secret: keys.secret.clone(),
            status: KeyStatus::Active,
            created: Timestamp::from_seconds(NOW_SECONDS),
        };
        let mut records = Records::new(self.store.write().await.unwrap(), vault());
        records.put_user(&user).await.unwrap();
        records.put_access_key(&key, [3; 12]).await.unwrap();
        records.commit().await.unwrap();
        keys
    }

    /// Sends a request.
    pub(crate) async fn send(&self, sent: Sent) -> Answer {
        self.send_at(sent, NOW_SECONDS).await
    }

    /// Sends a request when the house's clock shows this moment.
    pub(crate) async fn send_at(&self, sent: Sent, seconds: i64) -> Answer {
        let target = if sent.query.is_empty() {
            sent.path.clone()
        } else {
            format!("{}?{}", sent.path, sent.query)
        };
        let mut request = http::Request::builder()
            .method(sent.method.as_str())
            .uri(target);
        for (name, value) in &sent.headers {
            request = request.header(name, value.as_slice());
        }
        let body = Full::new(Bytes::from(sent.body));
        let body = body.map_err(|never| match never {}).boxed_unsync();
        let arrival = Arrival {
            now_millis: seconds * 1_000,
            peer: IpAddr::V4(Ipv4Addr::LOCALHOST),
            secure: false,
        };
        let answer = handle(&self.env, request.body(body).unwrap(), arrival).await;
        let (parts, body) = answer.into_parts();
        let collected = body.collect().await;
        Answer {
            status: parts.status.as_u16(),
            headers: parts.headers,
            body: collected.unwrap().to_bytes().to_vec(),
        }
    }

    /// Sends a request signed by the root user.
    pub(crate) async fn root(&self, method: &str, path: &str, query: &str, body: &[u8]) -> Answer {
        self.by(&self.root, method, path, query, body).await
    }

    /// Sends a request signed by these keys.
    pub(crate) async fn by(
        &self,
        keys: &Keys,
        method: &str,
        path: &str,
        query: &str,
        body: &[u8],
    ) -> Answer {
        self.send(Sent::new(method, path, query, body).signed(keys))
            .await
    }
}
