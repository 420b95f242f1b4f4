//! As root: the pool, its role, the bucket, and a backend user that may only mint tokens.

use aws_credential_types::Credentials;

use crate::world::{OWN_LOGIN, Outcome, World, refused, same, step};

/// The name of the developer's own login.
pub const PROVIDER: &str = "login.example.app";

/// What the root made.
pub struct Setting {
    pub account: String,
    pub pool: String,
    pub role_arn: String,
    pub backend: Credentials,
}

pub async fn set_up(world: &World) -> Outcome<Setting> {
    let caller = world
        .sts(Some(&world.root))
        .get_caller_identity()
        .send()
        .await?;
    let account = caller
        .account()
        .ok_or("the root has an account")?
        .to_owned();
    world
        .s3(&world.root)
        .create_bucket()
        .bucket(&world.bucket)
        .send()
        .await?;
    let pool = make_pool(world).await?;
    let role_arn = make_role(world, &pool).await?;
    let cognito = world.cognito(Some(&world.root));
    let set = cognito.set_identity_pool_roles().identity_pool_id(&pool);
    set.roles("authenticated", &role_arn).send().await?;
    let roles = cognito
        .get_identity_pool_roles()
        .identity_pool_id(&pool)
        .send()
        .await?;
    let authenticated = roles.roles().and_then(|roles| roles.get("authenticated"));
    same(authenticated, Some(&role_arn), "the pool's role")?;
    step(format!("pool {pool} with role {role_arn}"));
    let backend = make_backend(world, &account, &pool).await?;
    Ok(Setting {
        account,
        pool,
        role_arn,
        backend,
    })
}

async fn make_pool(world: &World) -> Outcome<String> {
    let cognito = world.cognito(Some(&world.root));
    let made = cognito
        .create_identity_pool()
        .identity_pool_name(format!("journey {}", world.run))
        .allow_unauthenticated_identities(false)
        .developer_provider_name(PROVIDER)
        .send()
        .await?;
    Ok(made.identity_pool_id().to_owned())
}

async fn make_role(world: &World, pool: &str) -> Outcome<String> {
    let iam = world.iam();
    let trust = format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow",
        "Principal":{{"Federated":"{OWN_LOGIN}"}},"Action":"sts:AssumeRoleWithWebIdentity",
        "Condition":{{"StringEquals":{{"{OWN_LOGIN}:aud":"{pool}"}},
        "ForAnyValue:StringLike":{{"{OWN_LOGIN}:amr":"authenticated"}}}}}}]}}"#
    );
    let made = iam
        .create_role()
        .role_name(&world.role)
        .assume_role_policy_document(trust);
    let made = made.send().await?;
    let (own, bucket) = (format!("${{{OWN_LOGIN}:sub}}"), &world.bucket);
    let own_folder = format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Action":["s3:GetObject",
        "s3:PutObject","s3:DeleteObject","s3:AbortMultipartUpload"],
        "Resource":"arn:aws:s3:::{bucket}/{own}/*"}},
        {{"Effect":"Allow","Action":"s3:ListBucket","Resource":"arn:aws:s3:::{bucket}",
        "Condition":{{"StringLike":{{"s3:prefix":"{own}/*"}}}}}}]}}"#
    );
    let put = iam
        .put_role_policy()
        .role_name(&world.role)
        .policy_name("own-folder");
    put.policy_document(own_folder).send().await?;
    Ok(made.role().ok_or("a role was made")?.arn().to_owned())
}

async fn make_backend(world: &World, account: &str, pool: &str) -> Outcome<Credentials> {
    let (iam, name) = (world.iam(), format!("backend-{}", world.run));
    iam.create_user().user_name(&name).send().await?;
    let mint = format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow",
        "Action":"cognito-identity:GetOpenIdTokenForDeveloperIdentity",
        "Resource":"arn:aws:cognito-identity:us-east-1:{account}:identitypool/{pool}"}}]}}"#
    );
    let put = iam
        .put_user_policy()
        .user_name(&name)
        .policy_name("mint")
        .policy_document(mint);
    put.send().await?;
    let made = iam.create_access_key().user_name(&name).send().await?;
    let key = made.access_key().ok_or("a key was made")?;
    step(format!(
        "backend user {name} with key {}",
        key.access_key_id()
    ));
    Ok(Credentials::from_keys(
        key.access_key_id(),
        key.secret_access_key(),
        None,
    ))
}

pub async fn clear_away(world: &World, setting: &Setting) -> Outcome {
    world
        .s3(&world.root)
        .delete_bucket()
        .bucket(&world.bucket)
        .send()
        .await?;
    let cognito = world.cognito(Some(&world.root));
    cognito
        .delete_identity_pool()
        .identity_pool_id(&setting.pool)
        .send()
        .await?;
    let gone = cognito
        .describe_identity_pool()
        .identity_pool_id(&setting.pool)
        .send()
        .await;
    refused("ResourceNotFoundException", "a pool that was deleted", gone)
}
