//! `DescribeDeployment`: what this server is, how it is set up, and which keys it signs with.
//!
//! Secrets among the settings came here as stars: the service never sees the configuration itself.
//!
//! **Source**: decided here: docs/decisions/0005-a-small-face-of-own-reads.md.
//! **Errors**: only the common set.

use daypass_core::time::Timestamp;
use daypass_proof::jwt::KeyId;
use daypass_proof::keyring::{RingKey, Stage};
use daypass_wire::json::{Answer, Members};

use super::need_anywhere;
use crate::aws_json::{JsonInput, JsonOutput};
use crate::env::Env;
use crate::error::Failure;
use crate::guard::{Need, Permit};
use crate::operation::Operation;

/// The version of all rooms of the house.
const VERSION: &str = env!("CARGO_PKG_VERSION");

pub(super) struct DescribeDeployment;

pub(super) struct Input;

impl JsonInput for Input {
    fn read(_: &mut Members<'_>) -> Self {
        Self
    }
}

pub(super) struct Output(Answer);

impl JsonOutput for Output {
    fn write(self) -> Option<Answer> {
        Some(self.0)
    }
}

impl Operation for DescribeDeployment {
    const NAME: &'static str = "DescribeDeployment";
    const ERRORS: &'static [&'static str] = &[];
    type Admission = Permit;
    type Input = Input;
    type Output = Output;

    async fn needs(_: &Env, _: &Input) -> Result<Vec<Need>, Failure> {
        Ok(vec![need_anywhere(Self::NAME)])
    }

    async fn call(env: &Env, permit: Permit, _: Input) -> Result<Output, Failure> {
        Ok(Output(describe(env, permit.circumstances().now)))
    }
}

fn describe(env: &Env, now: Timestamp) -> Answer {
    let settings = env.settings();
    let shown = settings.shown.iter().map(|setting| {
        Answer::new()
            .text("Name", &setting.name)
            .text("Value", &setting.value)
            .text("Source", &setting.source)
    });
    Answer::new()
        .text("Version", VERSION)
        .text("DeploymentId", env.deployment_id())
        .text("AccountId", env.account().as_str())
        .text("Region", env.region().as_str())
        .text("Issuer", env.issuer())
        .text("PublicUrl", &settings.public_url)
        .flag("Development", settings.dev)
        .integer("Now", now.seconds())
        .integer("StartedAt", env.started().seconds())
        .structures("Settings", shown)
        .structures("SigningKeys", env.signer().keys().iter().map(signing_key))
}

/// A signing key by its name and stage; never anything of the key itself.
fn signing_key(key: &RingKey) -> Answer {
    let (state, retired) = match key.stage() {
        Stage::Next(_) => ("next", None),
        Stage::Active(_) => ("active", None),
        Stage::Retired { since } => ("retired", Some(*since)),
    };
    Answer::new()
        .optional_text("KeyId", key.published().key_id().map(KeyId::as_str))
        .text("State", state)
        .optional_integer("RetiredAt", retired)
}
