//! Tokens that must not be believed, shown to both doors that take them.
//!
//! **Source**: requirements S13 to S20.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use daypass_testkit::forge::{self, Hand};
use daypass_testkit::house::{signing_key_id, signing_key_pkcs8, stranger_pkcs8};
use daypass_testkit::vector::given::World;
use serde_json::{Value, json};

use super::{FURNISHED, exchange, given, house, present};

/// Refusals of the two doors.
pub(super) const REFUSED: [&str; 2] = ["NotAuthorizedException", "InvalidIdentityToken"];

/// Shows the token bound to `T` to both doors, which must refuse it, and gives what they said.
pub(super) async fn refused(world: &World<'_>, what: &str) -> [String; 2] {
    let (present, exchange) = (present(world).await, exchange(world).await);
    assert_eq!(present.code, REFUSED[0], "{what}: {}", present.body);
    assert_eq!(exchange.code, REFUSED[1], "{what}: {}", exchange.body);
    [present.body, exchange.body]
}

/// The header and claims of an honest token for `A`.
pub(super) async fn honest(world: &mut World<'_>) -> (Value, Value) {
    given(world, &["forged token T for A"]).await;
    let (present, exchange) = (present(world).await, exchange(world).await);
    assert_eq!(
        (present.status, exchange.status),
        (200, 200),
        "{}",
        exchange.body
    );
    forge::read(world.places.get("T").unwrap()).unwrap()
}

pub(super) fn bind(world: &mut World<'_>, header: &Value, claims: &Value, hand: Hand<'_>) {
    let token = forge::token(&header.to_string(), &claims.to_string(), hand).unwrap();
    world.places.bind("T", token);
}

#[tokio::test]
async fn s13_the_token_does_not_choose_its_algorithm() {
    let house = house().await;
    let mut world = World::around(&house).await.unwrap();
    given(&mut world, FURNISHED).await;
    let (mut header, claims) = honest(&mut world).await;
    let public: Value = public_key(&world).await;
    let modulus = public["n"].as_str().unwrap().as_bytes().to_vec();
    let raw = URL_SAFE_NO_PAD.decode(&modulus).unwrap();
    let secrets: [&[u8]; 4] = [&modulus, &raw, public_text(&public), b"client-secret"];
    for secret in secrets {
        for name in ["HS256", "HS384", "HS512"] {
            header["alg"] = json!(name);
            bind(&mut world, &header, &claims, Hand::Hs256(secret));
            refused(&world, name).await;
        }
    }
    for name in ["none", "None", "nOnE", "NONE", ""] {
        header["alg"] = json!(name);
        bind(&mut world, &header, &claims, Hand::Nobody);
        refused(&world, name).await;
        bind(
            &mut world,
            &header,
            &claims,
            Hand::Rs512(signing_key_pkcs8()),
        );
        refused(&world, name).await;
    }
    header["alg"] = json!("RS256");
    bind(
        &mut world,
        &header,
        &claims,
        Hand::Rs256(signing_key_pkcs8()),
    );
    refused(&world, "RS256").await;
}

async fn public_key(world: &World<'_>) -> Value {
    let lines = ["GET /.well-known/jwks_uri".to_owned()];
    let answer = super::send(world, &lines).await;
    let keys: Value = serde_json::from_str(&answer.body).unwrap();
    keys["keys"][0].clone()
}

fn public_text(key: &Value) -> &[u8] {
    key["kid"].as_str().unwrap().as_bytes()
}

#[tokio::test]
async fn s14_the_token_does_not_choose_its_key() {
    let house = house().await;
    let mut world = World::around(&house).await.unwrap();
    given(&mut world, FURNISHED).await;
    let (header, claims) = honest(&mut world).await;
    let own = public_key(&world).await;
    for (name, value) in [
        ("jwk", own),
        ("jku", json!("https://id.example/keys")),
        ("x5u", json!("https://id.example/certificate")),
        ("x5c", json!(["MIIB"])),
        ("x5t", json!("abc")),
    ] {
        let mut bent = header.clone();
        bent[name] = value;
        for pkcs8 in [signing_key_pkcs8(), stranger_pkcs8()] {
            bind(&mut world, &bent, &claims, Hand::Rs512(pkcs8));
            if name != "x5t" || pkcs8 == stranger_pkcs8() {
                refused(&world, name).await;
            }
        }
    }
    for kid in [
        "../../etc/passwd",
        "' or 1=1 --",
        "us-east-1-2",
        "",
        &"k".repeat(5_000),
    ] {
        let mut bent = header.clone();
        bent["kid"] = json!(kid);
        bind(&mut world, &bent, &claims, Hand::Rs512(signing_key_pkcs8()));
        refused(&world, &kid.chars().take(20).collect::<String>()).await;
    }
    let mut bent = header.clone();
    bent.as_object_mut().unwrap().remove("kid");
    bind(&mut world, &bent, &claims, Hand::Rs512(stranger_pkcs8()));
    refused(&world, "no kid, signed by a stranger").await;
}

