//! What an operation is, and the walk every operation takes.
//!
//! Authenticate, decode, authorize, call: in this order, for every face, as plain function calls.

use std::future::Future;
use std::time::Duration;

use crate::env::Env;
use crate::error::Failure;
use crate::guard::{Admission, FaceRules, Need};
use crate::incoming::Incoming;

/// One operation of one face.
pub(crate) trait Operation: 'static {
    /// Its wire name.
    const NAME: &'static str;
    /// The errors of its own that it may return, beside the common ones of its face.
    const ERRORS: &'static [&'static str];
    /// What admits a request to it: `Public` or `Permit`.
    type Admission: Admission;
    /// What it is asked.
    type Input: Send + Sync;
    /// What it answers.
    type Output: Send;

    /// The permissions a caller needs, all of them. Without any, a valid signature is enough.
    fn needs(
        env: &Env,
        input: &Self::Input,
    ) -> impl Future<Output = Result<Vec<Need>, Failure>> + Send;

    /// Does it. Its only effect is its one transaction.
    fn call(
        env: &Env,
        admission: Self::Admission,
        input: Self::Input,
    ) -> impl Future<Output = Result<Self::Output, Failure>> + Send;
}

/// How often an operation is run again after another transaction got there first.
///
/// **Source**: limits table of the reliability and security page, section 3.
const CONFLICT_RETRIES_MAX: u32 = 8;
const BACKOFF_MILLIS_MIN: u64 = 2;
const BACKOFF_MILLIS_MAX: u64 = 200;

/// Takes a request through an operation.
///
/// **Errors**: [`Failure::Conflict`] only after every retry met another transaction, too.
pub(crate) async fn perform<O: Operation>(
    env: &Env,
    incoming: &Incoming,
    rules: &FaceRules,
    decode: impl Fn() -> Result<O::Input, Failure>,
) -> Result<O::Output, Failure> {
    for attempt in 0..=CONFLICT_RETRIES_MAX {
        match once::<O>(env, incoming, rules, &decode, attempt == 0).await {
            Err(Failure::Conflict) => back_off(env, attempt).await?,
            other => return other,
        }
    }
    Err(Failure::Conflict)
}

/// One run. After a conflict everything is done again, so a changed permission counts, too.
async fn once<O: Operation>(
    env: &Env,
    incoming: &Incoming,
    rules: &FaceRules,
    decode: &impl Fn() -> Result<O::Input, Failure>,
    first: bool,
) -> Result<O::Output, Failure> {
    let caller = O::Admission::authenticate(env, incoming, rules).await?;
    if first {
        // After the signature: who has none uses up nobody's rate but their own.
        env.quota().operation(O::NAME, &incoming.circumstances)?;
    }
    let input = decode()?;
    let needs = O::needs(env, &input).await?;
    let admission = O::Admission::authorize(env, caller, &incoming.circumstances, &needs).await?;
    O::call(env, admission, input).await
}

async fn back_off(env: &Env, attempt: u32) -> Result<(), Failure> {
    let ceiling = BACKOFF_MILLIS_MAX.min(BACKOFF_MILLIS_MIN << attempt.min(16));
    let chance = u64::from_be_bytes(env.random()?);
    tokio::time::sleep(Duration::from_millis(chance % (ceiling + 1))).await;
    Ok(())
}
