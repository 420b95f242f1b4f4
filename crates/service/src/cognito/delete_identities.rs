//! `DeleteIdentities`: remove identities, each with its logins.
//!
//! Which pool an id belongs to is known only from its record, so permission is decided for each id
//! on its own, as one policy may allow one pool and not another. A caller who may delete none of
//! them is refused as a whole; otherwise the answer names the ids that were left alone.
//!
//! **Source**: Cognito identity API reference, *DeleteIdentities*; contract page sections 2.16 and
//! 8.1.
//! **Errors**: the common set. The documented `InvalidParameterException` has no cause: what an id
//! looks like and how many there are is a constraint.

use daypass_core::identity::Identity;
use daypass_core::ids::IdentityId;
use daypass_store::records::{RecordError, Records};
use daypass_wire::json::{Answer, Members};

use super::{need_anywhere, pool_arn, shapes};
use crate::aws_json::{JsonInput, JsonOutput};
use crate::env::Env;
use crate::error::{Failure, chain};
use crate::guard::{Denial, Need, Permit};
use crate::operation::Operation;

pub(super) struct DeleteIdentities;

pub(super) struct Input {
    identity_ids: Vec<IdentityId>,
}

impl JsonInput for Input {
    fn read(members: &mut Members<'_>) -> Self {
        Self {
            identity_ids: shapes::identity_ids(members, "IdentityIdsToDelete"),
        }
    }
}

/// Why one id was left alone.
///
/// **Source**: Cognito identity API reference, shape *UnprocessedIdentityId*.
#[derive(Clone, Copy)]
enum Unprocessed {
    Denied,
    Unreadable,
}

impl Unprocessed {
    fn code(self) -> &'static str {
        match self {
            Self::Denied => "AccessDenied",
            Self::Unreadable => "InternalServerError",
        }
    }
}

pub(super) struct Output {
    unprocessed: Vec<(IdentityId, Unprocessed)>,
}

impl JsonOutput for Output {
    fn write(self) -> Option<Answer> {
        let entries = self.unprocessed.iter().map(|(id, why)| {
            Answer::new()
                .text("IdentityId", id.as_str())
                .text("ErrorCode", why.code())
        });
        Some(Answer::new().structures("UnprocessedIdentityIds", entries))
    }
}

impl Operation for DeleteIdentities {
    const NAME: &'static str = "DeleteIdentities";
    const ERRORS: &'static [&'static str] = &[];
    type Admission = Permit;
    type Input = Input;
    type Output = Output;

    /// None for all of them together: `call` asks for each id.
    async fn needs(_: &Env, _: &Input) -> Result<Vec<Need>, Failure> {
        Ok(Vec::new())
    }

    async fn call(env: &Env, permit: Permit, input: Input) -> Result<Output, Failure> {
        let mut unprocessed = Vec::new();
        let mut allowed = Vec::new();
        let mut refused = None;
        for id in input.identity_ids {
            match denial(env, &permit, &id).await? {
                None => allowed.push(id),
                Some(denial) => {
                    refused.get_or_insert(denial);
                    unprocessed.push((id, Unprocessed::Denied));
                }
            }
        }
        if let (Some(denial), true) = (refused, allowed.is_empty()) {
            return Err(Failure::Denied(Box::new(denial)));
        }
        let mut records = env.write().await?;
        for id in allowed {
            match find(&mut records, &id).await? {
                Found::Identity(identity) => records.delete_identity(&identity).await?,
                // An id that nobody has is as good as deleted.
                Found::Nothing => {}
                Found::Unreadable(error) => {
                    let cause = chain(&error);
                    tracing::error!(target: "daypass::records", cause, "an identity was not deleted");
                    unprocessed.push((id, Unprocessed::Unreadable));
                }
            }
        }
        records.commit().await?;
        Ok(Output { unprocessed })
    }
}

/// Why the caller may not delete this identity, if so. IAM knows no resource for this action, only
/// the key that names the pool.
async fn denial(env: &Env, permit: &Permit, id: &IdentityId) -> Result<Option<Denial>, Failure> {
    let mut records = env.read().await?;
    let mut need = need_anywhere(DeleteIdentities::NAME);
    if let Found::Identity(identity) = find(&mut records, id).await? {
        let arn = pool_arn(env, &identity.pool_id);
        need = need.with("cognito-identity:IdentityPoolArn", arn);
    }
    drop(records);
    permit.also(env, &need).await
}

enum Found {
    Identity(Box<Identity>),
    Nothing,
    Unreadable(RecordError),
}

/// One record that does not read spoils its own deletion and no other's.
async fn find(records: &mut Records, id: &IdentityId) -> Result<Found, Failure> {
    match records.identity(id).await {
        Ok(Some(identity)) => Ok(Found::Identity(Box::new(identity))),
        Ok(None) => Ok(Found::Nothing),
        Err(error @ RecordError::Undecodable { .. }) => Ok(Found::Unreadable(error)),
        Err(error) => Err(error.into()),
    }
}
