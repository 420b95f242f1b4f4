//! The canary: every vector is told with every log line written down, and no line may hold a secret,
//! a token or a login of its case.
//!
//! What a put is warned of is in the log of that put, and of no other.
//!
//! **Source**: requirements S60 and S75.

use crate::telling::told;

/// A piece of a secret long enough not to come by chance, and short enough to catch a cut one.
const PIECE: usize = 24;

#[test]
fn s75_no_log_line_holds_a_secret_a_token_or_a_login() {
    let (mut lines, mut secrets) = (0, 0);
    for case in told() {
        // A case that is not answered as it says fails the test that says so.
        let Ok(outcome) = &case.outcome else {
            continue;
        };
        lines += case.log.lines().count();
        secrets += outcome.secrets.len();
        for secret in &outcome.secrets {
            let found = case.log.contains(secret.as_str())
                || secret.get(..PIECE).is_some_and(|piece| {
                    // All our tokens begin alike; what follows tells them apart.
                    !secret.starts_with("eyJ") && case.log.contains(piece)
                });
            assert!(!found, "{}: a secret is in\n{}", case.place, case.log);
        }
    }
    assert!(
        lines > 0 && secrets > 0,
        "{lines} lines were logged and {secrets} secrets looked for"
    );
}

#[test]
fn s60_a_trust_policy_without_amr_is_warned_of_when_it_is_put() {
    let wanted = crate::setting("DAYPASS_VECTOR").unwrap_or_default();
    let warned = |log: &str| log.contains("guests_get_in");
    let case = |name: &str| {
        let mut cases = told().iter();
        cases
            .find(|case| case.place.contains("UpdateAssumeRolePolicy") && case.place.contains(name))
    };
    match (case("without amr may be put"), case("the trust policy")) {
        (Some(without), Some(other)) => {
            assert!(warned(&without.log), "{}", without.log);
            assert!(!warned(&other.log), "{}", other.log);
        }
        _ => assert!(!wanted.is_empty(), "the vectors have no such case"),
    }
}
