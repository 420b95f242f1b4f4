//! The exchange itself, step by step, and what is said of each step.
//!
//! **Source**: users page, section 7 (S7) and section 5; Cognito developer guide, *Developer
//! authenticated identities*.

use super::form::Form;
use crate::advice::{Advice, for_refusal};
use crate::api::pools::{IdentityPool, TokenRequest};
use crate::api::{Api, CallError};
use crate::client::Keys;
use crate::console::reply::sentence;
use crate::console::visit::Visit;
use crate::exchange::{Broken, Exchange, Step, other_identity};
use crate::token::{self, Token};

/// What came of an exchange.
pub(super) struct Ran {
    /// The steps that were taken.
    pub(super) steps: Vec<Seen>,
    /// Whether every step ended as it should.
    pub(super) works: bool,
    /// The token, taken apart.
    pub(super) token: Option<Token>,
    /// The secrets that were made, for who asks to see them.
    pub(super) secrets: Vec<Secret>,
    /// Whether the bucket turned out not to be there.
    pub(super) bucket_is_missing: bool,
}

/// A step with what a person should know about it.
pub(super) struct Seen {
    /// Whose part it is.
    pub(super) who: &'static str,
    /// What was done.
    pub(super) step: Step,
    /// What its request is called on the page, where names are unique.
    pub(super) request_label: String,
    /// What its answer is called.
    pub(super) answer_label: String,
    /// The answer, laid out.
    pub(super) answer: String,
    /// What the service said of a surprise.
    pub(super) said: String,
    /// The reason of a surprise, and what helps.
    pub(super) advice: Option<(String, Advice)>,
}

/// Something secret that the exchange made.
pub(super) struct Secret {
    /// What it is.
    pub(super) label: &'static str,
    /// It.
    pub(super) value: String,
}

/// What to do when a role lets its users write where they must not.
const TOO_WIDE: Advice = Advice {
    meaning: "The role lets this identity write under the prefix of another one.",
    fix: "Narrow the Resource of the role's policy to \
          arn:aws:s3:::BUCKET/${cognito-identity.amazonaws.com:sub}/*.",
};

/// Makes the exchange with the person's own key.
pub(super) async fn run(visit: &Visit, pool: &IdentityPool, form: &Form) -> Ran {
    let mut steps = Vec::new();
    let mut keep = |step: &Step| steps.push(step.clone());
    let mut exchange = Exchange::new(visit.api(), &mut keep);
    let mut made = Made::default();
    let broken = made.walk(&mut exchange, visit.api(), pool, form).await;
    drop(exchange);
    let works = broken.is_empty();
    let bucket_is_missing = broken.iter().any(|one| {
        let refused = |cause: &CallError| cause.is("NoSuchBucket");
        matches!(one, Broken::Call { cause, .. } if refused(cause))
    });
    let steps = (1..).zip(steps);
    let steps = steps.map(|(number, step)| seen(number, step, &broken));
    Ran {
        steps: steps.collect(),
        works,
        token: made.token,
        secrets: made.secrets,
        bucket_is_missing,
    }
}

/// What the steps leave behind.
#[derive(Default)]
struct Made {
    token: Option<Token>,
    secrets: Vec<Secret>,
}

