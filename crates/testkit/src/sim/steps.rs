//! What happens next, as a seed decides it, and how a step is said on the wire.
//!
//! **Source**: DESIGN §11 (simulation); contract page, Cognito identity section 4.4 (`amr`).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use daypass_service::Entropy;
use serde_json::{Value, json};

use super::model::{DEVELOPER, Login, Step};
use super::{PROVIDERS, Play};
use crate::entropy::SeededEntropy;

/// Developer users in the simulation: more than one identity may have.
const USERS: usize = 26;
/// Users of each public provider.
const SUBJECTS: usize = 5;

/// The choices of a seed.
pub(super) struct Chance(SeededEntropy);

impl Chance {
    pub(super) fn of(seed: u64) -> Self {
        Self(SeededEntropy::new(seed ^ 0x5151))
    }

    /// A number below `end`.
    pub(super) fn below(&self, end: usize) -> usize {
        let mut bytes = [0; 8];
        // Chance of a test does not fail unless it is told to.
        let _ = self.0.fill(&mut bytes);
        let number = u64::from_le_bytes(bytes) % u64::try_from(end.max(1)).unwrap_or(1);
        usize::try_from(number).unwrap_or(0)
    }

    pub(super) fn one_in(&self, times: usize) -> bool {
        self.below(times) == 0
    }
}

impl Play<'_> {
    /// The next step of the history.
    pub(super) fn next(&self) -> Step {
        let chance = &self.chance;
        match chance.below(24) {
            0..=3 => Step::GetId {
                pool: self.pool(),
                shown: self.public(),
            },
            4..=8 => Step::Enter {
                id: self.id(),
                shown: self.public(),
            },
            9..=10 => self.with_token(),
            11..=16 => Step::Vouch {
                pool: self.pool(),
                id: chance.one_in(2).then(|| self.id()),
                user: self.user(),
                shown: if chance.one_in(2) {
                    self.public()
                } else {
                    Vec::new()
                },
            },
            17 | 18 => Step::Merge {
                pool: self.pool(),
                source: self.user(),
                destination: self.user(),
            },
            19 => {
                let (pool, id) = (self.pool(), self.id());
                Step::UnlinkDeveloper {
                    pool,
                    user: self.user_of(&id),
                    id,
                }
            }
            20 | 21 => self.unlink(),
            22 => Step::Lookup {
                pool: self.pool(),
                user: self.user(),
            },
            _ => Step::Delete {
                ids: vec![self.id()],
            },
        }
    }

    fn pool(&self) -> String {
        let name = if self.chance.one_in(6) { "Q" } else { "P" };
        self.names.get(name).cloned().unwrap_or_default()
    }

    fn user(&self) -> String {
        format!("user-{}", self.chance.below(USERS))
    }

    /// A user of this identity, if it has one and chance wants it.
    fn user_of(&self, id: &str) -> String {
        let logins = self.model.people.get(id).map(|person| &person.logins);
        let mut users = logins.into_iter().flatten();
        match users.find(|(provider, _)| provider == DEVELOPER) {
            Some((_, user)) if !self.chance.one_in(3) => user.clone(),
            _ => self.user(),
        }
    }

    /// The id of somebody, or of nobody.
    fn id(&self) -> String {
        let people = self.model.people.len();
        let place = self.chance.below(people + 1);
        let nobody = || "us-east-1:00000000-0000-4000-8000-000000000000".to_owned();
        self.model
            .people
            .keys()
            .nth(place)
            .cloned()
            .unwrap_or_else(nobody)
    }

    fn public(&self) -> Vec<Login> {
        let shown = PROVIDERS.iter().filter(|_| self.chance.one_in(2));
        shown
            .map(|(name, ..)| ((*name).to_owned(), self.chance.below(SUBJECTS).to_string()))
            .collect()
    }

    fn with_token(&self) -> Step {
        match self.tokens.get(self.chance.below(self.tokens.len() + 1)) {
            Some((token_id, user, _)) => Step::Token {
                id: if self.chance.one_in(2) {
                    token_id.clone()
                } else {
                    self.id()
                },
                token_id: token_id.clone(),
                user: user.clone(),
            },
            None => Step::Lookup {
                pool: self.pool(),
                user: self.user(),
            },
        }
    }

    fn unlink(&self) -> Step {
        let id = self.id();
        let logins = self
            .model
            .people
            .get(&id)
            .map(|person| person.logins.clone());
        let own = logins
            .into_iter()
            .flatten()
            .filter(|(name, _)| name != DEVELOPER);
        let own: Vec<Login> = own.collect();
        let shown = if self.chance.one_in(4) {
            self.public()
        } else {
            own
        };
        let names = PROVIDERS
            .iter()
            .map(|(name, ..)| *name)
            .chain([DEVELOPER, "www.amazon.com"]);
        let remove =
            names.filter(|name| self.chance.one_in(if *name == DEVELOPER { 9 } else { 2 }));
        Step::Unlink {
            id,
            shown,
            remove: remove.map(str::to_owned).collect(),
        }
    }

    /// The requests of a step: two operations ask the same of public logins.
    pub(super) fn requests(&self, step: &Step, forged: bool) -> Vec<(&'static str, Value)> {
        let one = |name, body| vec![(name, body)];
        match step {
            Step::GetId { pool, shown } => one(
                "GetId",
                json!({"IdentityPoolId": pool, "Logins": self.logins(shown, forged)}),
            ),
            Step::Enter { id, shown } => {
                let body = json!({"IdentityId": id, "Logins": self.logins(shown, forged)});
                vec![
                    ("GetCredentialsForIdentity", body.clone()),
                    ("GetOpenIdToken", body),
                ]
            }
            Step::Token { id, token_id, user } => {
                let kept = self.tokens.iter().rev();
                let token = kept
                    .clone()
                    .find(|(known, of, _)| known == token_id && of == user);
                let token = token
                    .map(|(_, _, token)| token.as_str())
                    .unwrap_or_default();
                let logins = json!({"cognito-identity.amazonaws.com": token});
                one(
                    "GetCredentialsForIdentity",
                    json!({"IdentityId": id, "Logins": logins}),
                )
            }
            Step::Vouch {
                pool,
                id,
                user,
                shown,
            } => {
                let mut logins = self.logins(shown, forged);
                let mut body = json!({"IdentityPoolId": pool, "TokenDuration": 86_400});
                if let Some(logins) = logins.as_object_mut() {
                    logins.insert(DEVELOPER.to_owned(), json!(user));
                }
                if let Some(body) = body.as_object_mut() {
                    body.insert("Logins".to_owned(), logins);
                    body.extend(id.iter().map(|id| ("IdentityId".to_owned(), json!(id))));
                }
                one("GetOpenIdTokenForDeveloperIdentity", body)
            }
            Step::Merge {
                pool,
                source,
                destination,
            } => {
                let body = json!({"IdentityPoolId": pool, "DeveloperProviderName": DEVELOPER,
                    "SourceUserIdentifier": source, "DestinationUserIdentifier": destination});
                one("MergeDeveloperIdentities", body)
            }
            Step::UnlinkDeveloper { pool, id, user } => {
                let body = json!({"IdentityPoolId": pool, "IdentityId": id,
                    "DeveloperProviderName": DEVELOPER, "DeveloperUserIdentifier": user});
                one("UnlinkDeveloperIdentity", body)
            }
            Step::Unlink { id, shown, remove } => {
                let logins = self.logins(shown, forged);
                let body = json!({"IdentityId": id, "Logins": logins, "LoginsToRemove": remove});
                one("UnlinkIdentity", body)
            }
            Step::Lookup { pool, user } => {
                let body = json!({"IdentityPoolId": pool, "DeveloperUserIdentifier": user,
                    "MaxResults": 10});
                one("LookupDeveloperIdentity", body)
            }
            Step::Delete { ids } => one("DeleteIdentities", json!({"IdentityIdsToDelete": ids})),
        }
    }
}

