//! What identities are, written again: slow, obvious, and without a line of the rules in `core`.
//!
//! A person is a bag of logins. A call gathers everybody whom its logins speak of, says who of them
//! stays, throws all their logins together, and looks whether that may be.
//!
//! **Source**: contract page, Cognito identity sections 2.16 to 2.20, 3 and 4.2.

use std::collections::{BTreeMap, BTreeSet};

/// The developer provider of every pool in the simulation.
pub(super) const DEVELOPER: &str = "login.example";

/// A provider, and its name for somebody.
pub(super) type Login = (String, String);

/// An identity.
#[derive(Clone, Debug)]
pub(super) struct Person {
    /// Its pool.
    pub(super) pool: String,
    /// Its logins, the developer's among them.
    pub(super) logins: BTreeSet<Login>,
    /// Whether it ever had one.
    pub(super) ever: bool,
    /// Whom it was merged into.
    pub(super) into: Option<String>,
    born: usize,
}

/// What a caller asks for.
#[derive(Clone, Debug)]
pub(super) enum Step {
    /// `GetId`.
    GetId { pool: String, shown: Vec<Login> },
    /// `GetOpenIdToken` and `GetCredentialsForIdentity`.
    Enter { id: String, shown: Vec<Login> },
    /// `GetCredentialsForIdentity` with a token of ours, made for `user` when it was `token_id`.
    Token {
        id: String,
        token_id: String,
        user: String,
    },
    /// `GetOpenIdTokenForDeveloperIdentity`.
    Vouch {
        pool: String,
        id: Option<String>,
        user: String,
        shown: Vec<Login>,
    },
    /// `MergeDeveloperIdentities`.
    Merge {
        pool: String,
        source: String,
        destination: String,
    },
    /// `UnlinkDeveloperIdentity`.
    UnlinkDeveloper {
        pool: String,
        id: String,
        user: String,
    },
    /// `UnlinkIdentity`.
    Unlink {
        id: String,
        shown: Vec<Login>,
        remove: Vec<String>,
    },
    /// `LookupDeveloperIdentity`, by a user.
    Lookup { pool: String, user: String },
    /// `DeleteIdentities`.
    Delete { ids: Vec<String> },
}

/// What has to come back.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Expected {
    /// Success, for this identity.
    Identity(String),
    /// Success, for an identity that was not there before.
    Fresh,
    /// Success without an identity.
    Done,
    /// This error.
    Refused(&'static str),
}

const CONFLICT: Expected = Expected::Refused("ResourceConflictException");
const NOT_AUTHORIZED: Expected = Expected::Refused("NotAuthorizedException");
const NOT_FOUND: Expected = Expected::Refused("ResourceNotFoundException");
const INVALID: Expected = Expected::Refused("InvalidParameterException");
const REGISTERED: Expected = Expected::Refused("DeveloperUserAlreadyRegisteredException");

/// All there is.
#[derive(Clone, Debug, Default)]
pub(super) struct Model {
    /// By id.
    pub(super) people: BTreeMap<String, Person>,
    /// Pools that take guests.
    pub(super) guests: BTreeSet<String>,
    births: usize,
}

fn developer(user: &str) -> Login {
    (DEVELOPER.to_owned(), user.to_owned())
}

impl Model {
    /// Takes a step; `answered` is the id in the answer, used where somebody is born.
    pub(super) fn take(&mut self, step: &Step, answered: Option<&str>) -> Expected {
        match step {
            Step::GetId { pool, shown } => self.get_id(pool, shown, answered),
            Step::Enter { id, shown } => self.enter(id, shown),
            Step::Token { id, token_id, user } => self.token(id, token_id, user),
            Step::Vouch {
                pool,
                id,
                user,
                shown,
            } => self.vouch(pool, id.as_deref(), user, shown, answered),
            Step::Merge {
                pool,
                source,
                destination,
            } => self.merge(pool, source, destination),
            Step::UnlinkDeveloper { pool, id, user } => self.unlink_developer(pool, id, user),
            Step::Unlink { id, shown, remove } => self.unlink(id, shown, remove),
            Step::Lookup { pool, user } => match self.owner(pool, &developer(user)) {
                Some(id) => Expected::Identity(id),
                None => NOT_FOUND,
            },
            Step::Delete { ids } => {
                self.people.retain(|id, _| !ids.contains(id));
                Expected::Done
            }
        }
    }

