//! From a login to credentials: the backend's tokens, the enhanced flow, the basic flow.

use aws_credential_types::Credentials;

use crate::setting::{PROVIDER, Setting};
use crate::world::{OWN_LOGIN, Outcome, World, refused, same, step, with_wrong_secret};

/// What a backend hands its user.
pub struct Login {
    pub identity: String,
    pub token: String,
}

/// As the backend: one token for each of two users, and nothing beyond that.
pub async fn mint_tokens(world: &World, setting: &Setting) -> Outcome<(Login, Login)> {
    let ana = mint(world, setting, "user-ana").await?;
    let ben = mint(world, setting, "user-ben").await?;
    let again = mint(world, setting, "user-ana").await?;
    same(
        &again.identity,
        &ana.identity,
        "the identity of a known user",
    )?;
    same(
        ana.identity == ben.identity,
        false,
        "two users have one identity",
    )?;
    step(format!("tokens for {} and {}", ana.identity, ben.identity));

    let backend = world.cognito(Some(&setting.backend));
    let described = backend
        .describe_identity_pool()
        .identity_pool_id(&setting.pool)
        .send()
        .await;
    refused(
        "AccessDeniedException",
        "the backend describes the pool",
        described,
    )?;
    let wrong = with_wrong_secret(&setting.backend);
    let listed = world
        .cognito(Some(&wrong))
        .list_identity_pools()
        .max_results(1)
        .send()
        .await;
    refused(
        "InvalidSignatureException",
        "the backend with a wrong secret",
        listed,
    )?;
    let caller = world.sts(Some(&wrong)).get_caller_identity().send().await;
    refused("SignatureDoesNotMatch", "STS with a wrong secret", caller)?;
    Ok((ana, ben))
}

async fn mint(world: &World, setting: &Setting, user: &str) -> Outcome<Login> {
    let backend = world.cognito(Some(&setting.backend));
    let minted = backend
        .get_open_id_token_for_developer_identity()
        .identity_pool_id(&setting.pool)
        .logins(PROVIDER, user)
        .token_duration(900)
        .send()
        .await?;
    let identity = minted
        .identity_id()
        .ok_or("an identity came back")?
        .to_owned();
    let token = minted.token().ok_or("a token came back")?.to_owned();
    Ok(Login { identity, token })
}

/// As the client: credentials for the own token, and not for another's identity.
pub async fn enhanced(
    world: &World,
    setting: &Setting,
    ana: &Login,
    ben: &Login,
) -> Outcome<Credentials> {
    let cognito = world.cognito(None);
    let ask = |identity: &str| {
        let call = cognito.get_credentials_for_identity().identity_id(identity);
        call.logins(OWN_LOGIN, &ana.token).send()
    };
    let answer = ask(&ana.identity).await?;
    same(
        answer.identity_id(),
        Some(ana.identity.as_str()),
        "the identity of the credentials",
    )?;
    let given = answer.credentials().ok_or("credentials came back")?;
    let keys = Credentials::from_keys(
        given.access_key_id().ok_or("a key id came back")?,
        given.secret_key().ok_or("a secret came back")?,
        given.session_token().map(str::to_owned),
    );
    is_session(world, setting, &keys, "CognitoIdentityCredentials").await?;
    refused(
        "NotAuthorizedException",
        "a token of another identity",
        ask(&ben.identity).await,
    )?;
    Ok(keys)
}

/// As the client, straight at STS with the same token.
pub async fn basic(world: &World, setting: &Setting, ana: &Login) -> Outcome<Credentials> {
    let answer = world
        .sts(None)
        .assume_role_with_web_identity()
        .role_arn(&setting.role_arn)
        .role_session_name("web")
        .web_identity_token(&ana.token)
        .send()
        .await?;
    same(answer.provider(), Some(OWN_LOGIN), "the provider")?;
    same(
        answer.audience(),
        Some(setting.pool.as_str()),
        "the audience",
    )?;
    let subject = answer.subject_from_web_identity_token();
    same(subject, Some(ana.identity.as_str()), "the subject")?;
    let given = answer.credentials().ok_or("credentials came back")?;
    let keys = Credentials::from_keys(
        given.access_key_id(),
        given.secret_access_key(),
        Some(given.session_token().to_owned()),
    );
    is_session(world, setting, &keys, "web").await?;
    Ok(keys)
}

/// The keys are a session of the pool's role under this name.
async fn is_session(world: &World, setting: &Setting, keys: &Credentials, name: &str) -> Outcome {
    let caller = world.sts(Some(keys)).get_caller_identity().send().await?;
    let session = format!("assumed-role/{}/{name}", world.role);
    let wanted = format!("arn:aws:sts::{}:{session}", setting.account);
    same(caller.arn(), Some(wanted.as_str()), "the caller")?;
    step(wanted);
    Ok(())
}
