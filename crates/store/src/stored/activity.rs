//! How the counts of an hour rest on disk.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Stored;
use crate::records::{ActivityHour, PoolActivity};

#[derive(Serialize, Deserialize)]
pub(crate) struct HourForm {
    tokens: u64,
    credentials: u64,
    new_identities: u64,
    refusals: BTreeMap<String, u64>,
    logins: BTreeMap<String, u64>,
    pools: BTreeMap<String, PoolForm>,
}

#[derive(Serialize, Deserialize)]
struct PoolForm {
    tokens: u64,
    credentials: u64,
    new_identities: u64,
    last_issued: Option<i64>,
}

impl Stored for ActivityHour {
    type Form = HourForm;

    fn to_form(&self) -> HourForm {
        let pools = self.pools.iter().map(|(id, pool)| {
            let form = PoolForm {
                tokens: pool.tokens,
                credentials: pool.credentials,
                new_identities: pool.new_identities,
                last_issued: pool.last_issued,
            };
            (id.clone(), form)
        });
        HourForm {
            tokens: self.tokens,
            credentials: self.credentials,
            new_identities: self.new_identities,
            refusals: self.refusals.clone(),
            logins: self.logins.clone(),
            pools: pools.collect(),
        }
    }

    fn from_form(form: HourForm) -> Option<Self> {
        let pools = form.pools.into_iter().map(|(id, form)| {
            let pool = PoolActivity {
                tokens: form.tokens,
                credentials: form.credentials,
                new_identities: form.new_identities,
                last_issued: form.last_issued,
            };
            (id, pool)
        });
        Some(Self {
            tokens: form.tokens,
            credentials: form.credentials,
            new_identities: form.new_identities,
            refusals: form.refusals,
            logins: form.logins,
            pools: pools.collect(),
        })
    }
}
