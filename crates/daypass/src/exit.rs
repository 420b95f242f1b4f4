//! How a run ends: one number that scripts can act on, one sentence that people can.
//!
//! **Source**: users page, section 9 (exit codes); reliability page, F03 (exit 12). Usage errors
//! that the parser finds end with 2 and an impatient second signal of a server with 130, where they
//! happen.

use std::process::ExitCode;

use serde_json::{Map, Value, json};

use crate::cli::{escaped, harmless};

/// The reason for ending, as a number.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Exit {
    /// Something that should have worked did not.
    Failure,
    /// What was typed cannot be done as it stands.
    Usage,
    /// The configuration, a key file or the data folder is not usable as it is.
    Configuration,
    /// What was asked for is not there.
    NotFound,
    /// The key may not do this.
    NotPermitted,
    /// Something that exists is in the way.
    Conflict,
    /// The server cannot be reached, or is not ready.
    Unreachable,
    /// Some of it was done, some was not.
    Partial,
    /// There was no answer in time.
    Timeout,
    /// What is stored cannot be trusted; restore it from a backup.
    Store,
    /// A person ended it.
    Interrupted,
}

impl Exit {
    /// The number.
    pub(crate) fn number(self) -> u8 {
        match self {
            Self::Failure => 1,
            Self::Usage => 2,
            Self::Configuration => 3,
            Self::NotFound => 4,
            Self::NotPermitted => 5,
            Self::Conflict => 6,
            Self::Unreachable => 7,
            Self::Partial => 8,
            Self::Timeout => 9,
            Self::Store => 12,
            Self::Interrupted => 130,
        }
    }

    /// The word for scripts, where the service has given no code of its own.
    fn word(self) -> &'static str {
        match self {
            Self::Failure => "Failure",
            Self::Usage => "Usage",
            Self::Configuration => "Configuration",
            Self::NotFound => "NotFound",
            Self::NotPermitted => "NotPermitted",
            Self::Conflict => "Conflict",
            Self::Unreachable => "Unreachable",
            Self::Partial => "Partial",
            Self::Timeout => "Timeout",
            Self::Store => "Store",
            Self::Interrupted => "Interrupted",
        }
    }
}

/// A run that ended early: the number, the sentence for the person, and what to do about it.
#[derive(Debug)]
pub(crate) struct Failure {
    exit: Exit,
    sentence: String,
    json: bool,
    details: Box<Details>,
}

/// What else is known about a failure.
#[derive(Debug, Default)]
struct Details {
    hint: Option<String>,
    code: Option<String>,
    reason: Option<String>,
    request_id: Option<String>,
}

impl Failure {
    /// A failure with its own exit code.
    pub(crate) fn new(exit: Exit, sentence: impl Into<String>) -> Self {
        Self {
            exit,
            sentence: sentence.into(),
            json: false,
            details: Box::default(),
        }
    }

    /// A configuration that cannot be used.
    pub(crate) fn configuration(sentence: impl Into<String>) -> Self {
        Self::new(Exit::Configuration, sentence)
    }

    /// Something typed that cannot be done.
    pub(crate) fn usage(sentence: impl Into<String>) -> Self {
        Self::new(Exit::Usage, sentence)
    }

    /// Anything else that went wrong.
    pub(crate) fn unexpected(sentence: impl Into<String>) -> Self {
        Self::new(Exit::Failure, sentence)
    }

