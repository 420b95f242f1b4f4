//! Users and roles: the two principals that hold policies.
//!
//! **Shape**: `user <name in lower case>` and `role <name in lower case>`: names are unique
//! ignoring case, across all paths.

use daypass_core::role::Role;
use daypass_core::user::User;

use super::{Page, RecordError, Records};
use crate::{Key, Range};

const USER: &str = "user";
const ROLE: &str = "role";

fn key(kind: &str, name: &str) -> Key {
    Key::of(&[kind, &name.to_ascii_lowercase()])
}

impl Records {
    /// The user of this name, in any case.
    pub async fn user(&mut self, name: &str) -> Result<Option<User>, RecordError> {
        self.load(&key(USER, name)).await
    }

    /// One page of users by name; `after` is the last name seen, in lower case.
    pub async fn users(
        &mut self,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Page<User>, RecordError> {
        self.page(&[USER], after, limit).await
    }

    /// Writes a user, new or changed.
    pub async fn put_user(&mut self, user: &User) -> Result<(), RecordError> {
        self.save(&key(USER, &user.name), user).await
    }

    /// Removes a user.
    pub async fn delete_user(&mut self, name: &str) -> Result<(), RecordError> {
        Ok(self.tx().delete(&key(USER, name)).await?)
    }

    /// How many users there are, counted up to `limit`.
    pub async fn count_users(&mut self, limit: usize) -> Result<usize, RecordError> {
        self.count(USER, limit).await
    }

    /// The role of this name, in any case.
    pub async fn role(&mut self, name: &str) -> Result<Option<Role>, RecordError> {
        self.load(&key(ROLE, name)).await
    }

    /// One page of roles by name; `after` is the last name seen, in lower case.
    pub async fn roles(
        &mut self,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Page<Role>, RecordError> {
        self.page(&[ROLE], after, limit).await
    }

    /// Writes a role, new or changed.
    pub async fn put_role(&mut self, role: &Role) -> Result<(), RecordError> {
        self.save(&key(ROLE, &role.name), role).await
    }

    /// Removes a role.
    pub async fn delete_role(&mut self, name: &str) -> Result<(), RecordError> {
        Ok(self.tx().delete(&key(ROLE, name)).await?)
    }

    /// How many roles there are, counted up to `limit`.
    pub async fn count_roles(&mut self, limit: usize) -> Result<usize, RecordError> {
        self.count(ROLE, limit).await
    }

    pub(super) async fn count(&mut self, kind: &str, limit: usize) -> Result<usize, RecordError> {
        let range = Range::prefix(&Key::of(&[kind]), limit);
        Ok(self.tx().scan(&range).await?.len())
    }
}
