//! The journey of developer authenticated identities, step by step, each request and answer shown.
//!
//! An operator sets up a pool, two roles, a bucket and a backend's key; a backend that has logged
//! its user in mints a token; the user's app turns the token into credentials, uploads under its own
//! prefix, and is refused under another user's. Each step says what it expects, and the first one
//! that gets something else ends the journey.
//!
//! **Source**: Cognito developer guide, *Developer authenticated identities*; the worked traces of
//! the identity page, section 9.

use daypass_json::{Bounds, Value};
use http::StatusCode;
use serde_json::json;

use super::calls::{self, element, find, form, keys, member, query, s3};
use super::xml;
use crate::cli::say;
use crate::client::{Answer, Call, Client, ClientError, Keys};
use crate::clock;

/// The developer provider of the pool.
pub(super) const PROVIDER: &str = "login.demo.example";

/// The bucket.
pub(super) const BUCKET: &str = "demo";

const ISSUER: &str = "cognito-identity.amazonaws.com";
const ROLE: &str = "demo-signed-in";
const GUEST_ROLE: &str = "demo-guest";
const BACKEND: &str = "demo-backend";

/// What the journey leaves behind for a person to go on with.
#[derive(Debug)]
pub(super) struct Made {
    /// The pool.
    pub(super) identity_pool_id: String,
}

/// Why the journey ended early.
#[derive(Debug, thiserror::Error)]
pub(super) enum Broken {
    /// A request got no answer.
    #[error("{0}")]
    Client(#[from] ClientError),
    /// An answer had another status than the step expects.
    #[error("`{title}` was answered {got}, not {expected}: {body}")]
    Status {
        title: String,
        got: StatusCode,
        expected: StatusCode,
        body: String,
    },
    /// An answer lacks what the next step needs.
    #[error("the answer to `{title}` has no `{member}`")]
    Member { title: String, member: &'static str },
    /// The answer is right, what it says is not.
    #[error("`{title}`: {what}")]
    Content { title: String, what: String },
}

/// The journey under way.
#[derive(Debug)]
pub(super) struct Journey<'a> {
    client: &'a Client,
    root: &'a Keys,
    steps: usize,
}

/// What a step asks, and what it expects.
struct Step<'a> {
    title: &'a str,
    shown: &'a str,
    call: Call<'a>,
    expected: StatusCode,
}

impl<'a> Journey<'a> {
    /// A journey that has not begun.
    pub(super) fn new(client: &'a Client, root: &'a Keys) -> Self {
        Self {
            client,
            root,
            steps: 0,
        }
    }

    /// Makes the journey.
    pub(super) async fn run(&mut self) -> Result<Made, Broken> {
        say("The operator sets up:");
        let pool = self.pool().await?;
        self.roles(&pool).await?;
        self.bucket().await?;
        let backend = self.backend(&pool).await?;

        say("\nThe backend has logged its users in, and mints:");
        let (identity, token) = self.token(&pool, &backend, "user-17").await?;
        let (other, _) = self.token(&pool, &backend, "user-18").await?;

        say("\nThe app of user-17 has the identity id and the token, nothing else:");
        let keys = self.credentials(&identity, &token).await?;
        self.upload("upload, own prefix", &identity, &keys, StatusCode::OK)
            .await?;
        let refused = self
            .upload(
                "upload, other's prefix",
                &other,
                &keys,
                StatusCode::FORBIDDEN,
            )
            .await?;
        note(&format!(
            "refused: {}",
            xml::text(&refused.body, "Message").unwrap_or_default()
        ));
        self.caller(&keys).await?;
        Ok(Made {
            identity_pool_id: pool,
        })
    }

    async fn pool(&mut self) -> Result<String, Broken> {
        let title = "create a pool";
        let input = json!({
            "IdentityPoolName": "demo",
            "AllowUnauthenticatedIdentities": false,
            "AllowClassicFlow": false,
            "DeveloperProviderName": PROVIDER,
        });
        let root = self.root;
        let answer = self
            .cognito(title, "CreateIdentityPool", &input, Some(root))
            .await?;
        let pool = member(title, &answer, &["IdentityPoolId"])?;
        note(&format!(
            "{pool}, developer provider {PROVIDER}, guests off, classic flow off"
        ));
        Ok(pool)
    }

