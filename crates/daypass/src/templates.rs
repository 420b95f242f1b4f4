//! Documents to begin with: the trust of a pool's roles, what they grant, what a backend may do.
//!
//! The console, the command line and the demo hand out the same texts, so that what one of them
//! makes the others know. Every text is put by people afterwards, so it is indented and its members
//! stand in the order in which the documentation writes them.
//!
//! **Source**: Cognito developer guide, *Role trust and permissions*; IAM user guide, *Policy
//! element reference*; requirements S59 and S60.

use daypass_core::COGNITO_PROVIDER;
use daypass_core::claims::{AUTHENTICATED, UNAUTHENTICATED};
use serde::Serialize;
use serde_json::{Value, json};

/// The name under which a role or user carries the policy that a template made.
pub(crate) const MINT_POLICY: &str = "mint-tokens";

/// The two kinds of identities a pool has a role for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum IdentityKind {
    /// Somebody who showed a login.
    Authenticated,
    /// A guest.
    Unauthenticated,
}

impl IdentityKind {
    /// Both.
    pub(crate) const ALL: [Self; 2] = [Self::Authenticated, Self::Unauthenticated];

    /// The word of the API: the key in a pool's roles, and what `amr` begins with.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Authenticated => AUTHENTICATED,
            Self::Unauthenticated => UNAUTHENTICATED,
        }
    }
}

/// What a role may do, as far as there is a template for it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Access {
    /// Read and write under one's own identity id.
    OwnPrefix,
    /// Read everything.
    ReadOnly,
}

