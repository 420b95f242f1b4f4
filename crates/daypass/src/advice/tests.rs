//! Advice against the list of reasons, and the page of the guide that is made of both.

use daypass_service::reasons;

use super::*;

fn refusal(code: &str, message: &str, reason: Option<&str>) -> Refusal {
    Refusal {
        code: code.to_owned(),
        message: message.to_owned(),
        reason: reason.map(str::to_owned),
        ..Refusal::default()
    }
}

#[test]
fn a_reason_without_advice_of_its_own_gets_that_of_its_family() {
    assert_eq!(for_reason("role.trust_denied"), for_family("role"));
    assert_eq!(for_reason("sig.scope"), for_family("sig"));
    assert_ne!(for_reason("sig.skew"), for_family("sig"));
    assert_eq!(for_reason("never.heard"), for_family(""));
}

#[test]
fn what_the_server_tells_is_believed_before_the_message() {
    let told = refusal("AccessDenied", "Token expired", Some("role.none"));
    assert_eq!(for_refusal(&told).0, "role.none");
}

#[test]
fn a_documented_message_tells_its_reason() {
    for (code, message, reason) in [
        (
            "InvalidIdentityPoolConfigurationException",
            "Invalid identity pool configuration. Check assigned IAM roles for this pool.",
            "role.trust",
        ),
        (
            "NotAuthorizedException",
            "Invalid login token. Token expired: 3 >= 2",
            "token.expired",
        ),
        ("AccessDenied", "Access Denied", "policy.implicit_deny"),
        (
            "NoSuchBucket",
            "The bucket does not exist",
            "bucket.missing",
        ),
        ("Teapot", "", "other"),
    ] {
        assert_eq!(for_refusal(&refusal(code, message, None)).0, reason);
    }
}

/// Reasons that the users page promises advice for, each its own.
const OWN: &[&str] = &[
    "token.own_token_in_getid",
    "token.expired",
    "token.wrong_pool",
    "token.wrong_identity",
    "token.bad_signature",
    "token.unknown_key",
    "logins.none",
    "logins.mismatch",
    "logins.provider_name_on_client",
    "logins.unknown_provider",
    "logins.issuer_mismatch",
    "developer.unknown_provider",
    "developer.caller_not_allowed",
    "identity.disabled",
    "identity.not_found",
    "role.none",
    "role.trust_action",
    "role.trust_aud",
    "role.trust_amr",
    "role.trust_tag",
    "role.missing",
    "role.ambiguous",
    "flow.classic_disabled",
    "policy.implicit_deny",
    "policy.explicit_deny",
    "policy.session_scope",
    "sig.skew",
    "sig.mismatch",
    "sig.unknown_key",
    "sig.expired_session",
    "limit.rate",
    "limit.links",
    "limit.rules",
];

#[test]
fn every_reason_has_advice_and_the_promised_ones_their_own() {
    for reason in reasons() {
        let advice = for_reason(reason.code);
        assert_ne!(advice, for_family("no such family"), "{}", reason.code);
    }
    for code in OWN {
        let family = code.split('.').next().unwrap();
        assert_ne!(for_reason(code), for_family(family), "{code}");
    }
}

/// The page: what it is about, and a row for each reason.
fn page() -> String {
    let mut page = String::from(HEAD);
    for reason in reasons() {
        let Advice { meaning, fix } = for_reason(reason.code);
        let answers = reason.answers.replace(' ', "`, `");
        let row = format!("| `{}` | {meaning} | {fix} | `{answers}` |\n", reason.code);
        page.push_str(&row);
    }
    page
}

const HEAD: &str = "\
# Reasons

Clients are told as much as AWS tells them, which is little. Whoever looks after the server is told the
rest: the log line and the audit line of each refusal carry a `reason`, the console counts and explains
them, and a server that runs with `--dev` sends it in the header `x-daypass-reason`, on every face, which
pages of any origin may read there. Without `--dev`, which only a server on this machine's own address
takes, the header is never sent.

Reasons are stable: a release adds some and changes the meaning of none. This page is made from the
list of the server and checked by a test.

| reason | what happened | what to do | what clients read |
| --- | --- | --- | --- |
";

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "a test asks whether to write the page anew"
)]
fn the_page_of_the_guide_says_the_same() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/guide/reasons.md");
    if std::env::vars().any(|(name, value)| name == "DAYPASS_BLESS" && value == "1") {
        std::fs::write(path, page()).unwrap();
    }
    let kept = std::fs::read_to_string(path).unwrap();
    assert!(
        kept == page(),
        "run `DAYPASS_BLESS=1 cargo test -p daypass advice` and review the difference"
    );
}
