//! A role to be made for the identities of a pool: its names, its words, and how it is made.
//!
//! The trust policy always asks for this pool and this kind of identity, so that no other pool's
//! users and no guest gets a role that was not meant for them.
//!
//! **Source**: requirements S59 and S60; Cognito developer guide, *Role trust and permissions*.

use crate::api::{Api, CallError};
use crate::templates::{self, Access, IdentityKind};

/// **Source**: IAM API reference, *CreateRole*.
const ROLE_NAME_CHARS_MAX: usize = 64;

/// **Source**: S3 user guide, *Bucket naming rules*.
const BUCKET_NAME_CHARS: std::ops::RangeInclusive<usize> = 3..=63;

/// A role with one policy of its own.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    /// Whose role it is.
    pub(super) kind: IdentityKind,
    /// Its name.
    pub(super) role_name: String,
    /// What it grants; nothing if there is nothing to grant yet.
    pub(super) policy: Option<Policy>,
}

/// What a role grants.
#[derive(Clone, Debug)]
pub(super) struct Policy {
    /// The policy's name.
    pub(super) name: String,
    /// Its text.
    pub(super) document: String,
    /// The bucket it is about, if it was made from a template.
    pub(super) bucket: Option<String>,
}

impl Policy {
    /// A ready template for a bucket.
    pub(super) fn ready(access: Access, bucket: &str) -> Self {
        Self {
            name: access.policy_name().to_owned(),
            document: access.policy(bucket),
            bucket: Some(bucket.to_owned()),
        }
    }
}

impl Plan {
    /// The role that is made when nobody says more.
    pub(super) fn usual(
        pool_name: &str,
        pool_id: &str,
        kind: IdentityKind,
        taken: &[String],
    ) -> Self {
        let access = usual_access(kind);
        Self {
            kind,
            role_name: role_name(pool_name, pool_id, kind, taken),
            policy: Some(Policy::ready(access, &bucket_name(pool_name, kind))),
        }
    }

    /// Makes the role and answers its ARN.
    pub(super) async fn make(
        &self,
        api: &Api<'_>,
        pool_name: &str,
        pool_id: &str,
    ) -> Result<String, CallError> {
        if let Some(bucket) = self.policy.as_ref().and_then(|one| one.bucket.as_deref()) {
            need_bucket(api, bucket).await?;
        }
        let trust = templates::trust(pool_id, self.kind, false);
        let description = format!("{} of the pool {pool_name}", who(self.kind));
        let role = api.create_role(&self.role_name, &trust, &description);
        let role = role.await?;
        if let Some(policy) = &self.policy {
            api.put_role_policy(&self.role_name, &policy.name, &policy.document)
                .await?;
        }
        Ok(role.arn)
    }
}

/// What a role of a kind grants when nobody says more: users their own files, guests what is meant
/// for everybody.
pub(super) fn usual_access(kind: IdentityKind) -> Access {
    match kind {
        IdentityKind::Authenticated => Access::OwnPrefix,
        IdentityKind::Unauthenticated => Access::ReadOnly,
    }
}

/// Creates a bucket unless it is there.
pub(super) async fn need_bucket(api: &Api<'_>, bucket: &str) -> Result<(), CallError> {
    // Who may not list buckets may still create this one.
    let there = api.buckets().await.unwrap_or_default();
    if there.iter().any(|name| name == bucket) {
        return Ok(());
    }
    match api.create_bucket(bucket).await {
        Err(error) if error.is("BucketAlreadyOwnedByYou") => Ok(()),
        other => other,
    }
}

/// Who has the role.
pub(super) fn who(kind: IdentityKind) -> &'static str {
    match kind {
        IdentityKind::Authenticated => "Signed-in users",
        IdentityKind::Unauthenticated => "Guests",
    }
}

/// The trust policy in words.
pub(super) fn trust_words(pool_name: &str, kind: IdentityKind) -> String {
    match kind {
        IdentityKind::Authenticated => format!(
            "Only identities of the pool “{pool_name}” that are signed in may have this role: not \
             its guests, and nobody from another pool."
        ),
        IdentityKind::Unauthenticated => format!(
            "Only guests of the pool “{pool_name}” may have this role: nobody from another pool."
        ),
    }
}

/// What a template grants, in words.
pub(super) fn access_words(access: Access, bucket: &str) -> String {
    match access {
        Access::OwnPrefix => format!(
            "Each of them reads, writes and deletes files under their own identity id in the \
             bucket “{bucket}”, and nothing else."
        ),
        Access::ReadOnly => {
            format!("Each of them reads every file of the bucket “{bucket}”, and nothing else.")
        }
    }
}

