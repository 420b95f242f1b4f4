//! Everything an operation may reach: store, keys, chance, settings, rates.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use daypass_core::ids::{AccountId, Region};
use daypass_core::time::Timestamp;
use daypass_proof::seal::SealingRing;
use daypass_proof::secret::{AccessKeyId, SecretAccessKey};
use daypass_store::Store;
use daypass_store::records::{Records, Vault};
use tokio::sync::Semaphore;
use zeroize::Zeroizing;

use crate::activity::Activity;
use crate::assertions::SamlSettings;
use crate::error::Failure;
use crate::first_start::{FirstStart, Prepared, master_ring, random};
use crate::issuer_keys::{CachedIssuerKeys, IssuerKeys, PublishedKeys};
use crate::issuers::IssuerSettings;
use crate::last_used::LastUsed;
use crate::outbound::Outbound;
use crate::quota::{Quota, Rates};
use crate::s3::S3;
use crate::signer::Signer;

/// Where random bytes come from.
pub trait Entropy: Send + Sync + 'static {
    /// Fills `bytes`, or says that it cannot.
    fn fill(&self, bytes: &mut [u8]) -> Result<(), EntropyError>;
}

/// The generator gave nothing; whatever needed it is refused.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("the random generator failed")]
pub struct EntropyError;

/// The root user's key pair.
#[derive(Clone, Debug)]
pub struct RootKey {
    /// Its id.
    pub access_key_id: AccessKeyId,
    /// Its secret.
    pub secret_access_key: SecretAccessKey,
}

/// How a deployment is set up.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The Region it calls itself.
    pub region: Region,
    /// The account its resources belong to.
    pub account_id: AccountId,
    /// Where clients reach it.
    pub public_url: String,
    /// Who issues its tokens: the `iss` claim, without a trailing slash.
    pub issuer: String,
    /// The root key given from outside; without one, the first start makes one.
    pub root: Option<RootKey>,
    /// The folder of object bodies.
    pub objects_dir: PathBuf,
    /// Whether refusals tell the client their reason code.
    pub dev: bool,
    /// Requests worked on at once.
    pub in_flight_max: usize,
    /// The rates of operations.
    pub rates: Rates,
    /// Whether peers on this machine count against the rates per address.
    pub rate_loopback: bool,
    /// What the operator says of other issuers.
    pub issuers: IssuerSettings,
    /// What is expected of SAML assertions.
    pub saml: SamlSettings,
    /// The configuration behind all this, as it may be shown: `DescribeDeployment` repeats it.
    pub shown: Vec<ShownSetting>,
}

/// One setting of the configuration, as it may be shown.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ShownSetting {
    /// Its name.
    pub name: String,
    /// Its value; stars for a secret.
    pub value: String,
    /// Where it came from.
    pub source: String,
}

/// What opening gives: the environment, and the root key if it was made just now.
pub struct Opened {
    /// The environment.
    pub env: Arc<Env>,
    /// The root key, to be shown once.
    pub created_root: Option<CreatedRoot>,
}

/// A root key made at the first start.
pub type CreatedRoot = RootKey;

/// Why a deployment does not open.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The store holds another account's deployment.
    #[error("the data belongs to account `{found}`, not `{configured}`")]
    OtherAccount {
        /// What the data says.
        found: String,
        /// What the settings say.
        configured: AccountId,
    },
    /// The store holds a deployment of another Region: its identity ids would not fit.
    #[error("the data belongs to region `{found}`, not `{configured}`")]
    OtherRegion {
        /// What the data says.
        found: String,
        /// What the settings say.
        configured: Region,
    },
    /// The master key is not the one the data was sealed with.
    #[error("the master key does not open the data")]
    WrongMasterKey,
    /// A stored key does not read.
    #[error("stored key material does not read: {0}")]
    Keys(String),
    /// The store refused.
    #[error("the store does not open: {0}")]
    Store(String),
    /// Other servers that start on the same data got there first, each time.
    #[error("other servers keep changing what a start needs; start again")]
    Contended,
    /// No randomness.
    #[error(transparent)]
    Entropy(#[from] EntropyError),
    /// The objects folder cannot be used.
    #[error("the objects folder cannot be used: {0}")]
    Objects(String),
}

/// Everything an operation may reach.
pub struct Env {
    store: Arc<dyn Store>,
    vault: Vault,
    settings: Settings,
    deployment_id: String,
    session_scope: String,
    started: Timestamp,
    issuer_host: String,
    sealing_ring: SealingRing,
    signer: Signer,
    entropy: Arc<dyn Entropy>,
    outbound: Arc<dyn Outbound>,
    issuer_keys: CachedIssuerKeys<PublishedKeys>,
    quota: Quota,
    last_used: LastUsed,
    activity: Activity,
    in_flight: Semaphore,
    stopping: AtomicBool,
    s3: S3,
}

impl std::fmt::Debug for Env {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Env")
            .field("deployment_id", &self.deployment_id)
            .finish_non_exhaustive()
    }
}

