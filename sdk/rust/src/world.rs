//! Who calls whom: clients with the keys of the root, a backend or a user, and the assertions.

use std::error::Error;
use std::fmt::Debug;
use std::time::{SystemTime, UNIX_EPOCH};

use aws_credential_types::Credentials;
use aws_sdk_cognitoidentity::error::{ProvideErrorMetadata, SdkError};
use aws_smithy_http_client::Builder;

/// What a step answers: nothing, or the first thing that did not hold.
pub type Outcome<T = ()> = Result<T, Box<dyn Error>>;

/// The name under which developer identities present their own tokens.
pub const OWN_LOGIN: &str = "cognito-identity.amazonaws.com";

/// The server and the names this run makes there.
pub struct World {
    pub endpoint: String,
    pub root: Credentials,
    pub run: String,
    pub bucket: String,
    pub role: String,
}

/// One configuration for every service, without keys where none are given.
macro_rules! client {
    ($service:ident, $world:expr, $keys:expr) => {{
        let mut config = $service::Config::builder()
            .behavior_version($service::config::BehaviorVersion::latest())
            .region($service::config::Region::new("us-east-1"))
            .endpoint_url(&$world.endpoint)
            .retry_config($service::config::retry::RetryConfig::disabled())
            .http_client(Builder::new().build_http());
        config.set_credentials_provider(
            $keys
                .cloned()
                .map($service::config::SharedCredentialsProvider::new),
        );
        config
    }};
}

impl World {
    /// The server and the root's keys, as the lane hands them over.
    pub fn from_environment() -> Outcome<Self> {
        let read = |name: &str| std::env::var(name).map_err(|_| format!("{name} is not set"));
        let (id, secret) = (read("AWS_ACCESS_KEY_ID")?, read("AWS_SECRET_ACCESS_KEY")?);
        let run = format!(
            "{:x}",
            SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis()
        );
        Ok(Self {
            endpoint: read("AWS_ENDPOINT_URL")?,
            root: Credentials::from_keys(id, secret, None),
            bucket: format!("uploads-{run}"),
            role: format!("AppUser-{run}"),
            run,
        })
    }

    pub fn cognito(&self, keys: Option<&Credentials>) -> aws_sdk_cognitoidentity::Client {
        let config = client!(aws_sdk_cognitoidentity, self, keys);
        aws_sdk_cognitoidentity::Client::from_conf(config.build())
    }

    pub fn sts(&self, keys: Option<&Credentials>) -> aws_sdk_sts::Client {
        aws_sdk_sts::Client::from_conf(client!(aws_sdk_sts, self, keys).build())
    }

    pub fn iam(&self) -> aws_sdk_iam::Client {
        aws_sdk_iam::Client::from_conf(client!(aws_sdk_iam, self, Some(&self.root)).build())
    }

    pub fn s3(&self, keys: &Credentials) -> aws_sdk_s3::Client {
        let config = client!(aws_sdk_s3, self, Some(keys)).force_path_style(true);
        aws_sdk_s3::Client::from_conf(config.build())
    }
}

/// Keys whose secret is not the one that was given out.
pub fn with_wrong_secret(keys: &Credentials) -> Credentials {
    let secret: String = keys.secret_access_key().chars().rev().collect();
    Credentials::from_keys(
        keys.access_key_id(),
        format!("wrong{secret}"),
        keys.session_token().map(str::to_owned),
    )
}

pub fn step(said: impl AsRef<str>) {
    println!("ok  {}", said.as_ref());
}

/// Both are the same, or the step did not hold.
pub fn same<T: Debug + PartialEq>(got: T, wanted: T, what: &str) -> Outcome {
    if got == wanted {
        Ok(())
    } else {
        Err(format!("{what}: got {got:?}, wanted {wanted:?}").into())
    }
}

/// The call was refused with exactly this code.
pub fn refused<T, E, R>(code: &str, what: &str, answer: Result<T, SdkError<E, R>>) -> Outcome
where
    T: Debug,
    E: ProvideErrorMetadata + Debug,
    R: Debug,
{
    match answer {
        Err(error) if error.code() == Some(code) => {
            step(format!("refused with {code}: {what}"));
            Ok(())
        }
        other => Err(format!("{what}: wanted {code}, got {other:?}").into()),
    }
}
