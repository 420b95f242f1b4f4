//! Givens about SAML providers.
//!
//! They are put into the records directly, so that a vector of one face does not rest on another.
//!
//! **Shape**
//! - `SAML provider S named NAME` with `tag KEY VALUE`; binds the provider's ARN. Its metadata is the
//!   one that `<METADATA>` stands for.
//! - `N SAML providers`: `saml-1` and so on.
//! - `N tags on SAML provider S`: `tag-1` to `tag-N`, of value `v`.
//! - `assertion T of S for USER` with `audience TEXT`, `recipient TEXT`, `issuer TEXT`,
//!   `issued N seconds ago`, `session ends in N seconds`, `one time use`, `unsigned`, `changed`,
//!   `attribute NAME is VALUE`; binds the response in base64.
//! - `<METADATA>` is the metadata of the provider of the pack, `<METADATA:until2030>` says how long it
//!   holds, `<METADATA:expired>` that it does no longer, `<METADATA:nokey>` has no signing key.
//!
//! **Source**: contract page, IAM section 4.4.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use daypass_core::ids::UniqueId;
use daypass_core::saml_provider::{SamlProvider, VALID_SECONDS_DEFAULT, name_in_arn};
use daypass_core::time::Timestamp;

use super::given::{World, told};
use super::place::Places;
use crate::assertion::{Assertion, ISSUER};
use crate::house::{HOST, account};

/// The metadata of the provider whose key signs the pack's responses.
pub(crate) const METADATA: &str =
    include_str!("../../../../vectors/saml/metadata/one_certificate.xml");

/// Binds the metadata documents.
pub(super) fn bind(places: &mut Places) {
    let until =
        |moment: &str| METADATA.replace(" entityID", &format!(" validUntil=\"{moment}\" entityID"));
    places.bind("METADATA", METADATA);
    places.bind("METADATA:until2030", until("2030-01-01T00:00:00Z"));
    places.bind("METADATA:expired", until("2020-01-01T00:00:00Z"));
    let for_encryption = METADATA.replace("use=\"signing\"", "use=\"encryption\"");
    places.bind("METADATA:nokey", for_encryption);
}

/// Brings about a phrase about SAML providers.
pub(super) async fn given(world: &mut World<'_>, words: &[&str], rest: &str) -> Result<(), String> {
    match words {
        ["SAML", "provider", place, "named", name] => {
            let mut provider = provider(world, name);
            for option in rest.split(", ").filter(|option| !option.is_empty()) {
                match option.split(' ').collect::<Vec<_>>().as_slice() {
                    ["tag", key, value] => {
                        provider.tags.insert((*key).to_owned(), (*value).to_owned());
                    }
                    _ => return Err(format!("no such option: `{option}`")),
                }
            }
            put(world, place, &provider).await
        }
        ["assertion", place, "of", _, "for", user] => {
            let response = response(world, place, user, rest)?;
            world.places.bind(place, response);
            Ok(())
        }
        [count, "SAML", "providers"] => {
            for number in 1..=count.parse::<u32>().map_err(told)? {
                let name = format!("saml-{number}");
                let provider = provider(world, &name);
                put(world, &name, &provider).await?;
            }
            Ok(())
        }
        [count, "tags", "on", "SAML", "provider", place] => {
            let count = count.parse::<u32>().map_err(told)?;
            let arn = world.places.get(place)?.to_owned();
            let account = account();
            let name = name_in_arn(&arn, &account).ok_or("no provider of this name")?;
            let mut records = world.house()?.records().await;
            let found = records.saml_provider(name).await.map_err(told)?;
            let mut provider = found.ok_or("no provider of this name")?;
            let tags = (1..=count).map(|number| (format!("tag-{number}"), "v".to_owned()));
            provider.tags.extend(tags);
            // The records take one writer at a time.
            drop(records);
            put(world, place, &provider).await
        }
        _ => Err("no such phrase".to_owned()),
    }
}

/// A response with one assertion, as the options say.
fn response(world: &World<'_>, place: &str, user: &str, options: &str) -> Result<String, String> {
    let now = world.now_seconds();
    let mut assertion = Assertion {
        id: format!("_{place}"),
        name_id: user.to_owned(),
        issuer: ISSUER.to_owned(),
        recipient: format!("http://{HOST}/saml"),
        audience: "urn:amazon:webservices".to_owned(),
        issued_at: now,
        session_ends: None,
        one_time_use: false,
        attributes: Vec::new(),
        signed: true,
    };
    let mut changed = false;
    for option in options.split(", ").filter(|option| !option.is_empty()) {
        match option.split(' ').collect::<Vec<_>>().as_slice() {
            ["audience", text] => (*text).clone_into(&mut assertion.audience),
            ["recipient", text] => (*text).clone_into(&mut assertion.recipient),
            ["issuer", text] => (*text).clone_into(&mut assertion.issuer),
            ["issued", count, "seconds", "ago"] => {
                assertion.issued_at = now - count.parse::<i64>().map_err(told)?;
            }
            ["session", "ends", "in", count, "seconds"] => {
                assertion.session_ends = Some(now + count.parse::<i64>().map_err(told)?);
            }
            ["one", "time", "use"] => assertion.one_time_use = true,
            ["unsigned"] => assertion.signed = false,
            ["changed"] => changed = true,
            ["attribute", name, "is", value] => {
                let attribute = ((*name).to_owned(), (*value).to_owned());
                assertion.attributes.push(attribute);
            }
            _ => return Err(format!("no such option: `{option}`")),
        }
    }
    let response = assertion.response()?;
    if !changed {
        return Ok(response);
    }
    let text = STANDARD.decode(response).map_err(told)?;
    let text = String::from_utf8(text).map_err(told)?;
    Ok(STANDARD.encode(text.replace(&format!(">{user}<"), ">somebody-else<")))
}

fn provider(world: &World<'_>, name: &str) -> SamlProvider {
    let now = world.now_seconds();
    SamlProvider {
        name: name.to_owned(),
        unique_id: UniqueId::stored("A".repeat(26)),
        metadata: METADATA.to_owned(),
        valid_until: Timestamp::from_seconds(now + VALID_SECONDS_DEFAULT),
        tags: BTreeMap::new(),
        created: Timestamp::from_seconds(now),
    }
}

async fn put(world: &mut World<'_>, place: &str, provider: &SamlProvider) -> Result<(), String> {
    world.places.bind(place, provider.arn(&account()));
    let mut records = world.house()?.records().await;
    let put = records.put_saml_provider(provider).await;
    put.map_err(told)?;
    records.commit().await.map_err(told)
}
