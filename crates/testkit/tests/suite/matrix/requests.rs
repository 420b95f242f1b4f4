//! One request for each operation that would succeed if only the caller may.
//!
//! **Shape**: JSON for the Cognito and daypass faces, `Name=value` pairs for the query faces, and for S3 the
//! method and target with the body, if any, after a line break.

use daypass_testkit::vector::code_of;
use daypass_testkit::vector::given::World;
use daypass_testkit::vector::request;

/// What the requests name.
pub(super) const GIVEN: &[&str] = &[
    "identity C of P for user-3",
    "policy Lists, allows s3:ListBucket on *, in two versions",
    "policy Spare, allows s3:ListBucket on *",
    "user bob, allows s3:ListBucket on *, attached Lists, bounded by Lists, tag team one",
    "user bare, without a key",
    "role Held, trusts everybody, allows s3:ListBucket on *, attached Lists, bounded by Lists",
    "role Bare, trusts the account",
    "SAML provider Corporate named corporate",
    "issuer Idp at https://id.example.com/x, client app",
    "text GRANT is {\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\
     \"Action\":\"s3:ListBucket\",\"Resource\":\"*\"}]}",
    "text TRUST is {\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\
     \"Principal\":{\"AWS\":\"<bob>\"},\"Action\":\"sts:AssumeRole\"}]}",
];

