//! `ListRoles`: the roles under a path, page by page.
//!
//! **Source**: IAM API reference, *ListRoles*; contract page section 4.1.
//! **Errors**: `ValidationError` for a marker of another listing, and the common set.

use daypass_core::ids::AccountId;
use daypass_core::role::Role;
use daypass_store::records::Records;
use daypass_wire::query::Members;
use daypass_wire::xml::Element;

use super::paging::{Listed, PageInput, Pages};
use super::{roles, shapes};
use crate::aws_query::{QueryInput, QueryOutput};
use crate::env::Env;
use crate::error::Failure;
use crate::guard::{Need, Permit};
use crate::operation::Operation;
use crate::page_token::Listing;

pub(super) struct ListRoles;

pub(super) struct Input {
    path_prefix: Option<String>,
    page: PageInput,
}

impl QueryInput for Input {
    fn read(members: &mut Members<'_>) -> Self {
        Self {
            path_prefix: members.optional_text("PathPrefix", &shapes::PATH_PREFIX),
            page: PageInput::read(members),
        }
    }
}

impl Input {
    fn path_prefix(&self) -> &str {
        self.path_prefix.as_deref().unwrap_or("/")
    }
}

pub(super) struct Output {
    account: AccountId,
    roles: Listed<Role>,
}

impl QueryOutput for Output {
    fn write(self) -> Option<Element> {
        let roles = self.roles.items.iter();
        let roles = roles.map(|role| shapes::role_in_list(&self.account, role));
        let result = Element::new("ListRolesResult").list("Roles", roles);
        Some(self.roles.end(result))
    }
}

impl Operation for ListRoles {
    const NAME: &'static str = "ListRoles";
    const ERRORS: &'static [&'static str] = &[];
    type Admission = Permit;
    type Input = Input;
    type Output = Output;

    async fn needs(env: &Env, input: &Input) -> Result<Vec<Need>, Failure> {
        let arn = roles::arn(env.account(), input.path_prefix(), "");
        Ok(vec![Need::new("iam:ListRoles", arn)])
    }

    async fn call(env: &Env, permit: Permit, input: Input) -> Result<Output, Failure> {
        let listing = Listing {
            operation: Self::NAME,
            bound: &[input.path_prefix()],
        };
        let pages = input.page.open(env, &permit, listing)?;
        let mut records = env.read().await?;
        let found = under(&mut records, &pages, input.path_prefix()).await?;
        Ok(Output {
            account: env.account().clone(),
            roles: pages.close(found, |role| role.name.to_ascii_lowercase())?,
        })
    }
}

/// Roles under a path, until there are enough for the page or no more.
async fn under(
    records: &mut Records,
    pages: &Pages<'_>,
    path_prefix: &str,
) -> Result<Vec<Role>, Failure> {
    let mut after = pages.after().map(str::to_owned);
    let mut found = Vec::new();
    loop {
        let page = records.roles(after.as_deref(), pages.wanted()).await?;
        let under = page.items.into_iter();
        found.extend(under.filter(|role| role.path.starts_with(path_prefix)));
        after = page.next;
        if after.is_none() || found.len() >= pages.wanted() {
            return Ok(found);
        }
    }
}
