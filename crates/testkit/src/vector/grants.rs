//! Givens about users, roles and policies.
//!
//! They are put into the records directly, so that a vector of one face does not rest on another.
//!
//! **Shape**: options follow after commas; `{…}` is always the last one.
//! - of all three: `allows ACTION … on RESOURCE`, `denies ACTION … on RESOURCE`, both also
//!   with `when KEY is VALUE`; `path /x/`, `tag KEY VALUE`; of users and roles also `attached Q`, `bounded by Q`;
//!   of users `without a key`; of policies `in two versions`.
//! - of roles: `trusts users of P`, `trusts guests of P`, `trusts users and tags of P`,
//!   `trusts every pool`, `trusts user U`, `trusts role R`, `trusts the account`,
//!   `trusts everybody`, `refuses user U`, `lets them tag`, `lets them name a source`,
//!   `at most N seconds`, `trust {…}`.
//!
//! **Source**: IAM user guide, *policies and trust policies*; contract page, STS section 3.2.

use std::collections::BTreeMap;

use daypass_core::ids::UniqueId;
use daypass_core::managed_policy::{ManagedPolicy, PolicyVersion};
use daypass_core::role::Role;
use daypass_core::time::{Lifetime, Timestamp};
use daypass_core::user::{AccessKey, Grants, KeyStatus, User};
use serde_json::{Value, json};

use super::given::{World, set, told};
use crate::house::account;
use crate::keys::Keys;

/// Brings about a phrase about users, roles or policies.
pub(super) async fn given(world: &mut World<'_>, words: &[&str], rest: &str) -> Result<(), String> {
    match words {
        ["user", name] => user(world, name, rest).await,
        ["role", name] => role(world, name, rest, "").await,
        ["policy", name] => policy(world, name, rest).await,
        ["role", name, "is", "made", "anew"] => role(world, name, rest, "2").await,
        ["user", name, "is", "deleted"] => {
            let mut records = world.house()?.records().await;
            records.delete_user(name).await.map_err(told)?;
            records.commit().await.map_err(told)
        }
        ["role", name, "is", "deleted"] => {
            let mut records = world.house()?.records().await;
            records.delete_role(name).await.map_err(told)?;
            records.commit().await.map_err(told)
        }
        ["the", "key", "of", name, "is", "inactive"] => {
            let keys = world.keys(name)?.clone();
            store_key(world, name, &keys, KeyStatus::Inactive).await
        }
        _ => Err("no such phrase".to_owned()),
    }
}

/// What the options of a phrase say.
struct Options {
    path: String,
    statements: Vec<Value>,
    attached: Vec<String>,
    boundary: Option<String>,
    tags: BTreeMap<String, String>,
    trust: Vec<Value>,
    trust_text: Option<String>,
    max_seconds: i64,
    without_key: bool,
    two_versions: bool,
}

fn options(world: &World<'_>, text: &str) -> Result<Options, String> {
    let mut read = Options {
        path: "/".to_owned(),
        statements: Vec::new(),
        attached: Vec::new(),
        boundary: None,
        tags: BTreeMap::new(),
        trust: Vec::new(),
        trust_text: None,
        max_seconds: 3_600,
        without_key: false,
        two_versions: false,
    };
    let mut rest = text;
    while !rest.is_empty() {
        if let Some(document) = rest.strip_prefix("trust ") {
            read.trust_text = Some(document.to_owned());
            break;
        }
        let (option, after) = rest.split_once(", ").unwrap_or((rest, ""));
        let words: Vec<&str> = option.split(' ').collect();
        if !grant(world, &words, &mut read)? && !trust(world, &words, &mut read)? {
            return Err(format!("no such option: `{option}`"));
        }
        rest = after;
    }
    Ok(read)
}

