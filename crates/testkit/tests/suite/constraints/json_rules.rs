//! The bounds of the Cognito identity face, member by member.
//!
//! **Source**: contract page, Cognito identity section 2.0.

use super::Rule;
use super::Rule::{Count, Items, KeyLength, Length, OneOf, Pattern, Range, Required, ValueLength};

const ID: &str = r"[\w-]+:[0-9a-f-]+";
const NAME: &str = r"[\w\s+=,.@-]+";
const PROVIDER: &str = r"[\w._-]+";
const USER_POOL: &str = r"[\w._:/-]+";
const CLIENT: &str = r"[\w_]+";
const TOKEN: &str = r"[\S]+";

/// Operations, a member, its path in messages, and its rule.
pub(super) const RULES: &[(&str, &str, &str, Rule)] = &[
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
    (NEEDS_POOL, "/IdentityPoolId", "identityPoolId", Required),
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
        "DeleteIdentities",
        "/IdentityIdsToDelete",
        "identityIdsToDelete",
        Items(1, 60, "us-east-1:0"),
    ),
    (
        "DeleteIdentities",
        "/IdentityIdsToDelete",
        "identityIdsToDelete",
        Required,
    ),
    (
        "DeleteIdentities",
        "/IdentityIdsToDelete/0",
        "identityIdsToDelete.1.member",
        Length(1, 55, "us-east-1:0"),
    ),
    (
        "DeleteIdentities",
        "/IdentityIdsToDelete/0",
        "identityIdsToDelete.1.member",
        Pattern(ID, "a:0", "us-east-1"),
    ),
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
        NAMED,
        "/DeveloperProviderName",
        "developerProviderName",
        Length(1, 128, "x"),
    ),
    (
        NAMED,
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
    (
        "SetIdentityPoolRoles",
        "/RoleMappings",
        "roleMappings",
        KeyLength(1, 128),
    ),
    (SETS, "/RoleMappings/k/Type", IN_MAPPING_TYPE, Required),
    (
        SETS,
        "/RoleMappings/k/Type",
        IN_MAPPING_TYPE,
        OneOf(&["Token", "Rules"]),
    ),
    (
        SETS,
        "/RoleMappings/k/AmbiguousRoleResolution",
        "roleMappings.k.member.ambiguousRoleResolution",
        OneOf(&["AuthenticatedRole", "Deny"]),
    ),
    (SETS, RULES_OF_MAPPING, IN_MAPPING_RULES, Required),
    (
        SETS,
        RULES_OF_MAPPING,
        IN_MAPPING_RULES,
        Items(1, 400, "a rule"),
    ),
    (SETS, RULE_CLAIM, IN_RULE_CLAIM, Required),
    (SETS, RULE_CLAIM, IN_RULE_CLAIM, Length(1, 64, "é")),
    (
        SETS,
        RULE_CLAIM,
        IN_RULE_CLAIM,
        Pattern(CLAIM, "custom:é+1", "a b"),
    ),
    (SETS, RULE_MATCH, IN_RULE_MATCH, Required),
    (
        SETS,
        RULE_MATCH,
        IN_RULE_MATCH,
        OneOf(&["Equals", "Contains", "StartsWith", "NotEqual"]),
    ),
    (SETS, RULE_VALUE, IN_RULE_VALUE, Required),
    (SETS, RULE_VALUE, IN_RULE_VALUE, Length(1, 128, "x")),
    (SETS, RULE_ROLE, IN_RULE_ROLE, Required),
    (SETS, RULE_ROLE, IN_RULE_ROLE, ARN),
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
    (MAPS, "/IdentityProviderName", PROVIDER_NAME, Required),
    (
        MAPS,
        "/IdentityProviderName",
        PROVIDER_NAME,
        Length(1, 128, "x"),
    ),
    (TAGGED, "/ResourceArn", "resourceArn", Required),
    (TAGGED, "/ResourceArn", "resourceArn", ARN),
    ("TagResource", "/Tags", "tags", Required),
    ("TagResource", "/Tags", "tags", Count(50)),
    ("TagResource", "/Tags", "tags", KeyLength(1, 128)),
    ("TagResource", "/Tags", "tags", ValueLength(0, 256, "x")),
    ("UntagResource", "/TagKeys", "tagKeys", Required),
    (
        "UntagResource",
        "/TagKeys/0",
        "tagKeys.1.member",
        Length(1, 128, "x"),
    ),
    (NAMES_USER, "/DeveloperUserIdentifier", USER, Required),
    (
        NAMES_USER,
        "/DeveloperUserIdentifier",
        USER,
        Length(1, 1_024, "ü"),
    ),
    (MERGES, "/SourceUserIdentifier", SOURCE, Required),
    (
        MERGES,
        "/SourceUserIdentifier",
        SOURCE,
        Length(1, 1_024, "x"),
    ),
    (MERGES, "/DestinationUserIdentifier", DESTINATION, Required),
    (
        MERGES,
        "/DestinationUserIdentifier",
        DESTINATION,
        Length(1, 1_024, "x"),
    ),
    (
        NAMES_PROVIDER,
        "/DeveloperProviderName",
        "developerProviderName",
        Required,
    ),
    (
        "UnlinkIdentity",
        "/LoginsToRemove",
        "loginsToRemove",
        Required,
    ),
    (
        "UnlinkIdentity",
        "/LoginsToRemove/0",
        "loginsToRemove.1.member",
        Length(1, 128, "x"),
    ),
    ("UnlinkIdentity", "/Logins", "logins", Required),
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
        TAGS_PRINCIPALS,
        "/PrincipalTags",
        "principalTags",
        Count(50),
    ),
    (
        TAGS_PRINCIPALS,
        "/PrincipalTags",
        "principalTags",
        KeyLength(1, 128),
    ),
    (
        TAGS_PRINCIPALS,
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
    ("GetActivity", "/Hours", "hours", Range(1, 720)),
];

