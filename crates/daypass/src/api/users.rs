//! Users and their access keys: who a backend is.
//!
//! **Source**: IAM and STS API references.

use super::roles::text;
use super::{Api, CallError, Query};
use crate::client::Keys;

/// Who a key belongs to.
#[derive(Clone, Debug, Default)]
pub(crate) struct CallerIdentity {
    /// The caller's ARN.
    pub(crate) arn: String,
    /// The account.
    pub(crate) account: String,
}

/// An access key as lists show it.
#[derive(Clone, Debug, Default, serde::Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct AccessKeyRow {
    /// Its id.
    pub(crate) access_key_id: String,
    /// `Active` or `Inactive`.
    pub(crate) status: String,
    /// When it was created.
    pub(crate) create_date: String,
    /// Whose it is.
    pub(crate) user_name: String,
}

impl Api<'_> {
    /// Who signs these calls.
    pub(crate) async fn caller_identity(&self) -> Result<CallerIdentity, CallError> {
        let result = self.query(Query::Sts, "GetCallerIdentity", &[]).await?;
        Ok(CallerIdentity {
            arn: text(&result, "Arn"),
            account: text(&result, "Account"),
        })
    }

    /// The names of all users.
    pub(crate) async fn users(&self) -> Result<Vec<String>, CallError> {
        let nodes = self.listed("ListUsers", "Users", &[]).await?;
        Ok(nodes.iter().map(|node| text(node, "UserName")).collect())
    }

    /// Creates a user; answers its ARN.
    pub(crate) async fn create_user(&self, name: &str) -> Result<String, CallError> {
        let result = self
            .query(Query::Iam, "CreateUser", &[("UserName", name)])
            .await?;
        Ok(result
            .child("User")
            .map(|user| text(user, "Arn"))
            .unwrap_or_default())
    }

    /// Gives a user a policy of its own, or replaces it.
    pub(crate) async fn put_user_policy(
        &self,
        user: &str,
        policy: &str,
        document: &str,
    ) -> Result<(), CallError> {
        let parameters = [
            ("UserName", user),
            ("PolicyName", policy),
            ("PolicyDocument", document),
        ];
        self.query(Query::Iam, "PutUserPolicy", &parameters).await?;
        Ok(())
    }

    /// The access keys of a user, or of the caller.
    pub(crate) async fn access_keys(
        &self,
        user: Option<&str>,
    ) -> Result<Vec<AccessKeyRow>, CallError> {
        let parameters: Vec<_> = user.map(|user| ("UserName", user)).into_iter().collect();
        let nodes = self
            .listed("ListAccessKeys", "AccessKeyMetadata", &parameters)
            .await?;
        let row = |node: &super::xml::Node| AccessKeyRow {
            access_key_id: text(node, "AccessKeyId"),
            status: text(node, "Status"),
            create_date: text(node, "CreateDate"),
            user_name: text(node, "UserName"),
        };
        Ok(nodes.iter().map(row).collect())
    }

    /// Creates an access key; its secret is in this answer and nowhere else.
    pub(crate) async fn create_access_key(&self, user: &str) -> Result<Keys, CallError> {
        let operation = "CreateAccessKey";
        let result = self
            .query(Query::Iam, operation, &[("UserName", user)])
            .await?;
        let key = result.child("AccessKey").cloned().unwrap_or_default();
        Keys::from_texts(
            &text(&key, "AccessKeyId"),
            &text(&key, "SecretAccessKey"),
            None,
        )
        .map_err(|error| CallError::Unreadable {
            operation: operation.to_owned(),
            what: error.to_string(),
        })
    }
}

impl Api<'_> {
    /// The names of a user's own policies.
    pub(crate) async fn user_policies(&self, user: &str) -> Result<Vec<String>, CallError> {
        let nodes = self
            .listed("ListUserPolicies", "PolicyNames", &[("UserName", user)])
            .await?;
        Ok(nodes.iter().map(|node| node.text().to_owned()).collect())
    }

    /// Whose key this is.
    pub(crate) async fn access_key_owner(&self, id: &str) -> Result<String, CallError> {
        let parameters = [("AccessKeyId", id)];
        let result = self
            .query(Query::Iam, "GetAccessKeyLastUsed", &parameters)
            .await?;
        Ok(text(&result, "UserName"))
    }

    /// Switches a key on or off.
    pub(crate) async fn update_access_key(
        &self,
        user: &str,
        id: &str,
        active: bool,
    ) -> Result<(), CallError> {
        let status = if active { "Active" } else { "Inactive" };
        let parameters = [("UserName", user), ("AccessKeyId", id), ("Status", status)];
        self.query(Query::Iam, "UpdateAccessKey", &parameters)
            .await?;
        Ok(())
    }

    /// Deletes a key.
    pub(crate) async fn delete_access_key(&self, user: &str, id: &str) -> Result<(), CallError> {
        let parameters = [("UserName", user), ("AccessKeyId", id)];
        self.query(Query::Iam, "DeleteAccessKey", &parameters)
            .await?;
        Ok(())
    }
}
