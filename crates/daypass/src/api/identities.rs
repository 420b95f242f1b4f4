//! Identities, and the way from a developer's user to one and back.
//!
//! **Source**: Amazon Cognito identity API reference.

use daypass_core::COGNITO_PROVIDER;
use daypass_proof::secret::SecretError;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Api, CallError, Json, PAGES_MAX, insert};
use crate::client::Keys;

/// An identity as the API shows it.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct Identity {
    /// Its id.
    pub(crate) identity_id: String,
    /// The providers it is linked with.
    pub(crate) logins: Vec<String>,
    /// When it was created, in seconds since the epoch.
    pub(crate) creation_date: f64,
    /// When it last changed.
    pub(crate) last_modified_date: f64,
}

/// A page of identities.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct IdentityPage {
    /// The pool.
    pub(crate) identity_pool_id: String,
    /// The identities.
    pub(crate) identities: Vec<Identity>,
    /// Where the next page begins.
    pub(crate) next_token: Option<String>,
}

/// What a lookup found.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct DeveloperLookup {
    /// The identity.
    pub(crate) identity_id: String,
    /// The users linked with it.
    pub(crate) developer_user_identifier_list: Vec<String>,
    /// Where the next page begins.
    pub(crate) next_token: Option<String>,
}

/// An identity that could not be deleted.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct UnprocessedIdentity {
    /// Its id.
    pub(crate) identity_id: String,
    /// Why not.
    pub(crate) error_code: String,
}

impl Api<'_> {
    /// One page of a pool's identities; 60 at most.
    pub(crate) async fn identity_page(
        &self,
        pool: &str,
        size: u32,
        next_token: Option<&str>,
    ) -> Result<IdentityPage, CallError> {
        let mut input = json!({"IdentityPoolId": pool, "MaxResults": size});
        if let Some(token) = next_token {
            insert(&mut input, "NextToken", json!(token));
        }
        self.json(Json::Cognito, "ListIdentities", &input).await
    }

    /// An identity.
    pub(crate) async fn identity(&self, id: &str) -> Result<Identity, CallError> {
        let input = json!({"IdentityId": id});
        self.json(Json::Cognito, "DescribeIdentity", &input).await
    }

    /// The identity of a developer's user.
    pub(crate) async fn identity_of_user(
        &self,
        pool: &str,
        user: &str,
    ) -> Result<DeveloperLookup, CallError> {
        let input =
            json!({"IdentityPoolId": pool, "DeveloperUserIdentifier": user, "MaxResults": 60});
        self.json(Json::Cognito, "LookupDeveloperIdentity", &input)
            .await
    }

    /// The developer's users of an identity.
    pub(crate) async fn users_of_identity(
        &self,
        pool: &str,
        identity: &str,
    ) -> Result<Vec<String>, CallError> {
        let mut users = Vec::new();
        let mut next: Option<String> = None;
        for _ in 0..PAGES_MAX {
            let mut input =
                json!({"IdentityPoolId": pool, "IdentityId": identity, "MaxResults": 60});
            if let Some(token) = &next {
                insert(&mut input, "NextToken", json!(token));
            }
            let page: DeveloperLookup = self
                .json(Json::Cognito, "LookupDeveloperIdentity", &input)
                .await?;
            users.extend(page.developer_user_identifier_list);
            next = page.next_token;
            if next.is_none() {
                break;
            }
        }
        Ok(users)
    }

    /// Deletes identities, 60 at most; answers those that are still there.
    pub(crate) async fn delete_identities(
        &self,
        ids: &[String],
    ) -> Result<Vec<UnprocessedIdentity>, CallError> {
        #[derive(Default, Deserialize)]
        #[serde(rename_all = "PascalCase", default)]
        struct Output {
            unprocessed_identity_ids: Vec<UnprocessedIdentity>,
        }
        let input = json!({"IdentityIdsToDelete": ids});
        let output: Output = self.json(Json::Cognito, "DeleteIdentities", &input).await?;
        Ok(output.unprocessed_identity_ids)
    }
}

/// Temporary credentials as the identity face vends them.
#[derive(Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct Credentials {
    /// `ASIA…`.
    pub(crate) access_key_id: String,
    secret_key: String,
    session_token: String,
    expiration: f64,
}

/// What `GetCredentialsForIdentity` answers.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct Vended {
    /// The identity; another one, if the one asked for was merged.
    pub(crate) identity_id: String,
    /// Its credentials.
    pub(crate) credentials: Credentials,
}

impl Credentials {
    /// When they end, in seconds since the epoch.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a float becomes the nearest whole second; beyond its range it saturates"
    )]
    pub(crate) fn expires_at(&self) -> i64 {
        self.expiration as i64
    }

    /// The keys to sign with.
    pub(crate) fn keys(&self) -> Result<Keys, SecretError> {
        Keys::from_texts(
            &self.access_key_id,
            &self.secret_key,
            Some(&self.session_token),
        )
    }
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Credentials({}, ***)", self.access_key_id)
    }
}

impl Api<'_> {
    /// Credentials for an identity that shows a token of ours; nobody signs this.
    pub(crate) async fn credentials(
        &self,
        identity: &str,
        token: &str,
    ) -> Result<Vended, CallError> {
        let input = json!({"IdentityId": identity, "Logins": {COGNITO_PROVIDER: token}});
        let public = self.with_keys(None);
        public
            .json(Json::Cognito, "GetCredentialsForIdentity", &input)
            .await
    }
}

/// A user of a developer's, in one pool.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DeveloperUser<'a> {
    /// The pool.
    pub(crate) identity_pool_id: &'a str,
    /// The developer provider name.
    pub(crate) provider: &'a str,
    /// The user's id in the developer's own system.
    pub(crate) user: &'a str,
}

impl Api<'_> {
    /// Parts a developer's user from an identity; the last login takes the identity with it.
    pub(crate) async fn unlink_developer_user(
        &self,
        user: DeveloperUser<'_>,
        identity: &str,
    ) -> Result<(), CallError> {
        let input = json!({
            "IdentityId": identity,
            "IdentityPoolId": user.identity_pool_id,
            "DeveloperProviderName": user.provider,
            "DeveloperUserIdentifier": user.user,
        });
        self.json::<serde_json::Value>(Json::Cognito, "UnlinkDeveloperIdentity", &input)
            .await?;
        Ok(())
    }

    /// Makes one identity of those of two users; answers the one that stays, `into`'s.
    pub(crate) async fn merge_developer_users(
        &self,
        from: DeveloperUser<'_>,
        into: &str,
    ) -> Result<String, CallError> {
        #[derive(Default, Deserialize)]
        #[serde(rename_all = "PascalCase", default)]
        struct Output {
            identity_id: String,
        }
        let input = json!({
            "IdentityPoolId": from.identity_pool_id,
            "DeveloperProviderName": from.provider,
            "SourceUserIdentifier": from.user,
            "DestinationUserIdentifier": into,
        });
        let output: Output = self
            .json(Json::Cognito, "MergeDeveloperIdentities", &input)
            .await?;
        Ok(output.identity_id)
    }
}
