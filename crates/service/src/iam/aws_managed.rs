//! The policies that every account has: `arn:aws:iam::aws:policy/…`.
//!
//! A small set, each with an effect in this product. Where the original lets readers mint tokens
//! or credentials (`cognito-identity:Get*`), ours names the reading actions one by one.
//!
//! **Source**: AWS managed policy reference; contract page, sections 3.2 and 4.1.

use std::collections::BTreeMap;

use daypass_core::ids::UniqueId;
use daypass_core::managed_policy::{ManagedPolicy, PolicyVersion};
use daypass_core::time::Timestamp;

/// What all their ARNs begin with.
pub(super) const ARN_PREFIX: &str = "arn:aws:iam::aws:policy/";

/// When they were made: they come with the program, so the moment is only a value to show.
const CREATED: Timestamp = Timestamp::from_seconds(1_767_225_600);

/// A built-in policy.
struct BuiltIn {
    name: &'static str,
    id: &'static str,
    description: &'static str,
    document: &'static str,
}

/// The document of a built-in policy.
pub(crate) fn document(arn: &str) -> Option<&'static str> {
    by_arn(arn).map(|policy| policy.document)
}

/// A built-in policy in the form of all others.
pub(super) fn policy(arn: &str) -> Option<ManagedPolicy> {
    by_arn(arn).map(BuiltIn::policy)
}

/// All of them, by name.
pub(super) fn all() -> impl Iterator<Item = ManagedPolicy> {
    BUILT_IN.iter().map(BuiltIn::policy)
}

fn by_arn(arn: &str) -> Option<&'static BuiltIn> {
    let name = arn.strip_prefix(ARN_PREFIX)?;
    BUILT_IN.iter().find(|policy| policy.name == name)
}

impl BuiltIn {
    fn policy(&self) -> ManagedPolicy {
        let version = PolicyVersion {
            document: self.document.to_owned(),
            created: CREATED,
        };
        ManagedPolicy {
            name: self.name.to_owned(),
            path: "/".to_owned(),
            id: UniqueId::stored(self.id.to_owned()),
            description: Some(self.description.to_owned()),
            versions: BTreeMap::from([(1, version)]),
            default_version: 1,
            next_version: 2,
            tags: BTreeMap::new(),
            created: CREATED,
            updated: CREATED,
        }
    }
}

