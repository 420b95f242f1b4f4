//! The grammar of provider names.

use super::*;

#[test]
fn provider_names_are_short_and_plain() {
    for name in [
        "accounts.google.com",
        "cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEfGhI",
        "arn:aws:iam::111122223333:saml-provider/corporate",
        &"x".repeat(128),
    ] {
        assert_eq!(name.parse::<ProviderName>().unwrap().to_string(), name);
    }
    for name in ["", "a b", "a\tb", "a\0b", "a\u{2003}b", &"x".repeat(129)] {
        assert_eq!(
            name.parse::<ProviderName>(),
            Err(ProviderNameError),
            "{name:?}"
        );
    }
}
