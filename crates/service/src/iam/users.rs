//! What the operations on users share: the user meant, the permission needed, the answer.
//!
//! **Source**: IAM API reference, *User*; service authorization reference, *IAM*, keys of the user
//! operations.

use daypass_core::ids::AccountId;
use daypass_core::user::{AccessKey, KeyStatus, User, root_arn};
use daypass_proof::secret::AccessKeyId;
use daypass_store::records::Records;
use daypass_wire::constraint::Text;
use daypass_wire::pattern;

use super::{error, shapes, tags};
use crate::aws_query::validation_error;
use crate::env::Env;
use crate::error::{ApiError, Failure};
use crate::guard::{Need, Permit, Standing};

/// The id of an access key.
pub(super) const ACCESS_KEY_ID: Text = Text::length(16, 128).matching(pattern::WORD);

/// What answers call the root user, as the credential report does; it has no user name, and this is
/// none that a user could have.
pub(super) const ROOT_NAME: &str = "<root_account>";

/// The user of this name, in any case.
pub(super) async fn existing(records: &mut Records, name: &str) -> Result<User, Failure> {
    let user = records.user(name).await?;
    Ok(user.ok_or_else(|| error::no_such_user(name))?)
}

/// The permission `iam:<operation>` on the user of this name.
///
/// A user who does not exist stands under `/`, so that who may do nothing learns nothing.
///
/// **Errors**: `ValidationError` for a name that none could have.
pub(super) async fn need(env: &Env, operation: &str, name: &str) -> Result<Need, Failure> {
    check_name(name)?;
    let mut records = env.read().await?;
    Ok(match records.user(name).await? {
        Some(user) => need_on(env.account(), operation, &user),
        None => Need::new(action(operation), arn(env.account(), "/", name)),
    })
}

/// The same, with the boundary the user has: for the operations that change what a user may do.
pub(super) async fn need_within_boundary(
    env: &Env,
    operation: &str,
    name: &str,
) -> Result<Need, Failure> {
    let need = need(env, operation, name).await?;
    let user = env.read().await?.user(name).await?;
    Ok(match user.and_then(|user| user.grants.boundary) {
        Some(boundary) => need.with("iam:PermissionsBoundary", boundary),
        None => need,
    })
}

/// The permission `iam:<operation>` on a user, with its tags.
pub(super) fn need_on(account: &AccountId, operation: &str, user: &User) -> Need {
    let need = Need::new(action(operation), user.arn(account));
    tags::of_resource(need, &user.tags)
}

/// Checks the characters of a user name.
///
/// **Errors**: `ValidationError`.
pub(super) fn check_name(name: &str) -> Result<(), ApiError> {
    shapes::check_name("userName", name)
}

/// The ARN of a user of this path and name.
pub(super) fn arn(account: &AccountId, path: &str, name: &str) -> String {
    format!("arn:aws:iam::{account}:user{path}{name}")
}

/// The name policies know an operation by.
pub(super) fn action(operation: &str) -> String {
    format!("iam:{operation}")
}

/// Whose account or keys a request is about; holding one means that the caller may ask this of them.
///
/// Operations with an optional `UserName` mean the caller by leaving it out. Who that is is known
/// only after authentication, so their `needs` is empty and [`Owner::admitted`] asks instead.
#[derive(Debug)]
pub(super) struct Owner {
    user: Option<User>,
}

