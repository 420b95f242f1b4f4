//! Roles and their policies.
//!
//! **Source**: IAM API reference.

use percent_encoding::percent_decode_str;
use serde::Serialize;

use super::xml::Node;
use super::{Api, CallError, PAGES_MAX, Query};

/// A role.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Role {
    /// Its name.
    pub(crate) role_name: String,
    /// Its ARN.
    pub(crate) arn: String,
    /// Its unique id.
    pub(crate) role_id: String,
    /// What it is for.
    pub(crate) description: String,
    /// When it was created.
    pub(crate) create_date: String,
    /// The longest session, in seconds.
    pub(crate) max_session_duration: String,
    /// Who may assume it, as JSON text.
    pub(crate) assume_role_policy_document: String,
}

/// A managed policy.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ManagedPolicy {
    /// Its name.
    pub(crate) policy_name: String,
    /// Its ARN.
    pub(crate) arn: String,
    /// How many principals it is attached to.
    pub(crate) attachment_count: String,
    /// The version in force.
    pub(crate) default_version_id: String,
    /// When it last changed.
    pub(crate) update_date: String,
}

impl Api<'_> {
    /// All roles.
    pub(crate) async fn roles(&self) -> Result<Vec<Role>, CallError> {
        let nodes = self.listed("ListRoles", "Roles", &[]).await?;
        Ok(nodes.iter().map(role).collect())
    }

    /// A role.
    pub(crate) async fn role(&self, name: &str) -> Result<Role, CallError> {
        let result = self
            .query(Query::Iam, "GetRole", &[("RoleName", name)])
            .await?;
        Ok(result.child("Role").map(role).unwrap_or_default())
    }

    /// Creates a role that a trust policy lets others assume.
    pub(crate) async fn create_role(
        &self,
        name: &str,
        trust: &str,
        description: &str,
    ) -> Result<Role, CallError> {
        let mut parameters = vec![("RoleName", name), ("AssumeRolePolicyDocument", trust)];
        if !description.is_empty() {
            parameters.push(("Description", description));
        }
        let result = self.query(Query::Iam, "CreateRole", &parameters).await?;
        Ok(result.child("Role").map(role).unwrap_or_default())
    }

    /// Replaces who may assume a role.
    pub(crate) async fn update_trust(&self, name: &str, trust: &str) -> Result<(), CallError> {
        let parameters = [("RoleName", name), ("PolicyDocument", trust)];
        self.query(Query::Iam, "UpdateAssumeRolePolicy", &parameters)
            .await?;
        Ok(())
    }

    /// Deletes a role that holds no policies any more.
    pub(crate) async fn delete_role(&self, name: &str) -> Result<(), CallError> {
        self.query(Query::Iam, "DeleteRole", &[("RoleName", name)])
            .await?;
        Ok(())
    }

    /// The names of a role's own policies.
    pub(crate) async fn role_policies(&self, name: &str) -> Result<Vec<String>, CallError> {
        let nodes = self
            .listed("ListRolePolicies", "PolicyNames", &[("RoleName", name)])
            .await?;
        Ok(nodes.iter().map(|node| node.text().to_owned()).collect())
    }

    /// The text of a role's own policy.
    pub(crate) async fn role_policy(&self, role: &str, policy: &str) -> Result<String, CallError> {
        let parameters = [("RoleName", role), ("PolicyName", policy)];
        let result = self.query(Query::Iam, "GetRolePolicy", &parameters).await?;
        Ok(document(&result, "PolicyDocument"))
    }

    /// Gives a role a policy of its own, or replaces it.
    pub(crate) async fn put_role_policy(
        &self,
        role: &str,
        policy: &str,
        document: &str,
    ) -> Result<(), CallError> {
        let parameters = [
            ("RoleName", role),
            ("PolicyName", policy),
            ("PolicyDocument", document),
        ];
        self.query(Query::Iam, "PutRolePolicy", &parameters).await?;
        Ok(())
    }

    /// Takes a policy of its own from a role.
    pub(crate) async fn delete_role_policy(
        &self,
        role: &str,
        policy: &str,
    ) -> Result<(), CallError> {
        let parameters = [("RoleName", role), ("PolicyName", policy)];
        self.query(Query::Iam, "DeleteRolePolicy", &parameters)
            .await?;
        Ok(())
    }

    /// The managed policies attached to a role, as names and ARNs.
    pub(crate) async fn attached_role_policies(
        &self,
        role: &str,
    ) -> Result<Vec<(String, String)>, CallError> {
        let parameters = [("RoleName", role)];
        let nodes = self
            .listed("ListAttachedRolePolicies", "AttachedPolicies", &parameters)
            .await?;
        let pair = |node: &Node| (text(node, "PolicyName"), text(node, "PolicyArn"));
        Ok(nodes.iter().map(pair).collect())
    }

    /// The managed policies of this account.
    pub(crate) async fn managed_policies(&self) -> Result<Vec<ManagedPolicy>, CallError> {
        let nodes = self
            .listed("ListPolicies", "Policies", &[("Scope", "Local")])
            .await?;
        Ok(nodes.iter().map(managed_policy).collect())
    }

    /// A managed policy and the text in force.
    pub(crate) async fn managed_policy(
        &self,
        arn: &str,
    ) -> Result<(ManagedPolicy, String), CallError> {
        let result = self
            .query(Query::Iam, "GetPolicy", &[("PolicyArn", arn)])
            .await?;
        let policy = result
            .child("Policy")
            .map(managed_policy)
            .unwrap_or_default();
        let parameters = [
            ("PolicyArn", arn),
            ("VersionId", &policy.default_version_id),
        ];
        let result = self
            .query(Query::Iam, "GetPolicyVersion", &parameters)
            .await?;
        let text = result
            .child("PolicyVersion")
            .map(|node| document(node, "Document"));
        Ok((policy, text.unwrap_or_default()))
    }

    /// Every member of a list of IAM, page after page.
    pub(crate) async fn listed(
        &self,
        operation: &str,
        list: &str,
        parameters: &[(&str, &str)],
    ) -> Result<Vec<Node>, CallError> {
        let mut members = Vec::new();
        let mut marker: Option<String> = None;
        for _ in 0..PAGES_MAX {
            let mut parameters = parameters.to_vec();
            if let Some(marker) = &marker {
                parameters.push(("Marker", marker));
            }
            let result = self.query(Query::Iam, operation, &parameters).await?;
            members.extend_from_slice(result.members(list));
            marker = result.text_of("Marker").filter(|marker| !marker.is_empty());
            if marker.is_none() {
                break;
            }
        }
        Ok(members)
    }
}

