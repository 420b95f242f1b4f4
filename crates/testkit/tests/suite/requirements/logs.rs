//! The canary: every vector is run with every log line written down, and no line may hold a secret,
//! a token or a login of its case.
//!
//! **Source**: requirement S75.

use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};

use daypass_testkit::vector;
use tracing::instrument::WithSubscriber;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::fmt::MakeWriter;

use crate::vectors;

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

/// A piece of a token long enough to be useless by chance and short enough to catch a cut one.
const PIECE: usize = 24;

#[tokio::test(start_paused = true)]
async fn s75_no_log_line_holds_a_secret_a_token_or_a_login() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(LevelFilter::TRACE)
        .with_ansi(false)
        .with_writer(log.clone())
        .finish();
    let subscriber = Arc::new(subscriber);
    let (mut lines, mut secrets_seen) = (0, 0);
    for file in vectors::all() {
        for case in &file.cases {
            let told = vector::run(case)
                .with_subscriber(Arc::<_>::clone(&subscriber))
                .await;
            let text = log.take();
            // A case that is not answered as it says fails the test that says so.
            let Ok(told) = told else {
                continue;
            };
            lines += text.lines().count();
            secrets_seen += told.secrets.len();
            for secret in &told.secrets {
                let found = text.contains(secret.as_str())
                    || secret.get(..PIECE).is_some_and(|piece| {
                        // All our tokens begin alike; what follows tells them apart.
                        !secret.starts_with("eyJ") && text.contains(piece)
                    });
                assert!(
                    !found,
                    "{} {}: a secret is in\n{text}",
                    file.path, case.name
                );
            }
        }
    }
    assert!(lines > 500, "only {lines} lines were logged");
    assert!(
        secrets_seen > 500,
        "only {secrets_seen} secrets were looked for"
    );
}
