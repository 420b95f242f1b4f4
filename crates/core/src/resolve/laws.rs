//! The laws of identities, held by random histories of everything that links, merges or unlinks.
//!
//! The rules are pure, so a pool is a list of identities here and a step is a call of a rule; what
//! a store adds (indexes, transactions) is tested where it is.
//!
//! **Source**: DESIGN §12.1; contract page, Cognito identity section 3.

use std::collections::{BTreeMap, BTreeSet};

use daypass_proof::login::Subject;
use proptest::prelude::*;

use super::*;
use crate::identity::DeveloperUserIdentifier;
use crate::limits::LINKED_LOGINS_MAX;
use crate::merge::{Merge, merge};
use crate::unlink;

/// One thing that a caller does. Users and identities are numbers into what there is.
#[derive(Clone, Debug)]
enum Step {
    SignIn {
        user: u8,
        public: Public,
        named: Option<usize>,
    },
    Public {
        public: Public,
        named: Option<usize>,
    },
    Merge {
        source: u8,
        destination: u8,
    },
    Unlink {
        identity: usize,
        user: u8,
    },
    Delete {
        identity: usize,
    },
}

/// Providers, each with the user that is shown of it.
type Public = BTreeMap<u8, u8>;

fn step() -> impl Strategy<Value = Step> {
    // Few identities and more users than one of them may have, so that every limit is met.
    let (user, identity) = (0..28_u8, 0..6_usize);
    let named = || proptest::option::of(0..6_usize);
    let public = |most| proptest::collection::btree_map(0..4_u8, 0..5_u8, 0..=most);
    prop_oneof![
        8 => (user.clone(), public(2), named())
            .prop_map(|(user, public, named)| Step::SignIn { user, public, named }),
        6 => (public(3), named()).prop_map(|(public, named)| Step::Public { public, named }),
        2 => (user.clone(), user.clone())
            .prop_map(|(source, destination)| Step::Merge { source, destination }),
        2 => (identity.clone(), user).prop_map(|(identity, user)| Step::Unlink { identity, user }),
        1 => identity.prop_map(|identity| Step::Delete { identity }),
    ]
}

#[derive(Clone, Default)]
struct Pool {
    identities: BTreeMap<IdentityId, Identity>,
    made: u64,
}

fn user(number: u8) -> DeveloperUserIdentifier {
    DeveloperUserIdentifier::new(format!("user-{number}"))
}

fn shown(developer: Option<u8>, public: &Public) -> ShownLogins {
    let public = public.iter().map(|(provider, subject)| {
        let provider: ProviderName = format!("provider-{provider}").parse().unwrap();
        (provider, Subject::stored(subject.to_string()))
    });
    ShownLogins::assumed(developer.map(user), public)
}

fn has_all(identity: &Identity, logins: &ShownLogins) -> bool {
    let mut users = logins.developer_user().into_iter();
    let mut public = logins.public_users();
    users.all(|user| identity.developer_users.contains(user))
        && public.all(|(provider, subject)| identity.public_logins.get(provider) == Some(subject))
}

impl Pool {
    fn only(&self, has: impl Fn(&Identity) -> bool) -> Option<Identity> {
        let mut found = self.identities.values().filter(|identity| has(identity));
        let first = found.next().cloned();
        assert_eq!(found.next(), None, "a login means one identity of a pool");
        first
    }

    fn linked(&self, user: &DeveloperUserIdentifier) -> Option<Identity> {
        self.only(|identity| identity.developer_users.contains(user))
    }

    fn nth(&self, number: usize) -> Option<Identity> {
        self.identities.values().nth(number).cloned()
    }

    fn survivor(&self, mut identity: Identity) -> Identity {
        while let Some(next) = identity.merged_into.as_ref() {
            match self.identities.get(next) {
                Some(next) => identity = next.clone(),
                None => break,
            }
        }
        identity
    }

    fn known(&self, named: Option<usize>, logins: &ShownLogins) -> Known {
        let public = logins.public_users().filter_map(|(provider, subject)| {
            self.only(|one| one.public_logins.get(provider) == Some(subject))
        });
        let named = named.and_then(|named| self.nth(named));
        Known {
            survivor: named.clone().map(|named| self.survivor(named)),
            named,
            developer: logins.developer_user().and_then(|user| self.linked(user)),
            public: public.collect(),
        }
    }

    fn put(&mut self, identity: Identity) {
        self.identities.insert(identity.id.clone(), identity);
    }

