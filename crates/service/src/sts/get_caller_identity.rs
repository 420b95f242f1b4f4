//! `GetCallerIdentity`: who signed this?
//!
//! **Source**: AWS STS API reference, *GetCallerIdentity*. No permission is needed, and none can be
//! taken away.
//! **Errors**: the common set only.

use daypass_wire::xml::Element;

use crate::aws_query::QueryOutput;
use crate::env::Env;
use crate::error::Failure;
use crate::guard::{Need, Permit};
use crate::operation::Operation;

pub(super) struct GetCallerIdentity;

pub(super) struct Output {
    user_id: String,
    account: String,
    arn: String,
}

impl QueryOutput for Output {
    fn write(self) -> Option<Element> {
        let result = Element::new("GetCallerIdentityResult")
            .text("Arn", self.arn)
            .text("UserId", self.user_id)
            .text("Account", self.account);
        Some(result)
    }
}

impl Operation for GetCallerIdentity {
    const NAME: &'static str = "GetCallerIdentity";
    const ERRORS: &'static [&'static str] = &[];
    type Admission = Permit;
    type Input = ();
    type Output = Output;

    async fn needs(_: &Env, (): &()) -> Result<Vec<Need>, Failure> {
        Ok(Vec::new())
    }

    async fn call(env: &Env, permit: Permit, (): ()) -> Result<Output, Failure> {
        let caller = permit.caller();
        Ok(Output {
            user_id: caller.user_id(env),
            account: env.account().to_string(),
            arn: caller.arn(env),
        })
    }
}
