//! The commit thread: what is durable, in which order, and who is told.
//!
//! A sync costs as much for ten transactions as for one. So a writer hands its changes over and
//! lets the next writer begin; everything that has gathered while the disk was busy goes down in
//! one sync; only then is anyone told. Until then later writers see the changes as pending. When a
//! sync of pending changes goes wrong, whoever saw them must begin again: that is the one conflict
//! this engine has.
//!
//! **Source**: requirements F03 (no retry after a failed sync), F04 (refused whole, back when there
//! is room), F06 (group commit).

use crate::StoreError;
use crate::overlay::Overlay;
use std::collections::VecDeque;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{Builder, JoinHandle};
use tokio::sync::oneshot;

/// Transactions that share one sync at most.
const BATCH_TRANSACTIONS_MAX: usize = 256;

/// Bytes after which a batch takes no further transaction.
const BATCH_BYTES_MAX: usize = 8 * 1024 * 1024;

/// Where changes become durable. Behind a trait so that tests can fail or delay it.
pub(super) trait Disk: Send + 'static {
    /// Makes all changes durable, in order, or none.
    fn write(&mut self, changes: &[Arc<Overlay>]) -> Result<(), Trouble>;
    /// Work that nobody waits for, after a write was answered.
    fn tidy(&mut self) -> Result<(), Trouble>;
    /// The last work on a healthy disk.
    fn close(&mut self) -> Result<(), Trouble>;
}

/// What went wrong below.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Trouble {
    /// No room; nothing happened.
    Full,
    /// Not done for another reason; nothing happened.
    Refused(String),
    /// Nobody knows what is on disk.
    Failed(String),
}

impl From<Trouble> for StoreError {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Full => Self::Full,
            Trouble::Refused(text) => Self::unavailable(text),
            Trouble::Failed(_) => Self::Failed,
        }
    }
}

/// What is on its way to the disk, seen from the start of a write transaction.
pub(super) struct Pending {
    /// Changes handed over and not yet durable, oldest first.
    pub(super) overlays: Vec<Arc<Overlay>>,
    epoch: u64,
}

/// The commit thread and what it has been handed.
pub(super) struct Committer {
    shared: Arc<Shared>,
    requests: Option<Sender<Request>>,
    thread: Option<JoinHandle<()>>,
}

/// The answer to come for one transaction.
pub(super) struct Receipt(oneshot::Receiver<Result<(), StoreError>>);

impl Receipt {
    /// Waits until the changes are durable or refused.
    pub(super) async fn settled(self) -> Result<(), StoreError> {
        // No answer means the thread is gone, and with it the knowledge of what is on disk.
        self.0.await.unwrap_or(Err(StoreError::Failed))
    }
}

impl Committer {
    /// Starts the thread that owns the disk from now on.
    pub(super) fn start(disk: impl Disk) -> Result<Self, StoreError> {
        let shared = Arc::new(Shared::default());
        let (sender, receiver) = channel();
        let worker = Worker {
            disk,
            shared: Arc::clone(&shared),
            requests: receiver,
            batch: Vec::new(),
        };
        let thread = Builder::new()
            .name("store-commit".to_owned())
            .spawn(move || worker.run())
            .map_err(StoreError::unavailable)?;
        Ok(Self {
            shared,
            requests: Some(sender),
            thread: Some(thread),
        })
    }

    /// What a write transaction that begins now must see above the file.
    pub(super) fn pending(&self) -> Result<Pending, StoreError> {
        let state = self.shared.lock();
        if state.failed {
            return Err(StoreError::Failed);
        }
        Ok(Pending {
            overlays: state.overlays.iter().cloned().collect(),
            epoch: state.epoch,
        })
    }

    /// Hands over the changes of a transaction that began with `seen`.
    pub(super) fn submit(&self, seen: &Pending, changes: Overlay) -> Result<Receipt, StoreError> {
        let (answer, receipt) = oneshot::channel();
        let changes = Arc::new(changes);
        let mut state = self.shared.lock();
        if state.failed {
            return Err(StoreError::Failed);
        }
        if state.epoch != seen.epoch {
            return Err(StoreError::Conflict);
        }
        let request = Request {
            changes: Arc::clone(&changes),
            epoch: seen.epoch,
            answer,
        };
        let requests = self.requests.as_ref().ok_or(StoreError::Failed)?;
        requests.send(request).map_err(|_| StoreError::Failed)?;
        state.overlays.push_back(changes);
        Ok(Receipt(receipt))
    }
}

