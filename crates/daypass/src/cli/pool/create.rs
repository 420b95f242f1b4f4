//! `daypass pool create`: a pool, and with a template everything its users need.
//!
//! **Source**: users page, section 3 (roles prompt) and section 9 (`pool create`); requirement S60.

use clap::{Args, ValueEnum};

use super::super::session::Session;
use super::super::trouble;
use crate::api::pools::{IdentityPool, PoolRoles};
use crate::api::{Api, CallError};
use crate::exit::{Exit, Failure};
use crate::templates::{self, Access, IdentityKind};

/// The pool to make.
#[derive(Args, Debug)]
pub(super) struct Create {
    /// Name of the pool
    #[arg(long, value_name = "NAME")]
    name: String,
    /// What your own login is called, like login.mycompany.myapp; it can never be changed
    #[arg(long, value_name = "NAME")]
    developer_provider: Option<String>,
    /// Let guests in: anybody who knows the id of the pool gets an identity
    #[arg(long)]
    guests: bool,
    /// What the roles may do [default: user-prefix with a bucket, none without]
    #[arg(long, value_enum, value_name = "TEMPLATE")]
    template: Option<Template>,
    /// Bucket the roles are for; it is made if it is missing
    #[arg(long, value_name = "NAME")]
    bucket: Option<String>,
}

/// What the roles of a new pool may do.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(in crate::cli) enum Template {
    /// Objects under one's own identity id, to read and write
    UserPrefix,
    /// Every object, to read
    ReadOnly,
    /// No roles yet
    None,
}

impl Template {
    /// The access it stands for.
    pub(in crate::cli) fn access(self) -> Option<Access> {
        match self {
            Self::UserPrefix => Some(Access::OwnPrefix),
            Self::ReadOnly => Some(Access::ReadOnly),
            Self::None => None,
        }
    }
}

/// Makes the pool, and shows it.
pub(super) async fn run(session: &Session, flags: &Create) -> Result<(), Failure> {
    let access = access(flags)?;
    if let Some(provider) = &flags.developer_provider {
        confirm_provider(session, provider).await?;
    }
    let api = session.api()?;
    let pool = IdentityPool {
        identity_pool_name: flags.name.clone(),
        allow_unauthenticated_identities: flags.guests,
        developer_provider_name: flags.developer_provider.clone(),
        ..IdentityPool::default()
    };
    let created = api.create_pool(&pool).await;
    let pool = created.map_err(|error| session.trouble(&error))?;
    if let (Some(access), Some(bucket)) = (access, &flags.bucket) {
        let furnished = furnish(api, &pool, access, bucket).await;
        furnished.map_err(|error| half_made(&error, &pool, api.endpoint()))?;
    }
    super::show(session, &pool);
    Ok(())
}

/// What the template grants, and that it has its bucket.
fn access(flags: &Create) -> Result<Option<Access>, Failure> {
    let default = if flags.bucket.is_some() {
        Template::UserPrefix
    } else {
        Template::None
    };
    let access = flags.template.unwrap_or(default).access();
    if access.is_some() && flags.bucket.is_none() {
        return Err(Failure::usage("this template needs a bucket")
            .hint("Name one with --bucket; it is made if it is missing."));
    }
    Ok(access)
}

/// Asks whether the provider name is right, because it stays.
pub(super) async fn confirm_provider(session: &Session, provider: &str) -> Result<(), Failure> {
    if session.confirm.is_given() {
        return Ok(());
    }
    let consequence = format!(
        "The developer provider name of a pool can never be changed.\n\
         Your backend will say   Logins = {{ \"{provider}\": <your user id> }}\n\
         your clients will say   Logins = {{ \"cognito-identity.amazonaws.com\": <token> }}"
    );
    session.confirm.typed(&consequence, provider).await
}

/// The roles of a pool with what they grant, and the bucket they grant it on.
async fn furnish(
    api: Api<'_>,
    pool: &IdentityPool,
    access: Access,
    bucket: &str,
) -> Result<(), CallError> {
    match api.create_bucket(bucket).await {
        Err(error) if error.is("BucketAlreadyOwnedByYou") => {}
        other => other?,
    }
    let id = &pool.identity_pool_id;
    let mut roles = PoolRoles::default();
    for kind in IdentityKind::ALL {
        let guest = kind == IdentityKind::Unauthenticated;
        if guest && !pool.allow_unauthenticated_identities {
            continue;
        }
        let name = templates::role_name(&pool.identity_pool_name, id, kind);
        let trust = templates::trust(id, kind, !guest);
        let role = api.create_role(&name, &trust, "").await?;
        api.put_role_policy(&name, access.policy_name(), &access.policy(bucket))
            .await?;
        roles.roles.insert(kind.word().to_owned(), role.arn);
    }
    api.set_pool_roles(id, &roles).await
}

/// The pool is there and what belongs to it is not, or not all of it.
fn half_made(error: &CallError, pool: &IdentityPool, endpoint: &str) -> Failure {
    let id = &pool.identity_pool_id;
    let cause = trouble::of(error, endpoint);
    let sentence = format!("the pool `{id}` was made, but not everything for it: {cause}");
    Failure::new(Exit::Partial, sentence)
        .hint(format!("`daypass pool lint {id}` says what is missing."))
}
