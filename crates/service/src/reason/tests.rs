//! The list against the sources, and against what the users page promises.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use super::*;

/// The list by code.
fn listed() -> BTreeMap<&'static str, Reason> {
    reasons().map(|reason| (reason.code, reason)).collect()
}

/// Every reason code that stands in the sources as a text, with one file that has it.
fn used() -> BTreeMap<String, PathBuf> {
    let families: BTreeSet<&str> = reasons()
        .filter_map(|reason| reason.code.split_once('.'))
        .map(|(family, _)| family)
        .collect();
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut used = BTreeMap::new();
    for folder in [here.join("src"), here.join("../proof/src")] {
        for file in sources(&folder) {
            let text = fs::read_to_string(&file).unwrap();
            let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
            for family in &families {
                for (at, found) in code.match_indices(&format!("\"{family}.")) {
                    let rest = &code[at + found.len()..];
                    let cause = rest.split('"').next().unwrap();
                    let named =
                        |byte: u8| byte.is_ascii_lowercase() || b"_0123456789".contains(&byte);
                    if !cause.is_empty() && cause.bytes().all(named) {
                        used.insert(format!("{family}.{cause}"), file.clone());
                    }
                }
            }
        }
    }
    used.insert("internal".to_owned(), here.to_owned());
    used
}

/// The sources of a folder, without tests and without this room.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if path.is_dir() && !["tests", "reason"].contains(&name) {
            files.extend(sources(&path));
        } else if path.extension().is_some_and(|kind| kind == "rs") && name != "tests.rs" {
            files.push(path);
        }
    }
    files
}

#[test]
fn every_line_of_the_list_reads_and_stands_in_order() {
    let lines = LIST.lines().filter(|line| !line.starts_with('#'));
    assert_eq!(lines.count(), reasons().count());
    let codes: Vec<&str> = reasons().map(|reason| reason.code).collect();
    let mut sorted = codes.clone();
    sorted.sort_unstable();
    sorted.dedup();
    assert_eq!(codes, sorted);
    for reason in reasons() {
        assert!(!reason.answers.is_empty(), "{}", reason.code);
    }
}

#[test]
fn the_list_and_the_sources_name_the_same_reasons() {
    let (listed, used) = (listed(), used());
    for (code, file) in &used {
        let file = file.display();
        assert!(
            listed.contains_key(code.as_str()),
            "`{code}` of {file} is not in reasons.txt"
        );
    }
    for code in listed.keys() {
        assert!(used.contains_key(*code), "no source has `{code}` any more");
    }
}

/// Codes of the users page with the type and the message it promises.
const PROMISED: &[(&str, &str, &str)] = &[
    (
        "token.own_token_in_getid",
        "NotAuthorizedException",
        "Can't pass in a Cognito token.",
    ),
    (
        "token.expired",
        "NotAuthorizedException",
        "Token expired: <now> >= <exp>",
    ),
    ("token.wrong_pool", "NotAuthorizedException", ""),
    ("token.wrong_identity", "NotAuthorizedException", ""),
    ("token.bad_signature", "NotAuthorizedException", ""),
    ("token.unknown_key", "NotAuthorizedException", ""),
    (
        "logins.none",
        "NotAuthorizedException",
        "Unauthenticated access is not supported",
    ),
    (
        "logins.provider_name_on_client",
        "InvalidParameterException",
        "",
    ),
    (
        "logins.unknown_provider",
        "NotAuthorizedException",
        "Token is not from a supported provider",
    ),
    ("developer.unknown_provider", "NotAuthorizedException", ""),
    ("developer.caller_not_allowed", "AccessDeniedException", ""),
    (
        "identity.disabled",
        "NotAuthorizedException",
        "Access to Identity '<id>' is forbidden.",
    ),
    (
        "identity.not_found",
        "ResourceNotFoundException",
        "Identity '<id>' not found.",
    ),
    (
        "role.none",
        "InvalidIdentityPoolConfigurationException",
        "Check assigned IAM roles",
    ),
    (
        "role.trust_action",
        "InvalidIdentityPoolConfigurationException",
        "Check assigned IAM roles",
    ),
    (
        "role.trust_aud",
        "InvalidIdentityPoolConfigurationException",
        "Check assigned IAM roles",
    ),
    (
        "role.trust_amr",
        "InvalidIdentityPoolConfigurationException",
        "Check assigned IAM roles",
    ),
    (
        "role.trust_tag",
        "InvalidIdentityPoolConfigurationException",
        "Check assigned IAM roles",
    ),
    (
        "role.missing",
        "InvalidIdentityPoolConfigurationException",
        "Check assigned IAM roles",
    ),
    (
        "role.ambiguous",
        "NotAuthorizedException",
        "The ambiguous role mapping rules for",
    ),
    (
        "flow.classic_disabled",
        "InvalidParameterException",
        "Basic (classic) flow is not enabled",
    ),
    ("policy.implicit_deny", "AccessDeniedException", ""),
    ("policy.explicit_deny", "AccessDeniedException", ""),
    ("policy.session_scope", "AccessDeniedException", ""),
    ("sig.skew", "InvalidSignatureException", ""),
    ("sig.mismatch", "InvalidSignatureException", ""),
    ("sig.unknown_key", "UnrecognizedClientException", ""),
    ("sig.expired_session", "ExpiredTokenException", ""),
    ("limit.rate", "TooManyRequestsException", "Rate exceeded"),
    ("limit.links", "ResourceConflictException", ""),
    ("limit.rules", "LimitExceededException", ""),
];

#[test]
fn what_the_users_page_promises_is_there() {
    let listed = listed();
    for (code, answer, message) in PROMISED {
        let reason = listed.get(code).unwrap_or_else(|| panic!("`{code}`"));
        let mut answers = reason.answers.split(' ');
        assert!(answers.any(|one| one == *answer), "{reason:?}");
        assert!(reason.message.contains(message), "{reason:?}");
    }
}
