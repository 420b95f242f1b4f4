//! The three parts of a credential: access key id, secret access key, session token.
//!
//! They are three types so that they cannot be swapped, and the two secret ones never show
//! themselves: `Debug` prints stars, equality takes the same time wherever the texts differ, and
//! the memory is wiped when the value goes.
//!
//! **Source**: STS API reference, *Credentials*; IAM user guide, *IAM identifiers*; requirement S37
//! and the session token limit of the reliability and security page.

use std::fmt;
use std::str::FromStr;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use zeroize::Zeroizing;

/// Fewest characters of an access key id.
pub const ACCESS_KEY_ID_CHARS_MIN: usize = 16;
/// Most characters of an access key id.
pub const ACCESS_KEY_ID_CHARS_MAX: usize = 128;
/// Most bytes of a secret access key; issued ones have 40.
pub const SECRET_ACCESS_KEY_BYTES_MAX: usize = 128;
/// Most bytes of a session token; a longer one is nobody's.
pub const SESSION_TOKEN_BYTES_MAX: usize = 4096;

/// Why a text is not a part of a credential.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum SecretError {
    /// Not 16 to 128 word characters.
    #[error("access key id is not 16 to 128 letters, digits or underscores")]
    AccessKeyId,
    /// Empty, too long, or with characters no header or terminal can carry.
    #[error("secret access key is not 1 to 128 visible ASCII characters")]
    SecretAccessKey,
    /// Empty, too long, or not safe in a header.
    #[error("session token is not 1 to 4096 visible ASCII characters")]
    SessionToken,
}

/// The public name of a key pair.
///
/// **Shape**: `AKIA` (long-term) or `ASIA` (temporary) and 16 of `A-Z2-7`; any 16 to 128 of `\w`
/// parse.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct AccessKeyId(String);

impl AccessKeyId {
    /// The text of the id.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the id belongs to temporary credentials, which need a session token beside them.
    pub fn is_temporary(&self) -> bool {
        self.0.starts_with("ASIA")
    }

    /// Whether the id has the prefix of long-term credentials, which never have a session token.
    pub fn is_long_term(&self) -> bool {
        self.0.starts_with("AKIA")
    }

    /// An id as a request claims it: shorter ones are kept too, so that the answer is "unknown
    /// key", not "malformed request". No issued id is that short, so a lookup finds nothing.
    pub(crate) fn claimed(text: &str) -> Option<Self> {
        let word = text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        (word && !text.is_empty() && text.len() <= ACCESS_KEY_ID_CHARS_MAX)
            .then(|| Self(text.to_owned()))
    }
}

impl FromStr for AccessKeyId {
    type Err = SecretError;

    fn from_str(text: &str) -> Result<Self, SecretError> {
        if text.len() < ACCESS_KEY_ID_CHARS_MIN {
            return Err(SecretError::AccessKeyId);
        }
        Self::claimed(text).ok_or(SecretError::AccessKeyId)
    }
}

impl fmt::Display for AccessKeyId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// The secret half of a key pair.
///
/// **Shape**: issued ones are 40 characters of the base64 alphabet; 1 to 128 visible ASCII parse.
#[derive(Clone)]
pub struct SecretAccessKey(Zeroizing<String>);

impl SecretAccessKey {
    /// The secret itself, for deriving a signing key or answering the one call that shows it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl FromStr for SecretAccessKey {
    type Err = SecretError;

    fn from_str(text: &str) -> Result<Self, SecretError> {
        if !visible(text, SECRET_ACCESS_KEY_BYTES_MAX) {
            return Err(SecretError::SecretAccessKey);
        }
        Ok(Self(Zeroizing::new(text.to_owned())))
    }
}

impl PartialEq for SecretAccessKey {
    fn eq(&self, other: &Self) -> bool {
        verify_slices_are_equal(self.0.as_bytes(), other.0.as_bytes()).is_ok()
    }
}

impl Eq for SecretAccessKey {}

impl fmt::Debug for SecretAccessKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SecretAccessKey(***)")
    }
}

