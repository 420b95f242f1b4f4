//! The values that a policy's variables have for one identity, by its id or its user's.
//!
//! **Source**: users page, S15 (*Preview for identity*) and row 37.

use daypass_core::session::Federation;
use daypass_policy::Context;

use super::uses::Uses;
use crate::api::roles::Role;
use crate::console::identities::{access, lookup};
use crate::console::visit::Visit;
use crate::templates::IdentityKind;

/// Values for the identity a person named; a sentence when there is none.
pub(super) async fn context(
    visit: &Visit,
    role: &Role,
    uses: &Uses,
    named: &str,
) -> Result<Context, String> {
    if named.is_empty() {
        return Ok(Context::new());
    }
    let api = visit.api();
    let (identity, pool) = if lookup::is_id(named) {
        let found = api.identity(named).await;
        found.map_err(|_| "No identity has this id, or you may not look for it".to_owned())?;
        (
            named.to_owned(),
            lookup::pool_of(api, named, &uses.pools).await,
        )
    } else {
        let (found, _) = lookup::of_user(api, named, &uses.pools).await;
        let first = found.into_iter().next();
        let (pool, identity) = first.ok_or("No pool has a developer user with this id")?;
        (identity, Some(pool))
    };
    let kind = if uses.for_guests(&role.arn) {
        IdentityKind::Unauthenticated
    } else {
        IdentityKind::Authenticated
    };
    let federation = Federation {
        subject: identity,
        audience: pool.map(|it| it.identity_pool_id).unwrap_or_default(),
        amr: vec![kind.word().to_owned()],
    };
    let issuer = access::issuer_host(visit).await;
    Ok(access::context(role, &federation, &issuer))
}
