//! Sample questions about what an identity may do, put to the evaluator.
//!
//! The objects asked about are made from the policies themselves: where a statement lets the
//! identity write under a prefix of its own, that prefix is tried, and then another identity's.
//!
//! **Source**: users page, section 7 (S13, three sample checks) and row 40; IAM user guide, *Policy
//! evaluation logic*.

use daypass_policy::{
    Context, Decision, Document, Effect, Explanation, PolicySet, PolicyType, Principal, Request,
    ResourceElement, evaluate,
};

use crate::words::{self, Sentence, Span};

/// A question and its answer.
#[derive(Debug)]
pub(super) struct Check {
    /// What would be done.
    pub(super) title: &'static str,
    /// The action.
    pub(super) action: &'static str,
    /// On what.
    pub(super) resource: String,
    /// What else the request says.
    pub(super) detail: String,
    /// Whether it may.
    pub(super) allowed: bool,
    /// Why.
    pub(super) because: String,
    /// The statement that decided, in words.
    pub(super) statement: Option<Sentence>,
}

/// Who is asked about.
#[derive(Clone, Copy, Debug)]
pub(super) struct Subject<'a> {
    /// The identity.
    pub(super) identity: &'a str,
    /// The session of the role.
    pub(super) principal: &'a Principal,
    /// The role's account.
    pub(super) account: &'a str,
    /// What is known of it.
    pub(super) context: &'a Context,
}

/// A bucket and a key in it that the policies speak about.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Target {
    /// The bucket.
    pub(super) bucket: String,
    /// The prefix that is the identity's own, its slash included.
    pub(super) prefix: String,
}

/// What the policies say about objects; a bucket of another name when `bucket` is given.
pub(super) fn target(
    documents: &[(String, Document)],
    subject: &Subject<'_>,
    bucket: &str,
) -> Target {
    let written = documents
        .iter()
        .flat_map(|(_, document)| document.statements())
        .filter(|statement| statement.effect() == Effect::Allow)
        .filter_map(|statement| statement.resource())
        .flat_map(ResourceElement::written)
        .filter_map(|written| written.strip_prefix("arn:aws:s3:::"));
    let own = written.clone().find(|name| name.contains(":sub}"));
    let place = own.or_else(|| written.clone().next()).unwrap_or_default();
    let (named, key) = place.split_once('/').unwrap_or((place, ""));
    let plain = |text: &str| !text.is_empty() && !text.contains(['*', '?', '$']);
    let bucket = match (plain(bucket), plain(named)) {
        (true, _) => bucket,
        (false, true) => named,
        (false, false) => "my-bucket",
    };
    let prefix = own.and_then(|_| own_prefix(key, subject.context));
    Target {
        bucket: bucket.to_owned(),
        prefix: prefix.unwrap_or_else(|| format!("{}/", subject.identity)),
    }
}

/// The prefix a key with variables stands for; nothing when one of them is open.
fn own_prefix(key: &str, context: &Context) -> Option<String> {
    let prefix = key.trim_end_matches('*');
    let spans = words::expand(prefix, context);
    let open = |span: &Span| matches!(span, Span::Open { .. });
    if prefix.contains(['*', '?']) || spans.iter().any(open) {
        return None;
    }
    Some(spans.iter().map(Span::shown).collect())
}

/// Asks.
pub(super) fn ask(subject: &Subject<'_>, policies: &PolicySet<'_>, target: &Target) -> Vec<Check> {
    let Target { bucket, prefix } = target;
    let region = subject.identity.split(':').next().unwrap_or_default();
    let other = format!("{region}:00000000-0000-4000-8000-000000000000");
    let others = if prefix.contains(subject.identity) {
        prefix.replace(subject.identity, &other)
    } else {
        format!("{other}/")
    };
    let object = |prefix: &str| format!("arn:aws:s3:::{bucket}/{prefix}example.txt");
    let whole = format!("arn:aws:s3:::{bucket}");
    let asked = [
        (
            "Write an object of its own",
            "s3:PutObject",
            object(prefix),
            None,
        ),
        (
            "Write an object of another identity",
            "s3:PutObject",
            object(&others),
            None,
        ),
        (
            "Read an object of another identity",
            "s3:GetObject",
            object(&others),
            None,
        ),
        (
            "List its own objects",
            "s3:ListBucket",
            whole.clone(),
            Some(prefix.as_str()),
        ),
        ("List the whole bucket", "s3:ListBucket", whole, Some("")),
    ];
    let checks = asked.into_iter();
    checks
        .map(|(title, action, resource, listed)| {
            let mut context = subject.context.clone();
            if let Some(prefix) = listed {
                context.set("s3:prefix", prefix);
            }
            let request = Request {
                principal: subject.principal,
                action,
                resource: &resource,
                resource_account: subject.account,
                context: &context,
            };
            let explanation = evaluate(&request, policies);
            Check {
                title,
                action,
                detail: match listed {
                    None => String::new(),
                    Some("") => "without a prefix".to_owned(),
                    Some(prefix) => format!("prefix {prefix}"),
                },
                allowed: explanation.is_allowed(),
                because: because(&explanation),
                statement: deciding(&explanation, policies, &context),
                resource,
            }
        })
        .collect()
}

