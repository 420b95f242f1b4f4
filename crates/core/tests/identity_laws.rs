//! The laws of identities, held by random histories of everything that links, merges or unlinks.
//!
//! The rules are pure, so a pool is a list of identities here and a step is a call of a rule; what
//! a store adds (indexes, transactions) is tested where it is.
//!
//! **Source**: DESIGN §12.1; contract page, Cognito identity section 3.

#![allow(
    clippy::unwrap_used,
    reason = "a test program stops at the first surprise"
)]

use std::collections::BTreeMap;

use daypass_core::identity::{DeveloperUserIdentifier, Identity, State};
use daypass_core::ids::{IdentityId, IdentityPoolId};
use daypass_core::limits::LINKED_LOGINS_MAX;
use daypass_core::merge::{Merge, merge};
use daypass_core::resolve::{self, Resolution};
use daypass_core::time::Timestamp;
use daypass_core::unlink;
use daypass_proof::login::Subject;
use proptest::prelude::*;

/// One thing that a caller does. Users and identities are numbers into what there is.
#[derive(Clone, Debug)]
enum Step {
    Guest,
    SignIn { user: u8, named: Option<usize> },
    Merge { source: u8, destination: u8 },
    Unlink { identity: usize, user: u8 },
    Public { identity: usize, provider: u8 },
    Delete { identity: usize },
}

fn step() -> impl Strategy<Value = Step> {
    // Few identities and more users than one of them may have, so that every limit is met.
    let (user, identity) = (0..28_u8, 0..6_usize);
    prop_oneof![
        1 => Just(Step::Guest),
        8 => (user.clone(), proptest::option::of(identity.clone()))
            .prop_map(|(user, named)| Step::SignIn { user, named }),
        2 => (user.clone(), user.clone())
            .prop_map(|(source, destination)| Step::Merge { source, destination }),
        2 => (identity.clone(), user).prop_map(|(identity, user)| Step::Unlink { identity, user }),
        1 => (identity.clone(), 0..2_u8)
            .prop_map(|(identity, provider)| Step::Public { identity, provider }),
        1 => identity.prop_map(|identity| Step::Delete { identity }),
    ]
}

#[derive(Default)]
struct Pool {
    identities: BTreeMap<IdentityId, Identity>,
    made: u64,
}

fn user(number: u8) -> DeveloperUserIdentifier {
    DeveloperUserIdentifier::new(format!("user-{number}"))
}

impl Pool {
    fn linked(&self, user: &DeveloperUserIdentifier) -> Option<Identity> {
        let mut found = self
            .identities
            .values()
            .filter(|identity| identity.developer_users.contains(user));
        let first = found.next().cloned();
        assert_eq!(found.next(), None, "a login means one identity of a pool");
        first
    }

    fn nth(&self, number: usize) -> Option<Identity> {
        self.identities.values().nth(number).cloned()
    }

    fn fresh(&mut self, now: Timestamp) -> Identity {
        self.made += 1;
        let pool: IdentityPoolId = "r:0".parse().unwrap();
        let id: IdentityId = format!("r:{:04x}", self.made).parse().unwrap();
        Identity::guest(id, pool, now)
    }

    fn put(&mut self, identity: Identity) {
        self.identities.insert(identity.id.clone(), identity);
    }

    fn take(&mut self, step: &Step, now: Timestamp) {
        match step {
            Step::Guest => {
                let guest = self.fresh(now);
                self.put(guest);
            }
            Step::SignIn {
                user: number,
                named,
            } => {
                let name = user(*number);
                let named = named.and_then(|named| self.nth(named));
                match resolve::developer(&name, self.linked(&name), named) {
                    Ok(Resolution::Create) => {
                        let identity = self.fresh(now).linked(name, now);
                        self.put(identity);
                    }
                    Ok(Resolution::Link(identity)) => self.put(identity.linked(name, now)),
                    Ok(Resolution::Existing(identity)) => {
                        assert_eq!(identity.state(), State::Authenticated);
                    }
                    Err(_) => {}
                }
            }
            Step::Merge {
                source,
                destination,
            } => self.merge(&user(*source), &user(*destination), now),
            Step::Unlink {
                identity,
                user: number,
            } => {
                let Some(identity) = self.nth(*identity) else {
                    return;
                };
                let name = user(*number);
                let linked = self.linked(&name);
                let was_last = identity.login_count() == 1;
                if let Ok(rest) = unlink::developer(identity, &name, linked.as_ref(), now) {
                    assert_eq!(was_last, rest.state() == State::Inaccessible);
                    self.put(rest);
                    assert_eq!(self.linked(&name), None, "a user unlinked is nobody's");
                }
            }
            Step::Public { identity, provider } => {
                let Some(mut identity) = self.nth(*identity) else {
                    return;
                };
                let room = identity.login_count() < LINKED_LOGINS_MAX;
                if identity.state() == State::Authenticated && room {
                    let name = format!("provider-{provider}").parse().unwrap();
                    let subject = Subject::stored(identity.id.to_string());
                    identity.public_logins.entry(name).or_insert(subject);
                    self.put(identity);
                }
            }
            Step::Delete { identity } => {
                if let Some(identity) = self.nth(*identity) {
                    self.identities.remove(&identity.id);
                }
            }
        }
    }

    fn merge(
        &mut self,
        source: &DeveloperUserIdentifier,
        destination: &DeveloperUserIdentifier,
        now: Timestamp,
    ) {
        let (Some(from), Some(to)) = (self.linked(source), self.linked(destination)) else {
            return;
        };
        let users: Vec<_> = from.developer_users.union(&to.developer_users).collect();
        let subjects = from.login_count() + to.login_count();
        let Ok(Merge::Moved { survivor, retired }) = merge(from.clone(), to.clone(), now) else {
            return;
        };
        assert_eq!(survivor.login_count(), subjects, "no login is lost");
        assert_eq!(survivor.id, to.id, "the destination survives");
        self.put(retired);
        self.put(survivor);
        for user in users {
            let found = self.linked(user).map(|identity| identity.id);
            assert_eq!(found.as_ref(), Some(&to.id), "a lookup finds every user");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn s70_whatever_happens_the_laws_hold(steps in proptest::collection::vec(step(), 1..80)) {
        let mut pool = Pool::default();
        let mut retired: BTreeMap<IdentityId, Identity> = BTreeMap::new();
        let mut authenticated: BTreeMap<IdentityId, bool> = BTreeMap::new();
        for (step, second) in steps.iter().zip(1..) {
            pool.take(step, Timestamp::from_seconds(second));
            let mut subjects = BTreeMap::new();
            for identity in pool.identities.values() {
                prop_assert!(identity.login_count() <= LINKED_LOGINS_MAX);
                for name in &identity.developer_users {
                    prop_assert_eq!(pool.linked(name).map(|found| found.id), Some(identity.id.clone()));
                }
                for login in &identity.public_logins {
                    prop_assert_eq!(subjects.insert(login, &identity.id), None);
                }
                if identity.login_count() > 0 {
                    prop_assert_eq!(identity.state(), State::Authenticated);
                }
                let before = authenticated.insert(identity.id.clone(), identity.ever_authenticated);
                prop_assert!(identity.ever_authenticated || before != Some(true), "a guest again");
                if identity.merged_into.is_some() {
                    let first = retired.entry(identity.id.clone()).or_insert_with(|| identity.clone());
                    prop_assert_eq!(&*first, identity, "a merged-away identity never changes again");
                    prop_assert_eq!(identity.state(), State::Disabled);
                    prop_assert_eq!(identity.login_count(), 0);
                }
            }
        }
    }
}
