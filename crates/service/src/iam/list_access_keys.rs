//! `ListAccessKeys`: the keys of a user, or of the root user who asks for itself; no secrets.
//!
//! The root key that a deployment is given from outside is configuration: it is no record, so it is
//! neither listed nor changed here.
//!
//! **Source**: IAM API reference, *ListAccessKeys*.
//! **Errors**: `NoSuchEntity`, `ValidationError` for a role session that names no user and for a
//! marker of another listing, and the common set.

use daypass_core::user::AccessKey;
use daypass_wire::query::Members;
use daypass_wire::time::iso8601;
use daypass_wire::xml::Element;

use super::paging::{Listed, PageInput};
use super::users::{self, Owner};
use super::{error, shapes};
use crate::aws_query::{QueryInput, QueryOutput};
use crate::env::Env;
use crate::error::Failure;
use crate::guard::{Need, Permit};
use crate::operation::Operation;
use crate::page_token::Listing;

pub(super) struct ListAccessKeys;

pub(super) struct Input {
    user_name: Option<String>,
    page: PageInput,
}

impl QueryInput for Input {
    fn read(members: &mut Members<'_>) -> Self {
        Self {
            user_name: members.optional_text("UserName", &shapes::LONG_NAME),
            page: PageInput::read(members),
        }
    }
}

pub(super) struct Output(Listed<AccessKey>);

impl QueryOutput for Output {
    fn write(self) -> Option<Element> {
        let keys = self.0.items.iter().map(|key| {
            Element::new("AccessKeyMetadata")
                .text("UserName", users::owner_name(key))
                .text("AccessKeyId", key.id.as_str())
                .text("Status", users::status(key.status))
                .text("CreateDate", iso8601(key.created.seconds()))
        });
        let result = Element::new("ListAccessKeysResult").list("AccessKeyMetadata", keys);
        Some(self.0.end(result))
    }
}

impl Operation for ListAccessKeys {
    const NAME: &'static str = "ListAccessKeys";
    const ERRORS: &'static [&'static str] = &[error::NO_SUCH_ENTITY];
    type Admission = Permit;
    type Input = Input;
    type Output = Output;

    /// Whose keys they are depends on who asks; [`Owner::admitted`] decides.
    async fn needs(_: &Env, _: &Input) -> Result<Vec<Need>, Failure> {
        Ok(Vec::new())
    }

    async fn call(env: &Env, permit: Permit, input: Input) -> Result<Output, Failure> {
        let owner = Owner::admitted(env, &permit, Self::NAME, input.user_name.as_deref()).await?;
        let listing = Listing {
            operation: Self::NAME,
            bound: &[owner.name().unwrap_or_default()],
        };
        let pages = input.page.open(env, &permit, listing)?;
        let mut records = env.read().await?;
        let keys = records.access_keys_of(owner.name()).await?;
        Ok(Output(pages.cut(keys, |key| key.id.as_str().to_owned())?))
    }
}
