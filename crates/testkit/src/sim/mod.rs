//! Seeded histories of every identity operation, over the whole house, against a slow model.
//!
//! A seed decides everything: who calls what with which logins, how far the clock moves, and which
//! calls of the store fail. After each step the answer must be the model's, the records must be
//! what the model knows, and the invariants must hold; a call whose store failed must have changed
//! nothing. A seed that fails is printed, and `cargo xtask sim --seed N` plays it again.
//!
//! **Source**: DESIGN §11 (simulation) and §12.

mod model;
mod records;
mod steps;

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::house::{House, Plan};
use crate::idp::Idp;
use crate::vector::given::World;
use crate::vector::{code_of, request};
use model::{DEVELOPER, Expected, Login, Model, Step};
use records::Seen;
use steps::Chance;

/// Providers of public logins in the order of their names, with the client each pool takes their
/// tokens for, and where their keys are.
const PROVIDERS: [(&str, &str, &str); 2] = [
    (
        "accounts.google.com",
        "client-1",
        "https://www.googleapis.com/oauth2/v3/certs",
    ),
    (
        "appleid.apple.com",
        "client-2",
        "https://appleid.apple.com/auth/keys",
    ),
];

/// Steps of a history when nobody says otherwise.
pub const STEPS: usize = 60;

/// Calls of the store that one request makes at most.
const CALLS_MAX: i64 = 200;

/// What a call came to.
struct Answer {
    code: String,
    id: Option<String>,
    body: Value,
}

/// A history under way.
struct Play<'h> {
    house: &'h House,
    world: World<'h>,
    idps: Vec<Idp>,
    chance: Chance,
    model: Model,
    seen: Seen,
    /// Developer tokens by the identity and the user each was made for.
    tokens: Vec<(String, String, String)>,
    /// Ids by pool and place, and ids that are gone.
    names: BTreeMap<String, String>,
}

/// Plays the history of a seed.
///
/// **Errors**: what went wrong at which step, in words, with the seed.
pub async fn play(seed: u64, steps: usize) -> Result<(), String> {
    let house = House::open(Plan {
        seed,
        ..Plan::default()
    })
    .await;
    let mut play = Play::begin(&house, seed).await?;
    for number in 0..steps {
        let step = play.next();
        let outcome = play.take(&step, number).await;
        outcome.map_err(|why| {
            format!("seed {seed}, step {number}, {step:?}: {why}\nagain: cargo xtask sim --seed {seed} --steps {steps}")
        })?;
    }
    Ok(())
}

impl<'h> Play<'h> {
    async fn begin(house: &'h House, seed: u64) -> Result<Self, String> {
        let mut world = World::around(house).await?;
        let takes = "login provider accounts.google.com client-1, \
            login provider appleid.apple.com client-2";
        for phrase in [
            &format!("pool P, developer provider {DEVELOPER}, guests, {takes}"),
            &format!("pool Q, developer provider {DEVELOPER}, {takes}"),
            "role AppUser, trusts users of P",
            "role AppGuest, trusts guests of P",
            "role OtherUser, trusts users of Q",
            "P gives AppUser to users",
            "P gives AppGuest to guests",
            "Q gives OtherUser to users",
        ] {
            world.given(phrase).await?;
        }
        let idps: Vec<Idp> = PROVIDERS
            .iter()
            .map(|(name, ..)| Idp::at(&format!("https://{name}")))
            .collect();
        for (idp, (_, _, keys)) in idps.iter().zip(PROVIDERS) {
            house.outside.put(keys, 200, &idp.key_set());
        }
        let mut names = BTreeMap::new();
        for pool in ["P", "Q"] {
            let id = world.places.get(pool)?;
            names.insert(pool.to_owned(), id.to_owned());
        }
        let mut model = Model::default();
        model.guests.extend(names.get("P").cloned());
        Ok(Self {
            house,
            world,
            idps,
            chance: Chance::of(seed),
            model,
            seen: Seen::default(),
            tokens: Vec::new(),
            names,
        })
    }

    /// One step, with every call of the store failing in turn before one goes through, if chance
    /// wants it so.
    async fn take(&mut self, step: &Step, number: usize) -> Result<(), String> {
        let seconds = 1 + i64::try_from(self.chance.below(90)).unwrap_or(0);
        self.house.clock.advance_seconds(seconds);
        let forged = !steps::shown(step).is_empty() && self.chance.one_in(10);
        let fail = self.chance.one_in(3);
        for (operation, body) in self.requests(step, forged) {
            let caller = steps::caller(operation, number);
            let answer = self.insist(operation, &body, caller, fail).await?;
            self.judge(step, &answer, forged)?;
            self.seen.compare(self.house, &self.model).await?;
        }
        Ok(())
    }