/// Where the rules of a mapping are in a request.
pub(super) const RULES_OF_MAPPING: &str = "/RoleMappings/k/RulesConfiguration/Rules";
const ARN: Rule = Length(20, 2_048, "arn:aws:iam::123456789012:saml-provider/x");
const IN_POOLS_NAME: &str = "cognitoIdentityProviders.1.member.providerName";
const IN_POOLS_CLIENT: &str = "cognitoIdentityProviders.1.member.clientId";
const SETS: &str = "SetIdentityPoolRoles";
const CLAIM: &str = r"[\p{L}\p{M}\p{S}\p{N}\p{P}]+";
const IN_MAPPING_TYPE: &str = "roleMappings.k.member.type";
const IN_MAPPING_RULES: &str = "roleMappings.k.member.rulesConfiguration.rules";
const RULE_CLAIM: &str = "/RoleMappings/k/RulesConfiguration/Rules/0/Claim";
const RULE_MATCH: &str = "/RoleMappings/k/RulesConfiguration/Rules/0/MatchType";
const RULE_VALUE: &str = "/RoleMappings/k/RulesConfiguration/Rules/0/Value";
const RULE_ROLE: &str = "/RoleMappings/k/RulesConfiguration/Rules/0/RoleARN";
const IN_RULE_CLAIM: &str = "roleMappings.k.member.rulesConfiguration.rules.1.member.claim";
const IN_RULE_MATCH: &str = "roleMappings.k.member.rulesConfiguration.rules.1.member.matchType";
const IN_RULE_VALUE: &str = "roleMappings.k.member.rulesConfiguration.rules.1.member.value";
const IN_RULE_ROLE: &str = "roleMappings.k.member.rulesConfiguration.rules.1.member.roleARN";
const USER: &str = "developerUserIdentifier";
const PROVIDER_NAME: &str = "identityProviderName";
const MAPS: &str = "SetPrincipalTagAttributeMap GetPrincipalTagAttributeMap";
const TAGGED: &str = "TagResource UntagResource ListTagsForResource";
const TAGS_PRINCIPALS: &str = "GetOpenIdTokenForDeveloperIdentity SetPrincipalTagAttributeMap";
const SOURCE: &str = "sourceUserIdentifier";
const DESTINATION: &str = "destinationUserIdentifier";
const MERGES: &str = "MergeDeveloperIdentities";
const NAMES_USER: &str = "UnlinkDeveloperIdentity";
const NAMES_PROVIDER: &str = "MergeDeveloperIdentities UnlinkDeveloperIdentity";
const NAMED: &str =
    "CreateIdentityPool UpdateIdentityPool MergeDeveloperIdentities UnlinkDeveloperIdentity";
const MAKES: &str = "CreateIdentityPool UpdateIdentityPool";
const NEEDS_POOL: &str = "UpdateIdentityPool DescribeIdentityPool DeleteIdentityPool \
    GetIdentityPoolRoles SetIdentityPoolRoles ListIdentities LookupDeveloperIdentity GetId \
    GetOpenIdTokenForDeveloperIdentity CountIdentities MergeDeveloperIdentities \
    UnlinkDeveloperIdentity SetPrincipalTagAttributeMap GetPrincipalTagAttributeMap";
const WITH_POOL: &str = "UpdateIdentityPool DescribeIdentityPool DeleteIdentityPool \
    GetIdentityPoolRoles SetIdentityPoolRoles ListIdentities LookupDeveloperIdentity GetId \
    GetOpenIdTokenForDeveloperIdentity CountIdentities GetActivity MergeDeveloperIdentities \
    UnlinkDeveloperIdentity SetPrincipalTagAttributeMap GetPrincipalTagAttributeMap";
const NEEDS_IDENTITY: &str = "DescribeIdentity GetOpenIdToken GetCredentialsForIdentity \
    UnlinkDeveloperIdentity UnlinkIdentity";
const WITH_IDENTITY: &str = "DescribeIdentity GetOpenIdToken GetCredentialsForIdentity \
    LookupDeveloperIdentity GetOpenIdTokenForDeveloperIdentity UnlinkDeveloperIdentity \
    UnlinkIdentity";
const LISTS: &str = "ListIdentityPools ListIdentities LookupDeveloperIdentity";
const NEEDS_PAGE: &str = "ListIdentityPools ListIdentities";
const LOGS_IN: &str = "GetId GetOpenIdToken GetCredentialsForIdentity \
    GetOpenIdTokenForDeveloperIdentity UnlinkIdentity";
