//! The spine, the guard, and one file per operation.
//!
//! [`handle`] is the one door: a request comes in as a value, with the moment it arrived; an answer
//! goes out as a value. There are no sockets here and no clock.

mod activity;
mod assertions;
mod audit;
mod aws_json;
mod aws_query;
mod circumstances;
mod cognito;
mod context;
mod cors;
mod credentials;
mod daypass;
mod env;
mod error;
mod first_start;
mod guard;
mod handle;
mod iam;
mod incoming;
mod issuer_keys;
mod issuers;
mod last_used;
mod logins;
mod operation;
mod outbound;
mod page_token;
mod policies;
mod quota;
mod reason;
mod restored;
mod route;
mod s3;
mod session_token;
mod signer;
mod sts;
mod well_known;

pub use assertions::SamlSettings;
pub use env::{
    CreatedRoot, Entropy, EntropyError, Env, OpenError, Opened, RootKey, Settings, ShownSetting,
};
pub use handle::{Answering, Arrival, Body, BodyError, handle};
pub use issuer_keys::{
    CachedIssuerKeys, IssuerKeys, IssuerKeysError, KeyFetcher, KeySource, PublishedKeys,
};
pub use issuers::IssuerSettings;
pub use outbound::{
    CONNECT_MILLIS_MAX, DOCUMENT_BYTES_MAX, EXCHANGE_MILLIS_MAX, Nobody, Outbound,
    OutboundDocument, OutboundError, OutboundRequest,
};
pub use quota::{Allowance, POOL_RATED, Rates, Scope};
pub use reason::{Reason, reasons};
pub use restored::{Restored, settle_restored};

/// The operations of every face, for tests that walk over all of them.
pub fn operations() -> Vec<OperationRow> {
    let cognito = cognito::OPERATIONS.iter();
    let cognito = cognito.map(|operation| (cognito::RULES.service, operation));
    let daypass = daypass::OPERATIONS.iter();
    let daypass = daypass.map(|operation| (daypass::RULES.service, operation));
    let json = cognito
        .chain(daypass)
        .map(|(face, operation)| OperationRow {
            face,
            name: operation.name,
            signed: operation.signed,
            errors: operation.errors,
        });
    let sts = sts::OPERATIONS.iter().map(|operation| ("sts", operation));
    let iam = iam::OPERATIONS.iter().map(|operation| ("iam", operation));
    let query = sts.chain(iam).map(|(face, operation)| OperationRow {
        face,
        name: operation.name,
        signed: operation.signed,
        errors: operation.errors,
    });
    let s3 = s3::operation_names().map(|name| OperationRow {
        face: "s3",
        name,
        signed: true,
        errors: &[],
    });
    json.chain(query).chain(s3).collect()
}

/// One operation as the tables know it.
#[derive(Clone, Copy, Debug)]
pub struct OperationRow {
    /// Its face.
    pub face: &'static str,
    /// Its wire name.
    pub name: &'static str,
    /// Whether a signature is needed.
    pub signed: bool,
    /// The errors of its own that it may return, beside the common ones of its face. The S3 face
    /// names its errors in one catalogue for all its operations, so its rows list none.
    pub errors: &'static [&'static str],
}
