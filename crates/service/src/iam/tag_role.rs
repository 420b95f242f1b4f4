//! `TagRole`: add tags to a role, or change their values.
//!
//! **Source**: IAM API reference, *TagRole*; contract page section 4.4.
//! **Errors**: `NoSuchEntity`, `LimitExceeded`, `InvalidInput`, and the common set. The documented
//! `ConcurrentModification` never shows: what collides is run again.

use daypass_wire::query::Members;

use super::{error, roles, shapes, tags};
use crate::aws_query::QueryInput;
use crate::env::Env;
use crate::error::Failure;
use crate::guard::{Need, Permit};
use crate::operation::Operation;

pub(super) struct TagRole;

pub(super) struct Input {
    role_name: String,
    tags: tags::Given,
}

impl QueryInput for Input {
    fn read(members: &mut Members<'_>) -> Self {
        Self {
            role_name: members.required_text("RoleName", &shapes::NAME),
            tags: tags::read_required(members),
        }
    }
}

impl Operation for TagRole {
    const NAME: &'static str = "TagRole";
    const ERRORS: &'static [&'static str] = &[
        error::INVALID_INPUT,
        error::LIMIT_EXCEEDED,
        error::NO_SUCH_ENTITY,
    ];
    type Admission = Permit;
    type Input = Input;
    type Output = ();

    async fn needs(env: &Env, input: &Input) -> Result<Vec<Need>, Failure> {
        let need = roles::need(env, Self::NAME, &input.role_name).await?;
        Ok(vec![tags::requested(need, &input.tags)])
    }

    async fn call(env: &Env, _: Permit, input: Input) -> Result<(), Failure> {
        let mut records = env.write().await?;
        let mut role = roles::existing(&mut records, &input.role_name).await?;
        tags::ROLE.put(&mut role.tags, &input.tags)?;
        records.put_role(&role).await?;
        Ok(records.commit().await?)
    }
}
