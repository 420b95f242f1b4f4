//! Givens about tokens and sessions, honest and forged.
//!
//! **Shape**
//! - `token T for A` with `lasting N seconds`, `tag KEY VALUE`; for a guest, the token of the classic
//!   flow.
//! - `forged token T for A` with any of `signed by a stranger`, `algorithm none|HS256|RS256`,
//!   `claim NAME is JSON`, `without claim NAME`, `header NAME is JSON`, `of pool P`: what is not said
//!   is as in an honest token.
//! - `session S of A` (enhanced flow), `session S of user U` or `of root` (`GetSessionToken`),
//!   `session S of role R by U` (`AssumeRole`), `session S of role R by token T`; the last two with
//!   `tag KEY VALUE`, `passes on KEY`, `source NAME`, `policy {…}`; the session is named `S-session`.
//!   They bind `S:key` and `S:token`.
//!
//! **Source**: contract page, Cognito identity sections 4 and 5; STS section 2.

use std::fmt::Write as _;

use bytes::Bytes;
use http::{Method, Request};
use serde_json::{Map, Value, json};

use super::given::{Known, World, member, set, told};
use crate::forge::{self, Hand};
use crate::house::{ACCOUNT, REGION, signing_key_id, signing_key_pkcs8, stranger_pkcs8};
use crate::keys::{Keys, Signing};

/// Brings about a phrase about tokens or sessions.
pub(super) async fn given(world: &mut World<'_>, words: &[&str], rest: &str) -> Result<(), String> {
    match words {
        ["token", name, "for", identity] => token(world, name, identity, rest).await,
        ["forged", "token", name, "for", identity] => forged(world, name, identity, rest),
        ["session", name, "of", "user", user] => by_key(world, name, user).await,
        ["session", name, "of", "root"] => by_key(world, name, "root").await,
        ["session", name, "of", "role", role, "by", "token", token] => {
            by_role(world, name, role, Err(token), rest).await
        }
        ["session", name, "of", "role", role, "by", caller] => {
            by_role(world, name, role, Ok(caller), rest).await
        }
        ["session", name, "of", identity] => enhanced(world, name, identity).await,
        _ => Err("no such phrase".to_owned()),
    }
}

fn known<'w>(world: &'w World<'_>, identity: &str) -> Result<&'w Known, String> {
    let known = world.identities.get(identity);
    known.ok_or_else(|| format!("no identity `{identity}`"))
}

async fn honest(world: &World<'_>, identity: &str, rest: &str) -> Result<String, String> {
    let known = known(world, identity)?;
    let id = world.places.get(identity)?;
    let Some((provider, user)) = &known.logins else {
        let input = json!({ "IdentityId": id });
        return member(&world.call("GetOpenIdToken", &input, None).await?, "Token");
    };
    let mut input = json!({ "IdentityPoolId": known.pool, "Logins": { provider: user } });
    let mut tags = Map::new();
    for option in rest.split(", ").filter(|option| !option.is_empty()) {
        match option.split(' ').collect::<Vec<_>>().as_slice() {
            ["lasting", count, "seconds"] => {
                let seconds: i64 = count.parse().map_err(told)?;
                set(&mut input, "TokenDuration", json!(seconds));
            }
            ["tag", key, value] => {
                tags.insert((*key).to_owned(), json!(value));
            }
            _ => return Err(format!("no such option: `{option}`")),
        }
    }
    if !tags.is_empty() {
        set(&mut input, "PrincipalTags", Value::Object(tags));
    }
    let operation = "GetOpenIdTokenForDeveloperIdentity";
    member(&world.call(operation, &input, Some("root")).await?, "Token")
}

async fn token(
    world: &mut World<'_>,
    name: &str,
    identity: &str,
    rest: &str,
) -> Result<(), String> {
    let token = honest(world, identity, rest).await?;
    world.places.bind(name, token);
    Ok(())
}

fn forged(world: &mut World<'_>, name: &str, identity: &str, rest: &str) -> Result<(), String> {
    let known = known(world, identity)?;
    let now = world.now_seconds();
    let arn = format!(
        "arn:aws:cognito-identity:{REGION}:{ACCOUNT}:identitypool/{}",
        known.pool
    );
    let mut claims = json!({
        "sub": world.places.get(identity)?, "aud": known.pool, "amr": known.amr,
        "iss": world.places.get("ISSUER")?,
        "https://cognito-identity.amazonaws.com/identity-pool-arn": arn,
        "exp": now + 900, "iat": now,
    });
    let mut header = json!({ "kid": signing_key_id().as_str(), "typ": "JWS", "alg": "RS512" });
    let mut hand = Hand::Rs512(signing_key_pkcs8());
    for option in rest.split(", ").filter(|option| !option.is_empty()) {
        let words: Vec<&str> = option.splitn(4, ' ').collect();
        match words.as_slice() {
            ["signed", "by", "a", "stranger"] => hand = Hand::Rs512(stranger_pkcs8()),
            ["algorithm", algorithm] => {
                set(&mut header, "alg", json!(algorithm));
                hand = match *algorithm {
                    "HS256" => Hand::Hs256(signing_key_pkcs8()),
                    "RS256" => Hand::Rs256(signing_key_pkcs8()),
                    _ => Hand::Nobody,
                };
            }
            ["claim", claim, "is", text] => set(&mut claims, claim, parsed(text)?),
            ["header", member, "is", text] => set(&mut header, member, parsed(text)?),
            ["without", "claim", claim] => {
                if let Some(claims) = claims.as_object_mut() {
                    claims.remove(*claim);
                }
            }
            _ => return Err(format!("no such option: `{option}`")),
        }
    }
    let token = forge::token(&header.to_string(), &claims.to_string(), hand)?;
    world.places.bind(name, token);
    Ok(())
}

