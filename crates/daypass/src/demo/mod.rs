//! The demo: a server of its own, and the whole journey over real HTTP as its own client.
//!
//! Everything is fresh: folder, keys, pool, roles, users. Nothing of a real deployment is read or
//! touched, not even its settings in the environment. [`journey`] is the story; here is its stage.
//!
//! **Source**: DESIGN, section 13; requirement S76 (keys are random per run).

mod journey;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use daypass_service::{Entropy, RootKey};
use tokio::sync::oneshot;

use crate::cli::say;
use crate::client::{Client, Keys};
use crate::config::{self, Config, Inputs};
use crate::entropy::SystemEntropy;
use crate::exit::Failure;
use crate::keep::Keeper;
use crate::open::{House, console, handler, open};
use crate::serve::serve;
use crate::stop::Stop;

/// How the demo runs.
#[derive(Debug)]
pub(crate) struct Plan<'a> {
    /// Where to listen.
    pub(crate) listen: &'a str,
    /// A folder to keep, or none for a temporary one.
    pub(crate) data: Option<&'a str>,
    /// Whether to end after the journey.
    pub(crate) exit: bool,
}

/// Runs the demo; says whether every step of the journey held.
pub(crate) async fn run(plan: &Plan<'_>) -> Result<bool, Failure> {
    let stop = Stop::listen()?;
    let stage = Stage::new(plan.data)?;
    let root = root_key()?;
    let config = config(plan, &stage.folder, root.clone())?;
    let house = open(&config).await?;
    let (console, _) = console(&house, &config)?;
    let House {
        env,
        listener,
        rules,
        public_url,
        ..
    } = house;
    let (quit, quitted) = oneshot::channel::<()>();
    let keeper = Keeper::start(Arc::clone(&env));
    let house = handler(Arc::clone(&env), console);
    let server = tokio::spawn(serve(listener, rules, house, async {
        // A dropped sender means the same as a message: the demo is over.
        let _dropped = quitted.await;
    }));

    let keys = Keys {
        access_key_id: root.access_key_id,
        secret_access_key: root.secret_access_key,
        session_token: None,
    };
    say(&format!(
        "daypass {} demo at {public_url}\n",
        env!("CARGO_PKG_VERSION")
    ));
    let client = Client::new(public_url.clone(), config.region.to_string());
    let mut asked = std::pin::pin!(stop.asked());
    let held = tokio::select! {
        () = &mut asked => false,
        made = journey::run(&client, &keys) => match made {
            Ok(pool) => {
                epilogue(&public_url, &config, &keys, &pool);
                if !plan.exit {
                    say("\nThe server stays up. Ctrl-C ends it and removes its data.");
                    asked.await;
                }
                true
            }
            Err(broken) => {
                say(&format!("\nThe journey does not hold: {broken}"));
                false
            }
        },
    };
    env.begin_shutdown();
    drop(quit);
    let _ended = server.await;
    keeper.stop().await;
    Ok(held)
}

/// What a person can do next. The region has two names: boto3 and version 1 of the command line read
/// `AWS_DEFAULT_REGION` only, all other clients `AWS_REGION`.
fn epilogue(public_url: &str, config: &Config, keys: &Keys, pool: &str) {
    say("\nok: the journey works. To go on with the AWS CLI or any AWS SDK, paste:\n");
    for (name, value) in [
        ("AWS_ENDPOINT_URL", public_url),
        ("AWS_REGION", config.region.as_str()),
        ("AWS_DEFAULT_REGION", config.region.as_str()),
        ("AWS_ACCESS_KEY_ID", keys.access_key_id.as_str()),
        ("AWS_SECRET_ACCESS_KEY", keys.secret_access_key.expose()),
    ] {
        say(&format!("  export {name}={value}"));
    }
    say("\nand then, for instance:\n");
    say(&format!(
        "  aws cognito-identity get-open-id-token-for-developer-identity \\\n    \
         --identity-pool-id {pool} --logins {}=user-2",
        journey::PROVIDER
    ));
    say(&format!("  aws s3 ls --recursive s3://{}", journey::BUCKET));
}

fn config(plan: &Plan<'_>, folder: &Path, root: RootKey) -> Result<Config, Failure> {
    let flags = vec![
        ("listen", plan.listen.to_owned()),
        ("data", folder.display().to_string()),
        ("dev", "true".to_owned()),
    ];
    let inputs = Inputs {
        flags,
        variables: Vec::new(),
        default_file: folder.join("none"),
    };
    let mut config = config::load(&inputs)?;
    config.root = Some(root);
    Ok(config)
}

/// A root key for this run.
fn root_key() -> Result<RootKey, Failure> {
    const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let failed = |error: &dyn std::fmt::Display| Failure::unexpected(error.to_string());
    let id: String = random::<16>()?
        .iter()
        .filter_map(|byte| {
            LETTERS
                .get(usize::from(byte % 32))
                .map(|letter| char::from(*letter))
        })
        .collect();
    let secret = STANDARD.encode(random::<30>()?);
    Ok(RootKey {
        access_key_id: format!("AKIA{id}")
            .parse()
            .map_err(|error| failed(&error))?,
        secret_access_key: secret.parse().map_err(|error| failed(&error))?,
    })
}

fn random<const N: usize>() -> Result<[u8; N], Failure> {
    let mut bytes = [0; N];
    let filled = SystemEntropy.fill(&mut bytes);
    filled.map_err(|error| Failure::unexpected(error.to_string()))?;
    Ok(bytes)
}

/// The folder of one demo; a temporary one goes when the demo ends.
#[derive(Debug)]
struct Stage {
    folder: PathBuf,
    temporary: bool,
}

impl Stage {
    fn new(folder: Option<&str>) -> Result<Self, Failure> {
        let Some(folder) = folder else {
            let number = u64::from_be_bytes(random()?);
            let folder = std::env::temp_dir().join(format!("daypass-demo-{number:016x}"));
            return Ok(Self {
                folder,
                temporary: true,
            });
        };
        let folder = PathBuf::from(folder);
        if std::fs::read_dir(&folder).is_ok_and(|mut entries| entries.next().is_some()) {
            return Err(Failure::configuration(format!(
                "`{}` is not empty; the demo makes everything fresh and leaves existing data alone",
                folder.display()
            )));
        }
        Ok(Self {
            folder,
            temporary: false,
        })
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        if self.temporary {
            // What cannot be removed now is in the folder the system cleans.
            let _left = std::fs::remove_dir_all(&self.folder);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s76_two_runs_have_different_keys() {
        let (first, second) = (root_key().unwrap(), root_key().unwrap());
        assert_ne!(first.access_key_id, second.access_key_id);
        assert_ne!(first.secret_access_key, second.secret_access_key);
        assert_eq!(first.access_key_id.as_str().len(), 20);
        assert_eq!(first.secret_access_key.expose().len(), 40);
    }

    #[test]
    fn the_demo_leaves_existing_data_alone() {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().to_str().unwrap();
        assert!(Stage::new(Some(folder)).is_ok());
        std::fs::write(place.path().join("daypass.db"), "content").unwrap();
        assert!(Stage::new(Some(folder)).is_err());
        assert!(place.path().join("daypass.db").exists());
    }

    #[test]
    fn a_temporary_stage_goes_with_the_demo() {
        let stage = Stage::new(None).unwrap();
        let folder = stage.folder.clone();
        std::fs::create_dir_all(folder.join("objects")).unwrap();
        drop(stage);
        assert!(!folder.exists());
    }
}
