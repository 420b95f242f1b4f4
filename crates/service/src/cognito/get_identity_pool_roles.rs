//! `GetIdentityPoolRoles`: the roles that identities of a pool get.
//!
//! Role mappings are left out when there are none.
//!
//! **Source**: Cognito identity API reference, *GetIdentityPoolRoles*; contract page section 2.7.
//! **Errors**: `ResourceNotFoundException`, and the common set.

use daypass_core::ids::IdentityPoolId;
use daypass_core::pool::IdentityPool;
use daypass_wire::json::{Answer, Members};

use super::{error, load_pool, need_on_pool, role_mappings, shapes};
use crate::aws_json::{JsonInput, JsonOutput};
use crate::env::Env;
use crate::error::Failure;
use crate::guard::{Need, Permit};
use crate::operation::Operation;

pub(super) struct GetIdentityPoolRoles;

pub(super) struct Input {
    pool_id: IdentityPoolId,
}

impl JsonInput for Input {
    fn read(members: &mut Members<'_>) -> Self {
        Self {
            pool_id: shapes::pool_id(members),
        }
    }
}

pub(super) struct Output(IdentityPool);

impl JsonOutput for Output {
    fn write(self) -> Option<Answer> {
        let roles = &self.0.roles;
        let entries = [
            ("authenticated", roles.authenticated.as_deref()),
            ("unauthenticated", roles.unauthenticated.as_deref()),
        ];
        let roles = entries
            .into_iter()
            .filter_map(|(kind, arn)| Some((kind, arn?)));
        let answer = Answer::new()
            .text("IdentityPoolId", self.0.id.as_str())
            .map("Roles", roles);
        let mappings = &self.0.role_mappings;
        Some(if mappings.is_empty() {
            answer
        } else {
            answer.structure_map("RoleMappings", role_mappings::write(mappings))
        })
    }
}

impl Operation for GetIdentityPoolRoles {
    const NAME: &'static str = "GetIdentityPoolRoles";
    const ERRORS: &'static [&'static str] = &[error::RESOURCE_NOT_FOUND];
    type Admission = Permit;
    type Input = Input;
    type Output = Output;

    async fn needs(env: &Env, input: &Input) -> Result<Vec<Need>, Failure> {
        Ok(vec![need_on_pool(env, Self::NAME, &input.pool_id).await?])
    }

    async fn call(env: &Env, _: Permit, input: Input) -> Result<Output, Failure> {
        let mut records = env.read().await?;
        Ok(Output(load_pool(&mut records, &input.pool_id).await?))
    }
}