    /// The same failure with what to do about it.
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.details.hint = Some(hint.into()).filter(|hint| !hint.is_empty());
        self
    }

    /// The same failure with what the service called it: its code, its reason, its request.
    pub(crate) fn refused(mut self, code: &str, reason: Option<&str>, request_id: &str) -> Self {
        let text = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        self.details.code = text(code);
        self.details.reason = reason.and_then(text);
        self.details.request_id = text(request_id);
        self
    }

    /// The same failure ending with another number.
    pub(crate) fn ending(self, exit: Exit) -> Self {
        Self { exit, ..self }
    }

    /// The same failure, with where it happened before its sentence.
    pub(crate) fn within(self, place: &str) -> Self {
        let sentence = format!("{place}: {}", self.sentence);
        Self { sentence, ..self }
    }

    /// The same failure, told to a program.
    pub(crate) fn in_json(self, json: bool) -> Self {
        Self { json, ..self }
    }

    /// Why it ended.
    #[cfg(test)]
    pub(crate) fn exit(&self) -> Exit {
        self.exit
    }

    /// The number the process ends with.
    pub(crate) fn code(&self) -> ExitCode {
        ExitCode::from(self.exit.number())
    }

    /// What standard error is told: one JSON object, or a sentence and a hint; harmless on a terminal.
    pub(crate) fn told(&self) -> String {
        if self.json {
            return escaped(&self.object().to_string());
        }
        let mut told = format!("daypass: {self}");
        if let Some(hint) = &self.details.hint {
            told.push_str("\n  ");
            told.push_str(hint);
        }
        if let Some(request) = &self.details.request_id {
            told.push_str("\n  request ");
            told.push_str(request);
        }
        told.lines().map(harmless).collect::<Vec<_>>().join("\n")
    }

    fn object(&self) -> Value {
        let mut error = Map::new();
        let code = self.details.code.as_deref().unwrap_or(self.exit.word());
        error.insert("code".to_owned(), json!(code));
        error.insert("message".to_owned(), json!(self.sentence));
        for (name, value) in [
            ("reason", &self.details.reason),
            ("hint", &self.details.hint),
            ("requestId", &self.details.request_id),
        ] {
            if let Some(value) = value {
                error.insert(name.to_owned(), json!(value));
            }
        }
        json!({ "error": error })
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.sentence)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every reason, as the documentation tells it.
    const ALL: [(Exit, &str); 11] = [
        (Exit::Failure, "something failed"),
        (Exit::Usage, "what was typed cannot be done"),
        (Exit::Configuration, "the configuration cannot be used"),
        (Exit::NotFound, "there is no such thing"),
        (Exit::NotPermitted, "the key may not do this"),
        (Exit::Conflict, "something that exists is in the way"),
        (
            Exit::Unreachable,
            "the server cannot be reached or is not ready",
        ),
        (Exit::Partial, "some of it was done"),
        (Exit::Timeout, "no answer in time"),
        (Exit::Store, "what is stored cannot be trusted"),
        (Exit::Interrupted, "interrupted"),
    ];

    #[test]
    fn every_reason_has_its_documented_number() {
        let numbers: Vec<u8> = ALL.iter().map(|(exit, _)| exit.number()).collect();
        assert_eq!(numbers, [1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 130]);
        let guide = include_str!("../../../docs/guide/cli.md");
        for (exit, meaning) in ALL {
            let row = format!("| {} | {meaning} |", exit.number());
            assert!(guide.contains(&row), "no {row} in the guide");
        }
    }

    #[test]
    fn a_failure_is_a_sentence_for_people_and_an_object_for_programs() {
        let failure = Failure::new(Exit::NotFound, "there is no pool `x`")
            .hint("List them with `daypass pool list`.")
            .refused("ResourceNotFoundException", None, "r-1");
        assert_eq!(
            failure.told(),
            "daypass: there is no pool `x`\n  List them with `daypass pool list`.\n  request r-1"
        );
        let told: Value = serde_json::from_str(&failure.in_json(true).told()).unwrap();
        assert_eq!(told["error"]["code"], "ResourceNotFoundException");
        assert_eq!(told["error"]["requestId"], "r-1");
        assert!(told["error"].get("reason").is_none());
        let plain = Failure::usage("no").in_json(true).told();
        assert_eq!(plain, r#"{"error":{"code":"Usage","message":"no"}}"#);
    }
}
