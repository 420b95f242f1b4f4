//! Givens about OpenID Connect providers, their keys and their tokens.
//!
//! Providers are put into the records directly, so that a vector of one face does not rest on
//! another; what they publish is put where the house will look for it.
//!
//! **Shape**
//! - `issuer I at URL` with `client ID`, `N clients`, `thumbprint TEXT`, `tag KEY VALUE`; binds the
//!   provider's ARN. Clients by number are `client-1` to `client-N`.
//! - `N issuers`: `issuer-1` and so on, at `https://issuer-1.example`.
//! - `issuer I is deleted`.
//! - `keys at URL`: the issuer of this URL publishes its keys; any other answers nothing. `odd keys
//!   at URL`: it publishes something else.
//! - `ID token T of URL for CLIENT and USER` with any of `lasting N seconds`, `claim NAME is JSON`,
//!   `without claim NAME`, `signed by a stranger`: what is not said is as in an honest token.
//!
//! **Source**: contract page, IAM section 4.4.

use std::collections::BTreeMap;

use daypass_core::issuer::IssuerUrl;
use daypass_core::open_id_provider::{OpenIdProvider, name_in_arn};
use daypass_core::time::Timestamp;

use serde_json::json;

use super::given::{World, set, told};
use crate::forge::{self, Hand};
use crate::house::{account, stranger_pkcs8};
use crate::idp::{Idp, TOKEN_SECONDS};

/// Brings about a phrase about issuers.
pub(super) async fn given(world: &mut World<'_>, words: &[&str], rest: &str) -> Result<(), String> {
    match words {
        ["issuer", name, "at", url] => {
            let mut provider = provider(world, url)?;
            for option in rest.split(", ").filter(|option| !option.is_empty()) {
                read(option, &mut provider)?;
            }
            put(world, name, &provider).await
        }
        ["issuer", name, "is", "deleted"] => {
            let account = account();
            let arn = world.places.get(name)?;
            let name = name_in_arn(arn, &account).ok_or("no issuer of this name")?;
            let mut records = world.house()?.records().await;
            let deleted = records.delete_open_id_provider(name).await;
            deleted.map_err(told)?;
            records.commit().await.map_err(told)
        }
        [count, "issuers"] => {
            for number in 1..=count.parse::<u32>().map_err(told)? {
                let name = format!("issuer-{number}");
                let provider = provider(world, &format!("https://{name}.example"))?;
                put(world, &name, &provider).await?;
            }
            Ok(())
        }
        ["keys", "at", url] => publish(world, &Idp::at(url)),
        ["odd", "keys", "at", url] => {
            let outside = &world.house()?.outside;
            for (address, _) in Idp::at(url).documents() {
                outside.put(&address, 200, "<html></html>");
            }
            Ok(())
        }
        ["ID", "token", name, "of", url, "for", client, "and", user] => {
            let token = id_token(&Idp::at(url), client, user, world.now_seconds(), rest)?;
            world.places.bind(name, token);
            Ok(())
        }
        _ => Err("no such phrase".to_owned()),
    }
}

/// Puts a provider's documents where they are looked for; Google and Apple have a place of their
/// own for their keys.
fn publish(world: &World<'_>, idp: &Idp) -> Result<(), String> {
    let outside = &world.house()?.outside;
    outside.publish(idp);
    let keys = match idp.issuer() {
        "https://accounts.google.com" => "https://www.googleapis.com/oauth2/v3/certs",
        "https://appleid.apple.com" => "https://appleid.apple.com/auth/keys",
        _ => return Ok(()),
    };
    outside.put(keys, 200, &idp.key_set());
    Ok(())
}

fn id_token(idp: &Idp, client: &str, user: &str, now: i64, rest: &str) -> Result<String, String> {
    let mut claims = json!({
        "aud": client, "sub": user, "iat": now, "exp": now.saturating_add(TOKEN_SECONDS),
    });
    let mut stranger = false;
    for option in rest.split(", ").filter(|option| !option.is_empty()) {
        match option.splitn(4, ' ').collect::<Vec<_>>().as_slice() {
            ["lasting", count, "seconds"] => {
                let seconds: i64 = count.parse().map_err(told)?;
                set(&mut claims, "exp", json!(now.saturating_add(seconds)));
            }
            ["claim", claim, "is", text] => {
                set(
                    &mut claims,
                    claim,
                    serde_json::from_str(text).map_err(told)?,
                );
            }
            ["without", "claim", claim] => {
                if let Some(claims) = claims.as_object_mut() {
                    claims.remove(*claim);
                }
            }
            ["signed", "by", "a", "stranger"] => stranger = true,
            _ => return Err(format!("no such option: `{option}`")),
        }
    }
    if !stranger {
        return Ok(idp.token(&claims));
    }
    if claims.get("iss").is_none() {
        set(&mut claims, "iss", json!(idp.issuer()));
    }
    let header = r#"{"alg":"RS256","typ":"JWT","kid":"key-1"}"#;
    forge::token(header, &claims.to_string(), Hand::Rs256(stranger_pkcs8()))
}

fn provider(world: &World<'_>, url: &str) -> Result<OpenIdProvider, String> {
    Ok(OpenIdProvider {
        url: IssuerUrl::parse(url, &[]).map_err(told)?,
        client_ids: Vec::new(),
        thumbprints: Vec::new(),
        tags: BTreeMap::new(),
        created: Timestamp::from_seconds(world.now_seconds()),
    })
}

fn read(option: &str, provider: &mut OpenIdProvider) -> Result<(), String> {
    match option.split(' ').collect::<Vec<_>>().as_slice() {
        ["client", client] => provider.client_ids.push((*client).to_owned()),
        [count, "clients"] => {
            let numbers = 1..=count.parse::<u32>().map_err(told)?;
            let clients = numbers.map(|number| format!("client-{number}"));
            provider.client_ids.extend(clients);
        }
        ["thumbprint", text] => provider.thumbprints.push((*text).to_owned()),
        ["tag", key, value] => {
            provider.tags.insert((*key).to_owned(), (*value).to_owned());
        }
        _ => return Err(format!("no such option: `{option}`")),
    }
    Ok(())
}

async fn put(world: &mut World<'_>, name: &str, provider: &OpenIdProvider) -> Result<(), String> {
    world.places.bind(name, provider.arn(&account()));
    let mut records = world.house()?.records().await;
    let put = records.put_open_id_provider(provider).await;
    put.map_err(told)?;
    records.commit().await.map_err(told)
}
