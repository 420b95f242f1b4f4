//! Givens that fill a quota: many of one kind at once, put into the records directly.
//!
//! **Shape**
//! - `N users`, `N roles`, `N policies`: `user-1`, `role-1`, `policy-1` and so on; each name is
//!   bound to its ARN. The users have no keys.
//! - `N tags on user U`, `N tags on role R`, `N tags on policy Q`, `N tags on issuer I`:
//!   `tag-1` to `tag-N`, of value `v`.
//! - `N versions of policy Q`: the newest is `vN`; the default stays `v1`.
//!
//! **Source**: contract page, IAM section 4.2.

use std::collections::BTreeMap;

use daypass_core::ids::UniqueId;
use daypass_core::managed_policy::{ManagedPolicy, PolicyVersion};
use daypass_core::open_id_provider::name_in_arn;
use daypass_core::role::Role;
use daypass_core::time::{Lifetime, Timestamp};
use daypass_core::user::{Grants, User};
use daypass_store::records::Records;

use super::given::{World, told};
use crate::house::account;

const ALLOWS: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:ListAllMyBuckets","Resource":"*"}]}"#;
const TRUSTS: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}"#;

/// Brings about a phrase about many of one kind.
pub(super) async fn given(world: &mut World<'_>, words: &[&str]) -> Result<(), String> {
    let (count, rest) = words.split_first().ok_or("no count")?;
    let count: u32 = count.parse().map_err(told)?;
    let created = Timestamp::from_seconds(world.now_seconds());
    let mut records = world.house()?.records().await;
    match rest {
        [kind @ ("users" | "roles" | "policies")] => {
            for number in 1..=count {
                let (name, arn) = put(&mut records, kind, number, created).await?;
                world.places.bind(&name, arn);
            }
        }
        ["tags", "on", "issuer", name] => {
            let arn = world.places.get(name)?;
            let account = account();
            let name = name_in_arn(arn, &account).ok_or("no issuer of this name")?;
            let found = records.open_id_provider(name).await.map_err(told)?;
            let mut provider = found.ok_or("no issuer of this name")?;
            let tags = (1..=count).map(|number| (format!("tag-{number}"), "v".to_owned()));
            provider.tags.extend(tags);
            let put = records.put_open_id_provider(&provider).await;
            put.map_err(told)?;
        }
        ["tags", "on", kind, name] => tag(&mut records, kind, name, count).await?,
        ["versions", "of", "policy", name] => {
            let found = records.managed_policy(name).await.map_err(told)?;
            let mut policy = found.ok_or("no such policy")?;
            let first = policy.versions.get(&1).cloned().ok_or("no version")?;
            let numbers = 2..=count;
            policy
                .versions
                .extend(numbers.map(|number| (number, first.clone())));
            policy.next_version = count.saturating_add(1);
            records.put_managed_policy(&policy).await.map_err(told)?;
        }
        _ => return Err("no such phrase".to_owned()),
    }
    records.commit().await.map_err(told)
}

/// Puts one, and gives its name and ARN.
async fn put(
    records: &mut Records,
    kind: &str,
    number: u32,
    created: Timestamp,
) -> Result<(String, String), String> {
    let id = |prefix: &str| UniqueId::stored(format!("{prefix}{number:X>17}"));
    let (path, tags) = ("/".to_owned(), BTreeMap::new());
    if kind == "users" {
        let user = User {
            name: format!("user-{number}"),
            path,
            id: id("AIDA"),
            grants: Grants::default(),
            tags,
            created,
        };
        records.put_user(&user).await.map_err(told)?;
        let arn = user.arn(&account());
        return Ok((user.name, arn));
    }
    if kind == "roles" {
        let role = Role {
            name: format!("role-{number}"),
            path,
            id: id("AROA"),
            trust_policy: TRUSTS.to_owned(),
            description: None,
            max_session: Lifetime::from_seconds(3_600),
            grants: Grants::default(),
            tags,
            created,
        };
        records.put_role(&role).await.map_err(told)?;
        let arn = role.arn(&account());
        return Ok((role.name, arn));
    }
    let document = ALLOWS.to_owned();
    let version = PolicyVersion { document, created };
    let policy = ManagedPolicy {
        name: format!("policy-{number}"),
        path,
        id: id("ANPA"),
        description: None,
        versions: BTreeMap::from([(1, version)]),
        default_version: 1,
        next_version: 2,
        tags,
        created,
        updated: created,
    };
    records.put_managed_policy(&policy).await.map_err(told)?;
    let arn = policy.arn(&account());
    Ok((policy.name, arn))
}

async fn tag(records: &mut Records, kind: &str, name: &str, count: u32) -> Result<(), String> {
    let tags = (1..=count).map(|number| (format!("tag-{number}"), "v".to_owned()));
    let missing = "nobody of this name";
    match kind {
        "user" => {
            let mut user = records.user(name).await.map_err(told)?.ok_or(missing)?;
            user.tags.extend(tags);
            records.put_user(&user).await.map_err(told)
        }
        "role" => {
            let mut role = records.role(name).await.map_err(told)?.ok_or(missing)?;
            role.tags.extend(tags);
            records.put_role(&role).await.map_err(told)
        }
        "policy" => {
            let found = records.managed_policy(name).await.map_err(told)?;
            let mut policy = found.ok_or(missing)?;
            policy.tags.extend(tags);
            records.put_managed_policy(&policy).await.map_err(told)
        }
        _ => Err("no such phrase".to_owned()),
    }
}
