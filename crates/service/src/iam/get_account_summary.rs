//! `GetAccountSummary`: how many of everything there are, and may be.
//!
//! **Source**: IAM API reference, *GetAccountSummary*; contract page section 4.2. Things this
//! account cannot have are counted as none.
//! **Errors**: the common set only.

use daypass_wire::xml::Element;

use super::limits::{
    ACCESS_KEYS_PER_USER_MAX, ATTACHED_POLICIES_MAX, MANAGED_POLICY_CHARS_MAX,
    OPEN_ID_PROVIDERS_MAX, POLICIES_MAX, POLICY_VERSIONS_MAX, ROLE_INLINE_CHARS_MAX, ROLES_MAX,
    SAML_PROVIDERS_MAX, TRUST_POLICY_CHARS_MAX, USER_INLINE_CHARS_MAX, USERS_MAX,
};
use crate::aws_query::QueryOutput;
use crate::env::Env;
use crate::error::Failure;
use crate::guard::{Need, Permit};
use crate::operation::Operation;

pub(super) struct GetAccountSummary;

pub(super) struct Output {
    policies: usize,
    providers: usize,
    roles: usize,
    users: usize,
    has_root_keys: bool,
}

impl QueryOutput for Output {
    fn write(self) -> Option<Element> {
        let entries = [
            ("AccessKeysPerUserQuota", ACCESS_KEYS_PER_USER_MAX),
            ("AccountAccessKeysPresent", usize::from(self.has_root_keys)),
            ("AccountMFAEnabled", 0),
            ("AccountSigningCertificatesPresent", 0),
            ("AssumeRolePolicySizeQuota", TRUST_POLICY_CHARS_MAX),
            ("AttachedPoliciesPerRoleQuota", ATTACHED_POLICIES_MAX),
            ("AttachedPoliciesPerUserQuota", ATTACHED_POLICIES_MAX),
            ("Groups", 0),
            ("InstanceProfiles", 0),
            ("MFADevices", 0),
            ("MFADevicesInUse", 0),
            ("Policies", self.policies),
            ("PoliciesQuota", POLICIES_MAX),
            ("PolicySizeQuota", MANAGED_POLICY_CHARS_MAX),
            ("Providers", self.providers),
            ("RolePolicySizeQuota", ROLE_INLINE_CHARS_MAX),
            ("Roles", self.roles),
            ("RolesQuota", ROLES_MAX),
            ("ServerCertificates", 0),
            ("UserPolicySizeQuota", USER_INLINE_CHARS_MAX),
            ("Users", self.users),
            ("UsersQuota", USERS_MAX),
            ("VersionsPerPolicyQuota", POLICY_VERSIONS_MAX),
        ];
        let entries = entries.map(|(name, count)| (name, count.to_string()));
        Some(Element::new("GetAccountSummaryResult").map("SummaryMap", entries))
    }
}

impl Operation for GetAccountSummary {
    const NAME: &'static str = "GetAccountSummary";
    const ERRORS: &'static [&'static str] = &[];
    type Admission = Permit;
    type Input = ();
    type Output = Output;

    async fn needs(_: &Env, (): &()) -> Result<Vec<Need>, Failure> {
        Ok(vec![Need::new("iam:GetAccountSummary", "*")])
    }

    async fn call(env: &Env, _: Permit, (): ()) -> Result<Output, Failure> {
        let mut records = env.read().await?;
        Ok(Output {
            policies: records.count_managed_policies(POLICIES_MAX).await?,
            providers: records
                .count_open_id_providers(OPEN_ID_PROVIDERS_MAX)
                .await?
                + records.count_saml_providers(SAML_PROVIDERS_MAX).await?,
            roles: records.count_roles(ROLES_MAX).await?,
            users: records.count_users(USERS_MAX).await?,
            has_root_keys: env.configured_root().is_some()
                || !records.access_keys_of(None).await?.is_empty(),
        })
    }
}
