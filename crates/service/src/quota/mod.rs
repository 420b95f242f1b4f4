//! Rates: how much is let through per address, per access key, per pool and in all.
//!
//! Some rates always hold, because they stand against guessing and flooding; they count per address
//! and let whoever is on this machine alone unless a setting says otherwise. The rates of operations
//! are an operator's choice ([`Rates`]) and off unless chosen. Every table is bounded, and each kind
//! of key has its own, so that strangers with many addresses crowd out nobody's pool.
//!
//! **Source**: limits table of the reliability and security page, section 3; requirement S71.

mod bucket;
mod rates;

use std::net::{IpAddr, Ipv4Addr};

use daypass_core::ids::IdentityPoolId;
use daypass_core::limits::IDENTITY_POOLS_MAX;
use daypass_core::time::Timestamp;

use crate::circumstances::Circumstances;

pub use bucket::Allowance;
use bucket::Table;
pub use rates::{POOL_RATED, Rates, Scope};

/// What is always counted.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(crate) enum Rate {
    /// Requests whose signature was refused.
    FailedSignatures,
    /// Requests whose login token was refused.
    FailedTokens,
    /// Requests that named an identity that does not exist.
    UnknownIdentities,
    /// New guests.
    GuestCreations,
}

impl Rate {
    const fn allowance(self) -> Allowance {
        match self {
            Self::FailedSignatures | Self::FailedTokens => Allowance::new(20, 100),
            Self::UnknownIdentities => Allowance::new(10, 50),
            Self::GuestCreations => Allowance::new(50, 500),
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::FailedSignatures => "refused signatures",
            Self::FailedTokens => "refused tokens",
            Self::UnknownIdentities => "unknown identities",
            Self::GuestCreations => "new guests",
        }
    }
}

/// Too much at once: come back later.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Busy {
    /// The stable code of the cause.
    pub reason: &'static str,
    /// When to come back.
    pub retry_after_seconds: u32,
    /// Which limit it was, for the audit line.
    pub limit: String,
}

impl Busy {
    /// No room right now; a second may change that.
    pub(crate) fn now(reason: &'static str) -> Self {
        Self {
            reason,
            retry_after_seconds: 1,
            limit: String::new(),
        }
    }

    fn rate(what: &str, scope: &str, allowance: Allowance, retry_after_seconds: u32) -> Self {
        Self {
            reason: "limit.rate",
            retry_after_seconds,
            limit: format!("{what} per {scope}: {allowance}"),
        }
    }
}

/// Addresses and access keys remembered per process.
const STRANGERS_MAX: usize = 65_536;
/// Operations with a rate in the account, and each in every pool, twice over: pools come and go.
const PLACES_MAX: usize = 2 * IDENTITY_POOLS_MAX * POOL_RATED.len();

/// Stands for every address that found no place in the table.
const CROWD: IpAddr = IpAddr::V4(Ipv4Addr::UNSPECIFIED);

/// The rates of one process, as far as they are used up.
pub(crate) struct Quota {
    count_loopback: bool,
    rates: Rates,
    addresses: Table<(&'static str, IpAddr)>,
    access_keys: Table<String>,
    places: Table<(&'static str, Option<IdentityPoolId>)>,
}

impl Quota {
    /// No rate used up. Peers on this machine count only if `count_loopback` says so.
    pub(crate) fn new(rates: Rates, count_loopback: bool) -> Self {
        Self {
            count_loopback,
            rates,
            addresses: Table::new(STRANGERS_MAX),
            access_keys: Table::new(STRANGERS_MAX),
            places: Table::new(PLACES_MAX),
        }
    }

    /// Counts one event of what is always counted.
    ///
    /// **Errors**: [`Busy`] past its rate.
    pub(crate) fn count(&self, rate: Rate, circumstances: &Circumstances) -> Result<(), Busy> {
        self.of_address(rate.name(), rate.allowance(), circumstances)
    }

    /// Counts one refused signature, by address and by the key it claims. Signatures that verify are
    /// never counted, so strangers cannot lock a key out.
    ///
    /// **Errors**: [`Busy`] past either rate.
    pub(crate) fn failed_signature(
        &self,
        access_key_id: &str,
        circumstances: &Circumstances,
    ) -> Result<(), Busy> {
        let rate = Rate::FailedSignatures;
        self.count(rate, circumstances)?;
        if access_key_id.is_empty() {
            return Ok(());
        }
        let (allowance, now) = (rate.allowance(), circumstances.now.millis());
        let key = access_key_id.to_owned();
        self.access_keys
            .take(key, String::new(), allowance, now)
            .map_err(|wait| Busy::rate(rate.name(), "access key", allowance, wait))
    }

    /// Counts one request of an operation, by address and in the account, if it has such rates.
    ///
    /// **Errors**: [`Busy`] past either rate. What an address may not have costs the account nothing.
    pub(crate) fn operation(
        &self,
        operation: &'static str,
        circumstances: &Circumstances,
    ) -> Result<(), Busy> {
        if let Some(allowance) = self.rates.of(Scope::Address, operation) {
            self.of_address(operation, allowance, circumstances)?;
        }
        self.place(Scope::Account, operation, None, circumstances.now)
    }

    /// Counts one request of an operation on a pool that exists, if it has such a rate. A run again
    /// after a lost race counts again.
    ///
    /// **Errors**: [`Busy`] past the rate.
    pub(crate) fn pool(
        &self,
        operation: &'static str,
        pool: &IdentityPoolId,
        now: Timestamp,
    ) -> Result<(), Busy> {
        self.place(Scope::Pool, operation, Some(pool.clone()), now)
    }

    fn place(
        &self,
        scope: Scope,
        operation: &'static str,
        pool: Option<IdentityPoolId>,
        now: Timestamp,
    ) -> Result<(), Busy> {
        let Some(allowance) = self.rates.of(scope, operation) else {
            return Ok(());
        };
        let crowd = ("", None);
        self.places
            .take((operation, pool), crowd, allowance, now.millis())
            .map_err(|wait| Busy::rate(operation, scope.name(), allowance, wait))
    }

    fn of_address(
        &self,
        what: &'static str,
        allowance: Allowance,
        circumstances: &Circumstances,
    ) -> Result<(), Busy> {
        let peer = circumstances.peer.to_canonical();
        if peer.is_loopback() && !self.count_loopback {
            return Ok(());
        }
        let key = (what, network(peer));
        self.addresses
            .take(key, (what, CROWD), allowance, circumstances.now.millis())
            .map_err(|wait| Busy::rate(what, Scope::Address.name(), allowance, wait))
    }
}

/// An IPv6 client owns a whole /64.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(address) => {
            let kept = u128::from(address) & (u128::MAX << 64);
            IpAddr::V6(kept.into())
        }
    }
}

#[cfg(test)]
mod tests;
