//! Which pools use which role, asked of the pools themselves, up to a bound.
//!
//! **Source**: Cognito identity API reference, *GetIdentityPoolRoles*; users page, S15 (used by).

use std::collections::BTreeMap;

use crate::api::Api;
use crate::api::pools::PoolRow;
use crate::console::segment;
use crate::words::PoolNames;

/// The most pools that are asked.
pub(super) const POOLS_MAX: usize = 60;

/// One use of a role.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Use {
    /// The pool's name.
    pub(super) pool: String,
    /// The pool's page.
    pub(super) href: String,
    /// Whether guests get it; people who logged in otherwise.
    pub(super) guests: bool,
    /// What the pool uses it for.
    pub(super) whom: &'static str,
}

/// The uses of every role.
#[derive(Debug, Default)]
pub(super) struct Uses {
    by_arn: BTreeMap<String, Vec<Use>>,
    /// The names of all pools that may be seen.
    pub(super) names: PoolNames,
    /// The pools themselves.
    pub(super) pools: Vec<PoolRow>,
    /// Why the list of uses may not be whole; empty when it is.
    pub(super) gap: String,
}

impl Uses {
    /// Asks the pools.
    pub(super) async fn of(api: Api<'_>) -> Self {
        let mut uses = Self::default();
        match api.pools().await {
            Ok(pools) => uses.pools = pools,
            Err(_) => {
                "You may not list the pools, so what uses a role is not shown."
                    .clone_into(&mut uses.gap);
            }
        }
        let pools = uses.pools.clone();
        for pool in &pools {
            let (id, name) = (&pool.identity_pool_id, &pool.identity_pool_name);
            uses.names.insert(id.clone(), name.clone());
        }
        for pool in pools.iter().take(POOLS_MAX) {
            match api.pool_roles(&pool.identity_pool_id).await {
                Ok(roles) => uses.add(pool, roles.roles),
                Err(_) => {
                    "You may not see the roles of every pool, so some uses may be missing."
                        .clone_into(&mut uses.gap);
                }
            }
        }
        if pools.len() > POOLS_MAX {
            uses.gap = format!(
                "Only the first {POOLS_MAX} of {} pools were asked, so some uses may be missing.",
                pools.len()
            );
        }
        uses
    }

    fn add(&mut self, pool: &PoolRow, roles: BTreeMap<String, String>) {
        for (kind, arn) in roles {
            let guests = kind == "unauthenticated";
            self.by_arn.entry(arn).or_default().push(Use {
                pool: pool.identity_pool_name.clone(),
                href: format!("/console/pools/{}", segment(&pool.identity_pool_id)),
                guests,
                whom: if guests {
                    "guests"
                } else {
                    "people who logged in"
                },
            });
        }
    }

    /// The uses of one role.
    pub(super) fn by(&self, arn: &str) -> Vec<Use> {
        self.by_arn.get(arn).cloned().unwrap_or_default()
    }

    /// Whether guests of some pool get a role.
    pub(super) fn for_guests(&self, arn: &str) -> bool {
        self.by(arn).iter().any(|it| it.guests)
    }
}
