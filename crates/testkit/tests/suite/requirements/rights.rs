//! Who may what: nothing more than the policies say, and every permission asked for.
//!
//! **Source**: requirements S54, S61, S63, S65.

use daypass_testkit::vector::given::World;

use super::{FURNISHED, cognito, form, given, house};

/// A request and all the permissions it needs, each as `ACTION on RESOURCE`.
struct Needs {
    operation: &'static str,
    body: &'static str,
    permissions: &'static [&'static str],
}

const NEEDS: &[Needs] = &[
    Needs {
        operation: "CreateIdentityPool",
        body: r#"{"IdentityPoolName":"x","AllowUnauthenticatedIdentities":false,
            "IdentityPoolTags":{"team":"one"}}"#,
        permissions: &[
            "cognito-identity:CreateIdentityPool on *",
            "cognito-identity:TagResource on *",
        ],
    },
    Needs {
        operation: "UpdateIdentityPool",
        body: r#"{"IdentityPoolId":"<P>","IdentityPoolName":"x",
            "AllowUnauthenticatedIdentities":true,"IdentityPoolTags":{}}"#,
        permissions: &[
            "cognito-identity:UpdateIdentityPool on <P:arn>",
            "cognito-identity:TagResource on <P:arn>",
            "cognito-identity:UntagResource on <P:arn>",
        ],
    },
    Needs {
        operation: "SetIdentityPoolRoles",
        body: r#"{"IdentityPoolId":"<P>",
            "Roles":{"authenticated":"<AppUser>","unauthenticated":"<AppGuest>"}}"#,
        permissions: &[
            "cognito-identity:SetIdentityPoolRoles on *",
            "iam:PassRole on <AppUser>",
            "iam:PassRole on <AppGuest>",
        ],
    },
];

#[tokio::test]
async fn s54_each_permission_is_needed_and_all_together_are_enough() {
    let house = house().await;
    let mut world = World::around(&house).await.unwrap();
    given(&mut world, FURNISHED).await;
    for needs in NEEDS {
        each_is_needed(&mut world, needs).await;
    }
}

/// One role of a default and two of rules.
const MAPPED: Needs = Needs {
    operation: "SetIdentityPoolRoles",
    body: r#"{"IdentityPoolId":"<M>","Roles":{"authenticated":"<AppUser>"},
        "RoleMappings":{"accounts.google.com":{"Type":"Rules","AmbiguousRoleResolution":"Deny",
        "RulesConfiguration":{"Rules":[
        {"Claim":"hd","MatchType":"Equals","Value":"a","RoleARN":"<Staff>"},
        {"Claim":"hd","MatchType":"Equals","Value":"b","RoleARN":"<Admin>"}]}}}}"#,
    permissions: &[
        "cognito-identity:SetIdentityPoolRoles on *",
        "iam:PassRole on <AppUser>",
        "iam:PassRole on <Staff>",
        "iam:PassRole on <Admin>",
    ],
};

#[tokio::test]
async fn s63_each_role_of_defaults_and_rules_must_be_passable_by_the_caller() {
    let house = house().await;
    let mut world = World::around(&house).await.unwrap();
    given(&mut world, FURNISHED).await;
    let more = "pool M, login provider accounts.google.com client; role Staff, trusts users of M; \
                role Admin, trusts users of M";
    given(&mut world, &[more]).await;
    each_is_needed(&mut world, &MAPPED).await;
}

async fn each_is_needed(world: &mut World<'_>, needs: &Needs) {
    let grants = |without: Option<usize>| {
        let permissions = needs.permissions.iter().enumerate();
        let kept = permissions.filter(|(index, _)| Some(*index) != without);
        kept.fold(String::new(), |grants, (_, permission)| {
            grants + ", allows " + permission
        })
    };
    for missing in 0..needs.permissions.len() {
        let user = format!("user partial{}", grants(Some(missing)));
        given(world, &[&user]).await;
        let said = cognito(world, needs.operation, needs.body, "partial").await;
        let code = said.code.as_str();
        let what = needs.permissions[missing];
        assert!(
            matches!(code, "AccessDeniedException" | "NotAuthorizedException"),
            "{} without {what}: {}",
            needs.operation,
            said.body
        );
    }
    let user = format!("user whole{}", grants(None));
    given(world, &[&user]).await;
    let said = cognito(world, needs.operation, needs.body, "whole").await;
    assert_eq!(said.status, 200, "{}: {}", needs.operation, said.body);
}

