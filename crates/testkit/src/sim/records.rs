//! The records beside the model, and the invariants that both have to keep.
//!
//! **Source**: DESIGN §12.1 and requirement S70.

use std::collections::{BTreeMap, BTreeSet};

use daypass_core::identity::Identity;
use daypass_core::ids::IdentityPoolId;

use super::model::{DEVELOPER, Login, Model};
use crate::house::House;

/// Identities in one pool of a history; none has as many.
const MANY: usize = 10_000;

/// What was seen of identities until now.
#[derive(Default)]
pub(super) struct Seen {
    retired: BTreeMap<String, Identity>,
    authenticated: BTreeSet<String>,
}

impl Seen {
    /// Holds every record against the model and against what was seen before.
    pub(super) async fn compare(&mut self, house: &House, model: &Model) -> Result<(), String> {
        let mut records = house.records().await;
        let pools: BTreeSet<&String> = model.people.values().map(|person| &person.pool).collect();
        let mut found = BTreeMap::new();
        for pool in pools {
            let pool: IdentityPoolId = pool.parse().map_err(|_| "a pool id that does not read")?;
            let page = records.identities(&pool, None, MANY).await;
            for identity in page.map_err(|error| error.to_string())?.items {
                for user in &identity.developer_users {
                    let behind = records.identity_by_developer_user(&pool, user).await;
                    led(behind.map_err(|error| error.to_string())?, &identity)?;
                }
                for (provider, subject) in &identity.public_logins {
                    let behind = records
                        .identity_by_public_login(&pool, provider, subject)
                        .await;
                    led(behind.map_err(|error| error.to_string())?, &identity)?;
                }
                found.insert(identity.id.to_string(), identity);
            }
        }
        let wanted: BTreeSet<&String> = model.people.keys().collect();
        if found.keys().collect::<BTreeSet<_>>() != wanted {
            return Err(format!(
                "there are {:?}, and should be {wanted:?}",
                found.keys()
            ));
        }
        let mut owners: BTreeMap<(String, Login), &String> = BTreeMap::new();
        for (id, identity) in &found {
            let logins = logins(identity);
            for login in &logins {
                let key = (identity.pool_id.to_string(), login.clone());
                if let Some(other) = owners.insert(key, id) {
                    return Err(format!("{login:?} belongs to {other} and to {id}"));
                }
            }
            let person = model.people.get(id).ok_or("somebody nobody knows")?;
            let into = identity.merged_into.as_ref().map(ToString::to_string);
            let same = (
                &logins,
                identity.ever_authenticated,
                identity.enabled,
                &into,
            ) == (
                &person.logins,
                person.ever,
                person.into.is_none(),
                &person.into,
            );
            if !same {
                return Err(format!("{identity:?} should be {person:?}"));
            }
            self.never_back(id, identity)?;
        }
        Ok(())
    }

    fn never_back(&mut self, id: &str, identity: &Identity) -> Result<(), String> {
        if identity.ever_authenticated {
            self.authenticated.insert(id.to_owned());
        } else if self.authenticated.contains(id) {
            return Err(format!("{id} is a guest again"));
        }
        if identity.enabled {
            if self.retired.contains_key(id) {
                return Err(format!("{id} came back from a merge"));
            }
            return Ok(());
        }
        let first = self
            .retired
            .entry(id.to_owned())
            .or_insert_with(|| identity.clone());
        if first != identity || identity.login_count() > 0 {
            return Err(format!("{id} changed after its merge"));
        }
        Ok(())
    }
}

fn logins(identity: &Identity) -> BTreeSet<Login> {
    let users = identity.developer_users.iter();
    let users = users.map(|user| (DEVELOPER.to_owned(), user.as_str().to_owned()));
    let public = identity.public_logins.iter();
    users
        .chain(public.map(|(provider, subject)| (provider.to_string(), subject.to_string())))
        .collect()
}

fn led(behind: Option<Identity>, identity: &Identity) -> Result<(), String> {
    if behind.as_ref() == Some(identity) {
        return Ok(());
    }
    Err(format!("a login of {} leads to {behind:?}", identity.id))
}
