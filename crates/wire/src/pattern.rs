//! The patterns of string members, as text for messages and as hand-written matchers.
//!
//! The text is what AWS prints; the matcher decides. Each matcher reads the value once, so no
//! value can make it slow, and each is anchored at both ends. `\w`, `\s` and `\d` are ASCII, as in
//! the published models; only `\p{…}` classes are Unicode.
//!
//! Names say the shape of the text, not what it is used for: one pattern serves several members.
//!
//! **Source**: Cognito identity reference page, section 2.0; STS reference page, sections 2.2 and
//! 4.5 (legend).

/// A pattern a whole value must match.
#[derive(Clone, Copy, Debug)]
pub struct Pattern {
    /// The pattern as messages print it.
    pub text: &'static str,
    /// Whether a value matches, in time linear in its length.
    pub matches: fn(&str) -> bool,
}

const fn pattern(text: &'static str, matches: fn(&str) -> bool) -> Pattern {
    Pattern { text, matches }
}

// ---- Shapes of the Cognito identity model ----

/// `IdentityPoolId`, `IdentityId`: a Region-like word, a colon, lower-case hexadecimal and dashes.
pub const WORD_COLON_HEX: Pattern = pattern(r"[\w-]+:[0-9a-f-]+", |value| {
    value.split_once(':').is_some_and(|(word, hex)| {
        some(word, |c| is_word(c) || c == '-')
            && some(hex, |c| matches!(c, '0'..='9' | 'a'..='f' | '-'))
    })
});
/// `IdentityPoolName`: words, white space and a little punctuation.
pub const LABEL: Pattern = pattern(r"[\w\s+=,.@-]+", |value| {
    some(value, |c| is_word(c) || is_space(c) || "+=,.@-".contains(c))
});
/// `DeveloperProviderName`, and the name of a SAML provider: words, dots and dashes.
pub const WORD_DOT_DASH: Pattern = pattern(r"[\w._-]+", |value| {
    some(value, |c| is_word(c) || matches!(c, '.' | '-'))
});
/// `IdentityProviderId`: words, dots, semicolons, slashes and dashes.
pub const WORD_SEMICOLON_SLASH: Pattern = pattern(r"[\w.;_/-]+", |value| {
    some(value, |c| is_word(c) || matches!(c, '.' | ';' | '/' | '-'))
});
/// `RoleType`: one word, with or without its prefix.
pub const AUTHENTICATED_OR_NOT: Pattern = pattern("(un)?authenticated", |value| {
    value.strip_prefix("un").unwrap_or(value) == "authenticated"
});
/// `CognitoIdentityProviderName`: words, dots, colons, slashes and dashes.
pub const WORD_COLON_SLASH: Pattern = pattern(r"[\w._:/-]+", |value| {
    some(value, |c| is_word(c) || matches!(c, '.' | ':' | '/' | '-'))
});
/// `CognitoIdentityProviderClientId`: word characters.
pub const WORD_UNDERSCORE: Pattern = pattern(r"[\w_]+", |value| some(value, is_word));
/// `AccountId`: decimal digits.
pub const DIGITS: Pattern = pattern(r"\d+", |value| some(value, |c| c.is_ascii_digit()));
/// `PaginationKey`: no ASCII white space.
pub const NOT_SPACE: Pattern = pattern(r"[\S]+", |value| some(value, |c| !is_space(c)));
/// `ClaimName`: letters, marks, symbols, numbers and punctuation of any script.
pub const VISIBLE: Pattern = pattern(r"[\p{L}\p{M}\p{S}\p{N}\p{P}]+", |value| {
    some(value, is_visible)
});
/// Text without control characters, for identifiers whose model has no pattern. How long it must be
/// is said by its length, so that an empty text breaks one rule as it does in the model.
///
/// **Source**: requirement S08.
pub const NO_CONTROL: Pattern = pattern(r"[^\u0000-\u001F\u007F-\u009F]*", |value| {
    all(value, |c| !c.is_control())
});

// ---- Shapes of the STS model ----

/// Role session name, source identity, federated user name.
pub const NAME_OR_EMPTY: Pattern = pattern(r"[\w+=,.@-]*", |value| all(value, is_name));
/// External id.
pub const EXTERNAL_ID: Pattern = pattern(r"[\w+=,.@:\/-]*", |value| {
    all(value, |c| is_name(c) || matches!(c, ':' | '/'))
});
/// Serial number of a device.
pub const SERIAL_NUMBER: Pattern = pattern(r"[\w+=/:,.@-]*", |value| {
    all(value, |c| is_name(c) || matches!(c, ':' | '/'))
});
/// Code shown by a device.
pub const DIGITS_OR_EMPTY: Pattern = pattern(r"[\d]*", |value| all(value, |c| c.is_ascii_digit()));
/// Access key id, as STS writes it.
pub const WORD_OR_EMPTY: Pattern = pattern(r"[\w]*", |value| all(value, is_word));
/// Characters of an ARN: what XML can carry.
pub const ARN: Pattern = pattern(
    r"[\u0009\u000A\u000D\u0020-\u007E\u0085\u00A0-\uD7FF\uE000-\uFFFD\u10000-\u10FFFF]+",
    |value| some(value, is_arn),
);

// ---- The legend of the IAM model ----

