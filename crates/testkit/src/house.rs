//! A whole house in a test: the real spine over a store in memory, with a clock moved by hand and
//! chance that repeats itself.
//!
//! The token signing key is made once per test program, since making one takes longer than most
//! tests; everything else is fresh in every house.
//!
//! **Source**: DESIGN §4 (testkit) and §12.5.

#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "a house that cannot be built ends the test that wanted it"
)]

use std::net::{IpAddr, Ipv4Addr};
use std::path::Path;
use std::pin::Pin;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::task::{Context, Waker};

use bytes::Bytes;
use daypass_core::ids::{AccountId, Region};
use daypass_proof::jwt::{KeyId, SigningKey};
use daypass_proof::keyring::key_id;
use daypass_proof::seal::{SealingKey, SealingRing};
use daypass_service::{
    Arrival, BodyError, Env, IssuerSettings, Rates, RootKey, SamlSettings, Settings, ShownSetting,
    handle,
};
use daypass_store::records::{Records, StoredSigningKey, Vault};
use daypass_store::{Key, MemoryStore, Range, Store};
use futures_util::stream;
use http::{Request, Response};
use http_body::Frame;
use http_body_util::{BodyExt, Full, StreamBody};
use tempfile::TempDir;
use zeroize::Zeroizing;

use crate::clock::Clock;
use crate::entropy::SeededEntropy;
use crate::fault::FaultStore;
use crate::idp::Outside;
use crate::keys::Keys;

/// The account of every test house.
pub const ACCOUNT: &str = "123456789012";
/// The Region of every test house.
pub const REGION: &str = "us-east-1";
/// Where clients reach every test house.
pub const HOST: &str = "daypass.test:4600";

/// Where requests come from unless a test says otherwise: an address for documentation, so that
/// rates count.
pub const PEER: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));

/// How a house is built.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Who issues its tokens.
    pub issuer: String,
    /// Requests it works on at once.
    pub in_flight_max: usize,
    /// Whether refusals tell their reason code.
    pub dev: bool,
    /// The rates of its operations.
    pub rates: Rates,
    /// What its operator says of other issuers.
    pub issuers: IssuerSettings,
    /// What is expected of SAML assertions.
    pub saml: SamlSettings,
    /// What its chance starts from.
    pub seed: u64,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            issuer: format!("http://{HOST}"),
            in_flight_max: 512,
            dev: false,
            rates: Rates::off(),
            issuers: IssuerSettings::default(),
            saml: SamlSettings::at(&format!("http://{HOST}")),
            seed: 1,
        }
    }
}

type Unfinished = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A house, open.
pub struct House {
    env: Arc<Env>,
    /// Its store, which can be told to fail.
    pub store: Arc<FaultStore>,
    /// Its clock.
    pub clock: Clock,
    /// Its chance, which can be told to fail.
    pub entropy: Arc<SeededEntropy>,
    /// What it can call: nobody, until a test puts documents there.
    pub outside: Arc<Outside>,
    /// The root user's key.
    pub root: Keys,
    vault: Vault,
    plan: Plan,
    unfinished: Mutex<Vec<Unfinished>>,
    objects: TempDir,
}

impl House {
    /// A house on a store in memory.
    pub async fn open(plan: Plan) -> Self {
        Self::open_on(Arc::new(MemoryStore::new()), plan).await
    }

    /// A house on this store; opened again on the same store, it is the same house after a restart.
    pub async fn open_on(store: Arc<dyn Store>, plan: Plan) -> Self {
        let clock = Clock::new();
        let entropy = Arc::new(SeededEntropy::new(plan.seed));
        let outside = Arc::new(Outside::default());
        let vault = vault();
        let store = Arc::new(FaultStore::new(store));
        furnish(store.as_ref(), &vault).await;
        let objects = tempfile::tempdir().expect("a folder for objects");
        let root = Keys::long_term(
            "AKIAROOTROOTROOTROOT",
            "root-secret-root-secret-root-secret-root",
        );
        let settings = Settings {
            region: region(),
            account_id: account(),
            public_url: format!("http://{HOST}"),
            issuer: plan.issuer.clone(),
            root: Some(RootKey {
                access_key_id: root.id.clone(),
                secret_access_key: root.secret.clone(),
            }),
            objects_dir: objects.path().to_owned(),
            dev: plan.dev,
            in_flight_max: plan.in_flight_max,
            rates: plan.rates.clone(),
            rate_loopback: false,
            issuers: plan.issuers.clone(),
            saml: plan.saml.clone(),
            shown: vec![ShownSetting {
                name: "region".to_owned(),
                value: format!("\"{REGION}\""),
                source: "default".to_owned(),
            }],
        };
        let master_key = master_key();
        let opened = Env::open(
            Arc::<FaultStore>::clone(&store),
            &master_key,
            settings,
            Arc::<SeededEntropy>::clone(&entropy),
            Arc::<Outside>::clone(&outside),
            clock.millis(),
        );
        Self {
            env: opened.await.expect("the house opens").env,
            store,
            clock,
            entropy,
            outside,
            root,
            vault,
            plan,
            unfinished: Mutex::new(Vec::new()),
            objects,
        }
    }

    /// Answers a request that came just now from the usual peer.
    pub async fn send(&self, request: Request<Bytes>) -> Response<Bytes> {
        self.send_from(PEER, request).await
    }

