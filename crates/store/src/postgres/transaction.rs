//! One transaction on one connection.
//!
//! Reads go to the database at once, changes wait here until the commit, which sends them and the
//! commit itself in one go. A transaction that writes is opened together with its first question,
//! so it costs no trip of its own; one that reads is opened at once, since its moment is then.
//!
//! **Source**: DESIGN §1.4 (isolation is the engine's own); requirements F07, F08 and F10.

use super::Inner;
use super::connection::{Connection, Lent, in_time};
use super::schema::Layout;
use super::trouble::{Trouble, commit_was_refused};
use crate::overlay::{Change, Overlay, Window};
use crate::{Key, Range, StoreError, Tx};
use async_trait::async_trait;
use futures_util::future::{join, join3};
use std::sync::Arc;
use tokio::runtime::Handle;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Error, Row};

const BEGIN_TO_READ: &str = "begin isolation level repeatable read read only";
const BEGIN_TO_WRITE: &str = "begin isolation level serializable read write";

/// One transaction.
pub(super) struct Transaction {
    session: Session,
    store: Arc<Inner>,
    /// The changes so far, in a transaction that may make any.
    own: Option<Overlay>,
}

impl Transaction {
    /// Opens a transaction that reads: one trip, which pins its moment.
    pub(super) async fn reading(store: &Arc<Inner>) -> Result<Self, Trouble> {
        let lent = store.lend().await.map_err(Trouble::Refused)?;
        let mut session = Session(Some(lent));
        session.begin(BEGIN_TO_READ, Layout::may_read).await?;
        Ok(Self {
            session,
            store: Arc::clone(store),
            own: None,
        })
    }

    /// Makes ready a transaction that writes; it begins with its first question.
    pub(super) async fn writing(store: &Arc<Inner>) -> Result<Self, StoreError> {
        Ok(Self {
            session: Session(Some(store.lend().await?)),
            store: Arc::clone(store),
            own: Some(Overlay::default()),
        })
    }

    fn own(&mut self) -> Result<&mut Overlay, StoreError> {
        self.own.as_mut().ok_or(StoreError::ReadOnly)
    }

    async fn ask(&mut self, question: Question<'_>) -> Result<Vec<Row>, StoreError> {
        let answered = self.session.ask(question).await;
        answered.map_err(|trouble| self.store.note(trouble).nothing_happened())
    }
}