impl Made {
    /// Takes the steps; of the two writes both are tried. Answers what did not go as it should.
    async fn walk(
        &mut self,
        exchange: &mut Exchange<'_>,
        backend: Api<'_>,
        pool: &IdentityPool,
        form: &Form,
    ) -> Vec<Broken> {
        let request = TokenRequest {
            identity_pool_id: &pool.identity_pool_id,
            provider: pool.developer_provider_name.as_deref().unwrap_or_default(),
            user: &form.user,
            identity_id: None,
            duration_seconds: form.duration_seconds(),
            tags: form.tags().unwrap_or_default(),
        };
        let minted = match exchange.mint("Mint a token", &request, backend).await {
            Ok(minted) => minted,
            Err(broken) => return vec![broken],
        };
        self.token = token::read(&minted.token).ok();
        self.keep("token", &minted.token);
        let vended = exchange.exchange("Trade it for credentials", &minted).await;
        let keys = match vended {
            Ok(keys) => keys,
            Err(broken) => return vec![broken],
        };
        self.keep_keys(&keys);
        let own = format!("{}/{}", minted.identity_id, form.key);
        let other = format!("{}/{}", other_identity(&minted.identity_id), form.key);
        let bucket = &form.bucket;
        let title = "Write under the own prefix";
        let allowed = exchange.put(title, bucket, &own, &keys, true).await;
        let title = "Write under another identity’s prefix";
        let refused = exchange.put(title, bucket, &other, &keys, false).await;
        [allowed, refused]
            .into_iter()
            .filter_map(Result::err)
            .collect()
    }

    fn keep(&mut self, label: &'static str, value: &str) {
        self.secrets.push(Secret {
            label,
            value: value.to_owned(),
        });
    }

    fn keep_keys(&mut self, keys: &Keys) {
        self.keep("secret access key", keys.secret_access_key.expose());
        if let Some(token) = &keys.session_token {
            self.keep("session token", token.expose());
        }
    }
}

fn seen(number: usize, step: Step, broken: &[Broken]) -> Seen {
    let own = broken.iter().find(|one| title_of(one) == step.title);
    let said = match own {
        Some(Broken::Call { cause, .. }) => sentence(cause),
        Some(Broken::Content { what, .. }) => what.clone(),
        Some(Broken::Allowed { .. }) | None => String::new(),
    };
    let advice = match own {
        Some(Broken::Allowed { .. }) => Some(("policy.too_wide".to_owned(), TOO_WIDE)),
        Some(Broken::Call {
            cause: CallError::Refused(refusal),
            ..
        }) => Some(for_refusal(refusal)),
        _ => None,
    };
    Seen {
        who: if step.title.starts_with("Mint") {
            "Your backend"
        } else {
            "Your client"
        },
        request_label: format!("Request {number}"),
        answer_label: format!("Answer {number}"),
        answer: laid_out(&step.answer),
        step,
        said,
        advice,
    }
}

fn title_of(broken: &Broken) -> &str {
    match broken {
        Broken::Call { title, .. } | Broken::Allowed { title } | Broken::Content { title, .. } => {
            title
        }
    }
}

/// An answer in XML, an element a line; one in JSON comes laid out.
fn laid_out(answer: &str) -> String {
    if answer.starts_with('<') {
        answer.replace("><", ">\n<")
    } else {
        answer.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::Refusal;

    fn step(title: &str) -> Step {
        Step {
            title: title.to_owned(),
            ..Step::default()
        }
    }

    #[test]
    fn a_surprise_is_explained_at_its_own_step() {
        let broken = [Broken::Call {
            title: "b".to_owned(),
            cause: CallError::Refused(Refusal {
                reason: Some("role.trust_aud".to_owned()),
                ..Refusal::default()
            }),
        }];
        assert!(seen(1, step("a"), &broken).advice.is_none());
        let (reason, advice) = seen(1, step("b"), &broken).advice.unwrap();
        assert_eq!(reason, "role.trust_aud");
        assert!(advice.fix.contains("aud"));
    }

    #[test]
    fn a_write_that_should_have_been_refused_tells_of_the_policy() {
        let broken = [Broken::Allowed {
            title: "a".to_owned(),
        }];
        let (_, advice) = seen(1, step("a"), &broken).advice.unwrap();
        assert!(advice.fix.contains("${cognito-identity.amazonaws.com:sub}"));
    }

    #[test]
    fn xml_is_laid_out_by_its_elements() {
        assert_eq!(laid_out("<a><b>x</b></a>"), "<a>\n<b>x</b>\n</a>");
        assert_eq!(laid_out("{\"a\": \"><\"}"), "{\"a\": \"><\"}");
    }
}
