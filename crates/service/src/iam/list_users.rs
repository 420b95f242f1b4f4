//! `ListUsers`: the users of the account by name, or those under one path.
//!
//! **Source**: IAM API reference, *ListUsers*; contract page section 4.1.
//! **Errors**: `ValidationError` for a marker of another listing, and the common set.

use daypass_core::ids::AccountId;
use daypass_core::user::User;
use daypass_wire::query::Members;
use daypass_wire::xml::Element;

use super::paging::{Listed, PageInput};
use super::{shapes, users};
use crate::aws_query::{QueryInput, QueryOutput};
use crate::env::Env;
use crate::error::Failure;
use crate::guard::{Need, Permit};
use crate::operation::Operation;
use crate::page_token::Listing;

/// Users read at once while looking for those of a path.
const READ_AT_ONCE: usize = 500;

pub(super) struct ListUsers;

pub(super) struct Input {
    path_prefix: String,
    page: PageInput,
}

impl QueryInput for Input {
    fn read(members: &mut Members<'_>) -> Self {
        let prefix = members.optional_text("PathPrefix", &shapes::PATH_PREFIX);
        Self {
            path_prefix: prefix.unwrap_or_else(|| "/".to_owned()),
            page: PageInput::read(members),
        }
    }
}

pub(super) struct Output {
    account: AccountId,
    users: Listed<User>,
}

impl QueryOutput for Output {
    fn write(self) -> Option<Element> {
        let users = self.users.items.iter();
        let users = users.map(|user| shapes::user_in_list(&self.account, user));
        let result = Element::new("ListUsersResult").list("Users", users);
        Some(self.users.end(result))
    }
}

impl Operation for ListUsers {
    const NAME: &'static str = "ListUsers";
    const ERRORS: &'static [&'static str] = &[];
    type Admission = Permit;
    type Input = Input;
    type Output = Output;

    async fn needs(env: &Env, input: &Input) -> Result<Vec<Need>, Failure> {
        let arn = users::arn(env.account(), &input.path_prefix, "");
        Ok(vec![Need::new(users::action(Self::NAME), arn)])
    }

    async fn call(env: &Env, permit: Permit, input: Input) -> Result<Output, Failure> {
        let listing = Listing {
            operation: Self::NAME,
            bound: &[&input.path_prefix],
        };
        let pages = input.page.open(env, &permit, listing)?;
        let mut records = env.read().await?;
        let mut after = pages.after().map(str::to_owned);
        let mut found: Vec<User> = Vec::new();
        // Ends with the users, whose number has a quota.
        while found.len() < pages.wanted() {
            let read = records.users(after.as_deref(), READ_AT_ONCE).await?;
            let under = |user: &User| user.path.starts_with(&input.path_prefix);
            found.extend(read.items.into_iter().filter(under));
            match read.next {
                Some(last) => after = Some(last),
                None => break,
            }
        }
        Ok(Output {
            account: env.account().clone(),
            users: pages.close(found, |user| user.name.to_ascii_lowercase())?,
        })
    }
}
