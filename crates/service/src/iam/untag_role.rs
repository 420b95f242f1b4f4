//! `UntagRole`: take tags from a role.
//!
//! **Source**: IAM API reference, *UntagRole*; contract page section 4.4.
//! **Errors**: `NoSuchEntity`, and the common set. The documented `ConcurrentModification` never
//! shows: what collides is run again.

use daypass_wire::query::Members;

use super::{error, roles, shapes, tags};
use crate::aws_query::QueryInput;
use crate::env::Env;
use crate::error::Failure;
use crate::guard::{Need, Permit};
use crate::operation::Operation;

pub(super) struct UntagRole;

pub(super) struct Input {
    role_name: String,
    tag_keys: Vec<String>,
}

impl QueryInput for Input {
    fn read(members: &mut Members<'_>) -> Self {
        Self {
            role_name: members.required_text("RoleName", &shapes::NAME),
            tag_keys: tags::read_keys(members),
        }
    }
}

impl Operation for UntagRole {
    const NAME: &'static str = "UntagRole";
    const ERRORS: &'static [&'static str] = &[error::NO_SUCH_ENTITY];
    type Admission = Permit;
    type Input = Input;
    type Output = ();

    async fn needs(env: &Env, input: &Input) -> Result<Vec<Need>, Failure> {
        let need = roles::need(env, Self::NAME, &input.role_name).await?;
        Ok(vec![tags::named(need, input.tag_keys.clone())])
    }

    async fn call(env: &Env, _: Permit, input: Input) -> Result<(), Failure> {
        let mut records = env.write().await?;
        let mut role = roles::existing(&mut records, &input.role_name).await?;
        tags::ROLE.remove(&mut role.tags, &input.tag_keys);
        records.put_role(&role).await?;
        Ok(records.commit().await?)
    }
}
