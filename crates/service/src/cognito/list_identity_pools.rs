//! `ListIdentityPools`: id and name of each pool, page by page.
//!
//! **Source**: Cognito identity API reference, *ListIdentityPools*.
//! **Errors**: `InvalidParameterException` for a page token of another listing, and the common set.
//! The documented `ResourceNotFoundException` names nothing that could be missing; it is never
//! raised.

use daypass_core::pool::IdentityPool;
use daypass_store::records::Page;
use daypass_wire::json::{Answer, Members};

use super::{error, need_anywhere, shapes};
use crate::aws_json::{JsonInput, JsonOutput};
use crate::env::Env;
use crate::error::Failure;
use crate::guard::{Need, Permit};
use crate::operation::Operation;
use crate::page_token::Listing;

pub(super) struct ListIdentityPools;

pub(super) struct Input {
    page_size: i64,
    next_token: Option<String>,
}

impl JsonInput for Input {
    fn read(members: &mut Members<'_>) -> Self {
        Self {
            page_size: members.required_integer("MaxResults", &shapes::PAGE_SIZE),
            next_token: members.optional_text("NextToken", &shapes::PAGE_TOKEN),
        }
    }
}

pub(super) struct Output {
    pools: Vec<IdentityPool>,
    next_token: Option<String>,
}

impl JsonOutput for Output {
    fn write(self) -> Option<Answer> {
        let pools = self.pools.iter().map(|pool| {
            Answer::new()
                .text("IdentityPoolId", pool.id.as_str())
                .text("IdentityPoolName", &pool.settings.name)
        });
        let answer = Answer::new()
            .structures("IdentityPools", pools)
            .optional_text("NextToken", self.next_token.as_deref());
        Some(answer)
    }
}

impl Operation for ListIdentityPools {
    const NAME: &'static str = "ListIdentityPools";
    const ERRORS: &'static [&'static str] = &[error::INVALID_PARAMETER];
    type Admission = Permit;
    type Input = Input;
    type Output = Output;

    async fn needs(_: &Env, _: &Input) -> Result<Vec<Need>, Failure> {
        Ok(vec![need_anywhere(Self::NAME)])
    }

    async fn call(env: &Env, permit: Permit, input: Input) -> Result<Output, Failure> {
        let listing = Listing {
            operation: Self::NAME,
            bound: &[],
        };
        let after = match &input.next_token {
            None => None,
            Some(token) => Some(
                listing
                    .position(env, &permit, token)
                    .ok_or_else(error::invalid_page_token)?,
            ),
        };
        let limit = usize::try_from(input.page_size).unwrap_or(1);
        let mut records = env.read().await?;
        let Page { items, next } = records.pools(after.as_deref(), limit).await?;
        let next_token = next
            .map(|next| listing.token(env, &permit, &next))
            .transpose()?;
        Ok(Output {
            pools: items,
            next_token,
        })
    }
}
