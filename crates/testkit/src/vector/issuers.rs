//! Givens about OpenID Connect providers.
//!
//! They are put into the records directly, so that a vector of one face does not rest on another.
//!
//! **Shape**
//! - `issuer I at URL` with `client ID`, `N clients`, `thumbprint TEXT`, `tag KEY VALUE`; binds the
//!   provider's ARN. Clients by number are `client-1` to `client-N`.
//! - `N issuers`: `issuer-1` and so on, at `https://issuer-1.example`.
//! - `issuer I is deleted`.
//!
//! **Source**: contract page, IAM section 4.4.

use std::collections::BTreeMap;

use daypass_core::issuer::IssuerUrl;
use daypass_core::open_id_provider::{OpenIdProvider, name_in_arn};
use daypass_core::time::Timestamp;

use super::given::{World, told};
use crate::house::account;

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
        _ => Err("no such phrase".to_owned()),
    }
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