#[tokio::test]
async fn s61_only_the_verified_token_opens_a_role() {
    let house = house().await;
    let mut world = World::around(&house).await.unwrap();
    given(&mut world, FURNISHED).await;
    let more = [
        "pool Q, developer provider login.example; identity C of Q for user-1",
        "token TA for A; token TB for B; token TG for G; token TC for C",
        "role OneUser, trust {\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\
         \"Principal\":{\"Federated\":\"cognito-identity.amazonaws.com\"},\
         \"Action\":\"sts:AssumeRoleWithWebIdentity\",\"Condition\":{\"StringEquals\":{\
         \"cognito-identity.amazonaws.com:aud\":\"<P>\",\
         \"cognito-identity.amazonaws.com:sub\":\"<A>\"}}}]}",
    ];
    for phrase in more {
        // A trust policy has no `; ` in it.
        given(&mut world, &[phrase]).await;
    }
    let exchange = |role: &str, token: &str| {
        format!(
            "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn=<{role}>\
             &RoleSessionName=web&WebIdentityToken=<{token}>"
        )
    };
    for (role, token, good) in [
        ("AppUser", "TA", true),
        ("AppUser", "TG", false),
        ("AppUser", "TC", false),
        ("AppGuest", "TG", true),
        ("AppGuest", "TA", false),
        ("OneUser", "TA", true),
        ("OneUser", "TB", false),
        ("OneUser", "TG", false),
    ] {
        let said = form(&world, &exchange(role, token), "nobody").await;
        assert_eq!(
            said.status == 200,
            good,
            "{token} for {role}: {}",
            said.body
        );
        if !good {
            let sentence = "Not authorized to perform sts:AssumeRoleWithWebIdentity";
            assert_eq!(said.status, 403);
            assert!(said.body.contains(sentence), "{}", said.body);
        }
    }
    // Parameters that look like claims change nothing.
    let bent = exchange("AppUser", "TG")
        + "&aud=<P>&amr=authenticated&sub=<A>&cognito-identity.amazonaws.com%3Aamr=authenticated";
    assert_eq!(form(&world, &bent, "nobody").await.status, 403);
}

#[tokio::test]
async fn s65_a_guest_whose_role_may_everything_stays_within_the_scope_down_policy() {
    let house = house().await;
    let mut world = World::around(&house).await.unwrap();
    let all = [
        "pool P, developer provider login.example, guests",
        "role AppGuest, trusts guests of P, allows * on *",
        "P gives AppGuest to guests; guest G of P; session S of G",
        "role Worker, trusts everybody; role Delegated, trusts the account; role Named, trusts role AppGuest",
        "user ann",
    ];
    given(&mut world, &all).await;
    // The role does allow it: the same guest by the classic flow may.
    given(
        &mut world,
        &["token T for G; session C of role AppGuest by token T"],
    )
    .await;
    let forms = [
        "Action=ListUsers&Version=2010-05-08",
        "Action=CreateUser&Version=2010-05-08&UserName=mallory",
        "Action=CreateAccessKey&Version=2010-05-08&UserName=ann",
        "Action=AssumeRole&Version=2011-06-15&RoleSessionName=s1&RoleArn=<Worker>",
        "Action=AssumeRole&Version=2011-06-15&RoleSessionName=s1&RoleArn=<Delegated>",
        "Action=AssumeRole&Version=2011-06-15&RoleSessionName=s1&RoleArn=<Named>",
    ];
    for parameters in forms {
        let said = form(&world, parameters, "session S").await;
        assert_eq!(said.code, "AccessDenied", "{parameters}: {}", said.body);
        let said = form(&world, parameters, "session C").await;
        assert_eq!(said.status, 200, "{parameters}: {}", said.body);
    }
    let said = form(
        &world,
        "Action=GetSessionToken&Version=2011-06-15",
        "session S",
    )
    .await;
    assert_eq!(said.code, "AccessDenied", "{}", said.body);
    // What the scope-down policy names is within reach.
    let said = cognito(
        &world,
        "ListIdentityPools",
        r#"{"MaxResults":1}"#,
        "session S",
    )
    .await;
    assert_eq!(said.status, 200, "{}", said.body);
}