    /// Writes what a resolution says, and gives the identity that is answered.
    fn apply(&mut self, resolution: Resolution, logins: &ShownLogins, now: Timestamp) -> Identity {
        let answered = match resolution {
            Resolution::Create => {
                let pool_id: IdentityPoolId = "r:0".parse().unwrap();
                let id: IdentityId = format!("r:{:04x}", self.made + 1).parse().unwrap();
                self.made += 1;
                create(id, pool_id, logins, now).unwrap()
            }
            Resolution::Existing(identity) => {
                assert_eq!(self.identities.get(&identity.id), Some(&identity));
                identity
            }
            Resolution::Link(identity) => {
                let before = &self.identities[&identity.id];
                assert!(keeps(before, &identity), "linking takes nothing away");
                identity
            }
            Resolution::Merge { survivor, retired } => {
                for retired in retired {
                    let before = &self.identities[&retired.id];
                    assert!(keeps(before, &survivor), "no login is lost");
                    self.put(retired);
                }
                survivor
            }
        };
        self.put(answered.clone());
        answered
    }

    /// Signs in, and holds what has to be true of every answer.
    fn ask(&mut self, call: &dyn Fn(Known) -> Result<Resolution, ResolveError>, asked: &Asked) {
        let Asked { named, logins, now } = asked;
        let known = self.known(*named, logins);
        let mut turned = known.clone();
        turned.public.reverse();
        let answer = call(known);
        let other = call(turned);
        assert_eq!(
            owner(&answer),
            owner(&other),
            "the order of logins decides nothing"
        );
        let Ok(resolution) = answer else {
            return;
        };
        let answered = self.apply(resolution, logins, *now);
        let guest = answered.state() == State::Guest;
        assert_eq!(guest, logins.is_empty(), "who shows a login is no guest");
        assert!(has_all(&answered, logins), "every login shown is linked");
        if !logins.is_empty() {
            let again = call(Known {
                named: None,
                survivor: None,
                ..self.known(None, logins)
            });
            assert_eq!(
                again,
                Ok(Resolution::Existing(answered)),
                "linking is idempotent"
            );
        }
    }

    fn take(&mut self, step: &Step, now: Timestamp) {
        match step {
            Step::SignIn {
                user,
                public,
                named,
            } => {
                let logins = shown(Some(*user), public);
                let call = |known| developer(known, &logins, now);
                let asked = Asked {
                    named: *named,
                    logins: logins.clone(),
                    now,
                };
                self.ask(&call, &asked);
            }
            Step::Public { public, named } => {
                let logins = shown(None, public);
                let call = |known| super::public(known, &logins, true, now);
                let asked = Asked {
                    named: *named,
                    logins: logins.clone(),
                    now,
                };
                self.ask(&call, &asked);
            }
            Step::Merge {
                source,
                destination,
            } => {
                self.merge(&user(*source), &user(*destination), now);
            }
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
        let Ok(Merge::Moved { survivor, retired }) = merge(from.clone(), to.clone(), now) else {
            return;
        };
        assert!(
            keeps(&from, &survivor) && keeps(&to, &survivor),
            "no login is lost"
        );
        assert_eq!(survivor.id, to.id, "the destination survives");
        self.put(retired);
        self.put(survivor);
        for user in users {
            let found = self.linked(user).map(|identity| identity.id);
            assert_eq!(found.as_ref(), Some(&to.id), "a lookup finds every user");
        }
    }
}

struct Asked {
    named: Option<usize>,
    logins: ShownLogins,
    now: Timestamp,
}

/// Whether `after` has every login that `before` has.
fn keeps(before: &Identity, after: &Identity) -> bool {
    let mut public = before.public_logins.iter();
    before.developer_users.is_subset(&after.developer_users)
        && public.all(|(provider, subject)| after.public_logins.get(provider) == Some(subject))
}

/// What an answer comes to, apart from the order in which several identities retire.
fn owner(answer: &Result<Resolution, ResolveError>) -> Option<(Identity, BTreeSet<IdentityId>)> {
    match answer.as_ref().ok()? {
        Resolution::Existing(one) | Resolution::Link(one) => Some((one.clone(), BTreeSet::new())),
        Resolution::Merge { survivor, retired } => {
            let gone = retired.iter().map(|one| one.id.clone());
            Some((survivor.clone(), gone.collect()))
        }
        Resolution::Create => None,
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
            let mut users = BTreeMap::new();
            let mut subjects = BTreeMap::new();
            for identity in pool.identities.values() {
                prop_assert!(identity.login_count() <= LINKED_LOGINS_MAX);
                for name in &identity.developer_users {
                    prop_assert_eq!(users.insert(name, &identity.id), None);
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