fn role(node: &Node) -> Role {
    Role {
        role_name: text(node, "RoleName"),
        arn: text(node, "Arn"),
        role_id: text(node, "RoleId"),
        description: text(node, "Description"),
        create_date: text(node, "CreateDate"),
        max_session_duration: text(node, "MaxSessionDuration"),
        assume_role_policy_document: document(node, "AssumeRolePolicyDocument"),
    }
}

fn managed_policy(node: &Node) -> ManagedPolicy {
    ManagedPolicy {
        policy_name: text(node, "PolicyName"),
        arn: text(node, "Arn"),
        attachment_count: text(node, "AttachmentCount"),
        default_version_id: text(node, "DefaultVersionId"),
        update_date: text(node, "UpdateDate"),
    }
}

/// A member's text; absent is empty.
pub(crate) fn text(node: &Node, name: &str) -> String {
    node.text_of(name).unwrap_or_default()
}

/// A policy document, which IAM answers percent-encoded.
fn document(node: &Node, name: &str) -> String {
    let encoded = text(node, name);
    percent_decode_str(&encoded)
        .decode_utf8_lossy()
        .into_owned()
}

impl Api<'_> {
    /// Takes a managed policy from a role.
    pub(crate) async fn detach_role_policy(&self, role: &str, arn: &str) -> Result<(), CallError> {
        let parameters = [("RoleName", role), ("PolicyArn", arn)];
        self.query(Query::Iam, "DetachRolePolicy", &parameters)
            .await?;
        Ok(())
    }
}
