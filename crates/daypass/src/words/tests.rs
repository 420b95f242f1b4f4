//! What policies read as.

use daypass_policy::DocumentKind;

use super::*;

const POOL: &str = "us-east-1:0c9f9f9c-1111-4222-8333-944445555666";
const IDENTITY: &str = "us-east-1:aaaaaaaa-1111-4222-8333-944445555666";

fn context() -> Context {
    let mut context = Context::new();
    context.set("cognito-identity.amazonaws.com:sub", IDENTITY);
    context.set_many(
        "cognito-identity.amazonaws.com:amr",
        vec!["authenticated".into()],
    );
    context
}

fn told(statement: &str, context: &Context) -> String {
    let text = format!(r#"{{"Version":"2012-10-17","Statement":{{{statement}}}}}"#);
    let document = Document::parse(&text, DocumentKind::Identity).unwrap();
    policy(&document, context)[0].to_string()
}

fn allow(rest: &str) -> String {
    told(&format!(r#""Effect":"Allow",{rest}"#), &Context::new())
}

#[test]
fn a_statement_says_what_it_allows_on_what() {
    for (rest, words) in [
        (
            r#""Action":"*","Resource":"*""#,
            "Allows every action on everything.",
        ),
        (
            r#""Action":["s3:PutObject","s3:GetObject","s3:DeleteObject"],"Resource":"arn:aws:s3:::b/*""#,
            "Allows `s3:PutObject`, `s3:GetObject` and `s3:DeleteObject` on every object in bucket \
             `b`.",
        ),
        (
            r#""NotAction":"iam:*","NotResource":"arn:aws:s3:::b""#,
            "Allows every action but every action of `iam` on everything but bucket `b`.",
        ),
        (
            r#""Action":"s3:*","Resource":["arn:aws:s3:::b/a*","arn:aws:s3:::b/x"]"#,
            "Allows every action of `s3` on objects like `a*` in bucket `b` and object `x` in \
             bucket `b`.",
        ),
        (
            r#""Action":"sqs:SendMessage","Resource":"arn:aws:sqs:us-east-1:1:q""#,
            "Allows `sqs:SendMessage` on `arn:aws:sqs:us-east-1:1:q`.",
        ),
    ] {
        assert_eq!(allow(rest), words);
    }
    let pools = format!(
        r#""Action":"cognito-identity:GetOpenIdTokenForDeveloperIdentity","Resource":"arn:aws:cognito-identity:us-east-1:1:identitypool/{POOL}""#
    );
    assert_eq!(
        allow(&pools),
        format!(
            "Allows `cognito-identity:GetOpenIdTokenForDeveloperIdentity` on identity pool `{POOL}`."
        )
    );
}

#[test]
fn conditions_follow_after_if() {
    for (condition, words) in [
        (
            r#""StringLike":{"s3:prefix":["a/*","b/*"]}"#,
            "`s3:prefix` is like `a/*` or `b/*`",
        ),
        (
            r#""IpAddress":{"aws:SourceIp":"10.0.0.0/8"}"#,
            "`aws:SourceIp` is within `10.0.0.0/8`",
        ),
        (r#""Null":{"aws:x":"true"}"#, "`aws:x` is absent"),
        (
            r#""StringNotEqualsIfExists":{"aws:x":"a"}"#,
            "`aws:x` is not `a` (or is absent)",
        ),
        (
            r#""ForAllValues:StringEquals":{"aws:TagKeys":["a"]},"Bool":{"aws:SecureTransport":true}"#,
            "every value of `aws:TagKeys` is `a` and `aws:SecureTransport` is `true`",
        ),
    ] {
        let rest = format!(r#""Action":"s3:*","Resource":"*","Condition":{{{condition}}}"#);
        assert_eq!(
            allow(&rest),
            format!("Allows every action of `s3` on everything, if {words}.")
        );
    }
}

#[test]
fn variables_are_filled_in_or_told_by_their_meaning() {
    let statement = r#""Effect":"Deny","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/${cognito-identity.amazonaws.com:sub}/*""#;
    assert_eq!(
        told(statement, &context()),
        format!("Refuses `s3:GetObject` on objects under `{IDENTITY}/` in bucket `b`.")
    );
    let spans = expand(
        "a/${Cognito-Identity.amazonaws.com:SUB}/${aws:userid, 'x}'}/${*}/${aws:odd}${open",
        &context(),
    );
    let open = |variable: &str, meaning| Span::Open {
        variable: variable.to_owned(),
        meaning,
    };
    let plain = |text: &str| Span::Plain(text.to_owned());
    assert_eq!(
        spans,
        [
            plain("a/"),
            Span::Filled {
                variable: "${Cognito-Identity.amazonaws.com:SUB}".to_owned(),
                value: IDENTITY.to_owned(),
            },
            plain("/"),
            open("${aws:userid, 'x}'}", "the unique id of the caller"),
            plain("/${*}/"),
            open("${aws:odd}", "filled in at request time"),
            plain("${open"),
        ]
    );
    // A key of several values stands for nothing, as in the evaluator.
    assert!(matches!(
        expand("${cognito-identity.amazonaws.com:amr}", &context())[..],
        [Span::Open { .. }]
    ));
}

#[test]
fn the_older_version_of_the_language_has_no_variables() {
    let text = r#"{"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::b/${cognito-identity.amazonaws.com:sub}"}}"#;
    let document = Document::parse(text, DocumentKind::Identity).unwrap();
    let sentence = policy(&document, &context())[0].to_string();
    assert!(
        sentence.contains("${cognito-identity.amazonaws.com:sub}"),
        "{sentence}"
    );
}

fn trusted(statements: &str) -> Trust {
    let text = format!(r#"{{"Version":"2012-10-17","Statement":[{statements}]}}"#);
    let document = Document::parse(&text, DocumentKind::Trust).unwrap();
    let names = PoolNames::from([(POOL.to_owned(), "My App".to_owned())]);
    trust(&document, &names)
}

fn pool_trust(condition: &str) -> Trust {
    trusted(&format!(
        r#"{{"Effect":"Allow","Principal":{{"Federated":"cognito-identity.amazonaws.com"}},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{{{condition}}}}}"#
    ))
}

fn aud() -> String {
    format!(r#""StringEquals":{{"cognito-identity.amazonaws.com:aud":"{POOL}"}}"#)
}

fn amr(word: &str) -> String {
    format!(
        r#"{},"ForAnyValue:StringLike":{{"cognito-identity.amazonaws.com:amr":"{word}"}}"#,
        aud()
    )
}

#[test]
fn a_trust_policy_says_whom_it_lets_in() {
    for (condition, words, short) in [
        (
            amr("authenticated"),
            "People who logged in to pool `My App` may use it.",
            "People of My App",
        ),
        (
            amr("unauthenticated"),
            "Guests of pool `My App` may use it.",
            "Guests of My App",
        ),
        (
            amr("login.example:*"),
            "Identities of pool `My App` may use it, if some value of \
             `cognito-identity.amazonaws.com:amr` is like `login.example:*`.",
            "Some identities of My App",
        ),
    ] {
        let told = pool_trust(&condition);
        assert_eq!(told.sentences[0].to_string(), words);
        assert_eq!(told.short, short);
        assert_eq!(told.warnings, []);
    }
}

#[test]
fn s60_a_role_that_does_not_ask_for_amr_warns_of_guests() {
    let told = pool_trust(&aud());
    assert_eq!(
        told.warnings[0].to_string(),
        "Anyone with an identity in pool `My App` may use it, guests included, because \
         `cognito-identity.amazonaws.com:amr` is not checked."
    );
    assert_eq!(told.short, "Anyone, guests too, of My App");
}

#[test]
fn s59_a_role_that_does_not_ask_for_aud_warns_of_every_pool() {
    let told = pool_trust(r#""Null":{"aws:x":"true"}"#);
    assert!(told.warnings[0].to_string().contains("any identity pool"));
}

#[test]
fn a_trust_policy_names_users_roles_accounts_and_tags() {
    let told = trusted(
        r#"{"Effect":"Allow","Principal":{"AWS":["arn:aws:iam::123456789012:user/ada","123456789012"]},"Action":["sts:AssumeRole","sts:TagSession"]},
           {"Effect":"Deny","Principal":{"AWS":"arn:aws:iam::123456789012:role/Old"},"Action":"sts:AssumeRole"},
           {"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole"}"#,
    );
    let sentences: Vec<_> = told.sentences.iter().map(ToString::to_string).collect();
    assert_eq!(
        sentences,
        [
            "User `ada` and whoever account `123456789012` gives the right to may use it and bring \
             tags along.",
            "Role `Old` may not use it.",
            "Everybody may use it.",
        ]
    );
    assert_eq!(told.warnings.len(), 1);
}
