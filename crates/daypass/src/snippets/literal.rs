//! String literals: a value from outside, quoted so that it can be nothing but a value.
//!
//! The names that reach a snippet have narrow patterns of their own, and endpoints come from the
//! operator. That is checked elsewhere and may change; here no value can leave its quotes. What is
//! not a letter, a digit or a sign of ASCII is escaped, so that nothing invisible hides in code.
//!
//! **Source**: the lexical grammar of each language: ECMAScript 12.9.4, Python 2.4.1, Rust
//! *Tokens*, Go *String literals*, Java 3.10.7, C# 6.4.5.6, Swift *String Literals*, Kotlin *String
//! literals*, POSIX shell 2.2.2, Terraform *Strings and Templates*.

use std::fmt::Write as _;

use super::Language;

/// The value as a string literal of the language, quotes included.
pub(super) fn literal(language: Language, value: &str) -> String {
    if matches!(language, Language::Curl | Language::AwsCli) {
        // Between single quotes a shell takes everything as it is, but for the quote itself.
        return format!("'{}'", value.replace('\'', r"'\''"));
    }
    let mut quoted = String::with_capacity(value.len() + 2);
    let mut rest = value.chars().peekable();
    quoted.push('"');
    while let Some(letter) = rest.next() {
        let opens_template = rest.peek() == Some(&'{');
        match letter {
            '"' | '\\' => quoted.extend(['\\', letter]),
            '\n' => quoted.push_str(r"\n"),
            '\r' => quoted.push_str(r"\r"),
            '\t' => quoted.push_str(r"\t"),
            // A dollar sign begins a template: always in Kotlin, before a brace in Terraform.
            '$' if language == Language::Kotlin => quoted.push_str(r"\$"),
            '$' | '%' if language == Language::Terraform && opens_template => {
                quoted.extend([letter, letter]);
            }
            _ if plain(letter) => quoted.push(letter),
            _ => escape(&mut quoted, language, letter),
        }
    }
    quoted.push('"');
    quoted
}

/// Whether a letter stands for itself in every language.
fn plain(letter: char) -> bool {
    letter.is_alphanumeric() || matches!(letter, ' '..='~')
}

/// A letter by its number.
fn escape(quoted: &mut String, language: Language, letter: char) {
    let number = u32::from(letter);
    // Writing to a string cannot fail.
    let _written = match language {
        Language::Rust | Language::Swift => write!(quoted, r"\u{{{number:x}}}"),
        // Java reads `\u` before it reads strings: a line feed written so would end the line.
        Language::Java if number <= 0xff => write!(quoted, r"\{number:03o}"),
        Language::Python | Language::Go | Language::Terraform if number > 0xffff => {
            write!(quoted, r"\U{number:08x}")
        }
        _ => {
            let mut units = [0; 2];
            let mut units = letter.encode_utf16(&mut units).iter();
            units.try_for_each(|unit| write!(quoted, r"\u{unit:04x}"))
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_value_is_only_put_into_quotes() {
        for language in Language::ALL {
            let quoted = literal(language, "http://127.0.0.1:4600/müller_1.x-y");
            assert!(
                [
                    "\"http://127.0.0.1:4600/müller_1.x-y\"",
                    "'http://127.0.0.1:4600/müller_1.x-y'"
                ]
                .contains(&quoted.as_str()),
                "{quoted}"
            );
        }
    }

    #[test]
    fn a_quote_cannot_end_the_literal() {
        for language in Language::ALL {
            let quoted = literal(language, r#"a"; b'; \"#);
            let expected = match language {
                Language::Curl | Language::AwsCli => r#"'a"; b'\''; \'"#,
                _ => r#""a\"; b'; \\""#,
            };
            assert_eq!(quoted, expected);
        }
    }

    #[test]
    fn a_template_cannot_open() {
        assert_eq!(literal(Language::Kotlin, "$a ${b}"), r#""\$a \${b}""#);
        assert_eq!(
            literal(Language::Terraform, "$a ${b} %{c} %"),
            r#""$a $${b} %%{c} %""#
        );
        assert_eq!(literal(Language::Swift, r"\(a)"), r#""\\(a)""#);
        assert_eq!(literal(Language::Curl, "$(a) `b`"), "'$(a) `b`'");
    }

    #[test]
    fn what_cannot_be_seen_is_written_as_a_number() {
        let hidden = "\0\u{85}\u{2028}\u{202e}\u{e0001}\n";
        for (language, expected) in [
            (
                Language::TypeScriptV3,
                r#""\u0000\u0085\u2028\u202e\udb40\udc01\n""#,
            ),
            (
                Language::DotNet,
                r#""\u0000\u0085\u2028\u202e\udb40\udc01\n""#,
            ),
            (Language::Java, r#""\000\205\u2028\u202e\udb40\udc01\n""#),
            (
                Language::Rust,
                r#""\u{0}\u{85}\u{2028}\u{202e}\u{e0001}\n""#,
            ),
            (
                Language::Python,
                r#""\u0000\u0085\u2028\u202e\U000e0001\n""#,
            ),
        ] {
            assert_eq!(literal(language, hidden), expected);
        }
    }
}
