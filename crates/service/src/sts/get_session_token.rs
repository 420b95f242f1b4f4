//! `GetSessionToken`: temporary credentials with the rights of a long-term key.
//!
//! **Source**: AWS STS API reference, *GetSessionToken*. No permission is needed or evaluated.
//! **Errors**: `AccessDenied` for a caller with temporary credentials, and for any MFA code, since
//! no MFA device can be registered; and the common set.

use daypass_core::session::{SessionPrincipal, user_session_lifetime};
use daypass_wire::constraint::Integer;
use daypass_wire::query::Members;
use daypass_wire::xml::Element;

use super::{error, shapes};
use crate::aws_query::{QueryInput, QueryOutput};
use crate::credentials::{self, Credentials};
use crate::env::Env;
use crate::error::Failure;
use crate::guard::{Need, Permit, Standing};
use crate::operation::Operation;

const DURATION: Integer = Integer::range(900, 129_600);

pub(super) struct GetSessionToken;

pub(super) struct Input {
    duration_seconds: Option<i64>,
    token_code: Option<String>,
}

impl QueryInput for Input {
    fn read(members: &mut Members<'_>) -> Self {
        members.optional_text("SerialNumber", &shapes::SERIAL_NUMBER);
        Self {
            duration_seconds: members.optional_integer("DurationSeconds", &DURATION),
            token_code: members.optional_text("TokenCode", &shapes::TOKEN_CODE),
        }
    }
}

pub(super) struct Output(Credentials);

impl QueryOutput for Output {
    fn write(self) -> Option<Element> {
        Some(Element::new("GetSessionTokenResult").child(shapes::credentials(&self.0)))
    }
}

impl Operation for GetSessionToken {
    const NAME: &'static str = "GetSessionToken";
    const ERRORS: &'static [&'static str] = &[error::ACCESS_DENIED];
    type Admission = Permit;
    type Input = Input;
    type Output = Output;

    async fn needs(_: &Env, _: &Input) -> Result<Vec<Need>, Failure> {
        Ok(Vec::new())
    }

    async fn call(env: &Env, permit: Permit, input: Input) -> Result<Output, Failure> {
        // INVARIANT: temporary credentials never make credentials that outlive or exceed them.
        let principal = match permit.caller().standing() {
            Standing::Root => SessionPrincipal::Root,
            Standing::User(user) => SessionPrincipal::User {
                name: user.name.clone(),
                id: user.id.clone(),
            },
            Standing::RootSession(_) | Standing::UserSession(..) | Standing::RoleSession(..) => {
                let message = "Cannot call GetSessionToken with session credentials";
                return Err(error::access_denied(message, "session.nested").into());
            }
        };
        if input.token_code.is_some() {
            let message = "MultiFactorAuthentication failed with invalid MFA one time pass code.";
            return Err(error::access_denied(message, "session.mfa").into());
        }
        let root = principal == SessionPrincipal::Root;
        let lifetime = user_session_lifetime(root, input.duration_seconds);
        let now = permit.circumstances().now;
        Ok(Output(
            credentials::mint(env, principal, lifetime, now).map_err(error::seal)?,
        ))
    }
}
