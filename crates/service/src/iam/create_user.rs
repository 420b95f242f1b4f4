//! `CreateUser`: a new user, without credentials and without rights.
//!
//! **Source**: IAM API reference, *CreateUser*; contract page sections 4.1 to 4.4.
//! **Errors**: `EntityAlreadyExists` for a name taken in any case, `LimitExceeded`, `InvalidInput`
//! for tags and for a boundary that is no policy ARN, `NoSuchEntity` for a boundary that does not
//! exist, and the common set. The documented `ConcurrentModification` is never raised: a conflict
//! is run again.

use daypass_core::ids::UniqueId;
use daypass_core::user::{Grants, User};
use daypass_wire::query::Members;
use daypass_wire::xml::Element;

use super::limits::USERS_MAX;
use super::{error, managed, shapes, tags, users};
use crate::aws_query::{QueryInput, QueryOutput};
use crate::env::Env;
use crate::error::Failure;
use crate::guard::{Need, Permit};
use crate::operation::Operation;

pub(super) struct CreateUser;

pub(super) struct Input {
    path: String,
    user_name: String,
    boundary: Option<String>,
    tags: tags::Given,
}

impl QueryInput for Input {
    fn read(members: &mut Members<'_>) -> Self {
        Self {
            path: shapes::path(members),
            user_name: members.required_text("UserName", &shapes::NAME),
            boundary: members.optional_text("PermissionsBoundary", &shapes::ARN),
            tags: tags::read(members),
        }
    }
}

pub(super) struct Output(Element);

impl QueryOutput for Output {
    fn write(self) -> Option<Element> {
        Some(Element::new("CreateUserResult").child(self.0))
    }
}

impl Operation for CreateUser {
    const NAME: &'static str = "CreateUser";
    const ERRORS: &'static [&'static str] = &[
        error::ENTITY_ALREADY_EXISTS,
        error::INVALID_INPUT,
        error::LIMIT_EXCEEDED,
        error::NO_SUCH_ENTITY,
    ];
    type Admission = Permit;
    type Input = Input;
    type Output = Output;

    /// Whoever gives tags needs the permission to tag, too.
    async fn needs(env: &Env, input: &Input) -> Result<Vec<Need>, Failure> {
        users::check_name(&input.user_name)?;
        shapes::check_path(&input.path)?;
        let arn = users::arn(env.account(), &input.path, &input.user_name);
        let mut create = Need::new(users::action(Self::NAME), &arn);
        if let Some(boundary) = &input.boundary {
            create = create.with("iam:PermissionsBoundary", boundary);
        }
        if input.tags.is_empty() {
            return Ok(vec![create]);
        }
        let tag = Need::new(users::action("TagUser"), &arn);
        Ok(vec![
            tags::requested(create, &input.tags),
            tags::requested(tag, &input.tags),
        ])
    }

    async fn call(env: &Env, permit: Permit, input: Input) -> Result<Output, Failure> {
        let tags = tags::USER.fresh(&input.tags)?;
        let mut records = env.write().await?;
        if records.user(&input.user_name).await?.is_some() {
            return Err(users::already_exists(&input.user_name).into());
        }
        if records.count_users(USERS_MAX).await? >= USERS_MAX {
            return Err(error::quota("UsersPerAccount", USERS_MAX).into());
        }
        if let Some(arn) = &input.boundary {
            managed::require_boundary(env.account(), &mut records, arn).await?;
        }
        let user = User {
            name: input.user_name,
            path: input.path,
            id: UniqueId::fresh("AIDA", env.random()?),
            grants: Grants {
                boundary: input.boundary,
                ..Grants::default()
            },
            tags,
            created: permit.circumstances().now,
        };
        records.put_user(&user).await?;
        records.commit().await?;
        Ok(Output(shapes::user(env.account(), &user)))
    }
}