/// By name.
const BUILT_IN: &[BuiltIn] = &[
    BuiltIn {
        name: "AdministratorAccess",
        id: "ANPADAYPASSBUILTIN2AA",
        description: "Allows every action on every resource.",
        document: r#"{
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Action": "*",
            "Resource": "*"
        }
    ]
}"#,
    },
    BuiltIn {
        name: "AmazonCognitoDeveloperAuthenticatedIdentities",
        id: "ANPADAYPASSBUILTIN2AB",
        description: "Allows an app backend to vouch for its users in identity pools.",
        document: r#"{
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Action": [
                "cognito-identity:GetOpenIdTokenForDeveloperIdentity",
                "cognito-identity:LookupDeveloperIdentity",
                "cognito-identity:MergeDeveloperIdentities",
                "cognito-identity:UnlinkDeveloperIdentity"
            ],
            "Resource": "*"
        }
    ]
}"#,
    },
    BuiltIn {
        name: "AmazonCognitoPowerUser",
        id: "ANPADAYPASSBUILTIN2AC",
        description: "Allows everything about identity pools, and reading the roles they may use.",
        document: r#"{
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Action": [
                "cognito-identity:*",
                "iam:ListRoles",
                "iam:GetRole",
                "iam:ListOpenIDConnectProviders",
                "iam:ListSAMLProviders",
                "iam:GetSAMLProvider"
            ],
            "Resource": "*"
        }
    ]
}"#,
    },
    BuiltIn {
        name: "AmazonCognitoReadOnly",
        id: "ANPADAYPASSBUILTIN2AD",
        description: "Allows reading identity pools and identities, and no tokens.",
        document: r#"{
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Action": [
                "cognito-identity:Describe*",
                "cognito-identity:GetIdentityPoolRoles",
                "cognito-identity:GetPrincipalTagAttributeMap",
                "cognito-identity:List*",
                "iam:ListRoles",
                "iam:ListOpenIDConnectProviders"
            ],
            "Resource": "*"
        }
    ]
}"#,
    },
    BuiltIn {
        name: "AmazonCognitoUnAuthedIdentitiesSessionPolicy",
        id: "ANPADAYPASSBUILTIN2AE",
        description: "Bounds what a guest of an identity pool may be given beside that list.",
        document: r#"{
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Action": "rum:PutRumEvents",
            "Resource": "*"
        }
    ]
}"#,
    },
    BuiltIn {
        name: "AmazonS3FullAccess",
        id: "ANPADAYPASSBUILTIN2AF",
        description: "Allows everything about buckets and objects.",
        document: r#"{
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Action": "s3:*",
            "Resource": "*"
        }
    ]
}"#,
    },
    BuiltIn {
        name: "AmazonS3ReadOnlyAccess",
        id: "ANPADAYPASSBUILTIN2AG",
        description: "Allows reading and listing buckets and objects.",
        document: r#"{
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Action": [
                "s3:Describe*",
                "s3:Get*",
                "s3:List*"
            ],
            "Resource": "*"
        }
    ]
}"#,
    },
    BuiltIn {
        name: "IAMFullAccess",
        id: "ANPADAYPASSBUILTIN2AH",
        description: "Allows everything about users, roles, keys and policies.",
        document: r#"{
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Action": "iam:*",
            "Resource": "*"
        }
    ]
}"#,
    },
    BuiltIn {
        name: "IAMReadOnlyAccess",
        id: "ANPADAYPASSBUILTIN2AI",
        description: "Allows reading users, roles and policies, and trying policies out.",
        document: r#"{
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Action": [
                "iam:Get*",
                "iam:List*",
                "iam:SimulateCustomPolicy",
                "iam:SimulatePrincipalPolicy"
            ],
            "Resource": "*"
        }
    ]
}"#,
    },
    BuiltIn {
        name: "ReadOnlyAccess",
        id: "ANPADAYPASSBUILTIN2AJ",
        description: "Allows reading everything there is, and no tokens or credentials.",
        document: r#"{
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Action": [
                "cognito-identity:Describe*",
                "cognito-identity:GetIdentityPoolRoles",
                "cognito-identity:GetPrincipalTagAttributeMap",
                "cognito-identity:List*",
                "iam:Get*",
                "iam:List*",
                "iam:SimulateCustomPolicy",
                "iam:SimulatePrincipalPolicy",
                "s3:Describe*",
                "s3:Get*",
                "s3:List*",
                "sts:GetAccessKeyInfo",
                "sts:GetCallerIdentity"
            ],
            "Resource": "*"
        }
    ]
}"#,
    },
];

#[cfg(test)]
mod tests {
    use daypass_policy::{Document, DocumentKind};

    use super::*;

    #[test]
    fn every_built_in_policy_reads_and_names_are_in_order_and_ids_differ() {
        let mut ids = std::collections::BTreeSet::new();
        for policy in BUILT_IN {
            let read = Document::parse(policy.document, DocumentKind::Identity);
            assert!(read.is_ok(), "{}: {read:?}", policy.name);
            assert_eq!(policy.id.len(), 21, "{}", policy.name);
            assert!(ids.insert(policy.id), "{}", policy.name);
        }
        assert!(BUILT_IN.is_sorted_by_key(|policy| policy.name.to_lowercase()));
    }

    #[test]
    fn a_built_in_policy_is_found_by_its_whole_arn_only() {
        assert!(document("arn:aws:iam::aws:policy/AdministratorAccess").is_some());
        for arn in [
            "AdministratorAccess",
            "arn:aws:iam::aws:policy/administratoraccess",
            "arn:aws:iam::123456789012:policy/AdministratorAccess",
        ] {
            assert!(document(arn).is_none(), "{arn}");
        }
    }

    #[test]
    fn no_reader_is_given_tokens() {
        for name in ["ReadOnlyAccess", "AmazonCognitoReadOnly"] {
            let text = document(&format!("{ARN_PREFIX}{name}")).unwrap();
            let document = Document::parse(text, DocumentKind::Identity).unwrap();
            for action in [
                "cognito-identity:GetOpenIdTokenForDeveloperIdentity",
                "cognito-identity:GetCredentialsForIdentity",
                "sts:AssumeRole",
                "sts:GetSessionToken",
            ] {
                let allows = |it: &daypass_policy::Statement| it.allows_action(action);
                assert!(!document.statements().iter().any(allows), "{name} {action}");
            }
        }
    }
}
