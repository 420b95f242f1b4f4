//! When, from where and how a request came: read once, carried everywhere.

use std::net::IpAddr;

use daypass_core::time::Timestamp;
use uuid::Uuid;

/// What is known of a request apart from what it says.
#[derive(Clone, Debug)]
pub(crate) struct Circumstances {
    /// The one moment of this request.
    pub now: Timestamp,
    /// The peer of the connection.
    pub peer: IpAddr,
    /// Whether it came over TLS.
    pub secure: bool,
    /// Names this request in the answer, the log and the audit line.
    pub request_id: Uuid,
    /// The `User-Agent` header.
    pub user_agent: String,
    /// The `Referer` header.
    pub referer: Option<String>,
}
