//! `CreatePolicy`: make a managed policy, its first version in force.
//!
//! **Source**: IAM API reference, *CreatePolicy*; contract page sections 4.2, 4.3 and 4.6.
//! **Errors**: `EntityAlreadyExists`, `LimitExceeded`, `MalformedPolicyDocument`, `InvalidInput`
//! for tags, and the common set. The documented `ConcurrentModification` never shows: what collides
//! is run again.

use daypass_core::ids::UniqueId;
use daypass_core::managed_policy::{ManagedPolicy, PolicyVersion};
use daypass_policy::DocumentKind;
use daypass_wire::query::Members;
use daypass_wire::xml::Element;
use std::collections::BTreeMap;

use super::holders::Usage;
use super::limits::POLICIES_MAX;
use super::managed::Managed;
use super::{documents, error, managed, shapes, tags};
use crate::aws_query::{QueryInput, QueryOutput};
use crate::env::Env;
use crate::error::Failure;
use crate::guard::{Need, Permit};
use crate::operation::Operation;

pub(super) struct CreatePolicy;

pub(super) struct Input {
    path: String,
    policy_name: String,
    document: String,
    description: Option<String>,
    tags: tags::Given,
}

impl QueryInput for Input {
    fn read(members: &mut Members<'_>) -> Self {
        Self {
            path: members
                .optional_text("Path", &shapes::POLICY_PATH)
                .unwrap_or_else(|| "/".to_owned()),
            policy_name: members.required_text("PolicyName", &shapes::LONG_NAME),
            document: members.required_text("PolicyDocument", &shapes::DOCUMENT),
            description: members.optional_text("Description", &shapes::POLICY_DESCRIPTION),
            tags: tags::read(members),
        }
    }
}

pub(super) struct Output {
    managed: Managed,
    usage: Usage,
}

impl QueryOutput for Output {
    fn write(self) -> Option<Element> {
        let policy = managed::element(&self.managed, &self.usage);
        Some(Element::new("CreatePolicyResult").child(policy))
    }
}

impl Operation for CreatePolicy {
    const NAME: &'static str = "CreatePolicy";
    const ERRORS: &'static [&'static str] = &[
        error::ENTITY_ALREADY_EXISTS,
        error::INVALID_INPUT,
        error::LIMIT_EXCEEDED,
        error::MALFORMED_POLICY_DOCUMENT,
    ];
    type Admission = Permit;
    type Input = Input;
    type Output = Output;

    async fn needs(env: &Env, input: &Input) -> Result<Vec<Need>, Failure> {
        shapes::check_name("policyName", &input.policy_name)?;
        let arn = managed::arn(env.account(), &input.path, &input.policy_name);
        let need = |action: &str| tags::requested(Need::new(action, &arn), &input.tags);
        let mut needs = vec![need("iam:CreatePolicy")];
        if !input.tags.is_empty() {
            needs.push(need("iam:TagPolicy"));
        }
        Ok(needs)
    }

    async fn call(env: &Env, permit: Permit, input: Input) -> Result<Output, Failure> {
        let now = permit.circumstances().now;
        let tags = tags::POLICY.fresh(&input.tags)?;
        documents::checked_document(
            &input.document,
            DocumentKind::Identity,
            &documents::MANAGED_POLICY,
        )?;
        let mut records = env.write().await?;
        if records.managed_policy(&input.policy_name).await?.is_some() {
            let message = format!(
                "A policy called {} already exists. Duplicate names are not allowed.",
                input.policy_name
            );
            return Err(error::already_exists(message).into());
        }
        if records.count_managed_policies(POLICIES_MAX).await? >= POLICIES_MAX {
            return Err(error::quota("PoliciesPerAccount", POLICIES_MAX).into());
        }
        let version = PolicyVersion {
            document: input.document,
            created: now,
        };
        let policy = ManagedPolicy {
            name: input.policy_name,
            path: input.path,
            id: UniqueId::fresh("ANPA", env.random()?),
            description: input.description,
            versions: BTreeMap::from([(1, version)]),
            default_version: 1,
            next_version: 2,
            tags,
            created: now,
            updated: now,
        };
        records.put_managed_policy(&policy).await?;
        records.commit().await?;
        Ok(Output {
            managed: Managed::of_account(env.account(), policy),
            usage: Usage::default(),
        })
    }
}