impl Owner {
    /// The user of `user_name`, or else the caller, if policies allow the caller `iam:<operation>`
    /// on them.
    ///
    /// **Errors**: `AccessDenied`; `NoSuchEntity`; `ValidationError` for a role session that names
    /// nobody.
    pub(super) async fn admitted(
        env: &Env,
        permit: &Permit,
        operation: &str,
        user_name: Option<&str>,
    ) -> Result<Self, Failure> {
        let (need, owner) = match (user_name, permit.caller().standing()) {
            (Some(name), _) => {
                let user = env.read().await?.user(name).await?;
                let need = need(env, operation, name).await?;
                (need, user.map(|user| Self { user: Some(user) }))
            }
            (None, Standing::User(user) | Standing::UserSession(_, user)) => {
                let user = user.as_ref().clone();
                let need = need_on(env.account(), operation, &user);
                (need, Some(Self { user: Some(user) }))
            }
            (None, Standing::Root | Standing::RootSession(_)) => {
                let need = Need::new(action(operation), root_arn(env.account()));
                (need, Some(Self { user: None }))
            }
            (None, Standing::RoleSession(..)) => return Err(not_a_user().into()),
        };
        if let Some(denial) = permit.also(env, &need).await? {
            return Err(Failure::Denied(Box::new(denial)));
        }
        let named = user_name.unwrap_or_default();
        Ok(owner.ok_or_else(|| error::no_such_user(named))?)
    }

    /// The same owner as `records` has it: a user deleted meanwhile is owner of nothing.
    pub(super) async fn again(self, records: &mut Records) -> Result<Self, Failure> {
        let Some(user) = self.user else {
            return Ok(self);
        };
        let now = existing(records, &user.name).await?;
        if now.id != user.id {
            return Err(error::no_such_user(&user.name).into());
        }
        Ok(Self { user: Some(now) })
    }

    /// The user; the root user is none.
    ///
    /// **Errors**: `ValidationError`.
    pub(super) fn user(self) -> Result<User, ApiError> {
        self.user.ok_or_else(not_a_user)
    }

    /// The user's name; the root user has none.
    pub(super) fn name(&self) -> Option<&str> {
        self.user.as_ref().map(|user| user.name.as_str())
    }

    /// The key of this id, if it is this owner's.
    ///
    /// **Errors**: `NoSuchEntity`, for a key that is missing and for one of somebody else.
    pub(super) async fn key(&self, records: &mut Records, id: &str) -> Result<AccessKey, Failure> {
        let missing = || error::no_such_access_key(id);
        let parsed: AccessKeyId = id.parse().map_err(|_| missing())?;
        let key = records.access_key(&parsed).await?;
        let key = key.filter(|key| key.user_name.as_deref() == self.name());
        Ok(key.ok_or_else(missing)?)
    }
}

/// The name answers give the owner of a key.
pub(super) fn owner_name(key: &AccessKey) -> &str {
    key.user_name.as_deref().unwrap_or(ROOT_NAME)
}

/// A key's status as the interface writes it.
pub(super) const fn status(status: KeyStatus) -> &'static str {
    match status {
        KeyStatus::Active => "Active",
        KeyStatus::Inactive => "Inactive",
    }
}

/// The name is taken, in some case.
pub(super) fn already_exists(name: &str) -> ApiError {
    error::already_exists(format!("User with name {name} already exists."))
}

fn not_a_user() -> ApiError {
    let message = "Must specify userName when calling with non-User credentials";
    validation_error(message, "caller.not_a_user")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use daypass_core::ids::UniqueId;
    use daypass_core::time::Timestamp;
    use daypass_core::user::Grants;

    use super::*;

    #[test]
    fn a_permission_is_needed_on_the_stored_arn_and_shows_the_tags() {
        let account: AccountId = "123456789012".parse().unwrap();
        let user = User {
            name: "Ann".into(),
            path: "/a/".into(),
            id: UniqueId::fresh("AIDA", [1; 17]),
            grants: Grants::default(),
            tags: BTreeMap::from([("Team".into(), "red".into())]),
            created: Timestamp::from_seconds(1),
        };
        let need = need_on(&account, "GetUser", &user);
        assert_eq!(need.action, "iam:GetUser");
        assert_eq!(need.resource, "arn:aws:iam::123456789012:user/a/Ann");
        assert_eq!(need.resource, arn(&account, "/a/", "Ann"));
        let shown = ("aws:ResourceTag/Team".to_owned(), "red".to_owned());
        assert!(need.keys.contains(&shown));
    }

    #[test]
    fn no_user_can_be_called_what_the_root_user_is_called() {
        assert!(check_name("Ann").is_ok());
        assert!(check_name(ROOT_NAME).is_err());
    }
}
