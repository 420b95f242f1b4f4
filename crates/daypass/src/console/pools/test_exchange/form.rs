//! What a person fills in for a test exchange.
//!
//! **Source**: Cognito identity API reference, *GetOpenIdTokenForDeveloperIdentity*.

use std::collections::BTreeMap;

use crate::console::fields::Fields;
use crate::console::parts::FieldError;
use crate::exchange::OBJECT;

/// The longest user id, in characters.
const USER_CHARS_MAX: usize = 1024;

/// The longest life of a token, in seconds.
const DURATION_SECONDS_MAX: i64 = 86_400;

/// The longest object key below the prefix, in bytes; with the prefix it stays below the 1024 of S3.
const KEY_BYTES_MAX: usize = 900;

/// The user that stands in the form at first.
const USER: &str = "test-user";

/// The form, as it was typed.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct Form {
    pub(super) user: String,
    pub(super) duration: String,
    pub(super) tags: String,
    pub(super) bucket: String,
    pub(super) key: String,
}

impl Form {
    /// The form before anything was typed.
    pub(super) fn first(bucket: String) -> Self {
        Self {
            user: USER.to_owned(),
            bucket,
            key: OBJECT.to_owned(),
            ..Self::default()
        }
    }

    /// What was sent.
    pub(super) fn read(fields: &Fields) -> Self {
        let text = |name: &str| fields.trimmed(name).to_owned();
        Self {
            user: text("user"),
            duration: text("duration"),
            tags: text("tags"),
            bucket: text("bucket"),
            key: text("key"),
        }
    }

    /// What has to be put right before anything can be tried.
    pub(super) fn faults(&self) -> Vec<FieldError> {
        let mut faults = Vec::new();
        let mut say = |wrong: bool, field: &str, message: &str| {
            if wrong {
                faults.push(FieldError {
                    field: field.to_owned(),
                    message: message.to_owned(),
                });
            }
        };
        let user_chars = self.user.chars().count();
        say(user_chars == 0, "user", "Give the user an id.");
        say(
            user_chars > USER_CHARS_MAX,
            "user",
            "A user id has at most 1,024 characters.",
        );
        say(
            self.bucket.is_empty(),
            "bucket",
            "Name a bucket to write to.",
        );
        say(
            self.key.is_empty() || self.key.starts_with('/'),
            "key",
            "Give the object a name that does not begin with a slash.",
        );
        say(
            self.key.len() > KEY_BYTES_MAX,
            "key",
            "The name of the object is too long.",
        );
        say(
            !self.duration.is_empty() && self.duration_seconds().is_none(),
            "duration",
            "The lifetime is a number of seconds from 1 to 86,400.",
        );
        say(
            self.tags().is_none(),
            "tags",
            "Write each tag on a line of its own, like tenant=blue.",
        );
        faults
    }

    /// How long the token is to live, if that is said and possible.
    pub(super) fn duration_seconds(&self) -> Option<i64> {
        let seconds = self.duration.parse().ok()?;
        (1..=DURATION_SECONDS_MAX)
            .contains(&seconds)
            .then_some(seconds)
    }

    /// The tags; nothing if a line is none.
    pub(super) fn tags(&self) -> Option<BTreeMap<String, String>> {
        let lines = self.tags.lines().map(str::trim);
        let lines = lines.filter(|line| !line.is_empty());
        lines
            .map(|line| {
                let (key, value) = line.split_once('=')?;
                let key = key.trim();
                (!key.is_empty()).then(|| (key.to_owned(), value.trim().to_owned()))
            })
            .collect()
    }

    /// The same exchange on the command line.
    pub(super) fn as_command(&self, pool: &str) -> String {
        format!(
            "daypass walk --pool {} --user {} --bucket {}",
            quoted(pool),
            quoted(&self.user),
            quoted(&self.bucket)
        )
    }
}

/// A word of a shell's command, which must not mean anything to the shell.
fn quoted(word: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_.:/@".contains(letter);
    if !word.is_empty() && !word.starts_with('-') && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields_at_fault(form: &Form) -> Vec<String> {
        let faults = form.faults().into_iter();
        faults.map(|fault| fault.field).collect()
    }

    #[test]
    fn the_first_form_can_be_sent_as_it_is() {
        assert!(Form::first("b".to_owned()).faults().is_empty());
    }

    #[test]
    fn each_fault_is_said_at_its_field() {
        let form = Form {
            duration: "86401".to_owned(),
            tags: "tenant".to_owned(),
            key: "/x".to_owned(),
            ..Form::default()
        };
        let fields = fields_at_fault(&form);
        assert_eq!(fields, ["user", "bucket", "key", "duration", "tags"]);
        let long = Form {
            user: "u".repeat(USER_CHARS_MAX + 1),
            key: "k".repeat(KEY_BYTES_MAX + 1),
            ..Form::first("b".to_owned())
        };
        assert_eq!(fields_at_fault(&long), ["user", "key"]);
    }

    #[test]
    fn both_ends_of_a_lifetime_are_possible() {
        let seconds = |text: &str| {
            let form = Form {
                duration: text.to_owned(),
                ..Form::default()
            };
            form.duration_seconds()
        };
        assert_eq!(seconds("1"), Some(1));
        assert_eq!(seconds("86400"), Some(86_400));
        assert_eq!(seconds("0"), None);
        assert_eq!(seconds("15m"), None);
    }

    #[test]
    fn tags_are_read_line_by_line() {
        let form = Form {
            tags: "tenant=blue\n\n role = a=b \n".to_owned(),
            ..Form::default()
        };
        let tags = form.tags().unwrap();
        assert_eq!(tags["tenant"], "blue");
        assert_eq!(tags["role"], "a=b");
    }

    #[test]
    fn a_hostile_user_id_is_one_word_of_the_command() {
        let form = Form {
            user: "a'; rm -rf $HOME".to_owned(),
            ..Form::first("b".to_owned())
        };
        assert_eq!(
            form.as_command("r-1:0a"),
            "daypass walk --pool r-1:0a --user 'a'\\''; rm -rf $HOME' --bucket b"
        );
        assert_eq!(quoted("-x"), "'-x'");
    }
}
