//! One good input for each operation of the Cognito identity face, to break one member of.
//!
//! **Source**: contract page, Cognito identity section 2.

/// Operations and inputs that are good but for the member under test.
pub(super) const BASES: &[(&str, &str)] = &[
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
    (
        "DeleteIdentities",
        r#"{"IdentityIdsToDelete":["us-east-1:0"]}"#,
    ),
    ("GetIdentityPoolRoles", r#"{"IdentityPoolId":"<P>"}"#),
    (
        "SetIdentityPoolRoles",
        r#"{"IdentityPoolId":"<P>","Roles":{},"RoleMappings":{"k":{
            "Type":"Rules","AmbiguousRoleResolution":"Deny","RulesConfiguration":{"Rules":[
            {"Claim":"c","MatchType":"Equals","Value":"v",
            "RoleARN":"arn:aws:iam::123456789012:role/x"}]}}}}"#,
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
    (
        "SetPrincipalTagAttributeMap",
        r#"{"IdentityPoolId":"<P>","IdentityProviderName":"x"}"#,
    ),
    (
        "GetPrincipalTagAttributeMap",
        r#"{"IdentityPoolId":"<P>","IdentityProviderName":"x"}"#,
    ),
    (
        "TagResource",
        r#"{"ResourceArn":"<P:arn>","Tags":{"k":"v"}}"#,
    ),
    (
        "UntagResource",
        r#"{"ResourceArn":"<P:arn>","TagKeys":["k"]}"#,
    ),
    ("ListTagsForResource", r#"{"ResourceArn":"<P:arn>"}"#),
    ("CountIdentities", r#"{"IdentityPoolId":"<P>"}"#),
    ("GetActivity", "{}"),
    (
        "MergeDeveloperIdentities",
        r#"{"IdentityPoolId":"<P>","DeveloperProviderName":"login.example",
            "SourceUserIdentifier":"user-8","DestinationUserIdentifier":"user-9"}"#,
    ),
    (
        "UnlinkDeveloperIdentity",
        r#"{"IdentityPoolId":"<P>","IdentityId":"<A>","DeveloperProviderName":"login.example",
            "DeveloperUserIdentifier":"user-9"}"#,
    ),
    (
        "UnlinkIdentity",
        r#"{"IdentityId":"<A>","Logins":{},"LoginsToRemove":["www.amazon.com"]}"#,
    ),
];
