//! The canary: every vector is told with every log line written down, and no line may hold a secret,
//! a token or a login of its case.
//!
//! **Source**: requirement S75.

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