    async fn roles(&mut self, pool: &str) -> Result<(), Broken> {
        let trust = |amr: &str| {
            json!({"Version": "2012-10-17", "Statement": [{
                "Effect": "Allow",
                "Principal": {"Federated": ISSUER},
                "Action": "sts:AssumeRoleWithWebIdentity",
                "Condition": {
                    "StringEquals": {format!("{ISSUER}:aud"): pool},
                    "ForAnyValue:StringLike": {format!("{ISSUER}:amr"): amr},
                },
            }]})
            .to_string()
        };
        let own = format!("${{{ISSUER}:sub}}");
        let policy = json!({"Version": "2012-10-17", "Statement": [
            {
                "Sid": "OwnPrefix",
                "Effect": "Allow",
                "Action": ["s3:PutObject", "s3:GetObject", "s3:DeleteObject"],
                "Resource": format!("arn:aws:s3:::{BUCKET}/{own}/*"),
            },
            {
                "Sid": "ListOwnPrefix",
                "Effect": "Allow",
                "Action": "s3:ListBucket",
                "Resource": format!("arn:aws:s3:::{BUCKET}"),
                "Condition": {"StringLike": {"s3:prefix": format!("{own}/*")}},
            },
        ]})
        .to_string();

        let signed_in = self
            .role("create a role", ROLE, &trust("authenticated"))
            .await?;
        let guest = self
            .role("create a guest role", GUEST_ROLE, &trust("unauthenticated"))
            .await?;
        let parameters = [
            ("RoleName", ROLE),
            ("PolicyName", "own-prefix"),
            ("PolicyDocument", &policy),
        ];
        self.iam("allow the own prefix", "PutRolePolicy", &parameters)
            .await?;
        note(&format!("objects under {BUCKET}/{own}/ and nothing else"));
        let input = json!({
            "IdentityPoolId": pool,
            "Roles": {"authenticated": signed_in, "unauthenticated": guest},
        });
        let root = self.root;
        self.cognito(
            "give the pool its roles",
            "SetIdentityPoolRoles",
            &input,
            Some(root),
        )
        .await?;
        Ok(())
    }

    async fn role(&mut self, title: &str, name: &str, trust: &str) -> Result<String, Broken> {
        let parameters = [("RoleName", name), ("AssumeRolePolicyDocument", trust)];
        let answer = self.iam(title, "CreateRole", &parameters).await?;
        let arn = element(title, &answer, "Arn")?;
        note(&arn);
        Ok(arn)
    }

    async fn bucket(&mut self) -> Result<(), Broken> {
        let path = format!("/{BUCKET}");
        let root = self.root;
        let call = s3(&path, Vec::new(), root);
        let shown = format!("PUT  {path}");
        let step = Step {
            title: "create a bucket",
            shown: &shown,
            call,
            expected: StatusCode::OK,
        };
        self.take(step).await?;
        Ok(())
    }

    async fn backend(&mut self, pool: &str) -> Result<Keys, Broken> {
        let title = "create the backend";
        let answer = self
            .iam(title, "CreateUser", &[("UserName", BACKEND)])
            .await?;
        let user = element(title, &answer, "Arn")?;
        note(&user);
        let account = user.split(':').nth(4).unwrap_or_default();
        let region = pool.split(':').next().unwrap_or_default();
        let policy = json!({"Version": "2012-10-17", "Statement": [{
            "Effect": "Allow",
            "Action": "cognito-identity:GetOpenIdTokenForDeveloperIdentity",
            "Resource": format!("arn:aws:cognito-identity:{region}:{account}:identitypool/{pool}"),
        }]})
        .to_string();
        let parameters = [
            ("UserName", BACKEND),
            ("PolicyName", "mint-tokens"),
            ("PolicyDocument", policy.as_str()),
        ];
        self.iam("allow it to mint tokens", "PutUserPolicy", &parameters)
            .await?;
        let title = "create its access key";
        let answer = self
            .iam(title, "CreateAccessKey", &[("UserName", BACKEND)])
            .await?;
        let id = element(title, &answer, "AccessKeyId")?;
        note(&id);
        keys(
            title,
            &id,
            &element(title, &answer, "SecretAccessKey")?,
            None,
        )
    }

    async fn token(
        &mut self,
        pool: &str,
        backend: &Keys,
        user: &str,
    ) -> Result<(String, String), Broken> {
        let title = format!("a token for {user}");
        let input = json!({"IdentityPoolId": pool, "Logins": {PROVIDER: user}});
        let operation = "GetOpenIdTokenForDeveloperIdentity";
        let answer = self
            .cognito(&title, operation, &input, Some(backend))
            .await?;
        let identity = member(&title, &answer, &["IdentityId"])?;
        let token = member(&title, &answer, &["Token"])?;
        note(&format!("{identity}, token of {} characters", token.len()));
        Ok((identity, token))
    }

