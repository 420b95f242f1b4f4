//! `UpdateRole`: change what a role is for and how long its sessions may last.
//!
//! **Source**: IAM API reference, *UpdateRole*; contract page section 4.4: without
//! `MaxSessionDuration` the default of one hour is applied.
//! **Errors**: `NoSuchEntity`, and the common set. The documented `UnmodifiableEntity` is about
//! roles linked to services, and there are none.

use daypass_core::limits::SESSION_SECONDS_DEFAULT;
use daypass_core::time::Lifetime;
use daypass_wire::query::Members;
use daypass_wire::xml::Element;

use super::{error, roles, shapes};
use crate::aws_query::{QueryInput, QueryOutput};
use crate::env::Env;
use crate::error::Failure;
use crate::guard::{Need, Permit};
use crate::operation::Operation;

pub(super) struct UpdateRole;

pub(super) struct Input {
    role_name: String,
    description: Option<String>,
    session_seconds_max: Option<i64>,
}

impl QueryInput for Input {
    fn read(members: &mut Members<'_>) -> Self {
        Self {
            role_name: members.required_text("RoleName", &shapes::NAME),
            description: members.optional_text("Description", &shapes::DESCRIPTION),
            session_seconds_max: members
                .optional_integer("MaxSessionDuration", &shapes::SESSION_SECONDS),
        }
    }
}

/// An output shape without members: its element is there, and empty.
pub(super) struct Output;

impl QueryOutput for Output {
    fn write(self) -> Option<Element> {
        Some(Element::new("UpdateRoleResult"))
    }
}

impl Operation for UpdateRole {
    const NAME: &'static str = "UpdateRole";
    const ERRORS: &'static [&'static str] = &[error::NO_SUCH_ENTITY];
    type Admission = Permit;
    type Input = Input;
    type Output = Output;

    async fn needs(env: &Env, input: &Input) -> Result<Vec<Need>, Failure> {
        Ok(vec![roles::need(env, Self::NAME, &input.role_name).await?])
    }

    async fn call(env: &Env, _: Permit, input: Input) -> Result<Output, Failure> {
        let mut records = env.write().await?;
        let mut role = roles::existing(&mut records, &input.role_name).await?;
        let seconds = input.session_seconds_max.unwrap_or(SESSION_SECONDS_DEFAULT);
        role.max_session = Lifetime::from_seconds(seconds);
        if input.description.is_some() {
            role.description = input.description;
        }
        records.put_role(&role).await?;
        records.commit().await?;
        Ok(Output)
    }
}
