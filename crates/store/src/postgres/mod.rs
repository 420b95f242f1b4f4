//! The shared store: any number of daypass processes on one PostgreSQL.
//!
//! It exists so that no machine is needed for good: the processes keep nothing, and the database is
//! what people already know how to run. Isolation is its own: transactions that write are
//! SERIALIZABLE, and the one that loses begins again. Nothing here takes a lock, listens or leads.
//!
//! Start at [`PostgresStore::open`]; `transaction` is what happens between two commits, `schema`
//! says who may use the database, `trouble` what its errors mean.
//!
//! **Source**: requirements F07–F11, F23 and F25; PostgreSQL documentation, *Transaction
//! Isolation*; decision 0007.

mod address;
mod connection;
mod inspect;
mod schema;
mod tls;
mod transaction;
mod trouble;

pub use address::{DatabaseUrl, DatabaseUrlError};

use crate::{Store, StoreError, Tx};
use async_trait::async_trait;
use connection::{Connector, Lent, in_time, none_to_be_had};
use deadpool::Runtime;
use deadpool::managed::{Pool, Timeouts};
use std::sync::Arc;
use std::time::Duration;
use transaction::{Transaction, look};
use trouble::{Trouble, sentence};

/// The longest a transaction waits for one of the connections.
const WAIT_TIME_MAX: Duration = Duration::from_secs(5);

/// The longest a new connection may take to be ready, all hosts of the URL included.
const CONNECT_TIME_MAX: Duration = Duration::from_secs(5);

/// The longest a commit that lost its connection waits to learn how it ended.
const SETTLE_TIME_MAX: Duration = Duration::from_secs(5);

/// Between two questions how it ended.
const SETTLE_PAUSE: Duration = Duration::from_millis(100);

/// How a process uses the database.
#[derive(Clone, Copy, Debug)]
pub struct PostgresOptions {
    /// Connections it may hold at once; more transactions wait their turn.
    pub connections_max: usize,
    /// Whether a database that may lose data is good enough.
    pub development: bool,
}

/// A store in a PostgreSQL database that other processes may use at the same time.
#[derive(Clone)]
pub struct PostgresStore(Arc<Inner>);

struct Inner {
    connections: Pool<Connector>,
}

impl PostgresStore {
    /// Opens the store in this database, making its tables where they are missing.
    ///
    /// **Errors**: [`StoreError::Unsuitable`] when the database would lose data or cannot hold
    /// every name; [`StoreError::Schema`] when it belongs to a newer version;
    /// [`StoreError::Unavailable`] when it cannot be reached.
    pub async fn open(url: &DatabaseUrl, options: PostgresOptions) -> Result<Self, StoreError> {
        let connector = Connector::new(url)?;
        let client = tokio::time::timeout(CONNECT_TIME_MAX, connector.bare())
            .await
            .map_err(|_| StoreError::unavailable("the database did not answer in time"))?
            .map_err(|error| StoreError::unavailable(sentence(&error)))?;
        inspect::fit(&client, options.development).await?;
        let layout = schema::bring_up(&client).await?;
        if layout.may_write().is_err() {
            tracing::warn!("a newer version has the database; this one only reads");
        }
        let connections = Pool::builder(connector)
            .max_size(options.connections_max)
            .runtime(Runtime::Tokio1)
            .timeouts(Timeouts {
                wait: Some(WAIT_TIME_MAX),
                create: Some(CONNECT_TIME_MAX),
                recycle: None,
            })
            .build()
            .map_err(StoreError::unavailable)?;
        Ok(Self(Arc::new(Inner { connections })))
    }
}

impl Inner {
    async fn lend(&self) -> Result<Lent, StoreError> {
        // Making a connection is a large future, and rarely needed.
        Box::pin(self.connections.get())
            .await
            .map_err(none_to_be_had)
    }

    /// Says that a connection was lost. The idle ones led to the same server, and whoever takes one
    /// next should not have to find out.
    fn note(&self, trouble: Trouble) -> Trouble {
        if let Trouble::Lost(cause) = &trouble {
            tracing::warn!(%cause, "a connection to the database was lost");
            let _dropped = self.connections.retain(|_, _| false);
        }
        trouble
    }

    /// Learns how a commit ended whose answer was lost: made, or never to be made.
    ///
    /// **Errors**: [`StoreError::Interrupted`] when it was not made and never will be;
    /// [`StoreError::Unavailable`] when nobody could tell.
    async fn settle(&self, name: &str, number: i64, cause: String) -> Result<(), StoreError> {
        let asked = async {
            loop {
                match self.last_commit(name).await {
                    Ok(last) => return last == number,
                    Err(error) => tracing::warn!(%error, "nobody can say yet how a commit ended"),
                }
                tokio::time::sleep(SETTLE_PAUSE).await;
            }
        };
        match tokio::time::timeout(SETTLE_TIME_MAX, asked).await {
            Ok(true) => Ok(()),
            Ok(false) => Err(StoreError::Interrupted(cause.into())),
            Err(_) => {
                let sentence = format!("nobody knows whether a commit took place: {cause}");
                Err(StoreError::unavailable(sentence))
            }
        }
    }

    /// The number of the last transaction that a connection committed. It commits no other.
    async fn last_commit(&self, name: &str) -> Result<i64, StoreError> {
        let mut lent = self.lend().await?;
        let statement = lent.statements.close.clone();
        let client = &lent.client;
        let answer = in_time(client.query_one(&statement, &[&name])).await;
        let answer = answer.and_then(|row| Ok(row?.try_get(0)?));
        lent.judge(answer).map_err(Trouble::nothing_happened)
    }
}

#[async_trait]
impl Store for PostgresStore {
    async fn read(&self) -> Result<Box<dyn Tx>, StoreError> {
        match Transaction::reading(&self.0).await {
            Ok(tx) => return Ok(Box::new(tx)),
            // Nothing was read yet, so a fresh connection is as good.
            Err(trouble @ Trouble::Lost(_)) => self.0.note(trouble),
            Err(trouble) => return Err(trouble.nothing_happened()),
        };
        let tx = Transaction::reading(&self.0).await;
        let tx = tx.map_err(|trouble| self.0.note(trouble).nothing_happened())?;
        Ok(Box::new(tx))
    }

    async fn write(&self) -> Result<Box<dyn Tx>, StoreError> {
        Ok(Box::new(Transaction::writing(&self.0).await?))
    }

    async fn ready(&self) -> Result<(), StoreError> {
        let lent = self.0.lend().await?;
        let layout = look(lent).await;
        let layout = layout.map_err(|trouble| self.0.note(trouble).nothing_happened())?;
        layout.may_write()
    }
}
