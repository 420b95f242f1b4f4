//! What is refused when a policy is put, fault by fault, in the words of IAM.

use super::*;

fn trust(statement: &str) -> String {
    let text = format!(r#"{{"Version":"2012-10-17","Statement":{{{statement}}}}}"#);
    refusal(&text, DocumentKind::Trust)
}

fn with_resource(resource: &str) -> String {
    identity(&format!(
        r#""Effect":"Allow","Action":"s3:ListBucket","Resource":{resource}"#
    ))
}

#[test]
fn statement_names_are_unique_and_plain() {
    let two = |first: &str, second: &str, kind, principal: &str| {
        let text = format!(
            r#"{{"Statement":[{{"Sid":"{first}",{principal}{ALLOW}}},{{"Sid":"{second}",{principal}{ALLOW}}}]}}"#
        );
        refusal(&text, kind)
    };
    assert_eq!(two("A", "B", DocumentKind::Identity, ""), "");
    assert_eq!(
        two("A", "A", DocumentKind::Identity, ""),
        "Statement IDs (SID) in a single policy must be unique."
    );
    assert!(two("A", "not plain", DocumentKind::Identity, "").contains("alpha-numeric"));
    let everyone = r#""Principal":"*","#;
    assert_eq!(two("A", "not plain", DocumentKind::Resource, everyone), "");
}

#[test]
fn s49_actions_and_resources_must_be_there() {
    const NO_ACTIONS: &str = "Policy statement must contain actions.";
    const NO_RESOURCES: &str = "Policy statement must contain resources.";
    assert_eq!(identity(r#""Effect":"Allow""#), NO_ACTIONS);
    assert_eq!(
        identity(r#""Effect":"Allow","Action":[],"Resource":"*""#),
        NO_ACTIONS
    );
    assert_eq!(
        identity(r#""Effect":"Allow","NotAction":[],"Resource":"*""#),
        NO_ACTIONS
    );
    assert_eq!(
        identity(r#""Effect":"Allow","Action":"s3:Get""#),
        NO_RESOURCES
    );
    assert_eq!(
        identity(r#""Effect":"Allow","Action":"*","Resource":[]"#),
        NO_RESOURCES
    );
    assert_eq!(
        identity(r#""Effect":"Allow","Action":"*","NotResource":[]"#),
        NO_RESOURCES
    );
}

#[test]
fn resources_of_no_known_form_are_refused_with_their_sentence() {
    for (resource, expected) in [
        (r#""""#, "Resource  must be in ARN format or \"*\"."),
        (r#""adf""#, "Resource adf must be in ARN format or \"*\"."),
        (
            r#""b:aws:s3:::x""#,
            "Resource b:aws:s3:::x must be in ARN format or \"*\".",
        ),
        (
            r#""a:b:c""#,
            "Partition \"b\" is not valid for resource \"arn:b:c:*:*:*\".",
        ),
        (
            r#""aws:s3:::x""#,
            "Partition \"s3\" is not valid for resource \"arn:s3:::x:*\".",
        ),
        (
            r#"["arn:error:s3:::x","arn:error:s3::x"]"#,
            "Partition \"error\" is not valid for resource \"arn:error:s3:::x\".",
        ),
        (r#""arn:aws:s3::x""#, LEGACY),
        (r#""arn:aws:::x:y""#, LEGACY),
        (
            r#""arn:aws""#,
            "Resource vendor must be fully qualified and cannot contain regexes.",
        ),
        (
            r#""arn:aws:s*:::x""#,
            "Resource vendor must be fully qualified and cannot contain regexes.",
        ),
        (
            r#""arn:aws:iam:us-east-1:1:user/x""#,
            "IAM resource arn:aws:iam:us-east-1:1:user/x cannot contain region information.",
        ),
        (
            r#""arn:aws:s3:us-east-1:1:x""#,
            "Resource arn:aws:s3:us-east-1:1:x can not contain region information.",
        ),
        (r#""arn:aws:s3:us-east-1:1:accesspoint/x""#, ""),
        (r#""arn:aws:iam::1:user/${aws:username}""#, ""),
        (r#""arn:aws:iam::*:*""#, ""),
        (r#""arn:*:sns:*""#, ""),
    ] {
        assert_eq!(with_resource(resource), expected, "{resource}");
    }
    assert!(with_resource(r#""arn:aws:iam:::x""#).starts_with("IAM resource path must either"));
}

#[test]
fn the_first_fault_in_the_order_of_checking_is_named() {
    for (statement, expected) in [
        (
            r#""Effect":"Allow","Action":"bad""#,
            "Actions/Conditions must be prefaced",
        ),
        (
            r#""Effect":"Allow","Action":"s:3:x","Resource":"adf""#,
            "Resource adf must be",
        ),
        (r#""Effect":"Allow","Resource":"arn:aws:s3::x""#, LEGACY),
        (
            r#""Effect":"Allow","Action":"a a:b","Resource":"*""#,
            "Vendor a a is not valid",
        ),
        (
            r#""Principal":"*","Effect":"Allow","Action":"a:b""#,
            "Policy statement must contain resources.",
        ),
        (
            r#""Principal":"*","Effect":"Allow","Action":"a:b","Resource":"*""#,
            "Policy document should not specify a principal.",
        ),
    ] {
        assert!(identity(statement).starts_with(expected), "{statement}");
    }
}

#[test]
fn resource_policies_name_principals() {
    let text = |statement: &str| format!(r#"{{"Statement":{{{statement}}}}}"#);
    let refused = |statement: &str| refusal(&text(statement), DocumentKind::Resource);
    assert_eq!(refused(ALLOW), "Missing required field Principal");
    assert_eq!(refused(&format!(r#""Principal":"*",{ALLOW}"#)), "");
    assert_eq!(
        refused(&format!(
            r#""NotPrincipal":{{"AWS":"123456789012"}},{ALLOW}"#
        )),
        ""
    );
    assert_eq!(
        refused(&format!(
            r#""Principal":{{"AWS":"arn:aws:iam::123456789012:role/*"}},{ALLOW}"#
        )),
        "Invalid principal in policy: \"AWS\":\"arn:aws:iam::123456789012:role/*\""
    );
}

#[test]
fn trust_policies_are_about_assuming_the_role() {
    const COGNITO: &str = r#""Principal":{"Federated":"cognito-identity.amazonaws.com"}"#;
    let allow = |rest: &str| trust(&format!(r#""Effect":"Allow",{rest}"#));
    for actions in [
        r#""sts:AssumeRoleWithWebIdentity""#,
        r#"["sts:AssumeRole","STS:TagSession","sts:*","sts:Set*"]"#,
    ] {
        assert_eq!(allow(&format!(r#"{COGNITO},"Action":{actions}"#)), "");
    }
    for (rest, expected) in [
        (
            format!(r#"{COGNITO},"Action":"sts:*","Resource":"*""#),
            "Has prohibited field Resource",
        ),
        (
            r#""Action":"sts:AssumeRole""#.to_owned(),
            "Missing required field Principal",
        ),
        (
            r#""NotPrincipal":{"AWS":"*"},"Action":"sts:AssumeRole""#.to_owned(),
            "Has prohibited field NotPrincipal",
        ),
        (
            r#""Principal":{"Federated":"login.example"},"Action":"sts:*""#.to_owned(),
            "Invalid principal in policy: \"Federated\":\"login.example\"",
        ),
    ] {
        assert_eq!(allow(&rest), expected);
    }
    for actions in [
        r#""s3:Get""#,
        r#""*""#,
        r#"["sts:AssumeRole","iam:PassRole"]"#,
    ] {
        assert_eq!(
            allow(&format!(r#"{COGNITO},"Action":{actions}"#)),
            "AssumeRole policy may only specify STS AssumeRole actions."
        );
    }
    let provider = "arn:aws:iam::123456789012:oidc-provider/id.example/realms/x";
    assert_eq!(
        allow(&format!(
            r#""Principal":{{"Federated":"{provider}"}},"Action":"sts:*""#
        )),
        ""
    );
}
