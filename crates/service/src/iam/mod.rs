//! The IAM face: users and keys, roles and trust, policies and attachments, issuers.
//!
//! **Source**: IAM API reference, version 2010-05-08.

mod add_client_id_to_open_id_connect_provider;
mod attach_role_policy;
mod attach_user_policy;
pub(crate) mod aws_managed;
mod create_access_key;
mod create_open_id_connect_provider;
mod create_policy;
mod create_policy_version;
mod create_role;
mod create_saml_provider;
mod create_user;
mod delete_access_key;
mod delete_open_id_connect_provider;
mod delete_policy;
mod delete_policy_version;
mod delete_role;
mod delete_role_permissions_boundary;
mod delete_role_policy;
mod delete_saml_provider;
mod delete_user;
mod delete_user_permissions_boundary;
mod delete_user_policy;
mod detach_role_policy;
mod detach_user_policy;
mod documents;
pub(crate) mod error;
mod get_access_key_last_used;
mod get_account_summary;
mod get_open_id_connect_provider;
mod get_policy;
mod get_policy_version;
mod get_role;
mod get_role_policy;
mod get_saml_provider;
mod get_user;
mod get_user_policy;
mod holders;
mod limits;
mod list_access_keys;
mod list_account_aliases;
mod list_attached_role_policies;
mod list_attached_user_policies;
mod list_entities_for_policy;
mod list_groups_for_user;
mod list_instance_profiles_for_role;
mod list_open_id_connect_provider_tags;
mod list_open_id_connect_providers;
mod list_policies;
mod list_policy_tags;
mod list_policy_versions;
mod list_role_policies;
mod list_role_tags;
mod list_roles;
mod list_saml_provider_tags;
mod list_saml_providers;
mod list_user_policies;
mod list_user_tags;
mod list_users;
mod managed;
mod open_id_providers;
mod paging;
mod put_role_permissions_boundary;
mod put_role_policy;
mod put_user_permissions_boundary;
mod put_user_policy;
mod remove_client_id_from_open_id_connect_provider;
mod roles;
mod saml_providers;
mod set_default_policy_version;
mod shapes;
mod tag_open_id_connect_provider;
mod tag_policy;
mod tag_role;
mod tag_saml_provider;
mod tag_user;
mod tags;
mod untag_open_id_connect_provider;
mod untag_policy;
mod untag_role;
mod untag_saml_provider;
mod untag_user;
mod update_access_key;
mod update_assume_role_policy;
mod update_open_id_connect_provider_thumbprint;
mod update_role;
mod update_role_description;
mod update_saml_provider;
mod update_user;
mod users;

use daypass_proof::sigv4::Dialect;

use crate::aws_query::QueryOperation;
use crate::guard::FaceRules;

/// What this face demands of a signature: a quarter of an hour of clock difference, any Region, and
/// no credentials of `GetSessionToken`.
pub(crate) const RULES: FaceRules = FaceRules {
    dialect: Dialect::Query,
    service: "iam",
    own_region_only: false,
    skew_seconds: 900,
    user_sessions: false,
};

/// The version of the interface.
pub(crate) const VERSION: &str = "2010-05-08";

/// The namespace of every answer.
pub(crate) const NAMESPACE: &str = "https://iam.amazonaws.com/doc/2010-05-08/";

