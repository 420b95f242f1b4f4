//! `GetPolicy`: one managed policy, its documents left out.
//!
//! **Source**: IAM API reference, *GetPolicy*.
//! **Errors**: `NoSuchEntity`, `InvalidInput` for an ARN that is no policy's, and the common set.

use daypass_wire::query::Members;
use daypass_wire::xml::Element;

use super::holders::Usage;
use super::managed::Managed;
use super::{error, managed, shapes};
use crate::aws_query::{QueryInput, QueryOutput};
use crate::env::Env;
use crate::error::Failure;
use crate::guard::{Need, Permit};
use crate::operation::Operation;

pub(super) struct GetPolicy;

pub(super) struct Input {
    policy_arn: String,
}

impl QueryInput for Input {
    fn read(members: &mut Members<'_>) -> Self {
        Self {
            policy_arn: members.required_text("PolicyArn", &shapes::ARN),
        }
    }
}

pub(super) struct Output {
    managed: Managed,
    usage: Usage,
}

impl QueryOutput for Output {
    fn write(self) -> Option<Element> {
        let policy = managed::element(&self.managed, &self.usage);
        Some(Element::new("GetPolicyResult").child(policy))
    }
}

impl Operation for GetPolicy {
    const NAME: &'static str = "GetPolicy";
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
        let mut records = env.read().await?;
        Ok(Output {
            managed: managed::existing(env.account(), &mut records, &input.policy_arn).await?,
            usage: Usage::count(&mut records).await?,
        })
    }
}