#[tokio::test]
async fn s16_a_claim_of_the_wrong_type_is_not_an_absent_one() {
    let shapes = [
        Value::Null,
        json!(""),
        json!("text"),
        json!(1),
        json!(-1),
        json!(1.5),
        json!(true),
        json!([]),
        json!(["x"]),
        json!({}),
    ];
    for claim in ["iss", "sub", "exp", "iat", "aud", "amr"] {
        // A house of its own: refused tokens count against their sender.
        let house = house().await;
        let mut world = World::around(&house).await.unwrap();
        given(&mut world, FURNISHED).await;
        let (header, claims) = honest(&mut world).await;
        let mut bent = claims.clone();
        bent.as_object_mut().unwrap().remove(claim);
        bind(&mut world, &header, &bent, Hand::Rs512(signing_key_pkcs8()));
        let said = present(&world).await;
        assert_eq!(said.code, REFUSED[0], "no {claim}: {}", said.body);
        for shape in &shapes {
            let mut bent = claims.clone();
            bent[claim] = shape.clone();
            bind(&mut world, &header, &bent, Hand::Rs512(signing_key_pkcs8()));
            let what = format!("{claim} = {shape}");
            let said = present(&world).await;
            assert_eq!(said.code, REFUSED[0], "{what}: {}", said.body);
            let said = exchange(&world).await;
            assert_ne!(said.status, 200, "{what}: {}", said.body);
        }
    }
    let house = house().await;
    let mut world = World::around(&house).await.unwrap();
    given(&mut world, FURNISHED).await;
    let (header, claims) = honest(&mut world).await;
    let text = claims.to_string();
    let exp = claims["exp"].to_string();
    for number in [
        "1e400",
        "9223372036854775808",
        "1e10",
        "99999999999999999999999",
    ] {
        let bent = text.replace(&exp, number);
        let token = forge::token(&header.to_string(), &bent, Hand::Rs512(signing_key_pkcs8()));
        world.places.bind("T", token.unwrap());
        refused(&world, number).await;
    }
}

#[tokio::test]
async fn s03_s19_doubled_claims_and_unknown_extensions_are_refused() {
    let house = house().await;
    let mut world = World::around(&house).await.unwrap();
    given(&mut world, FURNISHED).await;
    let (header, claims) = honest(&mut world).await;
    let other = world.places.get("B").unwrap();
    let doubled = claims
        .to_string()
        .replacen('{', &format!(r#"{{"sub":"{other}","#), 1);
    let token = forge::token(
        &header.to_string(),
        &doubled,
        Hand::Rs512(signing_key_pkcs8()),
    );
    world.places.bind("T", token.unwrap());
    refused(&world, "sub twice").await;
    for (name, value) in [
        ("crit", json!(["exp"])),
        ("crit", json!([])),
        ("b64", json!(false)),
        ("typ", json!("at+jwt")),
        ("typ", json!("application/at+jwt")),
        ("cty", json!("JWT")),
        ("enc", json!("A256GCM")),
        ("zip", json!("DEF")),
    ] {
        let mut bent = header.clone();
        bent[name] = value.clone();
        bind(&mut world, &bent, &claims, Hand::Rs512(signing_key_pkcs8()));
        refused(&world, &format!("{name}: {value}")).await;
    }
}

#[tokio::test]
async fn s18_keys_and_issuers_go_together() {
    let house = house().await;
    let mut world = World::around(&house).await.unwrap();
    given(&mut world, FURNISHED).await;
    let (header, claims) = honest(&mut world).await;
    let issuer = house.issuer();
    for other in [
        format!("{issuer}/"),
        issuer.to_uppercase(),
        issuer.replace("http:", "https:"),
        "https://cognito-identity.amazonaws.com".to_owned(),
        "https://accounts.google.com".to_owned(),
    ] {
        let mut bent = claims.clone();
        bent["iss"] = json!(other);
        bind(&mut world, &header, &bent, Hand::Rs512(signing_key_pkcs8()));
        refused(&world, &other).await;
    }
    // The same key name, another key.
    assert_eq!(header["kid"], json!(signing_key_id().as_str()));
    bind(&mut world, &header, &claims, Hand::Rs512(stranger_pkcs8()));
    refused(&world, "another key of the same name").await;
}

#[tokio::test]
async fn s20_a_token_has_one_spelling() {
    let house = house().await;
    let mut world = World::around(&house).await.unwrap();
    given(&mut world, FURNISHED).await;
    honest(&mut world).await;
    let token = world.places.get("T").unwrap().to_owned();
    let [header, claims, signature]: [&str; 3] =
        token.split('.').collect::<Vec<_>>().try_into().unwrap();
    let malformed = [
        format!("{token}="),
        format!("{token}."),
        format!(".{token}"),
        format!("{header}=.{claims}.{signature}"),
        format!("{header}.{claims}.{signature}.{signature}"),
        format!("{header}.{claims}"),
        format!("{header}.{claims}."),
        format!("{header}..{signature}"),
        format!(".{claims}.{signature}"),
        token.replace('_', "/").replace('-', "+"),
        format!("{header}.{claims}.{}", &signature[..signature.len() - 1]),
        format!("Bearer {token}"),
    ];
    for bent in malformed.iter().filter(|bent| **bent != token) {
        world.places.bind("T", bent.as_str());
        refused(&world, bent).await;
    }
    // Every segment, one character changed.
    for (index, letter) in token.char_indices().step_by(37) {
        let other = if letter == 'A' { "B" } else { "A" };
        let mut bent = token.clone();
        bent.replace_range(index..=index, other);
        world.places.bind("T", bent);
        let said = present(&world).await;
        assert_eq!(said.code, REFUSED[0], "at {index}: {}", said.body);
    }
}
