//! May a user of an identity provider of the account assume this role?
//!
//! **Source**: IAM user guide, *trust policies for web identity*; contract page, STS sections 2.6 and
//! 3.1; requirement S59.

use std::collections::BTreeMap;

use daypass_policy::{Context, Decision, Document, DocumentKind};

use super::{AssumeError, TAG_SESSION, TrustGap, decide, fill_request_tags};
use crate::ids::AccountId;
use crate::provider_identity::{self, ProviderIdentity};
use crate::role::Role;
use crate::tags::PrincipalTags;

const SET_SOURCE_IDENTITY: &str = "sts:SetSourceIdentity";

/// What a user of a provider asks of a role.
#[derive(Clone, Copy, Debug)]
pub struct ProviderCall<'c> {
    /// `sts:AssumeRoleWithWebIdentity` or `sts:AssumeRoleWithSAML`.
    pub action: &'c str,
    /// Who it is.
    pub identity: &'c ProviderIdentity,
    /// Condition keys of the trust decision beside those of the session.
    pub trust_keys: &'c BTreeMap<String, Vec<String>>,
    /// The tags of the session.
    pub tags: &'c PrincipalTags,
    /// The source identity of the session.
    pub source_identity: Option<&'c str>,
}

/// Checks that `role` trusts a provider's user: the trust policy names the provider's ARN, and
/// allows what else the session needs.
///
/// `context` holds the keys of the request itself.
pub fn by_provider(
    role: &Role,
    account: &AccountId,
    call: &ProviderCall<'_>,
    mut context: Context,
) -> Result<(), AssumeError> {
    let document = Document::parse(&role.trust_policy, DocumentKind::Trust)
        .map_err(|_| AssumeError::Unreadable(role.name.clone()))?;
    provider_identity::fill(call.trust_keys, &mut context);
    call.identity.fill(&mut context);
    fill_request_tags(call.tags, &mut context);
    if let Some(source) = call.source_identity {
        context.set("sts:SourceIdentity", source);
    }
    let provider = &call.identity.provider_arn;
    let decide = |action: &str| decide(role, account, provider, &document, action, &context);
    let not_trusted = |cause| AssumeError::NotTrusted {
        role: role.name.clone(),
        cause,
    };
    match decide(call.action) {
        Decision::Allow => {}
        Decision::ExplicitDeny => return Err(not_trusted(TrustGap::Denied)),
        Decision::ImplicitDeny => return Err(not_trusted(TrustGap::Condition)),
    }
    if !call.tags.is_empty() && decide(TAG_SESSION) != Decision::Allow {
        return Err(AssumeError::TaggingNotTrusted(role.name.clone()));
    }
    if call.source_identity.is_some() && decide(SET_SOURCE_IDENTITY) != Decision::Allow {
        return Err(not_trusted(TrustGap::Condition));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::UniqueId;
    use crate::time::{Lifetime, Timestamp};
    use crate::user::Grants;

    const ARN: &str = "arn:aws:iam::123456789012:oidc-provider/id.example.com/x";

    fn decided(
        statement: &str,
        tags: &[(&str, &str)],
        source: Option<&str>,
    ) -> Result<(), AssumeError> {
        let role = Role {
            name: "App".into(),
            path: "/".into(),
            id: UniqueId::stored("AROAX".into()),
            trust_policy: format!(r#"{{"Version":"2012-10-17","Statement":[{statement}]}}"#),
            description: None,
            max_session: Lifetime::from_seconds(3_600),
            grants: Grants::default(),
            tags: BTreeMap::new(),
            created: Timestamp::from_seconds(0),
        };
        let keys = |entries: &[(&str, &str)]| {
            let key = |(key, value): &(&str, &str)| {
                (format!("id.example.com/x:{key}"), vec![(*value).to_owned()])
            };
            entries.iter().map(key).collect()
        };
        let identity = ProviderIdentity {
            provider_arn: ARN.to_owned(),
            keys: keys(&[("aud", "app"), ("sub", "user-1"), ("amr", "pwd")]),
        };
        let tags = tags
            .iter()
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
        let call = ProviderCall {
            action: "sts:AssumeRoleWithWebIdentity",
            identity: &identity,
            trust_keys: &keys(&[("email", "a@b.example")]),
            tags: &PrincipalTags::new(tags.collect()).unwrap(),
            source_identity: source,
        };
        let account = "123456789012".parse().unwrap();
        by_provider(&role, &account, &call, Context::new())
    }

    fn trust(provider: &str, actions: &str, condition: &str) -> String {
        format!(
            r#"{{"Effect":"Allow","Principal":{{"Federated":"{provider}"}},"Action":[{actions}],"Condition":{condition}}}"#
        )
    }

    const ASSUME: &str = r#""sts:AssumeRoleWithWebIdentity""#;

    #[test]
    fn s59_the_provider_and_its_claims_decide() {
        for (condition, expected) in [
            ("{}", true),
            (r#"{"StringEquals":{"id.example.com/x:aud":"app"}}"#, true),
            (
                r#"{"StringEquals":{"ID.example.com/x:sub":"user-1"}}"#,
                true,
            ),
            (
                r#"{"StringLike":{"id.example.com/x:email":"*@b.example"}}"#,
                true,
            ),
            (
                r#"{"ForAnyValue:StringEquals":{"id.example.com/x:amr":"pwd"}}"#,
                true,
            ),
            (
                r#"{"StringEquals":{"id.example.com/x:aud":"other"}}"#,
                false,
            ),
            (r#"{"StringEquals":{"id.example.com/y:aud":"app"}}"#, false),
            (
                r#"{"StringEquals":{"id.example.com/x:sub":"user-2"}}"#,
                false,
            ),
        ] {
            let decided = decided(&trust(ARN, ASSUME, condition), &[], None);
            assert_eq!(decided.is_ok(), expected, "{condition}");
        }
        for other in [
            "cognito-identity.amazonaws.com",
            "arn:aws:iam::123456789012:oidc-provider/id.example.com",
            "arn:aws:iam::210987654321:oidc-provider/id.example.com/x",
        ] {
            assert!(
                decided(&trust(other, ASSUME, "{}"), &[], None).is_err(),
                "{other}"
            );
        }
    }

    #[test]
    fn tags_and_a_source_identity_need_an_action_each() {
        let assume = trust(ARN, ASSUME, "{}");
        let refused = decided(&assume, &[("team", "red")], None);
        assert_eq!(refused, Err(AssumeError::TaggingNotTrusted("App".into())));
        assert!(decided(&assume, &[], Some("user-1")).is_err());
        let all = trust(ARN, r#""sts:*""#, "{}");
        assert_eq!(decided(&all, &[("team", "red")], Some("user-1")), Ok(()));
        let deny = r#"{"Effect":"Deny","Principal":"*","Action":"sts:*"}"#;
        assert!(decided(&format!("{all},{deny}"), &[], None).is_err());
    }
}
