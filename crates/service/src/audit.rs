//! One line per request: who, what, decision, why. Never a secret, a token or a login.
//!
//! **Source**: DESIGN §9; requirements S75; contract page, Cognito identity section 8.2.

use crate::circumstances::Circumstances;
use crate::env::Env;

/// What happened to a request.
pub(crate) struct Event<'a> {
    /// The face.
    pub face: &'static str,
    /// The operation, as far as it was understood.
    pub operation: &'a str,
    /// The access key that claims to have signed, if any.
    pub access_key_id: &'a str,
    /// The status answered.
    pub status: u16,
    /// The wire code, for refusals.
    pub code: &'a str,
    /// The reason, for refusals.
    pub reason: &'static str,
    /// The cause of a failure of ours, or the limit that was met.
    pub cause: &'a str,
}

/// Writes the line, and counts what was not answered as asked.
pub(crate) fn write(env: &Env, circumstances: &Circumstances, event: &Event<'_>) {
    let Event {
        face,
        operation,
        access_key_id,
        status,
        code,
        reason,
        cause,
    } = event;
    let peer = circumstances.peer;
    if *status >= 400 {
        env.activity().refused(circumstances.now, reason);
    }
    if *status >= 500 {
        tracing::error!(
            target: "daypass::audit", face, operation, access_key_id, status, code, reason, cause, %peer,
            "failed"
        );
    } else if *status >= 400 {
        tracing::info!(
            target: "daypass::audit", face, operation, access_key_id, status, code, reason, cause, %peer,
            "refused"
        );
    } else {
        tracing::info!(
            target: "daypass::audit", face, operation, access_key_id, status, %peer, "answered"
        );
    }
}
