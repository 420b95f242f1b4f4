//! `CountIdentities`: how many identities a pool has, counted up to a limit.
//!
//! **Source**: decided here: docs/decisions/0005-a-small-face-of-own-reads.md.
//! **Errors**: `ResourceNotFoundException`, and the common set.

use daypass_core::ids::IdentityPoolId;
use daypass_wire::json::{Answer, Members};

use super::need_on_pool;
use crate::aws_json::{JsonInput, JsonOutput};
use crate::cognito::{error, load_pool, shapes};
use crate::env::Env;
use crate::error::Failure;
use crate::guard::{Need, Permit};
use crate::operation::Operation;

/// Identities counted before the count stops: one that reads further would keep the store busy.
const IDENTITIES_COUNTED_MAX: usize = 10_000;

pub(super) struct CountIdentities;

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

pub(super) struct Output {
    count: usize,
    complete: bool,
}

impl JsonOutput for Output {
    fn write(self) -> Option<Answer> {
        let count = i64::try_from(self.count).unwrap_or(i64::MAX);
        let answer = Answer::new()
            .integer("Count", count)
            .flag("Complete", self.complete);
        Some(answer)
    }
}

impl Operation for CountIdentities {
    const NAME: &'static str = "CountIdentities";
    const ERRORS: &'static [&'static str] = &[error::RESOURCE_NOT_FOUND];
    type Admission = Permit;
    type Input = Input;
    type Output = Output;

    async fn needs(env: &Env, input: &Input) -> Result<Vec<Need>, Failure> {
        Ok(vec![need_on_pool(env, Self::NAME, &input.pool_id)])
    }

    async fn call(env: &Env, _: Permit, input: Input) -> Result<Output, Failure> {
        let mut records = env.read().await?;
        let pool = load_pool(&mut records, &input.pool_id).await?;
        let one_more = IDENTITIES_COUNTED_MAX.saturating_add(1);
        let found = records.count_identities(&pool.id, one_more).await?;
        Ok(Output {
            count: found.min(IDENTITIES_COUNTED_MAX),
            complete: found <= IDENTITIES_COUNTED_MAX,
        })
    }
}
