//! Connections to the database: made, prepared, and kept in a bounded pool.
//!
//! A connection has every statement prepared before it is used, and a name of its own, under which
//! the database remembers the last transaction it committed.
//!
//! **Source**: requirements F07, F09 (only a server that takes writes is used) and DESIGN §12.6.

use super::address::DatabaseUrl;
use super::tls;
use super::trouble::{Trouble, sentence};
use crate::StoreError;
use deadpool::managed::{Manager, Metrics, Object, PoolError, RecycleError, RecycleResult};
use std::future::Future;
use std::time::Duration;
use tokio_postgres::tls::NoTls;
use tokio_postgres::{Client, Config, Error, Statement};
use tokio_postgres_rustls::MakeRustlsConnect;

/// The longest a call to the database may take, network included.
pub(super) const CALL_TIME_MAX: Duration = Duration::from_secs(5);

/// Bounds that the server keeps for us, should we not be there to keep them; plans that read by
/// index even in small tables, so that transactions conflict over rows and not over whole tables.
const BOUNDS: &str = "
    set statement_timeout = '5s';
    set idle_in_transaction_session_timeout = '30s';
";
const PLANS: &str = "set enable_seqscan = off; set enable_bitmapscan = off";

/// Commits of connections that are long gone need not be remembered.
const FORGET: &str = "delete from daypass_commits where at < now() - interval '1 day'";

const NAME: &str = "select gen_random_uuid()::text";

/// A connection that is lent out to one transaction at a time.
pub(super) type Lent = Object<Connector>;

/// One connection.
pub(super) struct Connection {
    pub(super) client: Client,
    pub(super) statements: Statements,
    /// Names it among all connections of all servers.
    pub(super) name: String,
    /// Counts its commits.
    pub(super) commits: i64,
    /// Whether an open transaction must be rolled back before it is lent out again.
    pub(super) in_transaction: bool,
    /// Whether nobody should use it again.
    pub(super) broken: bool,
}

impl Connection {
    /// Waits for an answer no longer than it may take, and remembers if it should not be trusted
    /// any more.
    pub(super) fn judge<T>(&mut self, answer: Result<T, Trouble>) -> Result<T, Trouble> {
        if matches!(answer, Err(Trouble::Lost(_))) {
            self.broken = true;
        }
        answer
    }
}

/// Waits for answers no longer than they may take.
pub(super) async fn in_time<T>(answers: impl Future<Output = T>) -> Result<T, Trouble> {
    tokio::time::timeout(CALL_TIME_MAX, answers)
        .await
        .map_err(|_| Trouble::timed_out())
}

/// Every statement there is.
pub(super) struct Statements {
    pub(super) layout: Statement,
    pub(super) get: Statement,
    pub(super) scan: Statement,
    pub(super) scan_to_the_end: Statement,
    pub(super) put: Statement,
    pub(super) delete: Statement,
    pub(super) close: Statement,
}

const GET: &str = "select value from daypass_records where key = $1";
const SCAN: &str = "select key, value from daypass_records where key >= $1 and key < $2
    order by key limit $3";
const SCAN_TO_THE_END: &str = "select key, value from daypass_records where key >= $1
    order by key limit $2";
/// The changes, and the mark that they were made, which fails if the connection was closed: a
/// division by zero is the one refusal that every engine has in an expression.
const PUT: &str = "with marked as (
        insert into daypass_commits (connection, number) values ($3, $4)
        on conflict (connection) do update set at = now(),
            number = excluded.number / (case when daypass_commits.closed then 0 else 1 end)
    )
    insert into daypass_records (key, value)
    select made.key, made.value from unnest($1::text[], $2::text[]) as made (key, value)
    on conflict (key) do update set value = excluded.value";
const DELETE: &str = "delete from daypass_records where key = any($1::text[])";
/// Waits for a commit that is under way, then forbids every later one.
const CLOSE: &str = "insert into daypass_commits (connection, number, closed)
    values ($1, 0, true)
    on conflict (connection) do update set closed = true
    returning number";

impl Statements {
    async fn prepare(client: &Client) -> Result<Self, Error> {
        let (layout, get, scan, scan_to_the_end, put, delete, close) = tokio::try_join!(
            client.prepare(super::schema::LAYOUT),
            client.prepare(GET),
            client.prepare(SCAN),
            client.prepare(SCAN_TO_THE_END),
            client.prepare(PUT),
            client.prepare(DELETE),
            client.prepare(CLOSE),
        )?;
        Ok(Self {
            layout,
            get,
            scan,
            scan_to_the_end,
            put,
            delete,
            close,
        })
    }
}

/// Makes connections.
#[derive(Clone)]
pub(super) struct Connector {
    config: Config,
    tls: Option<MakeRustlsConnect>,
}

impl Connector {
    /// A connector to the database of this address.
    pub(super) fn new(url: &DatabaseUrl) -> Result<Self, StoreError> {
        Ok(Self {
            config: url.config().clone(),
            tls: tls::of(url.tls())?,
        })
    }

    /// A connection with nothing prepared.
    pub(super) async fn bare(&self) -> Result<Client, Error> {
        let client = match &self.tls {
            None => {
                let (client, connection) = self.config.connect(NoTls).await?;
                tokio::spawn(until_closed(connection));
                client
            }
            Some(tls) => {
                let (client, connection) = self.config.connect(tls.clone()).await?;
                tokio::spawn(until_closed(connection));
                client
            }
        };
        Ok(client)
    }
}

/// Carries messages until either side closes; whoever waits for an answer hears of it.
async fn until_closed(connection: impl Future<Output = Result<(), Error>>) {
    if let Err(error) = connection.await {
        tracing::warn!(
            error = sentence(&error),
            "a connection to the database ended"
        );
    }
}

impl Manager for Connector {
    type Type = Connection;
    type Error = Error;

    async fn create(&self) -> Result<Connection, Error> {
        let client = self.bare().await?;
        client.batch_execute(BOUNDS).await?;
        // Only PostgreSQL and its close relatives have these.
        if let Err(error) = client.batch_execute(PLANS).await {
            tracing::debug!(error = sentence(&error), "the planner has no such settings");
        }
        let (statements, name, ()) = tokio::try_join!(
            Statements::prepare(&client),
            client.query_one(NAME, &[]),
            client.batch_execute(FORGET),
        )?;
        Ok(Connection {
            client,
            statements,
            name: name.try_get(0)?,
            commits: 0,
            in_transaction: false,
            broken: false,
        })
    }

    async fn recycle(&self, connection: &mut Connection, _: &Metrics) -> RecycleResult<Error> {
        if connection.broken || connection.in_transaction || connection.client.is_closed() {
            return Err(RecycleError::message("closed"));
        }
        Ok(())
    }
}

/// Why there is no connection to be had.
pub(super) fn none_to_be_had(error: PoolError<Error>) -> StoreError {
    match error {
        PoolError::Backend(error) => StoreError::unavailable(sentence(&error)),
        other => StoreError::unavailable(other.to_string()),
    }
}