/// Why, in words.
fn because(explanation: &Explanation) -> String {
    let by = explanation.statement.as_ref().map(|by| {
        let place = by.index.saturating_add(1);
        match &by.sid {
            Some(sid) => format!("statement {place} ({sid}) of {}", by.policy),
            None => format!("statement {place} of {}", by.policy),
        }
    });
    match (explanation.decision, by) {
        (Decision::Allow, Some(by)) => format!("Allowed by {by}."),
        (Decision::Allow, None) => "Allowed.".to_owned(),
        (Decision::ExplicitDeny, by) => {
            format!(
                "Refused by {}.",
                by.unwrap_or_else(|| "a statement".to_owned())
            )
        }
        (Decision::ImplicitDeny, _) => match explanation.layer {
            PolicyType::Session => {
                "Refused: what guests may do at all does not include it.".to_owned()
            }
            PolicyType::Boundary => {
                "Refused: the role's permissions boundary does not allow it.".to_owned()
            }
            _ => "Refused: no statement of the role's policies allows it.".to_owned(),
        },
    }
}

fn deciding(
    explanation: &Explanation,
    policies: &PolicySet<'_>,
    context: &Context,
) -> Option<Sentence> {
    let by = explanation.statement.as_ref()?;
    let mut all = policies.identity.iter().chain(&policies.boundary);
    let policy = all.find(|policy| policy.name == by.policy)?;
    words::statement_at(policy.document, by.index, context)
}

#[cfg(test)]
mod tests {
    use daypass_policy::{DocumentKind, NamedPolicy};

    use super::*;

    const ID: &str = "us-east-1:aaaaaaaa-1111-4222-8333-944445555666";

    fn asked(text: &str, bucket: &str) -> (Target, Vec<(bool, String)>) {
        let document = Document::parse(text, DocumentKind::Identity).unwrap();
        let mut context = Context::new();
        context.set("cognito-identity.amazonaws.com:sub", ID);
        let principal = Principal::RoleSession {
            account: "1".into(),
            role_arn: "arn:aws:iam::1:role/r".into(),
            role_id: "AROA".into(),
            session_arn: "arn:aws:sts::1:assumed-role/r/s".into(),
        };
        let subject = Subject {
            identity: ID,
            principal: &principal,
            account: "1",
            context: &context,
        };
        let documents = [("p".to_owned(), document)];
        let target = target(&documents, &subject, bucket);
        let named = [NamedPolicy {
            name: "p",
            document: &documents[0].1,
        }];
        let policies = PolicySet {
            identity: &named,
            ..PolicySet::default()
        };
        let checks = ask(&subject, &policies, &target);
        let answers = checks
            .into_iter()
            .map(|it| (it.allowed, it.because))
            .collect();
        (target, answers)
    }

    #[test]
    fn the_own_prefix_template_lets_nobody_into_anothers_prefix() {
        let (target, answers) = asked(&crate::templates::own_prefix("photos"), "");
        assert_eq!(target.bucket, "photos");
        assert_eq!(target.prefix, format!("{ID}/"));
        let verdicts: Vec<bool> = answers.iter().map(|it| it.0).collect();
        assert_eq!(verdicts, [true, false, false, true, false]);
        assert_eq!(answers[0].1, "Allowed by statement 1 (OwnPrefix) of p.");
        assert!(answers[1].1.starts_with("Refused: no statement"));
    }

    #[test]
    fn a_prefix_deeper_down_is_found_and_another_bucket_can_be_asked() {
        let text = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*",
            "Resource":"arn:aws:s3:::b/users/${cognito-identity.amazonaws.com:sub}/*"}}"#;
        let (target, answers) = asked(text, "");
        assert_eq!(target.prefix, format!("users/{ID}/"));
        assert!(answers[0].0 && !answers[1].0);
        let (target, answers) = asked(text, "other");
        assert_eq!(target.bucket, "other");
        assert!(!answers[0].0);
    }

    #[test]
    fn a_deny_is_named() {
        let text = r#"{"Version":"2012-10-17","Statement":[
            {"Effect":"Allow","Action":"*","Resource":"*"},
            {"Sid":"NoWrite","Effect":"Deny","Action":"s3:Put*","Resource":"*"}]}"#;
        let (target, answers) = asked(text, "");
        assert_eq!(target.bucket, "my-bucket");
        assert_eq!(
            answers[0],
            (false, "Refused by statement 2 (NoWrite) of p.".into())
        );
        assert!(answers[2].0);
    }
}
