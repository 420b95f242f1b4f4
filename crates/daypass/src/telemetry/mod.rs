//! Log lines: structured, one request id on each, and never in the way of a request.
//!
//! Lines go through a bounded queue to a thread that writes them. When nobody reads the other end
//! of the pipe the queue fills, further lines are counted and dropped, and the service goes on.
//! The request id comes from the span the service opens for each request.
//!
//! **Source**: users page, section 10 (Processes); requirements F29 and S75.

mod json;

use std::io::{self, IsTerminal, Write};
use std::panic::PanicHookInfo;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Duration;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::fmt::format::JsonFields;

use crate::config::LogFormat;
use crate::exit::Failure;

/// Lines waiting to be written.
const QUEUE_LINES_MAX: usize = 4_096;

/// The longest line; what is longer is cut.
const LINE_BYTES_MAX: usize = 8 * 1024;

/// How long the end of the process waits for the last lines.
const LAST_LINES: Duration = Duration::from_secs(1);

/// Where log lines go.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Output {
    /// Beside the data, for `serve`.
    Stdout,
    /// Apart from what a person reads, for `demo`.
    Stderr,
}

/// Lets log lines flow; dropping it waits a moment for the last of them.
#[derive(Debug)]
pub(crate) struct Logs {
    queue: SyncSender<Line>,
}

#[derive(Debug)]
enum Line {
    Text(Vec<u8>),
    Flush(SyncSender<()>),
}

/// Starts logging for the whole process.
pub(crate) fn start(filter: &str, format: LogFormat, output: Output) -> Result<Logs, Failure> {
    let (terminal, sink): (bool, Box<dyn Write + Send>) = match output {
        Output::Stdout => (io::stdout().is_terminal(), Box::new(io::stdout())),
        Output::Stderr => (io::stderr().is_terminal(), Box::new(io::stderr())),
    };
    let failed = |error: &dyn std::fmt::Display| Failure::unexpected(format!("no logs: {error}"));
    let (queue, lines) = sync_channel(QUEUE_LINES_MAX);
    let dropped = Arc::new(AtomicU64::new(0));
    let writer = Queue {
        queue: queue.clone(),
        dropped: Arc::clone(&dropped),
    };
    std::thread::Builder::new()
        .name("log".to_owned())
        .spawn(move || write_lines(&lines, sink, &dropped))
        .map_err(|error| failed(&error))?;

    let filter = EnvFilter::builder()
        .parse(filter)
        .map_err(|error| failed(&error))?;
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(writer);
    let pretty = match format {
        LogFormat::Pretty => true,
        LogFormat::Json => false,
        LogFormat::Auto => terminal,
    };
    let started = if pretty {
        builder.with_ansi(terminal).with_target(false).try_init()
    } else {
        builder
            .fmt_fields(JsonFields::new())
            .event_format(json::Flat)
            .try_init()
    };
    started.map_err(|error| failed(&error))?;
    std::panic::set_hook(Box::new(report_defect));
    Ok(Logs { queue })
}

/// A defect is logged by its place only: its message may quote what a client sent.
fn report_defect(defect: &PanicHookInfo<'_>) {
    let place = defect
        .location()
        .map(ToString::to_string)
        .unwrap_or_default();
    tracing::error!(place, "a defect in daypass; please report it");
}

impl Drop for Logs {
    fn drop(&mut self) {
        let (done, ended) = sync_channel(1);
        // Neither a full queue nor a stuck pipe may hold the process back.
        if self.queue.try_send(Line::Flush(done)).is_ok() {
            let _late = ended.recv_timeout(LAST_LINES);
        }
    }
}

fn write_lines(lines: &Receiver<Line>, mut sink: Box<dyn Write + Send>, dropped: &AtomicU64) {
    while let Ok(line) = lines.recv() {
        match line {
            Line::Text(text) => {
                // A log that cannot be written must not end the service.
                let _lost = sink.write_all(&text);
                let lost = dropped.swap(0, Ordering::Relaxed);
                if lost > 0 {
                    let _lost = writeln!(sink, "{{\"level\":\"WARN\",\"lines_dropped\":{lost}}}");
                }
            }
            Line::Flush(done) => {
                let _lost = sink.flush();
                let _gone = done.try_send(());
            }
        }
    }
}

#[derive(Clone, Debug)]
struct Queue {
    queue: SyncSender<Line>,
    dropped: Arc<AtomicU64>,
}

impl<'a> MakeWriter<'a> for Queue {
    type Writer = LineWriter<'a>;

    fn make_writer(&'a self) -> LineWriter<'a> {
        LineWriter {
            queue: self,
            line: Vec::new(),
        }
    }
}

/// Gathers one line and queues it when it is complete.
#[derive(Debug)]
struct LineWriter<'a> {
    queue: &'a Queue,
    line: Vec<u8>,
}

impl Write for LineWriter<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.line.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for LineWriter<'_> {
    fn drop(&mut self) {
        let mut line = std::mem::take(&mut self.line);
        if line.len() > LINE_BYTES_MAX {
            line.truncate(LINE_BYTES_MAX);
            line.extend_from_slice("…\n".as_bytes());
        }
        if self.queue.queue.try_send(Line::Text(line)).is_err() {
            self.queue.dropped.fetch_add(1, Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn queue(lines_max: usize) -> (Queue, Receiver<Line>) {
        let (queue, lines) = sync_channel(lines_max);
        (
            Queue {
                queue,
                dropped: Arc::default(),
            },
            lines,
        )
    }

    #[test]
    fn f29_a_full_queue_drops_and_counts_and_never_waits() {
        let (queue, lines) = queue(2);
        for _ in 0..5 {
            queue.make_writer().write_all(b"line\n").unwrap();
        }
        assert_eq!(queue.dropped.load(Ordering::Relaxed), 3);
        let dropped = Arc::clone(&queue.dropped);
        drop(queue);
        let kept: Vec<_> = lines.iter().collect();
        assert_eq!(kept.len(), 2);
        assert_eq!(dropped.load(Ordering::Relaxed), 3);
    }

    #[test]
    fn a_long_line_is_cut_with_a_mark() {
        let (queue, lines) = queue(1);
        queue
            .make_writer()
            .write_all(&[b'a'; LINE_BYTES_MAX + 1])
            .unwrap();
        let Line::Text(text) = lines.recv().unwrap() else {
            panic!("a line")
        };
        assert_eq!(text.len(), LINE_BYTES_MAX + "…\n".len());
        queue
            .make_writer()
            .write_all(&[b'a'; LINE_BYTES_MAX])
            .unwrap();
        let Line::Text(text) = lines.recv().unwrap() else {
            panic!("a line")
        };
        assert_eq!(text.len(), LINE_BYTES_MAX);
    }
}
