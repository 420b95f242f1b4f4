//! Every reason a request can be refused for, in one list.
//!
//! A refusal has two sides. The client reads a documented code and sentence, which tell little on
//! purpose; the log, the audit line, the figures of the console and, in development, the header
//! `x-daypass-reason` carry the reason, which tells exactly. Reasons are promises: people count and
//! search for them, so they never change their meaning.
//!
//! The list itself is `reasons.txt` beside this file. A test reads the sources and holds it to the
//! reasons used there; another holds every refusal of the vectors to the codes it names.
//! `docs/guide/reasons.md` is made of it and of the advice for operators.
//!
//! **Source**: users page, section 5.

/// One reason.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Reason {
    /// Its stable code.
    ///
    /// **Shape**: `family.cause`, in lower case.
    pub code: &'static str,
    /// The codes that clients read, of every face that answers it, with a space between.
    pub answers: &'static str,
    /// The documented sentence that clients of Cognito identity read; empty where there is none, or
    /// more than one.
    pub message: &'static str,
}

const LIST: &str = include_str!("reasons.txt");

/// Every reason, by code.
pub fn reasons() -> impl Iterator<Item = Reason> {
    let lines = LIST.lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(read)
}

fn read(line: &'static str) -> Option<Reason> {
    let (code, rest) = line.split_once(" | ")?;
    let (answers, message) = rest.split_once(" |")?;
    Some(Reason {
        code,
        answers,
        message: message.trim_start(),
    })
}

#[cfg(test)]
mod tests;
