//! The journey of developer authenticated identities, step by step.
//!
//! An operator sets up a pool, two roles, a bucket and a backend's key; a backend that has logged
//! its user in mints a token; the user's app turns the token into credentials, uploads under its own
//! prefix, and is refused under another user's. Each step says what it expects, and the first one
//! that gets something else ends the journey.
//!
//! **Source**: Cognito developer guide, *Developer authenticated identities*; the worked traces of
//! the identity page, section 9.

use crate::api::Api;
use crate::api::pools::{DeveloperToken, IdentityPool, PoolRoles, TokenRequest};
use crate::cli::say;
use crate::client::{Client, Keys};
use crate::exchange::{Broken, Exchange, OBJECT, Step};
use crate::templates::{self, Access, IdentityKind};

/// The developer provider of the pool.
pub(super) const PROVIDER: &str = "login.demo.example";

/// The bucket.
pub(super) const BUCKET: &str = "demo";

const ROLE: &str = "demo-signed-in";
const GUEST_ROLE: &str = "demo-guest";
const BACKEND: &str = "demo-backend";

/// Makes the journey; answers the pool it leaves behind for a person to go on with.
pub(super) async fn run(client: &Client, root: &Keys) -> Result<String, Broken> {
    let mut number = 0_usize;
    let mut shown = |step: &Step| {
        number = number.saturating_add(1);
        say(&step.line(number));
        for line in step.note.lines() {
            say(&format!("       {line}"));
        }
    };
    let mut journey = Journey {
        operator: Api::new(client, Some(root)),
        client,
        exchange: Exchange::new(Api::new(client, Some(root)), &mut shown),
    };
    journey.whole().await
}

/// The journey under way.
struct Journey<'a> {
    operator: Api<'a>,
    client: &'a Client,
    exchange: Exchange<'a>,
}

impl Journey<'_> {
    async fn whole(&mut self) -> Result<String, Broken> {
        say("The operator sets up:");
        let pool = self.pool().await?;
        self.roles(&pool).await?;
        let bucket = self.operator.create_bucket(BUCKET);
        let shown = format!("PUT  /{BUCKET}");
        self.exchange
            .operate("create a bucket", &shown, bucket, |()| String::new())
            .await?;
        let backend = self.backend(&pool).await?;

        say("\nThe backend has logged its users in, and mints:");
        let minted = self.token(&pool, &backend, "user-17").await?;
        let other = self.token(&pool, &backend, "user-18").await?;

        say("\nThe app of user-17 has the identity id and the token, nothing else:");
        let keys = self
            .exchange
            .exchange("credentials for it", &minted)
            .await?;
        for (title, identity, allowed) in [
            ("upload, own prefix", &minted.identity_id, true),
            ("upload, other's prefix", &other.identity_id, false),
        ] {
            let key = format!("{identity}/{OBJECT}");
            self.exchange
                .put(title, BUCKET, &key, &keys, allowed)
                .await?;
        }
        self.caller(&keys).await?;
        Ok(pool)
    }

    async fn pool(&mut self) -> Result<String, Broken> {
        let pool = IdentityPool {
            identity_pool_name: "demo".to_owned(),
            allow_classic_flow: Some(false),
            developer_provider_name: Some(PROVIDER.to_owned()),
            ..IdentityPool::default()
        };
        let created = self.operator.create_pool(&pool);
        let note = |pool: &IdentityPool| {
            let id = &pool.identity_pool_id;
            format!("{id}, developer provider {PROVIDER}, guests off, classic flow off")
        };
        let pool = self
            .exchange
            .operate("create a pool", "POST CreateIdentityPool", created, note)
            .await?;
        Ok(pool.identity_pool_id)
    }

    async fn roles(&mut self, pool: &str) -> Result<(), Broken> {
        let mut roles = PoolRoles::default();
        for (title, name, kind) in [
            ("create a role", ROLE, IdentityKind::Authenticated),
            (
                "create a guest role",
                GUEST_ROLE,
                IdentityKind::Unauthenticated,
            ),
        ] {
            let trust = templates::trust(pool, kind, false);
            let created = self.operator.create_role(name, &trust, "");
            let role = self
                .exchange
                .operate(title, "POST CreateRole", created, |role| role.arn.clone())
                .await?;
            roles.roles.insert(kind.word().to_owned(), role.arn);
        }
        let (access, document) = (Access::OwnPrefix, Access::OwnPrefix.policy(BUCKET));
        let put = self
            .operator
            .put_role_policy(ROLE, access.policy_name(), &document);
        let note = |(): &()| {
            let own = format!("${{{}:sub}}", daypass_core::COGNITO_PROVIDER);
            format!("objects under {BUCKET}/{own}/ and nothing else")
        };
        self.exchange
            .operate("allow the own prefix", "POST PutRolePolicy", put, note)
            .await?;
        let set = self.operator.set_pool_roles(pool, &roles);
        let shown = "POST SetIdentityPoolRoles";
        self.exchange
            .operate("give the pool its roles", shown, set, |()| String::new())
            .await
    }

    async fn backend(&mut self, pool: &str) -> Result<Keys, Broken> {
        let created = self.operator.create_user(BACKEND);
        let user = self
            .exchange
            .operate(
                "create the backend",
                "POST CreateUser",
                created,
                Clone::clone,
            )
            .await?;
        let account = templates::account_in(&user).unwrap_or_default();
        let policy = templates::minting(self.operator.region(), account, pool);
        let put = self
            .operator
            .put_user_policy(BACKEND, templates::MINT_POLICY, &policy);
        self.exchange
            .operate("allow it to mint tokens", "POST PutUserPolicy", put, |()| {
                String::new()
            })
            .await?;
        let created = self.operator.create_access_key(BACKEND);
        let shown = "POST CreateAccessKey";
        let note = |keys: &Keys| keys.access_key_id.to_string();
        self.exchange
            .operate("create its access key", shown, created, note)
            .await
    }

    async fn token(
        &mut self,
        pool: &str,
        backend: &Keys,
        user: &str,
    ) -> Result<DeveloperToken, Broken> {
        let request = TokenRequest {
            identity_pool_id: pool,
            provider: PROVIDER,
            user,
            ..TokenRequest::default()
        };
        let api = Api::new(self.client, Some(backend));
        let title = format!("a token for {user}");
        self.exchange.mint(&title, &request, api).await
    }

    async fn caller(&mut self, keys: &Keys) -> Result<(), Broken> {
        let title = "who am I";
        let api = Api::new(self.client, Some(keys));
        let caller = self
            .exchange
            .operate(
                title,
                "POST GetCallerIdentity",
                api.caller_identity(),
                |caller| caller.arn.clone(),
            )
            .await?;
        if caller.arn.contains(&format!(":assumed-role/{ROLE}/")) {
            return Ok(());
        }
        Err(Broken::Content {
            title: title.to_owned(),
            what: format!("`{}` is not a session of `{ROLE}`", caller.arn),
        })
    }
}