    fn get_id(&mut self, pool: &str, shown: &[Login], answered: Option<&str>) -> Expected {
        if shown.is_empty() && !self.guests.contains(pool) {
            return NOT_AUTHORIZED;
        }
        let keep = self.eldest(self.owners(pool, shown));
        self.gather(pool, keep, None, shown, answered)
    }

    fn enter(&mut self, id: &str, shown: &[Login]) -> Expected {
        let Some(named) = self.people.get(id) else {
            return NOT_FOUND;
        };
        let pool = named.pool.clone();
        if shown.is_empty() {
            let guest = !named.ever && named.into.is_none() && self.guests.contains(&pool);
            return if guest {
                Expected::Identity(id.to_owned())
            } else {
                NOT_AUTHORIZED
            };
        }
        let target = self.last(id);
        if !self.usable(&target) {
            return NOT_AUTHORIZED;
        }
        let owners = self.owners(&pool, shown);
        let guest = self.is_guest(&target);
        if !guest && !owners.contains(&target) {
            return NOT_AUTHORIZED;
        }
        let keep = if guest { self.eldest(owners) } else { None };
        let keep = keep.unwrap_or_else(|| target.clone());
        self.gather(&pool, Some(keep), Some(target), shown, None)
    }

    fn token(&self, id: &str, token_id: &str, user: &str) -> Expected {
        if !self.people.contains_key(id) {
            return NOT_FOUND;
        }
        let target = self.last(id);
        let person = self.people.get(&target);
        let linked = person.is_some_and(|person| person.logins.contains(&developer(user)));
        let merged = self.people.contains_key(token_id) && self.last(token_id) == target;
        let named = token_id == target || (merged && linked);
        let open = person.is_some_and(|one| one.into.is_none() && !one.logins.is_empty());
        if named && open {
            Expected::Identity(target)
        } else {
            NOT_AUTHORIZED
        }
    }

    fn vouch(
        &mut self,
        pool: &str,
        id: Option<&str>,
        user: &str,
        shown: &[Login],
        answered: Option<&str>,
    ) -> Expected {
        if let Some(id) = id {
            if self.people.get(id).is_none_or(|named| named.pool != pool) {
                return NOT_FOUND;
            }
            if !self.usable(id) {
                return NOT_AUTHORIZED;
            }
        }
        let named = id.map(str::to_owned);
        let owner = self.owner(pool, &developer(user));
        if owner.is_some() && named.is_some() && owner != named {
            return REGISTERED;
        }
        let owners = self.owners(pool, shown);
        let guest = named.as_ref().is_some_and(|named| self.is_guest(named));
        let vouched = |named: &String| {
            let logins = self.people.get(named).map(|person| &person.logins);
            let users = logins.is_some_and(|all| all.iter().any(|(name, _)| name == DEVELOPER));
            users || owners.contains(named)
        };
        if owner.is_none() && !guest && named.as_ref().is_some_and(|named| !vouched(named)) {
            return NOT_AUTHORIZED;
        }
        let firm = if guest { None } else { named.clone() };
        let keep = owner.or(firm).or(self.eldest(owners)).or(named.clone());
        let shown: Vec<Login> = shown.iter().cloned().chain([developer(user)]).collect();
        self.gather(pool, keep, named, &shown, answered)
    }

    fn merge(&mut self, pool: &str, source: &str, destination: &str) -> Expected {
        if source == destination {
            return INVALID;
        }
        let of = |user| self.owner(pool, &developer(user));
        let (Some(from), Some(to)) = (of(source), of(destination)) else {
            return NOT_FOUND;
        };
        self.gather(pool, Some(to), Some(from), &[], None)
    }

