//! Givens about pools and identities.
//!
//! They are brought about by operations, called as root, so that they hold on any server. What
//! becomes of identities later: see `identities.rs`.
//!
//! **Shape**: see [`super::given`].

use std::collections::BTreeMap;

use daypass_core::pool::{IdentityPool, Settings};
use daypass_core::time::Timestamp;
use serde_json::{Map, Value, json};

use super::given::{Known, World, member, set, told};
use super::identities;
use crate::house::{ACCOUNT, REGION};

/// Brings about a phrase about pools or identities.
pub(super) async fn given(world: &mut World<'_>, words: &[&str], rest: &str) -> Result<(), String> {
    world.pools_and_identities(words, rest).await
}

impl World<'_> {
    async fn pools_and_identities(&mut self, words: &[&str], rest: &str) -> Result<(), String> {
        match words {
            ["pool", name] => self.pool(name, rest).await,
            ["list", name, "of", count, "user", "pools"] => {
                let user_pools: Vec<Value> = (1..=count.parse::<u32>().map_err(told)?)
                    .map(|number| {
                        let user_pool = format!("{REGION}_Pool{number}");
                        let name = format!("cognito-idp.{REGION}.amazonaws.com/{user_pool}");
                        json!({ "ProviderName": name, "ClientId": "client" })
                    })
                    .collect();
                self.places.bind(name, Value::from(user_pools).to_string());
                Ok(())
            }
            [count, "pools"] => self.many_pools(count.parse().map_err(told)?).await,
            ["pool", name, "is", "deleted"] => {
                let input = json!({ "IdentityPoolId": self.places.get(name)? });
                self.call("DeleteIdentityPool", &input, Some("root"))
                    .await?;
                Ok(())
            }
            [pool, "gives", role, "to", kind] => self.gives(pool, role, kind).await,
            ["identity", name, "of", pool, "for", user] => {
                self.identity(name, pool, None, user).await
            }
            ["identity", name, "of", pool, "for", count, "users"] => {
                for number in 1..=count.parse::<u32>().map_err(told)? {
                    let known = (number > 1).then_some(*name);
                    self.identity(name, pool, known, &format!("u-{number}"))
                        .await?;
                }
                Ok(())
            }
            ["guest", name, "of", pool] => self.guest(name, pool).await,
            [count, "guests", "of", pool] => {
                for number in 1..=count.parse::<u32>().map_err(told)? {
                    self.guest(&format!("guest-{number}"), pool).await?;
                }
                Ok(())
            }
            ["identity", ..] => identities::given(self, words).await,
            _ => Err("no such phrase".to_owned()),
        }
    }

    async fn pool(&mut self, name: &str, options: &str) -> Result<(), String> {
        let mut input =
            json!({ "IdentityPoolName": name, "AllowUnauthenticatedIdentities": false });
        let mut lists: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
        let mut maps: BTreeMap<&str, Map<String, Value>> = BTreeMap::new();
        for option in options.split(", ").filter(|option| !option.is_empty()) {
            match option.split(' ').collect::<Vec<_>>().as_slice() {
                ["named", ..] => set(&mut input, "IdentityPoolName", json!(option.get(6..))),
                ["guests"] => set(&mut input, "AllowUnauthenticatedIdentities", json!(true)),
                ["classic", "flow", state] => {
                    set(&mut input, "AllowClassicFlow", json!(*state == "on"));
                }
                ["developer", "provider", provider] => {
                    set(&mut input, "DeveloperProviderName", json!(provider));
                    self.providers
                        .insert(name.to_owned(), (*provider).to_owned());
                }
                ["login", "provider", key, value] => {
                    let map = maps.entry("SupportedLoginProviders").or_default();
                    map.insert((*key).to_owned(), json!(value));
                }
                ["tag", key, value] => {
                    let map = maps.entry("IdentityPoolTags").or_default();
                    map.insert((*key).to_owned(), json!(value));
                }
                ["user", "pool", provider, client] => {
                    let entry = json!({ "ProviderName": provider, "ClientId": client });
                    lists
                        .entry("CognitoIdentityProviders")
                        .or_default()
                        .push(entry);
                }
                ["oidc", "provider", arn] => {
                    lists
                        .entry("OpenIdConnectProviderARNs")
                        .or_default()
                        .push(json!(arn));
                }
                ["saml", "provider", arn] => {
                    lists
                        .entry("SamlProviderARNs")
                        .or_default()
                        .push(json!(arn));
                }
                _ => return Err(format!("no such option: `{option}`")),
            }
        }
        for (member, list) in lists {
            set(&mut input, member, Value::Array(list));
        }
        for (member, map) in maps {
            set(&mut input, member, Value::Object(map));
        }
        let pool = self
            .call("CreateIdentityPool", &input, Some("root"))
            .await?;
        let id = member(&pool, "IdentityPoolId")?;
        let arn = format!("arn:aws:cognito-identity:{REGION}:{ACCOUNT}:identitypool/{id}");
        self.places.bind(&format!("{name}:arn"), arn);
        self.places.bind(name, id);
        Ok(())
    }

    /// Pools by the hundred, past the operation that makes one.
    async fn many_pools(&self, count: u32) -> Result<(), String> {
        let now = Timestamp::from_seconds(self.now_seconds());
        let mut records = self.house()?.records().await;
        for number in 1..=count {
            let id = format!("{REGION}:{number:08x}").parse().map_err(told)?;
            let settings = Settings {
                name: format!("pool {number}"),
                ..Settings::default()
            };
            let pool = IdentityPool::create(id, settings, BTreeMap::new(), now).map_err(told)?;
            records.put_pool(&pool).await.map_err(told)?;
        }
        records.commit().await.map_err(told)
    }

    async fn gives(&mut self, pool: &str, role: &str, kind: &str) -> Result<(), String> {
        let id = self.places.get(pool)?;
        let input = json!({ "IdentityPoolId": id });
        let mut roles = self
            .call("GetIdentityPoolRoles", &input, Some("root"))
            .await?;
        let kind = match kind {
            "users" => "authenticated",
            "guests" => "unauthenticated",
            other => return Err(format!("neither users nor guests: `{other}`")),
        };
        if let Some(roles) = roles.get_mut("Roles") {
            set(roles, kind, json!(self.places.get(role)?));
        }
        self.call("SetIdentityPoolRoles", &roles, Some("root"))
            .await?;
        Ok(())
    }

    async fn identity(
        &mut self,
        name: &str,
        pool: &str,
        known: Option<&str>,
        user: &str,
    ) -> Result<(), String> {
        let provider = self
            .providers
            .get(pool)
            .ok_or("no developer provider")?
            .clone();
        let id = self.places.get(pool)?.to_owned();
        let mut input = json!({ "IdentityPoolId": id, "Logins": { &provider: user } });
        if let Some(known) = known {
            set(&mut input, "IdentityId", json!(self.places.get(known)?));
        }
        let operation = "GetOpenIdTokenForDeveloperIdentity";
        let answer = self.call(operation, &input, Some("root")).await?;
        self.places.bind(name, member(&answer, "IdentityId")?);
        let amr = vec![
            "authenticated".to_owned(),
            provider.clone(),
            format!("{provider}:{id}:{user}"),
        ];
        let logins = Some((provider, user.to_owned()));
        let known = Known {
            pool: id,
            amr,
            logins,
        };
        self.identities.insert(name.to_owned(), known);
        Ok(())
    }

    async fn guest(&mut self, name: &str, pool: &str) -> Result<(), String> {
        let id = self.places.get(pool)?.to_owned();
        let answer = self
            .call("GetId", &json!({ "IdentityPoolId": id }), None)
            .await?;
        self.places.bind(name, member(&answer, "IdentityId")?);
        let known = Known {
            pool: id,
            amr: vec!["unauthenticated".to_owned()],
            logins: None,
        };
        self.identities.insert(name.to_owned(), known);
        Ok(())
    }
}
