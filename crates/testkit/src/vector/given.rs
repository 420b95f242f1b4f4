//! What a vector may take as given, phrase by phrase.
//!
//! **Shape**: names in capitals are placeholders that the phrase binds or uses; options follow
//! after commas.
//! - `pool P` with `named TEXT`, `developer provider NAME`, `guests`, `classic flow on|off`,
//!   `login provider NAME VALUE`, `user pool NAME CLIENT`, `oidc provider ARN`,
//!   `saml provider ARN`, `tag KEY VALUE`; binds also `P:arn`. `N pools`. `list L of N user pools`
//!   binds what fits in `CognitoIdentityProviders`.
//! - `P gives ROLE to users`, `P gives ROLE to guests`.
//! - `identity A of P for USER` (`… for N users` links `u-1` to `u-N`), `guest G of P`,
//!   `N guests of P`.
//! - `identity A is disabled`, `identity A is merged into B` and so on: see `identities.rs`.
//! - `pool P is deleted`, `role R is deleted`, `role R is made anew`, `user U is deleted`,
//!   `the key of U is inactive`.
//! - `user U`, `role R`, `policy Q` with their options: see `grants.rs`.
//! - `issuer I at URL`, `N issuers`, `keys at URL`, `ID token T of URL for CLIENT and USER`: see
//!   `issuers.rs`.
//! - `SAML provider S named NAME`, `N SAML providers`, `assertion T of S for USER`: see `saml.rs`.
//! - `token T for A`, `forged token T for A`, `session S of …`: see `tokens.rs`.
//! - `N users`, `N tags on role R`, `N versions of policy Q` and so on: see `quotas.rs`.
//! - `bucket B`, `object B/K holds TEXT` and so on: see `objects.rs`.
//! - `text NAME is TEXT` binds a long text.
//! - `the clock moves by N seconds`.
//! - `the store is broken`, `the store is full`, `the store conflicts`, `no room in the house`,
//!   `no randomness`: from here on. `N unknown identities were asked for`, `N bad signatures came`.
//!
//! **Source**: STYLE §7.

use std::collections::BTreeMap;

use bytes::Bytes;
use http::{Method, Request, Response};
use serde_json::{Value, json};

use super::place::Places;
use super::run::Server;
use super::{grants, issuers, objects, pools, quotas, saml, tokens};
use crate::fault::Fault;
use crate::house::{ACCOUNT, HOST, House, REGION};
use crate::keys::{Keys, Signing};

/// What is known of an identity that a given made.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub(super) pool: String,
    pub(super) amr: Vec<String>,
    pub(super) logins: Option<(String, String)>,
}

/// The world of one case: a server, what was brought about in it, and the names for that.
pub struct World<'a> {
    server: &'a dyn Server,
    house: Option<&'a House>,
    /// What names stand for.
    pub places: Places,
    keys: BTreeMap<String, Keys>,
    pub(super) providers: BTreeMap<String, String>,
    pub(super) identities: BTreeMap<String, Known>,
}

impl<'a> World<'a> {
    /// The world around a house of our own, with the user `developer` in it.
    ///
    /// **Errors**: what cannot be brought about, in words.
    pub async fn around(house: &'a House) -> Result<Self, String> {
        let mut world = Self {
            server: house,
            house: Some(house),
            places: Places::default(),
            keys: BTreeMap::from([("root".to_owned(), house.root.clone())]),
            providers: BTreeMap::new(),
            identities: BTreeMap::new(),
        };
        world.places.bind("ACCOUNT", ACCOUNT);
        world.places.bind("REGION", REGION);
        world.places.bind("HOST", HOST);
        world.places.bind("ISSUER", house.issuer());
        world.places.bind("root:key", house.root.id.as_str());
        saml::bind(&mut world.places);
        world.given(DEVELOPER).await?;
        Ok(world)
    }

    /// Brings about what `phrase` says.
    ///
    /// **Errors**: an unknown phrase, or what the server said against it, in words.
    pub async fn given(&mut self, phrase: &str) -> Result<(), String> {
        let phrase = self.places.fill(phrase, self.now_seconds(), str::to_owned);
        let (head, rest) = phrase.split_once(", ").unwrap_or((&phrase, ""));
        let words: Vec<&str> = head.split(' ').collect();
        let told = match words.as_slice() {
            ["user" | "role" | "policy", ..] | ["the", "key", ..] => {
                grants::given(self, &words, rest).await
            }
            ["token" | "forged" | "session", ..] => tokens::given(self, &words, rest).await,
            ["text", name, "is", ..] => {
                let text = phrase.split_once(" is ").map(|(_, text)| text);
                self.places.bind(name, text.unwrap_or_default());
                Ok(())
            }
            ["issuer" | "keys" | "odd" | "ID", ..] | [_, "issuers"] => {
                issuers::given(self, &words, rest).await
            }
            ["SAML" | "assertion", ..]
            | [_, "SAML", "providers"]
            | [_, "tags", "on", "SAML", ..] => saml::given(self, &words, rest).await,
            [_, "users" | "roles" | "policies"] | [_, "tags" | "versions", ..] => {
                quotas::given(self, &words).await
            }
            ["bucket" | "object" | "upload" | "part", ..] => objects::given(self, &phrase).await,
            ["the" | "no", ..] | [_, "unknown" | "bad", ..] => self.circumstance(&words).await,
            _ => pools::given(self, &words, rest).await,
        };
        told.map_err(|error| format!("given `{phrase}`: {error}"))
    }

