//! The exchange, step by step: a token for a user, credentials for the token, one request that is
//! allowed and one that is refused.
//!
//! The demo, `daypass walk` and the console's test all make it, so a person sees the same thing in
//! all three: what was sent, what came back, how long it took, and whether that is as it should be.
//! Steps are values; who shows them decides how. No step ever holds a token or a secret in full.
//!
//! **Source**: Cognito developer guide, *Developer authenticated identities*; the worked traces of
//! the identity page, section 9; users page, S12 (test exchange) and section 9 (`walk`).

use std::future::Future;

use daypass_core::COGNITO_PROVIDER;
use http::{Method, StatusCode};
use serde_json::json;

use crate::api::identities::Vended;
use crate::api::pools::{DeveloperToken, TokenRequest};
use crate::api::storage::object_path;
use crate::api::{Api, CallError, Json, refusal};
use crate::client::{Answer, Keys};
use crate::{clock, token};

mod shown;

pub(crate) use shown::other_identity;

/// The object that the exchange writes.
pub(crate) const OBJECT: &str = "hello.txt";

/// One step as it was taken.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Step {
    /// What it is.
    pub(crate) title: String,
    /// The request in one line.
    pub(crate) summary: String,
    /// The request in full, secrets masked; empty where only its line is of interest.
    pub(crate) request: String,
    /// The answer's body, secrets masked.
    pub(crate) answer: String,
    /// The answer's status; zero when there was no answer.
    pub(crate) status: u16,
    /// How long the answer took.
    pub(crate) millis: u64,
    /// Whether the answer is what the step expects.
    pub(crate) expected: bool,
    /// What came of it, in a few words.
    pub(crate) note: String,
}

impl Step {
    /// The step as one line of a numbered list, without its note.
    pub(crate) fn line(&self, number: usize) -> String {
        let mark = match (self.expected, (200..300).contains(&self.status)) {
            (true, true) => "",
            (true, false) => "  (expected)",
            (false, _) => "  (unexpected)",
        };
        format!(
            "{number:>3}  {:<24} {:<48} {}  {:>3} ms{mark}",
            self.title, self.summary, self.status, self.millis
        )
    }
}

/// Why an exchange ended early.
#[derive(Clone, Debug, thiserror::Error)]
pub(crate) enum Broken {
    /// A step was answered with something else than it expects, or not at all.
    #[error("`{title}`: {cause}")]
    Call {
        /// The step.
        title: String,
        /// What came back.
        cause: CallError,
    },
    /// A step that should have been refused was allowed.
    #[error("`{title}` was allowed, and should have been refused")]
    Allowed {
        /// The step.
        title: String,
    },
    /// The answer is right, what it says is not.
    #[error("`{title}`: {what}")]
    Content {
        /// The step.
        title: String,
        /// What is wrong.
        what: String,
    },
}

/// Which requests show what the credentials are good for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Probe {
    /// Write under the own prefix; be refused under another's.
    OwnPrefix,
    /// List the bucket; be refused writing.
    ReadOnly,
}

/// What is exchanged.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plan<'a> {
    /// The pool.
    pub(crate) identity_pool_id: &'a str,
    /// Its developer provider.
    pub(crate) provider: &'a str,
    /// The developer's user.
    pub(crate) user: &'a str,
    /// The bucket to try the credentials on.
    pub(crate) bucket: &'a str,
    /// Which requests.
    pub(crate) probe: Probe,
}

/// What came of an exchange.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// The steps taken, the last one perhaps unexpected.
    pub(crate) steps: Vec<Step>,
    /// The identity.
    pub(crate) identity_id: Option<String>,
    /// The token, taken apart.
    pub(crate) token: Option<token::Token>,
    /// Why it ended early.
    pub(crate) broken: Option<Broken>,
}

/// Who is told of each step as it is taken.
pub(crate) type OnStep<'a> = &'a mut (dyn FnMut(&Step) + Send);

/// An exchange under way.
pub(crate) struct Exchange<'a> {
    api: Api<'a>,
    on_step: OnStep<'a>,
    steps: Vec<Step>,
}