/// A name nobody has yet, in the letters IAM takes: `Cognito_<Pool>Auth_Role`.
pub(super) fn role_name(
    pool_name: &str,
    pool_id: &str,
    kind: IdentityKind,
    taken: &[String],
) -> String {
    let ending = match kind {
        IdentityKind::Authenticated => "Auth_Role",
        IdentityKind::Unauthenticated => "Unauth_Role",
    };
    let number = number(pool_id);
    let named = |middle: &str| {
        let room = ROLE_NAME_CHARS_MAX - "Cognito_".len() - ending.len() - middle.len();
        let pool = pool_name.chars().filter(|c| is_name_char(*c));
        let pool: String = pool.take(room).collect();
        format!("Cognito_{pool}{middle}{ending}")
    };
    let plain = named("");
    if taken.iter().any(|name| name.eq_ignore_ascii_case(&plain)) {
        named(&format!("-{number}-"))
    } else {
        plain
    }
}

/// The first eight characters of a pool's number.
pub(super) fn number(pool_id: &str) -> String {
    let number = pool_id.rsplit(':').next().unwrap_or_default();
    number.chars().take(8).collect()
}

/// A letter of the names of roles and users.
pub(super) fn is_name_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || "+=,.@_-".contains(c)
}

/// Whether IAM takes a name for a role or user.
pub(super) fn is_name(name: &str) -> bool {
    (1..=ROLE_NAME_CHARS_MAX).contains(&name.len()) && name.chars().all(is_name_char)
}

/// A name for the bucket of a pool's users, or of what its guests may see.
pub(super) fn bucket_name(pool_name: &str, kind: IdentityKind) -> String {
    let ending = match kind {
        IdentityKind::Authenticated => "-files",
        IdentityKind::Unauthenticated => "-public",
    };
    let mut name = String::new();
    for c in pool_name.chars().take(50) {
        if c.is_ascii_alphanumeric() {
            name.push(c.to_ascii_lowercase());
        } else if !name.is_empty() && !name.ends_with('-') {
            name.push('-');
        }
    }
    let name = name.trim_end_matches('-');
    let name = if name.is_empty() { "pool" } else { name };
    format!("{name}{ending}")
}

/// Whether S3 takes a name for a bucket.
pub(super) fn is_bucket_name(name: &str) -> bool {
    let plain = |c: char| matches!(c, 'a'..='z' | '0'..='9' | '-' | '.');
    let edge = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    BUCKET_NAME_CHARS.contains(&name.len())
        && name.chars().all(plain)
        && edge(name.chars().next())
        && edge(name.chars().next_back())
        && !name.contains("..")
}

#[cfg(test)]
mod tests {
    use super::*;

    const POOL: &str = "us-east-1:0c9f9f9c-1111-4222-8333-944445555666";
    const USERS: IdentityKind = IdentityKind::Authenticated;

    #[test]
    fn a_role_is_named_after_its_pool_and_differently_when_the_name_is_taken() {
        let name = role_name("My app", POOL, USERS, &[]);
        assert_eq!(name, "Cognito_MyappAuth_Role");
        let other = role_name("My app", POOL, USERS, &["cognito_myappauth_role".into()]);
        assert_eq!(other, "Cognito_Myapp-0c9f9f9c-Auth_Role");
        for kind in IdentityKind::ALL {
            let long = role_name(&"x".repeat(128), POOL, kind, &[]);
            assert!(is_name(&long), "{long}");
        }
    }

    #[test]
    fn a_bucket_name_is_one_whatever_the_pool_is_called() {
        for kind in IdentityKind::ALL {
            for pool in ["My app", "=cmd()", "...", "x", &"y- ".repeat(40)] {
                let name = bucket_name(pool, kind);
                assert!(is_bucket_name(&name), "{name}");
            }
        }
        assert_eq!(bucket_name("My app!", USERS), "my-app-files");
        for bad in ["ab", "Ab-c", "-abc", "a..b", "a_b", "a b"] {
            assert!(!is_bucket_name(bad), "{bad}");
        }
    }

    #[test]
    fn s60_the_words_say_what_the_trust_policy_asks_for() {
        for kind in IdentityKind::ALL {
            let trust = templates::trust(POOL, kind, false);
            assert!(trust.contains(POOL) && trust.contains(kind.word()));
            let words = trust_words("My app", kind);
            assert!(words.starts_with("Only") && words.contains("My app"));
        }
    }
}
