//! Writing down what was counted: once a minute, and once more at the end.
//!
//! The service keeps its activity counts in memory and knows how to save them; when is decided here,
//! where the clock is.

use std::sync::Arc;
use std::time::Duration;

use daypass_service::Env;
use tokio::task::JoinHandle;
use tokio::time::{MissedTickBehavior, interval};

use crate::clock;

/// Between two saves: what a killed process forgets of its counts, at most.
const SAVE_EVERY: Duration = Duration::from_mins(1);

/// Saves the counts until it is told to stop.
#[derive(Debug)]
pub(crate) struct Keeper {
    env: Arc<Env>,
    task: JoinHandle<()>,
}

impl Keeper {
    /// Begins to save.
    pub(crate) fn start(env: Arc<Env>) -> Self {
        let saved = Arc::clone(&env);
        let task = tokio::spawn(async move {
            let mut ticks = interval(SAVE_EVERY);
            ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
            loop {
                ticks.tick().await;
                saved.save_activity(clock::now_millis()).await;
            }
        });
        Self { env, task }
    }

    /// Ends, after one last save.
    pub(crate) async fn stop(self) {
        self.task.abort();
        // Aborted or not, the task is over then: two saves never run at once.
        let _over = self.task.await;
        self.env.save_activity(clock::now_millis()).await;
    }
}