    fn unlink_developer(&mut self, pool: &str, id: &str, user: &str) -> Expected {
        if self.people.get(id).is_none_or(|named| named.pool != pool) {
            return NOT_FOUND;
        }
        let login = developer(user);
        match self.owner(pool, &login) {
            None => NOT_FOUND,
            Some(owner) if owner != id => CONFLICT,
            Some(owner) => {
                self.drop_logins(&owner, |one| *one == login);
                Expected::Done
            }
        }
    }

    fn unlink(&mut self, id: &str, shown: &[Login], remove: &[String]) -> Expected {
        let Some(named) = self.people.get(id) else {
            return NOT_FOUND;
        };
        if remove.iter().any(|name| name == DEVELOPER) {
            return INVALID;
        }
        if !shown.iter().any(|login| named.logins.contains(login)) {
            return NOT_AUTHORIZED;
        }
        self.drop_logins(id, |(name, _)| remove.contains(name));
        Expected::Done
    }

    fn drop_logins(&mut self, id: &str, gone: impl Fn(&Login) -> bool) {
        if let Some(person) = self.people.get_mut(id) {
            person.logins.retain(|login| !gone(login));
        }
    }

    /// Everybody meant goes up in `keep`, or in somebody new, unless that may not be.
    fn gather(
        &mut self,
        pool: &str,
        keep: Option<String>,
        also: Option<String>,
        shown: &[Login],
        answered: Option<&str>,
    ) -> Expected {
        let mut meant = self.owners(pool, shown);
        meant.extend(keep.iter().cloned().chain(also));
        let mut logins: BTreeSet<Login> = shown.iter().cloned().collect();
        for id in &meant {
            logins.extend(
                self.people
                    .get(id)
                    .into_iter()
                    .flat_map(|one| one.logins.clone()),
            );
        }
        let public = logins.iter().filter(|(provider, _)| provider != DEVELOPER);
        let public: Vec<&String> = public.map(|(provider, _)| provider).collect();
        let providers: BTreeSet<&String> = public.iter().copied().collect();
        if providers.len() < public.len() || logins.len() > 20 {
            return CONFLICT;
        }
        let expected = keep.clone().map_or(Expected::Fresh, Expected::Identity);
        let Some(keep) = keep.or(answered.map(str::to_owned)) else {
            return expected;
        };
        for id in meant.iter().filter(|id| **id != keep) {
            if let Some(person) = self.people.get_mut(id) {
                person.logins.clear();
                person.into = Some(keep.clone());
            }
        }
        self.births += 1;
        let born = Person {
            pool: pool.to_owned(),
            logins: BTreeSet::new(),
            ever: false,
            into: None,
            born: self.births,
        };
        let person = self.people.entry(keep).or_insert(born);
        person.ever |= !logins.is_empty();
        person.logins = logins;
        expected
    }

    /// Who has this login in this pool.
    pub(super) fn owner(&self, pool: &str, login: &Login) -> Option<String> {
        let mut people = self.people.iter();
        let found = people.find(|(_, one)| one.pool == pool && one.logins.contains(login));
        found.map(|(id, _)| id.clone())
    }

    fn owners(&self, pool: &str, shown: &[Login]) -> BTreeSet<String> {
        shown
            .iter()
            .filter_map(|login| self.owner(pool, login))
            .collect()
    }

    fn eldest(&self, ids: BTreeSet<String>) -> Option<String> {
        let age = |id: &String| self.people.get(id).map(|person| person.born);
        ids.into_iter().min_by_key(age)
    }

    fn is_guest(&self, id: &str) -> bool {
        self.people
            .get(id)
            .is_some_and(|one| !one.ever && one.into.is_none())
    }

    fn usable(&self, id: &str) -> bool {
        let person = self.people.get(id);
        person.is_some_and(|one| one.into.is_none() && (!one.ever || !one.logins.is_empty()))
    }

    /// Where the merges of an identity have led.
    fn last(&self, id: &str) -> String {
        let mut at = id.to_owned();
        while let Some(next) = self.people.get(&at).and_then(|one| one.into.clone()) {
            if !self.people.contains_key(&next) {
                break;
            }
            at = next;
        }
        at
    }
}
