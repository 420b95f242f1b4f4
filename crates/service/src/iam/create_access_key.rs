//! `CreateAccessKey`: a key pair for a user or, where the root user asks for itself, for the root
//! user. The secret is in this answer and nowhere else in the open.
//!
//! A role session gets here only through its policies, boundary and session policies included, and
//! credentials of `GetSessionToken` do not get here at all: temporary credentials never make more
//! of themselves than policies say.
//!
//! **Source**: IAM API reference, *CreateAccessKey*; contract page section 4.4; requirement S53.
//! **Errors**: `NoSuchEntity`, `LimitExceeded` past two keys, `ValidationError` for a role session
//! that names no user, and the common set.

use daypass_core::user::{AccessKey, KeyStatus};
use daypass_wire::query::Members;
use daypass_wire::time::iso8601;
use daypass_wire::xml::Element;

use super::limits::ACCESS_KEYS_PER_USER_MAX;
use super::users::{self, Owner};
use super::{error, shapes};
use crate::aws_query::{QueryInput, QueryOutput};
use crate::credentials;
use crate::env::Env;
use crate::error::Failure;
use crate::guard::{Need, Permit};
use crate::operation::Operation;

pub(super) struct CreateAccessKey;

pub(super) struct Input {
    user_name: Option<String>,
}

impl QueryInput for Input {
    fn read(members: &mut Members<'_>) -> Self {
        Self {
            user_name: members.optional_text("UserName", &shapes::LONG_NAME),
        }
    }
}

pub(super) struct Output(AccessKey);

impl QueryOutput for Output {
    fn write(self) -> Option<Element> {
        let key = Element::new("AccessKey")
            .text("UserName", users::owner_name(&self.0))
            .text("AccessKeyId", self.0.id.as_str())
            .text("Status", users::status(self.0.status))
            .text("SecretAccessKey", self.0.secret.expose())
            .text("CreateDate", iso8601(self.0.created.seconds()));
        Some(Element::new("CreateAccessKeyResult").child(key))
    }
}

impl Operation for CreateAccessKey {
    const NAME: &'static str = "CreateAccessKey";
    const ERRORS: &'static [&'static str] = &[error::NO_SUCH_ENTITY, error::LIMIT_EXCEEDED];
    type Admission = Permit;
    type Input = Input;
    type Output = Output;

    /// Whose key it is depends on who asks; [`Owner::admitted`] decides.
    async fn needs(_: &Env, _: &Input) -> Result<Vec<Need>, Failure> {
        Ok(Vec::new())
    }

    async fn call(env: &Env, permit: Permit, input: Input) -> Result<Output, Failure> {
        let owner = Owner::admitted(env, &permit, Self::NAME, input.user_name.as_deref()).await?;
        let mut records = env.write().await?;
        let owner = owner.again(&mut records).await?;
        let keys = records.access_keys_of(owner.name()).await?;
        if keys.len() >= ACCESS_KEYS_PER_USER_MAX {
            return Err(error::quota("AccessKeysPerUser", ACCESS_KEYS_PER_USER_MAX).into());
        }
        let key = AccessKey {
            id: credentials::fresh_access_key_id(env, "AKIA")?,
            user_name: owner.name().map(str::to_owned),
            secret: credentials::fresh_secret(env)?,
            status: KeyStatus::Active,
            created: permit.circumstances().now,
        };
        records.put_access_key(&key, env.random()?).await?;
        records.commit().await?;
        Ok(Output(key))
    }
}