/// A question and its values.
#[derive(Clone, Copy)]
enum Question<'a> {
    Get(&'a str),
    Scan(&'a str, Option<&'a str>, &'a i64),
}

/// A connection with at most one open transaction on it. Dropping it rolls that back.
pub(super) struct Session(Option<Lent>);

impl Session {
    fn connection(&mut self) -> Result<&mut Connection, Trouble> {
        let lent = self.0.as_deref_mut();
        lent.ok_or_else(|| Trouble::Lost("the connection was given back".to_owned()))
    }

    async fn begin(
        &mut self,
        begin: &str,
        may: impl Fn(&Layout) -> Result<(), StoreError>,
    ) -> Result<(), Trouble> {
        let connection = self.connection()?;
        connection.in_transaction = true;
        let Connection {
            client, statements, ..
        } = &*connection;
        let answers = join(
            client.batch_execute(begin),
            client.query(&statements.layout, &[]),
        );
        let answer = in_time(answers).await.and_then(|(begun, layout)| {
            begun?;
            may(&Layout::of(&layout?)?).map_err(Trouble::Refused)
        });
        connection.judge(answer)
    }

    /// Asks within the transaction, and begins one to write if none is open.
    async fn ask(&mut self, question: Question<'_>) -> Result<Vec<Row>, Trouble> {
        let connection = self.connection()?;
        let first = !connection.in_transaction;
        connection.in_transaction = true;
        let Connection {
            client, statements, ..
        } = &*connection;
        let asked = async {
            match question {
                Question::Get(key) => client.query(&statements.get, &[&key]).await,
                Question::Scan(from, Some(to), rows) => {
                    client.query(&statements.scan, &[&from, &to, rows]).await
                }
                Question::Scan(from, None, rows) => {
                    client
                        .query(&statements.scan_to_the_end, &[&from, rows])
                        .await
                }
            }
        };
        let answer = if first {
            // Sent one after another and answered in one trip.
            let begun = client.batch_execute(BEGIN_TO_WRITE);
            let layout = client.query(&statements.layout, &[]);
            let answers = in_time(join3(begun, layout, asked)).await;
            answers.and_then(|(begun, layout, rows)| {
                begun?;
                Layout::of(&layout?)?
                    .may_write()
                    .map_err(Trouble::Refused)?;
                Ok(rows?)
            })
        } else {
            let answers = in_time(asked).await;
            answers.and_then(|rows| rows.map_err(Trouble::from))
        };
        connection.judge(answer)
    }

    /// Makes certain that a transaction is open: without one, changes must never go out.
    async fn begin_to_write(&mut self) -> Result<(), Trouble> {
        if self.connection()?.in_transaction {
            return Ok(());
        }
        self.begin(BEGIN_TO_WRITE, Layout::may_write).await
    }

    /// Sends the changes and the commit in one go. `Lost` means that nobody knows.
    async fn commit(&mut self, changes: &Overlay) -> Result<(), Trouble> {
        let connection = self.connection()?;
        let Batch {
            keys,
            values,
            deleted,
        } = Batch::of(changes);
        connection.commits += 1;
        let Connection {
            client,
            statements,
            name,
            commits,
            ..
        } = &*connection;
        let values: [&(dyn ToSql + Sync); 4] = [&keys, &values, name, commits];
        let put = client.execute(&statements.put, &values);
        let delete = async {
            if deleted.is_empty() {
                Ok(0)
            } else {
                client.execute(&statements.delete, &[&deleted]).await
            }
        };
        let answers = in_time(join3(put, delete, client.batch_execute("commit"))).await;
        let answer = answers.and_then(|(put, delete, commit)| {
            put?;
            delete?;
            commit.map_err(unless_refused)
        });
        connection.in_transaction = false;
        connection.judge(answer)
    }

    /// Ends a transaction that changed nothing, which settles what it read.
    async fn commit_reads(&mut self) -> Result<(), Trouble> {
        let connection = self.connection()?;
        if !connection.in_transaction {
            return Ok(());
        }
        let answers = in_time(connection.client.batch_execute("commit")).await;
        let answer = answers.and_then(|commit| commit.map_err(Trouble::from));
        connection.in_transaction = false;
        connection.judge(answer)
    }
}

/// An error in answer to `commit`: refused for certain, or nobody knows.
fn unless_refused(error: Error) -> Trouble {
    if commit_was_refused(&error) {
        return error.into();
    }
    Trouble::Lost(super::trouble::sentence(&error))
}

impl Drop for Session {
    fn drop(&mut self) {
        let Some(lent) = self.0.take() else { return };
        if lent.broken || lent.client.is_closed() {
            drop(Lent::take(lent));
            return;
        }
        if !lent.in_transaction {
            return;
        }
        // Nobody waits for the end of a transaction that comes to nothing.
        match Handle::try_current() {
            Ok(runtime) => drop(runtime.spawn(roll_back(lent))),
            Err(_) => drop(Lent::take(lent)),
        }
    }
}

async fn roll_back(mut lent: Lent) {
    match in_time(lent.client.batch_execute("rollback")).await {
        Ok(Ok(())) => lent.in_transaction = false,
        _ => drop(Lent::take(lent)),
    }
}

/// Changes as the statements take them, in key order, so that writers rarely wait in a circle.
struct Batch<'a> {
    keys: Vec<&'a str>,
    values: Vec<&'a str>,
    deleted: Vec<&'a str>,
}

