//! The rates of operations an operator may set: off, as AWS has them, or their own.
//!
//! A rate counts all requests of one operation that are made of the whole account, of one pool, or
//! from one address. What has no rate is not counted at all.
//!
//! **Source**: Cognito quotas, *API request rate quotas* of identity pools: each is one operation's,
//! per account and Region, which here is the whole deployment. How many AWS lets through at once is
//! not documented; twenty-five times two is what is seen of `GetId`.

use std::collections::BTreeMap;

use super::bucket::Allowance;

/// What a rate counts together.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Scope {
    /// All requests: the account in its Region.
    Account,
    /// Those that concern one identity pool.
    Pool,
    /// Those from one address; an IPv6 client owns a whole /64.
    Address,
}

impl Scope {
    /// Its name in sentences.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Pool => "pool",
            Self::Address => "address",
        }
    }
}

/// Operations that can have a rate per pool: those that clients and backends call for each user.
pub const POOL_RATED: [&str; 5] = [
    "GetId",
    "GetOpenIdToken",
    "GetCredentialsForIdentity",
    "GetOpenIdTokenForDeveloperIdentity",
    "UnlinkIdentity",
];

/// Every rate that is set.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Rates(BTreeMap<(Scope, &'static str), Allowance>);

impl Rates {
    /// No rates.
    pub fn off() -> Self {
        Self::default()
    }

    /// The documented rates of AWS, per account and Region.
    pub fn aws() -> Self {
        let (one, many) = (Allowance::new(25, 50), Allowance::new(200, 200));
        Self::off()
            .with(Scope::Account, "GetId", one)
            .with(Scope::Account, "GetOpenIdToken", many)
            .with(Scope::Account, "GetCredentialsForIdentity", many)
            .with(Scope::Account, "GetOpenIdTokenForDeveloperIdentity", many)
    }

    /// The same, with one more.
    #[must_use]
    pub fn with(mut self, scope: Scope, operation: &'static str, allowance: Allowance) -> Self {
        self.0.insert((scope, operation), allowance);
        self
    }

    /// The rate of an operation, if it has one.
    pub fn of(&self, scope: Scope, operation: &'static str) -> Option<Allowance> {
        self.0.get(&(scope, operation)).copied()
    }

    /// Whether there are none.
    pub fn is_off(&self) -> bool {
        self.0.is_empty()
    }
}
