//! `ListPolicyVersions`: the versions of a managed policy, newest first, documents left out.
//!
//! **Source**: IAM API reference, *ListPolicyVersions*; contract page section 4.1.
//! **Errors**: `NoSuchEntity`, `InvalidInput` for an ARN that is no policy's, `ValidationError` for
//! a marker of another listing, and the common set.

use daypass_core::managed_policy::PolicyVersion;
use daypass_wire::query::Members;
use daypass_wire::xml::Element;

use super::paging::{Listed, PageInput};
use super::{error, managed, shapes};
use crate::aws_query::{QueryInput, QueryOutput};
use crate::env::Env;
use crate::error::Failure;
use crate::guard::{Need, Permit};
use crate::operation::Operation;
use crate::page_token::Listing;

pub(super) struct ListPolicyVersions;

pub(super) struct Input {
    policy_arn: String,
    page: PageInput,
}

impl QueryInput for Input {
    fn read(members: &mut Members<'_>) -> Self {
        Self {
            policy_arn: members.required_text("PolicyArn", &shapes::ARN),
            page: PageInput::read(members),
        }
    }
}

pub(super) struct Output {
    default_version: u32,
    versions: Listed<(u32, PolicyVersion)>,
}

impl QueryOutput for Output {
    fn write(self) -> Option<Element> {
        let versions = self.versions.items.iter().map(|(number, version)| {
            managed::version_in_list(*number, version, *number == self.default_version)
        });
        let result = Element::new("ListPolicyVersionsResult").list("Versions", versions);
        Some(self.versions.end(result))
    }
}

impl Operation for ListPolicyVersions {
    const NAME: &'static str = "ListPolicyVersions";
    const ERRORS: &'static [&'static str] = &[error::INVALID_INPUT, error::NO_SUCH_ENTITY];
    type Admission = Permit;
    type Input = Input;
    type Output = Output;

    async fn needs(env: &Env, input: &Input) -> Result<Vec<Need>, Failure> {
        Ok(vec![
            managed::need(env, Self::NAME, &input.policy_arn).await?,
        ])
    }

    async fn call(env: &Env, permit: Permit, input: Input) -> Result<Output, Failure> {
        let listing = Listing {
            operation: Self::NAME,
            bound: &[&input.policy_arn],
        };
        let pages = input.page.open(env, &permit, listing)?;
        let mut records = env.read().await?;
        let managed = managed::existing(env.account(), &mut records, &input.policy_arn).await?;
        let newest_first = managed.policy.versions.into_iter().rev().collect();
        let place = |(number, _): &(u32, PolicyVersion)| format!("{:010}", u32::MAX - number);
        Ok(Output {
            default_version: managed.policy.default_version,
            versions: pages.cut(newest_first, place)?,
        })
    }
}