/// Who makes a call: apps are nobody in particular, backends sign.
pub(super) fn caller(operation: &str, number: usize) -> &'static str {
    match operation {
        "GetId" | "GetOpenIdToken" | "GetCredentialsForIdentity" | "UnlinkIdentity" => "nobody",
        "GetOpenIdTokenForDeveloperIdentity" if number.is_multiple_of(2) => "developer",
        _ => "root",
    }
}

/// The public logins of a step.
pub(super) fn shown(step: &Step) -> Vec<Login> {
    match step {
        Step::GetId { shown, .. }
        | Step::Enter { shown, .. }
        | Step::Vouch { shown, .. }
        | Step::Unlink { shown, .. } => shown.clone(),
        _ => Vec::new(),
    }
}

/// What a token is to say of how somebody logged in.
pub(super) fn amr(pool: &str, user: Option<&str>, shown: &[Login]) -> Vec<String> {
    let mut said = Vec::new();
    if let Some(user) = user {
        said.extend([DEVELOPER.to_owned(), format!("{DEVELOPER}:{pool}:{user}")]);
    }
    // `PROVIDERS` stands in the order of names.
    for (provider, client, _) in PROVIDERS {
        for (_, user) in shown.iter().filter(|(name, _)| name == provider) {
            said.extend([provider.to_owned(), format!("{provider}:{client}:{user}")]);
        }
    }
    let state = if said.is_empty() {
        "unauthenticated"
    } else {
        "authenticated"
    };
    said.insert(0, state.to_owned());
    said
}

/// The claims of a token.
pub(super) fn claims(token: &str) -> Option<Value> {
    let payload = token.split('.').nth(1)?;
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).ok()?).ok()
}