impl Env {
    /// Opens a deployment: reads its keys, or makes them at the first start.
    pub async fn open(
        store: Arc<dyn Store>,
        master_key: &Zeroizing<[u8; 32]>,
        settings: Settings,
        entropy: Arc<dyn Entropy>,
        outbound: Arc<dyn Outbound>,
        now_millis: i64,
    ) -> Result<Opened, OpenError> {
        let now = Timestamp::from_millis(now_millis);
        let vault = Vault::new(master_ring(master_key)?);
        let first = FirstStart {
            entropy: entropy.as_ref(),
            settings: &settings,
            now,
        };
        let Prepared {
            deployment,
            ring,
            sealing_ring,
            created_root,
            activity,
        } = first.prepare(store.as_ref(), &vault).await?;
        let s3 = S3::open(&settings.objects_dir)
            .map_err(|error| OpenError::Objects(error.to_string()))?;
        let issuer = settings.issuer.as_str();
        let env = Self {
            issuer_host: issuer
                .split_once("://")
                .map_or(issuer, |(_, rest)| rest)
                .to_owned(),
            session_scope: session_scope(&deployment.id, deployment.session_epoch),
            deployment_id: deployment.id,
            started: now,
            sealing_ring,
            signer: Signer::new(ring),
            quota: Quota::new(settings.rates.clone(), settings.rate_loopback),
            last_used: LastUsed::default(),
            activity,
            in_flight: Semaphore::new(settings.in_flight_max),
            stopping: AtomicBool::new(false),
            s3,
            store,
            vault,
            settings,
            entropy,
            issuer_keys: CachedIssuerKeys::new(PublishedKeys::new(Arc::clone(&outbound))),
            outbound,
        };
        Ok(Opened {
            env: Arc::new(env),
            created_root,
        })
    }

    /// A read of the newest acknowledged state.
    pub(crate) async fn read(&self) -> Result<Records, Failure> {
        Ok(Records::new(self.store.read().await?, self.vault.clone()))
    }

    /// The one transaction of an operation that changes something.
    pub(crate) async fn write(&self) -> Result<Records, Failure> {
        Ok(Records::new(self.store.write().await?, self.vault.clone()))
    }

    /// Whether the house can serve.
    pub(crate) async fn ready(&self) -> Result<(), String> {
        if self.stopping.load(Ordering::Relaxed) {
            return Err("stopping".to_owned());
        }
        self.store.ready().await.map_err(|error| error.to_string())
    }

    /// From now on the house is not ready; what is in flight goes on.
    pub fn begin_shutdown(&self) {
        self.stopping.store(true, Ordering::Relaxed);
    }

    /// Fresh random bytes.
    pub(crate) fn random<const N: usize>(&self) -> Result<[u8; N], Failure> {
        random(self.entropy.as_ref()).map_err(|error| Failure::Internal(error.to_string()))
    }

    /// Where requests take their place in the house.
    pub(crate) fn in_flight(&self) -> &Semaphore {
        &self.in_flight
    }

    /// The account.
    pub(crate) fn account(&self) -> &AccountId {
        &self.settings.account_id
    }

    /// The Region.
    pub(crate) fn region(&self) -> &Region {
        &self.settings.region
    }

    /// The settings.
    pub(crate) fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The root key given from outside, if any.
    pub(crate) fn configured_root(&self) -> Option<&RootKey> {
        self.settings.root.as_ref()
    }

    /// Who issues our tokens.
    pub(crate) fn issuer(&self) -> &str {
        &self.settings.issuer
    }

    /// Our issuer without its scheme, as policies of other stores name it.
    pub(crate) fn issuer_host(&self) -> &str {
        &self.issuer_host
    }

    /// Names this deployment in what it seals.
    pub(crate) fn deployment_id(&self) -> &str {
        &self.deployment_id
    }

    /// What a session token is bound to.
    pub(crate) fn session_context(&self, access_key_id: &AccessKeyId) -> [String; 3] {
        [
            self.session_scope.clone(),
            self.settings.account_id.to_string(),
            access_key_id.as_str().to_owned(),
        ]
    }

    /// What every token of ours has in common.
    pub(crate) fn deployment(&self) -> daypass_core::claims::Deployment<'_> {
        daypass_core::claims::Deployment {
            issuer: self.issuer(),
            region: self.region(),
            account: self.account(),
        }
    }

    /// Seals sessions and page tokens.
    pub(crate) fn sealing_ring(&self) -> &SealingRing {
        &self.sealing_ring
    }

    /// Signs tokens.
    pub(crate) fn signer(&self) -> &Signer {
        &self.signer
    }

    /// Calls others. Never while a transaction is open.
    pub(crate) fn outbound(&self) -> &dyn Outbound {
        self.outbound.as_ref()
    }

    /// The keys of other issuers. Never asked while a transaction is open.
    pub(crate) fn issuer_keys(&self) -> &dyn IssuerKeys {
        &self.issuer_keys
    }

    /// The rates.
    pub(crate) fn quota(&self) -> &Quota {
        &self.quota
    }

    /// When each long-term key was last used here.
    pub(crate) fn last_used(&self) -> &LastUsed {
        &self.last_used
    }

    /// What has happened here.
    pub(crate) fn activity(&self) -> &Activity {
        &self.activity
    }

    /// When this process opened the deployment.
    pub(crate) fn started(&self) -> Timestamp {
        self.started
    }

    /// The object store.
    pub(crate) fn s3(&self) -> &S3 {
        &self.s3
    }
}

/// What sessions are bound to instead of the bare deployment: a restore ends those before it.
fn session_scope(deployment_id: &str, epoch: u32) -> String {
    if epoch == 0 {
        deployment_id.to_owned()
    } else {
        format!("{deployment_id}.{epoch}")
    }
}
