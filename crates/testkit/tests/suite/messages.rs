//! Every message that clients read is shown by a vector, word for word.
//!
//! The messages stand in `vectors/expected/messages.txt`, by hand and apart from the code.
//!
//! **Source**: contract page, Cognito identity sections 1.5, 6.3 and 11.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::vectors::{self, repository};

const TABLE: &str = "vectors/expected/messages.txt";

/// What stands for anything.
const ANY: &str = "<any>";

/// One line of the table.
struct Message {
    code: String,
    text: String,
    /// Why no vector can show it yet.
    missing: Option<String>,
}

fn table() -> Vec<Message> {
    let text = std::fs::read_to_string(repository(TABLE)).unwrap();
    let lines = text
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    let read = |line: &str| {
        let mut fields = line.split(" | ").map(str::to_owned);
        let message = Message {
            code: fields.next().unwrap_or_default(),
            text: fields.next().unwrap_or_default(),
            missing: fields.next(),
        };
        assert!(
            !message.text.is_empty() && fields.next().is_none(),
            "{line}"
        );
        message
    };
    lines.map(read).collect()
}

/// Code and message of each error answer of the Cognito identity face.
fn shown() -> BTreeSet<(String, String)> {
    let mut shown = BTreeSet::new();
    let files = vectors::all();
    let cases = files
        .iter()
        .filter(|file| file.face == "cognito-identity")
        .flat_map(|file| &file.cases);
    for exchange in cases.flat_map(|case| &case.exchanges) {
        let body = exchange.answer.split(String::is_empty).nth(1);
        let body: Value =
            serde_json::from_str(&body.unwrap_or_default().concat()).unwrap_or_default();
        if let (Some(code), Some(message)) = (body["__type"].as_str(), body["message"].as_str()) {
            shown.insert((code.to_owned(), message.to_owned()));
        }
    }
    shown
}

/// Whether the whole text is the listed one, which may leave some of it open.
fn is(listed: &str, text: &str) -> bool {
    let mut pieces = listed.split(ANY);
    let Some(mut rest) = text.strip_prefix(pieces.next().unwrap_or_default()) else {
        return false;
    };
    let mut open = false;
    for piece in pieces {
        let Some(at) = rest.find(piece) else {
            return false;
        };
        rest = &rest[at + piece.len()..];
        open = piece.is_empty();
    }
    open || rest.is_empty()
}

#[test]
fn every_message_that_clients_read_is_shown_by_a_vector() {
    let shown = shown();
    let mut findings = Vec::new();
    for Message {
        code,
        text,
        missing,
    } in table()
    {
        let seen = shown
            .iter()
            .any(|(of, message)| *of == code && is(&text, message));
        match (seen, missing) {
            (false, None) => findings.push(format!("no vector of {code} says: {text}")),
            (true, Some(_)) => findings.push(format!("{code} has a vector after all: {text}")),
            _ => {}
        }
    }
    assert!(findings.is_empty(), "{}", findings.join("\n"));
}

#[test]
fn a_message_is_compared_as_a_whole() {
    assert!(is(
        "Identity '<any>' not found.",
        "Identity '<A>' not found."
    ));
    assert!(!is(
        "Identity '<any>' not found.",
        "Identity '<A>' not found. Really"
    ));
    assert!(!is("not found.", "Identity not found."));
    assert!(is("Token expired: <any> >= <any>", "Token expired: 5 >= 4"));
    assert!(is(ANY, "whatever"));
}