fn grant(world: &World<'_>, words: &[&str], read: &mut Options) -> Result<bool, String> {
    match words {
        [rest @ .., "when", key, "is", value] => {
            if !grant(world, rest, read)? {
                return Ok(false);
            }
            if let Some(statement) = read.statements.last_mut() {
                set(
                    statement,
                    "Condition",
                    json!({ "StringEquals": { *key: value } }),
                );
            }
        }
        [effect @ ("allows" | "denies"), actions @ .., "on", resource] => {
            let effect = if *effect == "allows" { "Allow" } else { "Deny" };
            read.statements.push(json!({
                "Effect": effect, "Action": actions, "Resource": resource,
            }));
        }
        ["path", path] => (*path).clone_into(&mut read.path),
        ["tag", key, value] => {
            read.tags.insert((*key).to_owned(), (*value).to_owned());
        }
        ["attached", name] => read.attached.push(world.places.get(name)?.to_owned()),
        ["bounded", "by", name] => read.boundary = Some(world.places.get(name)?.to_owned()),
        ["at", "most", count, "seconds"] => read.max_seconds = count.parse().map_err(told)?,
        ["without", "a", "key"] => read.without_key = true,
        ["in", "two", "versions"] => read.two_versions = true,
        _ => return Ok(false),
    }
    Ok(true)
}

fn trust(world: &World<'_>, words: &[&str], read: &mut Options) -> Result<bool, String> {
    let arn = |name: &str| world.places.get(name).map(str::to_owned);
    let account = account();
    match words {
        ["trusts", "users", "of", pool] => read.trust.push(federated(&arn(pool)?, "authenticated")),
        ["trusts", "guests", "of", pool] => {
            read.trust.push(federated(&arn(pool)?, "unauthenticated"));
        }
        ["trusts", "every", "pool"] => {
            let mut statement = federated("", "authenticated");
            if let Some(condition) = statement
                .get_mut("Condition")
                .and_then(Value::as_object_mut)
            {
                condition.remove("StringEquals");
            }
            read.trust.push(statement);
        }
        ["trusts", "user" | "role", name] => read.trust.push(by_arn("Allow", &arn(name)?)),
        ["refuses", "user", name] => read.trust.push(by_arn("Deny", &arn(name)?)),
        ["trusts", "the", "account"] => {
            read.trust
                .push(by_arn("Allow", &format!("arn:aws:iam::{account}:root")));
        }
        ["trusts", "everybody"] => read.trust.push(by_arn("Allow", "*")),
        ["lets", "them", "tag"] => add_action(&mut read.trust, "sts:TagSession"),
        ["lets", "them", "name", "a", "source"] => {
            add_action(&mut read.trust, "sts:SetSourceIdentity");
        }
        _ => return Ok(false),
    }
    Ok(true)
}

fn federated(pool_id: &str, method: &str) -> Value {
    json!({
        "Effect": "Allow",
        "Principal": { "Federated": "cognito-identity.amazonaws.com" },
        "Action": ["sts:AssumeRoleWithWebIdentity"],
        "Condition": {
            "StringEquals": { "cognito-identity.amazonaws.com:aud": pool_id },
            "ForAnyValue:StringLike": { "cognito-identity.amazonaws.com:amr": method },
        },
    })
}

fn by_arn(effect: &str, arn: &str) -> Value {
    json!({ "Effect": effect, "Principal": { "AWS": arn }, "Action": ["sts:AssumeRole"] })
}

/// Adds an action to the newest statement.
fn add_action(statements: &mut [Value], action: &str) {
    let actions = statements
        .last_mut()
        .and_then(|statement| statement.get_mut("Action"))
        .and_then(Value::as_array_mut);
    if let Some(actions) = actions {
        actions.push(json!(action));
    }
}

fn document(statements: &[Value]) -> String {
    json!({ "Version": "2012-10-17", "Statement": statements }).to_string()
}

impl Options {
    fn grants(&self) -> Grants {
        let mut grants = Grants {
            attached: self.attached.iter().cloned().collect(),
            boundary: self.boundary.clone(),
            ..Grants::default()
        };
        if !self.statements.is_empty() {
            grants
                .inline
                .insert("granted".to_owned(), document(&self.statements));
        }
        grants
    }