    async fn credentials(&mut self, identity: &str, token: &str) -> Result<Keys, Broken> {
        let title = "credentials for it";
        let input = json!({"IdentityId": identity, "Logins": {ISSUER: token}});
        let answer = self
            .cognito(title, "GetCredentialsForIdentity", &input, None)
            .await?;
        let part = |name| member(title, &answer, &["Credentials", name]);
        let id = part("AccessKeyId")?;
        let expiration = find(&answer, &["Credentials", "Expiration"]).and_then(Value::as_integer);
        let expiration = expiration.ok_or_else(|| Broken::Member {
            title: title.into(),
            member: "Expiration",
        })?;
        let seconds = expiration.saturating_sub(clock::now_millis().div_euclid(1_000));
        note(&format!(
            "{id}, expires in {}m{:02}s",
            seconds / 60,
            seconds % 60
        ));
        keys(
            title,
            &id,
            &part("SecretKey")?,
            Some(&part("SessionToken")?),
        )
    }

    async fn upload(
        &mut self,
        title: &str,
        identity: &str,
        keys: &Keys,
        expected: StatusCode,
    ) -> Result<Answer, Broken> {
        let path = format!("/{BUCKET}/{}/hello.txt", identity.replace(':', "%3A"));
        let shown = format!("PUT  s3://{BUCKET}/{}…/hello.txt", short(identity));
        let call = s3(&path, b"hello from the demo\n".to_vec(), keys);
        self.take(Step {
            title,
            shown: &shown,
            call,
            expected,
        })
        .await
    }

    async fn caller(&mut self, keys: &Keys) -> Result<(), Broken> {
        let title = "who am I";
        let body = form("GetCallerIdentity", "2011-06-15", &[]);
        let call = query("sts", body, keys);
        let shown = "POST GetCallerIdentity";
        let answer = self
            .take(Step {
                title,
                shown,
                call,
                expected: StatusCode::OK,
            })
            .await?;
        let arn = element(title, &answer, "Arn")?;
        note(&arn);
        if arn.contains(&format!(":assumed-role/{ROLE}/")) {
            return Ok(());
        }
        let what = format!("`{arn}` is not a session of `{ROLE}`");
        Err(Broken::Content {
            title: title.to_owned(),
            what,
        })
    }

    /// One call of the identity face; its answer, which may be empty.
    async fn cognito(
        &mut self,
        title: &str,
        operation: &str,
        input: &serde_json::Value,
        keys: Option<&Keys>,
    ) -> Result<Value, Broken> {
        let target = format!("AWSCognitoIdentityService.{operation}");
        let shown = format!("POST {operation}");
        let call = calls::cognito(&target, input, keys);
        let expected = StatusCode::OK;
        let answer = self
            .take(Step {
                title,
                shown: &shown,
                call,
                expected,
            })
            .await?;
        if answer.body.is_empty() {
            return Ok(Value::Null);
        }
        daypass_json::parse(&answer.body, &Bounds::WIRE).map_err(|error| Broken::Content {
            title: title.to_owned(),
            what: format!("the answer is not JSON: {error}"),
        })
    }

    async fn iam(
        &mut self,
        title: &str,
        operation: &str,
        parameters: &[(&str, &str)],
    ) -> Result<Answer, Broken> {
        let call = query("iam", form(operation, "2010-05-08", parameters), self.root);
        let shown = format!("POST {operation}");
        self.take(Step {
            title,
            shown: &shown,
            call,
            expected: StatusCode::OK,
        })
        .await
    }

    /// Takes one step: sends, measures, shows, and compares with what was expected.
    async fn take(&mut self, step: Step<'_>) -> Result<Answer, Broken> {
        self.steps = self.steps.saturating_add(1);
        let began = clock::instant();
        let answer = self.client.send(step.call).await?;
        let millis = began.elapsed().as_millis();
        let status = answer.status.as_u16();
        let held = answer.status == step.expected;
        let mark = match (held, answer.status.is_success()) {
            (true, true) => "",
            (true, false) => "  (expected)",
            (false, _) => "  (unexpected)",
        };
        let number = self.steps;
        let (title, shown) = (step.title, step.shown);
        say(&format!(
            "{number:>3}  {title:<24} {shown:<48} {status}  {millis:>3} ms{mark}"
        ));
        if held {
            return Ok(answer);
        }
        Err(Broken::Status {
            title: title.to_owned(),
            got: answer.status,
            expected: step.expected,
            body: String::from_utf8_lossy(&answer.body).into_owned(),
        })
    }
}

/// A line below a step.
fn note(line: &str) {
    say(&format!("       {line}"));
}

/// As much of an identity id as a person compares.
fn short(identity: &str) -> &str {
    let end = identity
        .find(':')
        .map_or(8, |colon| colon.saturating_add(9));
    identity.get(..end).unwrap_or(identity)
}
