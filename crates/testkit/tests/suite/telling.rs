//! Every vector told once, with every log line kept, for the tests that look at what came of it.
//!
//! Each case has a house of its own, so cases are told side by side on all processors.
//! `DAYPASS_VECTOR=text` tells only the files whose path contains the text.

use std::io::Write;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use daypass_testkit::vector::{self, Outcome};
use tracing::instrument::WithSubscriber;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::fmt::MakeWriter;

use crate::vectors::{self, File};

/// What came of one case.
pub(crate) struct Told {
    /// Where it stands, and its name.
    pub(crate) place: String,
    /// How its answers differed, if they did.
    pub(crate) outcome: Result<Outcome, String>,
    /// What was logged meanwhile.
    pub(crate) log: String,
}

/// Every case, told.
pub(crate) fn told() -> &'static [Told] {
    static TOLD: OnceLock<Vec<Told>> = OnceLock::new();
    TOLD.get_or_init(tell_all)
}

fn tell_all() -> Vec<Told> {
    let wanted = crate::setting("DAYPASS_VECTOR").unwrap_or_default();
    let mut files = vectors::all();
    files.retain(|file| file.path.contains(&wanted));
    let next = AtomicUsize::new(0);
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    std::thread::scope(|scope| {
        let told: Vec<_> = (0..threads)
            .map(|_| scope.spawn(|| tell_from(&files, &next)))
            .collect();
        let told = told.into_iter().map(|thread| thread.join().unwrap());
        let mut told: Vec<Told> = told.flatten().collect();
        told.sort_by(|one, other| one.place.cmp(&other.place));
        told
    })
}

/// Takes one file after the other until none is left.
fn tell_from(files: &[File], next: &AtomicUsize) -> Vec<Told> {
    // The clock of the runtime stands still and jumps: waiting for a retry costs no time.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build()
        .unwrap();
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(LevelFilter::TRACE)
        .with_ansi(false)
        .with_writer(log.clone())
        .finish();
    let subscriber = Arc::new(subscriber);
    let mut told = Vec::new();
    while let Some(file) = files.get(next.fetch_add(1, Ordering::SeqCst)) {
        for case in &file.cases {
            let telling = vector::run(case).with_subscriber(Arc::<_>::clone(&subscriber));
            told.push(Told {
                place: format!("{}:{:04}: {}", file.path, case.line, case.name),
                outcome: runtime.block_on(telling),
                log: log.take(),
            });
        }
    }
    told
}

/// Everything that was logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn take(&self) -> String {
        let mut log = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&std::mem::take(&mut *log)).into_owned()
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let mut log = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        log.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}
