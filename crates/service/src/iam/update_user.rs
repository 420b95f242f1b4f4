//! `UpdateUser`: another name or path for a user.
//!
//! The user stays who it is: its id, its rights and its keys go along. Credentials that
//! `GetSessionToken` gave it under the old name end here.
//!
//! **Source**: IAM API reference, *UpdateUser*, which asks for the permission on the old and on the
//! new ARN.
//! **Errors**: `NoSuchEntity`, `EntityAlreadyExists` for a name another user has in any case, and
//! the common set. The documented `LimitExceeded` has no limit here that could be exceeded, and a
//! user is never temporarily unmodifiable: a conflict is run again.

use daypass_core::user::User;
use daypass_store::records::Records;
use daypass_wire::query::Members;

use super::{error, shapes, tags, users};
use crate::aws_query::QueryInput;
use crate::env::Env;
use crate::error::Failure;
use crate::guard::{Need, Permit};
use crate::operation::Operation;

pub(super) struct UpdateUser;

pub(super) struct Input {
    user_name: String,
    new_path: Option<String>,
    new_user_name: Option<String>,
}

impl QueryInput for Input {
    fn read(members: &mut Members<'_>) -> Self {
        Self {
            user_name: members.required_text("UserName", &shapes::LONG_NAME),
            new_path: members.optional_text("NewPath", &shapes::PATH),
            new_user_name: members.optional_text("NewUserName", &shapes::NAME),
        }
    }
}

impl Operation for UpdateUser {
    const NAME: &'static str = "UpdateUser";
    const ERRORS: &'static [&'static str] = &[error::ENTITY_ALREADY_EXISTS, error::NO_SUCH_ENTITY];
    type Admission = Permit;
    type Input = Input;
    type Output = ();

    async fn needs(env: &Env, input: &Input) -> Result<Vec<Need>, Failure> {
        let from = users::need(env, Self::NAME, &input.user_name).await?;
        if let Some(path) = &input.new_path {
            shapes::check_path(path)?;
        }
        if let Some(name) = &input.new_user_name {
            shapes::check_name("newUserName", name)?;
        }
        let Some(user) = env.read().await?.user(&input.user_name).await? else {
            return Ok(vec![from]);
        };
        let renamed = renamed(&user, input);
        let to = Need::new(users::action(Self::NAME), renamed.arn(env.account()));
        Ok(vec![from, tags::of_resource(to, &user.tags)])
    }

    async fn call(env: &Env, _: Permit, input: Input) -> Result<(), Failure> {
        let mut records = env.write().await?;
        let user = users::existing(&mut records, &input.user_name).await?;
        let renamed = renamed(&user, &input);
        let namesake = records.user(&renamed.name).await?;
        if namesake.is_some_and(|other| other.id != user.id) {
            return Err(users::already_exists(&renamed.name).into());
        }
        records.delete_user(&user.name).await?;
        records.put_user(&renamed).await?;
        if renamed.name != user.name {
            hand_over_keys(env, &mut records, &user, &renamed).await?;
        }
        records.commit().await?;
        Ok(())
    }
}

/// The user under its new name and path.
fn renamed(user: &User, input: &Input) -> User {
    let mut renamed = user.clone();
    if let Some(path) = &input.new_path {
        renamed.path.clone_from(path);
    }
    if let Some(name) = &input.new_user_name {
        renamed.name.clone_from(name);
    }
    renamed
}

/// Writes the user's keys again under its new name, each sealed anew.
async fn hand_over_keys(
    env: &Env,
    records: &mut Records,
    from: &User,
    to: &User,
) -> Result<(), Failure> {
    for mut key in records.access_keys_of(Some(&from.name)).await? {
        records.delete_access_key(&key).await?;
        key.user_name = Some(to.name.clone());
        records.put_access_key(&key, env.random()?).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use daypass_core::ids::UniqueId;
    use daypass_core::time::Timestamp;
    use daypass_core::user::Grants;

    use super::*;

    #[test]
    fn a_renamed_user_keeps_whatever_is_not_named_anew() {
        let user = User {
            name: "Ann".into(),
            path: "/a/".into(),
            id: UniqueId::fresh("AIDA", [1; 17]),
            grants: Grants {
                attached: ["arn:aws:iam::aws:policy/A".to_owned()].into(),
                ..Grants::default()
            },
            tags: BTreeMap::from([("Team".into(), "red".into())]),
            created: Timestamp::from_seconds(1),
        };
        let to = |path: Option<&str>, name: Option<&str>| {
            let input = Input {
                user_name: "ann".into(),
                new_path: path.map(str::to_owned),
                new_user_name: name.map(str::to_owned),
            };
            renamed(&user, &input)
        };
        assert_eq!(to(None, None), user);
        let moved = to(Some("/b/"), None);
        assert_eq!((moved.path.as_str(), moved.name.as_str()), ("/b/", "Ann"));
        let other = to(None, Some("Eve"));
        assert_eq!((other.path.as_str(), other.name.as_str()), ("/a/", "Eve"));
        assert_eq!(
            (other.id, other.grants),
            (user.id.clone(), user.grants.clone())
        );
    }
}