/// Makes the whole exchange with the rights of `api`'s key, as a backend would.
pub(crate) async fn run(api: Api<'_>, plan: &Plan<'_>, on_step: OnStep<'_>) -> Outcome {
    let mut outcome = Outcome::default();
    let mut exchange = Exchange::new(api, on_step);
    if let Err(broken) = exchange.whole(plan, &mut outcome).await {
        outcome.broken = Some(broken);
    }
    outcome.steps = exchange.steps;
    outcome
}

impl<'a> Exchange<'a> {
    /// An exchange that has not begun.
    pub(crate) fn new(api: Api<'a>, on_step: OnStep<'a>) -> Self {
        Self {
            api,
            on_step,
            steps: Vec::new(),
        }
    }

    async fn whole(&mut self, plan: &Plan<'_>, outcome: &mut Outcome) -> Result<(), Broken> {
        let request = TokenRequest {
            identity_pool_id: plan.identity_pool_id,
            provider: plan.provider,
            user: plan.user,
            ..TokenRequest::default()
        };
        let minted = self.mint("mint", &request, self.api).await?;
        outcome.token = token::read(&minted.token).ok();
        outcome.identity_id = Some(minted.identity_id.clone());
        let keys = self.exchange("exchange", &minted).await?;
        let own = format!("{}/{OBJECT}", minted.identity_id);
        let other = format!("{}/{OBJECT}", other_identity(&minted.identity_id));
        match plan.probe {
            Probe::OwnPrefix => {
                self.put("allowed", plan.bucket, &own, &keys, true).await?;
                self.put("refused", plan.bucket, &other, &keys, false)
                    .await?;
            }
            Probe::ReadOnly => {
                self.list("allowed", plan.bucket, &keys).await?;
                self.put("refused", plan.bucket, &own, &keys, false).await?;
            }
        }
        Ok(())
    }

    /// The backend's step: a token for a user, signed with the backend's key.
    pub(crate) async fn mint(
        &mut self,
        title: &str,
        request: &TokenRequest<'_>,
        backend: Api<'_>,
    ) -> Result<DeveloperToken, Broken> {
        let operation = "GetOpenIdTokenForDeveloperIdentity";
        let note = |minted: &DeveloperToken| {
            let life = token::read(&minted.token).map(|token| token.life(now()).to_string());
            format!("{}, token {}", minted.identity_id, life.unwrap_or_default())
        };
        self.json(title, operation, &request.input(), backend, note)
            .await
    }

    /// The app's step: credentials for a token. It is not signed.
    pub(crate) async fn exchange(
        &mut self,
        title: &str,
        minted: &DeveloperToken,
    ) -> Result<Keys, Broken> {
        let input = json!({
            "IdentityId": minted.identity_id,
            "Logins": {COGNITO_PROVIDER: minted.token},
        });
        let operation = "GetCredentialsForIdentity";
        let public = self.api.with_keys(None);
        let note = |vended: &Vended| {
            let left = vended.credentials.expires_at().saturating_sub(now());
            let id = &vended.credentials.access_key_id;
            format!("{id}, expires in {}", token::span(left))
        };
        let vended = self.json(title, operation, &input, public, note).await?;
        vended.credentials.keys().map_err(|what| Broken::Content {
            title: title.to_owned(),
            what: what.to_string(),
        })
    }

    /// An upload that should be allowed, or refused.
    pub(crate) async fn put(
        &mut self,
        title: &str,
        bucket: &str,
        key: &str,
        keys: &Keys,
        allowed: bool,
    ) -> Result<(), Broken> {
        let path = object_path(bucket, key);
        let summary = format!("PUT  s3://{bucket}/{}", shown::short_key(key));
        let body = b"hello from daypass\n".to_vec();
        let api = self.api.with_keys(Some(keys));
        let request = shown::s3_request(&api, "PUT", &path, keys);
        let asked = api.s3(Method::PUT, &path, body);
        self.storage(title, summary, request, allowed, asked).await
    }

    /// A listing that should be allowed.
    async fn list(&mut self, title: &str, bucket: &str, keys: &Keys) -> Result<(), Broken> {
        let path = format!(
            "{}?list-type=2",
            object_path(bucket, "").trim_end_matches('/')
        );
        let api = self.api.with_keys(Some(keys));
        let request = shown::s3_request(&api, "GET", &path, keys);
        let asked = api.s3(Method::GET, &path, Vec::new());
        let summary = format!("GET  s3://{bucket}");
        self.storage(title, summary, request, true, asked).await
    }