/// Every operation there is.
pub(crate) const OPERATIONS: &[QueryOperation] = &[
    QueryOperation::of::<
        add_client_id_to_open_id_connect_provider::AddClientIDToOpenIDConnectProvider,
    >(),
    QueryOperation::of::<attach_role_policy::AttachRolePolicy>(),
    QueryOperation::of::<attach_user_policy::AttachUserPolicy>(),
    QueryOperation::of::<create_access_key::CreateAccessKey>(),
    QueryOperation::of::<create_open_id_connect_provider::CreateOpenIDConnectProvider>(),
    QueryOperation::of::<create_policy::CreatePolicy>(),
    QueryOperation::of::<create_policy_version::CreatePolicyVersion>(),
    QueryOperation::of::<create_role::CreateRole>(),
    QueryOperation::of::<create_saml_provider::CreateSAMLProvider>(),
    QueryOperation::of::<create_user::CreateUser>(),
    QueryOperation::of::<delete_access_key::DeleteAccessKey>(),
    QueryOperation::of::<delete_open_id_connect_provider::DeleteOpenIDConnectProvider>(),
    QueryOperation::of::<delete_policy::DeletePolicy>(),
    QueryOperation::of::<delete_policy_version::DeletePolicyVersion>(),
    QueryOperation::of::<delete_role::DeleteRole>(),
    QueryOperation::of::<delete_role_permissions_boundary::DeleteRolePermissionsBoundary>(),
    QueryOperation::of::<delete_role_policy::DeleteRolePolicy>(),
    QueryOperation::of::<delete_saml_provider::DeleteSAMLProvider>(),
    QueryOperation::of::<delete_user::DeleteUser>(),
    QueryOperation::of::<delete_user_permissions_boundary::DeleteUserPermissionsBoundary>(),
    QueryOperation::of::<delete_user_policy::DeleteUserPolicy>(),
    QueryOperation::of::<detach_role_policy::DetachRolePolicy>(),
    QueryOperation::of::<detach_user_policy::DetachUserPolicy>(),
    QueryOperation::of::<get_access_key_last_used::GetAccessKeyLastUsed>(),
    QueryOperation::of::<get_account_summary::GetAccountSummary>(),
    QueryOperation::of::<get_open_id_connect_provider::GetOpenIDConnectProvider>(),
    QueryOperation::of::<get_policy::GetPolicy>(),
    QueryOperation::of::<get_policy_version::GetPolicyVersion>(),
    QueryOperation::of::<get_role::GetRole>(),
    QueryOperation::of::<get_role_policy::GetRolePolicy>(),
    QueryOperation::of::<get_saml_provider::GetSAMLProvider>(),
    QueryOperation::of::<get_user::GetUser>(),
    QueryOperation::of::<get_user_policy::GetUserPolicy>(),
    QueryOperation::of::<list_access_keys::ListAccessKeys>(),
    QueryOperation::of::<list_account_aliases::ListAccountAliases>(),
    QueryOperation::of::<list_attached_role_policies::ListAttachedRolePolicies>(),
    QueryOperation::of::<list_attached_user_policies::ListAttachedUserPolicies>(),
    QueryOperation::of::<list_entities_for_policy::ListEntitiesForPolicy>(),
    QueryOperation::of::<list_groups_for_user::ListGroupsForUser>(),
    QueryOperation::of::<list_instance_profiles_for_role::ListInstanceProfilesForRole>(),
    QueryOperation::of::<list_open_id_connect_provider_tags::ListOpenIDConnectProviderTags>(),
    QueryOperation::of::<list_open_id_connect_providers::ListOpenIDConnectProviders>(),
    QueryOperation::of::<list_policies::ListPolicies>(),
    QueryOperation::of::<list_policy_tags::ListPolicyTags>(),
    QueryOperation::of::<list_policy_versions::ListPolicyVersions>(),
    QueryOperation::of::<list_role_policies::ListRolePolicies>(),
    QueryOperation::of::<list_role_tags::ListRoleTags>(),
    QueryOperation::of::<list_roles::ListRoles>(),
    QueryOperation::of::<list_saml_provider_tags::ListSAMLProviderTags>(),
    QueryOperation::of::<list_saml_providers::ListSAMLProviders>(),
    QueryOperation::of::<list_user_policies::ListUserPolicies>(),
    QueryOperation::of::<list_user_tags::ListUserTags>(),
    QueryOperation::of::<list_users::ListUsers>(),
    QueryOperation::of::<put_role_permissions_boundary::PutRolePermissionsBoundary>(),
    QueryOperation::of::<put_role_policy::PutRolePolicy>(),
    QueryOperation::of::<put_user_permissions_boundary::PutUserPermissionsBoundary>(),
    QueryOperation::of::<put_user_policy::PutUserPolicy>(),
    QueryOperation::of::<
        remove_client_id_from_open_id_connect_provider::RemoveClientIDFromOpenIDConnectProvider,
    >(),
    QueryOperation::of::<set_default_policy_version::SetDefaultPolicyVersion>(),
    QueryOperation::of::<tag_open_id_connect_provider::TagOpenIDConnectProvider>(),
    QueryOperation::of::<tag_policy::TagPolicy>(),
    QueryOperation::of::<tag_role::TagRole>(),
    QueryOperation::of::<tag_saml_provider::TagSAMLProvider>(),
    QueryOperation::of::<tag_user::TagUser>(),
    QueryOperation::of::<untag_open_id_connect_provider::UntagOpenIDConnectProvider>(),
    QueryOperation::of::<untag_policy::UntagPolicy>(),
    QueryOperation::of::<untag_role::UntagRole>(),
    QueryOperation::of::<untag_saml_provider::UntagSAMLProvider>(),
    QueryOperation::of::<untag_user::UntagUser>(),
    QueryOperation::of::<update_access_key::UpdateAccessKey>(),
    QueryOperation::of::<update_assume_role_policy::UpdateAssumeRolePolicy>(),
    QueryOperation::of::<
        update_open_id_connect_provider_thumbprint::UpdateOpenIDConnectProviderThumbprint,
    >(),
    QueryOperation::of::<update_role::UpdateRole>(),
    QueryOperation::of::<update_role_description::UpdateRoleDescription>(),
    QueryOperation::of::<update_saml_provider::UpdateSAMLProvider>(),
    QueryOperation::of::<update_user::UpdateUser>(),
];
