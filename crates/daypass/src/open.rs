//! Opening the house: from a configuration to an environment that can answer, and its listener.
//!
//! The order matters. What could be refused is looked at first, the data folder is taken before the
//! port, and nothing is written with a key that might not be the right one.
//!
//! **Source**: requirements S74, S91, F24 and F28; users page, section 9 (exit codes).

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use daypass_service::{
    Answering, Arrival, Body, CreatedRoot, Env, OpenError, Settings, ShownSetting,
};
use daypass_store::{EmbeddedStore, PostgresOptions, PostgresStore, Store, StoreError};
use http::{Request, Uri};
use tokio::net::TcpListener;

use crate::client::Keys;
use crate::clock;
use crate::config::{Config, Shown};
use crate::console::{Console, Place, SetupCode};
use crate::entropy::SystemEntropy;
use crate::exit::{Exit, Failure};
use crate::fetch::Fetcher;
use crate::files;
use crate::process;
use crate::serve::Rules;
use crate::serve::admit::Hosts;
use crate::serve::limits::{DATABASE_CONNECTIONS_MAX, IN_FLIGHT_MAX, Times, connections_max};

/// A house that is ready to answer.
#[derive(Debug)]
pub(crate) struct House {
    /// What operations may reach.
    pub(crate) env: Arc<Env>,
    /// The root key, if it was made just now.
    pub(crate) created_root: Option<CreatedRoot>,
    /// The socket.
    pub(crate) listener: TcpListener,
    /// How the listener behaves.
    pub(crate) rules: Rules,
    /// Where clients reach it.
    pub(crate) public_url: String,
    /// Where it listens.
    pub(crate) address: SocketAddr,
}

/// The house as the listener knows it: one function from a request to its answer. Pages for people
/// are answered by the console, everything else by the faces.
pub(crate) fn handler(
    env: Arc<Env>,
    console: Arc<Console>,
) -> impl Fn(Request<Body>, Arrival) -> Answering + Send + Sync + 'static {
    move |request, arrival| {
        if Console::takes(&request) {
            Box::pin(Arc::clone(&console).answer(request, arrival))
        } else {
            daypass_service::handle(&env, request, arrival)
        }
    }
}

/// The console of a house; with a one-time code while its root key was made just now.
pub(crate) fn console(
    house: &House,
    config: &Config,
) -> Result<(Arc<Console>, Option<String>), Failure> {
    let place = Place {
        public_url: house.public_url.clone(),
        region: config.region.to_string(),
        account: config.account_id.to_string(),
        development: config.dev,
    };
    let (setup, code) = match &house.created_root {
        None => (None, None),
        Some(root) => {
            let keys = Keys {
                access_key_id: root.access_key_id.clone(),
                secret_access_key: root.secret_access_key.clone(),
                session_token: None,
            };
            let (setup, code) = SetupCode::new(keys, clock::now_millis())
                .map_err(|error| Failure::unexpected(format!("no set-up code: {error}")))?;
            (Some(setup), Some(code))
        }
    };
    let console = Console::new(Arc::clone(&house.env), place, setup);
    Ok((Arc::new(console), code))
}