fn parsed(text: &str) -> Result<Value, String> {
    serde_json::from_str(text).map_err(|error| format!("`{text}`: {error}"))
}

async fn enhanced(world: &mut World<'_>, name: &str, identity: &str) -> Result<(), String> {
    let mut input = json!({ "IdentityId": world.places.get(identity)? });
    if known(world, identity)?.logins.is_some() {
        let token = honest(world, identity, "").await?;
        set(
            &mut input,
            "Logins",
            json!({ "cognito-identity.amazonaws.com": token }),
        );
    }
    let answer = world
        .call("GetCredentialsForIdentity", &input, None)
        .await?;
    let credentials = answer.get("Credentials").ok_or("no credentials")?;
    let keys = Keys::session(
        &member(credentials, "AccessKeyId")?,
        &member(credentials, "SecretKey")?,
        &member(credentials, "SessionToken")?,
    );
    world.hold(name, keys);
    Ok(())
}

async fn by_key(world: &mut World<'_>, name: &str, user: &str) -> Result<(), String> {
    let body = "Action=GetSessionToken&Version=2011-06-15".to_owned();
    let keys = sts(world, body, Some(user)).await?;
    world.hold(name, keys);
    Ok(())
}

/// `by` is who calls `AssumeRole`, or the token shown to `AssumeRoleWithWebIdentity`.
async fn by_role(
    world: &mut World<'_>,
    name: &str,
    role: &str,
    by: Result<&&str, &&str>,
    rest: &str,
) -> Result<(), String> {
    let encoded = |text: &str| daypass_wire::rest::encode(text);
    let arn = encoded(world.places.get(role)?);
    let mut body = format!("Version=2011-06-15&RoleArn={arn}&RoleSessionName={name}-session");
    let caller = match by {
        Ok(caller) => {
            body.push_str("&Action=AssumeRole");
            Some(*caller)
        }
        Err(token) => {
            body.push_str("&Action=AssumeRoleWithWebIdentity&WebIdentityToken=");
            body.push_str(world.places.get(token)?);
            None
        }
    };
    let (mut tags, mut rest) = (0, rest);
    while !rest.is_empty() {
        if let Some(document) = rest.strip_prefix("policy ") {
            let _ = write!(body, "&Policy={}", encoded(document));
            break;
        }
        let (option, after) = rest.split_once(", ").unwrap_or((rest, ""));
        match option.split(' ').collect::<Vec<_>>().as_slice() {
            ["tag", key, value] => {
                tags += 1;
                let (key, value) = (encoded(key), encoded(value));
                let _ = write!(body, "&Tags.member.{tags}.Key={key}");
                let _ = write!(body, "&Tags.member.{tags}.Value={value}");
            }
            ["passes", "on", key] => {
                let _ = write!(body, "&TransitiveTagKeys.member.1={}", encoded(key));
            }
            ["source", source] => {
                let _ = write!(body, "&SourceIdentity={source}");
            }
            _ => return Err(format!("no such option: `{option}`")),
        }
        rest = after;
    }
    let keys = sts(world, body, caller).await?;
    world.hold(name, keys);
    Ok(())
}

/// Calls an operation of STS that answers credentials.
async fn sts(world: &World<'_>, body: String, caller: Option<&str>) -> Result<Keys, String> {
    let mut request = Request::new(Bytes::from(body));
    *request.method_mut() = Method::POST;
    let content_type = "application/x-www-form-urlencoded; charset=utf-8";
    let headers = request.headers_mut();
    headers.insert("content-type", content_type.parse().map_err(told)?);
    if let Some(caller) = caller {
        let keys = world.keys(caller)?;
        Signing::of("sts").sign(keys, &mut request, world.now_seconds())?;
    }
    let answer = world.send(request).await;
    let xml = String::from_utf8_lossy(answer.body()).into_owned();
    let element = |name: &str| {
        let (_, after) = xml.split_once(&format!("<{name}>"))?;
        after.split_once('<').map(|(text, _)| text.to_owned())
    };
    match (
        element("AccessKeyId"),
        element("SecretAccessKey"),
        element("SessionToken"),
    ) {
        (Some(id), Some(secret), Some(token)) => Ok(Keys::session(&id, &secret, &token)),
        _ => Err(format!("STS answered {xml}")),
    }
}