/// NAME: names of users, roles and policies.
pub const NAME: Pattern = pattern(r"[\w+=,.@-]+", |value| some(value, is_name));
/// PATH: `/`, or visible ASCII between slashes.
pub const PATH: Pattern = pattern(r"(\u002F)|(\u002F[\u0021-\u007E]+\u002F)", |value| {
    value == "/"
        || value
            .strip_prefix('/')
            .and_then(|rest| rest.strip_suffix('/'))
            .is_some_and(|inner| some(inner, |c| matches!(c, '!'..='~')))
});
/// PPATH: paths of policies, segments of a narrower alphabet.
pub const POLICY_PATH: Pattern = pattern(r"((/[A-Za-z0-9\.,\+@=_-]+)*)/", |value| {
    value.strip_suffix('/').is_some_and(|segments| {
        let mut segments = segments.split('/');
        segments.next() == Some("")
            && segments.all(|segment| {
                some(segment, |c| {
                    c.is_ascii_alphanumeric() || ".,+@=_-".contains(c)
                })
            })
    })
});
/// PREFIX: a slash and then ASCII without controls other than DEL.
pub const PREFIX: Pattern = pattern(r"\u002F[\u0021-\u007F]*", |value| {
    value
        .strip_prefix('/')
        .is_some_and(|rest| all(rest, |c| matches!(c, '!'..='\u{7f}')))
});
/// LATIN1: policy documents.
pub const LATIN1: Pattern = pattern(r"[\u0009\u000A\u000D\u0020-\u00FF]+", |value| {
    some(value, |c| is_line(c) || matches!(c, ' '..='\u{ff}'))
});
/// MARKER: page tokens.
pub const MARKER: Pattern = pattern(r"[\u0020-\u00FF]+", |value| {
    some(value, |c| matches!(c, ' '..='\u{ff}'))
});
/// TAGK: tag keys.
pub const TAG_KEY: Pattern = pattern(r"[\p{L}\p{Z}\p{N}_.:/=+\-@]+", |value| some(value, is_tag));
/// TAGV: tag values.
pub const TAG_VALUE: Pattern = pattern(r"[\p{L}\p{Z}\p{N}_.:/=+\-@]*", |value| all(value, is_tag));
/// Ids of private keys: capital letters and digits.
pub const UPPER_ALPHANUMERIC: Pattern = pattern("[A-Z0-9]+", |value| {
    some(value, |c| c.is_ascii_uppercase() || c.is_ascii_digit())
});
/// VERID: policy version ids.
pub const VERSION_ID: Pattern = pattern(r"v[1-9][0-9]*(\.[A-Za-z0-9-]*)?", |value| {
    let Some(rest) = value.strip_prefix('v') else {
        return false;
    };
    let (number, suffix) = rest.split_once('.').unwrap_or((rest, ""));
    number.starts_with(|c: char| matches!(c, '1'..='9'))
        && all(number, |c| c.is_ascii_digit())
        && all(suffix, |c| c.is_ascii_alphanumeric() || c == '-')
});
/// DESC: descriptions.
pub const DESCRIPTION: Pattern = pattern(
    r"[\u0009\u000A\u000D\u0020-\u007E\u00A1-\u00FF]*",
    |value| {
        all(value, |c| {
            is_line(c) || matches!(c, ' '..='~' | '\u{a1}'..='\u{ff}')
        })
    },
);
/// Unique ids and access key ids: word characters.
pub const WORD: Pattern = pattern(r"\w+", |value| some(value, is_word));
/// Ids of private keys: upper-case letters and digits.
pub const UPPER_DIGITS: Pattern = pattern("[A-Z0-9]+", |value| {
    some(value, |c| c.is_ascii_uppercase() || c.is_ascii_digit())
});

// ---- Character classes ----

fn some(value: &str, class: impl Fn(char) -> bool) -> bool {
    !value.is_empty() && all(value, class)
}

fn all(value: &str, class: impl Fn(char) -> bool) -> bool {
    value.chars().all(class)
}

/// `\w`
fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// `\s`: Rust's ASCII white space leaves out the vertical tab.
fn is_space(c: char) -> bool {
    c.is_ascii_whitespace() || c == '\u{b}'
}

fn is_name(c: char) -> bool {
    is_word(c) || "+=,.@-".contains(c)
}

fn is_line(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r')
}

fn is_arn(c: char) -> bool {
    is_line(c)
        || matches!(c, ' '..='~' | '\u{85}' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}')
        || c >= '\u{10000}'
}

/// `\p{L}\p{Z}\p{N}` and the punctuation of tags.
///
/// The standard library knows the property Alphabetic rather than the category Letter: it also
/// takes vowel signs and circled letters, which AWS would refuse.
fn is_tag(c: char) -> bool {
    c.is_alphabetic() || is_separator(c) || c.is_numeric() || "_.:/=+-@".contains(c)
}

/// `\p{Z}`: white space that is not a control character.
fn is_separator(c: char) -> bool {
    c.is_whitespace() && !c.is_control()
}

/// `\p{L}\p{M}\p{S}\p{N}\p{P}`: what is neither a separator nor in category Other.
///
/// Code points no Unicode version has assigned yet are taken for visible.
fn is_visible(c: char) -> bool {
    !(c.is_control() || is_separator(c) || is_format(c) || is_private_or_noncharacter(c))
}

/// `\p{Cf}`: invisible characters that steer layout, among them the bidirectional controls.
fn is_format(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{600}'..='\u{605}'
            | '\u{61c}'
            | '\u{6dd}'
            | '\u{70f}'
            | '\u{890}'..='\u{891}'
            | '\u{8e2}'
            | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2064}'
            | '\u{2066}'..='\u{206f}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{110bd}'
            | '\u{110cd}'
            | '\u{13430}'..='\u{1343f}'
            | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0001}'
            | '\u{e0020}'..='\u{e007f}'
    )
}

/// `\p{Co}`, and the code points that never are characters.
fn is_private_or_noncharacter(c: char) -> bool {
    let low = u32::from(c) & 0xffff;
    matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'.. | '\u{fdd0}'..='\u{fdef}')
        || low == 0xfffe
        || low == 0xffff
}

#[cfg(test)]
mod tests;