/// The opaque token that goes with temporary credentials.
///
/// **Shape**: 1 to 4096 visible ASCII characters.
#[derive(Clone)]
pub struct SessionToken(Zeroizing<String>);

impl SessionToken {
    /// The token itself, for unsealing it or handing it to its owner.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl FromStr for SessionToken {
    type Err = SecretError;

    fn from_str(text: &str) -> Result<Self, SecretError> {
        if !visible(text, SESSION_TOKEN_BYTES_MAX) {
            return Err(SecretError::SessionToken);
        }
        Ok(Self(Zeroizing::new(text.to_owned())))
    }
}

impl PartialEq for SessionToken {
    fn eq(&self, other: &Self) -> bool {
        verify_slices_are_equal(self.0.as_bytes(), other.0.as_bytes()).is_ok()
    }
}

impl Eq for SessionToken {}

impl fmt::Debug for SessionToken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SessionToken(***)")
    }
}

fn visible(text: &str, bytes_max: usize) -> bool {
    !text.is_empty() && text.len() <= bytes_max && text.bytes().all(|byte| byte.is_ascii_graphic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_access_key_id_has_16_to_128_word_characters() {
        for (text, good) in [
            ("A".repeat(15), false),
            ("A".repeat(16), true),
            ("a_9".repeat(42), true),
            ("A".repeat(128), true),
            ("A".repeat(129), false),
            (format!("{}-", "A".repeat(20)), false),
            (format!("{}/", "A".repeat(20)), false),
            ("é".repeat(16), false),
        ] {
            assert_eq!(text.parse::<AccessKeyId>().is_ok(), good, "{text}");
        }
    }

    #[test]
    fn the_prefix_tells_temporary_from_long_term() {
        let temporary: AccessKeyId = "ASIAIOSFODNN7EXAMPLE".parse().unwrap();
        let long_term: AccessKeyId = "AKIAIOSFODNN7EXAMPLE".parse().unwrap();
        assert!(temporary.is_temporary() && !temporary.is_long_term());
        assert!(long_term.is_long_term() && !long_term.is_temporary());
    }

    #[test]
    fn s37_secrets_do_not_show_themselves() {
        let secret: SecretAccessKey = "wJalrXUtnFEMI/K7MDENG".parse().unwrap();
        let token: SessionToken = "IQoJb3JpZ2luX2Vj".parse().unwrap();
        let shown = format!("{secret:?} {token:?}");
        assert!(
            !shown.contains("wJalr") && !shown.contains("IQoJ"),
            "{shown}"
        );
        assert_eq!(secret.expose(), "wJalrXUtnFEMI/K7MDENG");
        assert_eq!(token.expose(), "IQoJb3JpZ2luX2Vj");
    }

    #[test]
    fn s37_secrets_compare_by_their_whole_text() {
        let secret = |text: &str| text.parse::<SecretAccessKey>().unwrap();
        assert_eq!(secret("abcdef"), secret("abcdef"));
        assert_ne!(secret("abcdef"), secret("abcdeg"));
        assert_ne!(secret("abcdef"), secret("abcde"));
        let token = |text: &str| text.parse::<SessionToken>().unwrap();
        assert_eq!(token("abcdef"), token("abcdef"));
        assert_ne!(token("abcdef"), token("bbcdef"));
    }

    #[test]
    fn secrets_have_limits_on_both_sides() {
        assert!("".parse::<SecretAccessKey>().is_err());
        assert!("x".repeat(128).parse::<SecretAccessKey>().is_ok());
        assert!("x".repeat(129).parse::<SecretAccessKey>().is_err());
        assert!("with space".parse::<SecretAccessKey>().is_err());
        assert!("".parse::<SessionToken>().is_err());
        assert!("x".repeat(4096).parse::<SessionToken>().is_ok());
        assert!("x".repeat(4097).parse::<SessionToken>().is_err());
        assert!("line\nbreak".parse::<SessionToken>().is_err());
    }
}