    fn trust_policy(&self) -> String {
        if let Some(text) = &self.trust_text {
            return text.clone();
        }
        if self.trust.is_empty() {
            let nobody = json!({ "Service": "ec2.amazonaws.com" });
            let mut statement = by_arn("Allow", "*");
            set(&mut statement, "Principal", nobody);
            return document(&[statement]);
        }
        document(&self.trust)
    }
}

/// An id that follows from the name, so that a vector may be read without running it.
fn unique_id(prefix: &str, name: &str, generation: &str) -> UniqueId {
    let letters = name.chars().filter(char::is_ascii_alphanumeric);
    let text: String = letters.map(|letter| letter.to_ascii_uppercase()).collect();
    UniqueId::stored(format!("{prefix}{:X<17}", format!("{text}{generation}")))
}

async fn user(world: &mut World<'_>, name: &str, rest: &str) -> Result<(), String> {
    let options = options(world, rest)?;
    let user = User {
        name: name.to_owned(),
        path: options.path.clone(),
        id: unique_id("AIDA", name, ""),
        grants: options.grants(),
        tags: options.tags.clone(),
        created: Timestamp::from_seconds(world.now_seconds()),
    };
    world.places.bind(name, user.arn(&account()));
    world.places.bind(&format!("{name}:id"), user.id.as_str());
    let mut records = world.house()?.records().await;
    records.put_user(&user).await.map_err(told)?;
    records.commit().await.map_err(told)?;
    if options.without_key {
        return Ok(());
    }
    let id = unique_id("AKIA", name, "").as_str().to_owned();
    let secret = format!("{name}-secret{}", "-secret".repeat(4));
    let keys = Keys::long_term(&id, &secret);
    store_key(world, name, &keys, KeyStatus::Active).await?;
    world.hold(name, keys);
    Ok(())
}

async fn store_key(
    world: &World<'_>,
    name: &str,
    keys: &Keys,
    status: KeyStatus,
) -> Result<(), String> {
    let key = AccessKey {
        id: keys.id.clone(),
        user_name: Some(name.to_owned()),
        secret: keys.secret.clone(),
        status,
        created: Timestamp::from_seconds(world.now_seconds()),
    };
    let mut records = world.house()?.records().await;
    records.put_access_key(&key, [3; 12]).await.map_err(told)?;
    records.commit().await.map_err(told)
}

async fn role(
    world: &mut World<'_>,
    name: &str,
    rest: &str,
    generation: &str,
) -> Result<(), String> {
    let options = options(world, rest)?;
    let role = Role {
        name: name.to_owned(),
        path: options.path.clone(),
        id: unique_id("AROA", name, generation),
        trust_policy: options.trust_policy(),
        description: None,
        max_session: Lifetime::from_seconds(options.max_seconds),
        grants: options.grants(),
        tags: options.tags.clone(),
        created: Timestamp::from_seconds(world.now_seconds()),
    };
    world.places.bind(name, role.arn(&account()));
    world.places.bind(&format!("{name}:id"), role.id.as_str());
    let mut records = world.house()?.records().await;
    if !generation.is_empty() {
        records.delete_role(name).await.map_err(told)?;
    }
    records.put_role(&role).await.map_err(told)?;
    records.commit().await.map_err(told)
}

async fn policy(world: &mut World<'_>, name: &str, rest: &str) -> Result<(), String> {
    let options = options(world, rest)?;
    let created = Timestamp::from_seconds(world.now_seconds());
    let version = PolicyVersion {
        document: document(&options.statements),
        created,
    };
    let count = if options.two_versions { 2 } else { 1 };
    let policy = ManagedPolicy {
        name: name.to_owned(),
        path: options.path.clone(),
        id: unique_id("ANPA", name, ""),
        description: None,
        next_version: 1 + count,
        versions: (1..=count)
            .map(|number| (number, version.clone()))
            .collect(),
        default_version: 1,
        tags: options.tags.clone(),
        created,
        updated: created,
    };
    world.places.bind(name, policy.arn(&account()));
    let mut records = world.house()?.records().await;
    records.put_managed_policy(&policy).await.map_err(told)?;
    records.commit().await.map_err(told)
}