impl<'a> Batch<'a> {
    fn of(changes: &'a Overlay) -> Self {
        let (mut keys, mut values, mut deleted) = (Vec::new(), Vec::new(), Vec::new());
        for (key, change) in changes.changes() {
            match change {
                Change::Put(value) => {
                    keys.push(key.as_str());
                    values.push(value.as_str());
                }
                Change::Delete => deleted.push(key.as_str()),
            }
        }
        Self {
            keys,
            values,
            deleted,
        }
    }
}

#[async_trait]
impl Tx for Transaction {
    async fn get(&mut self, key: &Key) -> Result<Option<String>, StoreError> {
        if let Some(change) = self.own.as_ref().and_then(|own| own.get(key)) {
            return Ok(change.value().map(str::to_owned));
        }
        let rows = self.ask(Question::Get(key.as_str())).await?;
        let value = rows.first().map(|row| text(row, 0, key.as_str()));
        value.transpose()
    }

    async fn put(&mut self, key: &Key, value: String) -> Result<(), StoreError> {
        self.own()?.put(key, value)
    }

    async fn delete(&mut self, key: &Key) -> Result<(), StoreError> {
        self.own()?.delete(key);
        Ok(())
    }

    async fn scan(&mut self, range: &Range) -> Result<Vec<(Key, String)>, StoreError> {
        let window = Window::new(self.own.as_ref(), range);
        let wanted = i64::try_from(window.rows_wanted()).unwrap_or(i64::MAX);
        // The window borrows from the changes, which asking does not touch.
        let question = Question::Scan(range.from(), range.to(), &wanted);
        let answered = self.session.ask(question).await;
        let rows = answered.map_err(|trouble| self.store.note(trouble).nothing_happened())?;
        let pairs: Result<_, StoreError> = rows
            .iter()
            .map(|row| {
                let key = parsed(&text(row, 0, range.from())?)?;
                let value = text(row, 1, key.as_str())?;
                Ok((key, value))
            })
            .collect();
        Ok(window.over(pairs?))
    }

    async fn commit(self: Box<Self>) -> Result<(), StoreError> {
        let Self {
            mut session,
            store,
            own,
        } = *self;
        let Some(changes) = own else { return Ok(()) };
        if changes.is_empty() {
            let settled = session.commit_reads().await;
            return settled.map_err(|trouble| store.note(trouble).nothing_happened());
        }
        let begun = session.begin_to_write().await;
        begun.map_err(|trouble| store.note(trouble).nothing_happened())?;
        let lost = match session.commit(&changes).await {
            Ok(()) => return Ok(()),
            Err(Trouble::Lost(cause)) => cause,
            Err(trouble) => return Err(trouble.nothing_happened()),
        };
        let (name, number) = match session.connection() {
            Ok(connection) => (connection.name.clone(), connection.commits),
            Err(trouble) => return Err(trouble.nothing_happened()),
        };
        store.note(Trouble::Lost(lost.clone()));
        drop(session);
        store.settle(&name, number, lost).await
    }
}

fn text(row: &Row, column: usize, place: &str) -> Result<String, StoreError> {
    row.try_get(column).map_err(|error| StoreError::Corrupt {
        place: place.to_owned(),
        detail: super::trouble::sentence(&error),
    })
}

fn parsed(text: &str) -> Result<Key, StoreError> {
    Key::parse(text).ok_or_else(|| StoreError::Corrupt {
        place: text.to_owned(),
        detail: "no key is written so".to_owned(),
    })
}

/// Asks on a connection of its own whether the database is there and may be written.
pub(super) async fn look(mut lent: Lent) -> Result<Layout, Trouble> {
    let Connection {
        client, statements, ..
    } = &*lent;
    let answers = join(
        client.query(&statements.layout, &[]),
        client.query_one("show transaction_read_only", &[]),
    );
    let answer = in_time(answers).await.and_then(|(layout, read_only)| {
        let read_only: String = read_only?.try_get(0)?;
        if read_only == "on" {
            return Err(Trouble::Lost("the database takes no writes".to_owned()));
        }
        Layout::of(&layout?)
    });
    let answer = lent.judge(answer);
    drop(Session(Some(lent)));
    answer
}
