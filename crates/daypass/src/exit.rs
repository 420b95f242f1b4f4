//! How a run ends: one number that scripts can act on, one sentence that people can.
//!
//! **Source**: users page, section 9 (exit codes); reliability page, F03 (exit 12). Usage errors end with
//! 2 and an impatient second signal with 130, where they happen.

use std::process::ExitCode;

/// The reason for ending, as a number.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Exit {
    /// Something that should have worked did not.
    Failure,
    /// The configuration, a key file or the data folder is not usable as it is.
    Configuration,
    /// What is stored cannot be trusted; restore it from a backup.
    Store,
}

/// A run that ended early: the number, and the sentence for the person.
#[derive(Debug)]
pub(crate) struct Failure {
    exit: Exit,
    sentence: String,
}

impl Failure {
    /// A failure with its own exit code.
    pub(crate) fn new(exit: Exit, sentence: impl Into<String>) -> Self {
        Self {
            exit,
            sentence: sentence.into(),
        }
    }

    /// A configuration that cannot be used.
    pub(crate) fn configuration(sentence: impl Into<String>) -> Self {
        Self::new(Exit::Configuration, sentence)
    }

    /// Anything else that went wrong.
    pub(crate) fn unexpected(sentence: impl Into<String>) -> Self {
        Self::new(Exit::Failure, sentence)
    }

    /// The number the process ends with.
    pub(crate) fn code(&self) -> ExitCode {
        ExitCode::from(match self.exit {
            Exit::Failure => 1,
            Exit::Configuration => 3,
            Exit::Store => 12,
        })
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.sentence)
    }
}
