//! `ListIdentities`: the identities of a pool in the order they were made, page by page.
//!
//! **Source**: Cognito identity API reference, *ListIdentities*.
//! **Errors**: `ResourceNotFoundException`, `InvalidParameterException` for a page token of another
//! listing, and the common set.

use daypass_core::identity::{Identity, State};
use daypass_core::ids::IdentityPoolId;
use daypass_core::pool::IdentityPool;
use daypass_wire::json::{Answer, Members};

use super::{error, load_pool, need_on_pool, shapes};
use crate::aws_json::{JsonInput, JsonOutput};
use crate::env::Env;
use crate::error::Failure;
use crate::guard::{Need, Permit};
use crate::operation::Operation;
use crate::page_token::Listing;

pub(super) struct ListIdentities;

pub(super) struct Input {
    pool_id: IdentityPoolId,
    page_size: i64,
    next_token: Option<String>,
    hide_disabled: bool,
}

impl JsonInput for Input {
    fn read(members: &mut Members<'_>) -> Self {
        Self {
            pool_id: shapes::pool_id(members),
            page_size: members.required_integer("MaxResults", &shapes::PAGE_SIZE),
            next_token: members.optional_text("NextToken", &shapes::PAGE_TOKEN),
            hide_disabled: members.optional_flag("HideDisabled").unwrap_or(false),
        }
    }
}

pub(super) struct Output {
    pool: IdentityPool,
    identities: Vec<Identity>,
    next_token: Option<String>,
}

impl JsonOutput for Output {
    fn write(self) -> Option<Answer> {
        let pool = &self.pool;
        let identities = self
            .identities
            .iter()
            .map(|identity| shapes::identity(identity, pool));
        let answer = Answer::new()
            .text("IdentityPoolId", pool.id.as_str())
            .structures("Identities", identities)
            .optional_text("NextToken", self.next_token.as_deref());
        Some(answer)
    }
}

impl Operation for ListIdentities {
    const NAME: &'static str = "ListIdentities";
    const ERRORS: &'static [&'static str] = &[error::INVALID_PARAMETER, error::RESOURCE_NOT_FOUND];
    type Admission = Permit;
    type Input = Input;
    type Output = Output;

    async fn needs(env: &Env, input: &Input) -> Result<Vec<Need>, Failure> {
        Ok(vec![need_on_pool(env, Self::NAME, &input.pool_id).await?])
    }

    /// Hidden identities are left out of the page they stand on: a page may be short, and the last
    /// one is the one without a token.
    async fn call(env: &Env, permit: Permit, input: Input) -> Result<Output, Failure> {
        let hide = if input.hide_disabled {
            "enabled"
        } else {
            "all"
        };
        let listing = Listing {
            operation: Self::NAME,
            bound: &[input.pool_id.as_str(), hide],
        };
        let mut records = env.read().await?;
        let pool = load_pool(&mut records, &input.pool_id).await?;
        let after = match &input.next_token {
            None => None,
            Some(token) => Some(
                listing
                    .position(env, &permit, token)
                    .ok_or_else(error::invalid_page_token)?,
            ),
        };
        let limit = usize::try_from(input.page_size).unwrap_or(1);
        let page = records
            .identities(&pool.id, after.as_deref(), limit)
            .await?;
        let mut identities = page.items;
        if input.hide_disabled {
            identities.retain(|identity| identity.state() != State::Disabled);
        }
        let next_token = page
            .next
            .map(|next| listing.token(env, &permit, &next))
            .transpose()?;
        Ok(Output {
            pool,
            identities,
            next_token,
        })
    }
}
