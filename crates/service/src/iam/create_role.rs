//! `CreateRole`: make a role that someone may assume.
//!
//! **Source**: IAM API reference, *CreateRole*; contract page sections 4.2 to 4.4.
//! **Errors**: `EntityAlreadyExists`, `LimitExceeded`, `MalformedPolicyDocument`, `InvalidInput`
//! for tags or the boundary's ARN, `NoSuchEntity` for a boundary that does not exist, and the
//! common set. The documented `ConcurrentModification` never shows: what collides is run again.

use daypass_core::ids::{AccountId, UniqueId};
use daypass_core::limits::SESSION_SECONDS_DEFAULT;
use daypass_core::role::Role;
use daypass_core::time::Lifetime;
use daypass_core::user::Grants;
use daypass_wire::query::Members;
use daypass_wire::xml::Element;

use super::limits::ROLES_MAX;
use super::{documents, error, managed, roles, shapes, tags};
use crate::aws_query::{QueryInput, QueryOutput};
use crate::env::Env;
use crate::error::Failure;
use crate::guard::{Need, Permit};
use crate::operation::Operation;

pub(super) struct CreateRole;

pub(super) struct Input {
    path: String,
    role_name: String,
    trust_policy: String,
    description: Option<String>,
    session_seconds_max: Option<i64>,
    boundary: Option<String>,
    tags: tags::Given,
}

impl QueryInput for Input {
    fn read(members: &mut Members<'_>) -> Self {
        Self {
            path: shapes::path(members),
            role_name: members.required_text("RoleName", &shapes::NAME),
            trust_policy: members.required_text("AssumeRolePolicyDocument", &shapes::DOCUMENT),
            description: members.optional_text("Description", &shapes::DESCRIPTION),
            session_seconds_max: members
                .optional_integer("MaxSessionDuration", &shapes::SESSION_SECONDS),
            boundary: members.optional_text("PermissionsBoundary", &shapes::ARN),
            tags: tags::read(members),
        }
    }
}

pub(super) struct Output {
    account: AccountId,
    role: Role,
}

impl QueryOutput for Output {
    fn write(self) -> Option<Element> {
        let role = shapes::role(&self.account, &self.role);
        Some(Element::new("CreateRoleResult").child(role))
    }
}

impl Operation for CreateRole {
    const NAME: &'static str = "CreateRole";
    const ERRORS: &'static [&'static str] = &[
        error::ENTITY_ALREADY_EXISTS,
        error::INVALID_INPUT,
        error::LIMIT_EXCEEDED,
        error::MALFORMED_POLICY_DOCUMENT,
        error::NO_SUCH_ENTITY,
    ];
    type Admission = Permit;
    type Input = Input;
    type Output = Output;

    async fn needs(env: &Env, input: &Input) -> Result<Vec<Need>, Failure> {
        shapes::check_name("roleName", &input.role_name)?;
        shapes::check_path(&input.path)?;
        let arn = roles::arn(env.account(), &input.path, &input.role_name);
        let mut need = tags::requested(Need::new("iam:CreateRole", &arn), &input.tags);
        if let Some(boundary) = &input.boundary {
            need = need.with("iam:PermissionsBoundary", boundary);
        }
        let mut needs = vec![need];
        if !input.tags.is_empty() {
            needs.push(tags::requested(Need::new("iam:TagRole", arn), &input.tags));
        }
        Ok(needs)
    }

    async fn call(env: &Env, permit: Permit, input: Input) -> Result<Output, Failure> {
        let account = env.account();
        let tags = tags::ROLE.fresh(&input.tags)?;
        let mut records = env.write().await?;
        if records.role(&input.role_name).await?.is_some() {
            let message = format!("Role with name {} already exists.", input.role_name);
            return Err(error::already_exists(message).into());
        }
        if records.count_roles(ROLES_MAX).await? >= ROLES_MAX {
            return Err(error::quota("RolesPerAccount", ROLES_MAX).into());
        }
        documents::check_trust(account, &mut records, &input.trust_policy).await?;
        if let Some(boundary) = &input.boundary {
            managed::require_boundary(account, &mut records, boundary).await?;
        }
        let seconds = input.session_seconds_max.unwrap_or(SESSION_SECONDS_DEFAULT);
        let role = Role {
            name: input.role_name,
            path: input.path,
            id: UniqueId::fresh("AROA", env.random()?),
            trust_policy: input.trust_policy,
            description: input.description,
            max_session: Lifetime::from_seconds(seconds),
            grants: Grants {
                boundary: input.boundary,
                ..Grants::default()
            },
            tags,
            created: permit.circumstances().now,
        };
        records.put_role(&role).await?;
        records.commit().await?;
        Ok(Output {
            account: account.clone(),
            role,
        })
    }
}