    /// Calls until the store lets it through: at first no call of the store works, then one, two,
    /// and so on.
    async fn insist(
        &mut self,
        operation: &str,
        body: &Value,
        caller: &str,
        fail: bool,
    ) -> Result<Answer, String> {
        for working in 0..CALLS_MAX {
            if fail {
                self.house.store.fail_call(working);
            }
            let answer = self.send(operation, body, caller).await;
            let failed = self.house.store.work();
            let answer = answer?;
            if answer.code != "InternalErrorException" {
                return Ok(answer);
            }
            if !failed {
                return Err("an internal error that nobody caused".to_owned());
            }
            // INVARIANT: an operation's only effect is its one transaction.
            self.seen.compare(self.house, &self.model).await?;
        }
        Err(format!(
            "{operation} needs more than {CALLS_MAX} calls of the store"
        ))
    }

    fn judge(&mut self, step: &Step, answer: &Answer, forged: bool) -> Result<(), String> {
        if forged {
            let refused = ["NotAuthorizedException", "ResourceNotFoundException"];
            if refused.contains(&answer.code.as_str()) {
                return Ok(());
            }
            return Err(format!("a forged login came to {}", answer.code));
        }
        let id = answer.id.as_ref();
        let known = id.is_some_and(|id| self.model.people.contains_key(id));
        let wanted = self.model.take(step, answer.id.as_deref());
        let ok = answer.code == "ok";
        let fits = match &wanted {
            Expected::Identity(id) => ok && answer.id.as_ref() == Some(id),
            Expected::Fresh => ok && answer.id.is_some() && !known,
            Expected::Done => ok,
            Expected::Refused(code) => answer.code == *code,
        };
        if !fits {
            let Answer { code, body, .. } = answer;
            return Err(format!("wanted {wanted:?}, found {code} {body}"));
        }
        self.keep(step, answer)
    }

    /// Looks at a token that was given out, and keeps a developer's.
    fn keep(&mut self, step: &Step, answer: &Answer) -> Result<(), String> {
        let token = answer.body.get("Token").and_then(Value::as_str);
        let (Some(token), Some(id)) = (token, &answer.id) else {
            return Ok(());
        };
        let claims = steps::claims(token).ok_or("a token that does not read")?;
        let pool = self
            .model
            .people
            .get(id)
            .map(|one| one.pool.clone())
            .unwrap_or_default();
        let user = match step {
            Step::Vouch { user, .. } => Some(user.as_str()),
            _ => None,
        };
        let amr = steps::amr(&pool, user, &steps::shown(step));
        if claims.get("amr") != Some(&json!(amr)) || claims.get("sub") != Some(&json!(id)) {
            return Err(format!("a token says {claims}, and should {amr:?} of {id}"));
        }
        if let Some(user) = user {
            self.tokens
                .push((id.clone(), user.to_owned(), token.to_owned()));
        }
        Ok(())
    }

    async fn send(&self, operation: &str, body: &Value, caller: &str) -> Result<Answer, String> {
        let lines = [
            "POST /".to_owned(),
            format!("X-Amz-Target: AWSCognitoIdentityService.{operation}"),
            "Content-Type: application/x-amz-json-1.1".to_owned(),
            format!("Signed-By: {caller}"),
            String::new(),
            body.to_string(),
        ];
        let response = self.world.send(request::build(&lines, &self.world)?).await;
        let body: Value = serde_json::from_slice(response.body()).unwrap_or_default();
        let id = body
            .get("IdentityId")
            .and_then(Value::as_str)
            .map(str::to_owned);
        let code = code_of(&response).unwrap_or_else(|| "ok".to_owned());
        Ok(Answer { code, id, body })
    }

    /// The tokens of public logins; a forged one is too old.
    fn logins(&self, shown: &[Login], forged: bool) -> Value {
        let now = self.house.clock.seconds();
        let mut logins = serde_json::Map::new();
        for (index, (provider, user)) in shown.iter().enumerate() {
            let mut idps = self.idps.iter().zip(PROVIDERS);
            let Some((idp, (_, client, _))) = idps.find(|(_, (name, ..))| name == provider) else {
                continue;
            };
            let bad = forged && index + 1 == shown.len();
            let made = if bad { now - 10_000 } else { now };
            logins.insert(provider.clone(), json!(idp.id_token(client, user, made)));
        }
        Value::Object(logins)
    }
}
