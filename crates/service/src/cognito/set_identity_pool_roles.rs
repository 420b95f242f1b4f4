//! `SetIdentityPoolRoles`: name the roles that identities of a pool get.
//!
//! **Source**: Cognito identity API reference, *SetIdentityPoolRoles*.
//! **Errors**: `ResourceNotFoundException`, `NotAuthorizedException` for a role the caller may not
//! pass, `InvalidParameterException` for role mappings, which this version does not do yet,
//! `ConcurrentModificationException`, and the common set. The documented
//! `ResourceConflictException` has no known cause and is never raised.

use std::collections::BTreeMap;

use daypass_core::COGNITO_PROVIDER;
use daypass_core::ids::IdentityPoolId;
use daypass_core::pool::Roles;
use daypass_core::role::name_in_arn;
use daypass_wire::constraint::{MapRule, Text};
use daypass_wire::json::Members;
use daypass_wire::pattern;

use super::{error, load_pool, need_anywhere, shapes};
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

/// **Source**: Cognito identity API reference, shape *RoleMappingMap*.
const ROLE_MAPPINGS_MAX: usize = 10;

pub(super) struct SetIdentityPoolRoles;

pub(super) struct Input {
    pool_id: IdentityPoolId,
    roles: BTreeMap<String, String>,
    has_mappings: bool,
}

impl JsonInput for Input {
    fn read(members: &mut Members<'_>) -> Self {
        let mappings =
            members.optional_structure_map("RoleMappings", &Text::length(1, 128), |_| ());
        members.count("RoleMappings", 0, ROLE_MAPPINGS_MAX);
        Self {
            pool_id: shapes::pool_id(members),
            roles: members.required_map("Roles", &ROLES),
            has_mappings: mappings.is_some_and(|mappings| !mappings.is_empty()),
        }
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
        for arn in input.roles.values() {
            require_passable(env, &permit, arn).await?;
        }
        let mut records = env.write().await?;
        let mut pool = load_pool(&mut records, &input.pool_id).await?;
        if input.has_mappings {
            let message = "RoleMappings are not supported by this version yet.";
            return Err(error::invalid_parameter(message, "operation.not_yet").into());
        }
        for arn in input.roles.values() {
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
