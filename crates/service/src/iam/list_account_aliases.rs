//! `ListAccountAliases`: nothing; an account here has no other name than its number.
//!
//! Tools ask when they start.
//!
//! **Source**: IAM API reference, *ListAccountAliases*.
//! **Errors**: `ValidationError` for a marker, and the common set.

use daypass_wire::query::Members;
use daypass_wire::xml::Element;

use super::paging::{Listed, PageInput};
use crate::aws_query::{QueryInput, QueryOutput};
use crate::env::Env;
use crate::error::Failure;
use crate::guard::{Need, Permit};
use crate::operation::Operation;
use crate::page_token::Listing;

pub(super) struct ListAccountAliases;

pub(super) struct Input {
    page: PageInput,
}

impl QueryInput for Input {
    fn read(members: &mut Members<'_>) -> Self {
        Self {
            page: PageInput::read(members),
        }
    }
}

pub(super) struct Output(Listed<String>);

impl QueryOutput for Output {
    fn write(self) -> Option<Element> {
        let result = Element::new("ListAccountAliasesResult");
        Some(self.0.end(result.list("AccountAliases", [])))
    }
}

impl Operation for ListAccountAliases {
    const NAME: &'static str = "ListAccountAliases";
    const ERRORS: &'static [&'static str] = &[];
    type Admission = Permit;
    type Input = Input;
    type Output = Output;

    async fn needs(_: &Env, _: &Input) -> Result<Vec<Need>, Failure> {
        Ok(vec![Need::new("iam:ListAccountAliases", "*")])
    }

    async fn call(env: &Env, permit: Permit, input: Input) -> Result<Output, Failure> {
        let listing = Listing {
            operation: Self::NAME,
            bound: &[],
        };
        let pages = input.page.open(env, &permit, listing)?;
        Ok(Output(pages.cut(Vec::new(), String::clone)?))
    }
}
