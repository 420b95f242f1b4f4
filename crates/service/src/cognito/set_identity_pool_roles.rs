//! `SetIdentityPoolRoles`: name the roles that identities of a pool get.
//!
//! Default roles and role mappings are replaced together, as a whole: what is left out is taken
//! away.
//!
//! **Source**: Cognito identity API reference, *SetIdentityPoolRoles*; contract page section 2.6;
//! requirement S63.
//! **Errors**: `ResourceNotFoundException`, `NotAuthorizedException` for a role the caller may not
//! pass or that there is not, `InvalidParameterException` for role mappings of no provider of the
//! pool or that are not whole, `ConcurrentModificationException`, and the common set. The documented
//! `ResourceConflictException` has no known cause and is never raised.

use std::collections::{BTreeMap, BTreeSet};

use daypass_core::COGNITO_PROVIDER;
use daypass_core::ids::IdentityPoolId;
use daypass_core::pool::Roles;
use daypass_core::role::name_in_arn;
use daypass_core::role_mapping::{self, RoleMappingParts};
use daypass_wire::constraint::{MapRule, Text};
use daypass_wire::json::Members;
use daypass_wire::pattern;

use super::{error, load_pool, need_anywhere, role_mappings, shapes};
use crate::aws_json::JsonInput;
use crate::env::Env;
use crate::error::Failure;
use crate::guard::{Need, Permit};
use crate::operation::Operation;

const ROLES: MapRule = MapRule {
    max_entries: 2,
    key: Text::length(1, 128).matching(pattern::AUTHENTICATED_OR_NOT),
    value: shapes::ARN,
    sensitive: false,
};

pub(super) struct SetIdentityPoolRoles;

pub(super) struct Input {
    pool_id: IdentityPoolId,
    roles: BTreeMap<String, String>,
    mappings: BTreeMap<String, RoleMappingParts>,
}

impl JsonInput for Input {
    fn read(members: &mut Members<'_>) -> Self {
        Self {
            pool_id: shapes::pool_id(members),
            roles: members.required_map("Roles", &ROLES),
            mappings: role_mappings::read(members),
        }
    }
}

impl Input {
    /// Every role that is named, each once: the default ones and those of rules.
    fn role_arns(&self) -> BTreeSet<String> {
        let mappings = self.mappings.values();
        let rules = mappings.flat_map(|mapping| mapping.rules.iter().flatten());
        let given = rules.map(|rule| &rule.role_arn);
        self.roles.values().chain(given).cloned().collect()
    }
}

impl Operation for SetIdentityPoolRoles {
    const NAME: &'static str = "SetIdentityPoolRoles";
    const ERRORS: &'static [&'static str] = &[
        error::CONCURRENT_MODIFICATION,
        error::INVALID_PARAMETER,
        error::NOT_AUTHORIZED,
        error::RESOURCE_NOT_FOUND,
    ];
    type Admission = Permit;
    type Input = Input;
    type Output = ();

    async fn needs(_: &Env, _: &Input) -> Result<Vec<Need>, Failure> {
        Ok(vec![need_anywhere(Self::NAME)])
    }

    async fn call(env: &Env, permit: Permit, input: Input) -> Result<(), Failure> {
        let arns = input.role_arns();
        for arn in &arns {
            require_passable(env, &permit, arn).await?;
        }
        let mut records = env.write().await?;
        let mut pool = load_pool(&mut records, &input.pool_id).await?;
        let mappings = role_mapping::check(&pool.settings, input.mappings);
        pool.role_mappings = mappings.map_err(|why| role_mappings::refuse(&why))?;
        for arn in &arns {
            let name = name_in_arn(arn, env.account()).unwrap_or_default();
            let role = records.role(name).await?;
            if role.is_none_or(|role| role.arn(env.account()) != *arn) {
                return Err(error::role_forbidden(arn).into());
            }
        }
        pool.roles = Roles {
            authenticated: input.roles.get("authenticated").cloned(),
            unauthenticated: input.roles.get("unauthenticated").cloned(),
        };
        records.put_pool(&pool).await?;
        records.commit().await?;
        Ok(())
    }
}

/// Handing a role to users is handing on its rights: the caller needs the right to do so.
async fn require_passable(env: &Env, permit: &Permit, arn: &str) -> Result<(), Failure> {
    let need = Need::new("iam:PassRole", arn).with("iam:PassedToService", COGNITO_PROVIDER);
    match permit.also(env, &need).await? {
        None => Ok(()),
        Some(_) => Err(error::role_forbidden(arn).into()),
    }
}
