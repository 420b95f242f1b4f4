//! The published vectors: our canonical request, string to sign and signature must be theirs, and
//! our verdict on each signed request must be the right one.
//!
//! **Source**: `vectors/sigv4` with its PROVENANCE.md.

mod s3;
mod suites;

use std::fs;
use std::path::{Path, PathBuf};

use super::presented::{Presentation, Presented, presented};
use super::{Dialect, RequestView};

fn vectors() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../vectors/sigv4")
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A request as it stands in a file of the suites.
#[derive(Debug)]
struct Wire {
    method: String,
    path: String,
    query: String,
    headers: Vec<(String, Vec<u8>)>,
    body: String,
}

impl Wire {
    fn parse(text: &str) -> Self {
        let (head, body) = text.split_once("\n\n").unwrap_or((text, ""));
        let mut lines = head.lines();
        let line = lines.next().unwrap().strip_suffix(" HTTP/1.1").unwrap();
        let (method, target) = line.split_once(' ').unwrap();
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let mut headers: Vec<(String, Vec<u8>)> = Vec::new();
        for line in lines {
            if line.starts_with([' ', '\t']) {
                let folded = &mut headers.last_mut().unwrap().1;
                folded.extend_from_slice(b"\r\n");
                folded.extend_from_slice(line.as_bytes());
            } else if let Some((name, value)) = line.split_once(':') {
                headers.push((name.to_ascii_lowercase(), value.as_bytes().to_vec()));
            }
        }
        Self {
            method: method.to_owned(),
            path: path.to_owned(),
            query: query.to_owned(),
            headers,
            body: body.to_owned(),
        }
    }

    fn view(&self) -> RequestView<'_> {
        RequestView {
            method: &self.method,
            path: &self.path,
            query: &self.query,
            headers: &self.headers,
        }
    }
}

fn claimed(request: &RequestView, dialect: Dialect) -> Presentation {
    match presented(request, dialect) {
        Ok(Presented::Signed(presentation)) => presentation,
        other => panic!("{other:?}"),
    }
}
