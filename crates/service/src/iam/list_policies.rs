//! `ListPolicies`: the managed policies of this account and the built-in ones, page by page.
//!
//! **Source**: IAM API reference, *ListPolicies*; contract page section 4.1.
//! **Errors**: `ValidationError` for a marker of another listing, and the common set.

use daypass_core::ids::AccountId;
use daypass_store::records::Records;
use daypass_wire::constraint::Choice;
use daypass_wire::query::Members;
use daypass_wire::xml::Element;

use super::holders::Usage;
use super::managed::Managed;
use super::paging::{Listed, PageInput, Pages};
use super::{aws_managed, managed, shapes};
use crate::aws_query::{QueryInput, QueryOutput};
use crate::env::Env;
use crate::error::Failure;
use crate::guard::{Need, Permit};
use crate::operation::Operation;
use crate::page_token::Listing;

pub(super) struct ListPolicies;

pub(super) struct Input {
    scope: Option<&'static str>,
    only_attached: bool,
    path_prefix: Option<String>,
    usage_filter: Option<&'static str>,
    page: PageInput,
}

impl QueryInput for Input {
    fn read(members: &mut Members<'_>) -> Self {
        Self {
            scope: members.optional_choice("Scope", &SCOPE),
            only_attached: members.optional_flag("OnlyAttached").unwrap_or_default(),
            path_prefix: members.optional_text("PathPrefix", &shapes::POLICY_PATH),
            usage_filter: members.optional_choice("PolicyUsageFilter", &shapes::POLICY_USAGE),
            page: PageInput::read(members),
        }
    }
}

const SCOPE: Choice = Choice(&["All", "AWS", "Local"]);

pub(super) struct Output {
    policies: Listed<Managed>,
    usage: Usage,
}

impl QueryOutput for Output {
    fn write(self) -> Option<Element> {
        let policies = self.policies.items.iter();
        let policies = policies.map(|policy| managed::element_in_list(policy, &self.usage));
        let result = Element::new("ListPoliciesResult").list("Policies", policies);
        Some(self.policies.end(result))
    }
}

impl Operation for ListPolicies {
    const NAME: &'static str = "ListPolicies";
    const ERRORS: &'static [&'static str] = &[];
    type Admission = Permit;
    type Input = Input;
    type Output = Output;

    async fn needs(_: &Env, _: &Input) -> Result<Vec<Need>, Failure> {
        Ok(vec![Need::new("iam:ListPolicies", "*")])
    }

    async fn call(env: &Env, permit: Permit, input: Input) -> Result<Output, Failure> {
        let listing = Listing {
            operation: Self::NAME,
            bound: &[
                input.scope.unwrap_or("All"),
                if input.only_attached { "attached" } else { "" },
                input.path_prefix.as_deref().unwrap_or("/"),
                input.usage_filter.unwrap_or_default(),
            ],
        };
        let pages = input.page.open(env, &permit, listing)?;
        let mut records = env.read().await?;
        let search = Search {
            account: env.account(),
            input: &input,
            usage: Usage::count(&mut records).await?,
        };
        let found = search.run(&mut records, &pages).await?;
        Ok(Output {
            policies: pages.close(found, place)?,
            usage: search.usage,
        })
    }
}

/// What the places of built-in policies begin with; they stand before all others.
const BUILT_IN_PLACE: &str = "aws/";
/// What the places of the account's own policies begin with.
const LOCAL_PLACE: &str = "local/";

/// Where a policy stands in the listing: built-in ones first, each kind by name.
fn place(managed: &Managed) -> String {
    let kind = if managed.arn.starts_with(aws_managed::ARN_PREFIX) {
        BUILT_IN_PLACE
    } else {
        LOCAL_PLACE
    };
    format!("{kind}{}", managed.policy.name.to_ascii_lowercase())
}

struct Search<'a> {
    account: &'a AccountId,
    input: &'a Input,
    usage: Usage,
}

impl Search<'_> {
    /// Policies that fit, until there are enough for the page or no more.
    async fn run(&self, records: &mut Records, pages: &Pages<'_>) -> Result<Vec<Managed>, Failure> {
        let after = pages.after().unwrap_or_default();
        let scope = self.input.scope.unwrap_or("All");
        let mut found = Vec::new();
        if scope != "Local" {
            let built_in = aws_managed::all().map(Managed::built_in);
            let later = built_in.filter(|managed| place(managed).as_str() > after);
            found.extend(later.filter(|managed| self.fits(managed)));
        }
        if scope == "AWS" {
            return Ok(found);
        }
        let mut after = after.strip_prefix(LOCAL_PLACE).map(str::to_owned);
        while found.len() < pages.wanted() {
            let page = records
                .managed_policies(after.as_deref(), pages.wanted())
                .await?;
            let policies = page.items.into_iter();
            let policies = policies.map(|policy| Managed::of_account(self.account, policy));
            found.extend(policies.filter(|managed| self.fits(managed)));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        Ok(found)
    }

    fn fits(&self, managed: &Managed) -> bool {
        let path_prefix = self.input.path_prefix.as_deref().unwrap_or("/");
        let attached = self.usage.attached(&managed.arn) > 0;
        managed.policy.path.starts_with(path_prefix)
            && (attached || !self.input.only_attached)
            && match self.input.usage_filter {
                Some(shapes::PERMISSIONS_POLICY) => attached,
                Some(_) => self.usage.bounded(&managed.arn) > 0,
                None => true,
            }
    }
}
