//! `ListEntitiesForPolicy`: the roles and users that hold a managed policy, page by page.
//!
//! **Source**: IAM API reference, *ListEntitiesForPolicy*; contract page section 4.1.
//! **Errors**: `NoSuchEntity`, `InvalidInput` for an ARN that is no policy's, `ValidationError` for
//! a marker of another listing, and the common set.

use daypass_wire::constraint::{Choice, Text};
use daypass_wire::pattern;
use daypass_wire::query::Members;
use daypass_wire::xml::Element;

use super::holders::{Holder, Kind};
use super::paging::{Listed, PageInput};
use super::{error, holders, managed, shapes};
use crate::aws_query::{QueryInput, QueryOutput};
use crate::env::Env;
use crate::error::Failure;
use crate::guard::{Need, Permit};
use crate::operation::Operation;
use crate::page_token::Listing;

pub(super) struct ListEntitiesForPolicy;

pub(super) struct Input {
    policy_arn: String,
    entity_filter: Option<&'static str>,
    path_prefix: Option<String>,
    usage_filter: Option<&'static str>,
    page: PageInput,
}

impl QueryInput for Input {
    fn read(members: &mut Members<'_>) -> Self {
        Self {
            policy_arn: members.required_text("PolicyArn", &shapes::ARN),
            entity_filter: members.optional_choice("EntityFilter", &ENTITY),
            path_prefix: members.optional_text("PathPrefix", &PATH_PREFIX),
            usage_filter: members.optional_choice("PolicyUsageFilter", &shapes::POLICY_USAGE),
            page: PageInput::read(members),
        }
    }
}

const ENTITY: Choice = Choice(&[
    "User",
    "Role",
    "Group",
    "LocalManagedPolicy",
    "AWSManagedPolicy",
]);
const PATH_PREFIX: Text = Text::length(1, 512).matching(pattern::PATH);

impl Input {
    fn path_prefix(&self) -> &str {
        self.path_prefix.as_deref().unwrap_or("/")
    }

    /// Whether a user or role is asked for and holds the policy in a way that is asked for.
    fn wants(&self, holder: &Holder) -> bool {
        let kind = match holder.kind {
            Kind::Role => "Role",
            Kind::User => "User",
        };
        let attached = holder.grants.attached.contains(&self.policy_arn);
        let bounded = holder.grants.boundary.as_ref() == Some(&self.policy_arn);
        let held = match self.usage_filter {
            Some(shapes::PERMISSIONS_POLICY) => attached,
            Some(_) => bounded,
            None => attached || bounded,
        };
        held && self.entity_filter.is_none_or(|wanted| wanted == kind)
            && holder.path.starts_with(self.path_prefix())
    }
}

/// Where a holder stands in the listing: roles first, each kind by name.
fn place(holder: &Holder) -> String {
    let kind = match holder.kind {
        Kind::Role => "role",
        Kind::User => "user",
    };
    format!("{kind}/{}", holder.name.to_ascii_lowercase())
}

pub(super) struct Output(Listed<Holder>);

impl QueryOutput for Output {
    fn write(self) -> Option<Element> {
        let of_kind = |kind| {
            self.0
                .items
                .iter()
                .filter(move |holder| holder.kind == kind)
        };
        let roles = of_kind(Kind::Role).map(|role| {
            Element::new("PolicyRole")
                .text("RoleName", &role.name)
                .text("RoleId", &role.id)
        });
        let users = of_kind(Kind::User).map(|user| {
            Element::new("PolicyUser")
                .text("UserName", &user.name)
                .text("UserId", &user.id)
        });
        let result = Element::new("ListEntitiesForPolicyResult")
            .list("PolicyGroups", [])
            .list("PolicyUsers", users)
            .list("PolicyRoles", roles);
        Some(self.0.end(result))
    }
}

impl Operation for ListEntitiesForPolicy {
    const NAME: &'static str = "ListEntitiesForPolicy";
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
        let arn = &input.policy_arn;
        let bound = [
            arn.as_str(),
            input.entity_filter.unwrap_or_default(),
            input.path_prefix(),
            input.usage_filter.unwrap_or_default(),
        ];
        let listing = Listing {
            operation: Self::NAME,
            bound: &bound,
        };
        let pages = input.page.open(env, &permit, listing)?;
        let mut records = env.read().await?;
        managed::existing(env.account(), &mut records, arn).await?;
        let mut found = holders::all(&mut records).await?;
        found.retain(|holder| input.wants(holder));
        Ok(Output(pages.cut(found, place)?))
    }
}
