//! `GetPolicyVersion`: one version of a managed policy with its document.
//!
//! **Source**: IAM API reference, *GetPolicyVersion*.
//! **Errors**: `NoSuchEntity`, `InvalidInput` for an ARN that is no policy's, and the common set.

use daypass_core::managed_policy::PolicyVersion;
use daypass_wire::query::Members;
use daypass_wire::xml::Element;

use super::{error, managed, shapes};
use crate::aws_query::{QueryInput, QueryOutput};
use crate::env::Env;
use crate::error::Failure;
use crate::guard::{Need, Permit};
use crate::operation::Operation;

pub(super) struct GetPolicyVersion;

pub(super) struct Input {
    policy_arn: String,
    version_id: String,
}

impl QueryInput for Input {
    fn read(members: &mut Members<'_>) -> Self {
        Self {
            policy_arn: members.required_text("PolicyArn", &shapes::ARN),
            version_id: members.required_text("VersionId", &shapes::VERSION_ID),
        }
    }
}

pub(super) struct Output {
    number: u32,
    version: PolicyVersion,
    is_default: bool,
}

impl QueryOutput for Output {
    fn write(self) -> Option<Element> {
        let version = managed::version(self.number, &self.version, self.is_default);
        Some(Element::new("GetPolicyVersionResult").child(version))
    }
}

impl Operation for GetPolicyVersion {
    const NAME: &'static str = "GetPolicyVersion";
    const ERRORS: &'static [&'static str] = &[error::INVALID_INPUT, error::NO_SUCH_ENTITY];
    type Admission = Permit;
    type Input = Input;
    type Output = Output;

    async fn needs(env: &Env, input: &Input) -> Result<Vec<Need>, Failure> {
        Ok(vec![
            managed::need(env, Self::NAME, &input.policy_arn).await?,
        ])
    }

    async fn call(env: &Env, _: Permit, input: Input) -> Result<Output, Failure> {
        let arn = &input.policy_arn;
        let mut records = env.read().await?;
        let mut policy = managed::existing(env.account(), &mut records, arn)
            .await?
            .policy;
        let number = managed::version_number(&policy, arn, &input.version_id)?;
        let version = policy.versions.remove(&number);
        Ok(Output {
            number,
            version: version.ok_or_else(|| error::no_such_version(arn, &input.version_id))?,
            is_default: policy.default_version == number,
        })
    }
}
