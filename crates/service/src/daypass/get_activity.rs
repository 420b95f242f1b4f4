//! `GetActivity`: what happened here in the last hours, in the whole deployment or in one pool.
//!
//! **Source**: decided here: docs/decisions/0005-a-small-face-of-own-reads.md.
//! **Errors**: `ResourceNotFoundException` for an unknown pool, and the common set.

use daypass_core::ids::IdentityPoolId;
use daypass_core::time::Timestamp;
use daypass_store::records::PoolActivity;
use daypass_wire::constraint::Integer;
use daypass_wire::json::{Answer, Members};

use super::{need_anywhere, need_on_pool};
use crate::activity::HOURS_TOLD_MAX;
use crate::activity::report::{HourTold, Report};
use crate::aws_json::{JsonInput, JsonOutput};
use crate::cognito::{error, load_pool, shapes};
use crate::env::Env;
use crate::error::Failure;
use crate::guard::{Need, Permit};
use crate::operation::Operation;

/// How many hours to tell of.
const HOURS: Integer = Integer::range(1, HOURS_TOLD_MAX);

/// The hours told of when none are asked for: a day.
const HOURS_DEFAULT: i64 = 24;

pub(super) struct GetActivity;

pub(super) struct Input {
    hours: i64,
    pool_id: Option<IdentityPoolId>,
}

impl JsonInput for Input {
    fn read(members: &mut Members<'_>) -> Self {
        Self {
            hours: members
                .optional_integer("Hours", &HOURS)
                .unwrap_or(HOURS_DEFAULT),
            pool_id: shapes::optional_pool_id(members),
        }
    }
}

pub(super) struct Output {
    now: Timestamp,
    report: Report,
}

impl JsonOutput for Output {
    fn write(self) -> Option<Answer> {
        let Report {
            hours,
            refusals,
            logins,
            pools,
            identities_this_month,
        } = self.report;
        let since = hours.first().map_or(0, |hour| hour.start);
        let counted = |name: &'static str| {
            move |(key, count): (String, u64)| {
                let line = Answer::new().text(name, &key);
                line.integer("Count", integer(count))
            }
        };
        let answer = Answer::new()
            .integer("Since", since)
            .integer("Now", self.now.seconds())
            .structures("Hours", hours.into_iter().map(hour))
            .structures("Refusals", refusals.into_iter().map(counted("Reason")))
            .structures("Logins", logins.into_iter().map(counted("Provider")))
            .structures("Pools", pools.into_iter().map(pool))
            .integer("IdentitiesThisMonth", integer(identities_this_month));
        Some(answer)
    }
}

fn hour(told: HourTold) -> Answer {
    Answer::new()
        .integer("Hour", told.start)
        .integer("Tokens", integer(told.tokens))
        .integer("Credentials", integer(told.credentials))
        .integer("NewIdentities", integer(told.new_identities))
        .integer("Refusals", integer(told.refusals))
}

fn pool((id, counts): (String, PoolActivity)) -> Answer {
    Answer::new()
        .text("IdentityPoolId", &id)
        .integer("Tokens", integer(counts.tokens))
        .integer("Credentials", integer(counts.credentials))
        .integer("NewIdentities", integer(counts.new_identities))
        .optional_integer("LastIssued", counts.last_issued)
}

/// A count as JSON integers are written; none of ours comes near the end.
fn integer(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

impl Operation for GetActivity {
    const NAME: &'static str = "GetActivity";
    const ERRORS: &'static [&'static str] = &[error::RESOURCE_NOT_FOUND];
    type Admission = Permit;
    type Input = Input;
    type Output = Output;

    async fn needs(env: &Env, input: &Input) -> Result<Vec<Need>, Failure> {
        Ok(vec![match &input.pool_id {
            None => need_anywhere(Self::NAME),
            Some(pool) => need_on_pool(env, Self::NAME, pool),
        }])
    }

    async fn call(env: &Env, permit: Permit, input: Input) -> Result<Output, Failure> {
        let now = permit.circumstances().now;
        if let Some(pool) = &input.pool_id {
            load_pool(&mut env.read().await?, pool).await?;
        }
        let pool = input.pool_id.as_ref().map(IdentityPoolId::as_str);
        Ok(Output {
            now,
            report: env.activity().report(now, input.hours, pool),
        })
    }
}