    /// Answers a request that came just now from `peer`.
    pub async fn send_from(&self, peer: IpAddr, request: Request<Bytes>) -> Response<Bytes> {
        let arrival = self.arrival(peer);
        let request = request.map(|bytes| {
            Full::new(bytes)
                .map_err(|never| match never {})
                .boxed_unsync()
        });
        let (parts, body) = handle(&self.env, request, arrival).await.into_parts();
        let bytes = body.collect().await.expect("a whole answer").to_bytes();
        Response::from_parts(parts, bytes)
    }

    /// Takes a place in the house and never gives it back: a request whose body does not end.
    pub fn fill(&self) {
        let env = Arc::clone(&self.env);
        let arrival = self.arrival(PEER);
        let endless = StreamBody::new(stream::pending::<Result<Frame<Bytes>, BodyError>>());
        let mut request = Request::new(endless.boxed_unsync());
        *request.method_mut() = http::Method::POST;
        let mut unfinished: Unfinished = Box::pin(async move {
            handle(&env, request, arrival).await;
        });
        let mut context = Context::from_waker(Waker::noop());
        let _ = unfinished.as_mut().poll(&mut context);
        let mut all = self
            .unfinished
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        all.push(unfinished);
    }

    fn arrival(&self, peer: IpAddr) -> Arrival {
        Arrival {
            now_millis: self.clock.millis(),
            peer,
            secure: false,
        }
    }

    /// A second house with the same content, keys, clock and sessions; what happens in one does not
    /// happen in the other.
    pub async fn fork(&self) -> Self {
        let copy = MemoryStore::new();
        let mut from = self.store.read().await.expect("a transaction");
        let mut to = copy.write().await.expect("a transaction");
        let everything = Range::prefix(&Key::of(&[]), usize::MAX);
        for (key, value) in from.scan(&everything).await.expect("all records") {
            to.put(&key, value).await.expect("a record");
        }
        to.commit().await.expect("a commit");
        // With the same chance it would make ids that stand already, and touch what has them.
        let plan = Plan {
            seed: self.plan.seed + 1,
            ..self.plan.clone()
        };
        let fork = Self::open_on(Arc::new(copy), plan).await;
        copy_folder(self.objects.path(), fork.objects.path()).expect("the objects are copied");
        fork.clock
            .advance_seconds(self.clock.seconds() - fork.clock.seconds());
        fork
    }

    /// The records, for what no operation can bring about.
    pub async fn records(&self) -> Records {
        let tx = self.store.write().await.expect("a transaction");
        Records::new(tx, self.vault.clone())
    }

    /// The environment, for what needs a body that is a stream.
    pub fn env(&self) -> &Arc<Env> {
        &self.env
    }

    /// Who issues the tokens of this house.
    pub fn issuer(&self) -> &str {
        &self.plan.issuer
    }
}

fn copy_folder(from: &Path, to: &Path) -> std::io::Result<()> {
    for entry in std::fs::read_dir(from)? {
        let (from, to) = {
            let entry = entry?;
            (entry.path(), to.join(entry.file_name()))
        };
        if from.is_dir() {
            std::fs::create_dir_all(&to)?;
            copy_folder(&from, &to)?;
        } else {
            std::fs::copy(&from, &to)?;
        }
    }
    Ok(())
}

/// The account as a value.
pub fn account() -> AccountId {
    ACCOUNT.parse().expect("an account")
}

/// The Region as a value.
pub fn region() -> Region {
    REGION.parse().expect("a region")
}

/// The name of the key that signs tokens in every test house.
pub fn signing_key_id() -> KeyId {
    key_id(REGION, 1).expect("a key id")
}

/// The private half of that key.
pub fn signing_key_pkcs8() -> &'static [u8] {
    static KEY: OnceLock<Zeroizing<Vec<u8>>> = OnceLock::new();
    KEY.get_or_init(fresh_pkcs8)
}

/// The private half of a key that no test house knows.
pub fn stranger_pkcs8() -> &'static [u8] {
    static KEY: OnceLock<Zeroizing<Vec<u8>>> = OnceLock::new();
    KEY.get_or_init(fresh_pkcs8)
}

fn fresh_pkcs8() -> Zeroizing<Vec<u8>> {
    let key = SigningKey::generate().expect("a key");
    key.to_pkcs8().expect("its private form")
}

fn master_key() -> Zeroizing<[u8; 32]> {
    Zeroizing::new([7; 32])
}

fn vault() -> Vault {
    let id = "master".parse().expect("a key id");
    let key = SealingKey::from_bytes(id, &master_key()).expect("a master key");
    Vault::new(SealingRing::new(key, Vec::new()).expect("a ring"))
}

/// Puts the signing key where the first start would have put one.
async fn furnish(store: &FaultStore, vault: &Vault) {
    let tx = store.write().await.expect("a transaction");
    let mut records = Records::new(tx, vault.clone());
    if !records.signing_keys().await.expect("keys").is_empty() {
        return;
    }
    let key = StoredSigningKey {
        number: 1,
        retired_seconds: None,
        pkcs8: Zeroizing::new(signing_key_pkcs8().to_vec()),
    };
    records
        .put_signing_key(&key, [9; 12])
        .await
        .expect("a key is stored");
    records.commit().await.expect("a commit");
}
