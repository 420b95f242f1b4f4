//! The suite that says what a [`Store`] is; an engine is finished when it passes.
//!
//! It covers order, ranges and sizes, what a transaction sees and what others see of it, many
//! writers at once, and a long random history against an ordered map. It runs on anything that is a
//! `Store`, so also on one wrapped to delay calls or to answer [`StoreError::Conflict`] now and
//! then. Each case keeps to keys of its own and clears them first, so one store serves the whole
//! suite, twice over if need be.
//!
//! **Source**: DESIGN §1.4 and §11 (store); requirement S67; STYLE §6.

mod concurrency;
mod model;
mod visibility;

use crate::{Key, Range, Store, StoreError, Tx};
use std::fmt::Debug;
use std::sync::Arc;

/// How often a case runs a transaction again after a conflict before it calls the engine stuck.
const ATTEMPTS_MAX: usize = 1000;

/// Rows a case clears or reads in one go.
const PAGE: usize = 500;

/// What an engine did that a store must not do.
#[derive(Debug, thiserror::Error)]
pub enum Broken {
    /// It answered with an error where none was due.
    #[error("`{case}`: {source}")]
    Refused {
        /// The case that failed.
        case: &'static str,
        /// The engine's answer.
        source: StoreError,
    },
    /// It answered something else than it should.
    #[error("`{case}`: {what}: found {found}, wanted {wanted}")]
    Differs {
        /// The case that failed.
        case: &'static str,
        /// The question asked.
        what: String,
        /// The engine's answer.
        found: String,
        /// The right answer.
        wanted: String,
    },
    /// A task of the suite itself came to an end it should not.
    #[error("`{case}`: {what}")]
    Stopped {
        /// The case that failed.
        case: &'static str,
        /// What ended.
        what: String,
    },
}

/// Runs the whole suite; `seed` chooses the random history and is named in what fails.
///
/// `open` opens the same store each time it is called. The suite lets go of the store before it
/// opens it again, and what was committed must be there.
pub async fn conformance(open: impl AsyncFn() -> Arc<dyn Store>, seed: u64) -> Result<(), Broken> {
    let store = open().await;
    store.ready().await.map_err(|source| Broken::Refused {
        case: "ready",
        source,
    })?;
    visibility::run(&store).await?;
    concurrency::run(&store).await?;
    drop(store);
    model::run(&open, seed).await
}

/// One case of the suite: its name, and keys of its own.
#[derive(Clone, Copy)]
struct Case(&'static str);

impl Case {
    fn key(self, parts: &[&str]) -> Key {
        Key::of(&[&["conformance", self.0], parts].concat())
    }

    /// Starts the case on an empty stretch of keys.
    async fn clear(self, store: &Arc<dyn Store>) -> Result<(), Broken> {
        let all = Range::prefix(&self.key(&[]), PAGE);
        for _ in 0..ATTEMPTS_MAX {
            let mut tx = self.write(store).await?;
            let rows = self.ok(tx.scan(&all).await)?;
            for (key, _) in &rows {
                self.ok(tx.delete(key).await)?;
            }
            match tx.commit().await {
                Ok(()) if rows.is_empty() => return Ok(()),
                Ok(()) | Err(StoreError::Conflict) => {}
                Err(source) => {
                    return Err(Broken::Refused {
                        case: self.0,
                        source,
                    });
                }
            }
        }
        Err(self.stopped("the keys of the case could not be cleared"))
    }

    /// Commits these pairs in one transaction.
    async fn put_all(self, store: &Arc<dyn Store>, pairs: &[(Key, &str)]) -> Result<(), Broken> {
        for _ in 0..ATTEMPTS_MAX {
            let mut tx = self.write(store).await?;
            for (key, value) in pairs {
                self.ok(tx.put(key, (*value).to_owned()).await)?;
            }
            match tx.commit().await {
                Err(StoreError::Conflict) => {}
                done => return self.ok(done),
            }
        }
        Err(self.stopped("conflicts without end"))
    }

    async fn read(self, store: &Arc<dyn Store>) -> Result<Box<dyn Tx>, Broken> {
        self.ok(store.read().await)
    }

    async fn write(self, store: &Arc<dyn Store>) -> Result<Box<dyn Tx>, Broken> {
        self.ok(store.write().await)
    }

    /// The value of `key` as a transaction opened now sees it.
    async fn now(self, store: &Arc<dyn Store>, key: &Key) -> Result<Option<String>, Broken> {
        let mut tx = self.read(store).await?;
        self.ok(tx.get(key).await)
    }

    fn ok<T>(self, answer: Result<T, StoreError>) -> Result<T, Broken> {
        answer.map_err(|source| Broken::Refused {
            case: self.0,
            source,
        })
    }

    fn same<T: Debug + PartialEq>(
        self,
        what: impl Into<String>,
        found: &T,
        wanted: &T,
    ) -> Result<(), Broken> {
        if found == wanted {
            return Ok(());
        }
        let (found, wanted) = (format!("{found:?}"), format!("{wanted:?}"));
        Err(Broken::Differs {
            case: self.0,
            what: what.into(),
            found,
            wanted,
        })
    }

    fn refuses<T: Debug>(
        self,
        what: &str,
        answer: Result<T, StoreError>,
        wanted: impl Fn(&StoreError) -> bool,
    ) -> Result<(), Broken> {
        match answer {
            Err(error) if wanted(&error) => Ok(()),
            found => Err(Broken::Differs {
                case: self.0,
                what: what.to_owned(),
                found: format!("{found:?}"),
                wanted: "its refusal".to_owned(),
            }),
        }
    }

    fn stopped(self, what: impl Into<String>) -> Broken {
        Broken::Stopped {
            case: self.0,
            what: what.into(),
        }
    }
}
