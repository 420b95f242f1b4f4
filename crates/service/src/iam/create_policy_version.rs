//! `CreatePolicyVersion`: add a version to a managed policy, in force at once if asked for.
//!
//! **Source**: IAM API reference, *CreatePolicyVersion*; contract page sections 4.2 and 4.4.
//! **Errors**: `NoSuchEntity`, `InvalidInput` for an ARN that is no policy's, `LimitExceeded` past
//! five versions, `MalformedPolicyDocument`, and the common set; built-in policies change for
//! nobody.

use daypass_core::managed_policy::PolicyVersion;
use daypass_policy::DocumentKind;
use daypass_wire::query::Members;
use daypass_wire::xml::Element;

use super::limits::POLICY_VERSIONS_MAX;
use super::{documents, error, managed, shapes};
use crate::aws_query::{QueryInput, QueryOutput};
use crate::env::Env;
use crate::error::Failure;
use crate::guard::{Need, Permit};
use crate::operation::Operation;

pub(super) struct CreatePolicyVersion;

pub(super) struct Input {
    policy_arn: String,
    document: String,
    as_default: bool,
}

impl QueryInput for Input {
    fn read(members: &mut Members<'_>) -> Self {
        Self {
            policy_arn: members.required_text("PolicyArn", &shapes::ARN),
            document: members.required_text("PolicyDocument", &shapes::DOCUMENT),
            as_default: members.optional_flag("SetAsDefault").unwrap_or_default(),
        }
    }
}

pub(super) struct Output {
    number: u32,
    version: PolicyVersion,
    is_default: bool,
}

impl QueryOutput for Output {
    fn write(self) -> Option<Element> {
        let version = managed::version_in_list(self.number, &self.version, self.is_default);
        Some(Element::new("CreatePolicyVersionResult").child(version))
    }
}

impl Operation for CreatePolicyVersion {
    const NAME: &'static str = "CreatePolicyVersion";
    const ERRORS: &'static [&'static str] = &[
        error::INVALID_INPUT,
        error::LIMIT_EXCEEDED,
        error::MALFORMED_POLICY_DOCUMENT,
        error::NO_SUCH_ENTITY,
    ];
    type Admission = Permit;
    type Input = Input;
    type Output = Output;

    async fn needs(env: &Env, input: &Input) -> Result<Vec<Need>, Failure> {
        Ok(vec![
            managed::need(env, Self::NAME, &input.policy_arn).await?,
        ])
    }

    async fn call(env: &Env, permit: Permit, input: Input) -> Result<Output, Failure> {
        let now = permit.circumstances().now;
        documents::checked_document(
            &input.document,
            DocumentKind::Identity,
            &documents::MANAGED_POLICY,
        )?;
        let arn = &input.policy_arn;
        let mut records = env.write().await?;
        let mut policy = managed::changeable(env, &permit, &mut records, Self::NAME, arn).await?;
        if policy.versions.len() >= POLICY_VERSIONS_MAX {
            let message = format!(
                "A managed policy can have up to {POLICY_VERSIONS_MAX} versions. Before you create \
                 a new version, you must delete an existing version."
            );
            return Err(error::limit_exceeded(message).into());
        }
        let number = policy.next_version;
        let version = PolicyVersion {
            document: input.document,
            created: now,
        };
        policy.versions.insert(number, version.clone());
        policy.next_version = number.saturating_add(1);
        policy.updated = now;
        if input.as_default {
            policy.default_version = number;
        }
        records.put_managed_policy(&policy).await?;
        records.commit().await?;
        Ok(Output {
            number,
            version,
            is_default: input.as_default,
        })
    }
}
