//! Givens about what becomes of identities.
//!
//! **Shape**
//! - `identity A is merged into B`, `identity A is inaccessible` (its users are unlinked): brought
//!   about by operations, called as root, so that they hold on any server.
//! - `identity A is disabled` (switched off, and not by a merge), `identity A is damaged` (its record
//!   does not read), `identity A has login PROVIDER SUBJECT`: put into the records, as no operation
//!   of this version leads to them.
//!
//! **Source**: contract page, Cognito identity section 3.1.

use daypass_core::identity::Identity;
use daypass_core::ids::IdentityId;
use daypass_proof::login::Subject;
use daypass_store::Key;
use serde_json::{Value, json};

use super::given::{World, told};

/// Brings about a phrase about what becomes of an identity.
pub(super) async fn given(world: &mut World<'_>, words: &[&str]) -> Result<(), String> {
    match words {
        ["identity", name, "is", "merged", "into", other] => merged(world, name, other).await,
        ["identity", name, "is", "inaccessible"] => inaccessible(world, name).await,
        ["identity", name, "is", "disabled"] => {
            changed(world, name, |identity| {
                identity.enabled = false;
                identity.developer_users.clear();
                identity.ever_authenticated = true;
                Ok(())
            })
            .await
        }
        ["identity", name, "is", "damaged"] => damaged(world, name).await,
        ["identity", name, "has", "login", provider, subject] => {
            changed(world, name, |identity| {
                let subject = Subject::stored((*subject).to_owned());
                let provider = provider.parse().map_err(told)?;
                identity.public_logins.insert(provider, subject);
                identity.ever_authenticated = true;
                Ok(())
            })
            .await
        }
        _ => Err("no such phrase".to_owned()),
    }
}

/// The pool, the developer provider and one developer user of an identity.
fn known(world: &World<'_>, name: &str) -> Result<(String, String, String), String> {
    let known = world.identities.get(name).ok_or("no such identity")?;
    let logins = known.logins.clone();
    let (provider, user) = logins.ok_or("not an identity of a developer user")?;
    Ok((known.pool.clone(), provider, user))
}

async fn merged(world: &World<'_>, name: &str, other: &str) -> Result<(), String> {
    let (pool, provider, source) = known(world, name)?;
    let (_, _, destination) = known(world, other)?;
    let input = json!({
        "IdentityPoolId": pool, "DeveloperProviderName": provider,
        "SourceUserIdentifier": source, "DestinationUserIdentifier": destination,
    });
    let operation = "MergeDeveloperIdentities";
    world.call(operation, &input, Some("root")).await?;
    Ok(())
}

async fn inaccessible(world: &World<'_>, name: &str) -> Result<(), String> {
    let (pool, provider, _) = known(world, name)?;
    let id = world.places.get(name)?;
    let input = json!({ "IdentityPoolId": pool, "IdentityId": id });
    let operation = "LookupDeveloperIdentity";
    let found = world.call(operation, &input, Some("root")).await?;
    let users = found.get("DeveloperUserIdentifierList");
    for user in users.and_then(Value::as_array).into_iter().flatten() {
        let input = json!({
            "IdentityPoolId": pool, "IdentityId": id,
            "DeveloperProviderName": provider, "DeveloperUserIdentifier": user,
        });
        let operation = "UnlinkDeveloperIdentity";
        world.call(operation, &input, Some("root")).await?;
    }
    Ok(())
}

async fn changed(
    world: &World<'_>,
    name: &str,
    change: impl FnOnce(&mut Identity) -> Result<(), String>,
) -> Result<(), String> {
    let mut records = world.house()?.records().await;
    let id = world.places.get(name)?.parse().map_err(told)?;
    let found = records.identity(&id).await.map_err(told)?;
    let mut identity = found.ok_or("no such identity")?;
    change(&mut identity)?;
    records.put_identity(&identity).await.map_err(told)?;
    records.commit().await.map_err(told)
}

async fn damaged(world: &World<'_>, name: &str) -> Result<(), String> {
    let mut records = world.house()?.records().await;
    let id: IdentityId = world.places.get(name)?.parse().map_err(told)?;
    let key = Key::of(&["identity", id.as_str()]);
    let put = records.tx().put(&key, "{}".to_owned()).await;
    put.map_err(told)?;
    records.commit().await.map_err(told)
}