impl Access {
    /// The name of the policy.
    pub(crate) fn policy_name(self) -> &'static str {
        match self {
            Self::OwnPrefix => "own-prefix",
            Self::ReadOnly => "read-only",
        }
    }

    /// The policy, for one bucket.
    pub(crate) fn policy(self, bucket: &str) -> String {
        match self {
            Self::OwnPrefix => own_prefix(bucket),
            Self::ReadOnly => read_only(bucket),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Document {
    version: &'static str,
    statement: Vec<Statement>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Statement {
    #[serde(skip_serializing_if = "Option::is_none")]
    sid: Option<&'static str>,
    effect: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    principal: Option<Value>,
    action: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    resource: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    condition: Option<Value>,
}

/// The trust policy by which identities of one kind, of one pool, may have a role.
///
/// With `tags` it also lets the session carry principal tags.
pub(crate) fn trust(pool: &str, kind: IdentityKind, tags: bool) -> String {
    let action = if tags {
        json!(["sts:AssumeRoleWithWebIdentity", "sts:TagSession"])
    } else {
        json!("sts:AssumeRoleWithWebIdentity")
    };
    text(vec![Statement {
        sid: None,
        effect: "Allow",
        principal: Some(json!({"Federated": COGNITO_PROVIDER})),
        action,
        resource: None,
        condition: Some(json!({
            "StringEquals": {format!("{COGNITO_PROVIDER}:aud"): pool},
            "ForAnyValue:StringLike": {format!("{COGNITO_PROVIDER}:amr"): kind.word()},
        })),
    }])
}

/// Objects under one's own identity id in a bucket, and nothing else.
pub(crate) fn own_prefix(bucket: &str) -> String {
    let own = format!("${{{COGNITO_PROVIDER}:sub}}/*");
    text(vec![
        Statement {
            resource: Some(format!("arn:aws:s3:::{bucket}/{own}")),
            ..allow(
                "OwnPrefix",
                json!(["s3:PutObject", "s3:GetObject", "s3:DeleteObject"]),
            )
        },
        Statement {
            resource: Some(format!("arn:aws:s3:::{bucket}")),
            condition: Some(json!({"StringLike": {"s3:prefix": own}})),
            ..allow("ListOwnPrefix", json!("s3:ListBucket"))
        },
    ])
}

/// Every object of a bucket, to read.
pub(crate) fn read_only(bucket: &str) -> String {
    text(vec![
        Statement {
            resource: Some(format!("arn:aws:s3:::{bucket}/*")),
            ..allow("ReadObjects", json!("s3:GetObject"))
        },
        Statement {
            resource: Some(format!("arn:aws:s3:::{bucket}")),
            ..allow("ListBucket", json!("s3:ListBucket"))
        },
    ])
}

/// What a backend may do: mint tokens in one pool.
pub(crate) fn minting(region: &str, account: &str, pool: &str) -> String {
    text(vec![Statement {
        resource: Some(pool_arn(region, account, pool)),
        ..allow(
            "MintTokens",
            json!("cognito-identity:GetOpenIdTokenForDeveloperIdentity"),
        )
    }])
}

/// The ARN of a pool.
pub(crate) fn pool_arn(region: &str, account: &str, pool: &str) -> String {
    format!("arn:aws:cognito-identity:{region}:{account}:identitypool/{pool}")
}

/// The name of the policy by which a user may mint in a pool: one for each pool.
pub(crate) fn mint_policy_name(pool: &str) -> String {
    format!("{MINT_POLICY}-{}", number(pool))
}

/// A name for the backend of a pool.
pub(crate) fn backend_name(pool_name: &str, pool: &str) -> String {
    named(pool_name, pool, "backend")
}

/// The account in an ARN; nothing if it has none.
pub(crate) fn account_in(arn: &str) -> Option<&str> {
    arn.split(':').nth(4).filter(|account| !account.is_empty())
}

/// The role name in a role's ARN, its path left out.
pub(crate) fn role_in(arn: &str) -> Option<&str> {
    let (_, path_and_name) = arn.split_once(":role/")?;
    path_and_name
        .rsplit('/')
        .next()
        .filter(|name| !name.is_empty())
}

/// A name for the role of one kind of a pool's identities, in the letters IAM takes.
///
/// **Shape**: the pool's name, `-`, the first eight characters of the pool's number, `-`, the kind;
/// two pools of one name have roles of two names.
pub(crate) fn role_name(pool_name: &str, pool: &str, kind: IdentityKind) -> String {
    named(pool_name, pool, kind.word())
}

fn named(pool_name: &str, pool: &str, what: &str) -> String {
    /// **Source**: IAM API reference, names of roles and users have at most 64 characters.
    const NAME_CHARS: usize = 39;
    let plain = |c: char| {
        if c.is_ascii_alphanumeric() || "+=,.@_-".contains(c) {
            c
        } else {
            '-'
        }
    };
    let name: String = pool_name.chars().map(plain).take(NAME_CHARS).collect();
    format!("{name}-{}-{what}", number(pool))
}

/// The first eight characters of a pool's number.
fn number(pool: &str) -> String {
    let number = pool.rsplit(':').next().unwrap_or_default();
    number.chars().take(8).collect()
}

fn allow(sid: &'static str, action: Value) -> Statement {
    Statement {
        sid: Some(sid),
        effect: "Allow",
        principal: None,
        action,
        resource: None,
        condition: None,
    }
}

fn text(statement: Vec<Statement>) -> String {
    let document = Document {
        version: "2012-10-17",
        statement,
    };
    // Maps with text keys always serialize; an empty text would be refused when it is put.
    serde_json::to_string_pretty(&document).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use daypass_policy::{Document as Parsed, DocumentKind};

    use super::*;

    const POOL: &str = "us-east-1:0c9f9f9c-1111-4222-8333-944445555666";

    #[test]
    fn every_template_is_a_document_of_its_kind() {
        for kind in IdentityKind::ALL {
            for tags in [false, true] {
                let parsed = Parsed::parse(&trust(POOL, kind, tags), DocumentKind::Trust).unwrap();
                let may_tag = parsed.statements()[0].allows_action("sts:TagSession");
                assert_eq!(may_tag, tags);
                assert!(!daypass_core::assume::trusts_every_pool(&parsed));
            }
        }
        for access in [Access::OwnPrefix, Access::ReadOnly] {
            Parsed::parse(&access.policy("b"), DocumentKind::Identity).unwrap();
        }
        let minting = minting("us-east-1", "000000000000", POOL);
        let parsed = Parsed::parse(&minting, DocumentKind::Identity).unwrap();
        assert!(
            !parsed.statements()[0].allows_action("cognito-identity:DeleteIdentityPool"),
            "a backend only mints"
        );
        assert!(minting.contains(&format!(":000000000000:identitypool/{POOL}\"")));
    }

    #[test]
    fn members_stand_in_the_documented_order() {
        let text = own_prefix("photos");
        let places: Vec<_> = ["Version", "Sid", "Effect", "Action", "Resource"]
            .iter()
            .map(|member| text.find(&format!("\"{member}\"")).unwrap())
            .collect();
        assert!(places.is_sorted(), "{text}");
    }

    #[test]
    fn a_role_name_holds_what_iam_takes_whatever_the_pool_is_called() {
        let name = role_name("my app ✓", POOL, IdentityKind::Authenticated);
        assert_eq!(name, "my-app---0c9f9f9c-authenticated");
        let long = role_name(&"x".repeat(128), POOL, IdentityKind::Unauthenticated);
        assert!(long.len() <= 64, "{}", long.len());
    }

    #[test]
    fn an_arn_tells_its_account_and_its_role() {
        let arn = "arn:aws:iam::123456789012:role/app/My";
        assert_eq!(account_in(arn), Some("123456789012"));
        assert_eq!(role_in(arn), Some("My"));
        assert_eq!(account_in("none"), None);
        assert_eq!(role_in("arn:aws:iam::1:user/x"), None);
    }
}
