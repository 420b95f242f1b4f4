//! `GetUserPolicy`: an inline policy of a user, as it was put.
//!
//! **Source**: IAM API reference, *GetUserPolicy*; contract page section 4.1 (percent-encoding).
//! **Errors**: `NoSuchEntity` for the user or the policy, and the common set.

use daypass_wire::query::Members;
use daypass_wire::xml::Element;

use super::{error, shapes, users};
use crate::aws_query::{QueryInput, QueryOutput};
use crate::env::Env;
use crate::error::Failure;
use crate::guard::{Need, Permit};
use crate::operation::Operation;

pub(super) struct GetUserPolicy;

pub(super) struct Input {
    user_name: String,
    policy_name: String,
}

impl QueryInput for Input {
    fn read(members: &mut Members<'_>) -> Self {
        Self {
            user_name: members.required_text("UserName", &shapes::LONG_NAME),
            policy_name: members.required_text("PolicyName", &shapes::LONG_NAME),
        }
    }
}

pub(super) struct Output {
    user_name: String,
    policy_name: String,
    document: String,
}

impl QueryOutput for Output {
    fn write(self) -> Option<Element> {
        let result = Element::new("GetUserPolicyResult")
            .text("UserName", self.user_name)
            .text("PolicyName", self.policy_name)
            .text("PolicyDocument", shapes::document(&self.document));
        Some(result)
    }
}

impl Operation for GetUserPolicy {
    const NAME: &'static str = "GetUserPolicy";
    const ERRORS: &'static [&'static str] = &[error::NO_SUCH_ENTITY];
    type Admission = Permit;
    type Input = Input;
    type Output = Output;

    async fn needs(env: &Env, input: &Input) -> Result<Vec<Need>, Failure> {
        shapes::check_name("policyName", &input.policy_name)?;
        Ok(vec![users::need(env, Self::NAME, &input.user_name).await?])
    }

    async fn call(env: &Env, _: Permit, input: Input) -> Result<Output, Failure> {
        let mut records = env.read().await?;
        let mut user = users::existing(&mut records, &input.user_name).await?;
        let document = user.grants.inline.remove(&input.policy_name);
        let missing = || error::no_such_inline_policy("user", &input.policy_name);
        Ok(Output {
            document: document.ok_or_else(missing)?,
            user_name: user.name,
            policy_name: input.policy_name,
        })
    }
}
