//! `GetAccessKeyLastUsed`: when, for what and where a key was last used.
//!
//! The answer is what this process has seen since it started; `N/A` means that it has not seen the
//! key. `last_used.rs` says why, and what follows for whoever deletes keys by it.
//!
//! **Source**: IAM API reference, *GetAccessKeyLastUsed*; contract page sections 4.3 and 4.4.
//! **Errors**: `NoSuchEntity` for a key that does not exist, and the common set.

use daypass_core::user::{AccessKey, root_arn};
use daypass_proof::secret::AccessKeyId;
use daypass_wire::query::Members;
use daypass_wire::time::iso8601;
use daypass_wire::xml::Element;

use super::{error, users};
use crate::aws_query::{QueryInput, QueryOutput};
use crate::env::Env;
use crate::error::Failure;
use crate::guard::{Need, Permit};
use crate::last_used::Use;
use crate::operation::Operation;

pub(super) struct GetAccessKeyLastUsed;

pub(super) struct Input {
    access_key_id: String,
}

impl QueryInput for Input {
    fn read(members: &mut Members<'_>) -> Self {
        Self {
            access_key_id: members.required_text("AccessKeyId", &users::ACCESS_KEY_ID),
        }
    }
}

pub(super) struct Output {
    key: AccessKey,
    last: Option<Use>,
}

impl QueryOutput for Output {
    fn write(self) -> Option<Element> {
        let last = self.last.as_ref();
        let used = Element::new("AccessKeyLastUsed")
            .optional_text("LastUsedDate", last.map(|last| iso8601(last.at.seconds())))
            .text("ServiceName", last.map_or("N/A", |last| last.service))
            .text("Region", last.map_or("N/A", |last| last.region.as_str()));
        let result = Element::new("GetAccessKeyLastUsedResult")
            .text("UserName", users::owner_name(&self.key))
            .child(used);
        Some(result)
    }
}

impl Operation for GetAccessKeyLastUsed {
    const NAME: &'static str = "GetAccessKeyLastUsed";
    const ERRORS: &'static [&'static str] = &[error::NO_SUCH_ENTITY];
    type Admission = Permit;
    type Input = Input;
    type Output = Output;

    /// On the key's owner; a key nobody has is asked for on `*`.
    async fn needs(env: &Env, input: &Input) -> Result<Vec<Need>, Failure> {
        let key = find(env, &input.access_key_id).await?;
        let need = match key.map(|key| key.user_name) {
            Some(Some(name)) => users::need(env, Self::NAME, &name).await?,
            Some(None) => Need::new(users::action(Self::NAME), root_arn(env.account())),
            None => Need::new(users::action(Self::NAME), "*"),
        };
        Ok(vec![need])
    }

    async fn call(env: &Env, _: Permit, input: Input) -> Result<Output, Failure> {
        let key = find(env, &input.access_key_id).await?;
        let key = key.ok_or_else(|| error::no_such_access_key(&input.access_key_id))?;
        let last = env.last_used().of(&key.id);
        Ok(Output { key, last })
    }
}

async fn find(env: &Env, id: &str) -> Result<Option<AccessKey>, Failure> {
    let Ok(id) = id.parse::<AccessKeyId>() else {
        return Ok(None);
    };
    Ok(env.read().await?.access_key(&id).await?)
}