impl Drop for Committer {
    fn drop(&mut self) {
        // Closing the channel ends the thread once it has answered what it was handed.
        self.requests = None;
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the commit thread had ended early");
        }
    }
}

#[derive(Default)]
struct Shared(Mutex<State>);

#[derive(Default)]
struct State {
    /// Handed over and not yet durable, oldest first.
    overlays: VecDeque<Arc<Overlay>>,
    /// Counts the times that pending changes came to nothing.
    epoch: u64,
    failed: bool,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        // Each change of the state is a single assignment away from a good state.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn forget_pending(&self, failed: bool) {
        let mut state = self.lock();
        state.overlays.clear();
        state.epoch += 1;
        state.failed |= failed;
    }
}

struct Request {
    changes: Arc<Overlay>,
    epoch: u64,
    answer: oneshot::Sender<Result<(), StoreError>>,
}

impl Request {
    fn answer(self, answer: Result<(), StoreError>) {
        // Whoever asked may have stopped waiting.
        let _ = self.answer.send(answer);
    }
}

struct Worker<D> {
    disk: D,
    shared: Arc<Shared>,
    requests: Receiver<Request>,
    /// What is being written. Kept here so that after a panic the store is marked failed before
    /// anyone learns that no answer will come.
    batch: Vec<Request>,
}

impl<D> Drop for Worker<D> {
    fn drop(&mut self) {
        // Reached by a panic too: without this thread nothing can be made durable.
        self.shared.forget_pending(true);
    }
}

impl<D: Disk> Worker<D> {
    fn run(mut self) {
        while let Ok(first) = self.requests.recv() {
            let batch = self.gather(first);
            self.settle(batch);
            if !self.shared.lock().failed {
                let tidied = self.disk.tidy();
                self.heed(tidied);
            }
        }
        if !self.shared.lock().failed {
            let closed = self.disk.close();
            self.heed(closed);
        }
    }

    /// Takes what has come in while the disk was busy.
    fn gather(&self, first: Request) -> Vec<Request> {
        let mut bytes = first.changes.bytes();
        let mut batch = vec![first];
        while batch.len() < BATCH_TRANSACTIONS_MAX && bytes < BATCH_BYTES_MAX {
            let Ok(request) = self.requests.try_recv() else {
                break;
            };
            bytes += request.changes.bytes();
            batch.push(request);
        }
        batch
    }

    fn settle(&mut self, batch: Vec<Request>) {
        let (epoch, failed) = {
            let state = self.shared.lock();
            (state.epoch, state.failed)
        };
        let (batch, late): (Vec<_>, Vec<_>) = batch
            .into_iter()
            .partition(|request| !failed && request.epoch == epoch);
        for request in late {
            request.answer(Err(if failed {
                StoreError::Failed
            } else {
                StoreError::Conflict
            }));
        }
        if batch.is_empty() {
            return;
        }
        self.batch = batch;
        let changes: Vec<_> = self
            .batch
            .iter()
            .map(|request| Arc::clone(&request.changes))
            .collect();
        let written = self.disk.write(&changes);
        match &written {
            Ok(()) => {
                let mut state = self.shared.lock();
                for _ in &changes {
                    state.overlays.pop_front();
                }
            }
            Err(trouble) => {
                tracing::error!(
                    ?trouble,
                    transactions = changes.len(),
                    "a commit was refused"
                );
                self.shared
                    .forget_pending(matches!(trouble, Trouble::Failed(_)));
            }
        }
        for request in self.batch.drain(..) {
            request.answer(written.clone().map_err(StoreError::from));
        }
    }

    /// Trouble in work nobody waits for ends writing only if the disk is in doubt.
    fn heed(&self, done: Result<(), Trouble>) {
        if let Err(trouble) = done {
            tracing::error!(?trouble, "the log could not be folded into the database");
            if matches!(trouble, Trouble::Failed(_)) {
                self.shared.forget_pending(true);
            }
        }
    }
}
