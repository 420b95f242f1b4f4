//! Questions before what cannot be taken back.
//!
//! A question stands on standard error, so that data stays data; the answer is a line of standard
//! input. No answer is no.
//!
//! **Source**: users page, section 8 (Destruction) and section 9 (`--yes`, `--no-input`).

use std::io::{BufRead as _, Write as _};

use crate::exit::Failure;

/// How questions are asked.
#[derive(Clone, Copy, Debug)]
pub(in crate::cli) struct Confirm {
    /// Not at all: the answer is yes.
    pub(super) yes: bool,
    /// Not at all: there is nobody to answer.
    pub(super) no_input: bool,
}

impl Confirm {
    /// Whether questions are answered already.
    pub(in crate::cli) fn is_given(self) -> bool {
        self.yes
    }

    /// States what will happen, and goes on only if the person types this text.
    ///
    /// **Errors**: nobody can be asked, or the answer is another one.
    pub(in crate::cli) async fn typed(self, consequence: &str, text: &str) -> Result<(), Failure> {
        let line = if self.yes {
            consequence.to_owned()
        } else {
            format!("{consequence}\nType `{text}` to go on: ")
        };
        tell(&line, self.yes);
        if self.yes {
            return Ok(());
        }
        let refused = |what: &str| {
            Failure::usage(format!("{what}; nothing was changed"))
                .hint("Answer by typing the name, or run it again with --yes.")
        };
        if self.no_input {
            return Err(refused("this needs an answer"));
        }
        let answer = tokio::task::spawn_blocking(|| {
            let mut answer = String::new();
            let read = std::io::stdin().lock().read_line(&mut answer);
            read.map(|_| answer)
        });
        let answer = answer.await.ok().and_then(Result::ok).unwrap_or_default();
        if answer.trim_end_matches(['\r', '\n']) == text {
            return Ok(());
        }
        if answer.is_empty() {
            tell("", true);
            return Err(refused("nobody answered"));
        }
        Err(refused("the answer is not the name"))
    }
}

fn tell(line: &str, whole: bool) {
    let mut err = std::io::stderr().lock();
    // Standard error may be closed; then nobody reads the question, and nobody answers it.
    let _closed = if whole {
        writeln!(err, "{line}")
    } else {
        write!(err, "{line}").and_then(|()| err.flush())
    };
}
