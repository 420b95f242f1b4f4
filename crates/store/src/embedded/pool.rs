//! Connections to the database, lent out one transaction at a time.
//!
//! Opening a connection costs more than most transactions, and each holds memory, so there is a
//! fixed number of them and callers queue. The write turn is simply a pool of one.
//!
//! **Source**: DESIGN §12.6 (everything has a stated limit).

use crate::StoreError;
use rusqlite::Connection;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Connections that are lent out one transaction at a time, first come first served.
pub(super) struct Pool {
    idle: Mutex<Vec<Arc<Mutex<Connection>>>>,
    places: Arc<Semaphore>,
}

impl Pool {
    pub(super) fn new(connections: Vec<Connection>) -> Arc<Self> {
        let idle: Vec<_> = connections
            .into_iter()
            .map(|c| Arc::new(Mutex::new(c)))
            .collect();
        let places = Arc::new(Semaphore::new(idle.len()));
        Arc::new(Self {
            idle: Mutex::new(idle),
            places,
        })
    }

    /// Waits for a connection.
    pub(super) async fn session(self: &Arc<Self>) -> Result<Arc<Session>, StoreError> {
        let places = Arc::clone(&self.places);
        let place = places
            .acquire_owned()
            .await
            .map_err(StoreError::unavailable)?;
        let idle = self
            .idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop();
        let connection = idle.ok_or_else(|| StoreError::unavailable("no idle connection"))?;
        Ok(Arc::new(Session {
            connection,
            home: Arc::clone(self),
            _place: place,
        }))
    }
}

/// A lent connection; dropping it ends its snapshot and gives it back.
pub(super) struct Session {
    connection: Arc<Mutex<Connection>>,
    home: Arc<Pool>,
    _place: OwnedSemaphorePermit,
}

impl Session {
    /// Runs `work` on the connection.
    pub(super) fn with<T>(&self, work: impl FnOnce(&Connection) -> T) -> T {
        work(
            &self
                .connection
                .lock()
                .unwrap_or_else(PoisonError::into_inner),
        )
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.with(|connection| {
            if !connection.is_autocommit()
                && let Err(error) = connection.execute_batch("rollback")
            {
                tracing::error!(%error, "a read snapshot could not be ended");
            }
        });
        let connection = Arc::clone(&self.connection);
        self.home
            .idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(connection);
    }
}
