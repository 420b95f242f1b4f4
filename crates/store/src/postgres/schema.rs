//! The layout of the database: which versions may read it, which may write it, how it came to be.
//!
//! Several servers of different age may be at work on one database, so the layout says itself who
//! may. Each transaction reads that with its first question; a server that has become too old for
//! writing finds out with its next write, and one that is too old for reading with its next read.
//!
//! **Source**: requirement F25 (upgrade while an old server runs).

use super::connection::in_time;
use super::trouble::Trouble;
use crate::StoreError;
use std::time::Duration;
use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, Row};

/// The layout this version reads and writes.
pub(super) const SCHEMA: u32 = 1;

/// The question that each transaction begins with.
pub(super) const LAYOUT: &str = "select name, value from daypass_meta";

const META: &str = "create table if not exists daypass_meta (
        name text primary key,
        value text not null
    )";

/// One step from one layout to the next: its number, who may go on beside it, and what it does.
///
/// A step only adds as long as older servers may go on. It may be cut short anywhere and taken
/// again, by whichever server comes next.
struct Step {
    to: u32,
    min_reader: u32,
    min_writer: u32,
    sql: &'static str,
}

const STEPS: [Step; 1] = [Step {
    to: 1,
    min_reader: 1,
    min_writer: 1,
    sql: include_str!("0001.sql"),
}];

/// How often a step is tried again when another server takes it at the same time.
const ATTEMPTS_MAX: u32 = 20;
const PAUSE: Duration = Duration::from_millis(50);

/// What the database says of its layout.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct Layout {
    schema: Option<u32>,
    min_reader: u32,
    min_writer: u32,
}

impl Layout {
    /// Reads the answer to [`LAYOUT`].
    pub(super) fn of(rows: &[Row]) -> Result<Self, Trouble> {
        let mut layout = Self::default();
        for row in rows {
            let (name, value): (&str, &str) = (row.try_get(0)?, row.try_get(1)?);
            layout.take(name, value)?;
        }
        Ok(layout)
    }

    fn take(&mut self, name: &str, value: &str) -> Result<(), Trouble> {
        let number = || {
            value.parse().map_err(|_| {
                Trouble::Refused(StoreError::Schema {
                    found: value.to_owned(),
                    supported: SCHEMA,
                })
            })
        };
        match name {
            "schema" => self.schema = Some(number()?),
            "min_reader" => self.min_reader = number()?,
            "min_writer" => self.min_writer = number()?,
            // Left by a newer version, which says above whether it matters.
            _ => {}
        }
        Ok(())
    }

    /// Refuses if this version is too old to read.
    pub(super) fn may_read(&self) -> Result<(), StoreError> {
        self.may(self.min_reader)
    }

    /// Refuses if this version is too old to write.
    pub(super) fn may_write(&self) -> Result<(), StoreError> {
        self.may_read()?;
        self.may(self.min_writer)
    }

    fn may(&self, needed: u32) -> Result<(), StoreError> {
        let found = match self.schema {
            Some(_) if needed <= SCHEMA => return Ok(()),
            Some(schema) => schema.to_string(),
            None => "none".to_owned(),
        };
        Err(StoreError::Schema {
            found,
            supported: SCHEMA,
        })
    }
}

/// Brings the database to our layout, unless it is there or beyond.
pub(super) async fn bring_up(client: &Client) -> Result<Layout, StoreError> {
    for _ in 0..ATTEMPTS_MAX {
        match in_time(migrate(client)).await.and_then(|done| done) {
            Ok(layout) => {
                layout.may_read()?;
                return Ok(layout);
            }
            Err(Trouble::Conflict) => {
                // Another server is at it. What is open now is undone, by the server if not here.
                let _undone = client.batch_execute("rollback").await;
                tokio::time::sleep(PAUSE).await;
            }
            Err(trouble) => return Err(trouble.nothing_happened()),
        }
    }
    Err(StoreError::Conflict)
}

async fn migrate(client: &Client) -> Result<Layout, Trouble> {
    let mut layout = match client.query(LAYOUT, &[]).await {
        Ok(rows) => Layout::of(&rows)?,
        // Only then are tables made, for which a server may lack the right once they stand.
        Err(error) if error.code() == Some(&SqlState::UNDEFINED_TABLE) => {
            client.batch_execute(META).await.map_err(racing)?;
            Layout::default()
        }
        Err(error) => return Err(error.into()),
    };
    for step in &STEPS {
        if layout.schema.unwrap_or(0) < step.to {
            take(client, step).await?;
            layout = Layout::of(&client.query(LAYOUT, &[]).await?)?;
        }
    }
    Ok(layout)
}

/// Takes one step, whole or not at all. Who takes it at the same time waits, or tries again.
async fn take(client: &Client, step: &Step) -> Result<(), Trouble> {
    let Step {
        to,
        min_reader,
        min_writer,
        sql,
    } = step;
    // The first statement locks the row that says where we are; at the very first there is none,
    // and two servers meet at its key.
    let batch = format!(
        "begin isolation level serializable;
         update daypass_meta set value = value where name = 'schema';
         {sql};
         insert into daypass_meta (name, value) values
             ('schema', '{to}'), ('min_reader', '{min_reader}'), ('min_writer', '{min_writer}')
         on conflict (name) do update set value = excluded.value;
         commit"
    );
    client.batch_execute(&batch).await.map_err(racing)
}

/// Two servers that create one table meet in the catalog, in more ways than one.
fn racing(error: tokio_postgres::Error) -> Trouble {
    let state = error.code().map(|state| state.code().to_owned());
    match state.as_deref() {
        // duplicate_table, duplicate_object, undefined_table (seen half made), "tuple concurrently
        // updated" (internal_error).
        Some("42P07" | "42710" | "42P01" | "XX000") => Trouble::Conflict,
        _ => error.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layout(schema: u32, min_reader: u32, min_writer: u32) -> Layout {
        Layout {
            schema: Some(schema),
            min_reader,
            min_writer,
        }
    }

    #[test]
    fn f25_a_layout_says_who_may_read_and_who_may_write() {
        let ours = layout(SCHEMA, SCHEMA, SCHEMA);
        assert!(ours.may_read().is_ok() && ours.may_write().is_ok());
        let newer_and_kind = layout(SCHEMA + 1, SCHEMA, SCHEMA);
        assert!(newer_and_kind.may_write().is_ok());
        let newer = layout(SCHEMA + 1, SCHEMA, SCHEMA + 1);
        assert!(newer.may_read().is_ok() && newer.may_write().is_err());
        let newest = layout(SCHEMA + 2, SCHEMA + 1, SCHEMA);
        assert!(newest.may_read().is_err() && newest.may_write().is_err());
        assert!(Layout::default().may_read().is_err());
    }

    #[test]
    fn steps_follow_one_another_up_to_our_layout() {
        let numbers: Vec<u32> = STEPS.iter().map(|step| step.to).collect();
        assert_eq!(numbers, (1..=SCHEMA).collect::<Vec<_>>());
        for step in &STEPS {
            assert!(step.min_reader <= step.to && step.min_writer <= step.to);
        }
    }

    #[test]
    fn words_of_a_newer_layout_do_not_disturb() {
        let mut layout = Layout::default();
        layout.take("colour", "red").unwrap();
        assert!(layout.take("schema", "one").is_err());
    }
}
