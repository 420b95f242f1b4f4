//! `GetRolePolicy`: the document of an inline policy of a role.
//!
//! **Source**: IAM API reference, *GetRolePolicy*.
//! **Errors**: `NoSuchEntity`, and the common set.

use daypass_wire::query::Members;
use daypass_wire::xml::Element;

use super::{error, roles, shapes};
use crate::aws_query::{QueryInput, QueryOutput};
use crate::env::Env;
use crate::error::Failure;
use crate::guard::{Need, Permit};
use crate::operation::Operation;

pub(super) struct GetRolePolicy;

pub(super) struct Input {
    role_name: String,
    policy_name: String,
}

impl QueryInput for Input {
    fn read(members: &mut Members<'_>) -> Self {
        Self {
            role_name: members.required_text("RoleName", &shapes::NAME),
            policy_name: members.required_text("PolicyName", &shapes::LONG_NAME),
        }
    }
}

pub(super) struct Output {
    role_name: String,
    policy_name: String,
    document: String,
}

impl QueryOutput for Output {
    fn write(self) -> Option<Element> {
        let result = Element::new("GetRolePolicyResult")
            .text("RoleName", self.role_name)
            .text("PolicyName", self.policy_name)
            .text("PolicyDocument", shapes::document(&self.document));
        Some(result)
    }
}

impl Operation for GetRolePolicy {
    const NAME: &'static str = "GetRolePolicy";
    const ERRORS: &'static [&'static str] = &[error::NO_SUCH_ENTITY];
    type Admission = Permit;
    type Input = Input;
    type Output = Output;

    async fn needs(env: &Env, input: &Input) -> Result<Vec<Need>, Failure> {
        shapes::check_name("policyName", &input.policy_name)?;
        Ok(vec![roles::need(env, Self::NAME, &input.role_name).await?])
    }

    async fn call(env: &Env, _: Permit, input: Input) -> Result<Output, Failure> {
        let mut records = env.read().await?;
        let mut role = roles::existing(&mut records, &input.role_name).await?;
        let (policy_name, document) = role
            .grants
            .inline
            .remove_entry(&input.policy_name)
            .ok_or_else(|| error::no_such_inline_policy("role", &input.policy_name))?;
        Ok(Output {
            role_name: role.name,
            policy_name,
            document,
        })
    }
}