    /// Any other step: one operation, of which only the outcome is of interest.
    pub(crate) async fn operate<T>(
        &mut self,
        title: &str,
        summary: &str,
        asked: impl Future<Output = Result<T, CallError>>,
        note: impl FnOnce(&T) -> String,
    ) -> Result<T, Broken> {
        let began = clock::instant();
        let result = asked.await;
        let mut step = Step {
            title: title.to_owned(),
            summary: summary.to_owned(),
            millis: millis(began),
            status: 200,
            ..Step::default()
        };
        conclude(&mut step, &result, note);
        self.take(step);
        result.map_err(|cause| broken(title, cause))
    }

    /// One operation of the identity face, shown in full.
    async fn json<T: serde::de::DeserializeOwned>(
        &mut self,
        title: &str,
        operation: &str,
        input: &serde_json::Value,
        api: Api<'_>,
        note: impl FnOnce(&T) -> String,
    ) -> Result<T, Broken> {
        let began = clock::instant();
        let answer = api.json_answer(Json::Cognito, operation, input).await;
        let mut step = Step {
            title: title.to_owned(),
            summary: format!("POST {operation}"),
            request: shown::json_request(&api, operation, input),
            millis: millis(began),
            ..Step::default()
        };
        let result = answer.and_then(|answer| {
            (step.status, step.answer) = (answer.status.as_u16(), shown::json_body(&answer.body));
            let answer = crate::api::accepted(answer)?;
            serde_json::from_slice(&answer.body).map_err(|error| CallError::Unreadable {
                operation: operation.to_owned(),
                what: error.to_string(),
            })
        });
        conclude(&mut step, &result, note);
        self.take(step);
        result.map_err(|cause| broken(title, cause))
    }

    async fn storage(
        &mut self,
        title: &str,
        summary: String,
        request: String,
        allowed: bool,
        asked: impl Future<Output = Result<Answer, CallError>>,
    ) -> Result<(), Broken> {
        let began = clock::instant();
        let answer = asked.await;
        let mut step = Step {
            title: title.to_owned(),
            summary,
            request,
            millis: millis(began),
            ..Step::default()
        };
        let result = match answer {
            Ok(answer) => {
                step.status = answer.status.as_u16();
                step.answer = String::from_utf8_lossy(&answer.body).into_owned();
                let denied = answer.status == StatusCode::FORBIDDEN;
                if denied {
                    step.note = shown::refused(&refusal(&answer));
                }
                step.expected = if allowed {
                    answer.status.is_success()
                } else {
                    denied
                };
                match (step.expected, answer.status.is_success()) {
                    (true, _) => Ok(()),
                    (false, true) => Err(Broken::Allowed {
                        title: title.to_owned(),
                    }),
                    (false, false) => Err(broken(title, CallError::Refused(refusal(&answer)))),
                }
            }
            Err(error) => {
                fail(&mut step, &error);
                Err(broken(title, error))
            }
        };
        self.take(step);
        result
    }

    fn take(&mut self, step: Step) {
        (self.on_step)(&step);
        self.steps.push(step);
    }
}

/// Writes into a step how it ended.
fn conclude<T>(step: &mut Step, result: &Result<T, CallError>, note: impl FnOnce(&T) -> String) {
    match result {
        Ok(value) => (step.expected, step.note) = (true, note(value)),
        Err(error) => fail(step, error),
    }
}

fn broken(title: &str, cause: CallError) -> Broken {
    Broken::Call {
        title: title.to_owned(),
        cause,
    }
}

fn fail(step: &mut Step, error: &CallError) {
    if let CallError::Refused(refusal) = error {
        step.status = refusal.status;
        step.note = shown::refused(refusal);
    } else {
        step.note = error.to_string();
    }
    step.expected = false;
}

fn millis(began: std::time::Instant) -> u64 {
    u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX)
}

fn now() -> i64 {
    clock::now_millis().div_euclid(1_000)
}

#[cfg(test)]
mod tests;