    /// The keys bound to `name`.
    ///
    /// **Errors**: a name without keys, in words.
    pub fn keys(&self, name: &str) -> Result<&Keys, String> {
        let keys = self.keys.get(name);
        keys.ok_or_else(|| format!("nobody called `{name}` has keys"))
    }

    pub(super) fn hold(&mut self, name: &str, keys: Keys) {
        self.places.bind(&format!("{name}:key"), keys.id.as_str());
        if let Some(token) = &keys.token {
            self.places.bind(&format!("{name}:token"), token.expose());
        }
        self.keys.insert(name.to_owned(), keys);
    }

    /// The server's moment.
    pub fn now_seconds(&self) -> i64 {
        self.server.now_seconds()
    }

    /// Sends a request as it is.
    pub async fn send(&self, request: Request<Bytes>) -> Response<Bytes> {
        self.server.answer(request).await
    }

    pub(super) fn house(&self) -> Result<&'a House, String> {
        self.house
            .ok_or_else(|| "only a house of our own can be brought to that".to_owned())
    }

    /// Calls an operation of the JSON face; signed as `caller`, or not at all.
    pub(super) async fn call(
        &self,
        operation: &str,
        input: &Value,
        caller: Option<&str>,
    ) -> Result<Value, String> {
        let mut request = Request::new(Bytes::from(input.to_string()));
        *request.method_mut() = Method::POST;
        let headers = request.headers_mut();
        let target = format!("AWSCognitoIdentityService.{operation}");
        headers.insert("x-amz-target", target.parse().map_err(told)?);
        headers.insert(
            "content-type",
            "application/x-amz-json-1.1".parse().map_err(told)?,
        );
        if let Some(caller) = caller {
            let keys = self.keys(caller)?;
            Signing::of("cognito-identity").sign(keys, &mut request, self.now_seconds())?;
        }
        let answer = self.send(request).await;
        let body = String::from_utf8_lossy(answer.body()).into_owned();
        if answer.status() != 200 {
            return Err(format!("{operation} answered {} {body}", answer.status()));
        }
        if body.is_empty() {
            return Ok(Value::Null);
        }
        serde_json::from_str(&body).map_err(told)
    }

    /// What must never be seen in a log: every secret, token and login of this world.
    pub(super) fn secrets(&self) -> Vec<String> {
        let of_keys = self.keys.values().flat_map(|keys| {
            let token = keys.token.as_ref().map(|token| token.expose().to_owned());
            std::iter::once(keys.secret.expose().to_owned()).chain(token)
        });
        let tokens = self
            .places
            .values()
            .filter(|value| value.starts_with("eyJ") || value.starts_with("PHNhbWxw"));
        let users = self.identities.values().filter_map(|known| {
            let (_, user) = known.logins.as_ref()?;
            Some(user.clone())
        });
        of_keys
            .chain(tokens.map(str::to_owned))
            .chain(users)
            .collect()
    }

    async fn circumstance(&mut self, words: &[&str]) -> Result<(), String> {
        let house = self.house()?;
        match words {
            ["the", "clock", "moves", "by", count, "seconds"] => {
                house.clock.advance_seconds(count.parse().map_err(told)?);
            }
            ["the", "store", "is", "broken"] => house.store.fail_with(Fault::Unavailable),
            ["the", "store", "is", "full"] => house.store.fail_with(Fault::Full),
            ["the", "store", "conflicts"] => house.store.fail_with(Fault::Conflict),
            ["no", "room", "in", "the", "house"] => house.fill(),
            ["no", "randomness"] => house.entropy.fail(true),
            [count, "unknown", "identities", "were", "asked", "for"] => {
                let input = json!({ "IdentityId": format!("{REGION}:0") });
                for _ in 0..count.parse::<u32>().map_err(told)? {
                    self.call("GetOpenIdToken", &input, None).await.err();
                }
            }
            [count, "bad", "signatures", "came"] => {
                let stranger = Keys::long_term("AKIASTRANGERSTRANGER", "not-a-secret-of-ours");
                self.keys.insert("stranger".to_owned(), stranger);
                for _ in 0..count.parse::<u32>().map_err(told)? {
                    let input = json!({ "MaxResults": 1 });
                    let call = self.call("ListIdentityPools", &input, Some("stranger"));
                    call.await.err();
                }
            }
            _ => return Err("no such phrase".to_owned()),
        }
        Ok(())
    }
}

/// The app's backend, with the rights that the managed policy for backends gives.
const DEVELOPER: &str = "user developer, allows cognito-identity:GetOpenIdTokenForDeveloperIdentity \
    cognito-identity:LookupDeveloperIdentity cognito-identity:MergeDeveloperIdentities \
    cognito-identity:UnlinkDeveloperIdentity on *";

/// Any error in words.
pub(super) fn told(error: impl std::fmt::Display) -> String {
    error.to_string()
}

/// A text member of an answer.
pub(super) fn member(answer: &Value, name: &str) -> Result<String, String> {
    let text = answer.get(name).and_then(Value::as_str);
    text.map(str::to_owned)
        .ok_or_else(|| format!("the answer has no text `{name}`: {answer}"))
}

pub(super) fn set(object: &mut Value, name: &str, value: Value) {
    if let Some(members) = object.as_object_mut() {
        members.insert(name.to_owned(), value);
    }
}