/// Opens the house of a configuration.
pub(crate) async fn open(config: &Config) -> Result<House, Failure> {
    let open_files = process::raise_open_files();
    files::data_folder(&config.data)?;
    let entropy = SystemEntropy;
    let master_key = files::master_key(&config.master_key_file, &config.data, &entropy)?;
    let store = store(config).await?;
    let listener = TcpListener::bind(config.listen).await.map_err(|error| {
        Failure::unexpected(format!("cannot listen on `{}`: {error}", config.listen))
    })?;
    let address = listener
        .local_addr()
        .map_err(|error| Failure::unexpected(format!("the listener has no address: {error}")))?;
    let public_url = config
        .public_url
        .clone()
        .unwrap_or_else(|| format!("http://{address}"));
    let settings = Settings {
        region: config.region.clone(),
        account_id: config.account_id.clone(),
        issuer: config.issuer.clone().unwrap_or_else(|| public_url.clone()),
        public_url: public_url.clone(),
        root: config.root.clone(),
        objects_dir: config.data.join("objects"),
        dev: config.dev,
        in_flight_max: IN_FLIGHT_MAX,
        rates: config.rates.clone(),
        rate_loopback: config.rate_loopback,
        issuers: config.issuers.clone(),
        saml: config.saml.settings(&public_url),
        shown: config.shown.iter().map(shown).collect(),
    };
    let outbound = Fetcher::new(&config.issuers).map_err(|error| {
        Failure::unexpected(format!("the certificate roots do not read: {error}"))
    })?;
    let now = clock::now_millis();
    let opened = Env::open(
        store,
        &master_key,
        settings,
        Arc::new(entropy),
        Arc::new(outbound),
        now,
    )
    .await
    .map_err(|error| env_refused(&error))?;
    let rules = Rules {
        hosts: hosts(config, address, &public_url),
        proxies: config.proxies.clone(),
        proxies_only: config.behind_proxy,
        times: Times::SERVED,
        connections_max: connections_max(open_files),
    };
    let (env, created_root) = (opened.env, opened.created_root);
    Ok(House {
        env,
        created_root,
        listener,
        rules,
        public_url,
        address,
    })
}

/// The store of a configuration: the database it names, or its own folder.
async fn store(config: &Config) -> Result<Arc<dyn Store>, Failure> {
    if let Some(url) = &config.database {
        let options = PostgresOptions {
            connections_max: DATABASE_CONNECTIONS_MAX,
            development: config.dev,
        };
        tracing::info!(database = %url, "records are kept in a shared database");
        let store = PostgresStore::open(url, options).await;
        return Ok(Arc::new(
            store.map_err(|error| store_refused(&error, &config.data))?,
        ));
    }
    let folder = config.data.clone();
    let store = tokio::task::spawn_blocking(move || EmbeddedStore::open(&folder))
        .await
        .map_err(|_| Failure::unexpected("the store did not open"))?
        .map_err(|error| store_refused(&error, &config.data))?;
    Ok(Arc::new(store))
}

/// A setting as the service may show it; the configuration has put stars where a secret was.
fn shown(setting: &Shown) -> ShownSetting {
    ShownSetting {
        name: setting.name.to_owned(),
        value: setting.value.clone(),
        source: setting.source.clone(),
    }
}

/// The names this server answers for: its own URL's and the configured ones.
fn hosts(config: &Config, address: SocketAddr, public_url: &str) -> Hosts {
    let own = public_url
        .parse::<Uri>()
        .ok()
        .and_then(|uri| uri.host().map(str::to_owned));
    Hosts::new(
        address.ip().to_canonical(),
        own.into_iter().chain(config.allowed_hosts.clone()),
    )
}

/// How a store that does not open ends the run.
pub(crate) fn store_refused(error: &StoreError, data: &Path) -> Failure {
    let sentence = with_causes(error);
    match error {
        StoreError::InUse { .. }
        | StoreError::Exposed { .. }
        | StoreError::Schema { .. }
        | StoreError::Unsuitable(_) => Failure::configuration(sentence),
        StoreError::Corrupt { .. } => Failure::new(Exit::Store, sentence).hint(format!(
            "Nothing was changed. Move `{0}` aside, then `daypass restore BACKUP --data {0}`.",
            data.display()
        )),
        StoreError::Failed => Failure::new(Exit::Store, sentence),
        _ => Failure::unexpected(sentence),
    }
}

/// How a deployment that does not open ends the run.
pub(crate) fn env_refused(error: &OpenError) -> Failure {
    let sentence = with_causes(error);
    match error {
        OpenError::OtherAccount { .. }
        | OpenError::OtherRegion { .. }
        | OpenError::WrongMasterKey => Failure::configuration(sentence),
        OpenError::Keys(_) => Failure::new(Exit::Store, sentence),
        OpenError::Store(_)
        | OpenError::Contended
        | OpenError::Entropy(_)
        | OpenError::Objects(_) => Failure::unexpected(sentence),
    }
}

/// An error and what caused it, in one line.
fn with_causes(error: &dyn std::error::Error) -> String {
    let mut sentence = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        sentence.push_str(": ");
        sentence.push_str(&error.to_string());
        cause = error.source();
    }
    sentence
}
