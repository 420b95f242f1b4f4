//! Page tokens: sealed positions, good for one caller, one listing, one hour.
//!
//! **Source**: requirement S69.

use daypass_core::time::Timestamp;
use daypass_proof::seal::Purpose;

use crate::env::Env;
use crate::error::Failure;
use crate::guard::Permit;

/// How long a page token may lie about.
const PAGE_TOKEN_SECONDS: i64 = 3_600;

/// One listing of one caller: what a page token is bound to.
pub(crate) struct Listing<'a> {
    /// The operation.
    pub operation: &'static str,
    /// Pool and filters of the listing.
    pub bound: &'a [&'a str],
}

impl Listing<'_> {
    /// The token for the page that starts after `position`.
    pub(crate) fn token(
        &self,
        env: &Env,
        permit: &Permit,
        position: &str,
    ) -> Result<String, Failure> {
        let expires = permit.circumstances().now.seconds() + PAGE_TOKEN_SECONDS;
        let plain = format!("{expires} {position}");
        let context = self.context(env, permit);
        let context: Vec<&str> = context.iter().map(String::as_str).collect();
        env.sealing_ring()
            .seal(
                Purpose::PageToken,
                &context,
                env.random()?,
                plain.as_bytes(),
            )
            .map_err(|error| Failure::Internal(error.to_string()))
    }

    /// The position in a token, if it is one of this listing's and not too old.
    pub(crate) fn position(&self, env: &Env, permit: &Permit, token: &str) -> Option<String> {
        let context = self.context(env, permit);
        let context: Vec<&str> = context.iter().map(String::as_str).collect();
        let plain = env
            .sealing_ring()
            .open(Purpose::PageToken, &context, token)
            .ok()?;
        let (expires, position) = std::str::from_utf8(&plain).ok()?.split_once(' ')?;
        let expires = Timestamp::from_seconds(expires.parse().ok()?);
        (permit.circumstances().now < expires).then(|| position.to_owned())
    }

    fn context(&self, env: &Env, permit: &Permit) -> Vec<String> {
        let mut context = vec![
            env.deployment_id().to_owned(),
            permit.caller().arn(env),
            self.operation.to_owned(),
        ];
        context.extend(self.bound.iter().map(|part| (*part).to_owned()));
        context
    }
}