const COGNITO: &[(&str, &str)] = &[
    (
        "CreateIdentityPool",
        r#"{"IdentityPoolName":"x","AllowUnauthenticatedIdentities":false}"#,
    ),
    ("DeleteIdentities", r#"{"IdentityIdsToDelete":["<A>"]}"#),
    ("DeleteIdentityPool", r#"{"IdentityPoolId":"<P>"}"#),
    ("DescribeIdentity", r#"{"IdentityId":"<A>"}"#),
    ("DescribeIdentityPool", r#"{"IdentityPoolId":"<P>"}"#),
    (
        "GetCredentialsForIdentity",
        r#"{"IdentityId":"<A>","Logins":{"cognito-identity.amazonaws.com":"<T>"}}"#,
    ),
    ("GetId", r#"{"IdentityPoolId":"<P>"}"#),
    ("GetIdentityPoolRoles", r#"{"IdentityPoolId":"<P>"}"#),
    ("GetOpenIdToken", r#"{"IdentityId":"<G>"}"#),
    (
        "GetOpenIdTokenForDeveloperIdentity",
        r#"{"IdentityPoolId":"<P>","Logins":{"login.example":"user-2"}}"#,
    ),
    (
        "GetPrincipalTagAttributeMap",
        r#"{"IdentityPoolId":"<P>","IdentityProviderName":"accounts.google.com"}"#,
    ),
    (
        "ListIdentities",
        r#"{"IdentityPoolId":"<P>","MaxResults":1}"#,
    ),
    ("ListIdentityPools", r#"{"MaxResults":1}"#),
    ("ListTagsForResource", r#"{"ResourceArn":"<P:arn>"}"#),
    (
        "LookupDeveloperIdentity",
        r#"{"IdentityPoolId":"<P>","IdentityId":"<A>"}"#,
    ),
    (
        "MergeDeveloperIdentities",
        r#"{"IdentityPoolId":"<P>","DeveloperProviderName":"login.example",
            "SourceUserIdentifier":"user-3","DestinationUserIdentifier":"user-1"}"#,
    ),
    (
        "SetIdentityPoolRoles",
        r#"{"IdentityPoolId":"<P>","Roles":{"authenticated":"<AppUser>"}}"#,
    ),
    (
        "SetPrincipalTagAttributeMap",
        r#"{"IdentityPoolId":"<P>","IdentityProviderName":"accounts.google.com","UseDefaults":true}"#,
    ),
    (
        "TagResource",
        r#"{"ResourceArn":"<P:arn>","Tags":{"team":"one"}}"#,
    ),
    (
        "UnlinkDeveloperIdentity",
        r#"{"IdentityPoolId":"<P>","IdentityId":"<C>","DeveloperProviderName":"login.example",
            "DeveloperUserIdentifier":"user-3"}"#,
    ),
    (
        "UnlinkIdentity",
        r#"{"IdentityId":"<A>","Logins":{},"LoginsToRemove":["accounts.google.com"]}"#,
    ),
    (
        "UntagResource",
        r#"{"ResourceArn":"<P:arn>","TagKeys":["team"]}"#,
    ),
    (
        "UpdateIdentityPool",
        r#"{"IdentityPoolId":"<P>","IdentityPoolName":"x","AllowUnauthenticatedIdentities":true}"#,
    ),
];

const DAYPASS: &[(&str, &str)] = &[
    ("CountIdentities", r#"{"IdentityPoolId":"<P>"}"#),
    ("DescribeDeployment", "{}"),
    ("GetActivity", "{}"),
];

const STS: &[(&str, &str)] = &[
    ("AssumeRole", "RoleArn=<Bare> RoleSessionName=s1"),
    (
        "AssumeRoleWithWebIdentity",
        "RoleArn=<AppUser> RoleSessionName=s1 WebIdentityToken=<T>",
    ),
    ("GetCallerIdentity", ""),
    ("GetSessionToken", ""),
];

const IAM: &[(&str, &str)] = &[
    (
        "AddClientIDToOpenIDConnectProvider",
        "OpenIDConnectProviderArn=<Idp> ClientID=web",
    ),
    ("AttachRolePolicy", "RoleName=Bare PolicyArn=<Lists>"),
    ("AttachUserPolicy", "UserName=bare PolicyArn=<Lists>"),
    ("CreateAccessKey", "UserName=bare"),
    ("CreateOpenIDConnectProvider", "Url=https://new.example"),
    ("CreatePolicy", "PolicyName=New PolicyDocument=<GRANT>"),
    (
        "CreatePolicyVersion",
        "PolicyArn=<Lists> PolicyDocument=<GRANT>",
    ),
    (
        "CreateRole",
        "RoleName=New AssumeRolePolicyDocument=<TRUST>",
    ),
    (
        "CreateSAMLProvider",
        "Name=new SAMLMetadataDocument=<METADATA>",
    ),
    ("CreateUser", "UserName=new"),
    ("DeleteAccessKey", "UserName=bob AccessKeyId=<bob:key>"),
    (
        "DeleteOpenIDConnectProvider",
        "OpenIDConnectProviderArn=<Idp>",
    ),
    ("DeletePolicy", "PolicyArn=<Spare>"),
    ("DeletePolicyVersion", "PolicyArn=<Lists> VersionId=v2"),
    ("DeleteRole", "RoleName=Bare"),
    ("DeleteRolePermissionsBoundary", "RoleName=Held"),
    ("DeleteRolePolicy", "RoleName=Held PolicyName=granted"),
    ("DeleteSAMLProvider", "SAMLProviderArn=<Corporate>"),
    ("DeleteUser", "UserName=bare"),
    ("DeleteUserPermissionsBoundary", "UserName=bob"),
    ("DeleteUserPolicy", "UserName=bob PolicyName=granted"),
    ("DetachRolePolicy", "RoleName=Held PolicyArn=<Lists>"),
    ("DetachUserPolicy", "UserName=bob PolicyArn=<Lists>"),
    ("GetAccessKeyLastUsed", "AccessKeyId=<bob:key>"),
    ("GetAccountSummary", ""),
    ("GetOpenIDConnectProvider", "OpenIDConnectProviderArn=<Idp>"),
    ("GetPolicy", "PolicyArn=<Lists>"),
    ("GetPolicyVersion", "PolicyArn=<Lists> VersionId=v1"),
    ("GetRole", "RoleName=Held"),
    ("GetRolePolicy", "RoleName=Held PolicyName=granted"),
    ("GetSAMLProvider", "SAMLProviderArn=<Corporate>"),
    ("GetUser", "UserName=bob"),
    ("GetUserPolicy", "UserName=bob PolicyName=granted"),
    ("ListAccessKeys", "UserName=bob"),
    ("ListAccountAliases", ""),
    ("ListAttachedRolePolicies", "RoleName=Held"),
    ("ListAttachedUserPolicies", "UserName=bob"),
    ("ListEntitiesForPolicy", "PolicyArn=<Lists>"),
    ("ListGroupsForUser", "UserName=bob"),
    ("ListInstanceProfilesForRole", "RoleName=Held"),
    (
        "ListOpenIDConnectProviderTags",
        "OpenIDConnectProviderArn=<Idp>",
    ),
    ("ListOpenIDConnectProviders", ""),
    ("ListPolicies", ""),
    ("ListPolicyTags", "PolicyArn=<Lists>"),
    ("ListPolicyVersions", "PolicyArn=<Lists>"),
    ("ListRolePolicies", "RoleName=Held"),
    ("ListRoleTags", "RoleName=Held"),
    ("ListRoles", ""),
    ("ListSAMLProviderTags", "SAMLProviderArn=<Corporate>"),
    ("ListSAMLProviders", ""),
    ("ListUserPolicies", "UserName=bob"),
    ("ListUserTags", "UserName=bob"),
    ("ListUsers", ""),
    (
        "PutRolePermissionsBoundary",
        "RoleName=Bare PermissionsBoundary=<Lists>",
    ),
    (
        "PutRolePolicy",
        "RoleName=Bare PolicyName=p PolicyDocument=<GRANT>",
    ),
    (
        "PutUserPermissionsBoundary",
        "UserName=bare PermissionsBoundary=<Lists>",
    ),
    (
        "PutUserPolicy",
        "UserName=bare PolicyName=p PolicyDocument=<GRANT>",
    ),
    (
        "RemoveClientIDFromOpenIDConnectProvider",
        "OpenIDConnectProviderArn=<Idp> ClientID=app",
    ),
    ("SetDefaultPolicyVersion", "PolicyArn=<Lists> VersionId=v2"),
    (
        "TagOpenIDConnectProvider",
        "OpenIDConnectProviderArn=<Idp> Tags.member.1.Key=k Tags.member.1.Value=v",
    ),
    (
        "TagPolicy",
        "PolicyArn=<Lists> Tags.member.1.Key=k Tags.member.1.Value=v",
    ),
    (
        "TagRole",
        "RoleName=Held Tags.member.1.Key=k Tags.member.1.Value=v",
    ),
    (
        "TagSAMLProvider",
        "SAMLProviderArn=<Corporate> Tags.member.1.Key=k Tags.member.1.Value=v",
    ),
    (
        "TagUser",
        "UserName=bob Tags.member.1.Key=k Tags.member.1.Value=v",
    ),
    (
        "UntagOpenIDConnectProvider",
        "OpenIDConnectProviderArn=<Idp> TagKeys.member.1=k",
    ),
    ("UntagPolicy", "PolicyArn=<Lists> TagKeys.member.1=k"),
    ("UntagRole", "RoleName=Held TagKeys.member.1=k"),
    (
        "UntagSAMLProvider",
        "SAMLProviderArn=<Corporate> TagKeys.member.1=a",
    ),
    ("UntagUser", "UserName=bob TagKeys.member.1=team"),
    (
        "UpdateAccessKey",
        "UserName=bob AccessKeyId=<bob:key> Status=Inactive",
    ),
    (
        "UpdateAssumeRolePolicy",
        "RoleName=Held PolicyDocument=<TRUST>",
    ),
    (
        "UpdateOpenIDConnectProviderThumbprint",
        "OpenIDConnectProviderArn=<Idp> ThumbprintList.member.1=<a*40>",
    ),
    ("UpdateRole", "RoleName=Held"),
    ("UpdateRoleDescription", "RoleName=Held Description=text"),
    (
        "UpdateSAMLProvider",
        "SAMLProviderArn=<Corporate> SAMLMetadataDocument=<METADATA>",
    ),
    ("UpdateUser", "UserName=bob"),
];

const S3: &[(&str, &str)] = &[
    ("ListBuckets", "GET /"),
    ("CreateBucket", "PUT /new-bucket"),
    ("HeadBucket", "HEAD /photos"),
    ("DeleteBucket", "DELETE /empty-bucket"),
    ("GetBucketLocation", "GET /photos?location"),
    ("GetBucketVersioning", "GET /photos?versioning"),
    ("ListObjects", "GET /photos"),
    ("ListObjectsV2", "GET /photos?list-type=2"),
    ("ListMultipartUploads", "GET /photos?uploads"),
    (
        "DeleteObjects",
        "POST /photos?delete\n<Delete><Quiet>true</Quiet><Object><Key>other/y</Key></Object></Delete>",
    ),
    ("GetObject", "GET /photos/<A>/x"),
    ("HeadObject", "HEAD /photos/<A>/x"),
    ("PutObject", "PUT /photos/<A>/z\nsome bytes"),
    ("DeleteObject", "DELETE /photos/<A>/x"),
    (
        "CopyObject",
        "PUT /photos/<A>/copy\nx-amz-copy-source: /photos/<A>/x",
    ),
    ("CreateMultipartUpload", "POST /photos/<A>/big?uploads"),
    (
        "UploadPart",
        "PUT /photos/<A>/parts?partNumber=1&uploadId=<UPLOAD>\nsome bytes",
    ),
    (
        "UploadPartCopy",
        "PUT /photos/<A>/parts?partNumber=1&uploadId=<UPLOAD>\nx-amz-copy-source: /photos/<A>/x",
    ),
    (
        "CompleteMultipartUpload",
        "POST /photos/<A>/parts?uploadId=<UPLOAD>\n<CompleteMultipartUpload><Part><PartNumber>2\
         </PartNumber><ETag><ETAG></ETag></Part></CompleteMultipartUpload>",
    ),
    (
        "AbortMultipartUpload",
        "DELETE /photos/<A>/parts?uploadId=<UPLOAD>",
    ),
    ("ListParts", "GET /photos/<A>/parts?uploadId=<UPLOAD>"),
];

/// The request for an operation, as a vector would have it.
pub(super) fn lines(face: &str, operation: &str, signed_by: &str) -> Vec<String> {
    let table = match face {
        "cognito-identity" => COGNITO,
        "daypass" => DAYPASS,
        "sts" => STS,
        "iam" => IAM,
        _ => S3,
    };
    let entry = table.iter().find(|(name, _)| *name == operation);
    let (_, text) = entry.unwrap_or_else(|| panic!("no request for {face} {operation}"));
    let signed_by = format!("Signed-By: {signed_by}");
    match face {
        "cognito-identity" => json("AWSCognitoIdentityService", operation, signed_by, text),
        "daypass" => json("Daypass", operation, signed_by, text),
        "sts" | "iam" => {
            let version = if face == "sts" {
                "2011-06-15"
            } else {
                "2010-05-08"
            };
            let mut body = format!("Action={operation}&Version={version}");
            for pair in text.split_whitespace() {
                body.push('&');
                body.push_str(pair);
            }
            vec![
                "POST /".to_owned(),
                "Content-Type: application/x-www-form-urlencoded; charset=utf-8".to_owned(),
                signed_by,
                String::new(),
                body,
            ]
        }
        _ => s3(text, signed_by),
    }
}

fn json(service: &str, operation: &str, signed_by: String, body: &str) -> Vec<String> {
    vec![
        "POST /".to_owned(),
        format!("X-Amz-Target: {service}.{operation}"),
        "Content-Type: application/x-amz-json-1.1".to_owned(),
        signed_by,
        String::new(),
        body.to_owned(),
    ]
}

fn s3(text: &str, signed_by: String) -> Vec<String> {
    let (start, rest) = text.split_once('\n').unwrap_or((text, ""));
    let mut lines = vec![start.to_owned(), signed_by];
    if rest.starts_with("x-amz-") {
        lines.push(rest.to_owned());
    } else if !rest.is_empty() {
        lines.extend([String::new(), rest.to_owned()]);
    }
    lines
}

/// Makes the buckets, objects and the upload that the S3 requests name.
pub(super) async fn put_objects(world: &mut World<'_>) {
    for text in [
        "PUT /photos",
        "PUT /empty-bucket",
        "PUT /photos/<A>/x\nx",
        "PUT /photos/other/y\ny",
        "POST /photos/<A>/parts?uploads",
        "PUT /photos/<A>/parts?partNumber=2&uploadId=<UPLOAD>\nz",
    ] {
        let lines = s3(text, "Signed-By: root".to_owned());
        let request = request::build(&lines, world).unwrap();
        let answer = world.send(request).await;
        let body = String::from_utf8_lossy(answer.body()).into_owned();
        assert_eq!(code_of(&answer), None, "{text}: {body}");
        if let Some((_, after)) = body.split_once("<UploadId>") {
            let id = after.split('<').next().unwrap_or_default();
            world.places.bind("UPLOAD", id);
        }
        if let Some(tag) = answer.headers().get("etag") {
            world.places.bind("ETAG", tag.to_str().unwrap());
        }
    }
}
