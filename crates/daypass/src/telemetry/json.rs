//! A log line as one flat JSON object: `ts`, `level`, `msg`, then what the event and its spans know.
//!
//! Flat, so that a line can be searched by `request_id` or `code` without knowing which span carried
//! it. An event's own field wins over its span's.
//!
//! **Shape**: `{"ts":"2026-01-02T03:04:05.678901Z","level":"INFO","msg":"answered","request_id":…}`.
//! **Source**: users page, section 10 (Processes).

use std::fmt;

use serde_json::{Map, Value};
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::fmt::format::{JsonFields, Writer};
use tracing_subscriber::fmt::time::{FormatTime, SystemTime};
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormattedFields};
use tracing_subscriber::registry::{LookupSpan, Scope};

/// Writes events as flat JSON; goes with [`JsonFields`] for the spans.
#[derive(Clone, Copy, Debug)]
pub(super) struct Flat;

impl<S> FormatEvent<S, JsonFields> for Flat
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, JsonFields>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let mut line = Map::new();
        let mut ts = String::new();
        SystemTime.format_time(&mut Writer::new(&mut ts))?;
        // Outer spans first: what is nearer to the event knows better.
        for span in context.event_scope().into_iter().flat_map(Scope::from_root) {
            let extensions = span.extensions();
            let fields = extensions.get::<FormattedFields<JsonFields>>();
            let fields = fields.map_or("", |fields| fields.fields.as_str());
            line.extend(serde_json::from_str::<Map<String, Value>>(fields).unwrap_or_default());
        }
        event.record(&mut Members(&mut line));
        let msg = line.remove("msg").unwrap_or_else(|| "".into());
        let level = event.metadata().level();
        write!(
            writer,
            "{{\"ts\":\"{ts}\",\"level\":\"{level}\",\"msg\":{msg}"
        )?;
        for (name, value) in line {
            write!(writer, ",{}:{value}", Value::String(name))?;
        }
        writeln!(writer, "}}")
    }
}

struct Members<'a>(&'a mut Map<String, Value>);

impl Members<'_> {
    fn set(&mut self, field: &Field, value: Value) {
        let name = if field.name() == "message" {
            "msg"
        } else {
            field.name()
        };
        self.0.insert(name.to_owned(), value);
    }
}

impl Visit for Members<'_> {
    fn record_i64(&mut self, field: &Field, value: i64) {
        self.set(field, value.into());
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.set(field, value.into());
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.set(field, value.into());
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.set(field, value.into());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.set(field, format!("{value:?}").into());
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::sync_channel;

    use super::super::{Line, Queue};
    use super::*;

    #[test]
    fn a_line_is_one_flat_object_with_its_request_id() {
        let (queue, lines) = sync_channel(4);
        let writer = Queue {
            queue,
            dropped: std::sync::Arc::default(),
        };
        let subscriber = tracing_subscriber::fmt()
            .with_writer(writer)
            .fmt_fields(JsonFields::new())
            .event_format(Flat)
            .finish();
        tracing::subscriber::with_default(subscriber, || {
            let span = tracing::info_span!("request", request_id = "r-1", code = "outer");
            let _entered = span.enter();
            tracing::info!(code = "inner", status = 403_u16, "refused \"it\"\nagain");
        });
        let Line::Text(text) = lines.recv().unwrap() else {
            panic!("a line")
        };
        let text = String::from_utf8(text).unwrap();
        assert_eq!(text.matches('\n').count(), 1, "{text}");
        let line: Map<String, Value> = serde_json::from_str(&text).unwrap();
        assert_eq!(line["level"], "INFO");
        assert_eq!(line["msg"], "refused \"it\"\nagain");
        assert_eq!(line["request_id"], "r-1");
        assert_eq!(line["code"], "inner");
        assert_eq!(line["status"], 403);
        assert!(
            line["ts"].as_str().is_some_and(|ts| ts.ends_with('Z')),
            "{text}"
        );
    }
}
