//! `GetUser`: what there is to know about a user; without a name, about the caller.
//!
//! **Source**: IAM API reference, *GetUser*; contract page section 4.4.
//! **Errors**: `NoSuchEntity`, `ValidationError` for a caller that names nobody and is no user, and
//! the common set.

use daypass_wire::query::Members;
use daypass_wire::xml::Element;

use super::users::Owner;
use super::{error, shapes};
use crate::aws_query::{QueryInput, QueryOutput};
use crate::env::Env;
use crate::error::Failure;
use crate::guard::{Need, Permit};
use crate::operation::Operation;

pub(super) struct GetUser;

pub(super) struct Input {
    user_name: Option<String>,
}

impl QueryInput for Input {
    fn read(members: &mut Members<'_>) -> Self {
        Self {
            user_name: members.optional_text("UserName", &shapes::LONG_NAME),
        }
    }
}

pub(super) struct Output(Element);

impl QueryOutput for Output {
    fn write(self) -> Option<Element> {
        Some(Element::new("GetUserResult").child(self.0))
    }
}

impl Operation for GetUser {
    const NAME: &'static str = "GetUser";
    const ERRORS: &'static [&'static str] = &[error::NO_SUCH_ENTITY];
    type Admission = Permit;
    type Input = Input;
    type Output = Output;

    /// Which user it is depends on who asks; [`Owner::admitted`] decides.
    async fn needs(_: &Env, _: &Input) -> Result<Vec<Need>, Failure> {
        Ok(Vec::new())
    }

    async fn call(env: &Env, permit: Permit, input: Input) -> Result<Output, Failure> {
        let owner = Owner::admitted(env, &permit, Self::NAME, input.user_name.as_deref()).await?;
        let user = owner.user()?;
        Ok(Output(shapes::user(env.account(), &user)))
    }
}
