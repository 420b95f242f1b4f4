//! Honest tokens at the wrong time, in the wrong place or of the wrong kind.
//!
//! **Source**: requirements S21 to S23.

use daypass_testkit::forge::Hand;
use daypass_testkit::house::signing_key_pkcs8;
use daypass_testkit::vector::given::World;
use serde_json::{Value, json};

use super::tokens::{REFUSED, bind, honest, refused};
use super::{FURNISHED, exchange, given, house, present};

#[tokio::test]
async fn s21_time_is_taken_exactly() {
    let house = house().await;
    let mut world = World::around(&house).await.unwrap();
    given(&mut world, FURNISHED).await;
    let (header, claims) = honest(&mut world).await;
    let now = house.clock.seconds();
    let cases = [
        (now, now - 900, false),
        (now + 1, now - 899, true),
        (now - 1, now - 901, false),
        (now + 900, now + 299, true),
        (now + 900, now + 301, false),
        (now + 86_400, now, true),
        (now + 86_401, now, false),
        (now + 100, now + 200, false),
    ];
    for (exp, iat, good) in cases {
        let mut bent = claims.clone();
        bent["exp"] = json!(exp);
        bent["iat"] = json!(iat);
        bind(&mut world, &header, &bent, Hand::Rs512(signing_key_pkcs8()));
        let said = present(&world).await;
        let what = format!("exp {} iat {}", exp - now, iat - now);
        assert_eq!(said.status == 200, good, "{what}: {}", said.body);
        let said = exchange(&world).await;
        assert_eq!(said.status == 200, good, "{what}: {}", said.body);
    }
}

/// Two pools, two identities in each, and a token of every kind, shown to every public operation.
#[tokio::test]
async fn s22_a_token_is_good_for_its_pool_and_its_identity_only() {
    let house = house().await;
    let mut world = World::around(&house).await.unwrap();
    given(&mut world, FURNISHED).await;
    let more = [
        "pool Q, developer provider login.example, guests",
        "role OtherUser, trusts users of Q; role OtherGuest, trusts guests of Q",
        "Q gives OtherUser to users; Q gives OtherGuest to guests",
        "identity C of Q for user-1; guest H of Q",
        "token TA for A; token TB for B; token TC for C; token TG for G; token TH for H",
    ];
    given(&mut world, &more).await;
    let key = "cognito-identity.amazonaws.com";
    for identity in ["A", "B", "C", "G", "H"] {
        for token in ["A", "B", "C", "G", "H"] {
            let login = format!(r#""Logins":{{"{key}":"<T{token}>"}}"#);
            let named = format!(r#"{{"IdentityId":"<{identity}>",{login}}}"#);
            let what = format!("the token of {token} for {identity}");
            let said = cognito_public(&world, "GetCredentialsForIdentity", &named).await;
            // A guest needs no token, and its token proves no login.
            let good = identity == token && !matches!(identity, "G" | "H");
            assert_eq!(said.status == 200, good, "{what}: {}", said.body);
            let said = cognito_public(&world, "GetOpenIdToken", &named).await;
            assert_eq!(said.code, REFUSED[0], "{what}: {}", said.body);
        }
    }
    for pool in ["P", "Q"] {
        for token in ["A", "C", "G", "H"] {
            let body =
                format!(r#"{{"IdentityPoolId":"<{pool}>","Logins":{{"{key}":"<T{token}>"}}}}"#);
            let said = cognito_public(&world, "GetId", &body).await;
            assert!(
                said.body.contains("Can't pass in a Cognito token."),
                "{}",
                said.body
            );
        }
    }
    for (role, good) in [
        ("AppUser", "A B"),
        ("AppGuest", "G"),
        ("OtherUser", "C"),
        ("OtherGuest", "H"),
    ] {
        for token in ["A", "B", "C", "G", "H"] {
            let parameters = format!(
                "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn=<{role}>\
                 &RoleSessionName=web&WebIdentityToken=<T{token}>"
            );
            let said = super::form(&world, &parameters, "nobody").await;
            let good = good.contains(token);
            assert_eq!(
                said.status == 200,
                good,
                "{token} for {role}: {}",
                said.body
            );
        }
    }
}

async fn cognito_public(world: &World<'_>, operation: &str, body: &str) -> super::Answer {
    super::cognito(world, operation, body, "nobody").await
}

#[tokio::test]
async fn s23_no_kind_of_token_passes_for_another() {
    let house = house().await;
    let mut world = World::around(&house).await.unwrap();
    given(&mut world, FURNISHED).await;
    let more = [
        "token T0 for A; session S of A; 3 guests of P",
        "user ann, allows * on *",
    ];
    given(&mut world, &more).await;
    let page = r#"{"IdentityPoolId":"<P>","MaxResults":1}"#;
    let listed = super::cognito(&world, "ListIdentities", page, "root").await;
    let listed: Value = serde_json::from_str(&listed.body).unwrap();
    let page_token = listed["NextToken"].as_str().unwrap().to_owned();
    let session_token = world.places.get("S:token").unwrap().to_owned();
    let open_id_token = world.places.get("T0").unwrap().to_owned();
    for sealed in [&page_token, &session_token] {
        world.places.bind("T", sealed.as_str());
        refused(&world, "a sealed text as a token").await;
    }
    for wrong in [&session_token, &open_id_token] {
        let body = json!({
            "IdentityPoolId": world.places.get("P").unwrap(), "MaxResults": 1, "NextToken": wrong,
        });
        let said = super::cognito(&world, "ListIdentities", &body.to_string(), "root").await;
        assert!(
            said.body.contains("Invalid pagination token."),
            "{}",
            said.body
        );
    }
    // As session tokens they are read from a header, which the signature covers.
    for wrong in [page_token, open_id_token] {
        let mut keys = world.keys("S").unwrap().clone();
        keys.token = Some(wrong.parse().unwrap());
        let mut request = http::Request::new(bytes::Bytes::from(super::WHO));
        *request.method_mut() = http::Method::POST;
        let form = "application/x-www-form-urlencoded".parse().unwrap();
        request.headers_mut().insert("content-type", form);
        let signing = daypass_testkit::keys::Signing::of("sts");
        signing
            .sign(&keys, &mut request, house.clock.seconds())
            .unwrap();
        let said = super::Answer::of(&house.send(request).await);
        assert_eq!(said.code, "InvalidClientTokenId", "{}", said.body);
    }
}
