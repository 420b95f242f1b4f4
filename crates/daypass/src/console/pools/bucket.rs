//! The bucket that a pool's users have their folder in, as far as their role's policies name one.
//!
//! **Source**: users page, section 7 (S7, S8); S3 user guide, *Bucket ARNs*.

use serde_json::Value;

use crate::api::Api;
use crate::templates::IdentityKind;

/// What a bucket's ARN begins with.
const ARN: &str = "arn:aws:s3:::";

/// The bucket named by the role of a pool's users; nothing where it names none or may not be seen.
pub(super) async fn of_pool(api: &Api<'_>, pool: &str) -> Option<String> {
    let roles = api.pool_roles(pool).await.ok()?;
    let arn = roles.roles.get(IdentityKind::Authenticated.word())?;
    let role = arn.rsplit('/').next()?;
    for policy in api.role_policies(role).await.ok()? {
        let text = api.role_policy(role, &policy).await.ok()?;
        if let Some(bucket) = named_in(&text) {
            return Some(bucket);
        }
    }
    for (_, arn) in api.attached_role_policies(role).await.ok()? {
        let (_, text) = api.managed_policy(&arn).await.ok()?;
        if let Some(bucket) = named_in(&text) {
            return Some(bucket);
        }
    }
    None
}

/// The first bucket that a policy names in full.
fn named_in(policy: &str) -> Option<String> {
    let policy: Value = serde_json::from_str(policy).ok()?;
    let statements = match policy.get("Statement")? {
        Value::Array(statements) => statements.iter().collect(),
        one => vec![one],
    };
    let resources = statements
        .into_iter()
        .filter_map(|statement| statement.get("Resource"))
        .flat_map(|resource| match resource {
            Value::Array(resources) => resources.iter().collect(),
            one => vec![one],
        });
    resources
        .filter_map(Value::as_str)
        .filter_map(|arn| arn.strip_prefix(ARN))
        .filter_map(|rest| rest.split('/').next())
        .find(|name| !name.is_empty() && !name.contains(['*', '?', '$']))
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::templates::Access;

    #[test]
    fn the_bucket_of_either_template_is_found() {
        for access in [Access::OwnPrefix, Access::ReadOnly] {
            assert_eq!(
                named_in(&access.policy("photos")).as_deref(),
                Some("photos")
            );
        }
    }

    #[test]
    fn a_pattern_is_no_bucket() {
        for resource in [
            r#""*""#,
            r#""arn:aws:s3:::*""#,
            r#"["arn:aws:s3:::app-*/x"]"#,
        ] {
            let policy = format!(
                r#"{{"Statement":{{"Effect":"Allow","Action":"s3:*","Resource":{resource}}}}}"#
            );
            assert_eq!(named_in(&policy), None, "{resource}");
        }
        assert_eq!(named_in("{"), None);
    }
}
