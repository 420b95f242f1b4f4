//! What a database error means for a transaction: begin again, do not trust the connection, or
//! give up.
//!
//! **Source**: PostgreSQL documentation, appendix *PostgreSQL Error Codes*; requirements F07, F08
//! and F10. CockroachDB's transaction retry error reference for `40003`.

use crate::StoreError;
use std::io;
use tokio_postgres::Error;
use tokio_postgres::error::SqlState;

/// What went wrong on a connection.
#[derive(Debug)]
pub(super) enum Trouble {
    /// Another transaction got there first.
    Conflict,
    /// The connection is gone or not to be trusted, and what was asked may have happened or not.
    Lost(String),
    /// The database answered no, and its transaction can never commit.
    Refused(StoreError),
}

impl Trouble {
    /// A call that took longer than it may.
    pub(super) fn timed_out() -> Self {
        Self::Lost("the database did not answer in time".to_owned())
    }

    /// What it means when no commit was under way: nothing happened.
    pub(super) fn nothing_happened(self) -> StoreError {
        match self {
            Self::Conflict => StoreError::Conflict,
            Self::Lost(cause) => StoreError::Interrupted(cause.into()),
            Self::Refused(error) => error,
        }
    }
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        let Some(state) = error.code() else {
            return without_answer(error);
        };
        match state {
            // The last one: two transactions made the same key, which is a race, not a defect.
            &SqlState::T_R_SERIALIZATION_FAILURE
            | &SqlState::T_R_DEADLOCK_DETECTED
            | &SqlState::UNIQUE_VIOLATION => Self::Conflict,
            // A distributed engine does not know; or the server goes away, or has stopped being the
            // one that writes.
            &SqlState::T_R_STATEMENT_COMPLETION_UNKNOWN
            | &SqlState::ADMIN_SHUTDOWN
            | &SqlState::CRASH_SHUTDOWN
            | &SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT
            | &SqlState::READ_ONLY_SQL_TRANSACTION => Self::Lost(sentence(&error)),
            &SqlState::DISK_FULL => Self::Refused(StoreError::Full),
            &SqlState::DATA_CORRUPTED | &SqlState::INDEX_CORRUPTED => {
                Self::Refused(StoreError::Corrupt {
                    place: "the database".to_owned(),
                    detail: sentence(&error),
                })
            }
            state if state.code().starts_with("08") => Self::Lost(sentence(&error)),
            _ => Self::Refused(StoreError::unavailable(sentence(&error))),
        }
    }
}

/// An error that did not come from the server.
fn without_answer(error: Error) -> Trouble {
    let from_socket =
        std::error::Error::source(&error).is_some_and(<dyn std::error::Error>::is::<io::Error>);
    if error.is_closed() || from_socket {
        return Trouble::Lost(sentence(&error));
    }
    Trouble::Refused(StoreError::unavailable(sentence(&error)))
}

/// The error in one line. The server's detail and query stay out: they may repeat stored values.
pub(super) fn sentence(error: &Error) -> String {
    match error.as_db_error() {
        Some(answer) => format!("{} ({})", answer.message(), answer.code().code()),
        None => match std::error::Error::source(error) {
            Some(source) => format!("{error}: {source}"),
            None => error.to_string(),
        },
    }
}

/// Whether an error in answer to `commit` says for certain that nothing was committed.
///
/// A server that is told to stop, or a standby that does not answer, may well have committed.
pub(super) fn commit_was_refused(error: &Error) -> bool {
    error.code().is_some_and(|state| {
        let state = state.code();
        (state.starts_with("40") && state != "40003") || state.starts_with("23")
    })
}
