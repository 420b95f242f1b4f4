//! The bounds of the Cognito identity face.

use daypass_testkit::vector::given::World;
use daypass_testkit::vector::request;
use serde_json::{Map, Value, json};

use super::Rule::{Count, KeyLength, Length, Pattern, Range, Required, ValueLength};
use super::{Rule, at_least, at_most, complains, text};

const ID: &str = r"[\w-]+:[0-9a-f-]+";
const NAME: &str = r"[\w\s+=,.@-]+";
const PROVIDER: &str = r"[\w._-]+";
const USER_POOL: &str = r"[\w._:/-]+";
const CLIENT: &str = r"[\w_]+";
const TOKEN: &str = r"[\S]+";

/// Operations and inputs that are good but for the member under test.
const BASES: &[(&str, &str)] = &[
    (
        "CreateIdentityPool",
        r#"{"IdentityPoolName":"x","AllowUnauthenticatedIdentities":false,
            "CognitoIdentityProviders":[{"ClientId":"c","ProviderName":
            "cognito-idp.us-east-1.amazonaws.com/us-east-1_x"}],"SamlProviderARNs":
            ["arn:aws:iam::123456789012:saml-provider/x"],"OpenIdConnectProviderARNs":
            ["arn:aws:iam::123456789012:oidc-provider/x"]}"#,
    ),
    (
        "UpdateIdentityPool",
        r#"{"IdentityPoolId":"<P>","IdentityPoolName":"x","AllowUnauthenticatedIdentities":true,
            "DeveloperProviderName":"login.example","CognitoIdentityProviders":[{"ClientId":"c",
            "ProviderName":"cognito-idp.us-east-1.amazonaws.com/us-east-1_x"}],"SamlProviderARNs":
            ["arn:aws:iam::123456789012:saml-provider/x"],"OpenIdConnectProviderARNs":
            ["arn:aws:iam::123456789012:oidc-provider/x"]}"#,
    ),
    ("DescribeIdentityPool", r#"{"IdentityPoolId":"<P>"}"#),
    ("DeleteIdentityPool", r#"{"IdentityPoolId":"us-east-1:0"}"#),
    ("GetIdentityPoolRoles", r#"{"IdentityPoolId":"<P>"}"#),
    (
        "SetIdentityPoolRoles",
        r#"{"IdentityPoolId":"<P>","Roles":{}}"#,
    ),
    ("ListIdentityPools", r#"{"MaxResults":1}"#),
    (
        "ListIdentities",
        r#"{"IdentityPoolId":"<P>","MaxResults":1}"#,
    ),
    ("LookupDeveloperIdentity", r#"{"IdentityPoolId":"<P>"}"#),
    ("DescribeIdentity", r#"{"IdentityId":"<A>"}"#),
    ("GetId", r#"{"IdentityPoolId":"<P>"}"#),
    ("GetOpenIdToken", r#"{"IdentityId":"<G>"}"#),
    ("GetCredentialsForIdentity", r#"{"IdentityId":"<G>"}"#),
    (
        "GetOpenIdTokenForDeveloperIdentity",
        r#"{"IdentityPoolId":"<P>","Logins":{"login.example":"user-1"}}"#,
    ),
];

/// Operations, a member, its path in messages, and its rule.
const RULES: &[(&str, &str, &str, Rule)] = &[
    (
        WITH_POOL,
        "/IdentityPoolId",
        "identityPoolId",
        Length(1, 55, "us-east-1:0"),
    ),
    (
        WITH_POOL,
        "/IdentityPoolId",
        "identityPoolId",
        Pattern(ID, "a_B-1:0f-", "us-east-1:0F"),
    ),
    (WITH_POOL, "/IdentityPoolId", "identityPoolId", Required),
    (
        WITH_IDENTITY,
        "/IdentityId",
        "identityId",
        Length(1, 55, "us-east-1:0"),
    ),
    (
        WITH_IDENTITY,
        "/IdentityId",
        "identityId",
        Pattern(ID, "a:0", "us-east-1"),
    ),
    (NEEDS_IDENTITY, "/IdentityId", "identityId", Required),
    (
        MAKES,
        "/IdentityPoolName",
        "identityPoolName",
        Length(1, 128, "x"),
    ),
    (
        MAKES,
        "/IdentityPoolName",
        "identityPoolName",
        Pattern(NAME, "a_B 1+=,.@-", "p#ol"),
    ),
    (
        MAKES,
        "/IdentityPoolName",
        "identityPoolName",
        Pattern(NAME, "\t\n\u{b}x", "pöl"),
    ),
    (MAKES, "/IdentityPoolName", "identityPoolName", Required),
    (
        MAKES,
        "/AllowUnauthenticatedIdentities",
        "allowUnauthenticatedIdentities",
        Required,
    ),
    (
        MAKES,
        "/DeveloperProviderName",
        "developerProviderName",
        Length(1, 128, "x"),
    ),
    (
        MAKES,
        "/DeveloperProviderName",
        "developerProviderName",
        Pattern(PROVIDER, "a.B_-", "a:b"),
    ),
    (
        MAKES,
        "/SupportedLoginProviders",
        "supportedLoginProviders",
        Count(10),
    ),
    (
        MAKES,
        "/SupportedLoginProviders",
        "supportedLoginProviders",
        KeyLength(1, 128),
    ),
    (
        MAKES,
        "/SupportedLoginProviders",
        "supportedLoginProviders",
        ValueLength(1, 128, "x"),
    ),
    (
        MAKES,
        "/OpenIdConnectProviderARNs/0",
        "openIdConnectProviderARNs.1.member",
        ARN,
    ),
    (
        MAKES,
        "/SamlProviderARNs/0",
        "samlProviderARNs.1.member",
        ARN,
    ),
    (
        MAKES,
        "/CognitoIdentityProviders/0/ProviderName",
        IN_POOLS_NAME,
        Length(1, 128, "x"),
    ),
    (
        MAKES,
        "/CognitoIdentityProviders/0/ProviderName",
        IN_POOLS_NAME,
        Pattern(USER_POOL, "a.B_:/-", "a b"),
    ),
    (
        MAKES,
        "/CognitoIdentityProviders/0/ClientId",
        IN_POOLS_CLIENT,
        Length(1, 128, "x"),
    ),
    (
        MAKES,
        "/CognitoIdentityProviders/0/ClientId",
        IN_POOLS_CLIENT,
        Pattern(CLIENT, "aB_1", "a-b"),
    ),
    (MAKES, "/IdentityPoolTags", "identityPoolTags", Count(50)),
    (
        MAKES,
        "/IdentityPoolTags",
        "identityPoolTags",
        KeyLength(1, 128),
    ),
    (
        MAKES,
        "/IdentityPoolTags",
        "identityPoolTags",
        ValueLength(0, 256, "x"),
    ),
    ("SetIdentityPoolRoles", "/Roles", "roles", Required),
    (
        "SetIdentityPoolRoles",
        "/Roles",
        "roles",
        ValueLength(20, 2048, "arn:aws:iam::x"),
    ),
    (
        "SetIdentityPoolRoles",
        "/RoleMappings",
        "roleMappings",
        Count(10),
    ),
    (LISTS, "/MaxResults", "maxResults", Range(1, 60)),
    (NEEDS_PAGE, "/MaxResults", "maxResults", Required),
    (LISTS, "/NextToken", "nextToken", Length(1, 65_535, "x")),
    (
        LISTS,
        "/NextToken",
        "nextToken",
        Pattern(TOKEN, "ä!\u{a0}", "a b"),
    ),
    (
        "LookupDeveloperIdentity",
        "/DeveloperUserIdentifier",
        USER,
        Length(1, 1_024, "x"),
    ),
    (
        "LookupDeveloperIdentity",
        "/DeveloperUserIdentifier",
        USER,
        Length(1, 1_024, "ü"),
    ),
    (LOGS_IN, "/Logins", "logins", Count(10)),
    (LOGS_IN, "/Logins", "logins", KeyLength(1, 128)),
    (LOGS_IN, "/Logins", "logins", ValueLength(1, 50_000, "x")),
    (
        "GetOpenIdTokenForDeveloperIdentity",
        "/Logins",
        "logins",
        Required,
    ),
    (
        "GetOpenIdTokenForDeveloperIdentity",
        "/PrincipalTags",
        "principalTags",
        Count(50),
    ),
    (
        "GetOpenIdTokenForDeveloperIdentity",
        "/PrincipalTags",
        "principalTags",
        KeyLength(1, 128),
    ),
    (
        "GetOpenIdTokenForDeveloperIdentity",
        "/PrincipalTags",
        "principalTags",
        ValueLength(1, 256, "x"),
    ),
    (
        "GetOpenIdTokenForDeveloperIdentity",
        "/TokenDuration",
        "tokenDuration",
        Range(1, 86_400),
    ),
    ("GetId", "/AccountId", "accountId", Length(1, 15, "1")),
    (
        "GetId",
        "/AccountId",
        "accountId",
        Pattern(r"\d+", "0123456789", "1x"),
    ),
    (
        "GetCredentialsForIdentity",
        "/CustomRoleArn",
        "customRoleArn",
        ARN,
    ),
];

const ARN: Rule = Length(20, 2_048, "arn:aws:iam::123456789012:saml-provider/x");
const IN_POOLS_NAME: &str = "cognitoIdentityProviders.1.member.providerName";
const IN_POOLS_CLIENT: &str = "cognitoIdentityProviders.1.member.clientId";
const USER: &str = "developerUserIdentifier";
const MAKES: &str = "CreateIdentityPool UpdateIdentityPool";
const WITH_POOL: &str = "UpdateIdentityPool DescribeIdentityPool DeleteIdentityPool \
    GetIdentityPoolRoles SetIdentityPoolRoles ListIdentities LookupDeveloperIdentity GetId \
    GetOpenIdTokenForDeveloperIdentity";
const NEEDS_IDENTITY: &str = "DescribeIdentity GetOpenIdToken GetCredentialsForIdentity";
const WITH_IDENTITY: &str = "DescribeIdentity GetOpenIdToken GetCredentialsForIdentity \
    LookupDeveloperIdentity GetOpenIdTokenForDeveloperIdentity";
const LISTS: &str = "ListIdentityPools ListIdentities LookupDeveloperIdentity";
const NEEDS_PAGE: &str = "ListIdentityPools ListIdentities";
const LOGS_IN: &str = "GetId GetOpenIdToken GetCredentialsForIdentity \
    GetOpenIdTokenForDeveloperIdentity";

/// What does not hold.
pub(super) async fn check(world: &World<'_>) -> Vec<String> {
    let mut findings = Vec::new();
    for (operations, member, path, rule) in RULES {
        for operation in operations.split_whitespace() {
            for (value, constraint) in sides(*rule) {
                let answer = ask(world, operation, member, &value).await;
                let said = constraint
                    .as_ref()
                    .is_some_and(|c| complains(&answer, path, c));
                let silent = !complains(&answer, path, rule.subject());
                if (constraint.is_some() && !said) || (constraint.is_none() && !silent) {
                    let answer: String = answer.chars().take(400).collect();
                    findings.push(format!("{operation} {member} {rule:?}: {answer}"));
                }
            }
        }
    }
    findings
}

/// Values with what is said of them; nothing is said of good ones.
fn sides(rule: Rule) -> Vec<(Value, Option<String>)> {
    match rule {
        Length(least, most, filling) => {
            let text = |length| json!(text(filling, length));
            vec![
                (text(least), None),
                (text(most), None),
                (text(most + 1), Some(at_most(most))),
                (text(least - 1), Some(at_least(least))),
            ]
        }
        Pattern(pattern, good, bad) => {
            let said = format!("Member must satisfy regular expression pattern: {pattern}");
            vec![(json!(good), None), (json!(bad), Some(said))]
        }
        Range(least, most) => {
            let value = "Member must have value";
            vec![
                (json!(least), None),
                (json!(most), None),
                (
                    json!(least - 1),
                    Some(format!("{value} greater than or equal to {least}")),
                ),
                (
                    json!(most + 1),
                    Some(format!("{value} less than or equal to {most}")),
                ),
            ]
        }
        Count(most) => vec![(map(most), None), (map(most + 1), Some(at_most(most)))],
        KeyLength(least, most) => {
            let said = format!("Map keys must satisfy constraint: [{}", at_most(most));
            let key = |length| json!({ text("k", length): "x" });
            let mut sides = vec![(key(most), None), (key(most + 1), Some(said.clone()))];
            sides.extend([(key(least), None), (key(least - 1), Some(said))]);
            sides
        }
        ValueLength(least, most, filling) => {
            let bounds = format!("[{}, {}", at_most(most), at_least(least));
            let said = format!("Map value must satisfy constraint: {bounds}");
            let value = |length| json!({ "authenticated": text(filling, length) });
            let mut sides = vec![(value(least), None), (value(most), None)];
            sides.push((value(most + 1), Some(said.clone())));
            if least > 0 {
                sides.push((value(least - 1), Some(said)));
            }
            sides
        }
        Required => vec![(Value::Null, Some("Member must not be null".to_owned()))],
    }
}

/// A map with so many entries, whose values are empty structures where a text does not fit.
fn map(count: usize) -> Value {
    let entries = (0..count).map(|number| (format!("k{number}"), json!("x")));
    Value::Object(entries.collect::<Map<_, _>>())
}

async fn ask(world: &World<'_>, operation: &str, member: &str, value: &Value) -> String {
    let base = BASES.iter().find(|(name, _)| *name == operation);
    let (_, base) = base.unwrap_or_else(|| panic!("no base for {operation}"));
    let mut input: Value = serde_json::from_str(base).unwrap();
    let mut value = value.clone();
    if member == "/RoleMappings" {
        // Each mapping is a structure.
        for (_, mapping) in value.as_object_mut().unwrap() {
            *mapping = json!({});
        }
    }
    let (parent, name) = member.rsplit_once('/').unwrap();
    let slot = input.pointer_mut(parent).unwrap();
    match (slot, name.parse::<usize>()) {
        (Value::Array(items), Ok(index)) => items[index] = value,
        (slot, _) => slot[name] = value,
    }
    let lines = [
        "POST /".to_owned(),
        format!("X-Amz-Target: AWSCognitoIdentityService.{operation}"),
        "Content-Type: application/x-amz-json-1.1".to_owned(),
        "Signed-By: root".to_owned(),
        String::new(),
        input.to_string(),
    ];
    let request = request::build(&lines, world).unwrap();
    let answer = world.send(request).await;
    let status = answer.status().as_u16();
    let body: Value = serde_json::from_slice(answer.body()).unwrap_or_default();
    let code = body["__type"].as_str().unwrap_or_default();
    let message = body["message"].as_str().unwrap_or_default();
    assert!(
        code == "ValidationException" || !message.contains("failed to satisfy"),
        "{message}"
    );
    format!("{status} {code} {message}")
}
